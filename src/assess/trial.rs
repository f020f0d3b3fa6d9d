//! What one open ruling would change: each choice of each open matter is tried
//! by itself. The entries are reconciled once more with that ruling; the rows
//! that come out otherwise are laid over the tables, and the same expressions
//! are worked out again. Nothing of a trial is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::answers::{answer_word, left_open};
use super::details::{More, Rows};
use super::words::{TOLD, UNTOLD};
use crate::book::{Book, CellRef, Evaluator, Format, Overlay, Reader, Slot, Table};
use crate::ledger::LedgerEntry;
use crate::policy::{Policy, Prefill};
use crate::reconcile::{Answer, Class, Matter, Reconciled, Topic, Verdict, reconcile};
use crate::roster::Roster;
use crate::ruling::Decision;
use crate::sheet::Scalar;
use crate::value::{Value, money, round};

/// Most trials of a run; what is over is said.
const MOST: usize = 60;
/// Each trial reconciles all entries; all trials together no more than these,
/// so that a large county does not wait.
const MOST_ENTRIES: usize = 150_000;
/// Said of a choice that moves nothing.
const NOTHING: &str = "不改变任何得分、否决和评优";
/// Said of a choice that moves nothing by itself, but does so with others.
const NOT_ALONE: &str =
    "单独裁定不改变任何得分、否决和评优，与这个单位其他待裁定的事项合起来会改变";
/// Said of a choice that only moves sums.
const MONEY_ONLY: &str = "不改变任何得分、否决和评优，只改变汇总的金额或目标完成";

/// What a figure of a unit or member says, by its rank, what it is called, and the code
/// of whom it is about: two may bear one name. Each with the unit that it concerns.
type Outcomes = BTreeMap<(usize, String, String), (String, String)>;

/// What the points of a unit are called.
pub const POINTS: &str = "得分";
/// What the conclusion on a unit is called.
pub const CONCLUSION: &str = "结论";

/// How a result of somebody is called.
fn called(name: &str, what: &str) -> String {
    format!("{name}{what}")
}

/// What each open matter would change.
pub struct Trials {
    /// By the number of the matter: each choice with what it would change. What
    /// hangs on most money comes first.
    tried: Vec<(usize, Vec<(Verdict, Change)>)>,
    /// How many were not tried.
    untried: usize,
    /// The numbers of matters of which no choice changes a result.
    idle: BTreeSet<usize>,
    /// The numbers of matters that change one only together with others.
    together: BTreeSet<usize>,
}

impl Trials {
    /// The open matters that may move some of the results of a unit, as they are called
    /// here: an award, [`POINTS`], [`CONCLUSION`].
    pub fn may_move<'t>(
        &'t self,
        reconciled: &'t Reconciled,
        name: &str,
        whats: &[String],
        code: &str,
    ) -> impl Iterator<Item = &'t str> {
        let of = |what: &String| (called(name, what), code.to_owned());
        let moved: Vec<(String, String)> = whats.iter().map(of).collect();
        let tried = self.tried.iter();
        let tried = tried.filter(move |(_, choices)| {
            let mut changes = choices.iter().map(|(_, change)| &change.results);
            changes.any(|results| moved.iter().any(|one| results.contains(one)))
        });
        tried.filter_map(|(at, _)| Some(reconciled.matters().get(*at)?.id.as_str()))
    }

    /// The open matters that change somebody's result, with what each ruling comes to:
    /// first those that decide of a veto or an award, then those that move most.
    pub fn gravest(&self, reconciled: &Reconciled) -> impl Iterator<Item = (usize, String)> {
        let moves = |choices: &[(Verdict, Change)]| {
            let decides = choices.iter().any(|(_, change)| change.decides);
            let most = choices.iter().map(|(_, change)| change.results.len()).max();
            (decides, most.unwrap_or(0))
        };
        let waits = |at: &usize| {
            let matter = reconciled.matters().get(*at);
            matter.is_some_and(|matter| matter.standing.is_open()) && !self.is_idle(*at)
        };
        let mut tried: Vec<_> = self.tried.iter().filter(|(at, _)| waits(at)).collect();
        tried.sort_by_key(|(_, choices)| std::cmp::Reverse(moves(choices)));
        tried.into_iter().map(|(at, choices)| {
            // What decides stands last among the changes, and is told first.
            let moving = choices
                .iter()
                .filter(|(_, change)| !change.words.is_empty());
            let words = moving.map(|(verdict, change)| {
                let told = change.words.iter().rev().take(2).map(String::as_str);
                let told: Vec<&str> = told.collect();
                format!("裁“{}”则{}", verdict.word(), told.join("、"))
            });
            (*at, words.collect::<Vec<_>>().join("\u{FF1B}"))
        })
    }

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
        together: BTreeSet::new(),
    };
    let mut open: Vec<(usize, &Matter)> = reconciled.matters().iter().enumerate().collect();
    open.retain(|(_, matter)| matter.standing.is_open());
    // What hangs on most money is tried first; of equal ones what says which, wherever
    // their rows stand.
    open.sort_by_key(|(_, matter)| (-matter.at_stake, matter.topic, matter.facts.clone()));
    let entries = reconciled.ledger().entries.len();
    let mut left = MOST.min(MOST_ENTRIES / entries.max(1));
    // What is not known of a member changes no entry, and takes no place of others.
    let mut members_left = MOST;
    // As it is without any trial: the same for all of them.
    let values = Evaluator::new(book);
    let now = Reader::of(&values);
    let mut all: Vec<Tried> = Vec::new();
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
        let mut choices = Vec::new();
        let mut laid = Vec::new();
        for &verdict in &matter.choices {
            let (change, over) = change(&now, reconciled, policy, roster, rows, matter, verdict);
            choices.push((verdict, change));
            laid.push(over);
        }
        if choices.iter().all(|(_, change)| !change.moves) {
            trials.idle.insert(at);
        }
        trials.tried.push((at, choices));
        all.push(Tried { matter: at, laid });
    }
    trials.together = together(&now, &all, &trials.idle, policy);
    trials.idle.retain(|at| !trials.together.contains(at));
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
                [] if trials.together.contains(number) => ("否", NOT_ALONE.to_owned()),
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
    /// The results that it moves: what they are called there, and whose, by code.
    results: BTreeSet<(String, String)>,
}

/// What a ruling lays over the tables.
#[derive(Default)]
struct Laid {
    rows: Overlay,
    /// Whose each row is, and what more of it counts.
    more: More,
    /// The units that it may concern.
    units: BTreeSet<String>,
}

/// An open matter with what each of its choices lays over the tables.
struct Tried {
    matter: usize,
    laid: Vec<Laid>,
}

/// What a choice lays over the rows of a unit: how many more count, what money more,
/// and which rows.
#[derive(Default)]
struct OfUnit {
    more: (i32, Decimal),
    keys: Vec<(usize, usize)>,
}

impl Laid {
    /// The same by the units.
    fn by_unit(&self) -> BTreeMap<&str, OfUnit> {
        let mut units: BTreeMap<&str, OfUnit> = BTreeMap::new();
        for (key, (unit, (rows, money))) in &self.more {
            let of = units.entry(unit).or_default();
            of.more = (of.more.0 + rows, of.more.1 + money);
            if self.rows.contains_key(key) {
                of.keys.push(*key);
            }
        }
        units
    }
}

impl Tried {
    /// What it lays over the rows of each of some units by the choice of which least
    /// counts there, or most.
    fn over(&self, units: &BTreeSet<String>, least: bool) -> Overlay {
        let choices: Vec<(&Laid, BTreeMap<&str, OfUnit>)> = self
            .laid
            .iter()
            .map(|laid| (laid, laid.by_unit()))
            .collect();
        // A unit that none of them touches has nothing here.
        let own = self.laid.iter().flat_map(|laid| laid.more.values());
        let own: BTreeSet<&str> = own.map(|(unit, _)| unit.as_str()).collect();
        let mut over = Overlay::new();
        for unit in own.into_iter().filter(|unit| units.contains(*unit)) {
            let more = |(_, of): &&(&Laid, BTreeMap<&str, OfUnit>)| {
                of.get(unit).map(|of| of.more).unwrap_or_default()
            };
            let chosen = match least {
                true => choices.iter().min_by_key(more),
                false => choices.iter().max_by_key(more),
            };
            let Some((laid, of)) = chosen else { continue };
            let keys = of.get(unit).into_iter().flat_map(|of| &of.keys);
            over.extend(keys.filter_map(|key| Some((*key, laid.rows.get(key)?.clone()))));
        }
        over
    }
}

/// The matters that change nothing each by itself, but do so with others: what
/// they leave of a unit is tried together, the least and the most of it, with and
/// without what the other open matters do.
fn together(
    now: &Reader<'_>,
    all: &[Tried],
    idle: &BTreeSet<usize>,
    policy: &Policy,
) -> BTreeSet<usize> {
    let (quiet, other): (Vec<&Tried>, Vec<&Tried>) =
        all.iter().partition(|one| idle.contains(&one.matter));
    let touched = |of: &Tried| -> BTreeSet<String> {
        of.laid.iter().flat_map(|laid| laid.units.clone()).collect()
    };
    // Where only one matter is open, it has been tried.
    let mut matters: BTreeMap<String, usize> = BTreeMap::new();
    for unit in all.iter().flat_map(touched) {
        *matters.entry(unit).or_default() += 1;
    }
    let mut units: BTreeSet<String> = quiet.iter().flat_map(|one| touched(one)).collect();
    units.retain(|unit| matters.get(unit).is_some_and(|count| *count > 1));
    if units.is_empty() {
        return BTreeSet::new();
    }
    let lay = |of: &[&Tried], least: bool| -> Overlay {
        of.iter().flat_map(|one| one.over(&units, least)).collect()
    };
    let mut moved: BTreeSet<String> = BTreeSet::new();
    let mut bases = vec![Overlay::new()];
    if !other.is_empty() {
        bases.extend([lay(&other, true), lay(&other, false)]);
    }
    for base in bases {
        let before = outcomes(&Reader::with_rows(now.book(), base.clone()), policy, &units);
        for least in [true, false] {
            let mut rows = base.clone();
            rows.extend(lay(&quiet, least));
            let after = outcomes(&Reader::with_rows(now.book(), rows), policy, &units);
            let differing = before
                .iter()
                .filter(|(key, was)| after.get(*key) != Some(*was));
            moved.extend(differing.map(|(_, (unit, _))| unit.clone()));
        }
    }
    let moves = |one: &&&Tried| touched(one).iter().any(|unit| moved.contains(unit));
    quiet.iter().filter(moves).map(|one| one.matter).collect()
}

fn change(
    now: &Reader<'_>,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    rows: &Rows<'_>,
    matter: &Matter,
    verdict: Verdict,
) -> (Change, Laid) {
    if matter.topic == Topic::Unanswered {
        let answer = match verdict {
            Verdict::TookPart => Answer::TookPart,
            _ => Answer::TookNoPart,
        };
        let mut open = reconciled.unanswered().iter();
        let one = open.find(|one| one.matter == matter.id);
        let told = one.map(|one| {
            let column = told_of(&one.veto);
            (column, one.member.as_str(), answer_word(answer))
        });
        let laid = of_members(now, roster, told);
        return (moved(now, &laid, policy), laid);
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
    let tried = reconcile(
        Arc::clone(reconciled.ledger()),
        policy,
        roster,
        &rulings,
        None,
    )
    .value;
    let mut laid = of_members(now, roster, told_otherwise(reconciled, &tried));
    let (overlay, units, more) = rows.differing(now.book(), reconciled, &tried);
    laid.rows.extend(overlay);
    laid.units.extend(units);
    laid.more.extend(more);
    if laid.rows.is_empty() {
        return (Change::default(), laid);
    }
    let mut change = moved(now, &laid, policy);
    change.moves |= moves_sum(reconciled, &tried, policy);
    (change, laid)
}

/// The column that says whether a member answered what a veto asks.
fn told_of(veto: &str) -> String {
    format!("told:{veto}")
}

/// What is said otherwise of members, by the columns that say it: whether they have
/// answered what a veto asks, and whether it is open if a metric counts them.
fn told_otherwise<'r>(
    before: &'r Reconciled,
    after: &'r Reconciled,
) -> Vec<(String, &'r str, &'static str)> {
    fn of(reconciled: &Reconciled) -> BTreeMap<(String, &str), &'static str> {
        let vetoes = reconciled.unanswered().iter().map(|one| {
            let key = (told_of(&one.veto), one.member.as_str());
            (key, answer_word(one.answer))
        });
        let metrics = reconciled.uncounted().iter();
        let metrics = metrics.map(|one| ((left_open(&one.metric), one.member.as_str()), UNTOLD));
        vetoes.chain(metrics).collect()
    }
    let (was, is) = (of(before), of(after));
    let gone = was.keys().filter(|key| !is.contains_key(*key));
    let gone = gone.map(|(column, member)| (column.clone(), *member, TOLD));
    let new = is.iter().filter(|(key, word)| was.get(*key) != Some(*word));
    let new = new.map(|((column, member), word)| (column.clone(), *member, *word));
    gone.chain(new).collect()
}

/// The rows of members as they would stand with other answers: column, member and
/// what is said.
fn of_members<'t>(
    now: &Reader<'_>,
    roster: &Roster,
    told: impl IntoIterator<Item = (String, &'t str, &'static str)>,
) -> Laid {
    let mut laid = Laid::default();
    let mut members: BTreeMap<&str, Vec<(String, &str)>> = BTreeMap::new();
    for (column, member, word) in told {
        members.entry(member).or_default().push((column, word));
    }
    let Some(table) = now.book().find("members").filter(|_| !members.is_empty()) else {
        return laid;
    };
    for (row, of) in now.rows_at(table).enumerate() {
        let code = of.text("code");
        let Some(told) = members.get(code.as_str()) else {
            continue;
        };
        let columns = now.book().tables.get(table).map(|table| &table.columns);
        let slots = columns.into_iter().flatten().enumerate();
        let slots = slots.map(|(column, of)| {
            if let Some((_, word)) = told.iter().find(|(id, _)| *id == of.id) {
                return Slot::text(*word);
            }
            let cell = CellRef { table, row, column };
            let view = now.book().view(cell);
            view.map_or_else(|| Slot::text(""), |view| view.slot())
        });
        laid.rows.insert((table, row), slots.collect());
        if let Some(member) = roster.member(&code) {
            let own = (member.unit.clone(), (0, Decimal::ZERO));
            laid.more.insert((table, row), own);
            laid.units.insert(member.unit.clone());
        }
    }
    laid
}

/// What comes out otherwise where some rows stand for those of the book.
fn moved(now: &Reader<'_>, laid: &Laid, policy: &Policy) -> Change {
    let before = outcomes(now, policy, &laid.units);
    let after = Reader::with_rows(now.book(), laid.rows.clone());
    let after = outcomes(&after, policy, &laid.units);
    let mut change = Change::default();
    for ((key, (_, was)), (_, is)) in before.iter().zip(after.values()) {
        if was != is {
            change.decides |= key.0 > 0;
            change.results.insert((key.1.clone(), key.2.clone()));
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
            let amounts = form.money_fields().map(|field| entry.values.get(&field.id));
            let amounts = amounts.map(|amount| amount.and_then(Value::number));
            let amounts = amounts.map(|amount| amount.filter(|_| class == Class::Counted));
            amounts.map(Option::unwrap_or_default).collect::<Vec<_>>()
        };
        let goals = form.prefill == Prefill::Villages && was != is;
        goals || old.credited != new.credited || counts(old, was) != counts(new, is)
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
            let unit = row.text(unit);
            if !units.contains(&unit) {
                continue;
            }
            for result in results {
                let (rank, what) = match (prefix, *result) {
                    ("veto:units", _) => (1, row.text("rule")),
                    ("award:units", "amount") => (0, metric_of(&row.text("@rule"))),
                    ("award:units", _) => (2, row.text("award")),
                    ("members", _) => (3, String::from("一票否决")),
                    (_, "total") => (0, String::from(POINTS)),
                    _ => (1, String::from(CONCLUSION)),
                };
                let word = match row.value(result) {
                    Scalar::Text(text) => text,
                    Scalar::Number(number) => shown(number, row.format(result)),
                    _ => String::new(),
                };
                let name = called(&row.text("name"), &what);
                found.insert((rank, name, row.text("code")), (unit.clone(), word));
            }
        }
    }
    found
}
