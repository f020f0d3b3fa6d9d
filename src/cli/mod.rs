//! The command line: one file per command, and the only place that prints.

mod assess;
mod check;
mod diff;
mod explain;
mod export;
mod hints;
mod init;
mod issue;
mod load;
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
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use words::first;

pub use load::{Loaded, load_decided, load_workspace, workers};

use crate::clock;

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n";

/// The arguments as typed.
#[derive(Debug, Parser)]
#[command(
    name = "kaohe",
    version,
    about = "kaohe（考核）：下发填报表，回收、核对、考核、汇总",
    help_template = TEMPLATE,
    override_usage = "kaohe [选项] <命令>",
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    after_help = "先运行 kaohe init 文件夹，再按它的提示往下做。某个命令的用法：kaohe 命令 --help",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    next_help_heading = "选项"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    #[arg(
        long,
        global = true,
        env = "KAOHE_NOW",
        hide_env = true,
        value_name = "日期",
        help = "把这一天当作今天，写成年-月-日；也可用环境变量 KAOHE_NOW"
    )]
    now: Option<String>,

    #[arg(short, long, global = true, action = ArgAction::Help, help = "显示用法")]
    help: Option<bool>,

    #[arg(short = 'V', long, action = ArgAction::Version, help = "显示版本")]
    version: Option<bool>,
}

/// The commands. A new one is a variant here, an arm in `dispatch` and a file
/// beside this one.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(
        about = "新建工作区：方案、名册和各个文件夹",
        help_template = TEMPLATE,
        override_usage = "kaohe init [选项] <文件夹>"
    )]
    Init {
        #[arg(
            value_name = "文件夹",
            help_heading = "参数",
            help = "工作区的文件夹，没有就新建"
        )]
        dir: PathBuf,
    },
    #[command(
        about = "给每个单位生成一份填报表，放进“下发”文件夹",
        help_template = TEMPLATE,
        override_usage = "kaohe issue [选项] [文件夹]"
    )]
    Issue {
        #[arg(
            value_name = "文件夹",
            help_heading = "参数",
            default_value = ".",
            hide_default_value = true,
            help = "工作区的文件夹；不写就是当前文件夹"
        )]
        dir: PathBuf,
    },
    #[command(
        about = "读“回收”文件夹，核对、考核，写出“汇总”工作簿",
        help_template = TEMPLATE,
        override_usage = "kaohe assess [选项] [文件夹]"
    )]
    Assess(assess::Options),
    #[command(
        about = "把有问题的填报表标好、写明改法，放进“退回”文件夹",
        help_template = TEMPLATE,
        override_usage = "kaohe return [选项] [文件夹]"
    )]
    Return {
        #[arg(
            value_name = "文件夹",
            help_heading = "参数",
            default_value = ".",
            hide_default_value = true,
            help = "工作区的文件夹；不写就是当前文件夹"
        )]
        dir: PathBuf,
    },
    #[command(
        about = "检查填报表，逐格指出问题；只看不改，报送之前也可以用",
        help_template = TEMPLATE,
        override_usage = "kaohe check [选项] <文件或文件夹>..."
    )]
    Check(check::Options),
    #[command(
        about = "比较两次考核：问题、裁定、得分、否决、评优有哪些变化，为什么",
        help_template = TEMPLATE,
        override_usage = "kaohe diff [选项] [文件夹]\n      kaohe diff [选项] 前一次 后一次"
    )]
    Diff(diff::Options),
    #[command(
        about = "看谁报了、谁没报，还有什么没有了结；只看不写",
        help_template = TEMPLATE,
        override_usage = "kaohe status [选项] [文件夹]"
    )]
    Status(status::Options),
    #[command(
        about = "说明一个代码（例如 IN-204）怎么改，或一个单位的得分从哪里来",
        help_template = TEMPLATE,
        override_usage = "kaohe explain [选项] [代码]\n      kaohe explain [选项] [文件夹] 单位"
    )]
    Explain(explain::Options),
    #[command(
        about = "把明细和结果导出成 CSV 和 Parquet，给其他程序用",
        help_template = TEMPLATE,
        override_usage = "kaohe export [选项] [文件夹]"
    )]
    Export(export::Options),
    #[command(
        name = crate::isolate::COMMAND,
        about = "读取报表的子进程，由程序自己使用",
        hide = true
    )]
    OpenFiles {
        /// Bytes of memory that it may take.
        memory: u64,
    },
    #[command(about = "显示用法", hide = true, disable_help_flag = true)]
    Help {
        #[arg(hide = true)]
        of: Option<String>,
    },
}

/// For whom a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

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
    let arguments = match Arguments::try_parse_from(typed.iter().cloned()) {
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
        Command::Issue { dir } => issue::run(&dir, today),
        Command::Return { dir } => send_back::run(&dir, today),
        Command::Assess(options) => assess::run(&options, today),
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
    let mut arguments = vec!["kaohe"];
    arguments.extend(of);
    arguments.push("--help");
    match Arguments::try_parse_from(arguments) {
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
