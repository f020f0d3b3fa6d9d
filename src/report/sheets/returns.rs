//! 回收情况: who has returned what, and what became of every file.

use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let units = report.section(
        "units",
        "一、各单位",
        "按名册逐个列出；“已报送”为“否”的，请催报。",
    );
    let files = report.section(
        "files",
        "二、各文件",
        "“回收”文件夹里的每个文件都在这里；同一单位报了几份的，以最后一份为准，其余为“被替代”。",
    );
    let mut plan = SheetPlan::new("回收情况", "回收情况表")
        .tab(Tab::Proof)
        .with(units.into_iter().chain(files), "还没有回收任何文件。");
    plan.most_width = 190;
    plan
}
