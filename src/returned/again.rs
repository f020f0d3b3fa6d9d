//! What a unit typed, laid out once more on the current forms: which row each
//! entry gets, and where each of its old cells stands now.

use std::collections::BTreeMap;

use crate::form::{Layout, RawRow, shown};
use crate::intake::{Entry, Leftover, Submission};
use crate::policy::{Field, Form, Kind, Policy, Shape};
use crate::roster::{Roster, Unit};
use crate::sheet::{Cell, Found, Sheet};
use crate::template::{Row, forms_for, prefilled};
use crate::value::{Value, squeeze};

/// A cell of a workbook.
pub(super) type At = (String, Cell);

/// A return, laid out once more.
pub(super) struct Again<'a> {
    submission: &'a Submission,
    forms: Vec<Laid<'a>>,
}

/// A form with its rows.
struct Laid<'a> {
    form: &'a Form,
    /// Rows as they were typed, in their order.
    typed: Vec<&'a RawRow>,
    /// What the office prefills.
    prefilled: Vec<Row>,
    /// Rows that the office prefills and that are not among those typed.
    added: Vec<Row>,
}

impl<'a> Again<'a> {
    /// Lays a return out on the current forms of its unit.
    pub fn new(
        submission: &'a Submission,
        policy: &'a Policy,
        roster: &Roster,
        unit: &'a Unit,
    ) -> Again<'a> {
        let forms = forms_for(policy, roster, unit)
            .into_iter()
            .map(|form| {
                let mut typed: Vec<&RawRow> = entries(submission, form)
                    .map(|entry| &entry.row.raw)
                    .collect();
                typed.sort_by_key(|raw| raw.row);
                let prefilled = prefilled(form, policy, roster, unit);
                let is_there = |row: &Row| {
                    let same = |raw: &&RawRow| {
                        row.iter().any(|(id, value)| {
                            raw.cells.get(id).is_some_and(|cell| {
                                squeeze(&shown(&cell.found)) == squeeze(&value.to_string())
                            })
                        })
                    };
                    typed.iter().any(same)
                };
                let added = match form.shape {
                    Shape::Card => Vec::new(),
                    Shape::Table => prefilled
                        .iter()
                        .filter(|row| !is_there(row))
                        .cloned()
                        .collect(),
                };
                Laid {
                    form,
                    typed,
                    prefilled,
                    added,
                }
            })
            .collect();
        Again { submission, forms }
    }

    fn laid(&self, form: &str) -> Option<&Laid<'a>> {
        self.forms.iter().find(|laid| laid.form.id == form)
    }

    /// The rows of a form: as typed, then what the office prefills besides.
    pub fn rows(&self, form: &Form) -> Vec<Row> {
        let Some(laid) = self.laid(&form.id) else {
            return Vec::new();
        };
        // The header is the office's again: what the changed one said goes to the
        // number, so that 5 under 万元 never becomes 5 元.
        let placed = self.submission.placed.get(&form.id);
        let measured = |id: &String, found: &Found| {
            let measure = placed.and_then(|placed| placed.unusable.get(id));
            match (measure, value(found)) {
                (Some(measure), typed) => Value::Text(format!("{typed}{measure}")),
                (None, typed) => typed,
            }
        };
        let as_typed = |raw: &&RawRow| -> Row {
            raw.cells
                .iter()
                .map(|(id, cell)| (id.clone(), measured(id, &cell.found)))
                .collect()
        };
        match form.shape {
            Shape::Table => laid
                .typed
                .iter()
                .map(as_typed)
                .chain(laid.added.iter().cloned())
                .collect(),
            Shape::Card => {
                let mut row = laid.prefilled.first().cloned().unwrap_or_default();
                row.extend(laid.typed.iter().flat_map(as_typed));
                vec![row]
            }
        }
    }

    /// Where a cell of the file stands in the new workbook, with its field; also
    /// the empty cell of a field in the row of an entry.
    pub fn moved(&self, sheet: &str, cell: Cell) -> Option<(At, &'a Form, &'a Field)> {
        let (form, placed) = self
            .submission
            .placed
            .iter()
            .find(|(_, placed)| placed.sheet == sheet)?;
        let laid = self.laid(form)?;
        let layout = Layout::new(laid.form, 1);
        let found = |entry: usize, field: &'a Field| {
            let at = layout.cell(field, entry as u32);
            ((laid.form.sheet.clone(), at), laid.form, field)
        };
        for (entry, raw) in laid.typed.iter().enumerate() {
            let own = raw.cells.iter().find(|(_, typed)| typed.cell == cell);
            if let Some(field) = own.and_then(|(id, _)| laid.form.fields.get(id)) {
                return Some(found(entry, field));
            }
        }
        for (id, header) in &placed.headers {
            let Some(field) = laid.form.fields.get(id) else {
                continue;
            };
            let entry = match laid.form.shape {
                Shape::Table if header.column == cell.column => {
                    laid.typed.iter().position(|raw| raw.row == cell.row)
                }
                Shape::Card if header.row == cell.row && cell.column > header.column => Some(0),
                _ => None,
            };
            if let Some(entry) = entry {
                return Some(found(entry, field));
            }
            if *header == cell {
                let at = (laid.form.sheet.clone(), layout.header(field));
                return Some((at, laid.form, field));
            }
        }
        None
    }

    /// All filled cells of the column in which a header stands that says another
    /// unit of measure.
    pub fn column(&self, sheet: &str, header: Cell) -> Vec<At> {
        let mut placed = self.submission.placed.iter();
        let Some((form, placed)) = placed.find(|(_, placed)| placed.sheet == sheet) else {
            return Vec::new();
        };
        let mut headers = placed.headers.iter();
        let id = headers.find(|(_, cell)| **cell == header).map(|(id, _)| id);
        let (Some(laid), Some(id)) = (self.laid(form), id) else {
            return Vec::new();
        };
        let Some(field) = laid.form.fields.get(id) else {
            return Vec::new();
        };
        let layout = Layout::new(laid.form, 1);
        let typed = laid.typed.iter().enumerate();
        typed
            .filter(|(_, raw)| raw.cells.contains_key(id))
            .map(|(entry, _)| (laid.form.sheet.clone(), layout.cell(field, entry as u32)))
            .collect()
    }

    /// The cell in which a prefilled row is to be answered: its first required
    /// yes or no.
    pub fn answer(&self, at: &At, form: &Form) -> At {
        let mut fields = form.fields.values();
        let asked = fields.find(|f| f.required && f.kind == Kind::YesNo);
        match asked {
            Some(field) => {
                let column = Layout::new(form, 1).header(field).column;
                (at.0.clone(), Cell::new(at.1.row, column))
            }
            None => at.clone(),
        }
    }

    /// The new sheet of a sheet of the file.
    pub fn sheet(&self, sheet: &str) -> Option<&str> {
        let mut placed = self.submission.placed.iter();
        let by_place = placed.find(|(_, placed)| placed.sheet == sheet);
        let form = by_place.map(|(form, _)| form.as_str());
        let mut forms = self.forms.iter();
        let laid =
            forms.find(|laid| Some(laid.form.id.as_str()) == form || laid.form.sheet == sheet)?;
        Some(&laid.form.sheet)
    }

    /// Opens the prefilled cells that the unit changed, so that they can be
    /// mended.
    pub fn unlock(&self, sheet: &mut Sheet) {
        let Some(laid) = self.forms.iter().find(|laid| laid.form.sheet == sheet.name) else {
            return;
        };
        let layout = Layout::new(laid.form, 1);
        for field in laid.form.fields.values().filter(|field| field.prefilled) {
            for (entry, raw) in laid.typed.iter().enumerate() {
                let Some(typed) = raw.cells.get(&field.id) else {
                    continue;
                };
                let typed = squeeze(&shown(&typed.found));
                let own = |row: &Row| {
                    let value = row.get(&field.id);
                    value.is_some_and(|value| squeeze(&value.to_string()) == typed)
                };
                if laid.prefilled.iter().any(own) {
                    continue;
                }
                let cell = layout.cell(field, entry as u32);
                if let Some((_, style)) = sheet.cells.get_mut(&cell) {
                    *style = style.input();
                }
            }
        }
    }

    /// What has no place on the current forms: what intake left over, and the
    /// entries of forms that the unit does not fill in, or whose field is gone.
    pub fn leftovers(&self) -> Vec<Leftover> {
        let mut all: BTreeMap<At, Found> = BTreeMap::new();
        for left in &self.submission.leftovers {
            all.insert((left.sheet.clone(), left.cell), left.found.clone());
        }
        let entries = self.submission.entries.iter();
        for entry in entries.chain(&self.submission.untouched) {
            if self.laid(&entry.form).is_none() {
                for raw in entry.row.raw.cells.values() {
                    all.insert((entry.sheet.clone(), raw.cell), raw.found.clone());
                }
            }
        }
        all.into_iter()
            .map(|((sheet, cell), found)| Leftover { sheet, cell, found })
            .collect()
    }
}

/// The entries of a form, also those that were left as they came.
fn entries<'a>(submission: &'a Submission, form: &Form) -> impl Iterator<Item = &'a Entry> {
    let id = form.id.clone();
    submission
        .entries
        .iter()
        .chain(&submission.untouched)
        .filter(move |entry| entry.form == id)
}

/// A text in a cell can be no longer than this, in UTF-16 units.
const LONGEST: usize = 32_000;

/// What was typed, as it goes into a cell again.
fn value(found: &Found) -> Value {
    match found {
        Found::Number(number) => Value::Number(*number),
        Found::Date(date, _) => Value::Date(*date),
        Found::Text(_) | Found::Error(_) | Found::Bool(_) => Value::Text(cut(&shown(found))),
    }
}

/// A text of the length that a cell holds; what is cut off is said.
pub(super) fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST / 2).collect();
    format!("{start}……（太长，以下略）")
}
