//! The rule language: small enough that each expression is both worked out
//! exactly (`evaluate`) and written as an Excel formula (`formula`). Only
//! functions that Excel 2010, WPS and LibreOffice all have.

use rust_decimal::Decimal;

/// A column of a table of the [`Book`](super::Book).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnRef {
    /// Index of the table.
    pub table: usize,
    /// Index of the column.
    pub column: usize,
}

/// A cell of a table of the [`Book`](super::Book).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRef {
    /// Index of the table.
    pub table: usize,
    /// Index of the row.
    pub row: usize,
    /// Index of the column.
    pub column: usize,
}

/// As the row of a cell: the row in which the expression stands. So one expression
/// is held for all rows of a table.
pub const OWN_ROW: usize = usize::MAX;

impl CellRef {
    /// The cell that is meant where an expression stands in a row.
    pub fn seen_from(self, row: usize) -> Self {
        match self.row {
            OWN_ROW => CellRef { row, ..self },
            _ => self,
        }
    }
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// -
    Subtract,
    /// *
    Multiply,
    /// / (the divisor is guarded by a surrounding `If`)
    Divide,
}

/// Comparison of numbers or texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// =
    Equal,
    /// >=
    AtLeast,
    /// >
    MoreThan,
    /// <=
    AtMost,
    /// <
    LessThan,
}

/// A criterion of COUNTIFS or SUMIFS.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// Column that is tested.
    pub column: ColumnRef,
    /// Comparison.
    pub comparison: Comparison,
    /// With what: a `Cell`, `Text` or `Number`. Texts hold no wildcards.
    pub with: Expr,
}

/// An expression.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A constant number.
    Number(Decimal),
    /// A constant text.
    Text(String),
    /// Another cell.
    Cell(CellRef),
    /// COUNTIFS.
    CountIfs(Vec<Criterion>),
    /// SUMIFS over a column.
    SumIfs(ColumnRef, Vec<Criterion>),
    /// SUM of cells of one row, from a column to a column; texts are passed over.
    SumRow {
        /// First cell.
        from: CellRef,
        /// Last column.
        to: usize,
    },
    /// SUM of a column; texts are passed over.
    SumColumn(ColumnRef),
    /// MAX of a column; texts are passed over, 0 if there is no number.
    MaxColumn(ColumnRef),
    /// MIN of a column; texts are passed over, 0 if there is no number.
    MinColumn(ColumnRef),
    /// MEDIAN of a column; texts are passed over. There must be a number.
    MedianColumn(ColumnRef),
    /// COUNT of the numbers in a column.
    CountNumbers(ColumnRef),
    /// INDEX and MATCH: what a column says in the first row in which another
    /// column equals a key. The key is a code that is there.
    Lookup {
        /// What is looked for: a text without wildcards.
        key: Box<Expr>,
        /// Where it is looked for.
        keys: ColumnRef,
        /// What is given, of the same table.
        values: ColumnRef,
    },
    /// Texts and rounded numbers after each other (&).
    Joined(Vec<Expr>),
    /// SUM of expressions; texts in cells are passed over.
    Sum(Vec<Expr>),
    /// Arithmetic on numbers.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// MIN of two numbers.
    Min(Box<Expr>, Box<Expr>),
    /// MAX of two numbers.
    Max(Box<Expr>, Box<Expr>),
    /// ROUND half away from zero.
    Round(Box<Expr>, u32),
    /// A comparison; text equals text, number compares with number.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// AND.
    And(Vec<Expr>),
    /// OR.
    Or(Vec<Expr>),
    /// ISNUMBER.
    IsNumber(Box<Expr>),
    /// A cell is not empty.
    Filled(CellRef),
    /// MONTH of a day.
    Month(Box<Expr>),
    /// YEAR of a day.
    Year(Box<Expr>),
    /// IF.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
}

impl Expr {
    /// A constant text.
    pub fn text(text: impl Into<String>) -> Self {
        Expr::Text(text.into())
    }

    /// A constant whole number.
    pub fn whole(number: i64) -> Self {
        Expr::Number(Decimal::from(number))
    }

    /// IF.
    pub fn when(condition: Expr, then: Expr, otherwise: Expr) -> Self {
        Expr::If(Box::new(condition), Box::new(then), Box::new(otherwise))
    }

    /// A comparison.
    pub fn compare(comparison: Comparison, left: Expr, right: Expr) -> Self {
        Expr::Compare(comparison, Box::new(left), Box::new(right))
    }

    /// Equality with a text.
    pub fn is(left: Expr, text: &str) -> Self {
        Expr::compare(Comparison::Equal, left, Expr::text(text))
    }

    /// ROUND.
    pub fn rounded(self, decimals: u32) -> Self {
        Expr::Round(Box::new(self), decimals)
    }

    /// Arithmetic.
    pub fn arithmetic(operator: Arithmetic, left: Expr, right: Expr) -> Self {
        Expr::Arithmetic(operator, Box::new(left), Box::new(right))
    }
}

impl Criterion {
    /// A column equals something.
    pub fn equal(column: ColumnRef, with: Expr) -> Self {
        Criterion {
            column,
            comparison: Comparison::Equal,
            with,
        }
    }
}

impl Expr {
    /// Whether it looks at single cells only: it is sooner worked out than looked up.
    pub fn is_light(&self) -> bool {
        match self {
            Expr::Number(_) | Expr::Text(_) | Expr::Cell(_) | Expr::Filled(_) => true,
            Expr::Month(inner)
            | Expr::Year(inner)
            | Expr::IsNumber(inner)
            | Expr::Round(inner, _) => inner.is_light(),
            Expr::Compare(_, left, right)
            | Expr::Arithmetic(_, left, right)
            | Expr::Min(left, right)
            | Expr::Max(left, right) => left.is_light() && right.is_light(),
            Expr::Sum(parts) | Expr::And(parts) | Expr::Or(parts) => {
                parts.iter().all(Expr::is_light)
            }
            Expr::If(condition, then, otherwise) => {
                condition.is_light() && then.is_light() && otherwise.is_light()
            }
            _ => false,
        }
    }

    /// Calls a function on every cell that the expression refers to.
    pub fn for_each_cell(&mut self, visit: &mut dyn FnMut(&mut CellRef)) {
        match self {
            Expr::Number(_)
            | Expr::Text(_)
            | Expr::SumColumn(_)
            | Expr::MaxColumn(_)
            | Expr::MinColumn(_)
            | Expr::MedianColumn(_)
            | Expr::CountNumbers(_) => {}
            Expr::Lookup { key, .. } => key.for_each_cell(visit),
            Expr::Cell(cell) | Expr::Filled(cell) => visit(cell),
            Expr::SumRow { from, .. } => visit(from),
            Expr::CountIfs(criteria) | Expr::SumIfs(_, criteria) => {
                for criterion in criteria {
                    criterion.with.for_each_cell(visit);
                }
            }
            Expr::Sum(parts) | Expr::And(parts) | Expr::Or(parts) | Expr::Joined(parts) => {
                for part in parts {
                    part.for_each_cell(visit);
                }
            }
            Expr::Arithmetic(_, left, right)
            | Expr::Min(left, right)
            | Expr::Max(left, right)
            | Expr::Compare(_, left, right) => {
                left.for_each_cell(visit);
                right.for_each_cell(visit);
            }
            Expr::Round(inner, _)
            | Expr::IsNumber(inner)
            | Expr::Month(inner)
            | Expr::Year(inner) => inner.for_each_cell(visit),
            Expr::If(condition, then, otherwise) => {
                condition.for_each_cell(visit);
                then.for_each_cell(visit);
                otherwise.for_each_cell(visit);
            }
        }
    }
}
