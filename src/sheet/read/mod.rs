//! Reading a workbook of any of the formats in which one comes back, cell by
//! cell with absolute positions: one file for each format.

mod beside;
mod measured;
mod ods;
mod ods_beside;
mod saved;
mod value;
mod xls;
mod xlsb;
pub(super) mod xlsx;
mod xlsx_attached;
mod xlsx_beside;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Range, SheetVisible};
use ecow::EcoString;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use beside::{
    Attached, AttachedKind, Beside, How, PICTURE, Piece, is_quoted, is_quoted_struck,
};
pub use measured::Unscaled;

use super::container::{self, Container};
use super::{Area, Cell, Visibility, limits};
use crate::value::exact;

/// What was found in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// Text as stored.
    Text(EcoString),
    /// A number (decimal of the shortest spelling of the stored double).
    Number(#[serde(with = "exact")] Decimal),
    /// A day, with whether a time of day came with it.
    Date(Date, bool),
    /// True or false.
    Bool(bool),
    /// An error such as `#REF!`.
    Error(EcoString),
}

/// A sheet that was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FoundSheet {
    /// Name.
    pub name: String,
    /// Seen or not. An .ods file does not tell hidden from very hidden.
    pub visibility: Visibility,
    /// Cells that are not empty.
    pub cells: BTreeMap<Cell, Found>,
    /// Cells that hold formulas, also those without a stored result, which are
    /// not among `cells`.
    pub formulas: BTreeSet<Cell>,
    /// What cells carry beside their values. Not known for .xls and .xlsb, but for
    /// pictures of WPS.
    pub beside: BTreeMap<Cell, Beside>,
    /// Notes on cells, and boxes with text over them. Not known for .xls and .xlsb.
    pub attached: Vec<Attached>,
    /// Merged cells. Not known for .xlsb.
    pub merges: Vec<Area>,
    /// Rows that are hidden or filtered away. Not known for .xlsb.
    pub hidden_rows: BTreeSet<u32>,
    /// Whether days are counted from 1904. Days are days already; this is for
    /// numbers that stand for days without saying so.
    pub days_of_1904: bool,
}

/// The format of a file, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFormat {
    /// .xlsx or .xlsm.
    Xlsx,
    /// .xls or .et.
    Xls,
    /// .xlsb.
    Xlsb,
    /// .ods.
    Ods,
}

/// A workbook that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundWorkbook {
    /// Sheets in order.
    pub sheets: Vec<FoundSheet>,
    /// Format.
    pub format: FileFormat,
    /// Whether it has macros. They are never run, nor read.
    pub macros: bool,
    /// When it was last saved, as it says itself.
    pub saved_at: Option<jiff::civil::DateTime>,
}

/// Why a file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OpenError {
    /// No bytes at all.
    #[error("文件是空的，里面没有任何内容")]
    Empty,
    /// Not a workbook, and nothing that is known.
    #[error("不是电子表格；请用 WPS 或 Excel 打开看看，另存为 .xlsx 再交")]
    NotWorkbook,
    /// Locked with a password.
    #[error("工作簿设了打开密码；请去掉密码，保存后再交")]
    Protected,
    /// Something else; with what it is and what to do.
    #[error("是{what}；{mend}")]
    Other {
        /// What it is.
        what: Cow<'static, str>,
        /// What to do.
        mend: Cow<'static, str>,
    },
    /// More than the program takes.
    #[error(
        "工作簿太大（超过 50 MB、200 万个单元格，或压缩得异常紧）；请删去无关的工作表、图片和内容，另存一份再交"
    )]
    TooLarge,
    /// Reading it came to no end; with what happened.
    #[error(
        "内容异常，{0}，已跳过这个文件，其他文件不受影响；请用 WPS 或 Excel 打开检查，另存一份再交"
    )]
    Stopped(String),
    /// Damaged; with what is known, or the library's words.
    #[error("文件已损坏，无法打开（{0}）；请用 WPS 或 Excel 打开检查，另存一份再交")]
    Damaged(String),
}

/// Reads a workbook. The library's panics end here; its memory does not, so a
/// file from outside is best read in a process of its own.
///
/// # Errors
/// Why there is no workbook to read, in words for whoever sent the file.
pub fn open(bytes: &[u8]) -> Result<FoundWorkbook, OpenError> {
    let read = || {
        let container = container::check(bytes)?;
        let saved_at = saved::saved_at(bytes, &container);
        let (sheets, format, macros) = match container {
            Container::Xlsx { parts, macros } => {
                (xlsx::read(parts, |_| true)?, FileFormat::Xlsx, macros)
            }
            Container::Xlsb { parts, macros } => (xlsb::read(parts)?, FileFormat::Xlsb, macros),
            Container::Ods { parts } => (ods::read(parts)?, FileFormat::Ods, false),
            Container::Compound => {
                let (sheets, macros) = xls::read(bytes)?;
                (sheets, FileFormat::Xls, macros)
            }
        };
        Ok(FoundWorkbook {
            sheets,
            format,
            macros,
            saved_at,
        })
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("内容无法识别")))
}

/// Reads the sheets of one of this program's own workbooks whose names are
/// wanted. Such a workbook may be larger than any return; what is not wanted is
/// not looked at.
///
/// # Errors
/// As [`open`].
pub fn open_sheets(
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<FoundWorkbook, OpenError> {
    let read = || {
        let Some(parts) = container::some_sheets(bytes, &wanted)? else {
            return Ok(None);
        };
        Ok(Some(FoundWorkbook {
            sheets: xlsx::read(parts, &wanted)?,
            format: FileFormat::Xlsx,
            macros: false,
            saved_at: None,
        }))
    };
    let read = catch_unwind(AssertUnwindSafe(read));
    match read.unwrap_or_else(|_| Err(damaged("内容无法识别")))? {
        Some(workbook) => Ok(workbook),
        None => open(bytes),
    }
}

/// The sheets that a workbook lists. Of two with the same name the library
/// would give the first one twice.
fn listed(sheets: &[calamine::Sheet]) -> Result<Vec<calamine::Sheet>, OpenError> {
    if sheets.is_empty() {
        return Err(damaged("没有工作表"));
    }
    if sheets.len() > limits::SHEETS {
        return Err(OpenError::TooLarge);
    }
    let mut names = HashSet::new();
    for sheet in sheets {
        if !names.insert(sheet.name.to_lowercase()) {
            return Err(damaged(format!("有两个同名的工作表“{}”", sheet.name)));
        }
    }
    Ok(sheets.to_vec())
}

/// A sheet of which nothing has been read yet.
fn begun(sheet: &calamine::Sheet) -> FoundSheet {
    FoundSheet {
        visibility: match sheet.visible {
            SheetVisible::Visible => Visibility::Visible,
            SheetVisible::Hidden => Visibility::Hidden,
            SheetVisible::VeryHidden => Visibility::VeryHidden,
        },
        name: sheet.name.clone(),
        ..FoundSheet::default()
    }
}

/// Fills a sheet from what the library reads as a whole; its ranges begin at
/// their first used cell.
fn fill(
    found: &mut FoundSheet,
    cells: &Range<Data>,
    formulas: &Range<String>,
    room: &mut Room,
) -> Result<(), OpenError> {
    let broken = || damaged(format!("工作表“{}”有单元格超出范围", found.name));
    let at = |start: Option<(u32, u32)>, row: usize, column: usize| {
        let (first_row, first_column) = start.unwrap_or_default();
        let row = u32::try_from(row).ok()?.checked_add(first_row)?;
        let column = u32::try_from(column).ok()?.checked_add(first_column)?;
        value::position((row, column))
    };
    let mut places = BTreeSet::new();
    for (row, column, _) in formulas.used_cells() {
        places.insert(at(formulas.start(), row, column).ok_or_else(broken)?);
    }
    let mut values = BTreeMap::new();
    for (row, column, data) in cells.used_cells() {
        let cell = at(cells.start(), row, column).ok_or_else(broken)?;
        if let Some(value) = value::owned(data, found.days_of_1904) {
            room.take(&value)?;
            values.insert(cell, value);
        }
    }
    found.formulas = places;
    found.cells = values;
    Ok(())
}

/// Merged cells as the library gives them.
fn area(dimensions: &calamine::Dimensions) -> Option<Area> {
    Some(Area::new(
        value::position(dimensions.start)?,
        value::position(dimensions.end)?,
    ))
}

/// What was taken so far.
#[derive(Default)]
struct Room {
    /// Records of cells, also of those that hold nothing but a format or a
    /// formula: there is no end to them otherwise.
    records: usize,
    cells: usize,
    text: usize,
    merges: usize,
}

impl Room {
    /// Makes room for a value, if there is any.
    fn take(&mut self, value: &Found) -> Result<(), OpenError> {
        self.cells += 1;
        let length = match value {
            Found::Text(text) => text.len(),
            _ => 0,
        };
        self.text(length)?;
        match self.cells > limits::CELLS {
            true => Err(OpenError::TooLarge),
            false => Ok(()),
        }
    }

    /// Makes room for so many bytes of text.
    fn text(&mut self, length: usize) -> Result<(), OpenError> {
        self.text += length;
        match self.text > limits::TEXT {
            true => Err(OpenError::TooLarge),
            false => Ok(()),
        }
    }

    /// Makes room for a text that is attached to a sheet.
    fn attached(&mut self, attached: &Attached) -> Result<(), OpenError> {
        self.record()?;
        self.text(attached.text.len())
    }

    /// Makes room for a record of a cell, whatever it holds.
    fn record(&mut self) -> Result<(), OpenError> {
        self.records += 1;
        match self.records > 2 * limits::CELLS {
            true => Err(OpenError::TooLarge),
            false => Ok(()),
        }
    }

    /// Makes room for merged cells, and gives them as areas.
    fn merged(&mut self, found: &[calamine::Dimensions]) -> Result<Vec<Area>, OpenError> {
        self.merges += found.len();
        if self.merges > limits::MERGES {
            return Err(OpenError::TooLarge);
        }
        Ok(found.iter().filter_map(area).collect())
    }
}

/// The value of an XML attribute.
fn attribute(tag: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
    on_attribute(tag, name, str::to_owned)
}

/// What is made of the value of an XML attribute.
fn on_attribute<T>(
    tag: &quick_xml::events::BytesStart<'_>,
    name: &str,
    make: impl FnOnce(&str) -> T,
) -> Option<T> {
    let value = tag.try_get_attribute(name).ok()??;
    let text = quick_xml::escape::unescape(&value.value).ok()?;
    Some(make(&text))
}

/// Adds the text up to the end of an element, whatever stands between.
fn text_of(reader: &mut quick_xml::Reader<&[u8]>, element: &str, text: &mut String) {
    while let Ok(event) = reader.read_event() {
        match &event {
            quick_xml::events::Event::End(tag) if tag.local_name().as_ref() == element => break,
            quick_xml::events::Event::Eof => break,
            event => push_text(event, text),
        }
    }
}

/// Adds the text of an event, if it is one.
fn push_text(event: &quick_xml::events::Event<'_>, text: &mut String) {
    match event {
        quick_xml::events::Event::Text(piece) => text.push_str(&piece.xml10_content()),
        quick_xml::events::Event::CData(piece) => text.push_str(piece),
        quick_xml::events::Event::GeneralRef(name) => {
            if let Some(letter) = quick_xml::escape::resolve_xml_entity(name) {
                text.push_str(letter);
            } else if let Ok(Some(letter)) = name.resolve_char_ref() {
                text.push(letter);
            }
        }
        _ => {}
    }
}

/// A damaged file, with what is known of it.
fn damaged(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Damaged(detail.to_string())
}
