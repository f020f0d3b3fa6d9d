//! Reading what people type: amounts, shares, whole numbers and days. Exact,
//! and it says whether the meaning had to be interpreted.

use jiff::civil::Date;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

/// How the value follows from what was typed. Everything but `Plain` leaves a
/// finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It was typed plainly.
    Plain,
    /// An amount was typed with 万 and multiplied.
    Scaled,
    /// It was typed in Chinese numerals.
    Numeral,
    /// A day was typed without its year.
    YearAssumed,
    /// Another spelling: 98 for 98%, a serial number for a day, √ for 是, an
    /// alias for a name.
    Spelling,
    /// A long number that a spreadsheet may have rounded.
    Damaged,
}

/// A value read from text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The value.
    pub value: T,
    /// How it follows from what was typed.
    pub meaning: Meaning,
}

impl<T> Reading<T> {
    fn plain(value: T) -> Self {
        Reading {
            value,
            meaning: Meaning::Plain,
        }
    }
}

/// Text in its compatible form (full-width digits and letters become plain
/// ones), without blanks and invisible characters.
///
/// ```
/// assert_eq!(kaohe::value::squeeze(" 5 0\u{200B}0元 "), "500元");
/// ```
pub fn squeeze(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c))
        .collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{202A}'..='\u{202E}')
}

/// A plain decimal number with optional thousands separators.
fn plain_number(text: &str) -> Option<Decimal> {
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

/// An amount in 元: `50000`, `50,000.00`, `¥50000`, `50000元`, and, as an
/// interpretation, `5万` or `5.5万元`.
///
/// ```
/// # use kaohe::value::parse_money;
/// let five = parse_money("5.5万元").unwrap();
/// assert_eq!(five.value.to_string(), "55000.0");
/// assert_eq!(five.meaning, kaohe::value::Meaning::Scaled);
/// assert!(parse_money("5-6万").is_none());
/// ```
pub fn parse_money(text: &str) -> Option<Reading<Decimal>> {
    let text = squeeze(text);
    let text = text.trim_start_matches('¥');
    let text = text.strip_suffix('元').unwrap_or(text);
    match text.strip_suffix('万') {
        Some(number) => Some(Reading {
            value: plain_number(number)?.checked_mul(Decimal::from(10_000))?,
            meaning: Meaning::Scaled,
        }),
        None => plain_number(text).map(Reading::plain),
    }
}

/// A share: `98.5%` is 0.985. A bare number up to 1 is the share itself; one
/// over 1 and up to 100 can only be meant as a percentage, and is taken so.
pub fn parse_percent(text: &str) -> Option<Reading<Decimal>> {
    let text = squeeze(text);
    let hundred = Decimal::ONE_HUNDRED;
    match text.strip_suffix('%') {
        Some(number) => plain_number(number).map(|n| Reading::plain(n / hundred)),
        None => {
            let number = plain_number(&text)?;
            let interpreted = number > Decimal::ONE && number <= hundred;
            let value = if interpreted {
                number / hundred
            } else {
                number
            };
            let meaning = if interpreted {
                Meaning::Spelling
            } else {
                Meaning::Plain
            };
            Some(Reading { value, meaning })
        }
    }
}

/// A number, possibly with the unit of measure that the form shows.
pub fn parse_whole(text: &str, measure: &str) -> Option<Reading<Decimal>> {
    let text = squeeze(text);
    let bare = if measure.is_empty() {
        text.as_str()
    } else {
        text.strip_suffix(measure).unwrap_or(&text)
    };
    plain_number(bare).map(Reading::plain)
}

/// A day: `2018-3-9`, `2018/03/09`, `2018.3.9`, `2018年3月9日`, `20180309`.
///
/// ```
/// # use kaohe::value::parse_date;
/// assert_eq!(parse_date("2018年3月9日"), parse_date("2018-03-09"));
/// assert!(parse_date("2018-2-30").is_none());
/// ```
pub fn parse_date(text: &str) -> Option<Date> {
    let text = squeeze(text);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return day(&text[0..4], &text[4..6], &text[6..8]);
    }
    let text = text.strip_suffix(['日', '号']).unwrap_or(&text);
    let separators: &[char] = &['-', '/', '.', '年', '月'];
    let parts: Vec<&str> = text.split(separators).collect();
    match parts.as_slice() {
        [year, month, day_of_month] if year.len() == 4 => day(year, month, day_of_month),
        _ => None,
    }
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
