//! Values as they are after reading: text, exact numbers, days.

mod amount;
mod day;
pub(crate) mod exact;
mod letters;
mod mask;
mod misread;
mod number;
mod numeral;
mod plain;
mod reading;
mod unseen;

pub(crate) use amount::is_scientific;
pub use amount::{NoAmount, parse_money};
pub use day::{NoDay, parse_date, parse_date_within};
pub(crate) use letters::{Letter, alike, is_unreadable, sounds, without_radicals};
pub use mask::masked;
pub use misread::{reads_as_pattern, reads_as_value};
pub use number::{parse_percent, parse_whole};
pub use reading::{Meaning, Reading, is_blank, spaced, squeeze, squeezed, tidy};

use ecow::EcoString;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// A decoded value. Money is in 元, a percentage is a share (1 is 100%),
/// 是/否, choices and names are text in their standard form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Text, also choices, 是/否 and names.
    Text(EcoString),
    /// A number.
    Number(#[serde(with = "exact")] Decimal),
    /// A day.
    Date(Date),
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub fn date(&self) -> Option<Date> {
        match self {
            Value::Date(d) => Some(*d),
            _ => None,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(t) => f.write_str(t),
            Value::Number(n) => write!(f, "{}", n.normalize()),
            Value::Date(d) => write!(f, "{d}"),
        }
    }
}

/// Rounds half away from zero, as Excel's ROUND does.
pub fn round(number: Decimal, decimals: u32) -> Decimal {
    number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// An amount for programs, to the fen and without groups: `1234567.80`.
pub fn plain_money(amount: Decimal) -> String {
    format!("{:.2}", round(amount, 2))
}

/// An amount as officials write it: `1,234,567.80`.
///
/// ```
/// use kaohe::value::money;
/// assert_eq!(money("1234567.8".parse().unwrap()), "1,234,567.80");
/// assert_eq!(money("-12".parse().unwrap()), "-12.00");
/// ```
pub fn money(amount: Decimal) -> String {
    let plain = plain_money(amount);
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.as_str()),
    };
    let (whole, fen) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{fen}")
}
