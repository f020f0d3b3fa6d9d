//! .ods. The library reads it as a whole, never ends on a part that is cut off,
//! takes everything between tags for damage that it does not expect there, and
//! does not tell merged cells or hidden rows: so the content is looked over, and
//! what it reads is written anew, of cells and nothing else.

use std::io::Cursor;

use calamine::{Ods, OdsError, Reader};

use super::ods_xml::{self, Seen};
use super::room::{Room, too_many_sheets};
use super::{fill, ods_beside, ods_plain, seen};
use crate::sheet::parts::{Parts, Stored};
use crate::sheet::refused::{damaged, unknown};
use crate::sheet::{Found, FoundSheet, OpenError, limits};

/// How the parts of a workbook are called, and what they say of it.
const KIND: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
const MANIFEST: (&str, &str) = ("META-INF/manifest.xml", "<manifest:manifest/>");
const CONTENT: &str = "content.xml";

/// Reads every sheet.
pub(super) fn read(parts: Parts) -> Result<Vec<FoundSheet>, OpenError> {
    let content = parts.get(CONTENT).ok_or_else(|| damaged("没有内容"))?;
    let seen = ods_xml::look_over(content)?;
    if seen.is_empty() {
        return Err(damaged("没有工作表"));
    }
    if seen.len() > limits::SHEETS {
        return Err(too_many_sheets(seen.len()));
    }
    let plain = ods_plain::plain(content, &seen)?;
    let named = parts.get("styles.xml").unwrap_or_default();
    let mut besides = ods_beside::of(named, content);
    drop(parts);
    let mut made = Stored::new(plain.len() + 1024);
    for (name, text) in [KIND, MANIFEST, (CONTENT, &plain)] {
        made.add(name, text.as_bytes())?;
    }
    drop(plain);
    let mut file = Ods::new(Cursor::new(made.finish()?))?;
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for (at, seen) in seen.into_iter().enumerate() {
        let Seen {
            name,
            visibility,
            merges,
            hidden_rows,
            used,
            ..
        } = seen;
        let mut found = FoundSheet {
            name,
            visibility,
            merges,
            hidden_rows,
            ..FoundSheet::default()
        };
        let own = ods_xml::own_name(at);
        let formulas = file.worksheet_formula(&own)?;
        let (top, left) = formulas.start().unwrap_or_default();
        let places = formulas.used_cells().filter_map(|(row, column, _)| {
            let row = u32::try_from(row).ok()?.checked_add(top)?;
            let column = u32::try_from(column).ok()?.checked_add(left)?;
            used.cell(row, column)
        });
        found.formulas = places.collect();
        let cells = file.worksheet_range(&own)?;
        fill(&mut found, &cells, &used, &mut room)?;
        for cell in &found.formulas {
            if let Some(value) = found.cells.remove(cell) {
                found.cells.insert(*cell, error(value));
            }
        }
        if let Some(seen) = besides.remove(&at) {
            for one in &seen.attached {
                room.attached(one, &found.name)?;
            }
            found.attached = seen.attached;
            seen::add_to(&mut found, seen.cells, &mut room)?;
        }
        sheets.push(found);
    }
    Ok(sheets)
}

/// An error of a formula is a text in this format.
fn error(value: Found) -> Found {
    match value {
        Found::Text(text)
            if (text.starts_with('#') && text.ends_with(['!', '?', 'A']))
                || text.starts_with("Err:") =>
        {
            Found::Error(text)
        }
        other => other,
    }
}

impl From<OdsError> for OpenError {
    fn from(error: OdsError) -> Self {
        match error {
            OdsError::Password => OpenError::Protected,
            OdsError::ParseInt(_) | OdsError::ParseFloat(_) => damaged("有单元格的数字写法不对"),
            _ => unknown("内容的写法不认识"),
        }
    }
}
