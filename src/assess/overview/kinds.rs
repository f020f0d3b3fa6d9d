//! The kinds of units: who returned, and how the points are spread.

use crate::assess::metrics::zero;
use crate::book::{Arithmetic, Book, CellRef, Comparison, Criterion, Expr, Format, Slot, Table};
use crate::policy::Policy;

/// The table `overview:kinds`.
pub(super) fn kinds(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("overview:kinds");
    table.column("kind", "单位类型", Format::Text);
    table.column("expected", "应报", Format::Integer);
    table.column("returned", "已报", Format::Integer);
    table.column("average", "平均得分", Format::Score);
    table.column("median", "中位得分", Format::Score);
    table.column("worst", "最低得分", Format::Score);
    table.column("best", "最高得分", Format::Score);
    table.column("vetoed", "一票否决", Format::Integer);
    table.column("eligible", "符合评优", Format::Integer);
    let index = book.next();
    let kind_of = |table: &str, column: &str, cell| {
        let column = book.column(table, column)?;
        Some(Criterion::equal(column, Expr::Cell(cell)))
    };
    for kind in policy.unit_kinds.values() {
        let own = CellRef {
            table: index,
            row: table.rows.len(),
            column: 0,
        };
        let of_units = kind_of("units", "kind", own)?;
        let returned = Criterion::equal(book.column("units", "returned")?, Expr::text("是"));
        let vetoed = Criterion::equal(book.column("veto:units", "@unit")?, Expr::text("是"));
        let eligible = Criterion::equal(book.column("award:units", "@unit")?, Expr::text("是"));
        // Of those who returned, whether they are ranked or not.
        let points = match book.column(&format!("score:{}", kind.id), "@scored") {
            Some(scored) => {
                let number = Expr::CountNumbers(scored);
                let none = Expr::compare(Comparison::Equal, number.clone(), zero());
                let sum = Expr::SumColumn(scored);
                let mean = Expr::arithmetic(Arithmetic::Divide, sum, number);
                let decimals = policy.pack.score_decimals;
                [
                    mean,
                    Expr::MedianColumn(scored),
                    Expr::MinColumn(scored),
                    Expr::MaxColumn(scored),
                ]
                .map(|figure| {
                    let figure = figure.rounded(decimals);
                    Slot::Figure(Expr::when(none.clone(), Expr::text("—"), figure))
                })
            }
            None => ["不评分"; 4].map(Slot::text),
        };
        let [average, median, worst, best] = points;
        table.rows.push(vec![
            Slot::text(&kind.name),
            Slot::Figure(Expr::CountIfs(vec![of_units.clone()])),
            Slot::Figure(Expr::CountIfs(vec![of_units, returned])),
            average,
            median,
            worst,
            best,
            Slot::Figure(Expr::CountIfs(vec![
                kind_of("veto:units", "unit", own)?,
                vetoed,
            ])),
            Slot::Figure(Expr::CountIfs(vec![
                kind_of("award:units", "kind", own)?,
                eligible,
            ])),
        ]);
    }
    Some(table)
}
