//! Several returns of one unit: the latest counts, by round, then the day on
//! which it was filled in, then how often it was returned for correction. Where these are the same the choice by name is only
//! for the time being, and an error says so.

use super::{Class, Context, Outcome, Reconciled};
use crate::diagnostic::{Code, Finding, Place};
use crate::intake::State;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    for unit in context.roster.units() {
        let mut versions: Vec<_> = reconciled
            .ledger
            .files
            .iter()
            .enumerate()
            .filter_map(|(index, file)| match &file.state {
                State::Read(s) if s.unit == unit.code => Some((
                    (s.round(), s.filled_on(), s.revision),
                    file.name.clone(),
                    index,
                )),
                _ => None,
            })
            .collect();
        versions.sort();
        let Some((age, latest, kept)) = versions.pop() else {
            continue;
        };
        for (its_age, name, index) in versions {
            let hash = |file: usize| &reconciled.ledger.files[file].sha256;
            let (code, reason) = if hash(index) == hash(kept) {
                let reason = format!("与“{latest}”是同一个文件");
                (Code::Superseded, reason)
            } else if its_age == age {
                let reason = format!("{}的两份文件填报日期相同，暂用“{latest}”", unit.name);
                (Code::VersionUnclear, reason)
            } else {
                let reason = format!("{}有更新的一份：{latest}", unit.name);
                (Code::Superseded, reason)
            };
            let finding = Finding::new(code, Place::file(name), &reason);
            context.findings.push(finding.related(Place::file(&latest)));
            reconciled.outcomes[index] = (Outcome::Superseded, reason.clone());
            for (entry, class) in reconciled
                .ledger
                .entries
                .iter()
                .zip(&mut reconciled.classes)
            {
                if entry.file == index {
                    *class = (Class::Superseded, reason.clone());
                }
            }
        }
    }
}
