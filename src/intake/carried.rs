//! A submission on its way between processes, or kept for the next run. Each
//! text is written once, and a value that is what stands in its cell is not
//! written at all.

use std::sync::Arc;

use ecow::EcoString;
use indexmap::IndexMap;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::outline::Clock;
use super::packing::Packing;
use super::submission::{Entry, Leftover, Placed, Submission};
use crate::form::{Cells, FieldIds, Marks, RawCell, RawRow, ReadRow, Values};
use crate::sheet::{Attached, Cell, Found};
use crate::value::{Value, exact};

/// The number of a text.
pub(super) type Words = u32;

/// A submission, taken apart.
#[derive(Serialize, Deserialize)]
pub(super) struct Carried {
    pub texts: Vec<EcoString>,
    pub unit: String,
    pub revision: u32,
    pub saved_at: Option<DateTime>,
    pub clock: Option<Clock>,
    pub forms: Vec<FormOf>,
    pub rows: Vec<RowOf>,
    pub cells: Vec<CellOf>,
    pub values: Vec<ValueOf>,
    /// What some cells carry beside their values, by their places among the cells.
    pub marks: Vec<(u32, Marks)>,
    /// How many of the rows are entries; the others were left alone.
    pub entries: u32,
    /// The number of the cover's row, if there is one.
    pub cover: Option<u32>,
    pub placed: IndexMap<String, Placed>,
    pub leftovers: Vec<Leftover>,
    pub attached: Vec<(String, Attached)>,
}

/// A form on a sheet, with the ids of its fields.
#[derive(Serialize, Deserialize)]
pub(super) struct FormOf {
    pub form: Words,
    pub sheet: Words,
    pub ids: Vec<Words>,
}

/// A row of a form, with how many of the cells and values are its own.
#[derive(Serialize, Deserialize)]
pub(super) struct RowOf {
    pub form: u32,
    pub row: u32,
    pub cells: u16,
    pub values: u16,
    pub rejected: Option<Words>,
}

/// The cell of a field.
#[derive(Serialize, Deserialize)]
pub(super) struct CellOf {
    pub field: u16,
    pub cell: Cell,
    pub found: FoundOf,
}

/// What was found in a cell.
#[derive(Serialize, Deserialize)]
pub(super) enum FoundOf {
    Text(Words),
    Number(#[serde(with = "exact")] Decimal),
    Date(Date, u32),
    Bool(bool),
    Error(Words),
}

/// The value of a field.
#[derive(Serialize, Deserialize)]
pub(super) struct ValueOf {
    pub field: u16,
    pub value: TakenAs,
}

/// As what it was taken.
#[derive(Serialize, Deserialize)]
pub(super) enum TakenAs {
    /// As it was found.
    Found,
    Text(Words),
    Number(#[serde(with = "exact")] Decimal),
    Date(Date),
}

impl Serialize for Submission {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Packing::of(self).serialize(to)
    }
}

impl<'d> Deserialize<'d> for Submission {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let carried = Carried::deserialize(from)?;
        let broken = || serde::de::Error::custom("a number that leads nowhere");
        carried.unpacked().ok_or_else(broken)
    }
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
        let (mut place, mut marks) = (0, self.marks.as_slice());
        for row in &self.rows {
            let (form, sheet, ids) = forms.get(row.form as usize)?;
            let (own, others) = cells.split_at_checked(row.cells.into())?;
            cells = others;
            // Each takes as much room as it needs: there may be very many.
            let mut found = Cells::new(ids, own.len());
            for cell in own {
                let what = match &cell.found {
                    FoundOf::Text(at) => Found::Text(text(*at)?),
                    FoundOf::Number(number) => Found::Number(*number),
                    FoundOf::Date(date, time) => Found::Date(*date, *time),
                    FoundOf::Bool(yes) => Found::Bool(*yes),
                    FoundOf::Error(at) => Found::Error(text(*at)?),
                };
                let mut raw = RawCell::new(cell.cell, what);
                if let Some(((at, own), others)) = marks.split_first()
                    && *at == place
                {
                    raw = raw.marked(own.clone());
                    marks = others;
                }
                place += 1;
                found.add(cell.field, raw)?;
            }
            let raw = Arc::new(RawRow {
                row: row.row,
                cells: found,
            });
            let (own, others) = values.split_at_checked(row.values.into())?;
            values = others;
            let is_found = |(of, cell): (&ValueOf, &RawCell)| {
                matches!(of.value, TakenAs::Found) && of.field == cell.field()
            };
            // So it is with nearly all of them.
            let found =
                own.len() == raw.cells.len() && own.iter().zip(raw.cells.values()).all(is_found);
            let found = found.then(|| Values::as_found(&raw)).flatten();
            let others = if found.is_some() { &[][..] } else { own };
            let mut taken = found.unwrap_or_else(|| Values::new(&raw, own.len()));
            for of in others {
                let value = match &of.value {
                    TakenAs::Found => match raw.cells.numbered(of.field)?.found() {
                        // The time of the day was left out.
                        Found::Date(date, 1..) => Some(Value::Date(date)),
                        _ => None,
                    },
                    TakenAs::Text(at) => Some(Value::Text(text(*at)?)),
                    TakenAs::Number(number) => Some(Value::Number(*number)),
                    TakenAs::Date(date) => Some(Value::Date(*date)),
                };
                taken.add(of.field, value)?;
            }
            entries.push(Entry {
                form: form.clone(),
                sheet: sheet.clone(),
                row: ReadRow {
                    values: Arc::new(taken),
                    raw,
                    rejected: match row.rejected {
                        Some(at) => Some(text(at)?),
                        None => None,
                    },
                },
            });
        }
        if !cells.is_empty() || !values.is_empty() || !marks.is_empty() {
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
            clock: self.clock,
            cover,
            entries,
            untouched,
            placed: self.placed,
            leftovers: self.leftovers,
            attached: self.attached,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::sheet::{AttachedKind, Unscaled};

    fn number(text: &str) -> Decimal {
        text.parse::<Decimal>().unwrap()
    }

    fn entry(row: u32, cells: &[(&str, Found)], values: &[(&str, Value)]) -> Entry {
        let ids: FieldIds = Arc::new(vec!["name".into(), "amount".into(), "date".into()]);
        let mut raw = Cells::new(&ids, cells.len());
        for (column, (id, found)) in (0..).zip(cells) {
            let cell = RawCell::new(Cell::new(row, column), found.clone());
            raw.insert(
                id,
                match found {
                    Found::Number(_) => cell.marked(Marks {
                        struck: row == 2,
                        format: Some(Unscaled {
                            format: "0\"万元\"".into(),
                            times: number("10000"),
                        }),
                    }),
                    Found::Bool(_) => cell.marked(Marks {
                        struck: true,
                        format: None,
                    }),
                    _ => cell,
                },
            );
        }
        let raw = Arc::new(RawRow { row, cells: raw });
        let mut taken = Values::new(&raw, values.len());
        for (id, value) in values {
            taken.insert(id, value.clone());
        }
        Entry {
            form: "funds".into(),
            sheet: "资金物资的一张名字很长的表".into(),
            row: ReadRow {
                raw,
                values: Arc::new(taken),
                rejected: (row == 3).then(|| "“金额”没有填".into()),
            },
        }
    }

    /// A submission with every kind of content, and values as found and otherwise.
    fn submission() -> Submission {
        let day = jiff::civil::date(2018, 6, 8);
        let text = |text: &str| Found::Text(text.into());
        let entries = vec![
            entry(
                1,
                &[("name", text("委员001")), ("date", Found::Date(day, 3_600))],
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
            clock: Some(Clock {
                format: crate::sheet::FileFormat::Ods,
                program: Some("LibreOffice".to_owned()),
            }),
            cover,
            entries,
            untouched: vec![entry(9, &[("name", text("委员002"))], &[])],
            placed: IndexMap::from([("funds".to_owned(), Placed::default())]),
            leftovers: vec![Leftover {
                sheet: "别的".to_owned(),
                cell: Cell::new(4, 4),
                found: text("另附"),
            }],
            attached: vec![(
                "别的".to_owned(),
                Attached {
                    cell: Cell::new(1, 2),
                    kind: AttachedKind::Note,
                    text: "此笔实为30000元".into(),
                },
            )],
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
            .marks
            .iter_mut()
            .for_each(|(at, _)| *at += 99)));
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
