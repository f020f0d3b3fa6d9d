//! What stands in the fields of an entry. There may be half a million entries
//! of ten fields each: the ids are held once for all entries of a form, and an entry
//! holds the numbers of its own.

use std::sync::Arc;

use ecow::EcoString;
use jiff::civil::Date;
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
#[derive(Debug, Clone)]
pub struct RawCell {
    // Row and column by themselves, so that the number of the field takes no room.
    row: u32,
    column: u16,
    field: u16,
    held: Held,
}

/// What a cell of an entry carries beside its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// All of it is struck through.
    pub struck: bool,
    /// Its number format, if that shows another number than is stored.
    pub format: Option<Unscaled>,
}

/// What was found in a cell.
#[derive(Debug, Clone)]
enum Held {
    /// Text, a number or a day, as it would be taken.
    Plain(Value),
    /// A day with a time, in seconds since midnight.
    Timed(Date, u32),
    Bool(bool),
    Error(EcoString),
    /// Any of these, with what the cell carries besides.
    Marked(Box<(Held, Marks)>),
}

impl Held {
    /// Without what the cell carries besides.
    fn bare(&self) -> &Held {
        match self {
            Held::Marked(marked) => &marked.0,
            held => held,
        }
    }
}

impl RawCell {
    /// A cell in which something was found.
    pub fn new(cell: Cell, found: Found) -> Self {
        RawCell {
            row: cell.row,
            column: cell.column,
            field: 0,
            held: match found {
                Found::Text(text) => Held::Plain(Value::Text(text)),
                Found::Number(number) => Held::Plain(Value::Number(number)),
                Found::Date(day, 0) => Held::Plain(Value::Date(day)),
                Found::Date(day, time) => Held::Timed(day, time),
                Found::Bool(yes) => Held::Bool(yes),
                Found::Error(text) => Held::Error(text),
            },
        }
    }

    /// The same, with what it carries beside its value.
    #[must_use]
    pub fn marked(self, marks: Marks) -> Self {
        let held = match self.held {
            Held::Marked(marked) => marked.0,
            held => held,
        };
        let held = match marks == Marks::default() {
            true => held,
            false => Held::Marked(Box::new((held, marks))),
        };
        RawCell { held, ..self }
    }

    /// What it carries beside its value; nearly always nothing.
    pub fn marks(&self) -> Option<&Marks> {
        match &self.held {
            Held::Marked(marked) => Some(&marked.1),
            _ => None,
        }
    }

    /// Whether all of it is struck through.
    pub fn is_struck(&self) -> bool {
        self.marks().is_some_and(|marks| marks.struck)
    }

    /// Its number format, if that shows another number than is stored.
    pub fn unscaled(&self) -> Option<&Unscaled> {
        self.marks()?.format.as_ref()
    }

    /// Where.
    pub fn cell(&self) -> Cell {
        Cell::new(self.row, self.column)
    }

    /// What.
    pub fn found(&self) -> Found {
        match self.held.bare() {
            Held::Plain(Value::Text(text)) => Found::Text(text.clone()),
            Held::Plain(Value::Number(number)) => Found::Number(*number),
            Held::Plain(Value::Date(day)) => Found::Date(*day, 0),
            Held::Timed(day, time) => Found::Date(*day, *time),
            Held::Bool(yes) => Found::Bool(*yes),
            Held::Error(text) => Found::Error(text.clone()),
            // It holds none of its kind.
            Held::Marked(_) => Found::Text(EcoString::new()),
        }
    }

    /// The number of its field.
    pub(crate) fn field(&self) -> u16 {
        self.field
    }

    /// The same, of the field with a number.
    pub(crate) fn of_field(self, field: u16) -> Self {
        RawCell { field, ..self }
    }

    /// The value that it has where nothing has to be interpreted.
    pub(super) fn plain(&self) -> Option<&Value> {
        match self.held.bare() {
            Held::Plain(value) => Some(value),
            Held::Timed(..) | Held::Bool(_) | Held::Error(_) | Held::Marked(_) => None,
        }
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

    /// Adds the cell of the field with a number, which has none yet; nothing if there
    /// is no such field.
    pub(crate) fn add(&mut self, field: u16, cell: RawCell) -> Option<()> {
        self.ids.get(usize::from(field))?;
        self.held.push(cell.of_field(field));
        Some(())
    }

    /// The cell of a field.
    pub fn get(&self, id: &str) -> Option<&RawCell> {
        // There are few: looking at all of them is quicker than any index.
        let mut held = self.held.iter();
        held.find(|cell| self.id(cell.field) == id)
    }

    /// The cell of the field with a number.
    pub(crate) fn numbered(&self, field: u16) -> Option<&RawCell> {
        self.held.iter().find(|cell| cell.field == field)
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
        let cell = cell.of_field(field);
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
pub(super) mod tests {
    use super::*;

    /// A row with these cells.
    pub fn row(ids: &FieldIds, cells: &[(&str, Found)]) -> Arc<RawRow> {
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
        let all: Vec<(&str, Found)> = row.cells.iter().map(|(id, c)| (id, c.found())).collect();
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
    fn what_a_cell_carries_does_not_change_its_value() {
        let day = jiff::civil::date(2018, 6, 8);
        let format = Unscaled {
            format: "0\"万元\"".into(),
            times: 10_000.into(),
        };
        let all = [
            Found::Text("甲".into()),
            Found::Number(150.into()),
            Found::Date(day, 0),
            Found::Date(day, 60),
            Found::Bool(true),
            Found::Error("#REF!".into()),
        ];
        for found in all {
            let plain = RawCell::new(Cell::new(5, 5), found.clone());
            for (struck, format) in [(true, None), (false, Some(format.clone()))] {
                let marks = Marks { struck, format };
                let marked = plain.clone().marked(marks.clone()).of_field(2);
                assert_eq!(marked.found(), found);
                assert_eq!(marked.plain(), plain.plain());
                assert_eq!(marked.marks(), Some(&marks));
                assert_eq!((marked.cell(), marked.field()), (plain.cell(), 2));
                assert_eq!(marked.is_struck(), struck);
                // Marked anew it carries only that.
                let bare = marked.marked(Marks::default());
                assert_eq!((bare.found(), bare.marks()), (found.clone(), None));
            }
        }
    }

    #[test]
    fn a_cell_takes_little_room() {
        assert_eq!(size_of::<RawCell>(), 32);
    }
}
