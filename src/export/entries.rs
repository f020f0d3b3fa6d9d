//! The entries of each form: the fields of the form, typed, and beside them
//! what became of the entry, to whom it is credited, and where it was read.

use std::collections::HashMap;

use super::frame::{DataType, Frame};
use crate::assess::{NO_ROLE, NO_VILLAGE};
use crate::book::{CellRef, Evaluator, Reader};
use crate::flow::Assessment;
use crate::policy::{Form, Kind, Policy};
use crate::sheet::Scalar;

/// Columns of every entry, as far as its form has them: column of the sheet of
/// entries, name, type.
const COMMON: [(&str, &str, DataType); 21] = [
    ("@entry", "entry", DataType::Text),
    ("@counted", "counted", DataType::Flag),
    ("@class", "class", DataType::Text),
    ("@reason", "class_reason", DataType::Text),
    ("@unit", "unit_code", DataType::Text),
    ("@unit_name", "unit_name", DataType::Text),
    ("@kind", "unit_kind", DataType::Text),
    ("@block", "unit_block", DataType::Text),
    ("@reporter", "reporter_name", DataType::Text),
    ("@member", "member_code", DataType::Text),
    ("@role", "member_role", DataType::Text),
    ("@village", "village_code", DataType::Text),
    ("@donor", "donor_code", DataType::Text),
    ("@month", "month", DataType::Integer),
    ("@quarter", "quarter", DataType::Integer),
    ("@complete", "complete", DataType::Flag),
    ("@ruled", "ruled_change", DataType::Decimal(2)),
    ("@file", "source_file", DataType::Text),
    ("@sheet", "source_sheet", DataType::Text),
    ("@cell", "source_cells", DataType::Text),
    (SHA256, "source_sha256", DataType::Text),
];

/// Stands for the fingerprint of the file, which is no column of the sheet.
const SHA256: &str = "@sha256";

/// A table for each form that has one on the workbook.
pub fn frames(assessment: &Assessment, policy: &Policy) -> Vec<Frame> {
    let evaluator = Evaluator::new(&assessment.book);
    let files = &assessment.reconciled.ledger().files;
    let prints: HashMap<&str, &str> = files
        .iter()
        .map(|file| (file.name.as_str(), file.sha256.as_str()))
        .collect();
    let reader = Reader::new(&assessment.book);
    let said = ["kind", "block", "name"];
    let units = reader.rows("units");
    let members = reader.rows("members");
    let known = Known {
        prints,
        units: units
            .map(|row| (row.text("code"), said.map(|id| row.value(id))))
            .collect(),
        roles: members
            .map(|row| (row.text("code"), row.text("role")))
            .filter(|(_, role)| !role.is_empty())
            .collect(),
    };
    let forms = policy.intake_forms();
    forms
        .filter_map(|form| frame(assessment, &evaluator, form, &known))
        .collect()
}

/// What is known besides the entries.
struct Known<'a> {
    /// The fingerprints of files by name.
    prints: HashMap<&'a str, &'a str>,
    /// Kind, block and name of units by code.
    units: HashMap<String, [Scalar; 3]>,
    /// The roles of members by code.
    roles: HashMap<String, String>,
}

fn frame(
    assessment: &Assessment,
    evaluator: &Evaluator<'_>,
    form: &Form,
    known: &Known<'_>,
) -> Option<Frame> {
    let book = &assessment.book;
    let index = book.find(&format!("detail:{}", form.id))?;
    let table = book.tables.get(index)?;
    let mut columns: Vec<(&str, String, DataType)> = Vec::new();
    let date = form.field_of_kind(&Kind::Date).map(|f| f.id.as_str());
    let has = |kind| form.field_of_kind(&kind).is_some();
    for (id, name, kind) in COMMON {
        let derived = match id {
            SHA256 | "@kind" | "@block" | "@unit" | "@reporter" | "@sheet" => true,
            "@month" | "@quarter" => date.is_some(),
            "@member" | "@role" => has(Kind::Member),
            "@village" => has(Kind::Village),
            _ => false,
        };
        if derived || table.find(id).is_some() {
            columns.push((id, name.to_owned(), kind));
        }
    }
    for field in form.fields.values() {
        let Some(kind) = kind(&field.kind) else {
            continue;
        };
        let taken = COMMON.iter().any(|(_, name, _)| *name == field.id);
        let name = match taken {
            true => format!("field_{}", field.id),
            false => field.id.clone(),
        };
        columns.push((&field.id, name, kind));
    }
    let part = Some(("form", form.id.clone()));
    let typed = columns.iter().map(|(_, name, kind)| (name.clone(), *kind));
    let mut frame = Frame::new("entries", part, typed);
    let entries = assessment.reconciled.entries();
    let entries = entries.filter(|(entry, ..)| entry.form == form.id);
    for (row, (entry, ..)) in entries.enumerate() {
        let value = |id: &str| match table.find(id) {
            Some(column) => evaluator.cell(CellRef {
                table: index,
                row,
                column,
            }),
            None => Scalar::Empty,
        };
        let print = || match value("@file") {
            Scalar::Text(name) => known.prints.get(name.as_str()).copied().unwrap_or_default(),
            _ => "",
        };
        let month = || match date.map(value) {
            Some(Scalar::Date(date)) => u32::try_from(date.month()).ok(),
            _ => None,
        };
        let number = |number: Option<u32>| match number {
            Some(number) => Scalar::Number(number.into()),
            None => Scalar::Empty,
        };
        let text = |text: &str| Scalar::Text(text.to_owned());
        let of_unit = |code: &str, column: usize| {
            let of = known.units.get(code).map(|of| of[column].clone());
            of.unwrap_or(Scalar::Empty)
        };
        let member = entry.member.as_deref().unwrap_or_default();
        // What no formula asks of the entries of a form has no column on the sheet.
        let values = columns.iter().map(|(id, ..)| match *id {
            SHA256 => text(print()),
            "@unit" => text(&entry.credited),
            "@kind" => of_unit(&entry.credited, 0),
            "@block" => of_unit(&entry.credited, 1),
            "@reporter" => of_unit(&entry.reporter, 2),
            "@member" if member.is_empty() => Scalar::Empty,
            "@member" => text(member),
            "@role" => text(known.roles.get(member).map_or(NO_ROLE, String::as_str)),
            "@village" => text(entry.village.as_deref().unwrap_or(NO_VILLAGE)),
            "@sheet" => text(&entry.sheet),
            "@month" => number(month()),
            "@quarter" => number(month().map(|month| month.div_ceil(3))),
            id => value(id),
        });
        frame.push(values.collect());
    }
    Some(frame)
}

/// Type of a field's column. Telephone numbers are nobody else's business.
fn kind(kind: &Kind) -> Option<DataType> {
    Some(match kind {
        Kind::Phone => return None,
        Kind::Money => DataType::Decimal(2),
        Kind::Integer => DataType::Integer,
        Kind::Number | Kind::Percent => DataType::Decimal(6),
        Kind::Date => DataType::Date,
        Kind::YesNo => DataType::Flag,
        _ => DataType::Text,
    })
}
