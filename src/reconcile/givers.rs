//! Gifts of somebody who bears the name of another unit's person on the roster, though
//! the stated category says that he is none of them. Nobody but the office can say whether he is:
//! until it does, the gift counts for the unit that reports it, as that of anybody
//! whom the roster does not know. The plan counts what is raised (6.3), and nobody
//! is given what may not be his.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::class::Class;
use super::context::Context;
use super::gifts::{says, unit_name};
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::reconciled::Reconciled;
use crate::diagnostic::Place;
use crate::form::shown;
use crate::ledger::OUTSIDE;
use crate::policy::{Credit, Form, Policy};
use crate::roster::{Member, Roster};
use crate::value::money;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    for form in policy.intake_forms() {
        if form.credit == Credit::Reporter {
            continue;
        }
        for (member, draft) in drafts(form, reconciled, policy, roster) {
            let entries: Vec<usize> = draft.sides.iter().flat_map(|s| s.entries.clone()).collect();
            if context.lay(draft) == Some(Verdict::OfRoster) {
                let why = context.ruled("捐助人是名册上的人，记在他的单位名下");
                for entry in entries {
                    reconciled.credit(entry, member, &why);
                }
            }
        }
    }
}

/// A matter for each unit that reports and each name.
fn drafts<'r>(
    form: &Form,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &'r Roster,
) -> Vec<(&'r Member, Draft)> {
    let mut found: BTreeMap<(usize, &str), (&'r Member, Vec<usize>)> = BTreeMap::new();
    for (at, (entry, class, _)) in reconciled.entries().enumerate() {
        let donor = entry.donor.as_ref().filter(|d| d.key.starts_with(OUTSIDE));
        let (Some(donor), Class::Counted) = (donor, class) else {
            continue;
        };
        if entry.form == form.id
            && let Some(member) = roster.member_named(&donor.name, &entry.reporter)
        {
            let of = (roster.unit_order(&entry.reporter), member.code.as_str());
            found.entry(of).or_insert((member, Vec::new())).1.push(at);
        }
    }
    let found = found.into_values();
    let drafts = found.filter_map(|(member, entries)| {
        let draft = draft(member, entries, form, reconciled, policy, roster)?;
        Some((member, draft))
    });
    drafts.collect()
}

fn draft(
    member: &Member,
    entries: Vec<usize>,
    form: &Form,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
) -> Option<Draft> {
    let (field, _) = policy.category(form)?;
    let rows = || entries.iter().filter_map(|&at| reconciled.counts(at));
    let first = rows().next()?;
    let kind = first.values.get(&field.id)?.to_string();
    let files = &reconciled.ledger.files;
    let place = |entry: &crate::ledger::LedgerEntry| -> Place {
        let place = entry.place(files);
        match entry.raw.cells.get(&field.id) {
            Some(cell) => place.at(cell.cell(), &field.header),
            None => place,
        }
    };
    let typed = first
        .raw
        .cells
        .get(&field.id)
        .map(|cell| shown(cell.found()));
    let sum: Decimal = rows().filter_map(|entry| entry.amount(form)).sum();
    let (own, reporter) = (
        unit_name(roster, &member.unit),
        unit_name(roster, &first.reporter),
    );
    let places: Vec<Place> = rows().map(place).collect();
    Some(Draft {
        topic: Topic::Giver,
        stands: vec![
            form.id.clone(),
            first.reporter.to_string(),
            member.code.clone(),
        ],
        says: rows().flat_map(says).collect(),
        reason: format!(
            "“{}”填的是“{kind}”，名册上{own}却有“{}”；不知是不是他，暂记在填报的{reporter}名下，不记在他和{own}名下",
            field.header, member.name
        ),
        sides: vec![SideOf {
            text: format!(
                "{reporter}：{}，{} 行，{} 元（{}）",
                member.name,
                entries.len(),
                money(sum),
                places.first()?
            ),
            entries,
            places,
        }],
        at_stake: sum,
        choices: vec![Verdict::OfRoster, Verdict::Another],
        proposed: Verdict::Another,
        by_rule: None,
        quoted: typed.map(|typed| (typed, format!("名册以外的人，记在{reporter}名下"))),
        units: vec![first.reporter.to_string(), member.unit.clone()],
    })
}
