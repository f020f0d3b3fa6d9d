//! The tables that hold what was given against what was received. Each pair is listed
//! as of the run; the sums by what came of them are live, from the entries themselves,
//! each of which says in what comparison it stands.

use rust_decimal::Decimal;

use super::details::entry_numbers;
use super::entry_columns::AGREEMENT;
use super::metrics::{column, counted};
use crate::book::{
    Arithmetic, Book, CellInput, CellRef, ColumnRef, ColumnStore, Comparison, Criterion, Expr,
    Format, Slot, Table,
};
use crate::policy::{Gift, Policy, Side};
use crate::reconcile::{Agreement, Class, Comparison as Gifts, Reconciled};
use crate::roster::Roster;
use crate::sheet::Scalar;
use crate::value::masked;

/// The list does not say any more what counts.
const CHANGED: &str = "明细改过，逐笔列表没有随着变";

/// Adds the tables `sides:summary`, `sides:check` and `sides:gifts`.
pub fn add(book: &mut Book, reconciled: &Reconciled, policy: &Policy, roster: &Roster) {
    let (Some(given), Some(received)) = (policy.gift(Side::Given), policy.gift(Side::Received))
    else {
        return;
    };
    let gifts = book.add(gifts(reconciled, policy, roster, (given, received)));
    if let Some(summary) = summary(book, gifts, (given, received)) {
        book.add(summary);
    }
    if let Some(check) = check(book, gifts, (given, received)) {
        book.add(check);
    }
}

/// A row for each comparison.
fn gifts(
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    (given, received): (&Gift, &Gift),
) -> Table {
    let mut table = Table::new("sides:gifts");
    table.column("agreement", "核对结果", Format::Centre);
    table.column("village", "受助村", Format::Text);
    table.column("giver", "捐助人", Format::Text);
    table.column("reporter", "捐助方填报单位", Format::Text);
    table.column("given", "捐助方（元）", Format::Money);
    table.column("received", "受援方（元）", Format::Money);
    table.column("difference", "相差（元）", Format::Money);
    table.column("given_at", "捐助方明细编号", Format::Text);
    table.column("received_at", "受援方明细编号", Format::Text);
    table.column("reason", "说明", Format::Text);
    table.column("matter", "事项编号", Format::Centre);
    let numbers: Vec<String> = entry_numbers(reconciled, policy).collect();
    let mut rows = ColumnStore::of(&table);
    for comparison in reconciled.comparisons() {
        let ids = |entries: &[usize]| -> String {
            let ids = entries.iter().filter_map(|&i| numbers.get(i));
            ids.map(String::as_str).collect::<Vec<_>>().join("、")
        };
        // What counts of the entries.
        let sum = |gift: &Gift, entries: &[usize]| -> Decimal {
            let entries = entries.iter().filter_map(|&at| reconciled.entry(at));
            let counted = entries.filter(|(_, class, _)| *class == Class::Counted);
            let amounts =
                counted.filter_map(|(entry, ..)| entry.values.get(&gift.amount)?.number());
            amounts.sum()
        };
        let sums = (
            sum(given, &comparison.given),
            sum(received, &comparison.received),
        );
        let number = |number: Decimal| CellInput::Scalar(Scalar::Number(number));
        let text = |field: fn(&Gift) -> &String| {
            CellInput::Text(text_of(comparison, reconciled, given, received, field).into())
        };
        rows.push(|at| match at {
            0 => CellInput::text(comparison.agreement.word()),
            1 => text(|gift| &gift.village),
            2 => text(|gift| &gift.giver),
            3 => CellInput::text(reporter(comparison, reconciled, roster)),
            4 => number(sums.0),
            5 => number(sums.1),
            6 => number(sums.0 - sums.1),
            7 => CellInput::Text(ids(&comparison.given).into()),
            8 => CellInput::Text(ids(&comparison.received).into()),
            9 => CellInput::Text(masked(&comparison.reason)),
            _ => CellInput::text(comparison.matter.as_deref().unwrap_or("")),
        });
    }
    table.packed = Some(rows.done());
    table
}

/// A text of the first entry of a comparison, of the giving side if there is one.
fn text_of(
    one: &Gifts,
    reconciled: &Reconciled,
    given: &Gift,
    received: &Gift,
    field: fn(&Gift) -> &String,
) -> String {
    let sides = [(&one.given, given), (&one.received, received)];
    let mut texts = sides.into_iter().filter_map(|(entries, gift)| {
        let (entry, ..) = reconciled.entry(*entries.first()?)?;
        let text = entry.values.get(field(gift))?.to_string();
        Some(masked(&text).into_owned())
    });
    texts.next().unwrap_or_default()
}

fn reporter<'a>(one: &Gifts, reconciled: &Reconciled, roster: &'a Roster) -> &'a str {
    let entry = one.given.first();
    let entry = entry.and_then(|&i| reconciled.ledger().entries.get(i));
    let unit = entry.and_then(|entry| roster.unit(&entry.reporter));
    unit.map_or("", |unit| &unit.name)
}

/// The comparisons by what came of them.
fn summary(book: &Book, gifts: usize, (given, received): (&Gift, &Gift)) -> Option<Table> {
    let mut table = Table::new("sides:summary");
    table.column("agreement", "核对结果", Format::Text);
    table.column("count", "笔数", Format::Integer);
    table.column("given", "捐助方（元）", Format::Money);
    table.column("received", "受援方（元）", Format::Money);
    table.column("difference", "相差（元）", Format::Money);
    let index = book.next();
    let listed = ColumnRef {
        table: gifts,
        column: 0,
    };
    for agreement in Agreement::ALL {
        let here = |id: &str| Expr::Cell(table.coming(index, id));
        let sum = |gift: &Gift| {
            let criteria = vec![
                counted(book, &gift.form)?,
                Criterion::equal(column(book, &gift.form, AGREEMENT)?, here("agreement")),
            ];
            let amounts = column(book, &gift.form, &gift.amount)?;
            Some(Slot::Figure(Expr::SumIfs(amounts, criteria).rounded(2)))
        };
        let difference = Expr::arithmetic(Arithmetic::Subtract, here("given"), here("received"));
        let row = vec![
            Slot::text(agreement.word()),
            Slot::Figure(Expr::CountIfs(vec![Criterion::equal(
                listed,
                here("agreement"),
            )])),
            sum(given)?,
            sum(received)?,
            Slot::Figure(difference.rounded(2)),
        ];
        table.rows.push(row);
    }
    let mut totals = vec![Slot::text("合计")];
    totals.extend((1..=4).map(|column| {
        let down = Expr::SumColumn(ColumnRef {
            table: index,
            column,
        });
        Slot::Figure(down.rounded(2))
    }));
    table.rows.push(totals);
    table.totals = 1;
    Some(table)
}

/// Donor total = recipient total + the listed differences, each side by itself
/// from the entries. Where it is not, an entry was changed after the list was made.
fn check(book: &Book, gifts: usize, (given, received): (&Gift, &Gift)) -> Option<Table> {
    let mut table = Table::new("sides:check");
    table.column("given", "捐助方计入合计（元）", Format::Money);
    table.column("received", "受援方计入合计（元）", Format::Money);
    table.column("difference", "逐笔相差合计（元）", Format::Money);
    table.column("sum", "受援方合计+相差（元）", Format::Money);
    table.column("check", "核对", Format::Centre);
    let index = book.next();
    let here = |column| {
        Expr::Cell(CellRef {
            table: index,
            row: 0,
            column,
        })
    };
    let total = |gift: &Gift| {
        let amounts = column(book, &gift.form, &gift.amount)?;
        let sum = Expr::SumIfs(amounts, vec![counted(book, &gift.form)?]);
        Some(Slot::Figure(sum.rounded(2)))
    };
    let listed = Expr::SumColumn(ColumnRef {
        table: gifts,
        column: 6,
    });
    let sum = Expr::Sum(vec![here(1), here(2)]).rounded(2);
    let equal = Expr::compare(Comparison::Equal, here(0), here(3));
    table.rows.push(vec![
        total(given)?,
        total(received)?,
        Slot::Figure(listed.rounded(2)),
        Slot::Figure(sum),
        Slot::Figure(Expr::when(equal, Expr::text("相符"), Expr::text(CHANGED))),
    ]);
    Some(table)
}
