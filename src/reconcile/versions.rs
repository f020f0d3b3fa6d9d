//! Several returns of one unit: the latest counts, by round, then the day on
//! which it was filled in, then its name.

use super::{Class, Outcome, Reconciled};
use crate::diagnostic::{Code, Finding, Place};
use crate::intake::State;
use crate::policy::Policy;
use crate::roster::Roster;

pub(super) fn check(
    reconciled: &mut Reconciled,
    _policy: &Policy,
    roster: &Roster,
    findings: &mut Vec<Finding>,
) {
    for unit in roster.units() {
        let mut versions: Vec<_> = reconciled
            .ledger
            .files
            .iter()
            .enumerate()
            .filter_map(|(index, file)| match &file.state {
                State::Read(s) if s.unit == unit.code => {
                    Some((s.round(), s.filled_on(), file.name.clone(), index))
                }
                _ => None,
            })
            .collect();
        versions.sort();
        let Some((_, _, latest, _)) = versions.pop() else {
            continue;
        };
        for (_, _, name, index) in versions {
            let reason = format!("{}有更新的一份：{latest}", unit.name);
            let finding = Finding::new(Code::Superseded, Place::file(name), &reason);
            findings.push(finding.related(Place::file(&latest)));
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
