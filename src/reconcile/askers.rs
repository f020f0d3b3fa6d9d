//! Who is asked what a village received.

use std::collections::HashMap;

use super::reconciled::Reconciled;
use crate::policy::{Gift, Policy};
use crate::roster::{Roster, Unit, Village};

/// Whether somebody reports what a village received.
pub(super) enum Asker<'a> {
    Nobody,
    Absent,
    /// The unit that does, by its code.
    Returned(&'a str),
}

/// Who reports what each village received, by code of the village.
pub(super) fn askers<'a>(
    reconciled: &Reconciled,
    received: &Gift,
    policy: &Policy,
    roster: &'a Roster,
) -> HashMap<&'a str, Asker<'a>> {
    let kinds = policy.forms.get(&received.form).map(|form| &form.kinds);
    let township = |village: &Village| {
        let town = village.township.trim();
        roster.units().find(|unit| {
            let asked = kinds.is_some_and(|kinds| kinds.contains(&unit.kind));
            let names = std::iter::once(&unit.name).chain(&unit.aliases);
            asked && !town.is_empty() && names.into_iter().any(|name| name.starts_with(town))
        })
    };
    let mut townships: HashMap<&str, Option<&Unit>> = HashMap::new();
    let mut asker = |village: &'a Village| match *townships
        .entry(&village.township)
        .or_insert_with(|| township(village))
    {
        None => Asker::Nobody,
        Some(unit) if reconciled.accepted(&unit.code).is_some() => Asker::Returned(&unit.code),
        Some(_) => Asker::Absent,
    };
    roster
        .villages()
        .map(|village| (village.code.as_str(), asker(village)))
        .collect()
}
