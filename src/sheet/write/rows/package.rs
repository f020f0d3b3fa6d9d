//! Packs the parts of a workbook: those that the library packed are taken over as
//! they are, the sheets and their texts are spelled and packed here, several at
//! once.

use std::collections::HashMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::links::Links;
use super::row_xml::{Head, Numbers, Speller};
use super::shared_strings::Texts;
use super::sheet_rows;
use crate::several::{largest_first, width};
use crate::sheet::WriteError;
use crate::sheet::write::height::heights;
use crate::sheet::write::leads::Leads;
use crate::sheet::write::temporary;
use crate::sheet::{LongRows, SheetOf};

/// So much of a part is spelled before it is packed.
const ROOM: usize = 256 << 10;

/// The part that holds the texts of cells.
const TEXTS: &str = "xl/sharedStrings.xml";

/// The part that says when to calculate.
const WORKBOOK: &str = "xl/workbook.xml";
/// What the library says there: all of it, whenever the file is opened.
const ON_OPENING: &str = r#"<calcPr calcId="124519" fullCalcOnLoad="1"/>"#;
/// The stored values stand: they are those of the engine that today's Excel takes
/// for its own. After a change it calculates as ever.
const ON_CHANGE: &str = r#"<calcPr calcId="191029"/>"#;

/// A workbook of the library's that is not calculated when it is opened.
pub(in crate::sheet::write) fn as_stored(written: &[u8], level: u8) -> Result<Vec<u8>, WriteError> {
    let xml = part(written, WORKBOOK)?;
    let (before, after) = xml
        .split_once(ON_OPENING)
        .ok_or_else(|| refused(WORKBOOK))?;
    let mut own = Part::new(WORKBOOK, level)?;
    for piece in [before, ON_CHANGE, after] {
        own.xml.extend(piece.as_bytes());
    }
    let parts = HashMap::from([(WORKBOOK.to_owned(), own.finish()?)]);
    let mut out = Cursor::new(Vec::with_capacity(written.len()));
    joined(written, parts, &mut out).map_err(not_joined)?;
    Ok(out.into_inner())
}

/// What the rows of a workbook are made of.
pub(super) struct Rows<'a> {
    /// Its sheets.
    pub sheets: &'a [SheetOf<'a>],
    /// The numbers of formats.
    pub numbers: &'a Numbers,
    /// The texts that cells share.
    pub texts: &'a Texts<'a>,
    /// How hard the parts are compressed.
    pub level: u8,
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
fn joined(
    written: &[u8],
    mut parts: HashMap<String, impl AsRef<[u8]>>,
    to: impl Write + Seek,
) -> Result<(), ZipError> {
    let mut out = ZipWriter::new(Quiet { to, failed: false });
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
    let mut to = out.finish()?;
    to.flush()?;
    match to.failed {
        true => Err(ZipError::Io(io::Error::other("没有写完"))),
        false => Ok(()),
    }
}

/// Fails once: a library that was told so tries again when it is dropped, and then
/// complains to the screen by itself.
struct Quiet<W> {
    to: W,
    failed: bool,
}

impl<W> Quiet<W> {
    /// Does something, unless anything has failed.
    fn once<T>(&mut self, act: impl FnOnce(&mut W) -> io::Result<T>, else_: T) -> io::Result<T> {
        if self.failed {
            return Ok(else_);
        }
        let done = act(&mut self.to);
        let failed = |error: &io::Error| error.kind() != io::ErrorKind::Interrupted;
        self.failed = done.as_ref().is_err_and(failed);
        done
    }
}

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.once(|to| to.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.once(W::flush, ())
    }
}

impl<W: Seek> Seek for Quiet<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.once(|own| own.seek(to), 0)
    }
}

/// A part that is spelled here and packed while it is spelled, as an archive that
/// holds nothing else.
struct Part {
    archive: ZipWriter<Cursor<Vec<u8>>>,
    /// What is spelled and not yet packed.
    xml: Vec<u8>,
}

impl Part {
    /// Nothing yet.
    fn new(name: &str, level: u8) -> Result<Self, WriteError> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_level(Some(level.into()));
        archive.start_file(name, options).map_err(refused)?;
        Ok(Part {
            archive,
            xml: Vec::new(),
        })
    }

    /// Packs what was spelled, if it is so much.
    fn pack(&mut self, least: usize) -> Result<(), WriteError> {
        if self.xml.len() >= least {
            self.archive.write_all(&self.xml).map_err(refused)?;
            self.xml.clear();
        }
        Ok(())
    }

    /// Adds the rows of a long table.
    fn long(&mut self, mut speller: Speller<'_>, long: &dyn LongRows) -> Result<(), WriteError> {
        long.each(&mut |row, height, cells| {
            let head = Head {
                row,
                spans: None,
                height: Some(height),
            };
            let cells = cells
                .iter()
                .map(|(at, content, style)| (*at, content, *style));
            speller.row(&mut self.xml, head, cells)?;
            self.pack(ROOM)
        })
    }

    /// The archive.
    fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.pack(0)?;
        let archive = self.archive.finish().map_err(refused)?;
        Ok(archive.into_inner())
    }
}

/// An archive with the texts.
fn packed_texts(rows: &Rows<'_>) -> Result<Vec<u8>, WriteError> {
    let mut part = Part::new(TEXTS, rows.level)?;
    rows.texts.spell(&mut part.xml);
    part.finish()
}

/// The XML of a part.
fn part(written: &[u8], name: &str) -> Result<String, WriteError> {
    let mut xml = String::new();
    ZipArchive::new(Cursor::new(written))
        .and_then(|mut archive| Ok(archive.by_name(name)?.read_to_string(&mut xml)?))
        .map_err(refused)?;
    Ok(xml)
}

/// The part that holds a sheet, from 0.
fn sheet_part(at: usize) -> String {
    format!("xl/worksheets/sheet{}.xml", at + 1)
}

/// An archive with one sheet: what the library wrote, with the rows in the place of
/// those that it was given.
fn sheet(written: &[u8], name: &str, at: usize, rows: &Rows<'_>) -> Result<Vec<u8>, WriteError> {
    let Some(sheet) = rows.sheets.get(at) else {
        return Err(refused(name));
    };
    let around = part(written, name)?;
    let mut part = Part::new(name, rows.level)?;
    let mut links = Links::of(sheet);
    // A sheet without cells is as the library wrote it.
    let (before, after) = match sheet.cells.is_empty() && sheet.long.is_none() {
        true => (around.as_str(), ""),
        false => inside(&around).ok_or_else(|| refused(name))?,
    };
    part.xml.extend(before.as_bytes());
    if !after.is_empty() {
        let mut speller = Speller::new(sheet, rows.numbers, Some(rows.texts));
        sheet_rows::each(sheet, &heights(sheet), |head, cells| {
            speller.row(&mut part.xml, head, cells.iter().copied())?;
            part.pack(ROOM)
        })?;
    }
    if let Some(long) = &sheet.long {
        part.long(Speller::new(sheet, rows.numbers, None), &**long)?;
        long.each_link(&mut |cell, to, area| links.add(cell, &Leads::ToSource(to, area)));
    }
    links
        .among(after, &mut part.xml)
        .ok_or_else(|| refused(name))?;
    part.finish()
}

/// What stands before and after the rows; nothing if there are none.
fn inside(xml: &str) -> Option<(&str, &str)> {
    const START: &str = "<sheetData>";
    let start = xml.find(START)? + START.len();
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
