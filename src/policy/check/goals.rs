//! Targets of the villages.

use std::collections::HashSet;

use super::known::Once;
use super::{Pool, conditions, fields, metrics, text};
use crate::diagnostic::Code;
use crate::policy::log::Log;
use crate::policy::parse::Written;
use crate::policy::{Field, Goal, Kind, Target, written};

/// Checks `rules/goals.toml`; gives the goals and the classes of villages
/// that they bind.
pub(super) fn check(written: &Written, pool: &Pool, log: &mut Log<'_>) -> (Vec<Goal>, Vec<String>) {
    let Some(file) = &written.goals else {
        return (Vec::new(), Vec::new());
    };
    let mut once = Once::default();
    let mut goals = Vec::new();
    let mut without_village = HashSet::new();
    for goal in &file.goal.items {
        text::id(log, &goal.id, "目标");
        text::line(log, &goal.name, "目标名称");
        once.note(log, &goal.id, &goal.id, "目标");
        goals.extend(self::goal(goal, pool, &mut without_village, log));
    }
    let classes = file.scope.0.as_ref().map(|scope| classes(scope, pool, log));
    (goals, classes.unwrap_or_default())
}

fn classes(scope: &written::Scope, pool: &Pool, log: &mut Log<'_>) -> Vec<String> {
    let known = pool.choices.get("village_class");
    let mut once = Once::default();
    for class in &scope.classes.value {
        once.note(log, class, class, "帮扶村类别");
        if let Some(known) = known
            && !known.items.contains(&class.value)
        {
            let items = known.items.iter().map(String::as_str);
            log.unknown(class, items, "帮扶村类别里没有", "");
        }
    }
    if scope.classes.is_empty() {
        let message = "至少要写一类帮扶村，否则目标不约束任何村。";
        log.add(Code::PackValue, scope.classes.at, message);
    }
    let classes = scope.classes.iter();
    classes.map(|class| class.value.clone()).collect()
}

fn goal(
    goal: &written::Goal,
    pool: &Pool,
    without_village: &mut HashSet<String>,
    log: &mut Log<'_>,
) -> Option<Goal> {
    let clause = pool.cite(log, &goal.clause);
    let found = metrics::field_at(log, pool, &goal.value);
    if goal.at_least.is_some() == goal.is.is_some() {
        let message = "目标要在 at_least（数字）和 is（文字）中正好写一个。";
        log.add(Code::PackShape, goal.at, message);
        return None;
    }
    let (entry, field) = found?;
    if !entry.may_have_kind(&Kind::Village) && without_village.insert(entry.form.id.clone()) {
        let message = format!(
            "“{}”表没有村栏（village），不知道是哪个村的目标。",
            entry.form.sheet
        );
        log.add(Code::PackMismatch, goal.value.at, message);
    }
    Some(Goal {
        id: goal.id.value.clone(),
        name: goal.name.value.clone(),
        form: entry.form.id.clone(),
        field: field.id.clone(),
        target: target(goal, field, pool, log)?,
        clause,
        basis: goal.basis,
    })
}

fn target(goal: &written::Goal, field: &Field, pool: &Pool, log: &mut Log<'_>) -> Option<Target> {
    if let Some(text) = &goal.is {
        return conditions::constant(log, field, text, pool)
            .then(|| Target::Is(text.value.clone()));
    }
    let at_least = goal.at_least.as_ref()?;
    if !fields::is_number(&field.kind) {
        let message = format!("“{}”不是数字栏，目标要用 is。", field.header);
        log.add(Code::PackMismatch, at_least.at, message);
        return None;
    }
    if let Some(max) = field.max
        && at_least.value > max
    {
        let message = format!(
            "“{}”最多能填{max}，达不到{}。",
            field.header, at_least.value
        );
        log.add(Code::PackValue, at_least.at, message);
    }
    Some(Target::AtLeast(at_least.value))
}
