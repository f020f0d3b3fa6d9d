//! Amounts that were plainly typed in 万元 where the form counts in 元. They
//! are counted as typed, since nobody but the unit or the office can say: the
//! finding waits for a ruling.

use rust_decimal::Decimal;

use super::declared::{detail, holds};
use super::{Outcome, Reconciled};
use crate::diagnostic::{Code, Finding, Place};
use crate::form::RawCell;
use crate::intake::{State, Submission};
use crate::policy::{Declared, Field, Form, Policy, Shape};
use crate::roster::Roster;
use crate::value::{Value, money};

/// 1 万元 in 元.
const TEN_THOUSAND: i64 = 10_000;
/// Two totals are the same sum in two measures if they differ by no more than
/// one part in so many: a total in 万元 is often rounded.
const PART: i64 = 100;
/// No gift that is reported to the county is smaller than this, in 元.
const LEAST_GIFT: i64 = 100;
/// Beside gifts of this size at the median, in 元, one below the least is in
/// another measure.
const PLAIN_GIFT: i64 = 5_000;

/// Whether two totals of the same rows are one sum, one of them in 万元.
pub(super) fn differ_by_measure(declared: Decimal, detail: Decimal) -> bool {
    let same = |wan: Decimal, yuan: Decimal| {
        let scaled = wan.checked_mul(TEN_THOUSAND.into()).unwrap_or(Decimal::MAX);
        wan > Decimal::ZERO
            && (scaled - yuan)
                .abs()
                .checked_mul(PART.into())
                .is_some_and(|difference| difference <= yuan)
    };
    same(declared, detail) || same(detail, declared)
}

pub(super) fn check(
    reconciled: &mut Reconciled,
    policy: &Policy,
    _roster: &Roster,
    findings: &mut Vec<Finding>,
) {
    for (file, (outcome, _)) in reconciled.ledger.files.iter().zip(&reconciled.outcomes) {
        let (State::Read(submission), Outcome::Accepted) = (&file.state, outcome) else {
            continue;
        };
        for form in policy.intake_forms().filter(|f| f.shape == Shape::Table) {
            for field in form.money_fields() {
                let column = Column {
                    file: &file.name,
                    submission,
                    form,
                    field,
                };
                findings.extend(column.findings(policy));
            }
        }
    }
}

/// A column of amounts in a return.
struct Column<'a> {
    file: &'a str,
    submission: &'a Submission,
    form: &'a Form,
    field: &'a Field,
}

/// An amount with its cell.
type Amount<'a> = (Decimal, &'a str, &'a RawCell);

impl Column<'_> {
    /// The amounts of the column, or of those of its rows that a rule adds up.
    fn amounts(&self, rule: Option<&Declared>) -> Vec<Amount<'_>> {
        let entries = self.submission.entries.iter();
        let added = entries.filter(|entry| {
            let mut conditions = rule.into_iter().flat_map(|rule| &rule.conditions);
            entry.form == self.form.id && conditions.all(|c| holds(c, &entry.row.values))
        });
        added
            .filter_map(|entry| {
                let value = entry.row.values.get(&self.field.id)?.number()?;
                let raw = entry.row.raw.cells.get(&self.field.id)?;
                Some((value, entry.sheet.as_str(), raw))
            })
            .collect()
    }

    /// What each total on the cover says; where none says anything, what the rows
    /// say by themselves.
    fn findings(&self, policy: &Policy) -> Vec<Finding> {
        let rules = policy
            .declared
            .iter()
            .filter(|rule| rule.form == self.form.id && rule.amount == self.field.id);
        let told: Vec<Finding> = rules
            .filter_map(|rule| self.against_cover(rule, policy))
            .collect();
        if told.is_empty() {
            self.by_themselves().into_iter().collect()
        } else {
            told
        }
    }

    fn by_themselves(&self) -> Option<Finding> {
        let amounts = self.amounts(None);
        let small: Vec<&Amount<'_>> = amounts
            .iter()
            .filter(|(value, ..)| *value > Decimal::ZERO && *value < LEAST_GIFT.into())
            .collect();
        let all = small.len() == amounts.len() && small.len() > 1;
        let beside_large = !small.is_empty()
            && median(amounts.iter().map(|(value, ..)| *value))
                .is_some_and(|median| median >= PLAIN_GIFT.into());
        if !all && !beside_large {
            return None;
        }
        let message = if all {
            format!(
                "“{}”一栏各行都不到{LEAST_GIFT}元，像是按万元填的",
                self.field.header
            )
        } else {
            format!("“{}”比别的行小得多，像是按万元填的", self.field.header)
        };
        self.made(message, &small)
    }

    /// The cover and the rows are the same sum in two measures.
    fn against_cover(&self, rule: &Declared, policy: &Policy) -> Option<Finding> {
        let declared = self
            .submission
            .cover
            .get(&rule.field)
            .and_then(Value::number)?;
        let detail = detail(self.submission, rule);
        if !differ_by_measure(declared, detail) {
            return None;
        }
        let header = policy
            .cover()
            .and_then(|cover| cover.fields.get(&rule.field))
            .map_or("", |field| &field.header);
        let (small, large) = (money(declared.min(detail)), money(declared.max(detail)));
        if detail < declared {
            let message = format!(
                "“{}”各行合计 {small}，封面“{header}”是 {large} 元，像是各行按万元填的",
                self.field.header
            );
            let amounts = self.amounts(Some(rule));
            let all: Vec<&Amount<'_>> = amounts.iter().collect();
            return self.made(message, &all);
        }
        let message =
            format!("封面“{header}”是 {small}，各行合计 {large} 元，像是封面按万元填的；按明细计");
        let cover = policy.cover()?;
        let entry = self
            .submission
            .entries
            .iter()
            .find(|e| e.form == cover.id)?;
        let raw = entry.row.raw.cells.get(&rule.field)?;
        let place = Place::file(self.file).on(&entry.sheet).at(raw.cell, header);
        let finding = Finding::new(Code::MeasureSuspect, place, message);
        Some(
            finding
                .typed(crate::form::shown(&raw.found))
                .taken(format!("{large}元")),
        )
    }

    fn made(&self, message: String, cells: &[&Amount<'_>]) -> Option<Finding> {
        let place = |(_, sheet, raw): &Amount<'_>| {
            Place::file(self.file)
                .on(*sheet)
                .at(raw.cell, &self.field.header)
        };
        let (first, rest) = cells.split_first()?;
        let shown = |(_, _, raw): &Amount<'_>| crate::form::shown(&raw.found);
        let typed: Vec<String> = cells.iter().take(5).map(|cell| shown(cell)).collect();
        let more = if cells.len() > 5 { "……" } else { "" };
        let mut finding = Finding::new(Code::MeasureSuspect, place(first), message)
            .typed(format!("{}{more}", typed.join("、")))
            .taken(format!("暂按元计，{}元", money(first.0)));
        finding.related = rest.iter().map(|cell| place(cell)).collect();
        Some(finding)
    }
}

/// The middle of the amounts.
fn median(amounts: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut amounts: Vec<Decimal> = amounts.collect();
    amounts.sort();
    amounts.get(amounts.len() / 2).copied()
}
