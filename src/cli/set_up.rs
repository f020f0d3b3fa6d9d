//! What an assessment rests on, put together in one way for every command that
//! makes one: the workspace, the rulings, the returned files.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::Failure;
use super::load::{Loaded, load_decided};
use super::rulings::{Taken, take_over};
use super::words::not_read;
use crate::assess::Run;
use crate::intake::{ReturnedFile, gather};

/// Whether choices in the last consolidated workbook are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choices {
    /// They are; the command writes the workbook anew.
    TakeOver,
    /// They wait for the next assessment.
    Leave,
}

/// What an assessment rests on.
#[derive(Debug)]
pub(super) struct SetUp {
    /// The workspace with its rulings, those that were taken over among them.
    pub loaded: Loaded,
    /// The consolidated workbook.
    pub report: PathBuf,
    /// What was chosen in it.
    pub taken: Taken,
    /// The returned files.
    pub files: Vec<ReturnedFile>,
    /// What else the result rests on.
    pub run: Run,
}

/// Loads everything; nothing is written.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a file or
/// folder that cannot be read.
pub(super) fn set_up(dir: &Path, choices: Choices, today: Date) -> Result<SetUp, Failure> {
    let mut loaded = load_decided(dir)?;
    let workspace = &loaded.workspace;
    let (files, skipped) =
        gather(&workspace.returned()).map_err(|error| not_read(&error.path, &error.source))?;
    let (policy, roster) = (&loaded.policy, &loaded.roster);
    let name = format!("{}年考核汇总.xlsx", policy.pack.year);
    let report = workspace.report_dir().join(name);
    let taken = match choices {
        Choices::TakeOver => {
            let rulings = &mut loaded.rulings;
            take_over(workspace, &report, policy, roster, rulings, today)?
        }
        Choices::Leave => Taken::default(),
    };
    let run = Run {
        roster_hash: loaded.roster_hash.clone(),
        rulings_hash: taken.hash().unwrap_or_else(|| loaded.read.hash()),
        skipped,
        today,
    };
    // What is wrong with choices is said together with what is wrong in 裁定.xlsx.
    loaded.read.findings.extend(taken.findings.iter().cloned());
    Ok(SetUp {
        loaded,
        report,
        taken,
        files,
        run,
    })
}
