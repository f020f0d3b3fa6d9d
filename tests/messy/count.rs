//! The count of cells: every cell of a returned file that holds anything, as
//! calamine reads it by itself, and what the program says became of it. What
//! it takes for the office's own print must stand in the issued workbook.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, open_workbook_auto_from_rs};
use kaohe::diagnostic::Place;
use kaohe::form::LISTS_SHEET;
use kaohe::intake::{Submission, Use};
use kaohe::sheet::{Cell, Content, open};
use kaohe::template::{GUIDE_SHEET, STAMP_SHEET, unit_workbook};

use super::{Case, TODAY, World};

/// Cells that hold anything, by sheet and position, with their text.
fn cells(bytes: &[u8]) -> BTreeMap<(String, Cell), String> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).expect("calamine opens it");
    let mut cells = BTreeMap::new();
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).expect("range");
        let (top, left) = range.start().unwrap_or((0, 0));
        for (row, column, data) in range.used_cells() {
            let text = match data {
                Data::Empty => continue,
                other => other.to_string(),
            };
            let seen = |c: char| !c.is_whitespace() && c != '\u{200B}' && c != '\u{FEFF}';
            if text.chars().any(seen) {
                let row = top + u32::try_from(row).expect("row");
                let column = left + u32::try_from(column).expect("column");
                let cell = Cell::new(row, u16::try_from(column).expect("column"));
                cells.insert((sheet.clone(), cell), text.trim().to_owned());
            }
        }
    }
    cells
}

/// What the office printed into the unit's workbook, and may be found on each
/// sheet of what came back.
struct Print {
    /// Texts by the sheet of the issued workbook.
    texts: BTreeMap<String, BTreeSet<String>>,
    /// The issued sheet by the sheet that came back, where a form was found.
    placed: BTreeMap<String, String>,
    /// Headers that were recognised, whatever they are called.
    headers: BTreeSet<(String, Cell)>,
    /// Columns below a 序号, by sheet: the row of the word and the column.
    numbered: BTreeSet<(String, u32, u16)>,
    /// Rows with a 合计, by sheet.
    totals: BTreeSet<(String, u32)>,
}

impl Print {
    fn new(
        submission: &Submission,
        cells: &BTreeMap<(String, Cell), String>,
        world: &World,
    ) -> Self {
        let unit = world.roster.unit(&submission.unit).expect("unit");
        let book = unit_workbook(&world.policy, &world.roster, unit, TODAY);
        let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for sheet in &book.sheets {
            let here = texts.entry(sheet.name.clone()).or_default();
            if sheet.name == LISTS_SHEET {
                // Lists that were issued earlier have all villages by their bare names.
                here.extend(world.roster.villages().map(|village| village.name.clone()));
            }
            here.extend(
                sheet
                    .cells
                    .values()
                    .filter_map(|(content, _)| match content {
                        Content::Text(text) | Content::Link { text, .. } => {
                            Some(text.trim().to_owned())
                        }
                        _ => None,
                    }),
            );
        }
        let form_sheet = |form: &String| world.policy.forms[form].sheet.clone();
        let placed = submission.placed.iter();
        let (mut numbered, mut totals) = (BTreeSet::new(), BTreeSet::new());
        for ((sheet, cell), text) in cells {
            match text.as_str() {
                "序号" => {
                    numbered.insert((sheet.clone(), cell.row, cell.column));
                }
                "合计" => {
                    totals.insert((sheet.clone(), cell.row));
                }
                _ => {}
            }
        }
        Print {
            texts,
            placed: placed
                .clone()
                .map(|(form, at)| (at.sheet.clone(), form_sheet(form)))
                .collect(),
            headers: placed
                .flat_map(|(_, at)| at.headers.values().map(|cell| (at.sheet.clone(), *cell)))
                .collect(),
            numbered,
            totals,
        }
    }

    /// Whether a cell may be the office's print.
    fn has(&self, sheet: &str, cell: Cell, text: &str) -> bool {
        // Stamp and guide may be of another version.
        if sheet == STAMP_SHEET
            || sheet == GUIDE_SHEET
            || self.headers.contains(&(sheet.to_owned(), cell))
        {
            return true;
        }
        let issued = self.placed.get(sheet).map_or(sheet, String::as_str);
        let printed = match self.texts.get(issued) {
            Some(texts) => texts.contains(text),
            None => self.texts.values().any(|texts| texts.contains(text)),
        };
        let numbered = || {
            let mut heads = self.numbered.iter();
            heads.any(|(s, row, column)| s == sheet && *row < cell.row && *column == cell.column)
        };
        // The sum in the line of totals may itself have come to an error.
        let number = text.parse::<f64>().is_ok() || text.starts_with('#');
        let total = || self.totals.contains(&(sheet.to_owned(), cell.row));
        printed || number && (total() || text.parse::<u32>().is_ok() && numbered())
    }
}

/// What became of each cell of a file, if it was read.
fn account(case: &Case, file: usize) -> Option<BTreeMap<(String, Cell), Use>> {
    let submission = case.submission(file)?;
    let bytes = case.files[file].read().expect("bytes");
    let workbook = open(&bytes).expect("opened before");
    Some(submission.account(&workbook))
}

/// Holds the program's account against the count.
pub(crate) fn check(case: &Case, file: usize, world: &World, wrong: &mut Vec<String>) {
    let (Some(account), Some(submission)) = (account(case, file), case.submission(file)) else {
        return;
    };
    let stem = &case.stem;
    let cells = cells(&case.files[file].read().expect("bytes"));
    let print = Print::new(submission, &cells, world);
    for ((sheet, cell), text) in &cells {
        let place = format!("{stem}: {sheet}!{} “{text}”", cell.name());
        match account.get(&(sheet.clone(), *cell)) {
            None => wrong.push(format!("{place} is in no account")),
            Some(Use::Office) if !print.has(sheet, *cell, text) => {
                wrong.push(format!("{place} is no print of the office"));
            }
            Some(_) => {}
        }
    }
    // Whatever was set aside is spoken of: by a finding at the cell, in its row
    // or column, or on the whole sheet.
    let findings = case.findings_of(&case.files[file].name);
    let places: Vec<&Place> = findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.place).chain(&finding.related))
        .collect();
    for ((sheet, cell), what) in &account {
        let speaks = |place: &&&Place| {
            let near = |at: Cell| at.row == cell.row || at.column == cell.column;
            place.sheet.as_ref() == Some(sheet) && place.cell.is_none_or(near)
        };
        if *what == Use::SetAside && !places.iter().any(|place| speaks(&place)) {
            let cell = cell.name();
            wrong.push(format!("{stem}: {sheet}!{cell} is set aside in silence"));
        }
    }
}

/// A line of the table: file, program, outcome, cells by what became of them.
pub(crate) fn line(case: &Case, program: &str) -> String {
    let outcomes: Vec<&str> = case.read.outcomes().iter().map(|(o, _)| o.key()).collect();
    let mut uses: BTreeMap<Use, usize> = BTreeMap::new();
    for file in 0..case.files.len() {
        for what in account(case, file).unwrap_or_default().into_values() {
            *uses.entry(what).or_default() += 1;
        }
    }
    let count = |what| uses.get(&what).copied().unwrap_or(0);
    format!(
        "{:<34} {:<12} {:<11} office {:>5}, taken {:>4}, set aside {:>4}",
        case.stem,
        program,
        outcomes.join(" "),
        count(Use::Office),
        count(Use::Taken),
        count(Use::SetAside)
    )
}
