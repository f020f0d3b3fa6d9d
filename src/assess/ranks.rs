//! The rank of each unit among those of its kind, and the order in which they stand.

use super::words::{NOT_RETURNED, PENDING, VETOED};
use crate::book::{Arithmetic, Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Table};

/// Shown instead of a rank where there is none.
const UNRANKED: &str = "—";

/// Ties share a rank.
pub fn rank(index: usize, table: &Table, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let column = |id: &str| ColumnRef {
        table: index,
        column: table.own(index, id).column,
    };
    let better = Expr::CountIfs(vec![
        Criterion {
            column: column("total"),
            comparison: Comparison::MoreThan,
            with: Expr::Cell(here("total")),
        },
        Criterion::equal(column("@ranked"), Expr::text("是")),
    ]);
    Expr::when(
        Expr::is(Expr::Cell(here("@ranked")), "是"),
        Expr::Sum(vec![better, Expr::whole(1)]),
        Expr::text(UNRANKED),
    )
}

/// Rows of a kind that [`key`] tells apart.
const APART: i64 = 1_000_000;

/// By what the rows of a kind are put in order, each its own: those with a rank by it,
/// then who waits, who is struck by a veto, who sent nothing, and the rest.
pub fn key(here: &dyn Fn(&str) -> CellRef) -> Expr {
    let words = [PENDING, VETOED, NOT_RETURNED];
    let count = i64::try_from(words.len()).unwrap_or(0);
    let group = (0..)
        .zip(words)
        .fold(Expr::whole(APART + count), |otherwise, (at, word)| {
            let says = Expr::is(Expr::Cell(here("conclusion")), word);
            Expr::when(says, Expr::whole(APART + at), otherwise)
        });
    let rank = Expr::Cell(here("rank"));
    let first = Expr::when(Expr::IsNumber(Box::new(rank.clone())), rank, group);
    let first = Expr::arithmetic(Arithmetic::Multiply, first, Expr::whole(APART));
    Expr::Sum(vec![first, Expr::Cell(here("@at:number"))])
}

/// The place of a row among those of its kind, from 1.
pub fn order(index: usize, table: &Table, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let before = Expr::CountIfs(vec![Criterion {
        column: ColumnRef {
            table: index,
            column: table.own(index, "@at:key").column,
        },
        comparison: Comparison::LessThan,
        with: Expr::Cell(here("@at:key")),
    }]);
    Expr::Sum(vec![before, Expr::whole(1)])
}

/// Whether another unit has the same rank.
pub fn tie(index: usize, table: &Table, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let ranks = ColumnRef {
        table: index,
        column: table.own(index, "rank").column,
    };
    let rank = Expr::Cell(here("rank"));
    let same = Expr::CountIfs(vec![Criterion::equal(ranks, rank.clone())]);
    Expr::when(
        Expr::And(vec![
            Expr::IsNumber(Box::new(rank)),
            Expr::compare(Comparison::MoreThan, same, Expr::whole(1)),
        ]),
        Expr::text("并列"),
        Expr::text(""),
    )
}

/// Ranked units first, best first; then those without a rank.
pub fn sort(book: &mut Book, index: usize) {
    let column = |id: &str| book.tables[index].own(index, id).column;
    let (rank, total) = (column("rank"), column("total"));
    book.sort_by(index, |row, cell| {
        let ranked = cell(rank).number();
        let total = cell(total).number().unwrap_or_default();
        (ranked.is_none(), ranked, -total, row)
    });
}
