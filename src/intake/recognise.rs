//! Whose a file is and which sheet holds which form: by the stamp and by the
//! headers, never by fixed coordinates.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::folder::ReturnedFile;
use super::sheets::read_submission;
use super::submission::Submission;
use super::whose::{Nobodys, whose};
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::form::Context;
use crate::isolate::Opener;
use crate::policy::Policy;
use crate::roster::{Roster, UnitNames};
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

/// Reads all files, several at once. The result has one element per file, in
/// their order, and the findings stand in the same.
pub fn intake(
    files: &[ReturnedFile],
    policy: &Policy,
    roster: &Roster,
    opener: &dyn Opener,
) -> Checked<Vec<Returned>> {
    let next = AtomicUsize::new(0);
    let made: Vec<OnceLock<Checked<Returned>>> = files.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (Some(file), Some(place)) = (files.get(at), made.get(at)) else {
                break;
            };
            let _ = place.set(returned(file, policy, roster, opener));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..opener.width().min(files.len()) {
            // Where the system gives no more threads, fewer do it.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut findings = Vec::new();
    let made = made.into_iter().filter_map(OnceLock::into_inner);
    let value = made.map(|one| {
        findings.extend(one.findings);
        one.value
    });
    Checked {
        value: value.collect(),
        findings,
    }
}

fn returned(
    file: &ReturnedFile,
    policy: &Policy,
    roster: &Roster,
    opener: &dyn Opener,
) -> Checked<Returned> {
    let mut findings = Vec::new();
    let value = Returned {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        state: read_file(file, policy, roster, opener, &mut findings),
    };
    Checked { value, findings }
}

fn read_file(
    file: &ReturnedFile,
    policy: &Policy,
    roster: &Roster,
    opener: &dyn Opener,
    findings: &mut Vec<Finding>,
) -> State {
    let place = Place::file(&file.name);
    let opened = match &file.bytes {
        Ok(bytes) => opener.open(bytes).map_err(|error| error.to_string()),
        Err(reason) => Err(reason.clone()),
    };
    let workbook = match opened {
        Ok(workbook) => workbook,
        Err(reason) => {
            // The reason says what it is, then what to do.
            findings.push(match reason.split_once('\u{FF1B}') {
                Some((what, mend)) => Finding::new(Code::Unreadable, place, what).mend(mend),
                None => Finding::new(Code::Unreadable, place, &reason),
            });
            return State::Unreadable(reason);
        }
    };
    if workbook.macros {
        let code = Code::MacrosIgnored;
        findings.push(Finding::new(code, place.clone(), code.title()));
    }
    let whose = match whose(&workbook, &file.name, policy, roster, findings) {
        Ok(whose) => whose,
        Err(Nobodys { code, reason }) => {
            findings.push(Finding::new(code, place, &reason));
            return State::SetAside(reason);
        }
    };
    let names = UnitNames {
        roster,
        unit: &whose.unit.code,
    };
    let context = Context {
        policy,
        names: Some(&names),
        file: &file.name,
        days_of_1904: false,
        older_form: false,
    };
    let submission = read_submission(&workbook, &whose, context, roster, findings);
    let unit = whose.unit;
    let on_cover = submission.cover.get("unit").and_then(Value::text);
    if let Some(other) = on_cover.and_then(|name| roster.unit_named(name))
        && other.code != unit.code
    {
        let reason = format!("封面写的是{}，文件却是下发给{}的", other.name, unit.name);
        findings.push(Finding::new(Code::CoverDiffers, place, &reason));
        return State::SetAside(reason);
    }
    if is_untouched(&submission, policy) {
        let reason = Code::NothingFilled.title().to_owned();
        findings.retain(|f| f.place.file.as_deref() != Some(&file.name));
        findings.push(Finding::new(Code::NothingFilled, place, &reason));
        return State::SetAside(reason);
    }
    State::Read(Box::new(submission))
}

/// Nothing was filled in: no entry, no signature, nothing anywhere else.
fn is_untouched(submission: &Submission, policy: &Policy) -> bool {
    let cover = policy.cover().map(|form| form.id.as_str());
    let mut forms = submission.entries.iter().map(|entry| entry.form.as_str());
    forms.all(|form| Some(form) == cover)
        && submission.leftovers.is_empty()
        && !["filled_by", "filled_on"]
            .iter()
            .any(|id| submission.cover.contains_key(*id))
}
