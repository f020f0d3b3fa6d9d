//! What the rows of a form are on a sheet that came back: entries, prefilled
//! rows that were left alone, typed totals, notes, headers that are repeated.
//! Every cell goes to one of them, or is left over.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::locate::{Located, is_header};
use super::merge::Merges;
use super::read::{Context, RawCell, RawRow};
use crate::policy::{Form, Kind, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::squeeze;

/// The rows of a form, each cell in one place only.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Rows in which something was typed.
    pub entries: Vec<RawRow>,
    /// Rows that stand as the office prefilled them.
    pub untouched: Vec<RawRow>,
    /// Totals that were typed below or between the entries.
    pub totals: Vec<Vec<Cell>>,
    /// Sentences that stand among the rows.
    pub notes: Vec<Vec<Cell>>,
    /// Cells outside the columns of the form, by row.
    pub outside: Vec<Cell>,
}

/// Words that begin or end the label of a total.
const TOTALS: [&str; 6] = ["合计", "小计", "总计", "共计", "累计", "合 计"];
/// Longest label of a total, in characters.
const LONGEST_LABEL: usize = 8;
/// Words with which a note or a signature begins.
const NOTES: [&str; 20] = [
    "注",
    "备注",
    "说明",
    "附",
    "填表",
    "填报",
    "制表",
    "审核",
    "负责人",
    "单位负责人",
    "经办",
    "联系人",
    "联系电话",
    "单位（",
    "单位（",
    "盖章",
    "以上",
    "※",
    "★",
    "（注",
];
/// What is written instead of entries where there are none.
const NOTHING: [&str; 12] = [
    "无",
    "没有",
    "暂无",
    "无此项",
    "无此类",
    "本单位无",
    "无此情况",
    "以下空白",
    "以下无正文",
    "空白",
    "此表无",
    "未开展",
];
/// A note over so many merged columns is one, whatever it says.
const NOTE_COLUMNS: u16 = 3;

/// What stands for the result of a formula whose result the file does not hold.
pub(super) const NO_RESULT: &str = "（公式，文件里没有存结果）";

/// What a cell holds, if it is not empty. A formula whose result the file
/// does not hold is an error cell, never an empty one.
pub(super) fn found(sheet: &FoundSheet, cell: Cell) -> Option<Found> {
    match sheet.cells.get(&cell) {
        Some(Found::Text(text)) if squeeze(text).is_empty() => None,
        Some(found) => Some(found.clone()),
        None if sheet.formulas.contains(&cell) => Some(Found::Error(NO_RESULT.to_owned())),
        None => None,
    }
}

/// How many rows below the headers hold anything but a running number.
pub fn rows_below(sheet: &FoundSheet, located: &Located) -> usize {
    let below = Cell::new(located.header_row.saturating_add(1), 0);
    let counts = |cell: &Cell, found: &Found| match found {
        Found::Text(text) if squeeze(text).is_empty() => false,
        found => !is_running_number(located, *cell, found),
    };
    let filled = sheet.cells.range(below..);
    let filled = filled.filter(|(cell, found)| counts(cell, found));
    let formulas = sheet.formulas.range(below..);
    let formulas = formulas.filter(|cell| Some(cell.column) != located.number_column);
    let rows = filled.map(|(cell, _)| cell.row);
    let rows: BTreeSet<u32> = rows.chain(formulas.map(|cell| cell.row)).collect();
    rows.len()
}

/// Whether a cell is a running number of the office.
fn is_running_number(located: &Located, cell: Cell, found: &Found) -> bool {
    Some(cell.column) == located.number_column
        && match found {
            Found::Number(_) => true,
            Found::Text(text) => is_numbering(text),
            // A formula such as ROW() whose result was not kept.
            Found::Error(_) => true,
            _ => false,
        }
}

/// Sorts the cells of a form's sheet into rows.
pub(super) fn body(
    sheet: &FoundSheet,
    form: &Form,
    located: &Located,
    merges: &Merges,
    context: Context<'_>,
) -> Body {
    if form.shape == Shape::Card {
        return card(sheet, located);
    }
    let below = Cell::new(located.header_row + 1, 0);
    let filled = sheet.cells.range(below..).map(|(cell, _)| *cell);
    let formulas = sheet.formulas.range(below..).copied();
    let places: BTreeSet<Cell> = filled
        .chain(formulas)
        .filter(|cell| !merges.hides(*cell))
        .collect();
    let mut rows: BTreeMap<u32, Vec<(Cell, Found)>> = BTreeMap::new();
    for cell in places {
        if let Some(found) = found(sheet, cell) {
            rows.entry(cell.row).or_default().push((cell, found));
        }
    }
    let mut body = Body::default();
    let sorter = Sorter {
        form,
        located,
        merges,
        context,
    };
    for (row, cells) in rows {
        sorter.sort(row, cells, &mut body);
    }
    body
}

/// The one entry of a card.
fn card(sheet: &FoundSheet, located: &Located) -> Body {
    let cells = located
        .answers
        .iter()
        .filter_map(|(id, cell)| {
            let found = found(sheet, *cell)?;
            Some((id.clone(), RawCell { cell: *cell, found }))
        })
        .collect();
    Body {
        entries: vec![RawRow {
            row: located.header_row,
            cells,
        }],
        ..Body::default()
    }
}

/// Says what a row is.
struct Sorter<'a> {
    form: &'a Form,
    located: &'a Located,
    merges: &'a Merges,
    context: Context<'a>,
}

impl Sorter<'_> {
    fn sort(&self, row: u32, cells: Vec<(Cell, Found)>, body: &mut Body) {
        // The office's running number stays the office's.
        let written = || {
            let own = |(cell, found): &&(Cell, Found)| !self.is_number(*cell, found);
            cells.iter().filter(own).map(|(cell, _)| *cell).collect()
        };
        if self.repeats_header(&cells) {
            let others: Vec<Cell> = cells
                .iter()
                .filter(|cell| !self.is_header_again(cell) && !self.is_number(cell.0, &cell.1))
                .map(|(cell, _)| *cell)
                .filter(|cell| self.located.field_at(cell.column).is_some())
                .collect();
            if !others.is_empty() {
                body.notes.push(others);
            }
            let outside = cells.iter().map(|(cell, _)| *cell).filter(|cell| {
                self.located.field_at(cell.column).is_none()
                    && Some(cell.column) != self.located.number_column
            });
            body.outside.extend(outside);
            return;
        }
        if self.is_total(&cells) {
            body.totals.push(written());
            return;
        }
        if self.is_note(&cells) {
            body.notes.push(written());
            return;
        }
        let mut raw = RawRow {
            row,
            cells: IndexMap::new(),
        };
        for (cell, found) in cells {
            match self.located.field_at(cell.column) {
                Some(id) => {
                    raw.cells.insert(id.to_owned(), RawCell { cell, found });
                }
                None if self.is_number(cell, &found) => {}
                None => body.outside.push(cell),
            }
        }
        for (id, filled) in self.merges.filled(row, self.form, self.located) {
            raw.cells.entry(id).or_insert(filled);
        }
        if raw.cells.is_empty() {
            return;
        }
        if self.as_prefilled(&raw) {
            body.untouched.push(raw);
        } else {
            body.entries.push(raw);
        }
    }

    /// The headers once more, as on each page of a printed table.
    fn repeats_header(&self, cells: &[(Cell, Found)]) -> bool {
        let again = cells.iter().filter(|cell| self.is_header_again(cell));
        let count = again.count();
        count > 1 && count * 2 > self.located.headers.len()
    }

    /// The header of a column once more.
    fn is_header_again(&self, (cell, found): &(Cell, Found)) -> bool {
        match found {
            Found::Text(text) => self
                .located
                .field_at(cell.column)
                .and_then(|id| self.form.fields.get(id))
                .is_some_and(|field| is_header(field, text)),
            _ => false,
        }
    }

    /// A label such as 合计 beside numbers and nothing else.
    fn is_total(&self, cells: &[(Cell, Found)]) -> bool {
        let label = |found: &Found| matches!(found, Found::Text(text) if is_total_label(text));
        let number = |(cell, found): &(Cell, Found)| {
            self.is_number(*cell, found)
                || match found {
                    Found::Number(_) | Found::Error(_) => true,
                    Found::Text(text) => squeeze(text).starts_with(|c: char| c.is_ascii_digit()),
                    _ => false,
                }
        };
        let mut labels = cells.iter().filter(|(_, found)| label(found));
        labels.next().is_some() && cells.iter().all(|cell| label(&cell.1) || number(cell))
    }

    /// A sentence or a line for signatures instead of an entry.
    fn is_note(&self, cells: &[(Cell, Found)]) -> bool {
        let texts: Vec<(&Cell, &String)> = cells
            .iter()
            .filter_map(|(cell, found)| match found {
                Found::Text(text) => Some((cell, text)),
                _ => None,
            })
            .collect();
        let numbers = |(cell, found): &&(Cell, Found)| self.is_number(*cell, found);
        if texts.is_empty() || texts.len() + cells.iter().filter(numbers).count() != cells.len() {
            return false;
        }
        let in_form = |cell: &Cell| self.located.field_at(cell.column).is_some();
        let says_so = |text: &str| {
            let text = squeeze(text);
            NOTES.iter().any(|word| text.starts_with(&squeeze(word)))
                || NOTHING.contains(&text.trim_end_matches(['。', '.', '/']))
                || ["/", "-", "—", "——"].contains(&text.as_str())
        };
        if texts.iter().all(|(_, text)| says_so(text)) {
            return true;
        }
        match texts.as_slice() {
            [(cell, text)] => {
                self.merges.width(**cell) >= NOTE_COLUMNS
                    || (Some(cell.column) == self.located.number_column
                        && !in_form(cell)
                        && !is_numbering(text))
            }
            _ => false,
        }
    }

    /// A running number.
    fn is_number(&self, cell: Cell, found: &Found) -> bool {
        is_running_number(self.located, cell, found)
    }

    /// Nothing but what the office had written there, and that is known.
    fn as_prefilled(&self, raw: &RawRow) -> bool {
        let fields = || {
            raw.cells
                .iter()
                .filter_map(|(id, cell)| Some((self.form.fields.get(id)?, cell)))
        };
        fields().all(|(field, cell)| {
            field.prefilled
                && match (&cell.found, self.context.names) {
                    (Found::Text(name), Some(names)) => match field.kind {
                        Kind::Member => names.member(name).is_known(),
                        Kind::Village => names.village(name).is_known(),
                        _ => true,
                    },
                    _ => true,
                }
        })
    }
}

/// Whether a text is the label of a total: 合计, 本页小计, 总计(元).
fn is_total_label(text: &str) -> bool {
    let text = squeeze(text);
    let text = text.trim_end_matches(':');
    text.chars().count() <= LONGEST_LABEL
        && TOTALS
            .iter()
            .any(|word| text.starts_with(word) || text.ends_with(word))
}

/// Whether a text is a running number: 1, 1., (3), 第4, 十二.
fn is_numbering(text: &str) -> bool {
    let text = squeeze(text);
    let bare = text
        .trim_start_matches(['第', '('])
        .trim_end_matches([')', '.', '、', '号', '。']);
    !bare.is_empty()
        && bare.chars().count() <= 6
        && bare
            .chars()
            .all(|c| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_totals_and_running_numbers() {
        for yes in ["合计", "合 计：", "本页小计", "总计（元）", "上半年小计"] {
            assert!(is_total_label(yes), "{yes}");
        }
        for no in ["合计捐助给贫困户若干物资", "委员合作社", "小张"] {
            assert!(!is_total_label(no), "{no}");
        }
        for yes in ["1", "12、", "(3)", "第4号", "十二"] {
            assert!(is_numbering(yes), "{yes}");
        }
        for no in ["", "注", "新增", "1a"] {
            assert!(!is_numbering(no), "{no}");
        }
    }
}
