//! Says what a file is by its content, never by its name, before the library
//! sees it: the list of parts in the zip container is read here.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use super::{OpenError, compound, kind};

/// Most bytes that the parts may take when unpacked, by what they claim.
const UNPACKED_LIMIT: u64 = 1 << 30;

/// First bytes of Microsoft's compound file: .xls, .doc, and whatever has a
/// password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What holds a workbook, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// .xlsx or .xlsm.
    Xlsx {
        /// A macro project is among the parts.
        macros: bool,
    },
    /// .xlsb.
    Xlsb {
        /// A macro project is among the parts.
        macros: bool,
    },
    /// .ods.
    Ods,
    /// A compound file with a workbook in it.
    Compound,
}

/// Says what holds the workbook, or what the file is instead.
pub(super) fn check(bytes: &[u8]) -> Result<Container, OpenError> {
    if bytes.is_empty() {
        return Err(OpenError::Empty);
    }
    if bytes.starts_with(COMPOUND) {
        return in_compound(bytes);
    }
    if !bytes.starts_with(b"PK") {
        return Err(kind::of_bytes(bytes));
    }
    let parts = parts(bytes).ok_or_else(|| OpenError::Damaged("文件不完整".to_owned()))?;
    let mut names = HashSet::new();
    for part in &parts {
        if !names.insert(part.name.as_str()) {
            return Err(OpenError::Damaged(format!("部件重名：{}", part.name)));
        }
    }
    if parts.iter().map(|p| p.unpacked).sum::<u64>() > UNPACKED_LIMIT {
        return Err(OpenError::TooLarge);
    }
    let macros = names.iter().any(|name| name.ends_with("vbaproject.bin"));
    let sheets = names.iter().any(|name| name.starts_with("xl/"));
    if names.contains("xl/workbook.bin") {
        Ok(Container::Xlsb { macros })
    } else if names.iter().any(|name| name.ends_with("workbook.xml"))
        || (names.contains("[content_types].xml") && sheets)
    {
        Ok(Container::Xlsx { macros })
    } else if names.contains("encrypted-package") || is_encrypted(bytes) {
        Err(OpenError::Protected)
    } else if names.contains("content.xml") && is_spreadsheet(bytes) {
        Ok(Container::Ods)
    } else {
        Err(kind::of_parts(names.iter().copied()))
    }
}

/// Whether a file is a zip container that is no document of an office program:
/// a folder that somebody packed.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
        && parts(bytes).is_some_and(|parts| {
            let documents = ["[content_types].xml", "mimetype", "content.xml"];
            !parts
                .iter()
                .any(|part| documents.contains(&part.name.as_str()))
        })
}

/// How many members the directory of a zip file lists, also those that share
/// a name.
pub fn listed_members(bytes: &[u8]) -> Option<usize> {
    parts(bytes).map(|parts| parts.len())
}

/// Whether an OpenDocument file says that it is a spreadsheet. Its media type
/// should be stored as it is, but not every program does so.
fn is_spreadsheet(bytes: &[u8]) -> bool {
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    part_text(bytes, "mimetype").is_some_and(|text| text.starts_with(kind))
        || part_text(bytes, "META-INF/manifest.xml").is_some_and(|text| text.contains(kind))
}

/// Whether the parts of an OpenDocument file are locked with a password.
fn is_encrypted(bytes: &[u8]) -> bool {
    part_text(bytes, "META-INF/manifest.xml").is_some_and(|text| text.contains("encryption-data"))
}

/// The beginning of a part as text.
fn part_text(bytes: &[u8], name: &str) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = Vec::new();
    let part = archive.by_name(name).ok()?;
    part.take(1 << 20).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
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

/// A part of the container, as its directory claims.
struct Part {
    /// Name in lower case with forward slashes.
    name: String,
    /// Bytes when unpacked.
    unpacked: u64,
}

/// The directory at the end of a zip file; none if it is cut off or broken.
fn parts(bytes: &[u8]) -> Option<Vec<Part>> {
    // The end record is 22 bytes and a comment of at most 65,535.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let tail = bytes.get(from..)?;
    let end = from + tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let count = short(bytes, end + 10)?;
    let size = usize::try_from(long(bytes, end + 12)?).ok()?;
    let mut at = end.checked_sub(size)?;
    let mut parts = Vec::with_capacity(count);
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let name = at + 46..at + 46 + short(bytes, at + 28)?;
        let next = name.end + short(bytes, at + 30)? + short(bytes, at + 32)?;
        let name = String::from_utf8_lossy(bytes.get(name)?);
        let name = name.replace('\\', "/").to_lowercase();
        parts.push(Part {
            name: name.trim_start_matches('/').to_owned(),
            unpacked: u64::from(long(bytes, at + 24)?),
        });
        at = next;
    }
    Some(parts)
}

/// Two bytes, lowest first.
fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(two)))
}

/// Four bytes, lowest first.
fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(four))
}
