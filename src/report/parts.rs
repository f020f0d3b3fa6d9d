//! The parts of the result for programs: those that are known, and rows of tables,
//! which are made while they are written, for there may be very many.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::json::Reader;
use crate::assess::Table;

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
    reader: Reader<'a>,
    tables: Vec<(usize, &'a Table)>,
}

impl<'a> TableRows<'a> {
    /// Those of the tables with these ids that are there.
    pub fn new(reader: Reader<'a>, ids: &[String]) -> Self {
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
