//! Merged cells on a sheet that came back. A name, text, day or choice that
//! is merged over several rows stands for each of them, and that is said; a
//! number stands for the first row only, since nobody can know whether it is
//! the sum; what a merged cell covers cannot be seen, and is not taken.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::RawCell;
use super::locate::Located;
use super::shown::found;
use crate::policy::{Field, Form, Kind};
use crate::sheet::{Area, Cell, Found, FoundSheet};

/// A merged cell below the header.
#[derive(Debug, Clone)]
pub(super) struct Merge {
    /// Its cells.
    pub area: Area,
    /// What it shows, if anything.
    pub shows: Option<Found>,
    /// Covered cells that hold something.
    pub hidden: Vec<Cell>,
    /// Rows below its first in which something else was typed.
    pub rows: BTreeSet<u32>,
}

/// The merged cells of a sheet below the header.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// In the order of their first cells.
    pub all: Vec<Merge>,
    index: Index,
    /// Which of them say something about a row below their first.
    by_row: BTreeMap<u32, Vec<usize>>,
}

/// Merged cells by the rows that they take, so that a sheet with thousands of
/// them is read as fast as any.
#[derive(Debug, Default)]
struct Index {
    by_row: BTreeMap<u32, Vec<Area>>,
    /// Those that take very many rows; a few at most, since they may not overlap.
    tall: Vec<Area>,
}

/// A merged cell of more rows than this is tall.
const TALL: u32 = 1_000;

impl Index {
    fn of(areas: &[Area]) -> Self {
        let mut index = Index::default();
        for area in areas {
            if area.last.row.saturating_sub(area.first.row) > TALL {
                index.tall.push(*area);
                continue;
            }
            for row in area.first.row..=area.last.row {
                index.by_row.entry(row).or_default().push(*area);
            }
        }
        index
    }

    /// The merged cell that covers a cell.
    fn covering(&self, cell: Cell) -> Option<&Area> {
        let own = self.by_row.get(&cell.row).into_iter().flatten();
        own.chain(&self.tall).find(|area| area.contains(cell))
    }
}

/// Whether a field's value belongs to one row alone.
pub(super) fn is_number(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::Money | Kind::Integer | Kind::Number | Kind::Percent
    )
}

impl Merges {
    /// The merged cells below the header of a table.
    pub fn below(sheet: &FoundSheet, located: &Located) -> Merges {
        let mut areas: Vec<Area> = sheet
            .merges
            .iter()
            .filter(|area| area.first.row > located.header_row)
            .copied()
            .collect();
        areas.sort();
        let index = Index::of(&areas);
        let inside = |cell: Cell| index.covering(cell).is_some_and(|area| area.first != cell);
        let numbers = located.number_column;
        let all: Vec<Merge> = areas
            .iter()
            .map(|area| {
                let from = Cell::new(area.first.row, 0);
                let to = Cell::new(area.last.row, u16::MAX);
                let filled = || sheet.cells.range(from..=to).map(|(cell, _)| *cell);
                let hidden = filled()
                    .filter(|cell| *cell != area.first && area.contains(*cell))
                    .filter(|cell| found(sheet, *cell).is_some())
                    .collect();
                let rows = filled()
                    .filter(|cell| cell.row > area.first.row && !inside(*cell))
                    .filter(|cell| Some(cell.column) != numbers && !area.contains(*cell))
                    .filter(|cell| located.field_at(cell.column).is_some())
                    .filter(|cell| found(sheet, *cell).is_some())
                    .map(|cell| cell.row)
                    .collect();
                Merge {
                    area: *area,
                    shows: found(sheet, area.first),
                    hidden,
                    rows,
                }
            })
            .collect();
        let mut by_row: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, merge) in all.iter().enumerate() {
            for row in &merge.rows {
                by_row.entry(*row).or_default().push(at);
            }
        }
        Merges { all, index, by_row }
    }

    /// The merged cells that say something about a row below their first.
    fn about(&self, row: u32) -> impl Iterator<Item = &Merge> {
        let own = self.by_row.get(&row).into_iter().flatten();
        own.filter_map(|at| self.all.get(*at))
    }

    /// Whether a merged cell covers this one.
    pub fn hides(&self, cell: Cell) -> bool {
        let area = self.index.covering(cell);
        area.is_some_and(|area| area.first != cell)
    }

    /// How many columns the merged cell that begins here is wide.
    pub fn width(&self, cell: Cell) -> u16 {
        let area = self.index.covering(cell).filter(|area| area.first == cell);
        area.map_or(1, |area| area.last.column - area.first.column + 1)
    }

    /// What merged cells from above say about a row, by field id. The cell is
    /// that of the row.
    pub fn filled(&self, row: u32, form: &Form, located: &Located) -> Vec<(String, RawCell)> {
        self.about(row)
            .filter_map(|merge| {
                let column = merge.area.first.column;
                let field = form.fields.get(located.field_at(column)?)?;
                let raw = RawCell::new(Cell::new(row, column), merge.shows.clone()?);
                (!is_number(field)).then(|| (field.id.clone(), raw))
            })
            .collect()
    }

    /// Whether a number that is merged over several rows leaves this cell
    /// without one.
    pub fn lacks_number(&self, cell: Cell) -> bool {
        self.about(cell.row)
            .any(|merge| merge.shows.is_some() && merge.area.first.column == cell.column)
    }
}
