//! Charts over the cells of the tables, in bands below them or beside them.

use super::place::Places;
use super::plan::{ChartPlan, GAP, SeriesPlan};
use super::widths;
use crate::book::Placement;
use crate::sheet::{Area, Cell, Chart, Series};

/// A chart at a cell. None if one of its tables has no place or no entries.
pub(super) fn chart(places: &Places, plan: &ChartPlan, at: Cell, width: u32) -> Option<Chart> {
    let series: Option<Vec<Series>> = plan.series.iter().map(|s| series(places, s)).collect();
    let series = series.filter(|series| !series.is_empty())?;
    Some(Chart {
        kind: plan.kind,
        title: plan.title.clone(),
        axis: plan.axis.clone(),
        series,
        at,
        width,
        height: plan.height,
    })
}

/// The cells of a series.
fn series(places: &Places, plan: &SeriesPlan) -> Option<Series> {
    match plan {
        SeriesPlan::Column {
            name,
            categories,
            values,
        } => {
            if places.table(values.table)?.entries == 0 {
                return None;
            }
            let (sheet, values) = places.column(*values)?;
            let (_, categories) = places.column(*categories)?;
            Some(Series {
                name: name.clone(),
                sheet: sheet.to_owned(),
                categories,
                values,
            })
        }
        SeriesPlan::Row {
            name,
            table,
            row,
            from,
            to,
        } => {
            let place = places.table(*table).filter(|place| place.entries > 0)?;
            let (from, to) = (u16::try_from(*from).ok()?, u16::try_from(*to).ok()?);
            let across = |row: u32| Area::new(Cell::new(row, from), Cell::new(row, to));
            Some(Series {
                name: name.clone(),
                sheet: place.sheet.clone(),
                categories: across(place.header),
                values: across(place.row(*row)?),
            })
        }
    }
}

/// Charts side by side over a sheet's width, beginning at a row.
pub(super) fn band(places: &Places, plans: &[ChartPlan], row: u32, columns: &[u32]) -> Vec<Chart> {
    let total: u32 = columns.iter().map(|w| widths::pixels_across(*w)).sum();
    let count = u32::try_from(plans.len()).unwrap_or(1).max(1);
    let share = total / count;
    let mut charts = Vec::new();
    for (index, plan) in (0u32..).zip(plans) {
        let wanted = share * index + GAP * u32::from(index > 0);
        let (column, begins) = column_at(columns, wanted);
        let ends = (share * (index + 1)).max(begins + GAP);
        let width = (ends - begins).saturating_sub(GAP).max(1);
        charts.extend(chart(places, plan, Cell::new(row + 1, column), width));
    }
    charts
}

/// The first column that begins at or after so many pixels, and where it does;
/// the last column if none does.
fn column_at(columns: &[u32], pixels: u32) -> (u16, u32) {
    let mut begins = 0;
    let mut found = (0, 0);
    for (column, width) in (0u16..).zip(columns) {
        found = (column, begins);
        if begins >= pixels {
            break;
        }
        begins += widths::pixels_across(*width);
    }
    found
}
