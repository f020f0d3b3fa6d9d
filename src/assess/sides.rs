//! The tables that hold what was given against what was received.

use super::details::entry_numbers;
use super::metrics::{column, counted};
use crate::book::{
    Arithmetic, Book, CellInput, CellRef, ColumnRef, ColumnStore, Comparison, Criterion, Expr,
    FigureOf, Format, Slot, Table,
};
use crate::policy::{Gift, Policy, Side};
use crate::reconcile::{Agreement, Comparison as Gifts, Reconciled};
use crate::roster::Roster;
use crate::value::masked;

/// Adds the tables `sides:summary`, `sides:check` and `sides:gifts`.
pub fn add(book: &mut Book, reconciled: &Reconciled, policy: &Policy, roster: &Roster) {
    let (Some(given), Some(received)) = (policy.gift(Side::Given), policy.gift(Side::Received))
    else {
        return;
    };
    let Some(gifts) = gifts(book, reconciled, policy, roster, (given, received)) else {
        return;
    };
    let gifts = book.add(gifts);
    let summary = summary(book, gifts);
    let summary = book.add(summary);
    if let Some(check) = check(book, summary, (given, received)) {
        book.add(check);
    }
}

/// A row for each comparison.
fn gifts(
    book: &Book,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    (given, received): (&Gift, &Gift),
) -> Option<Table> {
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
    let index = book.next();
    let here = |id: &str| Expr::Cell(table.own(index, id));
    let mut rows = ColumnStore::of(&table);
    let nothing = rows.figure(Expr::whole(0));
    let one_given = rows.figure(amount(book, given, vec![here("given_at")])?);
    let one_received = rows.figure(amount(book, received, vec![here("received_at")])?);
    let difference =
        Expr::arithmetic(Arithmetic::Subtract, here("given"), here("received")).rounded(2);
    let difference = rows.figure(difference);
    for comparison in reconciled.comparisons() {
        let ids = |entries: &[usize]| -> Vec<&str> {
            let ids = entries.iter().filter_map(|&i| numbers.get(i));
            ids.map(String::as_str).collect()
        };
        let (given_at, received_at) = (ids(&comparison.given), ids(&comparison.received));
        let mut sum = |gift: &Gift, ids: &[&str], one: FigureOf| match ids {
            [] => Some(nothing),
            [_] => Some(one),
            // What stands beside it are several numbers, by which nothing is found.
            several => {
                let ids = several.iter().map(|id| Expr::text(*id)).collect();
                Some(rows.figure(amount(book, gift, ids)?))
            }
        };
        let sums = (
            sum(given, &given_at, one_given)?,
            sum(received, &received_at, one_received)?,
        );
        let text = |field: fn(&Gift) -> &String| {
            CellInput::Text(text_of(comparison, reconciled, given, received, field).into())
        };
        rows.push(|at| match at {
            0 => CellInput::text(comparison.agreement.word()),
            1 => text(|gift| &gift.village),
            2 => text(|gift| &gift.giver),
            3 => CellInput::text(reporter(comparison, reconciled, roster)),
            4 => CellInput::Figure(sums.0),
            5 => CellInput::Figure(sums.1),
            6 => CellInput::Figure(difference),
            7 => CellInput::Text(given_at.join("、").into()),
            8 => CellInput::Text(received_at.join("、").into()),
            9 => CellInput::Text(masked(&comparison.reason)),
            _ => CellInput::text(comparison.matter.as_deref().unwrap_or("")),
        });
    }
    table.packed = Some(rows.done());
    Some(table)
}

/// What counts of the entries with these numbers.
fn amount(book: &Book, gift: &Gift, ids: Vec<Expr>) -> Option<Expr> {
    let amounts = column(book, &gift.form, &gift.amount)?;
    let entries = column(book, &gift.form, "@entry")?;
    let sums: Option<Vec<Expr>> = ids
        .into_iter()
        .map(|id| {
            let own = Criterion::equal(entries, id);
            Some(Expr::SumIfs(amounts, vec![counted(book, &gift.form)?, own]))
        })
        .collect();
    Some(Expr::Sum(sums?).rounded(2))
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
fn summary(book: &Book, gifts: usize) -> Table {
    let mut table = Table::new("sides:summary");
    table.column("agreement", "核对结果", Format::Text);
    table.column("count", "笔数", Format::Integer);
    table.column("given", "捐助方（元）", Format::Money);
    table.column("received", "受援方（元）", Format::Money);
    table.column("difference", "相差（元）", Format::Money);
    let index = book.next();
    let of = |column| ColumnRef {
        table: gifts,
        column,
    };
    for agreement in Agreement::ALL {
        let same = || {
            let label = CellRef {
                table: index,
                row: table.rows.len(),
                column: 0,
            };
            vec![Criterion::equal(of(0), Expr::Cell(label))]
        };
        let sum = |column| Slot::Figure(Expr::SumIfs(of(column), same()).rounded(2));
        let row = vec![
            Slot::text(agreement.word()),
            Slot::Figure(Expr::CountIfs(same())),
            sum(4),
            sum(5),
            sum(6),
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
    table
}

/// Donor total = recipient total + the listed differences, each side by itself
/// from the entries.
fn check(book: &Book, summary: usize, (given, received): (&Gift, &Gift)) -> Option<Table> {
    let mut table = Table::new("sides:check");
    table.column("given", "捐助方计入合计（元）", Format::Money);
    table.column("received", "受援方计入合计（元）", Format::Money);
    table.column("difference", "上表相差合计（元）", Format::Money);
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
    let listed = Expr::Cell(CellRef {
        table: summary,
        row: Agreement::ALL.len(),
        column: 4,
    });
    let sum = Expr::Sum(vec![here(1), here(2)]).rounded(2);
    let equal = Expr::compare(Comparison::Equal, here(0), here(3));
    table.rows.push(vec![
        total(given)?,
        total(received)?,
        Slot::Figure(listed),
        Slot::Figure(sum),
        Slot::Figure(Expr::when(equal, Expr::text("相符"), Expr::text("不相符"))),
    ]);
    Some(table)
}
