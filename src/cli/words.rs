//! The library's complaints about arguments, and the system's about files, in
//! the clerk's words.

use std::io;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Failure;
use crate::diagnostic::paragraph;
use crate::files;
use crate::intake::FolderError;

/// What is wrong with the arguments, and where to look.
pub(super) fn misuse(error: &clap::Error) -> String {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = || of(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识“{}”。", argument()),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令。", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("还缺 {}。", argument()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "请写明要运行的命令。".to_owned()
        }
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            format!("“{}”后面还要写内容。", argument())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = of(ContextKind::InvalidValue);
            format!("“{}”的内容“{value}”不对。", argument())
        }
        ErrorKind::ArgumentConflict => format!("“{}”重复，或不能与别的选项同用。", argument()),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("“{}”后面的内容个数不对。", argument())
        }
        ErrorKind::InvalidUtf8 => "参数里有认不出的字符。".to_owned(),
        _ => "命令写法不对。".to_owned(),
    };
    let meant = match error.kind() {
        ErrorKind::InvalidSubcommand => of(ContextKind::SuggestedSubcommand),
        _ => of(ContextKind::SuggestedArg),
    };
    // Of several that are like it, the one that is most like it.
    let typed = match error.kind() {
        ErrorKind::InvalidSubcommand => of(ContextKind::InvalidSubcommand),
        _ => of(ContextKind::InvalidArg),
    };
    let meant = meant
        .split('、')
        .min_by_key(|meant| strsim::osa_distance(meant, &typed))
        .unwrap_or_default();
    let meant = if meant.is_empty() {
        String::new()
    } else {
        format!("您要写的是不是“{meant}”？\n")
    };
    format!("错误：{what}\n{meant}用法见 kaohe --help")
}

/// The library's help with Chinese colons after its headings.
pub(super) fn help(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix(':') {
        Some(heading) if !heading.is_ascii() => format!("{heading}\u{FF1A}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Said when an output was open and the new one stands beside it.
pub(super) fn beside(path: &Path, written: &Path) -> String {
    paragraph(&format!(
        "注意：“{}”正在别的程序中打开，没有动它；新的存为“{}”。",
        path.display(),
        written.file_name().unwrap_or_default().to_string_lossy()
    ))
}

/// The first of some lines that end each with a line break, and how many more there
/// are, with what is said of them.
pub(super) fn first(lines: &[String], most: usize, more: &str) -> String {
    let shown = lines.len().min(most);
    let mut text = lines[..shown].concat();
    match lines.len() - shown {
        0 => text.truncate(text.trim_end().len()),
        left => text.push_str(&format!("  ……另有 {left} {more}")),
    }
    text
}

/// Why a file or folder could not be written.
pub(super) fn not_written(path: &Path, error: &io::Error) -> Failure {
    let text = format!("错误：写不进“{}”：{}。", path.display(), io_word(error));
    Failure::new(paragraph(&text))
}

/// Why the system did not write something.
pub(super) fn io_word(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "没有写入的权限，或文件正在 WPS、Excel 中打开，请关闭后再运行".to_owned()
        }
        io::ErrorKind::ResourceBusy => {
            "文件正在 WPS、Excel 中打开，或刚才又保存过，没有动它；请保存、关闭后再运行".to_owned()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "磁盘已满，或超过了允许的大小；原来的文件没有动。请腾出空间后再运行".to_owned()
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "同名的文件占了文件夹的位置".to_owned()
        }
        io::ErrorKind::ReadOnlyFilesystem => "磁盘是只读的".to_owned(),
        _ => files::why(error),
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        not_read(&error.path, &error.source)
    }
}

/// Why a file could not be read.
pub(super) fn not_read(path: &Path, error: &io::Error) -> Failure {
    let (why, mend) = match error.kind() {
        io::ErrorKind::NotFound => (
            "工作区里没有它".to_owned(),
            "把它放回工作区；没有的话，用 kaohe init 另建一个工作区，从那里复制过来",
        ),
        _ => (files::why(error), files::mend(error)),
    };
    Failure::new(format!(
        "错误：读不出“{}”：{why}。\n改法：{mend}，再运行一次。",
        path.display()
    ))
}
