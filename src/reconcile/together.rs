//! What two units tell of in the same words. The pack says of each form what
//! that means: they did it together, and it counts for each of them, which is said
//! at the entries; or the office is asked. Money that would count twice is always
//! asked about.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::class::Class;
use super::context::Context;
use super::duplicates::{Part, key_of};
use super::gifts::{says, unit_name};
use super::matter::{Draft, SideOf, Topic, Verdict, named_sides};
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding, some};
use crate::ledger::LedgerEntry;
use crate::policy::{Duplicate, Form, Policy, TwoUnits};
use crate::value::money;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let policy = context.policy;
    for rule in &policy.reconcile.duplicates {
        let Some(form) = policy.forms.get(&rule.form) else {
            continue;
        };
        if rule.two_units == TwoUnits::Once {
            continue;
        }
        for thing in things(rule, form, reconciled, policy) {
            let twice = twice(&thing, form, reconciled);
            if rule.two_units == TwoUnits::Joint && twice.is_zero() {
                mark(&thing, reconciled, context);
            } else {
                ask(&thing, twice, rule, form, reconciled, context);
            }
        }
    }
}

/// What several units tell of: the entries of each, by its code.
struct Thing {
    /// What identifies it, in words.
    key: Vec<String>,
    told: BTreeMap<String, Vec<usize>>,
}

/// The things of which two units and more tell.
fn things(rule: &Duplicate, form: &Form, reconciled: &Reconciled, policy: &Policy) -> Vec<Thing> {
    let mut found: FxHashMap<Vec<Part<'_>>, Vec<(usize, &LedgerEntry)>> = FxHashMap::default();
    for (at, (entry, class, _)) in reconciled.entries().enumerate() {
        if entry.form == rule.form && class == Class::Counted {
            let key: Vec<Part<'_>> = key_of(entry, form, &rule.fields).collect();
            if key.iter().any(|part| *part != Part::Open) {
                found.entry(key).or_default().push((at, entry));
            }
        }
    }
    // What a conflict of the pack has laid is not laid once more.
    let is_asked = |entry: &LedgerEntry| {
        let mut conflicts = policy.reconcile.conflicts.iter();
        conflicts.any(|conflict| {
            let same = &conflict.same;
            conflict.form == rule.form
                && conflict.facts.is_empty()
                && same.iter().all(|field| rule.fields.contains(field))
                && key_of(entry, form, same).all(|part| part != Part::Open)
        })
    };
    found.retain(|_, told| {
        let mut told = told.iter().map(|(_, entry)| entry);
        let first = told.next();
        first.is_some_and(|first| {
            !is_asked(first) && told.any(|entry| entry.reporter != first.reporter)
        })
    });
    let sorted: BTreeMap<Vec<Part<'_>>, _> = found.into_iter().collect();
    let things = sorted.into_iter().map(|(key, entries)| {
        let mut told: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries {
            told.entry(entry.reporter.to_string()).or_default().push(at);
        }
        let key = key
            .iter()
            .filter_map(|part| Some(part.value()?.to_string()));
        Thing {
            key: key.collect(),
            told,
        }
    });
    things.collect()
}

/// What some entries come to.
fn sum(entries: &[usize], form: &Form, reconciled: &Reconciled) -> Decimal {
    let entries = entries.iter();
    let found = entries.filter_map(|&at| reconciled.counts(at));
    found.filter_map(|entry| entry.amount(form)).sum()
}

/// The money of a thing that counts more than once: all but what the unit says
/// that tells of most.
fn twice(thing: &Thing, form: &Form, reconciled: &Reconciled) -> Decimal {
    let sums = thing.told.values().map(|own| sum(own, form, reconciled));
    let sums: Vec<Decimal> = sums.collect();
    let most = sums.iter().max().copied().unwrap_or_default();
    sums.iter().sum::<Decimal>() - most
}

/// The unit whose money counts where they did it together: that which tells of most,
/// of equal ones the first.
fn keeper<'t>(thing: &'t Thing, form: &Form, reconciled: &Reconciled) -> Option<&'t str> {
    let told = thing.told.iter().rev();
    let most = told.max_by_key(|(_, own)| sum(own, form, reconciled));
    most.map(|(unit, _)| unit.as_str())
}

/// Says at the entries, and once to the office, that they count for each unit.
fn mark(thing: &Thing, reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let names = |but: Option<&str>| {
        let units = thing.told.keys().filter(|unit| Some(unit.as_str()) != but);
        let names = units.map(|unit| unit_name(context.roster, unit).to_owned());
        some(&names.collect::<Vec<_>>(), "、", "个单位")
    };
    let mut places = Vec::new();
    for (unit, own) in &thing.told {
        let why = format!("与{}所报相同，按联合开展，各计一次", names(Some(unit)));
        for &at in own {
            let before = reconciled.entry(at).map_or("", |(_, _, why)| why);
            let why = match before {
                "" => why.clone(),
                before => format!("{before}；{why}"),
            };
            reconciled.put(at, Class::Counted, &why);
            let entry = reconciled.counts(at);
            places.extend(entry.map(|entry| entry.place(&reconciled.ledger.files)));
        }
    }
    let message = format!(
        "{}报了相同的一件（{}），按联合开展，给每个单位各计一次",
        names(None),
        thing.key.join("，")
    );
    if let Some((last, others)) = places.split_last() {
        let mut finding = Finding::new(Code::ToldTogether, last.clone(), message);
        finding.related = others.to_vec();
        context.findings.push(finding);
    }
}

/// Lays a thing before the office; until it has ruled it counts for each unit.
fn ask(
    thing: &Thing,
    twice: Decimal,
    rule: &Duplicate,
    form: &Form,
    reconciled: &mut Reconciled,
    context: &mut Context<'_>,
) {
    let draft = draft(thing, twice, rule, form, reconciled, context);
    let sides = draft.entries();
    match context.lay(draft) {
        Some(Verdict::Keep(kept)) => {
            let why = context.ruled("以另一单位所报为准，不再计入");
            reconciled.keep(kept, &sides, Class::SetAside, &why);
        }
        Some(Verdict::Joint) => {
            let Some(field) = form.money_fields().next() else {
                return;
            };
            let why = context.ruled("联合开展，各计一次，金额只在另一单位计");
            let kept = context.ruled("联合开展，各计一次，金额在这里计");
            let keeper = keeper(thing, form, reconciled).map(str::to_owned);
            for (unit, entries) in &thing.told {
                for &entry in entries {
                    if keeper.as_deref() == Some(unit.as_str()) {
                        reconciled.put(entry, Class::Counted, &kept);
                    } else {
                        reconciled.put(entry, Class::Counted, &why);
                        reconciled.set_amount(entry, &field.id, Decimal::ZERO, &why);
                    }
                }
            }
        }
        Some(Verdict::Distinct) => {
            let why = context.ruled("不是同一件，都计入");
            for &entry in sides.iter().flatten() {
                reconciled.put(entry, Class::Counted, &why);
            }
        }
        _ => {}
    }
}

fn draft(
    thing: &Thing,
    twice: Decimal,
    rule: &Duplicate,
    form: &Form,
    reconciled: &Reconciled,
    context: &Context<'_>,
) -> Draft {
    let of = |at: &usize| reconciled.counts(*at);
    let sides: Vec<SideOf> = thing
        .told
        .iter()
        .map(|(unit, own)| {
            let entries = || own.iter().filter_map(of);
            let places: Vec<_> = entries()
                .map(|entry| entry.place(&reconciled.ledger.files))
                .collect();
            let amounts = sum(own, form, reconciled);
            let amounts = match amounts.is_zero() {
                true => String::new(),
                false => format!("，{} 元", money(amounts)),
            };
            let at: Vec<String> = places.iter().map(ToString::to_string).collect();
            let unit = unit_name(context.roster, unit);
            SideOf {
                text: format!("{unit}{amounts}（{}）", some(&at, "；", "处")),
                entries: own.clone(),
                places,
            }
        })
        .collect();
    let sides = named_sides(sides);
    let mut reason = format!(
        "“{}”的同一件（{}）由{}个单位报了，现在各计一次",
        form.sheet,
        thing.key.join("，"),
        thing.told.len()
    );
    if !twice.is_zero() {
        reason.push_str(&format!("，{} 元算重了", money(twice)));
        let sums = thing.told.values().map(|own| sum(own, form, reconciled));
        let sums: BTreeSet<Decimal> = sums.collect();
        if sums.len() > 1 {
            reason.push_str("，所报金额不同");
        }
        let keeper = keeper(thing, form, reconciled);
        if let (TwoUnits::Joint, Some(unit)) = (rule.two_units, keeper) {
            let name = unit_name(context.roster, unit);
            reason.push_str(&format!("；裁定为联合开展的，金额只在{name}计"));
        }
    }
    let mut choices = Vec::new();
    if rule.two_units == TwoUnits::Joint {
        choices.push(Verdict::Joint);
    }
    choices.extend((0..sides.len()).map(Verdict::Keep));
    choices.push(Verdict::Distinct);
    let all = || thing.told.values().flatten();
    let head = [form.id.clone()];
    Draft {
        topic: Topic::FactsDiffer,
        stands: head.into_iter().chain(thing.key.iter().cloned()).collect(),
        says: all().filter_map(of).flat_map(says).collect(),
        reason,
        // Which of two units did it, nobody can propose.
        proposed: match rule.two_units {
            TwoUnits::Joint => Verdict::Joint,
            _ => Verdict::Distinct,
        },
        choices,
        sides,
        at_stake: twice,
        by_rule: None,
        quoted: None,
        units: reconciled.units_of(all().copied()),
    }
}
