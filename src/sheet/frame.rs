//! What the library writes of a sheet around its rows: it is the same for all
//! sheets that differ in nothing but what their cells hold and in their footers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::drawn;
use super::links::Links;
use super::pack::{inside, packed};
use super::page::footer;
use super::rows::{Numbers, Speller};
use super::spelling::escaped;
use super::texts::Texts;
use super::write::COMPRESSION;
use super::{Area, Cell, Content, Page, SheetOf, cells};

/// Spellings of a sheet that are kept with their packed bytes.
const KEPT: usize = 16;

/// What of a sheet decides what stands around its rows, besides its own fields.
#[derive(Clone, PartialEq)]
pub(super) struct Gist {
    /// Heights of rows.
    pub heights: BTreeMap<u32, f64>,
    /// Cells that it uses.
    extent: Area,
    /// Cells that lead elsewhere.
    links: Vec<(Cell, Content)>,
}

impl Gist {
    /// That of a sheet; none if it has no cells.
    pub fn of(sheet: &SheetOf<'_>) -> Option<Self> {
        let (first, _) = sheet.cells.first_key_value()?;
        let mut extent = Area::new(*first, *first);
        let mut links = Vec::new();
        for (cell, (content, _)) in &sheet.cells {
            extent.last.row = cell.row;
            extent.first.column = extent.first.column.min(cell.column);
            extent.last.column = extent.last.column.max(cell.column);
            if let Content::Link { .. } = content {
                links.push((*cell, content.clone()));
            }
        }
        Some(Gist {
            heights: cells::heights(sheet),
            extent,
            links,
        })
    }
}

/// A sheet without what its cells hold, as the library writes it.
pub(super) struct Frame {
    /// The sheet without cells and footers.
    sheet: SheetOf<'static>,
    gist: Gist,
    /// Before the rows, behind them up to the footer, and behind that.
    parts: [String; 3],
    /// What was spelled of it: many sheets are the same in all.
    known: Mutex<Vec<Spelled>>,
}

/// The XML of a sheet, and its bytes as a packed part.
struct Spelled {
    xml: Vec<u8>,
    packed: Arc<[u8]>,
}

impl Frame {
    /// Takes the frame of a sheet out of what the library wrote without its rows.
    pub fn new(sheet: &SheetOf<'_>, gist: Gist, xml: &str) -> Option<Self> {
        let (before, behind) = inside(xml)?;
        let mut after = Vec::new();
        Links::of(sheet).among(behind, &mut after)?;
        let after = std::str::from_utf8(&after).ok()?;
        let mut foot = b"<oddFooter>".to_vec();
        let start = foot.len();
        escaped(&mut foot, &footer(sheet).ok()?);
        let end = foot.len();
        foot.extend(b"</oddFooter>");
        // Only where we spell it as the library does.
        let foot = std::str::from_utf8(&foot).ok()?;
        let at = after.find(foot)?;
        let (middle, after) = (after.get(..at + start)?, after.get(at + end..)?);
        Some(Frame {
            sheet: bare(sheet),
            gist,
            parts: [before, middle, after].map(str::to_owned),
            known: Mutex::default(),
        })
    }

    /// Whether a sheet has this frame.
    pub fn is_of(&self, sheet: &SheetOf<'_>, gist: &Gist) -> bool {
        // All fields are named, so that none is forgotten.
        let SheetOf {
            name,
            cells: _,
            widths,
            columns,
            // Those of the gist.
            heights: _,
            merges,
            freeze,
            filter,
            validations,
            highlights,
            charts,
            links,
            notes,
            page,
            visibility,
            protected,
            tab,
            long,
        } = sheet;
        let own = &self.sheet;
        *gist == self.gist
            && *validations == own.validations
            && *merges == own.merges
            && *widths == own.widths
            && *columns == own.columns
            && *name == own.name
            && *freeze == own.freeze
            && *filter == own.filter
            && *highlights == own.highlights
            && *charts == own.charts
            && *links == own.links
            && *notes == own.notes
            && *visibility == own.visibility
            && *protected == own.protected
            && *tab == own.tab
            && long.is_none()
            && is_alike(page, &own.page)
    }

    /// A sheet with this frame, packed as a part; none if it is to be left to the
    /// library.
    pub fn packed(
        &self,
        part: &str,
        sheet: &SheetOf<'_>,
        gist: &Gist,
        numbers: &Numbers,
        texts: &Texts<'_>,
    ) -> Option<Arc<[u8]>> {
        let [before, middle, after] = &self.parts;
        let mut xml = Vec::with_capacity(64 << 10);
        xml.extend(before.as_bytes());
        let mut speller = Speller::new(sheet, numbers, Some(texts));
        drawn::spell(&mut speller, sheet, &gist.heights, &mut xml, |_| Ok(())).ok()?;
        xml.extend(middle.as_bytes());
        escaped(&mut xml, &footer(sheet).ok()?);
        xml.extend(after.as_bytes());
        let known = self.known.lock().ok()?;
        if let Some(known) = known.iter().find(|known| known.xml == xml) {
            return Some(Arc::clone(&known.packed));
        }
        drop(known);
        let packed: Arc<[u8]> = packed(part, &xml, COMPRESSION).ok()?.into();
        let mut known = self.known.lock().ok()?;
        if known.len() < KEPT {
            known.push(Spelled {
                xml,
                packed: Arc::clone(&packed),
            });
        }
        Some(packed)
    }
}

/// A sheet without cells and footers.
fn bare(sheet: &SheetOf<'_>) -> SheetOf<'static> {
    SheetOf {
        name: sheet.name.clone(),
        cells: BTreeMap::new(),
        widths: sheet.widths.clone(),
        columns: sheet.columns.clone(),
        heights: BTreeMap::new(),
        merges: sheet.merges.clone(),
        freeze: sheet.freeze,
        filter: sheet.filter,
        validations: sheet.validations.clone(),
        highlights: sheet.highlights.clone(),
        charts: sheet.charts.clone(),
        links: sheet.links.clone(),
        notes: sheet.notes.clone(),
        page: sheet.page.clone(),
        visibility: sheet.visibility,
        protected: sheet.protected,
        tab: sheet.tab,
        long: None,
    }
}

/// Whether two pages differ in nothing but their footers.
fn is_alike(one: &Page, other: &Page) -> bool {
    let Page {
        landscape,
        repeat_rows,
        fit_width,
        one_page,
        footer_left: _,
        footer_right: _,
        area,
        breaks,
    } = one;
    *landscape == other.landscape
        && *repeat_rows == other.repeat_rows
        && *fit_width == other.fit_width
        && *one_page == other.one_page
        && *area == other.area
        && *breaks == other.breaks
}
