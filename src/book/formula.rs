//! An expression as the text of an Excel formula.

use std::fmt::Write;

use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr, OWN_ROW};
use crate::sheet::{Area, Cell, put_column, put_quoted};

/// Where the tables stand.
pub trait Placement {
    /// Sheet and cell of a table's cell.
    fn cell(&self, cell: CellRef) -> Option<(&str, Cell)>;
    /// Sheet and cells of a table's column (without its totals), at least one
    /// row high.
    fn column(&self, column: ColumnRef) -> Option<(&str, Area)>;
}

/// The cell that a formula stands in.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    /// Its sheet.
    pub sheet: &'a str,
    /// Its row on the sheet.
    pub row: u32,
    /// Its row in its table.
    pub own: usize,
}

/// A formula that stands in many rows, each time with cells of its own row.
#[derive(Debug, Clone)]
pub struct RowFormula {
    text: String,
    /// Where the number of the row belongs, in bytes.
    rows: Vec<usize>,
}

impl RowFormula {
    /// The text of the formula in a row of the sheet, from 0.
    pub fn in_row(&self, row: u32) -> String {
        let number = (row + 1).to_string();
        let room = self.text.len() + self.rows.len() * number.len();
        let mut text = String::with_capacity(room);
        let mut done = 0;
        for &at in &self.rows {
            text.push_str(self.text.get(done..at).unwrap_or_default());
            text.push_str(&number);
            done = at;
        }
        text.push_str(self.text.get(done..).unwrap_or_default());
        text
    }
}

/// The text of a formula, without `=`, for a cell where it stands. `None`
/// if it refers to a table that has no place.
pub fn formula(expr: &Expr, places: &dyn Placement, standing: Standing<'_>) -> Option<String> {
    Some(written(expr, places, standing, None)?.text)
}

fn written<'w>(
    expr: &Expr,
    places: &'w dyn Placement,
    standing: Standing<'w>,
    rows: Option<Vec<usize>>,
) -> Option<Writing<'w>> {
    let mut writing = Writing {
        text: String::new(),
        places,
        standing,
        rows,
    };
    writing.put(expr)?;
    Some(writing)
}

/// The same for all rows of a table in which the expression stands. `None` also if it
/// looks at another table's row of the same number, which is no row of its own.
pub fn row_formula(
    expr: &Expr,
    places: &dyn Placement,
    standing: Standing<'_>,
) -> Option<RowFormula> {
    let writing = written(expr, places, standing, Some(Vec::new()))?;
    Some(RowFormula {
        text: writing.text,
        rows: writing.rows.unwrap_or_default(),
    })
}

/// Most arguments of a function; spreadsheet programs take 255.
const MOST_ARGUMENTS: usize = 250;

/// A formula being written. What writes gives `None` where something has no
/// place.
struct Writing<'w> {
    text: String,
    places: &'w dyn Placement,
    standing: Standing<'w>,
    /// Where the number of the own row is left out, if it is.
    rows: Option<Vec<usize>>,
}

impl Writing<'_> {
    fn put(&mut self, expr: &Expr) -> Option<()> {
        match expr {
            Expr::Number(number) => self.shown(number.normalize()),
            Expr::Text(value) => {
                self.text.push('"');
                self.text.push_str(&value.replace('"', "\"\""));
                self.text.push('"');
            }
            Expr::Cell(cell) => self.cell(*cell)?,
            Expr::Filled(cell) => {
                self.cell(*cell)?;
                self.text.push_str("<>\"\"");
            }
            Expr::CountIfs(criteria) => {
                self.text.push_str("COUNTIFS(");
                self.criteria(criteria)?;
                self.text.push(')');
            }
            Expr::SumIfs(column, criteria) => {
                self.text.push_str("SUMIFS(");
                self.column(*column)?;
                self.text.push(',');
                self.criteria(criteria)?;
                self.text.push(')');
            }
            Expr::SumRow { from, to } => {
                let column = *to;
                self.text.push_str("SUM(");
                self.here(*from)?;
                self.text.push(':');
                self.here(CellRef { column, ..*from })?;
                self.text.push(')');
            }
            Expr::SumColumn(column) => self.of_column("SUM(", *column)?,
            Expr::MaxColumn(column) => self.of_column("MAX(", *column)?,
            Expr::MinColumn(column) => self.of_column("MIN(", *column)?,
            Expr::MedianColumn(column) => self.of_column("MEDIAN(", *column)?,
            Expr::CountNumbers(column) => self.of_column("COUNT(", *column)?,
            Expr::Lookup { key, keys, values } => {
                self.text.push_str("INDEX(");
                self.column(*values)?;
                self.text.push_str(",MATCH(");
                self.put(key)?;
                self.text.push(',');
                self.column(*keys)?;
                self.text.push_str(",0))");
            }
            Expr::Joined(parts) => self.parted("&", parts)?,
            Expr::Sum(parts) => self.sum(parts)?,
            Expr::Arithmetic(operator, left, right) => {
                self.grouped(left)?;
                self.text.push(match operator {
                    Arithmetic::Subtract => '-',
                    Arithmetic::Multiply => '*',
                    Arithmetic::Divide => '/',
                });
                self.grouped(right)?;
            }
            Expr::Min(left, right) => self.call("MIN(", &[left, right])?,
            Expr::Max(left, right) => self.call("MAX(", &[left, right])?,
            Expr::Round(inner, decimals) => {
                self.text.push_str("ROUND(");
                self.put(inner)?;
                self.text.push(',');
                self.shown(decimals);
                self.text.push(')');
            }
            Expr::Compare(comparison, left, right) => {
                self.put(left)?;
                self.text.push_str(sign(*comparison));
                self.put(right)?;
            }
            Expr::And(parts) => self.list("AND(", parts)?,
            Expr::Or(parts) => self.list("OR(", parts)?,
            Expr::IsNumber(inner) => self.call("ISNUMBER(", &[inner])?,
            Expr::Month(inner) => self.call("MONTH(", &[inner])?,
            Expr::Year(inner) => self.call("YEAR(", &[inner])?,
            Expr::If(condition, then, otherwise) => {
                self.call("IF(", &[condition, then, otherwise])?;
            }
        }
        Some(())
    }

    fn shown(&mut self, what: impl std::fmt::Display) {
        // Writing into a text does not fail.
        let _ = write!(self.text, "{what}");
    }

    /// A cell, with its sheet if that is another.
    fn cell(&mut self, cell: CellRef) -> Option<()> {
        let (on, at) = self.places.cell(cell.seen_from(self.standing.own))?;
        if on == self.standing.sheet {
            self.here(cell)?;
        } else if self.rows.is_some() && cell.row == OWN_ROW {
            return None;
        } else {
            put_quoted(&mut self.text, on);
            self.text.push('!');
            self.absolute(at);
        }
        Some(())
    }

    /// A cell of this sheet. In the formula's own row only the column is
    /// fixed, so that rows may be sorted and each formula goes with its row.
    fn here(&mut self, cell: CellRef) -> Option<()> {
        let (_, at) = self.places.cell(cell.seen_from(self.standing.own))?;
        let own = at.row == self.standing.row;
        let of_all_rows = cell.row == OWN_ROW;
        match &mut self.rows {
            // Whatever row it is written for, the cell is another one.
            Some(_) if !of_all_rows => self.absolute(at),
            Some(_) if !own => return None,
            Some(rows) => {
                self.text.push('$');
                put_column(&mut self.text, at.column);
                rows.push(self.text.len());
            }
            None if own => {
                self.text.push('$');
                put_column(&mut self.text, at.column);
                self.shown(at.row + 1);
            }
            None => self.absolute(at),
        }
        Some(())
    }

    fn absolute(&mut self, at: Cell) {
        self.text.push('$');
        put_column(&mut self.text, at.column);
        self.text.push('$');
        self.shown(at.row + 1);
    }

    fn column(&mut self, column: ColumnRef) -> Option<()> {
        let (on, area) = self.places.column(column)?;
        if on != self.standing.sheet {
            put_quoted(&mut self.text, on);
            self.text.push('!');
        }
        self.absolute(area.first);
        self.text.push(':');
        self.absolute(area.last);
        Some(())
    }

    /// A function of a column. The function comes with its bracket.
    fn of_column(&mut self, function: &str, column: ColumnRef) -> Option<()> {
        self.text.push_str(function);
        self.column(column)?;
        self.text.push(')');
        Some(())
    }

    /// A function of some expressions.
    fn call(&mut self, function: &str, parts: &[&Expr]) -> Option<()> {
        self.list(function, parts.iter().copied())
    }

    /// A function of a list.
    fn list<'e>(
        &mut self,
        function: &str,
        parts: impl IntoIterator<Item = &'e Expr>,
    ) -> Option<()> {
        self.text.push_str(function);
        self.parted(",", parts)?;
        self.text.push(')');
        Some(())
    }

    fn parted<'e>(&mut self, sign: &str, parts: impl IntoIterator<Item = &'e Expr>) -> Option<()> {
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(sign);
            }
            self.put(part)?;
        }
        Some(())
    }

    /// SUM of parts, in several sums where there are more than one can take.
    fn sum(&mut self, parts: &[Expr]) -> Option<()> {
        if parts.is_empty() {
            self.text.push('0');
        }
        let several = parts.len() > MOST_ARGUMENTS;
        if several {
            self.text.push_str("SUM(");
        }
        for (at, some) in parts.chunks(MOST_ARGUMENTS).enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.list("SUM(", some)?;
        }
        if several {
            self.text.push(')');
        }
        Some(())
    }

    /// Arithmetic within arithmetic keeps its brackets.
    fn grouped(&mut self, expr: &Expr) -> Option<()> {
        if !matches!(expr, Expr::Arithmetic(..)) {
            return self.put(expr);
        }
        self.call("(", &[expr])
    }

    fn criteria(&mut self, criteria: &[Criterion]) -> Option<()> {
        for (at, criterion) in criteria.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.column(criterion.column)?;
            self.text.push(',');
            if criterion.comparison == Comparison::Equal {
                self.put(&criterion.with)?;
                continue;
            }
            self.text.push('"');
            self.text.push_str(sign(criterion.comparison));
            if let Expr::Number(number) = &criterion.with {
                self.shown(number.normalize());
                self.text.push('"');
            } else {
                self.text.push_str("\"&");
                self.put(&criterion.with)?;
            }
        }
        Some(())
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::AtLeast => ">=",
        Comparison::MoreThan => ">",
        Comparison::AtMost => "<=",
        Comparison::LessThan => "<",
    }
}
