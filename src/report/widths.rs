//! Widths of columns and heights of rows, so that nothing is cut off on
//! screen or paper. All in whole half-width characters, points and pixels.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::sheet::{Content, Look, Scalar, text_width};
use crate::value::{money, round};

/// Narrowest column.
const NARROWEST: u32 = 6;
/// Widest column of texts, tried from the front until the sheet is narrow
/// enough.
const CAPS: [u32; 8] = [60, 48, 40, 34, 28, 24, 21, 18];
/// Height of a line in points.
pub(super) const LINE: u32 = 15;
/// Tallest row that spreadsheet programs allow, in points.
const TALLEST: u32 = 409;

/// How much room a column needs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Need {
    /// What may not be broken: numbers, days, headers at their narrowest.
    pub firm: u32,
    /// Texts that may be wrapped.
    pub soft: u32,
}

impl Need {
    /// Takes a header into account: it may break into two lines, or four if
    /// it is long.
    pub fn header(&mut self, text: &str) {
        let width = width(text);
        let broken = match width {
            0..=10 => width,
            11..=24 => width.div_ceil(2) + 2,
            _ => width.div_ceil(4) + 3,
        };
        self.firm = self.firm.max(broken);
    }

    /// Takes a cell into account.
    pub fn cell(&mut self, look: Look, text: &str) {
        let width = width(text);
        if look.wraps() {
            self.soft = self.soft.max(width);
        } else {
            self.firm = self.firm.max(width);
        }
    }
}

/// Width of a text in whole half-width characters, with room beside it.
pub(super) fn width(text: &str) -> u32 {
    text_width(text).ceil() as u32
}

/// Widths of the columns: as wide as their contents, texts wrapped as far as
/// the sheet would otherwise be wider than it may.
pub(super) fn widths(needs: &[Need], most: u32) -> Vec<u32> {
    let capped = |cap: u32| -> Vec<u32> {
        needs
            .iter()
            .map(|need| need.firm.max(need.soft.min(cap)).max(NARROWEST))
            .collect()
    };
    let fits = |widths: &Vec<u32>| widths.iter().sum::<u32>() <= most;
    let narrowest = || capped(CAPS.last().copied().unwrap_or(NARROWEST));
    let found = CAPS.into_iter().map(capped).find(fits);
    let mut widths = found.unwrap_or_else(narrowest);
    // What is left goes to the column whose texts are wrapped most.
    let left = most.saturating_sub(widths.iter().sum());
    let lacks = |(need, width): (&Need, &u32)| need.soft.saturating_sub(*width);
    let lacking: Vec<u32> = needs.iter().zip(&widths).map(lacks).collect();
    let worst = (0..lacking.len()).rev().max_by_key(|&at| lacking.get(at));
    if let Some(at) = worst
        && let (Some(width), Some(lack)) = (widths.get_mut(at), lacking.get(at))
    {
        *width += left.min(*lack);
    }
    widths
}

/// Lines that a text takes in a width; in a hidden column nothing shows.
pub(super) fn lines(text: &str, across: u32) -> u32 {
    if across == 0 {
        return 1;
    }
    let room = across.saturating_sub(3).max(2);
    text.lines()
        .map(|line| match width(line) {
            width if width <= across => 1,
            width => width.saturating_sub(2).div_ceil(room),
        })
        .sum::<u32>()
        .max(1)
}

/// Height in points of a row with so many lines.
pub(super) fn height(lines: u32) -> u32 {
    (lines * LINE + 2).min(TALLEST)
}

/// Pixels of a column's width.
pub(super) fn pixels_across(width: u32) -> u32 {
    width * 7 + 5
}

/// Pixels of a row's height in points.
pub(super) fn pixels_down(points: u32) -> u32 {
    points * 4 / 3
}

/// What a cell shows.
pub(super) fn shown(content: &Content, look: Look) -> Cow<'_, str> {
    match content {
        Content::Blank => Cow::Borrowed(""),
        Content::Text(text) | Content::Link { text, .. } => Cow::Borrowed(text),
        Content::Number(number) => figure(*number, look).into(),
        Content::Date(day) => day.to_string().into(),
        Content::Formula { result, .. } => match result {
            Scalar::Empty => Cow::Borrowed(""),
            Scalar::Text(text) => Cow::Borrowed(text),
            Scalar::Number(number) => figure(*number, look).into(),
            Scalar::Date(day) => day.to_string().into(),
            Scalar::Bool(_) => Cow::Borrowed("FALSE"),
        },
    }
}

/// A number as its look shows it.
fn figure(number: Decimal, look: Look) -> String {
    match look {
        Look::Money | Look::MoneyOrNone => money(number),
        Look::Integer => match money(number).split_once('.') {
            Some((whole, _)) => whole.to_owned(),
            None => money(number),
        },
        Look::Score => format!("{:.2}", round(number, 2)),
        Look::Percent => format!("{:.2}%", number * Decimal::ONE_HUNDRED),
        _ => number.normalize().to_string(),
    }
}
