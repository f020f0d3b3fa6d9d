//! 评分规则: the values that decide, which the office may change here, and the
//! clauses of the plan with what serves them.

use crate::report::Report;
use crate::report::plan::{Section, SheetPlan, Tab};

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let params = report.book.find("params").map(|table| {
        Section::new(
            table,
            "一、规则取值",
            "浅黄色的取值可以改，各表即随之重算；要长期有效，请改方案文件夹里的规则。“本办默认、待确认”的，是方案没有写明、由本办先定的。",
        )
        .with_input("value")
        .into()
    });
    let clauses = report.section(
        "clauses",
        "三、方案条款与本表的对应",
        "方案的每一条，下面是落实它的报表、选项、指标和规则，连同现行取值；“本办默认、待确认”的，方案没有写明。",
    );
    let tolerances = report.section(
        "tolerances",
        "二、核对口径",
        "决定哪些事项列入“核对事项”。要改，请改方案文件夹里的 reconcile.toml，再运行一次。",
    );
    let mut plan = SheetPlan::new("评分规则", "评分规则").tab(Tab::Proof).with(
        params.into_iter().chain(tolerances).chain(clauses),
        "方案没有规则。",
    );
    plan.most_width = 175;
    // The formulas refer to these very cells, so their rows must not be sorted.
    plan.filter = false;
    plan
}
