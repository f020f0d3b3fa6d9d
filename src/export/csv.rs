//! A table as CSV that Excel and WPS open by a double click: UTF-8 with a mark
//! at its beginning, and no text that they would take for a formula.

use super::ExportError;
use super::frame::{Frame, Kind, Value};
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

fn spelled(value: &Value, kind: Kind) -> String {
    match value {
        Value::None => String::new(),
        Value::Text(text) => inert(text),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => match kind {
            Kind::Decimal(scale) => Decimal::new(*number, scale).to_string(),
            _ => number.to_string(),
        },
        Value::Date(day) => day.to_string(),
        Value::Flag(true) => "true".to_owned(),
        Value::Flag(false) => "false".to_owned(),
    }
}

/// A text that no spreadsheet takes for a formula: one that begins like one
/// gets an apostrophe before it.
fn inert(text: &str) -> String {
    let first = text
        .trim_start_matches([' ', '\u{3000}', '\u{FEFF}'])
        .chars()
        .next();
    let risky = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    );
    if risky {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::sheet::Scalar;

    #[test]
    fn texts_are_no_formulas_and_numbers_stay_numbers() {
        let columns = [
            ("name".to_owned(), Kind::Text),
            ("amount".to_owned(), Kind::Decimal(2)),
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
