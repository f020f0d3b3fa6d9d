//! The rows of a long table. There may be hundreds of thousands, so they are
//! measured and written one by one and never drawn as a whole.

use std::sync::Arc;

use super::ReportError;
use super::content::{Writer, leads, styled};
use super::place::{Places, TablePlace};
use super::plan::{Section, look};
use super::shared_formulas::SharedFormulas;
use super::widths::{self, Need};
use crate::book::{Book, CellRef, Evaluator, Format, Placement, Table, View};
use crate::sheet::{
    Area, Cell, Content, Highlight, LINK_LIMIT, LongRow, LongRows, Look, Scalar, Style, WriteError,
};

/// A long table and where it stands.
#[derive(Clone)]
pub(super) struct StreamedTable<'a> {
    book: &'a Book,
    values: Arc<Evaluator<'a>>,
    places: Arc<Places>,
    section: usize,
    columns: Vec<ColumnLayout>,
    widths: Vec<u32>,
    /// Cells without anything are left out, and lines laid over all rows. Cells have
    /// none of their own: beside blanks that look otherwise each would be a stretch by
    /// itself, and LibreOffice takes minutes for hundreds of thousands of them.
    sparse: bool,
}

/// A column of a long table.
#[derive(Debug, Clone, Copy)]
struct ColumnLayout {
    /// Where it stands.
    at: u16,
    style: Style,
    format: Format,
}

/// How much room the columns of a long table need, by column of the table.
///
/// # Errors
/// A formula that is too long, or that refers to what has no place.
pub(super) fn needs(
    values: &Evaluator<'_>,
    places: &Places,
    section: &Section,
) -> Result<Vec<Need>, ReportError> {
    let table = values.book().tables.get(section.table);
    let (Some(table), Some(place)) = (table, places.table(section.table)) else {
        return Ok(Vec::new());
    };
    let writer = Writer {
        places,
        evaluator: values,
        live: true,
    };
    let mut formulas = SharedFormulas::new(writer, table, place);
    let mut needs = Vec::with_capacity(table.columns.len());
    for (column, of) in table.columns.iter().enumerate() {
        let mut need = Need::default();
        let own = section.look(of);
        for row in table.telling_rows(column) {
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
                        need.cell(if of_text { own } else { Look::Centre }, text);
                        continue;
                    }
                    _ => {}
                }
            }
            let format = view.own();
            let content = formulas.content(&view, at, 0)?;
            let style = styled(format, &content, Style::new(own), of.format);
            need.cell(style.look, &widths::shown(&content, style.look));
        }
        needs.push(need);
    }
    Ok(needs)
}

impl<'a> StreamedTable<'a> {
    /// The rows of a section's table in columns of these widths.
    pub fn new(
        values: &Arc<Evaluator<'a>>,
        places: &Arc<Places>,
        section: &Section,
        widths: &[u32],
        sparse: bool,
    ) -> Option<Self> {
        let table = values.book().tables.get(section.table)?;
        let place = places.table(section.table)?;
        let columns = table.columns.iter().enumerate().filter_map(|(at, column)| {
            let style = Style {
                input: section.inputs.contains(&column.id),
                bare: sparse,
                ..Style::new(section.look(column))
            };
            Some(ColumnLayout {
                at: place.column(at)?,
                style,
                format: column.format,
            })
        });
        let columns = columns.collect();
        Some(StreamedTable {
            book: values.book(),
            values: Arc::clone(values),
            section: section.table,
            columns,
            widths: widths.to_vec(),
            sparse,
            places: Arc::clone(places),
        })
    }

    /// How the columns look where cells are left out, and the lines that are laid over
    /// all rows instead of around each cell.
    pub fn left_out(&self) -> Option<(impl Iterator<Item = (u16, Style)>, Highlight)> {
        let (_, place) = self.parts().filter(|_| self.sparse)?;
        let lined = Highlight {
            area: place.area(0, self.columns.last()?.at),
            formula: "TRUE".to_owned(),
            look: Look::Lined,
        };
        let columns = self.columns.iter().map(|of| {
            let blank = Style {
                input: false,
                ..of.style
            };
            (of.at, blank)
        });
        Some((columns, lined))
    }

    fn parts(&self) -> Option<(&'a Table, &TablePlace)> {
        Some((
            self.book.tables.get(self.section)?,
            self.places.table(self.section)?,
        ))
    }
}

impl LongRows for StreamedTable<'_> {
    fn first(&self) -> u32 {
        self.parts().map_or(0, |(_, place)| place.first())
    }

    fn count(&self) -> u32 {
        let height = self.parts().map_or(0, |(table, _)| table.height());
        u32::try_from(height).unwrap_or(u32::MAX)
    }

    fn columns(&self) -> u16 {
        self.columns.last().map_or(0, |of| of.at + 1)
    }

    fn styles(&self) -> Vec<Style> {
        let own = self.parts().into_iter().flat_map(|(table, _)| {
            let rows = table.rows.iter().flatten();
            rows.filter_map(|slot| match slot.view() {
                View::Fact(_, own) | View::Figure(_, own) => own.map(look),
                View::Link(..) => None,
            })
        });
        let mut own: Vec<Look> = own.collect();
        own.sort_unstable();
        own.dedup();
        let mut styles = Vec::new();
        for ColumnLayout { style, .. } in &self.columns {
            let others = [style.look, Look::Centre, Look::Text, Look::Date, Look::Link];
            for look in others.into_iter().chain(own.iter().copied()) {
                styles.push(Style { look, ..*style });
                styles.push(Style {
                    look,
                    input: false,
                    total: true,
                    ..*style
                });
            }
        }
        styles.sort_unstable();
        styles.dedup();
        styles
    }

    /// As many in each row as a sheet has room for. The figures of entries look at
    /// their own row and lead nowhere.
    fn each_link(&self, put: &mut dyn FnMut(Cell, &str, Area)) {
        let Some((table, place)) = self.parts().filter(|(table, _)| table.leads_somewhere()) else {
            return;
        };
        let each = (LINK_LIMIT / table.height().max(1)).max(1);
        let mut left = LINK_LIMIT;
        for row in 0..table.height() {
            let Some(at_row) = place.row(row) else {
                continue;
            };
            let cells = self.columns.iter().enumerate();
            let found = cells.filter_map(|(column, of)| {
                let at = CellRef {
                    table: self.section,
                    row,
                    column,
                };
                let (sheet, area) = match table.view(row, column)? {
                    View::Link(text, to) if !text.is_empty() => {
                        let (sheet, cell) = self.places.cell(to)?;
                        (sheet, Area::new(cell, cell))
                    }
                    View::Figure(..) if leads(&table.columns.get(column)?.id) => {
                        self.places.lead(self.values.leads(at)?)?
                    }
                    _ => return None,
                };
                Some((Cell::new(at_row, of.at), sheet, area))
            });
            for (cell, sheet, area) in found.take(each.min(left)) {
                put(cell, sheet, area);
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
    }

    fn each(&self, put: &mut LongRow<'_>) -> Result<(), WriteError> {
        let Some((table, place)) = self.parts() else {
            return Ok(());
        };
        let writer = Writer {
            places: &self.places,
            evaluator: &self.values,
            live: true,
        };
        let entries = table.height().saturating_sub(table.totals);
        let mut formulas = SharedFormulas::new(writer, table, place);
        let mut cells: Vec<(u16, Content, Style)> = Vec::with_capacity(self.columns.len());
        for row in 0..table.height() {
            let Some(at_row) = place.row(row) else {
                continue;
            };
            let total = row >= entries;
            cells.clear();
            let mut lines = 1;
            for (column, of) in self.columns.iter().enumerate() {
                let Some(view) = table.view(row, column) else {
                    continue;
                };
                let at = CellRef {
                    table: self.section,
                    row,
                    column,
                };
                // What cannot be written was found when it was measured.
                let content = formulas
                    .content(&view, at, at_row)
                    .map_err(|error| WriteError::refused(&place.sheet, "明细", error))?;
                if self.sparse && content == Content::Blank {
                    continue;
                }
                let style = Style {
                    input: of.style.input && !total,
                    total,
                    ..of.style
                };
                let style = styled(view.own(), &content, style, of.format);
                if style.look.wraps() {
                    let across = self.widths.get(usize::from(of.at)).copied();
                    let text = widths::shown(&content, style.look);
                    lines = lines.max(widths::lines(&text, across.unwrap_or(0)));
                }
                cells.push((of.at, content, style));
            }
            put(at_row, f64::from(widths::height(lines)), &cells)?;
        }
        Ok(())
    }
}
