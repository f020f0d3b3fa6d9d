//! What stands in the fields of an entry. There may be half a million entries
//! of ten fields each: the ids are held once for all entries of a form, and an entry
//! holds the numbers of its own.

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::policy::Form;
use crate::sheet::{Cell, Found, Unscaled};
use crate::value::Value;

/// The ids of a form's fields, held once for all its entries.
pub type FieldIds = Arc<Vec<EcoString>>;

/// The ids of a form's fields, in its order.
pub fn field_ids(form: &Form) -> FieldIds {
    Arc::new(form.fields.keys().map(EcoString::from).collect())
}

/// A cell of an entry as it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawCell {
    cell: Cell,
    found: Found,
    marks: Option<Box<Marks>>,
}

/// What a cell of an entry carries beside its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// All of it is struck through.
    pub struck: bool,
    /// Its number format, if that shows another number than is stored.
    pub format: Option<Unscaled>,
}

impl RawCell {
    /// A cell in which something was found.
    pub fn new(cell: Cell, found: Found) -> Self {
        RawCell {
            cell,
            found,
            marks: None,
        }
    }

    /// The same, with what it carries beside its value.
    #[must_use]
    pub fn marked(self, marks: Marks) -> Self {
        let marks = (marks != Marks::default()).then(|| Box::new(marks));
        RawCell { marks, ..self }
    }

    /// Whether all of it is struck through.
    pub fn is_struck(&self) -> bool {
        self.marks.as_ref().is_some_and(|marks| marks.struck)
    }

    /// Its number format, if that shows another number than is stored.
    pub fn unscaled(&self) -> Option<&Unscaled> {
        self.marks.as_ref()?.format.as_ref()
    }

    /// Where.
    pub fn cell(&self) -> Cell {
        self.cell
    }

    /// What.
    pub fn found(&self) -> &Found {
        &self.found
    }
}

/// What there is of the fields of an entry, by field id, in the order in which it was
/// put there.
#[derive(Clone)]
pub struct ByField<T> {
    ids: FieldIds,
    held: Vec<(u16, T)>,
}

/// The cells of an entry.
pub type Cells = ByField<RawCell>;

/// What was taken for the fields of an entry.
pub type Values = ByField<Value>;

impl<T> Default for ByField<T> {
    fn default() -> Self {
        Self::new(&FieldIds::default(), 0)
    }
}

impl<T> ByField<T> {
    /// Nothing yet, with room for so much.
    pub fn new(ids: &FieldIds, room: usize) -> Self {
        ByField {
            ids: Arc::clone(ids),
            held: Vec::with_capacity(room),
        }
    }

    /// The ids of the fields.
    pub(crate) fn ids(&self) -> &FieldIds {
        &self.ids
    }

    /// Adds what there is of the field with a number, of which there is nothing yet;
    /// nothing if there is no such field.
    pub(crate) fn add(&mut self, field: u16, one: T) -> Option<()> {
        self.ids.get(usize::from(field))?;
        self.held.push((field, one));
        Some(())
    }

    /// What there is of a field.
    pub fn get(&self, id: &str) -> Option<&T> {
        // There are few: looking at all of them is quicker than any index.
        let mut held = self.iter();
        held.find(|(one, _)| *one == id).map(|(_, held)| held)
    }

    /// Whether there is anything of a field.
    pub fn contains_key(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Puts something into a field, in the place of what was there.
    pub fn insert(&mut self, id: &str, one: T) {
        let known = self.ids.iter().position(|one| one == id);
        // A form has no more fields than a sheet has columns.
        let Ok(field) = u16::try_from(known.unwrap_or(self.ids.len())) else {
            return;
        };
        if known.is_none() {
            Arc::make_mut(&mut self.ids).push(id.into());
        }
        match self.held.iter_mut().find(|(held, _)| *held == field) {
            Some((_, held)) => *held = one,
            None => self.held.push((field, one)),
        }
    }

    /// Each field with what there is of it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.held.iter().map(|(field, held)| {
            let id = self.ids.get(usize::from(*field));
            (id.map_or("", |id| id.as_str()), held)
        })
    }

    /// The number of each field with what there is of it.
    pub(crate) fn numbered(&self) -> &[(u16, T)] {
        &self.held
    }

    /// All that there is.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.held.iter().map(|(_, held)| held)
    }

    /// What was put there first, with its field.
    pub fn first(&self) -> Option<(&str, &T)> {
        self.iter().next()
    }

    /// Of how many fields there is something.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// What it says, however it is held.
impl<T: fmt::Debug> fmt::Debug for ByField<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.iter()).finish()
    }
}

/// An entry as it was found: cells by field id.
#[derive(Debug, Clone, Default)]
pub struct RawRow {
    /// Row, from 0.
    pub row: u32,
    /// Cells that are not empty.
    pub cells: Cells,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row with these cells.
    fn row(ids: &FieldIds, cells: &[(&str, Found)]) -> Arc<RawRow> {
        let mut made = Cells::new(ids, cells.len());
        for (column, (id, found)) in (0..).zip(cells) {
            made.insert(id, RawCell::new(Cell::new(3, column), found.clone()));
        }
        Arc::new(RawRow {
            row: 3,
            cells: made,
        })
    }

    #[test]
    fn what_is_put_in_a_field_stands_there_alone() {
        let ids: FieldIds = Arc::new(vec!["amount".into(), "date".into()]);
        let found = |text: &str| Found::Text(text.into());
        let cells = [
            ("date", found("a")),
            ("amount", found("b")),
            ("date", found("c")),
            // No field of the form; it is held all the same.
            ("other", found("d")),
        ];
        let row = row(&ids, &cells);
        let all: Vec<(&str, Found)> = row
            .cells
            .iter()
            .map(|(id, c)| (id, c.found().clone()))
            .collect();
        let wanted = [
            ("date", found("c")),
            ("amount", found("b")),
            ("other", found("d")),
        ];
        assert_eq!(all, wanted);
        assert_eq!(
            row.cells.get("date").map(RawCell::cell),
            Some(Cell::new(3, 2))
        );
        assert!(!row.cells.contains_key("village"));
        assert_eq!(ids.len(), 2);
    }

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
