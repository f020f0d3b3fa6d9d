//! 实绩: for each kind of unit, what each reached and the points for it.

use super::ranking::sheet_name;
use super::{kind_name, source};
use crate::report::Report;
use crate::report::plan::{ChartPlan, Section, SeriesPlan, SheetPlan, Tab};
use crate::sheet::ChartKind;

/// What stands on the sheets.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let pack = &report.policy.pack;
    let sheets = report.tables("score:").map(|(table, kind)| {
        let name = kind_name(report, kind);
        let own = report.policy.scores.iter().filter(|score| score.kind == kind);
        let items: Vec<&str> = own.map(|score| score.name.as_str()).collect();
        let sum = match items.is_empty() {
            true => String::new(),
            false => format!("总分={}各项得分之和，加上本办加减分（不高于满分，不低于零）。", items.join("、")),
        };
        SheetPlan::new(sheet_name("实绩", name), format!("{name}实绩和得分"))
            .tab(Tab::Proof)
            .note(source("各表"))
            .note(format!(
                "总分满分{}分（{}）。每项先列实绩，再列得分；分值和标准见“评分规则”，改取值即随之重算。\
                 “不适用”的项目不计分，其分值按比例分摊到其余各项。{sum}",
                pack.full_mark.normalize(),
                report.cite(&pack.full_mark_clause)
            ))
            .wide(190)
            .with([Section::new(table, "", "").into()], "")
    });
    sheets.collect()
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
