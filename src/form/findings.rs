//! What is said about a cell of a form: how it was understood, or why it
//! could not be.

use super::decode::Fault;
use super::read::shown;
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::{Field, Kind, Policy};
use crate::sheet::Found;
use crate::value::{Meaning, Value};

/// A cell's content for a finding, no longer than a person would read.
pub(super) fn quoted(found: &Found) -> String {
    const MOST: usize = 100;
    let text = shown(found);
    let length = text.chars().count();
    if length <= MOST {
        return text;
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start}……（共{length}字）")
}

pub(super) fn empty_required(field: &Field, place: Place) -> Finding {
    if field.kind == Kind::YesNo {
        let message = format!("“{}”空着，按“否”计", field.header);
        return Finding::new(Code::YesNoEmpty, place, message).taken("否");
    }
    let message = format!("“{}”是必填栏，没有填", field.header);
    let finding = Finding::new(Code::RequiredEmpty, place, message);
    if field.example.is_empty() {
        finding
    } else {
        finding.mend(format!("补填这一格，例如 {}", field.example))
    }
}

pub(super) fn interpretation(
    field: &Field,
    place: Place,
    typed: &str,
    value: &Value,
    meaning: Meaning,
) -> Finding {
    let taken = match (&field.kind, value) {
        (Kind::Money, Value::Number(n)) => format!("{}元", crate::value::money(*n)),
        (Kind::Percent, Value::Number(n)) => {
            format!("{}%", (n * rust_decimal::Decimal::ONE_HUNDRED).normalize())
        }
        _ => value.to_string(),
    };
    let code = match meaning {
        Meaning::Scaled => Code::MoneyScaled,
        Meaning::Numeral => Code::NumeralTaken,
        Meaning::YearAssumed => Code::YearAssumed,
        Meaning::Damaged => Code::NumberDamaged,
        Meaning::Plain | Meaning::Spelling => Code::Interpreted,
    };
    Finding::new(code, place, code.title())
        .typed(typed)
        .taken(taken)
}

pub(super) fn outside_period(field: &Field, value: &Value, policy: &Policy) -> Option<String> {
    let date = value.date()?;
    let (from, to) = (policy.pack.period_from, policy.pack.period_to);
    // A cover is dated when it is signed, which may be after the period.
    let free = field.any_year || field.id == "filled_on";
    (!free && !(from..=to).contains(&date))
        .then(|| format!("日期不在考核期（{from} 至 {to}）内，暂计入"))
}

pub(super) fn faulty(field: &Field, fault: Fault, place: Place, policy: &Policy) -> Finding {
    let code = match fault {
        Fault::Money => Code::MoneyText,
        Fault::TooManyDecimals => Code::MoneyDecimals,
        Fault::Number => Code::NumberText,
        Fault::Bounds => Code::OutOfBounds,
        Fault::Date => Code::DateText,
        Fault::Choice => Code::ChoiceUnknown,
        Fault::YesNo => Code::YesNoText,
        Fault::Name => Code::NameUnknown,
        Fault::Code => Code::CodeText,
        Fault::ErrorCell => Code::ErrorCell,
        Fault::Phone => Code::PhoneText,
        Fault::TooLong => Code::TextTooLong,
    };
    let message = match fault {
        Fault::Bounds => format!("{}{}", code.title(), bounds_text(field)),
        _ => code.title().to_owned(),
    };
    let mend = match (&field.kind, fault) {
        (Kind::Choice(id), Fault::Choice) => policy
            .choices
            .get(id)
            .map(|choice| format!("改为其中一项：{}", choice.items.join("、"))),
        (_, Fault::Number) if !field.example.is_empty() => {
            Some(format!("只填一个数，例如 {}", field.example))
        }
        _ => None,
    };
    // What a field that may stay empty says wrongly costs that cell, not the row.
    let (code, message) = if field.required {
        (code, message)
    } else {
        (Code::OptionalIgnored, format!("{message}，此格未采用"))
    };
    let finding = Finding::new(code, place, message);
    match mend {
        Some(mend) => finding.mend(mend),
        None => finding,
    }
}

fn bounds_text(field: &Field) -> String {
    let mut parts = Vec::new();
    if field.kind == Kind::Percent {
        return "（应在0%到100%之间）".to_owned();
    }
    if let Some(min) = field.min {
        parts.push(format!("不小于{min}"));
    }
    if let Some(least) = field.more_than {
        parts.push(format!("大于{least}"));
    }
    if let Some(max) = field.max {
        parts.push(format!("不大于{max}"));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!("（应{}）", parts.join("、"))
    }
}
