//! Cells and areas by their names.

use super::value::position;
use crate::sheet::Area;

/// Rows of a sheet.
const ROWS: u32 = 1_048_576;
/// Columns of a sheet.
const COLUMNS: u32 = 16_384;

/// An area in any spelling: whole columns and rows, too, from any corner.
pub(super) fn area(text: &str) -> Option<Area> {
    let text = text.trim().replace('$', "").to_ascii_uppercase();
    let Some((first, last)) = text.split_once(':') else {
        let cell = position(plain_cell(&text)?)?;
        return Some(Area::new(cell, cell));
    };
    let one = |text: &str, row: u32, column: u32| {
        let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
        match text.split_at(letters) {
            ("", "") => None,
            ("", _) => Some((plain_cell(&format!("A{text}"))?.0, column)),
            (_, "") => Some((row, plain_cell(&format!("{text}1"))?.1)),
            _ => plain_cell(text),
        }
    };
    let (a, b) = (one(first, 0, 0)?, one(last, ROWS - 1, COLUMNS - 1)?);
    Some(Area::new(
        position((a.0.min(b.0), a.1.min(b.1)))?,
        position((a.0.max(b.0), a.1.max(b.1)))?,
    ))
}

/// An area as `A1:B2`, in capital letters and from its upper left to its lower
/// right, or one cell.
pub(super) fn plain_area(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (start, end) = (plain_cell(first)?, plain_cell(last)?);
    (start.0 <= end.0 && start.1 <= end.1).then_some((start, end))
}

/// Row and column, from 0, of a cell as `B2`.
pub(super) fn plain_cell(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (name, number) = text.split_at(letters);
    if !(1..=3).contains(&letters) || !(1..=7).contains(&number.len()) {
        return None;
    }
    if number.starts_with('0') || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let column = name.bytes().fold(0, |column, letter| {
        column * 26 + u32::from(letter - b'A') + 1
    });
    Some((
        number.parse::<u32>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_in_the_usual_spelling_and_no_others() {
        let area = |text: &str| plain_area(text);
        assert_eq!(area("A1:B3"), Some(((0, 0), (2, 1))));
        assert_eq!(area("AA10"), Some(((9, 26), (9, 26))));
        for odd in [
            "",
            ":",
            "A",
            "1",
            "A0",
            "A01",
            "a1",
            "$A$1",
            "B1:A2",
            "A2:A1",
            "A1:B2:C3",
            "A1 ",
            "AAAA1",
            "A12345678",
        ] {
            assert_eq!(area(odd), None, "{odd}");
        }
    }
}
