//! Ids that may be used, and those of which nothing can be said because their
//! definition is spoilt or their file could not be read.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::diagnostic::Code;
use crate::policy::log::{At, Log, Text, hint};
use crate::policy::read::Many;

/// Definitions of one sort by their ids.
pub(super) struct Known<T> {
    items: IndexMap<String, T>,
    places: HashMap<String, At>,
    broken: Vec<String>,
    /// Any id may exist.
    is_open: bool,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Known {
            items: IndexMap::new(),
            places: HashMap::new(),
            broken: Vec::new(),
            is_open: false,
        }
    }
}

impl<T> Known<T> {
    /// Starts from a list as written; without it, any id may exist.
    pub fn of<W>(many: Option<&Many<W>>) -> Self {
        Known {
            broken: many.map(|many| many.broken.clone()).unwrap_or_default(),
            // A spoilt definition without a legible id may be any.
            is_open: many.is_none_or(|many| many.is_broken && many.broken.is_empty()),
            ..Known::default()
        }
    }

    /// Adds a definition; a second one of the same id is noted.
    pub fn add(&mut self, log: &mut Log<'_>, id: &Text, what: &str, item: Option<T>) {
        if let Some(first) = self.places.get(&id.value) {
            twice(log, id, what, *first);
            return;
        }
        self.places.insert(id.value.clone(), id.at);
        match item {
            Some(item) => {
                self.items.insert(id.value.clone(), item);
            }
            None => self.spoil(&id.value),
        }
    }

    /// Notes that nothing can be said of an id.
    pub fn spoil(&mut self, id: &str) {
        self.broken.push(id.to_owned());
    }

    /// The definition of an id that is known to be sound.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.items.get(id)
    }

    /// The definition of an id, unless it is unknown, which is noted, or
    /// spoilt, which has been noted.
    pub fn find(&self, log: &mut Log<'_>, id: &Text, what: &str) -> Option<&T> {
        self.miss(log, id, what, Code::PackUnknownId);
        self.items.get(&id.value)
    }

    /// Notes an id that is surely unknown.
    pub fn miss(&self, log: &mut Log<'_>, id: &Text, what: &str, code: Code) {
        if self.may_have(&id.value) {
            return;
        }
        let names = self.items.keys().chain(&self.broken);
        let tail = hint(&id.value, names.map(String::as_str));
        log.add(code, id.at, format!("没有“{}”这个{what}{tail}", id.value));
    }

    /// Whether an id exists or may exist.
    pub fn may_have(&self, id: &str) -> bool {
        self.is_open || self.items.contains_key(id) || self.broken.iter().any(|b| b == id)
    }

    /// Whether all definitions could be read.
    pub fn is_whole(&self) -> bool {
        !self.is_open && self.broken.is_empty()
    }

    /// The sound definitions.
    pub fn items(&self) -> &IndexMap<String, T> {
        &self.items
    }

    /// Puts the definitions into the order of these ids.
    pub fn sort_like<'i>(&mut self, ids: impl IntoIterator<Item = &'i str>) {
        let order: HashMap<&str, usize> = ids.into_iter().zip(0..).collect();
        self.items
            .sort_by_key(|id, _| order.get(id.as_str()).copied());
    }

    /// Where an id is defined.
    pub fn place(&self, id: &str) -> Option<At> {
        self.places.get(id).copied()
    }

    /// The sound definitions.
    pub fn into_items(self) -> IndexMap<String, T> {
        self.items
    }
}

/// Notes a second use of an id or name.
pub(super) fn twice(log: &mut Log<'_>, text: &Text, what: &str, first: At) {
    let place = log.place(first);
    let message = format!("{what}“{}”重复，前面已经有了（{place}）。", text.value);
    log.add(Code::PackDuplicateId, text.at, message)
        .finding
        .related
        .push(place);
}

/// Notes second uses in a list of names or ids.
#[derive(Default)]
pub(super) struct Once {
    seen: HashMap<String, At>,
}

impl Once {
    /// Whether the text has not come before under this key.
    pub fn note(&mut self, log: &mut Log<'_>, key: &str, text: &Text, what: &str) -> bool {
        match self.seen.get(key) {
            Some(first) => {
                twice(log, text, what, *first);
                false
            }
            None => {
                self.seen.insert(key.to_owned(), text.at);
                true
            }
        }
    }
}
