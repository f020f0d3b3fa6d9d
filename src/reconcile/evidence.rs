//! Entries that name nothing that proves them.

use super::class::Class;
use super::context::Context;
use super::declared::holds;
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding, Place, some};
use crate::policy::{Condition, Form, Test};
use crate::sheet::Cell;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let groups = reconciled.by_file_and_form();
    for rule in &context.policy.reconcile.evidence {
        let Some(form) = context.policy.forms.get(&rule.form) else {
            continue;
        };
        let Some(field) = form.fields.get(&rule.field) else {
            continue;
        };
        for (file, returned) in reconciled.ledger.files.iter().enumerate() {
            let crate::intake::State::Read(submission) = &returned.state else {
                continue;
            };
            // A column that is not there was spoken of already.
            let Some(placed) = submission.placed.get(&form.id) else {
                continue;
            };
            let Some(header) = placed.headers.get(&field.id) else {
                continue;
            };
            let own = groups.get(&(file, form.id.as_str())).into_iter().flatten();
            let mut bare: Vec<(&str, u32)> = own
                .filter_map(|&at| reconciled.entry(at))
                .filter(|(_, class, _)| *class == Class::Counted)
                .filter(|(entry, ..)| entry.values.get(&field.id).is_none())
                .filter(|(entry, ..)| rule.conditions.iter().all(|c| holds(c, &entry.values)))
                .map(|(entry, ..)| (entry.sheet.as_str(), entry.row))
                .collect();
            bare.sort_unstable();
            let places: Vec<Place> = bare
                .iter()
                .map(|(sheet, row)| {
                    let cell = Cell::new(*row, header.column);
                    Place::file(&returned.name)
                        .on(*sheet)
                        .at(cell, &field.header)
                })
                .collect();
            let Some((first, others)) = places.split_first() else {
                continue;
            };
            let rows: Vec<String> = bare.iter().map(|(_, row)| (row + 1).to_string()).collect();
            let message = format!(
                "{}有{}行没有写“{}”：第{}行",
                asked_of(form, &rule.conditions),
                rows.len(),
                field.header,
                some(&rows, "、", "行")
            );
            let mut finding = Finding::new(Code::EvidenceMissing, first.clone(), message);
            finding.related = others.to_vec();
            context.findings.push(finding);
        }
    }
}

/// Of which rows a proof is asked, in words; nothing where it is asked of all.
fn asked_of(form: &Form, conditions: &[Condition]) -> String {
    let words = conditions.iter().filter_map(|condition| {
        let header = |id: &str| Some(&form.fields.get(id)?.header);
        match &condition.test {
            Test::Number {
                field,
                operator,
                value,
            } => {
                let value = value.normalize();
                Some(format!("“{}”{}{value}的", header(field)?, operator.word()))
            }
            Test::Is { field, text } => Some(format!("“{}”是“{text}”的", header(field)?)),
            Test::Complete => None,
        }
    });
    words.collect()
}
