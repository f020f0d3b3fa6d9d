//! One returned workbook, decoded.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::form::{ReadRow, Values};
use crate::sheet::{Attached, Cell, FileFormat, Found, FoundWorkbook};
use crate::value::Value;

/// The clock by which a file says when it was saved. Some programs write local
/// time, some that of Greenwich, and some the one into one format and the other
/// into another, without saying which.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clock {
    /// Format of the file.
    pub format: FileFormat,
    /// The program that saved it, where it says so.
    pub program: Option<String>,
}

/// An entry of a returned workbook: one row of one form.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Form id.
    pub form: EcoString,
    /// Sheet on which it stands.
    pub sheet: EcoString,
    /// The row, decoded.
    pub row: ReadRow,
}

/// A form's place in a returned workbook.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Placed {
    /// The sheet that holds it.
    pub sheet: String,
    /// Header cell of each field that was found, by field id.
    pub headers: IndexMap<String, Cell>,
    /// Fields whose header says another unit of measure, by id, each with that
    /// measure: nothing of them is taken.
    pub unusable: IndexMap<String, String>,
}

impl Placed {
    /// Whether the column of a field was read.
    pub fn reads(&self, field: &str) -> bool {
        self.headers.contains_key(field) && !self.unusable.contains_key(field)
    }
}

/// A cell that has no place in any form. It is not counted, a finding speaks
/// of it, and it is kept for the return-for-correction workbook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Leftover {
    /// Sheet on which it stands.
    pub sheet: String,
    /// Where.
    pub cell: Cell,
    /// What.
    pub found: Found,
}

/// What became of a cell of a returned workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Printed by the office: titles, headers, help, running numbers, totals.
    Office,
    /// Part of an entry, or of a prefilled row that was left alone.
    Taken,
    /// A [`Leftover`].
    SetAside,
}

/// One returned workbook.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// Code of the unit.
    pub unit: String,
    /// How often it had been returned for correction when it was filled in.
    pub revision: u32,
    /// Round of reporting for which it was issued, by its stamp.
    pub stamped_round: Option<u32>,
    /// When it was last saved, as the file says itself.
    pub saved_at: Option<jiff::civil::DateTime>,
    /// By whose clock that is told.
    pub clock: Option<Clock>,
    /// The cover's values by field id.
    pub cover: Arc<Values>,
    /// All entries in the order of sheets and rows, the cover first.
    pub entries: Vec<Entry>,
    /// Prefilled rows that stand as the office wrote them, undecoded.
    pub untouched: Vec<Entry>,
    /// Where each form was found, by form id.
    pub placed: IndexMap<String, Placed>,
    /// What has no place in any form.
    pub leftovers: Vec<Leftover>,
    /// The unit's own notes and boxes with text, each with its sheet.
    pub attached: Vec<(String, Attached)>,
}

impl Submission {
    /// Round of reporting that the cover says.
    fn covers_round(&self) -> Option<u32> {
        let round = self.cover.get("round").and_then(Value::number);
        round.and_then(|n| n.try_into().ok())
    }

    /// Round of reporting by the cover, else by the stamp; none if neither says.
    pub fn round(&self) -> Option<u32> {
        self.covers_round().or(self.stamped_round)
    }

    /// Whether only the stamp says of which round it is.
    pub fn is_round_by_stamp(&self) -> bool {
        self.covers_round().is_none() && self.stamped_round.is_some()
    }

    /// What became of each cell of the workbook that this was read from.
    pub fn account(&self, workbook: &FoundWorkbook) -> BTreeMap<(String, Cell), Use> {
        let mut account = BTreeMap::new();
        for sheet in &workbook.sheets {
            for cell in sheet.cells.keys() {
                account.insert((sheet.name.clone(), *cell), Use::Office);
            }
        }
        for entry in self.entries.iter().chain(&self.untouched) {
            for raw in entry.row.raw.cells.values() {
                // A merged cell speaks for rows in which the file holds nothing.
                let key = (entry.sheet.to_string(), raw.cell());
                account.entry(key).and_modify(|u| *u = Use::Taken);
            }
        }
        for left in &self.leftovers {
            account.insert((left.sheet.clone(), left.cell), Use::SetAside);
        }
        account
    }

    /// Day on which it was filled in, by the cover.
    pub fn filled_on(&self) -> Option<Date> {
        self.cover.get("filled_on").and_then(Value::date)
    }
}
