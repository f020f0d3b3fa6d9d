//! A workbook as plain data. Template, roster and report describe what they
//! want here; `write` turns it into a file. Nothing here knows of forms.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Area, Cell, Style};

/// A value that a formula may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// True or false.
    Bool(bool),
}

impl Scalar {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Scalar::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Only a style.
    Blank,
    /// Text; never taken for a formula or a link.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A formula without the leading `=`, with its exact result.
    Formula {
        /// Text of the formula.
        text: String,
        /// The result that is stored with it.
        result: Scalar,
    },
    /// Text that leads to a cell of this workbook when clicked.
    Link {
        /// Text shown.
        text: String,
        /// Sheet.
        sheet: String,
        /// Cell.
        cell: Cell,
    },
}

/// Whether a sheet is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Visibility {
    /// Seen.
    #[default]
    Visible,
    /// Hidden; the user can show it.
    Hidden,
    /// Hidden; only a program can show it.
    VeryHidden,
}

/// A check on what is typed, with words for the clerk.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// Cells.
    pub area: Area,
    /// The check.
    pub rule: Rule,
    /// Title of the prompt; at most 32 UTF-16 units.
    pub prompt_title: String,
    /// Prompt; at most 255 UTF-16 units.
    pub prompt: String,
    /// Title of the error.
    pub error_title: String,
    /// Error; at most 255 UTF-16 units.
    pub error: String,
    /// False: the error stops the typing. True: it only warns.
    pub warn_only: bool,
}

/// The check of a validation.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// One of the cells of a range, possibly of another sheet.
    ListRange {
        /// Sheet.
        sheet: String,
        /// Cells.
        area: Area,
    },
    /// One of a few short texts without commas.
    List(Vec<String>),
    /// A whole number.
    Whole {
        /// Least.
        min: Option<i64>,
        /// Greatest.
        max: Option<i64>,
    },
    /// A number.
    Decimal {
        /// Least.
        min: Option<Decimal>,
        /// Greatest.
        max: Option<Decimal>,
    },
    /// A day between two days.
    Date {
        /// First.
        from: Date,
        /// Last.
        to: Date,
    },
    /// Anything; only the prompt shows.
    Any,
}

/// A conditional format.
#[derive(Debug, Clone, PartialEq)]
pub struct Highlight {
    /// Cells.
    pub area: Area,
    /// Formula without `=`, relative to the first cell of the area.
    pub formula: String,
    /// How the cells look where it holds. Only `Good`, `Bad`, `Caution` and `Faint`.
    pub look: Look,
}

pub use super::style::Look;

/// Kind of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Horizontal bars.
    Bar,
    /// Upright columns.
    Column,
    /// Upright columns, stacked.
    StackedColumn,
}

/// One series of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name shown in the legend.
    pub name: String,
    /// Sheet of categories and values.
    pub sheet: String,
    /// Cells of the categories.
    pub categories: Area,
    /// Cells of the values.
    pub values: Area,
}

/// A chart. It draws in greys and patterns that print well.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Kind.
    pub kind: ChartKind,
    /// Title.
    pub title: String,
    /// Title of the value axis.
    pub axis: String,
    /// Series.
    pub series: Vec<Series>,
    /// Cell of its upper left corner.
    pub at: Cell,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// How a sheet prints. Always A4.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Landscape; otherwise portrait.
    pub landscape: bool,
    /// Rows repeated on each page (first, last).
    pub repeat_rows: Option<(u32, u32)>,
    /// Everything in one page's width.
    pub fit_width: bool,
    /// Everything on a single page.
    pub one_page: bool,
    /// Text at the left of the footer; page x of y stands in the middle.
    pub footer_left: String,
    /// Text at the right of the footer.
    pub footer_right: String,
    /// Cells that print; all if none.
    pub area: Option<Area>,
    /// Rows above which a page begins.
    pub breaks: Vec<u32>,
}

impl Default for Page {
    fn default() -> Self {
        Page {
            landscape: true,
            repeat_rows: None,
            fit_width: true,
            one_page: false,
            footer_left: String::new(),
            footer_right: String::new(),
            area: None,
            breaks: Vec::new(),
        }
    }
}

/// The rows of a long table, which are made while they are written: there may
/// be more of them than memory should hold, and they are written by others at
/// the same time.
pub trait LongRows: Sync {
    /// Row of the first.
    fn first(&self) -> u32;

    /// How many there are.
    fn count(&self) -> u32;

    /// Column after the last.
    fn columns(&self) -> u16;

    /// All styles that a cell may have, each once.
    fn styles(&self) -> Vec<Style>;

    /// Gives the writer where cells lead: the cell, and sheet and cells. No more than
    /// [`LINK_LIMIT`](super::LINK_LIMIT).
    fn each_link(&self, put: &mut dyn FnMut(Cell, &str, Area));

    /// Gives the writer the rows in order: row, height in points, and cells in the
    /// order of their columns.
    ///
    /// # Errors
    /// What cannot be written.
    fn each(&self, put: &mut LongRow<'_>) -> Result<(), super::WriteError>;
}

/// What takes a row of a long table.
pub type LongRow<'w> =
    dyn FnMut(u32, f64, &[(u16, Content, Style)]) -> Result<(), super::WriteError> + 'w;

/// A sheet that holds all that stands on it.
pub type Sheet = SheetOf<'static>;

/// A workbook of such sheets.
pub type Workbook = WorkbookOf<'static>;

/// A sheet.
#[derive(Clone, Default)]
pub struct SheetOf<'a> {
    /// Name; at most 31 UTF-16 units, none of `[]:*?/\`.
    pub name: String,
    /// Cells by position.
    pub cells: BTreeMap<Cell, (Content, Style)>,
    /// Widths of columns in half-width characters.
    pub widths: BTreeMap<u16, f64>,
    /// How cells look into which nothing was put, by column. They do not print, and
    /// take no room in the file, however many there are.
    pub columns: BTreeMap<u16, Style>,
    /// Heights of rows in points.
    pub heights: BTreeMap<u32, f64>,
    /// Merged cells; content and style are those of the first cell.
    pub merges: Vec<Area>,
    /// First cell that scrolls: what is above and left of it stays.
    pub freeze: Option<Cell>,
    /// Range with filter buttons.
    pub filter: Option<Area>,
    /// Checks.
    pub validations: Vec<Validation>,
    /// Conditional formats.
    pub highlights: Vec<Highlight>,
    /// Numbers with a bar behind each, as long as it is great.
    pub bars: Vec<Area>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// Where a click on a cell leads: sheet and cells of this workbook.
    pub links: BTreeMap<Cell, (String, Area)>,
    /// Notes on cells.
    pub notes: BTreeMap<Cell, String>,
    /// How it prints.
    pub page: Page,
    /// Seen or not.
    pub visibility: Visibility,
    /// Locked but for the cells whose style is unlocked; without password.
    pub protected: bool,
    /// Colour of the tab as RGB, if any.
    pub tab: Option<u32>,
    /// The rows of a long table, below all of `cells`.
    pub long: Option<Arc<dyn LongRows + Send + 'a>>,
}

impl SheetOf<'_> {
    /// An empty sheet.
    pub fn new(name: impl Into<String>) -> Self {
        SheetOf {
            name: name.into(),
            ..SheetOf::default()
        }
    }

    /// Puts content into a cell, replacing what was there.
    pub fn put(&mut self, cell: Cell, content: Content, style: Style) {
        self.cells.insert(cell, (content, style));
    }

    /// Puts text into a cell.
    pub fn text(&mut self, cell: Cell, text: impl Into<String>, style: Style) {
        self.put(cell, Content::Text(text.into()), style);
    }

    /// Puts text into merged cells; all of them get the style.
    pub fn banner(&mut self, area: Area, text: impl Into<String>, style: Style) {
        for row in area.first.row..=area.last.row {
            for column in area.first.column..=area.last.column {
                self.put(Cell::new(row, column), Content::Blank, style);
            }
        }
        self.text(area.first, text, style);
        if area.first != area.last {
            self.merges.push(area);
        }
    }
}

/// What stands in the properties of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Properties {
    /// Title.
    pub title: String,
    /// Author: the office.
    pub author: String,
    /// Day of creation; the only date in the file that is not data.
    pub created: Date,
    /// Named texts.
    pub custom: Vec<(String, String)>,
}

/// A workbook.
#[derive(Clone)]
pub struct WorkbookOf<'a> {
    /// Sheets in order; the first visible one is shown on opening.
    pub sheets: Vec<SheetOf<'a>>,
    /// Properties.
    pub properties: Properties,
}
