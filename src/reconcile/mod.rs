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
mod agreement;
mod answer;
mod askers;
mod class;
mod conflicts;
mod context;
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
mod reconciled;
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

pub use agreement::{Agreement, Comparison};
pub use answer::{Answer, Unanswered, Uncounted};
pub use class::{Class, Outcome};
pub use declared::detail;
pub use matter::{Matter, REOPENED, SideOf, Standing, Topic, Verdict, side_name};
pub use period::may_be_rejected;
pub use reconciled::Reconciled;

use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::Checked;
use crate::intake::{Returned, Submission};
use crate::ledger::Ledger;
use crate::policy::Policy;
use crate::roster::Roster;
use crate::ruling::Rulings;
use crate::value::squeeze;
use context::Context;
use matter::Desk;

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
    let mut reconciled = Reconciled::begun(ledger, rulings);
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
