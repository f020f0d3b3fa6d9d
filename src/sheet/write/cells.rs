//! Writes what the cells hold, merges, widths, heights and notes.

use rust_xlsxwriter::{Format, Formula, IgnoreError, Note, Url, Worksheet};
use rustc_hash::FxHashSet;

use super::content::{At, FORMULA_LIMIT, TEXT_LIMIT, cached, double, serial, shown};
use super::format::Formats;
use super::height::heights;
use super::leads::{LINK_LIMIT, Leads};
use super::merged::merged;
use super::{clean, utf16};
use crate::sheet::WriteError;
use crate::sheet::{Area, Cell, Content, SheetOf, line_width};

/// Most UTF-16 units in a note.
const NOTE_LIMIT: usize = 32_000;

/// Writes the cells of a sheet and all that belongs to them.
pub(super) fn write(
    target: &mut Worksheet,
    sheet: &SheetOf<'_>,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    if let Some(area) = extent(sheet) {
        let (a, b) = (area.first, area.last);
        target
            .ignore_error_range(
                a.row,
                a.column,
                b.row,
                b.column,
                IgnoreError::NumberStoredAsText,
            )
            .map_err(|e| WriteError::refused(&sheet.name, "范围", e))?;
    }
    measure(target, sheet, formats)?;
    let mut merges: Vec<&Area> = sheet.merges.iter().filter(|a| a.first != a.last).collect();
    merges.sort_by_key(|area| area.first.row);
    let mut merges = merges.into_iter().peekable();
    let mut covered = FxHashSet::default();
    let mut links = 0;
    for (&cell, (content, style)) in &sheet.cells {
        while let Some(area) = merges.next_if(|area| area.first.row <= cell.row) {
            merge(target, sheet, *area, formats, &mut covered)?;
        }
        if covered.contains(&cell) {
            continue;
        }
        let at = At { sheet, cell };
        let format = formats.get(shown(content, *style));
        if let Some(leads) = Leads::of(sheet, cell, content) {
            links += 1;
            if links <= LINK_LIMIT {
                let mut url = Url::new(format!("internal:{}", leads.to()));
                url = match leads.tip() {
                    Some(tip) => url.set_tip(tip),
                    None => url,
                };
                // The cell's own content follows below and takes the place of the text:
                // an attribute of the link does not hold every character that a cell
                // does.
                if let Some(text) = leads.text() {
                    url = url.set_text(text);
                }
                target
                    .write_url_with_format(cell.row, cell.column, url, format)
                    .map_err(at.library())?;
            }
        }
        put(target, &at, content, format)?;
    }
    for area in merges {
        merge(target, sheet, *area, formats, &mut covered)?;
    }
    for (&cell, text) in &sheet.notes {
        note(target, &At { sheet, cell }, text)?;
    }
    Ok(())
}

/// Merges cells, and notes those that are covered by others.
fn merge(
    target: &mut Worksheet,
    sheet: &SheetOf<'_>,
    area: Area,
    formats: &mut Formats,
    covered: &mut FxHashSet<Cell>,
) -> Result<(), WriteError> {
    let style = merged(sheet, area);
    let (a, b) = (area.first, area.last);
    target
        .merge_range(a.row, a.column, b.row, b.column, "", formats.get(style))
        .map_err(|e| WriteError::refused(&sheet.name, "合并单元格", e))?;
    for row in a.row..=b.row {
        covered.extend((a.column..=b.column).map(|column| Cell::new(row, column)));
    }
    covered.remove(&area.first);
    Ok(())
}

/// Writes one cell.
fn put(
    target: &mut Worksheet,
    at: &At,
    content: &Content,
    format: &Format,
) -> Result<(), WriteError> {
    let Cell { row, column } = at.cell;
    let done = match content {
        Content::Blank => target.write_blank(row, column, format),
        Content::Text(text) | Content::Link { text, .. } => {
            at.fits(text, TEXT_LIMIT)?;
            target.write_string_with_format(row, column, text, format)
        }
        Content::Number(number) => {
            target.write_number_with_format(row, column, double(*number), format)
        }
        Content::Date(date) => {
            target.write_number_with_format(row, column, serial(at, *date)?, format)
        }
        Content::Formula { text, result } => {
            if text.is_empty() || utf16(text) > FORMULA_LIMIT {
                return Err(at.refused("公式为空或超过 8192 个字符"));
            }
            let formula = Formula::new(text).set_result(cached(at, result)?);
            target.write_formula_with_format(row, column, formula, format)
        }
    };
    done.map(|_| ()).map_err(at.library())
}

/// The range from A1 to the last cell that holds something or is to be filled in.
fn extent(sheet: &SheetOf<'_>) -> Option<Area> {
    let checked = sheet.validations.iter().map(|check| check.area.last);
    let cells = || sheet.cells.keys().copied().chain(checked.clone());
    let row = cells().map(|c| c.row).max()?;
    let column = cells().map(|c| c.column).max()?;
    Some(Area::new(Cell::new(0, 0), Cell::new(row, column)))
}

/// Sets widths, heights and how columns look.
fn measure(
    target: &mut Worksheet,
    sheet: &SheetOf<'_>,
    formats: &mut Formats,
) -> Result<(), WriteError> {
    // Before the widths: the library keeps the look of a column only where it is the
    // first that it hears of it.
    for (&column, &style) in &sheet.columns {
        target
            .set_column_format(column, formats.get(style))
            .map_err(|e| WriteError::refused(&sheet.name, "列", e))?;
    }
    for (&column, &width) in &sheet.widths {
        let set = match width > 0.0 {
            true => target.set_column_width(column, width.min(255.0)),
            false => target.set_column_hidden(column),
        };
        set.map_err(|e| WriteError::refused(&sheet.name, "列宽", e))?;
    }
    for (row, height) in heights(sheet) {
        target
            .set_row_height(row, height.clamp(0.0, 409.0))
            .map_err(|e| WriteError::refused(&sheet.name, "行高", e))?;
    }
    Ok(())
}

/// Writes a note that shows on hovering, large enough for its text.
fn note(target: &mut Worksheet, at: &At, text: &str) -> Result<(), WriteError> {
    at.fits(text, NOTE_LIMIT)?;
    let text = clean(text);
    // At 9 points a Chinese character is 12 pixels wide and a line 16 high.
    let wide = if text.chars().count() > 150 { 360 } else { 220 };
    let room = (wide - 16) * 215 / 12;
    let lines: u32 = text
        .lines()
        .map(|line| line_width(line).div_ceil(room).max(1))
        .sum();
    let note = Note::new(text)
        .add_author_prefix(false)
        .set_font_name("宋体")
        .set_font_size(9)
        .set_width(wide)
        .set_height((lines * 16 + 20).clamp(52, 800))
        .set_visible(false);
    target
        .insert_note(at.cell.row, at.cell.column, &note)
        .map(|_| ())
        .map_err(at.library())
}
