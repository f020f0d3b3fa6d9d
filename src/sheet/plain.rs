//! Cells of an .xlsx that are written as nearly all programs write them: in
//! plain numbers and nothing else. Of these there is nothing to be afraid of,
//! and they are nearly all of a sheet, so that only what is left without them
//! has to be looked over tag by tag.

use memchr::{memchr, memmem, memrchr};

/// How a plain cell begins.
const BEGIN: &[u8] = b"<c r=\"";
/// Letters of the longest name that a cell has.
const LONGEST_NAME: usize = 10;
/// Digits of numbers of texts and styles.
const MOST_DIGITS: usize = 9;

/// A part without its plain cells.
#[derive(Debug)]
pub(super) struct Rest {
    /// What is left.
    pub bytes: Vec<u8>,
    /// How many tags the plain cells had.
    pub tags: u64,
}

/// The rest of a part; none if it has no such cells.
pub(super) fn rest(part: &[u8]) -> Option<Rest> {
    let begin = memmem::Finder::new(BEGIN);
    begin.find(part)?;
    let mut rest = Rest {
        bytes: Vec::new(),
        tags: 0,
    };
    let (mut at, mut copied) = (0, 0);
    let mut row = None;
    while let Some(found) = begin.find(&part[at..]) {
        let start = at + found;
        let mut end = start;
        // A cell that says another row than it stands in is none of these.
        if let Some(begun) = memmem::rfind(&part[at..start], b"<row ") {
            row = number_of_row(&part[at + begun..start]);
        }
        if follows_row_or_cell(&part[..start]) {
            while let Some((length, tags)) = cell(&part[end..], row) {
                end += length;
                rest.tags += tags;
            }
        }
        if end > start {
            rest.bytes.extend(&part[copied..start]);
            copied = end;
            at = end;
        } else {
            at = start + BEGIN.len();
        }
    }
    rest.bytes.extend(&part[copied..]);
    Some(rest)
}

/// The number that a row says that it has.
fn number_of_row(tag: &[u8]) -> Option<&[u8]> {
    let tag = &tag[..memchr(b'>', tag)?];
    let number = &tag[memmem::find(tag, b" r=\"")? + 4..];
    number.split(|byte| *byte == b'"').next()
}

/// Whether a part ends with the beginning of a row, or the end of a cell, so that
/// what follows stands in no value.
fn follows_row_or_cell(before: &[u8]) -> bool {
    let last = memrchr(b'<', before).map_or(before, |open| &before[open..]);
    last == b"</c>"
        || (last.starts_with(b"<row ") && last.ends_with(b">") && !last.ends_with(b"/>"))
}

/// Length of the plain cell at the beginning of a text, in a row with a number, and
/// how many tags it has.
fn cell(text: &[u8], row: Option<&[u8]>) -> Option<(usize, u64)> {
    let rest = text.strip_prefix(BEGIN)?;
    let name = rest;
    let number = some(rest, u8::is_ascii_uppercase)?;
    let rest = some(number, u8::is_ascii_digit)?;
    if name.len() - rest.len() > LONGEST_NAME {
        return None;
    }
    if row.is_some_and(|row| number[..number.len() - rest.len()] != *row) {
        return None;
    }
    let rest = rest.strip_prefix(b"\"")?;
    let rest = match rest.strip_prefix(b" s=\"") {
        Some(style) => index_of(style)?.strip_prefix(b"\"")?,
        None => rest,
    };
    let index = rest.strip_prefix(b" t=\"s\"");
    let rest = index
        .or_else(|| rest.strip_prefix(b" t=\"n\""))
        .unwrap_or(rest);
    if let Some(rest) = rest.strip_prefix(b"/>") {
        return Some((text.len() - rest.len(), 1));
    }
    let value = rest.strip_prefix(b"><v>")?;
    let rest = match index {
        Some(_) => index_of(value)?,
        None => some(value, is_of_number)?,
    };
    let rest = rest.strip_prefix(b"</v></c>")?;
    Some((text.len() - rest.len(), 4))
}

/// What follows the number of a text or style that is not beyond all of them.
fn index_of(text: &[u8]) -> Option<&[u8]> {
    let rest = some(text, u8::is_ascii_digit)?;
    (text.len() - rest.len() <= MOST_DIGITS).then_some(rest)
}

fn is_of_number(byte: &u8) -> bool {
    byte.is_ascii_digit() || b".-+eE".contains(byte)
}

/// What follows some bytes of a kind.
fn some(text: &[u8], is_wanted: impl Fn(&u8) -> bool) -> Option<&[u8]> {
    let length = text.iter().take_while(|byte| is_wanted(byte)).count();
    (length > 0).then(|| &text[length..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(part: &str) -> Option<(String, u64)> {
        let rest = rest(part.as_bytes())?;
        Some((String::from_utf8_lossy(&rest.bytes).into_owned(), rest.tags))
    }

    #[test]
    fn plain_cells_are_left_out() {
        let row = r#"<row r="1"><c r="A1" s="1"/><c r="B1" s="2" t="s"><v>12</v></c><c r="C1"><v>-1.5E+3</v></c></row>"#;
        assert_eq!(left(row), Some((r#"<row r="1"></row>"#.to_owned(), 9)));
        let other = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1"/></row>"#;
        let rest = r#"<row r="1"><c r="A1" t="str"><v>a</v></c></row>"#;
        assert_eq!(left(other), Some((rest.to_owned(), 1)));
        assert_eq!(left("<row><c><v>1</v></c></row>"), None);
    }

    #[test]
    fn anything_else_is_left_as_it_is() {
        for part in [
            r#"<row r="1"><c r="A1" t="s"><v> 1</v></c></row>"#,
            r#"<row r="1"><c r="A1" t="s"><v>1.5</v></c></row>"#,
            r#"<row r="1"><c r="A1"><v></v></c></row>"#,
            r#"<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>"#,
            r#"<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>"#,
            r#"<row r="1"><c r="1"/><c r="A"/><c r="$A1"/></row>"#,
            r#"<row r="1"><c r="A1" s=""/></row>"#,
            r#"<row r="1"> <c r="A1"/></row>"#,
            r#"<v><c r="A1"/>5</v>"#,
            r#"<row r="1"/><c r="A1"/>"#,
            r#"<c r="A1"><v><c r="A1"><v>1</v></c>"#,
            r#"<row r="1"><c r="A2"><v>1</v></c></row>"#,
        ] {
            assert_eq!(left(part), Some((part.to_owned(), 0)), "{part}");
        }
    }
}
