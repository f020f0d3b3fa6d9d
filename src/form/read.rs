//! The entries of a form on a sheet that came back, each cell decoded, and
//! what is wrong with them.

use indexmap::IndexMap;

use super::decode::{Fault, Names, decode};
use super::locate::Located;
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::{Field, Form, Kind, Policy, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::{Reading, Value, squeeze};

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

/// A cell's content for a finding, no longer than a person would read.
fn quoted(found: &Found) -> String {
    const MOST: usize = 100;
    let text = shown(found);
    let length = text.chars().count();
    if length <= MOST {
        return text;
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start}……（共{length}字）")
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
        match decode(field, &cell.found, context.policy, context.names) {
            Ok(Reading { value, interpreted }) => {
                if interpreted {
                    findings.push(interpretation(
                        field,
                        place(cell.cell, field),
                        &typed,
                        &value,
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

fn empty_required(field: &Field, place: Place) -> Finding {
    if field.kind == Kind::YesNo {
        let message = format!("“{}”空着，按“否”计", field.header);
        return Finding::new(Code::YesNoEmpty, place, message).taken("否");
    }
    let message = format!("“{}”是必填栏，没有填", field.header);
    let finding = Finding::new(Code::RequiredEmpty, place, message);
    if field.example.is_empty() {
        finding
    } else {
        finding.mend(format!("补填这一格，例如 {}", field.example))
    }
}

fn interpretation(field: &Field, place: Place, typed: &str, value: &Value) -> Finding {
    let taken = match (&field.kind, value) {
        (Kind::Money, Value::Number(n)) => format!("{}元", crate::value::money(*n)),
        (Kind::Percent, Value::Number(n)) => {
            format!("{}%", (n * rust_decimal::Decimal::ONE_HUNDRED).normalize())
        }
        _ => value.to_string(),
    };
    let code = match field.kind {
        Kind::Money => Code::MoneyScaled,
        _ => Code::Interpreted,
    };
    Finding::new(code, place, code.title())
        .typed(typed)
        .taken(taken)
}

fn outside_period(field: &Field, value: &Value, policy: &Policy) -> Option<String> {
    let date = value.date()?;
    let (from, to) = (policy.pack.period_from, policy.pack.period_to);
    // A cover is dated when it is signed, which may be after the period.
    let free = field.any_year || field.id == "filled_on";
    (!free && !(from..=to).contains(&date))
        .then(|| format!("日期不在考核期（{from} 至 {to}）内，暂计入"))
}

fn faulty(field: &Field, fault: Fault, place: Place, policy: &Policy) -> Finding {
    let code = match fault {
        Fault::Money => Code::MoneyText,
        Fault::TooManyDecimals => Code::MoneyDecimals,
        Fault::Number => Code::NumberText,
        Fault::Bounds => Code::OutOfBounds,
        Fault::Date => Code::DateText,
        Fault::Choice => Code::ChoiceUnknown,
        Fault::YesNo => Code::YesNoText,
        Fault::Name => Code::NameUnknown,
        Fault::Code => Code::CodeText,
        Fault::ErrorCell => Code::ErrorCell,
        Fault::Phone => Code::PhoneText,
        Fault::TooLong => Code::TextTooLong,
    };
    let message = match fault {
        Fault::Bounds => format!("{}{}", code.title(), bounds_text(field)),
        _ => code.title().to_owned(),
    };
    let mend = match (&field.kind, fault) {
        (Kind::Choice(id), Fault::Choice) => policy
            .choices
            .get(id)
            .map(|choice| format!("改为其中一项：{}", choice.items.join("、"))),
        (_, Fault::Number) if !field.example.is_empty() => {
            Some(format!("只填一个数，例如 {}", field.example))
        }
        _ => None,
    };
    // What a field that may stay empty says wrongly costs that cell, not the row.
    let (code, message) = if field.required {
        (code, message)
    } else {
        (Code::OptionalIgnored, format!("{message}，此格未采用"))
    };
    let finding = Finding::new(code, place, message);
    match mend {
        Some(mend) => finding.mend(mend),
        None => finding,
    }
}

fn bounds_text(field: &Field) -> String {
    let mut parts = Vec::new();
    if field.kind == Kind::Percent {
        return "（应在0%到100%之间）".to_owned();
    }
    if let Some(min) = field.min {
        parts.push(format!("不小于{min}"));
    }
    if let Some(least) = field.more_than {
        parts.push(format!("大于{least}"));
    }
    if let Some(max) = field.max {
        parts.push(format!("不大于{max}"));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!("（应{}）", parts.join("、"))
    }
}
