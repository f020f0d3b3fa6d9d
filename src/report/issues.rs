//! 核对事项: every finding about the data, with its place and how to mend it.

use super::Report;
use super::members::PROOF;
use super::plan::SheetPlan;

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let section = report.section(
        "issues",
        "",
        "错误：这一格或这一行没有计入；警告：已计入，请再看一遍；提示：供参考。点蓝色文字可到明细表中的这一条。",
    );
    let mut plan = SheetPlan::new("核对事项", "核对事项表")
        .tab(PROOF)
        .with(section, "没有需要核对的事项。");
    plan.most_width = 180;
    plan
}
