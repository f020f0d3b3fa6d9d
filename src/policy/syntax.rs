//! What the TOML parser says, in the clerk's words.

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::log::line_of;

/// A mistake in the syntax of a file.
pub(super) struct SyntaxError {
    /// First byte.
    pub from: usize,
    /// Byte after the last.
    pub to: usize,
    /// What is wrong.
    pub message: String,
    /// Only this value is spoilt; the file around it can be read.
    pub is_local: bool,
}

/// The parser's English, what it means, and whether it spoils one value only.
const WORDS: &[(&str, &str, bool)] = &[
    (
        "string values must be quoted",
        "文字两边要加英文引号，数字不带单位和符号",
        true,
    ),
    (
        "invalid boolean",
        "这里要写 true 或 false，文字要加引号",
        true,
    ),
    (
        "unexpected leading zero",
        "数字前面不能多写0；编号要加引号",
        true,
    ),
    ("invalid fraction", "小数点后面缺少数字", true),
    ("invalid date", "没有这一天，或日期写法不对", true),
    ("invalid time", "时间写法不对", true),
    ("invalid float", "数字写法不对，文字要加引号", true),
    ("invalid integer", "数字写法不对，文字要加引号", true),
    ("duplicate key", "同一组里这个名称写了两次", true),
    ("unclosed array table", "表头少了右边的两个方括号 ]]", false),
    ("unclosed table", "表头少了右边的方括号 ]", false),
    ("unclosed array", "方括号没有成对，缺少 ]", false),
    ("unclosed inline table", "花括号没有成对，缺少 }", false),
    (
        "missing comma between array elements",
        "上一处之后缺少逗号，或前面的方括号没有用 ] 收尾",
        false,
    ),
    (
        "missing comma between key-value pairs",
        "花括号里各项之间要用英文逗号隔开",
        false,
    ),
    (
        "extra assignment between key-value pairs",
        "花括号里各项之间要用英文逗号隔开",
        false,
    ),
    ("extra comma", "多了一个逗号", false),
    ("unexpected `=` in array", "方括号里不能有等号", false),
    ("extra `=`", "多了一个等号", false),
    ("key with no value", "名称后面要有等号和内容", false),
    ("missing assignment", "名称后面要有等号和内容", false),
    ("missing value", "等号后面没有内容", false),
    (
        "invalid basic string",
        "引号没有成对，这一行少了右边的英文引号",
        true,
    ),
    (
        "invalid literal string",
        "引号没有成对，这一行少了右边的英文引号",
        true,
    ),
    ("invalid multi-line", "三个引号的文字没有收尾", false),
    ("missing escaped value", "引号里的反斜杠要写两个 \\\\", true),
    (
        "invalid unquoted key",
        "等号左边只能是英文字母、数字和下划线，也可能是用了中文的标点",
        false,
    ),
    (
        "unexpected key or value",
        "这一行到这里应当结束，后面的内容是多余的",
        false,
    ),
    (
        "cannot extend value",
        "这个名称前面已经用过，不能再加下级",
        false,
    ),
    ("invalid comment", "注释里有不能用的字符", false),
    (
        "missing opening quote",
        "引号没有成对，左边缺少英文引号",
        false,
    ),
    ("unquoted keys cannot be empty", "等号左边缺少名称", false),
    ("keys cannot be", "名称不能用三个引号", false),
    ("missing array opening", "方括号没有成对，缺少 [", false),
    ("missing table open", "表头的方括号没有成对，缺少 [", false),
    ("invalid key-value pair", "这一行要写成 名称 = 内容", false),
    ("recursion", "方括号或花括号套得太深", false),
];

/// A table's head that comes twice, or with one bracket and with two.
const HEAD_TWICE: &str =
    "这个表头前面已经有了；可以有好几个的，表头都要写两层方括号，如 [[metric]]。";

/// The errors of a file, in order, without those that only follow from an
/// earlier one: at most one a line, and none after a bracket that is not as
/// it should be.
pub(super) fn translate(errors: &[Error], text: &str, root: &DeTable<'_>) -> Vec<SyntaxError> {
    let mut read: Vec<(SyntaxError, Follow)> =
        errors.iter().map(|error| one(error, text)).collect();
    if let Some(open) = open_bracket(errors, text, root) {
        read.retain(|(error, _)| error.from < open.from);
        read.push((open, Follow::File));
    }
    read.sort_by_key(|(error, _)| (error.from, error.is_local));
    let mut kept: Vec<SyntaxError> = Vec::new();
    let mut reliable_from = 0;
    for (mut error, follow) in read {
        if error.from < reliable_from {
            continue;
        }
        error.is_local &= follow == Follow::Line;
        reliable_from = match follow {
            Follow::Line => 0,
            Follow::Table => next_head(text, error.to),
            Follow::File => text.len() + 1,
        };
        let is_same_line = kept
            .last()
            .is_some_and(|last| line_of(text, last.from) == line_of(text, error.from));
        match kept.last_mut() {
            Some(last) if is_same_line => last.is_local &= error.is_local,
            _ => kept.push(error),
        }
    }
    kept
}

/// Where the next table begins.
fn next_head(text: &str, after: usize) -> usize {
    text.get(after..)
        .and_then(|rest| rest.find("\n["))
        .map_or(text.len() + 1, |at| after + at)
}

fn one(error: &Error, text: &str) -> (SyntaxError, Follow) {
    let span = error.span().unwrap_or(text.len()..text.len());
    let english = error.message();
    let known = WORDS
        .iter()
        .find(|(start, _, _)| english.starts_with(start));
    let in_brackets = [
        "array elements",
        "inline table",
        "key-value pairs",
        "in array",
    ]
    .iter()
    .any(|word| english.contains(word));
    let is_second_head = english.starts_with("duplicate key")
        && text
            .get(..span.start)
            .is_some_and(|before| before.ends_with('['));
    let follow = if in_brackets || is_open(error) || english.contains("multi-line") {
        Follow::File
    } else if is_second_head {
        Follow::Table
    } else {
        Follow::Line
    };
    let error = SyntaxError {
        from: span.start,
        to: span.end,
        message: match known {
            _ if is_second_head => HEAD_TWICE.to_owned(),
            Some((_, chinese, _)) => format!("{chinese}。"),
            None => "这里的写法不对，请对照旁边正常的行。".to_owned(),
        },
        is_local: known.is_some_and(|(_, _, local)| *local),
    };
    (error, follow)
}

/// Whether a bracket of a value has no partner.
fn is_open(error: &Error) -> bool {
    ["unclosed array,", "unclosed inline table"]
        .iter()
        .any(|start| error.message().starts_with(start))
}

/// The outermost bracket that has no partner: everything from it on has been
/// taken for its content.
fn open_bracket(errors: &[Error], text: &str, root: &DeTable<'_>) -> Option<SyntaxError> {
    let end = errors.iter().find(|error| is_open(error))?.span()?.end;
    let from = root.values().find_map(|value| opening(value, end, text))?;
    Some(SyntaxError {
        from,
        to: from + 1,
        message: "这个括号没有成对，到文件末尾也没有收尾。".to_owned(),
        is_local: false,
    })
}

/// Where the value begins that goes on to a certain byte.
fn opening(value: &Spanned<DeValue<'_>>, end: usize, text: &str) -> Option<usize> {
    let span = value.span();
    let is_bracket = text
        .get(span.start..)
        .is_some_and(|rest| rest.starts_with(['[', '{']));
    if is_bracket && span.start < end && end <= span.end {
        return Some(span.start);
    }
    match value.get_ref() {
        DeValue::Array(items) => items.iter().find_map(|item| opening(item, end, text)),
        DeValue::Table(items) => items.values().find_map(|item| opening(item, end, text)),
        _ => None,
    }
}

/// How far an error makes what follows it unreliable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follow {
    /// To the end of its line.
    Line,
    /// To the next table; a head that comes twice hides the first.
    Table,
    /// To the end of the file.
    File,
}
