//! Who and what is named on the first page: units and members whom a veto strikes, who is
//! eligible for each award, and the open matters that change most.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{count, on_front, some};
use crate::assess::ELIGIBLE;
use crate::assess::awards::{PLACE, place_of};
use crate::assess::lookups::{names, said};
use crate::assess::metrics::sure;
use crate::assess::trial::Trials;
use crate::assess::vetoes::{OPEN_PLACE, STRUCK_PLACE};
use crate::assess::words::{PENDING, VETOED};
use crate::book::{
    Arithmetic, Book, CellRef, Comparison, Criterion, Expr, Format, Reader, Slot, Table,
};
use crate::policy::{Policy, Sort};
use crate::reconcile::Reconciled;
use crate::value::round;

/// Vetoes of units that are shown.
const VETOES: usize = 6;
/// Names after each other in a cell.
const NAMES: usize = 12;
/// Letters that are said of a matter.
const WORDS: usize = 47;
/// Matters that are shown.
const MATTERS: usize = 3;

/// The units that are struck, each with what for.
pub(super) fn vetoes(book: &Book) -> Option<Table> {
    let mut table = Table::new("front:vetoes");
    table.column("name", "单位", Format::Text);
    table.column("rule", "情形", Format::Text);
    table.column("clause", "方案条款", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("@at:order", "次序", Format::Integer);
    let of = "veto:units";
    let index = book.next();
    let struck = count(book.column(of, "result"), VETOED);
    for at in 1..=listed_vetoes(book) {
        let here = |id: &str| table.coming(index, id);
        let order = Expr::Cell(here("@at:order"));
        let is_there = Expr::compare(Comparison::AtMost, order.clone(), struck.clone());
        let cell = |id: &str, otherwise: &str| {
            let said = sure(said(book, of, STRUCK_PLACE, order.clone(), id));
            Slot::Figure(Expr::when(is_there.clone(), said, Expr::text(otherwise)))
        };
        // A clause by itself would be taken for a number.
        let clause = sure(said(book, of, STRUCK_PLACE, order.clone(), "clause"));
        let clause = Expr::Joined(vec![Expr::text("方案"), clause]);
        let clause = Slot::Figure(Expr::when(is_there.clone(), clause, Expr::text("")));
        let none = if at == 1 { "没有" } else { "" };
        let row = vec![
            cell("name", none),
            cell("rule", ""),
            clause,
            Slot::whole(at),
        ];
        table.rows.push(row);
    }
    Some(table)
}

/// How many vetoes of units are listed.
fn listed_vetoes(book: &Book) -> usize {
    let reader = Reader::new(book);
    let struck = reader
        .rows("veto:units")
        .filter(|row| row.text("result") == VETOED);
    struck.count().clamp(1, VETOES)
}

/// Members who are struck, and whose veto is open, by name.
pub(super) fn vetoed_names(book: &Book) -> Option<Table> {
    let mut table = Table::new("front:vetoed");
    table.column("whom", "谁", Format::Text);
    table.column("names", "名单", Format::Text);
    let (units, members) = ("veto:units", "veto:members");
    let number = |of: &str, word: &str| count(book.column(of, "result"), word);
    let listed = |of: &str, word: &str, places: &str| {
        names(&number(of, word), NAMES, |place| {
            said(book, of, places, place, "name")
        })
    };
    // There is room for as many as there were when the workbook was made.
    let shown = listed_vetoes(book);
    let shown = Expr::whole(i64::try_from(shown).unwrap_or(0));
    let over = Expr::arithmetic(Arithmetic::Subtract, number(units, VETOED), shown);
    let unlisted = Expr::Joined(vec![
        Expr::text("\u{FF1B}被否决的单位还有 "),
        over.clone(),
        Expr::text(" 项没有列在上面，见“一票否决”表"),
    ]);
    if let Some(struck) = listed(members, VETOED, STRUCK_PLACE) {
        table.rows.push(vec![
            Slot::Figure(numbered("委员", number(members, VETOED), "人")),
            Slot::Figure(struck),
        ]);
    }
    table.rows.push(vec![
        Slot::Figure(numbered("单位待定", number(units, PENDING), "项")),
        Slot::Figure(Expr::Joined(vec![
            listed(units, PENDING, OPEN_PLACE)?,
            Expr::text("\u{FF1B}委员"),
            number(members, PENDING),
            Expr::text("人"),
            Expr::when(some(over.clone()), unlisted, Expr::text("")),
        ])),
    ]);
    Some(table)
}

/// A name with how many there are: 先进委组（11个）.
fn numbered(what: &str, number: Expr, measure: &str) -> Expr {
    Expr::Joined(vec![
        Expr::text(format!("{what}\u{FF08}")),
        number,
        Expr::text(format!("{measure}\u{FF09}")),
    ])
}

/// Who is eligible for each award, by amount.
pub(super) fn awards(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("front:awards");
    table.column("award", "奖项", Format::Text);
    table.column(
        "names",
        format!(
            "符合标准的单位\u{FF08}后为资金物资，{}\u{FF09}",
            policy.pack.front_money.word()
        ),
        Format::Text,
    );
    let of = "award:units";
    let rules = book.column(of, "@rule")?;
    let results = book.column(of, "result")?;
    for award in &policy.awards {
        let number = |word: &str| {
            Expr::CountIfs(vec![
                Criterion::equal(rules, Expr::text(&award.id)),
                Criterion::equal(results, Expr::text(word)),
            ])
        };
        let metric = policy.metrics.get(&award.metric)?;
        let is_money = metric.unit.sort() == Sort::Money;
        let names = names(&number(ELIGIBLE), NAMES, |place| {
            let at = |id: &str| said(book, of, PLACE, place_of(&award.id, place.clone()), id);
            let mut parts = vec![at("name")?];
            if is_money {
                parts.push(on_front(policy, at("amount")?).rounded(2));
            }
            Some(Expr::Joined(parts))
        })?;
        let open = number(PENDING);
        let waits = Expr::Joined(vec![
            Expr::text("\u{FF1B}另有 "),
            open.clone(),
            Expr::text(" 个待定"),
        ]);
        let waits = Expr::when(some(open), waits, Expr::text(""));
        table.rows.push(vec![
            Slot::Figure(numbered(&award.name, number(ELIGIBLE), "个")),
            Slot::Figure(Expr::Joined(vec![names, waits])),
        ]);
    }
    Some(table)
}

/// So many letters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.chars().count() {
        count if count <= most => text.to_owned(),
        _ => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// The open matters that change most, and what each ruling would come to. They were
/// tried when the workbook was made.
pub(super) fn decide(
    book: &Book,
    policy: &Policy,
    reconciled: &Reconciled,
    trials: &Trials,
) -> Table {
    let mut table = Table::new("front:decide");
    table.column("matter", "事项", Format::Centre);
    table.column("words", "怎么裁，结果会怎样", Format::Text);
    let reader = Reader::new(book);
    let rows: Vec<String> = reader
        .rows("matters")
        .map(|row| row.text("matter"))
        .collect();
    let names: HashMap<String, String> = reader
        .rows("units")
        .map(|row| (row.text("code"), row.text("name")))
        .collect();
    let matters = book.find("matters");
    for (number, words) in trials.gravest(reconciled).take(MATTERS) {
        let Some(matter) = reconciled.matters().get(number) else {
            continue;
        };
        let row = rows.iter().position(|id| *id == matter.id);
        let Some((table_at, row)) = matters.zip(row) else {
            continue;
        };
        let to = CellRef {
            table: table_at,
            row,
            column: 0,
        };
        let mut about: Vec<String> = matter
            .units
            .iter()
            .filter_map(|code| names.get(code).cloned())
            .collect();
        if !matter.at_stake.is_zero() {
            let shown = policy.pack.front_money;
            let stake = round(matter.at_stake / Decimal::from(shown.yuan()), 2);
            about.push(format!("{}{}", stake.normalize(), shown.word()));
        }
        let words = format!(
            "{}\u{FF08}{}\u{FF09}\u{FF1A}{words}",
            matter.topic.word(),
            about.join("、")
        );
        table.rows.push(vec![
            Slot::Link(matter.id.clone(), to),
            Slot::text(cut(&words, WORDS)),
        ]);
    }
    table
}
