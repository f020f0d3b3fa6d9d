//! What one open ruling would change: each choice of each open matter is tried
//! by itself. The entries are reconciled once more with that ruling; the rows
//! that come out otherwise are laid over the tables, and the same expressions
//! are worked out again. Nothing of a trial is kept.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::book::{Book, Format, Slot, Table};
use super::details::Rows;
use super::evaluate::{Evaluator, Overlay};
use super::expr::CellRef;
use super::members::answer_word;
use super::reader::Reader;
use crate::ledger::LedgerEntry;
use crate::policy::{Policy, Prefill};
use crate::reconcile::{Answer, Class, Matter, Reconciled, Topic, Verdict, reconcile};
use crate::roster::Roster;
use crate::ruling::Decision;
use crate::sheet::Scalar;
use crate::value::{money, round};

/// Most trials of a run; what is over is said.
const MOST: usize = 60;
/// Each trial reconciles all entries; all trials together no more than these,
/// so that a large county does not wait.
const MOST_ENTRIES: usize = 150_000;
/// Said of a choice that moves nothing.
const NOTHING: &str = "不改变任何得分、否决和评优";
/// Said of a choice that only moves sums.
const MONEY_ONLY: &str = "不改变任何得分、否决和评优，只改变汇总的金额或目标完成";

/// What a figure of a unit or member says, by what it is called.
type Outcomes = BTreeMap<(usize, String), String>;

/// What each open matter would change.
pub struct Trials {
    /// By the number of the matter: each choice with what it would change. What
    /// hangs on most money comes first.
    tried: Vec<(usize, Vec<(Verdict, Change)>)>,
    /// How many were not tried.
    untried: usize,
    /// The numbers of matters of which no choice changes a result.
    idle: BTreeSet<usize>,
}

impl Trials {
    /// Whether nothing that may be ruled on an open matter changes a result: it
    /// need not wait for anybody.
    pub fn is_idle(&self, matter: usize) -> bool {
        self.idle.contains(&matter)
    }
}

/// Tries each choice of each open matter.
pub fn run(
    book: &Book,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    rows: &Rows<'_>,
) -> Trials {
    let mut trials = Trials {
        tried: Vec::new(),
        untried: 0,
        idle: BTreeSet::new(),
    };
    let mut open: Vec<(usize, &Matter)> = reconciled.matters().iter().enumerate().collect();
    open.retain(|(_, matter)| matter.standing.is_open());
    // What hangs on most money is tried first; equal ones in their order.
    open.sort_by_key(|(_, matter)| -matter.at_stake);
    let entries = reconciled.ledger().entries.len();
    let mut left = MOST.min(MOST_ENTRIES / entries.max(1));
    // What is not known of a member changes no entry, and takes no place of others.
    let mut members_left = MOST;
    // As it is without any trial: the same for all of them.
    let values = Evaluator::new(book);
    let now = Reader::of(&values);
    for (at, matter) in open {
        if matter.is_for_the_record() {
            trials.idle.insert(at);
            continue;
        }
        let left = match matter.topic {
            Topic::Unanswered => &mut members_left,
            _ => &mut left,
        };
        if *left < matter.choices.len() {
            trials.untried += 1;
            continue;
        }
        *left -= matter.choices.len();
        let choices = matter.choices.iter().map(|&verdict| {
            let change = change(&now, reconciled, policy, roster, rows, matter, verdict);
            (verdict, change)
        });
        let choices: Vec<(Verdict, Change)> = choices.collect();
        if choices.iter().all(|(_, change)| !change.moves) {
            trials.idle.insert(at);
        }
        trials.tried.push((at, choices));
    }
    trials
}

/// Adds the table `trials`: a row for each choice of each matter that was tried.
pub fn add(book: &mut Book, reconciled: &Reconciled, trials: &Trials) {
    let mut table = Table::new("trials");
    table.column("matter", "事项编号", Format::Centre);
    table.column("topic", "类别", Format::Centre);
    table.column("about", "事项", Format::Text);
    table.column("stake", "涉及金额（元）", Format::Money);
    table.column("verdict", "如果裁定为", Format::Text);
    table.column("decides", "改变资格", Format::Centre);
    table.column("changes", "结果会怎样变", Format::Text);
    let matters = book.find("matters");
    let rows = order(reconciled, trials);
    for (number, choices) in &trials.tried {
        let Some(matter) = reconciled.matters().get(*number) else {
            continue;
        };
        let row = rows.iter().position(|of| of == number);
        let cell = matters.zip(row).map(|(table, row)| CellRef {
            table,
            row,
            column: 0,
        });
        for (verdict, change) in choices {
            let (decides, words) = match change.words.as_slice() {
                [] if change.moves => ("否", MONEY_ONLY.to_owned()),
                [] => ("否", NOTHING.to_owned()),
                words if change.decides => ("是", words.join("\u{FF1B}")),
                words => ("否", words.join("\u{FF1B}")),
            };
            let words: String = words.chars().take(crate::form::LONGEST_TEXT).collect();
            table.rows.push(vec![
                match cell {
                    Some(cell) => Slot::Link(matter.id.clone(), cell),
                    None => Slot::text(&matter.id),
                },
                Slot::text(matter.topic.word()),
                Slot::text(&matter.reason),
                Slot::Fact(Scalar::Number(matter.at_stake)),
                Slot::text(verdict.word()),
                Slot::text(decides),
                Slot::text(words),
            ]);
        }
    }
    if trials.untried > 0 {
        let mut row = vec![Slot::text(""); table.columns.len()];
        row[2] = Slot::text(format!(
            "另有 {} 件待裁定事项没有试算：先裁定上面涉及金额大的，再运行一次",
            trials.untried
        ));
        table.rows.push(row);
    }
    book.add(table);
}

/// The numbers of the matters in the order in which they are listed: what waits,
/// then what waits for nobody since it changes nothing, then the rest.
pub fn order(reconciled: &Reconciled, trials: &Trials) -> Vec<usize> {
    let matters = reconciled.matters();
    let mut numbers: Vec<usize> = (0..matters.len()).collect();
    numbers.sort_by_key(|at| match matters.get(*at) {
        Some(matter) if matter.standing.is_open() => u8::from(trials.is_idle(*at)),
        _ => 2,
    });
    numbers
}

/// What a ruling would change.
#[derive(Default)]
struct Change {
    /// Each movement in words.
    words: Vec<String>,
    /// It moves a veto, an award, or whether a unit is judged at all.
    decides: bool,
    /// It moves a result or a sum.
    moves: bool,
}

fn change(
    now: &Reader<'_>,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    rows: &Rows<'_>,
    matter: &Matter,
    verdict: Verdict,
) -> Change {
    if matter.topic == Topic::Unanswered {
        let laid = rows_of_member(now, reconciled, roster, matter, verdict);
        return laid.map_or_else(Change::default, |(rows, units)| {
            moved(now, rows, policy, &units)
        });
    }
    let mut rulings = reconciled.rulings().clone();
    rulings.decisions.retain(|one| one.matter != matter.id);
    rulings.decisions.push(Decision {
        matter: matter.id.clone(),
        verdict: verdict.word(),
        reason: String::from("试算"),
        by: String::from("试算"),
        facts: matter.facts.clone(),
        about: matter.reason.clone(),
        place: crate::diagnostic::Place::default(),
    });
    let ledger = reconciled.as_read(policy);
    let tried = reconcile(ledger, policy, roster, &rulings, None).value;
    let (overlay, units) = rows.differing(now.book(), reconciled, &tried);
    if overlay.is_empty() {
        return Change::default();
    }
    let mut change = moved(now, overlay, policy, &units);
    change.moves |= moves_sum(reconciled, &tried, policy);
    change
}

/// The row of a member as it would stand if it were ruled what he did.
fn rows_of_member(
    now: &Reader<'_>,
    reconciled: &Reconciled,
    roster: &Roster,
    matter: &Matter,
    verdict: Verdict,
) -> Option<(Overlay, BTreeSet<String>)> {
    let answer = match verdict {
        Verdict::TookPart => Answer::TookPart,
        _ => Answer::TookNoPart,
    };
    let mut open = reconciled.unanswered().iter();
    let one = open.find(|one| one.matter == matter.id)?;
    let table = now.book().find("members")?;
    let columns = now.book().tables.get(table)?.columns.iter();
    let mut members = now.rows_at(table).enumerate();
    let (row, _) = members.find(|(_, row)| row.text("code") == one.member)?;
    let slots = columns.enumerate().map(|(column, of)| {
        if of.id == format!("told:{}", one.veto) {
            return Slot::text(answer_word(answer));
        }
        let cell = CellRef { table, row, column };
        now.book()
            .view(cell)
            .map_or_else(|| Slot::text(""), |view| view.slot())
    });
    let units = roster.member(&one.member).map(|member| member.unit.clone());
    let overlay = Overlay::from_iter([((table, row), slots.collect())]);
    Some((overlay, units.into_iter().collect()))
}

/// What comes out otherwise where some rows stand for those of the book.
fn moved(now: &Reader<'_>, overlay: Overlay, policy: &Policy, units: &BTreeSet<String>) -> Change {
    let before = outcomes(now, policy, units);
    let after = outcomes(&Reader::with_rows(now.book(), overlay), policy, units);
    let mut change = Change::default();
    for ((key, was), is) in before.iter().zip(after.values()) {
        if was != is {
            change.decides |= key.0 > 0;
            change.words.push(format!("{} {was}→{is}", key.1));
        }
    }
    change.moves |= !change.words.is_empty();
    change
}

/// A number as its column shows it.
fn shown(number: Decimal, format: Format) -> String {
    match format {
        Format::Percent => {
            let percent = round(number * Decimal::ONE_HUNDRED, 2).normalize();
            format!("{percent}%")
        }
        Format::Money | Format::Score => money(number),
        _ => number.normalize().to_string(),
    }
}

/// Whether the entries come to other sums of money, or tell otherwise what became
/// of a village's goals: figures that are no results of a unit.
fn moves_sum(before: &Reconciled, after: &Reconciled, policy: &Policy) -> bool {
    let mut entries = before.entries().zip(after.entries());
    entries.any(|((old, was, _), (new, is, _))| {
        let Some(form) = policy.forms.get(new.form.as_str()) else {
            return false;
        };
        let counts = |entry: &LedgerEntry, class| {
            let amount = (class == Class::Counted).then(|| entry.amount(form));
            amount.flatten().filter(|amount| !amount.is_zero())
        };
        let goals = form.prefill == Prefill::Villages && was != is;
        goals || counts(old, was) != counts(new, is)
    })
}

/// The results of some units and their members: totals first, then what
/// decides.
fn outcomes(reader: &Reader<'_>, policy: &Policy, units: &BTreeSet<String>) -> Outcomes {
    let mut found = Outcomes::new();
    let metric_of = |award: &str| {
        let award = policy.awards.iter().find(|one| one.id == award);
        let metric = award.and_then(|award| policy.metrics.get(&award.metric));
        metric.map_or_else(String::new, |metric| metric.name.clone())
    };
    for (prefix, unit, results) in [
        ("score:", "code", ["total", "conclusion"].as_slice()),
        ("veto:units", "code", &["result"]),
        ("award:units", "code", &["amount", "result"]),
        ("members", "unit", &["veto"]),
    ] {
        let tables = reader.tables(prefix);
        for row in tables.flat_map(|(table, _)| reader.rows_at(table)) {
            if !units.contains(&row.text(unit)) {
                continue;
            }
            for result in results {
                let (rank, what) = match (prefix, *result) {
                    ("veto:units", _) => (1, row.text("rule")),
                    ("award:units", "amount") => (0, metric_of(&row.text("@rule"))),
                    ("award:units", _) => (2, row.text("award")),
                    ("members", _) => (3, String::from("一票否决")),
                    (_, "total") => (0, String::from("得分")),
                    _ => (1, String::from("结论")),
                };
                let word = match row.value(result) {
                    Scalar::Text(text) => text,
                    Scalar::Number(number) => shown(number, row.format(result)),
                    _ => String::new(),
                };
                found.insert((rank, format!("{}{what}", row.text("name"))), word);
            }
        }
    }
    found
}
