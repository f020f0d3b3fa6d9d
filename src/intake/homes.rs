//! Which sheet holds which form, by its name and by its headers: sheets may
//! have been renamed, moved, hidden or copied.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::form::{
    Context, FormReading, LISTS_SHEET, Located, ReadRow, Texts, locate_among, read_form,
};
use crate::policy::{Form, Policy};
use crate::sheet::{FoundSheet, FoundWorkbook};
use crate::template::{GUIDE_SHEET, LEFTOVER_SHEET, OPINION_SHEET, STAMP_SHEET};
use crate::value::squeeze;

/// A sheet under its own name holds the form if its headers fit so well, from
/// 0 to 1000.
const FIT_BY_NAME: usize = 450;
/// A sheet under another name must show nearly all headers.
const FIT_BY_HEADERS: usize = 750;
/// The fit of a form all of whose headers are there.
const WHOLE: usize = 1_000;
/// What a form's own name is worth beside its headers.
const NAME: usize = 200;
/// Sheets that the office writes and nobody fills in.
const OFFICES: [&str; 5] = [
    GUIDE_SHEET,
    STAMP_SHEET,
    LISTS_SHEET,
    OPINION_SHEET,
    LEFTOVER_SHEET,
];
/// WPS keeps pictures in cells on sheets of its own.
const WPS_SHEETS: &str = "WpsReserved";

/// Sheets of a workbook that show the headers of a form, the one that bears
/// its name first, then in their order.
#[derive(Debug)]
pub(super) struct Home<'a> {
    /// The form.
    pub form: &'a Form,
    /// The sheets, each with where the headers are.
    pub sheets: Vec<(&'a FoundSheet, Located)>,
}

/// Whether a sheet is one of the office's own, which nobody fills in.
pub(super) fn is_offices(sheet: &FoundSheet) -> bool {
    let name = sheet.name.trim();
    OFFICES.contains(&name) || name.starts_with(WPS_SHEETS)
}

/// The forms that a workbook holds. `named` are the sheets' names by form id as
/// the stamp gives them.
pub(super) fn homes<'a>(
    workbook: &'a FoundWorkbook,
    named: &IndexMap<String, String>,
    policy: &'a Policy,
) -> Vec<Home<'a>> {
    let mut homes: Vec<Home<'a>> = Vec::new();
    for sheet in workbook.sheets.iter().filter(|sheet| !is_offices(sheet)) {
        let texts = Texts::of(sheet);
        let name = squeeze(&sheet.name);
        let bears_name = |form: &Form| {
            let own = named.get(&form.id).unwrap_or(&form.sheet);
            [own, &form.sheet].iter().any(|one| squeeze(one) == name)
        };
        let worth = |form: &'a Form| {
            let located = locate_among(&texts, form)?;
            let by_name = bears_name(form);
            let fit = located.fit(form);
            let least = if by_name { FIT_BY_NAME } else { FIT_BY_HEADERS };
            let worth = fit + if by_name { NAME } else { 0 };
            (fit >= least).then_some((worth, by_name, form, located))
        };
        // None can be worth more than a form that bears its name and has all its
        // headers; nearly every sheet holds one.
        let whole = || {
            let found = worth(policy.intake_forms().find(|form| bears_name(form))?)?;
            (found.0 >= WHOLE + NAME).then_some(found)
        };
        let of_all = || {
            let all = policy.intake_forms().filter_map(worth);
            all.reduce(|best, other| if other.0 > best.0 { other } else { best })
        };
        let best = whole().or_else(of_all);
        let Some((_, by_name, form, located)) = best else {
            continue;
        };
        let home = match homes.iter_mut().position(|home| home.form.id == form.id) {
            Some(index) => &mut homes[index],
            None => {
                homes.push(Home {
                    form,
                    sheets: Vec::new(),
                });
                let last = homes.len() - 1;
                &mut homes[last]
            }
        };
        if by_name {
            home.sheets.insert(0, (sheet, located));
        } else {
            home.sheets.push((sheet, located));
        }
    }
    homes.sort_by_key(|home| policy.forms.get_index_of(&home.form.id));
    homes
}

/// A form as it was read from one of its sheets.
pub(super) struct Read<'a> {
    /// The sheet.
    pub sheet: &'a FoundSheet,
    /// Where its headers are.
    pub located: Located,
    /// What stands on it.
    pub reading: FormReading,
}

impl<'a> Home<'a> {
    /// Reads the form from each of its sheets. The first is the one that counts:
    /// the one that bears its name, or, where that is empty, the fullest copy.
    pub fn read(self, printed: &BTreeSet<String>, context: Context<'_>) -> Vec<Read<'a>> {
        let form = self.form;
        let mut read: Vec<Read<'a>> = self
            .sheets
            .into_iter()
            .map(|(sheet, located)| {
                let context = Context {
                    days_of_1904: sheet.days_of_1904,
                    ..context
                };
                let reading = read_form(sheet, form, &located, printed, context);
                Read {
                    sheet,
                    located,
                    reading,
                }
            })
            .collect();
        let filled = |read: &Read<'_>| read.reading.rows.iter().map(typed_cells).sum::<usize>();
        if let Some(first) = read.first()
            && filled(first) == 0
            && let Some(fullest) = (0..read.len()).rev().max_by_key(|i| filled(&read[*i]))
            && filled(&read[fullest]) > 0
        {
            let fullest = read.remove(fullest);
            read.insert(0, fullest);
        }
        read
    }
}

fn typed_cells(row: &ReadRow) -> usize {
    row.raw.cells.len()
}
