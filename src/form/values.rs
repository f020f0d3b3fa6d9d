//! What was taken for the fields of an entry.

use std::fmt;
use std::sync::Arc;

use super::fields::FieldIds;
use crate::value::Value;

/// What was taken for the fields of an entry, by field id, in the order in which it was
/// put there.
#[derive(Clone, Default)]
pub struct Values {
    ids: FieldIds,
    held: Vec<(u16, Value)>,
}

impl Values {
    /// None yet, with room for so many.
    pub fn new(ids: &FieldIds, room: usize) -> Self {
        Values {
            ids: Arc::clone(ids),
            held: Vec::with_capacity(room),
        }
    }

    /// The value of a field.
    pub fn get(&self, id: &str) -> Option<&Value> {
        let mut held = self.iter();
        held.find(|(one, _)| *one == id).map(|(_, value)| value)
    }

    /// Puts the value of a field of the form in the place of another. Values that came
    /// from no row know no field.
    pub fn insert(&mut self, id: &str, value: Value) {
        let known = self.ids.iter().position(|one| one == id);
        debug_assert!(known.is_some(), "no field {id}");
        if let Some(Ok(field)) = known.map(u16::try_from) {
            match self.held.iter_mut().find(|(one, _)| *one == field) {
                Some((_, held)) => *held = value,
                None => self.held.push((field, value)),
            }
        }
    }

    /// Adds the value of the field with a number, which has none yet; nothing if there
    /// is no such field.
    pub(crate) fn add(&mut self, field: u16, value: Value) -> Option<()> {
        self.ids.get(usize::from(field))?;
        self.held.push((field, value));
        Some(())
    }

    /// Each field with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.held.iter().map(|(field, value)| {
            let id = self.ids.get(usize::from(*field));
            (id.map_or("", |id| id.as_str()), value)
        })
    }

    /// The number of each field with its value.
    pub(crate) fn numbered(&self) -> &[(u16, Value)] {
        &self.held
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.held.iter().map(|(_, value)| value)
    }

    /// How many fields have a value.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// What it says, however it is held.
impl fmt::Debug for Values {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_takes_the_place_of_another() {
        let ids: FieldIds = Arc::new(vec!["a".into(), "b".into(), "c".into()]);
        let text = |text: &str| Value::Text(text.into());
        let mut values = Values::new(&ids, 3);
        values.insert("c", Value::Number(15.into()));
        values.insert("a", text("否"));
        values.insert("c", Value::Number(20.into()));
        let all: Vec<(&str, &Value)> = values.iter().collect();
        assert_eq!(all, [("c", &Value::Number(20.into())), ("a", &text("否"))]);
        assert_eq!(values.get("a"), Some(&text("否")));
        assert_eq!((values.get("b"), values.get("d")), (None, None));
    }
}
