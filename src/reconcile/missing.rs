//! Units of the roster without a return that counts.

use super::{Context, Reconciled};
use crate::diagnostic::{Code, Finding, Place};
use crate::intake::{State, unit_in_name};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    // What was not taken may be somebody's all the same.
    let refused = reconciled.ledger.files.iter().filter_map(|file| {
        let unit = match &file.state {
            State::SetAside {
                unit: Some(code), ..
            } => return Some((code.clone(), file.name.clone())),
            State::Unreadable(_) | State::SetAside { .. } => {
                unit_in_name(&file.name, context.roster)?
            }
            State::Read(_) | State::Outlined(_) => return None,
        };
        Some((unit.code.clone(), file.name.clone()))
    });
    let refused: Vec<(String, String)> = refused.collect();
    for unit in context.roster.units() {
        if reconciled.accepted(&unit.code).is_none() {
            let own = refused.iter().filter(|(code, _)| *code == unit.code);
            let files: Vec<String> = own.map(|(_, name)| format!("“{name}”")).collect();
            let beside = match files.is_empty() {
                true => String::new(),
                false => format!("；{}像是它的，没有采用", files.join("、")),
            };
            let message = format!("{}（{}）没有报送{beside}", unit.name, unit.code);
            let place = Place::file("回收");
            context
                .findings
                .push(Finding::new(Code::NotReturned, place, message));
        }
    }
}
