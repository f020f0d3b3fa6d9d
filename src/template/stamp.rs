//! The stamp: a very hidden sheet that says whose workbook this is, under
//! which pack it was issued, and which sheet holds which form. It survives
//! renaming of the file and of the sheets.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::fingerprint::sha256_hex;
use crate::form::shown;
use crate::policy::{Form, Kind, Policy};
use crate::roster::Unit;
use crate::sheet::{Cell, FoundSheet, Look, Sheet, Visibility};

/// Name of the stamp's sheet.
pub const STAMP_SHEET: &str = "_kaohe";

/// The layout of the stamp that this program writes and reads.
const FORMAT: &str = "1";

/// What a workbook says about itself. All of it is text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Id of the pack.
    pub pack: String,
    /// Version of the pack.
    pub version: String,
    /// Hash of the pack.
    pub pack_hash: String,
    /// Year of the assessment.
    pub year: String,
    /// Round of reporting.
    pub round: String,
    /// Code of the unit.
    pub unit: String,
    /// Name of the unit when the workbook was issued.
    pub unit_name: String,
    /// Kind of the unit (id of the pack); empty in workbooks that were issued
    /// before this was written.
    pub kind: String,
    /// How often the workbook was returned for correction; 0 as it was issued.
    pub revision: u32,
    /// Name of the sheet by form id.
    pub forms: IndexMap<String, String>,
    /// Hash of the form by form id, see [`form_hash`].
    pub hashes: IndexMap<String, String>,
}

impl Stamp {
    /// The stamp of a unit's workbook with the given forms.
    pub fn new<'a>(
        policy: &Policy,
        unit: &Unit,
        forms: impl IntoIterator<Item = &'a Form>,
    ) -> Self {
        let mut stamp = Stamp {
            pack: policy.pack.id.clone(),
            version: policy.pack.version.clone(),
            pack_hash: policy.hash.clone(),
            year: policy.pack.year.to_string(),
            round: policy.pack.round.to_string(),
            unit: unit.code.clone(),
            unit_name: unit.name.clone(),
            kind: unit.kind.clone(),
            ..Stamp::default()
        };
        for form in forms {
            stamp.forms.insert(form.id.clone(), form.sheet.clone());
            stamp.hashes.insert(form.id.clone(), form_hash(form));
        }
        stamp
    }

    /// The stamp as a sheet: keys in the first column, values in the second.
    pub fn to_sheet(&self) -> Sheet {
        let mut lines: Vec<(String, &str)> = [
            ("format", FORMAT),
            ("pack", &self.pack),
            ("version", &self.version),
            ("pack_hash", &self.pack_hash),
            ("year", &self.year),
            ("round", &self.round),
            ("unit", &self.unit),
            ("unit_name", &self.unit_name),
            ("kind", &self.kind),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let revision = self.revision.to_string();
        if self.revision > 0 {
            lines.push(("revision".to_owned(), &revision));
        }
        for (prefix, values) in [("form", &self.forms), ("hash", &self.hashes)] {
            lines.extend(
                values
                    .iter()
                    .map(|(id, v)| (format!("{prefix}.{id}"), v.as_str())),
            );
        }
        stamp_sheet(lines)
    }

    /// The stamp on a sheet that came back, if it is one.
    pub fn from_sheet(sheet: &FoundSheet) -> Option<Stamp> {
        let lines = stamp_lines(sheet, FORMAT)?;
        let text = |key: &str| lines.get(key).cloned();
        let below = |prefix: &str| {
            lines
                .iter()
                .filter_map(|(key, value)| Some((key.strip_prefix(prefix)?, value)))
                .map(|(id, value)| (id.to_owned(), value.clone()))
                .collect()
        };
        Some(Stamp {
            pack: text("pack")?,
            version: text("version").unwrap_or_default(),
            pack_hash: text("pack_hash").unwrap_or_default(),
            year: text("year")?,
            round: text("round").unwrap_or_default(),
            unit: text("unit")?,
            unit_name: text("unit_name").unwrap_or_default(),
            kind: text("kind").unwrap_or_default(),
            revision: text("revision").and_then(|r| r.parse().ok()).unwrap_or(0),
            forms: below("form."),
            hashes: below("hash."),
        })
    }
}

/// A very hidden sheet that says what a workbook is, in lines of two texts.
pub fn stamp_sheet<K: Into<String>, V: Into<String>>(
    lines: impl IntoIterator<Item = (K, V)>,
) -> Sheet {
    let mut sheet = Sheet::new(STAMP_SHEET);
    sheet.visibility = Visibility::VeryHidden;
    sheet.protected = true;
    for (row, (key, value)) in (0..).zip(lines) {
        sheet.text(Cell::new(row, 0), key, Look::Plain.into());
        sheet.text(Cell::new(row, 1), value, Look::Plain.into());
    }
    sheet
}

/// The lines of such a sheet in a format, if it is one. It may be hidden in any way,
/// cells may have moved, and texts that look like numbers may have become numbers.
pub fn stamp_lines(sheet: &FoundSheet, format: &str) -> Option<IndexMap<String, String>> {
    if sheet.name.trim() != STAMP_SHEET {
        return None;
    }
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (cell, found) in &sheet.cells {
        let text = shown(found).trim().to_owned();
        if !text.is_empty() {
            rows.entry(cell.row).or_default().push(text);
        }
    }
    let lines = rows.into_values().filter_map(|row| {
        let mut cells = row.into_iter();
        Some((cells.next()?, cells.next()?))
    });
    let lines: IndexMap<String, String> = lines.collect();
    (lines.get("format")? == format).then_some(lines)
}

/// Hash over what decides how a form is read: its id, and each field's id,
/// kind and header. The first 16 hexadecimal digits of SHA-256.
pub fn form_hash(form: &Form) -> String {
    let mut whole = Vec::new();
    let mut add = |part: &str| {
        whole.extend((part.len() as u64).to_le_bytes());
        whole.extend(part.as_bytes());
    };
    add(&form.id);
    for field in form.fields.values() {
        add(&field.id);
        add(&kind_word(&field.kind));
        add(&field.header);
    }
    let mut hash = sha256_hex(&whole);
    hash.truncate(16);
    hash
}

/// A word for a kind that never changes, whatever the type is called.
fn kind_word(kind: &Kind) -> String {
    let word = match kind {
        Kind::Text => "text",
        Kind::Code => "code",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Money => "money",
        Kind::Percent => "percent",
        Kind::Date => "date",
        Kind::Choice(list) => return format!("choice {list}"),
        Kind::YesNo => "yesno",
        Kind::Member => "member",
        Kind::Village => "village",
        Kind::Unit => "unit",
        Kind::UnitKind => "unit_kind",
        Kind::Phone => "phone",
    };
    word.to_owned()
}
