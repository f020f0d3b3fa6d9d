//! 问题清单: every finding about the data, with its place and how to mend it.

use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let section = report.section(
        "issues",
        "",
        "错误：没有计入，改好后重报；警告：请核对，是否计入见“事项”一栏；提示：供参考。",
    );
    let mut plan = SheetPlan::new("问题清单", "问题清单")
        .tab(Tab::Proof)
        .with(section, "没有发现问题。");
    plan.most_width = 180;
    plan
}
