//! Plain numbers, whole numbers with their unit of measure, and shares.

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::amount::{NoAmount, why_not};
use super::numeral::{digit, parse_numeral};
use super::plain::plain_number;
use super::reading::{Joined, Meaning, Reading, joined};

/// Other words with which people count what a form counts.
const COUNTERS: [(&str, &[&str]); 4] = [
    ("人", &["名", "位", "口"]),
    ("户", &["家"]),
    ("次", &["回", "场"]),
    ("个", &["处", "家"]),
];

/// A number, possibly with the unit of measure that the form shows or another
/// word for it, or in Chinese numerals. 个 counts whatever the form counts.
///
/// # Errors
/// Why it is none.
pub fn parse_whole(text: &str, measure: &str) -> Result<Reading<Decimal>, NoAmount> {
    let Joined { text, thousands } = joined(text).ok_or(NoAmount::Several)?;
    let own = without_measure(&text, measure);
    let words = COUNTERS.iter().filter(|(counted, _)| *counted == measure);
    let mut words = words.flat_map(|(_, words)| *words).chain([&"个"]);
    let counted = match own {
        None => words.find_map(|word| text.strip_suffix(word)),
        Some(_) => None,
    };
    let bare = own.or(counted).unwrap_or(&text);
    let otherwise = thousands || own.or(counted).is_some();
    match plain_number(bare) {
        Some(number) if otherwise => Ok(Reading::of(number, Meaning::Spelling)),
        Some(number) => Ok(Reading::plain(number)),
        None => parse_numeral(bare)
            .map(|number| Reading::of(number, Meaning::Numeral))
            .ok_or_else(|| why_not(&text)),
    }
}

/// What stands before the unit of measure, which may be typed in any of its
/// compatible forms: ㎡ or m².
fn without_measure<'t>(text: &'t str, measure: &str) -> Option<&'t str> {
    let wanted: String = measure.nfkc().filter(|c| !c.is_whitespace()).collect();
    if wanted.is_empty() {
        return None;
    }
    // One sign may stand for several, never several for more than twice as many.
    let most = 2 * wanted.chars().count();
    let mut places = text.char_indices().map(|(at, _)| at).rev().take(most);
    let at = places.find(|at| text[*at..].nfkc().eq(wanted.chars()))?;
    Some(&text[..at])
}

/// A share: `98.5%` is 0.985. A bare number up to 1 is the share itself; one
/// over 1 and up to 100 can only be meant as a percentage, and is taken so.
///
/// # Errors
/// Why it is none.
pub fn parse_percent(text: &str) -> Result<Reading<Decimal>, NoAmount> {
    let Joined { text, .. } = joined(text).ok_or(NoAmount::Several)?;
    let hundred = Decimal::ONE_HUNDRED;
    let read = if let Some(number) = text.strip_suffix('%') {
        plain_number(number).map(|n| Reading::plain(n / hundred))
    } else if let Some(share) = text.strip_prefix("百分之") {
        of_hundred(share).map(|n| Reading::of(n / hundred, Meaning::Numeral))
    } else {
        plain_number(&text).map(|number| {
            if number > Decimal::ONE && number <= hundred {
                Reading::of(number / hundred, Meaning::Spelling)
            } else {
                Reading::plain(number)
            }
        })
    };
    read.ok_or_else(|| why_not(&text))
}

/// What follows 百分之: a numeral, perhaps with 点, or digits.
fn of_hundred(text: &str) -> Option<Decimal> {
    if matches!(text, "百" | "一百") {
        return Some(Decimal::ONE_HUNDRED);
    }
    if let Some(number) = plain_number(text).or_else(|| parse_numeral(text)) {
        return Some(number);
    }
    let (whole, fraction) = text.split_once('点')?;
    let fraction: String = fraction
        .chars()
        .map(|c| char::from_digit(digit(c)?, 10))
        .collect::<Option<_>>()?;
    plain_number(&format!("{}.{fraction}", parse_numeral(whole)?))
}
