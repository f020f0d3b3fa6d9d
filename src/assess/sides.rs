//! The tables that hold what was given against what was received.

use super::book::{Book, Format, Slot, Table};
use super::details::entry_numbers;
use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use super::metrics::{column, counted};
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
    let numbers = entry_numbers(reconciled, policy);
    let index = book.next();
    for one in reconciled.comparisons() {
        let row = table.rows.len();
        let here = |column| {
            Expr::Cell(CellRef {
                table: index,
                row,
                column,
            })
        };
        let ids = |entries: &[usize]| -> Vec<String> {
            let ids = entries.iter().filter_map(|&i| numbers.get(i).cloned());
            ids.collect()
        };
        let (given_at, received_at) = (ids(&one.given), ids(&one.received));
        let difference = Expr::arithmetic(Arithmetic::Subtract, here(4), here(5));
        table.rows.push(vec![
            Slot::text(one.agreement.word()),
            Slot::text(text_of(one, reconciled, given, received, |g| &g.village)),
            Slot::text(text_of(one, reconciled, given, received, |g| &g.giver)),
            Slot::text(reporter(one, reconciled, roster)),
            Slot::Figure(amount(book, given, &given_at)?),
            Slot::Figure(amount(book, received, &received_at)?),
            Slot::Figure(difference.rounded(2)),
            Slot::text(given_at.join("、")),
            Slot::text(received_at.join("、")),
            Slot::text(masked(&one.reason)),
            Slot::text(one.matter.as_deref().unwrap_or("")),
        ]);
    }
    Some(table)
}

/// What counts of some entries.
fn amount(book: &Book, gift: &Gift, ids: &[String]) -> Option<Expr> {
    let amounts = column(book, &gift.form, &gift.amount)?;
    let entries = column(book, &gift.form, "@entry")?;
    let sums: Option<Vec<Expr>> = ids
        .iter()
        .map(|id| {
            let own = Criterion::equal(entries, Expr::text(id));
            Some(Expr::SumIfs(amounts, vec![counted(book, &gift.form)?, own]))
        })
        .collect();
    let sums = sums?;
    Some(match sums.len() {
        0 => Expr::whole(0),
        _ => Expr::Sum(sums).rounded(2),
    })
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
        let entry = reconciled.ledger().entries.get(*entries.first()?)?;
        let text = entry.values.get(field(gift))?.to_string();
        Some(masked(&text))
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
