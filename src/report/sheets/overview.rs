//! 总览: the figures that the leadership reads first, on one page.

use super::{scores, source};
use crate::policy::{Credit, Dimension};
use crate::report::Report;
use crate::report::plan::{ChartPlan, Item, Section, SeriesPlan, SheetPlan, Tab};
use crate::sheet::ChartKind;

/// Width of the charts in pixels.
const WIDTH: u32 = 440;
/// Height of all charts together, in pixels.
const TALL: u32 = 1_080;

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let mut plan = SheetPlan::new("总览", "总览")
        .tab(Tab::Leading)
        .note(source("各表"));
    let tables: [(&str, &str, &[&str]); 4] = [
        ("overview:figures", "一、主要数字", &["label", "label2"]),
        (
            "overview:kinds",
            "二、各类单位（得分只计已报送的）",
            &["kind"],
        ),
        (
            "overview:blocks",
            "三、三块帮扶资金物资（元；左为资金、物资，右为筹资渠道）",
            &["block"],
        ),
        (
            "overview:near",
            "四、离评优或否决只差一点的单位（最近的几个，全部见“临界与试算”）",
            &["name"],
        ),
    ];
    for (id, heading, labels) in tables {
        if let Some(table) = report.book.find(id) {
            let section = Section::new(table, heading, "");
            let section = labels
                .iter()
                .fold(section, |one, label| one.with_label(label));
            let stretched = labels.len() > 1 || id == "overview:near";
            plan.items.push(Item::Table(if stretched {
                section.stretched()
            } else {
                section
            }));
        }
    }
    let known: Vec<usize> = plan.tables().collect();
    for (table, rest) in report.tables("overview:") {
        if !known.contains(&table) {
            plan.items.push(Section::new(table, rest, "").into());
        }
    }
    plan.side = scores::charts(report, WIDTH).into_iter().take(2).collect();
    plan.side.extend(months(report));
    fit(&mut plan.side);
    plan.one_page = true;
    plan.filter = false;
    plan.most_width = 158;
    plan.with([], "没有可以汇总的数据。")
}

/// Makes charts lower where they would stand higher than the tables beside them.
fn fit(charts: &mut [ChartPlan]) {
    let total: u32 = charts.iter().map(|chart| chart.height).sum();
    for chart in charts {
        if total > TALL {
            chart.height = chart.height * TALL / total;
        }
    }
}

/// Gifts by month.
fn months(report: &Report<'_>) -> Option<ChartPlan> {
    let rule = report.policy.fund_tables.iter().find(|rule| {
        let form = report.policy.forms.get(&rule.form);
        rule.rows == Dimension::Month
            && form.is_some_and(|form| matches!(form.credit, Credit::Donor(_)))
    })?;
    let table = format!("funds:{}", rule.id);
    Some(ChartPlan {
        kind: ChartKind::Column,
        title: "各月帮扶资金物资".to_owned(),
        axis: "元".to_owned(),
        series: vec![SeriesPlan::Column {
            name: "合计".to_owned(),
            categories: report.book.column(&table, "label")?,
            values: report.book.column(&table, "total")?,
        }],
        width: WIDTH,
        height: 200,
    })
}
