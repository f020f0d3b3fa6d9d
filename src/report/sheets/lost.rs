//! 失分明细: where points were lost, and what would mend it.

use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet, if units are scored.
pub(super) fn plan(report: &Report<'_>) -> Option<SheetPlan> {
    let section = report.section("lost", "", "")?;
    let plan = SheetPlan::new("失分明细", "失分和补救明细表")
        .tab(Tab::Proof)
        .note("每个单位每个评分项一行，可以筛选、排序：按“评分项”看谁丢了分，按“失分”看丢得最多的。“怎样补上”照现行的分值和标准算：再多这些，就得满分。");
    Some(plan.with([section], "没有评分项。"))
}
