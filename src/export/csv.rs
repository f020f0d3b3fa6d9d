//! A table as CSV that Excel and WPS open by a double click: UTF-8 with a mark
//! at its beginning, and no text that they would take for a formula or turn into
//! a day.

use super::ExportError;
use super::frame::{DataType, DataValue, Frame};
use crate::value::reads_as_value;
use rust_decimal::Decimal;

/// Tells spreadsheets that the text is UTF-8.
const MARK: &str = "\u{FEFF}";

/// The table as bytes, lines ended as on Windows.
///
/// # Errors
/// The library refused.
pub fn csv(frame: &Frame) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    writer.write_record(frame.columns.iter().map(|column| column.name.as_str()))?;
    for row in &frame.rows {
        let cells = row.iter().zip(&frame.columns);
        writer.write_record(cells.map(|(value, column)| spelled(value, column.kind)))?;
    }
    writer
        .into_inner()
        .map_err(|e| ExportError::Bytes(e.into_error()))
}

fn spelled(value: &DataValue, kind: DataType) -> String {
    match value {
        DataValue::None => String::new(),
        DataValue::Text(text) => inert(text),
        DataValue::Integer(number) => number.to_string(),
        DataValue::Decimal(number) => match kind {
            DataType::Decimal(scale) => Decimal::new(*number, scale).to_string(),
            _ => number.to_string(),
        },
        DataValue::Date(day) => day.to_string(),
        DataValue::Flag(true) => "true".to_owned(),
        DataValue::Flag(false) => "false".to_owned(),
    }
}

/// A text that no spreadsheet takes for a formula or changes when it opens the file:
/// one that begins like a formula or looks like a day or a number gets an apostrophe
/// before it.
fn inert(text: &str) -> String {
    let first = text
        .trim_start_matches([' ', '\u{3000}', '\u{FEFF}'])
        .chars()
        .next();
    let risky = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    );
    if risky || is_changed(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Whether a spreadsheet shows another text than stands there: `3-9` becomes a day,
/// `0012` loses its zeros, `1E5` becomes 100000. A clause such as `4.2` stays.
fn is_changed(text: &str) -> bool {
    /// Digits that a spreadsheet keeps.
    const KEPT: usize = 15;
    let (whole, rest) = text.split_once('.').unwrap_or((text, "1"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let stays = digits(whole)
        && digits(rest)
        && (whole == "0" || !whole.starts_with('0'))
        && !rest.ends_with('0')
        && text.len() <= KEPT;
    reads_as_value(text) && !stays
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::sheet::Scalar;

    #[test]
    fn what_a_spreadsheet_would_change_is_marked() {
        for changed in [
            "3-9",
            "0012",
            "1E5",
            "4.10",
            "12:30",
            "1234567890123456",
            "TRUE",
        ] {
            assert_eq!(inert(changed), format!("'{changed}"));
        }
        for kept in ["4.2", "3", "6.3", "T101", "MX5-0001", "甲", "", "F12"] {
            assert_eq!(inert(kept), kept);
        }
    }

    #[test]
    fn texts_are_no_formulas_and_numbers_stay_numbers() {
        let columns = [
            ("name".to_owned(), DataType::Text),
            ("amount".to_owned(), DataType::Decimal(2)),
        ];
        let mut frame = Frame::new("entries", None, columns);
        for name in ["=1+1", " @SUM(A1)", "-甲", "\t=2", "甲,\"乙\"\n丙"] {
            let amount = Scalar::Number(Decimal::new(-150, 2));
            frame.push(vec![Scalar::Text(name.to_owned()), amount]);
        }
        let bytes = csv(&frame).expect("written");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(
            text,
            "\u{FEFF}name,amount,remark\r\n'=1+1,-1.50,\r\n' @SUM(A1),-1.50,\r\n'-甲,-1.50,\r\n\
             '\t=2,-1.50,\r\n\"甲,\"\"乙\"\"\n丙\",-1.50,\r\n"
        );
    }
}
