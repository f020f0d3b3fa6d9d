//! Where cells lead within the workbook.

use super::clean;
use crate::sheet::{Area, Cell, Content, SheetOf, quoted};

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
