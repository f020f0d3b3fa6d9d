//! Whether two names may mean the same giver. Names of the roster are told
//! apart by code; others by what is left when places and forms of business
//! are taken away.

use crate::ledger::{Donor, OUTSIDE};
use crate::value::{Letter, squeeze};

/// What may stand before the name of an enterprise or society.
const BEFORE: [&str; 8] = [
    "湖南省",
    "湖南",
    "益阳市",
    "益阳",
    "安化县",
    "安化",
    "中国",
    "县",
];
/// What may stand behind it.
const BEHIND: [&str; 13] = [
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "集团公司",
    "责任公司",
    "公司",
    "集团",
    "专业合作社",
    "合作社",
    "总经理",
    "董事长",
    "先生",
    "女士",
];
/// A name of one letter more or less is the same from this length on.
const LONG: usize = 4;
/// Nobody's name is longer: two such texts are the same or they are not.
const LONGEST: usize = 60;

/// How alike two givers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// The same person, unit or name.
    Same,
    /// Perhaps the same.
    Alike,
}

/// A name without what may stand around it, with what it is compared by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Core {
    /// As a text.
    pub text: String,
    letters: Vec<Letter>,
    /// Its digits and numerals, which tell apart: 一组 and 二组, 委员001 and 委员002.
    numbers: String,
}

impl Core {
    /// The core of a name.
    pub fn of(name: &str) -> Core {
        const NUMERALS: &str = "一二三四五六七八九十百千甲乙丙丁东南西北上下大小";
        let text = core(name);
        let numbers = text.chars();
        let numbers = numbers.filter(|c| c.is_ascii_alphanumeric() || NUMERALS.contains(*c));
        Core {
            letters: Letter::all(&text),
            numbers: numbers.collect(),
            text,
        }
    }
}

/// The name without what may stand around it.
fn core(name: &str) -> String {
    let whole = squeeze(name);
    let mut bare: String = match whole.split_once('(') {
        // A remark behind the name is none of it.
        Some((before, _)) if before.chars().count() > 1 => before.to_owned(),
        _ => whole.clone(),
    };
    let long = |text: &str| text.chars().count() >= 2;
    for word in BEFORE {
        if let Some(rest) = bare.strip_prefix(word).filter(|rest| long(rest)) {
            bare = rest.to_owned();
        }
    }
    for word in BEHIND {
        if let Some(rest) = bare.strip_suffix(word).filter(|rest| long(rest)) {
            bare = rest.to_owned();
        }
    }
    bare
}

/// Whether a code is one of the roster, and no running key.
fn is_known(donor: &Donor) -> bool {
    !donor.key.starts_with(OUTSIDE)
}

/// How alike two givers are, if at all. Each comes with the core of its name.
pub(super) fn likeness(
    (a, first): (&Donor, &Core),
    (b, second): (&Donor, &Core),
) -> Option<Likeness> {
    if a.key == b.key {
        return Some(Likeness::Same);
    }
    if is_known(a) && is_known(b) {
        return None;
    }
    (first.text == second.text || near(first, second)).then_some(Likeness::Alike)
}

/// One holds the other, or they differ in one letter that is no number.
fn near(first: &Core, second: &Core) -> bool {
    let (short, long) = match first.letters.len() <= second.letters.len() {
        true => (first, second),
        false => (second, first),
    };
    let (least, most) = (short.letters.len(), long.letters.len());
    if most > LONGEST {
        return false;
    }
    if least == most && sound_alike(&first.letters, &second.letters) {
        return true;
    }
    if short.numbers != long.numbers {
        return false;
    }
    let enough = if least == most { 3 } else { LONG };
    let in_one = || least >= enough && most - least <= 1;
    (in_one() && differ_in_one(&short.letters, &long.letters))
        || (least >= LONG && long.text.contains(&short.text))
}

/// Whether two names of one length differ only in letters that sound or look alike;
/// one at least is the same.
fn sound_alike(first: &[Letter], second: &[Letter]) -> bool {
    let pairs = || first.iter().zip(second);
    pairs().all(|(one, other)| one.is_alike(*other)) && pairs().any(|(one, other)| one.is(*other))
}

/// Whether one letter is another, or one is too many in the longer.
fn differ_in_one(short: &[Letter], long: &[Letter]) -> bool {
    let pairs = short.iter().zip(long);
    let same = pairs.take_while(|(one, other)| one.is(**other)).count();
    let behind = same + usize::from(short.len() == long.len());
    same < long.len() && short.get(behind..) == long.get(same + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(name: &str, key: &str) -> Donor {
        Donor {
            key: key.into(),
            name: name.into(),
        }
    }

    #[test]
    fn names_that_may_mean_the_same_giver() {
        let alike = |a: Donor, b: Donor| {
            likeness((&a, &Core::of(&a.name)), (&b, &Core::of(&b.name))).is_some()
        };
        let like = |a: &str, b: &str| alike(outside(a, "JZ-1"), outside(b, "JZ-2"));
        assert!(like("湖南怡青茶业有限公司", "怡青茶业"));
        assert!(like("安化县怡青茶业有限责任公司", "怡青茶业有限公司"));
        assert!(like("周建国（县医院）", "周建国"));
        assert!(like("张峰华", "张锋华"));
        assert!(like("王明", "王民"));
        assert!(like("茶业商会", "茶業商會"));
        assert!(!like("王明", "王芳"));
        assert!(!like("张三", "李三"));
        assert!(!like("第一小学", "第二小学"));
        assert!(!like("爱心人士001", "爱心人士002"));
        assert!(!like("东坪茶厂", "南坪茶厂"));
        let member = |code: &str, name: &str| outside(name, code);
        assert!(!alike(member("M001", "张峰华"), member("M002", "张锋华")));
        assert!(alike(member("M001", "张峰华"), outside("张锋华", "JZ-1")));
    }
}
