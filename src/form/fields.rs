//! What stands in the fields of an entry. There may be half a million entries
//! of ten fields each: the ids are held once for all entries of a form, and an
//! entry holds the numbers of its own.

use std::sync::Arc;

use ecow::EcoString;

use crate::policy::Form;

/// The ids of a form's fields, held once for all its entries.
pub type FieldIds = Arc<Vec<EcoString>>;

/// The ids of a form's fields, in its order.
pub fn field_ids(form: &Form) -> FieldIds {
    Arc::new(form.fields.keys().map(EcoString::from).collect())
}

/// Something for each of some fields of an entry, by field id, in the order in
/// which it was put there.
#[derive(Debug, Clone)]
pub struct Fields<T> {
    ids: FieldIds,
    held: Vec<(u16, T)>,
}

impl<T> Fields<T> {
    /// Nothing yet, with room for so many.
    pub fn new(ids: &FieldIds, room: usize) -> Self {
        Fields {
            ids: Arc::clone(ids),
            held: Vec::with_capacity(room),
        }
    }

    /// What stands in fields by their numbers, each once and each below the number of
    /// ids.
    pub(crate) fn of(ids: &FieldIds, held: Vec<(u16, T)>) -> Self {
        let ids = Arc::clone(ids);
        Fields { ids, held }
    }

    /// The ids of the fields.
    pub(crate) fn ids(&self) -> &FieldIds {
        &self.ids
    }

    /// What stands in each field, by its number.
    pub(crate) fn numbered(&self) -> &[(u16, T)] {
        &self.held
    }

    /// What stands in a field.
    pub fn get(&self, id: &str) -> Option<&T> {
        // There are few: looking at all of them is quicker than any index.
        let mut held = self.held.iter();
        held.find(|(number, _)| self.id(*number) == id)
            .map(|(_, what)| what)
    }

    /// Whether anything stands in a field.
    pub fn contains_key(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Puts something in a field, in the place of what stood there.
    pub fn insert(&mut self, id: &str, what: T) {
        let known = self.ids.iter().position(|one| one == id);
        // A form has no more fields than a sheet has columns.
        let Ok(number) = u16::try_from(known.unwrap_or(self.ids.len())) else {
            return;
        };
        if known.is_none() {
            Arc::make_mut(&mut self.ids).push(id.into());
        }
        match self.held.iter_mut().find(|(of, _)| *of == number) {
            Some((_, held)) => *held = what,
            None => self.held.push((number, what)),
        }
    }

    /// Each field with what stands in it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.held
            .iter()
            .map(|(number, what)| (self.id(*number), what))
    }

    /// What stands in the fields.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.held.iter().map(|(_, what)| what)
    }

    /// What was put there first, with its field.
    pub fn first(&self) -> Option<(&str, &T)> {
        self.iter().next()
    }

    /// In how many fields anything stands.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing stands in any field.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    fn id(&self, number: u16) -> &str {
        self.ids.get(usize::from(number)).map_or("", |id| id)
    }
}

impl<T> Default for Fields<T> {
    fn default() -> Self {
        Fields {
            ids: FieldIds::default(),
            held: Vec::new(),
        }
    }
}

/// The same in the same fields, in whatever order it was put there.
impl<T: PartialEq> PartialEq for Fields<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(id, what)| other.get(id) == Some(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_a_field_stands_there_alone() {
        let ids: FieldIds = Arc::new(vec!["amount".into(), "date".into()]);
        let mut fields = Fields::new(&ids, 2);
        fields.insert("date", 1);
        fields.insert("amount", 2);
        fields.insert("date", 3);
        // No field of the form; it is held all the same.
        fields.insert("other", 4);
        let all: Vec<(&str, &i32)> = fields.iter().collect();
        assert_eq!(all, [("date", &3), ("amount", &2), ("other", &4)]);
        assert_eq!(fields.get("amount"), Some(&2));
        assert_eq!(fields.get("village"), None);
        assert_eq!(ids.len(), 2);
    }
}
