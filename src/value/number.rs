//! Plain numbers, whole numbers with their unit of measure, and shares.

use rust_decimal::Decimal;

use super::numeral::parse_numeral;
use super::reading::{Meaning, Reading, squeeze};

/// A plain decimal number with optional thousands separators.
pub(super) fn plain_number(text: &str) -> Option<Decimal> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let whole = ungrouped(whole)?;
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{sign}{whole}.{fraction}").parse().ok()
}

/// Digits without separators; `None` if a group is not of three digits.
fn ungrouped(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(',').collect();
    let digits_only = groups
        .iter()
        .all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
    let grouped_well = groups.len() == 1
        || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (digits_only && grouped_well).then(|| groups.concat())
}

/// A number, possibly with the unit of measure that the form shows, or in
/// Chinese numerals.
pub fn parse_whole(text: &str, measure: &str) -> Option<Reading<Decimal>> {
    let text = squeeze(text);
    let bare = if measure.is_empty() {
        text.as_str()
    } else {
        text.strip_suffix(&squeeze(measure)).unwrap_or(&text)
    };
    match plain_number(bare) {
        Some(number) => Some(Reading::plain(number)),
        None => Some(Reading::of(parse_numeral(bare)?, Meaning::Numeral)),
    }
}

/// A share: `98.5%` is 0.985. A bare number up to 1 is the share itself; one
/// over 1 and up to 100 can only be meant as a percentage, and is taken so.
pub fn parse_percent(text: &str) -> Option<Reading<Decimal>> {
    let text = squeeze(text);
    let hundred = Decimal::ONE_HUNDRED;
    if let Some(number) = text.strip_suffix('%') {
        return plain_number(number).map(|n| Reading::plain(n / hundred));
    }
    if let Some(numeral) = text.strip_prefix("百分之") {
        let number = if numeral == "百" || numeral == "一百" {
            hundred
        } else {
            parse_numeral(numeral)?
        };
        return Some(Reading::of(number / hundred, Meaning::Numeral));
    }
    let number = plain_number(&text)?;
    Some(if number > Decimal::ONE && number <= hundred {
        Reading::of(number / hundred, Meaning::Spelling)
    } else {
        Reading::plain(number)
    })
}
