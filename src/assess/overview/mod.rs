//! The tables of the first page: the answer in a few figures.

mod blocks;
mod figures;
mod kinds;

use super::metrics::zero;
use crate::book::{Book, ColumnRef, Criterion, Expr};
use crate::policy::{Kind, Policy};

/// Adds the tables `overview:figures`, `overview:kinds`, `overview:blocks`.
pub fn add(book: &mut Book, policy: &Policy) {
    if let Some(table) = figures::figures(book, policy) {
        book.add(table);
    }
    if let Some(table) = kinds::kinds(book, policy) {
        book.add(table);
    }
    if let Some(table) = blocks::blocks(book, policy) {
        book.add(table);
    }
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
