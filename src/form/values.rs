//! What was taken for the fields of an entry. Nearly always it is what stands in its
//! cells, and then it is not held besides.

use std::fmt;
use std::sync::Arc;

use super::fields::{Cells, RawCell, RawRow};
use crate::value::Value;

/// Marks the number of a field whose value is not what stands in its cell.
const OTHER: u16 = 1 << 15;

/// What was taken for the fields of an entry, by field id, in the order in which it
/// was put there.
#[derive(Clone, Default)]
pub struct Values {
    raw: Arc<RawRow>,
    /// Which fields have a value; where that is not said, each that has a cell, as it
    /// was found.
    said: Option<Box<Said>>,
}

/// Which fields have a value, and which.
#[derive(Clone, Default)]
struct Said {
    /// The numbers of the fields, marked where the value is another than was found.
    fields: Vec<u16>,
    /// Those values, in the same order.
    others: Vec<Value>,
}

impl Values {
    /// Nothing yet, with room for so many.
    pub fn new(raw: &Arc<RawRow>, room: usize) -> Self {
        Values {
            raw: Arc::clone(raw),
            said: Some(Box::new(Said {
                fields: Vec::with_capacity(room),
                others: Vec::new(),
            })),
        }
    }

    /// What was found in each cell; nothing where that has to be interpreted.
    pub(crate) fn as_found(raw: &Arc<RawRow>) -> Option<Self> {
        let mut cells = raw.cells.values();
        let all = cells.all(|cell| cell.plain().is_some());
        all.then(|| Values {
            raw: Arc::clone(raw),
            said: None,
        })
    }

    /// Adds the value of the field with a number, which has none yet; without one it
    /// is what stands in its cell. Nothing if there is no such field or cell.
    pub(crate) fn add(&mut self, field: u16, value: Option<Value>) -> Option<()> {
        let cells = &self.raw.cells;
        cells.ids().get(usize::from(field))?;
        let found = cells.numbered(field).and_then(RawCell::plain);
        let said = said(&mut self.said, cells);
        match value {
            None => {
                found?;
                said.fields.push(field);
            }
            Some(value) if found.is_some_and(|found| is_same(found, &value)) => {
                said.fields.push(field);
            }
            Some(value) => {
                said.fields.push(field | OTHER);
                said.others.push(value);
            }
        }
        Some(())
    }

    /// The value of a field.
    pub fn get(&self, id: &str) -> Option<&Value> {
        let Some(said) = &self.said else {
            return self.raw.cells.get(id)?.plain();
        };
        let mut ids = self.raw.cells.ids().iter();
        let field = ids.position(|one| one == id)?;
        let (at, field) = said.place(u16::try_from(field).ok()?)?;
        match field & OTHER {
            0 => self.raw.cells.numbered(field)?.plain(),
            _ => said.others.get(said.others_before(at)),
        }
    }

    /// Puts the value of a field of the form in the place of another. Values that came
    /// from no row know no field.
    pub fn insert(&mut self, id: &str, value: Value) {
        let mut ids = self.raw.cells.ids().iter();
        let known = ids.position(|one| one == id);
        debug_assert!(known.is_some(), "no field {id}");
        let Some(number) = known.and_then(|field| u16::try_from(field).ok()) else {
            return;
        };
        let said = said(&mut self.said, &self.raw.cells);
        let Some((at, field)) = said.place(number) else {
            self.add(number, Some(value));
            return;
        };
        let before = said.others_before(at);
        if field & OTHER == 0 {
            if let Some(field) = said.fields.get_mut(at) {
                *field |= OTHER;
            }
            said.others.insert(before, value);
        } else if let Some(other) = said.others.get_mut(before) {
            *other = value;
        }
    }

    /// Each field with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.numbered().map(|(field, value)| {
            let id = self.raw.cells.ids().get(usize::from(field));
            (id.map_or("", |id| id.as_str()), value)
        })
    }

    /// The number of each field with its value.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u16, &Value)> {
        let cells = &self.raw.cells;
        let found = self.said.is_none().then(|| cells.values());
        let found = found.into_iter().flatten();
        let found = found.filter_map(|cell| Some((cell.field(), cell.plain()?)));
        let said = self.said.iter().flat_map(move |said| {
            let mut others = said.others.iter();
            said.fields.iter().filter_map(move |field| {
                let value = match field & OTHER {
                    0 => cells.numbered(*field)?.plain()?,
                    _ => others.next()?,
                };
                Some((field & !OTHER, value))
            })
        });
        found.chain(said)
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.numbered().map(|(_, value)| value)
    }

    /// How many fields have a value.
    pub fn len(&self) -> usize {
        match &self.said {
            Some(said) => said.fields.len(),
            None => self.raw.cells.len(),
        }
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Which fields have a value, said from here on.
fn said<'s>(said: &'s mut Option<Box<Said>>, cells: &Cells) -> &'s mut Said {
    said.get_or_insert_with(|| {
        Box::new(Said {
            fields: cells.values().map(RawCell::field).collect(),
            others: Vec::new(),
        })
    })
}

impl Said {
    /// Where a field stands in their order, with its mark.
    fn place(&self, number: u16) -> Option<(usize, u16)> {
        let at = self.fields.iter().position(|one| one & !OTHER == number)?;
        Some((at, *self.fields.get(at)?))
    }

    /// How many of the fields before one have another value than was found.
    fn others_before(&self, at: usize) -> usize {
        let before = self.fields.iter().take(at);
        before.filter(|field| **field & OTHER != 0).count()
    }
}

/// What it says, however it is held.
impl fmt::Debug for Values {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.iter()).finish()
    }
}

/// Whether a value is what was found, to the last sign.
fn is_same(found: &Value, value: &Value) -> bool {
    match (found, value) {
        // Equal numbers may be written with more and fewer decimals.
        (Value::Number(found), Value::Number(value)) => found.serialize() == value.serialize(),
        _ => found == value,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::tests::row;
    use super::*;
    use crate::form::FieldIds;
    use crate::sheet::Found;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn a_value_is_held_only_where_it_is_not_what_was_found() {
        let ids: FieldIds = Arc::new(vec!["a".into(), "b".into(), "c".into(), "d".into()]);
        let day = jiff::civil::date(2018, 6, 8);
        let cells = [
            ("a", Found::Text("甲".into())),
            ("b", Found::Date(day, 60)),
            ("c", Found::Number(15.into())),
        ];
        let mut values = Values::new(&row(&ids, &cells), 3);
        values.insert("c", Value::Number(15.into()));
        values.insert("b", Value::Date(day));
        values.insert("d", text("否"));
        values.insert("a", text("甲"));
        let others = |values: &Values| values.said.as_ref().map(|said| said.others.len());
        assert_eq!((values.len(), others(&values)), (4, Some(2)));
        // What a ruling changes is held from then on.
        values.insert("c", Value::Number(20.into()));
        values.insert("d", text("是"));
        let all: Vec<(&str, &Value)> = values.iter().collect();
        let wanted = [
            ("c", &Value::Number(20.into())),
            ("b", &Value::Date(day)),
            ("d", &text("是")),
            ("a", &text("甲")),
        ];
        assert_eq!(all, wanted);
        for (id, value) in wanted {
            assert_eq!(values.get(id), Some(value), "{id}");
        }
        assert_eq!(values.get("e"), None);
    }

    #[test]
    fn what_was_found_in_each_cell_is_not_said_again() {
        let ids: FieldIds = Arc::new(vec!["a".into(), "b".into(), "c".into()]);
        let found = [
            ("b", Found::Number(15.into())),
            ("a", Found::Text("甲".into())),
        ];
        let row = row(&ids, &found);
        let mut values = Values::as_found(&row).unwrap_or_default();
        let all = [("b", Value::Number(15.into())), ("a", text("甲"))];
        let owned = |values: &Values| -> Vec<(String, Value)> {
            values
                .iter()
                .map(|(id, v)| (id.to_owned(), v.clone()))
                .collect()
        };
        assert_eq!(
            owned(&values),
            all.map(|(id, value)| (id.to_owned(), value))
        );
        assert_eq!(
            (values.len(), values.get("a"), values.get("c")),
            (2, Some(&text("甲")), None)
        );
        values.insert("b", Value::Number(1.into()));
        values.insert("c", text("乙"));
        let all = [
            ("b", Value::Number(1.into())),
            ("a", text("甲")),
            ("c", text("乙")),
        ];
        assert_eq!(
            owned(&values),
            all.map(|(id, value)| (id.to_owned(), value))
        );
        let day = [("a", Found::Date(jiff::civil::date(2018, 6, 8), 60))];
        assert!(Values::as_found(&super::super::fields::tests::row(&ids, &day)).is_none());
    }

    #[test]
    fn values_take_little_room() {
        assert_eq!(size_of::<Values>(), 16);
    }
}
