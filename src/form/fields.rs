//! What stands in the fields of an entry. There may be half a million entries
//! of ten fields each: the ids are held once for all entries of a form, and an entry
//! holds the numbers of its own.

use std::sync::Arc;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::policy::Form;
use crate::sheet::{Cell, Found, Unscaled};

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
    field: u16,
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
            field: 0,
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

/// The cells of an entry by field id, in the order in which they were put there.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    ids: FieldIds,
    held: Vec<RawCell>,
}

impl Cells {
    /// None yet, with room for so many.
    pub fn new(ids: &FieldIds, room: usize) -> Self {
        Cells {
            ids: Arc::clone(ids),
            held: Vec::with_capacity(room),
        }
    }

    /// The ids of the fields.
    pub(crate) fn ids(&self) -> &FieldIds {
        &self.ids
    }

    /// Adds a cell of a field that has none yet; nothing if there is no such field.
    pub(crate) fn add(&mut self, cell: RawCell) -> Option<()> {
        self.ids.get(usize::from(cell.field))?;
        self.held.push(cell);
        Some(())
    }

    /// The cell of a field.
    pub fn get(&self, id: &str) -> Option<&RawCell> {
        // There are few: looking at all of them is quicker than any index.
        let mut held = self.held.iter();
        held.find(|cell| self.id(cell.field) == id)
    }

    /// Whether a field has a cell.
    pub fn contains_key(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Gives a field a cell, in the place of another.
    pub fn insert(&mut self, id: &str, cell: RawCell) {
        let known = self.ids.iter().position(|one| one == id);
        // A form has no more fields than a sheet has columns.
        let Ok(field) = u16::try_from(known.unwrap_or(self.ids.len())) else {
            return;
        };
        if known.is_none() {
            Arc::make_mut(&mut self.ids).push(id.into());
        }
        let cell = RawCell { field, ..cell };
        match self.held.iter_mut().find(|held| held.field == field) {
            Some(held) => *held = cell,
            None => self.held.push(cell),
        }
    }

    /// Each field with its cell.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawCell)> {
        self.held.iter().map(|cell| (self.id(cell.field), cell))
    }

    /// The cells.
    pub fn values(&self) -> impl Iterator<Item = &RawCell> {
        self.held.iter()
    }

    /// The cell that was put there first, with its field.
    pub fn first(&self) -> Option<(&str, &RawCell)> {
        self.iter().next()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    fn id(&self, field: u16) -> &str {
        self.ids.get(usize::from(field)).map_or("", |id| id)
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
}
