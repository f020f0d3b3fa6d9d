//! A fact as it is held once for all cells in which it stands.

use std::hash::{Hash, Hasher};

use indexmap::Equivalent;

use crate::sheet::Scalar;

/// A fact that is held once. Numbers are the same only with the same decimals.
#[derive(Debug, Clone)]
pub(super) struct Interned(pub Scalar);

impl PartialEq for Interned {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Scalar::Number(one), Scalar::Number(other)) => one.serialize() == other.serialize(),
            (one, other) => one == other,
        }
    }
}

impl Eq for Interned {}

impl Hash for Interned {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Scalar::Text(text) => text.as_str().hash(state),
            Scalar::Number(number) => number.serialize().hash(state),
            Scalar::Date(date) => date.hash(state),
            Scalar::Bool(of) => of.hash(state),
            Scalar::Empty => {}
        }
    }
}

/// A text that may be held.
#[derive(Hash)]
pub(super) struct Words<'t>(pub &'t str);

impl Equivalent<Interned> for Words<'_> {
    fn equivalent(&self, key: &Interned) -> bool {
        matches!(&key.0, Scalar::Text(text) if text == self.0)
    }
}
