//! Several returns of one unit: the latest counts, by round, then the day on
//! which it was filled in, then how often it was returned for correction, then
//! when the file was saved. Where all that does not tell, the choice by name is
//! only for the time being, and waits for a ruling. What a later return has
//! lost of the one before is said.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use rust_decimal::Decimal;

use super::duplicates::key_of;
use super::gifts::says;
use super::matter::{Draft, MOST_SIDES, SideOf, Topic, Verdict};
use super::{Class, Context, Earlier, Outcome, Reconciled};
use crate::diagnostic::{Code, Finding, Place};
use crate::intake::{Age, State};
use crate::ledger::LedgerEntry;
use crate::policy::{Form, Policy};
use crate::roster::{Roster, Unit};
use crate::several::{at_once, width};
use crate::value::{Value, money};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let by_unit = by_unit(reconciled);
    let groups = Groups::new(reconciled);
    for unit in context.roster.units() {
        let Some(versions) = by_unit.get(&unit.code) else {
            continue;
        };
        let Some(latest) = versions.last() else {
            continue;
        };
        let rivals: Vec<&Version> = versions
            .iter()
            .filter(|version| version.is_rival_of(latest))
            .collect();
        let (kept, ruled) = choose(unit, latest, &rivals, context);
        for version in versions
            .iter()
            .filter(|version| version.index != kept.index)
        {
            let is_of = |other: &Version| other.hash == version.hash;
            let waits = !rivals.is_empty()
                && (is_of(latest) || rivals.iter().any(|rival| is_of(rival)))
                && !is_of(kept);
            let reason = match &ruled {
                Some(ruled) if waits => ruled.clone(),
                _ => reason(unit, version, versions, kept, waits),
            };
            if !waits {
                let place = Place::file(&version.name);
                let finding = Finding::new(Code::Superseded, place, &reason);
                context
                    .findings
                    .push(finding.related(Place::file(&kept.name)));
            }
            supersede(reconciled, &groups, version.index, &reason);
        }
    }
}

/// Says what each return that counts has lost of the one before, read once more
/// if it was put away.
pub(super) fn losses(
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    earlier: Earlier<'_>,
) -> Vec<Finding> {
    let by_unit = by_unit(reconciled);
    let groups = Groups::new(reconciled);
    let mut pairs = Vec::new();
    for unit in roster.units() {
        let versions = by_unit.get(&unit.code);
        let accepted = reconciled.accepted(&unit.code);
        let kept = versions.and_then(|all| all.iter().find(|one| Some(one.index) == accepted));
        let (Some(versions), Some(kept)) = (versions, kept) else {
            continue;
        };
        let before = versions.iter().rev().find(|version| {
            version.index != kept.index
                && version.hash != kept.hash
                && version.compare(kept).is_lt()
        });
        pairs.extend(before.map(|before| (before.index, kept.index)));
    }
    let lost = at_once(pairs.len(), width(), |at| match pairs.get(at) {
        Some(&(before, kept)) => lost(reconciled, &groups, policy, roster, earlier, before, kept),
        None => Vec::new(),
    });
    lost.into_iter().flatten().collect()
}

/// A return of a unit.
#[derive(Debug, Clone)]
struct Version {
    index: usize,
    name: String,
    hash: String,
    age: Age,
    /// How many rows it has.
    rows: usize,
}

impl Version {
    fn compare(&self, other: &Version) -> Ordering {
        self.age.compare(&self.name, &other.age, &other.name)
    }

    /// What tells it from others, in words.
    fn told(&self) -> String {
        let filled = match self.age.filled_on {
            Some(day) => format!("填报日期 {day}"),
            None => "没有写填报日期".to_owned(),
        };
        let saved = match self.age.saved_at {
            Some(at) => format!("保存于 {} {:02}:{:02}", at.date(), at.hour(), at.minute()),
            None => "不知何时保存".to_owned(),
        };
        format!("{}（{filled}，{saved}，共 {} 行）", self.name, self.rows)
    }

    /// Whether nothing but the name tells which of the two is the later one.
    fn is_rival_of(&self, latest: &Version) -> bool {
        self.hash != latest.hash && self.age.is_rival_of(&latest.age)
    }
}

/// The returns of each unit, the oldest first.
fn by_unit(reconciled: &Reconciled) -> HashMap<String, Vec<Version>> {
    let mut all: HashMap<String, Vec<Version>> = HashMap::new();
    for (index, file) in reconciled.ledger.files.iter().enumerate() {
        let Some(age) = file.state.age() else {
            continue;
        };
        all.entry(age.unit.clone()).or_default().push(Version {
            index,
            name: file.name.clone(),
            hash: file.sha256.clone(),
            age,
            rows: match &file.state {
                State::Read(submission) => submission.entries.len(),
                State::Outlined(outline) => outline.rows(),
                State::SetAside(_) | State::Unreadable(_) => 0,
            },
        });
    }
    for versions in all.values_mut() {
        versions.sort_by(Version::compare);
    }
    all
}

/// Which entries of the ledger a file has.
struct Groups(HashMap<usize, Vec<usize>>);

impl Groups {
    fn new(reconciled: &Reconciled) -> Self {
        let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, entry) in reconciled.ledger.entries.iter().enumerate() {
            groups.entry(entry.file).or_default().push(at);
        }
        Groups(groups)
    }

    fn of(&self, file: usize) -> &[usize] {
        self.0.get(&file).map_or(&[], Vec::as_slice)
    }
}

/// The return that counts: the latest, or of several that might be the one
/// that was ruled; and the ruling as it is quoted, if there is one.
fn choose<'v>(
    unit: &Unit,
    latest: &'v Version,
    rivals: &[&'v Version],
    context: &mut Context<'_>,
) -> (&'v Version, Option<String>) {
    if rivals.is_empty() {
        return (latest, None);
    }
    // The same contents under another name are no other return.
    let mut seen = HashSet::new();
    let mut all: Vec<&Version> = std::iter::once(latest)
        .chain(rivals.iter().rev().copied())
        .filter(|version| seen.insert(&version.hash))
        .take(MOST_SIDES)
        .collect();
    // The sides stand in the order of their contents: a file that is renamed
    // must not take another's place in a ruling.
    all.sort_by(|a, b| a.hash.cmp(&b.hash));
    let says = all.iter().map(|version| version.hash.clone());
    let proposed = all.iter().position(|version| version.index == latest.index);
    let draft = Draft {
        topic: Topic::Version,
        stands: vec![unit.code.clone()],
        says: std::iter::once(unit.code.clone()).chain(says).collect(),
        reason: format!(
            "{}的{}份文件分不清先后（填报日期相同，或者没有写），暂用“{}”",
            unit.name,
            all.len(),
            latest.name
        ),
        sides: all
            .iter()
            .map(|version| SideOf {
                text: version.told(),
                entries: Vec::new(),
                places: vec![Place::file(&version.name)],
            })
            .collect(),
        at_stake: Decimal::ZERO,
        choices: (0..all.len()).map(Verdict::Keep).collect(),
        proposed: Verdict::Keep(proposed.unwrap_or(0)),
        by_rule: None,
        quoted: None,
        units: vec![unit.code.clone()],
    };
    let kept = match context.lay(draft) {
        Some(Verdict::Keep(side)) => all.get(side).copied().unwrap_or(latest),
        _ => latest,
    };
    let effect = format!("采用“{}”", kept.name);
    let ruled = context.ruled(&effect);
    (kept, (ruled != effect).then_some(ruled))
}

fn reason(
    unit: &Unit,
    version: &Version,
    versions: &[Version],
    kept: &Version,
    waits: bool,
) -> String {
    let name = &kept.name;
    let mut later = versions.iter().rev();
    let same = later.find(|other| other.index != version.index && other.hash == version.hash);
    if version.hash == kept.hash {
        format!("与“{name}”是同一个文件")
    } else if waits {
        format!("{}的几份文件分不清先后，等待裁定，暂用“{name}”", unit.name)
    } else if let Some(same) = same.filter(|same| same.compare(version).is_gt()) {
        format!(
            "与“{}”是同一个文件；{}有更新的一份：{name}",
            same.name, unit.name
        )
    } else if version.age.equals(&kept.age) {
        format!(
            "{}的两份文件填报日期相同，按文件里的保存时间采用“{name}”",
            unit.name
        )
    } else {
        format!("{}有更新的一份：{name}", unit.name)
    }
}

fn supersede(reconciled: &mut Reconciled, groups: &Groups, file: usize, reason: &str) {
    if let Some(outcome) = reconciled.outcomes.get_mut(file) {
        *outcome = (Outcome::Superseded, reason.to_owned());
    }
    for &entry in groups.of(file) {
        reconciled.put(entry, Class::Superseded, reason);
    }
}

/// Says which rows of the return before have no counterpart in the one that
/// counts, a finding for each form.
fn lost(
    reconciled: &Reconciled,
    groups: &Groups,
    policy: &Policy,
    roster: &Roster,
    earlier: Earlier<'_>,
    before: usize,
    kept: usize,
) -> Vec<Finding> {
    let files = &reconciled.ledger.files;
    let (Some(file), Some(name)) = (files.get(before), files.get(kept).map(|file| &file.name))
    else {
        return Vec::new();
    };
    let again = match file.state {
        State::Outlined(_) => {
            let Some(again) = earlier(before, file) else {
                let message = format!(
                    "上一份“{}”没有能够再读一遍，不知道这一份比它少了哪些行；请再运行一次",
                    file.name
                );
                return vec![Finding::new(Code::RowsLost, Place::file(name), message)];
            };
            Some(reconciled.ledger.entries_of(&again, before, policy, roster))
        }
        _ => None,
    };
    let held = |file: usize| -> Vec<&LedgerEntry> {
        let entries = groups.of(file).iter();
        entries
            .filter_map(|&at| reconciled.ledger.entries.get(at))
            .collect()
    };
    let (was, is) = match &again {
        Some(again) => (again.iter().collect(), held(kept)),
        None => (held(before), held(kept)),
    };
    let mut findings = Vec::new();
    for rule in &policy.duplicates {
        let Some(form) = policy.forms.get(&rule.form) else {
            continue;
        };
        let gone = without_counterpart(
            rows(&was, form, &rule.fields),
            rows(&is, form, &rule.fields),
        );
        if gone.is_empty() {
            continue;
        }
        let named = gone.iter().take(MOST_NAMED);
        let words: Vec<String> = named.map(|entry| in_words(entry, form)).collect();
        let more = match gone.len() > MOST_NAMED {
            true => "；等等",
            false => "",
        };
        let message = format!(
            "上一份“{}”里有、这一份没有的 {} 行：{}{more}",
            file.name,
            gone.len(),
            words.join("；")
        );
        let place = Place::file(name).on(&form.sheet);
        let mut finding = Finding::new(Code::RowsLost, place, message);
        let related = gone.iter().take(MOST_NAMED);
        finding.related = related.map(|entry| entry.place(files)).collect();
        findings.push(finding);
    }
    findings
}

/// Most rows that are named; of others it is said how many there are.
const MOST_NAMED: usize = 20;

/// What identifies a row, with the row.
type Row<'a> = (Vec<Option<Value>>, &'a LedgerEntry);

fn rows<'a>(entries: &[&'a LedgerEntry], form: &Form, fields: &[String]) -> Vec<Row<'a>> {
    let own = entries.iter().filter(|entry| entry.form == form.id);
    let mut rows: Vec<Row<'a>> = own
        .map(|&entry| {
            let key = key_of(entry, form, fields).map(|part| part.value());
            (key.collect(), entry)
        })
        .collect();
    rows.sort_by_cached_key(|(_, entry)| says(entry));
    rows
}

/// The rows of the first list that have no counterpart in the second: neither
/// the same, nor one that differs in little.
fn without_counterpart<'a>(before: Vec<Row<'a>>, after: Vec<Row<'a>>) -> Vec<&'a LedgerEntry> {
    let mut left: BTreeMap<Vec<Option<Value>>, usize> = BTreeMap::new();
    for (key, _) in after {
        *left.entry(key).or_default() += 1;
    }
    let mut take = |key: &Vec<Option<Value>>| match left.get_mut(key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let missing: Vec<Row<'a>> = before.into_iter().filter(|(key, _)| !take(key)).collect();
    let mut gone = missing;
    // First those that differ in one field; then in two, an amount with its
    // voucher, where enough is left to know the row by.
    for most in [1, 2] {
        gone = without_near(gone, &mut left, most);
    }
    let mut gone: Vec<&LedgerEntry> = gone.into_iter().map(|(_, entry)| entry).collect();
    gone.sort_by_key(|entry| entry.row);
    gone
}

/// Fields by which a row is still known when two others have changed.
const KNOWN_BY: usize = 3;

/// The rows without one among those that are left that differs in so many
/// fields at most.
fn without_near<'a>(
    rows: Vec<Row<'a>>,
    left: &mut BTreeMap<Vec<Option<Value>>, usize>,
    most: usize,
) -> Vec<Row<'a>> {
    let mut gone = Vec::new();
    for (key, entry) in rows {
        let near = left.iter_mut().find(|(other, count)| {
            // What could not be read before may have been anything.
            let pairs = key.iter().zip(other.iter());
            let told = pairs.filter(|(before, _)| before.is_some());
            let same = told.clone().filter(|(before, now)| before == now).count();
            let differ = told.count() - same;
            // A row that is known by one field only is another one without it.
            let unread = entry.rejected.is_some() && key.iter().all(Option::is_none);
            **count > 0
                && (unread || (key.len() > 1 && differ <= most && (most == 1 || same >= KNOWN_BY)))
        });
        match near {
            Some((_, count)) => *count -= 1,
            None => gone.push((key, entry)),
        }
    }
    gone
}

/// A row by its number, what names it, and its amount.
fn in_words(entry: &LedgerEntry, form: &Form) -> String {
    let mut values = form.fields.keys().filter_map(|id| entry.values.get(id));
    let name = values.next().map(Value::to_string).unwrap_or_default();
    let amount = match entry.amount(form) {
        Some(amount) => format!(" {} 元", money(amount)),
        None => String::new(),
    };
    format!("第{}行 {name}{amount}", entry.row + 1)
}
