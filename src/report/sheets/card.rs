//! 成绩单: one unit on one page. In the consolidated workbook the unit is chosen in a
//! cell; on the cards that are handed out it is fixed.

use super::tall;
use crate::assess::{PICK, card_tables};
use crate::report::Report;
use crate::report::plan::{Flow, Item, Section, SheetPlan, Tab};
use crate::roster::Unit;

/// The name of the sheet.
const NAME: &str = "成绩单";
/// Widths of the columns.
const GRID: [u32; 10] = [18, 10, 13, 13, 14, 11, 11, 11, 19, 20];
/// Columns over which the tables stand.
const WHOLE: [(u16, u16); 1] = [(0, 9)];
/// Large numbers stand in one column each: LibreOffice finds no room for them in several.
const HEAD: [(u16, u16); 7] = [(0, 1), (2, 2), (3, 4), (5, 5), (6, 7), (8, 8), (9, 9)];
const ITEMS: [(u16, u16); 6] = [(0, 0), (1, 4), (5, 5), (6, 6), (7, 7), (8, 9)];
const VETOES: [(u16, u16); 3] = [(0, 2), (3, 3), (4, 9)];
const AWARDS: [(u16, u16); 5] = [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)];
const OPEN: [(u16, u16); 2] = [(0, 1), (2, 9)];
/// The label of the money, and each amount.
const MONEY: [(u16, u16); 9] = [
    (0, 1),
    (2, 2),
    (3, 3),
    (4, 4),
    (5, 5),
    (6, 6),
    (7, 7),
    (8, 8),
    (9, 9),
];

/// What stands on the sheet of the consolidated workbook.
pub(super) fn plan(report: &Report<'_>) -> Option<SheetPlan> {
    let how = "在“单位”一格点箭头选一个单位，整页随之变。“怎样补上”照现行的分值和标准算。每项的来源见“实绩”和“失分明细”。";
    page(report, "card:", NAME, &[how])
}

/// What stands on a unit's own card.
pub(in crate::report) fn own(report: &Report<'_>, unit: &Unit) -> Option<SheetPlan> {
    let office = &report.policy.pack.office;
    let foot = format!(
        "对得分有不同意见的，请向{office}提出，说明是哪一项、报表里的哪一行，并附上材料；报表里的错误，改好后重报。“怎样补上”照现行的分值和标准算，在考核期内做到并报来的才算。"
    );
    let title = format!("{}{NAME}", unit.name);
    page(report, &card_tables(unit), &title, &[&foot])
}

fn page(report: &Report<'_>, prefix: &str, title: &str, foot: &[&str]) -> Option<SheetPlan> {
    let section = |id: &str, heading: &str, spans: &[(u16, u16)]| {
        let table = report.book.find(&format!("{prefix}{id}"))?;
        Some(Section::new(table, heading, "").on_grid(Flow::Across, spans))
    };
    let fitted = |section: Section| Section {
        tall: tall(report, &section, &GRID),
        ..section
    };
    // Another unit may have more to say there.
    let roomy = |section: Section| {
        let mut section = fitted(section);
        if let (Some(lines), true) = (section.tall.first_mut(), report.live) {
            *lines = (*lines).max(2);
        }
        section
    };
    let head = section("head", "", &HEAD)?.large().with_label("unit");
    let head = match report.book.column("units", PICK) {
        Some(units) if report.live => head.with_choice("unit", units),
        _ => head,
    };
    let money = report.book.table(&format!("{prefix}money"));
    let money = money.and_then(|table| table.printed).unwrap_or(0);
    let spans: Vec<(u16, u16)> = MONEY.into_iter().take(money).collect();
    let sections = [
        section("state", "", &WHOLE).map(|one| fitted(one.bare())),
        Some(head),
        section("sum", "", &WHOLE).map(|one| roomy(one.bare().with_label("words"))),
        section("items", "", &ITEMS).map(fitted),
        section("vetoes", "", &VETOES).map(fitted),
        section("awards", "", &AWARDS).map(fitted),
        section("money", "", &spans).map(Section::dashed),
        section("open", "", &OPEN).map(roomy),
    ];
    let sections = sections.into_iter().flatten().map(Item::from);
    let foot = foot.iter().map(|text| Item::Remark((*text).to_owned()));
    let mut plan = SheetPlan::new(NAME, title)
        .tab(Tab::Leading)
        .with(sections.chain(foot), "");
    plan.one_page = true;
    plan.filter = false;
    plan.grid = GRID.to_vec();
    plan.money = Some(format!(
        "{}（文字里另写明的除外）",
        report.policy.pack.front_money.word()
    ));
    Some(plan)
}
