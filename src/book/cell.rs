//! What stands in a cell of a table, and how it is shown.

use std::borrow::Cow;

use super::expr::{CellRef, Expr};
use crate::sheet::Scalar;

/// What a column holds, which decides how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text.
    Text,
    /// Short text, centred.
    Centre,
    /// Whole number.
    Integer,
    /// Number with decimals.
    Number,
    /// Amount in 元.
    Money,
    /// Points.
    Score,
    /// Share.
    Percent,
    /// Day.
    Date,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub enum Slot {
    /// A fact.
    Fact(Scalar),
    /// A figure, which becomes a formula.
    Figure(Expr),
    /// A figure of another format than its column's.
    Formatted(Expr, Format),
    /// A fact of another format than its column's.
    FormattedFact(Scalar, Format),
    /// Text that leads to the first cell of a row of another table.
    Link(String, CellRef),
}

/// What stands in a cell of a table, looked at where it is.
#[derive(Debug, Clone)]
pub enum View<'a> {
    /// A fact, with its format if that is not its column's.
    Fact(Cow<'a, Scalar>, Option<Format>),
    /// A figure, with its format if that is not its column's.
    Figure(&'a Expr, Option<Format>),
    /// Text that leads to the first cell of a row of another table.
    Link(Cow<'a, str>, CellRef),
}

impl View<'_> {
    /// Its format, if that is not its column's.
    pub fn own(&self) -> Option<Format> {
        match self {
            View::Fact(_, own) | View::Figure(_, own) => *own,
            View::Link(..) => None,
        }
    }

    /// The same as a slot of its own.
    pub fn slot(self) -> Slot {
        match self {
            View::Fact(fact, None) => Slot::Fact(fact.into_owned()),
            View::Fact(fact, Some(format)) => Slot::FormattedFact(fact.into_owned(), format),
            View::Figure(expr, None) => Slot::Figure(expr.clone()),
            View::Figure(expr, Some(format)) => Slot::Formatted(expr.clone(), format),
            View::Link(text, to) => Slot::Link(text.into_owned(), to),
        }
    }
}
