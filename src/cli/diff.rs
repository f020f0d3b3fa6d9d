//! `kaohe diff`: what changed between two runs, and why.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use super::options::{ForWhom, Format};
use super::words::not_read;
use super::{Failure, records, say};
use crate::compare::{Shown, compare, render};
use crate::diagnostic::hanging;
use crate::files;
use crate::result::FORMAT;
use crate::workspace::Workspace;

/// What `diff` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[arg(
        value_name = "前后两次",
        help_heading = "参数",
        num_args = 0..=2,
        help = "一个工作区（比较它最后两次），或两份记录（汇总/运行记录 里的 .json）或两个工作区；不写就是当前文件夹"
    )]
    of: Vec<PathBuf>,
    #[command(flatten)]
    whom: ForWhom,
    #[arg(
        long,
        value_name = "名称",
        default_value = "",
        hide_default_value = true,
        help = "只列出与这个名称有关的变化：单位、姓名或事项编号"
    )]
    about: String,
    #[arg(long, help = "全部列出；不写就每一类只列前 30 项")]
    all: bool,
}

/// Runs the command. Nothing is written.
///
/// # Errors
/// When there are no two records to compare, or one is none.
pub fn run(options: &Options) -> Result<u8, Failure> {
    let (old, new) = match options.of.as_slice() {
        [old, new] => (one(old)?, one(new)?),
        some => {
            let here = PathBuf::from(".");
            last_two(some.first().unwrap_or(&here))?
        }
    };
    let earlier = before(&old)?;
    let of =
        hanging("由 ", &old.display().to_string()) + &hanging("到 ", &new.display().to_string());
    let (old, new) = (read(&old)?, read(&new)?);
    let compared = compare(&old, &new, &earlier);
    let shown = Shown {
        about: &options.about,
        all: options.all,
    };
    match options.whom.format {
        Format::Text => say(&format!("{of}\n{}", render(&compared, shown))),
        Format::Json => say(&format!("{:#}", json!(compared))),
    }
    Ok(0)
}

/// The last two records of a workspace.
fn last_two(dir: &Path) -> Result<(PathBuf, PathBuf), Failure> {
    let records = of(dir)?;
    match records.as_slice() {
        [.., (_, old), (_, new)] => Ok((old.clone(), new.clone())),
        _ => Err(Failure::new(format!(
            "错误：“{}”里还没有两次不同的考核记录，没有可以比较的。\n改法：每次运行 kaohe assess 都会留下记录，结果有变化后再比较。",
            dir.display()
        ))),
    }
}

/// A record: a file, or the last of a workspace.
fn one(path: &Path) -> Result<PathBuf, Failure> {
    if path.is_file() {
        return Ok(path.to_owned());
    }
    match of(path)?.last() {
        Some((_, last)) => Ok(last.clone()),
        None => Err(Failure::new(format!(
            "错误：“{}”里没有考核记录。\n改法：先运行 kaohe assess。",
            path.display()
        ))),
    }
}

fn of(dir: &Path) -> Result<Vec<(u32, PathBuf)>, Failure> {
    if !dir.is_dir() {
        return Err(Failure::new(format!(
            "错误：没有“{}”这个文件或文件夹。\n改法：核对名称。",
            dir.display()
        )));
    }
    records::list(&Workspace::new(dir).records())
}

/// The records before one, in its folder; nothing where it is no record of a
/// workspace.
fn before(record: &Path) -> Result<Vec<Json>, Failure> {
    let Some(folder) = record.parent() else {
        return Ok(Vec::new());
    };
    let records = records::list(folder)?;
    let earlier = records.iter().take_while(|(_, path)| path != record);
    earlier.map(|(_, path)| read(path)).collect()
}

/// Most bytes of a record. That of a large county takes hundreds of megabytes.
const LARGEST: u64 = 1 << 30;

fn read(path: &Path) -> Result<Json, Failure> {
    let bytes = files::read(path, LARGEST).map_err(|error| not_read(path, &error))?;
    let record: Option<Json> = serde_json::from_slice(&bytes).ok();
    let known = record.filter(|record| record["format"] == FORMAT);
    known.ok_or_else(|| {
        Failure::new(format!(
            "错误：“{}”不是这一版程序的考核记录。\n改法：写“汇总/运行记录”里的 .json，或用同一版程序重新运行 kaohe assess。",
            path.display()
        ))
    })
}
