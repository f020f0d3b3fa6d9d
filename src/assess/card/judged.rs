//! The vetoes and the awards of a card: what comes of each, and why.

use super::Card;
use crate::assess::held::said as in_unit;
use crate::assess::lookups::{names, said};
use crate::assess::metrics::{sure, zero};
use crate::assess::ranking::NONE;
use crate::assess::vetoes::{OWN, WHOSE, of_subject, own_key};
use crate::assess::words::{PENDING, VETOED};
use crate::book::{Comparison, Criterion, Expr, Format, Slot, Table};
use crate::policy::{Award, MeasureUnit, Subject, UnitKind, Veto};

/// Names after each other in a cell.
const NAMES: usize = 6;

/// The vetoes of the unit, and those of its members together.
pub(super) fn vetoes(card: &Card<'_>) -> Option<Table> {
    let mut table = card.table("vetoes");
    table.column("rule", "一票否决的情形", Format::Text);
    table.column("result", "结果", Format::Centre);
    table.column("fact", "为什么", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("@struck", "被否决的委员", Format::Integer);
    table.column("@open", "待定的委员", Format::Integer);
    let of_kind = |kind: &UnitKind| -> Vec<&Veto> {
        let vetoes = of_subject(card.policy, Subject::Unit);
        vetoes.filter(|veto| veto.kind == kind.id).collect()
    };
    for at in 0..card.most(|kind| of_kind(kind).len()) {
        let cell = |id: &str| {
            let of = |kind: &UnitKind| {
                let veto = *of_kind(kind).get(at)?;
                let key = own_key(card.head("code"), [Expr::text(&veto.id)]);
                said(card.book, "veto:units", OWN, key, id)
            };
            card.by_kind(of, NONE)
        };
        table.rows.push(vec![
            Slot::Figure(cell("rule")),
            Slot::Figure(cell("result")),
            Slot::Figure(cell("fact")),
            Slot::text(""),
            Slot::text(""),
        ]);
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
    let number = |word: &str| {
        let code = Criterion::equal(card.book.column(of, WHOSE)?, card.head("code"));
        let result = Criterion::equal(card.book.column(of, "result")?, Expr::text(word));
        Some(Expr::CountIfs(vec![code, result]))
    };
    let index = card.book.next();
    let counted = |id: &str| Expr::Cell(table.coming(index, id));
    let listed = |id: &str, word: &str| {
        names(&counted(id), NAMES, |place| {
            let key = own_key(card.head("code"), [Expr::text(word), place]);
            said(card.book, of, OWN, key, "name")
        })
    };
    let some = |id: &str| Expr::compare(Comparison::MoreThan, counted(id), zero());
    let told = |id: &str, word: &str| {
        let words = vec![
            Expr::text(format!("{word} ")),
            counted(id),
            Expr::text(" 人\u{FF1A}"),
            listed(id, word)?,
            Expr::text("\u{FF1B}"),
        ];
        Some(Expr::when(some(id), Expr::Joined(words), Expr::text("")))
    };
    let either = Expr::Or(vec![some("@struck"), some("@open")]);
    let words = Expr::Joined(vec![told("@struck", VETOED)?, told("@open", PENDING)?]);
    let result = Expr::when(
        some("@struck"),
        Expr::text(VETOED),
        Expr::when(some("@open"), Expr::text(PENDING), Expr::text("没有")),
    );
    Some(vec![
        Slot::text(format!("委员{}", rule.name)),
        Slot::Figure(card.if_chosen(result)),
        Slot::Figure(Expr::when(either, words, Expr::text(NONE))),
        Slot::Figure(number(VETOED)?),
        Slot::Figure(number(PENDING)?),
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
    for at in 0..card.most(|kind| of_kind(kind).len()) {
        let cell = |of: &dyn Fn(&Award) -> Expr, otherwise: &str| {
            card.by_kind(|kind| Some(of(of_kind(kind).get(at)?)), otherwise)
        };
        let found = |award: &Award, id: &str| {
            let key = own_key(card.head("code"), [Expr::text(&award.id)]);
            sure(said(card.book, "award:units", OWN, key, id))
        };
        let figure = |id: &'static str| {
            move |award: &Award| {
                let metric = card.policy.metrics.get(&award.metric);
                let unit = metric.map_or_else(MeasureUnit::share, |metric| metric.unit);
                Expr::Joined(in_unit(unit, found(award, id)))
            }
        };
        let number = |id: &'static str| {
            move |award: &Award| {
                let is_number = Expr::IsNumber(Box::new(found(award, id)));
                Expr::when(is_number, figure(id)(award), found(award, id))
            }
        };
        let none = match at {
            0 => "这类单位没有评优标准",
            _ => NONE,
        };
        table.rows.push(vec![
            Slot::Figure(cell(&|award| Expr::text(&award.name), none)),
            Slot::Figure(cell(&|award| found(award, "result"), NONE)),
            Slot::Figure(cell(&number("amount"), NONE)),
            Slot::Figure(cell(&figure("limit"), NONE)),
            Slot::Figure(cell(
                &|award| {
                    let short = found(award, "short");
                    let is_short = Expr::compare(Comparison::MoreThan, short, zero());
                    let told = Expr::Joined(vec![
                        Expr::text("还差 "),
                        figure("short")(award),
                        Expr::text(" "),
                    ]);
                    let short = Expr::when(is_short, told, Expr::text(""));
                    let why = found(award, "why");
                    let words = Expr::Joined(vec![short, why]);
                    words
                },
                NONE,
            )),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}
