//! Rows that were made by dragging a few cells down: row after row with the
//! same in the same columns, and required fields empty. They are spoken of
//! once; none of them can count.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::fields::RawRow;
use super::locate::Located;
use super::merge::Merges;
use super::page::PageOf;
use super::shown::shown;
use crate::diagnostic::{Code, Finding};
use crate::policy::{Field, Form, Kind};
use crate::sheet::Found;
use crate::value::squeeze;

/// From so many rows on they are spoken of together.
const FEWEST: usize = 3;

/// Why such a row does not count.
pub(crate) const WHY: &str = "往下拖出来的，缺必填栏";

/// The blocks of such rows, as ranges of entries.
pub(super) fn blocks(
    page: &PageOf<'_>,
    merges: &Merges,
    entries: &[Arc<RawRow>],
) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut from = 0;
    while from < entries.len() {
        let to = end(page, merges, entries, from);
        if to - from >= FEWEST {
            blocks.push(from..to);
        }
        from = to;
    }
    blocks
}

/// Where the block that begins with an entry ends; right after it, if none does.
fn end(page: &PageOf<'_>, merges: &Merges, entries: &[Arc<RawRow>], from: usize) -> usize {
    let (Some(first), next) = (entries.get(from), from + 1) else {
        return entries.len();
    };
    // What is merged over several rows is missing for another reason.
    let merged = |field: &Field| {
        let cell = page.located.cell(page.form, &field.id, first.row);
        cell.is_some_and(|cell| merges.lacks_number(cell))
    };
    let mut missing = missing(page.form, page.located, first).peekable();
    if missing.peek().is_none() || missing.any(merged) {
        return next;
    }
    let mut step = None;
    let follows = |pair: &[Arc<RawRow>]| match pair {
        [one, other] => follows(one, other, &mut step),
        _ => false,
    };
    let more = entries[from..].windows(2).map(follows);
    next + more.take_while(|follows| *follows).count()
}

/// The required fields that a row leaves empty, without which it cannot count.
fn missing<'a>(
    form: &'a Form,
    located: &'a Located,
    raw: &'a RawRow,
) -> impl Iterator<Item = &'a Field> {
    let needed = form.fields.values().filter(|field| {
        field.required && field.kind != Kind::YesNo && located.headers.contains_key(&field.id)
    });
    needed.filter(|field| !raw.cells.contains_key(&field.id))
}

/// Whether a row says the same as the one right above it. Days may go on from
/// one to the next, as they do when they are dragged.
fn follows(one: &RawRow, other: &RawRow, step: &mut Option<i32>) -> bool {
    if other.row != one.row + 1 || one.cells.len() != other.cells.len() {
        return false;
    }
    one.cells.iter().all(|(id, cell)| {
        let Some(below) = other.cells.get(id) else {
            return false;
        };
        match (cell.found(), below.found()) {
            (Found::Date(day, _), Found::Date(next, _)) => goes_on(*day, *next, step),
            (one, other) => squeeze(&shown(one)) == squeeze(&shown(other)),
        }
    })
}

/// Whether a day is the same as the one above it, or the next; as the others are.
fn goes_on(day: Date, next: Date, step: &mut Option<i32>) -> bool {
    let Ok(days) = day.until(next).map(|span| span.get_days()) else {
        return false;
    };
    (0..=1).contains(&days) && *step.get_or_insert(days) == days
}

/// What is said of a block.
pub(super) fn dragged(page: &PageOf<'_>, block: &[Arc<RawRow>]) -> Option<Finding> {
    let (first, last) = (block.first()?, block.last()?);
    let listed = |headers: Vec<&str>| {
        let quoted: Vec<String> = headers.iter().map(|header| format!("“{header}”")).collect();
        quoted.concat()
    };
    let fields = page.form.fields.values();
    let filled: Vec<&Field> = fields
        .filter(|field| first.cells.contains_key(&field.id))
        .collect();
    let missing = missing(page.form, page.located, first);
    let message = format!(
        "第{}行至第{}行（共{}行）都只填了{}，内容一样，必填的{}都空着，各行不计入",
        first.row + 1,
        last.row + 1,
        block.len(),
        listed(filled.iter().map(|field| field.header.as_str()).collect()),
        listed(missing.map(|field| field.header.as_str()).collect())
    );
    let cells = filled.iter().filter_map(|field| first.cells.get(&field.id));
    let typed: Vec<String> = cells.map(|cell| shown(cell.found())).collect();
    let (_, cell) = first.cells.first()?;
    let finding = Finding::new(Code::DraggedDown, page.at(cell.cell()), message);
    Some(finding.typed(typed.join("、")))
}
