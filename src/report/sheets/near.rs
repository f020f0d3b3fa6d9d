//! 临界与试算: who is a little short of an award or a veto, and what one open
//! ruling would change.

use crate::assess::near_words;
use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheets.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let near = SheetPlan::new("临界情况", "临界情况表")
        .tab(Tab::Leading)
        .note(near_words())
        .with(report.section("near:all", "", ""), "没有可列的情况。");
    let trials = SheetPlan::new("裁定试算", "待裁定事项试算表")
        .tab(Tab::Proof)
        .note("每件待裁定事项，假如只对它作某种裁定、其他都不动，结果会怎样变。这是生成工作簿时试算的，不随明细重算；没有裁定任何事项。")
        .with(report.section("trials", "", ""), "没有待裁定的事项。");
    vec![near, trials]
}
