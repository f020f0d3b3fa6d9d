//! What another table says of a unit, looked up by its code, so that either may be
//! sorted.

use super::metrics::zero;
use super::words::{PENDING, VETOED};
use crate::book::{Book, CellRef, ColumnRef, Comparison, Criterion, Expr};

/// The column of the code of the unit whose row it is, or whose member's.
pub const WHOSE: &str = "@at:whose";
/// The column that tells the rows of a unit apart: of its own vetoes by the rule, of its
/// members' by a running number.
pub const OWN: &str = "@at:own";

/// Between the code of a unit and what tells its rows apart. No program takes that for
/// anything else than a text.
pub const BETWEEN: &str = "的";

/// By what a row of a unit is found among those of all: the unit's code, and what tells
/// its rows apart.
pub fn own_key(unit: &str, apart: &str) -> String {
    format!("{unit}{BETWEEN}{apart}")
}

/// What a column of a table says in the row in which another says `key`.
pub fn said(book: &Book, table: &str, keys: &str, key: Expr, values: &str) -> Option<Expr> {
    Some(Expr::Lookup {
        key: Box::new(key),
        keys: book.column(table, keys)?,
        values: book.column(table, values)?,
    })
}

/// Whether a unit returned, as the table of units says. Looked up by code, so
/// that either table may be sorted.
pub fn returned(book: &Book, code: CellRef) -> Option<Expr> {
    said(book, "units", "code", Expr::Cell(code), "returned")
}

/// The place of a row among those whose result is a word, from 1, in the order of their
/// running numbers; nothing in the others.
pub fn nth(results: ColumnRef, numbers: ColumnRef, word: &str, here: [CellRef; 2]) -> Expr {
    let [result, number] = here.map(Expr::Cell);
    let before = Expr::CountIfs(vec![
        Criterion::equal(results, Expr::text(word)),
        Criterion {
            column: numbers,
            comparison: Comparison::LessThan,
            with: number,
        },
    ]);
    let place = Expr::Sum(vec![before, Expr::whole(1)]);
    Expr::when(Expr::is(result, word), place, Expr::text(""))
}

/// What the vetoes of a unit come to: 是, 待定 or 否.
pub fn veto_of(codes: ColumnRef, results: ColumnRef, code: CellRef) -> Expr {
    let any = |word: &str| {
        let count = Expr::CountIfs(vec![
            Criterion::equal(codes, Expr::Cell(code)),
            Criterion::equal(results, Expr::text(word)),
        ]);
        Expr::compare(Comparison::MoreThan, count, zero())
    };
    Expr::when(
        any(VETOED),
        Expr::text("是"),
        Expr::when(any(PENDING), Expr::text(PENDING), Expr::text("否")),
    )
}

/// The same for a unit anywhere.
pub fn vetoed(book: &Book, code: CellRef) -> Option<Expr> {
    let codes = book.column("veto:units", "code")?;
    let results = book.column("veto:units", "result")?;
    Some(veto_of(codes, results, code))
}

/// What is said of the first to the last place, after each other, as far as there is room:
/// `most` of them.
pub fn names(number: &Expr, most: usize, of_place: impl Fn(Expr) -> Option<Expr>) -> Option<Expr> {
    let most = i64::try_from(most).unwrap_or(0);
    let mut parts = Vec::new();
    for place in 1..=most {
        let mut said = vec![of_place(Expr::whole(place))?];
        if place > 1 {
            said.insert(0, Expr::text("、"));
        }
        let is_there = Expr::compare(Comparison::AtLeast, number.clone(), Expr::whole(place));
        parts.push(Expr::when(is_there, Expr::Joined(said), Expr::text("")));
    }
    let is_over = Expr::compare(Comparison::MoreThan, number.clone(), Expr::whole(most));
    parts.push(Expr::when(is_over, Expr::text("……"), Expr::text("")));
    let none = Expr::compare(Comparison::Equal, number.clone(), zero());
    Some(Expr::when(none, Expr::text("没有"), Expr::Joined(parts)))
}
