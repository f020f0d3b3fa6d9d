//! Keys of households and helpers in the ledger of who helps whom.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ledger::LedgerEntry;
use crate::policy::{Pairing, Policy};
use crate::reconcile::Reconciled;
use crate::roster::Roster;
use crate::value::Value;

/// A pair of household and helper; the fields in the order of sorting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair<'a> {
    /// Village and household.
    pub household: (Cow<'a, str>, Cow<'a, str>),
    /// Unit and helper.
    pub helper: (Cow<'a, str>, Cow<'a, str>),
}

/// Keys by two texts.
type ByTwo = FxHashMap<String, FxHashMap<String, String>>;

/// Keys of households and helpers. Names are typed by people and may hold
/// what COUNTIFS takes for a wildcard; keys do not.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    households: ByTwo,
    helpers: ByTwo,
}

impl Keys {
    /// Keys for all entries of the form that says who helps whom.
    pub fn new(policy: &Policy, roster: &Roster, reconciled: &Reconciled) -> Self {
        let Some(rule) = &policy.reconcile.pairing else {
            return Keys::default();
        };
        let own = reconciled.entries().filter(|(e, ..)| e.form == rule.form);
        let pairs = own.map(|(entry, ..)| pair(rule, roster, entry));
        let (households, helpers): (FxHashSet<_>, FxHashSet<_>) =
            pairs.map(|pair| (pair.household, pair.helper)).unzip();
        Keys {
            households: numbered(households, 'H'),
            helpers: numbered(helpers, 'P'),
        }
    }

    /// Keys of the household and of the helper of a pair.
    pub fn of(&self, pair: &Pair<'_>) -> [&str; 2] {
        [
            key(&self.households, &pair.household),
            key(&self.helpers, &pair.helper),
        ]
    }

    /// Key of an entry's household; empty for another form's entry.
    pub fn household(&self, rule: &Pairing, roster: &Roster, entry: &LedgerEntry) -> &str {
        key(&self.households, &pair(rule, roster, entry).household)
    }

    /// Key of an entry's helper; empty for another form's entry.
    pub fn helper(&self, rule: &Pairing, roster: &Roster, entry: &LedgerEntry) -> &str {
        key(&self.helpers, &pair(rule, roster, entry).helper)
    }
}

/// Running keys in the order of the texts.
fn numbered(texts: FxHashSet<(Cow<'_, str>, Cow<'_, str>)>, letter: char) -> ByTwo {
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_unstable();
    let mut keys = ByTwo::default();
    for ((first, second), number) in texts.into_iter().zip(1..) {
        let own = keys.entry(first.into_owned()).or_default();
        own.insert(second.into_owned(), format!("{letter}{number:05}"));
    }
    keys
}

/// The pair of an entry.
pub fn pair<'a>(rule: &Pairing, roster: &'a Roster, entry: &'a LedgerEntry) -> Pair<'a> {
    let unit = roster.unit(&entry.credited).map_or("", |u| u.name.as_str());
    Pair {
        household: (text(entry, &rule.village), text(entry, &rule.household)),
        helper: (Cow::Borrowed(unit), text(entry, &rule.helper)),
    }
}

fn key<'k>(keys: &'k ByTwo, (first, second): &(Cow<'_, str>, Cow<'_, str>)) -> &'k str {
    let key = keys.get(&**first).and_then(|own| own.get(&**second));
    key.map_or("", String::as_str)
}

pub fn text<'a>(entry: &'a LedgerEntry, field: &str) -> Cow<'a, str> {
    match entry.values.get(field) {
        None => Cow::Borrowed(""),
        Some(Value::Text(text)) => Cow::Borrowed(text),
        Some(other) => Cow::Owned(other.to_string()),
    }
}
