//! .ods. The library reads it as a whole, never ends on a part that is cut
//! off, and does not tell merged cells or hidden rows: so the content is
//! looked over first.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Ods, OdsError, Reader};
use quick_xml::events::{BytesStart, Event};

use super::value::position;
use super::{
    Area, Found, FoundSheet, OpenError, Room, attribute, begun, beside, damaged, fill, listed,
    ods_beside,
};
use crate::sheet::limits;
use crate::sheet::parts::Parts;

/// More cells than this in a row are blank ones up to the edge of the sheet.
pub(super) const COLUMNS: u32 = 16_384;
/// Rows of a sheet.
pub(super) const ROWS: u32 = 1_048_576;

/// Reads every sheet.
pub(super) fn read(mut parts: Parts) -> Result<Vec<FoundSheet>, OpenError> {
    let content = parts
        .get("content.xml")
        .ok_or_else(|| damaged("没有内容"))?;
    let mut seen = look_over(content)?;
    let named = parts.get("styles.xml").unwrap_or_default();
    let mut besides = ods_beside::of(named, content);
    parts.retain(|part| KEPT.contains(&part));
    let mut file = Ods::new(Cursor::new(without_blanks(parts)?))?;
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for sheet in listed(file.sheets_metadata())? {
        let mut found = begun(&sheet);
        let formulas = file.worksheet_formula(&sheet.name)?;
        let cells = file.worksheet_range(&sheet.name)?;
        fill(&mut found, &cells, &formulas, &mut room)?;
        for cell in &found.formulas {
            if let Some(value) = found.cells.remove(cell) {
                found.cells.insert(*cell, error(value));
            }
        }
        if let Some(seen) = seen.remove(&sheet.name) {
            found.merges = seen.merges;
            found.hidden_rows = seen.hidden_rows;
        }
        if let Some(seen) = besides.remove(&sheet.name) {
            for one in &seen.attached {
                room.attached(one)?;
            }
            found.attached = seen.attached;
            beside::add_to(&mut found, seen.cells, &mut room)?;
        }
        sheets.push(found);
    }
    Ok(sheets)
}

/// The workbook without the blanks that some programs put between tags to make
/// them look neat: the library takes them for damage. Text of cells is kept.
fn without_blanks(parts: Parts) -> Result<Vec<u8>, OpenError> {
    let parts = parts.with(|name, content| match name {
        "content.xml" => {
            let mut made = Vec::with_capacity(content.len());
            copy_content(content, &mut made)?;
            Ok(Some(made))
        }
        _ => Ok(None),
    })?;
    parts.stored()
}

/// The parts of a workbook that the library reads.
const KEPT: [&str; 3] = ["mimetype", "META-INF/manifest.xml", "content.xml"];

/// Copies the content without texts that stand in no paragraph, and without the
/// shapes over cells, whose texts the library takes for those of the cells.
fn copy_content(from: &[u8], to: impl std::io::Write) -> Result<(), OpenError> {
    let mut reader = quick_xml::Reader::from_reader(from);
    let mut writer = quick_xml::Writer::new(to);
    let (mut paragraphs, mut shapes) = (0_u32, 0_u32);
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(damaged)?;
        match &event {
            Event::Eof => return Ok(()),
            Event::Start(tag) if tag.name().as_ref().starts_with("draw:") => {
                shapes += 1;
                buffer.clear();
                continue;
            }
            Event::End(tag) if tag.name().as_ref().starts_with("draw:") => {
                shapes = shapes.saturating_sub(1);
                buffer.clear();
                continue;
            }
            _ if shapes > 0 => {
                buffer.clear();
                continue;
            }
            Event::Start(tag) if tag.name().as_ref() == "text:p" => paragraphs += 1,
            Event::End(tag) if tag.name().as_ref() == "text:p" => {
                paragraphs = paragraphs.saturating_sub(1);
            }
            Event::Text(text) if paragraphs == 0 => {
                let text: &str = text.as_ref();
                if text.trim().is_empty() {
                    buffer.clear();
                    continue;
                }
            }
            _ => {}
        }
        writer.write_event(event).map_err(damaged)?;
        buffer.clear();
    }
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

/// What the library does not tell of a sheet.
#[derive(Default)]
struct Seen {
    merges: Vec<Area>,
    hidden_rows: BTreeSet<u32>,
    row: u32,
    column: u32,
    last_filled: (u32, u32),
}

impl Seen {
    /// Cells in the rectangle of what is filled.
    fn grid(&self) -> u64 {
        u64::from(self.last_filled.0) * u64::from(self.last_filled.1)
    }
}

/// What was seen of all sheets together.
#[derive(Default)]
struct Whole {
    grid: u64,
    merges: usize,
}

impl Whole {
    fn end_sheet(&mut self, seen: &Seen) {
        self.grid += seen.grid();
    }
}

/// Looks through the content from end to end.
fn look_over(content: &[u8]) -> Result<BTreeMap<String, Seen>, OpenError> {
    let mut reader = quick_xml::Reader::from_reader(content);
    let mut whole = Whole::default();
    let mut sheets: BTreeMap<String, Seen> = BTreeMap::new();
    let mut current: Option<(String, Seen)> = None;
    let mut rows_repeated = 1;
    let mut buffer = Vec::new();
    let mut closed = false;
    loop {
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                let name = attribute(&tag, "table:name").unwrap_or_default();
                current = Some((name, Seen::default()));
            }
            Event::End(tag) => match tag.name().as_ref() {
                "table:table" => {
                    if let Some((name, seen)) = current.take() {
                        whole.end_sheet(&seen);
                        if sheets.insert(name, seen).is_some() {
                            return Err(damaged("有两个同名的工作表"));
                        }
                    }
                }
                "table:table-row" => {
                    if let Some((_, seen)) = &mut current {
                        seen.row = seen.row.saturating_add(rows_repeated);
                    }
                }
                "office:document-content" => closed = true,
                _ => {}
            },
            Event::Start(tag) => {
                if let Some((_, seen)) = &mut current {
                    on_tag(&tag, seen, &mut rows_repeated, &mut whole)?;
                }
            }
            Event::Empty(tag) => {
                if let Some((_, seen)) = &mut current {
                    on_tag(&tag, seen, &mut rows_repeated, &mut whole)?;
                    if tag.name().as_ref() == "table:table-row" {
                        seen.row = seen.row.saturating_add(rows_repeated);
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if closed {
        Ok(sheets)
    } else {
        Err(damaged("内容不完整"))
    }
}

/// A row or a cell.
fn on_tag(
    tag: &BytesStart<'_>,
    seen: &mut Seen,
    rows: &mut u32,
    whole: &mut Whole,
) -> Result<(), OpenError> {
    let number = |name: &str| {
        // What does not fit at all the library refuses.
        let number = attribute(tag, name)?.parse::<u64>().ok()?;
        Some(u32::try_from(number).unwrap_or(u32::MAX))
    };
    match tag.name().as_ref() {
        "table:table-row" => {
            *rows = number("table:number-rows-repeated")
                .unwrap_or(1)
                .clamp(1, ROWS);
            seen.column = 0;
            let visibility = attribute(tag, "table:visibility");
            if visibility.is_some_and(|v| v != "visible") && *rows < ROWS / 2 {
                let end = seen.row.saturating_add(*rows).min(ROWS);
                seen.hidden_rows.extend(seen.row..end);
            }
        }
        "table:table-cell" | "table:covered-table-cell" => {
            let across = number("table:number-columns-spanned")
                .unwrap_or(1)
                .clamp(1, COLUMNS);
            let down = number("table:number-rows-spanned")
                .unwrap_or(1)
                .clamp(1, ROWS);
            let repeated = number("table:number-columns-repeated")
                .unwrap_or(1)
                .clamp(1, COLUMNS);
            let first = (seen.row, seen.column);
            let last = (
                first.0.saturating_add(down - 1),
                first.1.saturating_add(across - 1),
            );
            if across > 1 || down > 1 {
                let cells = (position(first), position(last));
                if let (Some(first), Some(last)) = cells {
                    seen.merges.push(Area::new(first, last));
                    whole.merges += 1;
                }
            }
            seen.column = seen.column.saturating_add(repeated);
            if is_filled(tag) {
                let end = (seen.row.saturating_add(*rows), seen.column);
                seen.last_filled.0 = seen.last_filled.0.max(end.0);
                seen.last_filled.1 = seen.last_filled.1.max(end.1);
                if whole.grid + seen.grid() > limits::GRID || whole.merges > limits::MERGES {
                    return Err(OpenError::TooLarge);
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether the library takes a cell for one that is not empty, and so repeats it
/// as often as it says.
pub(super) fn is_filled(tag: &BytesStart<'_>) -> bool {
    tag.attributes().filter_map(Result::ok).any(|attribute| {
        let key: &str = attribute.key.as_ref();
        key.starts_with("office:") || key == "table:formula" || key == "calcext:value-type"
    })
}

impl From<OdsError> for OpenError {
    fn from(error: OdsError) -> Self {
        match error {
            OdsError::Password => OpenError::Protected,
            other => damaged(other),
        }
    }
}
