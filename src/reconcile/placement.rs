//! Entries that are not the unit's to report: a form that its kind does not
//! fill in, the targets of a village that another unit reports on, or the row of
//! another unit's member on the list by which members are judged.

use super::class::Class;
use super::context::Context;
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding};
use crate::ledger::LedgerEntry;
use crate::policy::{Policy, Prefill};
use crate::roster::Roster;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    for (entry, class) in reconciled
        .ledger
        .entries
        .iter()
        .zip(&mut reconciled.classes)
    {
        if class.0 != Class::Counted {
            continue;
        }
        let Some((code, reason)) = misplaced(entry, policy, roster) else {
            continue;
        };
        let mut place = entry.place(&reconciled.ledger.files);
        let form = policy.forms.get(entry.form.as_str());
        let field = form.and_then(|form| form.subject_field());
        if let Some(field) = field.filter(|_| code == Code::NotReporter)
            && let Some(cell) = entry.raw.cells.get(&field.id)
        {
            place = place.at(cell.cell(), &field.header);
        }
        context.findings.push(Finding::new(code, place, &reason));
        *class = (Class::SetAside, reason.into());
    }
}

/// Why an entry is not its unit's to report, if it is not.
pub(super) fn misplaced(
    entry: &LedgerEntry,
    policy: &Policy,
    roster: &Roster,
) -> Option<(Code, String)> {
    let form = policy.forms.get(entry.form.as_str())?;
    let unit = roster.unit(&entry.reporter)?;
    if !form.kinds.contains(&unit.kind) {
        let reason = format!("{}不填“{}”表", unit.name, form.sheet);
        return Some((Code::FormNotExpected, reason));
    }
    let (name, owner) = match form.prefill {
        Prefill::Villages => {
            let village = roster.village(entry.village.as_deref()?)?;
            (&village.name, &village.reporter)
        }
        Prefill::Members => {
            let member = roster.member(entry.member.as_deref()?)?;
            (&member.name, &member.unit)
        }
        _ => return None,
    };
    if owner.as_str() == entry.reporter.as_str() {
        return None;
    }
    let owner = roster
        .unit(owner)
        .map_or(owner.as_str(), |unit| unit.name.as_str());
    Some((Code::NotReporter, format!("{name}由{owner}填报")))
}
