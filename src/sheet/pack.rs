//! Packs the parts of a workbook: those that the library packed are taken over as
//! they are, the sheets and their texts are spelled and packed here, several at
//! once.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::cells::TIP;
use super::drawn;
use super::rows::{Head, Numbers, Speller};
use super::spelling::attribute;
use super::texts::Texts;
use super::write::WriteError;
use super::{Area, Cell, SheetOf};
use crate::several::{at_once, width};

/// So much of a part is spelled before it is packed.
const PIECE: usize = 128 << 10;

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
    pub level: i64,
}

/// A part that is packed here.
#[derive(Clone, Copy)]
enum Part {
    Texts,
    Sheet(usize),
}

/// Puts the rows into a workbook that the library wrote without them.
pub(super) fn with_rows(written: &[u8], rows: &Rows<'_>) -> Result<Vec<u8>, WriteError> {
    let size = |sheet: &SheetOf<'_>| {
        let long = sheet.long.as_ref();
        let long = long.map_or(0, |long| {
            long.count() as usize * usize::from(long.columns())
        });
        sheet.cells.len() + long
    };
    let sheets = rows.sheets.iter().enumerate();
    let mut order: Vec<(Part, usize)> = sheets
        .map(|(at, sheet)| (Part::Sheet(at), size(sheet)))
        .collect();
    if rows.texts.count() > 0 {
        order.push((Part::Texts, rows.texts.count()));
    }
    // The longest first, so that nobody waits for one at the end.
    order.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let made = at_once(order.len(), width(), |turn| match order.get(turn)?.0 {
        Part::Texts => Some((TEXTS.to_owned(), packed_texts(rows.texts, rows.level))),
        Part::Sheet(at) => {
            let name = sheet_part(at);
            let packed = sheet(written, &name, at, rows);
            Some((name, packed))
        }
    });
    let mut parts = HashMap::new();
    for (name, packed) in made.into_iter().flatten() {
        parts.insert(name, packed?);
    }
    joined(written, parts).map_err(refused)
}

/// All parts in the library's order.
pub(super) fn joined(
    written: &[u8],
    mut parts: HashMap<String, impl AsRef<[u8]>>,
) -> Result<Vec<u8>, zip::result::ZipError> {
    let size = written.len()
        + parts
            .values()
            .map(|part| part.as_ref().len())
            .sum::<usize>();
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
    // Otherwise rows or texts would be missing, and nobody would see it.
    if let Some(name) = parts.keys().next() {
        return Err(zip::result::ZipError::Io(std::io::Error::other(format!(
            "{name} 没有位置"
        ))));
    }
    Ok(out.finish()?.into_inner())
}

/// An archive in memory.
type Archive = ZipWriter<Cursor<Vec<u8>>>;

/// An archive whose only part is begun.
fn begun(name: &str, level: i64) -> Result<Archive, WriteError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level))
        .unix_permissions(0o600)
        .last_modified_time(DateTime::default());
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file(name, options).map_err(refused)?;
    Ok(out)
}

/// An archive with the texts.
pub(super) fn packed_texts(texts: &Texts<'_>, level: i64) -> Result<Vec<u8>, WriteError> {
    let mut xml = Vec::new();
    texts.spell(&mut xml);
    packed(TEXTS, &xml, level)
}

/// An archive with one part.
pub(super) fn packed(name: &str, xml: &[u8], level: i64) -> Result<Vec<u8>, WriteError> {
    let mut out = begun(name, level)?;
    out.write_all(xml).map_err(refused)?;
    Ok(out.finish().map_err(refused)?.into_inner())
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
        (None, Some(_)) => (around.as_str(), ""),
    };
    let mut out = begun(name, rows.level)?;
    out.write_all(before.as_bytes()).map_err(refused)?;
    let mut piece = Vec::with_capacity(PIECE * 2);
    let mut flush = |piece: &mut Vec<u8>, least: usize| {
        if piece.len() >= least {
            out.write_all(piece).map_err(refused)?;
            piece.clear();
        }
        Ok(())
    };
    if let Some(long) = long {
        let mut speller = Speller::new(sheet, rows.numbers, None);
        long.each(&mut |row, height, cells| {
            let head = Head {
                row,
                spans: None,
                height: Some(height),
            };
            let cells = cells
                .iter()
                .map(|(at, content, style)| (*at, content, *style));
            speller.row(&mut piece, head, cells)?;
            flush(&mut piece, PIECE)
        })?;
    } else if !after.is_empty() {
        let mut speller = Speller::new(sheet, rows.numbers, Some(rows.texts));
        drawn::spell(&mut speller, sheet, heights, &mut piece, |piece| {
            flush(piece, PIECE)
        })?;
    }
    flush(&mut piece, 0)?;
    let mut links = Vec::new();
    if let Some(long) = long {
        long.each_link(&mut |cell, to, area| link(&mut links, cell, to, area));
    }
    if links.is_empty() {
        out.write_all(after.as_bytes()).map_err(refused)?;
    } else {
        let (before, after, wrapped) = around_links(after).ok_or_else(|| refused(name))?;
        let (open, close) = match wrapped {
            true => (&b""[..], &b""[..]),
            false => (&b"<hyperlinks>"[..], &b"</hyperlinks>"[..]),
        };
        for part in [before.as_bytes(), open, &links, close, after.as_bytes()] {
            out.write_all(part).map_err(refused)?;
        }
    }
    Ok(out.finish().map_err(refused)?.into_inner())
}

/// Adds a link from a cell to cells of a sheet.
fn link(out: &mut Vec<u8>, cell: Cell, to: &str, area: Area) {
    let to = area.relative(to);
    out.extend(b"<hyperlink ref=\"");
    out.extend(cell.name().as_bytes());
    out.extend(b"\" location=\"");
    attribute(out, &to);
    out.extend(b"\" tooltip=\"");
    attribute(out, TIP);
    out.extend(b"\" display=\"");
    attribute(out, &to);
    out.extend(b"\"/>");
}

/// What stands before and after the links that are put among what follows the rows,
/// and whether others are there, within the same element.
fn around_links(xml: &str) -> Option<(&str, &str, bool)> {
    // They stand before how the page prints, and no text can look like an element.
    let others = xml.find("</hyperlinks>").map(|at| (at, true));
    let page = ["<printOptions", "<pageMargins"];
    let mut page = page.iter().filter_map(|tag| xml.find(tag));
    let (at, wrapped) = others.or_else(|| Some((page.next()?, false)))?;
    Some((xml.get(..at)?, xml.get(at..)?, wrapped))
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

/// A workbook that could not be packed, for instance because a part is too large.
fn refused(detail: impl std::fmt::Display) -> WriteError {
    WriteError::refused("", "文件", detail)
}
