//! What is said about rows and cells that need a word: typed totals, examples, notes,
//! merged cells, formulas, hidden rows. Once for each matter.

use std::collections::BTreeMap;

use super::body::Body;
use super::merge::{Merges, is_number};
use super::page::{FormReading, PageOf};
use super::totals::totals;
use crate::diagnostic::{Code, Finding, some};
use crate::policy::Shape;
use crate::sheet::{Cell, Found};

/// Totals, notes, merged cells, formulas and hidden rows.
pub(super) fn remarks(page: &PageOf<'_>, body: &Body, merges: &Merges, reading: &mut FormReading) {
    totals(page, &body.totals, reading);
    for (cells, marked) in &body.examples {
        let Some(first) = cells.first() else {
            continue;
        };
        let texts: Vec<String> = cells.iter().map(|cell| page.typed(*cell)).collect();
        let row = first.row + 1;
        let (place, message) = match marked {
            Some(marked) => (page.at(*marked), format!("第{row}行标着是举例，没有计入")),
            None => {
                let mut place = page.at(*first);
                place.header = None;
                (place, format!("第{row}行是填表说明里的举例，没有计入"))
            }
        };
        let finding = Finding::new(Code::ExampleRow, place, message);
        reading.findings.push(finding.typed(texts.join(" ")));
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

fn merged(page: &PageOf<'_>, merges: &Merges, reading: &mut FormReading) {
    for merge in &merges.all {
        let first = merge.area.first;
        if !merge.hidden.is_empty() {
            let names: Vec<String> = merge.hidden.iter().map(|cell| cell.name()).collect();
            let message = format!(
                "合并单元格盖住了 {} 的内容，没有采用",
                some(&names, "、", "格")
            );
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
        for (id, raw) in row.raw.cells.iter() {
            let with_result = !matches!(raw.found(), Found::Error(_));
            if with_result && page.sheet.formulas.contains(&raw.cell()) {
                let header = page.located.headers.get(id).copied();
                by_field
                    .entry(header.unwrap_or(raw.cell()))
                    .or_default()
                    .push(raw.cell());
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
