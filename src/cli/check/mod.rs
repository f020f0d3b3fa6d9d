//! `kaohe check`: reads returns and says what is wrong, cell by cell. It writes
//! nothing, and needs no workspace: a unit runs it before it sends its return.
//!
//! # `check --format json`
//!
//! One object, `format` = `kaohe-check/1`: `pack`, `roster` (`workspace` or `file`),
//! `workspace`, `roster_findings[]`, `skipped`, `counts` (`errors`, `warnings`,
//! `notes`), `findings[]` on no file in particular, and `files[]` with `name`, `unit`,
//! `outcome`, `reason`, `forms[]` (rows by class and the amount read), `totals[]`
//! (cover against detail), `counts`, `may_be_sent` and `findings[]` as in `assess`.
//! Amounts are decimal strings. Exit code 1 if there are errors in the data.

mod basis;
mod json;
mod result;
mod text;

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::hints::unquoted_hint;
use super::options::{ForWhom, Format};
use super::{Failure, complain, say, workers};
use crate::diagnostic::{Severity, render_all};
use crate::flow::{Scope, read_files};
use crate::intake::{ReturnedFile, gather_paths};
use crate::ruling::Rulings;
use basis::Against;
use result::{Checkup, FileResult};

/// What `check` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[arg(
        value_name = "文件或文件夹",
        help_heading = "参数",
        required = true,
        help = "填报表，或放着填报表的文件夹；可以写几个"
    )]
    paths: Vec<PathBuf>,
    #[arg(
        short,
        long,
        value_name = "工作区",
        help = "按这个工作区的方案和名册检查；不写就自己找，找不到就用内置方案和文件自带的名册"
    )]
    workspace: Option<PathBuf>,
    #[command(flatten)]
    whom: ForWhom,
}

/// Runs the command and gives the exit code: 1 if there are errors.
///
/// # Errors
/// When there is no such file, or the workspace cannot be used.
pub fn run(options: &Options) -> Result<u8, Failure> {
    let (files, skipped) = files(&options.paths)?;
    if files.is_empty() {
        return Err(Failure::new(
            "错误：没有可以检查的文件。\n改法：在 kaohe check 后面写上填报表，或放着填报表的文件夹。",
        ));
    }
    let workers = workers()?;
    let basis = Against::find(options.workspace.as_deref(), &options.paths, &workers)?;
    let mut checkup = Checkup {
        files: Vec::new(),
        others: Vec::new(),
        skipped,
    };
    for (roster, group) in basis.groups(&files, &workers) {
        // A check is about what was filled in, not about what was decided on it.
        let none = Rulings::default();
        let read = read_files(
            &group,
            &basis.policy,
            &roster,
            &none,
            Scope::Files,
            &workers,
        );
        checkup.add(read, &basis.policy, &roster);
    }
    // Groups are by unit; what is shown is in the order of the files.
    let order = files.iter().enumerate().rev();
    let order: HashMap<&str, usize> = order.map(|(at, file)| (file.name.as_str(), at)).collect();
    let order = |result: &FileResult| order.get(result.name.as_str()).copied();
    checkup.files.sort_by_key(order);
    match options.whom.format {
        Format::Text => {
            if !basis.findings.is_empty() {
                complain(&render_all(&basis.findings));
            }
            say(&text::render(&checkup, &basis));
        }
        Format::Json => say(&format!("{:#}", json::render(&checkup, &basis))),
    }
    Ok(u8::from(checkup.count(Severity::Error) > 0))
}

/// The files that were named, and those in folders that were named.
fn files(paths: &[PathBuf]) -> Result<(Vec<ReturnedFile>, usize), Failure> {
    if let Some(path) = paths.iter().find(|path| !path.exists()) {
        let words: Vec<OsString> = paths.iter().map(OsString::from).collect();
        return Err(Failure::new(format!(
            "错误：没有“{}”这个文件或文件夹。\n{}改法：核对名称；名称里有空格的，前后加上引号。",
            path.display(),
            unquoted_hint(&words).unwrap_or_default()
        )));
    }
    Ok(gather_paths(paths)?)
}
