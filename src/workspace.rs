//! The folder in which a year's assessment is kept: where its parts are, and
//! writing files into it so that a failure never leaves half of one.
//!
//! Returned files are read once into memory and never changed; links and devices are
//! named, and not followed; files that were written to a moment ago and have no end yet
//! are waited for together, and a file that changes while it is read is read again. A
//! form with more than 5,000 filled rows, or a return with more than 20,000 findings,
//! is set aside with a finding of its own. The members of all archives may have 192 MiB
//! together; each is unpacked when it is its turn. Outputs are written beside their
//! place and renamed; what stood there before is kept in `备份/`; one that is open in
//! another program, or was saved since it was read, is left alone and the new one is
//! saved beside it (`裁定.xlsx` never: there the run stops before anything is written).
//! `init` puts the pack in its place last, so that one that was cut short is no
//! workspace and can be run again; `export` makes all bytes first and writes its table
//! `run` last. Telephone and identity numbers are hidden in the consolidated workbook
//! and in messages (not in the record of each run, nor in file names). The program has
//! no network access.

mod in_use;
mod replace;
mod whole;

use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub use whole::{name_file, save, temporary_file, temporary_folder};

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

    /// The card of each unit.
    pub fn cards(&self) -> PathBuf {
        self.root.join("成绩单")
    }

    /// The clerk's manual.
    pub fn manual(&self) -> PathBuf {
        self.root.join("使用说明.html")
    }

    /// What each run came to, for comparing them.
    pub fn records(&self) -> PathBuf {
        self.report_dir().join("运行记录")
    }

    /// On what the assessment was closed.
    pub fn closing(&self) -> PathBuf {
        self.records().join("定稿.json")
    }

    /// The consolidated workbook.
    pub fn report_dir(&self) -> PathBuf {
        self.root.join("汇总")
    }

    /// A temporary file for an output, which goes when it is dropped.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn temporary(&self) -> io::Result<NamedTempFile> {
        temporary_file(&self.report_dir())
    }

    /// What stood in the place of outputs before.
    pub fn kept(&self) -> PathBuf {
        self.root.join("备份")
    }
}
