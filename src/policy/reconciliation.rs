//! What is reconciled: which entries are the same, which gifts may be, which
//! facts contradict each other, and what is held against what.

use rust_decimal::Decimal;

use super::metric::Condition;

/// What is reconciled, as `reconcile.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Reconciliation {
    /// When entries are the same.
    pub duplicates: Vec<Duplicate>,
    /// Totals on the cover.
    pub declared: Vec<Declared>,
    /// The forms that tell of gifts.
    pub gifts: Vec<Gift>,
    /// How far two reports of one gift may lie apart.
    pub apart: Apart,
    /// Entries that must not contradict each other.
    pub conflicts: Vec<Conflict>,
    /// Amounts out of line.
    pub outliers: Vec<Outlier>,
    /// Fields that ought to name a proof.
    pub evidence: Vec<Evidence>,
    /// The form that pairs helpers and households, if there is one.
    pub pairing: Option<Pairing>,
}

/// What makes two entries of a form the same.
#[derive(Debug, Clone)]
pub struct Duplicate {
    /// Form id.
    pub form: String,
    /// Field ids that must all be equal.
    pub fields: Vec<String>,
    /// What it means if two units tell of it.
    pub two_units: TwoUnits,
}

/// What it means if two units tell of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoUnits {
    /// It is one thing, and counts once.
    Once,
    /// They did it together: it counts for each of them. Money counts once, so where
    /// there is some the office is asked.
    Joint,
    /// The office is asked; until it has ruled it counts for each of them.
    Ask,
}

/// A total on the cover that is held against the detail.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Field id on the cover.
    pub field: String,
    /// Form id of the detail.
    pub form: String,
    /// Field id of the amount.
    pub amount: String,
    /// Conditions on the detail.
    pub conditions: Vec<Condition>,
    /// Greatest difference that is passed over, in 元.
    pub tolerance: Decimal,
}

/// Which fields of a form say who helps which household (clause 7.2).
#[derive(Debug, Clone)]
pub struct Pairing {
    /// Form id.
    pub form: String,
    /// Field id of the helper.
    pub helper: String,
    /// Field id of the village.
    pub village: String,
    /// Field id of the household's head.
    pub household: String,
    /// Field id of the measures.
    pub measures: String,
    /// Field id of the result.
    pub result: String,
}

/// Which side of a gift a form tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What was given, as the donor's unit reports it.
    Given,
    /// What a village received, as its township reports it.
    Received,
}

/// Which fields of a form describe a gift.
#[derive(Debug, Clone)]
pub struct Gift {
    /// Form id.
    pub form: String,
    /// Which side it tells of.
    pub side: Side,
    /// Field id of who gave.
    pub giver: String,
    /// Field id of the village.
    pub village: String,
    /// Field id of the choice between money and goods.
    pub sort: String,
    /// Field id of the amount, in 元.
    pub amount: String,
    /// Field id of the day.
    pub date: String,
}

/// How far two reports of one gift may lie apart, and from what sum on one that
/// stands alone is asked about. Office default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// Days between two reports of one gift by two units.
    pub days: u32,
    /// Days between the day of giving and the day of receiving.
    pub receipt_days: u32,
    /// Days between a whole and each of its instalments.
    pub instalment_days: u32,
    /// Most instalments that are put together.
    pub parts: usize,
    /// What a unit says it gave to a village, in 元, and nobody there received: from
    /// this sum on it is asked about.
    pub unreceived: Decimal,
}

impl Default for Apart {
    fn default() -> Self {
        Apart {
            days: 7,
            receipt_days: 31,
            instalment_days: 92,
            parts: 4,
            unreceived: Decimal::from(10_000),
        }
    }
}

/// Entries that speak of one thing and must not contradict each other.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// Form id.
    pub form: String,
    /// Name of the thing, for example 贫困户.
    pub name: String,
    /// Field ids that say which thing it is.
    pub same: Vec<String>,
    /// Field ids that may not differ. Without any, two units may not report
    /// the same thing at all.
    pub facts: Vec<String>,
}

/// When an amount is far out of line. Office default.
#[derive(Debug, Clone)]
pub struct Outlier {
    /// Form id.
    pub form: String,
    /// Field id of the amount, in 元.
    pub amount: String,
    /// Amounts below this are never out of line.
    pub at_least: Decimal,
    /// So many times the median of all amounts of the form.
    pub times: Decimal,
}

/// A field that ought to name what proves an entry. Office default.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Form id.
    pub form: String,
    /// Field id.
    pub field: String,
    /// Conditions on the entry.
    pub conditions: Vec<Condition>,
}
