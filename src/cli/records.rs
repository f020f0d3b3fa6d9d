//! What each run came to is kept beside the consolidated workbook, so that two
//! runs can be compared.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::Failure;
use super::words::{not_read, not_written};
use crate::diagnostic::Code;
use crate::workspace::{Workspace, save};

/// Keeps the result of a run, unless it is the same as that of the last.
///
/// # Errors
/// When the folder cannot be read or written.
pub(super) fn keep(workspace: &Workspace, result: &Json) -> Result<(), Failure> {
    let mut result = result.clone();
    // Where the workspace lies is no part of what came out.
    if let Some(workbook) = result.get_mut("workbook") {
        let name = workbook.as_str().map(Path::new).and_then(Path::file_name);
        let name = name.map(|name| name.to_string_lossy().into_owned());
        *workbook = Json::from(name.unwrap_or_default());
    }
    let text = format!("{result}\n");
    let folder = workspace.records();
    let records = list(&folder)?;
    if let Some((_, last)) = records.last() {
        let bytes = std::fs::read(last).map_err(|error| not_read(last, &error))?;
        if bytes == text.as_bytes() {
            return Ok(());
        }
    }
    let number = records.last().map_or(0, |(number, _)| *number) + 1;
    let path = folder.join(format!("{number:04}.json"));
    save(&path, text.as_bytes()).map_err(|error| not_written(&path, &error))
}

/// How many rulings of the office the last run knew; none where there was no run,
/// or where its record cannot be read.
pub(super) fn rulings_of_last(workspace: &Workspace) -> usize {
    let records = list(&workspace.records()).unwrap_or_default();
    let bytes = records
        .last()
        .and_then(|(_, path)| std::fs::read(path).ok());
    let record: Option<Json> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    record.map_or(0, |record| rulings_in(&record))
}

/// How many rulings of the office a run knew.
fn rulings_in(record: &Json) -> usize {
    let rows = |list: &str| record[list].as_array().map_or(&[][..], Vec::as_slice);
    let of_matter =
        |matter: &&Json| matches!(matter["state"].as_str(), Some("applied" | "reopened"));
    let is_gone = |finding: &&Json| finding["code"] == Code::RulingGone.code();
    let matters = rows("matters").iter().filter(of_matter).count();
    let gone = rows("findings").iter().filter(is_gone).count();
    let own = ["adjustments", "nominations", "exemptions"];
    matters + gone + own.iter().map(|list| rows(list).len()).sum::<usize>()
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
