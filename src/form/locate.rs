//! Where a form's headers are on a sheet that came back. Found by what the
//! headers say, never by fixed coordinates: rows may have been inserted above
//! and columns moved.

use indexmap::IndexMap;

use crate::policy::{Field, Form, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::squeeze;

/// Headers are looked for in this many rows from the top.
const SEARCH_ROWS: u32 = 60;

/// Where the headers of a form are.
#[derive(Debug, Clone)]
pub struct Located {
    /// Header cell of each field that was found, by field id.
    pub headers: IndexMap<String, Cell>,
    /// Fields whose header is missing, by id.
    pub missing: Vec<String>,
    /// Other headers in the header row of a table.
    pub extra: Vec<(Cell, String)>,
    /// The header row of a table.
    pub header_row: u32,
}

/// A header without blanks, marks, and the bracketed unit of measure, as it
/// is compared.
pub fn heading_key(text: &str) -> String {
    let squeezed = squeeze(text);
    let bare = squeezed.trim_matches('*');
    let without_measure = match bare.rfind('(') {
        Some(start) if bare.ends_with(')') && start > 0 => &bare[..start],
        _ => bare,
    };
    without_measure
        .trim_matches('*')
        .trim_end_matches(':')
        .to_lowercase()
}

/// The keys that mean a field: with and without the bracketed part, so that a
/// header that itself ends in brackets is told from its neighbour.
fn keys(field: &Field) -> Vec<String> {
    std::iter::once(&field.header)
        .chain(&field.aliases)
        .map(|h| heading_key(h))
        .collect()
}

/// Finds the headers of a form. `None` if fewer than half of them (for a
/// table, in one row) are there.
pub fn locate(sheet: &FoundSheet, form: &Form) -> Option<Located> {
    let texts: Vec<(Cell, String, &str)> = sheet
        .cells
        .iter()
        .take_while(|(cell, _)| cell.row < SEARCH_ROWS)
        .filter_map(|(cell, found)| match found {
            Found::Text(text) => Some((*cell, heading_key(text), text.as_str())),
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
    let mut best: Option<Located> = None;
    for row in candidates {
        let here: Vec<_> = texts
            .iter()
            .filter(|(cell, ..)| row.is_none_or(|row| cell.row == row))
            .collect();
        let located = match_headers(form, &here, row);
        if best
            .as_ref()
            .is_none_or(|best| located.headers.len() > best.headers.len())
        {
            best = Some(located);
        }
    }
    best.filter(|best| best.headers.len() * 2 >= form.fields.len())
}

fn match_headers(form: &Form, here: &[&(Cell, String, &str)], row: Option<u32>) -> Located {
    let mut headers = IndexMap::new();
    let mut missing = Vec::new();
    for field in form.fields.values() {
        let keys = keys(field);
        let hit = keys.iter().find_map(|key| {
            here.iter()
                .find(|(cell, text, _)| text == key && !headers.values().any(|c| c == cell))
        });
        match hit {
            Some((cell, ..)) => {
                headers.insert(field.id.clone(), *cell);
            }
            None => missing.push(field.id.clone()),
        }
    }
    let extra = here
        .iter()
        .filter(|(cell, key, _)| !headers.values().any(|c| c == cell) && key != "序号")
        .map(|(cell, _, text)| (*cell, (*text).to_owned()))
        .collect();
    Located {
        headers,
        missing,
        extra: if row.is_some() { extra } else { Vec::new() },
        header_row: row.unwrap_or(0),
    }
}
