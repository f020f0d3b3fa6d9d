//! How much of a workbook there is room for.

use super::used::Used;
use crate::sheet::refused::short_name;
use crate::sheet::{Attached, Cell, Found, OpenError, limits};

/// More sheets than the program takes.
pub(super) fn too_many_sheets(there_are: usize) -> OpenError {
    let most = limits::SHEETS;
    OpenError::TooLarge(format!("有 {there_are} 个工作表，最多 {most} 个"))
}

/// More cells than the program takes, with the place where the limit was reached.
pub(super) fn too_many_cells(sheet: &str, row: u32, what: &str) -> OpenError {
    let (sheet, row) = (short_name(sheet), row + 1);
    OpenError::TooLarge(format!("{what}，到工作表“{sheet}”第 {row} 行为止"))
}

/// More of a grid than the program takes.
pub(super) fn too_large_a_grid(sheet: &str, used: &Used) -> OpenError {
    let most = limits::GRID / 10_000;
    let what = format!("有内容的行数乘列数超过 {most} 万");
    too_many_cells(sheet, used.last_row(), &what)
}

/// What was taken so far.
#[derive(Default)]
pub(super) struct Room {
    /// Records of cells, also of those that hold nothing but a format or a
    /// formula: there is no end to them otherwise.
    records: usize,
    cells: usize,
    text: usize,
    merges: usize,
}

impl Room {
    /// Makes room for a value, if there is any.
    pub fn take(&mut self, value: &Found, sheet: &str, cell: Cell) -> Result<(), OpenError> {
        self.cells += 1;
        if let Found::Text(text) = value {
            self.text(text.len(), sheet, cell)?;
        }
        if self.cells > limits::CELLS {
            let what = format!("有内容的单元格超过 {} 万个", limits::CELLS / 10_000);
            return Err(too_many_cells(sheet, cell.row, &what));
        }
        Ok(())
    }

    /// Makes room for so many bytes of text.
    pub fn text(&mut self, length: usize, sheet: &str, cell: Cell) -> Result<(), OpenError> {
        self.text += length;
        if self.text > limits::TEXT {
            let what = format!("文字加起来超过 {} MB", limits::TEXT >> 20);
            return Err(too_many_cells(sheet, cell.row, &what));
        }
        Ok(())
    }

    /// Makes room for a text that is attached to a sheet.
    pub fn attached(&mut self, attached: &Attached, sheet: &str) -> Result<(), OpenError> {
        self.record(sheet, attached.cell.row)?;
        self.text(attached.text.len(), sheet, attached.cell)
    }

    /// Makes room for a record of a cell, whatever it holds.
    pub fn record(&mut self, sheet: &str, row: u32) -> Result<(), OpenError> {
        self.records += 1;
        if self.records > 2 * limits::CELLS {
            let what = format!("单元格（连空白的）超过 {} 万个", 2 * limits::CELLS / 10_000);
            return Err(too_many_cells(sheet, row, &what));
        }
        Ok(())
    }

    /// Makes room for merged cells.
    pub fn merged(&mut self, sheet: &str, areas: usize) -> Result<(), OpenError> {
        self.merges += areas;
        if self.merges > limits::MERGES {
            return Err(OpenError::TooLarge(format!(
                "合并单元格超过 {} 处，到工作表“{}”为止",
                limits::MERGES,
                short_name(sheet)
            )));
        }
        Ok(())
    }
}
