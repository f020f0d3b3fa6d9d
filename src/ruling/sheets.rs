//! Which sheet of a workbook holds the rulings of a form, and what it means that a
//! header is missing: sheets are known by their headers, whatever they are called.

use super::belongs::{Belongs, RUN};
use super::forms::{ABOUT, DECISIONS, MATTERS, RulingForms};
use crate::diagnostic::{Code, Finding, Place};
use crate::form::{Located, locate, shown};
use crate::policy::{Field, Form};
use crate::sheet::{FoundSheet, FoundWorkbook};
use crate::template::STAMP_SHEET;
use crate::value::squeeze;

/// Header of the column in which the consolidated workbook says what stood in
/// a row when it was written. A row that still says the same was not touched.
pub const WRITTEN: &str = "生成时";

/// The names of the sheets on which rulings stand, and whose they are.
pub fn sheet_names() -> Vec<String> {
    let forms = RulingForms::new();
    let forms = forms.all().map(|form| form.sheet.clone());
    let others = [MATTERS, RUN, STAMP_SHEET].map(str::to_owned);
    forms.into_iter().chain(others).collect()
}

/// Whether the sheets of those names hold all there is to read of rulings. Where the
/// office gave a sheet another name, it stands among the others of the workbook.
pub fn hold_all(sheets: &FoundWorkbook) -> bool {
    let is_whole = |form: &Form| match sheet_of(sheets, form) {
        Holds::Sheet(_, located) => located.missing.is_empty(),
        Holds::Missing(..) => false,
    };
    RulingForms::new().all().into_iter().all(is_whole) && Belongs::read(sheets).round.is_some()
}

/// What holds the rows of a form.
pub(super) enum Holds<'w> {
    /// A sheet and where its headers are.
    Sheet(&'w FoundSheet, Located),
    /// No sheet; where its rows should stand, and the headers that are missing there.
    Missing(Option<&'w FoundSheet>, Vec<&'w str>),
}

/// What holds the rows of a form: any sheet that has all its headers, else the one of
/// its name that has those without which no row means anything.
pub(super) fn sheet_of<'w>(workbook: &'w FoundWorkbook, form: &'w Form) -> Holds<'w> {
    let is_own = |sheet: &FoundSheet| {
        let name = sheet.name.trim();
        name == form.sheet || (form.id == DECISIONS && name == MATTERS)
    };
    let mut sheets: Vec<&FoundSheet> = workbook.sheets.iter().collect();
    sheets.sort_by_key(|sheet| !is_own(sheet));
    let found = |sheet: &&'w FoundSheet| Some((*sheet, locate(sheet, form)?));
    let mut whole = sheets.iter().filter_map(found);
    if let Some((sheet, located)) = whole.find(|(_, located)| located.missing.is_empty()) {
        return Holds::Sheet(sheet, located);
    }
    let own = sheets.first().copied().filter(|sheet| is_own(sheet));
    let located = own.and_then(|own| found(&own));
    let is_missing = |id: &&str| match &located {
        Some((_, located)) => located.missing.iter().any(|one| one == id),
        None => true,
    };
    let headers = form.fields.values().filter(|f| is_missing(&f.id.as_str()));
    let (given, needed): (Vec<&Field>, Vec<&Field>) = headers.partition(|f| f.id == ABOUT);
    match located {
        Some((sheet, located)) if needed.is_empty() => Holds::Sheet(sheet, located),
        _ => Holds::Missing(
            own,
            needed.iter().chain(&given).map(|f| &*f.header).collect(),
        ),
    }
}

/// The column under the header [`WRITTEN`], if there is one.
pub(super) fn written_column(sheet: &FoundSheet, located: &Located) -> Option<u16> {
    let header = located.headers.values().next()?.row;
    let in_row = sheet.cells.iter().filter(|(cell, _)| cell.row == header);
    let mut named = in_row.filter(|(_, found)| squeeze(&shown(found)) == WRITTEN);
    named.next().map(|(cell, _)| cell.column)
}

/// Says that the rows of a form cannot be read for want of headers.
pub(super) fn unread(
    file: &str,
    form: &Form,
    sheet: Option<&FoundSheet>,
    headers: &[&str],
) -> Finding {
    let headers = format!("“{}”", headers.join("”“"));
    let (place, message, mend) = match sheet {
        Some(sheet) => (
            Place::file(file).on(&sheet.name),
            format!(
                "这张表里找不到表头{headers}，整张表的{}都读不出来",
                form.sheet
            ),
            format!("把表头改回{headers}，各占一格，在同一行。"),
        ),
        None => (
            Place::file(file),
            format!(
                "没有“{}”这张表（表头{headers}），它的内容读不出来",
                form.sheet
            ),
            format!(
                "把“{}”表放回来：从“备份”里较早的裁定.xlsx 或汇总工作簿里整张复制过来，表名、表头不要改；没有内容的也要留着。",
                form.sheet
            ),
        ),
    };
    Finding::new(Code::RulingUnusable, place, message).mend(mend)
}
