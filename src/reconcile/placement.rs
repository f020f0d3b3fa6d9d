//! Entries that are not the unit's to report: a form that its kind does not
//! fill in, the targets of a village that another unit reports on, or the row of
//! another unit's member on the list by which members are judged.

use super::{Class, Context, Reconciled};
use crate::diagnostic::{Code, Finding};
use crate::policy::Prefill;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    for (entry, class) in reconciled
        .ledger
        .entries
        .iter()
        .zip(&mut reconciled.classes)
    {
        let (Some(form), Some(unit)) = (
            policy.forms.get(entry.form.as_str()),
            roster.unit(&entry.reporter),
        ) else {
            continue;
        };
        if class.0 != Class::Counted {
            continue;
        }
        let village = entry.village.as_deref().and_then(|v| roster.village(v));
        let member = entry.member.as_deref().and_then(|m| roster.member(m));
        let (code, reason) = if !form.kinds.contains(&unit.kind) {
            let reason = format!("{}不填“{}”表", unit.name, form.sheet);
            (Code::FormNotExpected, reason)
        } else if let (Prefill::Villages, Some(village)) = (form.prefill, village)
            && village.reporter != entry.reporter
        {
            let owner = roster.unit(&village.reporter);
            let owner = owner.map_or(village.reporter.as_str(), |u| u.name.as_str());
            (Code::NotReporter, format!("{}由{owner}填报", village.name))
        } else if let (Prefill::Members, Some(member)) = (form.prefill, member)
            && member.unit != entry.reporter
        {
            let owner = roster.unit(&member.unit);
            let owner = owner.map_or(member.unit.as_str(), |u| u.name.as_str());
            (Code::NotReporter, format!("{}由{owner}填报", member.name))
        } else {
            continue;
        };
        let mut place = entry.place(&reconciled.ledger.files);
        if let Some(field) = form.subject_field().filter(|_| code == Code::NotReporter)
            && let Some(cell) = entry.raw.cells.get(&field.id)
        {
            place = place.at(cell.cell(), &field.header);
        }
        context.findings.push(Finding::new(code, place, &reason));
        *class = (Class::SetAside, reason.into());
    }
}
