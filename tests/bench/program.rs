//! The program itself, timed from outside: what somebody waits for who runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use kaohe::fingerprint::sha256_hex;

use super::options::Options;

/// A run: how long it took, and its reading part, where the program says so.
pub struct Run {
    pub wall: f64,
    pub read: Option<f64>,
}

/// Runs a command of the program and waits for it.
pub fn run(options: &Options, arguments: &[&str], root: &Path) -> Run {
    let mut command = command(options, arguments, root);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let begun = Instant::now();
    let output = command.output().expect("the program starts");
    let wall = begun.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    let status = output.status;
    assert!(status.success(), "{arguments:?}: {status}: {said}");
    Run {
        wall,
        read: part(&said, "read"),
    }
}

/// The program with what is the same for every run.
pub fn command(options: &Options, arguments: &[&str], root: &Path) -> Command {
    let mut command = Command::new(&options.program);
    command.args(arguments).arg(root);
    command.env("KAOHE_NOW", super::TODAY.to_string());
    command.env("KAOHE_TIMINGS", "1");
    command
}

/// The seconds of a part, from lines like `timing read 0.123`.
fn part(said: &str, name: &str) -> Option<f64> {
    said.lines().find_map(|line| {
        let rest = line.strip_prefix("timing ")?.strip_prefix(name)?;
        rest.trim().parse().ok()
    })
}

/// Takes away everything that earlier runs have left in a workspace.
pub fn clear(root: &Path) {
    for folder in ["汇总", "备份", "下发"] {
        let folder = root.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("what was left is removed");
        }
    }
    // The office has folders for these before it runs anything.
    for folder in ["汇总", "下发"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
}

/// The workbooks in a folder of a workspace, in order.
pub fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xlsx"))
        .collect();
    files.sort();
    files
}

/// The consolidated workbook.
pub fn report(root: &Path) -> PathBuf {
    let mut files = workbooks(&root.join("汇总"));
    assert_eq!(files.len(), 1, "one workbook: {files:?}");
    files.remove(0)
}

/// The hash of the consolidated workbook.
pub fn report_hash(root: &Path) -> String {
    sha256_hex(&fs::read(report(root)).expect("the workbook"))
}
