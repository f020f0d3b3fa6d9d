//! What stands on the sheet of a form and is no entry: lost and extra headers,
//! typed totals, notes, merged cells, formulas, hidden rows, and whatever is
//! written anywhere else. All of it is said, once for each matter, and what is
//! not taken is left over.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::body::{Body, found};
use super::merge::{Merges, is_number};
use super::read::{FormReading, PageOf};
use crate::diagnostic::{Code, Finding};
use crate::policy::{Field, Shape};
use crate::sheet::{Cell, Found, column_name};
use crate::value::{Value, money, parse_money, squeeze};

/// Texts are printed by the office if they differ by no more than this, from 0
/// to 1: a seal or a blank was added.
const ALIKE: f64 = 0.8;
/// A lost header is looked for among the others if it is at least so alike.
const MAYBE: f64 = 0.34;

/// Lost, extra and changed headers: once each, whatever stands below them.
pub(super) fn headers(page: &PageOf<'_>, body: &Body, reading: &mut FormReading) {
    let located = page.located;
    let extra: Vec<(Cell, String)> = match page.form.shape {
        Shape::Table => columns_outside(page, body),
        Shape::Card => Vec::new(),
    };
    let mut claimed = BTreeSet::new();
    for id in &located.missing {
        let Some(field) = page.form.fields.get(id) else {
            continue;
        };
        let mut finding = Finding::new(
            Code::HeaderMissing,
            page.place(),
            format!("缺少栏目“{}”，这一栏没有读取", field.header),
        );
        let candidate = lost_header(field, &extra, located.missing.len());
        if let Some((cell, text)) = candidate {
            claimed.insert(*cell);
            let column = column_name(cell.column);
            finding.place = page.at(*cell);
            finding = finding.mend(if text.is_empty() {
                format!("{column}列是不是“{}”？是的话，把表头补上。", field.header)
            } else {
                format!(
                    "{column}列的“{text}”是不是它？是的话，把表头改回“{}”。",
                    field.header
                )
            });
            if !text.is_empty() {
                finding = finding.typed(text);
            }
        }
        reading.findings.push(finding);
    }
    for (cell, text) in extra {
        if claimed.contains(&cell) {
            continue;
        }
        let column = column_name(cell.column);
        let message = if text.is_empty() {
            format!("{column}列没有表头，这一列没有读取")
        } else {
            format!("多出来的栏目“{text}”没有读取")
        };
        let mut finding = Finding::new(Code::ExtraContent, page.at(cell), message);
        if !text.is_empty() {
            finding.place.header = Some(text.clone());
            finding = finding.typed(text);
        }
        reading.findings.push(finding);
    }
    for (cell, text) in &located.wrong_measures {
        let title = Code::WrongMeasure.title();
        let finding = Finding::new(Code::WrongMeasure, page.at(*cell), title);
        reading.findings.push(finding.typed(text));
    }
}

/// Columns of the table that are no field's: with a header or, if anything
/// stands in them, without.
fn columns_outside(page: &PageOf<'_>, body: &Body) -> Vec<(Cell, String)> {
    let row = page.located.header_row;
    let mut columns: BTreeMap<u16, String> = page
        .located
        .extra
        .iter()
        .map(|(cell, text)| (cell.column, text.clone()))
        .collect();
    for cell in &body.outside {
        // What stands in the column of numbers is spoken of cell by cell.
        if Some(cell.column) != page.located.number_column {
            columns.entry(cell.column).or_default();
        }
    }
    columns
        .into_iter()
        .map(|(column, text)| (Cell::new(row, column), text))
        .collect()
}

/// The header that may be the lost one: the most alike, or the only one where
/// only one was lost.
fn lost_header<'a>(
    field: &Field,
    extra: &'a [(Cell, String)],
    lost: usize,
) -> Option<&'a (Cell, String)> {
    if let ([only], 1) = (extra, lost) {
        return Some(only);
    }
    let alike = |text: &str| {
        std::iter::once(&field.header)
            .chain(&field.aliases)
            .map(|name| strsim::normalized_levenshtein(&squeeze(name), &squeeze(text)))
            .fold(0.0, f64::max)
    };
    extra
        .iter()
        .map(|header| (alike(&header.1), header))
        .filter(|(alike, _)| *alike >= MAYBE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, header)| header)
}

/// Totals, notes, merged cells, formulas and hidden rows.
pub(super) fn rows(page: &PageOf<'_>, body: &Body, merges: &Merges, reading: &mut FormReading) {
    for cells in &body.totals {
        let finding = total(page, cells, reading);
        reading.findings.push(finding);
        reading.leftovers.extend(cells);
    }
    for cells in &body.notes {
        let texts: Vec<String> = cells.iter().map(|cell| page.typed(*cell)).collect();
        let Some(first) = cells.first() else {
            continue;
        };
        let mut place = page.at(*first);
        place.header = None;
        let finding = Finding::new(Code::NoteRow, place, Code::NoteRow.title());
        reading.findings.push(finding.typed(texts.join(" ")));
        reading.leftovers.extend(cells);
    }
    merged(page, merges, reading);
    formulas(page, reading);
    hidden(page, body, reading);
}

/// A typed total beside what the rows above it come to.
fn total(page: &PageOf<'_>, cells: &[Cell], reading: &FormReading) -> Finding {
    let row = cells.first().map_or(0, |cell| cell.row);
    let above = |id: &str, after: u32| -> Decimal {
        reading
            .rows
            .iter()
            .filter(|entry| (after..row).contains(&entry.raw.row))
            .filter_map(|entry| entry.values.get(id).and_then(Value::number))
            .sum()
    };
    // A subtotal covers the rows since the one before it.
    let earlier = reading.leftovers.iter().map(|cell| cell.row);
    let since = earlier.filter(|r| *r < row).max().unwrap_or(0);
    for cell in cells {
        let field = page
            .located
            .field_at(cell.column)
            .and_then(|id| page.form.fields.get(id));
        let (Some(field), Some(typed)) = (field, amount(page, *cell)) else {
            continue;
        };
        let sums = [above(&field.id, since), above(&field.id, 0)];
        if is_number(field) && !sums.contains(&typed) {
            let message = format!(
                "手填的合计是 {}，以上各行之和是 {}；按各行计",
                money(typed),
                money(sums[1])
            );
            let finding = Finding::new(Code::TotalRowDiffers, page.at(*cell), message);
            return finding.typed(page.typed(*cell));
        }
    }
    let place = cells
        .first()
        .map_or_else(|| page.place(), |cell| page.at(*cell));
    let typed = cells
        .iter()
        .map(|cell| page.typed(*cell))
        .collect::<Vec<_>>();
    Finding::new(Code::TotalRow, place, Code::TotalRow.title()).typed(typed.join(" "))
}

fn amount(page: &PageOf<'_>, cell: Cell) -> Option<Decimal> {
    match found(page.sheet, cell)? {
        Found::Number(number) => Some(number),
        Found::Text(text) => Some(parse_money(&text)?.value),
        _ => None,
    }
}

fn merged(page: &PageOf<'_>, merges: &Merges, reading: &mut FormReading) {
    for merge in &merges.all {
        let first = merge.area.first;
        if !merge.hidden.is_empty() {
            let names: Vec<String> = merge.hidden.iter().map(|cell| cell.name()).collect();
            let message = format!("合并单元格盖住了 {} 的内容，没有采用", names.join("、"));
            let typed: Vec<String> = merge.hidden.iter().map(|cell| page.typed(*cell)).collect();
            let finding = Finding::new(Code::MergedHidden, page.at(first), message);
            reading.findings.push(finding.typed(typed.join("、")));
            reading.leftovers.extend(&merge.hidden);
        }
        let field = page
            .located
            .field_at(first.column)
            .and_then(|id| page.form.fields.get(id));
        let (Some(field), Some(_), Some(last)) = (field, &merge.shows, merge.rows.last()) else {
            continue;
        };
        let typed = page.typed(first);
        let finding = if is_number(field) {
            let message = format!(
                "“{}”合并了几行，只归第{}行；到第{}行为止的其余各行没有数，不能计入",
                field.header,
                first.row + 1,
                last + 1
            );
            Finding::new(Code::MergedNumber, page.at(first), message).typed(typed)
        } else {
            let taken = format!("第{}行至第{}行都是“{typed}”", first.row + 1, last + 1);
            let title = Code::MergedFilled.title();
            let finding = Finding::new(Code::MergedFilled, page.at(first), title);
            finding.typed(typed).taken(taken)
        };
        reading.findings.push(finding);
    }
}

/// Formulas in cells of entries, once for each column.
fn formulas(page: &PageOf<'_>, reading: &mut FormReading) {
    let mut by_field: BTreeMap<Cell, Vec<Cell>> = BTreeMap::new();
    for row in &reading.rows {
        for (id, raw) in &row.raw.cells {
            let with_result = !matches!(raw.found, Found::Error(_));
            if with_result && page.sheet.formulas.contains(&raw.cell) {
                let header = page.located.headers.get(id).copied();
                by_field
                    .entry(header.unwrap_or(raw.cell))
                    .or_default()
                    .push(raw.cell);
            }
        }
    }
    for cells in by_field.into_values() {
        let Some(first) = cells.first() else {
            continue;
        };
        let message = match cells.len() {
            1 => Code::FormulaTaken.title().to_owned(),
            count => format!("这一栏有{count}格是公式，按算出的结果读取"),
        };
        let mut finding = Finding::new(Code::FormulaTaken, page.at(*first), message);
        finding = finding.taken(page.typed(*first));
        finding.related = cells[1..].iter().map(|cell| page.at(*cell)).collect();
        reading.findings.push(finding);
    }
}

/// Entries in hidden rows, once for the sheet.
fn hidden(page: &PageOf<'_>, body: &Body, reading: &mut FormReading) {
    let rows: Vec<u32> = body
        .entries
        .iter()
        .map(|row| row.row)
        .filter(|row| page.sheet.hidden_rows.contains(row))
        .collect();
    if page.form.shape == Shape::Table
        && let Some(first) = rows.first()
    {
        let message = format!(
            "有{}行被隐藏或筛选掉了（从第{}行起），也已读取",
            rows.len(),
            first + 1
        );
        let place = page.at(Cell::new(*first, 0));
        reading
            .findings
            .push(Finding::new(Code::HiddenRead, place, message));
    }
}

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
    // A number in the line of totals is the sum that the office's formula makes.
    let total_rows: BTreeSet<u32> = page
        .sheet
        .cells
        .iter()
        .filter(|(cell, found)| match found {
            Found::Text(text) => cell.row < located.header_row && squeeze(text) == "合计",
            _ => false,
        })
        .map(|(cell, _)| cell.row)
        .collect();
    let answers: BTreeSet<Cell> = located.answers.values().copied().collect();
    let labels: BTreeSet<Cell> = located.headers.values().copied().collect();
    let mut stray = Vec::new();
    for (cell, found) in &page.sheet.cells {
        let above = !is_table || cell.row <= located.header_row;
        if !above || answers.contains(cell) || labels.contains(cell) {
            continue;
        }
        if is_table && cell.row == located.header_row {
            // Spoken of as headers.
            if located.extra.iter().any(|(extra, _)| extra == cell) {
                reading.leftovers.push(*cell);
                continue;
            }
        }
        let offices = match found {
            Found::Text(text) => is_printed(&squeeze(text), printed),
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
        || printed
            .iter()
            .any(|own| strsim::normalized_levenshtein(own, text) >= ALIKE)
}
