//! What each run came to is kept beside the consolidated workbook, so that two
//! runs can be compared.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Failure;
use super::words::{not_read, not_written};
use crate::diagnostic::Code;
use crate::workspace::{Workspace, save};

/// Keeps the record of a run, unless it is the same as that of the last.
///
/// # Errors
/// When the folder cannot be read or written.
pub(super) fn keep(workspace: &Workspace, record: &[u8]) -> Result<(), Failure> {
    let folder = workspace.records();
    let records = list(&folder)?;
    if let Some((_, last)) = records.last() {
        let bytes = std::fs::read(last).map_err(|error| not_read(last, &error))?;
        if bytes == record {
            return Ok(());
        }
    }
    let number = records.last().map_or(0, |(number, _)| *number) + 1;
    let path = folder.join(format!("{number:04}.json"));
    save(&path, record).map_err(|error| not_written(&path, &error))
}

/// How many rulings of the office the last run knew; none where there was no run,
/// or where its record cannot be read.
pub(super) fn rulings_of_last(workspace: &Workspace) -> usize {
    let records = list(&workspace.records()).unwrap_or_default();
    let bytes = records
        .last()
        .and_then(|(_, path)| std::fs::read(path).ok());
    let record: Option<Known> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    record.map_or(0, |record| record.rulings())
}

/// What a record says of the rulings of the office.
#[derive(Deserialize)]
struct Known {
    matters: Vec<Ruled>,
    findings: Vec<Found>,
    adjustments: Vec<IgnoredAny>,
    nominations: Vec<IgnoredAny>,
    exemptions: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Ruled {
    state: String,
}

#[derive(Deserialize)]
struct Found {
    code: String,
}

impl Known {
    /// How many rulings the run knew.
    fn rulings(&self) -> usize {
        let of_matter = |matter: &&Ruled| matches!(&*matter.state, "applied" | "reopened");
        let is_gone = |finding: &&Found| finding.code == Code::RulingGone.code();
        let own = [&self.adjustments, &self.nominations, &self.exemptions];
        self.matters.iter().filter(of_matter).count()
            + self.findings.iter().filter(is_gone).count()
            + own.iter().map(|list| list.len()).sum::<usize>()
    }
}

/// The records in a folder with their numbers, the oldest first.
///
/// # Errors
/// When the folder is there and cannot be read.
pub(super) fn list(folder: &Path) -> Result<Vec<(u32, PathBuf)>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| not_read(folder, &error))?;
    let mut records: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let path = entry.path();
            let is_record = path.extension().is_some_and(|end| end == "json");
            let number = path.file_stem()?.to_str()?.parse().ok()?;
            is_record.then_some((number, path))
        })
        .collect();
    records.sort();
    Ok(records)
}
