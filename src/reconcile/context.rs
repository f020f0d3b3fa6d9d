//! What the checks work with besides the entries: the plan, the roster, and the desk on
//! which matters are laid.

use super::matter::{Desk, Draft, Matter, Standing, Verdict};
use super::reconciled::Why;
use crate::diagnostic::{Finding, Place};
use crate::ledger::LedgerEntry;
use crate::policy::Policy;
use crate::roster::Roster;

/// What the checks work with besides the entries.
pub(super) struct Context<'a> {
    pub policy: &'a Policy,
    pub roster: &'a Roster,
    pub desk: Desk<'a>,
    pub findings: Vec<Finding>,
}

impl Context<'_> {
    /// Lays a matter before the office, with a finding unless it has been ruled.
    /// Gives what holds: the ruling, or what a rule says.
    pub fn lay(&mut self, draft: Draft) -> Option<Verdict> {
        // The finding stands where the last side does: the one that is doubted.
        let places: Vec<Place> = draft
            .sides
            .last()
            .map_or_else(Vec::new, |s| s.places.clone());
        let others = draft.sides.iter().rev().skip(1).rev();
        let others: Vec<Place> = others.flat_map(|side| side.places.clone()).collect();
        let (code, reason) = (draft.topic.code(), draft.reason.clone());
        let quoted = draft.quoted.clone();
        let holds = self.desk.raise(draft, &mut self.findings);
        let ruled = matches!(
            self.desk.last().map(|matter| &matter.standing),
            Some(Standing::Ruled(..))
        );
        if let (false, Some((place, same_side))) = (ruled, places.split_first()) {
            let mut finding = Finding::new(code, place.clone(), reason);
            finding.related = others
                .into_iter()
                .chain(same_side.iter().cloned())
                .collect();
            if let Some((typed, taken)) = quoted {
                finding = finding.typed(typed);
                // Where nothing was interpreted there is nothing to say.
                if !taken.is_empty() {
                    finding = finding.taken(taken);
                }
            }
            self.findings.push(finding);
        }
        holds
    }

    /// Whose report comes first where several tell of one thing: the credited
    /// unit's own, then by the order of kinds in the plan, then by code.
    pub fn rank<'e>(&self, entry: &'e LedgerEntry) -> (bool, Option<usize>, &'e str) {
        let unit = self.roster.unit(&entry.reporter);
        let kind = unit.and_then(|unit| self.policy.unit_kinds.get_index_of(&unit.kind));
        (entry.reporter != entry.credited, kind, &entry.reporter)
    }

    /// How a ruling on the matter that was laid last is quoted where it has an
    /// effect.
    pub fn ruled(&self, effect: &str) -> Why {
        match self.desk.last() {
            Some(Matter {
                id,
                standing: Standing::Ruled(_, decision),
                ..
            }) => Why {
                text: format!("按裁定 {id}（{}）：{effect}", decision.by),
                by: Some(id.clone()),
            },
            _ => effect.into(),
        }
    }
}
