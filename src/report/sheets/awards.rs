//! 评优资格: which units reach the award standard, and who may be nominated.

use super::source;
use crate::report::Report;
use crate::report::plan::{Item, Section, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let sections: Vec<Item> = report
        .tables("award:")
        .map(|(table, rest)| {
            let (heading, note) = match rest {
                "units" => (
                    "一、单位",
                    "实绩达到标准（含本数）且没有被一票否决的，符合评优条件；“还差”是离标准还差多少。有待裁定事项可能改变结果的，列出它的编号；裁定以前按所报的算。待定原因里“有待定的记录”，是待裁定的、没有读取的或没有填报的计入以后可能达标。",
                ),
                "persons" => (
                    "二、个人",
                    "个人评优看工作表现，由本办提名；这里只列明谁可以提名，被一票否决的委员不得提名。",
                ),
                other => (other, ""),
            };
            Section::new(table, heading, note).into()
        })
        .collect();
    let mut clauses: Vec<&str> = Vec::new();
    for clause in report
        .policy
        .awards
        .iter()
        .map(|a| a.clause.as_str())
        .chain(
            report
                .policy
                .personal_awards
                .iter()
                .map(|a| a.clause.as_str()),
        )
    {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    let cited: Vec<String> = clauses.iter().map(|clause| report.cite(clause)).collect();
    let mut plan = SheetPlan::new("评优资格", "评优资格表")
        .tab(Tab::Leading)
        .note(source("各表"))
        .note(format!("依据：{}。", cited.join("、")))
        .with(sections, "方案没有评优的规定。");
    plan.most_width = 205;
    plan
}
