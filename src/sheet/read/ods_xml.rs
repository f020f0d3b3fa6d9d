//! The content of an .ods, looked over from end to end, and written anew with its
//! cells and nothing else, without the rows and columns in which nothing stands.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::room::{Room, too_large_a_grid, too_many_cells};
use super::used::Used;
use super::value::position;
use crate::sheet::refused::{damaged, short_name, two_ways, unknown};
use crate::sheet::xml::{attribute, on_attribute};
use crate::sheet::{Area, Cell, OpenError, Visibility, limits};

/// More cells than this in a row are blank ones up to the edge of the sheet.
pub(super) const COLUMNS: u32 = 16_384;
/// Rows of a sheet.
pub(super) const ROWS: u32 = 1_048_576;
/// The prefixes that everybody uses, and what they stand for.
const SPACES: [(&str, &str); 3] = [
    ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
];
/// What stands in a cell, or in its text, and is no part of what is read there:
/// notes, drawings, tables, and how characters are pronounced.
pub(super) const NOT_READ: [&str; 9] = [
    "office:annotation",
    "office:annotation-end",
    "office:event-listeners",
    "table:table",
    "table:detective",
    "table:cell-range-source",
    "text:ruby-text",
    "text:note",
    "text:tracked-changes",
];

/// A sheet, with what the library does not tell of it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub name: String,
    pub visibility: Visibility,
    pub merges: Vec<Area>,
    pub hidden_rows: BTreeSet<u32>,
    /// Rows and columns in which anything stands.
    pub used: Used,
    rows: BTreeSet<u32>,
    columns: BTreeSet<u32>,
    row: u32,
    column: u32,
    repeated: u32,
}

/// How a sheet is called towards the library.
pub(super) fn own_name(at: usize) -> String {
    format!("s{at}")
}

/// Where the reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Above the sheets.
    Above,
    Spreadsheet,
    Table,
    /// In what holds rows together.
    Rows,
    Row,
    Cell,
    /// In a paragraph of a cell.
    Paragraph,
    /// In what is not read.
    Other,
}

/// Where an element leads from where it stands.
pub(super) fn step(parent: Option<At>, name: &str) -> At {
    let is_drawn = name.starts_with("draw:") || name.starts_with("dr3d:");
    match (parent, name) {
        (None | Some(At::Above), "office:spreadsheet") => At::Spreadsheet,
        (None | Some(At::Above), _) => At::Above,
        (Some(At::Spreadsheet), "table:table") => At::Table,
        (Some(At::Table | At::Rows), "table:table-row") => At::Row,
        (
            Some(At::Table | At::Rows),
            "table:table-rows" | "table:table-row-group" | "table:table-header-rows",
        ) => At::Rows,
        (Some(At::Row), "table:table-cell" | "table:covered-table-cell") => At::Cell,
        (Some(At::Cell | At::Paragraph), name) if is_drawn || NOT_READ.contains(&name) => At::Other,
        (Some(At::Cell), "text:p" | "text:h") => At::Paragraph,
        // What holds paragraphs or pieces of them together.
        (Some(At::Cell), name) if name.starts_with("text:") => At::Cell,
        (Some(At::Paragraph), _) => At::Paragraph,
        _ => At::Other,
    }
}

/// Goes through the content: what begins, where; what ends; and what stands
/// between.
pub(super) fn each<T>(
    content: &[u8],
    on: &mut T,
    begin: impl Fn(&mut T, Option<At>, At, &BytesStart<'_>) -> Result<(), OpenError>,
    end: impl Fn(&mut T, At, &str) -> Result<(), OpenError>,
    between: impl Fn(&mut T, Option<At>, &Event<'_>),
) -> Result<(), OpenError> {
    let mut reader = Reader::from_reader(content);
    let mut stack: Vec<At> = Vec::new();
    let mut is_over = false;
    loop {
        let event = reader
            .read_event()
            .map_err(|_| damaged("内容不完整或不合规范"))?;
        let parent = stack.last().copied();
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                is_over = false;
                let name = tag.name();
                let at = step(parent, name.as_ref());
                begin(on, parent, at, tag)?;
                match event {
                    Event::Start(_) => stack.push(at),
                    _ => end(on, at, name.as_ref())?,
                }
            }
            Event::End(tag) => {
                if let Some(at) = stack.pop() {
                    end(on, at, tag.name().as_ref())?;
                }
                is_over = stack.is_empty();
            }
            Event::Eof if is_over => return Ok(()),
            Event::Eof => return Err(damaged("内容不完整")),
            other => between(on, parent, other),
        }
    }
}

/// What was seen so far.
#[derive(Default)]
struct Look {
    sheets: Vec<Seen>,
    names: HashSet<String>,
    /// Whether sheets of a style are seen.
    shown: BTreeMap<String, bool>,
    /// The style that is being described.
    style: Option<String>,
    /// Cells in the grids of the sheets before.
    grid: u64,
    merges: usize,
    /// Texts so far, each as often as there are cells with it.
    room: Room,
    cell: InCell,
}

/// The cell in which the reading stands.
#[derive(Default)]
struct InCell {
    /// Bytes of its text and its formula.
    length: usize,
    /// How many cells it stands for.
    times: usize,
}

/// Looks through the content from end to end.
///
/// # Errors
/// When it is cut off or damaged, or there is more than the program takes.
pub(super) fn look_over(content: &[u8]) -> Result<Vec<Seen>, OpenError> {
    let mut look = Look::default();
    each(content, &mut look, Look::begin, Look::end, Look::between)?;
    Ok(look.sheets)
}

impl Look {
    fn begin(&mut self, parent: Option<At>, at: At, tag: &BytesStart<'_>) -> Result<(), OpenError> {
        declares_the_usual(tag)?;
        let name = tag.name();
        match at {
            At::Above => match name.as_ref() {
                "style:style" => self.style = attribute(tag, "style:name"),
                "style:table-properties" => {
                    let shown = on_attribute(tag, "table:display", |shown| shown != "false");
                    if let (Some(style), Some(shown)) = (self.style.take(), shown) {
                        self.shown.insert(style, shown);
                    }
                }
                _ => {}
            },
            At::Table if parent == Some(At::Spreadsheet) => self.table(tag)?,
            At::Row => self.row(tag),
            At::Cell if parent == Some(At::Row) => self.cell(tag)?,
            At::Paragraph if name.as_ref() == "text:s" => self.cell.length += blanks(tag),
            At::Paragraph => self.cell.length += 1,
            _ => {}
        }
        Ok(())
    }

    /// Counts what stands in a cell.
    fn between(&mut self, parent: Option<At>, event: &Event<'_>) {
        if parent == Some(At::Paragraph) {
            self.cell.length += match event {
                Event::Text(text) => text.len(),
                Event::CData(text) => text.len(),
                Event::GeneralRef(_) => 1,
                _ => 0,
            };
        }
    }

    fn end(&mut self, at: At, name: &str) -> Result<(), OpenError> {
        let Some(seen) = self.sheets.last_mut() else {
            return Ok(());
        };
        let is_cell = ["table:table-cell", "table:covered-table-cell"].contains(&name);
        if at == At::Cell && is_cell {
            // The library copies the text for each cell for which this one stands,
            // before it gives any of them.
            let length = self.cell.length.saturating_mul(self.cell.times);
            let column = u16::try_from(seen.column).unwrap_or_default();
            let cell = Cell::new(seen.row, column);
            self.room.text(length, &seen.name, cell)?;
        }
        match at {
            At::Table => {
                let (rows, columns) = (&mut seen.rows, &mut seen.columns);
                seen.used = Used::new(std::mem::take(rows), std::mem::take(columns));
                self.grid += seen.used.grid();
            }
            At::Row => seen.row = seen.row.saturating_add(seen.repeated).min(ROWS),
            _ => {}
        }
        Ok(())
    }

    fn table(&mut self, tag: &BytesStart<'_>) -> Result<(), OpenError> {
        let name = attribute(tag, "table:name").unwrap_or_default();
        if !self.names.insert(name.to_lowercase()) {
            let name = short_name(&name);
            return Err(two_ways(format!("有两个同名的工作表“{name}”")));
        }
        let style = attribute(tag, "table:style-name").unwrap_or_default();
        self.sheets.push(Seen {
            name,
            visibility: match self.shown.get(&style) {
                Some(false) => Visibility::Hidden,
                _ => Visibility::Visible,
            },
            ..Seen::default()
        });
        Ok(())
    }

    fn row(&mut self, tag: &BytesStart<'_>) {
        let Some(seen) = self.sheets.last_mut() else {
            return;
        };
        seen.repeated = rows_repeated(tag);
        seen.column = 0;
        let visibility = attribute(tag, "table:visibility");
        if visibility.is_some_and(|v| v != "visible") && seen.repeated < ROWS / 2 {
            let end = seen.row.saturating_add(seen.repeated).min(ROWS);
            seen.hidden_rows.extend(seen.row..end);
        }
    }

    fn cell(&mut self, tag: &BytesStart<'_>) -> Result<(), OpenError> {
        let Some(seen) = self.sheets.last_mut() else {
            return Ok(());
        };
        let across = number(tag, "table:number-columns-spanned", COLUMNS);
        let down = number(tag, "table:number-rows-spanned", ROWS);
        let first = (seen.row, seen.column);
        let last = (
            first.0.saturating_add(down - 1),
            first.1.saturating_add(across - 1),
        );
        if across > 1 || down > 1 {
            if let (Some(first), Some(last)) = (position(first), position(last)) {
                seen.merges.push(Area::new(first, last));
                self.merges += 1;
            }
            if self.merges > limits::MERGES {
                let what = format!("合并单元格超过 {} 处", limits::MERGES);
                return Err(too_many_cells(&seen.name, seen.row, &what));
            }
        }
        if says_no_value(tag) {
            let (name, cell) = (short_name(&seen.name), position(first));
            let cell = cell.map(Cell::name).unwrap_or_default();
            return Err(two_ways(format!("工作表“{name}”{cell}的值和类型对不上")));
        }
        let repeated = columns_repeated(tag);
        let from = seen.column;
        seen.column = from.saturating_add(repeated).min(COLUMNS);
        self.cell = InCell::default();
        if is_filled(tag) {
            let written = ["table:formula", "office:string-value"];
            let lengths = written.map(|name| on_attribute(tag, name, str::len).unwrap_or(0));
            let times = u64::from(seen.column - from) * u64::from(seen.repeated);
            self.cell = InCell {
                length: lengths.iter().sum(),
                times: usize::try_from(times).unwrap_or(usize::MAX),
            };
            if seen.row >= ROWS || from >= COLUMNS {
                let name = short_name(&seen.name);
                return Err(damaged(format!("工作表“{name}”有单元格超出范围")));
            }
            let end = seen.row.saturating_add(seen.repeated).min(ROWS);
            let new_rows = seen.rows.len() as u64 + u64::from(end - seen.row);
            let new_columns = seen.columns.len() as u64 + u64::from(seen.column - from);
            seen.columns.extend(from..seen.column);
            // The rows may be there already; count them only when it matters.
            if self.grid + new_rows * new_columns > limits::GRID {
                let rows = seen.rows.range(seen.row..end).count() as u64;
                let rows = new_rows - rows;
                if self.grid + rows * seen.columns.len() as u64 > limits::GRID {
                    seen.rows.insert(seen.row);
                    let used = Used::new(std::mem::take(&mut seen.rows), BTreeSet::new());
                    return Err(too_large_a_grid(&seen.name, &used));
                }
            }
            seen.rows.extend(seen.row..end);
        }
        Ok(())
    }
}

/// Holds what an element declares against what the usual prefixes stand for: the
/// library goes by the prefix, other programs by what it stands for.
fn declares_the_usual(tag: &BytesStart<'_>) -> Result<(), OpenError> {
    let content: &str = tag.as_ref();
    if !content.contains("xmlns") {
        return Ok(());
    }
    for declared in tag.attributes().filter_map(Result::ok) {
        let key: &str = declared.key.as_ref();
        let Some(prefix) = key.strip_prefix("xmlns") else {
            continue;
        };
        let prefix = prefix.trim_start_matches(':');
        let value: &str = declared.value.as_ref();
        for (usual, space) in SPACES {
            if (prefix == usual) != (value == space) {
                return Err(unknown("用了少见的标记前缀"));
            }
        }
    }
    Ok(())
}

/// Whether a cell has a value of no type, or a type without its value: some programs
/// then take what is shown in it, and others do not.
fn says_no_value(tag: &BytesStart<'_>) -> bool {
    let mut kind = None;
    let mut values: Vec<&str> = Vec::new();
    for one in tag.attributes().filter_map(Result::ok) {
        match one.key.as_ref() {
            "office:value-type" => kind = Some(one.value),
            key if VALUES.contains(&key) => values.extend(VALUES.iter().find(|own| **own == key)),
            _ => {}
        }
    }
    match kind.as_deref() {
        None => !values.is_empty(),
        Some("string" | "void") => false,
        Some(kind) => !values.contains(&value_of(kind)),
    }
}

/// A number of an element, at least 1 and at most so many.
fn number(tag: &BytesStart<'_>, name: &str, most: u32) -> u32 {
    let number = on_attribute(tag, name, |text| text.trim().parse::<u64>().ok());
    let number = number.flatten().unwrap_or(1).clamp(1, most.into());
    u32::try_from(number).unwrap_or(most)
}

/// How many blanks an element stands for.
pub(super) fn blanks(tag: &BytesStart<'_>) -> usize {
    usize::try_from(number(tag, "text:c", 32_767)).unwrap_or(1)
}

pub(super) fn rows_repeated(tag: &BytesStart<'_>) -> u32 {
    number(tag, "table:number-rows-repeated", ROWS)
}

pub(super) fn columns_repeated(tag: &BytesStart<'_>) -> u32 {
    number(tag, "table:number-columns-repeated", COLUMNS)
}

/// Whether a cell holds more than a format.
pub(super) fn is_filled(tag: &BytesStart<'_>) -> bool {
    tag.attributes().filter_map(Result::ok).any(|attribute| {
        let key: &str = attribute.key.as_ref();
        KEPT.contains(&key)
    })
}

/// The attributes of a cell that the library reads.
pub(super) const KEPT: [&str; 8] = [
    "office:value-type",
    "office:value",
    "office:string-value",
    "office:date-value",
    "office:time-value",
    "office:boolean-value",
    "calcext:value-type",
    "table:formula",
];

/// Those that are a value.
pub(super) const VALUES: [&str; 5] = [
    "office:value",
    "office:string-value",
    "office:date-value",
    "office:time-value",
    "office:boolean-value",
];

/// The attribute in which a type of value stands.
pub(super) fn value_of(kind: &str) -> &'static str {
    match kind {
        "date" => "office:date-value",
        "time" => "office:time-value",
        "boolean" => "office:boolean-value",
        "string" => "office:string-value",
        _ => "office:value",
    }
}
