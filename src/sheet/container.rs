//! Says what a file is by its content, never by its name, before the library
//! sees it.

use super::parts::{Parts, listed};
use super::read::xlsx;
use super::{OpenError, compound, kind, limits, markup};

/// First bytes of Microsoft's compound file: .xls, .doc, and whatever has a
/// password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What holds a workbook, by its content.
#[derive(Debug)]
pub(super) enum Container {
    /// .xlsx or .xlsm.
    Xlsx {
        /// Its parts.
        parts: Parts,
        /// A macro project is among the parts.
        macros: bool,
    },
    /// .xlsb.
    Xlsb {
        /// Its parts.
        parts: Parts,
        /// A macro project is among the parts.
        macros: bool,
    },
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
        return Err(OpenError::TooLarge);
    }
    if bytes.starts_with(COMPOUND) {
        return in_compound(bytes);
    }
    if !bytes.starts_with(b"PK") {
        return Err(kind::of_bytes(bytes));
    }
    let list = listed(bytes).ok_or_else(|| OpenError::Damaged("文件不完整".to_owned()))?;
    let names = || list.iter().map(|part| part.name.trim_start_matches('/'));
    let has = |name: &str| names().any(|own| own == name);
    let macros = names().any(|name| name.ends_with("vbaproject.bin"));
    let sheets = names().any(|name| name.starts_with("xl/"));
    if has("xl/workbook.bin") {
        let parts = Parts::unpack(bytes)?;
        return Ok(Container::Xlsb { parts, macros });
    }
    if names().any(|name| name.ends_with("workbook.xml")) || (has("[content_types].xml") && sheets)
    {
        let parts = look_over(Parts::unpack(bytes)?)?;
        return Ok(Container::Xlsx { parts, macros });
    }
    if has("encrypted-package") {
        return Err(OpenError::Protected);
    }
    let other = || kind::of_parts(names());
    if !has("content.xml") && !has("meta-inf/manifest.xml") {
        return Err(other());
    }
    let parts = Parts::unpack(bytes)?;
    if text(&parts, "META-INF/manifest.xml").contains("encryption-data") {
        return Err(OpenError::Protected);
    }
    // The media type should be stored as it is, but not every program does so.
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let is_spreadsheet = text(&parts, "mimetype").starts_with(kind)
        || text(&parts, "META-INF/manifest.xml").contains(kind);
    match is_spreadsheet && has("content.xml") {
        true => Ok(Container::Ods {
            parts: look_over(parts)?,
        }),
        false => Err(other()),
    }
}

/// The parts of an .xlsx without those of sheets that are not wanted; none if
/// it is no .xlsx, or says in an unusual way which part is which sheet.
pub(super) fn some_sheets(
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<Option<Parts>, OpenError> {
    let is_xlsx = bytes.starts_with(b"PK")
        && listed(bytes).is_some_and(|list| list.iter().any(|part| part.name == BOOK));
    if !is_xlsx {
        return Ok(None);
    }
    let head = look_over(Parts::unpack_some(bytes, |name| {
        [BOOK, RELATIONS].contains(&name)
    })?)?;
    let Some(unwanted) = xlsx::parts_of(&head, |name| !wanted(name)) else {
        return Ok(None);
    };
    let parts = Parts::unpack_some(bytes, |name| !unwanted.contains(name))?;
    Ok(Some(look_over(parts)?))
}

/// Where an .xlsx usually says which sheets it has, and which parts they are.
const BOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// Looks over the parts that the library reads as XML.
fn look_over(mut parts: Parts) -> Result<Parts, OpenError> {
    parts.leave_out_plain_cells();
    for (name, part) in parts.iter() {
        let lower = name.to_lowercase();
        if lower.ends_with(".xml") || lower.ends_with(".rels") {
            match parts.rest(name) {
                Some(rest) => markup::check(name, &rest.bytes, rest.tags)?,
                None => markup::check(name, part, 0)?,
            }
        }
    }
    Ok(parts)
}

/// A part as text; empty if there is none.
fn text(parts: &Parts, name: &str) -> String {
    String::from_utf8_lossy(parts.get(name).unwrap_or_default()).into_owned()
}

/// Whether a file is a zip container that is no document of an office program:
/// a folder that somebody packed.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
        && listed(bytes).is_some_and(|parts| {
            let documents = ["[content_types].xml", "mimetype", "content.xml"];
            !parts
                .iter()
                .any(|part| documents.contains(&part.name.trim_start_matches('/')))
        })
}

/// How many members the directory of a zip file lists, also those that share
/// a name.
pub fn listed_members(bytes: &[u8]) -> Option<usize> {
    listed(bytes).map(|parts| parts.len())
}

/// A compound file: a workbook, or something else.
fn in_compound(bytes: &[u8]) -> Result<Container, OpenError> {
    let file = compound::open(bytes).map_err(|error| OpenError::Damaged(error.to_string()))?;
    if file.is_stream("/Workbook") || file.is_stream("/Book") {
        Ok(Container::Compound)
    } else {
        Err(kind::of_compound(|name| file.exists(name)))
    }
}
