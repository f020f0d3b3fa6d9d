//! Says what a file is by its content, never by its name, before the library
//! sees it: the list of parts in the zip container is read here.

use std::collections::HashSet;

use super::OpenError;

/// Most bytes that the parts may take when unpacked, by what they claim.
const UNPACKED_LIMIT: u64 = 1 << 30;

/// First bytes of Microsoft's compound file: .xls, .doc, and whatever has a
/// password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Succeeds for what looks like an .xlsx workbook.
pub(super) fn check(bytes: &[u8]) -> Result<(), OpenError> {
    if bytes.is_empty() {
        return Err(OpenError::Empty);
    }
    if bytes.starts_with(COMPOUND) {
        return Err(compound(bytes));
    }
    if !bytes.starts_with(b"PK") {
        return Err(OpenError::NotWorkbook);
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
    match other(&names) {
        Some(kind) => Err(OpenError::OtherDocument(kind.to_owned())),
        None => Ok(()),
    }
}

/// What a container is, if it is no .xlsx workbook.
fn other(names: &HashSet<&str>) -> Option<&'static str> {
    let under = |folder: &str| names.iter().any(|n| n.starts_with(folder));
    if names.contains("xl/workbook.bin") {
        Some("二进制工作簿（.xlsb）")
    } else if names.iter().any(|n| n.ends_with("workbook.xml")) {
        None
    } else if names.contains("mimetype") && names.contains("content.xml") {
        Some("OpenDocument 文档（.ods 等）")
    } else if under("word/") {
        Some("Word 文档")
    } else if under("ppt/") {
        Some("演示文稿")
    } else if names.contains("[content_types].xml") && under("xl/") {
        None
    } else {
        Some("压缩包")
    }
}

/// What a compound file is, by the names of its streams.
fn compound(bytes: &[u8]) -> OpenError {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|w| w == wide)
    };
    if holds("EncryptedPackage") {
        OpenError::Protected
    } else if holds("WordDocument") {
        OpenError::OtherDocument("Word 文档".to_owned())
    } else if holds("Workbook") || holds("Book") {
        OpenError::OldExcel
    } else {
        OpenError::NotWorkbook
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
