//! `kaohe assess`: from the returned files to the consolidated workbook.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use clap::Args;
use jiff::civil::Date;

use super::load::Loaded;
use super::progress::Showing;
use super::records;
use super::rulings::{refuse, write_down};
use super::set_up::{Choices, SetUp, fewer, set_up};
use super::summary::summary;
use super::words::{io_word, not_written};
use super::{Failure, Format, complain, say, say_json};
use crate::book::Evaluator;
use crate::clock::lap;
use crate::diagnostic::{Severity, hanging, render_all};
use crate::files::CHUNK;
use crate::flow::{Assessment, assess_files};
use crate::report::{STREAMED, workbook_of};
use crate::result::{Source, json};
use crate::sheet::write_into;

/// What `assess` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[arg(
        value_name = "文件夹",
        help_heading = "参数",
        default_value = ".",
        hide_default_value = true,
        help = "工作区的文件夹；不写就是当前文件夹"
    )]
    dir: PathBuf,
    #[arg(
        long,
        value_name = "形式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true,
        help = "输出形式：text 给人看（默认），json 给程序读"
    )]
    format: Format,
    #[arg(long, help = "在屏幕上逐条列出问题清单")]
    findings: bool,
    #[arg(long, help = "数据里有错误时，退出码为 1")]
    strict: bool,
    #[arg(long, help = "以前的裁定全都不在了，是有意撤销的：照样汇总")]
    withdraw_rulings: bool,
}

/// Runs the command and gives the exit code.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read or written.
pub fn run(options: &Options, today: Date) -> Result<u8, Failure> {
    let choices = Choices::TakeOver {
        withdrawn: options.withdraw_rulings,
    };
    let SetUp {
        loaded,
        report: path,
        taken,
        files,
        run,
        before,
        workers,
    } = set_up(&options.dir, choices, today)?;
    let of_whole_roster = loaded.roster_notices();
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings,
        read,
        ..
    } = loaded;
    let of_roster = findings.clone();
    lap("load");
    let showing = Showing::of(&workers, files.len());
    let Assessment {
        reconciled,
        book,
        findings,
    } = assess_files(&files, &policy, &roster, &rulings, findings, &run, &showing);
    refuse(&workspace, &read.findings, &findings)?;
    // Every figure is worked out once, for all that tell of it.
    let values = Arc::new(Evaluator::new(&book));
    showing.progress.now("写汇总工作簿");
    // The record of the run, which says where the workbook stands, is written while
    // that is put together.
    let recorded = || {
        let source = Source {
            policy: &policy,
            roster: &roster,
            reconciled: &reconciled,
            values: &values,
            findings: &findings,
            run: &run,
        };
        let result = json(&source).at(&path);
        records::draft(&workspace, |to| result.record(to))
    };
    let (made, record) = thread::scope(|scope| {
        // Where the system gives no more threads, it is written afterwards.
        let record = thread::Builder::new().spawn_scoped(scope, recorded);
        let made = workbook_of(&policy, &values, today, STREAMED).map_err(Failure::new);
        let record = record.map_or_else(|_| Ok(recorded()), ScopedJoinHandle::join);
        (made, record)
    });
    lap("report");
    let made = made?;
    let mut record =
        record.map_err(|_| Failure::new("错误：结果没有能够整理出来，请告知维护人员。"))?;
    // From here on only programs are told of the entries, which take as much room as
    // all else.
    let (told, reconciled) = match options.format {
        Format::Json => (String::new(), Some(reconciled)),
        Format::Text => {
            let told = summary(&reconciled, &findings, &values, &policy);
            drop(reconciled);
            (told, None)
        }
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let put_together = || {
        // Out of sight until it is whole.
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| workspace.temporary())
            .map_err(|error| not_written(&path, &error))?;
        let to = BufWriter::with_capacity(CHUNK, file.as_file());
        write_into(&made, to).map_err(|error| {
            let what = format!("错误：汇总工作簿“{}”没有写成：{error}。", path.display());
            Failure::new(hanging("", &what))
        })?;
        Ok::<_, Failure>(file)
    };
    let mut file = put_together();
    if file.is_err() {
        // Where there is no room, the workbook comes before all else.
        record = Err(no_room());
        file = put_together();
    }
    let mut file = Some(file?);
    drop(made);
    drop(showing);
    lap("write");
    let new = taken.new.as_deref();
    let new = new.map(|bytes| write_down(&workspace, read.file.as_ref(), bytes));
    let new = new.transpose()?;
    let mut replace = || workspace.replace_read(&path, taken.held(&path), &mut file);
    let mut written = replace();
    if written.is_err() {
        record = Err(no_room());
        written = replace();
    }
    let written = written.map_err(|error| not_written(&path, &error))?;
    // What goes wrong from here on takes nothing away from the workbook.
    let mut notices: Vec<String> = of_whole_roster;
    notices.extend(fewer(before, rulings.count()));
    if written == path {
        // What was chosen there has been taken over.
        for (beside, held) in taken.from.iter().filter(|(from, _)| *from != path) {
            if let Err(error) = workspace.put_away(beside, held) {
                notices.push(left_beside(beside, &error));
            }
        }
    }
    if written != path {
        record = record.and_then(|record| record.about(&workspace, &written));
    }
    lap("save");
    if let Err(failure) = record.and_then(|record| records::keep(&workspace, record)) {
        notices.push(not_recorded(&failure));
    }
    lap("record");
    match &reconciled {
        Some(reconciled) => {
            let source = Source {
                policy: &policy,
                roster: &roster,
                reconciled,
                values: &values,
                findings: &findings,
                run: &run,
            };
            say_json(&json(&source).at(&written))?;
        }
        None => {
            // What the roster lost concerns every figure below.
            if !of_roster.is_empty() {
                say(&render_all(&of_roster));
            }
            if options.findings {
                say(&render_all(&findings));
            }
            say(&told);
            if let Some(new) = new {
                say(&new);
            }
            if written != path {
                say(&beside(&path));
            }
            say(&format!("汇总工作簿：{}", written.display()));
        }
    }
    for notice in notices {
        complain(&notice);
    }
    let errors = findings.iter().any(|f| f.severity() == Severity::Error);
    // The program ends here; taking the tables apart first would only take time.
    std::mem::forget(values);
    std::mem::forget((reconciled, book));
    Ok(u8::from(options.strict && errors))
}

/// Why a run was not recorded: the room on the disk was needed for the workbook.
fn no_room() -> Failure {
    Failure::new("磁盘的空间不够，先给了汇总工作簿。")
}

/// Said when the workbook was open and the new one stands beside it.
fn beside(path: &Path) -> String {
    hanging(
        "",
        &format!(
            "注意：“{}”正在 WPS 或 Excel 中打开，或在汇总的时候又保存过，没有动它，新的汇总存在它旁边。在那一份里新写的裁定，要保存、关闭后再运行一次才生效；再运行时新的汇总写回原处。",
            path.display()
        ),
    )
}

/// Said when a workbook that was saved beside another could not be put away.
fn left_beside(path: &Path, error: &std::io::Error) -> String {
    hanging(
        "",
        &format!(
            "注意：汇总工作簿已经写好；只是以前存在旁边的“{}”没能移到“备份”（{}）。里面的裁定已经采用，请关闭它，再运行一次。",
            path.display(),
            io_word(error)
        ),
    )
}

/// Said when the run could not be recorded.
fn not_recorded(failure: &Failure) -> String {
    let why = failure.to_string();
    let why = why.strip_prefix("错误：").unwrap_or(&why);
    hanging(
        "",
        &format!(
            "注意：汇总工作簿已经写好；只是这次的运行记录没有存下来，kaohe diff 看不到这一次。{why}"
        ),
    )
}
