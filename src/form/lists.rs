//! The hidden sheet that holds the drop-down lists, one list per column. A
//! list kept in cells may be longer than the 255 characters that fit into a
//! validation itself, and its items may hold commas.

use indexmap::IndexMap;

use super::shown::shown;
use crate::policy::{Field, Kind, Policy};
use crate::sheet::{Area, Cell, FoundSheet, Look, Sheet, Visibility};

/// Name of the hidden sheet.
pub const SHEET: &str = "_lists";

/// Key of the list for persons where the names are open.
const OPEN_MEMBERS: &str = "member.open";

/// The lists of a workbook, by key.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    columns: IndexMap<String, Vec<String>>,
}

impl Lists {
    /// All choice lists of the pack, 是/否, and the kinds of units.
    pub fn of(policy: &Policy) -> Self {
        let mut lists = Lists::default();
        for choice in policy.choices.values() {
            lists.add(&Kind::Choice(choice.id.clone()), choice.items.clone());
        }
        let kinds = policy.unit_kinds.values().map(|kind| kind.name.clone());
        lists.add(&Kind::UnitKind, kinds.collect());
        lists.add(&Kind::YesNo, vec!["是".to_owned(), "否".to_owned()]);
        lists
    }

    /// Sets the list for a kind of field.
    pub fn add(&mut self, kind: &Kind, items: Vec<String>) {
        if let Some(key) = key(kind)
            && !items.is_empty()
        {
            self.columns.insert(key, items);
        }
    }

    /// Sets the list for names of persons where names outside the roster are
    /// allowed, and a unit may be named as well.
    pub fn add_open_members(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.columns.insert(OPEN_MEMBERS.to_owned(), items);
        }
    }

    /// Sheet and cells of the list for a field, if it has one.
    pub fn area(&self, field: &Field) -> Option<(String, Area)> {
        let key = key(&field.kind)?;
        let open = field.open && field.kind == Kind::Member;
        let (index, _, items) = Some(OPEN_MEMBERS)
            .filter(|_| open)
            .and_then(|open| self.columns.get_full(open))
            .or_else(|| self.columns.get_full(&key))?;
        let column = index as u16;
        let last = Cell::new(items.len() as u32, column);
        Some((SHEET.to_owned(), Area::new(Cell::new(1, column), last)))
    }

    /// The hidden sheet.
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(SHEET);
        sheet.visibility = Visibility::Hidden;
        for (column, (key, items)) in self.columns.iter().enumerate() {
            let column = column as u16;
            sheet.text(Cell::new(0, column), key, Look::Plain.into());
            for (row, item) in items.iter().enumerate() {
                let cell = Cell::new(row as u32 + 1, column);
                sheet.text(cell, item, Look::Plain.into());
            }
        }
        sheet
    }
}

impl Lists {
    /// The lists on a sheet that came back, if it is the hidden one.
    pub fn from_sheet(sheet: &FoundSheet) -> Option<Lists> {
        if sheet.name.trim() != SHEET {
            return None;
        }
        let mut keys: IndexMap<u16, String> = IndexMap::new();
        let mut lists = Lists::default();
        // Cells come row by row, so a column's key comes before its items.
        for (cell, found) in &sheet.cells {
            let text = shown(found);
            if cell.row == 0 {
                keys.insert(cell.column, text);
            } else if let Some(key) = keys.get(&cell.column) {
                lists.columns.entry(key.clone()).or_default().push(text);
            }
        }
        Some(lists)
    }

    /// The items of the list for a kind of field.
    pub fn items(&self, kind: &Kind) -> &[String] {
        let items = key(kind).and_then(|key| self.columns.get(&key));
        items.map_or(&[], Vec::as_slice)
    }
}

fn key(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Choice(id) => Some(format!("choice.{id}")),
        Kind::YesNo => Some("yesno".to_owned()),
        Kind::UnitKind => Some("unit_kind".to_owned()),
        Kind::Village => Some("village".to_owned()),
        Kind::Member => Some("member".to_owned()),
        Kind::Unit => Some("unit".to_owned()),
        _ => None,
    }
}
