//! 委员三个一: each member's part, from which the shares and vetoes come.

use crate::report::Report;
use crate::report::plan::{SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let section = report.section(
        "members",
        "",
        "每名委员一行；各项为明细表中计入的条数，一项都没有的委员见“一票否决”。“填报”一栏写“没有填报”的，做了没有不知道：一票否决待定，在“核对事项”里裁定；占比照参与了的人数算。",
    );
    SheetPlan::new("委员三个一", "委员扶贫“三个一”情况表")
        .tab(Tab::Proof)
        .with(section, "名册里没有委员。")
}
