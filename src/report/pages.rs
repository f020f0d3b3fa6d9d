//! Where pages begin, so that a table that fits on a page is not torn, and
//! which headers are repeated.

use super::measure;
use super::place::SheetPlace;
use super::table::Ready;
use crate::sheet::Sheet;

/// Printable pixels of A4 landscape at full size, within the margins that the
/// writer sets.
const ACROSS: u32 = 1_026;
/// The same, downwards; a little is kept back because programs differ.
const DOWN: u32 = 620;
/// Height in points of a row that was not set.
const PLAIN_ROW: u32 = 15;

/// Pixels that fit on a page downwards once the sheet is shrunk to its width.
pub(super) fn room(columns: &[u32]) -> u32 {
    let total: u32 = columns.iter().map(|w| measure::pixels_across(*w)).sum();
    DOWN * total.max(ACROSS) / ACROSS
}

/// Pixels of rows, the last not included.
pub(super) fn pixels(sheet: &Sheet, from: u32, to: u32) -> u32 {
    (from..to)
        .map(|row| match sheet.heights.get(&row) {
            Some(points) => measure::pixels_down(points.ceil() as u32),
            None => measure::pixels_down(PLAIN_ROW),
        })
        .sum()
}

/// Rows above which a page begins.
pub(super) fn breaks(sheet: &Sheet, place: &SheetPlace, room: u32) -> Vec<u32> {
    let first = place.items.first().copied().unwrap_or(0);
    let mut used = pixels(sheet, 0, first);
    let mut breaks = Vec::new();
    for (index, &from) in place.items.iter().enumerate() {
        let to = place.items.get(index + 1).copied().unwrap_or(place.end);
        let needed = pixels(sheet, from, to);
        let torn = used + needed > room;
        if index > 0 && torn && (needed <= room || used > room / 2) {
            breaks.push(from);
            used = 0;
        }
        used += needed;
        if used > room {
            used %= room;
        }
    }
    breaks
}

/// The header row that is repeated on each page: that of the only table, or
/// of the last one where it is longer than a page. (Programs repeat a row only
/// on the pages after it.)
pub(super) fn repeated(sheet: &Sheet, tables: &[Ready<'_>], room: u32) -> Option<(u32, u32)> {
    let last = tables.last()?.place();
    let long = pixels(sheet, last.header, last.bottom() + 1) > room;
    (tables.len() == 1 || long).then_some((last.header, last.header))
}
