//! What is said about the headers of a form on a sheet that came back: lost,
//! extra, with another unit of measure, or none above a column that is filled.
//! Once for each column, whatever stands below it.

use std::collections::{BTreeMap, BTreeSet};

use super::body::Body;
use super::page::{FormReading, PageOf};
use crate::diagnostic::{Code, Finding};
use crate::policy::{Field, Shape};
use crate::sheet::{Cell, column_name};
use crate::value::{alike, squeeze};

/// A lost header is looked for among the others if it is at least so alike,
/// from 0 to 1.
const MAYBE: f64 = 0.34;

/// Lost, extra and changed headers: once each, whatever stands below them.
pub(super) fn columns(page: &PageOf<'_>, body: &Body, reading: &mut FormReading) {
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
        if page.context.older_form && !field.required && extra.is_empty() {
            continue;
        }
        let mut finding = Finding::new(
            Code::HeaderMissing,
            page.place(),
            format!("缺少栏目“{}”，这一栏没有读取", field.header),
        );
        finding.place.header = Some(field.header.clone());
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
        finding = finding.typed(page.typed(cell));
        if !text.is_empty() {
            finding.place.header = Some(text);
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
    let mut first: BTreeMap<u16, u32> = BTreeMap::new();
    for cell in &body.outside {
        first.entry(cell.column).or_insert(cell.row);
    }
    // A column without header is shown by its first filled cell.
    columns
        .into_iter()
        .map(|(column, text)| {
            let row = match first.get(&column) {
                Some(first) if text.is_empty() => *first,
                _ => row,
            };
            (Cell::new(row, column), text)
        })
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
    let most = |text: &str| {
        std::iter::once(&field.header)
            .chain(&field.aliases)
            .map(|name| alike(&squeeze(name), &squeeze(text), MAYBE))
            .fold(0.0, f64::max)
    };
    extra
        .iter()
        .map(|header| (most(&header.1), header))
        .filter(|(alike, _)| *alike >= MAYBE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, header)| header)
}
