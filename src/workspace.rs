//! The folder in which a year's assessment is kept: where its parts are, and
//! writing files into it so that a failure never leaves half of one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace in a folder, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Workspace { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The pack that the office may edit.
    pub fn policy_dir(&self) -> PathBuf {
        self.root.join("policy")
    }

    /// The roster.
    pub fn roster(&self) -> PathBuf {
        self.root.join("名册.xlsx")
    }

    /// What the office has decided.
    pub fn rulings(&self) -> PathBuf {
        self.root.join("裁定.xlsx")
    }

    /// What goes out to the units.
    pub fn issued(&self) -> PathBuf {
        self.root.join("下发")
    }

    /// What comes back from them.
    pub fn returned(&self) -> PathBuf {
        self.root.join("回收")
    }

    /// What is returned to the units for correction.
    pub fn sent_back(&self) -> PathBuf {
        self.root.join("退回")
    }

    /// What each run came to, for comparing them.
    pub fn records(&self) -> PathBuf {
        self.report_dir().join("运行记录")
    }

    /// The consolidated workbook.
    pub fn report_dir(&self) -> PathBuf {
        self.root.join("汇总")
    }
}

/// Writes a file as a whole: into a temporary file beside it, which then
/// takes its name. Folders are made where they are missing.
///
/// # Errors
/// When the folder or file cannot be written; what was there stays as it was.
pub fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix("~kaohe").suffix(".tmp");
    #[cfg(unix)]
    {
        // Like any file that a program makes, not only for its owner.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
