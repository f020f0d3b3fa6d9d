//! 总览: one page from which the leadership sees who leads, who is struck by a veto,
//! who gets an award, how much money there is, what must be decided, and whether all
//! this is final.

use super::kind_name;
use crate::policy::FrontMoney;
use crate::report::Report;
use crate::report::plan::{Flow, Item, Section, SheetPlan, Tab};

/// Widths of the columns: ranks at the left, the rest at the right of a gap.
const GRID: [u32; 11] = [7, 19, 11, 12, 12, 2, 19, 12, 15, 15, 14];
/// Columns over which the tables stand.
const WHOLE: [(u16, u16); 1] = [(0, 10)];
const TILES: [(u16, u16); 5] = [(0, 1), (2, 4), (6, 6), (7, 8), (9, 10)];
const RANKS: [(u16, u16); 5] = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)];
const VETOES: [(u16, u16); 3] = [(6, 7), (8, 9), (10, 10)];
const NAMES: [(u16, u16); 2] = [(6, 6), (7, 10)];
const MONEY: [(u16, u16); 4] = [(0, 1), (2, 2), (3, 3), (4, 4)];

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let section = |id: &str, heading: &str, flow: Flow, spans: &[(u16, u16)]| {
        let table = report.book.find(id)?;
        Some(Section::new(table, heading, "").on_grid(flow, spans))
    };
    let mut items: Vec<Item> = Vec::new();
    let tall = |section: Section| Section {
        tall: super::tall(report, &section, &GRID),
        ..section
    };
    let banner = section("front:banner", "", Flow::Across, &WHOLE).map(|one| tall(one.bare()));
    let tiles = section("front:tiles", "", Flow::Across, &TILES).map(Section::large);
    items.extend(banner.into_iter().chain(tiles).map(Item::from));
    for (table, kind) in report.tables("front:ranks:") {
        let all = report.book.table(&format!("score:{kind}"));
        let all = all.map_or(0, |table| table.height().saturating_sub(table.totals));
        let shown = report.book.tables.get(table).map_or(0, |one| one.height());
        let part = match all > shown {
            true => format!("（{all}个，列首尾；带*的可能变）"),
            false => format!("（{all}个；带*的可能变）"),
        };
        let heading = format!("得分名次：{}{part}", kind_name(report, kind));
        let section = Section::new(table, heading, "");
        items.push(section.on_grid(Flow::Left, &RANKS).into());
    }
    let money = report.book.table("front:money");
    let money = money.map_or(0, |table| table.columns.len());
    let mut spans = MONEY.to_vec();
    spans.truncate(money);
    if let Some(last) = spans.last_mut() {
        last.1 = 4;
    }
    let below = [
        section("front:vetoes", "一票否决", Flow::Right, &VETOES),
        section("front:vetoed", "", Flow::Right, &NAMES).map(|one| tall(one.bare())),
        section("front:awards", "符合评优标准", Flow::Right, &NAMES).map(tall),
        section("front:money", "三块帮扶资金物资", Flow::Left, &spans),
        section(
            "front:decide",
            "请议定的事（全部见“核对事项”“裁定试算”）",
            Flow::Right,
            &NAMES,
        )
        .map(tall),
    ];
    items.extend(below.into_iter().flatten().map(Item::from));
    let mut plan = SheetPlan::new("总览", "考核结果总览")
        .tab(Tab::Leading)
        .with(items, "没有可以汇总的数据。");
    plan.one_page = true;
    plan.filter = false;
    plan.grid = GRID.to_vec();
    plan.money = Some(match report.policy.pack.front_money {
        FrontMoney::Yuan => FrontMoney::Yuan.word().to_owned(),
        shown => format!("{}（其他表为元）", shown.word()),
    });
    plan
}

/// 目录: what stands on the other sheets.
pub(super) fn contents(plans: &[SheetPlan]) -> SheetPlan {
    let of = |tab: Tab, heading: &str| {
        let own = plans.iter().filter(|plan| plan.tab == Some(tab));
        let own = own.map(|plan| (plan.name.clone(), plan.title.clone()));
        Item::Contents(heading.to_owned(), own.collect())
    };
    let groups = [
        of(Tab::Leading, "一、结果（红色标签）：领导看的表"),
        of(
            Tab::Proof,
            "二、依据（灰色标签）：结果从哪里来，待裁定的事项，数据里的问题",
        ),
        of(
            Tab::Entries,
            "三、明细（蓝色标签）：各单位报来的每一条，注明出自哪个文件、哪个单元格",
        ),
    ];
    let mut plan = SheetPlan::new("目录", "目录")
        .tab(Tab::Leading)
        .with(groups, "");
    plan.grid = vec![34, 74];
    plan
}
