//! A submission on its way between processes, or kept for the next run. Each
//! text is written once, and a value that is what stands in its cell is not
//! written at all.

use std::sync::Arc;

use ecow::EcoString;
use indexmap::IndexMap;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::submission::{Entry, Leftover, Placed, Submission};
use crate::form::{FieldIds, Fields, RawCell, RawRow, ReadRow};
use crate::sheet::{Cell, Found};
use crate::value::{Value, exact};

/// The number of a text.
type Words = u32;

/// A submission, taken apart.
#[derive(Serialize, Deserialize)]
struct Carried {
    texts: Vec<EcoString>,
    unit: String,
    revision: u32,
    saved_at: Option<DateTime>,
    forms: Vec<FormOf>,
    rows: Vec<RowOf>,
    cells: Vec<CellOf>,
    values: Vec<ValueOf>,
    /// How many of the rows are entries; the others were left alone.
    entries: u32,
    /// The number of the cover's row, if there is one.
    cover: Option<u32>,
    placed: IndexMap<String, Placed>,
    leftovers: Vec<Leftover>,
}

/// A form on a sheet, with the ids of its fields.
#[derive(Serialize, Deserialize)]
struct FormOf {
    form: Words,
    sheet: Words,
    ids: Vec<Words>,
}

/// A row of a form, with how many of the cells and values are its own.
#[derive(Serialize, Deserialize)]
struct RowOf {
    form: u32,
    row: u32,
    cells: u16,
    values: u16,
    rejected: Option<Words>,
}

/// The cell of a field.
#[derive(Serialize, Deserialize)]
struct CellOf {
    field: u16,
    cell: Cell,
    found: FoundOf,
}

/// What was found in a cell.
#[derive(Serialize, Deserialize)]
enum FoundOf {
    Text(Words),
    Number(#[serde(with = "exact")] Decimal),
    Date(Date, bool),
    Bool(bool),
    Error(Words),
}

/// The value of a field.
#[derive(Serialize, Deserialize)]
struct ValueOf {
    field: u16,
    value: TakenAs,
}

/// As what it was taken.
#[derive(Serialize, Deserialize)]
enum TakenAs {
    /// As it was found.
    Found,
    Text(Words),
    Number(#[serde(with = "exact")] Decimal),
    Date(Date),
}

impl Serialize for Submission {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let unlike = || serde::ser::Error::custom("cells and values of other forms");
        Packing::of(self).ok_or_else(unlike)?.serialize(to)
    }
}

impl<'d> Deserialize<'d> for Submission {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let carried = Carried::deserialize(from)?;
        let broken = || serde::de::Error::custom("a number that leads nowhere");
        carried.unpacked().ok_or_else(broken)
    }
}

/// The value that a cell has where nothing had to be interpreted.
fn as_found(found: &Found) -> Option<Value> {
    match found {
        Found::Text(text) => Some(Value::Text(text.clone())),
        Found::Number(number) => Some(Value::Number(*number)),
        Found::Date(date, _) => Some(Value::Date(*date)),
        Found::Bool(_) | Found::Error(_) => None,
    }
}

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
struct Packing<'s> {
    numbers: FxHashMap<&'s str, Words>,
    texts: Vec<EcoString>,
    forms: Vec<FormOf>,
    rows: Vec<RowOf>,
    cells: Vec<CellOf>,
    values: Vec<ValueOf>,
}

impl<'s> Packing<'s> {
    /// None where a row's cells and values are not of the same form.
    fn of(submission: &'s Submission) -> Option<Carried> {
        let mut packing = Packing::default();
        let mut last: Option<(&Entry, &FieldIds)> = None;
        for entry in submission.entries.iter().chain(&submission.untouched) {
            let ids = entry.row.ids()?;
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
        Some(Carried {
            cover: entries.position(is_cover).map(number),
            entries: number(submission.entries.len()),
            unit: submission.unit.clone(),
            revision: submission.revision,
            saved_at: submission.saved_at,
            placed: submission.placed.clone(),
            leftovers: submission.leftovers.clone(),
            texts: packing.texts,
            forms: packing.forms,
            rows: packing.rows,
            cells: packing.cells,
            values: packing.values,
        })
    }

    fn form(&mut self, entry: &'s Entry, ids: &'s FieldIds) {
        let form = FormOf {
            form: self.text(&entry.form),
            sheet: self.text(&entry.sheet),
            ids: ids.iter().map(|id| self.text(id)).collect(),
        };
        self.forms.push(form);
    }

    fn row(&mut self, row: &'s ReadRow) {
        let (cells, values) = (row.raw.cells.numbered(), row.values.numbered());
        let of = RowOf {
            form: number(self.forms.len() - 1),
            row: row.raw.row,
            cells: few(cells.len()),
            values: few(values.len()),
            rejected: row.rejected.as_ref().map(|why| self.text(why)),
        };
        self.rows.push(of);
        for (field, raw) in cells {
            let found = match &raw.found {
                Found::Text(text) => FoundOf::Text(self.text(text)),
                Found::Number(number) => FoundOf::Number(*number),
                Found::Date(date, timed) => FoundOf::Date(*date, *timed),
                Found::Bool(yes) => FoundOf::Bool(*yes),
                Found::Error(text) => FoundOf::Error(self.text(text)),
            };
            self.cells.push(CellOf {
                field: *field,
                cell: raw.cell,
                found,
            });
        }
        for (field, value) in values {
            let cell = cells.iter().find(|(of, _)| of == field);
            let value = match value {
                value if cell.is_some_and(|(_, raw)| is_as_found(&raw.found, value)) => {
                    TakenAs::Found
                }
                Value::Text(text) => TakenAs::Text(self.text(text)),
                Value::Number(number) => TakenAs::Number(*number),
                Value::Date(date) => TakenAs::Date(*date),
            };
            self.values.push(ValueOf {
                field: *field,
                value,
            });
        }
    }

    fn text(&mut self, text: &'s EcoString) -> Words {
        let next = number(self.texts.len());
        let known = *self.numbers.entry(text).or_insert(next);
        if known == next {
            self.texts.push(text.clone());
        }
        known
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

impl Carried {
    /// Puts the submission together again; none if a number leads nowhere.
    fn unpacked(self) -> Option<Submission> {
        let text = |at: Words| self.texts.get(at as usize).cloned();
        let ids = |form: &FormOf| {
            let ids = form.ids.iter().map(|id| text(*id));
            ids.collect::<Option<Vec<_>>>().map(Arc::new)
        };
        let forms: Option<Vec<(EcoString, EcoString, FieldIds)>> = self
            .forms
            .iter()
            .map(|form| Some((text(form.form)?, text(form.sheet)?, ids(form)?)))
            .collect();
        let forms = forms?;
        let mut entries = Vec::with_capacity(self.rows.len());
        let (mut cells, mut values) = (self.cells.as_slice(), self.values.as_slice());
        for row in &self.rows {
            let (form, sheet, ids) = forms.get(row.form as usize)?;
            let (own, others) = cells.split_at_checked(row.cells.into())?;
            cells = others;
            let is_there = |field: u16| (usize::from(field) < ids.len()).then_some(field);
            let found = own.iter().map(|cell| {
                let raw = RawCell {
                    cell: cell.cell,
                    found: match &cell.found {
                        FoundOf::Text(at) => Found::Text(text(*at)?),
                        FoundOf::Number(number) => Found::Number(*number),
                        FoundOf::Date(date, timed) => Found::Date(*date, *timed),
                        FoundOf::Bool(yes) => Found::Bool(*yes),
                        FoundOf::Error(at) => Found::Error(text(*at)?),
                    },
                };
                Some((is_there(cell.field)?, raw))
            });
            let found: Vec<(u16, RawCell)> = found.collect::<Option<_>>()?;
            let (own, others) = values.split_at_checked(row.values.into())?;
            values = others;
            let taken = own.iter().map(|of| {
                let value = match &of.value {
                    TakenAs::Found => {
                        let (_, raw) = found.iter().find(|(field, _)| *field == of.field)?;
                        as_found(&raw.found)?
                    }
                    TakenAs::Text(at) => Value::Text(text(*at)?),
                    TakenAs::Number(number) => Value::Number(*number),
                    TakenAs::Date(date) => Value::Date(*date),
                };
                Some((is_there(of.field)?, value))
            });
            let taken: Vec<(u16, Value)> = taken.collect::<Option<_>>()?;
            entries.push(Entry {
                form: form.clone(),
                sheet: sheet.clone(),
                row: ReadRow {
                    values: Arc::new(Fields::of(ids, taken)),
                    raw: Arc::new(RawRow {
                        row: row.row,
                        cells: Fields::of(ids, found),
                    }),
                    rejected: match row.rejected {
                        Some(at) => Some(text(at)?),
                        None => None,
                    },
                },
            });
        }
        if !cells.is_empty() || !values.is_empty() {
            return None;
        }
        let cover = match self.cover {
            Some(at) => Arc::clone(&entries.get(at as usize)?.row.values),
            None => Arc::default(),
        };
        let entry_count = self.entries as usize;
        if entry_count > entries.len() {
            return None;
        }
        let untouched = entries.split_off(entry_count);
        Some(Submission {
            unit: self.unit,
            revision: self.revision,
            saved_at: self.saved_at,
            cover,
            entries,
            untouched,
            placed: self.placed,
            leftovers: self.leftovers,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    fn entry(row: u32, cells: &[(&str, Found)], values: &[(&str, Value)]) -> Entry {
        let ids: FieldIds = Arc::new(vec!["name".into(), "amount".into(), "date".into()]);
        let mut raw = Fields::new(&ids, cells.len());
        for (column, (id, found)) in (0..).zip(cells) {
            let (cell, found) = (Cell::new(row, column), found.clone());
            raw.insert(id, RawCell { cell, found });
        }
        let mut taken = Fields::new(&ids, values.len());
        for (id, value) in values {
            taken.insert(id, value.clone());
        }
        Entry {
            form: "funds".into(),
            sheet: "资金物资的一张名字很长的表".into(),
            row: ReadRow {
                raw: Arc::new(RawRow { row, cells: raw }),
                values: Arc::new(taken),
                rejected: (row == 3).then(|| "“金额”没有填".into()),
            },
        }
    }

    /// A submission with every kind of content, and values as found and otherwise.
    fn submission() -> Submission {
        let day = jiff::civil::date(2018, 6, 8);
        let text = |text: &str| Found::Text(text.into());
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let entries = vec![
            entry(
                1,
                &[("name", text("委员001")), ("date", Found::Date(day, true))],
                &[
                    ("date", Value::Date(day)),
                    ("name", Value::Text("委员001".into())),
                ],
            ),
            entry(
                2,
                &[
                    ("amount", text("5万元")),
                    ("name", Found::Bool(true)),
                    ("date", Found::Error("#REF!".into())),
                ],
                &[
                    ("amount", Value::Number(number("50000"))),
                    // No cell says so.
                    ("name", Value::Text("否".into())),
                ],
            ),
            entry(
                3,
                &[
                    ("amount", Found::Number(number("1.5"))),
                    ("name", text("委员001")),
                ],
                // The same number, written with more decimals.
                &[("amount", Value::Number(number("1.50")))],
            ),
        ];
        let cover = Arc::clone(&entries[1].row.values);
        Submission {
            unit: "T101".to_owned(),
            revision: 2,
            saved_at: Some(day.at(8, 30, 0, 0)),
            cover,
            entries,
            untouched: vec![entry(9, &[("name", text("委员002"))], &[])],
            placed: IndexMap::from([("funds".to_owned(), Placed::default())]),
            leftovers: vec![Leftover {
                sheet: "别的".to_owned(),
                cell: Cell::new(4, 4),
                found: text("另附"),
            }],
        }
    }

    #[test]
    fn a_submission_arrives_as_it_was_sent() {
        let sent = submission();
        let bytes = postcard::to_stdvec(&sent).unwrap();
        let back: Submission = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(format!("{back:?}"), format!("{sent:?}"));
        // One text is held once, and the cover is the cover's row.
        assert!(Arc::ptr_eq(&back.cover, &back.entries[1].row.values));
    }

    #[test]
    fn numbers_that_lead_nowhere_are_refused() {
        let bytes = postcard::to_stdvec(&submission()).unwrap();
        let read = |change: fn(&mut Carried)| {
            let mut carried: Carried = postcard::from_bytes(&bytes).unwrap();
            change(&mut carried);
            let bytes = postcard::to_stdvec(&carried).unwrap();
            postcard::from_bytes::<Submission>(&bytes).is_ok()
        };
        assert!(read(|_| {}));
        assert!(!read(|of| of.texts.truncate(1)));
        assert!(!read(|of| of.forms.truncate(0)));
        assert!(!read(|of| of.cells.truncate(2)));
        assert!(!read(|of| of.values.truncate(1)));
        assert!(!read(|of| of.rows.truncate(1)));
        assert!(!read(|of| of
            .cells
            .iter_mut()
            .for_each(|cell| cell.field += 9)));
        assert!(!read(|of| of
            .values
            .iter_mut()
            .for_each(|value| value.field += 9)));
        assert!(!read(|of| of.entries = 5));
        assert!(!read(|of| of.cover = Some(4)));
    }
}
