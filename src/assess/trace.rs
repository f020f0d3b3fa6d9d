//! What stands behind a figure: the rows that its expression looks at. It
//! follows the very expressions that are evaluated and written as formulas, so
//! an explanation cannot tell another story than the figure.

use super::book::Slot;
use super::evaluate::Evaluator;
use super::expr::{CellRef, Criterion, Expr};

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
        if let Some(Slot::Figure(expr) | Slot::Formatted(expr, _)) = self.slot(cell) {
            self.follow(expr, found);
        }
    }

    fn follow(&self, expr: &Expr, found: &mut Vec<(usize, usize)>) {
        match expr {
            Expr::Number(_)
            | Expr::Text(_)
            | Expr::SumColumn(_)
            | Expr::MaxColumn(_)
            | Expr::MinColumn(_)
            | Expr::MedianColumn(_)
            | Expr::CountNumbers(_)
            | Expr::Filled(_) => {}
            Expr::Lookup { key, keys, values } => {
                let wanted = [Criterion::equal(*keys, Expr::clone(key))];
                if let Some(&row) = self.rows(&wanted).first() {
                    self.follow_cell(
                        CellRef {
                            table: values.table,
                            row,
                            column: values.column,
                        },
                        found,
                    );
                }
            }
            Expr::Cell(cell) => self.follow_cell(*cell, found),
            Expr::SumRow { from, to } => {
                for column in from.column..=*to {
                    self.follow_cell(CellRef { column, ..*from }, found);
                }
            }
            Expr::CountIfs(criteria) | Expr::SumIfs(_, criteria) => {
                let table = criteria.first().map(|first| first.column.table);
                let rows = self.rows(criteria).into_iter();
                found.extend(rows.filter_map(|row| Some((table?, row))));
            }
            Expr::Sum(parts) | Expr::And(parts) | Expr::Or(parts) | Expr::Joined(parts) => {
                for part in parts {
                    self.follow(part, found);
                }
            }
            Expr::Arithmetic(_, left, right)
            | Expr::Min(left, right)
            | Expr::Max(left, right)
            | Expr::Compare(_, left, right) => {
                self.follow(left, found);
                self.follow(right, found);
            }
            Expr::Round(inner, _) | Expr::IsNumber(inner) | Expr::Month(inner) => {
                self.follow(inner, found);
            }
            Expr::If(condition, then, otherwise) => {
                self.follow(condition, found);
                let taken = if self.holds(condition) {
                    then
                } else {
                    otherwise
                };
                self.follow(taken, found);
            }
        }
    }
}
