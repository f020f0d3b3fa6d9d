//! The rows of a table of entries. There may be hundreds of thousands, so they
//! are measured and written one by one and never drawn as a whole; their
//! figures look at their own row only.

use std::collections::HashSet;
use std::sync::Arc;

use super::ReportError;
use super::measure::{self, Need};
use super::place::{Places, TablePlace};
use super::plan::Section;
use super::table::{Writer, look, styled};
use crate::assess::{Book, CellRef, Evaluator, Format, Table, View};
use crate::sheet::{Content, LongRow, LongRows, Look, Scalar, Style, WriteError};

/// A long table and where it stands.
#[derive(Clone)]
pub(super) struct Long<'a> {
    book: &'a Book,
    places: Arc<Places>,
    section: usize,
    /// Style of a column's cells, and whether it is made for texts.
    columns: Vec<(u16, Style, bool)>,
    widths: Vec<u32>,
}

/// How much room the columns of a long table need, by column of the table.
///
/// # Errors
/// A formula that is too long, or that refers to what has no place.
pub(super) fn needs(
    book: &Book,
    places: &Places,
    section: &Section,
) -> Result<Vec<Need>, ReportError> {
    let (Some(table), Some(place)) = (book.tables.get(section.table), places.table(section.table))
    else {
        return Ok(Vec::new());
    };
    let evaluator = Evaluator::new(book);
    let writer = Writer {
        places,
        evaluator: &evaluator,
    };
    let mut needs = Vec::with_capacity(table.columns.len());
    for (column, of) in table.columns.iter().enumerate() {
        let mut need = Need::default();
        for row in measured(table, column) {
            let at = CellRef {
                table: section.table,
                row,
                column,
            };
            let Some(view) = table.view(row, column) else {
                continue;
            };
            if let View::Fact(fact, None) = &view {
                match fact.as_ref() {
                    Scalar::Empty => continue,
                    Scalar::Text(text) => {
                        let of_text = matches!(of.format, Format::Text | Format::Centre);
                        let look = if of_text {
                            look(of.format)
                        } else {
                            Look::Centre
                        };
                        need.cell(look, text);
                        continue;
                    }
                    _ => {}
                }
            }
            let content = writer.content(&view, at, place)?;
            let style = styled(&view, &content, Style::new(look(of.format)), of.format);
            need.cell(style.look, &measure::shown(&content, style.look));
        }
        needs.push(need);
    }
    Ok(needs)
}

/// Rows whose cells in a column say all that any of its cells say.
fn measured(table: &Table, column: usize) -> Vec<usize> {
    let Some(codes) = table
        .packed
        .as_ref()
        .and_then(|packed| packed.codes(column))
    else {
        return (0..table.height()).collect();
    };
    let mut seen = HashSet::new();
    let rows = codes.iter().enumerate();
    let first = rows.filter(|(_, code)| seen.insert(**code));
    first.map(|(row, _)| row).collect()
}

impl<'a> Long<'a> {
    /// The rows of a section's table in columns of these widths.
    pub fn new(
        book: &'a Book,
        places: Arc<Places>,
        section: &Section,
        widths: &[u32],
    ) -> Option<Self> {
        let table = book.tables.get(section.table)?;
        let place = places.table(section.table)?;
        let columns = table.columns.iter().enumerate().filter_map(|(at, column)| {
            let style = Style {
                input: section.inputs.contains(&column.id),
                ..Style::new(look(column.format))
            };
            let of_text = matches!(column.format, Format::Text | Format::Centre);
            Some((place.column(at)?, style, of_text))
        });
        let columns = columns.collect();
        Some(Long {
            book,
            section: section.table,
            columns,
            widths: widths.to_vec(),
            places,
        })
    }

    fn parts(&self) -> Option<(&'a Table, &TablePlace)> {
        Some((
            self.book.tables.get(self.section)?,
            self.places.table(self.section)?,
        ))
    }
}

impl LongRows for Long<'_> {
    fn first(&self) -> u32 {
        self.parts().map_or(0, |(_, place)| place.first())
    }

    fn count(&self) -> u32 {
        self.parts().map_or(0, |(_, place)| place.entries)
    }

    fn columns(&self) -> u16 {
        self.columns.last().map_or(0, |(column, ..)| column + 1)
    }

    fn styles(&self) -> Vec<Style> {
        let mut styles = Vec::new();
        for (_, style, _) in &self.columns {
            let others = [style.look, Look::Centre, Look::Text, Look::Date];
            styles.extend(others.map(|look| Style { look, ..*style }));
        }
        styles.sort_unstable();
        styles.dedup();
        styles
    }

    fn each(&self, put: &mut LongRow<'_>) -> Result<(), WriteError> {
        let Some((table, place)) = self.parts() else {
            return Ok(());
        };
        let evaluator = Evaluator::new(self.book);
        let writer = Writer {
            places: &self.places,
            evaluator: &evaluator,
        };
        let mut cells: Vec<(u16, Content, Style)> = Vec::with_capacity(self.columns.len());
        for row in 0..table.height() {
            let Some(at_row) = place.row(row) else {
                continue;
            };
            cells.clear();
            let mut lines = 1;
            for (number, (column, style, of_text)) in self.columns.iter().enumerate() {
                let Some(view) = table.view(row, number) else {
                    continue;
                };
                let at = CellRef {
                    table: self.section,
                    row,
                    column: number,
                };
                // What cannot be written was found when it was measured.
                let content = writer
                    .content(&view, at, place)
                    .map_err(|error| WriteError::refused(&place.sheet, "明细", error))?;
                let format = if *of_text {
                    Format::Text
                } else {
                    Format::Number
                };
                let style = styled(&view, &content, *style, format);
                if let Content::Text(text) = &content
                    && measure::wraps(style.look)
                {
                    let across = self.widths.get(usize::from(*column)).copied();
                    lines = lines.max(measure::lines(text, across.unwrap_or(0)));
                }
                cells.push((*column, content, style));
            }
            put(at_row, f64::from(measure::height(lines)), &cells)?;
        }
        Ok(())
    }
}
