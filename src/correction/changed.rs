//! Whether the unit has changed what is at fault, as a formula: a cell, a row, or the
//! answers that a row lacks. A row that was emptied was changed.

use jiff::civil::Date;

use super::again::{Again, At};
use super::marks::Point;
use crate::diagnostic::{Code, Severity};
use crate::policy::Kind;
use crate::sheet::{Content, quoted};

/// Nothing was changed.
pub(super) const SAME: &str = "未改";
/// Something was.
pub(super) const CHANGED: &str = "已改";
/// Longest text that stands in a formula, in characters; Excel takes 255.
const LONGEST: usize = 200;

/// The formula for a finding, if there is anything to watch. `before` tells what
/// stands in a cell that may be changed.
pub(super) fn formula(
    point: &Point<'_>,
    again: &Again<'_>,
    before: &dyn Fn(&At) -> Option<Content>,
) -> Option<String> {
    let finding = point.finding;
    // Nothing is to be done about a note, merged cells are parted already, and no
    // formula sees whether a comment is still there.
    let nothing = [Code::MergedFilled, Code::Attached].contains(&finding.code)
        || finding.severity() == Severity::Note
        || point.is_header;
    let at = point.cell.as_ref().filter(|_| !nothing)?;
    before(at)?;
    if matches!(finding.code, Code::RowUntouched | Code::NotAnswered) {
        let asked = again.row_of(at, |field| field.required && field.kind == Kind::YesNo);
        let asked = if asked.is_empty() {
            vec![at.clone()]
        } else {
            asked
        };
        let filled: Vec<String> = asked
            .iter()
            .map(|at| format!("{}<>\"\"", name(at)))
            .collect();
        return Some(format!(
            "IF(AND({}),\"{CHANGED}\",\"{SAME}\")",
            filled.join(",")
        ));
    }
    let row = again.row_of(at, |_| true);
    // What is said of a whole row names no column.
    let watched = match finding.place.header {
        None if !row.is_empty() => row.clone(),
        _ => vec![at.clone()],
    };
    let same = watched.iter().filter_map(|at| same(at, &before(at)?));
    let same: Vec<String> = same.collect();
    if same.is_empty() {
        return None;
    }
    let plain = format!("IF(AND({}),\"{SAME}\",\"{CHANGED}\")", same.join(","));
    let is_filled = |at: &&At| before(at).is_some_and(|content| content != Content::Blank);
    let filled: Vec<String> = row.iter().filter(is_filled).map(name).collect();
    Some(match filled.is_empty() {
        true => plain,
        false => format!("IF(COUNTA({})=0,\"{CHANGED}\",{plain})", filled.join(",")),
    })
}

fn name((sheet, cell): &At) -> String {
    format!("{}!{}", quoted(sheet), cell.name())
}

/// Whether a cell still says what it said, and in the same way: a text that was typed
/// again as a number was changed.
fn same(at: &At, before: &Content) -> Option<String> {
    let at = name(at);
    let number = |is: String| format!("IF(ISNUMBER({at}),{at}={is},FALSE)");
    Some(match before {
        Content::Blank => format!("ISBLANK({at})"),
        Content::Number(value) => number(value.normalize().to_string()),
        Content::Date(date) => number(serial(*date)?.to_string()),
        Content::Text(text) => {
            let fits = text.chars().count() <= LONGEST && !text.contains(char::is_control);
            fits.then_some(())?;
            let text = text.replace('"', "\"\"");
            format!("IF(ISTEXT({at}),EXACT({at},\"{text}\"),FALSE)")
        }
        Content::Formula { .. } | Content::Link { .. } => return None,
    })
}

/// The number of a day; Excel counts a 29th of February 1900 that never was.
fn serial(date: Date) -> Option<i32> {
    let days = Date::constant(1899, 12, 30).until(date).ok()?.get_days();
    Some(if days > 60 { days } else { days - 1 })
}
