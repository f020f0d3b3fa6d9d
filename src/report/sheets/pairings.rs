//! 帮扶台账: who helps whom, grouped by household and by helper.

use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let households = report.section(
        "ledger:households",
        "一、按贫困户",
        "同一户的帮扶人排在一起；只有一人帮的是“一对一”，几人帮的是“多对一”，都是允许的。",
    );
    let helpers = report.section(
        "ledger:helpers",
        "二、按帮扶人",
        "同一帮扶人帮的户排在一起。",
    );
    SheetPlan::new("帮扶台账", "“一对一”“多对一”帮扶台账")
        .tab(Tab::Proof)
        .note(format!(
            "来自“明细-…”中计入的结对记录，记录数、人数、户数和帮扶形式以生成时为准，不随明细重算；依据{}。",
            report.cite("7.2")
        ))
        .with(
            households.into_iter().chain(helpers),
            "没有结对帮扶的记录。",
        )
}
