//! The entries of a form on a sheet that came back, each cell decoded, and
//! what is wrong with them.

use indexmap::IndexMap;

use super::decode::{Names, decode};
use super::findings::{empty_required, faulty, interpretation, outside_period, quoted};
use super::locate::Located;
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::{Field, Form, Kind, Policy, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::{Meaning, Reading, Value, squeeze};

/// A cell of an entry as it was found.
#[derive(Debug, Clone)]
pub struct RawCell {
    /// Where.
    pub cell: Cell,
    /// What.
    pub found: Found,
}

/// An entry as it was found: cells by field id.
#[derive(Debug, Clone)]
pub struct RawRow {
    /// Row, from 0.
    pub row: u32,
    /// Cells that are not empty.
    pub cells: IndexMap<String, RawCell>,
}

/// An entry, decoded.
#[derive(Debug, Clone)]
pub struct ReadRow {
    /// As found.
    pub raw: RawRow,
    /// Values by field id; fields without a usable value are left out.
    pub values: IndexMap<String, Value>,
    /// Why the entry cannot be counted, if so.
    pub rejected: Option<String>,
}

/// What stands between a sheet and its entries.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The pack.
    pub policy: &'a Policy,
    /// Who knows names; nobody while the roster itself is read.
    pub names: Option<&'a dyn Names>,
    /// The file, as it is named in findings.
    pub file: &'a str,
    /// Whether the sheet counts its days from 1904.
    pub days_of_1904: bool,
}

/// A cell's content as a person would quote it.
pub fn shown(found: &Found) -> String {
    match found {
        Found::Text(text) | Found::Error(text) => text.clone(),
        Found::Number(number) => number.normalize().to_string(),
        Found::Date(date, _) => date.to_string(),
        Found::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
    }
}

/// Reads all entries of a form from a sheet. An entry is a row with anything
/// in a cell that the office did not prefill.
pub fn read_rows(
    sheet: &FoundSheet,
    form: &Form,
    located: &Located,
    context: Context<'_>,
) -> (Vec<ReadRow>, Vec<Finding>) {
    let mut findings = Vec::new();
    let (typed_in, untouched) = raw_rows(sheet, form, located);
    let rows = typed_in
        .into_iter()
        .map(|raw| decode_row(raw, sheet, form, located, context, &mut findings))
        .collect();
    findings.extend(
        untouched
            .iter()
            .filter_map(|row| left_alone(row, form, Place::file(context.file).on(&sheet.name))),
    );
    (rows, findings)
}

/// What a cell holds, if it is not empty. A formula whose result the file
/// does not hold is an error cell, never an empty one.
fn found(sheet: &FoundSheet, cell: Cell) -> Option<Found> {
    match sheet.cells.get(&cell) {
        Some(Found::Text(text)) if squeeze(text).is_empty() => None,
        Some(found) => Some(found.clone()),
        None if sheet.formulas.contains(&cell) => Some(Found::Error("公式没有结果".to_owned())),
        None => None,
    }
}

/// The rows in which something was typed, and those that stand as the office
/// prefilled them.
fn raw_rows(sheet: &FoundSheet, form: &Form, located: &Located) -> (Vec<RawRow>, Vec<RawRow>) {
    if form.shape == Shape::Card {
        let cells = located
            .headers
            .iter()
            .filter_map(|(id, header)| {
                let cell = Cell::new(header.row, header.column + 1);
                let found = found(sheet, cell)?;
                Some((id.clone(), RawCell { cell, found }))
            })
            .collect();
        let row = RawRow {
            row: located.header_row,
            cells,
        };
        return (vec![row], Vec::new());
    }
    let below = Cell::new(located.header_row + 1, 0);
    let places: std::collections::BTreeSet<Cell> = sheet
        .cells
        .range(below..)
        .map(|(cell, _)| *cell)
        .chain(sheet.formulas.range(below..).copied())
        .collect();
    let mut rows: IndexMap<u32, RawRow> = IndexMap::new();
    for cell in places {
        let header = located.headers.iter();
        let (Some((id, _)), Some(found)) = (
            header.into_iter().find(|(_, h)| h.column == cell.column),
            found(sheet, cell),
        ) else {
            continue;
        };
        let row = rows.entry(cell.row).or_insert_with(|| RawRow {
            row: cell.row,
            cells: IndexMap::new(),
        });
        row.cells.insert(id.clone(), RawCell { cell, found });
    }
    let typed_in = |row: &RawRow| {
        row.cells
            .keys()
            .any(|id| form.fields.get(id).is_some_and(|field| !field.prefilled))
    };
    rows.into_values().partition(typed_in)
}

/// A prefilled row that asks 是 or 否 and got no answer: nothing is counted for
/// it, and that is said.
fn left_alone(row: &RawRow, form: &Form, place: Place) -> Option<Finding> {
    let asked = form
        .fields
        .values()
        .any(|f| f.required && f.kind == Kind::YesNo);
    let (id, raw) = row.cells.first()?;
    let field = form.fields.get(id)?;
    asked.then(|| {
        let message = format!("“{}”这一行没有填写", shown(&raw.found));
        let place = place.at(raw.cell, &field.header);
        Finding::new(Code::RowUntouched, place, message)
    })
}

fn decode_row(
    raw: RawRow,
    sheet: &FoundSheet,
    form: &Form,
    located: &Located,
    context: Context<'_>,
    findings: &mut Vec<Finding>,
) -> ReadRow {
    let mut values = IndexMap::new();
    let mut rejected: Option<String> = None;
    let place = |cell: Cell, field: &Field| {
        Place::file(context.file)
            .on(&sheet.name)
            .at(cell, &field.header)
    };
    for field in form.fields.values() {
        let Some(header) = located.headers.get(&field.id) else {
            // The whole column is missing: said once for the sheet.
            if field.required {
                rejected.get_or_insert_with(|| format!("缺少栏目“{}”", field.header));
            }
            continue;
        };
        let Some(cell) = raw.cells.get(&field.id) else {
            let expected = match form.shape {
                Shape::Table => Cell::new(raw.row, header.column),
                Shape::Card => Cell::new(header.row, header.column + 1),
            };
            if field.required {
                let empty = empty_required(field, place(expected, field));
                if empty.code == Code::RequiredEmpty {
                    rejected.get_or_insert_with(|| format!("“{}”没有填", field.header));
                } else {
                    values.insert(field.id.clone(), Value::Text("否".to_owned()));
                }
                findings.push(empty);
            }
            continue;
        };
        let typed = quoted(&cell.found);
        if located.wrong_measures.iter().any(|(at, _)| at == header) {
            // Said once for the column; none of its amounts can be trusted.
            rejected.get_or_insert_with(|| format!("“{}”的表头单位被改动", field.header));
            continue;
        }
        match decode(field, &cell.found, &context) {
            Ok(Reading { value, meaning }) => {
                if meaning != Meaning::Plain {
                    findings.push(interpretation(
                        field,
                        place(cell.cell, field),
                        &typed,
                        &value,
                        meaning,
                    ));
                }
                if let Some(outside) = outside_period(field, &value, context.policy) {
                    let found = Finding::new(Code::OutsidePeriod, place(cell.cell, field), outside);
                    findings.push(found.typed(&typed));
                }
                values.insert(field.id.clone(), value);
            }
            Err(fault) => {
                let finding = faulty(field, fault, place(cell.cell, field), context.policy);
                if field.required {
                    rejected
                        .get_or_insert_with(|| format!("“{}”{}", field.header, finding.message));
                }
                findings.push(finding.typed(&typed));
            }
        }
    }
    for field in form.fields.values() {
        if let Some((other, text)) = &field.required_if
            && values.get(other).and_then(Value::text) == Some(text)
            && !raw.cells.contains_key(&field.id)
            && let Some(header) = located.headers.get(&field.id)
        {
            let label = form.fields.get(other).map_or(other.as_str(), |f| &f.header);
            let message = format!("“{label}”是“{text}”时，“{}”要填写", field.header);
            let at = place(Cell::new(raw.row, header.column), field);
            findings.push(Finding::new(Code::RequiredIfEmpty, at, message));
        }
    }
    ReadRow {
        raw,
        values,
        rejected,
    }
}
