//! 一票否决: every unit and member that a veto may strike, and whether it does.

use super::source;
use crate::policy::Subject;
use crate::report::Report;
use crate::report::plan::{Item, Section, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let sections: Vec<Item> = report
        .tables("veto:")
        .map(|(table, rest)| {
            let (heading, subject) = match rest {
                "units" => ("一、单位", Subject::Unit),
                "members" => ("二、委员\u{FF08}生成时被否决或待定的\u{FF1B}改动“计入”后以“委员三个一”表为准\u{FF09}", Subject::Member),
                other => (other, Subject::Unit),
            };
            Section::new(table, heading, basis(report, subject)).into()
        })
        .collect();
    let mut plan = SheetPlan::new("一票否决", "一票否决情况表")
        .tab(Tab::Leading)
        .note(source("各表"))
        .note(format!(
            "实绩低于下限的为“一票否决”；没有报送、表里没有填报，或另有被剔除的记录要先改正、考核期外的记录等待裁定的，为“待定”，由本办裁定；经批准不作一票否决的为“免予否决”，见“免予否决”表；其余为“未触发”。{}",
            if has_ratios(report) { "占比的分母为零、算不出来的，按方案为“待定”或“不适用”，不算零。" } else { "" }
        ))
        .with(sections, "方案没有一票否决的规定。");
    plan.most_width = 210;
    plan
}

/// Whether a veto looks at a ratio.
fn has_ratios(report: &Report<'_>) -> bool {
    let mut vetoes = report.policy.vetoes.iter();
    vetoes.any(|veto| crate::assess::parts(report.policy, &veto.metric).is_some())
}

/// The vetoes and their clauses in words.
fn basis(report: &Report<'_>, subject: Subject) -> String {
    let words: Vec<String> = report
        .policy
        .vetoes
        .iter()
        .filter(|veto| veto.subject == subject)
        .map(|veto| {
            let whom = match report.policy.unit_kinds.get(&veto.kind) {
                Some(kind) => kind.name.as_str(),
                None => "委员",
            };
            format!(
                "{whom}{}\u{FF08}{}\u{FF09}",
                veto.name,
                report.cite(&veto.clause)
            )
        })
        .collect();
    if words.is_empty() {
        return String::new();
    }
    format!("{}。", words.join("\u{FF1B}"))
}
