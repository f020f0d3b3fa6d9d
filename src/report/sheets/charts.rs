//! 图表: points by unit, money by channel and by month, by themselves on a sheet.

use super::{funds, scores};
use crate::policy::{Credit, Dimension};
use crate::report::Report;
use crate::report::plan::{ChartPlan, Item, SeriesPlan, SheetPlan, Tab};
use crate::sheet::ChartKind;

/// Width in pixels, where the band does not decide.
const WIDTH: u32 = 480;
/// Height in pixels of a chart of money.
const HEIGHT: u32 = 300;

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let scores: Vec<ChartPlan> = scores::charts(report, WIDTH);
    let mut money: Vec<ChartPlan> = funds::charts(report);
    money.extend(months(report));
    let bands = money.chunks(2).map(<[ChartPlan]>::to_vec);
    let bands = std::iter::once(scores).chain(bands);
    let bands = bands.filter(|band| !band.is_empty()).map(Item::Charts);
    let mut plan = SheetPlan::new("图表", "图表")
        .tab(Tab::Leading)
        .with(bands, "没有可画的数据。");
    plan.grid = vec![10; 14];
    plan.filter = false;
    plan
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
        height: HEIGHT,
    })
}
