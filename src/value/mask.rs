//! Telephone and identity numbers are nobody's business but the sender's: in
//! what leadership and others see, their middle is hidden.

use std::borrow::Cow;

/// Fewest digits of a telephone or identity number: an area code of three, and seven.
const FEWEST: usize = 10;

/// A text with the middle of every telephone and identity number hidden,
/// however it is spelt.
pub fn masked(text: &str) -> Cow<'_, str> {
    // All wide digits begin with this byte, and many other wide signs. An X among the
    // digits counts as one.
    const WIDE: u8 = 0xEF;
    let may_be = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | &WIDE);
    match text.bytes().filter(may_be).count() {
        0..FEWEST => Cow::Borrowed(text),
        _ => Cow::Owned(hidden(text)),
    }
}

/// The same, wherever a number may stand.
fn hidden(text: &str) -> String {
    let signs: Vec<char> = text.chars().map(plain).collect();
    let mut hidden = vec![false; signs.len()];
    let (mut at, mut last) = (0, None);
    while at < signs.len() {
        let found = begins(&signs, at, last).then(|| number(&signs, at));
        let Some(found) = found.flatten() else {
            at += 1;
            continue;
        };
        hidden[at + found.head..at + found.length - found.tail].fill(true);
        at += found.length;
        last = Some(at);
    }
    let signs = text.chars().zip(hidden);
    signs
        .map(|(sign, hidden)| if hidden { '*' } else { sign })
        .collect()
}

/// A sign as it would be typed in English.
fn plain(sign: char) -> char {
    match sign {
        '０'..='９' | 'Ｘ' | 'ｘ' | '（' | '）' | '．' => {
            char::from_u32(sign as u32 - 0xFEE0).unwrap_or(sign)
        }
        '－' | '—' | '–' | '―' | '‐' | '‑' | '‒' | '−' => '-',
        '\u{3000}' | '\u{A0}' => ' ',
        other => other,
    }
}

/// Whether a number may begin here: not in the middle of a code or of a longer
/// number. `last` is where the last one that was hidden ends.
fn begins(signs: &[char], at: usize, last: Option<usize>) -> bool {
    let sign = signs.get(at).copied().unwrap_or_default();
    if sign == '(' {
        return signs.get(at + 1) == Some(&'0');
    }
    // Only from here on may one look back: letters do not, so that each word is gone
    // through once, for the digit behind it.
    if !sign.is_ascii_digit() {
        return false;
    }
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    match signs.get(before) {
        Some('-' | '.') if last != Some(before) => {
            let sign = before.checked_sub(1).and_then(|at| signs.get(at));
            !sign.is_some_and(char::is_ascii_alphanumeric)
        }
        // Tel13812345678 is a number behind a word, a13812345678 is a code.
        Some(sign) if sign.is_ascii_alphabetic() => {
            let word = signs[..at].iter().rev();
            let word = word.take_while(|sign| sign.is_ascii_alphabetic()).count();
            let sign = at.checked_sub(word + 1).and_then(|at| signs.get(at));
            word >= 2
                && !sign.is_some_and(|sign| sign.is_ascii_digit() || matches!(sign, '-' | '_'))
        }
        Some(sign) => !sign.is_ascii_digit() && *sign != '*',
        None => true,
    }
}

/// A number of a person, with how much of it stays at its beginning and end.
struct Number {
    length: usize,
    head: usize,
    tail: usize,
}

/// Groups of digits with single signs between them.
#[derive(Default)]
struct Groups {
    digits: String,
    /// Length of each group.
    lengths: Vec<usize>,
    /// What stands between them.
    between: Vec<char>,
    /// Where each group ends.
    ends: Vec<usize>,
}

/// The longest number of a person that begins here. Two with a blank between
/// them are two.
fn number(signs: &[char], at: usize) -> Option<Number> {
    let mut groups = groups(signs, at);
    while let Some(&end) = groups.ends.last() {
        if let Some((head, tail)) = groups.shown() {
            // So many digits, and what stands among them.
            let mut left = head;
            let from = signs[at..end].iter().take_while(|sign| {
                let taken = left > 0;
                left -= usize::from(taken && sign.is_ascii_digit());
                taken || **sign == ')'
            });
            return Some(Number {
                length: end - at,
                head: from.count(),
                tail,
            });
        }
        let last = groups.lengths.pop()?;
        groups.digits.truncate(groups.digits.len() - last);
        groups.between.pop();
        groups.ends.pop();
    }
    None
}

/// Most groups of digits in a number of a person.
const MOST_GROUPS: usize = 6;

fn groups(signs: &[char], at: usize) -> Groups {
    let mut groups = Groups::default();
    let is_digit = |at: usize| signs.get(at).is_some_and(char::is_ascii_digit);
    let in_brackets = signs.get(at) == Some(&'(');
    let mut at = at + usize::from(in_brackets);
    while is_digit(at) && groups.lengths.len() < MOST_GROUPS {
        let own = signs[at..].iter().take_while(|sign| sign.is_ascii_digit());
        let own: String = own.collect();
        let mut length = own.len();
        groups.digits.push_str(&own);
        if let Some(x @ ('x' | 'X')) = signs.get(at + length) {
            groups.digits.push(*x);
            length += 1;
        }
        if signs
            .get(at + length)
            .is_some_and(char::is_ascii_alphanumeric)
        {
            // Letters follow: it is a code.
            groups.digits.truncate(groups.digits.len() - length);
            groups.between.pop();
            break;
        }
        at += length;
        groups.lengths.push(length);
        groups.ends.push(at);
        if in_brackets && groups.lengths.len() == 1 {
            if signs.get(at) != Some(&')') {
                break;
            }
            at += 1;
            at += usize::from(matches!(signs.get(at), Some(' ' | '-')));
            groups.between.push('-');
            continue;
        }
        match signs.get(at) {
            Some(sign @ (' ' | '-' | '.')) if is_digit(at + 1) => groups.between.push(*sign),
            _ => break,
        }
        at += 1;
    }
    groups
        .between
        .truncate(groups.lengths.len().saturating_sub(1));
    groups
}

impl Groups {
    /// How many digits stay at the beginning and signs at the end, if it is a
    /// number of a person: a mobile or a fixed telephone, or an identity number.
    fn shown(&self) -> Option<(usize, usize)> {
        let digits = self.digits.as_str();
        let lengths = self.lengths.as_slice();
        if let Some(country) = ["0086", "86"].into_iter().find(|c| digits.starts_with(c)) {
            let first = lengths.first().copied().unwrap_or(0);
            let (rest, lengths) = if first == country.len() {
                (lengths.get(1..)?.to_vec(), self.between.get(1..))
            } else {
                let own = first.checked_sub(country.len())?;
                let rest = [&[own], lengths.get(1..)?].concat();
                (rest, Some(self.between.as_slice()))
            };
            let digits = digits.get(country.len()..)?;
            if is_mobile(digits, &rest, lengths.unwrap_or_default()) {
                return Some((country.len() + 3, 4));
            }
        }
        if is_mobile(digits, lengths, &self.between) {
            Some((3, 4))
        } else if is_fixed(digits, lengths, &self.between) {
            Some((4, 2))
        } else if is_identity(digits, lengths, &self.between) {
            Some((4, 4))
        } else {
            None
        }
    }
}

fn is_mobile(digits: &str, lengths: &[usize], between: &[char]) -> bool {
    let is_parted_well = match between.contains(&'.') {
        true => lengths == [3, 4, 4],
        // A day and a number are no telephone.
        false => lengths.len() == 1 || lengths.iter().all(|length| *length >= 3),
    };
    let second = digits.as_bytes().get(1).copied().unwrap_or_default();
    digits.len() == 11
        && digits.starts_with('1')
        && second >= b'3'
        && !digits.ends_with(['x', 'X'])
        && is_parted_well
}

/// An area code of three or four digits, and seven or eight.
fn is_fixed(digits: &str, lengths: &[usize], between: &[char]) -> bool {
    let own = |area: &usize| matches!(digits.len().saturating_sub(*area), 7 | 8);
    let is_parted_well = match (lengths, between.contains(&'.')) {
        ([_], _) => matches!(digits.len(), 11 | 12),
        ([area, _], true) => matches!(area, 3 | 4) && own(area),
        (_, true) => false,
        ([area, rest @ ..], false) => {
            matches!(area, 3 | 4) && own(area) && rest.iter().all(|length| *length >= 3)
        }
        ([], false) => false,
    };
    let mut signs = digits.chars();
    signs.next() == Some('0')
        && signs.next().is_some_and(|second| second != '0')
        && !digits.ends_with(['x', 'X'])
        && is_parted_well
}

/// The first two digits of identity numbers.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82",
];

fn is_identity(digits: &str, lengths: &[usize], between: &[char]) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let is_day = |month: usize| {
        number(month, month + 2).is_some_and(|month| (1..=12).contains(&month))
            && number(month + 2, month + 4).is_some_and(|day| (1..=31).contains(&day))
    };
    let is_parted_well = between.iter().all(|sign| *sign == ' ')
        || [&[6, 8, 4][..], &[6, 4, 4, 4], &[6, 6, 3]].contains(&lengths);
    let is_number = match digits.len() {
        18 => number(6, 10).is_some_and(|year| (1900..=2100).contains(&year)) && is_day(10),
        15 => {
            let province = digits.get(..2).unwrap_or_default();
            PROVINCES.contains(&province) && is_day(8) && !digits.ends_with(['x', 'X'])
        }
        _ => false,
    };
    is_parted_well && is_number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FEWEST, hidden, masked};

    proptest! {
        #[test]
        fn what_has_few_digits_has_no_number_to_hide(
            text in "((13|07|0|86|4309)[0-9xX０７ｘ]{1,3}[ .-]?[0-9xX]{2,4}[ .-]?[0-9]{3,4}|[0-9xX()（） .-]){1,4}",
        ) {
            let digits = text.chars().filter(|sign| sign.is_numeric() || "xXｘＸ".contains(*sign));
            if digits.count() < FEWEST {
                prop_assert_eq!(hidden(&text), text.as_str());
            }
            prop_assert_eq!(masked(&text), hidden(&text));
        }
    }

    #[test]
    fn numbers_of_persons_are_hidden_and_nothing_else() {
        for (text, wanted) in [
            ("电话13812345678", "电话138****5678"),
            ("138-1234-5678，张三", "138******5678，张三"),
            ("430923198001011234", "4309**********1234"),
            ("身份证43092319800101123X。", "身份证4309**********123X。"),
            ("0737-7222222", "0737******22"),
            ("13812345678 13912345678", "138****5678 139****5678"),
            ("13812345678-8001", "138****5678-8001"),
            ("0737-7222222-801", "0737******22-801"),
            ("07377222222", "0737*****22"),
            ("(0737)7222222", "(0737)*****22"),
            ("（0737） 7222222", "（0737）******22"),
            ("0737—7222222", "0737******22"),
            ("0737 722 2222", "0737*******22"),
            ("+8613812345678", "+86138****5678"),
            ("+86-138-1234-5678", "+86-138******5678"),
            ("8613812345678", "86138****5678"),
            ("Tel13812345678", "Tel138****5678"),
            ("138.1234.5678", "138******5678"),
            ("１３８１２３４５６７８", "１３８****５６７８"),
            ("０７３７－７２２２２２２", "０７３７******２２"),
            ("430923800101123", "4309*******1123"),
            ("430923 19800101 123X", "4309************123X"),
            ("430923-19800101-1234", "4309************1234"),
            ("138-1234-5678 139-1234-5678", "138******5678 139******5678"),
            ("0737-7222222 0737-7333333", "0737******22 0737******33"),
            ("13812345678-13912345678", "138****5678-139****5678"),
            ("13812345678、13912345678", "138****5678、139****5678"),
            ("捐2000.50 13812345678", "捐2000.50 138****5678"),
            // Whatever an X in it may mean.
            ("13x 123x 4567", "13x 1****4567"),
        ] {
            assert_eq!(masked(text), wanted);
        }
        for same in [
            "",
            "1234567.89",
            "20181231",
            "2018-12-31",
            "凭证号 201812310001",
            "430923198013011234",
            "11234567890",
            "a13812345678b",
            "213812345678",
            "YS-1A2B3C4D",
            "4309231980010112345",
            "户主901、35000 元",
            "1500000.00",
            "13812.50",
            "0.07377222222",
            "2018-03-09",
            "2018.03.09",
            "1998-03-09 123",
            "M001",
            "T101",
            "凭证号 2018-0309-0001",
            "201809120101001",
            "0012345678901",
            "12345 67890 12345",
            "1,380,000.00",
            // Found by fuzzing: a part of it was hidden, then another.
            "2320388-0-0321-73956-0-0321-73956",
        ] {
            assert_eq!(masked(same), same);
        }
    }
}
