//! The same thing reported twice, equal in every field that identifies it: it
//! counts once. Gifts are compared across all units, since the donor's unit
//! and another may both report one; activities only within a unit, since two
//! units may well hold one together.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::gifts::{says, stands, unit_name};
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::{Class, Context, Reconciled};
use crate::ledger::LedgerEntry;
use crate::policy::{Credit, Duplicate, Form, Kind, Prefill};
use crate::roster::Roster;
use crate::value::Value;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    for rule in &context.policy.duplicates {
        let Some(form) = context.policy.forms.get(&rule.form) else {
            continue;
        };
        for (first, index) in pairs(rule, form, reconciled, context) {
            let draft = draft(first, index, form, reconciled, context.roster);
            let Some(draft) = draft else { continue };
            let kept = draft.sides.first().and_then(|side| side.places.first());
            let reason = kept.map_or_else(String::new, |place| {
                format!("与 {place} 所填相同，只计一次")
            });
            match context.lay(draft) {
                Some(Verdict::Keep(1)) => {
                    let why = context.ruled("以另一单位所报为准，不再计入");
                    reconciled.put(first, Class::Duplicate, &why);
                }
                Some(Verdict::Distinct) => {
                    let why = context.ruled("不是同一件，计入");
                    reconciled.put(index, Class::Counted, &why);
                }
                _ => reconciled.put(index, Class::Duplicate, &reason),
            }
        }
    }
}

/// Entries that are the same as an earlier one, each after that one.
fn pairs(
    rule: &Duplicate,
    form: &Form,
    reconciled: &Reconciled,
    context: &Context<'_>,
) -> Vec<(usize, usize)> {
    let across = matches!(form.credit, Credit::Donor(_)) || form.prefill == Prefill::Villages;
    let entries = &reconciled.ledger.entries;
    let counted = entries.iter().zip(&reconciled.classes).enumerate();
    let mut counted: Vec<(usize, &LedgerEntry)> = counted
        .filter(|(_, (entry, class))| entry.form == rule.form && class.0 == Class::Counted)
        .map(|(index, (entry, _))| (index, entry))
        .collect();
    // The first one counts; after that the order is that of what is said, not
    // of where it stands.
    counted.sort_by_cached_key(|(_, entry)| (context.rank(entry), says(entry), entry.row));
    let mut seen: HashMap<Vec<Option<Value>>, usize> = HashMap::new();
    let mut pairs = Vec::new();
    for (index, entry) in counted {
        let reporter = (!across).then(|| Value::Text(entry.reporter.clone()));
        let key = std::iter::once(reporter).chain(key_of(entry, form, &rule.fields));
        let first = *seen.entry(key.collect()).or_insert(index);
        if first != index {
            pairs.push((first, index));
        }
    }
    pairs
}

fn draft(
    first: usize,
    second: usize,
    form: &Form,
    reconciled: &Reconciled,
    roster: &Roster,
) -> Option<Draft> {
    let entries = &reconciled.ledger.entries;
    let (one, other) = (entries.get(first)?, entries.get(second)?);
    let side = |index: usize, entry: &LedgerEntry| {
        let place = entry.place(&reconciled.ledger.files);
        SideOf {
            text: format!("{}（{place}）", unit_name(roster, &entry.reporter)),
            entries: vec![index],
            places: vec![place],
        }
    };
    let sides = vec![side(first, one), side(second, other)];
    let place = sides.first().and_then(|side| side.places.first())?;
    // A donor whom the roster does not know is credited to whoever reports the
    // gift: that it counts once is plain, for whom is not.
    let whose = one.credited != other.credited;
    let mut choices = vec![Verdict::Keep(0), Verdict::Distinct];
    let mut reason = format!("与 {place} 所填相同，只计一次");
    if whose {
        choices.insert(1, Verdict::Keep(1));
        let names = [one, other].map(|entry| unit_name(roster, &entry.credited));
        reason.push_str(&format!(
            "；捐助人不在名册，归{}还是{}等待裁定，暂归{}",
            names[0], names[1], names[0]
        ));
    }
    Some(Draft {
        topic: Topic::SameEntry,
        stands: vec![stands(one), stands(other)],
        says: says(one).into_iter().chain(says(other)).collect(),
        reason,
        sides,
        at_stake: other.amount(form).unwrap_or(Decimal::ZERO),
        choices,
        proposed: Verdict::Keep(0),
        by_rule: (!whose).then_some(Verdict::Keep(0)),
        quoted: None,
        units: reconciled.units_of([first, second].into_iter()),
    })
}

/// What identifies an entry by some of its fields. Persons and villages are
/// told apart by code, not by a name that two may share.
pub(super) fn key_of<'a>(
    entry: &'a LedgerEntry,
    form: &'a Form,
    fields: &'a [String],
) -> impl Iterator<Item = Option<Value>> + 'a {
    let code = |field: &str| {
        let donor = entry.donor.as_ref().map(|donor| &donor.key);
        match form.fields.get(field).map(|f| &f.kind)? {
            Kind::Member => donor.or(entry.member.as_ref()),
            Kind::Village => entry.village.as_ref(),
            _ => None,
        }
    };
    fields.iter().map(move |id| match entry.values.get(id) {
        Some(_) if code(id).is_some() => code(id).cloned().map(Value::Text),
        Some(Value::Text(text)) => Some(Value::Text(crate::value::squeeze(text))),
        other => other.cloned(),
    })
}
