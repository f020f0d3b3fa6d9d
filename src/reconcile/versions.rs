//! Several returns of one unit: the latest counts, by round, then the day on
//! which it was filled in, then how often it was returned for correction, then
//! when the file was saved, as far as that was told by one clock. Where all that
//! does not tell, the choice is only for the time being, and waits for a ruling. What a later return has
//! lost of the one before is said by `losses`.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::class::{Class, Outcome};
use super::context::Context;
use super::matter::{Draft, MOST_SIDES, SideOf, Topic, Verdict};
use super::reconciled::{Reconciled, Why};
use crate::diagnostic::{Code, Finding, MESSAGE, Place, brief};
use crate::intake::{Age, Clock, State};
use crate::roster::Unit;

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
        let mut rivals: Vec<&Version> = versions
            .iter()
            .filter(|version| version.is_rival_of(latest))
            .collect();
        not_replaced(&mut rivals);
        let (kept, ruled) = choose(unit, latest, &rivals, context);
        let rival_hashes: HashSet<&str> = rivals.iter().map(|one| one.hash.as_str()).collect();
        let last = Last::new(versions);
        for version in versions
            .iter()
            .filter(|version| version.index != kept.index)
        {
            let is_of = |other: &Version| other.hash == version.hash;
            let waits = !rivals.is_empty()
                && (is_of(latest) || rival_hashes.contains(version.hash.as_str()))
                && !is_of(kept);
            let why = match &ruled {
                Some(ruled) if waits => ruled.clone(),
                _ => Why::from(&reason(unit, version, &last, kept, waits)),
            };
            if !waits {
                let place = Place::file(&version.name);
                let finding = Finding::new(Code::Superseded, place, &why.text);
                context
                    .findings
                    .push(finding.related(Place::file(&kept.name)));
            }
            supersede(reconciled, &groups, version.index, &why);
        }
    }
}

/// A return of a unit.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub index: usize,
    name: String,
    pub hash: String,
    age: Age,
    /// How many rows it has.
    rows: usize,
}

impl Version {
    /// Which of two is the later one.
    pub fn compare(&self, other: &Version) -> Ordering {
        self.age.compare(&self.name, &other.age, &other.name)
    }

    /// What tells it from others, in words.
    fn told(&self) -> String {
        let filled = match self.age.filled_on {
            Some(day) => format!("填报日期 {day}"),
            None => "没有写填报日期".to_owned(),
        };
        let saved = match self.age.saved_at {
            Some(at) => {
                let clock = self.age.clock.as_ref();
                let by = clock.and_then(|clock| clock.program.as_deref());
                let by = by.map_or_else(String::new, |by| format!("{by} 记的"));
                format!(
                    "{by}保存时间 {} {:02}:{:02}",
                    at.date(),
                    at.hour(),
                    at.minute()
                )
            }
            None => "不知何时保存".to_owned(),
        };
        let round = match self.age.round {
            Some(_) => self.round_by_stamp(),
            None => "没有写报送轮次，".to_owned(),
        };
        format!(
            "{}（{round}{filled}，{saved}，共 {} 行）",
            self.name, self.rows
        )
    }

    /// By what its round is known, where the cover does not say it.
    fn round_by_stamp(&self) -> String {
        match self.age.round {
            Some(round) if self.age.round_by_stamp => {
                format!("封面没有写报送轮次，按下发标记是第{round}轮，")
            }
            _ => String::new(),
        }
    }

    /// Whether nothing but the name tells which of the two is the later one.
    fn is_rival_of(&self, latest: &Version) -> bool {
        self.hash != latest.hash && self.age.is_rival_of(&latest.age)
    }
}

/// The returns of each unit, the oldest first.
pub(super) fn by_unit(reconciled: &Reconciled) -> HashMap<String, Vec<Version>> {
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
                State::SetAside { .. } | State::Late { .. } | State::Unreadable(_) => 0,
            },
        });
    }
    for versions in all.values_mut() {
        versions.sort_by(Version::compare);
    }
    all
}

/// Which entries of the ledger a file has.
pub(super) struct Groups(HashMap<usize, Vec<usize>>);

impl Groups {
    pub fn new(reconciled: &Reconciled) -> Self {
        let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, entry) in reconciled.ledger.entries.iter().enumerate() {
            groups.entry(entry.file).or_default().push(at);
        }
        Groups(groups)
    }

    pub fn of(&self, file: usize) -> &[usize] {
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
) -> (&'v Version, Option<Why>) {
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
    let clocks = rivals
        .iter()
        .any(|rival| rival.age.clocks_differ(&latest.age));
    let why = match clocks {
        true => "填报日期相同；保存时间是不同的软件或格式记的，钟点不一样，不能比较",
        false => "报送轮次、填报日期相同，或者有的没有写",
    };
    let draft = Draft {
        topic: Topic::Version,
        stands: vec![unit.code.clone()],
        says: std::iter::once(unit.code.clone()).chain(says).collect(),
        reason: format!(
            "{}的{}份文件分不清先后（{why}），暂用“{}”",
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
    (kept, ruled.by.is_some().then_some(ruled))
}

/// Leaves out those that another has plainly replaced: they are not asked about. They
/// stand the oldest first.
fn not_replaced(rivals: &mut Vec<&Version>) {
    // Of those after it: the last by any clock, and the last by each.
    let mut by_any: Option<&Age> = None;
    let mut by_clock: HashMap<&Option<Clock>, &Age> = HashMap::new();
    let mut kept: Vec<&Version> = Vec::new();
    for one in rivals.iter().rev().copied() {
        let of_a_day = by_any.is_some_and(|last| last.equals(&one.age));
        if !of_a_day {
            by_any = Some(&one.age);
            by_clock.clear();
        }
        let own = by_clock.entry(&one.age.clock).or_insert(&one.age);
        let mut after = by_any.into_iter().chain([*own]);
        if !after.any(|other| one.age.is_saved_before(other)) {
            kept.push(one);
        }
    }
    kept.reverse();
    *rivals = kept;
}

/// The last two returns with each contents.
struct Last<'v>(HashMap<&'v str, [Option<&'v Version>; 2]>);

impl<'v> Last<'v> {
    fn new(versions: &'v [Version]) -> Self {
        let mut last: HashMap<&str, [Option<&Version>; 2]> = HashMap::new();
        for version in versions {
            let of = last.entry(&version.hash).or_default();
            *of = [Some(version), of[0]];
        }
        Last(last)
    }

    /// The last with the contents of another that is not itself.
    fn other(&self, version: &Version) -> Option<&'v Version> {
        let of = self.0.get(version.hash.as_str())?;
        let mut of = of.iter().copied().flatten();
        of.find(|other| other.index != version.index)
    }
}

fn reason(unit: &Unit, version: &Version, last: &Last<'_>, kept: &Version, waits: bool) -> String {
    let name = &kept.name;
    let same = last.other(version);
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
        let stamped = [version, kept].map(|one| match one.round_by_stamp() {
            round if round.is_empty() => round,
            round => format!("（“{}”{}）", one.name, round.trim_end_matches('，')),
        });
        format!("{}有更新的一份：{name}{}", unit.name, stamped.concat())
    }
}

fn supersede(reconciled: &mut Reconciled, groups: &Groups, file: usize, why: &Why) {
    if let Some(outcome) = reconciled.outcomes.get_mut(file) {
        let why = brief(&why.text, MESSAGE).into_owned();
        *outcome = (Outcome::Superseded, why);
    }
    for &entry in groups.of(file) {
        reconciled.put(entry, Class::Superseded, why);
    }
}
