//! The plan clause by clause, and beneath each clause all that carries it out:
//! forms, lists, metrics and rules, with the values in force.

use super::metrics::header;
use super::params::{Params, basis_word, goal_shown, shown};
use crate::book::{Book, Format, Slot, Table};
use crate::policy::{Basis, Clause, Policy, Target};

/// Something that serves a clause.
struct Servant {
    /// What it is, in one word.
    sort: &'static str,
    name: String,
    /// The parameter that holds its value, as rule and name, and its unit.
    value: Option<Value>,
    basis: Option<Basis>,
}

/// A parameter by rule and name, its unit, and how it is shown.
struct Value(String, &'static str, String, Format);

/// Adds the table `clauses`.
pub fn add(book: &mut Book, policy: &Policy, params: &Params) {
    let mut table = Table::new("clauses");
    table.column("clause", "条款", Format::Centre);
    table.column("heading", "标题", Format::Text);
    table.column("sort", "类别", Format::Centre);
    table.column("name", "内容", Format::Text);
    table.column("value", "取值", Format::Number);
    table.column("measure", "单位", Format::Centre);
    table.column("basis", "依据", Format::Text);
    for clause in policy.clauses.values() {
        let head = [Slot::text(&clause.id), Slot::text(&clause.heading)];
        let mut gist = head.to_vec();
        gist.extend([Slot::text("要点"), Slot::text(&clause.gist)]);
        gist.resize(table.columns.len(), Slot::text(""));
        table.rows.push(gist);
        for one in servants(policy, clause) {
            let mut row = head.to_vec();
            row.extend([Slot::text(one.sort), Slot::text(one.name)]);
            match one.value {
                Some(Value(rule, param, measure, format)) => row.extend([
                    Slot::Formatted(params.get(&rule, param), format),
                    Slot::text(measure),
                ]),
                None => row.extend([Slot::text(""), Slot::text("")]),
            }
            row.push(Slot::text(one.basis.map_or("", basis_word)));
            table.rows.push(row);
        }
    }
    book.add(table);
}

/// All that serves a clause, forms first, then what works on them.
fn servants(policy: &Policy, clause: &Clause) -> Vec<Servant> {
    let mut found = Vec::new();
    let serves = |clauses: &[String]| clauses.contains(&clause.id);
    let mut add =
        |sort, name: String, value: Option<(&str, &'static str, (&str, Format))>, basis| {
            found.push(Servant {
                sort,
                name,
                value: value.map(|(rule, param, (measure, format))| {
                    Value(rule.to_owned(), param, measure.to_owned(), format)
                }),
                basis,
            });
        };
    for form in policy.forms.values().filter(|f| serves(&f.clauses)) {
        add(
            "报表",
            format!("{}：{}", form.sheet, form.title),
            None,
            None,
        );
    }
    for choice in policy.choices.values().filter(|c| serves(&c.clauses)) {
        let items = choice.items.join("、");
        add("选项", format!("{}：{items}", choice.name), None, None);
    }
    for kind in policy.unit_kinds.values().filter(|k| serves(&k.clauses)) {
        add("单位类型", kind.name.clone(), None, None);
    }
    for block in policy.blocks.values().filter(|b| b.clause == clause.id) {
        add("板块", block.name.clone(), None, None);
    }
    for metric in policy.metrics.values().filter(|m| m.clause == clause.id) {
        let name = header(metric);
        add("指标", name, None, None);
    }
    let unit_of = |metric: &str| {
        let unit = policy.metrics.get(metric).map_or("", |m| m.unit.word());
        (unit, shown(policy, metric))
    };
    let plain = |measure| (measure, Format::Number);
    if policy.pack.full_mark_clause == clause.id {
        let value = Some(("pack", "full_mark", plain("分")));
        add("评分", "考核总分".to_owned(), value, Some(Basis::Plan));
    }
    for score in policy.scores.iter().filter(|s| s.clause == clause.id) {
        let kind = policy.unit_kinds.get(&score.kind).map_or("", |k| &k.name);
        let name = format!("{kind}：{}（满分）", score.name);
        let value = Some((score.id.as_str(), "points", plain("分")));
        add("评分", name, value, Some(score.basis));
    }
    for veto in policy.vetoes.iter().filter(|v| v.clause == clause.id) {
        let name = format!("{}（少于此数即否决）", veto.name);
        let value = Some((veto.id.as_str(), "less_than", unit_of(&veto.metric)));
        add("一票否决", name, value, Some(veto.basis));
    }
    for award in policy.awards.iter().filter(|a| a.clause == clause.id) {
        let name = format!("{}（达到此数，含）", award.name);
        let value = Some((award.id.as_str(), "at_least", unit_of(&award.metric)));
        add("评优", name, value, Some(award.basis));
    }
    let personal = policy.personal_awards.iter();
    for award in personal.filter(|a| a.clause == clause.id) {
        add(
            "评优",
            format!("{}（提名）", award.name),
            None,
            Some(award.basis),
        );
    }
    for rule in policy.publicity.iter().filter(|p| p.clause == clause.id) {
        let name = format!("{}（达到此数，含）", rule.name);
        let value = Some((rule.id.as_str(), "at_least", plain("元")));
        add("宣传", name, value, Some(rule.basis));
    }
    for rule in policy.fund_tables.iter().filter(|f| f.clause == clause.id) {
        add("汇总表", rule.title.clone(), None, None);
    }
    for goal in policy.goals.iter().filter(|g| g.clause == clause.id) {
        let (name, value) = match &goal.target {
            Target::AtLeast(_) => (
                format!("{}（达到此数）", goal.name),
                Some((goal.id.as_str(), "at_least", goal_shown(policy, goal))),
            ),
            Target::Is(word) => (format!("{}（为“{word}”）", goal.name), None),
        };
        add("目标", name, value, Some(goal.basis));
    }
    found
}
