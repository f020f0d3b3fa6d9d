//! 专项活动: 万企帮万村, 引老乡 and 调研视察, which stand beside the funds.

use super::funds;
use super::source;
use crate::report::Report;
use crate::report::plan::{Item, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let tables = (1..).zip(funds::rules(report, false));
    let items: Vec<Item> = tables
        .map(|(number, (table, rule))| funds::section(report, number, table, rule))
        .collect();
    let mut plan = SheetPlan::new("专项活动", "专项活动汇总表")
        .tab(Tab::Proof)
        .note(source("各表"))
        .note(
            "这里的投入和次数另列，不并入“资金-…”各表。每张表末行“核对”与明细直接相加的结果对照。",
        )
        .with(items, "方案没有规定专项活动的汇总表。");
    plan.most_width = 190;
    plan
}
