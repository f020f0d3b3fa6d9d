//! What is reconciled: each entry as it counts, in its class, and by which rulings it is
//! so. What was read is never changed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::agreement::Comparison;
use super::answer::{Unanswered, Uncounted};
use super::class::{Class, Outcome};
use super::matter::Matter;
use crate::diagnostic::{MESSAGE, brief};
use crate::intake::{State, Submission};
use crate::ledger::{Donor, Ledger, LedgerEntry};
use crate::policy::Form;
use crate::roster::Member;
use crate::ruling::{Decision, Rulings};
use crate::value::{Value, money};

/// Class and reason of each entry, outcome and reason of each file.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// What was read; nothing changes it.
    pub(super) ledger: Arc<Ledger>,
    /// Entries that count otherwise than they were read, by rulings.
    pub(super) corrected: FxHashMap<usize, LedgerEntry>,
    pub(super) classes: Vec<(Class, EcoString)>,
    /// The rulings by which entries are in their class or have their amount.
    pub(super) ruled: HashMap<usize, Ruled>,
    pub(super) outcomes: Vec<(Outcome, String)>,
    /// The files of each unit that could be read, in their order.
    pub(super) returns: HashMap<String, Vec<usize>>,
    pub(super) matters: Vec<Matter>,
    pub(super) gone: Vec<Decision>,
    pub(super) comparisons: Vec<Comparison>,
    pub(super) unanswered: Vec<Unanswered>,
    pub(super) uncounted: Vec<Uncounted>,
    pub(super) rulings: Rulings,
}

impl Reconciled {
    /// Everything as it was read, before any check.
    pub(super) fn begun(ledger: Arc<Ledger>, rulings: &Rulings) -> Self {
        let classes = ledger
            .entries
            .iter()
            .map(|entry| match &entry.rejected {
                Some(why) => (Class::Rejected, brief(why, MESSAGE).into()),
                None => (Class::Counted, EcoString::new()),
            })
            .collect();
        let short = |why: &String| brief(why, MESSAGE).into_owned();
        let outcomes = ledger
            .files
            .iter()
            .map(|file| match &file.state {
                State::Read(_) | State::Outlined(_) => (Outcome::Accepted, String::new()),
                State::SetAside { why, .. } => (Outcome::SetAside, short(why)),
                State::Late { why, .. } => (Outcome::Late, short(why)),
                State::Unreadable(why) => (Outcome::Unreadable, short(why)),
            })
            .collect();
        let mut returns: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, file) in ledger.files.iter().enumerate() {
            if let Some(age) = file.state.age() {
                returns.entry(age.unit).or_default().push(at);
            }
        }
        Reconciled {
            returns,
            ledger,
            corrected: FxHashMap::default(),
            classes,
            ruled: HashMap::new(),
            outcomes,
            matters: Vec::new(),
            gone: Vec::new(),
            comparisons: Vec::new(),
            unanswered: Vec::new(),
            uncounted: Vec::new(),
            rulings: rulings.clone(),
        }
    }

    /// The ledger, as it was read.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// The entries, each as it counts, with its class and the reason for it.
    pub fn entries(&self) -> impl Iterator<Item = (&LedgerEntry, Class, &str)> {
        let read = self.ledger.entries.iter().enumerate();
        let classes = self.classes.iter();
        read.zip(classes).map(|((at, read), (class, why))| {
            let entry = self.corrected.get(&at).unwrap_or(read);
            (entry, *class, why.as_str())
        })
    }

    /// Outcome and reason of each file, in the order of the files.
    pub fn outcomes(&self) -> &[(Outcome, String)] {
        &self.outcomes
    }

    /// An entry by its index in the ledger, with its class and the reason.
    pub fn entry(&self, at: usize) -> Option<(&LedgerEntry, Class, &str)> {
        let (class, why) = self.classes.get(at)?;
        Some((self.counts(at)?, *class, why))
    }

    /// An entry as it counts.
    pub(super) fn counts(&self, at: usize) -> Option<&LedgerEntry> {
        self.corrected
            .get(&at)
            .or_else(|| self.ledger.entries.get(at))
    }

    /// How many rows of a form were put away with the returns that hold them.
    pub fn rows_outlined(&self, form: &Form) -> usize {
        self.ledger.lines(form).map(|line| line.rows).sum()
    }

    /// What their amounts come to, in 元.
    pub fn amount_outlined(&self, form: &Form) -> Decimal {
        self.ledger.lines(form).map(|line| line.amount).sum()
    }

    /// Indexes of the entries of each file and form.
    pub(super) fn by_file_and_form(&self) -> HashMap<(usize, &str), Vec<usize>> {
        let mut groups: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
        for (at, entry) in self.ledger.entries.iter().enumerate() {
            groups
                .entry((entry.file, &entry.form))
                .or_default()
                .push(at);
        }
        groups
    }

    /// Gives back what the returns hold besides the ledger's entries, which were made
    /// from it: whose they are and what they lack is known.
    pub fn forget_rows(&mut self) {
        for file in &mut Arc::make_mut(&mut self.ledger).files {
            if let State::Read(submission) = &mut file.state {
                submission.entries = Vec::new();
            }
        }
    }

    /// What waits for a ruling, was ruled, or was settled by rule.
    pub fn matters(&self) -> &[Matter] {
        &self.matters
    }

    /// Rulings whose matter did not come up.
    pub fn gone(&self) -> &[Decision] {
        &self.gone
    }

    /// What was given against what was received.
    pub fn comparisons(&self) -> &[Comparison] {
        &self.comparisons
    }

    /// Who did not answer what a veto asks, in the roster's order.
    pub fn unanswered(&self) -> &[Unanswered] {
        &self.unanswered
    }

    /// Who did not answer what metrics ask that count members.
    pub fn uncounted(&self) -> &[Uncounted] {
        &self.uncounted
    }

    /// What the office has decided.
    pub fn rulings(&self) -> &Rulings {
        &self.rulings
    }

    /// Identities of the matters by whose rulings an entry is in its class or has
    /// its amount.
    pub fn ruled_by(&self, at: usize) -> &[EcoString] {
        self.ruled.get(&at).map_or(&[], |of| of.all.as_slice())
    }

    /// Puts an entry into a class, for a reason.
    pub(super) fn put(&mut self, entry: usize, class: Class, why: impl Into<Why>) {
        let why = why.into();
        let Some(of) = self.classes.get_mut(entry) else {
            return;
        };
        let is_moved = of.0 != class;
        *of = (class, brief(&why.text, MESSAGE).into());
        // Put elsewhere without a ruling, it is not there by the one before.
        if why.by.is_some() || (is_moved && self.ruled.contains_key(&entry)) {
            let of = self.ruled.entry(entry).or_default();
            of.class = why.by.map(EcoString::from);
            of.gather();
        }
    }

    /// Puts the entries of all sides of a matter into a class but those of the one that
    /// is kept.
    pub(super) fn keep(&mut self, kept: usize, sides: &[Vec<usize>], class: Class, why: &Why) {
        for (side, entries) in sides.iter().enumerate() {
            for &entry in entries.iter().filter(|_| side != kept) {
                self.put(entry, class, why);
            }
        }
    }

    /// Lets a ruled amount, in 元, stand for the reported one.
    pub(super) fn set_amount(&mut self, entry: usize, field: &str, amount: Decimal, why: &Why) {
        let read = self.ledger.entries.get(entry);
        let reported = read.and_then(|read| read.values.get(field)?.number());
        let (Some(reported), Some(of)) = (reported, self.correct(entry)) else {
            return;
        };
        of.reported.get_or_insert_with(|| Arc::clone(&of.values));
        Arc::make_mut(&mut of.values).insert(field, Value::Number(amount));
        if let Some((_, reason)) = self.classes.get_mut(entry) {
            *reason = eco_format!("{}；原报 {} 元", why.text, money(reported));
        }
        self.says_otherwise(entry, why);
    }

    /// Lets a ruled giver stand for one whom the roster does not know.
    pub(super) fn credit(&mut self, entry: usize, giver: &Member, why: &Why) {
        let Some(of) = self.correct(entry) else {
            return;
        };
        of.member = Some(EcoString::from(&giver.code));
        of.credited = EcoString::from(&giver.unit);
        of.donor = Some(Box::new(Donor {
            key: EcoString::from(&giver.code),
            name: EcoString::from(&giver.name),
        }));
        if let Some((_, reason)) = self.classes.get_mut(entry) {
            *reason = brief(&why.text, MESSAGE).into();
        }
        self.says_otherwise(entry, why);
    }

    /// An entry as it counts, to be corrected.
    fn correct(&mut self, entry: usize) -> Option<&mut LedgerEntry> {
        let read = self.ledger.entries.get(entry)?;
        Some(self.corrected.entry(entry).or_insert_with(|| read.clone()))
    }

    /// Notes by which ruling an entry counts otherwise than it was read.
    fn says_otherwise(&mut self, entry: usize, why: &Why) {
        if let Some(by) = &why.by {
            let of = self.ruled.entry(entry).or_default();
            of.corrections.push(by.into());
            of.gather();
        }
    }

    /// Codes of the units that report some entries or are credited with them.
    pub(super) fn units_of(&self, entries: impl Iterator<Item = usize>) -> Vec<String> {
        let found = entries.filter_map(|i| self.ledger.entries.get(i));
        let codes = found.flat_map(|entry| [&entry.reporter, &entry.credited]);
        let codes: BTreeSet<&EcoString> = codes.collect();
        codes.into_iter().map(EcoString::to_string).collect()
    }

    /// The accepted returns, each with the index of its file and its name.
    pub(super) fn accepted_returns(&self) -> impl Iterator<Item = (usize, &str, &Submission)> {
        let files = self.ledger.files.iter().zip(&self.outcomes).enumerate();
        files.filter_map(|(at, (file, (outcome, _)))| match (&file.state, outcome) {
            (State::Read(submission), Outcome::Accepted) => Some((at, &*file.name, &**submission)),
            _ => None,
        })
    }

    /// Index of the accepted file of a unit.
    pub fn accepted(&self, unit: &str) -> Option<usize> {
        let mut returns = self.returns.get(unit)?.iter().copied();
        let is_accepted = |at: &usize| {
            let outcome = self.outcomes.get(*at);
            outcome.is_some_and(|(outcome, _)| *outcome == Outcome::Accepted)
        };
        returns.find(is_accepted)
    }
}

/// The rulings that have an effect on an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Ruled {
    /// By which it is in its class.
    class: Option<EcoString>,
    /// By which it counts otherwise than it was read.
    corrections: Vec<EcoString>,
    /// All of them, each once.
    all: Vec<EcoString>,
}

impl Ruled {
    fn gather(&mut self) {
        self.all.clear();
        for by in self.corrections.iter().chain(&self.class) {
            if !self.all.contains(by) {
                self.all.push(by.clone());
            }
        }
    }
}

/// Why an entry is in its class, and by the ruling on which matter, if by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub text: String,
    pub by: Option<String>,
}

impl From<&str> for Why {
    fn from(text: &str) -> Self {
        Why {
            text: text.to_owned(),
            by: None,
        }
    }
}

impl From<&String> for Why {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&Why> for Why {
    fn from(why: &Why) -> Self {
        why.clone()
    }
}
