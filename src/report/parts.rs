//! The parts of the result for programs: those that are known, and rows of tables,
//! which are made while they are written, for there may be very many.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::assess::{CellRef, Evaluator, Format, Table, View};
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
    Parts(Parts<'a>),
}

impl<'a> Parts<'a> {
    /// Puts rows where a path of names leads.
    pub fn put(&mut self, path: &[&str], rows: TableRows<'a>) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        if rest.is_empty() {
            self.0.insert((*first).to_owned(), Part::Rows(rows));
            return;
        }
        let inner = match self.0.remove(*first) {
            Some(Part::Parts(parts)) => Some(parts),
            Some(Part::Known(Json::Object(known))) => Some(known.into_iter().collect()),
            _ => None,
        };
        let mut inner: Parts<'a> = inner.unwrap_or_default();
        inner.put(rest, rows);
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
        let cells = table.columns.iter().enumerate().map(|(column, of)| {
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

    /// The rows of a table by the text of a column; of several the first.
    pub fn by_text(&self, table: &str, column: &str) -> HashMap<String, Map<String, Json>> {
        let mut found = HashMap::new();
        for row in self.rows(table) {
            let text = row.get(column).and_then(Json::as_str).map(str::to_owned);
            if let (Some(text), Json::Object(row)) = (text, row) {
                found.entry(text).or_insert(row);
            }
        }
        found
    }
}

/// A number as programs are told of it: money and points with two decimals.
pub(super) fn decimal(number: Decimal, format: Format) -> String {
    match format {
        Format::Money | Format::Score => format!("{:.2}", round(number, 2)),
        _ => number.normalize().to_string(),
    }
}
