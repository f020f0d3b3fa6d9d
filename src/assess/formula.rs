//! An expression as the text of an Excel formula.

use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use crate::sheet::{Area, Cell, column_name, quoted};

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
}

impl Standing<'_> {
    /// A cell of this sheet. In the formula's own row only the column is
    /// fixed, so that rows may be sorted and each formula goes with its row.
    fn name(self, at: Cell) -> String {
        if at.row == self.row {
            format!("${}{}", column_name(at.column), at.row + 1)
        } else {
            at.absolute()
        }
    }
}

/// The text of a formula, without `=`, for a cell where it stands. `None`
/// if it refers to a table that has no place.
pub fn formula(expr: &Expr, places: &dyn Placement, standing: Standing<'_>) -> Option<String> {
    let sheet = standing.sheet;
    let text = |e: &Expr| formula(e, places, standing);
    Some(match expr {
        Expr::Number(number) => number.normalize().to_string(),
        Expr::Text(value) => format!("\"{}\"", value.replace('"', "\"\"")),
        Expr::Cell(cell) | Expr::Filled(cell) => {
            let (on, at) = places.cell(*cell)?;
            let name = if on == sheet {
                standing.name(at)
            } else {
                format!("{}!{}", quoted(on), at.absolute())
            };
            match expr {
                Expr::Filled(_) => format!("{name}<>\"\""),
                _ => name,
            }
        }
        Expr::CountIfs(criteria) => {
            format!("COUNTIFS({})", all_criteria(criteria, places, standing)?)
        }
        Expr::SumIfs(column, criteria) => format!(
            "SUMIFS({},{})",
            column_text(*column, places, sheet)?,
            all_criteria(criteria, places, standing)?
        ),
        Expr::SumRow { from, to } => {
            let (_, first) = places.cell(*from)?;
            let (_, last) = places.cell(CellRef {
                column: *to,
                ..*from
            })?;
            format!("SUM({}:{})", standing.name(first), standing.name(last))
        }
        Expr::SumColumn(column) => format!("SUM({})", column_text(*column, places, sheet)?),
        Expr::MaxColumn(column) => format!("MAX({})", column_text(*column, places, sheet)?),
        Expr::MinColumn(column) => format!("MIN({})", column_text(*column, places, sheet)?),
        Expr::MedianColumn(column) => format!("MEDIAN({})", column_text(*column, places, sheet)?),
        Expr::CountNumbers(column) => format!("COUNT({})", column_text(*column, places, sheet)?),
        Expr::Lookup { key, keys, values } => format!(
            "INDEX({},MATCH({},{},0))",
            column_text(*values, places, sheet)?,
            text(key)?,
            column_text(*keys, places, sheet)?
        ),
        Expr::Joined(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(text).collect();
            parts?.join("&")
        }
        Expr::Sum(parts) => sum(parts, &text)?,
        Expr::Arithmetic(operator, left, right) => {
            let sign = match operator {
                Arithmetic::Subtract => "-",
                Arithmetic::Multiply => "*",
                Arithmetic::Divide => "/",
            };
            format!("{}{sign}{}", grouped(left, &text)?, grouped(right, &text)?)
        }
        Expr::Min(left, right) => format!("MIN({},{})", text(left)?, text(right)?),
        Expr::Max(left, right) => format!("MAX({},{})", text(left)?, text(right)?),
        Expr::Round(inner, decimals) => format!("ROUND({},{decimals})", text(inner)?),
        Expr::Compare(comparison, left, right) => {
            format!("{}{}{}", text(left)?, sign(*comparison), text(right)?)
        }
        Expr::And(parts) => format!("AND({})", list(parts, &text)?),
        Expr::Or(parts) => format!("OR({})", list(parts, &text)?),
        Expr::IsNumber(inner) => format!("ISNUMBER({})", text(inner)?),
        Expr::Month(inner) => format!("MONTH({})", text(inner)?),
        Expr::If(condition, then, otherwise) => format!(
            "IF({},{},{})",
            text(condition)?,
            text(then)?,
            text(otherwise)?
        ),
    })
}

/// Most arguments of a function; spreadsheet programs take 255.
const MOST_ARGUMENTS: usize = 250;

/// SUM of parts, in several sums where there are more than one can take.
fn sum(parts: &[Expr], text: &dyn Fn(&Expr) -> Option<String>) -> Option<String> {
    let sums: Option<Vec<String>> = parts
        .chunks(MOST_ARGUMENTS)
        .map(|some| Some(format!("SUM({})", list(some, text)?)))
        .collect();
    let sums = sums?;
    Some(match sums.as_slice() {
        [] => "0".to_owned(),
        [only] => only.clone(),
        several => format!("SUM({})", several.join(",")),
    })
}

fn list(parts: &[Expr], text: &dyn Fn(&Expr) -> Option<String>) -> Option<String> {
    let parts: Option<Vec<String>> = parts.iter().map(text).collect();
    Some(parts?.join(","))
}

/// Arithmetic within arithmetic keeps its brackets.
fn grouped(expr: &Expr, text: &dyn Fn(&Expr) -> Option<String>) -> Option<String> {
    let inner = text(expr)?;
    Some(match expr {
        Expr::Arithmetic(..) => format!("({inner})"),
        _ => inner,
    })
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

fn column_text(column: ColumnRef, places: &dyn Placement, sheet: &str) -> Option<String> {
    let (on, area) = places.column(column)?;
    Some(if on == sheet {
        format!("{}:{}", area.first.absolute(), area.last.absolute())
    } else {
        area.reference(on)
    })
}

fn all_criteria(
    criteria: &[Criterion],
    places: &dyn Placement,
    standing: Standing<'_>,
) -> Option<String> {
    let parts: Option<Vec<String>> = criteria
        .iter()
        .map(|criterion| {
            let column = column_text(criterion.column, places, standing.sheet)?;
            let with = formula(&criterion.with, places, standing)?;
            let test = match (&criterion.comparison, &criterion.with) {
                (Comparison::Equal, _) => with,
                (comparison, Expr::Number(number)) => {
                    format!("\"{}{}\"", sign(*comparison), number.normalize())
                }
                (comparison, _) => format!("\"{}\"&{with}", sign(*comparison)),
            };
            Some(format!("{column},{test}"))
        })
        .collect();
    Some(parts?.join(","))
}
