//! 一票否决: every unit and member that a veto may strike, and whether it does.

use crate::policy::Subject;
use crate::report::Report;
use crate::report::plan::{Section, SheetPlan, Tab};

/// What stands on the sheets: units, then members.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let ratios = match has_ratios(report) {
        true => "占比的分母为零、算不出来的，按方案为“待定”或“不适用”，不算零。",
        false => "",
    };
    let sheets = report.tables("veto:").map(|(table, of)| {
        let (name, title, subject, note) = match of {
            "members" => (
                "一票否决-委员",
                "委员一票否决情况表",
                Subject::Member,
                "列生成时被否决或待定的\u{FF1B}改动“计入”后以“委员三个一”表为准。",
            ),
            _ => ("一票否决", "一票否决情况表", Subject::Unit, ""),
        };
        SheetPlan::new(name, title)
            .tab(Tab::Leading)
            .note(format!(
                "{}实绩低于下限的为“一票否决”；没有报送、表里没有填报，或另有被剔除的记录要先改正、考核期外的记录等待裁定的，为“待定”；经批准的为“免予否决”；其余为“未触发”。{ratios}{note}",
                basis(report, subject)
            ))
            .with([Section::new(table, "", "").into()], "")
    });
    let plans: Vec<SheetPlan> = sheets.collect();
    match plans.is_empty() {
        true => vec![
            SheetPlan::new("一票否决", "一票否决情况表")
                .tab(Tab::Leading)
                .with([], "方案没有一票否决的规定。"),
        ],
        false => plans,
    }
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
