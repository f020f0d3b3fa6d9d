//! .xlsx and .xlsm: cells from an iterator, never a grid from what the file
//! claims.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use memchr::memmem;
use quick_xml::events::{BytesStart, Event};

use super::value::{position, value};
use super::{FoundSheet, OpenError, Room, attribute, begun, damaged, listed};
use crate::sheet::parts::Parts;

/// Reads the sheets whose names are wanted.
pub(super) fn read(
    mut parts: Parts,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<FoundSheet>, OpenError> {
    // What the library sees has been looked over, whoever points to it.
    parts.retain(|name| {
        let name = name.to_lowercase();
        name.ends_with(".xml") || name.ends_with(".rels")
    });
    let hidden_by_part = look_over(&parts)?;
    let book = workbook_part(&parts).ok_or_else(|| damaged("没有工作簿这一部件"))?;
    let mut hidden = hidden_rows(&parts, &book, hidden_by_part).unwrap_or_default();
    let stored = parts.stored()?;
    drop(parts);
    let mut file = Xlsx::new(Cursor::new(stored.as_slice()))?;
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for sheet in listed(file.sheets_metadata())? {
        if !wanted(&sheet.name) {
            continue;
        }
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
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        room.record()?;
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

/// Looks through every part that may be read as a sheet, and gives the rows that
/// are hidden, by the part's name in small letters.
///
/// # Errors
/// When a value is seen that the library would read as another one, or a part
/// that can be read in more than one way.
fn look_over(parts: &Parts) -> Result<BTreeMap<String, BTreeSet<u32>>, OpenError> {
    let odd = || damaged("单元格的值写法异常");
    let mut hidden = BTreeMap::new();
    for (name, content) in parts.iter() {
        if memmem::find(content, b"sheetData").is_none() {
            continue;
        }
        let mut rows = BTreeSet::new();
        let mut next = 0;
        let mut values = Values::default();
        let mut reader = quick_xml::Reader::from_reader(content);
        loop {
            // What is not well formed can be read in more than one way.
            let event = reader.read_event().map_err(|_| odd())?;
            if values.is_odd(&event) {
                return Err(odd());
            }
            match &event {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                    let number = attribute(tag, "r").and_then(|r| r.parse::<u32>().ok());
                    let row = number.and_then(|r| r.checked_sub(1)).unwrap_or(next);
                    next = row.saturating_add(1);
                    if attribute(tag, "hidden").is_some_and(|h| h == "1" || h == "true") {
                        rows.insert(row);
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        hidden.insert(name.to_lowercase(), rows);
    }
    Ok(hidden)
}

/// Name of the workbook's part, as the library finds it; none if it is not
/// there.
fn workbook_part(parts: &Parts) -> Option<String> {
    let mut target = None;
    each_tag(parts, "_rels/.rels", |tag| {
        let kind = attribute(tag, "Type").unwrap_or_default();
        if kind.ends_with("/relationships/officeDocument") {
            target = attribute(tag, "Target").or(target.take());
        }
    })?;
    let target = target.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let part = target.trim_start_matches('/').to_owned();
    parts.get(&part).is_some().then_some(part)
}

/// Rows that are hidden, by the sheet's name. The library does not tell; none
/// if the parts are not as expected, since nothing but a remark hangs on it.
fn hidden_rows(
    parts: &Parts,
    book: &str,
    mut by_part: BTreeMap<String, BTreeSet<u32>>,
) -> Option<BTreeMap<String, BTreeSet<u32>>> {
    let mut hidden = BTreeMap::new();
    each_sheet(parts, book, |name, part| {
        hidden.insert(name, by_part.remove(&part).unwrap_or_default());
    })?;
    Some(hidden)
}

/// The parts, in small letters, of the sheets whose names are wanted; none if
/// that is not said in the usual way.
pub(in crate::sheet) fn parts_of(
    parts: &Parts,
    wanted: impl Fn(&str) -> bool,
) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    each_sheet(parts, "xl/workbook.xml", |name, part| {
        if wanted(&name) {
            found.insert(part);
        }
    })?;
    Some(found)
}

/// Calls back for each sheet with its name and its part in small letters; none
/// if the workbook's part cannot be read.
fn each_sheet(parts: &Parts, book: &str, mut on: impl FnMut(String, String)) -> Option<()> {
    let (folder, file) = book.split_at(book.rfind('/').map_or(0, |at| at + 1));
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    each_tag(parts, &format!("{folder}_rels/{file}.rels"), |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            targets.insert(id, target);
        }
    })?;
    each_tag(parts, book, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), relationship(tag))
            && let Some(target) = targets.get(&id)
        {
            let part = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_lowercase(),
                None => format!("{folder}{target}").to_lowercase(),
            };
            on(name, part);
        }
    })
}

/// Calls back for each tag of a part; none if it is not there or not well
/// formed.
fn each_tag(parts: &Parts, part: &str, mut on: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(parts.get(part)?);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => on(&tag),
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

/// Follows the values of cells through a part.
#[derive(Default)]
struct Values {
    /// Type of the cell in which the reading stands.
    cell: Option<String>,
    value: Value,
}

/// Where the reading stands.
#[derive(Default)]
enum Value {
    /// Not in a value.
    #[default]
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

impl Values {
    /// Takes the next event. Says whether the library would take this piece of a
    /// value for something else.
    fn is_odd(&mut self, event: &Event<'_>) -> bool {
        let is_odd = self.value.is_odd(event);
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => self.cell = Some(attribute(tag, "t").unwrap_or_default()),
                "v" => {
                    if let Some(kind) = &self.cell {
                        self.value = match TEXTS.contains(&kind.as_str()) {
                            true => Value::Text,
                            false => Value::Plain {
                                pieces: 0,
                                is_index: kind == "s",
                            },
                        };
                    }
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => *self = Values::default(),
                "v" => self.value = Value::Outside,
                _ => {}
            },
            _ => {}
        }
        is_odd
    }
}

impl Value {
    /// Of a number the library reads only the first piece, and takes blanks about
    /// the number of a shared text for number 0; of a text it loses CDATA.
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
