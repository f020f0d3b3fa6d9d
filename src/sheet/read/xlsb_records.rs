//! The records of which the parts of an .xlsb are made.

use crate::sheet::bytes::long;
use crate::sheet::refused::damaged;
use crate::sheet::{OpenError, limits};

/// Record types, by [MS-XLSB] 2.3.2.
pub(super) mod of {
    pub const ROW: u32 = 0;
    /// Cells that say their column.
    pub const CELLS: std::ops::RangeInclusive<u32> = 1..=11;
    pub const ERROR: u32 = 3;
    pub const BOOL: u32 = 4;
    pub const REAL: u32 = 5;
    pub const TEXT: u32 = 6;
    pub const SHARED_TEXT: u32 = 7;
    pub const FORMULA_TEXT: u32 = 8;
    pub const FORMULA_REAL: u32 = 9;
    pub const FORMULA_BOOL: u32 = 10;
    pub const FORMULA_ERROR: u32 = 11;
    /// Cells that stand beside the one before them and do not say their column;
    /// each is one of `CELLS` eleven numbers below.
    pub const SHORT_CELLS: std::ops::RangeInclusive<u32> = 12..=18;
    pub const SHORT: u32 = 11;
    /// A cell with a text in pieces of its own.
    pub const RICH_TEXT: u32 = 62;
    pub const TEXT_ITEM: u32 = 19;
    /// What only some versions of a program read, and what is for others.
    pub const CHOICE: u32 = 37;
    pub const CHOICE_END: u32 = 38;
    pub const FONT: u32 = 43;
    pub const FORMAT: u32 = 44;
    pub const STYLE: u32 = 47;
    pub const FILE_VERSION: u32 = 128;
    pub const BOOK_END: u32 = 132;
    pub const CELLS_BEGIN: u32 = 145;
    pub const CELLS_END: u32 = 146;
    pub const SIZE: u32 = 148;
    pub const SHEETS_END: u32 = 144;
    pub const BOOK: u32 = 153;
    pub const SHEET: u32 = 156;
    pub const TEXTS_BEGIN: u32 = 159;
    pub const MERGED: u32 = 176;
    pub const FORMATS_BEGIN: u32 = 615;
    pub const STYLES_BEGIN: u32 = 617;
    pub const STYLES_END: u32 = 618;
    pub const AUTHOR: u32 = 632;
    pub const NOTE: u32 = 635;
    pub const NOTE_TEXT: u32 = 637;
}

/// A record.
pub(super) struct Record<'a> {
    pub kind: u32,
    pub body: &'a [u8],
}

/// The records of a part.
///
/// # Errors
/// When one claims more than is there.
pub(super) fn records(part: &[u8]) -> impl Iterator<Item = Result<Record<'_>, OpenError>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= part.len() {
            return None;
        }
        let next = |at: &mut usize| {
            let kind = number(part, at, 2)?;
            let length = usize::try_from(number(part, at, 4)?).ok()?;
            let body = part.get(*at..at.checked_add(length)?)?;
            *at += length;
            (length <= limits::RECORD).then_some(Record { kind, body })
        };
        let record = next(&mut at);
        if record.is_none() {
            at = part.len();
        }
        Some(record.ok_or_else(|| damaged("内容不完整")))
    })
}

/// A number of at most so many bytes, seven bits in each, lowest first.
pub(super) fn number(part: &[u8], at: &mut usize, most: u32) -> Option<u32> {
    let mut number = 0;
    for index in 0..most {
        let byte = *part.get(*at)?;
        *at += 1;
        number |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

/// Writes a record of several pieces.
pub(super) fn write(made: &mut Vec<u8>, kind: u32, body: &[&[u8]]) {
    let length: usize = body.iter().map(|piece| piece.len()).sum();
    for mut number in [kind, u32::try_from(length).unwrap_or(u32::MAX)] {
        while number > 0x7F {
            made.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        made.push(number as u8);
    }
    made.extend(body.iter().copied().flatten());
}

/// A text behind its length, with the length.
pub(super) fn words(body: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::try_from(long(body, at)?).ok()?;
    body.get(at..)?
        .get(..length.checked_mul(2)?.checked_add(4)?)
}

/// The letters of such a text.
pub(super) fn letters(words: &[u8]) -> Vec<u16> {
    let (twos, _) = words.get(4..).unwrap_or_default().as_chunks::<2>();
    twos.iter().map(|two| u16::from_le_bytes(*two)).collect()
}

pub(super) fn text(body: &[u8], at: usize) -> Option<String> {
    Some(String::from_utf16_lossy(&letters(words(body, at)?)))
}

pub(super) fn broken() -> OpenError {
    damaged("里面有不完整的记录")
}
