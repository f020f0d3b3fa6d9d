//! Units of the roster without a return that counts.

use super::Reconciled;
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::Policy;
use crate::roster::Roster;

pub(super) fn check(
    reconciled: &mut Reconciled,
    _policy: &Policy,
    roster: &Roster,
    findings: &mut Vec<Finding>,
) {
    for unit in roster.units() {
        if reconciled.accepted(&unit.code).is_none() {
            let message = format!("{}（{}）没有报送", unit.name, unit.code);
            let place = Place::file("回收");
            findings.push(Finding::new(Code::NotReturned, place, message));
        }
    }
}
