//! Where points were lost: a row for each item of each unit that is scored, with what
//! would mend it.

use super::lookups::said;
use super::mending::mend_column;
use super::metrics::sure;
use super::params::Params;
use super::ranking::NONE;
use crate::book::{Arithmetic, Book, Expr, Format, Slot, Table};
use crate::policy::Policy;
use crate::roster::Roster;

/// Adds the table `lost`.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = Table::new("lost");
    table.column("name", "单位", Format::Text);
    table.column("kind", "类型", Format::Text);
    table.column("item", "评分项", Format::Text);
    table.column("full", "满分", Format::Score);
    table.column("points", "得分", Format::Score);
    table.column("lost", "失分", Format::Score);
    table.column("mend", "怎样补上", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("code", "编号", Format::Centre);
    let index = book.next();
    for kind in policy.unit_kinds.values() {
        let of = format!("score:{}", kind.id);
        // Of who sent nothing there are no points there.
        let ranking = format!("ranking:{}", kind.id);
        for unit in roster.units().filter(|unit| unit.kind == kind.id) {
            for score in policy.scores.iter().filter(|score| score.kind == kind.id) {
                let here = |id: &str| table.coming(index, id);
                let found = |of: &str, id: &str| {
                    let code = Expr::Cell(here("code"));
                    Slot::Figure(sure(said(book, of, "code", code, id)))
                };
                let row = vec![
                    Slot::text(&unit.name),
                    Slot::text(&kind.name),
                    Slot::text(&score.name),
                    Slot::Figure(params.get(&score.id, "points")),
                    found(&ranking, &format!("pt:{}", score.id)),
                    Slot::Figure(lost(
                        policy,
                        Expr::Cell(here("points")),
                        Expr::Cell(here("full")),
                    )),
                    found(&of, &mend_column(&score.id)),
                    Slot::text(&unit.code),
                ];
                table.rows.push(row);
            }
        }
    }
    book.add(table);
}

/// How many points are short of the full mark; none where there are no points.
pub fn lost(policy: &Policy, points: Expr, full: Expr) -> Expr {
    let lost = Expr::arithmetic(Arithmetic::Subtract, full, points.clone());
    let lost = lost.rounded(policy.pack.score_decimals);
    Expr::when(Expr::IsNumber(Box::new(points)), lost, Expr::text(NONE))
}
