//! Rows with which a new workspace fills the roster.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::fields::{choice_items, not_listed};
use super::known::{Known, Once};
use super::known_form::KnownForm;
use super::{Pool, text};
use crate::diagnostic::Code;
use crate::policy::log::{Log, Text};
use crate::policy::parse::Written;
use crate::policy::read::Many;
use crate::policy::written::Row;
use crate::policy::{Field, Kind, RosterPart};

/// Most characters of a cell.
const MOST_CELL: usize = 32_767;

/// Checks `roster.toml`.
pub(super) fn check(
    written: &Written,
    pool: &Pool,
    forms: &HashMap<RosterPart, String>,
    log: &mut Log<'_>,
) -> IndexMap<String, Vec<IndexMap<String, String>>> {
    let mut rows = IndexMap::new();
    let Some(file) = &written.roster else {
        return rows;
    };
    let units = unit_names(&file.unit);
    for (part, many) in [
        (RosterPart::Units, &file.unit),
        (RosterPart::Members, &file.member),
        (RosterPart::Villages, &file.village),
    ] {
        let Some(entry) = forms.get(&part).and_then(|id| pool.forms.get(id)) else {
            continue;
        };
        let mut codes = Once::default();
        let read: Vec<IndexMap<String, String>> = many
            .items
            .iter()
            .map(|row| self::row(row, entry, pool, &units, &mut codes, log))
            .collect();
        rows.insert(entry.form.id.clone(), read);
    }
    rows
}

/// Codes, names and aliases of the units in the file; nothing if some cannot
/// be read.
fn unit_names(units: &Many<Row>) -> Option<HashSet<&str>> {
    if units.is_broken {
        return None;
    }
    let cells = units.items.iter().flat_map(|row| &row.cells);
    Some(
        cells
            .filter(|(key, _)| ["code", "name", "aliases"].contains(&key.as_str()))
            .flat_map(|(_, cell)| cell.split(['、', ',', '\u{FF0C}', ';', '\u{FF1B}']))
            .map(str::trim)
            .collect(),
    )
}

fn row(
    row: &Row,
    entry: &KnownForm,
    pool: &Pool,
    units: &Option<HashSet<&str>>,
    codes: &mut Once,
    log: &mut Log<'_>,
) -> IndexMap<String, String> {
    let mut typed: HashMap<&str, &Text> = HashMap::new();
    for (key, cell) in &row.cells {
        if let Some(field) = entry.field(log, key) {
            typed.insert(key, cell);
            text::limit(log, cell, text::length(cell), MOST_CELL, "这一格");
            self::cell(cell, field, pool, units, log);
        }
        if key.value == "code" {
            codes.note(log, cell, cell, "编号");
        }
    }
    let mut cells = IndexMap::new();
    for field in entry.form.fields.values() {
        match typed.get(field.id.as_str()) {
            Some(cell) => {
                cells.insert(field.id.clone(), cell.value.clone());
            }
            None if field.required && !row.is_broken => {
                let message = format!("这一行缺少“{}”（{}）。", field.header, field.id);
                log.add(Code::PackShape, row.at, message);
            }
            None => {}
        }
    }
    cells
}

fn cell(cell: &Text, field: &Field, pool: &Pool, units: &Option<HashSet<&str>>, log: &mut Log<'_>) {
    match &field.kind {
        Kind::Choice(id) => {
            if let Some(choice) = pool.choices.get(id)
                && !choice.items.contains(&cell.value)
            {
                not_listed(log, cell, &choice_items(choice), "");
            }
        }
        Kind::UnitKind => kind(cell, &pool.kinds, log),
        Kind::Unit => {
            if let Some(units) = units
                && !units.contains(cell.as_str())
            {
                log.unknown(cell, units.iter().copied(), "名册里没有", "这个单位");
            }
        }
        _ => {}
    }
}

fn kind(cell: &Text, kinds: &Known<crate::policy::UnitKind>, log: &mut Log<'_>) {
    let names: Vec<&str> = kinds.items().values().map(|k| k.name.as_str()).collect();
    if kinds.is_whole() && !names.contains(&cell.as_str()) {
        log.unknown(cell, names, "没有", "这个单位类型");
    }
}
