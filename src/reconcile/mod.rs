//! One truth from many returns: which return of a unit counts, and which
//! entries. An ordered list of checks, one file each. Only this stage makes a
//! [`Reconciled`], so what is not reconciled cannot be assessed.
//!
//! # Matters, rulings, and what they rest on
//!
//! A matter is what no machine may decide: which of two returns is the later one,
//! whether two reports are one gift, whose amount is right. Until it is ruled
//! everything counts as reported, except an exact duplicate, which counts once; a link
//! that is only likely never changes a total. Its identity comes from where it stands
//! (unit, form, rows), its fingerprint from what it says. A ruling applies while the
//! fingerprint is the same, wherever the rows have moved; if the place is the same and
//! the fingerprint is not, the matter is open again, with the old ruling beside it. The
//! order of checks in `src/reconcile/mod.rs` is the order in which rulings take effect:
//! an amount that is ruled first is what later checks compare.
//!
//! What no ruling can change (a score, veto, award, publicity, a sum of money, a
//! village's goals; `src/assess/trial.rs` tries each choice, and of each unit the least
//! and the most that its open matters leave together) does not wait: it stands behind
//! what does, as 不影响结果, and counts nowhere as 待裁定. Matters beyond the most that are
//! tried wait. What a unit gave to a village and nobody received is one matter for the
//! two, from `unreceived` in `reconcile.toml` on (10,000 元 by default); a township's
//! gift to its own village is none; what was ruled stays a matter. Of two returns of a
//! unit the time of saving tells which is the later one only where one program wrote
//! both times into one format, or they are more than 14 hours apart. `two_units` of
//! each `[[duplicate]]` says what it means if two units tell of the same thing: `once`,
//! `joint` (counts for each, and is marked; with money it is a matter), or `ask`.
//!
//! Rulings belong to a pack, a year and a round, which `裁定.xlsx` (a very hidden sheet)
//! and 运行信息 say; those of another assessment stop the run. A `裁定.xlsx` from before that
//! was so says only the year, on its sheets: it is taken where the year is right.
//!
//! Two reports may be one gift if village and sort agree, the giver is the same by the
//! roster or alike by name (`src/reconcile/likeness.rs`), and either the amounts are
//! equal or ten thousand times each other with at most `days` between, or the parts
//! that another unit reports add up to the whole. Tolerances are in the pack
//! (`reconcile.toml`). `cargo test --test all seeded:: -- --nocapture` plants faults in
//! a made-up county of 80 returns and prints recall and precision.

mod agree;
mod askers;
mod class;
mod conflicts;
mod declared;
mod duplicates;
mod evidence;
mod gifts;
mod givers;
mod likely;
mod likeness;
mod losses;
mod matter;
mod measure;
mod missing;
mod outliers;
mod period;
mod placement;
mod sides;
mod struck;
mod targets;
mod together;
mod told;
mod topic;
mod unanswered;
mod unreceived;
mod verdict;
mod versions;

pub use agree::{Agreement, Comparison};
pub use class::{Class, Outcome};
pub use declared::detail;
pub use matter::{Matter, REOPENED, SideOf, Standing, Topic, Verdict, side_name};
pub use unanswered::{Answer, Unanswered, Uncounted};

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Checked, Finding, MESSAGE, Place, brief};
use crate::intake::{Returned, State, Submission};
use crate::ledger::{Donor, Ledger, LedgerEntry};
use crate::policy::{Form, Policy};
use crate::roster::{Member, Roster};
use crate::ruling::{Decision, Rulings};
use crate::value::{Value, money, squeeze};
use matter::{Desk, Draft};

/// Class and reason of each entry, outcome and reason of each file.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// What was read; nothing changes it.
    ledger: Arc<Ledger>,
    /// Entries that count otherwise than they were read, by rulings.
    corrected: FxHashMap<usize, LedgerEntry>,
    classes: Vec<(Class, EcoString)>,
    /// The rulings by which entries are in their class or have their amount.
    ruled: HashMap<usize, Ruled>,
    outcomes: Vec<(Outcome, String)>,
    /// The files of each unit that could be read, in their order.
    returns: HashMap<String, Vec<usize>>,
    matters: Vec<Matter>,
    gone: Vec<Decision>,
    comparisons: Vec<Comparison>,
    unanswered: Vec<Unanswered>,
    uncounted: Vec<Uncounted>,
    rulings: Rulings,
}

impl Reconciled {
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
    fn counts(&self, at: usize) -> Option<&LedgerEntry> {
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
    fn by_file_and_form(&self) -> HashMap<(usize, &str), Vec<usize>> {
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
    fn put(&mut self, entry: usize, class: Class, why: impl Into<Why>) {
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

    /// Lets a ruled amount, in 元, stand for the reported one.
    fn set_amount(&mut self, entry: usize, field: &str, amount: Decimal, why: &Why) {
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
    fn credit(&mut self, entry: usize, giver: &Member, why: &Why) {
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
    fn units_of(&self, entries: impl Iterator<Item = usize>) -> Vec<String> {
        let found = entries.filter_map(|i| self.ledger.entries.get(i));
        let codes = found.flat_map(|entry| [&entry.reporter, &entry.credited]);
        let codes: BTreeSet<&EcoString> = codes.collect();
        codes.into_iter().map(EcoString::to_string).collect()
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
struct Ruled {
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
struct Why {
    text: String,
    by: Option<String>,
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

/// What the checks work with besides the entries.
struct Context<'a> {
    policy: &'a Policy,
    roster: &'a Roster,
    desk: Desk<'a>,
    findings: Vec<Finding>,
}

impl Context<'_> {
    /// Lays a matter before the office, with a finding unless it has been ruled.
    /// Gives what holds: the ruling, or what a rule says.
    fn lay(&mut self, draft: Draft) -> Option<Verdict> {
        // The finding stands where the last side does: the one that is doubted.
        let places: Vec<Place> = draft
            .sides
            .last()
            .map_or_else(Vec::new, |s| s.places.clone());
        let others = draft.sides.iter().rev().skip(1).rev();
        let others: Vec<Place> = others.flat_map(|side| side.places.clone()).collect();
        let (code, reason) = (draft.topic.code(), draft.reason.clone());
        let quoted = draft.quoted.clone();
        let holds = self.desk.raise(draft, &mut self.findings);
        let ruled = matches!(
            self.desk.last().map(|matter| &matter.standing),
            Some(Standing::Ruled(..))
        );
        if let (false, Some((place, same_side))) = (ruled, places.split_first()) {
            let mut finding = Finding::new(code, place.clone(), reason);
            finding.related = others
                .into_iter()
                .chain(same_side.iter().cloned())
                .collect();
            if let Some((typed, taken)) = quoted {
                finding = finding.typed(typed);
                // Where nothing was interpreted there is nothing to say.
                if !taken.is_empty() {
                    finding = finding.taken(taken);
                }
            }
            self.findings.push(finding);
        }
        holds
    }

    /// Whose report comes first where several tell of one thing: the credited
    /// unit's own, then by the order of kinds in the plan, then by code.
    fn rank<'e>(&self, entry: &'e LedgerEntry) -> (bool, Option<usize>, &'e str) {
        let unit = self.roster.unit(&entry.reporter);
        let kind = unit.and_then(|unit| self.policy.unit_kinds.get_index_of(&unit.kind));
        (entry.reporter != entry.credited, kind, &entry.reporter)
    }

    /// How a ruling on the matter that was laid last is quoted where it has an
    /// effect.
    fn ruled(&self, effect: &str) -> Why {
        match self.desk.last() {
            Some(Matter {
                id,
                standing: Standing::Ruled(_, decision),
                ..
            }) => Why {
                text: format!("按裁定 {id}（{}）：{effect}", decision.by),
                by: Some(id.clone()),
            },
            _ => effect.into(),
        }
    }
}

/// Reads a return once more that was put away, by the number of its file.
pub type Earlier<'a> = &'a (dyn Fn(usize, &Returned) -> Option<Box<Submission>> + Sync);

/// A check of this stage.
type Check = fn(&mut Reconciled, &mut Context<'_>);

/// The checks in their order: each may rely on those before it.
const CHECKS: &[Check] = &[
    versions::check,
    placement::check,
    struck::check,
    period::check,
    measure::check,
    givers::check,
    duplicates::check,
    conflicts::check,
    together::check,
    outliers::check,
    likely::check,
    sides::check,
    declared::check,
    evidence::check,
    targets::check,
    unanswered::check,
    missing::check,
];

/// Reconciles a ledger, with what the office has ruled. What a return has lost
/// of the one before is said if that one can be read once more.
pub fn reconcile(
    ledger: impl Into<Arc<Ledger>>,
    policy: &Policy,
    roster: &Roster,
    rulings: &Rulings,
    earlier: Option<Earlier<'_>>,
) -> Checked<Reconciled> {
    let mut made = settled(ledger.into(), policy, roster, rulings);
    if let Some(earlier) = earlier {
        let lost = losses::losses(&made.value, policy, roster, earlier);
        made.findings.extend(lost);
    }
    made
}

/// Goes through all checks, twice where a ruling has to find its matter.
fn settled(
    ledger: Arc<Ledger>,
    policy: &Policy,
    roster: &Roster,
    rulings: &Rulings,
) -> Checked<Reconciled> {
    let made = pass(ledger, policy, roster, rulings, HashSet::new());
    // A ruling goes with what it was made about. Where another matter now stands
    // in that place and came first, everything is gone through again, knowing
    // what will come.
    let raised: HashSet<String> = made.value.matters.iter().map(|m| m.facts.clone()).collect();
    let taken = made.value.matters.iter().any(|matter| {
        matches!(&matter.standing, Standing::Reopened(old) if raised.contains(&squeeze(&old.facts)))
    });
    if !taken {
        return made;
    }
    pass(made.value.ledger, policy, roster, rulings, raised)
}

/// Goes through all checks once. `awaited` are fingerprints that will come.
fn pass(
    ledger: Arc<Ledger>,
    policy: &Policy,
    roster: &Roster,
    rulings: &Rulings,
    awaited: HashSet<String>,
) -> Checked<Reconciled> {
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
            State::Unreadable(why) => (Outcome::Unreadable, short(why)),
        })
        .collect();
    let mut returns: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, file) in ledger.files.iter().enumerate() {
        if let Some(age) = file.state.age() {
            returns.entry(age.unit).or_default().push(at);
        }
    }
    let mut reconciled = Reconciled {
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
    };
    let mut context = Context {
        policy,
        roster,
        desk: Desk::new(rulings, awaited),
        findings: Vec::new(),
    };
    for check in CHECKS {
        check(&mut reconciled, &mut context);
    }
    let Context {
        desk, mut findings, ..
    } = context;
    (reconciled.matters, reconciled.gone) = desk.close(&mut findings);
    Checked {
        value: reconciled,
        findings,
    }
}
