//! Takes a submission apart, so that it may be carried: each text gets a number, and
//! of a value it is noted whether it is what stands in its cell.

use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::FxHashMap;

use super::carried::{Carried, CellOf, FormOf, FoundOf, RowOf, TakenAs, ValueOf, Words};
use super::submission::{Entry, Submission};
use crate::form::{FieldIds, Marks, ReadRow};
use crate::sheet::Found;
use crate::value::Value;

/// Whether a value is what stands in its cell, to the last sign.
fn is_as_found(found: &Found, value: &Value) -> bool {
    match (found, value) {
        (Found::Text(found), Value::Text(text)) => found == text,
        // Equal numbers may be written with more and fewer decimals.
        (Found::Number(found), Value::Number(number)) => found.serialize() == number.serialize(),
        (Found::Date(found, _), Value::Date(date)) => found == date,
        _ => false,
    }
}

/// Takes a submission apart.
#[derive(Default)]
pub(super) struct Packing {
    numbers: FxHashMap<EcoString, Words>,
    texts: Vec<EcoString>,
    forms: Vec<FormOf>,
    rows: Vec<RowOf>,
    cells: Vec<CellOf>,
    values: Vec<ValueOf>,
    marks: Vec<(u32, Marks)>,
}

impl Packing {
    /// What is carried of a submission.
    pub fn of(submission: &Submission) -> Carried {
        let mut packing = Packing::default();
        let mut last: Option<(&Entry, &FieldIds)> = None;
        for entry in submission.entries.iter().chain(&submission.untouched) {
            let ids = entry.row.ids();
            let same = last.is_some_and(|(before, known)| {
                before.form == entry.form && before.sheet == entry.sheet && known == ids
            });
            if !same {
                packing.form(entry, ids);
            }
            last = Some((entry, ids));
            packing.row(&entry.row);
        }
        let mut entries = submission.entries.iter();
        let is_cover = |entry: &Entry| Arc::ptr_eq(&entry.row.values, &submission.cover);
        Carried {
            cover: entries.position(is_cover).map(number),
            entries: number(submission.entries.len()),
            unit: submission.unit.clone(),
            revision: submission.revision,
            saved_at: submission.saved_at,
            clock: submission.clock.clone(),
            placed: submission.placed.clone(),
            leftovers: submission.leftovers.clone(),
            attached: submission.attached.clone(),
            marks: packing.marks,
            texts: packing.texts,
            forms: packing.forms,
            rows: packing.rows,
            cells: packing.cells,
            values: packing.values,
        }
    }

    fn form(&mut self, entry: &Entry, ids: &FieldIds) {
        let form = FormOf {
            form: self.text(&entry.form),
            sheet: self.text(&entry.sheet),
            ids: ids.iter().map(|id| self.text(id)).collect(),
        };
        self.forms.push(form);
    }

    fn row(&mut self, row: &ReadRow) {
        let (cells, values) = (&row.raw.cells, &row.values);
        let of = RowOf {
            form: number(self.forms.len() - 1),
            row: row.raw.row,
            cells: few(cells.len()),
            values: few(values.len()),
            rejected: row.rejected.as_ref().map(|why| self.text(why)),
        };
        self.rows.push(of);
        for raw in cells.values() {
            if let Some(marks) = raw.marks() {
                self.marks.push((number(self.cells.len()), marks.clone()));
            }
            let found = match raw.found() {
                Found::Text(text) => FoundOf::Text(self.text(&text)),
                Found::Number(number) => FoundOf::Number(number),
                Found::Date(date, time) => FoundOf::Date(date, time),
                Found::Bool(yes) => FoundOf::Bool(yes),
                Found::Error(text) => FoundOf::Error(self.text(&text)),
            };
            self.cells.push(CellOf {
                field: raw.field(),
                cell: raw.cell(),
                found,
            });
        }
        for (field, value) in values.numbered() {
            let cell = cells.numbered(field);
            let value = match value {
                value if cell.is_some_and(|raw| is_as_found(&raw.found(), value)) => TakenAs::Found,
                Value::Text(text) => TakenAs::Text(self.text(text)),
                Value::Number(number) => TakenAs::Number(*number),
                Value::Date(date) => TakenAs::Date(*date),
            };
            self.values.push(ValueOf { field, value });
        }
    }

    fn text(&mut self, text: &EcoString) -> Words {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let next = number(self.texts.len());
        self.numbers.insert(text.clone(), next);
        self.texts.push(text.clone());
        next
    }
}

/// No file holds more than numbers of this size count.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// No entry has more fields than a sheet has columns.
fn few(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
