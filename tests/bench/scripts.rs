//! The scripts that a person would write instead, and what they found.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::options::Options;
use super::times::timed;

/// The scripts, by name and file.
pub const SCRIPTS: [(&str, &str); 4] = [
    ("openpyxl", "openpyxl_.py"),
    ("pandas", "pandas_.py"),
    ("polars", "polars_.py"),
    ("python-calamine + XlsxWriter", "calamine_xlsxwriter_.py"),
];

/// What a script read: counts of rows, amounts in 分.
#[derive(Deserialize)]
pub struct Found {
    /// Names and versions of what it uses.
    pub library: String,
    /// Rows of all forms.
    pub rows: usize,
    /// Rows of 资金物资.
    pub funds: usize,
    pub fen: i64,
    pub channels: BTreeMap<String, i64>,
    pub units: BTreeMap<String, i64>,
}

/// Runs a script over the returns of a workspace; gives the seconds, too.
pub fn run(options: &Options, file: &str, root: &Path) -> (f64, Found) {
    let mut python = Command::new(&options.python);
    python.arg(options.script(file));
    python.arg(root.join("回收"));
    python.arg(options.out.join(format!("by_{file}.xlsx")));
    // Nothing is left beside the scripts, which belong to the source.
    python.env("PYTHONDONTWRITEBYTECODE", "1");
    python.stdout(Stdio::piped()).stderr(Stdio::piped());
    let (seconds, output) = timed(|| python.output().expect("Python starts"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{file}: {said}");
    let found = serde_json::from_slice(&output.stdout).expect("a script says what it found");
    (seconds, found)
}
