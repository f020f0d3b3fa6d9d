//! One truth from many returns: which return of a unit counts, and which
//! entries. An ordered list of checks, one file each. Only this stage makes a
//! [`Reconciled`], so what is not reconciled cannot be assessed.

mod declared;
mod duplicates;
mod measure;
mod missing;
mod placement;
mod versions;

pub use declared::detail;

use crate::diagnostic::{Checked, Finding};
use crate::intake::State;
use crate::ledger::{Ledger, LedgerEntry};
use crate::policy::Policy;
use crate::roster::Roster;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// It counts.
    Counted,
    /// The same as another that counts.
    Duplicate,
    /// In a return that a later one replaces.
    Superseded,
    /// Unusable: something required is missing or unreadable.
    Rejected,
    /// Not the unit's to report.
    SetAside,
}

impl Class {
    /// All classes in the order in which they are shown.
    pub const ALL: [Class; 5] = [
        Class::Counted,
        Class::Duplicate,
        Class::Superseded,
        Class::Rejected,
        Class::SetAside,
    ];

    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Class::Counted => "计入",
            Class::Duplicate => "重复",
            Class::Superseded => "被替代",
            Class::Rejected => "剔除",
            Class::SetAside => "搁置",
        }
    }

    /// As a key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Class::Counted => "counted",
            Class::Duplicate => "duplicate",
            Class::Superseded => "superseded",
            Class::Rejected => "rejected",
            Class::SetAside => "set_aside",
        }
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The return of its unit that counts.
    Accepted,
    /// Replaced by a later one of the same unit.
    Superseded,
    /// Not one of ours.
    SetAside,
    /// Could not be opened.
    Unreadable,
}

impl Outcome {
    /// All outcomes in the order in which they are shown.
    pub const ALL: [Outcome; 4] = [
        Outcome::Accepted,
        Outcome::Superseded,
        Outcome::SetAside,
        Outcome::Unreadable,
    ];

    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Accepted => "采用",
            Outcome::Superseded => "被替代",
            Outcome::SetAside => "搁置",
            Outcome::Unreadable => "打不开",
        }
    }

    /// As a key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Superseded => "superseded",
            Outcome::SetAside => "set_aside",
            Outcome::Unreadable => "unreadable",
        }
    }
}

/// Class and reason of each entry, outcome and reason of each file.
#[derive(Debug, Clone)]
pub struct Reconciled {
    ledger: Ledger,
    classes: Vec<(Class, String)>,
    outcomes: Vec<(Outcome, String)>,
}

impl Reconciled {
    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The entries, each with its class and the reason for it.
    pub fn entries(&self) -> impl Iterator<Item = (&LedgerEntry, Class, &str)> {
        let classes = self
            .classes
            .iter()
            .map(|(class, why)| (*class, why.as_str()));
        self.ledger
            .entries
            .iter()
            .zip(classes)
            .map(|(entry, (class, why))| (entry, class, why))
    }

    /// Outcome and reason of each file, in the order of the files.
    pub fn outcomes(&self) -> &[(Outcome, String)] {
        &self.outcomes
    }

    /// Index of the accepted file of a unit.
    pub fn accepted(&self, unit: &str) -> Option<usize> {
        self.ledger.files.iter().enumerate().position(|(i, file)| {
            self.outcomes[i].0 == Outcome::Accepted
                && matches!(&file.state, State::Read(s) if s.unit == unit)
        })
    }
}

/// A check of this stage.
type Check = fn(&mut Reconciled, &Policy, &Roster, &mut Vec<Finding>);

/// The checks in their order: each may rely on those before it.
const CHECKS: &[Check] = &[
    versions::check,
    placement::check,
    duplicates::check,
    measure::check,
    declared::check,
    missing::check,
];

/// Reconciles a ledger.
pub fn reconcile(ledger: Ledger, policy: &Policy, roster: &Roster) -> Checked<Reconciled> {
    let classes = ledger
        .entries
        .iter()
        .map(|entry| match &entry.rejected {
            Some(why) => (Class::Rejected, why.clone()),
            None => (Class::Counted, String::new()),
        })
        .collect();
    let outcomes = ledger
        .files
        .iter()
        .map(|file| match &file.state {
            State::Read(_) => (Outcome::Accepted, String::new()),
            State::SetAside(why) => (Outcome::SetAside, why.clone()),
            State::Unreadable(why) => (Outcome::Unreadable, why.clone()),
        })
        .collect();
    let mut reconciled = Reconciled {
        ledger,
        classes,
        outcomes,
    };
    let mut findings = Vec::new();
    for check in CHECKS {
        check(&mut reconciled, policy, roster, &mut findings);
    }
    Checked {
        value: reconciled,
        findings,
    }
}
