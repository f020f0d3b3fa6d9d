//! 考核评分: for each kind of unit, what each reached and the points for it.

use super::source;
use crate::report::Report;
use crate::report::plan::{ChartPlan, Section, SeriesPlan, SheetPlan, Tab};
use crate::sheet::ChartKind;

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let pack = &report.policy.pack;
    let mut plan = SheetPlan::new("考核评分", "考核评分表")
        .tab(Tab::Leading)
        .note(source("各表"))
        .note(format!(
            "总分满分{}分（{}）。每项先列实绩，再列得分；分值和标准见“评分规则”，改取值即随之重算。\
             “不适用”的项目不计分，其分值按比例分摊到其余各项。",
            pack.full_mark.normalize(),
            report.cite(&pack.full_mark_clause)
        ));
    let sections = report.tables("score:").map(|(table, kind)| {
        let name = kind_name(report, kind);
        let items: Vec<&str> = report
            .policy
            .scores
            .iter()
            .filter(|score| score.kind == kind)
            .map(|score| score.name.as_str())
            .collect();
        let note = if items.is_empty() {
            "总分为各项得分之和。".to_owned()
        } else {
            format!(
                "总分={}各项得分之和，加上本办加减分（不高于满分，不低于零），按总分排名。",
                items.join("、")
            )
        };
        Section::new(table, name, note).into()
    });
    plan = plan.with(sections, "方案没有评分项目。");
    plan.most_width = 190;
    plan
}

/// Name of a kind of unit.
fn kind_name<'a>(report: &'a Report<'_>, kind: &'a str) -> &'a str {
    match report.policy.unit_kinds.get(kind) {
        Some(kind) => &kind.name,
        None => kind,
    }
}

/// A bar chart of the totals of each scored kind.
pub(super) fn charts(report: &Report<'_>, width: u32) -> Vec<ChartPlan> {
    report
        .tables("score:")
        .filter_map(|(table, kind)| {
            let found = report.book.tables.get(table)?;
            let categories = report.book.column(&found.id, "name")?;
            let values = report.book.column(&found.id, "total")?;
            let rows = u32::try_from(found.rows.len().saturating_sub(found.totals)).ok()?;
            let name = kind_name(report, kind);
            (rows > 0).then(|| ChartPlan {
                kind: ChartKind::Bar,
                title: format!("{name}总分"),
                axis: "分".to_owned(),
                series: vec![SeriesPlan::Column {
                    name: "总分".to_owned(),
                    categories,
                    values,
                }],
                width,
                height: (110 + rows * 24).min(900),
            })
        })
        .collect()
}
