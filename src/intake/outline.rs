//! What is known of a return whose entries are put away: whose it is, how old,
//! and how much stands in it. Where a unit has sent several, only those that may
//! be the one that counts are held with their entries.

use std::cmp::Ordering;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::submission::{Clock, Entry, Submission};
use crate::policy::Policy;

/// No two clocks on earth lie further apart: times by different ones that are
/// closer than this do not tell which is the later one.
const CLOCKS_APART: SignedDuration = SignedDuration::from_hours(14);

/// By what several returns of a unit are put in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    /// Code of the unit.
    pub unit: String,
    /// Round of reporting, where it is known.
    pub round: Option<u32>,
    /// Whether that is only said by the stamp.
    pub round_by_stamp: bool,
    /// Day on which it was filled in.
    pub filled_on: Option<Date>,
    /// How often it was returned for correction.
    pub revision: u32,
    /// When the file was saved, as it says itself.
    pub saved_at: Option<DateTime>,
    /// By whose clock that is told.
    pub clock: Option<Clock>,
}

impl Age {
    fn told(&self) -> (Option<u32>, Option<Date>, u32) {
        (self.round, self.filled_on, self.revision)
    }

    /// Whether round, day and corrections are the same.
    pub fn equals(&self, other: &Age) -> bool {
        self.told() == other.told()
    }

    /// Which of two returns of a unit is the later one; where nothing else tells,
    /// by the names of their files.
    pub fn compare(&self, name: &str, other: &Age, other_name: &str) -> Ordering {
        let own = (self.told(), self.saved_at, name);
        own.cmp(&(other.told(), other.saved_at, other_name))
    }

    /// Whether nothing but the name tells which of two returns with different
    /// contents is the later one.
    pub fn is_rival_of(&self, other: &Age) -> bool {
        // Where only one of them says of which round it is or when it was filled in,
        // neither is known to be the later one.
        if self.round.is_some() != other.round.is_some() {
            return true;
        }
        if self.round == other.round && self.filled_on.is_some() != other.filled_on.is_some() {
            return true;
        }
        self.equals(other) && !self.is_told_by_saving(other)
    }

    /// Whether the times of saving tell which of two is the later one.
    fn is_told_by_saving(&self, other: &Age) -> bool {
        let (Some(one), Some(another)) = (self.saved_at, other.saved_at) else {
            return false;
        };
        match self.clock == other.clock {
            true => one != another,
            false => one.duration_until(another).abs() > CLOCKS_APART,
        }
    }

    /// Whether it was saved before another of the same day, beyond doubt.
    pub fn is_saved_before(&self, other: &Age) -> bool {
        self.equals(other) && self.is_told_by_saving(other) && self.saved_at < other.saved_at
    }

    /// Whether only the clocks of two programs keep the times of saving from
    /// telling which of two is the later one.
    pub fn clocks_differ(&self, other: &Age) -> bool {
        let both = self.saved_at.is_some() && other.saved_at.is_some();
        both && self.equals(other) && self.clock != other.clock && self.is_rival_of(other)
    }
}

/// A return without its entries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outline {
    /// Whose it is and how old.
    pub age: Age,
    /// What stands in it, by form and sheet.
    pub lines: Vec<Line>,
}

/// The entries of a form in a return, together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// Form id.
    pub form: String,
    /// Sheet on which they stand.
    pub sheet: String,
    /// First row, from 0.
    pub first: u32,
    /// Last row, from 0.
    pub last: u32,
    /// How many there are.
    pub rows: usize,
    /// What their readable amounts come to, in 元; 0 where the form has none.
    pub amount: Decimal,
}

impl Outline {
    /// How many entries there are.
    pub fn rows(&self) -> usize {
        self.lines.iter().map(|line| line.rows).sum()
    }
}

impl Submission {
    /// By what it is put in order with others of its unit.
    pub fn age(&self) -> Age {
        Age {
            unit: self.unit.clone(),
            round: self.round(),
            round_by_stamp: self.is_round_by_stamp(),
            filled_on: self.filled_on(),
            revision: self.revision,
            saved_at: self.saved_at,
            clock: self.clock.clone(),
        }
    }

    /// The same without its entries.
    pub fn outline(&self, policy: &Policy) -> Outline {
        let mut lines: Vec<Line> = Vec::new();
        for entry in &self.entries {
            let amount = amount(entry, policy);
            let row = entry.row.raw.row;
            let same = |line: &&mut Line| line.form == entry.form && line.sheet == entry.sheet;
            match lines.iter_mut().find(same) {
                Some(line) => {
                    line.first = line.first.min(row);
                    line.last = line.last.max(row);
                    line.rows += 1;
                    line.amount += amount;
                }
                None => lines.push(Line {
                    form: entry.form.to_string(),
                    sheet: entry.sheet.to_string(),
                    first: row,
                    last: row,
                    rows: 1,
                    amount,
                }),
            }
        }
        Outline {
            age: self.age(),
            lines,
        }
    }
}

/// The amount in the first money field of an entry's form.
fn amount(entry: &Entry, policy: &Policy) -> Decimal {
    let form = policy.forms.get(entry.form.as_str());
    let field = form.and_then(|form| form.money_fields().next());
    let value = field.and_then(|field| entry.row.values.get(&field.id));
    value.and_then(|value| value.number()).unwrap_or_default()
}
