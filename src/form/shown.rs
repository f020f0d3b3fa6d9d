//! What a cell holds, as a text that a person would say.

use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::is_blank;

/// What stands for the result of a formula whose result the file does not hold.
pub(super) const NO_RESULT: &str = "（公式，文件里没有存结果）";

/// What a cell holds, if it is not empty. A formula whose result the file
/// does not hold is an error cell, never an empty one.
pub(super) fn found(sheet: &FoundSheet, cell: Cell) -> Option<Found> {
    match sheet.cells.get(&cell) {
        Some(Found::Text(text)) if is_blank(text) => None,
        Some(found) => Some(found.clone()),
        None if sheet.formulas.contains(&cell) => Some(Found::Error(NO_RESULT.into())),
        None => None,
    }
}

/// A cell's content as a person would quote it.
pub fn shown(found: &Found) -> String {
    match found {
        Found::Text(text) | Found::Error(text) => text.to_string(),
        Found::Number(number) => number.normalize().to_string(),
        Found::Date(date, _) => date.to_string(),
        Found::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
    }
}

/// A cell's content for a finding, no longer than a person would read.
pub(crate) fn quoted(found: &Found) -> String {
    const MOST: usize = 100;
    let text = shown(found);
    let length = text.chars().count();
    if length <= MOST {
        return text;
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start}……（共{length}字）")
}

/// A cell's content as it is taken for a text.
pub(super) fn as_text(found: &Found) -> String {
    match found {
        Found::Text(text) | Found::Error(text) => text.to_string(),
        Found::Number(number) => number.normalize().to_string(),
        Found::Date(date, _) => date.to_string(),
        Found::Bool(true) => "是".to_owned(),
        Found::Bool(false) => "否".to_owned(),
    }
}

/// Whether a text is how Excel or LibreOffice (`Err:502`) shows an error.
pub(super) fn is_error_text(text: &str) -> bool {
    let text = text.trim();
    let of_calc = |number: &str| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit());
    ERRORS.contains(&text) || text.strip_prefix("Err:").is_some_and(of_calc)
}

/// How spreadsheets show an error.
const ERRORS: [&str; 9] = [
    "#REF!",
    "#VALUE!",
    "#N/A",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
    "#SPILL!",
];
