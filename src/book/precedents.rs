//! What stands behind a figure: the rows that its expression looks at. It
//! follows the very expressions that are evaluated and written as formulas, so
//! an explanation cannot tell another story than the figure.

use super::View;
use super::evaluate::{Evaluator, at};
use super::expr::{CellRef, ColumnRef, Criterion, Expr};

/// Most places that are weighed against each other.
const ENOUGH: usize = 32;

/// Rows of a table to which a figure leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    /// Table.
    pub table: usize,
    /// Column.
    pub column: usize,
    /// First row; none if there is no row to show, so that the header is.
    pub first: Option<usize>,
    /// Last row, if the rows stand together.
    pub last: Option<usize>,
}

impl Evaluator<'_> {
    /// The rows of tables that a cell's figure counts or sums, in order and each
    /// once: table and row.
    pub fn behind(&self, cell: CellRef) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        self.follow_cell(cell, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn follow_cell(&self, cell: CellRef, found: &mut Vec<(usize, usize)>) {
        if let Some(View::Figure(expr, _)) = self.view(cell) {
            self.follow(expr, cell.row, found);
        }
    }

    fn follow(&self, expr: &Expr, row: usize, found: &mut Vec<(usize, usize)>) {
        match expr {
            Expr::Number(_) | Expr::Text(_) | Expr::Filled(_) => {}
            Expr::SumColumn(column)
            | Expr::MaxColumn(column)
            | Expr::MinColumn(column)
            | Expr::MedianColumn(column)
            | Expr::CountNumbers(column) => {
                for each in 0..self.height(*column) {
                    found.push((column.table, each));
                    self.follow_cell(at(*column, each), found);
                }
            }
            Expr::Lookup { key, keys, values } => {
                if let Some(first) = self.found(key, *keys, row) {
                    found.push((values.table, first));
                    self.follow_cell(at(*values, first), found);
                }
            }
            Expr::Cell(cell) => self.follow_cell(cell.seen_from(row), found),
            Expr::SumRow { from, to } => {
                for column in from.column..=*to {
                    self.follow_cell(
                        CellRef {
                            column,
                            ..from.seen_from(row)
                        },
                        found,
                    );
                }
            }
            Expr::CountIfs(criteria) | Expr::SumIfs(_, criteria) => {
                let table = criteria.first().map(|first| first.column.table);
                let rows = self.rows(criteria, row).into_iter();
                found.extend(rows.filter_map(|row| Some((table?, row))));
            }
            Expr::Sum(parts) | Expr::And(parts) | Expr::Or(parts) | Expr::Joined(parts) => {
                for part in parts {
                    self.follow(part, row, found);
                }
            }
            Expr::Arithmetic(_, left, right)
            | Expr::Min(left, right)
            | Expr::Max(left, right)
            | Expr::Compare(_, left, right) => {
                self.follow(left, row, found);
                self.follow(right, row, found);
            }
            Expr::Round(inner, _)
            | Expr::IsNumber(inner)
            | Expr::Month(inner)
            | Expr::Year(inner) => {
                self.follow(inner, row, found);
            }
            Expr::If(condition, then, otherwise) => {
                self.follow(condition, row, found);
                let taken = if self.holds(condition, row) {
                    then
                } else {
                    otherwise
                };
                self.follow(taken, row, found);
            }
        }
    }

    /// Where a click on a figure leads: the rows of another table at which its
    /// expression looks first. Within its own table the expression is followed.
    pub fn leads(&self, cell: CellRef) -> Option<Lead> {
        let mut leads = Vec::new();
        self.lead_of_cell(cell, cell.table, &mut leads);
        // Rows that are counted or summed tell more than a single cell.
        leads.sort_by_key(|(lead, rank)| (*rank, lead.first.is_none()));
        leads.into_iter().next().map(|(lead, _)| lead)
    }

    fn lead_of_cell(&self, cell: CellRef, own: usize, leads: &mut Vec<(Lead, u8)>) {
        if leads.len() < ENOUGH
            && let Some(View::Figure(expr, _)) = self.view(cell)
        {
            self.lead(expr, cell.row, own, leads);
        }
    }

    fn lead(&self, expr: &Expr, row: usize, own: usize, leads: &mut Vec<(Lead, u8)>) {
        // None tells more than one that counts or sums rows which are there.
        if leads
            .last()
            .is_some_and(|(lead, rank)| *rank == 0 && lead.first.is_some())
        {
            return;
        }
        let rows = |column: ColumnRef, rows: &[usize]| Lead {
            table: column.table,
            column: column.column,
            first: rows.first().copied(),
            // Rows that are far apart are not taken together.
            last: rows.last().copied().filter(|last| {
                let from = rows.first().copied().unwrap_or(*last);
                last - from < 3 * rows.len()
            }),
        };
        match expr {
            Expr::Number(_) | Expr::Text(_) | Expr::Filled(_) => {}
            Expr::Cell(cell) if cell.table == own => {
                self.lead_of_cell(cell.seen_from(row), own, leads);
            }
            Expr::Cell(cell) => {
                let column = ColumnRef {
                    table: cell.table,
                    column: cell.column,
                };
                leads.push((rows(column, &[cell.row]), 2));
            }
            Expr::SumColumn(column)
            | Expr::MaxColumn(column)
            | Expr::MinColumn(column)
            | Expr::MedianColumn(column)
            | Expr::CountNumbers(column) => {
                if column.table != own {
                    let all: Vec<usize> = (0..self.height(*column)).collect();
                    leads.push((rows(*column, &all), 1));
                }
            }
            Expr::Lookup { key, keys, values } => {
                let wanted = [Criterion::equal(*keys, Expr::clone(key))];
                leads.push((rows(*values, &self.rows(&wanted, row)), 2));
            }
            Expr::SumRow { from, to } => {
                for column in from.column..=*to {
                    self.lead_of_cell(
                        CellRef {
                            column,
                            ..from.seen_from(row)
                        },
                        own,
                        leads,
                    );
                }
            }
            Expr::CountIfs(criteria) | Expr::SumIfs(_, criteria) => {
                let column = match (expr, criteria.first()) {
                    (Expr::SumIfs(column, _), _) => *column,
                    (_, Some(first)) => ColumnRef {
                        table: first.column.table,
                        column: 0,
                    },
                    _ => return,
                };
                if column.table != own {
                    leads.push((rows(column, &self.rows(criteria, row)), 0));
                }
            }
            Expr::Sum(parts) | Expr::And(parts) | Expr::Or(parts) | Expr::Joined(parts) => {
                for part in parts {
                    self.lead(part, row, own, leads);
                }
            }
            Expr::Arithmetic(_, left, right)
            | Expr::Min(left, right)
            | Expr::Max(left, right)
            | Expr::Compare(_, left, right) => {
                self.lead(left, row, own, leads);
                self.lead(right, row, own, leads);
            }
            Expr::Round(inner, _)
            | Expr::IsNumber(inner)
            | Expr::Month(inner)
            | Expr::Year(inner) => {
                self.lead(inner, row, own, leads);
            }
            Expr::If(condition, then, otherwise) => {
                self.lead(condition, row, own, leads);
                let taken = if self.holds(condition, row) {
                    then
                } else {
                    otherwise
                };
                self.lead(taken, row, own, leads);
            }
        }
    }
}
