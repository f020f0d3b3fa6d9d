//! Gives every table its cells. No row number stands anywhere else: the
//! formulas ask here, and so does what draws.

use super::ReportError;
use super::plan::{Flow, Item, Section, SheetPlan, band_rows};
use super::widths::Need;
use std::collections::HashMap;

use crate::book::{Book, CellRef, ColumnRef, Lead, Placement, Table};
use crate::sheet::{Area, Cell};

/// Rows that a sheet has.
const MOST_ROWS: u32 = 1_048_576;
/// Columns that a sheet has.
const MOST_COLUMNS: usize = 16_384;

/// Where everything stands.
pub struct Places {
    tables: Vec<Option<TablePlace>>,
    sheets: Vec<SheetPlace>,
    /// Room that the columns of long tables need, by table.
    needs: HashMap<usize, Vec<Need>>,
}

/// Where a table stands.
#[derive(Debug, Clone)]
pub(super) struct TablePlace {
    /// Sheet.
    pub sheet: String,
    /// Row of the headers.
    pub header: u32,
    /// Rows between header and totals, at least one.
    pub body: u32,
    /// Rows of the book's table that are no totals; may be none.
    pub entries: u32,
    /// Rows of totals.
    pub totals: u32,
    /// Columns.
    pub columns: u16,
    /// Columns that print.
    pub printed: u16,
    /// Free columns before those that only serve formulas, so that these stand
    /// beyond the paper of every table on the sheet.
    pub gap: u16,
    /// First and last column on a grid of each column that prints; none elsewhere.
    pub spans: Vec<(u16, u16)>,
    /// Whether the names of its columns are drawn.
    pub headed: bool,
    /// How many rows of the sheet each row takes; one each if empty.
    pub tall: Vec<u32>,
}

/// Where the parts of a sheet stand.
#[derive(Debug, Clone)]
pub(super) struct SheetPlace {
    /// First row of each item.
    pub items: Vec<u32>,
    /// First row below everything.
    pub end: u32,
}

impl Places {
    /// Gives every table of the plans its cells.
    ///
    /// # Errors
    ///
    /// A table that a sheet cannot hold.
    pub fn assign(plans: &[SheetPlan], book: &Book) -> Result<Self, ReportError> {
        let mut places = Places {
            tables: vec![None; book.tables.len()],
            sheets: Vec::new(),
            needs: HashMap::new(),
        };
        for plan in plans {
            let too_large = || ReportError::TooLarge {
                sheet: plan.name.clone(),
            };
            let first = u32::try_from(plan.notes.len()).map_err(|_| too_large())? + 2;
            // Below what stands at the left, and below what stands at the right.
            let mut next = [first, first];
            let mut items = Vec::new();
            let tables = plan.tables().filter_map(|table| book.tables.get(table));
            let mut paper = tables.map(printed).max().unwrap_or(0);
            for item in &plan.items {
                let flow = match item {
                    Item::Table(section) => section.flow,
                    _ => Flow::Across,
                };
                let from = match flow {
                    Flow::Across => next[0].max(next[1]),
                    Flow::Left => next[0],
                    Flow::Right => next[1],
                };
                items.push(from);
                let end = match item {
                    Item::Table(section) if section.spans.is_empty() => {
                        places.put(plan, section, book, (from, paper))
                    }
                    Item::Table(section) => {
                        // What only serves formulas has columns of its own.
                        paper = paper.max(plan.grid.len());
                        let of = book.tables.get(section.table);
                        let placed = places.put(plan, section, book, (from, paper));
                        paper += of.map_or(0, |of| of.columns.len() - printed(of));
                        placed
                    }
                    Item::Charts(charts) => Some(from.saturating_add(band_rows(charts))),
                    Item::Remark(_) => Some(from.saturating_add(1)),
                    Item::Contents(_, sheets) => u32::try_from(sheets.len())
                        .ok()
                        .and_then(|count| from.checked_add(count)?.checked_add(2)),
                };
                let end = end.filter(|end| *end <= MOST_ROWS).ok_or_else(too_large)?;
                match flow {
                    Flow::Across => next = [end, end],
                    Flow::Left => next[0] = end,
                    Flow::Right => next[1] = end,
                }
            }
            let end = next[0].max(next[1]);
            places.sheets.push(SheetPlace { items, end });
        }
        Ok(places)
    }

    /// Gives a table its cells; gives the first row below it and a free row.
    fn put(
        &mut self,
        plan: &SheetPlan,
        section: &Section,
        book: &Book,
        (at, paper): (u32, usize),
    ) -> Option<u32> {
        let table = book.tables.get(section.table)?;
        if table.columns.len() + paper > MOST_COLUMNS {
            return None;
        }
        let totals = u32::try_from(table.totals.min(table.height())).ok()?;
        let entries = u32::try_from(table.height()).ok()?.checked_sub(totals)?;
        let header = at.checked_add(lines_above(section))?;
        // The row above stands for the names of the columns where they are not drawn.
        let header = header.checked_sub(u32::from(section.bare))?;
        let place = TablePlace {
            sheet: plan.name.clone(),
            header,
            body: match section.tall.is_empty() {
                true => entries.max(1),
                false => section.tall.iter().take(entries as usize).sum(),
            },
            entries,
            totals,
            columns: u16::try_from(table.columns.len()).ok()?,
            printed: u16::try_from(printed(table)).ok()?,
            gap: u16::try_from(paper.checked_sub(printed(table))?).ok()?,
            spans: section.spans.clone(),
            headed: !section.bare,
            tall: section.tall.clone(),
        };
        let end = header.checked_add(place.body)?.checked_add(totals)?;
        *self.tables.get_mut(section.table)? = Some(place);
        // On a grid, headings part the tables.
        end.checked_add(if plan.grid.is_empty() { 2 } else { 1 })
    }

    /// Sheet and cells to which a figure leads.
    pub(super) fn lead(&self, lead: Lead) -> Option<(&str, Area)> {
        let place = self.table(lead.table)?;
        // What only serves formulas is not shown; its row is.
        let shown = Some(lead.column).filter(|column| *column < usize::from(place.printed));
        let column = place.column(shown.unwrap_or(0))?;
        let first = match lead.first {
            Some(row) => place.row(row)?,
            None => place.header,
        };
        let last = lead.last.and_then(|row| place.row(row)).unwrap_or(first);
        let area = Area::new(Cell::new(first, column), Cell::new(last, column));
        Some((place.sheet.as_str(), area))
    }

    /// Notes how much room the columns of a long table need.
    pub(super) fn set_needs(&mut self, table: usize, needs: Vec<Need>) {
        self.needs.insert(table, needs);
    }

    /// How much room the columns of a table need, if it is a long one.
    pub(super) fn needs(&self, table: usize) -> Option<&[Need]> {
        self.needs.get(&table).map(Vec::as_slice)
    }

    /// Where a table stands.
    pub(super) fn table(&self, table: usize) -> Option<&TablePlace> {
        self.tables.get(table)?.as_ref()
    }

    /// Where the parts of a sheet stand.
    pub(super) fn sheet(&self, index: usize) -> Option<&SheetPlace> {
        self.sheets.get(index)
    }
}

/// Columns of a table that print.
fn printed(table: &Table) -> usize {
    let all = table.columns.len();
    table.printed.unwrap_or(all).min(all)
}

/// Rows between an item's first row and the headers of its table.
pub(super) fn lines_above(section: &Section) -> u32 {
    u32::from(!section.heading.is_empty()) + u32::from(!section.note.is_empty())
}

impl TablePlace {
    /// Column on the sheet of a column of the book's table.
    pub fn column(&self, column: usize) -> Option<u16> {
        if let Some((first, _)) = self.spans.get(column) {
            return Some(*first);
        }
        let column = u16::try_from(column).ok().filter(|at| *at < self.columns)?;
        Some(column + if column < self.printed { 0 } else { self.gap })
    }

    /// Last column on the sheet over which a column of the book's table stands.
    pub fn last_column(&self, column: usize) -> Option<u16> {
        let of_span = self.spans.get(column).map(|(_, last)| *last);
        of_span.or_else(|| self.column(column))
    }

    /// First and last column on the sheet of what prints.
    pub fn across(&self) -> (u16, u16) {
        match (self.spans.first(), self.spans.last()) {
            (Some((first, _)), Some((_, last))) => (*first, *last),
            _ => (0, self.printed.saturating_sub(1)),
        }
    }

    /// Last column up to which rows are taken together when they are sorted.
    pub fn right(&self) -> u16 {
        let all = if self.gap == 0 {
            self.columns
        } else {
            self.printed
        };
        all.saturating_sub(1)
    }

    /// Row on the sheet of a row of the book's table.
    pub fn row(&self, row: usize) -> Option<u32> {
        if let Some(above) = self.tall.get(..row)
            && row < self.tall.len()
        {
            return Some(self.header + 1 + above.iter().sum::<u32>());
        }
        let row = u32::try_from(row).ok()?;
        let gap = u32::from(row >= self.entries) * (self.body - self.entries);
        (row < self.entries + self.totals).then(|| self.header + 1 + gap + row)
    }

    /// How many rows of the sheet stand for a row that begins there.
    pub fn rows_at(&self, row: u32) -> u32 {
        let mut begins = self.header + 1;
        for tall in &self.tall {
            if begins == row {
                return *tall;
            }
            begins += tall;
        }
        1
    }

    /// First row below the headers.
    pub fn first(&self) -> u32 {
        self.header + 1
    }

    /// Last row before the totals.
    pub fn last(&self) -> u32 {
        self.header + self.body
    }

    /// Last row of the totals.
    pub fn bottom(&self) -> u32 {
        self.last() + self.totals
    }

    /// Cells of some columns, without header and totals.
    pub fn area(&self, from: u16, to: u16) -> Area {
        Area::new(Cell::new(self.first(), from), Cell::new(self.last(), to))
    }
}

impl Placement for Places {
    fn cell(&self, cell: CellRef) -> Option<(&str, Cell)> {
        let place = self.table(cell.table)?;
        let column = place.column(cell.column)?;
        Some((&place.sheet, Cell::new(place.row(cell.row)?, column)))
    }

    fn column(&self, column: ColumnRef) -> Option<(&str, Area)> {
        let place = self.table(column.table)?;
        let at = place.column(column.column)?;
        Some((&place.sheet, place.area(at, at)))
    }
}
