//! `kaohe assess`: from the returned files to the consolidated workbook.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use clap::Args;
use jiff::civil::Date;
use tempfile::NamedTempFile;

use super::closing::{basis, closed, keep, not_closed, not_gone, withdraw};
use super::load::Loaded;
use super::options::{ForWhom, Format, InWorkspace};
use super::progress::Showing;
use super::records;
use super::rulings::{refuse, write_down};
use super::set_up::{Choices, SetUp, fewer, set_up};
use super::summary::summary;
use super::words::{io_word, not_written};
use super::{Failure, complain, say, say_json};
use crate::assess::{close, open_in, seal_of};
use crate::book::{Evaluator, Reader};
use crate::clock::lap;
use crate::closing::Closing;
use crate::diagnostic::{Finding, Severity, paragraph, render_all};
use crate::files::CHUNK;
use crate::flow::{Assessment, assess_files};
use crate::report::{STREAMED, workbook_of};
use crate::result::{Source, json};
use crate::sheet::write_into;

/// What `assess` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[command(flatten)]
    on: InWorkspace,
    #[command(flatten)]
    whom: ForWhom,
    #[arg(long, help = "在屏幕上逐条列出问题清单")]
    findings: bool,
    #[arg(long, help = "数据里有错误时，退出码为 1")]
    strict: bool,
    #[arg(long, help = "以前的裁定全都不在了，是有意撤销的：照样汇总")]
    withdraw_rulings: bool,
    #[arg(
        long = "final",
        conflicts_with = "reopen",
        help = "定稿：没有未了的事，结果就此定下；以后收到的算逾期"
    )]
    finally: bool,
    #[arg(
        long,
        value_name = "说明",
        requires = "finally",
        value_parser = clap::builder::NonEmptyStringValueParser::new(),
        help = "还有未了的事，照现状定稿；写明为什么"
    )]
    anyway: Option<String>,
    #[arg(long, help = "撤销定稿，按现在的文件重新汇总")]
    reopen: bool,
}

/// Runs the command and gives the exit code: what it rests on, what it comes to, the
/// outputs made, saved, and told of.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read or written.
pub fn run(options: &Options, today: Date) -> Result<u8, Failure> {
    let choices = Choices::TakeOver {
        withdrawn: options.withdraw_rulings,
        reopened: options.reopen,
    };
    let mut basis = set_up(&options.on.dir, choices, today)?;
    lap("load");
    let showing = Showing::of(&basis.workers, basis.files.len());
    let Loaded {
        policy,
        roster,
        rulings,
        ..
    } = &basis.loaded;
    let known = basis.loaded.findings.clone();
    let mut assessment = assess_files(
        &basis.files,
        policy,
        roster,
        rulings,
        known,
        &basis.run,
        &showing,
    );
    refuse(
        &basis.loaded.workspace,
        &basis.loaded.read.findings,
        &assessment.findings,
    )?;
    not_gone(&basis.loaded.workspace, &basis.run, &assessment)?;
    let verdict = verdict(options, &basis, &assessment);
    if let Verdict::Closes(closing) = &verdict {
        close(&mut assessment.book, closing);
        basis.run.closing = Some(closing.clone());
    }
    // Every figure is worked out once, for all that tell of it.
    let values = Arc::new(Evaluator::new(&assessment.book));
    let source = Source {
        policy,
        roster,
        reconciled: &assessment.reconciled,
        values: &values,
        findings: &assessment.findings,
        run: &basis.run,
    };
    let stays_open = matches!(verdict, Verdict::Refused(_));
    showing.progress.now("写汇总工作簿");
    let made = made(&basis, &source, &values)?;
    drop(showing);
    let mut saved = save(&basis, made)?;
    let workspace = &basis.loaded.workspace;
    match verdict {
        Verdict::None if options.reopen => saved.closing = Some(withdraw(workspace)?),
        Verdict::None => {}
        Verdict::Refused(why) => saved.notices.push(why),
        Verdict::Closes(closing) => {
            keep(workspace, &closing)?;
            saved.closing = Some(closed(&closing));
        }
    }
    tell(options, &basis, &source, &saved)?;
    let mut severities = assessment.findings.iter().map(Finding::severity);
    let errors = severities.any(|severity| severity == Severity::Error);
    // The program ends here; taking the tables apart first would only take time.
    std::mem::forget(values);
    std::mem::forget(assessment);
    Ok(u8::from(stays_open || options.strict && errors))
}

/// What becomes of the wish to close the assessment.
enum Verdict {
    /// There was none, or it is closed already.
    None,
    /// It is closed.
    Closes(Closing),
    /// It is not; with what is open, in words.
    Refused(String),
}

/// Whether the assessment is closed now.
fn verdict(options: &Options, basis: &SetUp, assessment: &Assessment) -> Verdict {
    if !options.finally || basis.run.closing.is_some() {
        return Verdict::None;
    }
    let open = open_in(&Reader::new(&assessment.book));
    if !open.is_empty() && options.anyway.is_none() {
        return Verdict::Refused(not_closed(&basis.loaded.workspace, &open));
    }
    // Where nothing is open, there is nothing to be explained.
    let note = options.anyway.as_deref().filter(|_| !open.is_empty());
    let files = assessment.reconciled.ledger().files.iter();
    Verdict::Closes(Closing::of(
        basis.run.today,
        note.unwrap_or_default(),
        self::basis(&basis.loaded, &basis.run.rulings_hash),
        seal_of(&assessment.book),
        files.map(|file| (file.name.as_str(), file.sha256.as_str())),
    ))
}

/// The outputs of a run, whole and without their names so far.
struct Made {
    workbook: NamedTempFile,
    record: Result<NamedTempFile, Failure>,
}

/// Makes the consolidated workbook and the record of the run side by side.
///
/// # Errors
/// When the workbook cannot be made or written.
fn made(basis: &SetUp, source: &Source<'_>, values: &Arc<Evaluator<'_>>) -> Result<Made, Failure> {
    let workspace = &basis.loaded.workspace;
    let recorded = || records::draft(workspace, |to| json(source).record(to));
    let (workbook, record) = thread::scope(|scope| {
        // Where the system gives no more threads, it is written afterwards.
        let record = thread::Builder::new().spawn_scoped(scope, recorded);
        let today = basis.run.today;
        let workbook = workbook_of(source.policy, values, today, STREAMED);
        let record = record.map_or_else(|_| Ok(recorded()), ScopedJoinHandle::join);
        (workbook, record)
    });
    lap("report");
    let workbook = workbook.map_err(Failure::new)?;
    let record =
        record.map_err(|_| Failure::new("错误：结果没有能够整理出来，请告知维护人员。"))?;
    let path = &basis.report;
    let written = || {
        let file = workspace
            .temporary()
            .map_err(|error| not_written(path, &error))?;
        let to = BufWriter::with_capacity(CHUNK, file.as_file());
        write_into(&workbook, to).map_err(|error| {
            let what = format!("错误：汇总工作簿“{}”没有写成：{error}。", path.display());
            Failure::new(paragraph(&what))
        })?;
        Ok::<_, Failure>(file)
    };
    let made = match written() {
        Ok(workbook) => Made { workbook, record },
        // Where there is no room, the workbook comes before all else.
        Err(_) => {
            drop(record);
            Made {
                workbook: written()?,
                record: Err(no_room()),
            }
        }
    };
    lap("write");
    Ok(made)
}

/// What was saved, and what has to be said of it.
struct Saved {
    /// The workbook, in its place or beside it.
    workbook: PathBuf,
    /// Said of new rulings.
    rulings: Option<String>,
    /// Said of the closing.
    closing: Option<String>,
    notices: Vec<String>,
}

/// Gives the outputs their names: the rulings first, which nobody can make anew.
///
/// # Errors
/// When the rulings or the workbook cannot be written.
fn save(basis: &SetUp, made: Made) -> Result<Saved, Failure> {
    let Loaded {
        workspace, read, ..
    } = &basis.loaded;
    let (path, taken) = (&basis.report, &basis.taken);
    let rulings = taken.new.as_deref();
    let rulings = rulings.map(|bytes| write_down(workspace, read.file.as_ref(), bytes));
    let rulings = rulings.transpose()?;
    let (mut file, mut record) = (Some(made.workbook), made.record);
    let mut replace = || workspace.replace_read(path, taken.held(path), &mut file);
    let mut workbook = replace();
    if workbook.is_err() {
        record = Err(no_room());
        workbook = replace();
    }
    let workbook = workbook.map_err(|error| not_written(path, &error))?;
    // What goes wrong from here on takes nothing away from the workbook.
    let mut notices = basis.loaded.roster_notices();
    notices.extend(fewer(&basis.before, basis.loaded.rulings.count()));
    if workbook == *path {
        // What was chosen there has been taken over.
        for (beside, held) in taken.from.iter().filter(|(from, _)| from != path) {
            if let Err(error) = workspace.put_away(beside, held) {
                notices.push(left_beside(beside, &error));
            }
        }
    }
    if let Err(failure) = record.and_then(|record| records::keep(workspace, record)) {
        notices.push(not_recorded(&failure));
    }
    lap("save");
    Ok(Saved {
        workbook,
        rulings,
        closing: None,
        notices,
    })
}

/// Tells the clerk, or another program, what came of it.
///
/// # Errors
/// None that the contents could give.
fn tell(
    options: &Options,
    basis: &SetUp,
    source: &Source<'_>,
    saved: &Saved,
) -> Result<(), Failure> {
    match options.whom.format {
        Format::Json => say_json(&json(source).at(&saved.workbook))?,
        Format::Text => {
            // What the roster lost concerns every figure below.
            if !basis.loaded.findings.is_empty() {
                say(&render_all(&basis.loaded.findings));
            }
            if options.findings {
                say(&render_all(source.findings));
            }
            say(&summary(
                source.reconciled,
                source.findings,
                source.values,
                source.policy,
            ));
            if let Some(rulings) = &saved.rulings {
                say(rulings);
            }
            if saved.workbook != basis.report {
                say(&beside(&basis.report));
            }
            say(&format!("汇总工作簿：{}", saved.workbook.display()));
            if let Some(closing) = &saved.closing {
                say(closing);
            }
        }
    }
    for notice in &saved.notices {
        complain(notice);
    }
    Ok(())
}

/// Why a run was not recorded: the room on the disk was needed for the workbook.
fn no_room() -> Failure {
    Failure::new("磁盘的空间不够，先给了汇总工作簿。")
}

/// Said when the workbook was open and the new one stands beside it.
fn beside(path: &Path) -> String {
    paragraph(&format!(
        "注意：“{}”正在 WPS 或 Excel 中打开，或在汇总的时候又保存过，没有动它，新的汇总存在它旁边。在那一份里新写的裁定，要保存、关闭后再运行一次才生效；再运行时新的汇总写回原处。",
        path.display()
    ))
}

/// Said when a workbook that was saved beside another could not be put away.
fn left_beside(path: &Path, error: &std::io::Error) -> String {
    paragraph(&format!(
        "注意：汇总工作簿已经写好；只是以前存在旁边的“{}”没能移到“备份”（{}）。里面的裁定已经采用，请关闭它，再运行一次。",
        path.display(),
        io_word(error)
    ))
}

/// Said when the run could not be recorded.
fn not_recorded(failure: &Failure) -> String {
    let why = failure.to_string();
    let why = why.strip_prefix("错误：").unwrap_or(&why);
    paragraph(&format!(
        "注意：汇总工作簿已经写好；只是这次的运行记录没有存下来，kaohe diff 看不到这一次。{why}"
    ))
}
