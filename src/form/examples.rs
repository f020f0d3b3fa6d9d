//! The pack's own example, written into the form as a row. The pack knows its
//! examples; an honest row does not agree with all of one.

use super::decode::decode;
use super::fields::RawRow;
use super::read::{Context, shown};
use crate::policy::{Field, Form, Kind};
use crate::sheet::Found;
use crate::value::{squeeze, squeezed};

/// What is written before an example in the place of its number.
const MARKS: [&str; 9] = [
    "例", "例:", "例如", "示例", "举例", "范例", "样例", "例子", "填写示例",
];

/// Whether a squeezed text marks a row as an example.
pub(super) fn is_mark(text: &str) -> bool {
    MARKS.contains(&text)
}

/// Whether a row is the form's own example: it says the same in all fields that
/// tell one entry from another; in all but one, where it names somebody whom
/// there is only in the example; in half of them, where it is marked so.
pub(super) fn is_example(raw: &RawRow, form: &Form, context: &Context<'_>, marked: bool) -> bool {
    let (mut all, mut same, mut made_up) = (0_usize, 0, false);
    for field in form.fields.values().filter(|field| tells_apart(field)) {
        all += 1;
        let cell = raw.cells.get(&field.id);
        if cell.is_some_and(|cell| is_own(field, &cell.found(), context)) {
            same += 1;
            made_up |= is_made_up(field, context);
        }
    }
    let enough = match (marked, made_up) {
        (true, _) => all.div_ceil(2),
        (false, true) if all > 2 => all - 1,
        (false, _) => all.max(2),
    };
    all > 0 && same >= enough
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
