//! Ids, names and texts: how they are written and how long Excel lets them be.

use crate::diagnostic::Code;
use crate::policy::log::{Log, Text};
use crate::value::{reads_as_pattern, reads_as_value};

/// Most that a header, title, name, choice or prompt may have.
pub(super) const MOST: usize = 255;

/// Most that a sheet's name may have.
const MOST_SHEET: usize = 31;

/// Length as Excel counts it.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Checks an id: ASCII lower case letters, digits, underscore.
pub(super) fn id(log: &mut Log<'_>, id: &Text, what: &str) {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if id.is_empty() || !id.chars().all(is_part) {
        name_fault(
            log,
            id,
            &format!("{what}代号“{}”只能用英文小写字母、数字和下划线。", id.value),
        );
    }
    short(log, id, what);
}

/// Checks the id of a clause: digits with dots between them.
pub(super) fn clause_id(log: &mut Log<'_>, id: &Text) {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !id.split('.').all(is_number) {
        name_fault(
            log,
            id,
            &format!("条款号“{}”只能是数字，用点隔开，如 4.2。", id.value),
        );
    }
    short(log, id, "条款号");
}

/// Checks a name or title: something, in one line, not too long.
pub(super) fn line(log: &mut Log<'_>, text: &Text, what: &str) {
    if text.trim().is_empty() {
        name_fault(log, text, &format!("{what}不能空着。"));
    } else if text.chars().any(char::is_control) {
        name_fault(log, text, &format!("{what}里不能换行，也不能有控制字符。"));
    }
    short(log, text, what);
}

/// Checks the length of a text.
pub(super) fn short(log: &mut Log<'_>, text: &Text, what: &str) {
    limit(log, text, length(text), MOST, what);
}

/// Notes a length over the limit.
pub(super) fn limit(log: &mut Log<'_>, text: &Text, length: usize, most: usize, what: &str) {
    if length > most {
        log.add(
            Code::PackTooLong,
            text.at,
            format!("{what}有{length}个字，Excel 最多容{most}个字。"),
        );
    }
}

/// Checks a name that stands in the criteria of COUNTIFS and SUMIFS, where
/// wildcards and leading comparisons would be misread, and so would be what looks
/// like a number or a day.
pub(super) fn criterion(log: &mut Log<'_>, text: &Text, what: &str) -> bool {
    line(log, text, what);
    let is_misread = reads_as_pattern(text);
    let is_value = reads_as_value(text);
    if is_value {
        log.add(
            Code::PackValue,
            text.at,
            format!(
                "{what}“{}”会被 Excel 当成数字或日期，统计时会误认；换成带文字的写法，例如“第{}项”。",
                text.value, text.value
            ),
        );
    }
    if is_misread {
        log.add(
            Code::PackValue,
            text.at,
            format!(
                "{what}“{}”里不能有 * ? ~，也不能用 = < > 开头，Excel 统计时会误认。",
                text.value
            ),
        );
    }
    !is_misread && !is_value && !text.trim().is_empty()
}

/// Checks the name of a sheet.
pub(super) fn sheet(log: &mut Log<'_>, name: &Text) {
    line(log, name, "表名");
    limit(log, name, length(name), MOST_SHEET, "表名");
    let is_wrong = name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        || name.starts_with('\'')
        || name.ends_with('\'');
    if is_wrong {
        name_fault(
            log,
            name,
            &format!(
                "表名“{}”不能有 [ ] : * ? / \\，首尾不能有单引号。",
                name.value
            ),
        );
    }
    if name.eq_ignore_ascii_case("history") {
        name_fault(log, name, "表名不能用 History,Excel 留作自用。");
    }
}

/// The text without blanks and in lower case, for comparing headers.
pub(super) fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn name_fault(log: &mut Log<'_>, text: &Text, message: &str) {
    log.add(Code::PackName, text.at, message);
}
