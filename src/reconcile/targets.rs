//! A village of which several rows of targets count: no rule of the pack says that
//! they are one. They are no sum, and which of them is right nobody has said.

use std::collections::BTreeMap;

use super::class::Class;
use super::context::Context;
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let goals = &context.policy.goals;
    let mut found: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, (entry, class, _)) in reconciled.entries().enumerate() {
        if let (Class::Counted, Some(village)) = (class, &entry.village)
            && goals.iter().any(|goal| goal.form == entry.form.as_str())
        {
            let of = (entry.form.as_str(), village.as_str());
            found.entry(of).or_default().push(at);
        }
    }
    for ((_, village), rows) in found.iter().filter(|(_, rows)| rows.len() > 1) {
        let name = context
            .roster
            .village(village)
            .map_or(*village, |v| &v.name);
        let rows = rows.iter().filter_map(|&at| reconciled.counts(at));
        let mut places = rows.map(|entry| entry.place(&reconciled.ledger.files));
        let (Some(first), Some(place)) = (places.next(), places.next()) else {
            continue;
        };
        let message = format!("{name}有几行都计入，以哪一行为准不清楚，各项目标待定");
        let finding = Finding::new(Code::TargetsTwice, place, message).related(first);
        let more = places.fold(finding, Finding::related);
        context.findings.push(more);
    }
}
