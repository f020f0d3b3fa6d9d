//! The figures that the rules work with (points, thresholds), each in a cell
//! of its own, so that a leader may change one and see what follows.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::held::format_of;
use super::metrics::sure;
use crate::book::{Book, CellRef, Expr, Format, Slot, Table};
use crate::policy::{Basis, Goal, Kind, Method, Policy, Target};
use crate::sheet::Scalar;

/// Where each parameter stands, by rule id and name of the parameter.
#[derive(Debug, Clone, Default)]
pub struct Params {
    cells: HashMap<(String, String), CellRef>,
}

impl Params {
    /// A parameter as an expression.
    pub fn get(&self, rule: &str, param: &str) -> Expr {
        let cell = self.cells.get(&(rule.to_owned(), param.to_owned()));
        sure(cell.map(|cell| Expr::Cell(*cell)))
    }
}

/// What stands in a row of the table.
struct Row<'a> {
    rule: &'a str,
    name: String,
    key: String,
    label: String,
    value: Decimal,
    measure: &'a str,
    format: Format,
    clause: &'a str,
    basis: Basis,
}

/// Adds the table `params` to the book.
pub fn add(book: &mut Book, policy: &Policy) -> Params {
    let mut table = Table::new("params");
    table.column("name", "规则", Format::Text);
    table.column("param", "参数", Format::Text);
    let value = table.column("value", "取值", Format::Number);
    table.column("measure", "单位", Format::Centre);
    table.column("clause", "条款", Format::Centre);
    table.column("basis", "依据", Format::Text);
    let mut params = Params::default();
    for row in rows(policy) {
        let cell = CellRef {
            table: book.next(),
            row: table.rows.len(),
            column: value,
        };
        params.cells.insert((row.rule.to_owned(), row.key), cell);
        table.rows.push(vec![
            Slot::text(row.name),
            Slot::text(row.label),
            Slot::FormattedFact(Scalar::Number(row.value), row.format),
            Slot::text(row.measure),
            Slot::text(row.clause),
            Slot::text(basis_word(row.basis)),
        ]);
    }
    book.add(table);
    params
}

/// A basis in the user's words.
pub fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Plan => "方案规定",
        Basis::OfficeDefault => "本办默认、待确认",
    }
}

/// How a threshold of a metric is shown: a share as a percentage, so that whoever
/// changes it sees what is meant.
pub fn shown(policy: &Policy, metric: &str) -> Format {
    match format_of(policy, metric) {
        Format::Percent => Format::Percent,
        _ => Format::Number,
    }
}

/// In what a goal's threshold is counted, and how it is shown.
pub fn goal_shown<'a>(policy: &'a Policy, goal: &Goal) -> (&'a str, Format) {
    let form = policy.forms.get(&goal.form);
    let field = form.and_then(|form| form.fields.get(&goal.field));
    match field {
        Some(field) if field.kind == Kind::Percent => ("占比", Format::Percent),
        Some(field) => (field.measure.as_str(), Format::Number),
        None => ("", Format::Number),
    }
}

fn rows(policy: &Policy) -> Vec<Row<'_>> {
    let mut rows = vec![Row {
        rule: "pack",
        name: "考核总分".to_owned(),
        key: "full_mark".to_owned(),
        label: "总分".to_owned(),
        value: policy.pack.full_mark,
        measure: "分",
        format: Format::Number,
        clause: &policy.pack.full_mark_clause,
        basis: Basis::Plan,
    }];
    let unit_of = |metric: &str| policy.metrics.get(metric).map_or("", |m| m.unit.word());
    for score in &policy.scores {
        let kind = policy.unit_kinds.get(&score.kind).map_or("", |k| &k.name);
        let mut add = |key: String, label: String, value, (measure, format)| {
            rows.push(Row {
                rule: &score.id,
                name: format!("{kind}评分：{}", score.name),
                key,
                label,
                value,
                measure,
                format,
                clause: &score.clause,
                basis: score.basis,
            });
        };
        let points = ("分", Format::Number);
        add("points".into(), "满分".into(), score.points, points);
        let measure = (unit_of(&score.metric), shown(policy, &score.metric));
        match &score.method {
            Method::Linear { full_at } => {
                add("full_at".into(), "达到此数得满分".into(), *full_at, measure);
            }
            Method::AllOrNothing { at_least } => {
                add(
                    "at_least".into(),
                    "达到此数得满分，否则不得分".into(),
                    *at_least,
                    measure,
                );
            }
            Method::Bands(bands) => {
                for (i, (from, points)) in bands.iter().enumerate() {
                    let n = i + 1;
                    add(format!("from{i}"), format!("第{n}档起点"), *from, measure);
                    add(
                        format!("points{i}"),
                        format!("第{n}档得分"),
                        *points,
                        ("分", Format::Number),
                    );
                }
            }
        }
    }
    for veto in &policy.vetoes {
        rows.push(Row {
            rule: &veto.id,
            name: format!("一票否决：{}", veto.name),
            key: "less_than".to_owned(),
            label: "少于此数即否决".to_owned(),
            value: veto.less_than,
            measure: unit_of(&veto.metric),
            format: shown(policy, &veto.metric),
            clause: &veto.clause,
            basis: veto.basis,
        });
    }
    for award in &policy.awards {
        rows.push(Row {
            rule: &award.id,
            name: format!("评优：{}", award.name),
            key: "at_least".to_owned(),
            label: "达到此数（含）".to_owned(),
            value: award.at_least,
            measure: unit_of(&award.metric),
            format: shown(policy, &award.metric),
            clause: &award.clause,
            basis: award.basis,
        });
    }
    for publicity in &policy.publicity {
        rows.push(Row {
            rule: &publicity.id,
            name: format!("宣传：{}", publicity.name),
            key: "at_least".to_owned(),
            label: "达到此数（含）".to_owned(),
            value: publicity.at_least,
            measure: "元",
            format: Format::Number,
            clause: &publicity.clause,
            basis: publicity.basis,
        });
    }
    for goal in &policy.goals {
        if let Target::AtLeast(value) = goal.target {
            let (measure, format) = goal_shown(policy, goal);
            rows.push(Row {
                rule: &goal.id,
                name: format!("目标：{}", goal.name),
                key: "at_least".to_owned(),
                label: "达到此数".to_owned(),
                value,
                measure,
                format,
                clause: &goal.clause,
                basis: goal.basis,
            });
        }
    }
    rows
}
