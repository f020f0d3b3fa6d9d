//! Examples among the rows of a form. The pack knows its own; an honest row does not
//! agree with all of one. Others are marked as what they are: 例：…, …（示例）.

use super::decode::decode;
use super::fields::RawRow;
use super::page::Context;
use super::shown::shown;
use crate::policy::{Field, Form, Kind};
use crate::sheet::Found;
use crate::value::{squeeze, squeezed};

/// Words for an example.
const WORDS: [&str; 9] = [
    "填写示例",
    "填报示例",
    "示例",
    "举例",
    "范例",
    "样例",
    "例子",
    "例如",
    "例",
];
/// Brackets, squeezed or as they stay.
const OPEN: &str = "([【〔〖<《";
const CLOSE: &str = ")]】〕〗>》";

/// What of a squeezed text comes after a word for an example, and its number.
fn after_word(text: &str) -> Option<(&str, &str)> {
    let word = WORDS.iter().find(|word| text.starts_with(**word))?;
    let rest = text.get(word.len()..)?;
    let number = |c: char| c.is_ascii_digit() || "一二三四五".contains(c);
    Some((word, rest.trim_start_matches(number)))
}

/// Whether a squeezed text says no more than that something is an example.
pub(super) fn is_mark(text: &str) -> bool {
    let bare = text.trim_start_matches(|c| OPEN.contains(c));
    let end = |c: char| CLOSE.contains(c) || matches!(c, ':' | '、' | '.');
    after_word(bare).is_some_and(|(_, rest)| rest.trim_end_matches(end).is_empty())
}

/// Whether a squeezed name is marked as an example: by itself, at its beginning, or
/// in brackets at its end. 例会 and 示例01村 are none.
pub(super) fn is_marked(text: &str) -> bool {
    if is_mark(text) {
        return true;
    }
    let is_open = |c: char| OPEN.contains(c);
    let inner = text.trim_end_matches(|c| CLOSE.contains(c));
    let in_brackets = |inner: &str| inner.rfind(is_open).is_some_and(|at| is_mark(&inner[at..]));
    if inner.len() < text.len() && in_brackets(inner) {
        return true;
    }
    match text.strip_prefix(is_open) {
        Some(text) => {
            after_word(text).is_some_and(|(_, rest)| rest.starts_with(|c| CLOSE.contains(c)))
        }
        None => after_word(text).is_some_and(|(word, rest)| {
            word == "例如" || rest.starts_with([':', ';', ',', '、', '.', '-', '—', '–', '·', '='])
        }),
    }
}

/// Whether a row is the form's own example: it says the same in every field, or
/// in those that tell one entry from another, but for one perhaps, where it names
/// somebody whom there is only in the example; or in half of these, where it is
/// marked as one. An honest entry may well agree with an example in some fields.
pub(super) fn is_example(raw: &RawRow, form: &Form, context: &Context<'_>, marked: bool) -> bool {
    let says = |field: &Field| {
        let cell = raw.cells.get(&field.id);
        cell.is_some_and(|cell| is_own(field, cell.found(), context))
    };
    let telling: Vec<&Field> = form.fields.values().filter(|f| tells_apart(f)).collect();
    let same: Vec<&&Field> = telling.iter().filter(|field| says(field)).collect();
    let enough = match telling.len() {
        0 => return false,
        all if marked => all.div_ceil(2),
        all if all > 2 => all - 1,
        all => all.max(2),
    };
    if same.len() < enough {
        return false;
    }
    let mut shown = form
        .fields
        .values()
        .filter(|field| !field.example.is_empty());
    marked || same.iter().any(|field| is_made_up(field, context)) || shown.all(says)
}

/// Whether a squeezed text of a column is the example of its field.
pub(super) fn is_text_of(field: &Field, text: &str) -> bool {
    tells_apart(field) && squeezed(&field.example) == text
}

/// Whether a field says which entry it is; choices and counts are alike in many.
fn tells_apart(field: &Field) -> bool {
    let kinds = [
        Kind::Text,
        Kind::Member,
        Kind::Village,
        Kind::Unit,
        Kind::Date,
        Kind::Money,
    ];
    field.required && !field.prefilled && !field.example.is_empty() && kinds.contains(&field.kind)
}

/// Whether a cell says what the example of its field does.
fn is_own(field: &Field, found: &Found, context: &Context<'_>) -> bool {
    if squeeze(&shown(found)) == squeeze(&field.example) {
        return true;
    }
    if !matches!(field.kind, Kind::Date | Kind::Money) {
        return false;
    }
    let example = Found::Text(field.example.as_str().into());
    let example = decode(field, &example, context);
    match (decode(field, found, context), example) {
        (Ok(one), Ok(other)) => one.value == other.value,
        _ => false,
    }
}

/// Whether the example of a field names somebody or something that there is not.
fn is_made_up(field: &Field, context: &Context<'_>) -> bool {
    let name = &field.example;
    let unknown = context.names.is_some_and(|names| match field.kind {
        Kind::Member => !names.member(name).is_known(),
        Kind::Village => !names.village(name).is_known(),
        Kind::Unit => !names.unit(name).is_known(),
        _ => false,
    });
    unknown || name.contains("XX")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::squeezed;

    #[test]
    fn names_that_are_marked_as_examples_and_names_that_are_not() {
        for yes in [
            "例",
            "示例",
            "（例）",
            "例1",
            "例：XX村茶叶基地",
            "示例：茶叶基地",
            "例如大桥茶叶基地",
            "（举例）茶叶基地",
            "【示例】茶叶基地",
            "张三（示例）",
            "张三(例)",
            "茶叶基地【样例】",
            "例一：张三",
            "示例1、张三",
            "例——张三",
            "张三（例1）",
            "填写示例",
        ] {
            assert!(is_marked(&squeezed(yes)), "{yes}");
        }
        for no in [
            "例会",
            "例行义诊",
            "示例01村",
            "示例01村茶叶基地",
            "惯例走访",
            "张三（例会）",
            "实例教学",
            "例家冲村",
            "举例说明会",
            "茶叶（示范）基地",
            "张三（甲）",
            "（二）茶叶基地",
            "",
        ] {
            assert!(!is_marked(&squeezed(no)), "{no}");
        }
    }
}
