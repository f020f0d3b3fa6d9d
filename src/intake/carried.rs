//! A submission on its way between processes. What all rows of a form share is written
//! once, and shared again by those who receive it.

use std::sync::Arc;

use ecow::EcoString;
use indexmap::IndexMap;
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::submission::{Clock, Entry, Leftover, Placed, Submission};
use crate::form::{Cells, RawCell, RawRow, ReadRow, Values};
use crate::sheet::Attached;
use crate::value::Value;

/// A submission, with its entries by form.
#[derive(Serialize, Deserialize)]
struct Carried {
    unit: String,
    revision: u32,
    stamped_round: Option<u32>,
    saved_at: Option<DateTime>,
    clock: Option<Clock>,
    forms: Vec<OfForm>,
    /// How many of the rows are entries; the others were left alone.
    entries: usize,
    /// The number of the cover's row, if there is one.
    cover: Option<usize>,
    placed: IndexMap<String, Placed>,
    leftovers: Vec<Leftover>,
    attached: Vec<(String, Attached)>,
}

/// Rows of a form that follow each other on a sheet.
#[derive(Serialize, Deserialize)]
struct OfForm {
    form: EcoString,
    sheet: EcoString,
    ids: Vec<EcoString>,
    rows: Vec<OfRow>,
}

#[derive(Serialize, Deserialize)]
struct OfRow {
    row: u32,
    cells: Vec<(u16, RawCell)>,
    values: Vec<(u16, Value)>,
    rejected: Option<EcoString>,
}

impl Serialize for Submission {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Carried::of(self).serialize(to)
    }
}

impl<'d> Deserialize<'d> for Submission {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let carried = Carried::deserialize(from)?;
        let broken = || serde::de::Error::custom("a number that leads nowhere");
        carried.arrived().ok_or_else(broken)
    }
}

impl Carried {
    fn of(submission: &Submission) -> Self {
        let mut forms: Vec<OfForm> = Vec::new();
        for entry in submission.entries.iter().chain(&submission.untouched) {
            let ids = entry.row.ids();
            let is_of = |of: &&mut OfForm| {
                of.form == entry.form && of.sheet == entry.sheet && of.ids == **ids
            };
            let row = OfRow {
                row: entry.row.raw.row,
                cells: entry.row.raw.cells.numbered().to_vec(),
                values: entry.row.values.numbered().to_vec(),
                rejected: entry.row.rejected.clone(),
            };
            match forms.last_mut().filter(is_of) {
                Some(of) => of.rows.push(row),
                None => forms.push(OfForm {
                    form: entry.form.clone(),
                    sheet: entry.sheet.clone(),
                    ids: ids.to_vec(),
                    rows: vec![row],
                }),
            }
        }
        let mut entries = submission.entries.iter();
        let is_cover = |entry: &Entry| Arc::ptr_eq(&entry.row.values, &submission.cover);
        Carried {
            cover: entries.position(is_cover),
            entries: submission.entries.len(),
            unit: submission.unit.clone(),
            revision: submission.revision,
            stamped_round: submission.stamped_round,
            saved_at: submission.saved_at,
            clock: submission.clock.clone(),
            forms,
            placed: submission.placed.clone(),
            leftovers: submission.leftovers.clone(),
            attached: submission.attached.clone(),
        }
    }

    /// The submission again; none if a number leads nowhere.
    fn arrived(self) -> Option<Submission> {
        let mut entries = Vec::new();
        for of in self.forms {
            let ids = Arc::new(of.ids);
            for row in of.rows {
                let mut cells = Cells::new(&ids, row.cells.len());
                for (field, cell) in row.cells {
                    cells.add(field, cell)?;
                }
                let mut values = Values::new(&ids, row.values.len());
                for (field, value) in row.values {
                    values.add(field, value)?;
                }
                let raw = RawRow {
                    row: row.row,
                    cells,
                };
                entries.push(Entry {
                    form: of.form.clone(),
                    sheet: of.sheet.clone(),
                    row: ReadRow {
                        raw: Arc::new(raw),
                        values: Arc::new(values),
                        rejected: row.rejected,
                    },
                });
            }
        }
        let cover = match self.cover {
            Some(at) => Arc::clone(&entries.get(at)?.row.values),
            None => Arc::default(),
        };
        if self.entries > entries.len() {
            return None;
        }
        let untouched = entries.split_off(self.entries);
        Some(Submission {
            unit: self.unit,
            revision: self.revision,
            stamped_round: self.stamped_round,
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
    use crate::form::{FieldIds, Marks};
    use crate::sheet::{AttachedKind, Cell, Found, Unscaled};
    use rust_decimal::Decimal;

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
        let mut taken = Values::new(&ids, values.len());
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
            stamped_round: Some(1),
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
        assert!(!read(|of| of.forms.truncate(0)));
        assert!(!read(|of| of
            .forms
            .iter_mut()
            .for_each(|form| form.ids.truncate(1))));
        assert!(!read(|of| of.entries = 5));
        assert!(!read(|of| of.cover = Some(4)));
    }
}
