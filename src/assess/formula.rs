//! An expression as the text of an Excel formula.

use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use crate::sheet::{Area, Cell, quoted};

/// Where the tables stand.
pub trait Placement {
    /// Sheet and cell of a table's cell.
    fn cell(&self, cell: CellRef) -> Option<(&str, Cell)>;
    /// Sheet and cells of a table's column (without its totals), at least one
    /// row high.
    fn column(&self, column: ColumnRef) -> Option<(&str, Area)>;
}

/// The text of a formula, without `=`, for a cell of the given sheet. `None`
/// if it refers to a table that has no place.
pub fn formula(expr: &Expr, places: &dyn Placement, sheet: &str) -> Option<String> {
    let text = |e: &Expr| formula(e, places, sheet);
    Some(match expr {
        Expr::Number(number) => number.normalize().to_string(),
        Expr::Text(value) => format!("\"{}\"", value.replace('"', "\"\"")),
        Expr::Cell(cell) | Expr::Filled(cell) => {
            let (on, at) = places.cell(*cell)?;
            let name = if on == sheet {
                at.absolute()
            } else {
                format!("{}!{}", quoted(on), at.absolute())
            };
            match expr {
                Expr::Filled(_) => format!("{name}<>\"\""),
                _ => name,
            }
        }
        Expr::CountIfs(criteria) => {
            format!("COUNTIFS({})", all_criteria(criteria, places, sheet)?)
        }
        Expr::SumIfs(column, criteria) => format!(
            "SUMIFS({},{})",
            column_text(*column, places, sheet)?,
            all_criteria(criteria, places, sheet)?
        ),
        Expr::SumRow { from, to } => {
            let (_, first) = places.cell(*from)?;
            let (_, last) = places.cell(CellRef {
                column: *to,
                ..*from
            })?;
            format!("SUM({}:{})", first.absolute(), last.absolute())
        }
        Expr::SumColumn(column) => format!("SUM({})", column_text(*column, places, sheet)?),
        Expr::MaxColumn(column) => format!("MAX({})", column_text(*column, places, sheet)?),
        Expr::Sum(parts) => format!("SUM({})", list(parts, &text)?),
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

fn all_criteria(criteria: &[Criterion], places: &dyn Placement, sheet: &str) -> Option<String> {
    let parts: Option<Vec<String>> = criteria
        .iter()
        .map(|criterion| {
            let column = column_text(criterion.column, places, sheet)?;
            let with = formula(&criterion.with, places, sheet)?;
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
