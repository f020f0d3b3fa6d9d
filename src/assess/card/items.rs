//! The items of a card: what each was worked out from, the points, those lost, and what
//! would mend it; and the same in one line.

use super::Card;
use super::head::full_mark;
use crate::assess::lost::lost;
use crate::assess::mending::{done_column, mend_column};
use crate::assess::metrics::zero;
use crate::assess::ranking::NONE;
use crate::assess::words::PENDING;
use crate::book::{CellRef, Comparison, Expr, Format, Slot, Table};
use crate::policy::{Score, UnitKind};

/// The items of a kind.
fn of_kind<'a>(card: &Card<'a>, kind: &UnitKind) -> impl Iterator<Item = &'a Score> {
    let scores = card.policy.scores.iter();
    scores.filter(move |score| score.kind == kind.id)
}

/// A row for each item, one for what the office added, and the total.
pub(super) fn items(card: &Card<'_>) -> Option<Table> {
    let most = card.most(|kind| of_kind(card, kind).count());
    if most == 0 {
        return None;
    }
    let mut table = card.table("items");
    table.column("item", "评分项", Format::Text);
    table.column("done", "得分依据", Format::Text);
    table.column("full", "满分", Format::Number);
    table.column("points", "得分", Format::Score);
    table.column("lost", "失分", Format::Score);
    table.column("mend", "怎样补上", Format::Text);
    let index = card.book.next();
    for at in 0..most {
        let here = |id: &str| Expr::Cell(table.coming(index, id));
        let of_item = |of: &dyn Fn(&UnitKind, &Score) -> Option<Expr>| {
            card.by_kind(|kind| of(kind, of_kind(card, kind).nth(at)?), "")
        };
        let points = |kind: &UnitKind, score: &Score| {
            card.of_kind("ranking", kind, &format!("pt:{}", score.id))
        };
        let none = Expr::is(here("item"), "");
        let lost = lost(card.policy, here("points"), here("full"));
        let row = vec![
            Slot::Figure(of_item(&|_, score| Some(Expr::text(&score.name)))),
            Slot::Figure(of_item(&|kind, score| {
                card.of_kind("score", kind, &done_column(&score.id))
            })),
            Slot::Figure(of_item(&|kind, score| {
                full_mark(card.book, kind, &format!("pt:{}", score.id))
            })),
            Slot::Figure(of_item(&points)),
            Slot::Figure(Expr::when(none, Expr::text(""), lost)),
            Slot::Figure(of_item(&|kind, score| {
                card.of_kind("score", kind, &mend_column(&score.id))
            })),
        ];
        table.rows.push(row);
    }
    let adjusted = card.by_kind(|kind| card.of_kind("ranking", kind, "adjust"), NONE);
    table.rows.push(vec![
        Slot::text("本办加减分"),
        Slot::text("加分不超过满分，减分不低于零"),
        Slot::text(NONE),
        Slot::Figure(adjusted),
        Slot::text(NONE),
        Slot::text(""),
    ]);
    let shared = |kind: &UnitKind| {
        let applicable = card.of_kind("score", kind, "applicable")?;
        let full = full_mark(card.book, kind, "total")?;
        let all = Expr::compare(Comparison::AtLeast, applicable, full);
        let words = "有不适用的项目，分值已按比例摊到其他各项";
        Some(Expr::when(all, Expr::text(""), Expr::text(words)))
    };
    table.rows.push(vec![
        Slot::text("合计"),
        Slot::Figure(card.by_kind(shared, "")),
        Slot::Figure(card.head("full")),
        Slot::Figure(card.head("total")),
        Slot::Figure(card.head("lost")),
        Slot::text(""),
    ]);
    table.totals = 1;
    Some(table)
}

/// In one line where points were lost.
pub(super) fn sum(card: &Card<'_>) -> Option<Table> {
    let mut table = card.table("sum");
    table.column("words", "失分在哪里", Format::Text);
    let items = card.book.find(&format!("{}items", card.prefix));
    let count = items.and_then(|items| card.book.tables.get(items));
    let count = count.map_or(0, |items| items.rows.len().saturating_sub(2));
    let mut parts = Vec::new();
    for row in 0..count {
        let cell = |id: &str| {
            let table = items?;
            let column = card.book.tables.get(table)?.find(id)?;
            Some(Expr::Cell(CellRef { table, row, column }))
        };
        let (name, lost) = (cell("item")?, cell("lost")?);
        let words = |rest: Vec<Expr>| {
            let name = vec![Expr::text("\u{3000}"), name.clone()];
            Expr::Joined([name, rest].concat())
        };
        let less = words(vec![Expr::text(" －"), lost.clone()]);
        let open = words(vec![Expr::text(format!(" {PENDING}"))]);
        parts.push(Expr::when(
            Expr::IsNumber(Box::new(lost.clone())),
            Expr::when(
                Expr::compare(Comparison::MoreThan, lost, zero()),
                less,
                Expr::text(""),
            ),
            Expr::when(Expr::is(cell("points")?, PENDING), open, Expr::text("")),
        ));
    }
    let lost = card.head("lost");
    let any = Expr::compare(Comparison::MoreThan, lost.clone(), zero());
    let told = Expr::Joined(
        [Expr::text("失 "), lost.clone(), Expr::text(" 分\u{FF1A}")]
            .into_iter()
            .chain(parts)
            .collect(),
    );
    let told = Expr::when(any, told, Expr::text("没有失分。"));
    let told = Expr::when(
        Expr::IsNumber(Box::new(lost)),
        told,
        card.by_kind(
            |kind| {
                of_kind(card, kind)
                    .next()
                    .map(|_| Expr::text("没有报送，没有分。"))
            },
            "这类单位不评分。",
        ),
    );
    table.rows.push(vec![Slot::Figure(told)]);
    Some(table)
}
