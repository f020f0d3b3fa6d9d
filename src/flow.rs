//! The way from returned files to the assessment, stage after stage. Each
//! stage takes what the one before it made, and adds to the findings.

use std::collections::HashSet;

use crate::assess::{Run, assess};
use crate::book::Book;
use crate::clock::lap;
use crate::closing::Closing;
use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::intake::{Intake, Opener, Returned, ReturnedFile};
use crate::ledger::ledger;
use crate::policy::Policy;
use crate::reconcile::{Answer, Outcome, Reconciled, reconcile};
use crate::roster::Roster;
use crate::ruling::Rulings;

/// Everything that an assessment came to.
#[derive(Debug)]
pub struct Assessment {
    /// Entries and files, each with what became of it.
    pub reconciled: Reconciled,
    /// The tables of the assessment.
    pub book: Book,
    /// The findings of all stages: gravest first, then by file, sheet and cell.
    pub findings: Vec<Finding>,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'c> {
    /// All returns of a workspace: who has not returned is missed.
    Workspace,
    /// The same after the assessment was closed: what comes later is late.
    Closed(&'c Closing),
    /// Some files by themselves.
    Files,
}

/// Reads returned files and reconciles them, without assessing.
pub fn read_files(
    files: &[ReturnedFile],
    policy: &Policy,
    roster: &Roster,
    rulings: &Rulings,
    scope: Scope<'_>,
    opener: &dyn Opener,
) -> Checked<Reconciled> {
    let mut findings = Vec::new();
    let intake = Intake::new(files, policy, roster, opener);
    let intake = match scope {
        Scope::Closed(closing) => intake.closed(closing),
        Scope::Workspace | Scope::Files => intake,
    };
    let mut returned = intake.read();
    findings.append(&mut returned.findings);
    lap("read");
    let mut entries = ledger(returned.value, policy, roster);
    findings.append(&mut entries.findings);
    lap("ledger");
    let before = |at: usize, file: &Returned| intake.again(at, file);
    let mut reconciled = reconcile(entries.value, policy, roster, rulings, Some(&before));
    findings.append(&mut reconciled.findings);
    lap("reconcile");
    // What is wrong in a file that was replaced need not be mended any more.
    let replaced: HashSet<&str> = reconciled
        .value
        .ledger()
        .files
        .iter()
        .zip(reconciled.value.outcomes())
        .filter(|(_, (outcome, _))| *outcome == Outcome::Superseded)
        .map(|(file, _)| file.name.as_str())
        .collect();
    findings.retain(|finding| {
        let of_replaced = |file: &String| replaced.contains(&file.as_str());
        !finding.place.file.as_ref().is_some_and(of_replaced)
            || matches!(
                finding.code,
                // The office's own file may bear the name of a return.
                Code::Superseded | Code::VersionUnclear | Code::RulingUnusable
            )
    });
    // Nor need a blank row be filled in on which the office has ruled.
    let open_or_ruled = |open: bool| -> HashSet<&Place> {
        let all = reconciled.value.unanswered().iter();
        let found = all.filter(|one| (one.answer == Answer::Open) == open);
        found.map(|one| &one.place).collect()
    };
    let (open, ruled) = (open_or_ruled(true), open_or_ruled(false));
    findings.retain(|finding| {
        let at = &finding.place;
        finding.code != Code::RowUntouched || !ruled.contains(at) || open.contains(at)
    });
    if scope == Scope::Files {
        // What is missing in some files may well stand in others.
        let of_others = |code| {
            matches!(
                code,
                Code::NotReturned | Code::GivenOnly | Code::ReceivedOnly | Code::RulingGone
            )
        };
        findings.retain(|finding| !of_others(finding.code));
    }
    Checked {
        value: reconciled.value,
        findings,
    }
}

/// Assesses returned files. `earlier` are findings made before (the roster's).
pub fn assess_files(
    files: &[ReturnedFile],
    policy: &Policy,
    roster: &Roster,
    rulings: &Rulings,
    earlier: Vec<Finding>,
    run: &Run,
    opener: &dyn Opener,
) -> Assessment {
    let mut findings = earlier;
    if files.is_empty() {
        let code = Code::NothingReceived;
        findings.push(Finding::new(code, Place::file("回收"), code.title()));
    }
    let scope = run.closing.as_ref().map_or(Scope::Workspace, Scope::Closed);
    let mut read = read_files(files, policy, roster, rulings, scope, opener);
    findings.append(&mut read.findings);
    opener.rest();
    let assessed = assess(&read.value, policy, roster, findings, run);
    // Trials are over: nobody reconciles these returns again.
    read.value.forget_rows();
    lap("assess");
    Assessment {
        reconciled: read.value,
        book: assessed.value,
        findings: assessed.findings,
    }
}
