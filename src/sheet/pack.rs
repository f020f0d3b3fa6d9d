//! Packs the parts of a workbook: those that the library packed are taken over as
//! they are, those with long tables are spelled and packed here, several at once.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::SheetOf;
use super::rows::{Numbers, Speller};
use super::write::WriteError;
use crate::several::{at_once, width};

/// So much of a part is spelled before it is packed.
const PIECE: usize = 128 << 10;

/// Puts the rows of long tables into a workbook that the library wrote without
/// them.
pub(super) fn with_rows(
    written: &[u8],
    sheets: &[SheetOf<'_>],
    numbers: &Numbers,
    level: i64,
) -> Result<Vec<u8>, WriteError> {
    let size = |sheet: &SheetOf<'_>| {
        let long = sheet.long.as_ref().filter(|long| long.count() > 0);
        long.map(|long| u64::from(long.count()) * u64::from(long.columns()))
    };
    let mut order: Vec<(usize, u64)> = sheets
        .iter()
        .enumerate()
        .filter_map(|(at, sheet)| Some((at, size(sheet)?)))
        .collect();
    // The longest first, so that nobody waits for one at the end.
    order.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let made = at_once(order.len(), width(), |turn| {
        let (at, _) = *order.get(turn)?;
        let sheet = sheets.get(at)?;
        let name = format!("xl/worksheets/sheet{}.xml", at + 1);
        let packed = part(written, &name, sheet, numbers, level);
        Some((name, packed))
    });
    let mut parts = HashMap::new();
    for (name, packed) in made.into_iter().flatten() {
        parts.insert(name, packed?);
    }
    joined(written, parts).map_err(refused)
}

/// All parts in the library's order.
fn joined(
    written: &[u8],
    mut parts: HashMap<String, Vec<u8>>,
) -> Result<Vec<u8>, zip::result::ZipError> {
    let size = written.len() + parts.values().map(Vec::len).sum::<usize>();
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(size)));
    let mut archive = ZipArchive::new(Cursor::new(written))?;
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at)?;
        match parts.remove(file.name()?.as_ref()) {
            None => out.raw_copy_file(file)?,
            Some(part) => {
                let mut part = ZipArchive::new(Cursor::new(part))?;
                out.raw_copy_file(part.by_index_raw(0)?)?;
            }
        }
    }
    Ok(out.finish()?.into_inner())
}

/// An archive with one part: what the library wrote, with the rows of the long
/// table in the place of the one that stands for them.
fn part(
    written: &[u8],
    name: &str,
    sheet: &SheetOf<'_>,
    numbers: &Numbers,
    level: i64,
) -> Result<Vec<u8>, WriteError> {
    let Some(long) = &sheet.long else {
        return Err(refused(name));
    };
    let mut around = String::new();
    ZipArchive::new(Cursor::new(written))
        .and_then(|mut archive| Ok(archive.by_name(name)?.read_to_string(&mut around)?))
        .map_err(refused)?;
    let (before, after) = split(&around, long.first()).ok_or_else(|| refused(name))?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level))
        .unix_permissions(0o600)
        .last_modified_time(DateTime::default());
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file(name, options).map_err(refused)?;
    out.write_all(before.as_bytes()).map_err(refused)?;
    let mut speller = Speller::new(sheet, numbers);
    let mut piece = Vec::with_capacity(PIECE * 2);
    long.each(&mut |row, height, cells| {
        speller.row(&mut piece, row, height, cells)?;
        if piece.len() >= PIECE {
            out.write_all(&piece).map_err(refused)?;
            piece.clear();
        }
        Ok(())
    })?;
    out.write_all(&piece).map_err(refused)?;
    out.write_all(after.as_bytes()).map_err(refused)?;
    Ok(out.finish().map_err(refused)?.into_inner())
}

/// What stands before and after a row. No text can look like its beginning.
fn split(xml: &str, row: u32) -> Option<(&str, &str)> {
    const END: &str = "</row>";
    let start = xml.find(&format!("<row r=\"{}\"", u64::from(row) + 1))?;
    let (before, rest) = xml.split_at_checked(start)?;
    let end = rest.find(END)? + END.len();
    Some((before, rest.get(end..)?))
}

/// A workbook that could not be packed, for instance because a part is too large.
fn refused(detail: impl std::fmt::Display) -> WriteError {
    WriteError::refused("", "文件", detail)
}
