//! A workspace of its own for a test, made and run by the real binary.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use kaohe::sheet::{Workbook, write};
use serde_json::Value;

use super::world::{World, world};
use super::{assess, kaohe};

/// A workspace of the built-in pack, with its first roster.
pub struct Office {
    pub world: World,
    pub path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Office {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("考核");
        assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
        Office {
            world: world(),
            path,
            _folder: folder,
        }
    }

    /// Where a returned file stands.
    pub fn returned(&self, name: &str) -> PathBuf {
        self.path.join("回收").join(name)
    }

    pub fn save(&self, name: &str, bytes: &[u8]) {
        fs::write(self.returned(name), bytes).expect("a file");
    }

    pub fn send(&self, name: &str, book: &Workbook) {
        self.save(name, &write(book).expect("a return"));
    }

    /// Runs a command on the workspace: its name, then what else it is told.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let place = self.path.to_string_lossy();
        let mut all = vec![arguments[0], &place];
        all.extend(&arguments[1..]);
        kaohe(&all)
    }

    pub fn assess(&self) -> Value {
        assess(&self.path)
    }
}
