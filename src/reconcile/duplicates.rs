//! The same thing reported twice, equal in every field that identifies it: it
//! counts once. Gifts are compared across all units, since the donor's unit
//! and another may both report one; what two units may well do together, or have
//! to be asked about, only within a unit: see `together`.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::class::Class;
use super::context::Context;
use super::gifts::{says, stands, unit_name};
use super::matter::{Draft, SideOf, Topic, Verdict, named_sides};
use super::reconciled::{Reconciled, Why};
use super::told::Told;
use crate::diagnostic::some;
use crate::ledger::LedgerEntry;
use crate::policy::{Duplicate, Field, Form, Kind, Prefill, TwoUnits};
use crate::roster::Roster;
use crate::several::{at_once, width};
use crate::value::{Value, squeezed};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let policy = context.policy;
    let rules: Vec<(&Duplicate, &Form)> = policy
        .reconcile
        .duplicates
        .iter()
        .filter_map(|rule| Some((rule, policy.forms.get(&rule.form)?)))
        .collect();
    // What one rule does changes nothing for the entries of other forms.
    let is_first = |at: usize, of: &Duplicate| {
        let mut before = rules.iter().take(at);
        !before.any(|(rule, _)| rule.form == of.form)
    };
    let mut found = at_once(rules.len(), width(), |at| {
        let (rule, form) = rules.get(at)?;
        is_first(at, rule).then(|| groups(rule, form, reconciled, context))
    });
    for (&(rule, form), found) in rules.iter().zip(&mut found) {
        let found = found.take();
        for group in found.unwrap_or_else(|| groups(rule, form, reconciled, context)) {
            let Some(draft) = draft(&group, form, reconciled, context.roster) else {
                continue;
            };
            let reason = draft.reason.clone();
            let holds = context.lay(draft);
            if holds == Some(Verdict::Distinct) {
                let why = context.ruled("不是同一件，计入");
                for &other in group.iter().skip(1) {
                    reconciled.put(other, Class::Counted, &why);
                }
                continue;
            }
            let kept = match holds {
                Some(Verdict::Keep(side)) if side < group.len() => side,
                _ => 0,
            };
            let effect = "以另一条为准，不再计入";
            let ruled = context.ruled(effect);
            let why = match ruled.by {
                None => Why::from(&reason),
                Some(_) => ruled,
            };
            for (side, &entry) in group.iter().enumerate() {
                if side != kept {
                    reconciled.put(entry, Class::Duplicate, &why);
                }
            }
        }
    }
}

/// What identifies an entry: who reports it, where that matters, and some fields.
type Key<'a> = (Option<&'a str>, Vec<Part<'a>>);

/// Entries that tell of one thing, two and more of them; the first counts
/// while nobody has ruled.
fn groups(
    rule: &Duplicate,
    form: &Form,
    reconciled: &Reconciled,
    context: &Context<'_>,
) -> Vec<Vec<usize>> {
    let across = rule.two_units == TwoUnits::Once;
    let counted = reconciled.entries().enumerate();
    let counted = counted
        .filter(|(_, (entry, class, _))| entry.form == rule.form && *class == Class::Counted)
        .map(|(index, (entry, ..))| (index, entry));
    let mut found: FxHashMap<Key<'_>, Vec<(usize, &LedgerEntry)>> = FxHashMap::default();
    for (index, entry) in counted {
        let reporter = (!across).then_some(entry.reporter.as_str());
        let key = key_of(entry, form, &rule.fields).collect();
        let own = found.entry((reporter, key)).or_default();
        own.push((index, entry));
    }
    let groups = found.into_values().filter(|group| group.len() > 1);
    let mut groups: Vec<Vec<(usize, &LedgerEntry)>> = groups
        .map(|mut group| {
            group.sort_by_cached_key(|one| order(one, context));
            group
        })
        .collect();
    // Groups stand in the order of what counts of them.
    groups.sort_by_cached_key(|group| group.first().map(|one| order(one, context)));
    let index = |group: Vec<(usize, _)>| group.into_iter().map(|(index, _)| index).collect();
    groups.into_iter().map(index).collect()
}

/// First who reports, then what says more; after that the order is that of what
/// is said, not of where it stands.
fn order<'e>(
    (index, entry): &(usize, &'e LedgerEntry),
    context: &Context<'_>,
) -> impl Ord + use<'e> {
    let weight = Reverse(weight(entry));
    (
        context.rank(entry),
        weight,
        Told::by(entry),
        entry.row,
        *index,
    )
}

/// How much an entry says: what is done, then what is filled in.
fn weight(entry: &LedgerEntry) -> (usize, usize) {
    let yes = entry
        .values
        .values()
        .filter(|value| value.text() == Some("是"));
    (yes.count(), entry.values.len())
}

/// Headers of the fields in which entries that tell of one thing contradict
/// each other. Free text may differ; what is left open contradicts nothing.
fn contradictions<'f>(form: &'f Form, entries: &[&LedgerEntry]) -> Vec<&'f str> {
    let differs = |field: &&Field| {
        let of = std::slice::from_ref(&field.id);
        let told = entries.iter().flat_map(|entry| key_of(entry, form, of));
        let mut told = told.filter(|part| *part != Part::Open);
        let first = told.next();
        told.any(|part| Some(part) != first)
    };
    let is_firm = |kind: &Kind| {
        let is_free = matches!(kind, Kind::Text | Kind::Phone | Kind::Code | Kind::UnitKind);
        !is_free
    };
    let firm = form.fields.values().filter(|field| is_firm(&field.kind));
    firm.filter(differs)
        .map(|field| field.header.as_str())
        .collect()
}

fn draft(group: &[usize], form: &Form, reconciled: &Reconciled, roster: &Roster) -> Option<Draft> {
    let found = group.iter().filter_map(|&at| reconciled.counts(at));
    let found: Vec<&LedgerEntry> = found.collect();
    let (one, others) = found.split_first()?;
    let side = |(&index, entry): (&usize, &&LedgerEntry)| {
        let place = entry.place(&reconciled.ledger.files);
        SideOf {
            text: format!("{}（{place}）", unit_name(roster, &entry.reporter)),
            entries: vec![index],
            places: vec![place],
        }
    };
    let sides: Vec<SideOf> = group.iter().zip(&found).map(side).collect();
    let sides = named_sides(sides);
    let place = sides.first().and_then(|side| side.places.first())?;
    // A donor whom the roster does not know is credited to whoever reports the
    // gift: that it counts once is plain, for whom is not.
    let whose = others.iter().any(|other| other.credited != one.credited);
    let against = contradictions(form, &found);
    let mut reason = format!("与 {place} 所填相同，只计一次");
    if whose && against.is_empty() {
        let mut seen = HashSet::new();
        let names = found.iter().map(|entry| unit_name(roster, &entry.credited));
        let names: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();
        let first = names.first().copied().unwrap_or_default();
        reason.push_str(&format!(
            "；捐助人不在名册，归{}等待裁定，暂归{first}",
            some(&names, "还是", "个单位")
        ));
    }
    if !against.is_empty() {
        reason = format!(
            "与 {place} 说的是同一件，“{}”却不一样；只计一次，以哪一条为准等待裁定，暂以 {place} 为准",
            against.join("”“")
        );
    }
    let open = whose || !against.is_empty();
    let mut choices = vec![Verdict::Keep(0)];
    if open {
        choices.extend((1..sides.len()).map(Verdict::Keep));
    }
    // A member or village has one row: two of them are never two things.
    if form.prefill == Prefill::Blank {
        choices.push(Verdict::Distinct);
    }
    let amounts = others.iter().filter_map(|other| other.amount(form));
    Some(Draft {
        topic: Topic::SameEntry,
        stands: found.iter().map(|entry| stands(entry)).collect(),
        says: found.iter().flat_map(|entry| says(entry)).collect(),
        reason,
        at_stake: amounts.sum::<Decimal>(),
        sides,
        choices,
        proposed: Verdict::Keep(0),
        by_rule: (!open).then_some(Verdict::Keep(0)),
        quoted: None,
        units: reconciled.units_of(group.iter().copied()),
    })
}

/// A part of what identifies an entry. The order is that of values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part<'a> {
    /// Nothing was filled in.
    Open,
    Text(Cow<'a, str>),
    Number(Decimal),
    Day(Date),
}

impl Part<'_> {
    /// As a value.
    pub fn value(&self) -> Option<Value> {
        Some(match self {
            Part::Open => return None,
            Part::Text(text) => Value::Text((&**text).into()),
            Part::Number(number) => Value::Number(*number),
            Part::Day(day) => Value::Date(*day),
        })
    }
}

/// What identifies an entry by some of its fields. Persons and villages are
/// told apart by code, not by a name that two may share.
pub(super) fn key_of<'a>(
    entry: &'a LedgerEntry,
    form: &'a Form,
    fields: &'a [String],
) -> impl Iterator<Item = Part<'a>> + 'a {
    let code = |field: &str| {
        // A donor of whom nobody else tells has no key.
        let donor = entry.donor.as_ref().map(|donor| &donor.key);
        let donor = donor.filter(|key| !key.is_empty());
        match form.fields.get(field).map(|f| &f.kind)? {
            Kind::Member => donor.or(entry.member.as_ref()),
            Kind::Village => entry.village.as_ref(),
            _ => None,
        }
    };
    fields.iter().map(move |id| {
        let Some(value) = entry.values.get(id) else {
            return Part::Open;
        };
        match (code(id), value) {
            (Some(code), _) => Part::Text(Cow::Borrowed(code)),
            (None, Value::Text(text)) => Part::Text(squeezed(text)),
            (None, Value::Number(number)) => Part::Number(*number),
            (None, Value::Date(day)) => Part::Day(*day),
        }
    })
}
