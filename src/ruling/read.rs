//! Reads rulings from 裁定.xlsx, or from a consolidated workbook: all rows, or those that
//! were changed since the program wrote them.

use std::collections::BTreeSet;

use super::forms::RulingForms;
use super::rows::{Judge, Line};
use super::sheets::{Holds, WRITTEN, sheet_of, unread, written_column};
use super::write::{GIVEN, row_text};
use super::{Adjustment, Decision, Exemption, Nomination, Rulings};
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::form::{Context, read_form, shown};
use crate::policy::{Form, Policy};
use crate::roster::Roster;
use crate::sheet::{Cell, FoundWorkbook};
use crate::value::squeeze;

/// How the text of a matter that has not been ruled ends: three empty fields.
const UNRULED: &str = "|||";

/// What of a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// All rows.
    All,
    /// Only rows that were changed since the program wrote the workbook.
    Changed,
}

/// A row that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit<T> {
    /// What it says; nothing if it was cleared.
    pub new: Option<T>,
    /// What it said when the program wrote it; empty if it is a new row.
    pub was: String,
    /// Where it stands.
    pub place: Place,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    /// Rulings on matters.
    pub decisions: Vec<Edit<Decision>>,
    /// Additions and deductions.
    pub adjustments: Vec<Edit<Adjustment>>,
    /// Nominations.
    pub nominations: Vec<Edit<Nomination>>,
    /// Exemptions.
    pub exemptions: Vec<Edit<Exemption>>,
}

impl Edits {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty()
            && self.adjustments.is_empty()
            && self.nominations.is_empty()
            && self.exemptions.is_empty()
    }

    /// The rulings by themselves.
    pub fn rulings(self) -> Rulings {
        fn said<T>(edits: Vec<Edit<T>>) -> Vec<T> {
            edits.into_iter().filter_map(|edit| edit.new).collect()
        }
        Rulings {
            decisions: said(self.decisions),
            adjustments: said(self.adjustments),
            nominations: said(self.nominations),
            exemptions: said(self.exemptions),
        }
    }
}

/// Reads rulings. `file` is how findings name the workbook.
pub fn read_rulings(
    workbook: &FoundWorkbook,
    file: &str,
    rows: Take,
    policy: &Policy,
    roster: &Roster,
) -> Checked<Edits> {
    let forms = RulingForms::new();
    let mut reader = Reader {
        workbook,
        file,
        rows,
        judge: Judge {
            policy,
            roster,
            findings: Vec::new(),
        },
    };
    let value = Edits {
        decisions: reader.decisions(&forms.decisions),
        adjustments: reader.read(&forms.adjustments, Judge::adjustment),
        nominations: reader.read(&forms.nominations, Judge::nomination),
        exemptions: reader.read(&forms.exemptions, Judge::exemption),
    };
    Checked {
        value,
        findings: reader.judge.findings,
    }
}

struct Reader<'a> {
    workbook: &'a FoundWorkbook,
    file: &'a str,
    rows: Take,
    judge: Judge<'a>,
}

impl<'a> Reader<'a> {
    fn read<T>(
        &mut self,
        form: &Form,
        take: fn(&mut Judge<'a>, &Line<'_>) -> Option<T>,
    ) -> Vec<Edit<T>> {
        let (sheet, located) = match sheet_of(self.workbook, form) {
            Holds::Sheet(sheet, located) => (sheet, located),
            Holds::Missing(sheet, headers) => {
                self.judge
                    .findings
                    .push(unread(self.file, form, sheet, &headers));
                return Vec::new();
            }
        };
        let here = Place::file(self.file).on(&sheet.name);
        if let Some(field) = located.missing.first().and_then(|id| form.fields.get(id)) {
            let message = format!("表头“{}”找不到了，这一栏没有读；各行照样生效", field.header);
            let finding = Finding::new(Code::RulingIdle, here.clone(), message);
            let mend = format!("把表头改回“{}”。", field.header);
            self.judge.findings.push(finding.mend(mend));
        }
        let context = Context {
            policy: self.judge.policy,
            names: None,
            file: self.file,
            days_of_1904: sheet.days_of_1904,
            older_form: false,
        };
        let reading = read_form(sheet, form, &located, &BTreeSet::new(), context);
        let written = written_column(sheet, &located);
        if self.rows == Take::Changed && written.is_none() {
            // What was changed cannot be told from what was not.
            self.judge
                .findings
                .push(unread(self.file, form, Some(sheet), &[WRITTEN]));
            return Vec::new();
        }
        let faults = reading.findings.into_iter();
        self.judge
            .findings
            .extend(faults.filter(|f| matches!(f.code, Code::NumberText | Code::ErrorCell)));
        let mut edits = Vec::new();
        for row in &reading.rows {
            let line = Line::new(form, &located, row, here.clone());
            let own = form.fields.keys().map(String::as_str);
            let mut own = own.filter(|id| !GIVEN.contains(id) && *id != "matter");
            let is_empty = own.all(|id| line.text(id).is_empty());
            let mut was = String::new();
            if self.rows == Take::Changed {
                let before = written.map(|column| Cell::new(row.raw.row, column));
                let before = before.and_then(|cell| sheet.cells.get(&cell));
                was = before.map(shown).unwrap_or_default();
                if was == row_text(form, &line.row) {
                    continue;
                }
                // A matter that had not been ruled said nothing but its number.
                if was.ends_with(UNRULED) {
                    was.clear();
                }
            }
            let new = if is_empty {
                None
            } else {
                take(&mut self.judge, &line)
            };
            if is_empty || new.is_some() {
                let place = line.place;
                edits.push(Edit { new, was, place });
            }
        }
        if self.rows == Take::Changed
            && let Some(column) = written
        {
            // A row that was cleared is no entry any more, but what was written
            // of it still stands beside it.
            let read = |row: u32| reading.rows.iter().any(|one| one.raw.row == row);
            let cleared = sheet.cells.iter().filter(|(cell, found)| {
                cell.column == column && squeeze(&shown(found)) != WRITTEN && !read(cell.row)
            });
            edits.extend(cleared.map(|(cell, found)| Edit {
                new: None,
                was: shown(found),
                place: Place {
                    cell: Some(*cell),
                    ..here.clone()
                },
            }));
        }
        edits
    }

    /// Rulings on matters, each matter once.
    fn decisions(&mut self, form: &Form) -> Vec<Edit<Decision>> {
        let mut edits: Vec<Edit<Decision>> = Vec::new();
        for edit in self.read(form, Judge::decision) {
            let same = |one: &&Decision| {
                let new = edit.new.as_ref();
                new.is_some_and(|new| squeeze(&one.matter) == squeeze(&new.matter))
            };
            let first = edits.iter().filter_map(|edit| edit.new.as_ref()).find(same);
            match (first, &edit.new) {
                (Some(first), Some(new)) if squeeze(&first.verdict) != squeeze(&new.verdict) => {
                    let message = format!("{} 裁定了两次，这一行不能生效", new.matter);
                    let finding = Finding::new(Code::RulingUnusable, new.place.clone(), message)
                        .typed(&new.verdict)
                        .related(first.place.clone())
                        .mend("只留一行。");
                    self.judge.findings.push(finding);
                }
                (Some(_), _) => {}
                (None, _) => edits.push(edit),
            }
        }
        edits
    }
}
