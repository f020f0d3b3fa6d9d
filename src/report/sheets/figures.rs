//! 主要数字: counts and sums, each with the sheet that proves it, and the spread of the
//! points of each kind.

use super::source;
use crate::report::Report;
use crate::report::plan::{Section, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let tables: [(&str, &str, &[&str]); 4] = [
        ("overview:open", "一、定稿以前要了结的事", &["what"]),
        ("overview:figures", "二、主要数字", &["label", "label2"]),
        (
            "overview:kinds",
            "三、各类单位（得分只计已报送的）",
            &["kind"],
        ),
        (
            "overview:blocks",
            "四、三块帮扶资金物资（元；左为资金、物资，右为筹资渠道）",
            &["block"],
        ),
    ];
    let sections = tables.into_iter().filter_map(|(id, heading, labels)| {
        let section = Section::new(report.book.find(id)?, heading, "");
        let section = labels
            .iter()
            .fold(section, |one, label| one.with_label(label));
        let section = match labels.len() > 1 {
            true => section.stretched(),
            false => section,
        };
        Some(section.into())
    });
    let mut plan = SheetPlan::new("主要数字", "主要数字")
        .tab(Tab::Proof)
        .note(source("各表"))
        .wide(158)
        .with(sections, "没有可以汇总的数据。");
    plan.filter = false;
    plan
}
