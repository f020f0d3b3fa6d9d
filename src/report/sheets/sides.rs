//! 捐受核对: what was given against what was received.

use crate::report::Report;
use crate::report::plan::{Item, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let sections: Vec<Item> = [
        (
            "sides:summary",
            "一、汇总",
            "捐助方报在“资金物资”表，受援方（乡镇）报在“受援情况”表；资金只按捐助方所报计入。金额随明细重算，笔数和核对结果以生成时为准。",
        ),
        (
            "sides:check",
            "二、两方合计",
            "捐助方合计应等于受援方合计加上逐笔列出的相差，精确到分；改了明细，逐笔列表不随着变，这里会说。",
        ),
        (
            "sides:gifts",
            "三、逐笔核对",
            "计入的每一笔都在这里，且只在一处；以生成时为准，不随明细重算；编号是“明细-资金物资”和“明细-受援情况”表里的编号。",
        ),
    ]
    .into_iter()
    .filter_map(|(id, heading, note)| report.section(id, heading, note))
    .collect();
    let mut plan = SheetPlan::new("捐受核对", "捐助受援核对表")
        .tab(Tab::Proof)
        .with(sections, "方案没有规定两方核对。");
    plan.most_width = 190;
    plan
}
