//! 宣传名单: donors whose sum is large enough to be proposed for publicity.

use crate::policy::Basis;
use crate::report::Report;
use crate::report::plan::{Item, Section, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let sections: Vec<Item> = report
        .tables("publicity:")
        .map(|(table, id)| {
            let rule = report.policy.publicity.iter().find(|p| p.id == id);
            let (heading, note) = match rule {
                Some(rule) => {
                    let basis = match rule.basis {
                        Basis::Plan => "方案规定",
                        Basis::OfficeDefault => "本办默认、待确认",
                    };
                    (
                        rule.name.as_str(),
                        format!(
                            "同一捐助者计入的各笔相加，达到标准（含本数）的列为宣传对象；依据{}，标准为{basis}。列入哪些以生成时为准，金额随明细重算。",
                            report.cite(&rule.clause)
                        ),
                    )
                }
                None => (id, String::new()),
            };
            Section::new(table, heading, note).into()
        })
        .chain(report.section(
            "nominated",
            "工作表现突出（提名）",
            "由本办提名的个人，名单在“提名”表里。",
        ))
        .collect();
    SheetPlan::new("宣传名单", "宣传名单")
        .tab(Tab::Leading)
        .note("金额均为公式，来自“明细-…”各表；标准见“评分规则”。被一票否决的也列在这里并注明，是否宣传由本办决定。")
        .with(sections, "方案没有宣传的规定。")
}
