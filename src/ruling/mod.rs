//! What the office has decided: rulings on open matters, its own additions
//! and deductions, nominations, and exemptions from a veto. They stand in
//! `裁定.xlsx`, or in the consolidated workbook in which they were chosen.

mod belongs;
mod forms;
mod merge;
mod read;
mod rows;
mod sheets;
mod write;

pub use belongs::{ASSESSMENT, Belongs, KnownRulings, RUN, VERSION};
pub use forms::{MATTERS, RulingForms, choices};
pub use read::{Edit, Edits, Take, read_rulings};
pub use sheets::{WRITTEN, hold_all, sheet_names};
pub use write::{Row, Rows, named, row_text, rows, rulings_workbook};

use rust_decimal::Decimal;

use crate::diagnostic::Place;
use crate::value::squeeze;

/// A ruling on a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Identity of the matter.
    pub matter: String,
    /// What was chosen, as typed.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// Fingerprint of the facts on which it was decided.
    pub facts: String,
    /// What the matter was about, in words.
    pub about: String,
    /// Where it stands.
    pub place: Place,
}

/// An addition to a unit's score, or a deduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Code of the unit.
    pub unit: String,
    /// Points; a deduction is negative.
    pub points: Decimal,
    /// Clause; empty if only a reason is given.
    pub clause: String,
    /// Reason; empty if only a clause is given.
    pub reason: String,
    /// Who approved it.
    pub by: String,
    /// Where it stands.
    pub place: Place,
}

/// A nomination for 工作表现突出.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nomination {
    /// Code of the person.
    pub member: String,
    /// What for.
    pub reason: String,
    /// Who nominates.
    pub by: String,
    /// Where it stands.
    pub place: Place,
}

/// An exemption from a veto.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Code of the unit or person.
    pub subject: String,
    /// Id of the veto.
    pub veto: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub by: String,
    /// Where it stands.
    pub place: Place,
}

/// All that the office has decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rulings {
    /// Rulings on matters.
    pub decisions: Vec<Decision>,
    /// Additions and deductions.
    pub adjustments: Vec<Adjustment>,
    /// Nominations.
    pub nominations: Vec<Nomination>,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
}

impl Rulings {
    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        *self == Rulings::default()
    }

    /// How many there are, of all kinds.
    pub fn count(&self) -> usize {
        let Rulings {
            decisions,
            adjustments,
            nominations,
            exemptions,
        } = self;
        decisions.len() + adjustments.len() + nominations.len() + exemptions.len()
    }
}

/// Whether a text has the form of a matter's number, for example `YS-1A2B3C4D`.
pub fn is_matter_number(text: &str) -> bool {
    let text = squeeze(text).to_uppercase();
    let mut parts = text.split('-');
    let letters = parts.next().unwrap_or_default();
    let digits = parts.next().unwrap_or_default();
    letters.len() == 2
        && letters.chars().all(|c| c.is_ascii_uppercase())
        && digits.len() == 8
        && digits.chars().all(|c| c.is_ascii_hexdigit())
        && parts.all(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}
