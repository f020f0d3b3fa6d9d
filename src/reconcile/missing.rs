//! Units of the roster without a return that counts.

use std::collections::HashMap;

use super::context::Context;
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding, Place, some};
use crate::intake::{State, unit_in_name};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    // What was not taken may be somebody's all the same.
    let refused = reconciled.ledger.files.iter().filter_map(|file| {
        let unit = match &file.state {
            State::SetAside {
                unit: Some(code), ..
            }
            | State::Late {
                unit: Some(code), ..
            } => return Some((code.clone(), file.name.clone())),
            State::Unreadable(_) | State::SetAside { .. } | State::Late { .. } => {
                unit_in_name(&file.name, context.roster)?
            }
            State::Read(_) | State::Outlined(_) => return None,
        };
        Some((unit.code.clone(), file.name.clone()))
    });
    let mut by_unit: HashMap<String, Vec<String>> = HashMap::new();
    for (code, name) in refused {
        by_unit.entry(code).or_default().push(format!("“{name}”"));
    }
    for unit in context.roster.units() {
        if reconciled.accepted(&unit.code).is_none() {
            let beside = match by_unit.get(&unit.code) {
                None => String::new(),
                Some(files) => format!("；{}像是它的，没有采用", some(files, "、", "个")),
            };
            let message = format!("{}（{}）没有报送{beside}", unit.name, unit.code);
            let place = Place::file("回收");
            context
                .findings
                .push(Finding::new(Code::NotReturned, place, message));
        }
    }
}
