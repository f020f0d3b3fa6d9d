//! Reading a workbook of any of the formats in which one comes back, cell by
//! cell with absolute positions: one file for each format.

mod beside;
mod measured;
mod ods;
mod ods_beside;
mod ods_xml;
mod saved;
mod sheet_xml;
mod used;
mod value;
mod xls;
mod xls_beside;
mod xlsb;
mod xlsx;
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

use self::used::Used;
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
    /// A day, with the seconds since midnight that came with it.
    Date(Date, u32),
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
    /// What cells carry beside their values.
    pub beside: BTreeMap<Cell, Beside>,
    /// Notes on cells, and boxes with text over them.
    pub attached: Vec<Attached>,
    /// Merged cells.
    pub merges: Vec<Area>,
    /// Rows that are hidden or filtered away.
    pub hidden_rows: BTreeSet<u32>,
    /// Whether days are counted from 1904. Days are days already; this is for
    /// numbers that stand for days without saying so.
    pub days_of_1904: bool,
}

/// The format of a file, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// The program that saved it last, as it says itself: its bare name.
    pub saved_by: Option<String>,
}

/// Why a file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OpenError {
    /// No bytes at all.
    #[error("文件是空的，里面没有任何内容")]
    Empty,
    /// Not a workbook, and nothing that is known.
    #[error(
        "认不出是什么文件，可能没有传完，也可能被单位的加密软件加了密；请在自己电脑上用 WPS 或 Excel 打开看看，确认打得开，解密后另存为 .xlsx 再交"
    )]
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
    /// More than the program takes; with what there is too much of, and where.
    #[error("工作簿太大（{0}）；请删去无关的工作表、图片和内容，另存一份再交")]
    TooLarge(String),
    /// Reading it came to no end; with what happened.
    #[error(
        "内容异常，{0}，已跳过这个文件，其他文件不受影响；请用 WPS 或 Excel 打开检查，另存一份再交"
    )]
    Stopped(String),
    /// Damaged; with what is wrong.
    #[error(
        "文件已损坏，无法打开（{0}）；请重新复制或重新发一次；还是这样的，用 WPS 或 Excel 打开检查，另存一份再交"
    )]
    Damaged(String),
    /// Something in it can be read in two ways; with what.
    #[error(
        "文件里有内容可以有两种读法，不同的软件会显示成不同的样子，所以没有读取（{0}）；请用 WPS 或 Excel 打开，核对这一处，另存为新的 .xlsx 再交"
    )]
    TwoWays(String),
    /// Written in a way that this program does not know, though others may; with
    /// what it is.
    #[error(
        "文件不一定损坏，但里面有程序读不了的写法（{0}）；请用 WPS 或 Excel 打开，另存为新的 .xlsx 再交"
    )]
    Unknown(String),
}

impl OpenError {
    /// Why one of the office's own files cannot be opened: what is advised besides is
    /// meant for a unit that has sent one.
    pub fn of_own(&self) -> String {
        match self {
            OpenError::Stopped(what) => format!("内容异常，{what}"),
            other => {
                let text = other.to_string();
                let what = text.split('\u{FF1B}').next().unwrap_or_default();
                what.to_owned()
            }
        }
    }
}

/// Reads a workbook. The library's panics end here; its memory does not, so a
/// file from outside is best read in a process of its own.
///
/// # Errors
/// Why there is no workbook to read, in words for whoever sent the file.
pub fn open(bytes: &[u8]) -> Result<FoundWorkbook, OpenError> {
    let read = || {
        let container = container::check(bytes)?;
        let saved = saved::saved(bytes, &container);
        let (sheets, format, macros) = match container {
            Container::Xlsx(book) => {
                let macros = book.macros;
                (xlsx::read(book)?, FileFormat::Xlsx, macros)
            }
            Container::Xlsb(book) => (xlsb::read(&book)?, FileFormat::Xlsb, book.macros),
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
            saved_at: saved.at,
            saved_by: saved.by,
        })
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(unknown("内容无法识别")))
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
        let Some(book) = container::some_sheets(bytes, &wanted)? else {
            return Ok(None);
        };
        Ok(Some(FoundWorkbook {
            sheets: xlsx::read(book)?,
            format: FileFormat::Xlsx,
            macros: false,
            saved_at: None,
            saved_by: None,
        }))
    };
    let read = catch_unwind(AssertUnwindSafe(read));
    match read.unwrap_or_else(|_| Err(unknown("内容无法识别")))? {
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
        return Err(too_many_sheets(sheets.len()));
    }
    let mut names = HashSet::new();
    for sheet in sheets {
        if !names.insert(sheet.name.to_lowercase()) {
            return Err(two_ways(format!("有两个同名的工作表“{}”", sheet.name)));
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

/// Fills a sheet from what the library reads as a whole, of the rows and columns
/// that are used; its ranges begin at their first used cell.
fn fill(
    found: &mut FoundSheet,
    cells: &Range<Data>,
    used: &Used,
    room: &mut Room,
) -> Result<(), OpenError> {
    let broken = || {
        let name = short_name(&found.name);
        damaged(format!("工作表“{name}”有单元格超出范围"))
    };
    let at = |start: Option<(u32, u32)>, row: usize, column: usize| {
        let (first_row, first_column) = start.unwrap_or_default();
        let row = u32::try_from(row).ok()?.checked_add(first_row)?;
        let column = u32::try_from(column).ok()?.checked_add(first_column)?;
        used.cell(row, column)
    };
    let mut values = BTreeMap::new();
    for (row, column, data) in cells.used_cells() {
        let cell = at(cells.start(), row, column).ok_or_else(broken)?;
        match value::owned(data, found.days_of_1904) {
            Some(value) => {
                room.take(&value, &found.name, cell)?;
                values.insert(cell, value);
            }
            // A formula that gives the empty text gives an empty cell.
            None => {
                found.formulas.remove(&cell);
            }
        }
    }
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

/// More sheets than the program takes.
fn too_many_sheets(there_are: usize) -> OpenError {
    let most = limits::SHEETS;
    OpenError::TooLarge(format!("有 {there_are} 个工作表，最多 {most} 个"))
}

/// More cells than the program takes, with the place where the limit was reached.
fn too_many_cells(sheet: &str, row: u32, what: &str) -> OpenError {
    let (sheet, row) = (short_name(sheet), row + 1);
    OpenError::TooLarge(format!("{what}，到工作表“{sheet}”第 {row} 行为止"))
}

/// More of a grid than the program takes.
fn too_large_a_grid(sheet: &str, used: &Used) -> OpenError {
    let most = limits::GRID / 10_000;
    let what = format!("有内容的行数乘列数超过 {most} 万");
    too_many_cells(sheet, used.last_row(), &what)
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
    fn take(&mut self, value: &Found, sheet: &str, cell: Cell) -> Result<(), OpenError> {
        self.cells += 1;
        if let Found::Text(text) = value {
            self.text(text.len(), sheet, cell)?;
        }
        if self.cells > limits::CELLS {
            let what = format!("有内容的单元格超过 {} 万个", limits::CELLS / 10_000);
            return Err(too_many_cells(sheet, cell.row, &what));
        }
        Ok(())
    }

    /// Makes room for so many bytes of text.
    fn text(&mut self, length: usize, sheet: &str, cell: Cell) -> Result<(), OpenError> {
        self.text += length;
        if self.text > limits::TEXT {
            let what = format!("文字加起来超过 {} MB", limits::TEXT >> 20);
            return Err(too_many_cells(sheet, cell.row, &what));
        }
        Ok(())
    }

    /// Makes room for a text that is attached to a sheet.
    fn attached(&mut self, attached: &Attached, sheet: &str) -> Result<(), OpenError> {
        self.record(sheet, attached.cell.row)?;
        self.text(attached.text.len(), sheet, attached.cell)
    }

    /// Makes room for a record of a cell, whatever it holds.
    fn record(&mut self, sheet: &str, row: u32) -> Result<(), OpenError> {
        self.records += 1;
        if self.records > 2 * limits::CELLS {
            let what = format!("单元格（连空白的）超过 {} 万个", 2 * limits::CELLS / 10_000);
            return Err(too_many_cells(sheet, row, &what));
        }
        Ok(())
    }

    /// Makes room for merged cells.
    fn merged(&mut self, sheet: &str, areas: usize) -> Result<(), OpenError> {
        self.merges += areas;
        if self.merges > limits::MERGES {
            return Err(OpenError::TooLarge(format!(
                "合并单元格超过 {} 处，到工作表“{}”为止",
                limits::MERGES,
                short_name(sheet)
            )));
        }
        Ok(())
    }
}

/// The value of an XML attribute.
pub(super) fn attribute(tag: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
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

/// The beginning of a name out of a file, as long as a message can bear.
pub(super) fn short_name(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(40) {
        Some((at, _)) => Cow::Owned(format!("{}…", &name[..at])),
        None => Cow::Borrowed(name),
    }
}

/// A damaged file, with what is known of it.
pub(super) fn damaged(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Damaged(detail.to_string())
}

/// A file of which something can be read in two ways.
pub(super) fn two_ways(detail: impl std::fmt::Display) -> OpenError {
    OpenError::TwoWays(detail.to_string())
}

/// A file that is written in a way that is not known here.
pub(super) fn unknown(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Unknown(detail.to_string())
}
