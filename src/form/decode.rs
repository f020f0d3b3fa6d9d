//! What a cell says, by the kind of its field.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::read::Context;
use crate::policy::{Field, Kind};
use crate::sheet::Found;
use crate::value::{
    Meaning, Reading, Value, parse_date, parse_money, parse_percent, parse_whole, squeeze,
};

/// Who can say which names there are. The roster does; when the roster itself
/// is read, nobody can, and names are taken as typed.
pub trait Names {
    /// The standard name of a person.
    fn member(&self, name: &str) -> Option<String>;
    /// The standard name of a village.
    fn village(&self, name: &str) -> Option<String>;
    /// The standard name of a unit.
    fn unit(&self, name: &str) -> Option<String>;
}

/// No number of any form may be larger: sums stay exact in a spreadsheet, which
/// keeps 15 digits.
const MOST: i64 = 1_000_000_000_000;
/// Longest text of a field, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// Years that a day may fall in; spreadsheets know none before 1900.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2099;

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not an amount.
    Money,
    /// More than two decimals.
    TooManyDecimals,
    /// Not a number, or not a whole one.
    Number,
    /// Out of the field's bounds.
    Bounds,
    /// Not a day.
    Date,
    /// Not among the choices.
    Choice,
    /// Neither 是 nor 否.
    YesNo,
    /// Not in the roster.
    Name,
    /// Not a code.
    Code,
    /// An error value such as `#REF!`.
    ErrorCell,
    /// Not a telephone number.
    Phone,
    /// Longer than [`LONGEST_TEXT`].
    TooLong,
}

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
    if let Found::Error(_) = found {
        return Err(Fault::ErrorCell);
    }
    if let Found::Text(text) = found
        && text.chars().count() > LONGEST_TEXT
    {
        return Err(Fault::TooLong);
    }
    match &field.kind {
        Kind::Text => Ok(exact(Value::Text(tidy(&as_text(found))))),
        Kind::Phone => phone(found),
        Kind::Code => code(found),
        Kind::Money => {
            let reading = number(found, parse_money, Fault::Money)?;
            if reading.value != reading.value.round_dp(2) {
                return Err(Fault::TooManyDecimals);
            }
            bounded(field, reading)
        }
        Kind::Percent => bounded(field, number(found, parse_percent, Fault::Number)?),
        Kind::Number => {
            let parse = |text: &str| parse_whole(text, &field.measure);
            bounded(field, number(found, parse, Fault::Number)?)
        }
        Kind::Integer => {
            let parse = |text: &str| parse_whole(text, &field.measure);
            let reading = number(found, parse, Fault::Number)?;
            if !reading.value.is_integer() {
                return Err(Fault::Number);
            }
            bounded(field, reading)
        }
        Kind::Date => date(found),
        Kind::Choice(id) => {
            let choice = policy.choices.get(id).ok_or(Fault::Choice)?;
            let aliases = choice
                .aliases
                .iter()
                .map(|(from, to)| (from.as_str(), to.as_str()));
            choose(found, choice.items.iter().map(String::as_str), aliases).ok_or(Fault::Choice)
        }
        Kind::UnitKind => {
            let kinds = policy.unit_kinds.values().map(|kind| kind.name.as_str());
            choose(found, kinds, std::iter::empty()).ok_or(Fault::Choice)
        }
        Kind::YesNo => yes_no(found),
        Kind::Member => name(found, names.map(|n| |s: &str| n.member(s)), field.open),
        Kind::Village => name(found, names.map(|n| |s: &str| n.village(s)), false),
        Kind::Unit => name(found, names.map(|n| |s: &str| n.unit(s)), false),
    }
}

fn exact(value: Value) -> Reading<Value> {
    Reading {
        value,
        meaning: Meaning::Plain,
    }
}

/// Text as typed, with outer blanks removed.
fn tidy(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}')
        .to_owned()
}

fn as_text(found: &Found) -> String {
    match found {
        Found::Text(text) | Found::Error(text) => text.clone(),
        Found::Number(number) => number.normalize().to_string(),
        Found::Date(date, _) => date.to_string(),
        Found::Bool(true) => "是".to_owned(),
        Found::Bool(false) => "否".to_owned(),
    }
}

fn number(
    found: &Found,
    parse: impl Fn(&str) -> Option<Reading<Decimal>>,
    fault: Fault,
) -> Result<Reading<Decimal>, Fault> {
    match found {
        Found::Number(number) => parse(&number.normalize().to_string()).ok_or(fault),
        Found::Text(text) => parse(text).ok_or(fault),
        _ => Err(fault),
    }
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

fn date(found: &Found) -> Result<Reading<Value>, Fault> {
    let reading = any_date(found)?;
    match reading.value.date() {
        Some(date) if YEARS.contains(&date.year()) => Ok(reading),
        _ => Err(Fault::Date),
    }
}

fn any_date(found: &Found) -> Result<Reading<Value>, Fault> {
    match found {
        Found::Date(date, _) => Ok(exact(Value::Date(*date))),
        Found::Text(text) => parse_date(text)
            .map(|date| exact(Value::Date(date)))
            .ok_or(Fault::Date),
        Found::Number(number) => from_number(*number).ok_or(Fault::Date),
        _ => Err(Fault::Date),
    }
}

/// A day typed as 20180309, or the serial number of a day whose cell lost its
/// date format (years 1990 to 2099 only).
fn from_number(number: Decimal) -> Option<Reading<Value>> {
    let serial: i32 = number.trunc().try_into().ok()?;
    if let Some(date) = parse_date(&serial.to_string()) {
        return Some(exact(Value::Date(date)));
    }
    let epoch = Date::new(1899, 12, 30).ok()?;
    let date = epoch
        .checked_add(jiff::Span::new().try_days(serial).ok()?)
        .ok()?;
    (1990..=2099).contains(&date.year()).then_some(Reading {
        value: Value::Date(date),
        meaning: Meaning::Spelling,
    })
}

fn choose<'a>(
    found: &Found,
    mut items: impl Iterator<Item = &'a str>,
    mut aliases: impl Iterator<Item = (&'a str, &'a str)>,
) -> Option<Reading<Value>> {
    let typed = squeeze(&as_text(found));
    let same = |name: &str| squeeze(name).eq_ignore_ascii_case(&typed);
    if let Some(item) = items.find(|item| same(item)) {
        return Some(exact(Value::Text(item.to_owned())));
    }
    aliases.find(|(from, _)| same(from)).map(|(_, to)| Reading {
        value: Value::Text(to.to_owned()),
        meaning: Meaning::Spelling,
    })
}

fn yes_no(found: &Found) -> Result<Reading<Value>, Fault> {
    let items = ["是", "否"];
    let aliases = [
        ("√", "是"),
        ("✓", "是"),
        ("✔", "是"),
        ("有", "是"),
        ("Y", "是"),
        ("1", "是"),
        ("×", "否"),
        ("✗", "否"),
        ("无", "否"),
        ("没有", "否"),
        ("N", "否"),
        ("0", "否"),
    ];
    choose(found, items.into_iter(), aliases.into_iter()).ok_or(Fault::YesNo)
}

fn name(
    found: &Found,
    resolve: Option<impl Fn(&str) -> Option<String>>,
    open: bool,
) -> Result<Reading<Value>, Fault> {
    let typed = tidy(&as_text(found));
    let Some(resolve) = resolve else {
        return Ok(exact(Value::Text(typed)));
    };
    match resolve(&typed) {
        Some(name) => Ok(Reading {
            meaning: if squeeze(&name) == squeeze(&typed) {
                Meaning::Plain
            } else {
                Meaning::Spelling
            },
            value: Value::Text(name),
        }),
        None if open => Ok(exact(Value::Text(typed))),
        None => Err(Fault::Name),
    }
}

fn phone(found: &Found) -> Result<Reading<Value>, Fault> {
    let typed = squeeze(&as_text(found));
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    let clean = typed.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')' | '转' | '、' | ',' | '/')
    });
    if clean && (7..=40).contains(&digits) {
        Ok(exact(Value::Text(typed)))
    } else {
        Err(Fault::Phone)
    }
}

fn code(found: &Found) -> Result<Reading<Value>, Fault> {
    let typed = squeeze(&as_text(found));
    let well_made = typed.starts_with(|c: char| c.is_ascii_alphabetic())
        && typed.chars().all(|c| c.is_ascii_alphanumeric())
        // At least one digit, so that a code is never the word TRUE in a formula.
        && typed.bytes().any(|b| b.is_ascii_digit())
        && typed.len() <= 20;
    if well_made {
        Ok(exact(Value::Text(typed.to_uppercase())))
    } else {
        Err(Fault::Code)
    }
}
