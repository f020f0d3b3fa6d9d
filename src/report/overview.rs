//! 总览: the figures that the leadership reads first, on one page.

use super::plan::{ChartPlan, Item, Section, SeriesPlan, SheetPlan};
use super::{Report, scores};
use crate::sheet::ChartKind;

/// Colour of the tabs that the leadership reads.
pub(super) const LEADING: u32 = 0x00C0_0000;
/// Width of the charts in pixels.
const WIDTH: u32 = 540;

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let mut plan = SheetPlan::new("总览", "总览")
        .tab(LEADING)
        .note(source("各表"));
    let tables = [
        ("overview:figures", "一、主要数字", "", "label"),
        (
            "overview:kinds",
            "二、各类单位",
            "应报、已报按名册和回收文件计；平均分只计已报送的评分单位。",
            "kind",
        ),
        (
            "overview:blocks",
            "三、三块帮扶资金物资",
            "资金和物资折价，按捐助者所属单位计入所在的块；“万企帮万村”投入另列，不并入合计。",
            "block",
        ),
    ];
    for (id, heading, note, label) in tables {
        if let Some(table) = report.book.find(id) {
            let section = Section::new(table, heading, note).with_label(label);
            let section = if id == "overview:figures" {
                section.stretched()
            } else {
                section
            };
            plan.items.push(Item::Table(section));
        }
    }
    let known: Vec<usize> = plan.tables().collect();
    for (table, rest) in report.tables("overview:") {
        if !known.contains(&table) {
            plan.items.push(Section::new(table, rest, "").into());
        }
    }
    if let Some(chart) = blocks(report) {
        plan.items.push(Item::Charts(vec![chart]));
    }
    plan.side
        .extend(scores::charts(report, WIDTH).into_iter().take(2));
    plan.one_page = true;
    plan.filter = false;
    plan.most_width = 128;
    plan.with([], "没有可以汇总的数据。")
}

/// The line that says whence the figures come.
pub(super) fn source(of: &str) -> String {
    format!("本表所有数字均为公式，来自“明细-…”{of}；在明细表改“计入”，这里即随之重算。")
}

/// Funds per block.
fn blocks(report: &Report<'_>) -> Option<ChartPlan> {
    let categories = report.book.column("overview:blocks", "block")?;
    let values = report.book.column("overview:blocks", "total")?;
    Some(ChartPlan {
        kind: ChartKind::Column,
        title: "三块帮扶资金物资".to_owned(),
        axis: "元".to_owned(),
        series: vec![SeriesPlan::Column {
            name: "合计".to_owned(),
            categories,
            values,
        }],
        width: WIDTH,
        height: 250,
    })
}
