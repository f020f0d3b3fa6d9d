//! The consolidated workbook is alive: whoever changes 计入, a value among the
//! entries, a threshold or the points of an item in the file, and lets an
//! engine recalculate it, gets what `assess` gives for input that was changed
//! in the same way.

use crate::common::county::{County, county};
use crate::common::typed;
use jiff::civil::date;
use kaohe::report::workbook;
use kaohe::sheet::{Cell, Content, Found, FoundSheet, FoundWorkbook, open, write};
use rust_decimal::Decimal;

/// How the names of the sheets begin whose every row must be the same, whatever its
/// place.
const SHEETS: [&str; 10] = [
    "考核评分",
    "实绩",
    "失分明细",
    "一票否决",
    "评优资格",
    "资金-",
    "专项活动",
    "委员三个一",
    "目标完成",
    "帮扶台账",
];

/// What among the main figures depends on what was found out when it was written.
const AS_WRITTEN: [&str; 10] = [
    // Who stands on the list is settled when the workbook is made; the sheet says so.
    "列入宣传的单位和个人",
    // A value that was changed by hand is not what was read, and this says so.
    "核对不相符",
    "离评优或否决只差一点",
    "受援方报收相符",
    "等待裁定涉及的金额",
    "等待裁定的事项",
    "件事项待裁定",
    "会改变资格的裁定",
    "数据中的错误",
    "数据中的警告",
];

fn a_county() -> County {
    county(7, 24)
}

fn made(county: &County) -> Vec<u8> {
    let assessment = county.world.assess_bytes(&county.files());
    let day = date(2018, 12, 31);
    let book = workbook(&county.world.policy, &assessment.book, day).expect("workbook");
    write(&book).expect("workbook is written")
}

/// The file after an engine has worked out every formula anew.
fn recalculated(bytes: &[u8]) -> FoundWorkbook {
    let spoiled = crate::common::with_sheets(bytes, crate::common::spoil);
    let options = formualizer::XlsxRecalculateOptions::default();
    let again = formualizer::recalculate_xlsx_bytes(&spoiled, options).expect("recalculates");
    open(&again.bytes).expect("recalculated workbook opens")
}

fn sheet<'a>(book: &'a FoundWorkbook, name: &str) -> &'a FoundSheet {
    let mut sheets = book.sheets.iter();
    sheets.find(|s| s.name == name).expect("the sheet")
}

fn said(found: &Found) -> String {
    match found {
        Found::Text(text) => text.to_string(),
        Found::Number(number) => number.round_dp(6).normalize().to_string(),
        other => format!("{other:?}"),
    }
}

/// The rows of a sheet, without regard to their order.
fn rows(sheet: &FoundSheet) -> Vec<String> {
    let mut rows: std::collections::BTreeMap<u32, Vec<String>> = Default::default();
    for (cell, found) in &sheet.cells {
        rows.entry(cell.row).or_default().push(said(found));
    }
    let mut rows: Vec<String> = rows.into_values().map(|row| row.join(" | ")).collect();
    rows.sort();
    rows
}

/// What the first page says of ranks and money, and of awards.
fn first_page(book: &FoundWorkbook) -> Vec<String> {
    let cells = sheet(book, "总览").cells.iter();
    let told = cells.filter(|(cell, found)| match cell.column {
        // Below the banner and the line of what waits.
        0..=4 => cell.row > 5,
        7 => said(found).contains("委组") || said(found).contains("分会"),
        _ => false,
    });
    let mut found: Vec<String> = told.map(|(_, found)| said(found)).collect();
    found.sort();
    found
}

/// The main figures by their names, and the rows of the tables below them.
fn main_figures(book: &FoundWorkbook) -> Vec<String> {
    let page = sheet(book, "主要数字");
    let at = |row: u32, column: u16| page.cells.get(&Cell::new(row, column)).map(said);
    let mut found = Vec::new();
    for row in 0..60 {
        for column in [0, 4] {
            let Some(label) = at(row, column) else {
                continue;
            };
            if !AS_WRITTEN.contains(&label.as_str()) {
                let value = at(row, column + 1).unwrap_or_default();
                found.push(format!("{label} {value}"));
            }
        }
        if at(row, 8).is_some() {
            found.extend((0..9).filter_map(|column| at(row, column)));
        }
    }
    found.sort();
    found
}

/// The changed file recalculated against the workbook of the changed input.
/// Gives how many rows differ from the file before the change, and how many
/// equations of conservation do not hold any more.
fn same(before: &[u8], changed: &[u8], expected: &[u8]) -> (usize, String) {
    let live = recalculated(changed);
    let (before, expected) = (open(before).expect("opens"), open(expected).expect("opens"));
    let mut moved = 0;
    let wanted_of = |name: &str| SHEETS.iter().any(|start| name.starts_with(start));
    let names = expected.sheets.iter().map(|one| one.name.as_str());
    for name in names.filter(|name| wanted_of(name)) {
        let (live, wanted) = (rows(sheet(&live, name)), rows(sheet(&expected, name)));
        let differ: Vec<_> = live.iter().filter(|row| !wanted.contains(row)).collect();
        let missing: Vec<_> = wanted.iter().filter(|row| !live.contains(row)).collect();
        assert_eq!(live, wanted, "{name}: {differ:#?} instead of {missing:#?}");
        let old = rows(sheet(&before, name));
        moved += live.iter().filter(|row| !old.contains(row)).count();
    }
    let mut page = sheet(&live, "主要数字").cells.iter();
    let label = page.find(|(_, found)| said(found) == "核对不相符");
    let at = label.expect("the label").0;
    let wrong = said(&sheet(&live, "主要数字").cells[&Cell::new(at.row, at.column + 1)]);
    for of in [main_figures, first_page] {
        let (live, wanted) = (of(&live), of(&expected));
        let differ: Vec<_> = live.iter().filter(|row| !wanted.contains(row)).collect();
        assert_eq!(live, wanted, "{differ:?}");
        assert!(live.len() > 20, "{live:?}");
    }
    (moved, wrong)
}

/// A gift among the entries: its row on the sheet, and who reports which row.
fn a_gift(bytes: &[u8], county: &County) -> (u32, usize, usize, Decimal) {
    let book = open(bytes).expect("opens");
    let entries = sheet(&book, "明细-资金物资");
    let column = |header: &str| {
        let mut cells = entries.cells.iter();
        let found = cells.find(|(_, found)| said(found) == header);
        found.expect("the header").0.column
    };
    let (amount, file, counted) = (
        column("金额或折价（元）"),
        column("来源文件"),
        column("计入"),
    );
    let sent = county.returns.iter().enumerate();
    let mut many = sent.filter(|(at, _)| county.gifts(*at).len() > 2);
    let (of, sent) = many.next().expect("a return with several gifts");
    let gift = &county.gifts(of)[1];
    let row = (0..9_999).find(|&row| {
        let at = |column| entries.cells.get(&Cell::new(row, column)).map(said);
        at(file).as_ref() == Some(&sent.name)
            && at(amount) == Some(gift.amount.normalize().to_string())
            && at(counted).as_deref() == Some("是")
    });
    (row.expect("the gift's row"), of, 1, gift.amount)
}

fn column_of(bytes: &[u8], name: &str, header: &str) -> u16 {
    let book = open(bytes).expect("opens");
    let mut cells = sheet(&book, name).cells.iter();
    let found = cells.find(|(_, found)| said(found) == header);
    found.expect("the header").0.column
}

#[test]
fn an_entry_that_is_not_to_count() {
    let mut county = a_county();
    let before = made(&county);
    let (row, of, at, _) = a_gift(&before, &county);
    let column = column_of(&before, "明细-资金物资", "计入");
    let changed = typed(&before, "明细-资金物资", &[(Cell::new(row, column), "否")]);
    let gifts = county.returns[of].rows.get_mut("funds").expect("gifts");
    gifts.remove(at);
    let (moved, wrong) = same(&before, &changed, &made(&county));
    assert!(moved > 5, "only {moved} rows moved");
    assert_eq!(wrong, "0");
}

#[test]
fn another_amount_of_an_entry() {
    let mut county = a_county();
    let before = made(&county);
    let (row, of, at, amount) = a_gift(&before, &county);
    let column = column_of(&before, "明细-资金物资", "金额或折价（元）");
    let more = amount + Decimal::new(3_333_337, 2);
    let typed_in = format!("#{more}");
    let changed = typed(
        &before,
        "明细-资金物资",
        &[(Cell::new(row, column), &typed_in)],
    );
    let gifts = county.returns[of].rows.get_mut("funds").expect("gifts");
    gifts[at].insert("amount", Content::Number(more));
    let (moved, wrong) = same(&before, &changed, &made(&county));
    assert!(moved > 5, "only {moved} rows moved");
    assert_eq!(
        wrong, "1",
        "the money that was read is told from what was typed over it"
    );
}

/// The cell of a value on 评分规则.
fn param(bytes: &[u8], rule: &str, label: &str) -> Cell {
    let book = open(bytes).expect("opens");
    let rules = sheet(&book, "评分规则");
    let at = |row, column| rules.cells.get(&Cell::new(row, column)).map(said);
    let row = (0..200)
        .find(|&row| at(row, 0).as_deref() == Some(rule) && at(row, 1).as_deref() == Some(label));
    Cell::new(row.expect("the rule"), 2)
}

#[test]
fn another_threshold() {
    let mut county = a_county();
    let before = made(&county);
    let cell = param(&before, "评优：先进委组", "达到此数（含）");
    let changed = typed(&before, "评分规则", &[(cell, "#123456.78")]);
    let award = &mut county.world.policy.awards[0];
    award.at_least = Decimal::new(12_345_678, 2);
    let (moved, wrong) = same(&before, &changed, &made(&county));
    assert!(moved > 5, "only {moved} rows moved");
    assert_eq!(wrong, "0");
}

#[test]
fn other_points() {
    let mut county = a_county();
    let before = made(&county);
    let cell = param(&before, "乡镇联工委评分：资金物资", "满分");
    let changed = typed(&before, "评分规则", &[(cell, "#2.5")]);
    let mut scores = county.world.policy.scores.iter_mut();
    let funds = scores.find(|score| score.id == "township_funds");
    funds.expect("the item").points = Decimal::new(25, 1);
    let (moved, wrong) = same(&before, &changed, &made(&county));
    assert!(moved > 5, "only {moved} rows moved");
    assert_eq!(wrong, "0");
}
