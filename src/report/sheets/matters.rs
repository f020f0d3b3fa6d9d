//! 核对事项: what waits for a ruling and what was ruled; and the sheets on
//! which the office adds, nominates and exempts. They are filled in where they
//! stand.

use crate::report::Report;
use crate::report::plan::{Item, SheetPlan, Tab};
use crate::ruling::{MATTERS, RulingForms};

/// What stands on 核对事项.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let section = inputs(
        report.section(
            "matters",
            "",
            "待裁定的排在前面；怎么裁都不改变结果和金额的写“不影响结果”，排在后面，可以不裁定。在浅黄的三栏里选好裁定，写明理由和裁定人，保存后再运行一次即生效，并记入工作区的“裁定.xlsx”。\
             裁定之前，疑似的照报计入；考核期外的暂不计入，相同的只计一条，捐助人不明的暂记在填报单位名下，没有填报的待定。所依据的单元格改动后，裁定自动作废，重新等待裁定。",
        ),
        &["verdict", "reason", "by"],
    );
    let mut plan = SheetPlan::new(MATTERS, "核对事项裁定表")
        .tab(Tab::Proof)
        .wide(150)
        .with(section, "没有需要裁定的事项。");
    plan.hides = true;
    plan
}

/// 加减分, 提名, 免予否决.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let forms = RulingForms::new();
    [forms.adjustments, forms.nominations, forms.exemptions]
        .into_iter()
        .map(|form| {
            let note = format!(
                "{}填好保存后再运行一次即生效，并记入“裁定.xlsx”。",
                form.guide
            );
            let ids: Vec<&str> = form.fields.keys().map(String::as_str).collect();
            let section = inputs(report.section(&form.id, "", &note), &ids);
            let mut plan = SheetPlan::new(&form.sheet, &form.title)
                .tab(Tab::Proof)
                .with(section, "");
            plan.filter = false;
            plan
        })
        .collect()
}

fn inputs(item: Option<Item>, columns: &[&str]) -> Option<Item> {
    item.map(|item| match item {
        Item::Table(section) => Item::Table(
            columns
                .iter()
                .fold(section, |section, column| section.with_input(column)),
        ),
        other => other,
    })
}
