//! Conditions and constants: exactly what COUNTIFS and SUMIFS can say.

use super::fields::{YES_NO, choice_items, is_number, not_listed};
use super::known_form::KnownForm;
use super::{Pool, text};
use crate::diagnostic::Code;
use crate::policy::log::{Log, Mark, Text};
use crate::policy::written;
use crate::policy::{Condition, Field, Kind, Operator, Test};

/// Checks the conditions on the entries of a form.
pub(super) fn check(
    conditions: Option<&Mark<Vec<written::Condition>>>,
    entry: &KnownForm,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Vec<Condition> {
    let mut checked = Vec::new();
    for condition in conditions.iter().flat_map(|list| &list.value) {
        for test in tests(condition, entry, pool, log) {
            checked.push(Condition { test });
        }
    }
    checked
}

fn tests(
    condition: &written::Condition,
    entry: &KnownForm,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Vec<Test> {
    let comparisons = comparisons(condition);
    let count = comparisons.len() + usize::from(condition.is.is_some());
    if let Some(complete) = &condition.complete {
        return self::complete(condition, complete, count, entry, log);
    }
    let Some(id) = &condition.field else {
        let message = "条件要用 field 写明看哪一栏，或写 complete = true。";
        log.add(Code::PackShape, condition.at, message);
        return Vec::new();
    };
    if count == 0 {
        let message = "条件要写 is、equals、at_least、more_than、at_most 或 less_than。";
        log.add(Code::PackShape, condition.at, message);
    }
    let Some(field) = entry.field(log, id) else {
        return Vec::new();
    };
    let mut tests = Vec::new();
    if let Some(text) = &condition.is
        && constant(log, field, text, pool)
    {
        tests.push(Test::Is {
            field: field.id.clone(),
            text: text.value.clone(),
        });
    }
    for (operator, value) in comparisons {
        if is_number(&field.kind) {
            tests.push(Test::Number {
                field: field.id.clone(),
                operator,
                value: value.value,
            });
        } else {
            let message = format!("“{}”不是数字栏，不能比大小；文字用 is。", field.header);
            log.add(Code::PackMismatch, value.at, message);
        }
    }
    tests
}

fn comparisons(condition: &written::Condition) -> Vec<(Operator, &written::Number)> {
    [
        (Operator::Equal, &condition.equals),
        (Operator::AtLeast, &condition.at_least),
        (Operator::MoreThan, &condition.more_than),
        (Operator::AtMost, &condition.at_most),
        (Operator::LessThan, &condition.less_than),
    ]
    .into_iter()
    .filter_map(|(operator, value)| value.as_ref().map(|value| (operator, value)))
    .collect()
}

fn complete(
    condition: &written::Condition,
    complete: &Mark<bool>,
    others: usize,
    entry: &KnownForm,
    log: &mut Log<'_>,
) -> Vec<Test> {
    if !complete.value {
        let message = "这里只能写 complete = true；不看是否齐全就不写这一条。";
        log.add(Code::PackValue, complete.at, message);
    }
    if condition.field.is_some() || others > 0 {
        let message = "complete 要单独成一个条件，不能与别的写在一起。";
        log.add(Code::PackShape, condition.at, message);
    }
    if entry.form.complete.is_empty() {
        let message = format!(
            "“{}”表没有写明 complete（哪些栏要齐全），不能用这个条件。",
            entry.form.sheet
        );
        log.add(Code::PackMismatch, complete.at, message);
    }
    vec![Test::Complete]
}

/// Checks a constant that a field is compared with for equality.
pub(super) fn constant(log: &mut Log<'_>, field: &Field, constant: &Text, pool: &Pool) -> bool {
    if !text::criterion(log, constant, "条件里的文字") {
        return false;
    }
    let items: Vec<&str> = match &field.kind {
        Kind::YesNo => YES_NO.to_vec(),
        Kind::Choice(id) => match pool.choices.get(id) {
            Some(choice) => choice_items(choice),
            None => return true,
        },
        Kind::UnitKind if !pool.kinds.is_whole() => return true,
        Kind::UnitKind => pool
            .kinds
            .items()
            .values()
            .map(|k| k.name.as_str())
            .collect(),
        Kind::Integer | Kind::Number | Kind::Money | Kind::Percent | Kind::Date => {
            let message = format!("“{}”不是文字栏，不能用 is。", field.header);
            log.add(Code::PackMismatch, constant.at, message);
            return false;
        }
        Kind::Text | Kind::Code | Kind::Member | Kind::Village | Kind::Unit | Kind::Phone => {
            return true;
        }
    };
    if items.contains(&constant.as_str()) {
        return true;
    }
    let standard = match &field.kind {
        Kind::Choice(id) => pool.choices.get(id),
        _ => None,
    }
    .and_then(|choice| {
        choice
            .aliases
            .iter()
            .find(|(typed, _)| *typed == constant.value)
    });
    match standard {
        Some((_, meant)) => {
            let message = format!("条件里要用标准写法“{meant}”，不能用“{}”。", constant.value);
            log.add(Code::PackValue, constant.at, message);
        }
        None => not_listed(log, constant, &items, "条件里的文字"),
    }
    false
}
