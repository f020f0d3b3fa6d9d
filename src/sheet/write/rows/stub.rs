//! A sheet as the library is given it where its rows are written by us: all that
//! stands around the rows, and of the cells those of which something around them
//! depends. The rows take their place when the library is done.

use std::collections::BTreeMap;

use super::shared_strings::text;
use crate::sheet::write::content::{PLAIN, shown};
use crate::sheet::write::height::heights;
use crate::sheet::write::merged::covered;
use crate::sheet::{Area, Cell, Content, Scalar, SheetOf, Style};

/// The stub of a sheet among all.
pub(super) fn stub<'a>(sheet: &SheetOf<'a>, all: &[SheetOf<'_>]) -> SheetOf<'a> {
    SheetOf {
        name: sheet.name.clone(),
        cells: cells(sheet, all),
        widths: sheet.widths.clone(),
        columns: sheet.columns.clone(),
        // Charts and notes stand where rows of this height put them.
        heights: heights(sheet),
        merges: sheet.merges.clone(),
        freeze: sheet.freeze,
        filter: sheet.filter,
        validations: sheet.validations.clone(),
        highlights: sheet.highlights.clone(),
        bars: sheet.bars.clone(),
        charts: sheet.charts.clone(),
        links: BTreeMap::new(),
        notes: sheet.notes.clone(),
        page: sheet.page.clone(),
        visibility: sheet.visibility,
        protected: sheet.protected,
        tab: sheet.tab,
        long: None,
    }
}

/// The cells at the corners, which show the extent; the first text, which shows that
/// there is one; and those that charts look at.
fn cells(sheet: &SheetOf<'_>, all: &[SheetOf<'_>]) -> BTreeMap<Cell, (Content, Style)> {
    let style = sheet.cells.first_key_value();
    let style = style.map_or(PLAIN, |(_, (content, style))| shown(content, *style));
    let covered = covered(sheet);
    let areas = charted(all, &sheet.name);
    let mut first = true;
    let seen = sheet
        .cells
        .iter()
        .filter(|(cell, _)| !covered.contains_key(cell))
        .filter(|(cell, (content, _))| {
            let is_first_text = text(content).is_some() && std::mem::take(&mut first);
            is_first_text || areas.iter().any(|area| area.contains(**cell))
        })
        .map(|(cell, (content, style))| (*cell, (plain(content), *style)));
    let mut cells: BTreeMap<Cell, (Content, Style)> = seen.collect();
    for corner in corners(sheet) {
        cells.entry(corner).or_insert((Content::Blank, style));
    }
    cells
}

/// The first and the last row and column in which something stands.
fn corners(sheet: &SheetOf<'_>) -> impl Iterator<Item = Cell> {
    let long = sheet.long.as_ref().filter(|long| long.count() > 0);
    let long = long.map(|long| {
        let last = long.first() + long.count() - 1;
        let right = long.columns().saturating_sub(1);
        [Cell::new(long.first(), 0), Cell::new(last, right)]
    });
    let cells: Vec<Cell> = sheet
        .cells
        .keys()
        .copied()
        .chain(long.into_iter().flatten())
        .collect();
    let rows = cells.iter().map(|cell| cell.row);
    let columns = cells.iter().map(|cell| cell.column);
    let first = rows.clone().min().zip(columns.clone().min());
    let last = rows.max().zip(columns.max());
    first
        .into_iter()
        .chain(last)
        .map(|(row, column)| Cell::new(row, column))
}

/// What a cell shows, without where it leads and whence it comes: links and formulas
/// are written by us, and the library would guess of what type a result is.
fn plain(content: &Content) -> Content {
    match content {
        Content::Link { text, .. } => Content::Text(text.clone()),
        Content::Formula {
            result: Scalar::Text(text),
            ..
        } => Content::Text(text.clone()),
        other => other.clone(),
    }
}

/// The cells of a sheet that charts look at.
fn charted(sheets: &[SheetOf<'_>], name: &str) -> Vec<Area> {
    let charts = sheets.iter().flat_map(|sheet| &sheet.charts);
    let series = charts.flat_map(|chart| &chart.series);
    series
        .filter(|series| series.sheet == name)
        .flat_map(|series| [series.categories, series.values])
        .collect()
}
