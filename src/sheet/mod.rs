//! Sheets as plain data, and the only users of calamine (reading) and
//! rust_xlsxwriter (writing). Rows and columns count from 0 here; `Cell::name`
//! gives what a person sees.

mod cells;
mod chart;
mod compound;
mod container;
mod drawn;
mod format;
mod height;
mod kind;
pub(crate) mod limits;
mod markup;
mod pack;
mod page;
mod parts;
mod read;
mod rows;
mod spec;
mod style;
mod validation;
mod write;

pub use container::{is_archive, listed_members};
pub(crate) use parts::is_bomb;
pub use read::{FileFormat, Found, FoundSheet, FoundWorkbook, OpenError, open, open_sheets};
pub use spec::{
    Chart, ChartKind, Content, Highlight, LongRow, LongRows, Page, Properties, Rule, Scalar,
    Series, Sheet, SheetOf, Validation, Visibility, Workbook, WorkbookOf,
};
pub use style::{Look, Mark, Style};
pub use write::{WriteError, write};

use serde::{Deserialize, Serialize};

/// A cell's position on a sheet, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u16,
}

impl Cell {
    /// A position.
    pub fn new(row: u32, column: u16) -> Self {
        Cell { row, column }
    }

    /// The name that a person sees, for example `F12`.
    pub fn name(self) -> String {
        format!("{}{}", column_name(self.column), self.row + 1)
    }

    /// The absolute name for a formula, for example `$F$12`.
    pub fn absolute(self) -> String {
        format!("${}${}", column_name(self.column), self.row + 1)
    }
}

/// A column's letters, from 0: `A`, `Z`, `AA`.
pub fn column_name(column: u16) -> String {
    rust_xlsxwriter::utility::column_number_to_name(column)
}

/// A range of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Area {
    /// Upper left.
    pub first: Cell,
    /// Lower right.
    pub last: Cell,
}

impl Area {
    /// A range.
    pub fn new(first: Cell, last: Cell) -> Self {
        Area { first, last }
    }

    /// Relative reference with the sheet's name, for a link.
    pub fn relative(self, sheet: &str) -> String {
        let (first, last) = (self.first.name(), self.last.name());
        if first == last {
            return format!("{}!{first}", quoted(sheet));
        }
        format!("{}!{first}:{last}", quoted(sheet))
    }

    /// Absolute reference with the sheet's name, for a formula.
    pub fn reference(self, sheet: &str) -> String {
        format!(
            "{}!{}:{}",
            quoted(sheet),
            self.first.absolute(),
            self.last.absolute()
        )
    }
}

/// A sheet's name, quoted for a formula or link.
pub fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// How wide a text is in a column, in half-width characters: a Chinese
/// character takes a little more than two, and there is some room beside it.
#[allow(
    clippy::float_arithmetic,
    reason = "a width on the screen, not a figure"
)]
pub fn text_width(text: &str) -> f64 {
    let widest = text.lines().map(line_width).max().unwrap_or(0);
    f64::from(widest) / 100.0 + 2.0
}

/// Width of a line in hundredths of a half-width character.
fn line_width(line: &str) -> u32 {
    line.chars()
        .map(|c| if c.is_ascii() { 110 } else { 215 })
        .sum()
}
