//! Whose a file is and which sheet holds which form: by the stamp and by the
//! headers, never by fixed coordinates.

use indexmap::IndexMap;

use super::folder::ReturnedFile;
use super::submission::{Entry, Submission};
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::form::{Context, LISTS_SHEET, Located, locate, read_rows};
use crate::policy::{Form, Policy, Shape};
use crate::roster::{Roster, Unit, UnitNames};
use crate::sheet::{FoundSheet, FoundWorkbook, Visibility, open};
use crate::template::{GUIDE_SHEET, STAMP_SHEET, Stamp, form_hash};
use crate::value::Value;

/// What became of a file.
#[derive(Debug, Clone)]
pub enum State {
    /// Read; whether it counts is decided by reconciliation.
    Read(Box<Submission>),
    /// A workbook, but not one that belongs here; with the reason.
    SetAside(String),
    /// Could not be opened; with the reason.
    Unreadable(String),
}

/// A file of the folder and what became of it.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Path below the folder.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What became of it.
    pub state: State,
}

/// Reads all files. The result has one element per file, in their order.
pub fn intake(files: &[ReturnedFile], policy: &Policy, roster: &Roster) -> Checked<Vec<Returned>> {
    let mut findings = Vec::new();
    let value = files
        .iter()
        .map(|file| Returned {
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            state: read_file(file, policy, roster, &mut findings),
        })
        .collect();
    Checked { value, findings }
}

fn read_file(
    file: &ReturnedFile,
    policy: &Policy,
    roster: &Roster,
    findings: &mut Vec<Finding>,
) -> State {
    let place = Place::file(&file.name);
    let opened = match &file.bytes {
        Ok(bytes) => open(bytes).map_err(|error| error.to_string()),
        Err(reason) => Err(reason.clone()),
    };
    let workbook = match opened {
        Ok(workbook) => workbook,
        Err(reason) => {
            findings.push(Finding::new(Code::Unreadable, place, &reason));
            return State::Unreadable(reason);
        }
    };
    let aside = |findings: &mut Vec<Finding>, code: Code, reason: String, mend: Option<String>| {
        let finding = Finding::new(code, place.clone(), &reason);
        findings.push(match mend {
            Some(mend) => finding.mend(mend),
            None => finding,
        });
        State::SetAside(reason)
    };
    let Some(stamp) = workbook.sheets.iter().find_map(Stamp::from_sheet) else {
        return aside(
            findings,
            Code::NotOurs,
            "没有下发文件的标记，不是本次考核的填报文件".into(),
            None,
        );
    };
    if stamp.pack != policy.pack.id || stamp.year != policy.pack.year.to_string() {
        let reason = format!(
            "文件属于“{}”{}年，本次是“{}”{}年",
            stamp.pack, stamp.year, policy.pack.id, policy.pack.year
        );
        return aside(findings, Code::StampMismatch, reason, None);
    }
    let Some(unit) = roster.unit(&stamp.unit) else {
        let reason = format!(
            "名册里没有编号为“{}”的单位（{}）",
            stamp.unit, stamp.unit_name
        );
        return aside(findings, Code::UnitUnknown, reason, None);
    };
    let changed = |(id, form): (&String, &Form)| {
        let hash = stamp.hashes.get(id);
        hash.is_some_and(|hash| *hash != form_hash(form))
    };
    if policy.forms.iter().any(changed) {
        let message = Code::FormsDiffer.title();
        findings.push(Finding::new(Code::FormsDiffer, place.clone(), message));
    }
    let names = UnitNames {
        roster,
        unit: &unit.code,
    };
    let context = Context {
        policy,
        names: Some(&names),
        file: &file.name,
        days_of_1904: false,
    };
    let submission = read_submission(&workbook, &stamp, unit, context, findings);
    let on_cover = submission.cover.get("unit").and_then(Value::text);
    if let Some(other) = on_cover.and_then(|name| roster.unit_named(name))
        && other.code != unit.code
    {
        let reason = format!("封面写的是{}，文件却是下发给{}的", other.name, unit.name);
        findings.push(Finding::new(Code::CoverDiffers, place, &reason));
        return State::SetAside(reason);
    }
    let cover = policy.cover().map(|form| form.id.as_str());
    let signed = ["filled_by", "filled_on"];
    if submission
        .entries
        .iter()
        .all(|e| Some(e.form.as_str()) == cover)
        && !signed.iter().any(|id| submission.cover.contains_key(*id))
    {
        let reason = Code::NothingFilled.title().to_owned();
        findings.retain(|f| f.place.file.as_deref() != Some(&file.name));
        findings.push(Finding::new(Code::NothingFilled, place, &reason));
        return State::SetAside(reason);
    }
    State::Read(Box::new(submission))
}

fn read_submission(
    workbook: &FoundWorkbook,
    stamp: &Stamp,
    unit: &Unit,
    context: Context<'_>,
    findings: &mut Vec<Finding>,
) -> Submission {
    let policy = context.policy;
    let homes = find_homes(workbook, stamp, policy);
    let mut submission = Submission {
        unit: unit.code.clone(),
        ..Submission::default()
    };
    for form in policy.intake_forms() {
        let expected = form.kinds.contains(&unit.kind) && stamp.forms.contains_key(&form.id);
        let Some((sheet, located)) = homes.get(form.id.as_str()) else {
            if expected {
                let place = Place::file(context.file).on(&form.sheet);
                let message = format!("没有找到“{}”表，或表头已被改掉", form.sheet);
                findings.push(Finding::new(Code::SheetMissing, place, message));
            }
            continue;
        };
        for id in &located.missing {
            if let Some(field) = form.fields.get(id) {
                let place = Place::file(context.file).on(&sheet.name);
                let message = format!("缺少栏目“{}”", field.header);
                findings.push(Finding::new(Code::HeaderMissing, place, message));
            }
        }
        for (cell, text) in &located.extra {
            let place = Place::file(context.file).on(&sheet.name).at(*cell, text);
            let message = format!("多出来的栏目“{text}”没有读取");
            findings.push(Finding::new(Code::ExtraContent, place, message).typed(text));
        }
        for (cell, text) in &located.wrong_measures {
            let place = Place::file(context.file).on(&sheet.name).at(*cell, text);
            let message = Code::WrongMeasure.title();
            findings.push(Finding::new(Code::WrongMeasure, place, message).typed(text));
        }
        let (rows, mut found) = read_rows(sheet, form, located, context);
        findings.append(&mut found);
        for row in rows {
            if form.shape == Shape::Card {
                submission.cover = row.values.clone();
            }
            submission.entries.push(Entry {
                form: form.id.clone(),
                sheet: sheet.name.clone(),
                row,
            });
        }
    }
    stray_sheets(workbook, &homes, context, findings);
    submission
}

/// Form id to the sheet that holds it: the sheet that the stamp or the pack
/// names if its headers agree, else the best sheet by headers.
fn find_homes<'a>(
    workbook: &'a FoundWorkbook,
    stamp: &Stamp,
    policy: &'a Policy,
) -> IndexMap<&'a str, (&'a FoundSheet, Located)> {
    // The guide lists headers too, and is no form.
    let visible =
        |sheet: &&FoundSheet| sheet.visibility == Visibility::Visible && sheet.name != GUIDE_SHEET;
    let mut homes: IndexMap<&str, (&FoundSheet, Located)> = IndexMap::new();
    for by_name in [true, false] {
        for form in policy.intake_forms() {
            if homes.contains_key(form.id.as_str()) {
                continue;
            }
            let named = stamp.forms.get(&form.id).unwrap_or(&form.sheet);
            let free = |sheet: &&FoundSheet| !homes.values().any(|(s, _)| s.name == sheet.name);
            let candidates = workbook
                .sheets
                .iter()
                .filter(visible)
                .filter(free)
                .filter(|sheet| !by_name || sheet.name.trim() == named);
            let best = candidates
                .filter_map(|sheet| Some((sheet, locate(sheet, form)?)))
                .filter(|(_, located)| by_name || well_matched(form, located))
                .max_by_key(|(_, located)| located.headers.len());
            if let Some(home) = best {
                homes.insert(&form.id, home);
            }
        }
    }
    homes
}

/// A sheet under another name must show nearly all headers of the form.
fn well_matched(form: &Form, located: &Located) -> bool {
    located.headers.len() * 10 >= form.fields.len() * 8
}

/// Visible sheets that are none of ours: said, so that nothing is passed over
/// in silence.
fn stray_sheets(
    workbook: &FoundWorkbook,
    homes: &IndexMap<&str, (&FoundSheet, Located)>,
    context: Context<'_>,
    findings: &mut Vec<Finding>,
) {
    for sheet in &workbook.sheets {
        let ours = homes.values().any(|(home, _)| home.name == sheet.name)
            || sheet.name == GUIDE_SHEET
            || sheet.name == STAMP_SHEET
            || sheet.name == LISTS_SHEET
            || sheet.cells.is_empty();
        if !ours {
            let place = Place::file(context.file).on(&sheet.name);
            let message = format!("工作表“{}”不是下发的表，没有读取", sheet.name);
            findings.push(Finding::new(Code::ExtraContent, place, message));
        }
    }
}
