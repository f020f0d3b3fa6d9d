//! Where pages begin, so that a table that fits on a page is not torn, and
//! which headers are repeated.

use super::place::SheetPlace;
use super::table::RenderedTable;
use super::widths;
use crate::sheet::SheetOf;

/// Printable pixels of A4 landscape at full size, within the margins that the
/// writer sets.
const ACROSS: u32 = 1_026;
/// The same, downwards; a little is kept back because programs differ.
const DOWN: u32 = 635;
/// Widest sheet, in pixels, whose letters are still easy to read in print.
const WIDEST: u32 = 1_750;
/// Height in points of a row that was not set.
const PLAIN_ROW: u32 = 15;

/// Pixels that fit on a page downwards once the sheet is shrunk to its width.
pub(super) fn room(columns: &[u32]) -> u32 {
    let total: u32 = columns.iter().map(|w| widths::pixels_across(*w)).sum();
    DOWN * total.max(ACROSS) / ACROSS
}

/// Pixels of rows, the last not included.
pub(super) fn pixels(sheet: &SheetOf<'_>, from: u32, to: u32) -> u32 {
    (from..to)
        .map(|row| match sheet.heights.get(&row) {
            Some(points) => widths::pixels_down(points.ceil() as u32),
            None => widths::pixels_down(PLAIN_ROW),
        })
        .sum()
}

/// Rows above which a page begins.
pub(super) fn breaks(sheet: &SheetOf<'_>, place: &SheetPlace, room: u32) -> Vec<u32> {
    let first = place.items.first().copied().unwrap_or(0);
    let mut used = pixels(sheet, 0, first);
    let mut breaks = Vec::new();
    let mut unsure = false;
    for (index, &from) in place.items.iter().enumerate() {
        let to = place.items.get(index + 1).copied().unwrap_or(place.end);
        // The last row of an item is free.
        let free = to.saturating_sub(1).max(from);
        let needed = pixels(sheet, from, free);
        let torn = used + needed > room && (needed <= room || used > room / 2);
        // Below a table of several pages nobody knows how far a page is filled.
        if index > 0 && (torn || unsure) {
            breaks.push(from);
            used = 0;
        }
        used += needed;
        unsure = used > room;
        used = (used + pixels(sheet, free, to)).min(room);
    }
    breaks
}

/// How much wider the columns should be, in percent, so that the page shrinks
/// until every table but the last fits on one: only the header of the last can
/// be repeated. A table that is too long for that does not count.
pub(super) fn widening(
    sheet: &SheetOf<'_>,
    place: &SheetPlace,
    tables: &[RenderedTable<'_>],
    columns: &[u32],
) -> u32 {
    let total: u32 = columns.iter().map(|w| widths::pixels_across(*w)).sum();
    let Some((_, earlier)) = tables.split_last() else {
        return 100;
    };
    let wanted = earlier
        .iter()
        .enumerate()
        .map(|(index, ready)| {
            let at = ready.place();
            let item = place.items.iter().rev().find(|row| **row <= at.header);
            let from = if index == 0 { None } else { item.copied() };
            let needed = pixels(sheet, from.unwrap_or(0), at.bottom() + 1);
            (needed * ACROSS).div_ceil(DOWN)
        })
        .filter(|wanted| *wanted <= WIDEST)
        .max()
        .unwrap_or(0);
    // The lines between columns do not widen, hence a little more.
    match (wanted * 100).div_ceil(total.max(1)) {
        0..=100 => 100,
        percent => percent + 4,
    }
}

/// The header row that is repeated on each page: that of the only table, or
/// of the last one where it is longer than a page. (Programs repeat a row only
/// on the pages after it.)
pub(super) fn repeated(
    sheet: &SheetOf<'_>,
    tables: &[RenderedTable<'_>],
    room: u32,
) -> Option<(u32, u32)> {
    let last = tables.last()?.place();
    let long = pixels(sheet, last.header, last.bottom() + 1) > room;
    (tables.len() == 1 || long).then_some((last.header, last.header))
}
