//! Whose entries may be rejected: they could not be read, or their day waits for the
//! office. Nobody else's need be counted in formulas, whatever is ruled and whatever a
//! reader changes.

use std::collections::HashSet;

use crate::policy::{Credit, Policy};
use crate::reconcile::{Reconciled, may_be_rejected};

/// By form, the codes of units and of members.
pub struct Unread<'a> {
    units: HashSet<(&'a str, &'a str)>,
    members: HashSet<(&'a str, &'a str)>,
    /// Forms whose entries a ruling may give to another person.
    givers: HashSet<&'a str>,
}

impl<'a> Unread<'a> {
    /// Of what has been reconciled.
    pub fn of(reconciled: &'a Reconciled, policy: &'a Policy) -> Self {
        let mut unread = Unread {
            units: HashSet::new(),
            members: HashSet::new(),
            givers: policy
                .forms
                .values()
                .filter(|form| matches!(form.credit, Credit::Donor(_)))
                .map(|form| form.id.as_str())
                .collect(),
        };
        for (entry, ..) in reconciled.entries() {
            if may_be_rejected(entry, policy) {
                let form = entry.form.as_str();
                unread.units.insert((form, entry.credited.as_str()));
                let member = entry.member.as_deref();
                unread.members.extend(member.map(|member| (form, member)));
            }
        }
        // A ruling may credit them to another of the units that it touches.
        for matter in reconciled.matters() {
            let entries = matter.sides.iter().flat_map(|side| &side.entries);
            let entries = entries.filter_map(|at| reconciled.entry(*at));
            for (entry, ..) in entries.filter(|(entry, ..)| may_be_rejected(entry, policy)) {
                let units = matter.units.iter();
                let units = units.map(|unit| (entry.form.as_str(), unit.as_str()));
                unread.units.extend(units);
            }
        }
        unread
    }

    /// Whether a unit may have some on a form.
    pub fn of_unit(&self, form: &str, unit: &str) -> bool {
        self.units.contains(&(form, unit))
    }

    /// Whether a member may have some on one of these forms.
    pub fn of_member(&self, forms: &[&str], member: &str) -> bool {
        let mut forms = forms.iter();
        forms.any(|form| self.givers.contains(form) || self.members.contains(&(*form, member)))
    }
}
