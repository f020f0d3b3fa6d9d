//! What a cell says, by the kind of its field.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::fault::Fault;
use super::page::Context;
use super::phone::dialled;
use super::shown::{NO_RESULT, as_text, is_error_text};
use super::words::{Names, choose, name, nearest, yes_no};
use crate::policy::{Field, Kind};
use crate::sheet::{Found, PICTURE, is_quoted};
use crate::value::{
    Meaning, NoAmount, NoDay, Reading, Value, is_scientific, parse_date, parse_date_within,
    parse_money, parse_percent, parse_whole, squeeze, tidy,
};

/// No number of any form may be larger: sums stay exact in a spreadsheet, which
/// keeps 15 digits.
const MOST: i64 = 1_000_000_000_000;
/// Longest text of a field, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// Years that a day may fall in; spreadsheets know none before 1900.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2099;

/// The value of a cell, and whether it had to be interpreted.
///
/// # Errors
/// A [`Fault`] where the cell has no value of the field's kind.
pub fn decode(
    field: &Field,
    found: &Found,
    context: &Context<'_>,
) -> Result<Reading<Value>, Fault> {
    let (policy, names) = (context.policy, context.names);
    // In a returned workbook an error stands as a text.
    if let Found::Error(error) | Found::Text(error) = found {
        let is_error = matches!(found, Found::Error(_)) || is_error_text(error);
        if error.trim() == NO_RESULT {
            return Err(Fault::NoResult);
        }
        if error.trim() == PICTURE {
            return Err(Fault::Picture);
        }
        if is_error {
            return Err(Fault::ErrorCell);
        }
    }
    if let Found::Text(text) = found
        && text.chars().count() > LONGEST_TEXT
    {
        return Err(Fault::TooLong);
    }
    if let Found::Text(text) = found
        && field.kind != Kind::Text
        && is_quoted(text)
    {
        return Err(Fault::NotPlain);
    }
    match &field.kind {
        Kind::Text => Ok(text_value(found)),
        Kind::Phone => phone(found),
        Kind::Code => code(found),
        Kind::Money => {
            let reading = match found {
                Found::Number(number) => Reading::plain(number.normalize()),
                Found::Text(text) => parse_money(text).map_err(Fault::Money)?,
                _ => return Err(Fault::Money(NoAmount::Words)),
            };
            if reading.value != reading.value.round_dp(2) {
                return Err(Fault::TooManyDecimals);
            }
            bounded(field, reading)
        }
        Kind::Percent => {
            let mut reading = number(found, parse_percent)?;
            // A text without a sign: 1 may be meant as 1% as well as 100%.
            if let Found::Text(text) = found
                && reading.meaning == Meaning::Plain
                && !reading.value.is_zero()
                && !squeeze(text).ends_with('%')
            {
                reading.meaning = Meaning::Spelling;
            }
            bounded(field, reading)
        }
        Kind::Number => {
            let parse = |text: &str| parse_whole(text, &field.measure);
            bounded(field, number(found, parse)?)
        }
        Kind::Integer => {
            let parse = |text: &str| parse_whole(text, &field.measure);
            let reading = number(found, parse)?;
            if !reading.value.is_integer() {
                return Err(Fault::Fraction);
            }
            bounded(field, reading)
        }
        Kind::Date => date(field, found, context),
        Kind::Choice(id) => {
            let choice = policy.choices.get(id).ok_or(Fault::Choice(None))?;
            let aliases = choice
                .aliases
                .iter()
                .map(|(from, to)| (from.as_str(), to.as_str()));
            let items = || choice.items.iter().map(String::as_str);
            choose(found, items(), aliases).ok_or_else(|| Fault::Choice(nearest(found, items())))
        }
        Kind::UnitKind => {
            let kinds = || policy.unit_kinds.values().map(|kind| kind.name.as_str());
            choose(found, kinds(), std::iter::empty())
                .ok_or_else(|| Fault::Choice(nearest(found, kinds())))
        }
        Kind::YesNo => yes_no(found),
        Kind::Member => name(found, names.map(|n| |s: &str| n.member(s)), field.open),
        Kind::Village => {
            let read = name(found, names.map(|n| |s: &str| n.village(s)), field.open)?;
            Ok(unlisted(as_listed(found, read), names))
        }
        Kind::Unit => name(found, names.map(|n| |s: &str| n.unit(s)), false),
    }
}

/// A village outside the roster is taken as typed, and that is said.
fn unlisted(read: Reading<Value>, names: Option<&dyn Names>) -> Reading<Value> {
    let known = |names: &dyn Names| names.village(&read.value.to_string()).is_known();
    match (read.meaning, names) {
        (Meaning::Plain, Some(names)) if !known(names) => {
            Reading::of(read.value, Meaning::Unlisted)
        }
        _ => read,
    }
}

/// A village with its township behind it is written as the lists have it.
fn as_listed(found: &Found, mut read: Reading<Value>) -> Reading<Value> {
    let typed = squeeze(&as_text(found));
    let rest = match (&read.value, read.meaning) {
        (Value::Text(name), Meaning::Spelling) => typed.strip_prefix(&squeeze(name)),
        _ => None,
    };
    if rest.is_some_and(|rest| rest.starts_with('(') && rest.ends_with(')')) {
        read.meaning = Meaning::Plain;
    }
    read
}

fn number(
    found: &Found,
    parse: impl Fn(&str) -> Result<Reading<Decimal>, NoAmount>,
) -> Result<Reading<Decimal>, Fault> {
    let read = match found {
        Found::Number(number) => parse(&number.normalize().to_string()),
        Found::Text(text) => parse(text),
        _ => Err(NoAmount::Words),
    };
    read.map_err(Fault::Number)
}

fn bounded(field: &Field, reading: Reading<Decimal>) -> Result<Reading<Value>, Fault> {
    let value = reading.value;
    if value.abs() > Decimal::from(MOST) {
        return Err(Fault::Bounds);
    }
    let too_small = field.min.is_some_and(|min| value < min)
        || field.more_than.is_some_and(|least| value <= least);
    if too_small || field.max.is_some_and(|max| value > max) {
        return Err(Fault::Bounds);
    }
    Ok(Reading {
        value: Value::Number(value.normalize()),
        meaning: reading.meaning,
    })
}

fn date(field: &Field, found: &Found, context: &Context<'_>) -> Result<Reading<Value>, Fault> {
    let pack = &context.policy.pack;
    let reading = match found {
        Found::Date(date, _) => Reading::plain(*date),
        // Where any year will do, none can be supposed.
        Found::Text(text) if field.any_year => {
            Reading::plain(parse_date(text).map_err(Fault::Date)?)
        }
        Found::Text(text) => {
            parse_date_within(text, pack.period_from, pack.period_to).map_err(Fault::Date)?
        }
        Found::Number(number) => from_number(*number, context.days_of_1904).map_err(Fault::Date)?,
        _ => return Err(Fault::Date(NoDay::Words)),
    };
    let day = reading.value;
    let number = match found {
        Found::Date(day, time) => number_of(*day, *time, context.days_of_1904),
        _ if YEARS.contains(&day.year()) => None,
        _ => return Err(Fault::Date(NoDay::NotInCalendar)),
    };
    let (first, last) = field.possible_days(pack);
    if !(first..=last).contains(&day) {
        return Err(Fault::FarDay { day, number });
    }
    Ok(Reading::of(Value::Date(reading.value), reading.meaning))
}

/// Numbers from which on, and from which down, that of a day may be one that was
/// typed itself: 3.9 and 2018 are days before 1927, 180309 is one of 2393.
const TYPED_BELOW: i64 = 10_000;
const TYPED_FROM: i64 = 100_000;

/// The number of a day to a spreadsheet, where somebody may have typed it.
fn number_of(day: Date, time: u32, days_of_1904: bool) -> Option<Decimal> {
    /// Seconds of a day.
    const SECONDS: i64 = 86_400;
    // Excel counts a 29th of February 1900 that never was.
    let epoch = match (days_of_1904, day < Date::constant(1900, 3, 1)) {
        (true, _) => Date::constant(1904, 1, 1),
        (false, true) => Date::constant(1899, 12, 31),
        (false, false) => Date::constant(1899, 12, 30),
    };
    let days = i64::from(epoch.until(day).ok()?.get_days());
    if (TYPED_BELOW..TYPED_FROM).contains(&days) {
        return None;
    }
    let part = Decimal::from(time) / Decimal::from(SECONDS);
    Some((Decimal::from(days) + part.round_dp(4)).normalize())
}

/// A day typed as 20180309, or the serial number of a day whose cell lost its
/// date format (years 1990 to 2099 only).
fn from_number(number: Decimal, days_of_1904: bool) -> Result<Reading<Date>, NoDay> {
    let typed = parse_date(&number.normalize().to_string());
    if let Ok(date) = typed {
        return Ok(Reading::plain(date));
    }
    let serial = || {
        let epoch = if days_of_1904 {
            Date::new(1904, 1, 1).ok()?
        } else {
            Date::new(1899, 12, 30).ok()?
        };
        let days: i32 = number.trunc().try_into().ok()?;
        let days = jiff::Span::new().try_days(days).ok()?;
        let date = epoch.checked_add(days).ok()?;
        (1990..=2099).contains(&date.year()).then_some(date)
    };
    match serial() {
        Some(date) => Ok(Reading::of(date, Meaning::Spelling)),
        None => Err(typed.err().unwrap_or(NoDay::Words)),
    }
}

/// Numbers of so many digits and more are rounded by spreadsheets.
const LONG_DIGITS: usize = 16;

/// Digits of an identity number.
const IDENTITY_DIGITS: usize = 18;

/// A text; a long number in its place has lost its last digits.
fn text_value(found: &Found) -> Reading<Value> {
    let text = tidy(&as_text(found));
    let rounded = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        digits >= LONG_DIGITS && digits == text.len()
    };
    // An identity number that was a number on its way, before it became text again.
    let zeroed = |text: &str| {
        let text = squeeze(text);
        text.len() == IDENTITY_DIGITS && text.ends_with("000") && rounded(&text)
    };
    if matches!(found, Found::Date(..)) {
        return Reading::of(Value::Text(text.into()), Meaning::DayInText);
    }
    let damaged = match found {
        Found::Number(_) => rounded(&text),
        Found::Text(_) => is_scientific(&text) || zeroed(&text),
        _ => false,
    };
    let meaning = if damaged {
        Meaning::Damaged
    } else {
        Meaning::Plain
    };
    Reading::of(Value::Text(text.into()), meaning)
}

fn phone(found: &Found) -> Result<Reading<Value>, Fault> {
    if matches!(found, Found::Date(..)) {
        return Err(Fault::Phone);
    }
    let typed = as_text(found);
    if is_scientific(&squeeze(&typed)) {
        return Err(Fault::PhoneLost);
    }
    let Reading { value, meaning } = dialled(&typed).ok_or(Fault::Phone)?;
    Ok(Reading::of(Value::Text(value.into()), meaning))
}

fn code(found: &Found) -> Result<Reading<Value>, Fault> {
    let typed = squeeze(&as_text(found));
    let well_made = typed.starts_with(|c: char| c.is_ascii_alphabetic())
        && typed.chars().all(|c| c.is_ascii_alphanumeric())
        // At least one digit, so that a code is never the word TRUE in a formula.
        && typed.bytes().any(|b| b.is_ascii_digit())
        && typed.len() <= 20;
    if well_made {
        Ok(Reading::plain(Value::Text(typed.to_uppercase().into())))
    } else {
        Err(Fault::Code)
    }
}
