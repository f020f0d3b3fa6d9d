//! What leaders read of the scores: the units of a kind in the order of their ranks,
//! with the points of each item. The order is live; each row looks up who stands there
//! in the table of scores, which holds what the points come from.

use super::lookups::said;
use super::metrics::{sure, zero};
use super::params::Params;
use super::scores::REMARK;
use super::words::NOT_RETURNED;
use crate::book::{Book, Comparison, Expr, Format, Slot, Table};
use crate::policy::{Policy, Score};

/// Shown where there is nothing to be said.
pub const NONE: &str = "—";

/// Adds a table `ranking:<kind>` for each kind that is scored.
pub fn add(book: &mut Book, policy: &Policy, params: &Params) {
    for kind in policy.unit_kinds.keys() {
        let of = format!("score:{kind}");
        let scores: Vec<&Score> = policy.scores.iter().filter(|s| &s.kind == kind).collect();
        if let Some(table) = table(book, &of, kind, params, &scores) {
            book.add(table);
        }
    }
}

fn table(book: &Book, of: &str, kind: &str, params: &Params, scores: &[&Score]) -> Option<Table> {
    let from = book.table(of)?;
    let count = from.height().checked_sub(from.totals)?;
    let mut table = Table::new(format!("ranking:{kind}"));
    table.column("rank", "名次", Format::Centre);
    table.column("name", "单位", Format::Text);
    table.column("total", "总分", Format::Score);
    for score in scores {
        table.column(format!("pt:{}", score.id), &score.name, Format::Score);
    }
    table.column("adjust", "加减分", Format::Score);
    table.column("conclusion", "结论", Format::Centre);
    table.column("remark", "备注", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("code", "编号", Format::Centre);
    table.column("@at:order", "次序", Format::Integer);
    let index = book.next();
    for place in 1..=count {
        let here = |id: &str| table.coming(index, id);
        let of_unit = |id: &str| sure(said(book, of, "code", Expr::Cell(here("code")), id));
        let is_missing = || Expr::is(Expr::Cell(here("conclusion")), NOT_RETURNED);
        let slots = table.columns.iter().map(|column| match column.id.as_str() {
            "@at:order" => Slot::whole(place),
            "code" => Slot::Figure(sure(said(
                book,
                of,
                "@at:order",
                Expr::Cell(here("@at:order")),
                "code",
            ))),
            id @ ("rank" | "name" | "conclusion") => Slot::Figure(of_unit(id)),
            "remark" => Slot::Figure(of_unit(REMARK)),
            "adjust" => {
                let none = Expr::compare(Comparison::Equal, of_unit("adjust"), zero());
                Slot::Figure(Expr::when(none, Expr::text(NONE), of_unit("adjust")))
            }
            // Of who sent nothing there are no points.
            id => Slot::Figure(Expr::when(is_missing(), Expr::text(NONE), of_unit(id))),
        });
        let slots = slots.collect();
        table.rows.push(slots);
    }
    let marks = table.columns.iter().map(|column| match column.id.as_str() {
        "name" => Slot::text("满分"),
        "total" => Slot::Figure(params.get("pack", "full_mark")),
        id => {
            let mut own = scores.iter();
            let own = own.find(|score| id.strip_prefix("pt:") == Some(&score.id));
            own.map_or(Slot::text(""), |score| {
                Slot::Figure(params.get(&score.id, "points"))
            })
        }
    });
    let marks = marks.collect();
    table.rows.push(marks);
    table.totals = 1;
    Some(table)
}
