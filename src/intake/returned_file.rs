//! A file as it came back, wherever its contents are.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use super::packed::{IN_USE, Packed, too_large};
use super::settle::{LOOKS, UNFINISHED, WAIT, state};
use crate::files;
use crate::sheet::limits::FILE;

/// Largest file that is read, in bytes.
pub(super) const LARGEST: u64 = FILE;

/// A file as it was found.
#[derive(Debug, Clone)]
pub struct ReturnedFile {
    /// Path below the folder, with `/`.
    pub name: String,
    /// Where its contents are.
    pub contents: Contents,
}

/// The contents of a file.
#[derive(Debug, Clone)]
pub enum Contents {
    /// In a file, to be read when it is its turn.
    At(PathBuf),
    /// In an archive, to be read when it is its turn.
    Packed(Packed),
    /// Here already.
    Known(Arc<[u8]>),
    /// Why there are none.
    None(String),
}

impl ReturnedFile {
    /// A file whose contents are known.
    pub fn new(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        ReturnedFile {
            name: name.into(),
            contents: Contents::Known(bytes.into()),
        }
    }

    /// How many bytes it will take to read the contents.
    pub(super) fn size(&self) -> u64 {
        match &self.contents {
            Contents::At(path) => fs::symlink_metadata(path).map_or(0, |meta| meta.len()),
            Contents::Packed(packed) => packed.size(),
            Contents::Known(_) | Contents::None(_) => 0,
        }
    }

    /// Reads the contents, once: what is hashed is what is decoded.
    ///
    /// # Errors
    /// Why they cannot be read, in words for the clerk.
    pub fn read(&self) -> Result<Arc<[u8]>, String> {
        match &self.contents {
            Contents::At(path) => read(path).map(Arc::from),
            Contents::Packed(packed) => packed.read().map(Arc::from),
            Contents::Known(bytes) => Ok(bytes.clone()),
            Contents::None(reason) => Err(reason.clone()),
        }
    }
}

/// What is said of a workbook that is named like a temporary file.
pub(super) const PASSED: &str = "名称以“~”或“.”开头，或以“.tmp”结尾，像是临时文件，没有读取；是报表的，把名称改成平常的（例如“某某镇.xlsx”）再运行一次；不是的，删去或移走";

/// Whether a file begins as workbooks do, and not only by its name: as an archive or
/// a compound file.
pub(super) fn begins_as_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// A file's contents, or why they were not read. Read once, so that what is
/// hashed is what is read; one that changes meanwhile is waited for.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let in_use = |error: io::Error| match error.kind() {
        ErrorKind::InvalidFilename => {
            format!(
                "{}；{}，再运行一次",
                files::why(&error),
                files::mend(&error)
            )
        }
        _ => IN_USE.to_owned(),
    };
    for look in 0..LOOKS {
        if look > 0 {
            thread::sleep(WAIT);
        }
        // A pipe or a device would be waited for without end.
        let meta = fs::symlink_metadata(path).map_err(in_use)?;
        if meta.is_symlink() {
            return Err("是链接（快捷方式），不是文件本身，没有读取；请放进文件本身".to_owned());
        }
        if !meta.is_file() {
            return Err("不是普通文件（是管道或设备），没有读取；请放进文件本身".to_owned());
        }
        if meta.len() > LARGEST {
            return Err(too_large(meta.len()));
        }
        let file = files::open(path).map_err(in_use)?;
        let now = || file.metadata().map(|meta| state(&meta)).map_err(in_use);
        let before = now()?;
        let mut bytes = Vec::new();
        let limit = LARGEST + 1;
        (&file)
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(in_use)?;
        if bytes.len() as u64 > LARGEST {
            return Err(too_large(bytes.len() as u64));
        }
        let after = now()?;
        if before == after && bytes.len() as u64 == after.0 {
            return Ok(bytes);
        }
    }
    Err(UNFINISHED.to_owned())
}

/// Whether a file or folder is passed over by its name: lock files, hidden and
/// temporary ones, and what Windows and macOS leave behind.
pub(super) fn is_passing(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(['~', '.']) || name.ends_with(".tmp") || is_of_system(&name)
}

/// What Windows and macOS leave behind, whatever is in it.
pub(super) fn is_of_system(name: &str) -> bool {
    let name = name.to_lowercase();
    ["thumbs.db", "desktop.ini", "__macosx"].contains(&name.as_str())
}
