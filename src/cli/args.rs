//! The arguments as they are typed: every command, with its own options.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::options::InWorkspace;
use super::{assess, check, diff, explain, export, status};

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
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    #[arg(
        long,
        global = true,
        env = "KAOHE_NOW",
        hide_env = true,
        value_name = "日期",
        help = "把这一天当作今天，写成年-月-日；也可用环境变量 KAOHE_NOW"
    )]
    pub now: Option<String>,

    #[arg(short, long, global = true, action = ArgAction::Help, help = "显示用法")]
    help: Option<bool>,

    #[arg(short = 'V', long, action = ArgAction::Version, help = "显示版本")]
    version: Option<bool>,
}

/// The commands. A new one is a variant here, an arm in `dispatch` (mod.rs) and a file
/// beside this one.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(
        about = "新建工作区：方案、名册和各个文件夹",
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
        override_usage = "kaohe issue [选项] [文件夹]"
    )]
    Issue(InWorkspace),
    #[command(
        about = "读“回收”文件夹，核对、考核，写出“汇总”工作簿",
        override_usage = "kaohe assess [选项] [文件夹]"
    )]
    Assess(assess::Options),
    #[command(
        about = "把有问题的填报表标好、写明改法，放进“退回”文件夹",
        override_usage = "kaohe return [选项] [文件夹]"
    )]
    Return(InWorkspace),
    #[command(
        about = "给每个单位写一页成绩单：得分、失分、怎样补上，放进“成绩单”文件夹",
        override_usage = "kaohe cards [选项] [文件夹]"
    )]
    Cards(InWorkspace),
    #[command(
        about = "检查填报表，逐格指出问题；只看不改，报送之前也可以用",
        override_usage = "kaohe check [选项] <文件或文件夹>..."
    )]
    Check(check::Options),
    #[command(
        about = "比较两次考核：问题、裁定、得分、否决、评优有哪些变化，为什么",
        override_usage = "kaohe diff [选项] [文件夹]\n      kaohe diff [选项] 前一次 后一次"
    )]
    Diff(diff::Options),
    #[command(
        about = "看谁报了、谁没报，还有什么没有了结；只看不写",
        override_usage = "kaohe status [选项] [文件夹]"
    )]
    Status(status::Options),
    #[command(
        about = "说明一个代码（例如 IN-204）怎么改，或一个单位的得分从哪里来",
        override_usage = "kaohe explain [选项] [代码]\n      kaohe explain [选项] [文件夹] 单位"
    )]
    Explain(explain::Options),
    #[command(
        about = "把明细和结果导出成 CSV 和 Parquet，给其他程序用",
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

impl Arguments {
    /// What was typed, the name of the program first.
    ///
    /// # Errors
    /// What is wrong with it, or what was asked for instead: usage or version.
    pub fn of(typed: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let all = Arguments::command().mut_subcommands(|one| one.help_template(TEMPLATE));
        Arguments::from_arg_matches(&all.try_get_matches_from(typed)?)
    }
}
