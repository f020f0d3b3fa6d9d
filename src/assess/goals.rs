//! How far the villages have come with their targets.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::metrics::{For, column, criteria, sure, zero};
use super::params::Params;
use super::words::PENDING;
use crate::book::{Book, CellRef, Comparison, Criterion, Expr, Format, Slot, Table};
use crate::policy::{Goal, Kind, Policy, Target};
use crate::roster::{Roster, Village};

/// Shown where a village's value was not reported.
pub const NOT_REPORTED: &str = "未报";

/// Adds the tables `goals` (a village per row) and `goal_summary`.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = Table::new("goals");
    table.column("code", "编号", Format::Centre);
    table.column("name", "村", Format::Text);
    table.column("township", "乡镇（林场）", Format::Text);
    table.column("class", "类别", Format::Text);
    table.column("leader", "联系领导", Format::Text);
    table.column("scope", "列入目标考核", Format::Centre);
    for goal in &policy.goals {
        let field = policy
            .forms
            .get(&goal.form)
            .and_then(|f| f.fields.get(&goal.field));
        let format = match field.map(|f| &f.kind) {
            Some(Kind::Percent) => Format::Percent,
            Some(Kind::YesNo) => Format::Centre,
            _ => Format::Number,
        };
        table.column(format!("g:{}", goal.id), &goal.name, format);
    }
    table.column("reached", "达标项数", Format::Integer);
    table.column("short", "未达标", Format::Integer);
    table.column("silent", "未报或待定", Format::Integer);
    table.column("conclusion", "结论", Format::Centre);
    table.column("missing", "缺哪些", Format::Text);
    table.printed = Some(table.columns.len());
    let forms: BTreeSet<&str> = policy.goals.iter().map(|goal| goal.form.as_str()).collect();
    for form in &forms {
        table.column(rows_of(form), "计入的记录", Format::Integer);
    }
    let index = book.next();
    let in_scope = |village: &Village| policy.goal_classes.contains(&village.class);
    let (bound, free): (Vec<&Village>, Vec<&Village>) =
        roster.villages().partition(|v| in_scope(v));
    for village in bound.iter().chain(&free) {
        let here = |id: &str| table.coming(index, id);
        let count = Decimal::from(policy.goals.len());
        let reached = policy
            .goals
            .iter()
            .map(|goal| {
                let value = Expr::Cell(here(&format!("g:{}", goal.id)));
                Expr::when(reached(goal, value, params), Expr::whole(1), zero())
            })
            .collect();
        let silent = policy
            .goals
            .iter()
            .map(|goal| {
                let value = Expr::Cell(here(&format!("g:{}", goal.id)));
                let unknown = [NOT_REPORTED, PENDING].map(|word| Expr::is(value.clone(), word));
                Expr::when(Expr::Or(unknown.into()), Expr::whole(1), zero())
            })
            .collect();
        let known = Expr::Sum(vec![
            Expr::Cell(here("reached")),
            Expr::Cell(here("silent")),
        ]);
        let short = Expr::arithmetic(
            crate::book::Arithmetic::Subtract,
            Expr::Number(count),
            known,
        );
        // What was not reported is not known to be missed.
        let none = |id: &str| Expr::compare(Comparison::Equal, Expr::Cell(here(id)), zero());
        let conclusion = Expr::when(
            none("short"),
            Expr::when(none("silent"), Expr::text("全部达标"), Expr::text(PENDING)),
            Expr::text("未全部达标"),
        );
        let missing = policy.goals.iter().map(|goal| {
            let value = Expr::Cell(here(&format!("g:{}", goal.id)));
            let name = Expr::text(format!("{}；", goal.name));
            Expr::when(self::reached(goal, value, params), Expr::text(""), name)
        });
        let all_silent = policy.goals.iter().map(|goal| {
            let value = Expr::Cell(here(&format!("g:{}", goal.id)));
            Expr::is(value, NOT_REPORTED)
        });
        let missing = Expr::when(
            Expr::And(all_silent.collect()),
            Expr::text("全部未报"),
            Expr::Joined(missing.collect()),
        );
        let row = table
            .columns
            .iter()
            .map(|column| match column.id.as_str() {
                "code" => Slot::text(&village.code),
                "name" => Slot::text(&village.name),
                "township" => Slot::text(&village.township),
                "class" => Slot::text(&village.class),
                "leader" => Slot::text(&village.leader),
                "scope" => Slot::text(if in_scope(village) { "是" } else { "否" }),
                "reached" => Slot::Figure(Expr::Sum(Vec::clone(&reached))),
                "short" => Slot::Figure(short.clone()),
                "silent" => Slot::Figure(Expr::Sum(Vec::clone(&silent))),
                "conclusion" => Slot::Figure(conclusion.clone()),
                "missing" => Slot::Figure(missing.clone()),
                id if id.starts_with("@rows:") => {
                    let form = forms.iter().find(|form| rows_of(form) == id);
                    let of = Some(For::Village(here("code")));
                    let own = form.and_then(|form| criteria(book, form, &[], of));
                    Slot::Figure(sure(own.map(Expr::CountIfs)))
                }
                id => {
                    let goal = policy
                        .goals
                        .iter()
                        .find(|g| id.strip_prefix("g:") == Some(&g.id));
                    let value = goal.and_then(|goal| {
                        let rows = here(&rows_of(&goal.form));
                        value(book, goal, here("code"), rows)
                    });
                    Slot::Figure(value.unwrap_or_else(|| Expr::text(NOT_REPORTED)))
                }
            })
            .collect();
        table.rows.push(row);
    }
    book.add(table);
    add_summary(book, policy, params);
}

/// The column that says how many entries of a form count for a village.
fn rows_of(form: &str) -> String {
    format!("@rows:{form}")
}

/// What a village reported; a text where it reported nothing, or more than once.
fn value(book: &Book, goal: &Goal, code: CellRef, rows: CellRef) -> Option<Expr> {
    let village = criteria(book, &goal.form, &[], Some(For::Village(code)))?;
    let field = column(book, &goal.form, &goal.field)?;
    let with = |criterion: Criterion| {
        let mut all = village.clone();
        all.push(criterion);
        Expr::compare(Comparison::MoreThan, Expr::CountIfs(all), zero())
    };
    let none = Expr::text(NOT_REPORTED);
    // Several rows are no sum, and which of them is right is not known.
    let several = Expr::compare(Comparison::MoreThan, Expr::Cell(rows), Expr::whole(1));
    let told = match &goal.target {
        Target::AtLeast(_) => {
            let given = with(Criterion {
                column: field,
                comparison: Comparison::AtLeast,
                with: zero(),
            });
            Expr::when(given, Expr::SumIfs(field, village.clone()).rounded(4), none)
        }
        Target::Is(_) => {
            let said = |word: &str| with(Criterion::equal(field, Expr::text(word)));
            Expr::when(
                said("是"),
                Expr::text("是"),
                Expr::when(said("否"), Expr::text("否"), none),
            )
        }
    };
    Some(Expr::when(several, Expr::text(PENDING), told))
}

fn reached(goal: &Goal, value: Expr, params: &Params) -> Expr {
    match &goal.target {
        // In Excel any text is more than any number, hence the ISNUMBER.
        Target::AtLeast(_) => Expr::And(vec![
            Expr::IsNumber(Box::new(value.clone())),
            Expr::compare(Comparison::AtLeast, value, params.get(&goal.id, "at_least")),
        ]),
        Target::Is(text) => Expr::is(value, text),
    }
}

fn add_summary(book: &mut Book, policy: &Policy, params: &Params) {
    let mut table = Table::new("goal_summary");
    table.column("goal", "目标", Format::Text);
    table.column("clause", "条款", Format::Centre);
    table.column("target", "要求", Format::Centre);
    table.column("villages", "列入考核的村", Format::Integer);
    table.column("reached", "达标的村", Format::Integer);
    table.column("short", "未达标的村", Format::Integer);
    table.column("silent", "未报或待定的村", Format::Integer);
    let index = book.next();
    for goal in &policy.goals {
        let here = |id: &str| table.coming(index, id);
        let (Some(scope), Some(values)) = (
            book.column("goals", "scope"),
            book.column("goals", &format!("g:{}", goal.id)),
        ) else {
            continue;
        };
        let bound = Criterion::equal(scope, Expr::text("是"));
        let silent = [NOT_REPORTED, PENDING].map(|word| {
            let is_so = Criterion::equal(values, Expr::text(word));
            Expr::CountIfs(vec![bound.clone(), is_so])
        });
        let (target, reached) = match &goal.target {
            Target::AtLeast(_) => (
                Slot::Formatted(
                    params.get(&goal.id, "at_least"),
                    book.tables[values.table].columns[values.column].format,
                ),
                Criterion {
                    column: values,
                    comparison: Comparison::AtLeast,
                    with: params.get(&goal.id, "at_least"),
                },
            ),
            Target::Is(text) => (Slot::text(text), Criterion::equal(values, Expr::text(text))),
        };
        table.rows.push(vec![
            Slot::text(&goal.name),
            Slot::text(&goal.clause),
            target,
            Slot::Figure(Expr::CountIfs(vec![bound.clone()])),
            Slot::Figure(Expr::CountIfs(vec![bound.clone(), reached])),
            Slot::Figure(Expr::arithmetic(
                crate::book::Arithmetic::Subtract,
                Expr::Cell(here("villages")),
                Expr::Sum(vec![
                    Expr::Cell(here("reached")),
                    Expr::Cell(here("silent")),
                ]),
            )),
            Slot::Figure(Expr::Sum(silent.into())),
        ]);
    }
    book.add(table);
}
