//! Whatever is written on the sheet of a form outside its columns and rows,
//! and is not what the office printed there: said, and left over.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::body::Body;
use super::page::{FormReading, PageOf};
use crate::diagnostic::{Code, Finding};
use crate::policy::Shape;
use crate::sheet::{Cell, Found};
use crate::value::{alike, parse_money, squeezed};

/// Texts are the office's if they differ from them by no more than this, from
/// 0 to 1: a seal or a blank was added.
const ALIKE: f64 = 0.8;

/// Whatever is written outside the columns and rows of the form, and is not the
/// office's.
pub(super) fn elsewhere(
    page: &PageOf<'_>,
    body: &Body,
    printed: &BTreeSet<String>,
    reading: &mut FormReading,
) {
    let located = page.located;
    let is_table = page.form.shape == Shape::Table;
    reading.leftovers.extend(&body.outside);
    for cell in &body.outside {
        if Some(cell.column) == located.number_column {
            let message = "“序号”栏里写的不是序号，没有读取";
            let finding = Finding::new(Code::ExtraContent, page.at(*cell), message);
            reading.findings.push(finding.typed(page.typed(*cell)));
        }
    }
    // A number in the line of totals is the sum that the office's formula makes,
    // also where a program has stored it as a text or as no result.
    let total_rows: BTreeSet<u32> = page
        .sheet
        .cells
        .range(..Cell::new(located.header_row, 0))
        .filter(|(_, found)| match found {
            Found::Text(text) => squeezed(text) == "合计",
            _ => false,
        })
        .map(|(cell, _)| cell.row)
        .collect();
    let answers: BTreeSet<Cell> = located.answers.values().copied().collect();
    let extra: BTreeSet<Cell> = located.extra.iter().map(|(cell, _)| *cell).collect();
    let labels: BTreeSet<Cell> = located.headers.values().copied().collect();
    let mut stray = Vec::new();
    let above = match is_table {
        true => Bound::Excluded(Cell::new(located.header_row.saturating_add(1), 0)),
        false => Bound::Unbounded,
    };
    for (cell, found) in page.sheet.cells.range((Bound::Unbounded, above)) {
        if answers.contains(cell) || labels.contains(cell) {
            continue;
        }
        if is_table && cell.row == located.header_row {
            // Spoken of as headers.
            if extra.contains(cell) {
                reading.leftovers.push(*cell);
                continue;
            }
        }
        let offices = match found {
            Found::Text(text) => {
                let is_sum = || page.sheet.formulas.contains(cell) || parse_money(text).is_ok();
                is_printed(&squeezed(text), printed) || total_rows.contains(&cell.row) && is_sum()
            }
            _ => page.sheet.formulas.contains(cell) || total_rows.contains(&cell.row),
        };
        if !offices {
            stray.push(*cell);
        }
    }
    if let Some(first) = stray.first() {
        let texts: Vec<String> = stray.iter().take(5).map(|cell| page.typed(*cell)).collect();
        let more = if stray.len() > 5 { "……" } else { "" };
        let message = match (is_table, stray.len()) {
            (true, 1) => "表头上方另写的内容没有读取".to_owned(),
            (true, count) => format!("表头上方另写的{count}格内容没有读取"),
            (false, 1) => "表格以外另写的内容没有读取".to_owned(),
            (false, count) => format!("表格以外另写的{count}格内容没有读取"),
        };
        let finding = Finding::new(Code::ExtraContent, page.at(*first), message);
        let mut finding = finding.typed(format!("{}{more}", texts.join("、")));
        finding.place.header = None;
        finding.related = stray[1..]
            .iter()
            .map(|cell| {
                let mut place = page.at(*cell);
                place.header = None;
                place
            })
            .collect();
        reading.findings.push(finding);
        reading.leftovers.extend(stray);
    }
    reading.leftovers.sort();
    reading.leftovers.dedup();
}

/// Whether a squeezed text is the office's, also with a little added.
fn is_printed(text: &str, printed: &BTreeSet<String>) -> bool {
    text.is_empty()
        || text == "序号"
        || printed.contains(text)
        || printed.iter().any(|own| alike(own, text, ALIKE) >= ALIKE)
}
