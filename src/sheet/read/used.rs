//! Rows and columns of a sheet in which anything stands. The library makes a grid
//! of a sheet as far as its last cell; so it is given the sheet without the rows
//! and columns between, and every cell is put back in its place afterwards. One
//! far cell then costs no more than a near one.

use std::collections::BTreeSet;

use super::value::position;
use crate::sheet::Cell;

/// Rows and columns that are used, in order.
#[derive(Debug, Default)]
pub(super) struct Used {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl Used {
    pub fn new(rows: BTreeSet<u32>, columns: BTreeSet<u32>) -> Self {
        Used {
            rows: rows.into_iter().collect(),
            columns: columns.into_iter().collect(),
        }
    }

    /// Cells of the grid that the library makes.
    pub fn grid(&self) -> u64 {
        self.rows.len() as u64 * self.columns.len() as u64
    }

    /// The last row, from 0.
    pub fn last_row(&self) -> u32 {
        self.rows.last().copied().unwrap_or_default()
    }

    /// Where a row stands among those that are used.
    pub fn row(&self, row: u32) -> Option<u32> {
        rank(&self.rows, row)
    }

    /// Where a column stands among those that are used.
    pub fn column(&self, column: u32) -> Option<u32> {
        rank(&self.columns, column)
    }

    /// How many columns are used from one on to before another one.
    pub fn columns_within(&self, from: u32, to: u32) -> usize {
        let before = |column| self.columns.partition_point(|used| *used < column);
        before(to).saturating_sub(before(from))
    }

    /// The cell at a place of the library's grid.
    pub fn cell(&self, row: u32, column: u32) -> Option<Cell> {
        let at = |of: &[u32], at: u32| of.get(usize::try_from(at).ok()?).copied();
        position((at(&self.rows, row)?, at(&self.columns, column)?))
    }
}

fn rank(of: &[u32], wanted: u32) -> Option<u32> {
    let at = of.binary_search(&wanted).ok()?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let used = Used::new([0, 5, 19_999].into(), [1, 255].into());
        assert_eq!(used.grid(), 6);
        assert_eq!(used.last_row(), 19_999);
        assert_eq!((used.row(5), used.row(6)), (Some(1), None));
        assert_eq!((used.column(255), used.column(0)), (Some(1), None));
        assert_eq!(used.cell(2, 1), Some(Cell::new(19_999, 255)));
        assert_eq!(used.cell(3, 0), None);
        assert_eq!(used.columns_within(0, 255), 1);
        assert_eq!(used.columns_within(1, 256), 2);
        assert_eq!(used.columns_within(2, 255), 0);
    }
}
