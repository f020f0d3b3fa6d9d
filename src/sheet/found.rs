//! A workbook as it was found: what stands in its cells, and beside them.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::sheet::{Area, Attached, Beside, Cell, Visibility};
use crate::value::exact;

/// What was found in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// Text as stored.
    Text(EcoString),
    /// A number (decimal of the shortest spelling of the stored double).
    Number(#[serde(with = "exact")] Decimal),
    /// A day, with the seconds since midnight that came with it.
    Date(Date, u32),
    /// True or false.
    Bool(bool),
    /// An error such as `#REF!`.
    Error(EcoString),
}

/// A sheet that was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FoundSheet {
    /// Name.
    pub name: String,
    /// Seen or not. An .ods file does not tell hidden from very hidden.
    pub visibility: Visibility,
    /// Cells that are not empty.
    pub cells: BTreeMap<Cell, Found>,
    /// Cells that hold formulas, also those without a stored result, which are
    /// not among `cells`.
    pub formulas: BTreeSet<Cell>,
    /// What cells carry beside their values.
    pub beside: BTreeMap<Cell, Beside>,
    /// Notes on cells, and boxes with text over them.
    pub attached: Vec<Attached>,
    /// Merged cells.
    pub merges: Vec<Area>,
    /// Rows that are hidden or filtered away.
    pub hidden_rows: BTreeSet<u32>,
    /// Whether days are counted from 1904. Days are days already; this is for
    /// numbers that stand for days without saying so.
    pub days_of_1904: bool,
}

/// The format of a file, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileFormat {
    /// .xlsx or .xlsm.
    Xlsx,
    /// .xls or .et.
    Xls,
    /// .xlsb.
    Xlsb,
    /// .ods.
    Ods,
}

/// A workbook that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundWorkbook {
    /// Sheets in order.
    pub sheets: Vec<FoundSheet>,
    /// Format.
    pub format: FileFormat,
    /// Whether it has macros. They are never run, nor read.
    pub macros: bool,
    /// When it was last saved, as it says itself.
    pub saved_at: Option<jiff::civil::DateTime>,
    /// The program that saved it last, as it says itself: its bare name.
    pub saved_by: Option<String>,
}
