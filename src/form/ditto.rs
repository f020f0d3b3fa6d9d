//! “同上” and the like: what stands in a cell when the clerk means what stands
//! in the cell above. It is nobody's name.

use super::shown::shown;
use crate::policy::{Field, Kind};
use crate::sheet::Found;
use crate::value::squeeze;

/// Words for it, squeezed.
const WORDS: [&str; 15] = [
    "同上",
    "同上行",
    "同上格",
    "上同",
    "同前",
    "同前行",
    "见上",
    "见上行",
    "如上",
    "同上一行",
    "与上同",
    "与上相同",
    "同前面",
    "ditto",
    "do",
];

/// Signs for it: ditto marks, and what is typed or drawn in their place.
const SIGNS: &str = "〃\"“”„‟′'‘’`\u{301}々〻仝";

/// Whether a field says who, where or what, so that a mark in it stands for what
/// is written above: numbers are never copied.
pub(super) fn may_be_copied(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::Text
            | Kind::Member
            | Kind::Village
            | Kind::Unit
            | Kind::Choice(_)
            | Kind::Date
            | Kind::YesNo
    )
}

/// Whether a cell holds nothing but a mark for what stands above.
pub(super) fn is_ditto(found: &Found) -> bool {
    let Found::Text(_) = found else {
        return false;
    };
    let text = squeeze(&shown(found)).to_lowercase();
    let bare = text.trim_matches(|c| "()（）。.:".contains(c));
    if WORDS.contains(&bare) {
        return true;
    }
    // -"- and —〃— are signs between strokes.
    let signs = text.trim_matches(|c| "-—–_~=()".contains(c));
    !signs.is_empty() && signs.chars().all(|c| SIGNS.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_for_what_stands_above() {
        let is = |text: &str| is_ditto(&Found::Text(text.into()));
        for yes in [
            "同上",
            " 同 上 ",
            "（同上）",
            "同上。",
            "〃",
            "″",
            "\"",
            "''",
            "”",
            "-\"-",
            "—〃—",
            "〃〃",
            "见上",
            "同前",
            "Ditto",
            "々",
        ] {
            assert!(is(yes), "{yes}");
        }
        for no in [
            "",
            "-",
            "—",
            "同上村",
            "上同村",
            "见上册",
            "无",
            "/",
            "0",
            "董家村",
        ] {
            assert!(!is(no), "{no}");
        }
        assert!(!is_ditto(&Found::Number(0.into())));
    }
}
