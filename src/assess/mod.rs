//! From reconciled entries to the assessment: metrics, scores, vetoes,
//! awards, funds, goals. All of it is tables of facts and expressions; each
//! expression is both worked out exactly and written as a formula.

mod answers;
mod awards;
mod card;
mod clauses;
mod closed;
mod decided;
mod details;
mod entry_cells;
mod entry_columns;
mod entry_keys;
mod funds;
mod goals;
mod held;
mod idle;
mod lookups;
mod lost;
mod members;
mod mending;
mod metrics;
mod near;
mod nominees;
mod overview;
mod pairings;
mod params;
mod proof;
mod publicity;
mod ranking;
mod ranks;
mod replaced;
mod scores;
mod sides;
mod trial;
mod units;
mod unread;
mod vetoes;
mod words;

use awards::eligible;
use unread::Unread;

pub use awards::ELIGIBLE;
pub use card::{add_own as add_card, own_tables as card_tables};
pub use closed::{close, seal_of};
pub use decided::{APART, BETWEEN, EXEMPT, matters_apart};
pub use details::{entry_cells, entry_numbers};
pub use entry_cells::{NO_ROLE, NO_VILLAGE};
pub use mending::{FULL, mend_column};
pub use metrics::{operands, parts};
pub use near::near_words;
pub use overview::{banner_of, open_in};
pub use params::basis_word;
pub use proof::{PROGRAM, Run};
pub use replaced::REPLACED;
pub use units::PICK;
pub use words::{NOT_APPLICABLE, PENDING, VETOED};

use crate::book::Book;
use crate::diagnostic::{Checked, Finding, in_order};
use crate::policy::Policy;
use crate::reconcile::Reconciled;
use crate::roster::Roster;

/// Assesses what has been reconciled. The findings of all stages come along,
/// because the workbook lists them; given back are all, with those of this one.
pub fn assess(
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    mut findings: Vec<Finding>,
    run: &Run,
) -> Checked<Book> {
    let mut book = Book::default();
    let params = params::add(&mut book, policy);
    let rows = details::add_details(&mut book, reconciled, policy, roster);
    let unread = Unread::of(reconciled, policy);
    units::add(&mut book, reconciled, policy, roster, &findings, &unread);
    decided::add(&mut book, reconciled, policy, roster);
    members::add(&mut book, policy, roster, &params, reconciled, &unread);
    vetoes::add_units(&mut book, policy, roster, &params);
    vetoes::add_members(&mut book, policy, &params);
    scores::add(&mut book, policy, roster, &params);
    awards::add_units(&mut book, policy, roster, &params);
    nominees::add_persons(&mut book, policy, roster, reconciled);
    funds::add(&mut book, policy, roster);
    publicity::add(&mut book, policy, roster, reconciled, &params);
    goals::add(&mut book, policy, roster, &params);
    pairings::add(&mut book, policy, roster, reconciled);
    sides::add(&mut book, reconciled, policy, roster);
    proof::add_files(&mut book, reconciled, roster);
    replaced::add(&mut book, reconciled, policy, roster);
    let trials = trial::run(&book, reconciled, policy, roster, &rows);
    awards::note_open(&mut book, reconciled, &trials);
    ranking::add(&mut book, policy, &params);
    lost::add(&mut book, policy, roster, &params);
    decided::add_matters(&mut book, reconciled, &trials);
    card::note(&mut book, policy, reconciled, &findings);
    near::add(&mut book, policy, &params);
    trial::add(&mut book, reconciled, &trials);
    findings.extend(idle::findings(&book, reconciled, policy, roster));
    in_order(&mut findings);
    proof::add_issues(&mut book, &findings);
    clauses::add(&mut book, policy, &params);
    proof::add_tolerances(&mut book, policy);
    proof::add_run(&mut book, policy, reconciled, run);
    proof::add_conservation(&mut book, policy, reconciled);
    overview::add(&mut book, policy, reconciled, &trials);
    card::add(&mut book, policy, roster);
    Checked {
        value: book,
        findings,
    }
}
