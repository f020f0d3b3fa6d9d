//! What the office has decided and has still to decide: the tables of
//! additions and deductions, nominations, exemptions, and matters. They are
//! filled in where they stand, so each row keeps what it said when written.

use std::collections::BTreeSet;

use super::details::entry_cells;
use super::entry_cells::scalar;
use super::metrics::zero;
use super::trial::{Trials, order};
use crate::book::{Book, CellRef, Comparison, Criterion, Expr, Format, Reader, Slot, Table};
use crate::policy::{Form, Kind, Policy};
use crate::reconcile::{Matter, Reconciled, Standing, side_name};
use crate::roster::Roster;
use crate::ruling::{Decision, Row, RulingForms, WRITTEN, row_text, rows};
use crate::sheet::Scalar;
use crate::value::{Value, masked};

/// Empty rows that are offered on the consolidated workbook.
const SPARE: usize = 12;
/// Between the choices of a matter, in the column that lists them.
pub const BETWEEN: char = '\u{FF1B}';
/// Said of an open matter of which no ruling changes a result.
pub const APART: &str = "不影响结果";
/// Shown where an exemption lifts a veto.
pub const EXEMPT: &str = "免予否决";

/// Adds the tables `adjustments`, `nominations` and `exemptions`.
pub fn add(book: &mut Book, reconciled: &Reconciled, policy: &Policy, roster: &Roster) {
    let forms = RulingForms::new();
    let rulings = reconciled.rulings();
    let rows = rows(rulings, policy, roster);
    let codes = rulings.adjustments.iter().map(|one| one.unit.as_str());
    book.add(table(&forms.adjustments, &rows.adjustments, codes));
    let codes = rulings.nominations.iter().map(|one| one.member.as_str());
    book.add(table(&forms.nominations, &rows.nominations, codes));
    let codes = rulings.exemptions.iter().map(|one| one.subject.as_str());
    book.add(table(&forms.exemptions, &rows.exemptions, codes));
}

fn table<'a>(form: &Form, rows: &[Row], codes: impl Iterator<Item = &'a str>) -> Table {
    let mut table = Table::new(form.id.clone());
    for field in form.fields.values() {
        let format = match field.kind {
            Kind::Number => Format::Score,
            _ => Format::Text,
        };
        table.column(&field.id, &field.header, format);
    }
    table.printed = Some(table.columns.len());
    table.column("@code", "编号", Format::Centre);
    table.column("@written", WRITTEN, Format::Text);
    for (row, code) in rows.iter().zip(codes) {
        let mut slots = cells(form, row);
        slots.push(Slot::text(code));
        slots.push(Slot::text(row_text(form, row)));
        table.rows.push(slots);
    }
    for _ in 0..SPARE {
        table
            .rows
            .push(vec![Slot::Fact(Scalar::Empty); table.columns.len()]);
    }
    table
}

fn cells(form: &Form, row: &Row) -> Vec<Slot> {
    let value = |id: &String| row.get(id).map_or(Scalar::Empty, scalar);
    form.fields.keys().map(|id| Slot::Fact(value(id))).collect()
}

/// The office's additions and deductions for a unit.
pub fn adjustment(book: &Book, code: CellRef) -> Option<Expr> {
    let points = book.column("adjustments", "points")?;
    let codes = book.column("adjustments", "@code")?;
    let own = Criterion::equal(codes, Expr::Cell(code));
    Some(Expr::SumIfs(points, vec![own]))
}

/// Whether a unit or person is exempt from a veto, by its name.
pub fn is_exempt(book: &Book, code: CellRef, veto: &str) -> Option<Expr> {
    let codes = book.column("exemptions", "@code")?;
    let vetoes = book.column("exemptions", "veto")?;
    let count = Expr::CountIfs(vec![
        Criterion::equal(codes, Expr::Cell(code)),
        Criterion::equal(vetoes, Expr::text(veto)),
    ]);
    Some(Expr::compare(Comparison::MoreThan, count, zero()))
}

/// Whether a person is nominated.
pub fn is_nominated(book: &Book, code: CellRef) -> Option<Expr> {
    let codes = book.column("nominations", "@code")?;
    let count = Expr::CountIfs(vec![Criterion::equal(codes, Expr::Cell(code))]);
    Some(Expr::compare(Comparison::MoreThan, count, zero()))
}

/// The open matters of which no ruling changes a result, by their identities: they
/// do not count as waiting.
pub fn matters_apart<'a>(reader: &Reader<'a>) -> &'a BTreeSet<String> {
    &reader.book().apart
}

/// Adds the table `matters`: what waits for a ruling, what need not wait since it
/// changes nothing, what was ruled, what a rule has settled, and rulings whose
/// matter is gone.
pub fn add_matters(book: &mut Book, reconciled: &Reconciled, trials: &Trials) {
    let form = RulingForms::new().decisions;
    let header = |id: &str| form.fields.get(id).map_or("", |f| f.header.as_str());
    let mut table = Table::new("matters");
    table.column("matter", header("matter"), Format::Centre);
    table.column("topic", "类别", Format::Centre);
    table.column("standing", "状态", Format::Centre);
    table.column("about", header("about"), Format::Text);
    // What the office writes stands beside what it is about.
    for id in ["verdict", "reason", "by"] {
        table.column(id, header(id), Format::Text);
    }
    table.column("stake", "涉及金额（元）", Format::Money);
    table.column("proposed", "建议", Format::Text);
    table.column("sides", "各方所报", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("choices", "可选的裁定", Format::Text);
    table.column("facts", header("facts"), Format::Text);
    table.column("@written", WRITTEN, Format::Text);
    let cells = entry_cells(book, reconciled);
    for number in order(reconciled, trials) {
        let Some(matter) = reconciled.matters().get(number) else {
            continue;
        };
        let is_apart = matter.standing.is_open() && trials.is_idle(number);
        if is_apart {
            book.apart.insert(matter.id.clone());
        }
        let standing = match is_apart {
            true => APART,
            false => matter.standing.word(),
        };
        // One click leads to the entry that is doubted.
        let doubted = matter.sides.last().and_then(|side| side.entries.first());
        let doubted = doubted.and_then(|&at| cells.get(at).copied().flatten());
        let decision = match &matter.standing {
            Standing::Ruled(_, decision) => Some(decision),
            _ => None,
        };
        let choices: Vec<String> = matter.choices.iter().map(|v| v.word()).collect();
        let mut slots = vec![
            match doubted {
                Some(cell) => Slot::Link(matter.id.clone(), cell),
                None => Slot::text(&matter.id),
            },
            Slot::text(matter.topic.word()),
            Slot::text(standing),
            Slot::text(masked(&about(matter))),
        ];
        slots.extend(decided(decision));
        slots.push(Slot::Fact(match matter.at_stake.is_zero() {
            true => Scalar::Empty,
            false => Scalar::Number(matter.at_stake),
        }));
        slots.push(Slot::text(matter.advice()));
        slots.push(Slot::text(masked(&sides(matter))));
        slots.push(Slot::text(choices.join(&BETWEEN.to_string())));
        slots.push(Slot::text(&matter.facts));
        slots.push(Slot::text(written(&form, &matter.id, decision)));
        table.rows.push(slots);
    }
    for decision in reconciled.gone() {
        let mut slots = vec![
            Slot::text(&decision.matter),
            Slot::text(""),
            Slot::text("已不存在"),
            Slot::text(&decision.about),
        ];
        slots.extend(decided(Some(decision)));
        slots.push(Slot::Fact(Scalar::Empty));
        slots.push(Slot::text(""));
        slots.push(Slot::text("这次没有出现，裁定留着备查"));
        slots.push(Slot::text(""));
        slots.push(Slot::text(&decision.facts));
        slots.push(Slot::text(written(&form, &decision.matter, Some(decision))));
        table.rows.push(slots);
    }
    book.add(table);
}

/// What a matter is about; for one that was opened again, with the ruling
/// that holds no more.
fn about(matter: &Matter) -> String {
    match &matter.standing {
        Standing::Reopened(old) => format!(
            "{}（原裁定“{}”，{}；所依据的内容已改动）",
            matter.reason, old.verdict, old.by
        ),
        _ => matter.reason.clone(),
    }
}

fn sides(matter: &Matter) -> String {
    let sides = matter.sides.iter().enumerate();
    let texts: Vec<String> = sides
        .map(|(at, side)| match matter.sides.len() {
            1 => side.text.clone(),
            _ => format!("{}：{}", side_name(at), side.text),
        })
        .collect();
    let text = texts.join("\n");
    // A cell holds 32,767 characters; the places are among the findings too.
    text.chars().take(crate::form::LONGEST_TEXT).collect()
}

fn decided(decision: Option<&Decision>) -> [Slot; 3] {
    let of = |part: fn(&Decision) -> &String| Slot::text(decision.map_or("", |d| part(d)));
    [of(|d| &d.verdict), of(|d| &d.reason), of(|d| &d.by)]
}

/// What the row says now, so that it is seen whether somebody changes it.
fn written(form: &Form, matter: &str, decision: Option<&Decision>) -> String {
    let mut row = Row::new();
    let mut put = |id: &str, text: &str| {
        row.insert(id.to_owned(), Value::Text(text.into()));
    };
    put("matter", matter);
    if let Some(decision) = decision {
        put("verdict", &decision.verdict);
        put("reason", &decision.reason);
        put("by", &decision.by);
    }
    row_text(form, &row)
}
