//! The names that people write, and whom or what they mean: with blanks,
//! titles, or the township before the village. A name that is only almost one
//! of the roster's is never taken for it.

use std::collections::BTreeSet;

use super::alike::MOST_NEAR;
use super::{Roster, Village};
use crate::form::{Names, Resolved};
use crate::value::{spaced, squeeze, without_radicals};

/// Words after a person's name.
const TITLES: [&str; 24] = [
    "同志",
    "先生",
    "女士",
    "委员",
    "副主席",
    "主席",
    "副主任",
    "主任",
    "副书记",
    "书记",
    "副会长",
    "会长",
    "秘书长",
    "总经理",
    "副总经理",
    "经理",
    "董事长",
    "厂长",
    "校长",
    "院长",
    "老师",
    "医生",
    "理事长",
    "老板",
];
/// Words after a village's name.
const VILLAGE_WORDS: [&str; 6] = ["村民委员会", "村委会", "村支两委", "村两委", "社区", "村"];
/// Province and city before the county's name; alone they mean another body.
const ABOVE_COUNTY: [&str; 4] = ["湖南省", "湖南", "益阳市", "益阳"];
/// The county before a township's name.
const COUNTY: [&str; 2] = ["安化县", "安化"];
/// The body to which all units belong, before their names.
const BODY: [&str; 5] = ["政协安化县委员会", "县政协", "政协", "县直", "县"];
/// The full names of what units are, each with the short one; longer ones first.
const BODIES: [(&str, &str); 6] = [
    ("乡镇政协联络工作委员会", "联工委"),
    ("政协联络工作委员会", "联工委"),
    ("联络工作委员会", "联工委"),
    ("政协联络工委", "联工委"),
    ("联络工委", "联工委"),
    ("政协联工委", "联工委"),
];
/// Signs between several names; blanks part them as well.
const SEPARATORS: [char; 10] = ['、', ',', ';', '/', '\n', '\r', '和', '与', '及', '|'];

/// The names of a roster as seen by one unit.
pub struct UnitNames<'a> {
    /// The roster.
    pub roster: &'a Roster,
    /// Code of the unit.
    pub unit: &'a str,
}

impl Names for UnitNames<'_> {
    fn is_whole(&self) -> bool {
        !self.roster.partial
    }

    fn member(&self, name: &str) -> Resolved {
        let known = |text: &str| {
            let member = self.roster.member_named(text, self.unit);
            let unit = || self.roster.unit_named(text).map(|u| u.name.clone());
            member.map(|m| m.name.clone()).or_else(unit)
        };
        if self.roster.is_ambiguous(name) && known(name).is_none() {
            return Resolved::Ambiguous;
        }
        let spellings = |text: &str| self.person_spellings(text);
        resolve(name, known, spellings, || match self.roster.partial {
            true => Vec::new(),
            false => self.near_person(name),
        })
    }

    fn village(&self, name: &str) -> Resolved {
        let several = self.villages_meant(name);
        match several.as_slice() {
            [one] => return Resolved::Known(one.name.clone()),
            [] => {}
            several => {
                let names = several.iter().map(|village| village.name.clone());
                return Resolved::Namesakes(names.collect());
            }
        }
        let known = |text: &str| match self.villages_meant(text).as_slice() {
            [one] => Some(one.name.clone()),
            _ => None,
        };
        let near = || {
            let near = self.roster.alike_villages.near(name);
            let mut names: Vec<String> = Vec::new();
            for village in near
                .iter()
                .flat_map(|name| self.roster.villages_named(name))
            {
                if !names.contains(&village.name) {
                    names.push(village.name.clone());
                }
            }
            names
        };
        resolve(name, known, |_| Vec::new(), near)
    }

    fn unit(&self, name: &str) -> Resolved {
        let known = |text: &str| self.roster.unit_named(text).map(|u| u.name.clone());
        let spellings = |text: &str| self.unit_spellings(text);
        resolve(name, known, spellings, || {
            // A part of a name is asked about, too.
            let mut asked = self.units_with(name);
            self.add_near_units(name, &mut asked);
            asked.truncate(MOST_NEAR);
            asked
        })
    }
}

impl UnitNames<'_> {
    /// The villages that a name means as the unit sees it: that of its own township
    /// before those of others.
    fn villages_meant(&self, text: &str) -> Vec<&Village> {
        let mut found: Vec<&Village> = self.roster.villages_named(text);
        if found.is_empty() {
            let (town, spellings) = self.village_spellings(text);
            let named = spellings
                .iter()
                .map(|name| self.roster.villages_named(name));
            // A village of that name in another township is another village.
            found = named
                .flatten()
                .filter(|v| town.is_empty() || squeeze(&v.township) == town)
                .collect();
            found.sort_by(|one, other| one.code.cmp(&other.code));
            found.dedup_by(|one, other| one.code == other.code);
        }
        if let ([_, _, ..], Some(unit)) = (found.as_slice(), self.roster.unit(self.unit)) {
            let is_own = |village: &&&Village| self.roster.is_at_home(village, unit);
            let mut own = found.iter().filter(is_own);
            if let (Some(one), None) = (own.next(), own.next()) {
                return vec![one];
            }
        }
        found
    }

    /// A village's name without what stands before and after it, and the township
    /// that stands there, if one does.
    fn village_spellings(&self, text: &str) -> (String, Vec<String>) {
        let without_county = |text: &str| -> String {
            let rest = COUNTY.iter().find_map(|county| text.strip_prefix(county));
            rest.unwrap_or(text).to_owned()
        };
        let plain = squeeze(&without_radicals(text).unwrap_or_else(|| text.to_owned()));
        let bare = without_county(&plain);
        if let Some((name, behind)) = bare.split_once('(') {
            let town = without_county(behind.trim_end_matches(')'));
            if self.roster.towns.contains(&town) {
                return (town, with_endings(name));
            }
        }
        for (end, _) in bare.char_indices().skip(1) {
            let (town, rest) = bare.split_at(end);
            if self.roster.towns.contains(town) && self.roster.villages_named(&bare).is_empty() {
                return (town.to_owned(), with_endings(rest));
            }
        }
        (String::new(), with_endings(&bare))
    }

    /// A person's name without a title or remark; a remark that names another
    /// person is none.
    fn person_spellings(&self, text: &str) -> Vec<String> {
        let bare = squeeze(text);
        let remark = bare.split_once('(').map_or("", |(_, remark)| remark);
        let named = |name: &str| name.chars().count() > 1 && remark.contains(name);
        if !remark.is_empty() && self.roster.alike_members.bare().any(named) {
            return Vec::new();
        }
        let mut spellings = without_title(text);
        spellings.extend(without_radicals(text));
        let units = self.unit_spellings(text);
        spellings.extend(units);
        spellings
    }

    /// The names of units that a text is another way to write.
    fn unit_spellings(&self, text: &str) -> Vec<String> {
        let mut spellings = without_title(text);
        spellings.extend(without_radicals(text));
        let cored: Vec<String> = spellings
            .iter()
            .map(String::as_str)
            .chain([text])
            .filter_map(|spelling| self.roster.unit_with_core(spelling))
            .map(|unit| unit.name.clone())
            .collect();
        spellings.extend(cored);
        spellings
    }

    /// The persons and units that a name outside the roster may mean: those that
    /// are almost called so, and those whose whole name stands in it.
    fn near_person(&self, name: &str) -> Vec<String> {
        let roster = self.roster;
        let mut asked = roster.alike_members.near(name);
        self.add_near_units(name, &mut asked);
        let text = squeeze(name);
        let own = |code: &str| roster.member(code).is_some_and(|m| m.unit == self.unit);
        let members = roster.member_names_within.within(&text);
        // Two letters stand in many a name by chance.
        let whole = members.filter(|(name, code)| name.chars().count() > 2 || own(code));
        let mut whole: Vec<String> = whole
            .filter_map(|(_, code)| Some(roster.member(code)?.name.clone()))
            .collect();
        let units = roster.unit_names_within.within(&text);
        whole.extend(units.filter_map(|(_, code)| Some(roster.unit(code)?.name.clone())));
        whole.sort();
        for name in whole.into_iter().chain(self.units_with(name)) {
            if !asked.contains(&name) {
                asked.push(name);
            }
        }
        asked.truncate(MOST_NEAR);
        asked
    }

    /// Adds the units that are almost called so, each by its name.
    fn add_near_units(&self, name: &str, asked: &mut Vec<String>) {
        let near = self.roster.alike_units.near(name);
        for unit in near.iter().filter_map(|name| self.roster.unit_named(name)) {
            if !asked.contains(&unit.name) {
                asked.push(unit.name.clone());
            }
        }
    }

    /// The units of whose names a text is a part.
    fn units_with(&self, part: &str) -> Vec<String> {
        let part = squeeze(part);
        if part.chars().count() < 2 {
            return Vec::new();
        }
        let units = self.roster.units().map(|unit| &unit.name);
        let whole = units.filter(|unit| unit.contains(&part));
        whole.take(MOST_NEAR).cloned().collect()
    }
}

/// What is left of a unit's name without the county and the body above it, with
/// the short word for what it is, and without brackets.
pub(super) fn unit_core(name: &str) -> String {
    let bare: String = squeeze(name)
        .chars()
        .filter(|c| !"()[]{}《》〈〉【】“”‘’'\"·.。-".contains(*c))
        .collect();
    let mut core = bare.as_str();
    let mut above = core;
    for word in ABOVE_COUNTY {
        above = above.strip_prefix(word).unwrap_or(above);
    }
    if COUNTY.iter().any(|county| above.starts_with(county)) {
        core = above;
    }
    for word in BODY
        .iter()
        .take(1)
        .chain(&COUNTY)
        .chain(BODY.iter().skip(1))
    {
        // Of a name that is nothing else something must be left.
        let rest = core.strip_prefix(word);
        core = rest.filter(|rest| rest.chars().count() > 2).unwrap_or(core);
    }
    for (full, short) in BODIES {
        if let Some(place) = core.strip_suffix(full) {
            return format!("{place}{short}");
        }
    }
    core.to_owned()
}

/// A village's name with 村 and the like after it, and without.
fn with_endings(bare: &str) -> Vec<String> {
    let mut spellings = vec![bare.to_owned(), format!("{bare}村")];
    for word in VILLAGE_WORDS {
        if let Some(rest) = bare.strip_suffix(word) {
            spellings.push(rest.to_owned());
            spellings.push(format!("{rest}村"));
        }
    }
    spellings.retain(|spelling| spelling.chars().count() > 1 || spelling == "村");
    spellings
}

/// A name without a title or remark after it.
fn without_title(text: &str) -> Vec<String> {
    let bare = squeeze(text);
    let mut spellings = Vec::new();
    let unbracketed = match bare.find('(') {
        Some(start) if start > 0 && bare.ends_with(')') => bare[..start].to_owned(),
        _ => bare,
    };
    spellings.push(unbracketed.clone());
    for title in TITLES {
        if let Some(rest) = unbracketed.strip_suffix(title)
            && !rest.is_empty()
        {
            spellings.push(rest.to_owned());
        }
    }
    spellings
}

/// The one name that a text means: as it stands, else in another spelling.
fn resolve(
    text: &str,
    known: impl Fn(&str) -> Option<String>,
    spellings: impl Fn(&str) -> Vec<String>,
    near: impl Fn() -> Vec<String>,
) -> Resolved {
    if let Some(name) = known(text) {
        return Resolved::Known(name);
    }
    let otherwise = |text: &str| -> BTreeSet<String> {
        spellings(text).iter().filter_map(|s| known(s)).collect()
    };
    let meant = otherwise(text);
    if let (Some(name), 1) = (meant.first(), meant.len()) {
        return Resolved::Known(name.clone());
    }
    if let Some(several) = several(text, |part| {
        known(part).is_some() || otherwise(part).len() == 1
    }) {
        return Resolved::Several(several);
    }
    Resolved::Unknown(near())
}

/// The names in a text with several: parted by signs when one of them is known,
/// by blanks only when all are.
fn several(text: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let text: String = text
        .chars()
        .map(|c| if c == '\n' { '、' } else { c })
        .collect();
    let text = spaced(&text);
    let parts = |separators: &[char]| -> Vec<String> {
        let parts = text.split(separators).map(|part| part.trim().to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let by_signs = parts(&SEPARATORS);
    if by_signs.len() > 1 && by_signs.iter().any(|part| is_known(part)) {
        return Some(by_signs);
    }
    let by_blanks = parts(&[' ']);
    (by_blanks.len() > 1 && by_blanks.iter().all(|part| is_known(part))).then_some(by_blanks)
}
