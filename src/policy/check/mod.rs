//! Turns the pack as written into the checked types. One file per subject; a
//! subject may use the ids of those before it. Each notes all problems that
//! it finds and goes on.

mod conditions;
mod decisions;
mod fields;
mod forms;
mod funds;
mod goals;
mod known;
mod known_form;
mod metrics;
mod plan;
mod reach;
mod reconcile;
mod roster;
mod scores;
mod shape;
mod text;
mod units;

use indexmap::IndexMap;

use super::log::{Log, Text};
use super::parse::Written;
use super::{Block, Choice, Clause, Metric, Pack, Policy, UnitKind};
use crate::diagnostic::Code;
use known::Known;
use known_form::KnownForm;

/// What has been checked so far, by id.
#[derive(Default)]
struct Pool {
    pack: Option<Pack>,
    clauses: Known<Clause>,
    blocks: Known<Block>,
    kinds: Known<UnitKind>,
    choices: Known<Choice>,
    forms: Known<KnownForm>,
    metrics: Known<Metric>,
}

impl Pool {
    /// Notes that something cites a clause, and gives its id.
    fn cite(&self, log: &mut Log<'_>, clause: &Text) -> String {
        log.cited.insert(clause.value.clone());
        self.clauses
            .miss(log, clause, "条款", Code::PackUnknownClause);
        clause.value.clone()
    }

    /// The same for several clauses.
    fn cite_all(&self, log: &mut Log<'_>, clauses: &[Text]) -> Vec<String> {
        clauses
            .iter()
            .map(|clause| self.cite(log, clause))
            .collect()
    }
}

/// Checks the whole pack. The policy is of use only if nothing was noted.
pub(super) fn check(written: &Written, log: &mut Log<'_>) -> Option<Policy> {
    let is_whole = log.is_empty();
    let mut pool = plan::check(written, log);
    let roster_forms = forms::check(written, &mut pool, log);
    metrics::check(written, &mut pool, log);
    let scores = scores::check(written, &pool, log);
    let decisions = decisions::check(written, &pool, log);
    let fund_tables = funds::check(written, &pool, log);
    let (goals, goal_classes) = goals::check(written, &pool, log);
    let reconcile = reconcile::check(written, &pool, log);
    let roster_rows = roster::check(written, &pool, &roster_forms, log);
    if is_whole {
        unused_clauses(written, log);
    }
    Some(Policy {
        pack: pool.pack?,
        clauses: pool.clauses.into_items(),
        blocks: pool.blocks.into_items(),
        unit_kinds: pool.kinds.into_items(),
        choices: pool.choices.into_items(),
        forms: in_order(pool.forms.into_items()),
        metrics: pool.metrics.into_items(),
        scores,
        vetoes: decisions.vetoes,
        awards: decisions.awards,
        personal_awards: decisions.personal_awards,
        publicity: decisions.publicity,
        fund_tables,
        goals,
        goal_classes,
        reconcile,
        roster_rows,
        hash: log.source().hash(),
        source: log.source().clone(),
    })
}

/// The forms of the units by their order, then those of the roster.
fn in_order(entries: IndexMap<String, KnownForm>) -> IndexMap<String, super::Form> {
    let mut forms: IndexMap<String, super::Form> = entries
        .into_iter()
        .map(|(id, entry)| (id, entry.form))
        .collect();
    forms.sort_by(|_, a, _, b| {
        (a.roster.is_some(), a.order, &a.id).cmp(&(b.roster.is_some(), b.order, &b.id))
    });
    forms
}

/// Notes the clauses that nothing cites.
fn unused_clauses(written: &Written, log: &mut Log<'_>) {
    let clauses = written.plan.iter().flat_map(|plan| &plan.clause.items);
    for clause in clauses {
        if !log.cited.contains(&clause.id.value) {
            let message = format!(
                "条款“{} {}”没有任何表、选项、指标或规则引用。",
                clause.id.value, clause.heading.value
            );
            log.add(Code::PackClauseUnused, clause.id.at, message);
        }
    }
}
