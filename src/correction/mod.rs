//! The return-for-correction workbook: a unit's own return again on the
//! current form, every value as it was typed, each faulty cell marked and
//! explained. Mended and sent in, it is read like any other return.

mod again;
mod changed;
mod leftover;
mod marks;
mod opinion;
mod words;

use jiff::civil::Date;

use crate::diagnostic::{Finding, Severity};
use crate::intake::Submission;
use crate::policy::Policy;
use crate::roster::{Roster, Unit};
use crate::sheet::{Content, Visibility, Workbook};
use crate::template::{file_name, filled_workbook, with_units};

use again::{Again, At};
use marks::{Marked, Point};

/// Whether a return is sent back: something in it is an error, or doubtful.
pub fn is_sent_back(findings: &[&Finding]) -> bool {
    let mut severities = findings.iter().map(|finding| finding.severity());
    severities.any(|severity| severity != Severity::Note)
}

/// The workbook to send back. `findings` are those about the file of this
/// return. `None` if the roster does not know the unit.
pub fn returned_workbook(
    submission: &Submission,
    findings: &[&Finding],
    policy: &Policy,
    roster: &Roster,
    created: Date,
) -> Option<Workbook> {
    let unit = roster.unit(&submission.unit)?;
    let again = Again::new(submission, policy, roster, unit);
    let revision = submission.revision.saturating_add(1);
    let mut book = filled_workbook(policy, roster, unit, created, revision, |form, _| {
        again.rows(form)
    });
    let mut leftovers = again.leftovers();
    let (notes, left) = again.attached();
    leftovers.extend(left);
    let marked = Marked::new(findings, &again, &leftovers);
    for sheet in &mut book.sheets {
        again.fit(sheet);
        marked.mark(sheet);
        for ((_, cell), units) in notes.iter().filter(|((of, _), _)| *of == sheet.name) {
            let own = sheet.notes.remove(cell);
            let note = match own {
                Some(own) => with_units(&own, units),
                None => (*units).to_owned(),
            };
            sheet.notes.insert(*cell, note);
        }
    }
    let before = |at: &At| before(&book, at);
    let any_left = !leftovers.is_empty();
    let changed = |point: &Point<'_>| changed::formula(point, &again, &before);
    let opinion = opinion::sheet(&marked, unit, policy, revision, any_left, &changed);
    book.sheets.insert(0, opinion);
    if !leftovers.is_empty() {
        let after_forms = book
            .sheets
            .iter()
            .rposition(|sheet| sheet.visibility == Visibility::Visible)
            .map_or(book.sheets.len(), |last| last + 1);
        book.sheets.insert(after_forms, leftover::sheet(&leftovers));
    }
    Some(book)
}

/// Name of a returned workbook's file.
pub fn returned_name(policy: &Policy, unit: &Unit) -> String {
    file_name(policy, unit).replace("_填报表", "_退回修改")
}

/// What stands in a cell that may be changed.
fn before(book: &Workbook, (name, cell): &At) -> Option<Content> {
    let sheet = book.sheets.iter().find(|sheet| sheet.name == *name)?;
    let (content, style) = sheet.cells.get(cell)?;
    style.input.then(|| content.clone())
}
