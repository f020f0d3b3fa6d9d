//! What makes two entries the same, and declared totals against the detail.

use rust_decimal::Decimal;

use super::known::Once;
use super::{Pool, conditions, fields, metrics};
use crate::diagnostic::Code;
use crate::policy::log::Log;
use crate::policy::parse::Written;
use crate::policy::{Declared, Duplicate, Kind, Pairing, Shape, written};

/// The rules of `reconcile.toml`.
#[derive(Default)]
pub(super) struct Reconciliation {
    pub duplicates: Vec<Duplicate>,
    pub declared: Vec<Declared>,
    pub pairing: Option<Pairing>,
}

/// Checks `reconcile.toml`.
pub(super) fn check(written: &Written, pool: &Pool, log: &mut Log<'_>) -> Reconciliation {
    let Some(file) = &written.reconcile else {
        return Reconciliation::default();
    };
    let mut forms = Once::default();
    let mut duplicates = Vec::new();
    for rule in &file.duplicate.items {
        forms.note(log, &rule.form, &rule.form, "查重的表");
        duplicates.extend(duplicate(rule, pool, log));
    }
    let mut declared = Vec::new();
    let mut covered = Once::default();
    for rule in &file.declared.items {
        covered.note(log, &rule.field, &rule.field, "封面上的栏");
        declared.extend(self::declared(rule, pool, log));
    }
    let pairing = file.pairing.0.iter().flatten();
    Reconciliation {
        duplicates,
        declared,
        pairing: pairing
            .filter_map(|rule| self::pairing(rule, pool, log))
            .next(),
    }
}

fn duplicate(rule: &written::Duplicate, pool: &Pool, log: &mut Log<'_>) -> Option<Duplicate> {
    let entry = metrics::intake_form(log, pool, &rule.form)?;
    if rule.fields.is_empty() {
        let message = "至少要写一栏，否则任何两行都算重复。";
        log.add(Code::PackValue, rule.fields.at, message);
    }
    let mut once = Once::default();
    for field in &rule.fields.value {
        once.note(log, field, field, "栏");
        entry.field(log, field);
    }
    Some(Duplicate {
        form: rule.form.value.clone(),
        fields: rule
            .fields
            .iter()
            .map(|field| field.value.clone())
            .collect(),
    })
}

fn declared(rule: &written::Declared, pool: &Pool, log: &mut Log<'_>) -> Option<Declared> {
    if rule.tolerance.value < Decimal::ZERO {
        let message = "允许的差额不能是负数。";
        log.add(Code::PackValue, rule.tolerance.at, message);
    }
    let covers = pool.forms.items().values();
    let cover = covers
        .filter(|entry| entry.form.shape == Shape::Card)
        .find(|entry| entry.form.roster.is_none());
    if let Some(cover) = cover
        && let Some(field) = cover.field(log, &rule.field)
        && !fields::is_summable(&field.kind)
    {
        let message = format!("封面上的“{}”不是数字栏，不能与明细核对。", field.header);
        log.add(Code::PackMismatch, rule.field.at, message);
    }
    let (entry, amount) = metrics::summed(log, pool, &rule.sum)?;
    Some(Declared {
        field: rule.field.value.clone(),
        form: entry.form.id.clone(),
        amount: amount.id.clone(),
        conditions: conditions::check(rule.conditions.as_ref(), entry, pool, log),
        tolerance: rule.tolerance.value,
    })
}

fn pairing(rule: &written::Pairing, pool: &Pool, log: &mut Log<'_>) -> Option<Pairing> {
    let entry = metrics::intake_form(log, pool, &rule.form)?;
    for (id, kind) in [
        (&rule.helper, Some((Kind::Member, "人员栏（member）"))),
        (&rule.village, Some((Kind::Village, "村栏（village）"))),
        (&rule.household, None),
        (&rule.measures, None),
        (&rule.result, None),
    ] {
        let field = entry.field(log, id);
        if let (Some(field), Some((kind, name))) = (field, kind)
            && field.kind != kind
        {
            let message = format!("这里要写{name}，“{}”不是。", field.header);
            log.add(Code::PackMismatch, id.at, message);
        }
    }
    Some(Pairing {
        form: entry.form.id.clone(),
        helper: rule.helper.value.clone(),
        village: rule.village.value.clone(),
        household: rule.household.value.clone(),
        measures: rule.measures.value.clone(),
        result: rule.result.value.clone(),
    })
}
