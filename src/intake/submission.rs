//! One returned workbook, decoded.

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::form::ReadRow;
use crate::value::Value;

/// An entry of a returned workbook: one row of one form.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Form id.
    pub form: String,
    /// Sheet on which it stands.
    pub sheet: String,
    /// The row, decoded.
    pub row: ReadRow,
}

/// One returned workbook.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Code of the unit.
    pub unit: String,
    /// The cover's values by field id.
    pub cover: IndexMap<String, Value>,
    /// All entries in the order of sheets and rows, the cover first.
    pub entries: Vec<Entry>,
}

impl Submission {
    /// Round of reporting; 0 if the cover does not say.
    pub fn round(&self) -> u32 {
        let round = self.cover.get("round").and_then(Value::number);
        round.and_then(|n| n.try_into().ok()).unwrap_or(0)
    }

    /// Day on which it was filled in, by the cover.
    pub fn filled_on(&self) -> Option<Date> {
        self.cover.get("filled_on").and_then(Value::date)
    }
}
