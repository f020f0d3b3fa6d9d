//! The tables of the first page (`front`), and of the sheet with the main figures.

mod blocks;
mod figures;
mod front;
mod kinds;
mod named;

pub use front::OPEN;

use super::metrics::zero;
use super::ranking::NONE;
use super::trial::Trials;
use crate::book::{Arithmetic, Book, ColumnRef, Comparison, Criterion, Expr};
use crate::policy::{Kind, Policy};
use crate::reconcile::Reconciled;

/// Adds the tables `overview:figures`, `overview:kinds`, `overview:blocks` and those of
/// the first page, `front:…`.
pub fn add(book: &mut Book, policy: &Policy, reconciled: &Reconciled, trials: &Trials) {
    if let Some(table) = figures::figures(book, policy) {
        book.add(table);
    }
    if let Some(table) = kinds::kinds(book, policy) {
        book.add(table);
    }
    if let Some(table) = blocks::blocks(book, policy) {
        book.add(table);
    }
    front::add(book, policy, reconciled, trials);
}

/// How many rows of a column say a word.
fn count(column: Option<ColumnRef>, word: &str) -> Expr {
    match column {
        Some(column) => Expr::CountIfs(vec![Criterion::equal(column, Expr::text(word))]),
        None => zero(),
    }
}

/// The items of a choice field.
fn items<'a>(policy: &'a Policy, form: &str, field: &str) -> Option<&'a [String]> {
    let Kind::Choice(choice) = &policy.forms.get(form)?.fields.get(field)?.kind else {
        return None;
    };
    Some(&policy.choices.get(choice)?.items)
}

/// Whether a number is more than zero.
fn some(number: Expr) -> Expr {
    Expr::compare(Comparison::MoreThan, number, zero())
}

/// An amount in 元 as 万元.
pub fn in_wan(amount: Expr) -> Expr {
    Expr::arithmetic(Arithmetic::Divide, amount, Expr::whole(10_000))
}

/// A number, or that there is none.
fn none_or(number: Expr) -> Expr {
    Expr::when(some(number.clone()), number, Expr::text(NONE))
}
