//! The files of the folder 回收, in a fixed order, read whole so that what was
//! hashed is what is read.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A file as it was found.
#[derive(Debug, Clone)]
pub struct ReturnedFile {
    /// Path below the folder, with `/`.
    pub name: String,
    /// Contents.
    pub bytes: Vec<u8>,
    /// SHA-256 of the contents in hexadecimal.
    pub sha256: String,
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
/// When the folder or a file in it cannot be read.
pub fn gather(folder: &Path) -> Result<(Vec<ReturnedFile>, usize), FolderError> {
    let mut paths = Vec::new();
    let mut skipped = 0;
    walk(folder, &mut paths, &mut skipped)?;
    let mut files = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).map_err(|source| FolderError {
            path: path.clone(),
            source,
        })?;
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<String> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        files.push(ReturnedFile {
            name: parts.join("/"),
            sha256: hex(&Sha256::digest(&bytes)),
            bytes,
        });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((files, skipped))
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

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
