//! The links of a sheet as they are spelled.

use super::xml::{attribute, integer};
use crate::sheet::write::leads::{LINK_LIMIT, Leads};
use crate::sheet::write::merged::covered;
use crate::sheet::{Cell, SheetOf, put_column};

/// The links of a sheet as they are spelled.
#[derive(Default)]
pub(super) struct Links {
    xml: Vec<u8>,
    count: usize,
    /// Letters of a column.
    name: String,
}

impl Links {
    /// Those of a sheet's cells.
    pub fn of(sheet: &SheetOf<'_>) -> Self {
        let mut links = Links::default();
        let covered = covered(sheet);
        for (&cell, (content, _)) in &sheet.cells {
            if let Some(leads) = Leads::of(sheet, cell, content)
                && !covered.contains_key(&cell)
            {
                links.add(cell, &leads);
            }
        }
        links
    }

    /// Adds the link of a cell, as long as Excel takes more.
    pub fn add(&mut self, cell: Cell, leads: &Leads<'_>) {
        if self.count == LINK_LIMIT {
            return;
        }
        self.count += 1;
        let out = &mut self.xml;
        out.extend(b"<hyperlink ref=\"");
        self.name.clear();
        put_column(&mut self.name, cell.column);
        out.extend(self.name.as_bytes());
        integer(out, u64::from(cell.row) + 1);
        out.extend(b"\" location=\"");
        let to = out.len();
        attribute(out, &leads.to());
        let to = to..out.len();
        if let Some(tip) = leads.tip() {
            out.extend(b"\" tooltip=\"");
            attribute(out, tip);
        }
        out.extend(b"\" display=\"");
        match leads.text() {
            Some(text) => attribute(out, &text),
            None => out.extend_from_within(to),
        }
        out.extend(b"\"/>");
    }

    /// Adds what follows the rows of a sheet, with the links in their place. None
    /// where they have no place.
    pub fn among(&self, after: &str, out: &mut Vec<u8>) -> Option<()> {
        if self.count == 0 {
            out.extend(after.as_bytes());
            return Some(());
        }
        // They stand before how the page prints, and no text can look like an element.
        let mut page = ["<printOptions", "<pageMargins"].iter();
        let at = page.find_map(|tag| after.find(tag))?;
        let (before, after) = after.split_at_checked(at)?;
        out.extend(before.as_bytes());
        out.extend(b"<hyperlinks>");
        out.extend(&self.xml);
        out.extend(b"</hyperlinks>");
        out.extend(after.as_bytes());
        Some(())
    }
}
