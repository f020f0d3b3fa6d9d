//! The exact evaluator: the same expressions that become formulas, worked out
//! with `Decimal`. It follows Excel where the two could differ (texts in sums
//! are passed over, texts compare without regard to case).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rust_decimal::Decimal;

use super::columns::ColumnStore;
use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use super::index::{ColumnIndex, Lookups, numbers};
use super::{Book, Slot, Table, View};
use crate::sheet::Scalar;
use crate::value::round;

/// Rows that stand for those of a book, by table and row.
pub type Overlay = HashMap<(usize, usize), Vec<Slot>>;

/// Works out cells of a book. What looks at more than single cells is worked out
/// once, for all who ask, several at once as well.
pub struct Evaluator<'a> {
    book: &'a Book,
    /// Rows that stand for those of the book, by table and row.
    laid_over: Overlay,
    /// The tables of those rows.
    otherwise: HashSet<usize>,
    /// What is known of columns, by table and column.
    columns: Vec<Box<[OfColumn]>>,
}

/// What is known of a column.
#[derive(Default)]
struct OfColumn {
    /// What is looked up in it.
    looked: Lookups,
    /// What its figures come to, by row.
    known: OnceLock<Box<[OnceLock<Scalar>]>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a book as it stands now.
    pub fn new(book: &'a Book) -> Self {
        Evaluator::with_rows(book, Overlay::new())
    }

    /// An evaluator for a book some of whose rows are otherwise.
    pub fn with_rows(book: &'a Book, laid_over: Overlay) -> Self {
        let unknown = |count: usize| (0..count).map(|_| OfColumn::default()).collect();
        let tables = book.tables.iter();
        Evaluator {
            book,
            otherwise: laid_over.keys().map(|(table, _)| *table).collect(),
            laid_over,
            columns: tables.map(|table| unknown(table.columns.len())).collect(),
        }
    }

    /// The book.
    pub fn book(&self) -> &'a Book {
        self.book
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
            Some(View::Link(text, _)) => Cow::Owned(Scalar::Text(text.into_owned())),
            Some(View::Figure(expr, _)) if self.is_packed(cell.table) && expr.is_light() => {
                // Sooner worked out than looked up.
                Cow::Owned(self.expr(expr, cell.row))
            }
            Some(View::Figure(expr, _)) => match self.known(cell) {
                None => Cow::Owned(self.expr(expr, cell.row)),
                Some(known) => Cow::Borrowed(match known.get() {
                    Some(known) => known,
                    None => {
                        // Nothing is held meanwhile: two may work out the same, and
                        // both come to the same.
                        let value = self.expr(expr, cell.row);
                        known.get_or_init(|| value)
                    }
                }),
            },
        }
    }

    /// Whether there may be very many rows in a table.
    fn is_packed(&self, table: usize) -> bool {
        let table = self.book.tables.get(table);
        table.is_some_and(|table| table.packed.is_some())
    }

    /// Where the value of a figure is kept.
    fn known(&self, cell: CellRef) -> Option<&OnceLock<Scalar>> {
        let known = &self.columns.get(cell.table)?.get(cell.column)?.known;
        let height = || self.book.tables.get(cell.table).map_or(0, Table::height);
        let made = known.get_or_init(|| (0..height()).map(|_| OnceLock::new()).collect());
        made.get(cell.row)
    }

    /// What stands in a cell.
    pub(super) fn view(&self, cell: CellRef) -> Option<View<'_>> {
        if self.laid_over.is_empty() {
            return self.book.view(cell);
        }
        match self.laid_over.get(&(cell.table, cell.row)) {
            Some(row) => row.get(cell.column).map(Slot::view),
            None => self.book.view(cell),
        }
    }

    /// The number in a cell, if there is one.
    pub fn number(&self, cell: CellRef) -> Option<Decimal> {
        self.look(cell).number()
    }

    /// The value of an expression that stands in a row. Where Excel would give an error the result
    /// is empty; rules guard their divisions, so this does not come up.
    pub fn expr(&self, expr: &Expr, row: usize) -> Scalar {
        let number = |e: &Expr| self.expr(e, row).number().unwrap_or_default();
        match expr {
            Expr::Number(number) => Scalar::Number(*number),
            Expr::Text(text) => Scalar::Text(text.clone()),
            Expr::Cell(cell) => self.cell(cell.seen_from(row)),
            Expr::CountIfs(criteria) => {
                let mut count = 0_usize;
                self.each_row(criteria, row, |_| count += 1);
                Scalar::Number(count.into())
            }
            Expr::SumIfs(column, criteria) => {
                let rows = self.rows(criteria, row);
                Scalar::Number(self.numbers(*column, rows.into_iter()).sum())
            }
            Expr::SumRow { from, to } => {
                let from = from.seen_from(row);
                let cells = (from.column..=*to).map(|column| CellRef { column, ..from });
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
                let found = self.found(key, *keys, row);
                found.map_or(Scalar::Empty, |found| self.cell(at(*values, found)))
            }
            Expr::Joined(parts) => {
                Scalar::Text(parts.iter().map(|e| self.joined(e, row)).collect())
            }
            Expr::Sum(parts) => {
                let values = parts.iter().filter_map(|e| self.expr(e, row).number());
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
            Expr::Compare(comparison, left, right) => Scalar::Bool(compare(
                *comparison,
                &self.expr(left, row),
                &self.expr(right, row),
            )),
            Expr::And(parts) => Scalar::Bool(parts.iter().all(|e| self.holds(e, row))),
            Expr::Or(parts) => Scalar::Bool(parts.iter().any(|e| self.holds(e, row))),
            Expr::IsNumber(inner) => Scalar::Bool(matches!(
                self.expr(inner, row),
                Scalar::Number(_) | Scalar::Date(_)
            )),
            Expr::Filled(cell) => Scalar::Bool(match self.cell(cell.seen_from(row)) {
                Scalar::Empty => false,
                Scalar::Text(text) => !text.is_empty(),
                _ => true,
            }),
            Expr::Month(inner) => match self.expr(inner, row) {
                Scalar::Date(date) => Scalar::Number(Decimal::from(date.month())),
                _ => Scalar::Empty,
            },
            Expr::Year(inner) => match self.expr(inner, row) {
                Scalar::Date(date) => Scalar::Number(Decimal::from(date.year())),
                _ => Scalar::Empty,
            },
            Expr::If(condition, then, otherwise) => match self.holds(condition, row) {
                true => self.expr(then, row),
                false => self.expr(otherwise, row),
            },
        }
    }

    /// A value as `&` writes it.
    fn joined(&self, expr: &Expr, row: usize) -> String {
        match self.expr(expr, row) {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.normalize().to_string(),
            _ => String::new(),
        }
    }

    pub(super) fn holds(&self, expr: &Expr, row: usize) -> bool {
        self.expr(expr, row) == Scalar::Bool(true)
    }

    /// Rows of a table that hold entries, without its totals.
    pub(super) fn height(&self, column: ColumnRef) -> usize {
        let table = self.book.tables.get(column.table);
        table.map_or(0, |table| table.height().saturating_sub(table.totals))
    }

    /// The numbers that stand in some rows of a column.
    fn numbers(
        &self,
        column: ColumnRef,
        rows: impl Iterator<Item = usize>,
    ) -> impl Iterator<Item = Decimal> {
        let facts = self.looked(column).and_then(|looked| {
            let made = || numbers(self.height(column), |row| self.view(at(column, row)));
            looked.numbers.get_or_init(made).as_deref()
        });
        rows.filter_map(move |row| match facts {
            Some(facts) => *facts.get(row)?,
            None => self.number(at(column, row)),
        })
    }

    /// The value of an expression, without a copy of a fact.
    fn with(&self, expr: &Expr, row: usize) -> Cow<'_, Scalar> {
        match expr {
            Expr::Cell(cell) => self.look(cell.seen_from(row)),
            other => Cow::Owned(self.expr(other, row)),
        }
    }

    /// The first row of a column in which a key stands.
    pub(super) fn found(&self, key: &Expr, keys: ColumnRef, row: usize) -> Option<usize> {
        let wanted = self.with(key, row);
        let column = self.index(keys)?;
        let rows = column.rows(column.find(&wanted)?);
        rows.first().map(|row| *row as usize)
    }

    /// The rows in which all criteria of an expression hold that stands in a row.
    pub(super) fn rows(&self, criteria: &[Criterion], row: usize) -> Vec<usize> {
        let mut rows = Vec::new();
        self.each_row(criteria, row, |row| rows.push(row));
        rows
    }

    /// Goes through the rows in which all criteria of an expression hold that stands
    /// in a row. Equalities narrow them down through
    /// an index of each column, beginning with the one that leaves the fewest.
    fn each_row(&self, criteria: &[Criterion], row: usize, put: impl FnMut(usize)) {
        let Some(first) = criteria.first() else {
            return;
        };
        let mut equal: Vec<(&ColumnIndex, u32)> = Vec::with_capacity(criteria.len());
        let mut others: Vec<(&Criterion, Cow<'_, Scalar>)> = Vec::new();
        for criterion in criteria {
            let with = self.with(&criterion.with, row);
            if criterion.comparison != Comparison::Equal {
                others.push((criterion, with));
                continue;
            }
            let found = self.index(criterion.column);
            match found.and_then(|column| Some((column, column.find(&with)?))) {
                Some(found) => equal.push(found),
                // Nothing equals what does not stand there.
                None => return,
            }
        }
        let holds = |row: &usize| {
            equal.iter().all(|(column, value)| column.is(*row, *value))
                && others.iter().all(|(criterion, with)| {
                    let value = self.look(at(criterion.column, *row));
                    compare(criterion.comparison, &value, with)
                })
        };
        let fewest = equal
            .iter()
            .map(|(column, value)| column.rows(*value))
            .min_by_key(|rows| rows.len());
        match fewest {
            Some(rows) => {
                let rows = rows.iter().map(|row| *row as usize);
                rows.filter(holds).for_each(put);
            }
            None => (0..self.height(first.column)).filter(holds).for_each(put),
        }
    }

    /// What is looked up in a column: of facts in packed rows the same for all,
    /// unless rows of it are otherwise here.
    fn looked(&self, column: ColumnRef) -> Option<&Lookups> {
        if let Some(looked) = self
            .packed(column)
            .and_then(|packed| packed.looked(column.column))
        {
            return Some(looked);
        }
        Some(&self.columns.get(column.table)?.get(column.column)?.looked)
    }

    /// The packed rows of a table, if they are here as they are in the book.
    fn packed(&self, column: ColumnRef) -> Option<&ColumnStore> {
        let packed = self.book.tables.get(column.table)?.packed.as_ref()?;
        (!self.otherwise.contains(&column.table)).then_some(packed)
    }

    /// The rows of a column by what stands in them. Nobody waits for oneself
    /// here: columns that are looked up in do not look each other up in a circle.
    fn index(&self, column: ColumnRef) -> Option<&ColumnIndex> {
        let looked = self.looked(column)?;
        let made = || {
            let packed = self.packed(column);
            if let Some(made) = packed.and_then(|packed| packed.column(column.column)) {
                return Box::new(made);
            }
            let rows = 0..self.height(column);
            Box::new(ColumnIndex::new(rows.map(|row| self.look(at(column, row)))))
        };
        Some(looked.index.get_or_init(made))
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
