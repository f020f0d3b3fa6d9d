//! The rows of large workbooks, written by us: the library holds each cell several
//! times over before it writes it, which took most of the time. It is given a stub
//! of each sheet, and the rows, links and texts are put into what comes out.

mod links;
mod package;
mod row_xml;
mod shared_strings;
mod sheet_rows;
mod stub;
mod xml;

use std::io::{Seek, Write};
use std::thread;

pub(super) use package::as_stored;
use row_xml::Numbers;
use shared_strings::Texts;
use stub::stub;

use super::{COMPRESSION, build, saved};
use crate::sheet::WriteError;
use crate::sheet::{Style, WorkbookOf};

/// How hard that is compressed which is packed again.
const QUICK: u8 = 1;

/// Writes a workbook.
///
/// # Errors
/// What cannot be written.
pub(super) fn write(workbook: &WorkbookOf<'_>, to: impl Write + Seek) -> Result<(), WriteError> {
    let sheets = &workbook.sheets;
    let styles: Vec<Style> = sheets.iter().flat_map(sheet_rows::styles).collect();
    let numbers = Numbers::of(&styles);
    thread::scope(|scope| {
        let texts = thread::Builder::new().spawn_scoped(scope, || Texts::new(sheets));
        let stubs = WorkbookOf {
            sheets: sheets.iter().map(|sheet| stub(sheet, sheets)).collect(),
            properties: workbook.properties.clone(),
        };
        let written = saved(&mut build(&stubs, &styles, QUICK)?)?;
        drop(stubs);
        let texts = texts.ok().and_then(|texts| texts.join().ok());
        let rows = package::Rows {
            sheets,
            numbers: &numbers,
            texts: &texts.unwrap_or_else(|| Texts::new(sheets)),
            level: COMPRESSION,
        };
        package::with_rows(&written, &rows, to)
    })
}
