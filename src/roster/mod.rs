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
use within::NamesInFiles;

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
    /// Name.
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
    village_names: HashMap<String, String>,
    member_names: HashMap<String, Vec<String>>,
    /// Names of townships, squeezed.
    towns: BTreeSet<String>,
    alike_units: Alike,
    alike_members: Alike,
    alike_villages: Alike,
    names_in_files: NamesInFiles,
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
                let names = &mut roster.unit_names;
                names.entry(squeeze(name)).or_insert(unit.code.clone());
            }
            roster.units.insert(unit.code.clone(), unit);
        }
        for member in members {
            if roster.members.contains_key(&member.code) {
                continue;
            }
            for name in std::iter::once(&member.name).chain(&member.aliases) {
                roster.alike_members.add(name);
                let codes = roster.member_names.entry(squeeze(name)).or_default();
                codes.push(member.code.clone());
            }
            roster.members.insert(member.code.clone(), member);
        }
        for village in villages {
            if roster.villages.contains_key(&village.code) {
                continue;
            }
            for name in std::iter::once(&village.name).chain(&village.aliases) {
                roster.alike_villages.add(name);
                let names = &mut roster.village_names;
                names.entry(squeeze(name)).or_insert(village.code.clone());
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

    /// A village by a name or alias.
    pub fn village_named(&self, name: &str) -> Option<&Village> {
        self.villages.get(self.village_names.get(&*squeezed(name))?)
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
        self.member_names
            .get(&*squeezed(name))
            .is_some_and(|codes| codes.len() > 1)
    }
}
