//! The files of the folder 回收, in a fixed order, read whole so that what was
//! hashed is what is read.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fingerprint::sha256_hex;

/// Largest file that is read, in bytes. Filled-in returns stay under 1 MiB.
const LARGEST: u64 = 50 * 1024 * 1024;

/// A file as it was found.
#[derive(Debug, Clone)]
pub struct ReturnedFile {
    /// Path below the folder, with `/`.
    pub name: String,
    /// Contents, or why they could not be read.
    pub bytes: Result<Vec<u8>, String>,
    /// SHA-256 of the contents in hexadecimal; empty if they were not read.
    pub sha256: String,
}

impl ReturnedFile {
    /// A file by its path. One that is locked or too large costs itself, not
    /// the others.
    pub fn read(name: impl Into<String>, path: &Path) -> Self {
        let bytes = read(path);
        ReturnedFile {
            name: name.into(),
            sha256: bytes.as_deref().map(sha256_hex).unwrap_or_default(),
            bytes,
        }
    }
}

/// The folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("读不出文件夹或文件“{path}”：{source}")]
pub struct FolderError {
    /// Which folder or file.
    pub path: PathBuf,
    /// Why.
    pub source: std::io::Error,
}

/// All regular files below a folder, sorted by name. Lock files of Office
/// (`~$…`), hidden and temporary files are left out and counted.
///
/// # Errors
/// When the folder or one below it cannot be listed.
pub fn gather(folder: &Path) -> Result<(Vec<ReturnedFile>, usize), FolderError> {
    let mut paths = Vec::new();
    let mut skipped = 0;
    walk(folder, &mut paths, &mut skipped)?;
    let mut files = Vec::new();
    for path in paths {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<String> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        files.push(ReturnedFile::read(parts.join("/"), &path));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((files, skipped))
}

/// A file's contents, or why they were not read.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let length = fs::metadata(path).map_or(0, |meta| meta.len());
    if length > LARGEST {
        let mib = length / (1024 * 1024);
        return Err(format!("文件有 {mib} MB，超过 50 MB，没有读取"));
    }
    fs::read(path).map_err(|_| "文件读不出，可能正被其他程序打开".to_owned())
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>, skipped: &mut usize) -> Result<(), FolderError> {
    let error = |source| FolderError {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(error)?;
        let passing = name.starts_with(['~', '.']) || name.to_lowercase().ends_with(".tmp");
        if passing || kind.is_symlink() {
            *skipped += 1;
        } else if kind.is_dir() {
            walk(&entry.path(), paths, skipped)?;
        } else if kind.is_file() {
            paths.push(entry.path());
        } else {
            *skipped += 1;
        }
    }
    Ok(())
}
