//! Rows that add up others and are no entries: how they are known, and whether
//! they agree with what stands above them.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::merge::is_number;
use super::page::{FormReading, PageOf};
use super::shown::found;
use crate::diagnostic::{Code, Finding, some};
use crate::policy::Field;
use crate::sheet::{Cell, Found};
use crate::value::{money, parse_money, squeezed};

/// Words with which the label of a total begins or ends.
const WORDS: [&str; 10] = [
    "合计",
    "小计",
    "总计",
    "共计",
    "累计",
    "汇总",
    "总和",
    "总数",
    "总额",
    "总金额",
];
/// Labels of totals by themselves, in small letters.
const ALONE: [&str; 8] = [
    "共",
    "总",
    "total",
    "totals",
    "sum",
    "subtotal",
    "grandtotal",
    "subtotals",
];
/// What a spreadsheet writes behind the name of a group that it adds up, in
/// small letters.
const BEHIND: [&str; 2] = ["total", "subtotal"];
/// What it writes where it counts or averages a group instead.
const OTHERWISE: [&str; 6] = ["计数", "平均值", "最大值", "最小值", "count", "average"];
/// Words that count: 共3笔.
const COUNTERS: &str = "笔条项件户人个次处行村";
/// Longest label of a total that says more than the word, in characters.
const LONGEST: usize = 8;
/// The longest where numbers stand beside it: the name of a group may be long.
const LONGEST_GROUP: usize = 40;

/// What the label of a total says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// That others are added up.
    Sum,
    /// That they are counted, or the like.
    Other,
}

/// The label of a total in a squeezed text: 合计, 本页小计, 总计(元), 三星村汇总,
/// Total, 共3笔, 合计:92000元. `numbers` if numbers stand beside it.
pub(super) fn label(text: &str, numbers: bool) -> Option<Label> {
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches([':', '=', '。']);
    let length = bare.chars().count();
    let parts = |word: &&str| bare.starts_with(*word) || bare.ends_with(*word);
    let ends = |words: &[&str]| words.iter().any(|word| bare.ends_with(word));
    let group = numbers && length <= LONGEST_GROUP;
    if ALONE.contains(&bare)
        || length <= LONGEST && WORDS.iter().any(parts)
        || group && (ends(&WORDS) || ends(&BEHIND))
        || WORDS
            .iter()
            .chain(&["共"])
            .any(|word| is_with_number(bare, word))
    {
        return Some(Label::Sum);
    }
    (group && ends(&OTHERWISE)).then_some(Label::Other)
}

/// Whether a label goes on with its own number: 合计92000元, 共3笔.
fn is_with_number(bare: &str, word: &str) -> bool {
    let Some(rest) = bare.strip_prefix(word) else {
        return false;
    };
    let rest = rest.trim_start_matches([':', '为', '是', '=']);
    let counted = rest.trim_end_matches(|c| COUNTERS.contains(c));
    !rest.is_empty() && (parse_money(rest).is_ok() || parse_money(counted).is_ok())
}

/// What is said of typed totals.
pub(super) fn totals(page: &PageOf<'_>, rows: &[Vec<Cell>], reading: &mut FormReading) {
    let mut columns: HashMap<String, Column> = HashMap::new();
    let numbers: Vec<u32> = rows
        .iter()
        .filter_map(|cells| Some(cells.first()?.row))
        .collect();
    for cells in rows {
        let finding = total(page, cells, &numbers, &mut columns, reading);
        reading.findings.push(finding);
        reading.leftovers.extend(cells);
    }
}

/// What the rows of a column come to, row by row: a subtotal covers the rows since one
/// of those before it.
#[derive(Default)]
struct Column {
    /// How many of the entries have been gone through.
    entries: usize,
    /// How many of the rows of totals have.
    totals: usize,
    /// What the entries so far come to.
    sum: Decimal,
    /// What they came to before each row of totals, and before the first row.
    since: HashSet<Decimal>,
    /// The rows so far whose number was not read.
    unread: Vec<String>,
}

impl Column {
    /// Goes on to a row of totals.
    fn up_to(&mut self, row: u32, id: &str, totals: &[u32], reading: &FormReading) {
        if self.since.is_empty() {
            self.since.insert(Decimal::ZERO);
        }
        loop {
            let entry = reading.rows.get(self.entries);
            let entry = entry.filter(|entry| entry.raw.row < row);
            let total = totals.get(self.totals).filter(|total| **total < row);
            match (entry, total) {
                (Some(entry), total) if total.is_none_or(|total| entry.raw.row < *total) => {
                    self.entries += 1;
                    match entry.values.get(id) {
                        Some(value) => {
                            let sum = self.sum.checked_add(value.number().unwrap_or_default());
                            self.sum = sum.unwrap_or(Decimal::MAX);
                        }
                        None if entry.raw.cells.contains_key(id) => {
                            self.unread.push((entry.raw.row + 1).to_string());
                        }
                        None => {}
                    }
                }
                (_, Some(_)) => {
                    self.totals += 1;
                    self.since.insert(self.sum);
                }
                (_, None) => break,
            }
        }
    }
}

/// A typed total beside what the rows above it come to.
fn total(
    page: &PageOf<'_>,
    cells: &[Cell],
    totals: &[u32],
    columns: &mut HashMap<String, Column>,
    reading: &FormReading,
) -> Finding {
    let row = cells.first().map_or(0, |cell| cell.row);
    let adds_up = !cells.iter().any(|cell| says_other(page, *cell));
    for cell in cells.iter().filter(|_| adds_up) {
        let Some((field, typed)) = field(page, *cell).zip(amount(page, *cell)) else {
            continue;
        };
        if !is_number(field) {
            continue;
        }
        let column = columns.entry(field.id.clone()).or_default();
        column.up_to(row, &field.id, totals, reading);
        let before = column.sum.checked_sub(typed);
        if before.is_none_or(|before| !column.since.contains(&before)) {
            let sum = money(column.sum);
            let left_out = match column.unread.as_slice() {
                [] => String::new(),
                rows => format!("（第{}行的数没有读出，不在内）", some(rows, "、", "行")),
            };
            let message = format!(
                "手填的合计是 {}，以上各行之和是 {sum}{left_out}；按各行计",
                money(typed)
            );
            let finding = Finding::new(Code::TotalRowDiffers, page.at(*cell), message);
            return finding.typed(page.typed(*cell));
        }
    }
    let first = cells.first();
    let place = first.map_or_else(|| page.place(), |cell| page.at(*cell));
    let typed: Vec<String> = cells.iter().map(|cell| page.typed(*cell)).collect();
    Finding::new(Code::TotalRow, place, Code::TotalRow.title()).typed(typed.join(" "))
}

fn says_other(page: &PageOf<'_>, cell: Cell) -> bool {
    match page.sheet.cells.get(&cell) {
        Some(Found::Text(text)) => label(&squeezed(text), true) == Some(Label::Other),
        _ => false,
    }
}

fn field<'a>(page: &PageOf<'a>, cell: Cell) -> Option<&'a Field> {
    let id = page.located.field_at(cell.column)?;
    page.form.fields.get(id)
}

fn amount(page: &PageOf<'_>, cell: Cell) -> Option<Decimal> {
    match found(page.sheet, cell)? {
        Found::Number(number) => Some(number),
        Found::Text(text) => Some(parse_money(&text).ok()?.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_and_names_are_not() {
        let sums = [
            "合计",
            "合 计：",
            "本页小计",
            "总计（元）",
            "上半年小计",
            "汇总",
            "总数",
            "总额",
            "共",
            "Total",
            "TOTAL:",
            "Grand Total",
            "合计：92000.50元",
            "共3笔",
            "共计5万元",
            "合计金额",
        ];
        for text in sums {
            assert_eq!(label(&squeezed(text), false), Some(Label::Sum), "{text}");
        }
        for text in [
            "冷市镇政协联络工作委员会 汇总",
            "委员023 Total",
            "茶叶专业合作社联合社小计",
        ] {
            assert_eq!(label(&squeezed(text), true), Some(Label::Sum), "{text}");
            assert_eq!(label(&squeezed(text), false), None, "{text}");
        }
        assert_eq!(label("三星村计数", true), Some(Label::Other));
        let others = [
            "合计捐助给贫困户若干物资",
            "委员合作社",
            "小张",
            "共同富裕合作社",
            "共青团安化县委",
            "汇总各村意见形成调研报告一份",
            "总工会",
            "summer",
            "totaled",
            "",
        ];
        for text in others {
            assert_eq!(label(&squeezed(text), false), None, "{text}");
        }
    }

    #[test]
    fn words_stand_as_they_are_compared() {
        for word in WORDS.iter().chain(&ALONE).chain(&BEHIND).chain(&OTHERWISE) {
            assert_eq!(squeezed(word).to_lowercase(), *word);
        }
    }
}
