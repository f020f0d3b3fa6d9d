//! Sorting the rows of a table by what its figures come to.

use super::evaluate::Evaluator;
use super::expr::CellRef;
use super::{Book, Slot, Table};
use crate::sheet::Scalar;

impl Book {
    /// Sorts the rows of a table, before anything else refers to single rows
    /// of it. The key is made from the row's number and a reader of its cells
    /// by column.
    pub fn sort_by<K: Ord>(
        &mut self,
        table: usize,
        key: impl Fn(usize, &dyn Fn(usize) -> Scalar) -> K,
    ) {
        let evaluator = Evaluator::new(self);
        let rows = self.tables.get(table).map_or(0, Table::height);
        let keys: Vec<K> = (0..rows)
            .map(|row| {
                let cell = |column| CellRef { table, row, column };
                key(row, &|column| evaluator.cell(cell(column)))
            })
            .collect();
        self.sort_rows(table, &keys);
    }

    /// Sorts the rows by keys, one per row. References within the table follow.
    fn sort_rows<K: Ord>(&mut self, table: usize, keys: &[K]) {
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|&row| &keys[row]);
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let Some(target) = self.tables.get_mut(table) else {
            return;
        };
        if let Some(packed) = &mut target.packed {
            // What its figures look at in the table is their own row.
            packed.sort(&order);
            return;
        }
        let mut rows: Vec<Option<Vec<Slot>>> = std::mem::take(&mut target.rows)
            .into_iter()
            .map(Some)
            .collect();
        let mut sorted: Vec<Vec<Slot>> = order
            .iter()
            .filter_map(|&old| rows.get_mut(old).and_then(Option::take))
            .collect();
        sorted.extend(rows.into_iter().flatten());
        for slot in sorted.iter_mut().flatten() {
            if let Slot::Figure(expr) | Slot::Formatted(expr, _) = slot {
                expr.for_each_cell(&mut |cell| {
                    if cell.table == table
                        && let Some(&new) = place.get(cell.row)
                    {
                        cell.row = new;
                    }
                });
            }
        }
        target.rows = sorted;
    }
}
