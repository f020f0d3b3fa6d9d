//! Why a file from outside is not read, in words for whoever sent it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Why a file could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OpenError {
    /// No bytes at all.
    #[error("文件是空的，里面没有任何内容")]
    Empty,
    /// Not a workbook, and nothing that is known.
    #[error(
        "认不出是什么文件，可能没有传完，也可能被单位的加密软件加了密；请在自己电脑上用 WPS 或 Excel 打开看看，确认打得开，解密后另存为 .xlsx 再交"
    )]
    NotWorkbook,
    /// Locked with a password.
    #[error("工作簿设了打开密码；请去掉密码，保存后再交")]
    Protected,
    /// Something else; with what it is and what to do.
    #[error("是{what}；{mend}")]
    Other {
        /// What it is.
        what: Cow<'static, str>,
        /// What to do.
        mend: Cow<'static, str>,
    },
    /// More than the program takes; with what there is too much of, and where.
    #[error("工作簿太大（{0}）；请删去无关的工作表、图片和内容，另存一份再交")]
    TooLarge(String),
    /// Reading it came to no end; with what happened.
    #[error(
        "内容异常，{0}，已跳过这个文件，其他文件不受影响；请用 WPS 或 Excel 打开检查，另存一份再交"
    )]
    Stopped(String),
    /// Damaged; with what is wrong.
    #[error(
        "文件已损坏，无法打开（{0}）；请重新复制或重新发一次；还是这样的，用 WPS 或 Excel 打开检查，另存一份再交"
    )]
    Damaged(String),
    /// Something in it can be read in two ways; with what.
    #[error(
        "文件里有内容可以有两种读法，不同的软件会显示成不同的样子，所以没有读取（{0}）；请用 WPS 或 Excel 打开，核对这一处，另存为新的 .xlsx 再交"
    )]
    TwoWays(String),
    /// Written in a way that this program does not know, though others may; with
    /// what it is.
    #[error(
        "文件不一定损坏，但里面有程序读不了的写法（{0}）；请用 WPS 或 Excel 打开，另存为新的 .xlsx 再交"
    )]
    Unknown(String),
}

impl OpenError {
    /// Why one of the office's own files cannot be opened: what is advised besides is
    /// meant for a unit that has sent one.
    pub fn of_own(&self) -> String {
        match self {
            OpenError::Stopped(what) => format!("内容异常，{what}"),
            other => {
                let text = other.to_string();
                let what = text.split('\u{FF1B}').next().unwrap_or_default();
                what.to_owned()
            }
        }
    }
}

/// The beginning of a name out of a file, as long as a message can bear.
pub(super) fn short_name(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(40) {
        Some((at, _)) => Cow::Owned(format!("{}…", &name[..at])),
        None => Cow::Borrowed(name),
    }
}

/// A damaged file, with what is known of it.
pub(super) fn damaged(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Damaged(detail.to_string())
}

/// A file of which something can be read in two ways.
pub(super) fn two_ways(detail: impl std::fmt::Display) -> OpenError {
    OpenError::TwoWays(detail.to_string())
}

/// A file that is written in a way that is not known here.
pub(super) fn unknown(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Unknown(detail.to_string())
}
