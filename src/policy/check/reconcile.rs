//! The rules of reconciliation: every form and field exists and is of the
//! right kind.

use rust_decimal::Decimal;

use super::known::Once;
use super::{Pool, conditions, fields, metrics};
use crate::diagnostic::Code;
use crate::policy::log::Log;
use crate::policy::log::{Mark, Text};
use crate::policy::parse::Written;
use crate::policy::{
    Apart, Conflict, Credit, Declared, Duplicate, Evidence, Gift, Kind, Outlier, Pairing, Prefill,
    Reconciliation, Shape, Side, TwoUnits, written,
};

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
    let mut sides = Once::default();
    let mut gifts = Vec::new();
    for rule in &file.gift.items {
        sides.note(log, &rule.side, &rule.side, "捐助或受援的一方");
        gifts.extend(gift(rule, pool, log));
    }
    let apart = file.apart.0.iter().flatten().next();
    let apart = apart.map(|rule| self::apart(rule, log));
    let conflicts = file.conflict.items.iter();
    let outliers = file.outlier.items.iter();
    let evidence = file.evidence.items.iter();
    let pairing = file.pairing.0.iter().flatten();
    Reconciliation {
        duplicates,
        declared,
        gifts,
        apart: apart.unwrap_or_default(),
        conflicts: conflicts
            .filter_map(|rule| conflict(rule, pool, log))
            .collect(),
        outliers: outliers
            .filter_map(|rule| outlier(rule, pool, log))
            .collect(),
        evidence: evidence
            .filter_map(|rule| self::evidence(rule, pool, log))
            .collect(),
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
    let fields = named(&rule.fields, entry, log);
    let form = &entry.form;
    let once = matches!(form.credit, Credit::Donor(_)) || form.prefill == Prefill::Villages;
    let two_units = match rule.two_units.as_ref().map(|word| word.value.as_str()) {
        // Packs that were made before this was written say nothing.
        None if once => TwoUnits::Once,
        None | Some("ask") => TwoUnits::Ask,
        Some("once") => TwoUnits::Once,
        Some("joint") => TwoUnits::Joint,
        Some(other) => {
            let message = format!(
                "“{other}”不认识，只能写 once（同一件，只计一次）、joint（联合开展，各计一次）或 ask（列为核对事项）。"
            );
            let at = rule.two_units.as_ref().map_or(rule.form.at, |word| word.at);
            log.add(Code::PackValue, at, message);
            TwoUnits::Ask
        }
    };
    Some(Duplicate {
        two_units,
        form: rule.form.value.clone(),
        fields,
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
    for (id, kind, name) in [
        (&rule.helper, Kind::Member, "人员栏（member）"),
        (&rule.village, Kind::Village, "村栏（village）"),
    ] {
        entry.of_kind(log, id, |own| *own == kind, name);
    }
    for id in [&rule.household, &rule.measures, &rule.result] {
        entry.field(log, id);
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

fn gift(rule: &written::Gift, pool: &Pool, log: &mut Log<'_>) -> Option<Gift> {
    let entry = metrics::intake_form(log, pool, &rule.form)?;
    for (id, kind, name) in [
        (&rule.giver, Kind::Member, "人员栏（member）"),
        (&rule.village, Kind::Village, "村栏（village）"),
        (&rule.amount, Kind::Money, "金额栏（money）"),
        (&rule.date, Kind::Date, "日期栏（date）"),
    ] {
        entry.of_kind(log, id, |own| *own == kind, name);
    }
    let is_choice = |kind: &Kind| matches!(kind, Kind::Choice(_));
    entry.of_kind(log, &rule.sort, is_choice, "选项栏（choice）");
    let side = match rule.side.value.as_str() {
        "given" => Side::Given,
        "received" => Side::Received,
        other => {
            let message = format!("“{other}”不认识，只能写 given（捐助方）或 received（受援方）。");
            log.add(Code::PackValue, rule.side.at, message);
            return None;
        }
    };
    Some(Gift {
        form: entry.form.id.clone(),
        side,
        giver: rule.giver.value.clone(),
        village: rule.village.value.clone(),
        sort: rule.sort.value.clone(),
        amount: rule.amount.value.clone(),
        date: rule.date.value.clone(),
    })
}

/// Days and numbers of parts that are too large make no difference: they are
/// cut to what the search for instalments can bear.
fn apart(rule: &written::Apart, log: &mut Log<'_>) -> Apart {
    const MOST_DAYS: u32 = 366;
    const MOST_PARTS: u32 = 6;
    if let Some(least) = &rule.unreceived
        && least.value < Decimal::ZERO
    {
        log.add(Code::PackValue, least.at, "这里的数不能小于 0。");
    }
    // Packs that were made before this was written have the default.
    let unreceived = rule.unreceived.as_ref().map(|least| least.value);
    Apart {
        unreceived: unreceived.unwrap_or(Apart::default().unreceived),
        days: rule.days.value.min(MOST_DAYS),
        receipt_days: rule.receipt_days.value.min(MOST_DAYS),
        instalment_days: rule.instalment_days.value.min(MOST_DAYS),
        parts: rule.parts.value.min(MOST_PARTS) as usize,
    }
}

/// Fields of an entry, each named once.
fn named(
    list: &Mark<Vec<Text>>,
    entry: &super::known_form::KnownForm,
    log: &mut Log<'_>,
) -> Vec<String> {
    let mut once = Once::default();
    for field in &list.value {
        once.note(log, field, field, "栏");
        entry.field(log, field);
    }
    list.iter().map(|field| field.value.clone()).collect()
}

fn conflict(rule: &written::Conflict, pool: &Pool, log: &mut Log<'_>) -> Option<Conflict> {
    let entry = metrics::intake_form(log, pool, &rule.form)?;
    if rule.same.is_empty() {
        let message = "至少要写一栏，才知道两行说的是同一个对象。";
        log.add(Code::PackValue, rule.same.at, message);
    }
    Some(Conflict {
        form: entry.form.id.clone(),
        name: rule.name.value.clone(),
        same: named(&rule.same, entry, log),
        facts: named(&rule.facts, entry, log),
    })
}

fn outlier(rule: &written::Outlier, pool: &Pool, log: &mut Log<'_>) -> Option<Outlier> {
    let entry = metrics::intake_form(log, pool, &rule.form)?;
    let is_money = |kind: &Kind| *kind == Kind::Money;
    entry.of_kind(log, &rule.amount, is_money, "金额栏（money）");
    for number in [&rule.at_least, &rule.times] {
        if number.value <= Decimal::ZERO {
            log.add(Code::PackValue, number.at, "这里的数要大于 0。");
        }
    }
    Some(Outlier {
        form: entry.form.id.clone(),
        amount: rule.amount.value.clone(),
        at_least: rule.at_least.value,
        times: rule.times.value,
    })
}

fn evidence(rule: &written::Evidence, pool: &Pool, log: &mut Log<'_>) -> Option<Evidence> {
    let entry = metrics::intake_form(log, pool, &rule.form)?;
    entry.field(log, &rule.field);
    Some(Evidence {
        form: entry.form.id.clone(),
        field: rule.field.value.clone(),
        conditions: conditions::check(rule.conditions.as_ref(), entry, pool, log),
    })
}
