//! .xlsx and .xlsm: cells from an iterator, never a grid from what the file
//! claims.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Cursor, Read};

use calamine::{Reader, SheetType, Xlsx, XlsxError};
use quick_xml::events::{BytesStart, Event};

use super::value::{position, value};
use super::{FoundSheet, OpenError, Room, area, attribute, begun, damaged, listed};

/// Most bytes that are read of one part to find its hidden rows.
const PART_LIMIT: u64 = 256 << 20;

/// Reads every sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<FoundSheet>, OpenError> {
    let mut file = Xlsx::new(Cursor::new(bytes))?;
    let mut hidden = hidden_rows(bytes).unwrap_or_default();
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for sheet in listed(file.sheets_metadata())? {
        let mut found = begun(&sheet);
        found.days_of_1904 = file.has_1904_epoch();
        found.hidden_rows = hidden.remove(&sheet.name).unwrap_or_default();
        // A sheet that is only a chart has no cells.
        if sheet.typ == SheetType::WorkSheet {
            read_sheet(&mut file, &mut found, &mut room)?;
            let merges = file.merge_cells_by_sheet_name(&sheet.name)?;
            found.merges = merges.iter().filter_map(area).collect();
        }
        sheets.push(found);
    }
    Ok(sheets)
}

/// Reads the cells of a sheet in the order of the file.
fn read_sheet(
    file: &mut Xlsx<Cursor<&[u8]>>,
    found: &mut FoundSheet,
    room: &mut Room,
) -> Result<(), OpenError> {
    let mac = file.has_1904_epoch();
    let mut reader = file.worksheet_cells_reader(&found.name)?;
    let broken = |what: &str| damaged(format!("工作表“{}”{what}", found.name));
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        let cell = position(record.pos).ok_or_else(|| broken("有单元格超出范围"))?;
        if record.formula.is_some() && !found.formulas.insert(cell) {
            return Err(broken("有重复的单元格"));
        }
        let Some(value) = value(record.value, mac) else {
            continue;
        };
        room.take(&value)?;
        if found.cells.insert(cell, value).is_some() {
            return Err(broken("有重复的单元格"));
        }
    }
    // Reading on to the end of the part makes the container check its sum.
    loop {
        match reader.next_cell_with_formula_metadata() {
            Err(XlsxError::Xml(e)) => return Err(damaged(e)),
            Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

impl From<XlsxError> for OpenError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => OpenError::Protected,
            other => damaged(other),
        }
    }
}

/// Rows that are hidden, by the sheet's name. The library does not tell, so the
/// parts are read once more; none if they are not as expected, since nothing
/// but a remark hangs on it.
fn hidden_rows(bytes: &[u8]) -> Option<BTreeMap<String, BTreeSet<u32>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    each_tag(&mut archive, "xl/_rels/workbook.xml.rels", |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            targets.insert(id, target);
        }
    })?;
    let mut parts: Vec<(String, String)> = Vec::new();
    each_tag(&mut archive, "xl/workbook.xml", |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "r:id"))
            && let Some(target) = targets.get(&id)
        {
            let part = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            parts.push((name, part));
        }
    })?;
    let mut hidden = BTreeMap::new();
    for (name, part) in parts {
        let mut rows = BTreeSet::new();
        let mut next = 0;
        each_tag(&mut archive, &part, |tag| {
            if tag.local_name().as_ref() != "row" {
                return;
            }
            let number = attribute(tag, "r").and_then(|r| r.parse::<u32>().ok());
            let row = number.and_then(|r| r.checked_sub(1)).unwrap_or(next);
            next = row.saturating_add(1);
            if attribute(tag, "hidden").is_some_and(|h| h == "1" || h == "true") {
                rows.insert(row);
            }
        });
        hidden.insert(name, rows);
    }
    Some(hidden)
}

/// Calls back for each tag of a part.
fn each_tag(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    part: &str,
    mut on: impl FnMut(&BytesStart<'_>),
) -> Option<()> {
    let part = archive.by_name(part).ok()?.take(PART_LIMIT);
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) => on(&tag),
            Event::Eof => return Some(()),
            _ => {}
        }
        buffer.clear();
    }
}
