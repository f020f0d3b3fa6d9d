//! Heights of rows by their text. Excel fits rows to wrapped text when it opens
//! a file, but not to merged cells, and other programs trust what is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::format::size;
use crate::sheet::{Area, Cell, Content, Look, Scalar, SheetOf, line_width};

/// Width of a column that was not set, in half-width characters.
const WIDTH: f64 = 8.43;
/// Height of a row that was not set, in points.
const HEIGHT: u32 = 15;
/// Greatest height of a row in points.
const HIGHEST: u32 = 409;

/// Heights of rows in points: those that were set, and those that texts need.
pub(super) fn heights(sheet: &SheetOf<'_>) -> BTreeMap<u32, f64> {
    let mut heights = fitted(sheet);
    heights.extend(&sheet.heights);
    if let Some(long) = &sheet.long {
        // The rows of a long table have their own.
        heights.retain(|row, _| *row < long.first());
    }
    heights
}

/// Heights in points of the rows that have none yet and whose content needs
/// more than a plain line.
fn fitted(sheet: &SheetOf<'_>) -> BTreeMap<u32, f64> {
    let merged: HashMap<Cell, Area> = sheet.merges.iter().map(|a| (a.first, *a)).collect();
    let tall: HashSet<Cell> = sheet
        .merges
        .iter()
        .filter(|a| a.first.row != a.last.row)
        .map(|a| a.first)
        .collect();
    let mut needed: BTreeMap<u32, u32> = BTreeMap::new();
    for (&cell, (content, style)) in &sheet.cells {
        if sheet.heights.contains_key(&cell.row) || tall.contains(&cell) {
            continue;
        }
        let last = merged.get(&cell).map_or(cell.column, |a| a.last.column);
        let points = points(sheet, content, style.look, cell.column..=last);
        if points > HEIGHT {
            let known = needed.entry(cell.row).or_default();
            *known = points.min(HIGHEST).max(*known);
        }
    }
    needed
        .into_iter()
        .map(|(row, points)| (row, f64::from(points)))
        .collect()
}

/// Height in points of a content in columns of a sheet.
fn points(
    sheet: &SheetOf<'_>,
    content: &Content,
    look: Look,
    columns: std::ops::RangeInclusive<u16>,
) -> u32 {
    let size = size(look);
    let lines = match content {
        Content::Blank => return 0,
        Content::Text(text)
        | Content::Link { text, .. }
        | Content::Formula {
            result: Scalar::Text(text),
            ..
        } if look.wraps() => {
            let room: u32 = columns
                .map(|c| hundredths(sheet.widths.get(&c).copied().unwrap_or(WIDTH)))
                .sum();
            // In a hidden column nothing shows.
            match room {
                0 => 1,
                room => lines(text, size, room),
            }
        }
        _ => 1,
    };
    let air = if look == Look::Title { 7 } else { 1 };
    lines
        .saturating_mul(size + size / 4 + 1)
        .saturating_add(air)
}

/// Lines that a text takes.
fn lines(text: &str, size: u32, room: u32) -> u32 {
    text.lines()
        .map(|line| (line_width(line) * size / 11).div_ceil(room).max(1))
        .sum::<u32>()
        .max(1)
}

/// A width in hundredths of a half-width character.
#[allow(
    clippy::float_arithmetic,
    reason = "a width on the screen, not a figure"
)]
fn hundredths(width: f64) -> u32 {
    (width.clamp(0.0, 255.0) * 100.0) as u32
}
