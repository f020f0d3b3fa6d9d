//! Turns a described workbook into the bytes of an .xlsx file. This file puts
//! the parts together; its neighbours each write one kind of thing.

mod cells;
mod chart;
mod content;
mod format;
mod height;
mod leads;
mod merged;
mod name;
mod page;
mod properties;
mod rows;
mod validation;

use std::collections::HashSet;
use std::io::{self, Cursor, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_xlsxwriter as xlsx;

use self::format::Formats;
use self::name::check_name;
use self::properties::{author, properties};
use super::unwritable::WriteError;
use super::{SheetOf, Style, Visibility, WorkbookOf};

pub use leads::LINK_LIMIT;

/// How hard the file is compressed, from 1 to 9: less than the library's usual 6,
/// for packing is a large part of writing.
const COMPRESSION: u8 = 3;

/// The bytes of the workbook: the same description gives the same bytes.
///
/// # Errors
/// What cannot be written.
pub fn write(workbook: &WorkbookOf<'_>) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Cursor::new(Vec::new());
    write_into(workbook, &mut bytes)?;
    Ok(bytes.into_inner())
}

/// The same, into a file: a large workbook is not held beside its parts. The rows of
/// one with long tables are ours, and of one with results that the library would take
/// for something else; those of others are the library's.
///
/// # Errors
/// What cannot be written.
pub fn write_into(workbook: &WorkbookOf<'_>, mut to: impl Write + Seek) -> Result<(), WriteError> {
    let is_misread = |sheet: &SheetOf<'_>| {
        let mut cells = sheet.cells.values();
        cells.any(|(content, _)| content::is_misread(content))
    };
    let mut sheets = workbook.sheets.iter();
    if sheets.any(|sheet| sheet.long.is_some() || is_misread(sheet)) {
        return rows::write(workbook, to);
    }
    let bytes = saved(&mut build(workbook, &[], COMPRESSION)?)?;
    let written = to.write_all(&bytes).and_then(|()| to.flush());
    written.map_err(|error| temporary(&error))
}

/// Gives a workbook to the library. `styles` are registered first, in their order.
fn build(
    workbook: &WorkbookOf<'_>,
    styles: &[Style],
    compression: u8,
) -> Result<xlsx::Workbook, WriteError> {
    let sheets = &workbook.sheets;
    let active = active(sheets).ok_or(WriteError::NoVisibleSheet)?;
    let mut names = HashSet::new();
    for sheet in sheets {
        check_name(&sheet.name, &mut names)?;
    }
    let mut out = xlsx::Workbook::new();
    out.set_zip_compression_level(compression);
    out.set_properties(&properties(&workbook.properties)?);
    let author = author(&workbook.properties);
    let mut formats = Formats::default();
    for style in styles {
        out.register_format(formats.get(*style));
    }
    for (index, sheet) in sheets.iter().enumerate() {
        let mut target = xlsx::Worksheet::new();
        target.set_default_note_author(author.clone());
        write_sheet(&mut target, sheet, &mut formats)?;
        if index == active {
            target.set_active(true);
            target.set_first_tab(true);
        }
        out.push_worksheet(target);
    }
    Ok(out)
}

/// The sheet that is shown on opening.
fn active(sheets: &[SheetOf<'_>]) -> Option<usize> {
    let mut sheets = sheets.iter();
    sheets.position(|sheet| sheet.visibility == Visibility::Visible)
}

/// The bytes of what the library holds, its formulas with their results as stored.
fn saved(out: &mut xlsx::Workbook) -> Result<Vec<u8>, WriteError> {
    // The library gives up where the system has no more threads or memory for it.
    let save = catch_unwind(AssertUnwindSafe(|| out.save_to_buffer()));
    let saved = save.map_err(|_| {
        let why = "写到一半停下了，多半是电脑的内存不够；原来的文件没有动。请关掉别的程序后再运行，还是这样就告知维护人员";
        WriteError::GaveUp(why)
    })?;
    let saved = saved.map_err(|error| match error {
        xlsx::XlsxError::IoError(error) => temporary(&error),
        other => WriteError::refused("", "文件", other),
    })?;
    rows::as_stored(&saved, COMPRESSION)
}

/// Why a temporary file was not written.
pub(super) fn temporary(error: &io::Error) -> WriteError {
    let why = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "磁盘已满，或超过了允许的大小；原来的文件没有动。请腾出空间后再运行".to_owned()
        }
        _ => crate::files::why(error),
    };
    WriteError::Temporary(why)
}

/// Writes one sheet.
fn write_sheet(
    target: &mut xlsx::Worksheet,
    sheet: &SheetOf<'_>,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    let refused = |place: &'static str| move |e| WriteError::refused(&sheet.name, place, e);
    target
        .set_name(&sheet.name)
        .map_err(refused("名称"))?
        .set_formula_result_default("");
    match sheet.visibility {
        Visibility::Visible => {}
        Visibility::Hidden => {
            target.set_hidden(true);
        }
        Visibility::VeryHidden => {
            target.set_very_hidden(true);
        }
    }
    if let Some(colour) = sheet.tab {
        target.set_tab_color(xlsx::Color::RGB(colour));
    }
    cells::write(target, sheet, formats)?;
    if let Some(cell) = sheet.freeze {
        target
            .set_freeze_panes(cell.row, cell.column)
            .map_err(refused("冻结窗格"))?;
    }
    if let Some(area) = sheet.filter {
        let (first, last) = (area.first, area.last);
        target
            .autofilter(first.row, first.column, last.row, last.column)
            .map_err(refused("筛选"))?;
    }
    validation::write(target, sheet)?;
    for one in &sheet.charts {
        chart::write(target, sheet, one)?;
    }
    page::write(target, sheet)
}

/// Text for places other than cells, without what XML cannot hold. (In cells
/// the library escapes such characters, and nothing is lost.)
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .collect()
}

/// Length as Excel counts it.
pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}
