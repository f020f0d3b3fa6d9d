//! The pack's own example, written into the form as a row. The pack knows its
//! examples; an honest row does not agree with all of one.

use super::decode::decode;
use super::fields::RawRow;
use super::page::Context;
use super::shown::shown;
use crate::policy::{Field, Form, Kind};
use crate::sheet::Found;
use crate::value::{squeeze, squeezed};

/// What is written before an example in the place of its number.
const MARKS: [&str; 9] = [
    "例",
    "例:",
    "例如",
    "示例",
    "举例",
    "范例",
    "样例",
    "例子",
    "填写示例",
];

/// Whether a squeezed text marks a row as an example.
pub(super) fn is_mark(text: &str) -> bool {
    MARKS.contains(&text)
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
