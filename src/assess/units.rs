//! The table of units: who has returned, and how; and what several tables ask of a
//! unit's entries, so that it is counted once.

use std::collections::{BTreeSet, HashMap};

use super::entry_cells::{scalar, without_numbers};
use super::metrics::{For, column, entries_of, lacks, sure, told_on, unread_on, waiting_on, zero};
use super::ranking::NONE;
use super::unread::Unread;
use crate::book::{Book, CellRef, Comparison, Criterion, Expr, Format, Slot, Table};
use crate::diagnostic::{Finding, Severity};
use crate::intake::State;
use crate::policy::{Measure, Policy, forms_of};
use crate::reconcile::{Class, Reconciled};
use crate::roster::{Roster, Unit};
use crate::sheet::Scalar;
use crate::value::{reads_as_pattern, reads_as_value};

/// Forms on which some metric rests.
fn asked(policy: &Policy) -> BTreeSet<&str> {
    let metrics = policy.metrics.keys();
    metrics.flat_map(|id| forms_of(policy, id)).collect()
}

/// Forms and fields that some metric sums.
fn summed(policy: &Policy) -> BTreeSet<(&str, &str)> {
    let metrics = policy.metrics.values();
    let sums = metrics.filter_map(|metric| match &metric.measure {
        Measure::Sum { form, field, .. } => Some((form.as_str(), field.as_str())),
        _ => None,
    });
    sums.collect()
}

fn counted_unread(book: &Book, form: &str, code: CellRef) -> Option<Expr> {
    entries_of(book, &[form], For::Unit(code), Some(Class::Rejected))
}

/// What a field says of the entries of a unit that were rejected: the sum of what is
/// more than nothing, and in how many that is.
fn said_unread(book: &Book, form: &str, field: &str, code: CellRef) -> Option<[Expr; 2]> {
    let amounts = column(book, form, field)?;
    let class = column(book, form, "@class")?;
    let said = vec![
        Criterion::equal(column(book, form, "@unit")?, Expr::Cell(code)),
        Criterion::equal(class, Expr::text(Class::Rejected.word())),
        Criterion {
            column: amounts,
            comparison: Comparison::MoreThan,
            with: zero(),
        },
    ];
    let sum = Expr::SumIfs(amounts, said.clone()).rounded(2);
    Some([sum, Expr::CountIfs(said)])
}

/// Adds the table `units`.
pub fn add(
    book: &mut Book,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    findings: &[Finding],
    unread: &Unread<'_>,
) {
    let mut table = Table::new("units");
    table.column("code", "编号", Format::Centre);
    table.column("name", "单位", Format::Text);
    table.column("kind", "类型", Format::Text);
    table.column("block", "板块", Format::Text);
    table.column("returned", "是否报送", Format::Centre);
    table.column("file", "采用的文件", Format::Text);
    table.column("filled_by", "填报人", Format::Text);
    table.column("filled_on", "填报日期", Format::Date);
    table.column("errors", "错误", Format::Integer);
    table.column("warnings", "警告", Format::Integer);
    table.printed = Some(table.columns.len());
    let asked = asked(policy);
    for form in &asked {
        table.column(lacks(form), "缺表", Format::Integer);
    }
    for form in &asked {
        table.column(unread_on(form), "读不出的记录", Format::Integer);
    }
    let summed = summed(policy);
    for (form, field) in &summed {
        table.column(waiting_on(form, field), "待定的数", Format::Number);
        table.column(told_on(form, field), "有数的待定记录", Format::Integer);
    }
    table.column(PICK, "单位\u{FF08}供选择\u{FF09}", Format::Text);
    for at in 1..=OPEN_MOST {
        table.column(open_column(at), "没有了结的事", Format::Text);
    }
    table.column(FAULTS, "要改正的", Format::Text);
    let index = book.next();
    let mut counts: HashMap<(&str, Severity), usize> = HashMap::new();
    for finding in findings {
        let file = finding.place.file.as_deref().unwrap_or("");
        *counts.entry((file, finding.severity())).or_default() += 1;
    }
    for unit in roster.units() {
        let kind = policy.unit_kinds.get(&unit.kind);
        let block = kind.and_then(|kind| policy.blocks.get(&kind.block));
        let file = reconciled.accepted(&unit.code);
        let returned = file.and_then(|index| reconciled.ledger().files.get(index));
        let submission = returned.and_then(|file| match &file.state {
            State::Read(submission) => Some(submission),
            _ => None,
        });
        let lacks = |form: &&str| {
            let is_asked = policy
                .forms
                .get(*form)
                .is_some_and(|form| form.kinds.contains(&unit.kind));
            let is_there = submission.is_none_or(|one| one.placed.contains_key(*form));
            Slot::whole(usize::from(is_asked && !is_there))
        };
        let cover = |id: &str| submission?.cover.get(id).map(scalar).map(without_numbers);
        let name = returned.map_or("", |file| file.name.as_str());
        let count = |severity| match name {
            "" => 0,
            name => counts.get(&(name, severity)).copied().unwrap_or(0),
        };
        let mut row = vec![
            Slot::text(&unit.code),
            Slot::text(&unit.name),
            Slot::text(kind.map_or("", |k| &k.name)),
            Slot::text(block.map_or("", |b| &b.name)),
            Slot::text(if returned.is_some() { "是" } else { "否" }),
            Slot::text(name),
            Slot::Fact(cover("filled_by").unwrap_or(Scalar::Empty)),
            Slot::Fact(cover("filled_on").unwrap_or(Scalar::Empty)),
            Slot::whole(count(Severity::Error)),
            Slot::whole(count(Severity::Warning)),
        ];
        row.extend(asked.iter().map(lacks));
        let code = table.coming(index, "code");
        row.extend(
            asked
                .iter()
                .map(|form| match unread.of_unit(form, &unit.code) {
                    true => Slot::Figure(sure(counted_unread(book, form, code))),
                    false => Slot::whole(0),
                }),
        );
        for (form, field) in &summed {
            let said = said_unread(book, form, field, code);
            let said = said.filter(|_| unread.of_unit(form, &unit.code));
            match said {
                Some(said) => row.extend(said.map(Slot::Figure)),
                None => row.extend([Slot::whole(0), Slot::whole(0)]),
            }
        }
        row.push(Slot::text(pick(unit)));
        // Noted once all is tried. An empty cell that is looked up would be a nought.
        row.extend((0..=OPEN_MOST).map(|_| Slot::text(NONE)));
        table.rows.push(row);
    }
    book.add(table);
}

/// The column of the names by which units are chosen from a list.
pub const PICK: &str = "@pick";
/// The column of what a unit has to mend.
pub const FAULTS: &str = "@faults";
/// Open matters that are told of a unit.
pub const OPEN_MOST: usize = 4;

/// The column of an open matter of a unit, from 1.
pub fn open_column(at: usize) -> String {
    format!("@open:{at}")
}

/// A unit's name as it is chosen: what a spreadsheet would take for a number or a
/// pattern is told apart by its code.
pub fn pick(unit: &Unit) -> String {
    if !reads_as_value(&unit.name) && !reads_as_pattern(&unit.name) {
        return unit.name.clone();
    }
    let plain = unit.name.replace(['*', '?', '~', '<', '>', '='], "_");
    format!("单位{plain}\u{FF08}{}\u{FF09}", unit.code)
}
