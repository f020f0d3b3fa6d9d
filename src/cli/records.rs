//! What each run came to is kept beside the consolidated workbook, so that two
//! runs can be compared.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::Failure;
use super::words::{not_read, not_written};
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
