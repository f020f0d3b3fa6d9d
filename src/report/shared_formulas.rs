//! What the cells of a long table are made from. What stands in a cell follows from
//! this and its column alone, so that rows of which the same is told are the same.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::ReportError;
use super::content::{Writer, fact_content, link_content};
use super::place::TablePlace;
use crate::assess::{CellRef, Expr, Format, Placement, RowFormula, Table, View};
use crate::sheet::{Cell, Content, Scalar};

/// What a cell is made from.
pub(super) enum Made<'v> {
    /// A fact, with its format if that is not its column's.
    Fact(Cow<'v, Scalar>, Option<Format>),
    /// A formula of many rows by its number, and what it comes to here.
    OfMany(usize, Scalar, Option<Format>),
    /// A formula of this row alone, and what it comes to.
    OfOne(String, Scalar, Option<Format>),
    /// A text, and where it leads.
    Link(Cow<'v, str>, Option<(&'v str, Cell)>),
}

/// Makes the cells of a table. The formula of a figure that stands in many rows is
/// written once.
pub(super) struct Cells<'w> {
    writer: Writer<'w>,
    table: &'w Table,
    place: &'w TablePlace,
    formulas: FxHashMap<usize, RowFormula>,
}

impl<'w> Cells<'w> {
    /// None made yet.
    pub fn of(writer: Writer<'w>, table: &'w Table, place: &'w TablePlace) -> Self {
        Cells {
            writer,
            table,
            place,
            formulas: FxHashMap::default(),
        }
    }

    /// What a cell is made from.
    ///
    /// # Errors
    /// A formula that is too long, or that refers to what has no place.
    pub fn made<'v>(&mut self, view: View<'v>, at: CellRef) -> Result<Made<'v>, ReportError>
    where
        'w: 'v,
    {
        Ok(match view {
            View::Fact(fact, own) => Made::Fact(fact, own),
            View::Figure(figure, own) => {
                let result = self.writer.result(at);
                match self.table.figure_at(at.row, at.column) {
                    Some(number) => {
                        self.learn(number, figure, at)?;
                        Made::OfMany(number, result, own)
                    }
                    None => Made::OfOne(self.writer.formula(figure, at, self.place)?, result, own),
                }
            }
            View::Link(text, to) => Made::Link(text, self.writer.places.cell(to)),
        })
    }

    /// Writes the formula of a figure that stands in many rows, unless it is known.
    fn learn(&mut self, number: usize, figure: &Expr, at: CellRef) -> Result<(), ReportError> {
        if let Entry::Vacant(new) = self.formulas.entry(number) {
            new.insert(self.writer.row_formula(figure, at, self.place)?);
        }
        Ok(())
    }

    /// What a cell holds in a row of the sheet.
    pub fn content(&self, made: Made<'_>, row: u32) -> Content {
        match made {
            Made::Fact(fact, _) => fact_content(&fact),
            Made::OfMany(number, result, _) => Content::Formula {
                text: self
                    .formulas
                    .get(&number)
                    .map(|formula| formula.in_row(row))
                    .unwrap_or_default(),
                result,
            },
            Made::OfOne(text, result, _) => Content::Formula { text, result },
            Made::Link(text, to) => link_content(&text, to),
        }
    }

    /// Says all formulas of many rows that cells were made from.
    pub fn tell(&self, to: &mut Vec<u8>) {
        let mut formulas: Vec<_> = self.formulas.iter().collect();
        formulas.sort_unstable_by_key(|(number, _)| **number);
        whole(formulas.len(), to);
        for (number, formula) in formulas {
            whole(*number, to);
            formula.tell(to);
        }
    }
}

impl Made<'_> {
    /// Its format, if that is not its column's.
    pub fn own(&self) -> Option<Format> {
        match self {
            Made::Fact(_, own) | Made::OfMany(_, _, own) | Made::OfOne(_, _, own) => *own,
            Made::Link(..) => None,
        }
    }

    /// Says it, in such a way that nothing else is said alike.
    pub fn tell(&self, to: &mut Vec<u8>) {
        to.push(match self {
            Made::Fact(..) => 0,
            Made::OfMany(..) => 1,
            Made::OfOne(..) => 2,
            Made::Link(..) => 3,
        });
        to.push(self.own().map_or(u8::MAX, |own| own as u8));
        match self {
            Made::Fact(fact, _) => scalar(fact, to),
            Made::OfMany(number, result, _) => {
                whole(*number, to);
                scalar(result, to);
            }
            Made::OfOne(formula, result, _) => {
                text(formula, to);
                scalar(result, to);
            }
            Made::Link(words, leads) => {
                text(words, to);
                to.push(u8::from(leads.is_some()));
                if let Some((sheet, cell)) = leads {
                    text(sheet, to);
                    to.extend(cell.row.to_le_bytes());
                    to.extend(cell.column.to_le_bytes());
                }
            }
        }
    }
}

/// Says a value.
fn scalar(value: &Scalar, to: &mut Vec<u8>) {
    match value {
        Scalar::Empty => to.push(0),
        Scalar::Text(words) => {
            to.push(1);
            text(words, to);
        }
        Scalar::Number(number) => {
            to.push(2);
            to.extend(number.serialize());
        }
        Scalar::Date(day) => {
            to.push(3);
            to.extend(day.year().to_le_bytes());
            to.extend([day.month(), day.day()].map(|part| part.cast_unsigned()));
        }
        Scalar::Bool(is) => to.extend([4, u8::from(*is)]),
    }
}

/// Says a text with its length, so that it is known where it ends.
fn text(words: &str, to: &mut Vec<u8>) {
    whole(words.len(), to);
    to.extend(words.as_bytes());
}

/// Says a whole number, of which it is known where it ends; those that are short in few bytes.
pub(super) fn whole(number: usize, to: &mut Vec<u8>) {
    match u8::try_from(number) {
        Ok(short) if short < u8::MAX => to.push(short),
        _ => {
            to.push(u8::MAX);
            to.extend((number as u64).to_le_bytes());
        }
    }
}
