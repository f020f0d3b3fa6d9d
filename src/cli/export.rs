//! `kaohe export`: the ledger and the results as CSV and Parquet.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::closing::not_gone;
use super::load::Loaded;
use super::options::InWorkspace;
use super::progress::Showing;
use super::rulings::refuse;
use super::set_up::{Choices, SetUp, set_up};
use super::words::{not_read, not_written};
use super::{Failure, say};
use crate::diagnostic::paragraph;
use crate::export::{Frame, csv, folder, frames, parquet, path, plain};
use crate::files;
use crate::flow::assess_files;
use crate::policy::Policy;
use crate::workspace::save;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kinds {
    Csv,
    Parquet,
    Both,
}

/// What `export` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[command(flatten)]
    on: InWorkspace,
    #[arg(
        long,
        value_name = "文件夹",
        help = "写到哪个文件夹；不写就是工作区的“汇总/导出”。几个县写到同一个文件夹，就是一套数据"
    )]
    to: Option<PathBuf>,
    #[arg(
        long,
        value_name = "名称",
        help = "这个工作区在数据里叫什么；不写就用工作区文件夹的名称"
    )]
    name: Option<String>,
    #[arg(
        long,
        value_name = "形式",
        default_value = "both",
        hide_default_value = true,
        hide_possible_values = true,
        help = "csv、parquet，或 both（两种都写，默认）"
    )]
    format: Kinds,
}

/// Runs the command.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read or written, a name that another office uses.
pub fn run(options: &Options, today: Date) -> Result<u8, Failure> {
    let SetUp {
        loaded,
        files,
        run,
        workers,
        ..
    } = set_up(&options.on.dir, Choices::Leave, today)?;
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings,
        read,
        ..
    } = loaded;
    let assessment = assess_files(
        &files,
        &policy,
        &roster,
        &rulings,
        findings,
        &run,
        &Showing::of(&workers, files.len()),
    );
    refuse(&workspace, &read.findings, &assessment.findings)?;
    not_gone(&workspace, &run, &assessment)?;
    let to = match &options.to {
        Some(to) => to.clone(),
        None => workspace.report_dir().join("导出"),
    };
    let name = plain(&match &options.name {
        Some(name) => name.clone(),
        None => folder_name(&options.on.dir),
    });
    let frames = frames(&assessment, &policy, &run);
    let kinds = [(Kinds::Csv, "csv"), (Kinds::Parquet, "parquet")];
    let kinds = kinds
        .into_iter()
        .filter(|(kind, _)| options.format == *kind || options.format == Kinds::Both);
    let endings: Vec<&'static str> = kinds.map(|(_, ending)| ending).collect();
    // All are made before the first is written.
    let mut made = Vec::new();
    for ending in endings.iter().copied() {
        made.extend(make(&frames, &to, &name, ending)?);
    }
    claim(&to, &name, &policy)?;
    for ending in endings.iter().copied() {
        write_all(&frames, &made, &to, &name, ending)
            .map_err(|failure| cut_short(&failure, &to))?;
    }
    let written = made.len();
    let rows: usize = frames
        .iter()
        .filter(|frame| frame.dataset == "entries")
        .map(|frame| frame.rows.len())
        .sum();
    say(&format!(
        "已导出“{name}”：明细 {rows} 行，共 {written} 个文件\n导出文件夹：{}\n怎样查询，见说明书“导出给其他程序”。",
        to.display()
    ));
    Ok(0)
}

/// The table that tells of the run as a whole. An export without it is none.
const RUN: &str = "run";

/// A file of an export, not written yet.
struct Made {
    path: PathBuf,
    bytes: Vec<u8>,
    ending: &'static str,
    is_run: bool,
}

/// Makes the files of all tables in one format.
fn make(
    frames: &[Frame],
    to: &Path,
    name: &str,
    ending: &'static str,
) -> Result<Vec<Made>, Failure> {
    let mut made = Vec::new();
    for frame in frames {
        let bytes = match ending {
            "csv" => csv(frame),
            _ => parquet(frame),
        };
        made.push(Made {
            path: to.join(path(frame, name, ending)),
            bytes: bytes.map_err(Failure::new)?,
            ending,
            is_run: frame.dataset == RUN,
        });
    }
    Ok(made)
}

/// Writes the files of one format and takes away what an earlier export of the
/// same workspace left behind. The table of the run goes first and comes back
/// last: while it is missing, old and new stand side by side.
fn write_all(
    frames: &[Frame],
    made: &[Made],
    to: &Path,
    name: &str,
    ending: &str,
) -> Result<(), Failure> {
    let own = || made.iter().filter(|file| file.ending == ending);
    for file in own().filter(|file| file.is_run && file.path.exists()) {
        std::fs::remove_file(&file.path).map_err(|error| not_written(&file.path, &error))?;
    }
    let write = |file: &Made| {
        save(&file.path, &file.bytes).map_err(|error| not_written(&file.path, &error))
    };
    own().filter(|file| !file.is_run).try_for_each(write)?;
    let kept: BTreeSet<PathBuf> = own().map(|file| file.path.clone()).collect();
    let datasets: BTreeSet<&str> = frames.iter().map(|frame| frame.dataset).collect();
    for dataset in datasets {
        let folder = to.join(folder(dataset, name, ending));
        if folder.is_dir() {
            clear(&folder, &kept, ending)?;
        }
    }
    own().filter(|file| file.is_run).try_for_each(write)
}

/// Says that what stands in the folder is neither the old export nor the new.
fn cut_short(failure: &Failure, to: &Path) -> Failure {
    let what = format!(
        "“{}”里的导出不完整，新旧混在一起，先不要用。\n改法：照上面说的处理，再运行一次同样的命令。",
        to.display()
    );
    Failure::new(format!(
        "{}\n{}",
        failure.to_string().trim_end(),
        paragraph(&what)
    ))
}

/// Removes the files of this format that were not written now.
fn clear(folder: &Path, kept: &BTreeSet<PathBuf>, ending: &str) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| not_read(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| not_read(folder, &error))?.path();
        if path.is_dir() {
            clear(&path, kept, ending)?;
        } else if path.extension().is_some_and(|is| is == ending) && !kept.contains(&path) {
            std::fs::remove_file(&path).map_err(|error| not_written(&path, &error))?;
        }
    }
    Ok(())
}

/// A name's owner takes less.
const MOST_BYTES: u64 = 1 << 20;

/// Makes sure that no other office's data stands under the name: it would be
/// written over.
fn claim(to: &Path, name: &str, policy: &Policy) -> Result<(), Failure> {
    let pack = &policy.pack;
    let mine = json!({ "office": pack.office, "year": pack.year, "pack": pack.id });
    let path = to.join("workspaces").join(format!("{name}.json"));
    match files::read(&path, MOST_BYTES) {
        Ok(bytes) => {
            let theirs: Json = serde_json::from_slice(&bytes).unwrap_or_default();
            if theirs == mine {
                return Ok(());
            }
            let office = theirs.get("office").and_then(Json::as_str).unwrap_or("");
            Err(Failure::new(format!(
                "错误：“{name}”这个名称在 {} 里已经用了（{office}），再写会盖掉它。\n改法：加 --name 换一个名称，例如 --name {name}2。",
                to.display()
            )))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = format!("{mine:#}\n");
            save(&path, text.as_bytes()).map_err(|error| not_written(&path, &error))
        }
        Err(error) => Err(not_read(&path, &error)),
    }
}

/// The name of a folder, also of `.`.
fn folder_name(dir: &Path) -> String {
    let whole = std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf());
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
}
