//! Tables of facts and expressions. Each expression has three readings: what it
//! comes to, exactly (`evaluate`); the formula that says it in a workbook
//! (`formula`); and the rows at which it looks (`precedents`). Nothing here knows
//! of a policy, a roster or an entry, nor where a table stands on a sheet.

mod cell;
mod columns;
mod evaluate;
mod expr;
mod formula;
mod index;
mod interned;
mod order;
mod precedents;
mod reader;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::sheet::Scalar;

pub use cell::{Format, Slot, View};
pub use columns::{CellInput, ColumnStore, FigureOf, StoredColumn, entry_number};
pub use evaluate::{Evaluator, Overlay};
pub use expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr, OWN_ROW};
pub use formula::{Placement, RowFormula, Standing, formula, row_formula};
pub use precedents::Lead;
pub use reader::{Reader, RowOf};

/// How the ids of columns begin that put rows in order, and say nothing else.
pub const PLACES: &str = "@at:";

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Identifier within the table, for example `unit` or `points:group_funds`.
    pub id: String,
    /// Header that is shown.
    pub header: String,
    /// Format.
    pub format: Format,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Identifier, for example `detail:funds`, `members`, `score:township`.
    pub id: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows; each as long as there are columns.
    pub rows: Vec<Vec<Slot>>,
    /// The rows of a long table, which stand here instead.
    pub packed: Option<ColumnStore>,
    /// The last rows that are totals or checks.
    pub totals: usize,
    /// Number of columns that print; those after them serve formulas only.
    pub printed: Option<usize>,
}

/// All tables of an assessment.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Tables in order.
    pub tables: Vec<Table>,
    /// Identities of the open matters of which no ruling changes a result.
    pub apart: BTreeSet<String>,
}

impl Table {
    /// An empty table.
    pub fn new(id: impl Into<String>) -> Self {
        Table {
            id: id.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            packed: None,
            totals: 0,
            printed: None,
        }
    }

    /// Adds a column and gives its index.
    pub fn column(
        &mut self,
        id: impl Into<String>,
        header: impl Into<String>,
        format: Format,
    ) -> usize {
        self.columns.push(Column {
            id: id.into(),
            header: header.into(),
            format,
        });
        self.columns.len() - 1
    }

    /// How many rows there are, with totals.
    pub fn height(&self) -> usize {
        match &self.packed {
            Some(packed) => packed.height(),
            None => self.rows.len(),
        }
    }

    /// What stands in a cell.
    pub fn view(&self, row: usize, column: usize) -> Option<View<'_>> {
        match &self.packed {
            Some(packed) => packed.view(row, column),
            None => Some(self.rows.get(row)?.get(column)?.view()),
        }
    }

    /// The figure that stands in a cell, as a number that is the same wherever the
    /// figure is; none unless it is held once for many rows.
    pub fn figure_at(&self, row: usize, column: usize) -> Option<usize> {
        self.packed.as_ref()?.figure_at(row, column)
    }

    /// Rows whose cells in a column say all that any of its cells say.
    pub fn telling_rows(&self, column: usize) -> Vec<usize> {
        match &self.packed {
            Some(packed) => packed.telling_rows(column),
            None => (0..self.height()).collect(),
        }
    }

    /// Whether there may be anything that leads to other rows.
    pub fn leads_somewhere(&self) -> bool {
        self.packed
            .as_ref()
            .is_none_or(ColumnStore::leads_somewhere)
    }

    /// The cell of a column in whichever row an expression stands, for the table that
    /// will have this index.
    pub fn own(&self, index: usize, id: &str) -> CellRef {
        let column = self.find(id);
        debug_assert!(column.is_some(), "no column {id}");
        CellRef {
            table: index,
            row: OWN_ROW,
            // No cell: no formula can be written of it, and the run stops.
            column: column.unwrap_or(usize::MAX),
        }
    }

    /// The cell of a column in the row that is added next, for the table that will have
    /// this index.
    pub fn coming(&self, index: usize, id: &str) -> CellRef {
        CellRef {
            row: self.rows.len(),
            ..self.own(index, id)
        }
    }

    /// Index of a column.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }
}

impl Book {
    /// Adds a table and gives its index.
    pub fn add(&mut self, table: Table) -> usize {
        self.tables.push(table);
        self.tables.len() - 1
    }

    /// Index of the table that the next `add` will make; for rows that refer
    /// to cells of their own table.
    pub fn next(&self) -> usize {
        self.tables.len()
    }

    /// Index of a table.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.id == id)
    }

    /// A table by id.
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// A column by table id and column id.
    pub fn column(&self, table: &str, column: &str) -> Option<ColumnRef> {
        let table = self.find(table)?;
        let column = self.tables[table].find(column)?;
        Some(ColumnRef { table, column })
    }

    /// What stands in a cell.
    pub fn view(&self, cell: CellRef) -> Option<View<'_>> {
        self.tables.get(cell.table)?.view(cell.row, cell.column)
    }
}

impl Slot {
    /// The same, looked at.
    pub fn view(&self) -> View<'_> {
        match self {
            Slot::Fact(fact) => View::Fact(Cow::Borrowed(fact), None),
            Slot::FormattedFact(fact, format) => View::Fact(Cow::Borrowed(fact), Some(*format)),
            Slot::Figure(expr) => View::Figure(expr, None),
            Slot::Formatted(expr, format) => View::Figure(expr, Some(*format)),
            Slot::Link(text, to) => View::Link(Cow::Borrowed(text), *to),
        }
    }

    /// A fact that is text; empty text is an empty cell.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Slot::Fact(if text.is_empty() {
            Scalar::Empty
        } else {
            Scalar::Text(text)
        })
    }

    /// A fact that is a whole number.
    pub fn whole(number: usize) -> Self {
        Slot::Fact(Scalar::Number(number.into()))
    }
}
