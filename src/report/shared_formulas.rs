//! The formulas of a long table: one that is the same in many rows is written
//! once, and put into each with the number of its row.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::ReportError;
use super::content::Writer;
use super::place::TablePlace;
use crate::book::{CellRef, RowFormula, Table, View};
use crate::sheet::Content;

/// Writes the cells of a table.
pub(super) struct SharedFormulas<'w> {
    writer: Writer<'w>,
    table: &'w Table,
    place: &'w TablePlace,
    /// Formulas by the number of the figure.
    known: FxHashMap<usize, RowFormula>,
}

impl<'w> SharedFormulas<'w> {
    /// None written yet.
    pub fn new(writer: Writer<'w>, table: &'w Table, place: &'w TablePlace) -> Self {
        SharedFormulas {
            writer,
            table,
            place,
            known: FxHashMap::default(),
        }
    }

    /// What a cell holds that stands in a row of the sheet, from 0.
    ///
    /// # Errors
    /// A formula that is too long, or that refers to what has no place.
    pub fn content(
        &mut self,
        view: &View<'_>,
        at: CellRef,
        row: u32,
    ) -> Result<Content, ReportError> {
        let shared = self.table.figure_at(at.row, at.column);
        let (View::Figure(figure, _), Some(number)) = (view, shared) else {
            return self.writer.content(view, at, self.place);
        };
        let formula = match self.known.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.writer.row_formula(figure, at, self.place)?),
        };
        Ok(Content::Formula {
            text: formula.in_row(row),
            result: self.writer.result(at),
        })
    }
}
