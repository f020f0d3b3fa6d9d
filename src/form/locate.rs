//! Where a form's headers are on a sheet that came back. Found by what the
//! headers say, never by fixed coordinates: rows may have been inserted above
//! and columns moved.

use indexmap::IndexMap;

use crate::policy::{Field, Form, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::squeeze;

/// Headers are looked for in this many rows from the top.
const SEARCH_ROWS: u32 = 200;

/// Answers of a card are looked for this far to the right of their labels.
const ANSWER_COLUMNS: u16 = 8;

/// Where the headers of a form are.
#[derive(Debug, Clone)]
pub struct Located {
    /// Header cell of each field that was found, by field id.
    pub headers: IndexMap<String, Cell>,
    /// The cell to the right of each label of a card, by field id.
    pub answers: IndexMap<String, Cell>,
    /// The column of the running numbers of a table.
    pub number_column: Option<u16>,
    /// Fields whose header is missing, by id.
    pub missing: Vec<String>,
    /// Headers that say another unit of measure than the form.
    pub wrong_measures: Vec<(Cell, String)>,
    /// Other headers in the header row of a table.
    pub extra: Vec<(Cell, String)>,
    /// The header row of a table; the row of the first label of a card.
    pub header_row: u32,
}

impl Located {
    /// How well the headers fit a form, from 0 to 1000: twice the headers that
    /// agree, over those of the form and those on the sheet.
    pub fn fit(&self, form: &Form) -> usize {
        let found = self.headers.len();
        let all = form.fields.len() + found + self.extra.len();
        (2000 * found).checked_div(all).unwrap_or(0)
    }

    /// The field whose header stands in a column of a table.
    pub fn field_at(&self, column: u16) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (id, _) = headers.find(|(_, header)| header.column == column)?;
        Some(id)
    }

    /// Where a field of the entry in a row stands, or would stand.
    pub fn cell(&self, form: &Form, id: &str, row: u32) -> Option<Cell> {
        match form.shape {
            Shape::Table => Some(Cell::new(row, self.headers.get(id)?.column)),
            Shape::Card => self.answers.get(id).copied(),
        }
    }
}

/// Whether a text is the header of a field, in any of its spellings.
pub(super) fn is_header(field: &Field, text: &str) -> bool {
    let key = whole_key(text);
    spellings(field).contains(&key) || parted(&whole_key(&field.header)).0 == parted(&key).0
}

/// The keys of a field's header and of its aliases.
fn spellings(field: &Field) -> Vec<String> {
    let heading = field.heading();
    std::iter::once(&heading)
        .chain([&field.header])
        .chain(&field.aliases)
        .map(|name| whole_key(name))
        .collect()
}

/// A header without blanks and marks.
fn whole_key(text: &str) -> String {
    let squeezed = squeeze(text);
    let bare = squeezed.trim_matches('*').trim_end_matches(':');
    bare.trim_matches('*').to_lowercase()
}

/// A header parted from the unit of measure in brackets at its end.
fn parted(key: &str) -> (&str, &str) {
    match key.rfind('(') {
        Some(start) if key.ends_with(')') && start > 0 => {
            (&key[..start], &key[start + 1..key.len() - 1])
        }
        _ => (key, ""),
    }
}

/// Whether a header says another unit of measure than the field has: 万元
/// where the form counts in 元 would be wrong by ten thousand.
fn measured_otherwise(field: &Field, text: &str) -> bool {
    let key = whole_key(text);
    let (_, measure) = parted(&key);
    !measure.is_empty() && !field.measure.is_empty() && measure != squeeze(&field.measure)
}

/// Finds the headers of a form. `None` if fewer than half of them (for a
/// table, in one row) are there.
pub fn locate(sheet: &FoundSheet, form: &Form) -> Option<Located> {
    let texts: Vec<(Cell, String, &str)> = sheet
        .cells
        .iter()
        .take_while(|(cell, _)| cell.row < SEARCH_ROWS)
        .filter_map(|(cell, found)| match found {
            Found::Text(text) => Some((*cell, whole_key(text), text.as_str())),
            _ => None,
        })
        .collect();
    let candidates: Vec<Option<u32>> = match form.shape {
        Shape::Card => vec![None],
        Shape::Table => {
            let mut rows: Vec<u32> = texts.iter().map(|(cell, ..)| cell.row).collect();
            rows.dedup();
            rows.into_iter().map(Some).collect()
        }
    };
    let located: Vec<Located> = candidates
        .into_iter()
        .map(|row| {
            let here: Vec<_> = texts
                .iter()
                .filter(|(cell, ..)| row.is_none_or(|row| cell.row == row))
                .collect();
            match_headers(form, &here, row)
        })
        .collect();
    // The first row that is nearly as good as the best: the headers may stand
    // once more further down, and more of them there.
    let most = located.iter().map(|l| l.headers.len()).max()?;
    let best = located
        .into_iter()
        .find(|located| located.headers.len() * 10 >= most * 7);
    let mut best = best.filter(|best| best.headers.len() * 2 >= form.fields.len())?;
    if form.shape == Shape::Card {
        best.answers = answers(sheet, form, &best.headers);
    }
    Some(best)
}

fn match_headers(form: &Form, here: &[&(Cell, String, &str)], row: Option<u32>) -> Located {
    let mut headers: IndexMap<String, Cell> = IndexMap::new();
    let mut wrong_measures = Vec::new();
    // The whole header first, so that one that itself ends in brackets is told
    // from its neighbour; then without what stands in brackets.
    for whole in [true, false] {
        for field in form.fields.values() {
            if headers.contains_key(&field.id) {
                continue;
            }
            let keys = spellings(field);
            let same = |text: &str| {
                keys.iter().any(|key| match whole {
                    true => key == text,
                    false => parted(key).0 == parted(text).0,
                })
            };
            let free = |cell: &Cell| !headers.values().any(|taken| taken == cell);
            let hit = here.iter().find(|(cell, text, _)| free(cell) && same(text));
            if let Some((cell, _, text)) = hit {
                if measured_otherwise(field, text) {
                    wrong_measures.push((*cell, (*text).to_owned()));
                }
                headers.insert(field.id.clone(), *cell);
            }
        }
    }
    let missing = form
        .fields
        .keys()
        .filter(|id| !headers.contains_key(*id))
        .cloned()
        .collect();
    let number = here.iter().find(|(_, key, _)| key == "序号");
    let extra = here
        .iter()
        .filter(|(cell, key, _)| !headers.values().any(|c| c == cell) && key != "序号")
        .map(|(cell, _, text)| (*cell, (*text).to_owned()))
        .collect();
    let first = headers.values().map(|cell| cell.row).min();
    Located {
        answers: IndexMap::new(),
        number_column: number.map(|(cell, ..)| cell.column),
        missing,
        wrong_measures,
        extra: if row.is_some() { extra } else { Vec::new() },
        header_row: row.or(first).unwrap_or(0),
        headers,
    }
}

/// The cell in which each label of a card is answered. All answers stand in the
/// same column beside their labels: the first in which anything is filled that
/// is not the help that the office printed.
fn answers(
    sheet: &FoundSheet,
    form: &Form,
    headers: &IndexMap<String, Cell>,
) -> IndexMap<String, Cell> {
    let helps: Vec<String> = form.fields.values().map(|f| squeeze(&f.help)).collect();
    let filled = |cell: &Cell| match sheet.cells.get(cell) {
        Some(Found::Text(text)) => {
            let text = squeeze(text);
            !text.is_empty() && !helps.contains(&text)
        }
        Some(_) => true,
        None => sheet.formulas.contains(cell),
    };
    let beside = |label: &Cell, by: u16| {
        let cell = Cell::new(label.row, label.column.checked_add(by)?);
        (!headers.values().any(|other| *other == cell)).then_some(cell)
    };
    let any_at = |by: u16| {
        headers
            .values()
            .filter_map(|l| beside(l, by))
            .any(|c| filled(&c))
    };
    let by = (1..=ANSWER_COLUMNS).find(|by| any_at(*by)).unwrap_or(1);
    headers
        .iter()
        .filter_map(|(id, label)| Some((id.clone(), beside(label, by)?)))
        .collect()
}
