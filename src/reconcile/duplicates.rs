//! The same thing reported twice, equal in every field that identifies it: it
//! counts once. Gifts are compared across all units, since the donor's unit
//! and another may both report one; activities only within a unit, since two
//! units may well hold one together.

use std::collections::HashMap;

use super::{Class, Reconciled};
use crate::diagnostic::{Code, Finding};
use crate::ledger::LedgerEntry;
use crate::policy::{Credit, Duplicate, Form, Kind, Policy, Prefill};
use crate::roster::Roster;
use crate::value::Value;

pub(super) fn check(
    reconciled: &mut Reconciled,
    policy: &Policy,
    roster: &Roster,
    findings: &mut Vec<Finding>,
) {
    for rule in &policy.duplicates {
        let Some(form) = policy.forms.get(&rule.form) else {
            continue;
        };
        let across = matches!(form.credit, Credit::Donor(_)) || form.prefill == Prefill::Villages;
        let mut counted: Vec<usize> = (0..reconciled.ledger.entries.len())
            .filter(|&i| {
                reconciled.ledger.entries[i].form == rule.form
                    && reconciled.classes[i].0 == Class::Counted
            })
            .collect();
        // What the credited unit itself reports comes first and counts.
        counted.sort_by_key(|&i| {
            let entry = &reconciled.ledger.entries[i];
            let own = entry.reporter == entry.credited;
            (!own, roster.unit_order(&entry.reporter), entry.row)
        });
        let mut seen: HashMap<Vec<Option<Value>>, usize> = HashMap::new();
        for index in counted {
            let entry = &reconciled.ledger.entries[index];
            let first = *seen.entry(key(entry, form, rule, across)).or_insert(index);
            if first == index {
                continue;
            }
            let files = &reconciled.ledger.files;
            let original = reconciled.ledger.entries[first].place(files);
            let reason = format!("与 {original} 所填相同，只计一次");
            let finding = Finding::new(Code::DuplicateEntry, entry.place(files), &reason);
            findings.push(finding.related(original));
            reconciled.classes[index] = (Class::Duplicate, reason);
        }
    }
}

/// What identifies an entry. Persons and villages are told apart by code, not
/// by a name that two may share.
fn key(entry: &LedgerEntry, form: &Form, rule: &Duplicate, across: bool) -> Vec<Option<Value>> {
    let code = |field: &str| {
        let donor = entry.donor.as_ref().map(|donor| &donor.key);
        match form.fields.get(field).map(|f| &f.kind)? {
            Kind::Member => donor.or(entry.member.as_ref()),
            Kind::Village => entry.village.as_ref(),
            _ => None,
        }
    };
    let reporter = (!across).then(|| Value::Text(entry.reporter.clone()));
    let fields = rule.fields.iter().map(|id| match entry.values.get(id) {
        Some(_) if code(id).is_some() => code(id).cloned().map(Value::Text),
        Some(Value::Text(text)) => Some(Value::Text(crate::value::squeeze(text))),
        other => other.cloned(),
    });
    std::iter::once(reporter).chain(fields).collect()
}
