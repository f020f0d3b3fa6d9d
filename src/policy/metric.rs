//! Metrics: what COUNTIFS, SUMIFS and a division can say, and nothing more.

use rust_decimal::Decimal;

use super::Policy;
use crate::value::Value;

/// A figure that can be worked out for a unit, a member or a village.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Identifier.
    pub id: String,
    /// Name that is shown.
    pub name: String,
    /// What it is counted in, for example 个 or 元.
    pub unit: MeasureUnit,
    /// Clause.
    pub clause: String,
    /// What is measured.
    pub measure: Measure,
}

/// What sort of figure a metric is: its number format, the rules for its
/// thresholds and the words about it follow from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// So many of something.
    Count,
    /// So many people.
    People,
    /// An amount in 元, the only unit of money that the program knows.
    Money,
    /// A part of a whole; 1 is 100%.
    Share,
    /// Points.
    Points,
    /// A measured quantity, which may have decimals.
    Quantity,
}

/// What a metric is counted in: one of the words that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureUnit {
    word: &'static str,
    sort: Sort,
}

impl MeasureUnit {
    /// All units that there are.
    pub const ALL: &'static [MeasureUnit] = &[
        MeasureUnit::new("次", Sort::Count),
        MeasureUnit::new("件", Sort::Count),
        MeasureUnit::new("个", Sort::Count),
        MeasureUnit::new("项", Sort::Count),
        MeasureUnit::new("条", Sort::Count),
        MeasureUnit::new("户", Sort::Count),
        MeasureUnit::new("村", Sort::Count),
        MeasureUnit::new("家", Sort::Count),
        MeasureUnit::new("处", Sort::Count),
        MeasureUnit::new("场", Sort::Count),
        MeasureUnit::new("份", Sort::Count),
        MeasureUnit::new("笔", Sort::Count),
        MeasureUnit::new("期", Sort::Count),
        MeasureUnit::new("天", Sort::Count),
        MeasureUnit::new("人", Sort::People),
        MeasureUnit::new("名", Sort::People),
        MeasureUnit::new("位", Sort::People),
        MeasureUnit::new("人次", Sort::People),
        MeasureUnit::new("元", Sort::Money),
        MeasureUnit::new("占比", Sort::Share),
        MeasureUnit::new("分", Sort::Points),
        MeasureUnit::new("亩", Sort::Quantity),
        MeasureUnit::new("公里", Sort::Quantity),
        MeasureUnit::new("米", Sort::Quantity),
        MeasureUnit::new("平方米", Sort::Quantity),
        MeasureUnit::new("立方米", Sort::Quantity),
        MeasureUnit::new("吨", Sort::Quantity),
        MeasureUnit::new("公斤", Sort::Quantity),
        MeasureUnit::new("小时", Sort::Quantity),
    ];

    const fn new(word: &'static str, sort: Sort) -> Self {
        MeasureUnit { word, sort }
    }

    /// The unit with this word.
    pub fn of(word: &str) -> Option<MeasureUnit> {
        MeasureUnit::ALL
            .iter()
            .find(|unit| unit.word == word)
            .copied()
    }

    /// That of shares.
    pub fn share() -> MeasureUnit {
        MeasureUnit::new("占比", Sort::Share)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        self.word
    }

    /// Of what sort its figures are.
    pub fn sort(self) -> Sort {
        self.sort
    }

    /// Whether its figures are whole numbers.
    pub fn is_whole(self) -> bool {
        matches!(self.sort, Sort::Count | Sort::People)
    }

    /// Whether figures of both may be added up, or set against each other.
    pub fn goes_with(self, other: MeasureUnit) -> bool {
        self.is_whole() && other.is_whole()
            || self.sort == other.sort && (self.sort != Sort::Quantity || self.word == other.word)
    }
}

/// What a metric measures. Only counted entries take part.
#[derive(Debug, Clone)]
pub enum Measure {
    /// Number of entries of a form that meet all conditions.
    Count {
        /// Form id.
        form: String,
        /// Conditions, all of which must hold.
        conditions: Vec<Condition>,
    },
    /// Sum of a field over the entries that meet all conditions.
    Sum {
        /// Form id.
        form: String,
        /// Field id; money, integer or number.
        field: String,
        /// Conditions, all of which must hold.
        conditions: Vec<Condition>,
    },
    /// Sum of other metrics (ids of counts or sums).
    Total(Vec<String>),
    /// Number of a unit's CPPCC members for whom a metric is at least a value;
    /// without it, the number of all its members.
    Members(Option<(String, Decimal)>),
    /// One metric divided by another (ids).
    Ratio(String, String),
}

/// A condition on an entry.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is tested.
    pub test: Test,
}

/// What a condition tests.
#[derive(Debug, Clone)]
pub enum Test {
    /// All fields that the form needs for completeness are filled.
    Complete,
    /// A field against a constant text (equality).
    Is {
        /// Field id.
        field: String,
        /// The constant; free of wildcards.
        text: String,
    },
    /// A field against a constant number.
    Number {
        /// Field id.
        field: String,
        /// Comparison.
        operator: Operator,
        /// The constant.
        value: Decimal,
    },
}

impl Condition {
    /// Whether it holds for an entry whose values are given by the ids of their
    /// fields; it is complete when all of `complete` are filled.
    pub fn holds<'v>(
        &self,
        complete: &[String],
        value: impl Fn(&str) -> Option<&'v Value>,
    ) -> bool {
        match &self.test {
            Test::Is { field, text } => value(field).and_then(Value::text) == Some(text),
            Test::Number {
                field,
                operator,
                value: limit,
            } => {
                let number = value(field).and_then(Value::number);
                number.is_some_and(|number| match operator {
                    Operator::Equal => number == *limit,
                    Operator::AtLeast => number >= *limit,
                    Operator::MoreThan => number > *limit,
                    Operator::AtMost => number <= *limit,
                    Operator::LessThan => number < *limit,
                })
            }
            Test::Complete => complete.iter().all(|id| value(id).is_some()),
        }
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Equal,
    /// At least.
    AtLeast,
    /// More than.
    MoreThan,
    /// At most.
    AtMost,
    /// Less than.
    LessThan,
}

/// Forms that a metric looks at, by id.
pub fn forms_of<'a>(policy: &'a Policy, id: &str) -> Vec<&'a str> {
    match policy.metrics.get(id).map(|m| &m.measure) {
        Some(Measure::Count { form, .. } | Measure::Sum { form, .. }) => vec![form],
        Some(Measure::Total(parts)) => {
            let forms = parts.iter().flat_map(|part| forms_of(policy, part));
            let unique: std::collections::BTreeSet<&str> = forms.collect();
            unique.into_iter().collect()
        }
        Some(Measure::Members(Some((of, _)))) => forms_of(policy, of),
        Some(Measure::Ratio(part, whole)) => {
            let parts = [part, whole];
            let forms = parts.iter().flat_map(|part| forms_of(policy, part));
            let unique: std::collections::BTreeSet<&str> = forms.collect();
            unique.into_iter().collect()
        }
        Some(Measure::Members(None)) | None => Vec::new(),
    }
}

impl Operator {
    /// The comparison in words, before the number.
    pub fn word(self) -> &'static str {
        match self {
            Operator::Equal => "等于",
            Operator::AtLeast => "不低于",
            Operator::MoreThan => "高于",
            Operator::AtMost => "不高于",
            Operator::LessThan => "低于",
        }
    }

    /// The comparison as a criterion of SUMIFS begins.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::AtLeast => ">=",
            Operator::MoreThan => ">",
            Operator::AtMost => "<=",
            Operator::LessThan => "<",
        }
    }
}
