//! The sheet 未能对应的内容: what stood in the return and has no place in any
//! form, so that nothing that was typed is lost.

use super::again::cut;
use crate::form::shown;
use crate::intake::Leftover;
use crate::sheet::{Area, Cell, Look, Sheet};
use crate::template::LEFTOVER_SHEET;

/// Header of the list.
const HEADER: u32 = 2;
const WIDTHS: [f64; 4] = [6.0, 22.0, 12.0, 70.0];

/// The cell with the content of a leftover, from 0.
pub(super) fn cell(index: usize) -> Cell {
    Cell::new(HEADER + 1 + index as u32, 3)
}

/// Draws the sheet.
pub(super) fn sheet(leftovers: &[Leftover]) -> Sheet {
    let mut sheet = Sheet::new(LEFTOVER_SHEET);
    sheet.protected = true;
    sheet.page.landscape = false;
    sheet.freeze = Some(Cell::new(HEADER + 1, 0));
    sheet.page.repeat_rows = Some((HEADER, HEADER));
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.widths.insert(column, width);
    }
    let wide = |row| Area::new(Cell::new(row, 0), Cell::new(row, 3));
    sheet.banner(wide(0), LEFTOVER_SHEET, Look::Title.into());
    let guide = "这些内容写在栏目以外，程序没有读取。要计入的，请填到相应表的栏目里；不用计入的不必理会。本表不用改。";
    sheet.banner(wide(1), guide, Look::Note.into());
    sheet.heights.insert(0, 30.0);
    sheet.heights.insert(1, 32.0);
    for (column, header) in (0..).zip(["序号", "原工作表", "原单元格", "内容"]) {
        sheet.text(Cell::new(HEADER, column), header, Look::Header.into());
    }
    for (index, left) in leftovers.iter().enumerate() {
        let row = cell(index).row;
        let texts = [
            (index + 1).to_string(),
            left.sheet.clone(),
            left.cell.name(),
            cut(&shown(&left.found)),
        ];
        for (column, text) in (0..).zip(texts) {
            let look = if column == 3 {
                Look::Text
            } else {
                Look::Centre
            };
            sheet.text(Cell::new(row, column), text, look.into());
        }
    }
    sheet
}
