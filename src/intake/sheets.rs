//! The sheets of a returned workbook become a submission: each form is read
//! from its sheet, and every other sheet is spoken of and left over.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ecow::EcoString;

use super::attached::attached;
use super::homes::{Home, Read, homes, is_offices};
use super::submission::Clock;
use super::submission::{Entry, Leftover, Placed, Submission};
use super::whose::{Nobodys, Whose};
use crate::diagnostic::{Code, Finding, Place};
use crate::form::{Context, ReadRow, measure, rows_below, shown};
use crate::policy::{Form, Shape};
use crate::roster::Roster;
use crate::sheet::{Cell, Found, FoundSheet, FoundWorkbook, Visibility, limits};
use crate::template::{guide_texts, printed_texts};
use crate::value::squeeze;

/// Reads all forms of a workbook.
///
/// # Errors
/// When a form is longer than anybody fills one in.
pub(super) fn read_submission(
    workbook: &FoundWorkbook,
    whose: &Whose<'_>,
    context: Context<'_>,
    roster: &Roster,
    findings: &mut Vec<Finding>,
) -> Result<Submission, Nobodys> {
    let (policy, unit) = (context.policy, whose.unit);
    let mut homes = homes(workbook, &whose.forms, policy);
    if let Some((form, rows)) = homes.iter().find_map(too_long) {
        let (code, most) = (Code::TooManyRows, limits::ROWS);
        let reason = format!(
            "“{}”表有{rows}行填了内容，超过{most}行，整份没有读取",
            form.sheet
        );
        return Err(Nobodys { code, reason });
    }
    let mut submission = Submission {
        unit: unit.code.clone(),
        revision: whose.revision,
        stamped_round: whose.round,
        saved_at: workbook.saved_at,
        clock: Some(Clock {
            format: workbook.format,
            program: workbook.saved_by.clone(),
        }),
        ..Submission::default()
    };
    let mut spoken: BTreeSet<&str> = BTreeSet::new();
    for form in policy.intake_forms() {
        let expected = form.kinds.contains(&unit.kind) && whose.forms.contains_key(&form.id);
        let Some(home) = homes.iter().position(|home| home.form.id == form.id) else {
            if expected {
                findings.push(sheet_missing(workbook, form, &mut spoken, context.file));
            }
            continue;
        };
        let printed = printed_texts(form, policy, unit);
        let context = Context {
            older_form: whose.older.contains(&form.id),
            ..context
        };
        let mut read = homes.remove(home).read(&printed, context).into_iter();
        if let Some(first) = read.next() {
            spoken.insert(&first.sheet.name);
            let copies: Vec<Read<'_>> = read.collect();
            for copy in &copies {
                spoken.insert(&copy.sheet.name);
                findings.push(second_sheet(form, &first, copy, context.file));
                set_aside(copy.sheet, &mut submission);
            }
            take(form, first, context.file, &mut submission, findings);
        }
    }
    let guide = || guide_texts(policy, roster, unit);
    stray_sheets(
        workbook,
        &spoken,
        guide,
        context.file,
        &mut submission,
        findings,
    );
    attached(workbook, policy, context.file, &mut submission, findings);
    if findings.len() > limits::FINDINGS {
        let (code, most) = (Code::TooManyRows, limits::FINDINGS);
        let reason = format!(
            "文件里的问题有{}处，超过{most}处，整份没有读取",
            findings.len()
        );
        return Err(Nobodys { code, reason });
    }
    Ok(submission)
}

/// A form of which more rows are filled, over all its sheets, than are taken.
fn too_long<'a>(home: &Home<'a>) -> Option<(&'a Form, usize)> {
    let table = (home.form.shape == Shape::Table).then_some(home)?;
    let sheets = table.sheets.iter();
    let rows = sheets
        .map(|(sheet, located)| rows_below(sheet, located))
        .sum();
    (rows > limits::ROWS).then_some((home.form, rows))
}

/// Takes over what was read of a form.
fn take(
    form: &Form,
    read: Read<'_>,
    file: &str,
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    let Read {
        sheet,
        located,
        mut reading,
    } = read;
    if sheet.visibility != Visibility::Visible && !reading.rows.is_empty() {
        let place = Place::file(file).on(&sheet.name);
        let message = format!("工作表“{}”被隐藏了，也已读取", sheet.name);
        findings.push(Finding::new(Code::HiddenRead, place, message));
    }
    findings.append(&mut reading.findings);
    let (form_id, name) = (EcoString::from(&form.id), EcoString::from(&sheet.name));
    let entry = |row| Entry {
        form: form_id.clone(),
        sheet: name.clone(),
        row,
    };
    if form.shape == Shape::Card
        && let Some(row) = reading.rows.first()
    {
        submission.cover = Arc::clone(&row.values);
    }
    submission
        .entries
        .extend(reading.rows.into_iter().map(entry));
    let untouched = reading.untouched.into_iter().map(|raw| ReadRow {
        raw: raw.into(),
        values: Arc::default(),
        rejected: None,
    });
    submission.untouched.extend(untouched.map(entry));
    for cell in reading.leftovers {
        leave(sheet, cell, submission);
    }
    let unusable = located.headers.iter().filter_map(|(id, header)| {
        let mut wrong = located.wrong_measures.iter();
        let (_, text) = wrong.find(|(cell, _)| cell == header)?;
        Some((id.clone(), measure(text)))
    });
    let placed = Placed {
        sheet: sheet.name.clone(),
        unusable: unusable.collect(),
        headers: located.headers,
    };
    submission.placed.insert(form.id.clone(), placed);
}

/// Keeps a cell that has no place.
fn leave(sheet: &FoundSheet, cell: Cell, submission: &mut Submission) {
    if let Some(found) = sheet.cells.get(&cell) {
        submission.leftovers.push(Leftover {
            sheet: sheet.name.clone(),
            cell,
            found: found.clone(),
        });
    }
}

/// Keeps a whole sheet that has no place.
fn set_aside(sheet: &FoundSheet, submission: &mut Submission) {
    for cell in sheet.cells.keys() {
        leave(sheet, *cell, submission);
    }
}

/// A form is not there. A sheet of its name whose headers were destroyed is
/// spoken of here, and nowhere else.
fn sheet_missing<'a>(
    workbook: &'a FoundWorkbook,
    form: &Form,
    spoken: &mut BTreeSet<&'a str>,
    file: &str,
) -> Finding {
    let mut sheets = workbook.sheets.iter();
    let ruined = sheets.find(|sheet| squeeze(&sheet.name) == squeeze(&form.sheet));
    let message = match ruined {
        Some(sheet) => {
            spoken.insert(&sheet.name);
            format!("“{}”表的表头已被改掉，整张表没有读取", sheet.name)
        }
        None => format!("没有找到“{}”表", form.sheet),
    };
    let place = Place::file(file).on(&form.sheet);
    Finding::new(Code::SheetMissing, place, message)
}

/// A second sheet of a form: a mere copy, or more rows that are not counted.
fn second_sheet(form: &Form, first: &Read<'_>, second: &Read<'_>, file: &str) -> Finding {
    fn key(row: &ReadRow) -> Vec<(&str, String)> {
        let cells = row.raw.cells.iter();
        let mut key: Vec<_> = cells
            .map(|(id, raw)| (id, squeeze(&shown(raw.found()))))
            .collect();
        key.sort();
        key
    }
    // How often each row stands on the first sheet and not yet on the second.
    let mut known: HashMap<_, usize> = HashMap::new();
    for row in first.reading.rows.iter().map(key) {
        *known.entry(row).or_default() += 1;
    }
    let mut others = 0;
    for row in second.reading.rows.iter().map(key) {
        match known.get_mut(&row) {
            Some(left) if *left > 0 => *left -= 1,
            _ => others += 1,
        }
    }
    let place = Place::file(file).on(&second.sheet.name);
    let names = (&second.sheet.name, &first.sheet.name, &form.sheet);
    let finding = if others == 0 {
        let message = format!(
            "“{}”与“{}”是同一张表，内容相同，没有重复读取",
            names.0, names.1
        );
        Finding::new(Code::SheetCopied, place, message)
    } else {
        let message = format!(
            "“{}”和“{}”都是“{}”表；只读了“{1}”，“{0}”里另有{others}行没有计入",
            names.0, names.1, names.2
        );
        Finding::new(Code::SheetTwice, place, message)
    };
    finding.related(Place::file(file).on(&first.sheet.name))
}

/// Sheets that are none of ours: said, so that nothing is passed over in
/// silence.
fn stray_sheets<'a>(
    workbook: &'a FoundWorkbook,
    spoken: &BTreeSet<&'a str>,
    guide: impl Fn() -> BTreeSet<String>,
    file: &str,
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    for sheet in &workbook.sheets {
        if is_offices(sheet) || submission.placed.values().any(|p| p.sheet == sheet.name) {
            continue;
        }
        let was_spoken_of = spoken.contains(sheet.name.as_str());
        if was_spoken_of
            && submission
                .leftovers
                .iter()
                .any(|left| left.sheet == sheet.name)
        {
            continue;
        }
        let texts = || {
            sheet.cells.values().map(|found| match found {
                Found::Text(text) => Some(squeeze(text)),
                _ => None,
            })
        };
        let empty = texts().all(|text| text.as_deref() == Some(""));
        // The guide under another name.
        if empty || {
            let printed = guide();
            texts().all(|text| text.is_some_and(|text| text.is_empty() || printed.contains(&text)))
        } {
            continue;
        }
        if !was_spoken_of {
            let place = Place::file(file).on(&sheet.name);
            let message = format!("工作表“{}”不是下发的表，没有读取", sheet.name);
            findings.push(Finding::new(Code::ExtraContent, place, message));
        }
        set_aside(sheet, submission);
    }
}
