//! The exact evaluator: the same expressions that become formulas, worked out
//! with `Decimal`. It follows Excel where the two could differ (texts in sums
//! are passed over, texts compare without regard to case).

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::book::{Book, Slot, View};
use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use crate::sheet::Scalar;
use crate::value::round;

/// Rows of a column by the value that stands in them, in order.
type Index = Rc<FxHashMap<Key, Vec<usize>>>;

/// A scalar as a key: texts without case, numbers without trailing zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Text(String),
    Number(Decimal),
    Other,
}

/// Rows that stand for those of a book, by table and row.
pub type Overlay = HashMap<(usize, usize), Vec<Slot>>;

/// Works out cells of a book. Each cell is worked out once.
pub struct Evaluator<'a> {
    book: &'a Book,
    /// Rows that stand for those of the book, by table and row.
    laid_over: Overlay,
    known: RefCell<FxHashMap<CellRef, Scalar>>,
    indexes: RefCell<FxHashMap<ColumnRef, Index>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a book as it stands now.
    pub fn new(book: &'a Book) -> Self {
        Evaluator::with_rows(book, Overlay::new())
    }

    /// An evaluator for a book some of whose rows are otherwise.
    pub fn with_rows(book: &'a Book, laid_over: Overlay) -> Self {
        Evaluator {
            book,
            laid_over,
            known: RefCell::default(),
            indexes: RefCell::default(),
        }
    }

    /// The value of a cell; empty for a cell that is not there.
    pub fn cell(&self, cell: CellRef) -> Scalar {
        self.look(cell).into_owned()
    }

    /// The same, without a copy of what stands there as a fact.
    fn look(&self, cell: CellRef) -> Cow<'_, Scalar> {
        match self.view(cell) {
            None => Cow::Owned(Scalar::Empty),
            Some(View::Fact(fact, _)) => fact,
            Some(View::Link(text, _)) => Cow::Owned(Scalar::Text(text.to_owned())),
            // A figure that is made anew for each row looks at its own row only:
            // it is worked out sooner than it is looked up.
            Some(View::Figure(Cow::Owned(expr), _)) => Cow::Owned(self.expr(&expr)),
            Some(View::Figure(Cow::Borrowed(expr), _)) => {
                if let Some(known) = self.known.borrow().get(&cell) {
                    return Cow::Owned(known.clone());
                }
                let value = self.expr(expr);
                self.known.borrow_mut().insert(cell, value.clone());
                Cow::Owned(value)
            }
        }
    }

    /// What stands in a cell.
    pub(super) fn view(&self, cell: CellRef) -> Option<View<'_>> {
        match self.laid_over.get(&(cell.table, cell.row)) {
            Some(row) => row.get(cell.column).map(Slot::view),
            None => self.book.view(cell),
        }
    }

    /// The number in a cell, if there is one.
    pub fn number(&self, cell: CellRef) -> Option<Decimal> {
        self.look(cell).number()
    }

    /// The value of an expression. Where Excel would give an error the result
    /// is empty; rules guard their divisions, so this does not come up.
    pub fn expr(&self, expr: &Expr) -> Scalar {
        let number = |e: &Expr| self.expr(e).number().unwrap_or_default();
        match expr {
            Expr::Number(number) => Scalar::Number(*number),
            Expr::Text(text) => Scalar::Text(text.clone()),
            Expr::Cell(cell) => self.cell(*cell),
            Expr::CountIfs(criteria) => Scalar::Number(self.rows(criteria).len().into()),
            Expr::SumIfs(column, criteria) => {
                let rows = self.rows(criteria);
                Scalar::Number(self.numbers(*column, rows.into_iter()).sum())
            }
            Expr::SumRow { from, to } => {
                let cells = (from.column..=*to).map(|column| CellRef { column, ..*from });
                Scalar::Number(cells.filter_map(|cell| self.number(cell)).sum())
            }
            Expr::SumColumn(column) => {
                let rows = 0..self.height(*column);
                Scalar::Number(self.numbers(*column, rows).sum())
            }
            Expr::MaxColumn(column) => {
                let rows = 0..self.height(*column);
                Scalar::Number(self.numbers(*column, rows).max().unwrap_or_default())
            }
            Expr::MinColumn(column) => {
                let rows = 0..self.height(*column);
                Scalar::Number(self.numbers(*column, rows).min().unwrap_or_default())
            }
            Expr::MedianColumn(column) => {
                let mut numbers: Vec<Decimal> =
                    self.numbers(*column, 0..self.height(*column)).collect();
                numbers.sort_unstable();
                median(&numbers).map_or(Scalar::Empty, Scalar::Number)
            }
            Expr::CountNumbers(column) => {
                let rows = 0..self.height(*column);
                Scalar::Number(self.numbers(*column, rows).count().into())
            }
            Expr::Lookup { key, keys, values } => {
                let wanted = [Criterion::equal(*keys, Expr::clone(key))];
                let found = self.rows(&wanted).first().copied();
                found.map_or(Scalar::Empty, |row| self.cell(at(*values, row)))
            }
            Expr::Joined(parts) => Scalar::Text(parts.iter().map(|e| self.joined(e)).collect()),
            Expr::Sum(parts) => {
                let values = parts.iter().filter_map(|e| self.expr(e).number());
                Scalar::Number(values.sum())
            }
            Expr::Arithmetic(operator, left, right) => {
                let (left, right) = (number(left), number(right));
                let result = match operator {
                    Arithmetic::Subtract => left.checked_sub(right),
                    Arithmetic::Multiply => left.checked_mul(right),
                    Arithmetic::Divide => left.checked_div(right),
                };
                result.map_or(Scalar::Empty, Scalar::Number)
            }
            Expr::Min(left, right) => Scalar::Number(number(left).min(number(right))),
            Expr::Max(left, right) => Scalar::Number(number(left).max(number(right))),
            Expr::Round(inner, decimals) => Scalar::Number(round(number(inner), *decimals)),
            Expr::Compare(comparison, left, right) => {
                Scalar::Bool(compare(*comparison, &self.expr(left), &self.expr(right)))
            }
            Expr::And(parts) => Scalar::Bool(parts.iter().all(|e| self.holds(e))),
            Expr::Or(parts) => Scalar::Bool(parts.iter().any(|e| self.holds(e))),
            Expr::IsNumber(inner) => Scalar::Bool(matches!(
                self.expr(inner),
                Scalar::Number(_) | Scalar::Date(_)
            )),
            Expr::Filled(cell) => Scalar::Bool(match self.cell(*cell) {
                Scalar::Empty => false,
                Scalar::Text(text) => !text.is_empty(),
                _ => true,
            }),
            Expr::Month(inner) => match self.expr(inner) {
                Scalar::Date(date) => Scalar::Number(Decimal::from(date.month())),
                _ => Scalar::Empty,
            },
            Expr::If(condition, then, otherwise) => self.expr(if self.holds(condition) {
                then
            } else {
                otherwise
            }),
        }
    }

    /// A value as `&` writes it.
    fn joined(&self, expr: &Expr) -> String {
        match self.expr(expr) {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.normalize().to_string(),
            _ => String::new(),
        }
    }

    pub(super) fn holds(&self, expr: &Expr) -> bool {
        self.expr(expr) == Scalar::Bool(true)
    }

    /// Rows of a table that hold entries, without its totals.
    pub(super) fn height(&self, column: ColumnRef) -> usize {
        let table = self.book.tables.get(column.table);
        table.map_or(0, |table| table.height().saturating_sub(table.totals))
    }

    fn numbers(
        &self,
        column: ColumnRef,
        rows: impl Iterator<Item = usize>,
    ) -> impl Iterator<Item = Decimal> {
        rows.filter_map(move |row| self.number(at(column, row)))
    }

    /// The rows in which all criteria hold. An equality narrows them down
    /// through an index first.
    pub(super) fn rows(&self, criteria: &[Criterion]) -> Vec<usize> {
        let Some(first) = criteria.first() else {
            return Vec::new();
        };
        let wanted: Vec<Scalar> = criteria.iter().map(|c| self.expr(&c.with)).collect();
        // The equality that leaves the fewest rows narrows them down.
        let narrowest = criteria
            .iter()
            .zip(&wanted)
            .filter(|(c, with)| c.comparison == Comparison::Equal && key(with) != Key::Other)
            .map(|(c, with)| (self.index(c.column), key(with)))
            .min_by_key(|(index, key)| index.get(key).map_or(0, Vec::len));
        let holds = |row: &usize| {
            criteria.iter().zip(&wanted).all(|(criterion, with)| {
                let value = self.look(at(criterion.column, *row));
                compare(criterion.comparison, &value, with)
            })
        };
        match narrowest {
            Some((index, key)) => {
                let candidates = index.get(&key).into_iter().flatten().copied();
                candidates.filter(holds).collect()
            }
            None => (0..self.height(first.column)).filter(holds).collect(),
        }
    }

    fn index(&self, column: ColumnRef) -> Index {
        if let Some(index) = self.indexes.borrow().get(&column) {
            return Rc::clone(index);
        }
        let mut index: FxHashMap<Key, Vec<usize>> = FxHashMap::default();
        for row in 0..self.height(column) {
            let value = self.look(at(column, row));
            index.entry(key(&value)).or_default().push(row);
        }
        let index = Rc::new(index);
        self.indexes.borrow_mut().insert(column, Rc::clone(&index));
        index
    }
}

/// A cell of a column.
pub(super) fn at(column: ColumnRef, row: usize) -> CellRef {
    CellRef {
        table: column.table,
        row,
        column: column.column,
    }
}

/// The middle of sorted numbers, or half-way between the two in the middle.
fn median(sorted: &[Decimal]) -> Option<Decimal> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    lower.checked_add(upper)?.checked_div(Decimal::TWO)
}

fn key(value: &Scalar) -> Key {
    match value {
        Scalar::Text(text) => Key::Text(text.to_lowercase()),
        Scalar::Number(number) => Key::Number(number.normalize()),
        _ => Key::Other,
    }
}

fn compare(comparison: Comparison, left: &Scalar, right: &Scalar) -> bool {
    match (left, right) {
        (Scalar::Number(left), Scalar::Number(right)) => match comparison {
            Comparison::Equal => left == right,
            Comparison::AtLeast => left >= right,
            Comparison::MoreThan => left > right,
            Comparison::AtMost => left <= right,
            Comparison::LessThan => left < right,
        },
        (Scalar::Text(left), Scalar::Text(right)) => {
            // Chinese letters have no case: most texts need no copy.
            let cased = |text: &str| text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
            comparison == Comparison::Equal
                && (left == right
                    || (cased(left) && cased(right) && left.to_lowercase() == right.to_lowercase()))
        }
        _ => false,
    }
}
