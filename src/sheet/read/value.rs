//! What a stored value is to the program, the same whatever format it came
//! in: the one edge at which the library's types end.

use calamine::{Data, DataRef, ExcelDateTime};
use ecow::EcoString;
use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::sheet::{Cell, Found, PICTURE};

/// A position within what Excel has.
pub(super) fn position((row, column): (u32, u32)) -> Option<Cell> {
    let column = u16::try_from(column).ok().filter(|c| *c < 16_384)?;
    (row < 1_048_576).then_some(Cell { row, column })
}

/// A value as the program knows it; none for an empty cell.
pub(super) fn value(value: DataRef<'_>, mac: bool) -> Option<Found> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => words(&text, || text.as_str().into()),
        DataRef::SharedString(text) => words(text, || text.into()),
        DataRef::Bool(yes) => Found::Bool(yes),
        DataRef::Int(whole) => Found::Number(Decimal::from(whole)),
        DataRef::Float(float) => number(float),
        DataRef::DateTime(moment) => date(moment, mac),
        DataRef::DateTimeIso(text) => match (text.parse::<DateTime>(), text.parse::<Date>()) {
            (Ok(moment), _) => Found::Date(as_excel_counts(moment.date()), seconds(moment.time())),
            (_, Ok(day)) => Found::Date(as_excel_counts(day), 0),
            _ => Found::Text(text.into()),
        },
        DataRef::DurationIso(text) => Found::Text(text.into()),
        DataRef::Error(error) => Found::Error(error.to_string().into()),
    })
    .filter(|found| *found != Found::Text("".into()))
}

/// A text; WPS stores one for a picture that it put into the cell.
fn words(text: &str, whole: impl FnOnce() -> EcoString) -> Found {
    match text.starts_with('=') && is_picture_formula(text) {
        true => Found::Error(PICTURE.into()),
        false => Found::Text(whole()),
    }
}

/// Spreadsheets keep and show so many digits.
const DIGITS: u32 = 15;

/// A stored double as a decimal of the digits that Excel shows, or as text
/// where no decimal holds it.
fn number(float: f64) -> Found {
    let decimal = Decimal::from_f64(float).and_then(|decimal| decimal.round_sf(DIGITS));
    decimal.map_or_else(
        || Found::Text(float.to_string().into()),
        |decimal| Found::Number(decimal.normalize()),
    )
}

/// A day, or a number where the value is a time without a day, a length of
/// time, or no day of the calendar.
fn date(moment: ExcelDateTime, mac: bool) -> Found {
    let float = moment.as_f64();
    // Day numbers run to 9999-12-31; those of 1904 begin 1,462 days later.
    let end = if mac { 2_957_004.0 } else { 2_958_466.0 };
    if moment.is_duration() || !(1.0..end).contains(&float) {
        return number(float);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let part = |n: u8| i8::try_from(n).ok();
    let date = i16::try_from(year)
        .ok()
        .zip(part(month).zip(part(day)))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok());
    // What is nearly the next second is that second: 0.9 of a day is not stored exactly.
    let time = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    let time = time + u32::from(milli >= 500);
    date.map_or_else(|| number(float), |date| Found::Date(date, time))
}

/// The seconds of a time of day.
fn seconds(time: Time) -> u32 {
    let part = |n: i8| u32::try_from(n).unwrap_or(0);
    part(time.hour()) * 3600 + part(time.minute()) * 60 + part(time.second())
}

/// The day that Excel shows for the number that is this day to LibreOffice:
/// before March 1900, it is the next one.
fn as_excel_counts(day: Date) -> Date {
    match day < Date::constant(1900, 3, 1) {
        true => day.tomorrow().unwrap_or(day),
        false => day,
    }
}

/// The same for the formats that the library reads as a whole.
pub(super) fn owned(value_of: &Data, mac: bool) -> Option<Found> {
    value(
        match value_of {
            Data::Int(whole) => DataRef::Int(*whole),
            Data::Float(float) => DataRef::Float(*float),
            Data::String(text) => DataRef::SharedString(text),
            Data::Bool(yes) => DataRef::Bool(*yes),
            Data::DateTime(moment) => DataRef::DateTime(*moment),
            Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Data::Error(error) => DataRef::Error(error.clone()),
            _ => DataRef::Empty,
        },
        mac,
    )
}

/// Whether a formula, or what stands for its result, is the one with which WPS
/// puts a picture into a cell, or Excel one from elsewhere.
pub(super) fn is_picture_formula(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix("of:").unwrap_or(text);
    let text = text.strip_prefix('=').unwrap_or(text).trim_start();
    let text = ["_xlfn.", "_xludf.", "COM.SUN.STAR.", "com.sun.star."]
        .iter()
        .fold(text, |text, prefix| {
            text.strip_prefix(prefix).unwrap_or(text)
        });
    let mut names = ["DISPIMG(", "IMAGE("].iter();
    names.any(|name| {
        let start = text.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime as Moment, TimeDelta};

    use super::*;

    #[test]
    fn days_of_both_systems_and_times_without_a_day() {
        let of = |value, kind, mac| date(ExcelDateTime::new(value, kind, mac), mac);
        let day = |y, m, d, time| Found::Date(Date::constant(y, m, d), time);
        assert_eq!(of(43_283.0, Moment, false), day(2018, 7, 2, 0));
        assert_eq!(of(43_283.5, Moment, false), day(2018, 7, 2, 43_200));
        assert_eq!(of(41_821.0, Moment, true), day(2018, 7, 2, 0));
        assert_eq!(of(1.0, Moment, false), day(1900, 1, 1, 0));
        // 1900-02-29 is a day of Excel's only.
        assert_eq!(of(60.0, Moment, false), Found::Number(60.into()));
        assert_eq!(of(0.5, Moment, false), number(0.5));
        assert_eq!(of(43_283.0, TimeDelta, false), number(43_283.0));
        assert_eq!(of(2_958_466.0, Moment, false), number(2_958_466.0));
        assert_eq!(of(-1.0, Moment, false), number(-1.0));
    }

    #[test]
    fn numbers_as_they_are_shown() {
        let shown = |float: f64| match number(float) {
            Found::Number(decimal) => decimal.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(shown(2.675), "2.675");
        assert_eq!(shown(0.1), "0.1");
        assert_eq!(shown(1_234_567_890_123.45), "1234567890123.45");
        assert_eq!(shown(-0.0), "0");
        assert_eq!(shown(1e300), format!("Text(\"{}\")", 1e300));
        assert_eq!(shown(f64::INFINITY), "Text(\"inf\")");
    }

    #[test]
    fn formulas_that_are_pictures() {
        for yes in [
            "=DISPIMG(\"ID_1\",1)",
            "_xlfn.DISPIMG(\"ID_1\",1)",
            "=_xlfn.DISPIMG(\"ID_1\",1)",
            "dispimg(\"ID_1\",1)",
            "of:=DISPIMG(\"ID_1\";1)",
            "_xlfn.IMAGE(\"https://a.b/c.png\")",
        ] {
            assert!(is_picture_formula(yes), "{yes}");
        }
        for no in ["", "=SUM(A1)", "DISPIMG", "图片", "=IF(A1,DISPIMG(1),2)"] {
            assert!(!is_picture_formula(no), "{no}");
        }
    }
}
