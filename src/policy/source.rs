//! Where the pack's files come from: the default inside the binary, or the
//! folder `policy` of a workspace. Byte order marks and line ends are taken
//! away here, so that an editor changes neither the meaning nor the hash.

use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::diagnostic::{Code, Finding, Place};
use crate::files;

/// The built-in pack.
static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/anhua-2018");

/// A larger file is no policy file.
const MOST_BYTES: u64 = 8 << 20;

/// Folders may be nested this deep.
const MOST_DEPTH: usize = 3;

/// The texts of a pack by their path (forward slashes), in the order of the
/// paths, and the files that could not be read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PackSource {
    files: IndexMap<String, String>,
    /// Never any in a pack that was loaded.
    #[serde(skip)]
    unreadable: Vec<Problem>,
}

impl PackSource {
    /// The pack that is inside the binary.
    pub fn builtin() -> Self {
        let mut source = PackSource::default();
        source.add_embedded(&BUILTIN);
        source.files.sort_unstable_keys();
        source
    }

    /// The pack in a folder. Only files that end in `.toml` belong to it. A
    /// file that cannot be read is reported by `load`, beside the errors in
    /// the others; a folder that cannot be listed is an error here.
    pub fn from_dir(folder: &Path) -> Result<Self, Vec<Problem>> {
        let mut source = PackSource::default();
        source.add_folder(folder, "", 0).map_err(|error| {
            vec![unreadable(
                &folder.display().to_string(),
                &files::why(&error),
            )]
        })?;
        source.files.sort_unstable_keys();
        Ok(source)
    }

    /// A pack of the given paths and texts.
    pub fn from_files<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Self
    where
        P: Into<String>,
        T: AsRef<str>,
    {
        let mut source = PackSource::default();
        for (path, text) in files {
            source.files.insert(path.into(), normal(text.as_ref()));
        }
        source.files.sort_unstable_keys();
        source
    }

    /// Paths and texts, in order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file, without byte order mark and with `\n` line ends.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Writes all files below a folder, which is made if it is not there. The
    /// lines end as the Notepad of any Windows can show them.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let target = folder.join(path);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(target, text.replace('\n', "\r\n"))?;
        }
        Ok(())
    }

    /// SHA-256 over all paths and texts, in hexadecimal.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part.as_bytes());
            }
        }
        digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The files that are there but could not be read.
    pub(super) fn unreadable(&self) -> &[Problem] {
        &self.unreadable
    }

    /// Position of a file in the order.
    pub(super) fn index(&self, path: &str) -> Option<usize> {
        self.files.get_index_of(path)
    }

    /// Path and text of the file at a position.
    pub(super) fn at(&self, index: usize) -> Option<(&str, &str)> {
        self.files
            .get_index(index)
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn add_embedded(&mut self, folder: &Dir<'_>) {
        for file in folder.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if path.ends_with(".toml")
                && let Some(text) = file.contents_utf8()
            {
                self.files.insert(path, normal(text));
            }
        }
        for inner in folder.dirs() {
            self.add_embedded(inner);
        }
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                if depth < MOST_DEPTH
                    && let Err(error) =
                        self.add_folder(&entry.path(), &format!("{path}/"), depth + 1)
                {
                    self.refuse(&path, &files::why(&error));
                }
            } else if name.to_ascii_lowercase().ends_with(".toml") {
                self.add_file(&entry.path(), path);
            }
        }
        Ok(())
    }

    fn add_file(&mut self, file: &Path, path: String) {
        match files::read(file, MOST_BYTES).map(String::from_utf8) {
            Ok(Ok(text)) => {
                self.files.insert(path, normal(&text));
            }
            Ok(Err(_)) => {
                self.refuse(&path, "编码不是 UTF-8，请在记事本里另存为 UTF-8 编码");
            }
            Err(error) => self.refuse(&path, &files::why(&error)),
        }
    }

    fn refuse(&mut self, path: &str, why: &str) {
        self.unreadable.push(unreadable(path, why));
    }
}

fn unreadable(path: &str, why: &str) -> Problem {
    Problem {
        finding: Finding::new(
            Code::PackFile,
            Place::file(path),
            format!("“{path}”读不出：{why}。"),
        ),
        span: None,
    }
}

/// Without byte order mark, and with `\n` at the end of each line.
fn normal(text: &str) -> String {
    text.strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}
