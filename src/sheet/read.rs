//! Reading a workbook cell by cell with absolute positions, without ever
//! building a grid from what the file claims.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::{Area, Cell, Visibility, container};

/// What was found in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Text as stored.
    Text(String),
    /// A number (decimal of the shortest spelling of the stored double).
    Number(Decimal),
    /// A day, with whether a time of day came with it.
    Date(Date, bool),
    /// True or false.
    Bool(bool),
    /// An error such as `#REF!`.
    Error(String),
}

/// A sheet that was read.
#[derive(Debug, Clone)]
pub struct FoundSheet {
    /// Name.
    pub name: String,
    /// Seen or not.
    pub visibility: Visibility,
    /// Cells that are not empty.
    pub cells: BTreeMap<Cell, Found>,
    /// Cells that hold formulas, also those without a stored result, which are
    /// not among `cells`.
    pub formulas: BTreeSet<Cell>,
    /// Merged cells.
    pub merges: Vec<Area>,
    /// Rows that are hidden.
    pub hidden_rows: BTreeSet<u32>,
    /// Whether days are counted from 1904.
    pub days_of_1904: bool,
}

/// A workbook that was read.
#[derive(Debug, Clone)]
pub struct FoundWorkbook {
    /// Sheets in order.
    pub sheets: Vec<FoundSheet>,
    /// Whether it has macros. They are never run, nor read.
    pub macros: bool,
}

/// Why a file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No bytes at all.
    #[error("文件是空的，里面没有任何内容")]
    Empty,
    /// Not a workbook at all.
    #[error("不是 .xlsx 工作簿；请用 WPS 或 Excel 打开，另存为 .xlsx 再交")]
    NotWorkbook,
    /// The old .xls (or .et) format.
    #[error("是旧版的 .xls 工作簿；请用 WPS 或 Excel 打开，另存为 .xlsx 再交")]
    OldExcel,
    /// Locked with a password.
    #[error("工作簿设了打开密码；请去掉密码，保存后再交")]
    Protected,
    /// Some other kind of document.
    #[error("是{0}，不是 .xlsx 工作簿；请交填好的 .xlsx 表")]
    OtherDocument(String),
    /// More than the program takes.
    #[error("工作簿太大（单元格超过 200 万个，或内容过多）；请删去无关的工作表和内容再交")]
    TooLarge,
    /// Damaged; with what is known, or the library's words.
    #[error("文件已损坏，无法打开（{0}）；请用 WPS 或 Excel 打开检查，另存一份再交")]
    Damaged(String),
}

/// Most cells that are taken from one workbook.
const CELL_LIMIT: usize = 2_000_000;
/// Most bytes of text: a small file can name one long text millions of times.
const TEXT_LIMIT: usize = 256 << 20;

/// Reads a workbook. The library's panics end here; its memory does not, so a
/// file from outside is best read in a process of its own.
pub fn open(bytes: &[u8]) -> Result<FoundWorkbook, OpenError> {
    container::check(bytes)?;
    catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or_else(|_| Err(damaged("内容无法识别")))
}

/// Reads every sheet.
fn read(bytes: &[u8]) -> Result<FoundWorkbook, OpenError> {
    let mut file = Xlsx::new(Cursor::new(bytes))?;
    let listed: Vec<calamine::Sheet> = file.sheets_metadata().to_vec();
    if listed.is_empty() {
        return Err(damaged("没有工作表"));
    }
    let mut names = HashSet::new();
    for sheet in &listed {
        if !names.insert(sheet.name.to_lowercase()) {
            return Err(damaged(format!("有两个同名的工作表“{}”", sheet.name)));
        }
    }
    let mut room = Room::default();
    let mut sheets = Vec::with_capacity(listed.len());
    for sheet in listed {
        let mut found = FoundSheet {
            visibility: match sheet.visible {
                SheetVisible::Visible => Visibility::Visible,
                SheetVisible::Hidden => Visibility::Hidden,
                SheetVisible::VeryHidden => Visibility::VeryHidden,
            },
            name: sheet.name,
            cells: BTreeMap::new(),
            formulas: BTreeSet::new(),
            merges: Vec::new(),
            hidden_rows: BTreeSet::new(),
            days_of_1904: false,
        };
        // A sheet that is only a chart has no cells.
        if sheet.typ == SheetType::WorkSheet {
            read_sheet(&mut file, &mut found, &mut room)?;
        }
        sheets.push(found);
    }
    Ok(FoundWorkbook {
        sheets,
        macros: false,
    })
}

/// What was taken so far.
#[derive(Default)]
struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    /// Makes room for a value, if there is any.
    fn take(&mut self, value: &Found) -> Result<(), OpenError> {
        self.cells += 1;
        if let Found::Text(text) = value {
            self.text += text.len();
        }
        if self.cells > CELL_LIMIT || self.text > TEXT_LIMIT {
            return Err(OpenError::TooLarge);
        }
        Ok(())
    }
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

/// A position within what Excel has.
fn position((row, column): (u32, u32)) -> Option<Cell> {
    let column = u16::try_from(column).ok().filter(|c| *c < 16_384)?;
    (row < 1_048_576).then_some(Cell { row, column })
}

/// A value as the program knows it; none for an empty cell.
fn value(value: DataRef<'_>, mac: bool) -> Option<Found> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => Found::Text(text),
        DataRef::SharedString(text) => Found::Text(text.to_owned()),
        DataRef::Bool(yes) => Found::Bool(yes),
        DataRef::Int(whole) => Found::Number(Decimal::from(whole)),
        DataRef::Float(float) => number(float),
        DataRef::DateTime(moment) => date(moment, mac),
        DataRef::DateTimeIso(text) => match (text.parse::<DateTime>(), text.parse::<Date>()) {
            (Ok(moment), _) => Found::Date(moment.date(), moment.time() != Time::midnight()),
            (_, Ok(day)) => Found::Date(day, false),
            _ => Found::Text(text),
        },
        DataRef::DurationIso(text) => Found::Text(text),
        DataRef::Error(error) => Found::Error(error.to_string()),
    })
    .filter(|found| *found != Found::Text(String::new()))
}

/// A stored double as a decimal of the digits that Excel shows, or as text
/// where no decimal holds it.
fn number(float: f64) -> Found {
    Decimal::from_f64(float).map_or_else(
        || Found::Text(float.to_string()),
        |decimal| Found::Number(decimal.normalize()),
    )
}

/// A day, or a number where the value is a time without a day, a length of
/// time, or no day of the calendar.
fn date(moment: ExcelDateTime, mac: bool) -> Found {
    let float = moment.as_f64();
    // Day numbers run to 9999-12-31; those of 1904 begin 1,462 days later.
    let end = if mac { 2_957_004.0 } else { 2_958_466.0 };
    if moment.is_duration() || !(1.0..end).contains(&float) {
        return number(float);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let part = |n: u8| i8::try_from(n).ok();
    let date = i16::try_from(year)
        .ok()
        .zip(part(month).zip(part(day)))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok());
    let timed = (hour, minute, second, milli) != (0, 0, 0, 0);
    date.map_or_else(|| number(float), |date| Found::Date(date, timed))
}

/// A damaged file, with what is known of it.
fn damaged(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Damaged(detail.to_string())
}

impl From<XlsxError> for OpenError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => OpenError::Protected,
            other => damaged(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime as Moment, TimeDelta};

    use super::*;

    #[test]
    fn days_of_both_systems_and_times_without_a_day() {
        let of = |value, kind, mac| date(ExcelDateTime::new(value, kind, mac), mac);
        let day = |y, m, d, timed| Found::Date(Date::constant(y, m, d), timed);
        assert_eq!(of(43_283.0, Moment, false), day(2018, 7, 2, false));
        assert_eq!(of(43_283.5, Moment, false), day(2018, 7, 2, true));
        assert_eq!(of(41_821.0, Moment, true), day(2018, 7, 2, false));
        assert_eq!(of(1.0, Moment, false), day(1900, 1, 1, false));
        // 1900-02-29 is a day of Excel's only.
        assert_eq!(of(60.0, Moment, false), Found::Number(60.into()));
        assert_eq!(of(0.5, Moment, false), number(0.5));
        assert_eq!(of(43_283.0, TimeDelta, false), number(43_283.0));
        assert_eq!(of(2_958_466.0, Moment, false), number(2_958_466.0));
        assert_eq!(of(-1.0, Moment, false), number(-1.0));
    }

    #[test]
    fn numbers_as_they_are_shown() {
        let shown = |float: f64| match number(float) {
            Found::Number(decimal) => decimal.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(shown(2.675), "2.675");
        assert_eq!(shown(0.1), "0.1");
        assert_eq!(shown(1_234_567_890_123.45), "1234567890123.45");
        assert_eq!(shown(-0.0), "0");
        assert_eq!(shown(1e300), format!("Text(\"{}\")", 1e300));
        assert_eq!(shown(f64::INFINITY), "Text(\"inf\")");
    }
}
