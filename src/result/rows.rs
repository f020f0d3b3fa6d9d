//! The parts of the result for programs: those that are known, and rows of tables,
//! which are made while they are written, for there may be very many.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::book::{CellRef, Evaluator, Format, PLACES, Table, View};
use crate::sheet::Scalar;
use crate::value::round;

/// Parts by name.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(super) struct Parts<'a>(BTreeMap<String, Part<'a>>);

#[derive(Serialize)]
#[serde(untagged)]
enum Part<'a> {
    Known(Json),
    Rows(TableRows<'a>),
    Made(Made<'a>),
    Parts(Parts<'a>),
}

impl<'a> Parts<'a> {
    /// Puts rows of tables where a path of names leads.
    pub fn put(&mut self, path: &[&str], rows: TableRows<'a>) {
        self.put_part(path, Part::Rows(rows));
    }

    /// Puts a list where a path of names leads.
    pub fn put_list<I>(&mut self, path: &[&str], list: impl Fn() -> I + Send + 'a)
    where
        I: Iterator<Item = Json> + 'a,
    {
        let made = Made(Box::new(move || Box::new(list())));
        self.put_part(path, Part::Made(made));
    }

    fn put_part(&mut self, path: &[&str], part: Part<'a>) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        if rest.is_empty() {
            self.0.insert((*first).to_owned(), part);
            return;
        }
        let inner = match self.0.remove(*first) {
            Some(Part::Parts(parts)) => Some(parts),
            Some(Part::Known(Json::Object(known))) => Some(known.into_iter().collect()),
            _ => None,
        };
        let mut inner: Parts<'a> = inner.unwrap_or_default();
        inner.put_part(rest, part);
        self.0.insert((*first).to_owned(), Part::Parts(inner));
    }

    /// Each part with its name, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &(impl Serialize + use<'a>))> {
        self.0.iter().map(|(name, part)| (name.as_str(), part))
    }
}

impl FromIterator<(String, Json)> for Parts<'_> {
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(known: I) -> Self {
        let known = known.into_iter();
        Parts(
            known
                .map(|(name, part)| (name, Part::Known(part)))
                .collect(),
        )
    }
}

/// A list whose elements are made while it is written, one after the other: all of
/// them together would take many times the room of what they are made of.
struct Made<'a>(Box<dyn Fn() -> Elements<'a> + Send + 'a>);

/// The elements of a list.
type Elements<'a> = Box<dyn Iterator<Item = Json> + 'a>;

impl Serialize for Made<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq((self.0)())
    }
}

/// The rows of some tables, one after the other.
pub(super) struct TableRows<'a> {
    reader: TableReader<'a>,
    tables: Vec<(usize, &'a Table)>,
}

impl<'a> TableRows<'a> {
    /// Those of the tables with these ids that are there.
    pub fn new(reader: TableReader<'a>, ids: &[String]) -> Self {
        let tables = ids.iter().filter_map(|id| reader.table(id));
        TableRows {
            reader,
            tables: tables.collect(),
        }
    }
}

impl Serialize for TableRows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let rows = self.tables.iter().flat_map(|&(index, table)| {
            let reader = self.reader;
            (0..table.height()).map(move |row| reader.row(index, table, row))
        });
        to.collect_seq(rows)
    }
}

/// Reads the tables of the assessment as programs are told of them.
#[derive(Clone, Copy)]
pub(super) struct TableReader<'a> {
    evaluator: &'a Evaluator<'a>,
}

impl<'a> TableReader<'a> {
    /// A reader of tables with their values.
    pub fn of(evaluator: &'a Evaluator<'a>) -> Self {
        TableReader { evaluator }
    }

    /// A table with its number.
    pub fn table(&self, id: &str) -> Option<(usize, &'a Table)> {
        let book = self.evaluator.book();
        let index = book.find(id)?;
        Some((index, book.tables.get(index)?))
    }

    /// The rows of a table as objects: column id to value.
    pub fn rows(&self, id: &str) -> impl Iterator<Item = Json> + use<'a> {
        let (reader, table) = (*self, self.table(id));
        let height = table.map_or(0, |(_, table)| table.height());
        (0..height).filter_map(move |row| {
            let (index, table) = table?;
            Some(Json::Object(reader.row(index, table, row)))
        })
    }

    /// A row of a table with its number as an object.
    pub fn row(&self, index: usize, table: &Table, row: usize) -> Map<String, Json> {
        let columns = table.columns.iter().enumerate();
        // Where a row stands among others is no result.
        let columns = columns.filter(|(_, of)| !of.id.starts_with(PLACES));
        let cells = columns.map(|(column, of)| {
            let cell = CellRef {
                table: index,
                row,
                column,
            };
            (of.id.clone(), self.value(table, cell))
        });
        cells.collect()
    }

    fn value(&self, table: &Table, cell: CellRef) -> Json {
        let format = match table.view(cell.row, cell.column) {
            Some(View::Fact(_, Some(format)) | View::Figure(_, Some(format))) => format,
            _ => table
                .columns
                .get(cell.column)
                .map_or(Format::Text, |of| of.format),
        };
        match self.evaluator.cell(cell) {
            Scalar::Empty => Json::Null,
            Scalar::Text(text) => Json::String(text),
            Scalar::Number(number) => Json::String(decimal(number, format)),
            Scalar::Date(date) => Json::String(date.to_string()),
            Scalar::Bool(value) => Json::Bool(value),
        }
    }

    /// The numbers of a table's rows by the text of a column, in their order.
    pub fn rows_by(&self, id: &str, column: &str) -> RowsBy<'a> {
        let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
        let table = self.table(id);
        if let Some((index, of)) = table
            && let Some(column) = of.find(column)
        {
            for row in 0..of.height() {
                let cell = CellRef {
                    table: index,
                    row,
                    column,
                };
                if let Json::String(text) = self.value(of, cell) {
                    rows.entry(text).or_default().push(row);
                }
            }
        }
        RowsBy {
            reader: *self,
            table,
            rows,
        }
    }
}

/// The rows of a table by what stands in one of its columns. They are made when they
/// are asked for.
pub(super) struct RowsBy<'a> {
    reader: TableReader<'a>,
    table: Option<(usize, &'a Table)>,
    rows: HashMap<String, Vec<usize>>,
}

impl RowsBy<'_> {
    /// The rows with a text.
    pub fn of(&self, text: &str) -> impl Iterator<Item = Map<String, Json>> {
        let rows = self.rows.get(text).map_or(&[][..], Vec::as_slice).iter();
        rows.filter_map(|row| {
            let (index, table) = self.table?;
            Some(self.reader.row(index, table, *row))
        })
    }
}

/// A number as programs are told of it: money and points with two decimals.
pub(super) fn decimal(number: Decimal, format: Format) -> String {
    match format {
        Format::Money | Format::Score => format!("{:.2}", round(number, 2)),
        _ => number.normalize().to_string(),
    }
}
