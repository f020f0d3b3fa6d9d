//! One thing in two places that do not fit together: a member or a base that
//! two units report, a household of which two rows tell different facts.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::class::Class;
use super::context::Context;
use super::duplicates::{Part, key_of};
use super::gifts::unit_name;
use super::matter::{Draft, SideOf, Topic, Verdict, named_sides};
use super::reconciled::Reconciled;
use crate::diagnostic::some;
use crate::ledger::LedgerEntry;
use crate::policy::{Conflict, Form};
use crate::roster::Roster;
use crate::value::Value;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    for rule in &context.policy.reconcile.conflicts {
        let Some(form) = context.policy.forms.get(&rule.form) else {
            continue;
        };
        let drafts = drafts(rule, form, reconciled, context.roster);
        for draft in drafts {
            let sides = draft.entries();
            if let Some(Verdict::Keep(kept)) = context.lay(draft) {
                let why = context.ruled("以另一处所报为准，不再计入");
                reconciled.keep(kept, &sides, Class::SetAside, &why);
            }
        }
    }
}

/// What a row says of the thing: who reports it, and the facts.
type Says = (String, Vec<Option<Value>>);

fn drafts(rule: &Conflict, form: &Form, reconciled: &Reconciled, roster: &Roster) -> Vec<Draft> {
    let mut rows: FxHashMap<Vec<Part<'_>>, Vec<(usize, &LedgerEntry)>> = FxHashMap::default();
    for (index, (entry, class, _)) in reconciled.entries().enumerate() {
        if entry.form != rule.form || class != Class::Counted {
            continue;
        }
        let key: Vec<Part<'_>> = key_of(entry, form, &rule.same).collect();
        if !key.contains(&Part::Open) {
            rows.entry(key).or_default().push((index, entry));
        }
    }
    // A single row contradicts nothing.
    rows.retain(|_, rows| rows.len() > 1);
    let things: BTreeMap<_, _> = rows.into_iter().collect();
    let mut drafts = Vec::new();
    for (key, rows) in things {
        let mut said: BTreeMap<Says, Vec<usize>> = BTreeMap::new();
        for (index, entry) in rows {
            let facts = rule.facts.iter().map(|id| entry.values.get(id).cloned());
            let says = (entry.reporter.to_string(), facts.collect());
            said.entry(says).or_default().push(index);
        }
        if !is_conflict(&said) {
            continue;
        }
        let key: Vec<Option<Value>> = key.iter().map(Part::value).collect();
        drafts.push(draft(rule, form, &key, &said, reconciled, roster));
    }
    drafts
}

/// Two units report it, where that is not allowed; or two facts differ.
fn is_conflict(said: &BTreeMap<Says, Vec<usize>>) -> bool {
    let width = said.keys().next().map_or(0, |(_, facts)| facts.len());
    if width == 0 {
        let reporters: BTreeSet<&str> = said.keys().map(|(unit, _)| unit.as_str()).collect();
        return reporters.len() > 1;
    }
    (0..width).any(|at| {
        let facts = said.keys().filter_map(|(_, facts)| facts.get(at)?.as_ref());
        facts.collect::<BTreeSet<_>>().len() > 1
    })
}

fn draft(
    rule: &Conflict,
    form: &Form,
    key: &[Option<Value>],
    said: &BTreeMap<Says, Vec<usize>>,
    reconciled: &Reconciled,
    roster: &Roster,
) -> Draft {
    let of = |index: &usize| reconciled.counts(*index);
    let sides: Vec<SideOf> = said
        .iter()
        .map(|((unit, facts), entries)| SideOf {
            text: in_words(unit, facts, entries, rule, form, reconciled, roster),
            entries: entries.clone(),
            places: entries
                .iter()
                .filter_map(of)
                .map(|entry| entry.place(&reconciled.ledger.files))
                .collect(),
        })
        .collect();
    let sides = named_sides(sides);
    let name = said.values().flatten().find_map(of).map(|e| name(e, rule));
    let name = name.unwrap_or_default();
    let reason = if rule.facts.is_empty() {
        format!("{}“{name}”由{}处填报", rule.name, said.len())
    } else {
        format!(
            "{}“{name}”说法不一：{}；不影响分数，请与填报单位核实哪个对",
            rule.name,
            differing(rule, form, said)
        )
    };
    let key_text = key.iter().flatten().map(Value::to_string);
    let stands: Vec<String> = std::iter::once(rule.form.clone()).chain(key_text).collect();
    let said_by = said.iter().map(|((unit, facts), entries)| {
        let facts: Vec<String> = facts
            .iter()
            .map(|fact| fact.as_ref().map(Value::to_string).unwrap_or_default())
            .collect();
        format!("{unit}:{}:{}", facts.join(","), entries.len())
    });
    // Which of two facts is right changes no figure: nothing has to be chosen.
    let proposed = match rule.facts.is_empty() {
        true => Verdict::Distinct,
        false => Verdict::Noted,
    };
    let keep = (0..sides.len()).filter(|_| rule.facts.is_empty());
    let choices: Vec<Verdict> = keep.map(Verdict::Keep).chain([proposed]).collect();
    let all = said.values().flatten().copied();
    Draft {
        topic: Topic::FactsDiffer,
        says: stands.iter().cloned().chain(said_by).collect(),
        stands,
        reason,
        proposed,
        choices,
        sides,
        at_stake: Decimal::ZERO,
        by_rule: None,
        quoted: None,
        units: reconciled.units_of(all),
    }
}

/// The facts that differ, each with all that is said of it.
fn differing(rule: &Conflict, form: &Form, said: &BTreeMap<Says, Vec<usize>>) -> String {
    let told = rule.facts.iter().enumerate().filter_map(|(at, id)| {
        let facts: BTreeSet<&Value> = said
            .keys()
            .filter_map(|(_, facts)| facts.get(at)?.as_ref())
            .collect();
        let header = form.fields.get(id).map_or(id.as_str(), |f| &f.header);
        let facts: Vec<String> = facts.into_iter().map(Value::to_string).collect();
        (facts.len() > 1).then(|| format!("{header}有 {}", some(&facts, "、", "种")))
    });
    told.collect::<Vec<_>>().join("，")
}

/// The thing by name.
fn name(entry: &LedgerEntry, rule: &Conflict) -> String {
    let parts = rule.same.iter().filter_map(|id| entry.values.get(id));
    let parts: Vec<String> = parts.map(Value::to_string).collect();
    parts.join(" ")
}

fn in_words(
    unit: &str,
    facts: &[Option<Value>],
    entries: &[usize],
    rule: &Conflict,
    form: &Form,
    reconciled: &Reconciled,
    roster: &Roster,
) -> String {
    let told: Vec<String> = rule
        .facts
        .iter()
        .zip(facts)
        .filter_map(|(id, fact)| {
            let header = form.fields.get(id).map_or(id.as_str(), |f| &f.header);
            Some(format!("{header} {}", fact.as_ref()?))
        })
        .collect();
    let places: Vec<String> = entries
        .iter()
        .filter_map(|&i| reconciled.counts(i))
        .map(|entry| entry.place(&reconciled.ledger.files).to_string())
        .collect();
    let told = if told.is_empty() {
        String::new()
    } else {
        format!("：{}", told.join("，"))
    };
    format!(
        "{}{told}（{}）",
        unit_name(roster, unit),
        some(&places, "；", "处")
    )
}
