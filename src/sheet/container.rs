//! Says what a file is by its content, never by its name, before the library
//! sees it.

use super::book::{self, Binary, XlsxBook};
use super::listed::{Listed, listed};
use super::parts::{Package, Parts};
use super::{compound, kind, sealed};
use crate::sheet::refused::{damaged, two_ways};
use crate::sheet::{OpenError, limits};

/// First bytes of Microsoft's compound file: .xls, .doc, and whatever has a
/// password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What holds a workbook, by its content.
#[derive(Debug)]
pub(super) enum Container {
    /// .xlsx or .xlsm.
    Xlsx(XlsxBook),
    /// .xlsb.
    Xlsb(Binary),
    /// .ods.
    Ods {
        /// Its parts.
        parts: Parts,
    },
    /// A compound file with a workbook in it.
    Compound,
}

/// Says what holds the workbook, or what the file is instead.
pub(super) fn check(bytes: &[u8]) -> Result<Container, OpenError> {
    if bytes.is_empty() {
        return Err(OpenError::Empty);
    }
    if bytes.len() as u64 > limits::FILE {
        return Err(OpenError::TooLarge(format!(
            "文件有 {} MB，最多 {} MB",
            bytes.len() >> 20,
            limits::FILE >> 20
        )));
    }
    if bytes.starts_with(COMPOUND) {
        return in_compound(bytes);
    }
    if !bytes.starts_with(b"PK") {
        return Err(kind::of_bytes(bytes));
    }
    in_zip(bytes)
}

/// A zip container: a workbook, or something else.
fn in_zip(bytes: &[u8]) -> Result<Container, OpenError> {
    let mut package = Package::open(bytes)?;
    one_workbook(&package)?;
    if package.has(Binary::BOOK) {
        return Ok(Container::Xlsb(book::unpack_xlsb(&mut package)?));
    }
    let sheets = || package.names().any(|name| name.starts_with("xl/"));
    // A macro of an .ods may be called ThisWorkbook.
    let is_book = |name: &str| name.rsplit('/').next() == Some("workbook.xml");
    let named = || package.names().any(is_book);
    if named() || (package.has("[content_types].xml") && sheets()) {
        return Ok(Container::Xlsx(book::unpack(&mut package, |_| true)?));
    }
    if package.has("encrypted-package") {
        return Err(OpenError::Protected);
    }
    match book::unpack_ods(&mut package)? {
        Some(parts) => Ok(Container::Ods { parts }),
        None => Err(kind::of_parts(package.names())),
    }
}

/// Refuses a package that holds the workbook in two ways: programs go by where its
/// relations lead, and one reads what another does not show.
fn one_workbook(package: &Package<'_>) -> Result<(), OpenError> {
    let ways = [Binary::BOOK, "xl/workbook.xml", "content.xml"];
    match ways.iter().filter(|name| package.has(name)).count() {
        0 | 1 => Ok(()),
        _ => Err(two_ways("里面有两份工作簿，分不清哪一份是要交的")),
    }
}

/// What is read of an .xlsx, without the sheets that are not wanted; none if it is
/// no .xlsx.
pub(super) fn some_sheets(
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<Option<XlsxBook>, OpenError> {
    if !bytes.starts_with(b"PK") {
        return Ok(None);
    }
    let mut package = Package::open(bytes)?;
    one_workbook(&package)?;
    match package.has("xl/workbook.xml") {
        true => book::unpack(&mut package, wanted).map(Some),
        false => Ok(None),
    }
}

/// Whether a file is a zip container that is no document of an office program:
/// a folder that somebody packed.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
        && listed(bytes).is_some_and(|parts| {
            let names = parts.iter().map(Listed::bare);
            let books = ["[content_types].xml", "xl/workbook.xml", "xl/workbook.bin"];
            let is_book = names.clone().any(|name| books.contains(&name));
            !is_book && kind::document(names).is_none()
        })
}

/// A compound file: a workbook, or something else.
fn in_compound(bytes: &[u8]) -> Result<Container, OpenError> {
    let mut file =
        compound::open(bytes).map_err(|_| damaged("文件不完整，可能没有传完或没有下载完"))?;
    if file.is_stream("/Workbook") || file.is_stream("/Book") {
        Ok(Container::Compound)
    } else if let Some(opened) = sealed::package(&mut file) {
        in_zip(&opened)
    } else {
        Err(kind::of_compound(|name| file.exists(name)))
    }
}
