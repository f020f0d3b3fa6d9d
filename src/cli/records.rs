//! What each run came to is kept beside the consolidated workbook, so that two
//! runs can be compared.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Failure;
use super::ruled_before::known_rulings;
use super::words::{not_read, not_written};
use crate::files::{CHUNK, is_same, opened};
use crate::ruling::KnownRulings;
use crate::workspace::{Workspace, name_file};

/// Writes the record of a run, under a temporary name so far. Of a large county it is
/// never held as a whole.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn draft(
    workspace: &Workspace,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<NamedTempFile, Failure> {
    let written = || {
        let file = workspace.temporary()?;
        let mut to = BufWriter::with_capacity(CHUNK, file);
        write(&mut to)?;
        to.into_inner().map_err(io::IntoInnerError::into_error)
    };
    written().map_err(|error| not_written(&workspace.records(), &error))
}

/// Keeps the record of a run, unless it is the same as that of the last.
///
/// # Errors
/// When the folder cannot be read or written.
pub(super) fn keep(workspace: &Workspace, record: NamedTempFile) -> Result<(), Failure> {
    let folder = workspace.records();
    let records = list(&folder)?;
    if let Some((_, last)) = records.last()
        && is_same(last, record.path()).map_err(|error| not_read(last, &error))?
    {
        return Ok(());
    }
    let number = records.last().map_or(0, |(number, _)| *number) + 1;
    let path = folder.join(format!("{number:04}.json"));
    std::fs::create_dir_all(&folder).map_err(|error| not_written(&folder, &error))?;
    name_file(record, &path).map_err(|error| not_written(&path, &error))
}

/// What the last run knew of the office's rulings.
#[derive(Debug)]
pub(super) enum Before {
    /// There was no run.
    Nothing,
    /// So many, of that assessment.
    Knew(KnownRulings),
    /// Its record, which lies there, cannot be read.
    Unreadable(PathBuf),
}

/// What the last run knew of the office's rulings.
///
/// # Errors
/// When the folder of the records is there and cannot be read.
pub(super) fn rulings_of_last(workspace: &Workspace) -> Result<Before, Failure> {
    Ok(match list(&workspace.records())?.pop() {
        None => Before::Nothing,
        Some((_, path)) => match opened(&path).ok().and_then(known_rulings) {
            Some(known) => Before::Knew(known),
            None => Before::Unreadable(path),
        },
    })
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
