//! Form to cells: the only place that gives a form's field a cell.
//!
//! A table has its title in the first row, unit and measure in the second,
//! totals above the header, and entries below it, so that rows can be added
//! without anything in their way. A card has one field per line.

use crate::policy::{Field, Form, Shape};
use crate::sheet::{Area, Cell, limits};

/// Where the parts of a form stand on its sheet.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    form: &'a Form,
    rows: u32,
}

const TITLE: u32 = 0;
const SUBTITLE: u32 = 1;
const GUIDE: u32 = 2;
const TOTALS: u32 = 3;
const HEADER: u32 = 4;
const FIRST_FIELD: u16 = 1;
const CARD_HELP: u16 = 2;

impl<'a> Layout<'a> {
    /// The layout of a form with room for `rows` entries (at least one).
    pub fn new(form: &'a Form, rows: u32) -> Self {
        let rows = match form.shape {
            Shape::Table => rows.max(1),
            Shape::Card => 1,
        };
        Layout { form, rows }
    }

    fn last_column(&self) -> u16 {
        match self.form.shape {
            Shape::Table => FIRST_FIELD + self.form.fields.len().saturating_sub(1) as u16,
            Shape::Card => CARD_HELP,
        }
    }

    fn whole_row(&self, row: u32) -> Area {
        Area::new(Cell::new(row, 0), Cell::new(row, self.last_column()))
    }

    /// The title, over the whole width.
    pub fn title(&self) -> Area {
        self.whole_row(TITLE)
    }

    /// The line below the title: left part (unit).
    pub fn subtitle(&self) -> Area {
        let middle = self.last_column() / 2;
        Area::new(Cell::new(SUBTITLE, 0), Cell::new(SUBTITLE, middle))
    }

    /// The line below the title: right part (measure, year).
    pub fn subtitle_right(&self) -> Area {
        let middle = self.last_column() / 2;
        Area::new(
            Cell::new(SUBTITLE, middle + 1),
            Cell::new(SUBTITLE, self.last_column()),
        )
    }

    /// The sentence for the clerk.
    pub fn guide(&self) -> Area {
        self.whole_row(GUIDE)
    }

    /// The header of the running number.
    pub fn number_header(&self) -> Cell {
        Cell::new(HEADER, 0)
    }

    /// The running number of an entry, from 0.
    pub fn number(&self, entry: u32) -> Cell {
        Cell::new(HEADER + 1 + entry, 0)
    }

    /// The header or label of a field.
    pub fn header(&self, field: &Field) -> Cell {
        let index = self.index(field);
        match self.form.shape {
            Shape::Table => Cell::new(HEADER, FIRST_FIELD + index),
            Shape::Card => Cell::new(HEADER + u32::from(index), 0),
        }
    }

    /// The cell of a field in an entry, from 0; a card has one entry.
    pub fn cell(&self, field: &Field, entry: u32) -> Cell {
        self.place(self.index(field), entry)
    }

    /// All fields with their cells in an entry, from 0.
    pub fn entry(self, entry: u32) -> impl Iterator<Item = (&'a Field, Cell)> {
        let fields = (0..).zip(self.form.fields.values());
        fields.map(move |(index, field)| (field, self.place(index, entry)))
    }

    fn place(&self, index: u16, entry: u32) -> Cell {
        match self.form.shape {
            Shape::Table => Cell::new(HEADER + 1 + entry, FIRST_FIELD + index),
            Shape::Card => Cell::new(HEADER + u32::from(index), FIRST_FIELD),
        }
    }

    /// All cells of a field.
    pub fn area(&self, field: &Field) -> Area {
        Area::new(self.cell(field, 0), self.cell(field, self.rows - 1))
    }

    /// The cells of a field as far down as a return is read: rows may be filled in
    /// below those that stand there.
    pub fn reach(&self, field: &Field) -> Area {
        let first = self.cell(field, 0);
        let most = match self.form.shape {
            Shape::Table => self.rows.max(limits::ROWS as u32),
            Shape::Card => 1,
        };
        Area::new(first, Cell::new(first.row + most - 1, first.column))
    }

    /// The headers of all fields with the cells below them that [`reach`](Self::reach)
    /// says. None for a card.
    pub fn filter(&self) -> Option<Area> {
        let (first, last) = (
            self.form.fields.values().next()?,
            self.form.fields.values().last()?,
        );
        (self.form.shape == Shape::Table)
            .then(|| Area::new(self.header(first), self.reach(last).last))
    }

    /// The total of a field, above its header.
    pub fn total(&self, field: &Field) -> Cell {
        Cell::new(TOTALS, self.header(field).column)
    }

    /// The line of totals: a cell above each header.
    pub fn totals(&self) -> impl Iterator<Item = Cell> + use<> {
        (0..=self.last_column()).map(|column| Cell::new(TOTALS, column))
    }

    /// Room for a part of a total, from 0: its label and the sum, to the right of
    /// the last total. None where the form is not wide enough.
    pub fn part_of_total(&self, part: u16) -> Option<(Cell, Cell)> {
        let last = self.form.fields.values().rfind(|field| field.total)?;
        let label = self.total(last).column + 1 + 2 * part;
        (label < self.last_column())
            .then(|| (Cell::new(TOTALS, label), Cell::new(TOTALS, label + 1)))
    }

    /// The word 合计 beside the first total.
    pub fn total_label(&self, field: &Field) -> Cell {
        let total = self.total(field);
        Cell::new(total.row, total.column.saturating_sub(1))
    }

    /// What a card says about a field.
    pub fn help(&self, field: &Field) -> Cell {
        Cell::new(self.header(field).row, CARD_HELP)
    }

    /// A line below a card, from 0, for seal and signature.
    pub fn below(&self, line: u32) -> Area {
        let fields = self.form.fields.len() as u32;
        self.whole_row(HEADER + fields + 1 + line)
    }

    /// First cell that scrolls.
    pub fn freeze(&self) -> Cell {
        match self.form.shape {
            Shape::Table => Cell::new(HEADER + 1, FIRST_FIELD + 1),
            Shape::Card => Cell::new(SUBTITLE + 1, 0),
        }
    }

    /// Rows repeated on each printed page.
    pub fn repeat_rows(&self) -> Option<(u32, u32)> {
        (self.form.shape == Shape::Table).then_some((TITLE, HEADER))
    }

    /// Number of entries for which there is room.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> u16 {
        self.last_column() + 1
    }

    /// Row heights of title, guide and header.
    pub fn heights(&self) -> Vec<(u32, f64)> {
        let mut heights = vec![(TITLE, 30.0), (GUIDE, 36.0)];
        if self.form.shape == Shape::Table {
            heights.push((HEADER, 44.0));
        }
        heights
    }

    fn index(&self, field: &Field) -> u16 {
        self.form.fields.get_index_of(&field.id).unwrap_or(0) as u16
    }
}
