//! The tables of the first page (`front`), and of the sheet with the main figures.

mod blocks;
mod figures;
mod front;
mod kinds;
mod named;
mod unsettled;

pub use front::banner_of;
pub use unsettled::open_in;

use super::metrics::zero;
use super::ranking::NONE;
use super::trial::Trials;
use crate::book::{Arithmetic, Book, ColumnRef, Comparison, Criterion, Expr};
use crate::policy::{FrontMoney, Kind, Policy};
use crate::reconcile::Reconciled;

/// Adds the tables `overview:figures`, `overview:kinds`, `overview:blocks`,
/// `overview:open` and those of the first page, `front:…`.
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
    book.add(unsettled::unsettled(book));
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

/// An amount in 元 as the first page shows it.
pub fn on_front(policy: &Policy, amount: Expr) -> Expr {
    match policy.pack.front_money {
        FrontMoney::Yuan => amount,
        shown => Expr::arithmetic(Arithmetic::Divide, amount, Expr::whole(shown.yuan())),
    }
}

/// A number, or that there is none.
fn none_or(number: Expr) -> Expr {
    Expr::when(some(number.clone()), number, Expr::text(NONE))
}
