//! Metrics: what COUNTIFS, SUMIFS and a division can say, and nothing more.

use rust_decimal::Decimal;

/// A figure that can be worked out for a unit, a member or a village.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Identifier.
    pub id: String,
    /// Name that is shown.
    pub name: String,
    /// Unit of what is counted, for example 个 or 元.
    pub unit: String,
    /// Clause.
    pub clause: String,
    /// What is measured.
    pub measure: Measure,
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
