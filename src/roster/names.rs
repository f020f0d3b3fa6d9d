//! The names that people write, and whom or what they mean: with blanks,
//! titles, or the township before the village. A name that is only almost one
//! of the roster's is never taken for it.

use std::collections::BTreeSet;

use super::Roster;
use super::alike::MOST_NEAR;
use crate::form::{Names, Resolved};
use crate::value::{spaced, squeeze};

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
/// The county before a township's name.
const COUNTY: [&str; 2] = ["安化县", "安化"];
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
            false => self.roster.alike_members.near(name),
        })
    }

    fn village(&self, name: &str) -> Resolved {
        let known = |text: &str| self.roster.village_named(text).map(|v| v.name.clone());
        let near = || self.roster.alike_villages.near(name);
        resolve(name, known, |text| self.village_spellings(text), near)
    }

    fn unit(&self, name: &str) -> Resolved {
        let known = |text: &str| self.roster.unit_named(text).map(|u| u.name.clone());
        let near = || self.roster.alike_units.near(name);
        match resolve(name, known, without_title, near) {
            // A part of a name is asked about, too.
            Resolved::Unknown(near) => {
                let part = squeeze(name);
                let units = self.roster.units().map(|unit| &unit.name);
                let whole = units.filter(|unit| !part.is_empty() && unit.contains(&part));
                let mut asked: Vec<String> = whole.take(MOST_NEAR).cloned().collect();
                asked.extend(
                    near.into_iter()
                        .filter(|one| !asked.contains(one))
                        .collect::<Vec<_>>(),
                );
                asked.truncate(MOST_NEAR);
                Resolved::Unknown(asked)
            }
            other => other,
        }
    }
}

impl UnitNames<'_> {
    /// A village's name without what stands before and after it.
    fn village_spellings(&self, text: &str) -> Vec<String> {
        let mut bare = squeeze(text);
        for county in COUNTY {
            if let Some(rest) = bare.strip_prefix(county) {
                bare = rest.to_owned();
                break;
            }
        }
        let mut spellings = with_endings(&bare);
        // A village of that name in another township is another village.
        for (end, _) in bare.char_indices().skip(1) {
            let (town, rest) = bare.split_at(end);
            if self.roster.towns.contains(town) {
                let own = |text: &String| {
                    let named = self.roster.village_named(text);
                    named.is_some_and(|named| squeeze(&named.township) == town)
                };
                spellings.extend(with_endings(rest).into_iter().filter(own));
            }
        }
        spellings
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
        without_title(text)
    }
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
