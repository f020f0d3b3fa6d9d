//! A table with typed columns. What does not fit its column's type is never
//! dropped: it stands in the column `remark`, with the name of its column.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::sheet::Scalar;
use crate::value::round;

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// Text.
    Text,
    /// Whole number of 64 bits.
    Integer,
    /// Decimal of 18 digits, so many of them behind the point.
    Decimal(u32),
    /// Day.
    Date,
    /// 是 or 否.
    Flag,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataColumn {
    /// Name: English, lower case.
    pub name: String,
    /// Type.
    pub kind: DataType,
}

/// A value that fits its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataValue {
    /// Nothing.
    None,
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Decimal: the number without its point, as the column's scale has it.
    Decimal(i64),
    /// Day.
    Date(Date),
    /// True or false.
    Flag(bool),
}

/// A table.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Name of the data set: `entries`, `units` and so on.
    pub dataset: &'static str,
    /// What it holds only a part of, besides the workspace: `form`, `funds`.
    pub part: Option<(&'static str, String)>,
    /// Columns; the last is `remark`.
    pub columns: Vec<DataColumn>,
    /// Rows, each as long as there are columns.
    pub rows: Vec<Vec<DataValue>>,
}

/// Name of the column for what does not fit.
const REMARK: &str = "remark";
/// Greatest number of 18 digits.
const GREATEST: i64 = 999_999_999_999_999_999;

impl Frame {
    /// An empty table.
    pub fn new(
        dataset: &'static str,
        part: Option<(&'static str, String)>,
        columns: impl IntoIterator<Item = (String, DataType)>,
    ) -> Self {
        let remark = (REMARK.to_owned(), DataType::Text);
        let columns = columns.into_iter().chain([remark]);
        Frame {
            dataset,
            part,
            columns: columns
                .map(|(name, kind)| DataColumn { name, kind })
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; values that are missing at its end are empty.
    pub fn push(&mut self, values: Vec<Scalar>) {
        let mut remarks = Vec::new();
        let mut row = Vec::with_capacity(self.columns.len());
        let mut values = values.into_iter();
        for column in self
            .columns
            .iter()
            .take(self.columns.len().saturating_sub(1))
        {
            let value = values.next().unwrap_or(Scalar::Empty);
            row.push(fit(&value, column.kind).unwrap_or_else(|| {
                remarks.push(format!("{}={}", column.name, spelled(&value)));
                DataValue::None
            }));
        }
        row.push(match remarks.is_empty() {
            true => DataValue::None,
            false => DataValue::Text(remarks.join("\u{FF1B}")),
        });
        self.rows.push(row);
    }
}

/// A value as a column holds it; `None` if it does not fit.
fn fit(value: &Scalar, kind: DataType) -> Option<DataValue> {
    Some(match (kind, value) {
        (_, Scalar::Empty) => DataValue::None,
        (_, Scalar::Text(text)) if text.is_empty() => DataValue::None,
        (DataType::Text, value) => DataValue::Text(spelled(value)),
        (DataType::Integer, Scalar::Number(number)) if number.is_integer() => {
            DataValue::Integer(i64::try_from(*number).ok()?)
        }
        (DataType::Decimal(scale), Scalar::Number(number)) => {
            DataValue::Decimal(scaled(*number, scale)?)
        }
        (DataType::Date, Scalar::Date(day)) => DataValue::Date(*day),
        (DataType::Flag, Scalar::Text(word)) if word == "是" => DataValue::Flag(true),
        (DataType::Flag, Scalar::Text(word)) if word == "否" => DataValue::Flag(false),
        (DataType::Flag, Scalar::Bool(flag)) => DataValue::Flag(*flag),
        _ => return None,
    })
}

/// A number without its point; `None` if that would change it.
fn scaled(number: Decimal, scale: u32) -> Option<i64> {
    let mut exact = round(number, scale);
    if exact != number {
        return None;
    }
    exact.rescale(scale);
    let mantissa = i64::try_from(exact.mantissa()).ok()?;
    (exact.scale() == scale && mantissa.abs() <= GREATEST).then_some(mantissa)
}

/// A value as text.
fn spelled(value: &Scalar) -> String {
    match value {
        Scalar::Empty => String::new(),
        Scalar::Text(text) => text.clone(),
        Scalar::Number(number) => number.normalize().to_string(),
        Scalar::Date(day) => day.to_string(),
        Scalar::Bool(true) => "是".to_owned(),
        Scalar::Bool(false) => "否".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_told_and_nothing_is_rounded() {
        let number = |text: &str| Scalar::Number(text.parse().expect("number"));
        let columns = [
            ("a", DataType::Decimal(2)),
            ("b", DataType::Integer),
            ("c", DataType::Flag),
        ];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind));
        let mut frame = Frame::new("entries", None, columns);
        frame.push(vec![number("1.50"), number("3"), Scalar::Text("是".into())]);
        frame.push(vec![
            number("0.005"),
            number("0.5"),
            Scalar::Text("待定".into()),
        ]);
        frame.push(vec![number("10000000000000000.00")]);
        let text = |text: &str| DataValue::Text(text.to_owned());
        assert_eq!(
            frame.rows,
            [
                [
                    DataValue::Decimal(150),
                    DataValue::Integer(3),
                    DataValue::Flag(true),
                    DataValue::None
                ],
                [
                    DataValue::None,
                    DataValue::None,
                    DataValue::None,
                    text("a=0.005；b=0.5；c=待定")
                ],
                [
                    DataValue::None,
                    DataValue::None,
                    DataValue::None,
                    text("a=10000000000000000")
                ],
            ]
        );
    }
}
