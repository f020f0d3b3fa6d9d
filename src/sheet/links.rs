//! Where cells lead within the workbook.

use super::drawn::covered;
use super::spelling::{attribute, integer};
use super::write::clean;
use super::{Area, Cell, Content, SheetOf, put_column, quoted};

/// Excel opens a sheet with no more links than this; what is over stays text.
pub const LINK_LIMIT: usize = 65_000;

/// Shown over a figure that leads to where it comes from.
const TIP: &str = "点击查看来源";

/// Where a cell leads.
pub(super) enum Leads<'a> {
    /// What stands there is a link itself, with its text.
    ByText(&'a str, &'a str, Cell),
    /// The figure that stands there comes from cells.
    ToSource(&'a str, Area),
}

impl<'a> Leads<'a> {
    /// Where a cell of a sheet leads, if anywhere.
    pub fn of(sheet: &'a SheetOf<'_>, cell: Cell, content: &'a Content) -> Option<Self> {
        if let Content::Link { text, sheet, cell } = content {
            return Some(Leads::ByText(text, sheet, *cell));
        }
        let (to, area) = sheet.links.get(&cell)?;
        Some(Leads::ToSource(to, *area))
    }

    /// Sheet and cells.
    pub fn to(&self) -> String {
        match self {
            Leads::ByText(_, sheet, cell) => format!("{}!{}", quoted(sheet), cell.name()),
            Leads::ToSource(sheet, area) => area.relative(sheet),
        }
    }

    /// What is shown over it.
    pub fn tip(&self) -> Option<&'static str> {
        match self {
            Leads::ByText(..) => None,
            Leads::ToSource(..) => Some(TIP),
        }
    }

    /// What it says instead of where it leads; nothing if that is what it says.
    pub fn text(&self) -> Option<String> {
        match self {
            Leads::ByText(text, ..) => Some(clean(text)).filter(|text| !text.is_empty()),
            Leads::ToSource(..) => None,
        }
    }
}

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
