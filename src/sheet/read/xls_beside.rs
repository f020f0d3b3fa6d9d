//! What the cells of an .xls carry beside their values: the records say of each
//! cell its font and number format, of a text the fonts of its pieces, and notes
//! and boxes with text. Before Excel 97 texts were no Unicode, a note was a record
//! by itself, and the text of a box stood in its midst, where it is not read.
//! Nothing here is needed to read values, so what is odd is passed over.

use std::collections::BTreeMap;

use ecow::EcoString;
use memchr::memmem;

use super::seen::{Run, Seen, StyleOf, Text};
use super::value::position;
use super::xls_records::{Record, record, records, short};
use crate::sheet::{Attached, AttachedKind, Cell, How};

/// Record types, by [MS-XLS] 2.3.
mod of {
    pub const FONT: u16 = 0x0031;
    pub const FORMAT: u16 = 0x041E;
    pub const STYLE: u16 = 0x00E0;
    pub const TEXTS: u16 = 0x00FC;
    pub const CONTINUE: u16 = 0x003C;
    /// A cell with the number of a text.
    pub const TEXT_CELL: u16 = 0x00FD;
    /// A cell with a text in pieces of its own.
    pub const RICH_TEXT: u16 = 0x00D6;
    pub const NOTE: u16 = 0x001C;
    pub const OBJECT: u16 = 0x005D;
    /// Shapes, each with where it lies.
    pub const DRAWING: u16 = 0x00EC;
    pub const OBJECT_TEXT: u16 = 0x01B6;
}
/// The bits of a font, and where its place on the line stands.
const STRUCK: u16 = 0x0008;
/// Fonts are counted without this one.
const NO_FONT: usize = 4;
/// How it begins to be said over which cells a shape lies.
const ANCHOR: &[u8] = &[0x10, 0xF0, 0x12, 0, 0, 0];
/// The kind of object that stands for a note, and before Excel 97 for a box.
const OBJECT_OF_NOTE: u16 = 0x0019;
const OLD_BOX: u16 = 0x0006;
/// What is said of a box of which the text is not read.
const UNREAD_BOX: &str = "（很旧的 .xls 里的文本框，里面的字读不出）";
/// The row that a note claims that goes on with the one before.
const GOES_ON: u16 = 0xFFFF;

/// What the workbook says of all its cells.
#[derive(Default)]
pub(super) struct Looks {
    /// All text is Unicode.
    biff8: bool,
    /// Struck through or not, and how high on the line.
    fonts: Vec<(bool, How)>,
    /// What the file says of number formats.
    pub formats: BTreeMap<u16, String>,
    styles: Vec<StyleOf>,
    texts: BTreeMap<usize, Text>,
    /// Bytes of each text, in pieces or not.
    lengths: Vec<u32>,
}

/// A shape with text.
struct Object {
    kind: u16,
    cell: Option<Cell>,
    text: String,
}

/// What was seen of a sheet.
#[derive(Default)]
pub(super) struct OfSheet {
    pub cells: BTreeMap<Cell, Seen>,
    pub attached: Vec<Attached>,
}

impl Looks {
    /// Reads fonts, formats, styles and texts at the beginning of the stream.
    pub fn of(stream: &[u8], biff8: bool) -> Self {
        let mut looks = Looks {
            biff8,
            ..Looks::default()
        };
        let mut styles = Vec::new();
        let mut texts = Vec::new();
        let mut in_texts = false;
        for record in records(stream, 0) {
            let at = record.body;
            in_texts = match record.kind {
                of::TEXTS => true,
                of::CONTINUE => in_texts,
                _ => false,
            };
            if in_texts {
                texts.push(stream.get(at..at + record.length).unwrap_or_default());
            }
            match record.kind {
                of::FONT if record.length >= 10 => {
                    let how = match short(stream, at + 8) {
                        1 => How::Raised,
                        2 => How::Lowered,
                        _ => How::Plain,
                    };
                    let struck = short(stream, at + 2) & STRUCK != 0;
                    looks.fonts.push((struck, how));
                }
                of::FORMAT if record.length >= 5 => {
                    let text = stream.get(at + 2..at + record.length);
                    let text = text.and_then(|text| match biff8 {
                        true => words(text, short(stream, at + 2)),
                        false => Some(old_words(text.get(1..)?)),
                    });
                    looks
                        .formats
                        .extend(text.map(|text| (short(stream, at), text)));
                }
                of::STYLE if record.length >= 4 => {
                    styles.push((short(stream, at), short(stream, at + 2)));
                }
                record::EOF => break,
                _ => {}
            }
        }
        let styles = styles.iter().map(|(number, format)| {
            let format = looks.formats.get(format).map(String::as_str);
            StyleOf::new(looks.font(*number).0, format)
        });
        looks.styles = styles.collect();
        let (texts, lengths) = Texts::new(texts).read(|number| looks.how(number));
        (looks.texts, looks.lengths) = (texts, lengths);
        looks
    }

    fn font(&self, number: u16) -> (bool, How) {
        let number = usize::from(number);
        let place = if number > NO_FONT { number - 1 } else { number };
        self.fonts.get(place).copied().unwrap_or_default()
    }

    fn how(&self, number: u16) -> How {
        match self.font(number) {
            (true, _) => How::Struck,
            (false, how) => how,
        }
    }

    /// Bytes of the text that a record of a cell names.
    pub fn length(&self, stream: &[u8], kind: u16, body: usize) -> usize {
        let text = (kind == of::TEXT_CELL).then(|| number_of_text(stream, body));
        let length = text.and_then(|text| self.lengths.get(text)).copied();
        length.map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// What is seen of a sheet that begins at a place of the stream.
    pub fn sheet(&self, stream: &[u8], start: usize) -> OfSheet {
        let mut seen = OfSheet::default();
        let is_plain = self.fonts.iter().all(|font| *font == (false, How::Plain))
            && self.styles.iter().all(StyleOf::is_plain);
        let mut depth = 0;
        let mut notes = Vec::new();
        let mut old_notes: Vec<(Option<Cell>, Vec<u8>)> = Vec::new();
        let mut objects: BTreeMap<u16, Object> = BTreeMap::new();
        let (mut object, mut anchor) = (None, None);
        let mut text: Option<(u16, usize)> = None;
        for one in records(stream, start) {
            let at = one.body;
            match one.kind {
                record::BOF => depth += 1,
                record::EOF if depth <= 1 => break,
                record::EOF => depth -= 1,
                of::OBJECT if !self.biff8 && short(stream, at + 4) == OLD_BOX => {
                    let place = (short(stream, at + 14).into(), short(stream, at + 10).into());
                    let cell = position(place).unwrap_or(Cell::new(0, 0));
                    seen.attach(cell, AttachedKind::Box, UNREAD_BOX);
                }
                of::NOTE if !self.biff8 && one.length >= 6 => {
                    let piece = stream.get(at + 6..at + one.length).unwrap_or_default();
                    match old_notes.last_mut() {
                        Some((_, note)) if short(stream, at) == GOES_ON => note.extend(piece),
                        _ => {
                            let place = (short(stream, at).into(), short(stream, at + 2).into());
                            old_notes.push((position(place), piece.to_vec()));
                        }
                    }
                }
                of::OBJECT if one.length >= 8 => {
                    object = Some((short(stream, at + 4), short(stream, at + 6)));
                }
                of::OBJECT_TEXT if one.length >= 12 => {
                    text = object.take().map(|(kind, id)| {
                        let made = Object {
                            kind,
                            cell: anchor.take(),
                            text: String::new(),
                        };
                        objects.insert(id, made);
                        (id, usize::from(short(stream, at + 10)))
                    });
                    continue;
                }
                of::CONTINUE => {
                    if let Some((id, left)) = &mut text
                        && let Some(Object { text: said, .. }) = objects.get_mut(id)
                    {
                        let body = stream.get(at..at + one.length).unwrap_or_default();
                        let (flags, letters) = body.split_first().unwrap_or((&0, &[]));
                        let piece = letters_of(letters, *flags, *left);
                        *left -= piece.encode_utf16().count().min(*left);
                        said.push_str(&piece);
                        if *left == 0 {
                            text = None;
                        }
                    }
                    continue;
                }
                of::DRAWING => {
                    let body = stream.get(at..at + one.length).unwrap_or_default();
                    // The text of a shape has a record of its own, which tells no place.
                    if let Some(found) = memmem::rfind(body, ANCHOR) {
                        let from = at + found + ANCHOR.len();
                        // What it does when cells move, column, part of it, row.
                        anchor = position((
                            short(stream, from + 6).into(),
                            short(stream, from + 2).into(),
                        ));
                    }
                }
                of::NOTE if one.length >= 8 => {
                    let place = (short(stream, at).into(), short(stream, at + 2).into());
                    notes.push((position(place), short(stream, at + 6)));
                }
                kind if !is_plain && depth <= 1 && record::CELLS.contains(&kind) => {
                    self.cells(stream, &one, &mut seen.cells);
                }
                _ => {}
            }
            text = None;
        }
        for (cell, note) in old_notes {
            if let Some(cell) = cell {
                seen.attach(cell, AttachedKind::Note, &old_words(&note));
            }
        }
        for (cell, id) in notes {
            if let Some((cell, object)) = cell.zip(objects.remove(&id)) {
                seen.attach(cell, AttachedKind::Note, &object.text);
            }
        }
        for object in objects.into_values() {
            if object.kind != OBJECT_OF_NOTE {
                let cell = object.cell.unwrap_or(Cell::new(0, 0));
                seen.attach(cell, AttachedKind::Box, &object.text);
            }
        }
        seen
    }

    /// The cells of a record.
    fn cells(&self, stream: &[u8], one: &Record, cells: &mut BTreeMap<Cell, Seen>) {
        let at = one.body;
        let (row, first) = (short(stream, at), short(stream, at + 2));
        let count = match one.kind {
            record::MULTIPLE => one.length.saturating_sub(6) / 6,
            _ => usize::from(one.length >= 6),
        };
        for (column, index) in (u32::from(first)..).zip(0..count) {
            let style = usize::from(short(stream, at + 4 + 6 * index));
            let own = match one.kind {
                of::RICH_TEXT if !self.biff8 => self.old_text(stream, one),
                _ => None,
            };
            let text = match one.kind {
                of::TEXT_CELL => self.texts.get(&number_of_text(stream, at)),
                _ => own.as_ref(),
            };
            let seen = Seen::of(self.styles.get(style), text, false);
            cells.extend(position((row.into(), column)).zip(seen));
        }
    }

    /// The text in pieces of a cell from before Excel 97: its length, its letters,
    /// and from which letter on which font holds.
    fn old_text(&self, stream: &[u8], one: &Record) -> Option<Text> {
        let body = stream.get(one.body + 6..one.body + one.length)?;
        let letters = body.get(2..2 + usize::from(short(body, 0)))?;
        let (fonts, _) = body.get(letters.len() + 3..)?.as_chunks::<2>();
        let starts = fonts.iter().map(|[from, font]| (*from, Some(*font)));
        let ends = fonts.iter().map(|[from, _]| usize::from(*from));
        let ends = ends.chain([letters.len()]);
        let pieces = [(0, None)].into_iter().chain(starts).zip(ends);
        let runs = pieces.filter_map(|((from, font), to)| {
            let text = letters.get(usize::from(from)..to)?;
            (!text.is_empty()).then(|| Run {
                text: old_words(text).into(),
                how: font.map(|font| self.how(font.into())),
            })
        });
        Some(Text::new(runs.collect()))
    }
}

/// The number of the text in the record of a cell.
fn number_of_text(stream: &[u8], body: usize) -> usize {
    let low = usize::from(short(stream, body + 6));
    let high = usize::from(short(stream, body + 8));
    low | high << 16
}

impl OfSheet {
    fn attach(&mut self, cell: Cell, kind: AttachedKind, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if !text.trim().is_empty() {
            self.attached.push(Attached {
                cell,
                kind,
                text: EcoString::from(text.trim()),
            });
        }
    }
}

/// A text from before Excel 97, of whatever length.
fn old_words(text: &[u8]) -> String {
    encoding_rs::GBK.decode(text).0.into_owned()
}

/// A text behind its length and its flags.
fn words(text: &[u8], length: u16) -> Option<String> {
    let flags = text.get(2)?;
    Some(letters_of(text.get(3..)?, *flags, length.into()))
}

/// At most so many letters, of one or two bytes each.
fn letters_of(bytes: &[u8], flags: u8, most: usize) -> String {
    if flags & 1 == 0 {
        return bytes
            .iter()
            .take(most)
            .map(|byte| char::from(*byte))
            .collect();
    }
    let (twos, _) = bytes.as_chunks::<2>();
    let letters = twos.iter().take(most).map(|two| u16::from_le_bytes(*two));
    char::decode_utf16(letters)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// From which letter on which font holds.
pub(super) type Fonts = Vec<(u16, u16)>;

/// The texts of a workbook, which go on from record to record.
struct Texts<'a> {
    pieces: std::vec::IntoIter<&'a [u8]>,
    rest: &'a [u8],
}

impl<'a> Texts<'a> {
    fn new(pieces: Vec<&'a [u8]>) -> Self {
        let mut pieces = pieces.into_iter();
        let rest = pieces.next().unwrap_or_default();
        Texts { pieces, rest }
    }

    /// The texts in pieces that are written in more than one way, by number, and the
    /// lengths of all. `how` knows how letters of a font are written.
    fn read(mut self, how: impl Fn(u16) -> How) -> (BTreeMap<usize, Text>, Vec<u32>) {
        let mut texts = BTreeMap::new();
        let mut lengths = Vec::new();
        // How many there are, twice.
        if self.take(8).is_none() {
            return (texts, lengths);
        }
        while let Some((text, fonts)) = self.text() {
            let number = lengths.len();
            lengths.push(text.iter().map(|letter| bytes_of(*letter)).sum());
            if !fonts.is_empty() {
                let runs = parted(&text, &fonts, &how);
                texts.insert(number, Text::new(runs));
            }
        }
        (texts, lengths)
    }

    /// The next bytes, also from the records that follow.
    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut taken = Vec::new();
        while taken.len() < count {
            if self.rest.is_empty() {
                self.rest = self.pieces.next()?;
                continue;
            }
            let most = (count - taken.len()).min(self.rest.len());
            let (own, rest) = self.rest.split_at(most);
            taken.extend(own);
            self.rest = rest;
        }
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        let two = self.take(2)?;
        Some(short(&two, 0))
    }

    /// The next text, and from which letter on which font holds.
    fn text(&mut self) -> Option<(Vec<u16>, Fonts)> {
        let length = usize::from(self.number()?);
        let mut flags = *self.take(1)?.first()?;
        let runs = match flags & 0x08 {
            0 => 0,
            _ => usize::from(self.number()?),
        };
        let more = match flags & 0x04 {
            0 => 0,
            _ => {
                let four = self.take(4)?;
                usize::from(short(&four, 0)) | usize::from(short(&four, 2)) << 16
            }
        };
        let mut letters = Vec::new();
        while letters.len() < length {
            if self.rest.is_empty() {
                // Where a text goes on in another record its flags stand once more.
                self.rest = self.pieces.next()?;
                flags = *self.take(1)?.first()?;
            }
            let wide = usize::from(flags & 1) + 1;
            let most = (self.rest.len() / wide).min(length - letters.len());
            if most == 0 {
                return None;
            }
            let own = self.take(most * wide)?;
            match wide {
                1 => letters.extend(own.iter().map(|byte| u16::from(*byte))),
                _ => letters.extend(
                    own.as_chunks::<2>()
                        .0
                        .iter()
                        .map(|two| u16::from_le_bytes(*two)),
                ),
            }
        }
        let mut fonts = Vec::new();
        for _ in 0..runs {
            fonts.push((self.number()?, self.number()?));
        }
        self.take(more)?;
        Some((letters, fonts))
    }
}

/// Bytes of a letter in UTF-8; of one that takes two numbers a little more.
fn bytes_of(letter: u16) -> u32 {
    match letter {
        0..0x80 => 1,
        0x80..0x800 => 2,
        _ => 3,
    }
}

/// The pieces of a text, the first in the font of the cell.
pub(super) fn parted(text: &[u16], fonts: &[(u16, u16)], how: &impl Fn(u16) -> How) -> Vec<Run> {
    let starts = std::iter::once((0, None)).chain(
        fonts
            .iter()
            .map(|(from, font)| (usize::from(*from), Some(how(*font)))),
    );
    let ends = fonts.iter().map(|(from, _)| usize::from(*from));
    let ends = ends.chain(std::iter::once(text.len()));
    let pieces = starts.zip(ends).filter_map(|((from, how), to)| {
        let letters = text.get(from..to.min(text.len()))?;
        let text = String::from_utf16_lossy(letters);
        (!text.is_empty()).then(|| Run {
            text: text.into(),
            how,
        })
    });
    pieces.collect()
}
