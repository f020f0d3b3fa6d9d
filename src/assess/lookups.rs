//! What another table says of a unit, looked up by its code, so that either may be
//! sorted.

use super::metrics::zero;
use super::words::{PENDING, VETOED};
use crate::book::{Book, CellRef, ColumnRef, Comparison, Criterion, Expr};

/// Whether a unit returned, as the table of units says. Looked up by code, so
/// that either table may be sorted.
pub fn returned(book: &Book, code: CellRef) -> Option<Expr> {
    Some(Expr::Lookup {
        key: Box::new(Expr::Cell(code)),
        keys: book.column("units", "code")?,
        values: book.column("units", "returned")?,
    })
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
