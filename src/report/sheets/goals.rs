//! 目标完成: each village against the targets of the plan.

use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let summary = report.section(
        "goal_summary",
        "二、各项目标",
        "达标村数只计方案目标所指的村（“计入范围”为“是”）。",
    );
    let villages = report.section(
        "goals",
        "一、各村",
        "逐项把各村填报的实际数与目标对照；没有填报的写“未报”，一个村计入了几行的写“待定”，都不算达标，也不算未达标；别的都达标、只有这些的，结论待定。",
    );
    let mut plan = SheetPlan::new("目标完成", "帮扶村目标完成情况表")
        .tab(Tab::Proof)
        .note(format!(
            "目标主要指这几类村：{}。",
            report.policy.goal_classes.join("、")
        ))
        .with(villages.into_iter().chain(summary), "方案没有规定目标。");
    plan.most_width = 200;
    plan
}
