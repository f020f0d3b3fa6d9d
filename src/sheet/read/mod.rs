//! Reading a workbook of any of the formats in which one comes back, cell by
//! cell with absolute positions: one file for each format.

mod measured;
mod names;
mod ods;
mod ods_beside;
mod ods_plain;
mod ods_styles;
mod ods_xml;
mod room;
mod saved;
mod seen;
mod sheet_plain;
mod sheet_xml;
mod used;
mod value;
mod xls;
mod xls_beside;
mod xls_records;
mod xlsb;
mod xlsb_records;
mod xlsx;
mod xlsx_attached;
mod xlsx_beside;

use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Range, SheetVisible};

use self::room::Room;
use self::used::Used;
use super::container::{self, Container};
use super::refused::{damaged, short_name, two_ways, unknown};
use super::{Area, FileFormat, FoundSheet, FoundWorkbook, OpenError, Visibility, limits};

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
        return Err(room::too_many_sheets(sheets.len()));
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
