//! Cells that are merged with others.

use std::collections::BTreeMap;

use super::content::{PLAIN, shown};
use crate::sheet::{Area, Cell, SheetOf, Style};

/// The style of merged cells.
pub(super) fn merged(sheet: &SheetOf<'_>, area: Area) -> Style {
    let first = sheet.cells.get(&area.first);
    first.map_or(PLAIN, |(content, style)| shown(content, *style))
}

/// The cells that show nothing because they are merged with others.
pub(super) fn covered(sheet: &SheetOf<'_>) -> BTreeMap<Cell, Style> {
    let mut covered = BTreeMap::new();
    for area in sheet.merges.iter().filter(|area| area.first != area.last) {
        let style = merged(sheet, *area);
        for row in area.first.row..=area.last.row {
            for column in area.first.column..=area.last.column {
                covered.insert(Cell::new(row, column), style);
            }
        }
        if sheet.cells.contains_key(&area.first) {
            covered.remove(&area.first);
        }
    }
    covered
}
