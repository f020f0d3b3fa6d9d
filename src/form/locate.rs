//! Where a form's headers are on a sheet that came back. Found by what the
//! headers say, never by fixed coordinates: rows may have been inserted above
//! and columns moved.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::policy::{Field, Form, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::{squeeze, squeezed};

/// Headers are looked for in this many rows from the top.
const SEARCH_ROWS: u32 = 200;

/// The header of the running numbers.
const NUMBER: &str = "序号";
/// Units of measure besides those of money; other words in brackets are remarks.
const MEASURES: [&str; 14] = [
    "万", "人", "户", "个", "村", "亩", "公里", "米", "次", "天", "万人", "千人", "百人", "%",
];
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

/// The header of a field, to be known again in any of its spellings.
pub(super) struct Header {
    spellings: Vec<String>,
    key: String,
}

impl Header {
    /// The header of a field.
    pub fn of(field: &Field) -> Self {
        Header {
            spellings: spellings(field),
            key: whole_key(&field.header),
        }
    }

    /// Whether a text is this header.
    pub fn is(&self, text: &str) -> bool {
        let key = whole_key(text);
        self.spellings.contains(&key) || parted(&self.key).0 == parted(&key).0
    }
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
    let squeezed = squeezed(text);
    let bare = squeezed.trim_matches('*').trim_end_matches(':');
    let bare = bare.trim_matches('*');
    // Chinese characters have no small letters.
    let is_plain = |c: char| c.is_ascii() || ('\u{4E00}'..='\u{9FFF}').contains(&c);
    match bare.chars().all(is_plain) {
        true => bare.to_ascii_lowercase(),
        false => bare.to_lowercase(),
    }
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

/// The unit of measure that a header says in brackets at its end.
pub fn measure(header: &str) -> String {
    parted(&whole_key(header)).1.to_owned()
}

/// Whether a header says another unit of measure than the field has: 万元
/// where the form counts in 元 would be wrong by ten thousand.
fn measured_otherwise(field: &Field, text: &str) -> bool {
    let key = whole_key(text);
    let (_, measure) = parted(&key);
    let known = measure.ends_with('元') || MEASURES.contains(&measure);
    known && !field.measure.is_empty() && measure != squeeze(&field.measure)
}

/// The texts of a sheet among which headers are looked for, each with its key.
/// Made once for a sheet, whichever forms are looked for on it.
#[derive(Debug)]
pub struct Texts<'a> {
    sheet: &'a FoundSheet,
    all: Vec<Text<'a>>,
}

/// A text with its cell.
#[derive(Debug)]
struct Text<'a> {
    cell: Cell,
    key: String,
    text: &'a str,
}

impl<'a> Texts<'a> {
    /// The texts in the first rows of a sheet.
    pub fn of(sheet: &'a FoundSheet) -> Self {
        let all = sheet
            .cells
            .iter()
            .take_while(|(cell, _)| cell.row < SEARCH_ROWS)
            .filter_map(|(cell, found)| match found {
                Found::Text(text) => Some(Text {
                    cell: *cell,
                    key: whole_key(text),
                    text,
                }),
                _ => None,
            })
            .collect();
        Texts { sheet, all }
    }
}

/// A field with the keys of its header and aliases.
type Keyed<'a> = (&'a Field, Vec<String>);

/// Finds the headers of a form on a sheet, see [`locate_among`].
pub fn locate(sheet: &FoundSheet, form: &Form) -> Option<Located> {
    locate_among(&Texts::of(sheet), form)
}

/// Finds the headers of a form. `None` if fewer than half of them (for a
/// table, in one row) are there.
pub fn locate_among(texts: &Texts<'_>, form: &Form) -> Option<Located> {
    let fields: Vec<Keyed<'_>> = form.fields.values().map(|f| (f, spellings(f))).collect();
    let known: HashSet<&str> = fields
        .iter()
        .flat_map(|(_, keys)| keys.iter().map(|key| parted(key).0))
        .collect();
    let like_a_header = |text: &&Text<'_>| known.contains(parted(&text.key).0);
    let candidates: Vec<Option<u32>> = match form.shape {
        Shape::Card => vec![None],
        Shape::Table => {
            let alike = texts.all.iter().filter(like_a_header);
            let mut rows: Vec<u32> = alike.map(|text| text.cell.row).collect();
            rows.dedup();
            rows.into_iter().map(Some).collect()
        }
    };
    let located: Vec<Located> = candidates
        .into_iter()
        .map(|row| {
            let here = texts.all.iter();
            let here: Vec<&Text<'_>> = here
                .filter(|text| row.is_none_or(|row| text.cell.row == row))
                .collect();
            match_headers(&fields, &here, row)
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
        best.answers = answers(texts.sheet, form, &best.headers);
    }
    Some(best)
}

fn match_headers(fields: &[Keyed<'_>], here: &[&Text<'_>], row: Option<u32>) -> Located {
    let mut headers: IndexMap<String, Cell> = IndexMap::new();
    let mut wrong_measures = Vec::new();
    // The whole header first, so that one that itself ends in brackets is told
    // from its neighbour; then without what stands in brackets.
    for whole in [true, false] {
        for (field, keys) in fields {
            if headers.contains_key(&field.id) {
                continue;
            }
            let same = |text: &str| {
                keys.iter().any(|key| match whole {
                    true => key == text,
                    false => parted(key).0 == parted(text).0,
                })
            };
            let free = |cell: &Cell| !headers.values().any(|taken| taken == cell);
            let mut texts = here.iter();
            if let Some(hit) = texts.find(|text| free(&text.cell) && same(&text.key)) {
                if measured_otherwise(field, hit.text) {
                    wrong_measures.push((hit.cell, hit.text.to_owned()));
                }
                headers.insert(field.id.clone(), hit.cell);
            }
        }
    }
    let missing = fields
        .iter()
        .filter(|(field, _)| !headers.contains_key(&field.id))
        .map(|(field, _)| field.id.clone())
        .collect();
    let number = here.iter().find(|text| text.key == NUMBER);
    let is_header = |text: &&&Text<'_>| headers.values().any(|cell| *cell == text.cell);
    let extra = here
        .iter()
        .filter(|text| !is_header(text) && text.key != NUMBER)
        .map(|text| (text.cell, text.text.to_owned()))
        .collect();
    let first = headers.values().map(|cell| cell.row).min();
    Located {
        answers: IndexMap::new(),
        number_column: number.map(|text| text.cell.column),
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
