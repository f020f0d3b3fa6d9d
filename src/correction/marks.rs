//! Findings in their places in the new workbook: colour and comment on the
//! cell, and where the opinion leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::again::{Again, At, Moved};
use super::leftover;
use super::words::mend;
use crate::diagnostic::{Code, Finding, Severity};
use crate::intake::Leftover;
use crate::sheet::{AttachedKind, Cell, Content, Look, Mark, Sheet};
use crate::template::{LEFTOVER_SHEET, note_of};

/// A finding with its place in the new workbook.
pub(super) struct Point<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// The cell that it speaks of, if it stands there again.
    pub cell: Option<At>,
    /// Whether that cell is the header of a column.
    pub is_header: bool,
    /// Where else to look: a sheet of the new workbook.
    pub sheet: Option<At>,
    /// What was typed in that cell.
    pub typed: String,
    /// What is wrong, with the places of this return as they are now.
    pub message: String,
}

/// All findings, the gravest first, then in the order of sheets and cells.
pub(super) struct Marked<'a> {
    /// The findings.
    pub points: Vec<Point<'a>>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl<'a> Marked<'a> {
    /// Finds the places of findings.
    pub fn new(findings: &[&'a Finding], again: &Again<'_>, leftovers: &[Leftover]) -> Self {
        let mut left: BTreeMap<(&str, Cell), usize> = BTreeMap::new();
        for (index, one) in leftovers.iter().enumerate() {
            // What stood in the cell comes before what was attached to it.
            left.entry((one.sheet.as_str(), one.cell)).or_insert(index);
        }
        let mut points: Vec<Point<'a>> = Vec::new();
        for finding in findings {
            points.extend(points_of(finding, again, &left));
        }
        points.sort_by_key(|point| {
            let at = point.cell.as_ref().or(point.sheet.as_ref());
            let place = at.map(|(sheet, cell)| (again.order(sheet), *cell));
            (point.finding.severity(), place)
        });
        let count = |severity| findings.iter().filter(|f| f.severity() == severity).count();
        Marked {
            points,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }

    /// Marks the cells of a sheet.
    pub fn mark(&self, sheet: &mut Sheet) {
        let mut by_cell: BTreeMap<Cell, Vec<&Point<'_>>> = BTreeMap::new();
        for point in &self.points {
            if point.finding.severity() == Severity::Note {
                continue;
            }
            if let Some((name, cell)) = &point.cell
                && *name == sheet.name
            {
                by_cell.entry(*cell).or_default().push(point);
            }
        }
        for (cell, points) in by_cell {
            let grave = |point: &&Point<'_>| point.finding.severity() == Severity::Error;
            let mark = if points.iter().any(grave) {
                Mark::Fault
            } else {
                Mark::Doubt
            };
            let entry = sheet
                .cells
                .entry(cell)
                .or_insert((Content::Blank, Look::Text.into()));
            // Whoever mends it must be able to write into it.
            let is_input = points
                .iter()
                .filter(|point| point.finding.code != Code::Attached)
                .any(|point| !point.is_header && point.finding.typed.is_some());
            if is_input {
                entry.1 = entry.1.input();
            }
            entry.1 = entry.1.marked(mark);
            let notes: Vec<String> = points.iter().map(|point| note(point)).collect();
            let own = note_of(&short(&notes.join("\n"), NOTE));
            sheet.notes.insert(cell, own);
        }
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Note => self.notes,
        }
    }
}

/// The places of a finding: each of its cells, and if none of them stands in
/// the forms, where else to look.
fn points_of<'a>(
    finding: &'a Finding,
    again: &Again<'_>,
    leftovers: &BTreeMap<(&str, Cell), usize>,
) -> Vec<Point<'a>> {
    let place = &finding.place;
    // A row with which another one is compared is not marked as well: it would be said
    // to be like itself.
    let others = finding.related.iter();
    let others = others.filter(|other| !finding.message.contains(&other.to_string()));
    let own = std::iter::once(place).chain(others.filter(|other| other.file == place.file));
    let mut cells: Vec<Moved> = Vec::new();
    let mut seen: BTreeSet<At> = BTreeSet::new();
    for place in own {
        if let (Some(sheet), Some(cell)) = (place.sheet.as_deref(), place.cell) {
            let moved = again.moved(sheet, cell).into_iter();
            let moved = moved.map(|moved| match finding.code {
                Code::RowUntouched | Code::NotAnswered => again.answer(moved),
                _ => moved,
            });
            cells.extend(moved.filter(|moved| seen.insert(moved.at.clone())));
        }
    }
    // Who had no row has one again, for the office lists him.
    if cells.is_empty()
        && finding.code == Code::NotAnswered
        && let Some(sheet) = place.sheet.as_deref()
    {
        cells.extend(again.listed(sheet, &finding.message));
    }
    if cells.is_empty()
        && place.cell.is_none()
        && let (Some(sheet), Some(header)) = (place.sheet.as_deref(), place.header.as_deref())
    {
        cells.extend(again.header(sheet, header));
    }
    // What need not be mended is said once, however many cells it speaks of.
    if finding.severity() == Severity::Note {
        cells.truncate(1);
    }
    let typed = finding.typed.clone().unwrap_or_default();
    let message = message(finding, again);
    if cells.is_empty() {
        let sheet = place.sheet.as_deref();
        let left = sheet.zip(place.cell).and_then(|at| leftovers.get(&at));
        let left = left.map(|index| (LEFTOVER_SHEET.to_owned(), leftover::cell(*index)));
        let form = || Some((again.sheet(sheet?)?.to_owned(), Cell::new(0, 0)));
        return vec![Point {
            finding,
            cell: None,
            is_header: false,
            sheet: left.or_else(form),
            typed,
            message,
        }];
    }
    // What was typed is said of the cell itself where the finding speaks of several.
    let several = cells.len() > 1 || finding.code == Code::WrongMeasure;
    cells
        .into_iter()
        .map(|moved| Point {
            finding,
            cell: Some(moved.at),
            is_header: moved.is_header,
            sheet: None,
            typed: moved
                .typed
                .filter(|_| several)
                .unwrap_or_else(|| typed.clone()),
            message: message.clone(),
        })
        .collect()
}

/// What is wrong, where a place in this very return is named by where it stands now.
fn message(finding: &Finding, again: &Again<'_>) -> String {
    let own = finding
        .related
        .iter()
        .filter(|other| other.file == finding.place.file);
    own.fold(finding.message.clone(), |message, place| {
        let (Some(sheet), Some(cell)) = (place.sheet.as_deref(), place.cell) else {
            return message;
        };
        match again.moved(sheet, cell).first().map(|moved| &moved.at) {
            Some((sheet, cell)) => {
                let now = format!("本文件 {sheet}!{}", cell.name());
                message.replace(&place.to_string(), &now)
            }
            None => message,
        }
    })
}

/// Longest comment and longest explanation, in characters: a comment must fit on
/// the screen, and a file may hold texts of any length.
const NOTE: usize = 900;
const LINE: usize = 300;

/// A text of at most so many characters.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most).collect();
    format!("{start}……")
}

/// The comment on a cell.
fn note(point: &Point<'_>) -> String {
    let finding = point.finding;
    let word = finding.severity().word();
    let mut lines = vec![format!("{word}：{}", short(&point.message, LINE))];
    // The unit's own note follows word by word.
    let follows =
        finding.code == Code::Attached && finding.message.starts_with(AttachedKind::Note.word());
    if !follows && !point.typed.is_empty() && !point.message.contains(&point.typed) {
        lines.push(format!("填写的是：{}", short(&point.typed, LINE)));
    }
    if let Some(taken) = &finding.taken {
        lines.push(format!("按此理解：{}", short(taken, LINE)));
    }
    lines.push(format!("改法：{}", short(&mend(finding), LINE)));
    lines.join("\n")
}
