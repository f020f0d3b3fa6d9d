//! What can be wrong with a cell.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::sheet::Unscaled;
use crate::value::{NoAmount, NoDay};

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not an amount.
    Money(NoAmount),
    /// More than two decimals.
    TooManyDecimals,
    /// Not a number.
    Number(NoAmount),
    /// Not a whole number.
    Fraction,
    /// Out of the field's bounds.
    Bounds,
    /// Not a day.
    Date(NoDay),
    /// A day that nobody can have meant; with the number of that day, if it was
    /// the number that was typed.
    FarDay {
        /// The day.
        day: Date,
        /// The number.
        number: Option<Decimal>,
    },
    /// Not among the choices; with the one that it may mean.
    Choice(Option<String>),
    /// Neither 是 nor 否.
    YesNo,
    /// Not in the roster; with names that look alike.
    Name(Vec<String>),
    /// Several persons of the roster bear this name.
    SameName,
    /// Several villages bear this name; with what tells them apart.
    Namesakes(Vec<String>),
    /// Strokes, or a word for nobody, in place of a name.
    NoName,
    /// The mark for “as above”, and nothing above that could be taken.
    Ditto,
    /// Several names.
    Several(Vec<String>),
    /// Not a code.
    Code,
    /// An error value such as `#REF!`.
    ErrorCell,
    /// A formula whose result the file does not hold.
    NoResult,
    /// A picture fills the cell.
    Picture,
    /// Some of it is struck out, raised or lowered.
    NotPlain,
    /// The number format shows another number than is stored.
    Format(Unscaled),
    /// Not a telephone number.
    Phone,
    /// What a spreadsheet shows of a telephone number: `1.39E+10`.
    PhoneLost,
    /// Longer than [`LONGEST_TEXT`](super::LONGEST_TEXT).
    TooLong,
}
