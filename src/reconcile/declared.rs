//! Totals declared on the cover against the detail of the same return: all
//! its readable rows, whether they count or not, since that is what the unit
//! added up.

use rust_decimal::Decimal;

use super::class::Class;
use super::context::Context;
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding, Place, some};
use crate::form::{ReadRow, TEN_THOUSAND, Values, part_name, shown};
use crate::intake::Submission;
use crate::policy::{Condition, Declared};
use crate::sheet::Found;
use crate::value::{Value, money};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let policy = context.policy;
    let Some(cover) = policy.cover() else {
        return;
    };
    let groups = reconciled.by_file_and_form();
    for (index, file, submission) in reconciled.accepted_returns() {
        for rule in &policy.reconcile.declared {
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
            // A unit that left out its own duplicates added up rightly.
            let own = groups.get(&(index, rule.form.as_str()));
            let own = own.map_or(&[][..], Vec::as_slice);
            let counted = counted(reconciled, own, rule);
            if (declared - counted).abs() <= rule.tolerance {
                continue;
            }
            let header = cover
                .fields
                .get(&rule.field)
                .map_or("", |f| f.header.as_str());
            let mut place = Place::file(file);
            let mut typed = money(declared);
            if let Some(entry) = submission.entries.iter().find(|e| e.form == cover.id) {
                place = place.on(&entry.sheet);
                if let Some(raw) = entry.row.raw.cells.get(&rule.field) {
                    place = place.at(raw.cell(), header);
                    typed = shown(raw.found());
                }
            }
            let form = policy.forms.get(&rule.form);
            let sheet = form.map_or("", |form| &form.sheet);
            let part = match rule.conditions.is_empty() {
                true => String::new(),
                false => format!("归入“{}”的", part_name(rule, policy)),
            };
            let rows: Vec<String> = added(submission, rule)
                .map(|(row, _)| (row.raw.row + 1).to_string())
                .collect();
            // What the sheet itself shows may be another sum: it leaves texts out.
            let rows = match rows.is_empty() {
                true => format!("没有{part}行，合计"),
                false => format!("{part}第{}行加起来", some(&rows, "、", "行")),
            };
            let message = format!(
                "“{header}”申报 {} 元，“{sheet}”表里{rows} {} 元，相差 {} 元；考核只计明细里能计入的 {} 元",
                money(declared),
                money(detail),
                money((declared - detail).abs()),
                money(counted)
            );
            let mut finding = Finding::new(Code::DeclaredDiffers, place, message);
            let as_text = typed_as_text(submission, rule);
            if !as_text.is_empty() {
                let texts: Vec<String> = as_text.iter().map(|(cell, _)| cell.clone()).collect();
                let left_out: Decimal = as_text.iter().map(|(_, amount)| *amount).sum();
                finding = finding.mend(format!(
                    "{}的金额是文本，表头上方的合计没有算进去，显示的是 {}；改成只有数字的，再核对明细和封面。",
                    some(&texts, "、", "格"),
                    money(detail - left_out)
                ));
            }
            context
                .findings
                .push(finding.typed(typed).taken(format!("{} 元", money(counted))));
        }
    }
}

/// What counts of the detail of a return, in 元: of its entries by their indexes.
fn counted(reconciled: &Reconciled, entries: &[usize], rule: &Declared) -> Decimal {
    entries
        .iter()
        .filter_map(|at| reconciled.entry(*at))
        .filter(|(_, class, _)| *class == Class::Counted)
        .filter(|(entry, ..)| rule.conditions.iter().all(|c| holds(c, &entry.values)))
        .filter_map(|(entry, ..)| entry.values.get(&rule.amount)?.number())
        .sum()
}

/// Cells of amounts that are text to a spreadsheet, whose sum leaves them out, with
/// the amounts.
fn typed_as_text(submission: &Submission, rule: &Declared) -> Vec<(String, Decimal)> {
    added(submission, rule)
        .filter_map(|(row, amount)| Some((row.raw.cells.get(&rule.amount)?, amount)))
        .filter(|(raw, _)| matches!(raw.found(), Found::Text(_)))
        .map(|(raw, amount)| (raw.cell().name(), amount))
        .collect()
}

/// Two totals are the same sum in two measures if they differ by no more than
/// one part in so many: a total in 万元 is often rounded.
const PART: i64 = 100;

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

/// What the detail of a return comes to, in 元: all its readable rows.
pub fn detail(submission: &Submission, rule: &Declared) -> Decimal {
    added(submission, rule).map(|(_, amount)| amount).sum()
}

/// The readable rows of the detail, with their amounts.
fn added<'a>(
    submission: &'a Submission,
    rule: &'a Declared,
) -> impl Iterator<Item = (&'a ReadRow, Decimal)> {
    submission
        .entries
        .iter()
        .filter(|entry| entry.form == rule.form)
        .filter(|entry| rule.conditions.iter().all(|c| holds(c, &entry.row.values)))
        .filter_map(|entry| Some((&entry.row, entry.row.values.get(&rule.amount)?.number()?)))
}

/// Whether the values of an entry meet a condition.
pub(super) fn holds(condition: &Condition, values: &Values) -> bool {
    // The loader refuses completeness here.
    condition.holds(&[], |id| values.get(id))
}
