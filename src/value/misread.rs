//! Texts that a spreadsheet program takes for something else: a number, a day, a
//! truth value, a pattern. As a criterion of COUNTIFS they find other rows than
//! those in which they stand, and in a CSV file they come out changed.

use super::reading::squeezed;

/// English months, which Chinese programs read as well.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Words that are values by themselves.
const VALUES: [&str; 5] = ["true", "false", "inf", "infinity", "nan"];
/// Words that belong to a number, a day or a time if digits stand before them.
const AFTER_DIGITS: [&str; 17] = [
    "年", "月", "日", "号", "时", "点", "分", "秒", "am", "pm", "a", "p", "st", "nd", "rd", "th",
    "t",
];
/// Words that may stand anywhere in one.
const ANYWHERE: [&str; 19] = [
    "上午",
    "下午",
    "元",
    "人民币",
    "cny",
    "rmb",
    "usd",
    "eur",
    "gbp",
    "jpy",
    "hkd",
    "明治",
    "大正",
    "昭和",
    "平成",
    "令和",
    "民国",
    "公元",
    "z",
];
/// Signs that may stand in one.
const SIGNS: &str = "+-.,'%/\\:()$¥£€";

/// Whether a program may read a text as a number, a day, a time, a truth value or
/// an error. Rather too often than too seldom.
pub fn reads_as_value(text: &str) -> bool {
    let text = squeezed(text).to_lowercase();
    if VALUES.contains(&text.as_str()) || text.starts_with('#') {
        return true;
    }
    let pieces = pieces(&text);
    let numbers = pieces.iter().filter(|piece| is_digits(piece)).count();
    numbers > 0 && (0..pieces.len()).all(|at| belongs(&pieces, at, numbers))
}

/// Whether a criterion of COUNTIFS with the text is a comparison or a pattern.
pub fn reads_as_pattern(text: &str) -> bool {
    text.contains(['*', '?', '~']) || text.starts_with(['=', '<', '>'])
}

fn is_digits(piece: &str) -> bool {
    piece.starts_with(|c: char| c.is_ascii_digit())
}

/// Stretches of digits, of letters, and single signs.
fn pieces(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => 0,
        c if c.is_ascii_alphabetic() => 1,
        c if c.is_alphabetic() => 2,
        _ => 3,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let kind = kind(c);
        if at > 0 && (before != Some(kind) || kind == 3) {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(kind);
    }
    pieces.extend(text.get(start..).filter(|last| !last.is_empty()));
    pieces
}

/// Whether a piece can be part of a value that has so many stretches of digits.
fn belongs(pieces: &[&str], at: usize, numbers: usize) -> bool {
    let Some(piece) = pieces.get(at) else {
        return false;
    };
    let digits_at = |at: Option<usize>| {
        let piece = at.and_then(|at| pieces.get(at));
        piece.is_some_and(|piece| is_digits(piece))
    };
    let (before, after) = (at.checked_sub(1), at.checked_add(1));
    match *piece {
        piece if is_digits(piece) => true,
        // A power of ten.
        "e" | "d" => {
            let sign = after.and_then(|at| pieces.get(at));
            let signed = sign.is_some_and(|sign| ["+", "-"].contains(sign));
            digits_at(before) && (digits_at(after) || signed)
        }
        // Years of Japanese emperors.
        "m" | "t" | "s" | "h" | "r" if at == 0 => numbers > 1,
        piece if AFTER_DIGITS.contains(&piece) => digits_at(before),
        piece if ANYWHERE.contains(&piece) => true,
        piece if piece.chars().count() == 1 && !piece.chars().all(char::is_alphabetic) => {
            SIGNS.contains(piece)
        }
        piece => piece.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(piece)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_names() {
        for value in [
            "5-0001",
            "3-9",
            "1E5",
            "１e5",
            "2.5E-3",
            "4.2",
            "0012",
            "1/2",
            "12:30",
            "5 pm",
            "5a",
            "2018-03",
            "2018年3月",
            "3月9日",
            "MAR-5",
            "JAN1",
            "DEC18",
            "Sept2018",
            "1-may-18",
            "TRUE",
            "false",
            "50%",
            "(5)",
            "¥5",
            "CNY5",
            "5元",
            "H30-1-1",
            "平成30",
            "#N/A",
            "5年",
            "1st",
        ] {
            assert!(reads_as_value(value), "{value}");
        }
        for name in [
            "",
            "MX5-0001",
            "JZ-0001",
            "SY-955E8270",
            "SY-12345678",
            "T101",
            "G01",
            "A01",
            "H00001",
            "P00001",
            "M001",
            "E5",
            "是",
            "三星村",
            "第1季度",
            "1号楼",
            "5-6组",
            "社会募资",
            "委员001",
            "暂无",
            "TRUE1",
            "X5",
            "MAT01",
            "5户",
        ] {
            assert!(!reads_as_value(name), "{name}");
        }
        for pattern in ["*", "甲?", "~", ">5", "=甲", "<>"] {
            assert!(reads_as_pattern(pattern), "{pattern}");
        }
        assert!(!reads_as_pattern("甲=乙"));
    }
}
