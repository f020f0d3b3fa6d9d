//! Units of the roster without a return that counts.

use super::{Context, Reconciled};
use crate::diagnostic::{Code, Finding, Place};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    for unit in context.roster.units() {
        if reconciled.accepted(&unit.code).is_none() {
            let message = format!("{}（{}）没有报送", unit.name, unit.code);
            let place = Place::file("回收");
            context
                .findings
                .push(Finding::new(Code::NotReturned, place, message));
        }
    }
}
