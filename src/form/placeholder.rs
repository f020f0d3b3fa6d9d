//! What people write into a cell only so that it is not empty: 无, /, 略, XX, and XX村
//! for a name. It says nothing, and stands for an empty cell.

use std::borrow::Cow;

use super::shown::{as_text, is_error_text};
use super::words::is_nobody;
use crate::policy::{Field, Form, Kind, Policy};
use crate::sheet::Found;
use crate::value::{squeeze, squeezed, tidy};

/// What is written instead of entries where there are none.
pub(super) const NOTHING: [&str; 12] = [
    "无",
    "没有",
    "暂无",
    "无此项",
    "无此类",
    "本单位无",
    "无此情况",
    "以下空白",
    "以下无正文",
    "空白",
    "此表无",
    "未开展",
];
/// Words that say nothing, besides those that say that there is nothing; squeezed,
/// in small letters.
const WORDS: [&str; 24] = [
    "空",
    "略",
    "从略",
    "暂缺",
    "缺",
    "待补",
    "待补充",
    "待填",
    "待定",
    "待报",
    "待核",
    "未填",
    "未定",
    "未知",
    "不详",
    "不适用",
    "没",
    "同例",
    "n/a",
    "na",
    "n.a",
    "null",
    "none",
    "nil",
];

/// Marks that answer a question, where it is only asked whether.
const TICKS: &str = "√✓✔☑✅";

/// Whether a cell says nothing.
pub(crate) fn says_nothing(field: &Field, found: &Found) -> bool {
    let text: Cow<'_, str> = match found {
        // An error that became a text is still one.
        Found::Text(text) if is_error_text(text) => return false,
        Found::Text(text) => Cow::Borrowed(text),
        Found::Number(_) => Cow::Owned(as_text(found)),
        Found::Date(..) | Found::Bool(_) | Found::Error(_) => return false,
    };
    let text = squeezed(&text);
    is_nothing(&text) || is_example(field, &text)
}

/// Whether a cell of an entry stands for an empty one: it says nothing, or has no name
/// where it should name the entry.
pub(crate) fn stands_for_empty(policy: &Policy, form: &Form, field: &Field, found: &Found) -> bool {
    says_nothing(field, found) || policy.is_naming(form, field) && lacks_name(field, found)
}

/// Words that say for certain that there is nothing; the others leave something
/// open.
const NONE: [&str; 8] = ["空", "不适用", "没", "n/a", "na", "null", "none", "nil"];
/// Signs that only fill a cell.
const STROKES: &str = "/\\|-‐‑–—―−一_~.。,·…○〇0()[]'\"";

/// Whether what says nothing may pass without a word in a field that may stay
/// empty. 待核 or ### may stand for something that is lost otherwise.
pub(crate) fn may_pass(field: &Field, found: &Found) -> bool {
    if field.kind == Kind::Text {
        return true;
    }
    let text = squeezed(&as_text(found)).to_lowercase();
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    NOTHING.contains(&bare) || NONE.contains(&bare) || text.chars().all(|c| STROKES.contains(c))
}

/// The longest word that says nothing, in characters.
const LONGEST: usize = 6;

/// Whether a squeezed text says nothing.
fn is_nothing(text: &str) -> bool {
    if text.contains(|c| TICKS.contains(c)) {
        return false;
    }
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    // Nearly all texts are longer.
    if bare.chars().nth(LONGEST).is_some() {
        return false;
    }
    let lower = bare.to_lowercase();
    let all = |signs: &str| bare.chars().all(|c| signs.contains(c));
    NOTHING.contains(&bare)
        || WORDS.contains(&&*lower)
        || all("0")
        || all("xX")
        || all("〇")
        || all("某")
}

/// Signs that stand for the letters of a name.
const BLANKS: &str = "xX×✕╳○◯〇*_";
/// What a place ends with: its name comes before.
const PLACES: &str = "村镇乡县市省";

/// Whether a field holds no name, but signs in the place of one, and what it would be
/// the name of: XX村, ××基地, 某某村茶叶基地. Who is called 张某某 or 张XX has a name
/// that is not told; and an enterprise may wish to be 某某合作社.
fn lacks_name(field: &Field, found: &Found) -> bool {
    let Found::Text(text) = found else {
        return false;
    };
    let text = squeezed(text);
    let is_sign = |c: char| BLANKS.contains(c) || (c == '某' && field.kind == Kind::Text);
    let mut before = None;
    let (mut signs, mut untold) = (0, 0);
    for c in text.chars() {
        if is_sign(c) {
            signs += 1;
            untold += u32::from(c == '某');
            continue;
        }
        let of_place = signs > untold || PLACES.contains(c);
        if signs > 1
            && of_place
            && !c.is_ascii_alphanumeric()
            && before.is_none_or(|c| PLACES.contains(c))
        {
            return true;
        }
        (before, signs, untold) = (Some(c), 0, 0);
    }
    false
}

/// Whether a squeezed text is the field's own example, which nobody is called.
fn is_example(field: &Field, text: &str) -> bool {
    field.example.contains("XX") && squeeze(&field.example) == text
}

/// Whether a field would take such a cell for its answer. A word for nobody is
/// never taken for a name.
pub(super) fn would_be_taken(field: &Field, found: &Found) -> bool {
    let nobody = || is_nobody(&tidy(&as_text(found)));
    let name = matches!(field.kind, Kind::Member | Kind::Village);
    field.kind == Kind::Text || name && field.open && !nobody()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_they_are_compared() {
        for word in WORDS.iter().chain(&NOTHING) {
            assert_eq!(squeeze(word).to_lowercase(), *word);
            assert!(
                word.chars().count() <= LONGEST && is_nothing(word),
                "{word}"
            );
        }
    }

    #[test]
    fn words_that_say_nothing_and_words_that_say_something() {
        for text in [
            "无",
            "（无）",
            "无。",
            "/",
            "／",
            "—",
            "——",
            "-",
            "*",
            ".",
            "…",
            "？",
            "0",
            "00",
            "暂无",
            "N/A",
            "n/a",
            "XX",
            "xxx",
            "××",
            "○○○",
            "未开展",
            "待补",
            "",
            "NULL",
            "某某某",
        ] {
            assert!(is_nothing(&squeeze(text)), "{text}");
        }
        for text in [
            "无花果",
            "略有增收",
            "无公害蔬菜",
            "空心菜",
            "10",
            "A",
            "3-9",
            "缺水",
            "√",
            "有",
            "同上",
            "无人机喷药",
            "待产母猪2头",
            "一",
            "X光机1台",
        ] {
            assert!(!is_nothing(&squeeze(text)), "{text}");
        }
    }
}
