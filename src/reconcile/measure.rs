//! Amounts that were plainly typed in 万元 where the form counts in 元. They
//! are counted as typed, since nobody but the unit or the office can say: the
//! matter waits for a ruling.

use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;

use super::class::Class;
use super::context::Context;
use super::declared::{detail, differ_by_measure, holds};
use super::gifts::unit_name;
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::reconciled::Reconciled;
use crate::diagnostic::Place;
use crate::form::{TEN_THOUSAND, shown};
use crate::intake::Submission;
use crate::ledger::LedgerEntry;
use crate::policy::{Declared, Field, Form, Policy, Shape};
use crate::roster::Roster;
use crate::value::{Value, money};

/// No gift that is reported to the county is smaller than this, in 元.
const LEAST_GIFT: i64 = 100;
/// Nobody reports only gifts that are smaller than this, in 元: 150, 120 and 300
/// are as well a chamber's gifts in 万元.
const LEAST_OF_ALL: i64 = 1_000;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    for (field, draft) in drafts(reconciled, context.policy, context.roster) {
        let entries = draft.entries().concat();
        if context.lay(draft) != Some(Verdict::TenThousand) {
            continue;
        }
        let why = context.ruled("确为万元（乘以一万）");
        for entry in entries {
            let amount = reconciled.counts(entry).and_then(|entry| {
                let typed = entry.values.get(&field)?.number()?;
                typed.checked_mul(TEN_THOUSAND.into())
            });
            if let Some(amount) = amount {
                reconciled.set_amount(entry, &field, amount, &why);
            }
        }
    }
}

/// The matters of all accepted returns, each with the field that it is about.
fn drafts(reconciled: &Reconciled, policy: &Policy, roster: &Roster) -> Vec<(String, Draft)> {
    let mut drafts = Vec::new();
    let groups = reconciled.by_file_and_form();
    for (index, file, submission) in reconciled.accepted_returns() {
        let mut columns = Vec::new();
        for form in policy.intake_forms().filter(|f| f.shape == Shape::Table) {
            for field in form.money_fields() {
                let own = groups.get(&(index, form.id.as_str()));
                let own = own.into_iter().flatten();
                columns.push(Column {
                    file,
                    submission,
                    form,
                    field,
                    entries: own
                        .filter_map(|&at| {
                            let (entry, class, _) = reconciled.entry(at)?;
                            (class == Class::Counted).then_some((at, entry))
                        })
                        .collect(),
                    unit: unit_name(roster, &submission.unit),
                });
            }
        }
        let all_small = columns
            .iter()
            .flat_map(Column::all)
            .all(is_below(LEAST_OF_ALL));
        for column in &columns {
            let made = column.drafts(policy, all_small).into_iter();
            drafts.extend(made.map(|draft| (column.field.id.clone(), draft)));
        }
    }
    drafts
}

/// A column of amounts of a return.
struct Column<'a> {
    file: &'a str,
    submission: &'a Submission,
    form: &'a Form,
    field: &'a Field,
    entries: Vec<(usize, &'a LedgerEntry)>,
    unit: &'a str,
}

/// An amount with its entry.
type Amount<'a> = (Decimal, usize, &'a LedgerEntry);

/// Whether an amount is nought or below so much, in 元.
fn is_below(least: i64) -> impl Fn(Amount<'_>) -> bool {
    move |(value, ..)| value < least.into()
}

impl Column<'_> {
    /// All amounts of the column.
    fn all(&self) -> impl Iterator<Item = Amount<'_>> {
        let entries = self.entries.iter();
        entries.filter_map(|(index, entry)| self.amount(*index, entry))
    }

    /// The amounts of the column, or of those of its rows that a rule adds up. Those
    /// whose number format says 万 are not among them: each cell is spoken of once.
    fn amounts(&self, rule: Option<&Declared>) -> Vec<Amount<'_>> {
        let added = self.entries.iter().filter(|(_, entry)| {
            let mut conditions = rule.into_iter().flat_map(|rule| &rule.conditions);
            conditions.all(|c| holds(c, &entry.values))
        });
        added
            .filter_map(|(index, entry)| self.amount(*index, entry))
            .filter(|(_, _, entry)| self.format(entry).is_none())
            .collect()
    }

    fn amount<'e>(&self, index: usize, entry: &'e LedgerEntry) -> Option<Amount<'e>> {
        let value = entry.values.get(&self.field.id)?.number()?;
        entry.raw.cells.get(&self.field.id)?;
        Some((value, index, entry))
    }

    /// The number format of an amount, if it says 万 and does not scale by it.
    fn format<'e>(&self, entry: &'e LedgerEntry) -> Option<&'e str> {
        let raw = entry.raw.cells.get(&self.field.id)?;
        Some(raw.unscaled()?.format.as_str())
    }

    /// Amounts that are shown as so many 万元, a matter for each format.
    fn by_format(&self) -> Vec<Draft> {
        let mut by_format: BTreeMap<&str, Vec<Amount<'_>>> = BTreeMap::new();
        for (index, entry) in &self.entries {
            let format = self.format(entry);
            if let Some((format, amount)) = format.zip(self.amount(*index, entry)) {
                by_format.entry(format).or_default().push(amount);
            }
        }
        let drafts = by_format.iter().filter_map(|(format, cells)| {
            let message = format!(
                "“{}”的数字格式是“{format}”，显示成多少万，存的却是没有乘以一万的数，不知是不是万元",
                self.field.header
            );
            let cells: Vec<&Amount<'_>> = cells.iter().collect();
            self.made(format!("format/{format}"), message, &cells)
        });
        drafts.collect()
    }

    /// What each total on the cover says; of the other cells, what these say by
    /// themselves. `all_small` says that nothing in the return is of a common size.
    fn drafts(&self, policy: &Policy, all_small: bool) -> Vec<Draft> {
        let mut drafts = self.by_format();
        let rules = policy
            .reconcile
            .declared
            .iter()
            .filter(|rule| rule.form == self.form.id && rule.amount == self.field.id);
        let told: Vec<Draft> = rules
            .filter_map(|rule| self.against_cover(rule, policy))
            .collect();
        let sides = told.iter().flat_map(|draft| &draft.sides);
        let told_of: HashSet<usize> = sides.flat_map(|side| side.entries.clone()).collect();
        drafts.extend(told);
        drafts.extend(self.by_themselves(&told_of, all_small));
        drafts
    }

    /// The amounts that no gift has, but for those that were told of; all of them,
    /// where nothing in the return is of a common size.
    fn by_themselves(&self, told_of: &HashSet<usize>, all_small: bool) -> Option<Draft> {
        let least = if all_small { LEAST_OF_ALL } else { LEAST_GIFT };
        let mut amounts = self.amounts(None);
        amounts.retain(|amount| {
            let (value, entry, _) = *amount;
            value > Decimal::ZERO && is_below(least)(*amount) && !told_of.contains(&entry)
        });
        let small: Vec<&Amount<'_>> = amounts.iter().collect();
        let header = &self.field.header;
        let message = match small.iter().all(|amount| is_below(LEAST_GIFT)(**amount)) {
            true => format!("“{header}”不到{LEAST_GIFT}元，像是按万元填的"),
            false => format!("整份报表各笔金额都不到{LEAST_OF_ALL}元，“{header}”像是按万元填的"),
        };
        self.made("rows".to_owned(), message, &small)
    }

    /// The cover and the rows are the same sum in two measures.
    fn against_cover(&self, rule: &Declared, policy: &Policy) -> Option<Draft> {
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
            return self.made(format!("rows/{}", rule.field), message, &all);
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
        let place = Place::file(self.file)
            .on(&entry.sheet)
            .at(raw.cell(), header);
        Some(Draft {
            quoted: Some((shown(raw.found()), format!("{large}元"))),
            at_stake: Decimal::ZERO,
            choices: vec![Verdict::Noted],
            proposed: Verdict::Noted,
            ..self.draft(
                format!("cover/{}", rule.field),
                vec![declared.to_string(), detail.to_string()],
                message,
                SideOf {
                    text: format!("{}：封面“{header}”{small}（{place}）", self.unit),
                    entries: Vec::new(),
                    places: vec![place],
                },
            )
        })
    }

    /// A matter about some cells of the column. Where several totals speak of one
    /// column, each has its own.
    fn made(&self, stands: String, message: String, cells: &[&Amount<'_>]) -> Option<Draft> {
        let place = |(_, _, entry): &Amount<'_>| {
            let raw = entry.raw.cells.get(&self.field.id)?;
            let place = Place::file(self.file).on(&entry.sheet);
            Some(place.at(raw.cell(), &self.field.header))
        };
        let first = cells.first()?;
        let typed = |(_, _, entry): &Amount<'_>| {
            let raw = entry.raw.cells.get(&self.field.id)?;
            Some(shown(raw.found()))
        };
        let quoted: Vec<String> = cells
            .iter()
            .take(5)
            .filter_map(|cell| typed(cell))
            .collect();
        let more = if cells.len() > 5 { "……" } else { "" };
        let sum: Decimal = cells.iter().map(|(value, ..)| *value).sum();
        let mut says: Vec<String> = cells.iter().map(|(value, ..)| value.to_string()).collect();
        says.sort();
        let side = SideOf {
            text: format!(
                "{}：{}行，合计 {}（{}）",
                self.unit,
                cells.len(),
                money(sum),
                place(first)?
            ),
            entries: cells.iter().map(|(_, index, _)| *index).collect(),
            places: cells.iter().filter_map(|cell| place(cell)).collect(),
        };
        // Each cell is shown beside these words: what was taken for another would mislead.
        let taken = match cells {
            [only] => format!("暂按元计，{}元", only.0.normalize()),
            _ => "都暂按元计，没有乘以一万".to_owned(),
        };
        let scaled = sum.checked_mul((TEN_THOUSAND - 1).into());
        Some(Draft {
            quoted: Some((format!("{}{more}", quoted.join("、")), taken)),
            at_stake: scaled.unwrap_or(Decimal::MAX),
            ..self.draft(stands, says, message, side)
        })
    }

    fn draft(&self, stands: String, says: Vec<String>, reason: String, side: SideOf) -> Draft {
        let unit = self.submission.unit.clone();
        let column = [unit.clone(), self.form.id.clone(), self.field.id.clone()];
        Draft {
            topic: Topic::Measure,
            says: column.iter().cloned().chain(says).collect(),
            stands: column.into_iter().chain([stands]).collect(),
            reason,
            sides: vec![side],
            at_stake: Decimal::ZERO,
            choices: vec![Verdict::TenThousand, Verdict::Uphold],
            proposed: Verdict::TenThousand,
            by_rule: None,
            quoted: None,
            units: vec![unit],
        }
    }
}

/// The middle of the amounts.
pub(super) fn median(amounts: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut amounts: Vec<Decimal> = amounts.collect();
    amounts.sort();
    amounts.get(amounts.len() / 2).copied()
}
