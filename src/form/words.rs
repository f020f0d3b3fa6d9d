//! Words that a cell may hold: one of a list, 是 or 否, a name of the roster;
//! in the spellings that people use. What is only almost one is never taken.

use super::fault::Fault;
use super::shown::as_text;
use crate::sheet::Found;
use crate::value::{Meaning, Reading, Value, is_unreadable, squeeze, squeezed, tidy};

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// One of the roster, by its standard name.
    Known(String),
    /// Several names in one cell, as typed.
    Several(Vec<String>),
    /// A name that several persons of the roster bear.
    Ambiguous,
    /// A name that several villages bear; with what tells them apart.
    Namesakes(Vec<String>),
    /// None; with those of the roster that look alike.
    Unknown(Vec<String>),
}

impl Resolved {
    /// Whether it is one of the roster.
    pub fn is_known(&self) -> bool {
        matches!(self, Resolved::Known(_))
    }
}

/// Who can say which names there are. The roster does; when the roster itself
/// is read, nobody can, and names are taken as typed.
pub trait Names {
    /// A person.
    fn member(&self, name: &str) -> Resolved;
    /// A village.
    fn village(&self, name: &str) -> Resolved;
    /// A unit.
    fn unit(&self, name: &str) -> Resolved;
    /// Whether who is not known here is not on the roster either.
    fn is_whole(&self) -> bool {
        true
    }
}

/// Texts are alike from this on, from 0 to 1: one of three characters differs.
const ALIKE: f64 = 0.6;

/// The choice that a text may mean: the only one that is alike.
pub(super) fn nearest<'a>(found: &Found, items: impl Iterator<Item = &'a str>) -> Option<String> {
    let typed = squeeze(&as_text(found));
    let alike = |item: &str| {
        let item = squeeze(item);
        let one_in_other =
            typed.chars().count() > 1 && (item.contains(&typed) || typed.contains(&item));
        let close = crate::value::alike(&item, &typed, ALIKE) >= ALIKE;
        one_in_other || close
    };
    let mut near = items.filter(|item| alike(item));
    let first = near.next()?;
    near.next().is_none().then(|| first.to_owned())
}

pub(super) fn choose<'a>(
    found: &Found,
    mut items: impl Iterator<Item = &'a str>,
    mut aliases: impl Iterator<Item = (&'a str, &'a str)>,
) -> Option<Reading<Value>> {
    let typed = squeeze(&as_text(found));
    let same = |name: &str| squeezed(name).eq_ignore_ascii_case(&typed);
    if let Some(item) = items.find(|item| same(item)) {
        return Some(Reading::plain(Value::Text(item.into())));
    }
    aliases.find(|(from, _)| same(from)).map(|(_, to)| Reading {
        value: Value::Text(to.into()),
        meaning: Meaning::Spelling,
    })
}

/// What stands for 是 and for 否.
const YES: [&str; 16] = [
    "√",
    "✓",
    "✔",
    "☑",
    "有",
    "Y",
    "yes",
    "1",
    "true",
    "对",
    "已",
    "参加",
    "已参加",
    "已完成",
    "是的",
    "V",
];
const NO: [&str; 14] = [
    "×",
    "✗",
    "✘",
    "X",
    "无",
    "N",
    "no",
    "0",
    "false",
    "没有",
    "未",
    "未参加",
    "没参加",
    "不是",
];

pub(super) fn yes_no(found: &Found) -> Result<Reading<Value>, Fault> {
    let aliases = YES.iter().map(|word| (*word, "是"));
    let aliases = aliases.chain(NO.iter().map(|word| (*word, "否")));
    choose(found, ["是", "否"].into_iter(), aliases).ok_or(Fault::YesNo)
}

pub(super) fn name(
    found: &Found,
    resolve: Option<impl Fn(&str) -> Resolved>,
    open: bool,
) -> Result<Reading<Value>, Fault> {
    // Nobody is called so.
    if matches!(found, Found::Date(..)) {
        return Err(Fault::Name(Vec::new()));
    }
    let typed = tidy(&as_text(found));
    let Some(resolve) = resolve else {
        return Ok(Reading::plain(Value::Text(typed.into())));
    };
    // A dash is nobody's name, nor is the word for nobody.
    if !typed.is_empty() && is_nobody(&typed) {
        return Err(Fault::NoName);
    }
    match resolve(&typed) {
        Resolved::Known(name) => {
            // What follows in brackets only tells it from its namesakes.
            let standard = squeezed(&name);
            let rest = standard.strip_prefix(&*squeezed(&typed));
            let is_same = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('('));
            let meaning = match is_same && !typed.is_empty() {
                true => Meaning::Plain,
                false => Meaning::Spelling,
            };
            Ok(Reading::of(Value::Text(name.into()), meaning))
        }
        Resolved::Several(names) => Err(Fault::Several(names)),
        // The ledger says so, and credits the unit that reports.
        Resolved::Ambiguous if open => Ok(Reading::plain(Value::Text(typed.into()))),
        Resolved::Ambiguous => Err(Fault::SameName),
        Resolved::Namesakes(names) => Err(Fault::Namesakes(names)),
        Resolved::Unknown(near) if open => {
            let meaning = match near.is_empty() {
                false => Meaning::NearName,
                true if typed.chars().any(is_unreadable) => Meaning::Unreadable,
                true => Meaning::Plain,
            };
            Ok(Reading::of(Value::Text(typed.into()), meaning))
        }
        Resolved::Unknown(near) => Err(Fault::Name(near)),
    }
}

/// Whether a text says that there is nobody.
pub(super) fn is_nobody(text: &str) -> bool {
    NOBODY.contains(&&*squeezed(text)) || text.chars().all(is_stroke)
}

/// Words for nobody, in place of a name.
const NOBODY: [&str; 9] = [
    "无", "没有", "暂无", "不详", "不明", "未知", "空", "略", "待定",
];

/// Whether a sign is a stroke or a stop, of which no name is made.
fn is_stroke(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2212}'
                    | '\u{FF0D}'
                    | '\u{2500}'
                    | '~'
                    | '\u{FF5E}'
                    | '/'
                    | '\u{FF0F}'
                    | '\\'
                    | '.'
                    | '\u{FF0E}'
                    | '\u{3002}'
                    | '\u{2026}'
                    | '_'
                    | '\u{FF3F}'
        )
}
