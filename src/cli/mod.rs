//! The command line: one file per command, and the only place that prints.
//!
//! # Results for programs
//!
//! `status --format json` (`kaohe-status/1`): `units[]`, `files` by outcome,
//! `open_matters[]`, `matters_apart[]` (those that change no result), `findings` by
//! code. `explain UNIT --format json`: `items[]` with `operands[]`, their `rows[]` and
//! `members[]`, every cell with `file`, `sheet`, `cell`, `header`, `typed`, `value`.
//! `diff --format json`: `new_findings[]`, `settled_findings[]`, `returned_findings[]`,
//! `matters[]`, `units[]`, `members[]`, `totals[]`, each movement with `old`, `new`,
//! `causes[]`. Every `assess` keeps its result in `汇总/运行记录/`, unless it is the same as
//! the last.

mod args;
mod assess;
mod cards;
mod check;
mod closing;
mod diff;
mod explain;
mod export;
mod hints;
mod init;
mod issue;
mod load;
mod options;
mod progress;
mod records;
mod ruled_before;
mod rulings;
mod send_back;
mod set_up;
mod status;
mod summary;
mod words;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use args::{Arguments, Command};
use words::first;

pub use load::{Loaded, load_decided, load_workspace, workers};

use crate::clock;

/// Why a command cannot run, in the clerk's words: wrong arguments, no
/// workspace, an unusable policy, a file that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with what to tell the clerk.
    pub fn new(text: impl std::fmt::Display) -> Self {
        Failure(text.to_string())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs the program with its arguments, the first of which is its own name.
/// The exit code is 0, 1 for errors in the data, 2 for what cannot run.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::of(typed.iter().cloned()) {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => {
            say(&words::help(&error.render().to_string()));
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let hint = hints::unquoted_hint(typed.get(1..).unwrap_or_default());
            complain(&format!(
                "{}{}",
                hint.unwrap_or_default(),
                words::misuse(&error)
            ));
            return ExitCode::from(2);
        }
    };
    if !matches!(arguments.command, Command::OpenFiles { .. }) {
        progress::say_when_ended();
    }
    clock::lap("start");
    let done = dispatch(arguments);
    if std::env::var_os("KAOHE_TIMINGS").is_some() {
        for (part, time) in clock::laps() {
            complain(&format!("timing {part} {:.3}", time.as_secs_f64()));
        }
    }
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            complain(&failure.to_string());
            ExitCode::from(2)
        }
    }
}

/// Runs the command; gives 0, or 1 for errors in the data.
fn dispatch(arguments: Arguments) -> Result<u8, Failure> {
    let today = clock::today(arguments.now.as_deref())
        .map_err(|error| Failure::new(format!("错误：{error}")))?;
    match arguments.command {
        Command::Init { dir } => init::run(&dir, today),
        Command::Issue(on) => issue::run(&on.dir, today),
        Command::Return(on) => send_back::run(&on.dir, today),
        Command::Assess(options) => assess::run(&options, today),
        Command::Cards(on) => cards::run(&on.dir, today),
        Command::Check(options) => check::run(&options),
        Command::Diff(options) => diff::run(&options),
        Command::Status(options) => status::run(&options, today),
        Command::Explain(options) => explain::run(&options, today),
        Command::Export(options) => export::run(&options, today),
        Command::OpenFiles { memory } => match crate::intake::serve(memory) {
            Ok(()) => Ok(0),
            Err(_) => Ok(2),
        },
        Command::Help { of } => help(of.as_deref()),
    }
}

/// The usage of the program or of one command.
fn help(of: Option<&str>) -> Result<u8, Failure> {
    let typed = ["kaohe"].into_iter().chain(of).chain(["--help"]);
    match Arguments::of(typed.map(OsString::from)) {
        Err(error) if !error.use_stderr() => say(&words::help(&error.render().to_string())),
        Err(error) => return Err(Failure::new(words::misuse(&error))),
        Ok(_) => {}
    }
    Ok(0)
}

/// Prints a result. A reader that has gone away is no reason to fail.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", text.trim_end());
}

/// Prints results for programs, which may be very long, while they are made.
///
/// # Errors
/// None that the contents could give.
fn say_json(results: &impl serde::Serialize) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match serde_json::to_writer_pretty(&mut out, results) {
        // Whoever reads them has gone.
        Err(error) if error.is_io() => return Ok(()),
        written => written.map_err(Failure::new)?,
    }
    let _ = writeln!(out);
    Ok(())
}

/// Prints what is wrong, apart from the results.
fn complain(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{}", text.trim_end());
}
