//! Single values: texts, flags, dates, and numbers, which never pass through a
//! float.

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::read::{Read, Reader, Value};
use super::written::Threshold;

impl Read for String {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        match value.get_ref().as_str() {
            Some(text) => Some(text.to_owned()),
            None => reader.wrong_type(value, "文字（两边加英文引号）"),
        }
    }
}

impl Read for bool {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        match value.get_ref().as_bool() {
            Some(flag) => Some(flag),
            None => reader.wrong_type(value, "true（是）或 false（否），不加引号"),
        }
    }
}

impl Read for u32 {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let DeValue::Integer(number) = value.get_ref() else {
            return reader.wrong_type(value, "整数，不加引号");
        };
        match u32::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Some(number),
            Err(_) => reader.wrong_value(value, "这个数超出范围，应是不小于0的整数。"),
        }
    }
}

impl Read for Decimal {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => decimal(number.as_str()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(Decimal::from),
            DeValue::Float(number) => decimal(number.as_str()),
            DeValue::String(text) => decimal(text.trim()),
            _ => return reader.wrong_type(value, "数字"),
        };
        match number {
            Some(number) => Some(number.normalize()),
            None => reader.wrong_value(value, "这里应写一个普通的数，如 5 或 1.5。"),
        }
    }
}

impl Read for Threshold {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let text = value.get_ref().as_str().map(str::trim);
        let percent = text.and_then(|text| text.strip_suffix(['%', '％']));
        let Some(percent) = percent else {
            return Some(Threshold {
                value: Decimal::read(value, reader)?,
                is_percent: false,
            });
        };
        match decimal(percent.trim()).and_then(|number| number.checked_div(Decimal::ONE_HUNDRED)) {
            Some(number) => Some(Threshold {
                value: number.normalize(),
                is_percent: true,
            }),
            None => reader.wrong_value(value, "百分数要写成 \"80%\" 这样。"),
        }
    }
}

/// The exact value of a number as written.
fn decimal(text: &str) -> Option<Decimal> {
    let text = text.strip_prefix('+').unwrap_or(text);
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

impl Read for Date {
    fn read(value: &Value<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            _ => return reader.wrong_type(value, "日期，如 \"2018-12-31\""),
        };
        let digits = |b: u8| b.is_ascii_digit();
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => digits(byte),
            });
        match text.parse() {
            Ok(date) if shaped => Some(date),
            _ => reader.wrong_value(value, "日期要写成年-月-日并且真有这一天，如 2018-12-31。"),
        }
    }
}
