//! The vetoes and the awards of a card: what comes of each, and why.

use super::Card;
use crate::assess::held::said as in_unit;
use crate::assess::lookups::{BETWEEN, OWN, WHOSE, names, said};
use crate::assess::metrics::{sure, zero};
use crate::assess::ranking::NONE;
use crate::assess::vetoes::of_subject;
use crate::assess::words::{PENDING, VETOED};
use crate::book::{Comparison, Criterion, Expr, Format, Slot, Table};
use crate::policy::{Award, MeasureUnit, Subject, UnitKind, Veto};

/// Names after each other in a cell.
const NAMES: usize = 6;

/// By what a row of the unit is found in the table of vetoes or awards.
fn key(card: &Card<'_>, apart: Expr) -> Expr {
    Expr::Joined(vec![card.head("code"), Expr::text(BETWEEN), apart])
}

/// What a table says in the row whose key stands in a cell; something else where none
/// does.
fn found(card: &Card<'_>, of: &str, key: &Expr, id: &str, otherwise: Expr) -> Expr {
    let found = sure(said(card.book, of, OWN, key.clone(), id));
    Expr::when(Expr::is(key.clone(), ""), otherwise, found)
}

/// The vetoes of the unit, and those of its members together.
pub(super) fn vetoes(card: &Card<'_>) -> Option<Table> {
    let mut table = card.table("vetoes");
    table.column("rule", "一票否决的情形", Format::Text);
    table.column("result", "结果", Format::Centre);
    table.column("fact", "为什么", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("@key", "编号", Format::Text);
    let of_kind = |kind: &UnitKind| -> Vec<&Veto> {
        let vetoes = of_subject(card.policy, Subject::Unit);
        vetoes.filter(|veto| veto.kind == kind.id).collect()
    };
    let index = card.book.next();
    for at in 0..card.most(|kind| of_kind(kind).len()) {
        let of = |kind: &UnitKind| Some(key(card, Expr::text(&of_kind(kind).get(at)?.id)));
        let own = Expr::Cell(table.coming(index, "@key"));
        let cell = |id: &str| {
            let none = card.if_chosen(Expr::text(NONE));
            Slot::Figure(found(card, "veto:units", &own, id, none))
        };
        let key = Slot::Figure(card.by_kind(of, ""));
        table
            .rows
            .push(vec![cell("rule"), cell("result"), cell("fact"), key]);
    }
    if let Some(row) = members(card, &table) {
        table.rows.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What comes of the vetoes of its members.
fn members(card: &Card<'_>, table: &Table) -> Option<Vec<Slot>> {
    let rule = of_subject(card.policy, Subject::Member).next()?;
    let of = "veto:members";
    let whose = || {
        Some(Criterion::equal(
            card.book.column(of, WHOSE)?,
            card.head("code"),
        ))
    };
    let some = |word: &str| {
        let result = Criterion::equal(card.book.column(of, "result")?, Expr::text(word));
        let count = Expr::CountIfs(vec![whose()?, result]);
        Some(Expr::compare(Comparison::MoreThan, count, zero()))
    };
    let listed = Expr::Cell(table.coming(card.book.next(), "@key"));
    let told = names(&listed, NAMES, |place| {
        let at = |id: &str| said(card.book, of, OWN, key(card, place.clone()), id);
        Some(Expr::Joined(vec![
            at("name")?,
            Expr::text("\u{FF08}"),
            at("result")?,
            Expr::text("\u{FF09}"),
        ]))
    })?;
    let result = Expr::when(
        some(VETOED)?,
        Expr::text(VETOED),
        Expr::when(some(PENDING)?, Expr::text(PENDING), Expr::text("没有")),
    );
    Some(vec![
        Slot::text(format!("委员{}", rule.name)),
        Slot::Figure(card.if_chosen(result)),
        Slot::Figure(card.if_chosen(told)),
        Slot::Formatted(Expr::CountIfs(vec![whose()?]), Format::Integer),
    ])
}

/// The awards of the unit: whether it is eligible, or how much it is short.
pub(super) fn awards(card: &Card<'_>) -> Option<Table> {
    let of_kind = |kind: &UnitKind| -> Vec<&Award> {
        let awards = card.policy.awards.iter();
        awards
            .filter(|award| award.kinds.contains(&kind.id))
            .collect()
    };
    let mut table = card.table("awards");
    table.column("award", "评优", Format::Text);
    table.column("result", "结果", Format::Centre);
    table.column("amount", "实绩", Format::Centre);
    table.column("limit", "标准（含）", Format::Centre);
    table.column("short", "差多少，为什么", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("@key", "编号", Format::Text);
    for id in ["amount", "limit", "short"] {
        table.column(format!("@{id}"), "数", Format::Number);
    }
    table.column("@why", "待定原因", Format::Text);
    let index = card.book.next();
    for at in 0..card.most(|kind| of_kind(kind).len()) {
        let here = |id: &str| Expr::Cell(table.coming(index, id));
        let of = |kind: &UnitKind| Some(key(card, Expr::text(&of_kind(kind).get(at)?.id)));
        let cell = |id: &str, otherwise: &str| {
            let none = card.if_chosen(Expr::text(otherwise));
            found(card, "award:units", &here("@key"), id, none)
        };
        // In what it is counted depends on the award, and that on the kind.
        let figure = |id: &str| {
            let words = |kind: &UnitKind| {
                let metric = card.policy.metrics.get(&of_kind(kind).get(at)?.metric);
                let unit = metric.map_or_else(MeasureUnit::share, |metric| metric.unit);
                Some(Expr::Joined(in_unit(unit, here(id))))
            };
            let is_number = Expr::IsNumber(Box::new(here(id)));
            Expr::when(is_number, card.by_kind(words, NONE), here(id))
        };
        let is_short = Expr::compare(Comparison::MoreThan, here("@short"), zero());
        let is_short = Expr::And(vec![Expr::IsNumber(Box::new(here("@short"))), is_short]);
        let told = Expr::Joined(vec![Expr::text("还差 "), figure("@short")]);
        let with_why = vec![told.clone(), Expr::text("\u{FF0C}"), here("@why")];
        let short = Expr::when(
            Expr::is(here("@why"), ""),
            Expr::when(is_short.clone(), told, Expr::text(NONE)),
            Expr::when(is_short, Expr::Joined(with_why), here("@why")),
        );
        let none = match at {
            0 => "这类单位没有评优标准",
            _ => NONE,
        };
        let row = vec![
            cell("award", none),
            cell("result", NONE),
            figure("@amount"),
            figure("@limit"),
            short,
            card.by_kind(of, ""),
            cell("amount", NONE),
            cell("limit", NONE),
            cell("short", NONE),
            cell("why", ""),
        ];
        let row = row.into_iter().map(Slot::Figure).collect();
        table.rows.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}
