//! Telephone numbers as people write them: one or several, in groups, with an
//! extension. One with a digit too many or too few reaches nobody.

use crate::value::{Meaning, Reading, squeeze};

/// Most characters of what is written as telephone numbers.
const LONGEST: usize = 60;
/// Most digits of an extension, or of what differs in a second number: 7222222/3.
const EXTENSION: usize = 5;

/// A text as one or several telephone numbers, without blanks, if that is what it is.
pub(super) fn dialled(text: &str) -> Option<Reading<String>> {
    // Blanks stand within a number or between two.
    let whole = squeeze(text);
    let apart: Vec<String> = text.split_whitespace().map(squeeze).collect();
    let mut ways = [whole, apart.join("、")].into_iter();
    ways.find_map(|way| {
        let meaning = numbers(&way).filter(|_| way.chars().count() <= LONGEST)?;
        Some(Reading::of(way, meaning))
    })
}

fn numbers(text: &str) -> Option<Meaning> {
    let mut pieces = text
        .split(['、', ',', ';', '/'])
        .filter(|piece| !piece.is_empty());
    let mut taken = number(pieces.next()?)?;
    for piece in pieces {
        let is_rest = piece.len() <= EXTENSION && piece.bytes().all(|b| b.is_ascii_digit());
        match number(piece) {
            Some(Meaning::Plain) => {}
            Some(other) => taken = other,
            None if is_rest => {}
            None => return None,
        }
    }
    Some(taken)
}

/// One number, perhaps with an extension.
fn number(text: &str) -> Option<Meaning> {
    let home = text.strip_prefix("+86").or(text.strip_prefix("0086"));
    let groups = home.unwrap_or(text).split(['-', '(', ')', '转']);
    let groups: Vec<&str> = groups.filter(|group| !group.is_empty()).collect();
    let (last, before) = groups.split_last()?;
    let whole = match digits(&groups.concat()) {
        // Behind the code of the country no area code has its zero.
        Some(Meaning::Damaged) if home.is_some() => Some(Meaning::Plain),
        whole => whole,
    };
    match whole {
        Some(Meaning::Plain) => whole,
        _ if last.len() <= EXTENSION => digits(&before.concat()).or(whole),
        _ => whole,
    }
}

/// What so many digits are: a mobile telephone, one with or without its area code. One
/// that begins with the area code but for its zero was a number to a spreadsheet.
fn digits(text: &str) -> Option<Meaning> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let starts = |with: &str| text.starts_with(|c| with.contains(c));
    let second = text.get(1..).unwrap_or_default();
    match text.len() {
        7 | 8 if !starts("01") => Some(Meaning::Plain),
        10 if text.starts_with("400") || text.starts_with("800") => Some(Meaning::Plain),
        11 if starts("1") && second.starts_with(|c| ('3'..='9').contains(&c)) => {
            Some(Meaning::Plain)
        }
        11 if starts("0") => Some(Meaning::Plain),
        // Area codes of three digits begin with 01 and 02, and have numbers of eight.
        12 if starts("0") && !second.starts_with(['1', '2']) => Some(Meaning::Plain),
        10 | 11 if !starts("01") => Some(Meaning::Damaged),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_reach_somebody_and_numbers_that_do_not() {
        for fine in [
            "13907371234",
            "139 0737 1234",
            "139-0737-1234",
            "+86 13907371234",
            "+86-0737-7222222",
            "+86-737-7222222",
            "0737-7222222",
            "0737 7222222",
            "（0737）7222222",
            "0731-88881234",
            "010-88881234",
            "7222222",
            "0737-7222222转801",
            "0737-7222222-8012",
            "7222222（801）",
            "7222222/3",
            "13907371234、0737-7222222",
            "13907371234 13907371235",
            "0737-7222222，7222223",
            "400-810-1234",
        ] {
            let read = dialled(fine).map(|read| read.meaning);
            assert_eq!(read, Some(Meaning::Plain), "{fine}");
        }
        for lost in ["7377222222", "737-7222222", "73188881234"] {
            let read = dialled(lost).map(|read| read.meaning);
            assert_eq!(read, Some(Meaning::Damaged), "{lost}");
        }
        let two = dialled("13907371234 13907371235").map(|read| read.value);
        assert_eq!(two.as_deref(), Some("13907371234、13907371235"));
        for wrong in [
            "1390737123",
            "139073712345",
            "0737-722222",
            "0737-722222222",
            "010-888812345",
            "12345678901",
            "722222",
            "13907371234、1390737123",
            "139073712345 13907371234",
            "",
            "无",
            "138-0737",
            "电话13907371234",
        ] {
            assert_eq!(dialled(wrong), None, "{wrong}");
        }
    }
}
