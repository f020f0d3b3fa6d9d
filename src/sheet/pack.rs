//! Packs the parts of a workbook: those that the library packed are taken over as
//! they are, the sheets and their texts are spelled and packed here, several at
//! once.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Seek, Write};

use sha2::{Digest, Sha256};
use zip::result::ZipError;
use zip::{ZipArchive, ZipWriter};

use super::drawn;
use super::kept::KeptPieces;
use super::links::{Leads, Links};
use super::piece::{Entry, Piece};
use super::rows::{Head, Numbers, Speller};
use super::texts::Texts;
use super::write::{WriteError, temporary};
use super::{LongRows, SheetOf};
use crate::several::{largest_first, width};

/// So much of a part is spelled before it is packed.
const PIECE: usize = 256 << 10;
/// Cells of a long table that are packed as one piece: about twice as much.
/// The tables of tests are short, and a piece of theirs as well.
const PIECE_CELLS: u32 = if cfg!(debug_assertions) { 256 } else { 8_192 };

/// The part that holds the texts of cells.
pub(super) const TEXTS: &str = "xl/sharedStrings.xml";

/// What the rows of a workbook are made of.
pub(super) struct Rows<'a> {
    /// Its sheets.
    pub sheets: &'a [SheetOf<'a>],
    /// Heights of rows by sheet.
    pub heights: &'a [BTreeMap<u32, f64>],
    /// The numbers of formats.
    pub numbers: &'a Numbers,
    /// The texts that cells share.
    pub texts: &'a Texts<'a>,
    /// How hard the parts are compressed.
    pub level: u8,
    /// What was packed before.
    pub kept: &'a KeptPieces,
}

/// Puts the rows into a workbook that the library wrote without them.
pub(super) fn with_rows(
    written: &[u8],
    rows: &Rows<'_>,
    to: impl Write + Seek,
) -> Result<(), WriteError> {
    let size = |sheet: &SheetOf<'_>| {
        let long = sheet.long.as_ref();
        let long = long.map_or(0, |long| {
            long.count() as usize * usize::from(long.columns())
        });
        sheet.cells.len() + long
    };
    let mut sizes: Vec<usize> = rows.sheets.iter().map(size).collect();
    if rows.texts.count() > 0 {
        sizes.push(rows.texts.count());
    }
    let made = largest_first(&sizes, width(), |at| match at {
        // The texts stand behind all sheets.
        _ if at == rows.sheets.len() => (TEXTS.to_owned(), packed_texts(rows)),
        _ => {
            let name = sheet_part(at);
            let packed = sheet(written, &name, at, rows);
            (name, packed)
        }
    });
    let mut parts = HashMap::new();
    for (name, packed) in made {
        parts.insert(name, packed?);
    }
    joined(written, parts, to).map_err(not_joined)
}

/// All parts in the library's order.
pub(super) fn joined(
    written: &[u8],
    mut parts: HashMap<String, impl AsRef<[u8]>>,
    to: impl Write + Seek,
) -> Result<(), ZipError> {
    let mut out = ZipWriter::new(to);
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
    // Otherwise rows or texts would be missing, and nobody would see it.
    if let Some(name) = parts.keys().next() {
        return Err(ZipError::Io(std::io::Error::other(format!(
            "{name} 没有位置"
        ))));
    }
    out.finish()?.flush()?;
    Ok(())
}

/// A part that is spelled here, packed piece by piece.
struct Parted<'r> {
    rows: &'r Rows<'r>,
    entry: Entry,
    /// What is spelled and not yet packed.
    xml: Vec<u8>,
}

impl<'r> Parted<'r> {
    /// Nothing yet.
    fn new(rows: &'r Rows<'r>) -> Self {
        Parted {
            rows,
            entry: Entry::default(),
            xml: Vec::new(),
        }
    }

    /// Packs what was spelled, if it is so much.
    fn pack(&mut self, least: usize) -> Result<(), WriteError> {
        if self.xml.len() < least || self.xml.is_empty() {
            return Ok(());
        }
        let (level, xml) = (self.rows.level, &self.xml);
        let key = || {
            let mut key = Sha256::new_with_prefix(b"xml");
            key.update([level]);
            key.update(xml);
            Ok(key.finalize().into())
        };
        let make = || Piece::of(xml, level).map_err(refused);
        let piece = self.rows.kept.piece(key, make)?;
        self.entry.add(&piece);
        self.xml.clear();
        Ok(())
    }

    /// Adds the rows of a long table. They are spelled only if nothing was packed
    /// that was made from the same.
    fn long(&mut self, sheet: &SheetOf<'_>, long: &dyn LongRows) -> Result<(), WriteError> {
        self.pack(0)?;
        let Rows {
            kept,
            numbers,
            level,
            ..
        } = self.rows;
        let mut speller = Speller::new(sheet, numbers, None);
        let mut of_all = vec![*level];
        numbers.tell(&mut of_all);
        let each = (PIECE_CELLS / u32::from(long.columns()).max(1)).max(1);
        let (mut from, count) = (0, long.count());
        let (mut told, mut xml) = (Vec::new(), Vec::new());
        while from < count {
            let some = from..from.saturating_add(each).min(count);
            from = some.end;
            let key = || {
                told.clear();
                long.tell(some.clone(), &mut told)?;
                let mut key = Sha256::new_with_prefix(b"rows");
                key.update(&of_all);
                key.update(&told);
                Ok(key.finalize().into())
            };
            let piece = kept.piece(key, || {
                xml.clear();
                long.each(some.clone(), &mut |row, height, cells| {
                    let head = Head {
                        row,
                        spans: None,
                        height: Some(height),
                    };
                    let cells = cells
                        .iter()
                        .map(|(at, content, style)| (*at, content, *style));
                    speller.row(&mut xml, head, cells)
                })?;
                Piece::of(&xml, *level).map_err(refused)
            })?;
            self.entry.add(&piece);
        }
        Ok(())
    }

    /// An archive with the part.
    fn archive(mut self, name: &str) -> Result<Vec<u8>, WriteError> {
        self.pack(0)?;
        self.entry.archive(name).map_err(refused)
    }
}

/// An archive with the texts.
fn packed_texts(rows: &Rows<'_>) -> Result<Vec<u8>, WriteError> {
    let mut part = Parted::new(rows);
    rows.texts.spell(&mut part.xml);
    part.archive(TEXTS)
}

/// An archive with one part.
pub(super) fn packed(name: &str, xml: &[u8], level: u8) -> Result<Vec<u8>, WriteError> {
    let mut entry = Entry::default();
    entry.add(&Piece::of(xml, level).map_err(refused)?);
    entry.archive(name).map_err(refused)
}

/// The XML of a part.
pub(super) fn part(written: &[u8], name: &str) -> Result<String, WriteError> {
    let mut xml = String::new();
    ZipArchive::new(Cursor::new(written))
        .and_then(|mut archive| Ok(archive.by_name(name)?.read_to_string(&mut xml)?))
        .map_err(refused)?;
    Ok(xml)
}

/// The part that holds a sheet, from 0.
pub(super) fn sheet_part(at: usize) -> String {
    format!("xl/worksheets/sheet{}.xml", at + 1)
}

/// An archive with one sheet: what the library wrote, with the rows in the place of
/// those that it was given.
fn sheet(written: &[u8], name: &str, at: usize, rows: &Rows<'_>) -> Result<Vec<u8>, WriteError> {
    let (Some(sheet), Some(heights)) = (rows.sheets.get(at), rows.heights.get(at)) else {
        return Err(refused(name));
    };
    let mut around = part(written, name)?;
    // A sheet of which the library was given nothing that it writes.
    if !sheet.cells.is_empty() {
        around = around.replacen("<sheetData/>", "<sheetData></sheetData>", 1);
    }
    let long = sheet.long.as_ref().filter(|long| long.count() > 0);
    let (before, after) = match (long, &sheet.long) {
        (Some(long), _) => split(&around, long.first()).ok_or_else(|| refused(name))?,
        (None, None) if sheet.cells.is_empty() => (around.as_str(), ""),
        (None, None) => inside(&around).ok_or_else(|| refused(name))?,
        (None, Some(_)) => match around.find("</sheetData>") {
            Some(end) => around.split_at(end),
            None => (around.as_str(), ""),
        },
    };
    let mut part = Parted::new(rows);
    part.xml.extend(before.as_bytes());
    let mut links = Links::of(sheet);
    if let Some(long) = long {
        part.long(sheet, &**long)?;
        long.each_link(&mut |cell, to, area| links.add(cell, &Leads::ToSource(to, area)));
    } else if sheet.long.is_none() && !after.is_empty() {
        let mut speller = Speller::new(sheet, rows.numbers, Some(rows.texts));
        let mut xml = std::mem::take(&mut part.xml);
        drawn::spell(&mut speller, sheet, heights, &mut xml, |xml| {
            std::mem::swap(xml, &mut part.xml);
            let packed = part.pack(PIECE);
            std::mem::swap(xml, &mut part.xml);
            packed
        })?;
        part.xml = xml;
    }
    links
        .among(after, &mut part.xml)
        .ok_or_else(|| refused(name))?;
    part.archive(name)
}

/// What stands before and after the rows; nothing if there are none.
pub(super) fn inside(xml: &str) -> Option<(&str, &str)> {
    const START: &str = "<sheetData>";
    let start = xml.find(START)? + START.len();
    let end = xml.find("</sheetData>")?;
    Some((xml.get(..start)?, xml.get(end..)?))
}

/// What stands before a row, and after the last one: in between stands only what
/// shows the library the extent. No text can look like the beginning of a row.
fn split(xml: &str, row: u32) -> Option<(&str, &str)> {
    let start = xml.find(&format!("<row r=\"{}\"", u64::from(row) + 1))?;
    let end = xml.find("</sheetData>")?;
    Some((xml.get(..start)?, xml.get(end..)?))
}

/// A workbook that could not be put together.
fn not_joined(error: ZipError) -> WriteError {
    match error {
        ZipError::Io(error) if error.raw_os_error().is_some() => temporary(&error),
        other => refused(other),
    }
}

/// A workbook that could not be packed, for instance because a part is too large.
fn refused(detail: impl std::fmt::Display) -> WriteError {
    WriteError::refused("", "文件", detail)
}
