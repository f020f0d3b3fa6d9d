//! What the office has decided: rulings on open matters, its own additions
//! and deductions, nominations, and exemptions from a veto. They stand in
//! `裁定.xlsx`, or in the consolidated workbook in which they were chosen.

mod forms;
mod read;
mod write;

pub use forms::{RulingForms, choices};
pub use read::{Edits, Take, WRITTEN, read_rulings};
pub use write::{Row, Rows, named, row_text, rows, rulings_workbook};

use rust_decimal::Decimal;

use crate::diagnostic::Place;
use crate::policy::{Form, Policy};
use crate::roster::Roster;

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

    /// Takes over what was chosen in the consolidated workbook: rows that were
    /// changed there go, what they say now comes. Gives whether anything is new.
    pub fn take_over(&mut self, edits: Edits, policy: &Policy, roster: &Roster) -> bool {
        let before = self.clone();
        let forms = RulingForms::new();
        let rows = rows(self, policy, roster);
        // Each text that went takes one row with it: of two equal rows, one may
        // have been changed.
        let mut gone = edits.replaced;
        let mut keep = |form: &Form, row: Option<&Row>| {
            let Some(text) = row.map(|row| row_text(form, row)) else {
                return true;
            };
            let of = gone
                .iter()
                .position(|(id, was)| *id == form.id && *was == text);
            of.map(|at| gone.swap_remove(at)).is_none()
        };
        let mut old = rows.adjustments.iter();
        self.adjustments
            .retain(|_| keep(&forms.adjustments, old.next()));
        let mut old = rows.nominations.iter();
        self.nominations
            .retain(|_| keep(&forms.nominations, old.next()));
        let mut old = rows.exemptions.iter();
        self.exemptions
            .retain(|_| keep(&forms.exemptions, old.next()));
        let mut old = rows.decisions.iter();
        self.decisions
            .retain(|_| keep(&forms.decisions, old.next()));
        for new in edits.rulings.decisions {
            self.decisions.retain(|old| old.matter != new.matter);
            self.decisions.push(new);
        }
        self.adjustments.extend(edits.rulings.adjustments);
        for new in edits.rulings.nominations {
            self.nominations.retain(|old| old.member != new.member);
            self.nominations.push(new);
        }
        for new in edits.rulings.exemptions {
            let same = |old: &Exemption| old.subject == new.subject && old.veto == new.veto;
            self.exemptions.retain(|old| !same(old));
            self.exemptions.push(new);
        }
        *self != before
    }
}
