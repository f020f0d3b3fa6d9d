//! Entries whose day lies outside the assessment period: they count when the
//! office has said so, and not before. Which days bind is said in the pack.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::class::Class;
use super::context::Context;
use super::gifts::{says, stands, unit_name};
use super::matter::{Desk, Draft, SideOf, Topic, Verdict};
use super::reconciled::{Reconciled, Why};
use crate::diagnostic::Place;
use crate::form::shown;
use crate::ledger::LedgerEntry;
use crate::policy::{Field, Form, Policy};
use crate::roster::Roster;
use crate::value::money;

/// So many entries of a form in a return are laid before the office one by one;
/// more of them are one matter: a whole sheet of another year is one mistake.
const MOST_APART: usize = 5;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    let (from, to) = (policy.pack.period_from, policy.pack.period_to);
    let period = format!("日期不在考核期（{from} 至 {to}）内");
    for draft in drafts(reconciled, policy, roster, &period, &context.desk) {
        let sides = draft.sides.iter();
        let entries: Vec<usize> = sides.flat_map(|side| side.entries.clone()).collect();
        let (class, why) = match context.lay(draft) {
            Some(Verdict::Admit) => (Class::Counted, context.ruled("考核期外，计入")),
            Some(Verdict::Exclude) => (Class::SetAside, context.ruled("考核期外，不予计入")),
            _ => {
                let why = Why::from(&format!("{period}，等待裁定，暂不计入"));
                (Class::Rejected, why)
            }
        };
        for entry in entries {
            reconciled.put(entry, class, &why);
        }
    }
}

/// An entry outside the period: its index, and the cell and text of the day.
struct Outside<'a> {
    index: usize,
    entry: &'a LedgerEntry,
    place: Place,
    typed: String,
}

fn drafts(
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    period: &str,
    desk: &Desk<'_>,
) -> Vec<Draft> {
    // By form and the unit that reports, in the order of the pack and the roster.
    let mut groups: BTreeMap<(usize, usize), Vec<Outside<'_>>> = BTreeMap::new();
    for (index, (entry, class, _)) in reconciled.entries().enumerate() {
        if class != Class::Counted {
            continue;
        }
        let Some((form_order, _, form)) = policy.forms.get_full(entry.form.as_str()) else {
            continue;
        };
        if let Some((place, typed)) = day_outside(entry, form, policy, reconciled) {
            let of = (form_order, roster.unit_order(&entry.reporter));
            groups.entry(of).or_default().push(Outside {
                index,
                entry,
                place,
                typed,
            });
        }
    }
    let mut drafts = Vec::new();
    for ((form, _), mut found) in groups {
        let Some((_, form)) = policy.forms.get_index(form) else {
            continue;
        };
        found.sort_by_key(|one| one.entry.row);
        // What has been ruled by itself stands by itself, whatever came beside it.
        let mut asked: HashMap<Vec<String>, usize> = HashMap::new();
        let (apart, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| {
            let told = says(one.entry);
            let before = asked.get(&told).copied().unwrap_or_default();
            let is_ruled = desk.is_ruled(Topic::OutsidePeriod, &told, before);
            *asked.entry(told).or_default() += usize::from(is_ruled);
            is_ruled
        });
        let most = match rest.len() > MOST_APART {
            true => rest.len(),
            false => 1,
        };
        let parts = apart.chunks(1).chain(rest.chunks(most));
        drafts.extend(parts.filter_map(|part| draft(part, form, roster, period)));
    }
    drafts
}

/// Whether an entry is rejected in some reconciliation, whatever is ruled: it could not
/// be read, or its day waits for a ruling.
pub fn may_be_rejected(entry: &LedgerEntry, policy: &Policy) -> bool {
    let form = policy.forms.get(entry.form.as_str());
    entry.rejected.is_some() || form.is_some_and(|form| outside(entry, form, policy).is_some())
}

/// The first day of an entry that binds to the period and lies outside of it, with its
/// field.
fn outside<'f>(entry: &LedgerEntry, form: &'f Form, policy: &Policy) -> Option<(&'f Field, Date)> {
    let within = policy.pack.period_from..=policy.pack.period_to;
    let mut bound = form.fields.values().filter(|field| field.in_period);
    bound.find_map(|field| {
        let date = entry.values.get(&field.id)?.date()?;
        (!within.contains(&date)).then_some((field, date))
    })
}

/// The same with where it stands and what was typed.
fn day_outside(
    entry: &LedgerEntry,
    form: &Form,
    policy: &Policy,
    reconciled: &Reconciled,
) -> Option<(Place, String)> {
    let (field, date) = outside(entry, form, policy)?;
    let mut place = entry.place(&reconciled.ledger.files);
    let Some(cell) = entry.raw.cells.get(&field.id) else {
        return Some((place, date.to_string()));
    };
    place = place.at(cell.cell(), &field.header);
    Some((place, shown(cell.found())))
}

fn draft(part: &[Outside<'_>], form: &Form, roster: &Roster, period: &str) -> Option<Draft> {
    let first = part.first()?;
    let amount = |one: &Outside<'_>| one.entry.amount(form).unwrap_or_default();
    let at_stake: Decimal = part.iter().map(amount).sum();
    let unit = unit_name(roster, &first.entry.reporter);
    let sum = match at_stake.is_zero() {
        true => String::new(),
        false => format!("，{} 元", money(at_stake)),
    };
    let (rows, typed, reason) = match part.len() {
        1 => (String::new(), first.typed.clone(), period.to_owned()),
        count => {
            let days: Vec<&str> = part.iter().take(3).map(|one| one.typed.as_str()).collect();
            let reason = format!("“{}”有{count}行{period}", form.sheet);
            (
                format!("{count}行"),
                format!("{}……", days.join("、")),
                reason,
            )
        }
    };
    let mut units: Vec<String> = part
        .iter()
        .flat_map(|one| [&one.entry.reporter, &one.entry.credited])
        .map(ToString::to_string)
        .collect();
    units.sort();
    units.dedup();
    Some(Draft {
        topic: Topic::OutsidePeriod,
        stands: part.iter().map(|one| stands(one.entry)).collect(),
        says: part.iter().flat_map(|one| says(one.entry)).collect(),
        reason: format!("{reason}，裁定之前不计入"),
        sides: vec![SideOf {
            text: format!(
                "{unit}“{}”{rows}：{typed}{sum}（{}）",
                form.sheet, first.place
            ),
            entries: part.iter().map(|one| one.index).collect(),
            places: part.iter().map(|one| one.place.clone()).collect(),
        }],
        at_stake,
        choices: vec![Verdict::Admit, Verdict::Exclude],
        proposed: Verdict::Exclude,
        by_rule: None,
        quoted: Some((typed, String::new())),
        units,
    })
}
