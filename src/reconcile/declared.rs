//! Totals declared on the cover against the detail of the same return: all
//! its readable rows, whether they count or not, since that is what the unit
//! added up.

use rust_decimal::Decimal;

use super::measure::differ_by_measure;
use super::{Outcome, Reconciled};
use crate::diagnostic::{Code, Finding, Place};
use crate::intake::{State, Submission};
use crate::policy::{Condition, Declared, Policy, Test};
use crate::roster::Roster;
use crate::value::{Value, money};

pub(super) fn check(
    reconciled: &mut Reconciled,
    policy: &Policy,
    _roster: &Roster,
    findings: &mut Vec<Finding>,
) {
    let Some(cover) = policy.cover() else {
        return;
    };
    for (file, (outcome, _)) in reconciled.ledger.files.iter().zip(&reconciled.outcomes) {
        let (State::Read(submission), Outcome::Accepted) = (&file.state, outcome) else {
            continue;
        };
        for rule in &policy.declared {
            let Some(declared) = submission.cover.get(&rule.field).and_then(Value::number) else {
                continue;
            };
            // Where the detail could not be read, that was said: there is nothing to
            // compare with.
            let placed = submission.placed.get(&rule.form);
            if !placed.is_some_and(|placed| placed.reads(&rule.amount)) {
                continue;
            }
            let detail = detail(submission, rule);
            if (declared - detail).abs() <= rule.tolerance || differ_by_measure(declared, detail) {
                continue;
            }
            let header = cover
                .fields
                .get(&rule.field)
                .map_or("", |f| f.header.as_str());
            let mut place = Place::file(&file.name);
            if let Some(entry) = submission.entries.iter().find(|e| e.form == cover.id) {
                place = place.on(&entry.sheet);
                if let Some(raw) = entry.row.raw.cells.get(&rule.field) {
                    place = place.at(raw.cell, header);
                }
            }
            let message = format!(
                "“{header}”申报 {} 元，明细合计 {} 元，相差 {} 元；按明细计",
                money(declared),
                money(detail),
                money((declared - detail).abs())
            );
            let finding = Finding::new(Code::DeclaredDiffers, place, message);
            findings.push(finding.typed(money(declared)).taken(money(detail)));
        }
    }
}

/// What the detail of a return comes to, in 元: all its readable rows.
pub fn detail(submission: &Submission, rule: &Declared) -> Decimal {
    submission
        .entries
        .iter()
        .filter(|entry| entry.form == rule.form)
        .filter(|entry| rule.conditions.iter().all(|c| holds(c, &entry.row.values)))
        .filter_map(|entry| entry.row.values.get(&rule.amount)?.number())
        .sum()
}

/// The loader allows only equality with a choice here.
pub(super) fn holds(condition: &Condition, values: &indexmap::IndexMap<String, Value>) -> bool {
    match &condition.test {
        Test::Is { field, text } => values.get(field).and_then(Value::text) == Some(text),
        Test::Complete | Test::Number { .. } => true,
    }
}
