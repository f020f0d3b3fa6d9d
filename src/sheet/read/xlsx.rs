//! .xlsx and .xlsm: cells from an iterator, never a grid from what the file
//! claims.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use quick_xml::events::{BytesStart, Event};

use super::value::{position, value};
use super::{FoundSheet, OpenError, Room, attribute, begun, damaged, listed};
use crate::sheet::limits;
use crate::sheet::parts::Parts;

/// Reads every sheet.
pub(super) fn read(parts: &Parts) -> Result<Vec<FoundSheet>, OpenError> {
    let stored = parts.stored()?;
    let mut file = Xlsx::new(Cursor::new(stored.as_slice()))?;
    let mut odd = false;
    let mut hidden = hidden_rows(parts, &mut odd).unwrap_or_default();
    if odd {
        return Err(damaged("单元格的值写法异常"));
    }
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
            found.merges = room.merged(&merges)?;
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
    let mut seen = 0;
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        // Cells that hold nothing but a format count as well: there is no end to
        // them otherwise.
        seen += 1;
        if seen > 2 * limits::CELLS {
            return Err(OpenError::TooLarge);
        }
        let cell = position(record.pos).ok_or_else(|| broken("有单元格超出范围"))?;
        // A formula that gives the empty text gives an empty cell, and no lost result.
        let empty = matches!(&record.value, DataRef::String(text) if text.is_empty());
        if record.formula.is_some() && !empty && !found.formulas.insert(cell) {
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
    Ok(())
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
/// but a remark hangs on it. `odd` is set when a value is seen that the library
/// would read as another one.
fn hidden_rows(parts: &Parts, odd: &mut bool) -> Option<BTreeMap<String, BTreeSet<u32>>> {
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    each_tag(parts, "xl/_rels/workbook.xml.rels", odd, |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            targets.insert(id, target);
        }
    })?;
    let mut sheets: Vec<(String, String)> = Vec::new();
    each_tag(parts, "xl/workbook.xml", odd, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), relationship(tag))
            && let Some(target) = targets.get(&id)
        {
            let part = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            sheets.push((name, part));
        }
    })?;
    let mut hidden = BTreeMap::new();
    for (name, part) in sheets {
        let mut rows = BTreeSet::new();
        let mut next = 0;
        each_tag(parts, &part, odd, |tag| {
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

/// Calls back for each tag of a part, and looks at each value on the way.
fn each_tag(
    parts: &Parts,
    part: &str,
    odd: &mut bool,
    mut on: impl FnMut(&BytesStart<'_>),
) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(parts.get(part)?);
    let mut value = Value::Outside;
    let mut kind = String::new();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) => {
                // What is not well formed can be read in more than one way.
                *odd = true;
                return None;
            }
        };
        *odd |= value.is_odd(&event);
        match event {
            Event::Start(tag) => {
                match tag.local_name().as_ref() {
                    "c" => kind = attribute(&tag, "t").unwrap_or_default(),
                    "v" if TEXTS.contains(&kind.as_str()) => value = Value::Text,
                    "v" => {
                        value = Value::Plain {
                            pieces: 0,
                            is_index: kind == "s",
                        };
                    }
                    _ => {}
                }
                on(&tag);
            }
            Event::Empty(tag) => on(&tag),
            Event::End(tag) if tag.local_name().as_ref() == "v" => value = Value::Outside,
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// The id of a relationship, whatever the prefix of its namespace is.
fn relationship(tag: &BytesStart<'_>) -> Option<String> {
    let mut attributes = tag.attributes().filter_map(Result::ok);
    let found = attributes.find(|a| {
        let key: &str = a.key.as_ref();
        key == "id" || key.ends_with(":id")
    })?;
    let text = quick_xml::escape::unescape(&found.value).ok()?;
    Some(text.into_owned())
}

/// Types of cells whose values are texts, in which blanks mean something.
const TEXTS: [&str; 3] = ["str", "inlineStr", "d"];

/// Where the reading stands.
enum Value {
    /// Not in a value.
    Outside,
    /// In a text.
    Text,
    /// In a number, or what is spelt like one.
    Plain {
        /// Pieces so far.
        pieces: u32,
        /// It is the number of a shared text.
        is_index: bool,
    },
}

impl Value {
    /// Whether the library would take this piece of a value for something else:
    /// of a number it reads only the first piece, and takes blanks about the
    /// number of a shared text for number 0; of a text it loses CDATA.
    fn is_odd(&mut self, event: &Event<'_>) -> bool {
        match self {
            Value::Outside => false,
            Value::Text => matches!(event, Event::CData(_)),
            Value::Plain { pieces, is_index } => match event {
                Event::End(_) => false,
                Event::Text(text) => {
                    *pieces += 1;
                    let text: &str = text.as_ref();
                    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
                    *pieces > 1 || text.trim() != text || (*is_index && !is_number)
                }
                _ => true,
            },
        }
    }
}
