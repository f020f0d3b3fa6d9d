//! Days as people type them.

use jiff::civil::Date;

use super::numeral::{digit, parse_numeral};
use super::reading::{Meaning, Reading, spaced, squeeze};

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDay {
    /// The calendar has no such day.
    NotInCalendar,
    /// Only year and month.
    MonthOnly,
    /// A year of two digits.
    ShortYear,
    /// No year, and the period does not decide it.
    NoYear,
    /// From one day to another, or several days.
    Range,
    /// Anything else.
    Words,
}

/// A day: `2018-3-9`, `2018/03/09`, `2018.3.9`, `2018年3月9日`, `20180309`,
/// `二〇一八年三月九日`, also with a time or a day of the week.
///
/// ```
/// # use kaohe::value::parse_date;
/// assert_eq!(parse_date("2018年3月9日"), parse_date("2018-03-09"));
/// assert!(parse_date("2018-2-30").is_err());
/// ```
///
/// # Errors
/// Why it is none.
pub fn parse_date(text: &str) -> Result<Date, NoDay> {
    let text = squeeze(&without_time(text));
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return day(&text[0..4], &text[4..6], &text[6..8]);
    }
    let bare = text.strip_suffix(['日', '号', '.']).unwrap_or(&text);
    let separators: &[char] = &['-', '/', '.', '年', '月', '、', ','];
    let parts: Vec<String> = bare.split(separators).map(plain_digits).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [y, m, d]
            if y.len() == 4
                && [y, m, d].iter().all(|p| digits(p))
                && m.len() < 3
                && d.len() < 3 =>
        {
            day(y, m, d)
        }
        [y, m, d] if y.len() == 2 && [y, m, d].iter().all(|p| digits(p)) => Err(NoDay::ShortYear),
        [y, m] | [y, m, ""] if y.len() == 4 && digits(y) && digits(m) => Err(NoDay::MonthOnly),
        [y] | [y, ""] if y.len() == 6 && digits(y) => Err(NoDay::MonthOnly),
        [m, d] if digits(m) && digits(d) && m.len() < 3 && d.len() < 3 => Err(NoDay::NoYear),
        several if several.len() > 3 && several.iter().filter(|p| digits(p)).count() > 3 => {
            Err(NoDay::Range)
        }
        _ if text.contains(['至', '到', '~', '—']) => Err(NoDay::Range),
        _ => Err(NoDay::Words),
    }
}

/// A day, also without its year (`3月9日`) where exactly one such day lies in
/// the period.
///
/// # Errors
/// Why it is none.
pub fn parse_date_within(text: &str, from: Date, to: Date) -> Result<Reading<Date>, NoDay> {
    let error = match parse_date(text) {
        Ok(date) => return Ok(Reading::plain(date)),
        Err(error) => error,
    };
    let text = squeeze(&without_time(text));
    let (NoDay::NoYear, Some((month, rest))) = (error, text.split_once('月')) else {
        return Err(error);
    };
    let (month, d) = (
        plain_digits(month),
        plain_digits(rest.trim_end_matches(['日', '号'])),
    );
    let mut days = (from.year()..=to.year())
        .filter_map(|year| day(&year.to_string(), &month, &d).ok())
        .filter(|date| (from..=to).contains(date));
    match (days.next(), days.next()) {
        (Some(date), None) => Ok(Reading::of(date, Meaning::YearAssumed)),
        (None, _) if day("2016", &month, &d).is_err() => Err(NoDay::NotInCalendar),
        _ => Err(NoDay::NoYear),
    }
}

fn day(year: &str, month: &str, day: &str) -> Result<Date, NoDay> {
    let parsed = (year.parse(), month.parse(), day.parse());
    let (Ok(year), Ok(month), Ok(day)) = parsed else {
        return Err(NoDay::NotInCalendar);
    };
    Date::new(year, month, day).map_err(|_| NoDay::NotInCalendar)
}

/// A part of a date in plain digits: 二〇一八 is 2018, 十二 is 12.
fn plain_digits(part: impl AsRef<str>) -> String {
    let part = part.as_ref();
    let digits: Option<String> = part
        .chars()
        .map(|c| digit(c).and_then(|d| char::from_digit(d, 10)))
        .collect();
    match (digits, parse_numeral(part)) {
        (_, Some(number)) if !part.is_empty() => number.to_string(),
        (Some(digits), _) if !part.is_empty() => digits,
        _ => part.to_owned(),
    }
}

/// The text before a time of day, and without the day of the week.
fn without_time(text: &str) -> String {
    let text = spaced(text);
    let mut text = text.as_str();
    for week in ["\u{28}星期", "星期", "\u{28}周", "周"] {
        if let Some(at) = text.find(week) {
            let rest = &text[at + week.len()..];
            let mut chars = rest.chars();
            let is_day = chars
                .next()
                .is_some_and(|c| "一二三四五六日天末".contains(c));
            if is_day && matches!(chars.as_str().trim_end(), "" | ")") {
                text = &text[..at];
            }
        }
    }
    let cut = text
        .char_indices()
        .find(|(at, c)| (*c == ' ' || *c == 'T') && is_time(&text[at + 1..]));
    match cut {
        Some((at, _)) => text[..at].to_owned(),
        None => text.trim_end().to_owned(),
    }
}

/// Whether a text is a time of day such as 14:30, 14:30:00.5 or 0:00.
fn is_time(text: &str) -> bool {
    let text = text.trim().trim_end_matches('Z');
    let mut parts = text.split(':');
    let number = |part: Option<&str>| {
        part.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    number(parts.next()) && number(parts.next()) && parts.all(|part| number(Some(part)))
}
