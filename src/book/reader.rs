//! Reads the values of a finished book by the ids of its tables and columns.

use rust_decimal::Decimal;

use super::evaluate::{Evaluator, Overlay};
use super::expr::CellRef;
use super::{Book, Format, Table};
use crate::sheet::Scalar;

/// A book with its values.
pub struct Reader<'a> {
    book: &'a Book,
    values: Values<'a>,
}

/// The values of a reader.
enum Values<'a> {
    /// Its own.
    Own(Box<Evaluator<'a>>),
    /// Those that others ask, too.
    Shared(&'a Evaluator<'a>),
}

/// A row of a table.
#[derive(Clone, Copy)]
pub struct RowOf<'r, 'a> {
    reader: &'r Reader<'a>,
    table: &'a Table,
    index: usize,
    row: usize,
}

impl<'a> Reader<'a> {
    /// A reader of a book as it stands now.
    pub fn new(book: &'a Book) -> Self {
        Reader::with_rows(book, Overlay::new())
    }

    /// A reader of a book some of whose rows are otherwise.
    pub fn with_rows(book: &'a Book, laid_over: Overlay) -> Self {
        Reader {
            book,
            values: Values::Own(Box::new(Evaluator::with_rows(book, laid_over))),
        }
    }

    /// A reader of values that others ask, too: none is worked out twice.
    pub fn of(values: &'a Evaluator<'a>) -> Self {
        Reader {
            book: values.book(),
            values: Values::Shared(values),
        }
    }

    /// The value of a cell.
    fn cell(&self, cell: CellRef) -> Scalar {
        match &self.values {
            Values::Own(values) => values.cell(cell),
            Values::Shared(values) => values.cell(cell),
        }
    }

    /// The book.
    pub fn book(&self) -> &'a Book {
        self.book
    }

    /// Tables whose id begins so, or with the id alone if it has no colon at its
    /// end; each with its index and the rest of its id.
    pub fn tables<'r>(&'r self, id: &'r str) -> impl Iterator<Item = (usize, &'a str)> + 'r {
        let tables = self.book.tables.iter().enumerate();
        tables.filter_map(move |(at, table)| {
            let rest = table.id.strip_prefix(id)?;
            (id.ends_with(':') || rest.is_empty()).then_some((at, rest))
        })
    }

    /// The rows of a table that are no totals.
    pub fn rows_at<'r>(&'r self, index: usize) -> impl Iterator<Item = RowOf<'r, 'a>> {
        let table = self.book.tables.get(index);
        table.into_iter().flat_map(move |table| {
            (0..table.height().saturating_sub(table.totals)).map(move |row| RowOf {
                reader: self,
                table,
                index,
                row,
            })
        })
    }

    /// The rows of a table by its id; none if there is no such table.
    pub fn rows<'r>(&'r self, id: &str) -> impl Iterator<Item = RowOf<'r, 'a>> {
        let found = self.book.find(id);
        found.into_iter().flat_map(move |index| self.rows_at(index))
    }
}

impl RowOf<'_, '_> {
    /// What a column says; empty if there is no such column.
    pub fn value(&self, id: &str) -> Scalar {
        match self.table.find(id) {
            Some(column) => self.reader.cell(CellRef {
                table: self.index,
                row: self.row,
                column,
            }),
            None => Scalar::Empty,
        }
    }

    /// The text of a column; empty if it says anything else.
    pub fn text(&self, id: &str) -> String {
        match self.value(id) {
            Scalar::Text(text) => text,
            _ => String::new(),
        }
    }

    /// The numbers of the columns whose ids begin so.
    pub fn numbers(&self, prefix: &str) -> Vec<Decimal> {
        let ids = self.table.columns.iter().map(|column| column.id.as_str());
        let ids = ids.filter(|id| id.starts_with(prefix));
        ids.filter_map(|id| self.number(id)).collect()
    }

    /// How a column is shown in this row.
    pub fn format(&self, id: &str) -> Format {
        let Some(column) = self.table.find(id) else {
            return Format::Text;
        };
        let own = self
            .table
            .view(self.row, column)
            .and_then(|view| view.own());
        let of = self.table.columns.get(column).map(|column| column.format);
        own.or(of).unwrap_or(Format::Text)
    }

    /// The number of a column.
    pub fn number(&self, id: &str) -> Option<Decimal> {
        self.value(id).number()
    }
}
