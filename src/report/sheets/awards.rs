//! 评优资格: which units reach the award standard, and who may be nominated.

use crate::report::Report;
use crate::report::plan::{Section, SheetPlan, Tab};

/// What stands on the sheets: units, then persons.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let policy = report.policy;
    let sheets = report.tables("award:").map(|(table, of)| {
        let clauses: Vec<&str> = match of {
            "persons" => policy.personal_awards.iter().map(|a| a.clause.as_str()).collect(),
            _ => policy.awards.iter().map(|a| a.clause.as_str()).collect(),
        };
        let mut cited: Vec<String> = Vec::new();
        for clause in clauses {
            let one = report.cite(clause);
            if !cited.contains(&one) {
                cited.push(one);
            }
        }
        let (name, title, note) = match of {
            "persons" => (
                "评优资格-个人",
                "个人评优资格表",
                "个人评优看工作表现，由本办提名；这里只列明谁可以提名，被一票否决的委员不得提名。",
            ),
            _ => (
                "评优资格",
                "评优资格表",
                "实绩达到标准（含本数）且没有被一票否决的，符合评优条件；“还差”是离标准还差多少。有待裁定事项可能改变结果的，列出它的编号；裁定以前按所报的算。",
            ),
        };
        SheetPlan::new(name, title)
            .tab(Tab::Leading)
            .note(format!("依据：{}。{note}", cited.join("、")))
            .with([Section::new(table, "", "").dashed().into()], "")
    });
    let plans: Vec<SheetPlan> = sheets.collect();
    match plans.is_empty() {
        true => vec![
            SheetPlan::new("评优资格", "评优资格表")
                .tab(Tab::Leading)
                .with([], "方案没有评优的规定。"),
        ],
        false => plans,
    }
}
