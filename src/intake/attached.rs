//! Notes on cells, and boxes with text over a sheet: none of it is read, so all of
//! it is said, and kept for the return-for-correction workbook.

use super::submission::Submission;
use crate::diagnostic::{Code, Finding, Place};
use crate::form::quoted;
use crate::policy::{Policy, Shape};
use crate::sheet::{Attached, AttachedKind, Cell, Found, FoundWorkbook};
use crate::template::units_words;

/// Speaks of whatever is attached to the sheets and is not the program's.
pub(super) fn attached(
    workbook: &FoundWorkbook,
    policy: &Policy,
    file: &str,
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    for sheet in &workbook.sheets {
        for one in &sheet.attached {
            let text = match one.kind {
                AttachedKind::Note => units_words(&one.text),
                AttachedKind::Box => Some(one.text.trim()),
            };
            let Some(text) = text else {
                continue;
            };
            let mut place = Place::file(file).on(&sheet.name);
            place.cell = Some(one.cell);
            place.header = header(submission, policy, &sheet.name, one.cell);
            let message = format!("{}里的内容没有读取", one.kind.word());
            let finding = Finding::new(Code::Attached, place, message);
            findings.push(finding.typed(quoted(&Found::Text(text.into()))));
            let one = Attached {
                text: text.into(),
                ..one.clone()
            };
            submission.attached.push((sheet.name.clone(), one));
        }
    }
}

/// The header above a cell, or the label before it.
fn header(submission: &Submission, policy: &Policy, sheet: &str, cell: Cell) -> Option<String> {
    let mut placed = submission.placed.iter();
    let (form, placed) = placed.find(|(_, placed)| placed.sheet == sheet)?;
    let form = policy.forms.get(form)?;
    let mut headers = placed.headers.iter();
    let (field, _) = headers.find(|(_, header)| match form.shape {
        Shape::Table => header.column == cell.column && header.row <= cell.row,
        Shape::Card => header.row == cell.row,
    })?;
    Some(form.fields.get(field)?.header.clone())
}
