//! Findings in their places in the new workbook: colour and comment on the
//! cell, and where the opinion leads to.

use std::collections::BTreeMap;

use super::again::{Again, At};
use crate::diagnostic::{Code, Finding, Severity};
use crate::intake::Leftover;
use crate::sheet::{Cell, Content, Mark, Sheet};
use crate::template::LEFTOVER_SHEET;

use super::leftover;

/// A finding with its place in the new workbook.
pub(super) struct Point<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// The cell that it speaks of, if it stands there again.
    pub cell: Option<At>,
    /// Where else to look: a sheet of the new workbook.
    pub sheet: Option<At>,
}

/// All findings, the gravest first, then in the order of sheets and cells.
pub(super) struct Marked<'a> {
    /// The findings.
    pub points: Vec<Point<'a>>,
}

impl<'a> Marked<'a> {
    /// Finds the places of findings.
    pub fn new(findings: &[&'a Finding], again: &Again<'_>, leftovers: &[Leftover]) -> Self {
        let mut points: Vec<Point<'a>> = Vec::new();
        for finding in findings {
            let places = std::iter::once(&finding.place).chain(&finding.related);
            let own = places.filter(|place| place.file == finding.place.file);
            let mut cells: Vec<At> = own
                .flat_map(|place| {
                    let (Some(sheet), Some(cell)) = (place.sheet.as_deref(), place.cell) else {
                        return Vec::new();
                    };
                    match (finding.code, again.moved(sheet, cell)) {
                        (Code::WrongMeasure, _) => again.column(sheet, cell),
                        (Code::RowUntouched, Some((at, form, _))) => vec![again.answer(&at, form)],
                        (_, Some((at, ..))) => vec![at],
                        (_, None) => Vec::new(),
                    }
                })
                .collect();
            cells.dedup();
            let left = || {
                let (sheet, cell) = (finding.place.sheet.as_deref()?, finding.place.cell?);
                let index = leftovers
                    .iter()
                    .position(|left| left.sheet == sheet && left.cell == cell)?;
                Some((LEFTOVER_SHEET.to_owned(), leftover::cell(index)))
            };
            let sheet = || {
                let sheet = again.sheet(finding.place.sheet.as_deref()?)?;
                Some((sheet.to_owned(), Cell::new(0, 0)))
            };
            let elsewhere = left().or_else(sheet);
            if cells.is_empty() {
                points.push(Point {
                    finding,
                    cell: None,
                    sheet: elsewhere,
                });
                continue;
            }
            // What is said once of a column is marked in each of its cells.
            for cell in cells {
                points.push(Point {
                    finding,
                    cell: Some(cell),
                    sheet: None,
                });
            }
        }
        points.sort_by_key(|point| point.finding.severity());
        Marked { points }
    }

    /// Marks the cells of a sheet.
    pub fn mark(&self, sheet: &mut Sheet) {
        let mut by_cell: BTreeMap<Cell, Vec<&Finding>> = BTreeMap::new();
        for point in &self.points {
            if point.finding.severity() == Severity::Note {
                continue;
            }
            if let Some((name, cell)) = &point.cell
                && *name == sheet.name
            {
                by_cell.entry(*cell).or_default().push(point.finding);
            }
        }
        for (cell, findings) in by_cell {
            let grave = findings.iter().any(|f| f.severity() == Severity::Error);
            let mark = if grave { Mark::Fault } else { Mark::Doubt };
            let entry = sheet
                .cells
                .entry(cell)
                .or_insert((Content::Blank, crate::sheet::Look::Text.into()));
            // Whoever mends it must be able to write into it.
            let is_input = entry.1.input || findings.iter().any(|f| f.typed.is_some());
            entry.1 = entry.1.marked(mark);
            entry.1.input = is_input;
            let notes: Vec<String> = findings.iter().map(|finding| note(finding)).collect();
            sheet.notes.insert(cell, notes.join("\n"));
        }
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        let mut seen: Vec<&Finding> = Vec::new();
        for point in &self.points {
            if !seen
                .iter()
                .any(|finding| std::ptr::eq(*finding, point.finding))
            {
                seen.push(point.finding);
            }
        }
        seen.iter().filter(|f| f.severity() == severity).count()
    }
}

/// How to mend it in this workbook, whose headers are the office's again.
pub(super) fn mend(finding: &Finding) -> &str {
    match finding.code {
        Code::WrongMeasure => {
            "表头已改回；原来表头上的单位写在了数字后面，请改成以元为单位的数，例如 50000"
        }
        _ => &finding.mend,
    }
}

/// The comment on a cell.
fn note(finding: &Finding) -> String {
    let mut lines = vec![format!(
        "{}：{}",
        finding.severity().word(),
        finding.message
    )];
    if let Some(taken) = &finding.taken {
        lines.push(format!("按此理解：{taken}"));
    }
    lines.push(format!("改法：{}", mend(finding)));
    lines.join("\n")
}
