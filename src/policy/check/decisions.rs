//! Vetoes, awards and publicity.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::known::Once;
use super::reach::{is_personal, is_share, reaches};
use super::scores::filled;
use super::{Pool, metrics, text, units};
use crate::diagnostic::Code;
use crate::policy::log::{Log, Text};
use crate::policy::parse::Written;
use crate::policy::{Award, Credit, PersonalAward, Publicity, Subject, Veto, written};

/// The rules of `rules/decisions.toml`.
#[derive(Default)]
pub(super) struct Decisions {
    pub vetoes: Vec<Veto>,
    pub awards: Vec<Award>,
    pub personal_awards: Vec<PersonalAward>,
    pub publicity: Vec<Publicity>,
}

/// Checks `rules/decisions.toml`.
pub(super) fn check(written: &Written, pool: &Pool, log: &mut Log<'_>) -> Decisions {
    let mut decisions = Decisions::default();
    let Some(file) = &written.decisions else {
        return decisions;
    };
    let mut once = Once::default();
    // Rulings, sheets and explanations know a veto or an award by its name.
    let mut names: Named<'_> = Named::new();
    for rule in &file.veto.items {
        rule_id(log, &rule.id, "否决");
        text::criterion(log, &rule.name, "否决的名称");
        once.note(log, &rule.id, &rule.id, "否决");
        let whom = rule.kind.as_ref().map_or("", |kind| kind.as_str());
        once_for(&mut names, whom, &rule.name, "否决的名称", log);
        decisions.vetoes.push(veto(rule, pool, log));
    }
    let mut once = Once::default();
    let mut names = Named::new();
    for rule in &file.award.items {
        rule_id(log, &rule.id, "评优");
        text::criterion(log, &rule.name, "评优的名称");
        once.note(log, &rule.id, &rule.id, "评优");
        let mut kinds: Vec<&str> = rule.kinds.iter().map(|kind| kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            once_for(&mut names, kind, &rule.name, "评优的名称", log);
        }
        decisions.awards.push(award(rule, pool, log));
    }
    for rule in &file.personal_award.items {
        text::id(log, &rule.id, "评优");
        text::line(log, &rule.name, "评优的名称");
        once.note(log, &rule.id, &rule.id, "评优");
        decisions.personal_awards.push(personal(rule, pool, log));
    }
    let mut once = Once::default();
    for rule in &file.publicity.items {
        text::id(log, &rule.id, "宣传");
        text::line(log, &rule.name, "宣传的名称");
        once.note(log, &rule.id, &rule.id, "宣传");
        decisions
            .publicity
            .extend(publicity(rule, written, pool, log));
    }
    decisions
}

/// Checks the id of a veto or award. It stands in a column that formulas compare:
/// digits alone would be taken for a number.
fn rule_id(log: &mut Log<'_>, id: &Text, what: &str) {
    text::id(log, id, what);
    if id.starts_with(|first: char| first.is_ascii_digit()) {
        let message = format!("{what}代号“{}”要以字母开头。", id.value);
        log.add(Code::PackName, id.at, message);
    }
}

/// Names of rules, by whom they are for.
type Named<'w> = HashMap<&'w str, Once>;

/// Notes a name that another rule for the same has.
fn once_for<'w>(names: &mut Named<'w>, whom: &'w str, name: &Text, what: &str, log: &mut Log<'_>) {
    names.entry(whom).or_default().note(log, name, name, what);
}

fn veto(rule: &written::Veto, pool: &Pool, log: &mut Log<'_>) -> Veto {
    let clause = pool.cite(log, &rule.clause);
    let metric = pool.metrics.find(log, &rule.metric, "指标");
    let less_than = units::threshold(log, pool, metric, &rule.less_than);
    if less_than.value <= Decimal::ZERO {
        let message = "less_than 应大于0，否则永远不会否决。";
        log.add(Code::PackValue, less_than.at, message);
    }
    if let Some(metric) = metric
        && is_share(pool, metric)
        && less_than.value > Decimal::ONE
    {
        let message = format!(
            "“{}”是占比，最多是1(100%)，少于{}就否决会否决所有的；写成小数或百分数，如 0.8 或 \"80%\"。",
            metric.name, less_than.value
        );
        log.add(Code::PackShare, less_than.at, message);
    }
    let missing_value =
        units::missing_value(log, metric, rule.missing_value.as_ref(), rule.metric.at);
    match (rule.subject.value, &rule.kind) {
        (Subject::Unit, Some(kind)) => {
            if let (Some(kind), Some(metric)) = (pool.kinds.find(log, kind, "单位类型"), metric)
            {
                filled(pool, metric, &kind.id, &rule.metric, log);
            }
        }
        (Subject::Unit, None) => {
            let message = "否决单位时要用 kind 写明单位类型。";
            log.add(Code::PackShape, rule.subject.at, message);
        }
        (Subject::Member, kind) => {
            if let Some(kind) = kind {
                let message = "否决委员时不写 kind，所有委员一样。";
                log.add(Code::PackMismatch, kind.at, message);
            }
            if let Some(metric) = metric
                && !is_personal(pool, metric)
            {
                let message = format!("“{}”不能逐人计算，不能用来否决委员。", metric.name);
                log.add(Code::PackMismatch, rule.metric.at, message);
            }
        }
    }
    Veto {
        id: rule.id.value.clone(),
        name: rule.name.value.clone(),
        subject: rule.subject.value,
        kind: rule
            .kind
            .as_ref()
            .map(|kind| kind.value.clone())
            .unwrap_or_default(),
        metric: rule.metric.value.clone(),
        less_than: less_than.value,
        clause,
        basis: rule.basis,
        missing_return: rule.missing_return,
        missing_value,
    }
}

fn award(rule: &written::Award, pool: &Pool, log: &mut Log<'_>) -> Award {
    let clause = pool.cite(log, &rule.clause);
    let metric = pool.metrics.find(log, &rule.metric, "指标");
    let mut once = Once::default();
    let mut kinds = Vec::new();
    for kind in &rule.kinds.value {
        if once.note(log, kind, kind, "单位类型") {
            kinds.extend(pool.kinds.find(log, kind, "单位类型"));
        }
    }
    if rule.kinds.is_empty() {
        let message = "没有写明单位类型 kinds，没有单位能够评上。";
        log.add(Code::PackAward, rule.kinds.at, message);
    }
    let at_least = units::threshold(log, pool, metric, &rule.at_least);
    if at_least.value < Decimal::ZERO {
        log.add(Code::PackAward, at_least.at, "评优标准不能是负数。");
    }
    let missing_value =
        units::missing_value(log, metric, rule.missing_value.as_ref(), rule.metric.at);
    if let Some(metric) = metric {
        if is_share(pool, metric) && at_least.value > Decimal::ONE {
            let message = format!(
                "“{}”是占比，最多是1(100%)，达不到{}；写成小数或百分数，如 0.8 或 \"80%\"。",
                metric.name, at_least.value
            );
            log.add(Code::PackAward, at_least.at, message);
        }
        let is_idle = !kinds.is_empty() && !kinds.iter().any(|k| reaches(pool, metric, &k.id));
        if is_idle {
            let message = format!(
                "列出的单位类型都不填“{}”所用的表，没有单位能够评上。",
                metric.name
            );
            log.add(Code::PackAward, rule.metric.at, message);
        } else {
            for kind in &kinds {
                filled(pool, metric, &kind.id, &rule.metric, log);
            }
        }
    }
    Award {
        id: rule.id.value.clone(),
        name: rule.name.value.clone(),
        kinds: kinds.iter().map(|kind| kind.id.clone()).collect(),
        metric: rule.metric.value.clone(),
        at_least: at_least.value,
        clause,
        basis: rule.basis,
        excluded_by_veto: rule.excluded_by_veto,
        missing_return: rule.missing_return,
        missing_value,
    }
}

fn personal(rule: &written::PersonalAward, pool: &Pool, log: &mut Log<'_>) -> PersonalAward {
    if let Some(categories) = pool.choices.get("member_category")
        && !categories.items.contains(&rule.category.value)
    {
        let items = categories.items.iter().map(String::as_str);
        log.unknown(&rule.category, items, "人员类别里没有", "");
    }
    PersonalAward {
        id: rule.id.value.clone(),
        name: rule.name.value.clone(),
        category: rule.category.value.clone(),
        clause: pool.cite(log, &rule.clause),
        basis: rule.basis,
        excluded_by_veto: rule.excluded_by_veto,
    }
}

fn publicity(
    rule: &written::Publicity,
    written: &Written,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Option<Publicity> {
    let clause = pool.cite(log, &rule.clause);
    if rule.at_least.value < Decimal::ZERO {
        log.add(Code::PackValue, rule.at_least.at, "宣传标准不能是负数。");
    }
    let (entry, field) = metrics::summed(log, pool, &rule.sum)?;
    // Only of gifts it is known who gave.
    let gifts = written.reconcile.iter().flat_map(|file| &file.gift.items);
    let is_gift = gifts
        .into_iter()
        .any(|gift| gift.form.value == entry.form.id);
    if entry.form.credit == Credit::Reporter && !is_gift {
        let message = format!(
            "“{}”表没有写明记在谁名下（credit），也不是捐助往来（gift），不知道该宣传谁。",
            entry.form.sheet
        );
        log.add(Code::PackMismatch, rule.sum.at, message);
    }
    Some(Publicity {
        id: rule.id.value.clone(),
        name: rule.name.value.clone(),
        form: entry.form.id.clone(),
        field: field.id.clone(),
        at_least: rule.at_least.value,
        clause,
        basis: rule.basis,
    })
}
