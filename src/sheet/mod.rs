//! Sheets as plain data, and the only users of calamine (reading) and
//! rust_xlsxwriter (writing). Rows and columns count from 0 here; `Cell::name`
//! gives what a person sees.

mod beside;
mod book;
mod bytes;
mod compound;
mod container;
mod encoding;
mod found;
mod kind;
pub(crate) mod limits;
mod listed;
mod markup;
mod member;
mod model;
mod parts;
mod plain;
mod read;
mod refused;
mod relations;
mod sealed;
mod spaces;
mod style;
mod unwritable;
mod write;
mod xml;

pub use beside::{
    Attached, AttachedKind, Beside, How, PICTURE, Piece, Unscaled, is_quoted, is_quoted_struck,
};
pub use container::is_archive;
pub use found::{FileFormat, Found, FoundSheet, FoundWorkbook};
pub use member::{ArchiveMember, NotRead, members};
pub use model::{
    Chart, ChartKind, Content, Highlight, LongRow, LongRows, Page, Properties, Rule, Scalar,
    Series, Sheet, SheetOf, Validation, Visibility, Workbook, WorkbookOf,
};
pub use read::{open, open_sheets};
pub use refused::OpenError;
pub use style::{Look, Mark, Style};
pub use unwritable::WriteError;
pub use write::{LINK_LIMIT, write, write_into};

use std::fmt::Write;

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
        let mut name = String::with_capacity(8);
        self.put_name(&mut name);
        name
    }

    /// Writes the name behind a text.
    fn put_name(self, text: &mut String) {
        put_column(text, self.column);
        // Writing into a text does not fail.
        let _ = write!(text, "{}", self.row + 1);
    }

    /// The absolute name for a formula, for example `$F$12`.
    pub fn absolute(self) -> String {
        format!("${}${}", column_name(self.column), self.row + 1)
    }
}

/// A column's letters, from 0: `A`, `Z`, `AA`.
pub fn column_name(column: u16) -> String {
    let mut name = String::with_capacity(3);
    put_column(&mut name, column);
    name
}

/// Writes a column's letters behind a text.
pub(crate) fn put_column(text: &mut String, column: u16) {
    let column = u32::from(column);
    // Of each number of letters there are 26 times as many as of one fewer.
    let (mut first, mut many) = (0, 26);
    while column - first >= many {
        first += many;
        many *= 26;
    }
    let mut rest = column - first;
    while many > 1 {
        many /= 26;
        let letter = u8::try_from(rest / many).unwrap_or_default();
        text.push(char::from(b'A' + letter));
        rest %= many;
    }
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

    /// Whether a cell lies in it.
    pub fn contains(self, cell: Cell) -> bool {
        (self.first.row..=self.last.row).contains(&cell.row)
            && (self.first.column..=self.last.column).contains(&cell.column)
    }

    /// Relative reference, as a person sees it.
    pub fn name(self) -> String {
        format!("{}:{}", self.first.name(), self.last.name())
    }

    /// Relative reference with the sheet's name, for a link.
    pub fn relative(self, sheet: &str) -> String {
        let mut text = String::with_capacity(sheet.len() + 24);
        put_quoted(&mut text, sheet);
        text.push('!');
        self.first.put_name(&mut text);
        if self.first != self.last {
            text.push(':');
            self.last.put_name(&mut text);
        }
        text
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
    let mut text = String::with_capacity(sheet.len() + 2);
    put_quoted(&mut text, sheet);
    text
}

/// Writes a sheet's name, quoted, behind a text.
pub(crate) fn put_quoted(text: &mut String, sheet: &str) {
    text.push('\'');
    for (at, part) in sheet.split('\'').enumerate() {
        if at > 0 {
            text.push_str("''");
        }
        text.push_str(part);
    }
    text.push('\'');
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_that_programs_show() {
        for column in 0..16_384 {
            let name = rust_xlsxwriter::utility::column_number_to_name(column);
            assert_eq!(column_name(column), name);
        }
    }
}
