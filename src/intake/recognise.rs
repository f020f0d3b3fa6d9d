//! Whose a file is and which sheet holds which form: by the stamp and by the
//! headers, never by fixed coordinates.

use super::outline::{Age, Outline};
use super::sheets::read_submission;
use super::submission::Submission;
use super::whose::{Nobodys, whose};
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::form::Context;
use crate::policy::Policy;
use crate::roster::{Roster, UnitNames};
use crate::sheet::{FoundWorkbook, OpenError};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// What became of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum State {
    /// Read; whether it counts is decided by reconciliation.
    Read(Box<Submission>),
    /// Read, and put away: a later return of the unit stands in its place.
    Outlined(Box<Outline>),
    /// A workbook, but not one that belongs here, or one with nothing in it.
    SetAside {
        /// The reason.
        why: String,
        /// Code of the unit to which it was issued, if that is beyond doubt.
        unit: Option<String>,
    },
    /// Came, or was changed, after the assessment was closed.
    Late {
        /// The reason.
        why: String,
        /// Code of the unit whose it is, if that can be told.
        unit: Option<String>,
    },
    /// Could not be opened; with the reason.
    Unreadable(String),
}

impl State {
    /// Whose return it is and how old, if it is one.
    pub fn age(&self) -> Option<Age> {
        match self {
            State::Read(submission) => Some(submission.age()),
            State::Outlined(outline) => Some(outline.age.clone()),
            State::SetAside { .. } | State::Late { .. } | State::Unreadable(_) => None,
        }
    }
}

/// A file of which nothing was read.
pub(super) fn unreadable(name: &str, code: Code, reason: &str) -> Checked<State> {
    let place = Place::file(name);
    // The reason says what it is, then what to do.
    let finding = match reason.split_once('\u{FF1B}') {
        Some((what, mend)) => Finding::new(code, place, what).mend(mend),
        None => Finding::new(code, place, reason),
    };
    Checked {
        value: State::Unreadable(reason.to_owned()),
        findings: vec![finding],
    }
}

/// What a file is that was opened, or not.
pub(super) fn recognise(
    name: &str,
    opened: Result<FoundWorkbook, OpenError>,
    policy: &Policy,
    roster: &Roster,
) -> Checked<State> {
    match opened {
        Ok(workbook) => {
            let mut findings = Vec::new();
            let value = decode(name, &workbook, policy, roster, &mut findings);
            Checked { value, findings }
        }
        Err(error) => {
            let code = match error {
                OpenError::TwoWays(_) => Code::TwoReadings,
                OpenError::Unknown(_) => Code::UnknownWriting,
                _ => Code::Unreadable,
            };
            unreadable(name, code, &error.to_string())
        }
    }
}

fn decode(
    name: &str,
    workbook: &FoundWorkbook,
    policy: &Policy,
    roster: &Roster,
    findings: &mut Vec<Finding>,
) -> State {
    let place = Place::file(name);
    if workbook.macros {
        let code = Code::MacrosIgnored;
        findings.push(Finding::new(code, place.clone(), code.title()));
    }
    let whose = match whose(workbook, name, policy, roster, findings) {
        Ok(whose) => whose,
        Err(Nobodys { code, reason }) => {
            findings.push(Finding::new(code, place, &reason));
            return set_aside(reason);
        }
    };
    let names = UnitNames {
        roster,
        unit: &whose.unit.code,
    };
    let context = Context {
        policy,
        names: Some(&names),
        file: name,
        days_of_1904: false,
        older_form: false,
    };
    let submission = match read_submission(workbook, &whose, context, roster, findings) {
        Ok(submission) => submission,
        Err(Nobodys { code, reason }) => {
            // Nothing of it was taken, so nothing else need be said of it.
            findings.clear();
            findings.push(Finding::new(code, place, &reason));
            return set_aside(reason);
        }
    };
    let unit = whose.unit;
    let on_cover = submission.cover.get("unit").and_then(Value::text);
    if let Some(other) = on_cover.and_then(|name| roster.unit_named(name))
        && other.code != unit.code
    {
        let reason = format!("封面写的是{}，文件却是下发给{}的", other.name, unit.name);
        findings.push(Finding::new(Code::CoverDiffers, place, &reason));
        return set_aside(reason);
    }
    if is_untouched(&submission, policy) {
        let why = format!("{}的填报表，整份没有填写，按未报送处理", unit.name);
        findings.retain(|f| f.place.file.as_deref() != Some(name));
        findings.push(Finding::new(Code::NothingFilled, place, &why));
        return State::SetAside {
            why,
            unit: Some(unit.code.clone()),
        };
    }
    State::Read(Box::new(submission))
}

/// A file of which it is not known whose it is.
fn set_aside(why: String) -> State {
    State::SetAside { why, unit: None }
}

/// Nothing was filled in: no entry, no signature, nothing anywhere else.
fn is_untouched(submission: &Submission, policy: &Policy) -> bool {
    let cover = policy.cover().map(|form| form.id.as_str());
    let mut forms = submission.entries.iter().map(|entry| entry.form.as_str());
    forms.all(|form| Some(form) == cover)
        && submission.leftovers.is_empty()
        && submission.attached.is_empty()
        && !["filled_by", "filled_on"]
            .iter()
            .any(|id| submission.cover.get(id).is_some())
}
