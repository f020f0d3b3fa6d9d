//! 明细-…: one sheet per intake form with every entry, whom it is credited to,
//! whether it counts and why not, and where it was read.

use crate::assess::REPLACED;
use crate::report::Report;
use crate::report::plan::{Section, SheetPlan, Tab};

/// The sheet of the returns that were replaced.
const REPLACED_SHEET: &str = "明细-被替代的报表";

/// What stands on the sheet of replaced returns, if there are any.
pub(super) fn replaced(report: &Report<'_>) -> Option<SheetPlan> {
    let section = report.section(
        REPLACED,
        "",
        "同一单位又报了新的，旧的整份不计。这里每份每张表一行，注明在文件的哪些行、多少行、多少钱；逐行内容看所注的文件。分不清先后、等待裁定（或已经裁定）的几份不在这里：它们逐行列在前面各明细表里，“去向”是“被替代”。",
    )?;
    let mut plan = SheetPlan::new(REPLACED_SHEET, "被替代的报表")
        .tab(Tab::Entries)
        .with(Some(section), "");
    plan.most_width = 190;
    plan.long = true;
    Some(plan)
}

/// What stands on the sheets.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    report
        .policy
        .intake_forms()
        .map(|form| {
            let section = report
                .book
                .find(&format!("detail:{}", form.id))
                .map(|table| {
                    Section::new(
                        table,
                        "",
                        format!("每条记录一行，注明来自哪个文件、哪些单元格；没有另外注明工作表的，都在“{}”表。“计入”可改为“是”或“否”，数值也可以改，各表随之重算；要长期有效，请让填报单位改正后重报，或在“核对事项”裁定。", form.sheet),
                    )
                    .with_input("@counted")
                    .into()
                });
            let mut plan = SheetPlan::new(
                super::cut(&format!("明细-{}", form.sheet)),
                format!("{}（汇总明细）", form.title),
            )
            .tab(Tab::Entries)
            .with(section, "没有这张表的数据。");
            plan.most_width = 190;
            plan.long = true;
            plan
        })
        .collect()
}
