//! 临界与试算: who is a little short of an award or a veto, and what one open
//! ruling would change.

use super::source;
use crate::assess::near_words;
use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let words = near_words();
    let near = report.section("near:all", "一、离评优或否决只差一点的单位", &words);
    let trials = report.section(
        "trials",
        "二、待裁定事项试算",
        "每件待裁定事项，假如只对它作某种裁定、其他都不动，结果会怎样变。这是生成工作簿时试算的，不随明细重算；没有裁定任何事项。",
    );
    let mut plan = SheetPlan::new("临界与试算", "临界情况与裁定试算表")
        .tab(Tab::Leading)
        .note(source("各表"))
        .with(near.into_iter().chain(trials), "没有可列的情况。");
    plan.most_width = 190;
    plan
}
