//! What may still change the result of a unit: open matters, rows that could not be
//! read, faults that the unit has to mend. Said so that no other unit is named: a card
//! is handed out.

use std::collections::HashMap;

use super::Card;
use crate::assess::ranking::NONE;
use crate::assess::units::{FAULTS, OPEN_MOST, PICK, open_column};
use crate::book::{Book, Expr, Format, Slot, Table};
use crate::diagnostic::{Finding, Severity};
use crate::policy::{Policy, UnitKind};
use crate::reconcile::{Matter, Reconciled, Topic};
use crate::sheet::Scalar;
use crate::value::money;

/// Places that are told of a matter, or of faults.
const PLACES: usize = 3;

/// The lines.
pub(super) fn open(card: &Card<'_>) -> Option<Table> {
    let mut table = card.table("open");
    table.column("what", "可能改变结果的", Format::Text);
    table.column("words", "是什么事", Format::Text);
    let unread = |kind: &UnitKind| {
        let why = card.of_kind("score", kind, "why")?;
        let none = Expr::is(why.clone(), "");
        Some(Expr::when(none, Expr::text(NONE), why))
    };
    table.rows.push(vec![
        Slot::text("报表里的错误"),
        Slot::Figure(card.of_unit(FAULTS)),
    ]);
    table.rows.push(vec![
        Slot::text("读不出的记录"),
        Slot::Figure(card.by_kind(unread, NONE)),
    ]);
    for at in 1..=shown(card) {
        let found = card.of_unit(&open_column(at));
        let told = match at {
            1 => found,
            _ => {
                let none = Expr::is(found.clone(), NONE);
                Expr::when(none, Expr::text(""), found)
            }
        };
        let label = if at == 1 { "待本办裁定的事" } else { "" };
        table.rows.push(vec![Slot::text(label), Slot::Figure(told)]);
    }
    Some(table)
}

/// How many lines there are of open matters: one at least, and where the unit is fixed
/// no more than it has.
fn shown(card: &Card<'_>) -> usize {
    let units = card.book.table("units").filter(|_| !card.is_chosen());
    let says = |row: &[Slot], id: &str, text: &str| {
        let slot = units.and_then(|table| row.get(table.find(id)?));
        matches!(slot, Some(Slot::Fact(Scalar::Text(said))) if said == text)
    };
    let mut rows = units.map_or(&[][..], |table| &table.rows).iter();
    rows.find(|row| says(row, PICK, &card.unit))
        .map_or(OPEN_MOST, |row| {
            let open = (1..=OPEN_MOST).filter(|at| !says(row, &open_column(*at), NONE));
            open.count().max(1)
        })
}

/// Notes in the table of units what is open of each, and what it has to mend.
pub fn note(book: &mut Book, policy: &Policy, reconciled: &Reconciled, findings: &[Finding]) {
    let Some(at) = book.find("units") else {
        return;
    };
    let mut faults: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in findings {
        if let (Some(file), Severity::Error) = (&finding.place.file, finding.severity()) {
            faults.entry(file).or_default().push(finding);
        }
    }
    let told = |code: &str| {
        let mut told = matters(book, policy, reconciled, code);
        let file = reconciled.accepted(code);
        let file = file.and_then(|at| reconciled.ledger().files.get(at));
        let own = file.and_then(|file| faults.get(file.name.as_str()));
        told.resize(OPEN_MOST, NONE.to_owned());
        told.push(match (file, own) {
            (None, _) => "没有收到报表".to_owned(),
            (_, Some(own)) => faulty(own),
            (_, None) => NONE.to_owned(),
        });
        told
    };
    let Some(table) = book.tables.get(at) else {
        return;
    };
    let columns = (1..=OPEN_MOST).map(open_column).chain([FAULTS.to_owned()]);
    let columns: Option<Vec<usize>> = columns.map(|id| table.find(&id)).collect();
    let (Some(columns), Some(code)) = (columns, table.find("code")) else {
        return;
    };
    let of_rows = table.rows.iter().map(|row| match row.get(code) {
        Some(Slot::Fact(Scalar::Text(code))) => told(code),
        _ => Vec::new(),
    });
    let of_rows: Vec<Vec<String>> = of_rows.collect();
    let Some(table) = book.tables.get_mut(at) else {
        return;
    };
    for (row, told) in table.rows.iter_mut().zip(of_rows) {
        for (column, text) in columns.iter().zip(told) {
            if let Some(slot) = row.get_mut(*column) {
                *slot = Slot::text(text);
            }
        }
    }
}

/// The open matters of a unit that may change a result; the last line says how many more
/// there are.
fn matters(book: &Book, policy: &Policy, reconciled: &Reconciled, code: &str) -> Vec<String> {
    let open = reconciled.matters().iter().filter(|matter| {
        matter.standing.is_open()
            && matter.units.iter().any(|unit| unit == code)
            && !book.apart.contains(&matter.id)
    });
    let all: Vec<&Matter> = open.collect();
    let shown = match all.len() > OPEN_MOST {
        true => OPEN_MOST - 1,
        false => all.len(),
    };
    let told = all.iter().take(shown);
    let mut told: Vec<String> = told
        .map(|matter| words(matter, policy, reconciled, code))
        .collect();
    if shown < all.len() {
        told.push(format!("另有 {} 件", all.len() - shown));
    }
    told
}

/// A matter in words that name no other unit.
fn words(matter: &Matter, policy: &Policy, reconciled: &Reconciled, code: &str) -> String {
    let mut words = format!("{} {}", matter.id, matter.topic.word());
    if matter.topic == Topic::Unanswered {
        // It is about the unit's own member.
        words.push_str(&format!("：{}", matter.reason));
    }
    if !matter.at_stake.is_zero() {
        words.push_str(&format!("，涉及 {} 元", money(matter.at_stake)));
    }
    let mut places: Vec<String> = Vec::new();
    let entries = matter.sides.iter().flat_map(|side| &side.entries);
    for entry in entries.filter_map(|&at| reconciled.ledger().entries.get(at)) {
        let form = policy.forms.get(entry.form.as_str());
        let place = form.map(|form| format!("“{}”第 {} 行", form.sheet, entry.row + 1));
        let own = entry.reporter.as_str() == code;
        places.extend(place.filter(|place| own && !places.contains(place)));
    }
    if !places.is_empty() {
        let more = if places.len() > PLACES { "等" } else { "" };
        places.truncate(PLACES);
        words.push_str(&format!("，在报来的{}{more}", places.join("、")));
    }
    words
}

/// The faults of a return in words: how many, and the first of them.
fn faulty(own: &[&Finding]) -> String {
    let place = |finding: &&Finding| {
        let sheet = finding.place.sheet.as_deref().unwrap_or("");
        let cell = finding.place.cell.map(|cell| format!("!{}", cell.name()));
        format!(
            "{sheet}{} {}",
            cell.unwrap_or_default(),
            finding.code.title()
        )
    };
    let told: Vec<String> = own.iter().take(PLACES).map(place).collect();
    let more = if own.len() > PLACES { "等" } else { "" };
    format!(
        "{} 处，改好重报才计入：{}{more}",
        own.len(),
        told.join("；")
    )
}
