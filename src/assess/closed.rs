//! Whether the assessment was closed (定稿), as facts in the table of the run: the first
//! page says it from there, in both evaluators.

use super::lookups::said;
use crate::book::{Book, Expr, Slot, Table};
use crate::closing::Closing;
use crate::sheet::Scalar;

/// What the seal is called in the table of the run.
pub const SEAL: &str = "封签（SHA-256）";
/// Says whether it was closed.
const CLOSED: &str = "定稿";
/// Why, where something was open.
const NOTE: &str = "定稿说明";
/// The part of the seal that is compared by eye.
const SHORT_SEAL: &str = "封签前12位";

/// Said instead of the day of the closing.
pub const NOT_CLOSED: &str = "没有定稿";

/// The rows of the table of the run, each with what it says.
pub fn rows(closing: Option<&Closing>) -> [(&'static str, String); 3] {
    let said = |of: fn(&Closing) -> String| closing.map(of);
    [
        (
            CLOSED,
            said(Closing::day_in_words).unwrap_or_else(|| NOT_CLOSED.to_owned()),
        ),
        (NOTE, said(|one| one.note.clone()).unwrap_or_default()),
        (SHORT_SEAL, said(Closing::short_seal).unwrap_or_default()),
    ]
}

/// Writes into a finished book that it was closed.
pub fn close(book: &mut Book, closing: &Closing) {
    let at = book.find("run");
    let Some(table) = at.and_then(|at| book.tables.get_mut(at)) else {
        return;
    };
    for (item, value) in rows(Some(closing)) {
        if let Some(slot) = row(table, item).and_then(|row| table.rows.get_mut(row)?.get_mut(1)) {
            *slot = Slot::text(value);
        }
    }
}

/// What the run says of the day and of the seal of the closing.
pub fn day_and_seal(book: &Book) -> Option<(Expr, Expr)> {
    let of = |item| said(book, "run", "item", Expr::text(item), "value");
    Some((of(CLOSED)?, of(SHORT_SEAL)?))
}

/// The seal of a finished book.
pub fn seal_of(book: &Book) -> String {
    let table = book.table("run");
    let slot = table.and_then(|table| table.rows.get(row(table, SEAL)?)?.get(1));
    match slot {
        Some(Slot::Fact(Scalar::Text(seal))) => seal.clone(),
        _ => String::new(),
    }
}

/// The row in which the table of the run says something.
fn row(table: &Table, item: &str) -> Option<usize> {
    let is = |slot: &Slot| matches!(slot, Slot::Fact(Scalar::Text(said)) if said == item);
    table
        .rows
        .iter()
        .position(|row| row.first().is_some_and(is))
}
