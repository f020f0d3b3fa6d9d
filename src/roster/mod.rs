//! The roster: units, persons and villages, and the names that people use for
//! them.

mod alike;
mod names;
mod read;
mod within;
mod write;

pub use names::UnitNames;
pub use read::read_roster;
pub use write::roster_workbook;

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::value::{squeeze, squeezed};
use alike::Alike;
use names::unit_core;
use within::NamesWithin;

/// A unit that reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unit {
    /// Code, for example `T101`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind (id of the pack).
    pub kind: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// A person: CPPCC member, team member, association or chamber member.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Member {
    /// Code, for example `M001`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the unit.
    pub unit: String,
    /// Category (choice list `member_category`).
    pub category: String,
    /// 界别; empty if not given.
    pub sector: String,
    /// Role (choice list `member_role`); empty if not given.
    pub role: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// A village that is helped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Village {
    /// Code, for example `V001`.
    pub code: String,
    /// Name; with the township behind it where another township has a village of
    /// that name, too.
    pub name: String,
    /// Township or forest farm.
    pub township: String,
    /// Class (choice list `village_class`).
    pub class: String,
    /// Linked leader; empty if none.
    pub leader: String,
    /// Code of the unit that reports on its targets.
    pub reporter: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// The roster. Codes are unique; every unit that is referred to exists.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct Roster {
    units: IndexMap<String, Unit>,
    members: IndexMap<String, Member>,
    villages: IndexMap<String, Village>,
    unit_names: HashMap<String, String>,
    /// Codes of units by what is left of their names without county and the like.
    unit_cores: HashMap<String, Vec<String>>,
    village_names: HashMap<String, Vec<String>>,
    member_names: HashMap<String, Vec<String>>,
    /// Names of townships, squeezed.
    towns: BTreeSet<String>,
    alike_units: Alike,
    alike_members: Alike,
    alike_villages: Alike,
    names_in_files: NamesWithin,
    /// Of persons and of villages: how many rows are the pack's own examples, and
    /// whether all are.
    examples: [(usize, bool); 2],
    /// Whole names of units and persons, wherever they stand.
    unit_names_within: NamesWithin,
    member_names_within: NamesWithin,
    partial: bool,
}

/// A roster without its index, as it passes between processes.
#[derive(Serialize, Deserialize)]
struct Listed {
    units: Vec<Unit>,
    members: Vec<Member>,
    villages: Vec<Village>,
    partial: bool,
}

impl From<Listed> for Roster {
    fn from(listed: Listed) -> Self {
        Roster {
            partial: listed.partial,
            ..Roster::new(listed.units, listed.members, listed.villages)
        }
    }
}

impl From<Roster> for Listed {
    fn from(roster: Roster) -> Self {
        Listed {
            units: roster.units.into_values().collect(),
            members: roster.members.into_values().collect(),
            villages: roster.villages.into_values().collect(),
            partial: roster.partial,
        }
    }
}

impl Roster {
    /// A roster with its index of names. Later parts with a code that is
    /// taken are left out; `read_roster` has said so before.
    pub fn new(units: Vec<Unit>, members: Vec<Member>, villages: Vec<Village>) -> Self {
        let mut roster = Roster::default();
        for unit in units {
            if roster.units.contains_key(&unit.code) {
                continue;
            }
            roster.names_in_files.add(&unit);
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                roster.alike_units.add(name);
                roster.unit_names_within.add_name(name, &unit.code);
                let names = &mut roster.unit_names;
                names.entry(squeeze(name)).or_insert(unit.code.clone());
                let cores = roster.unit_cores.entry(unit_core(name)).or_default();
                if !cores.contains(&unit.code) {
                    cores.push(unit.code.clone());
                }
            }
            roster.units.insert(unit.code.clone(), unit);
        }
        for member in members {
            if roster.members.contains_key(&member.code) {
                continue;
            }
            for name in std::iter::once(&member.name).chain(&member.aliases) {
                roster.alike_members.add(name);
                roster.member_names_within.add_name(name, &member.code);
                let codes = roster.member_names.entry(squeeze(name)).or_default();
                codes.push(member.code.clone());
            }
            roster.members.insert(member.code.clone(), member);
        }
        for village in told_apart(villages) {
            if roster.villages.contains_key(&village.code) {
                continue;
            }
            let plain = plain_name(&village);
            let mut names: Vec<&str> = vec![&village.name];
            names.extend((plain != village.name).then_some(plain));
            names.extend(village.aliases.iter().map(String::as_str));
            for name in names {
                roster.alike_villages.add(name);
                let codes = roster.village_names.entry(squeeze(name)).or_default();
                if !codes.contains(&village.code) {
                    codes.push(village.code.clone());
                }
            }
            roster.towns.insert(squeeze(&village.township));
            roster.villages.insert(village.code.clone(), village);
        }
        roster
    }

    /// The same as a part of a larger roster that is not at hand: a name that it
    /// does not have may well be right.
    pub fn as_part(self) -> Self {
        Roster {
            partial: true,
            ..self
        }
    }

    /// Whether this is only what a returned workbook tells of the roster.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// The same, with how many of its rows are the pack's own.
    fn with_examples(self, examples: [(usize, bool); 2]) -> Self {
        Roster { examples, ..self }
    }

    /// What is said of rows that the office has not replaced by its own; nothing
    /// where there are none.
    pub fn examples_left(&self) -> Option<String> {
        let [members, villages] = self.examples;
        let parts = [("人员", members), ("帮扶村", villages)];
        let said: Vec<String> = parts
            .iter()
            .filter(|(_, (count, _))| *count > 0)
            .map(|(what, (count, all))| match all {
                true => format!("“{what}”表 {count} 行全是示例"),
                false => format!("“{what}”表还有 {count} 行示例"),
            })
            .collect();
        (!said.is_empty()).then(|| {
            format!(
                "注意：名册里{}，不是真实名单。先在名册里换成本办的名单，再下发、考核。",
                said.join("，")
            )
        })
    }

    /// All units, in the roster's order.
    pub fn units(&self) -> impl ExactSizeIterator<Item = &Unit> {
        self.units.values()
    }

    /// All persons, in the roster's order.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &Member> {
        self.members.values()
    }

    /// All villages, in the roster's order.
    pub fn villages(&self) -> impl ExactSizeIterator<Item = &Village> {
        self.villages.values()
    }

    /// A unit by code.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.get(code)
    }

    /// A person by code.
    pub fn member(&self, code: &str) -> Option<&Member> {
        self.members.get(code)
    }

    /// A village by code.
    pub fn village(&self, code: &str) -> Option<&Village> {
        self.villages.get(code)
    }

    /// Position of a unit in the roster; unknown ones come last.
    pub fn unit_order(&self, code: &str) -> usize {
        self.units.get_index_of(code).unwrap_or(usize::MAX)
    }

    /// A unit by a name or alias.
    pub fn unit_named(&self, name: &str) -> Option<&Unit> {
        self.units.get(self.unit_names.get(&*squeezed(name))?)
    }

    /// The units whose name, alias or township stands in the name of a file, each
    /// with that name; in no order.
    pub fn units_within<'a>(&'a self, text: &str) -> Vec<(&'a str, &'a Unit)> {
        let found = self.names_in_files.within(text);
        found
            .filter_map(|(name, code)| Some((name, self.units.get(code)?)))
            .collect()
    }

    /// A village by a name or alias that only one bears.
    pub fn village_named(&self, name: &str) -> Option<&Village> {
        match self.villages_named(name).as_slice() {
            [village] => Some(village),
            _ => None,
        }
    }

    /// All villages with a name or alias, in the roster's order.
    pub fn villages_named(&self, name: &str) -> Vec<&Village> {
        let codes = self.village_names.get(&*squeezed(name));
        let codes = codes.into_iter().flatten();
        codes.filter_map(|code| self.villages.get(code)).collect()
    }

    /// A village's name with its township behind it.
    pub fn name_with_township(&self, village: &Village) -> String {
        match village.township.is_empty() {
            true => village.name.clone(),
            false => with_township(plain_name(village), &village.township),
        }
    }

    /// Whether a village is at home with a unit: the unit reports on it, or bears
    /// the name of its township.
    pub fn is_at_home(&self, village: &Village, unit: &Unit) -> bool {
        village.reporter == unit.code
            || (!village.township.is_empty() && unit.name.contains(&village.township))
    }

    /// The township whose villages a unit speaks of, if it is a township's: one
    /// that has villages on the roster, and whose name the unit bears.
    pub fn township_of(&self, unit: &Unit) -> Option<&str> {
        let name = squeeze(&unit.name);
        let mut towns = self.towns.iter().map(String::as_str);
        towns.find(|town| !town.is_empty() && name.contains(town))
    }

    /// A unit by what is left of its name without county and the like, if only one
    /// is left with that.
    fn unit_with_core(&self, name: &str) -> Option<&Unit> {
        match self.unit_cores.get(&unit_core(name))?.as_slice() {
            [code] => self.units.get(code),
            _ => None,
        }
    }

    /// A person by a name or alias. Of several with the same name the one of
    /// the given unit; none if that does not decide it.
    pub fn member_named(&self, name: &str, unit: &str) -> Option<&Member> {
        let codes = self.member_names.get(&*squeezed(name))?;
        if let [code] = codes.as_slice() {
            return self.members.get(code);
        }
        let mut own = codes
            .iter()
            .filter_map(|code| self.members.get(code))
            .filter(|member| member.unit == unit);
        let first = own.next()?;
        own.next().is_none().then_some(first)
    }

    /// Whether several persons bear a name.
    pub fn is_ambiguous(&self, name: &str) -> bool {
        self.namesakes(name).nth(1).is_some()
    }

    /// All persons who bear a name.
    pub fn namesakes(&self, name: &str) -> impl Iterator<Item = &Member> {
        let codes = self.member_names.get(&*squeezed(name));
        let codes = codes.into_iter().flatten();
        codes.filter_map(|code| self.members.get(code))
    }
}

/// A village's name without its township behind it.
fn plain_name(village: &Village) -> &str {
    let name = village.name.trim();
    let Some((plain, behind)) = name.split_once(['(', '\u{FF08}']) else {
        return name;
    };
    let town = behind.trim_end_matches([')', '\u{FF09}']);
    let is_town = !plain.trim().is_empty() && squeeze(town) == squeeze(&village.township);
    if is_town { plain.trim() } else { name }
}

/// Villages of one name get their township behind it, so that no two are called
/// the same anywhere.
fn told_apart(mut villages: Vec<Village>) -> Vec<Village> {
    let mut count: HashMap<String, usize> = HashMap::new();
    for village in &villages {
        *count.entry(squeeze(plain_name(village))).or_default() += 1;
    }
    for village in &mut villages {
        let plain = plain_name(village);
        let is_shared = count.get(&squeeze(plain)).is_some_and(|count| *count > 1);
        if is_shared && plain == village.name.trim() && !village.township.is_empty() {
            village.name = with_township(plain, &village.township);
        }
    }
    villages
}

/// The name and the township of a village that is written with both; no township
/// where it is written without.
pub(crate) fn name_and_township(text: &str) -> (&str, &str) {
    let text = text.trim();
    let parts = text
        .strip_suffix('\u{FF09}')
        .and_then(|text| text.split_once('\u{FF08}'));
    parts.unwrap_or((text, ""))
}

/// How a village is written where its name alone does not tell.
pub(crate) fn with_township(name: &str, township: &str) -> String {
    format!("{name}\u{FF08}{township}\u{FF09}")
}
