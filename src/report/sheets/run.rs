//! 运行信息: what the report was made from, and the proof that nothing was
//! lost on the way. Tables that no other sheet claims stand here too.

use std::collections::HashSet;

use crate::report::Report;
use crate::report::plan::{Item, Section, SheetPlan, Tab};
use crate::ruling::RUN;

/// What stands on the sheet; `drawn` are the tables of the other sheets.
pub(super) fn plan(report: &Report<'_>, drawn: &HashSet<usize>) -> SheetPlan {
    let items: Vec<Item> = report
        .book
        .tables
        .iter()
        .enumerate()
        .filter(|(index, _)| !drawn.contains(index))
        .map(|(index, table)| {
            let (heading, note) = words(&table.id);
            let section = Section::new(index, heading, note);
            if table.id == "run" {
                section.stretched().into()
            } else {
                section.into()
            }
        })
        .collect();
    let mut plan = SheetPlan::new(RUN, RUN)
        .tab(Tab::Proof)
        .with(items, "没有运行信息。");
    plan.filter = false;
    plan
}

/// Heading and explanation of a table.
fn words(id: &str) -> (&str, &str) {
    match id {
        "run" => ("本次运行", "同样的文件、名册和方案，每次运行结果相同。"),
        "conservation:files" => (
            "文件核对",
            "读到的文件数应等于采用、被替代、搁置、打不开和逾期的文件数之和。",
        ),
        "conservation:rows" => (
            "行数核对",
            "每张报表读到的行数应等于计入、重复、被替代、剔除和不予计入的行数之和。",
        ),
        "conservation:money" => (
            "金额核对",
            "每张报表读到的金额，加上裁定改数，应等于计入、重复、被替代、剔除和不予计入的金额之和，精确到分。",
        ),
        other => (other, ""),
    }
}
