//! Options that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The workspace with which a command works.
#[derive(Debug, Args)]
pub(super) struct InWorkspace {
    #[arg(
        value_name = "文件夹",
        help_heading = "参数",
        default_value = ".",
        hide_default_value = true,
        help = "工作区的文件夹；不写就是当前文件夹"
    )]
    pub dir: PathBuf,
}

/// For whom a result is printed.
#[derive(Debug, Args)]
pub(super) struct ForWhom {
    #[arg(
        long,
        value_name = "形式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项",
        help = "输出形式：text 给人看（默认），json 给程序读"
    )]
    pub format: Format,
}

/// For whom a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}
