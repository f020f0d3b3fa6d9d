//! What stands on a sheet, before anything has a cell.

use super::widths;
use crate::book::{Book, Column, ColumnRef, Format};
use crate::sheet::{ChartKind, Look};

/// Most rows of a table after which another may stand on the same sheet.
const LONG: usize = 45;
/// How many times as many rows a table below others has as one by itself before they
/// are written one by one.
const BELOW_OTHERS: usize = 10;

/// Height in points of the rows that a band of charts covers.
pub(super) const ROW: u32 = 15;
/// Pixels between charts.
pub(super) const GAP: u32 = 8;

/// What the colour of a sheet's tab says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Results that are decided from.
    Leading,
    /// What they come from.
    Proof,
    /// What was reported, row by row.
    Entries,
}

impl Tab {
    /// Its colour as RGB.
    pub fn colour(self) -> u32 {
        match self {
            Tab::Leading => 0x00C0_0000,
            Tab::Proof => 0x0080_8080,
            Tab::Entries => 0x001F_4E79,
        }
    }
}

/// A sheet: title, lines of explanation, then tables and charts from top to
/// bottom.
#[derive(Debug, Clone)]
pub struct SheetPlan {
    /// Name of the sheet.
    pub name: String,
    /// Title, after that of the assessment.
    pub title: String,
    /// Lines below the title.
    pub notes: Vec<String>,
    /// Tables and charts, from top to bottom.
    pub items: Vec<Item>,
    /// Prints on a single page.
    pub one_page: bool,
    /// The longest table gets filter buttons.
    pub filter: bool,
    /// What its tab shows it to be.
    pub tab: Option<Tab>,
    /// How wide the columns may be together before texts are wrapped, in
    /// half-width characters.
    pub most_width: u32,
    /// It holds one table, whose rows may be very many.
    pub long: bool,
    /// Widths of the columns in half-width characters, where tables stand side by side
    /// on them; otherwise the tables decide.
    pub grid: Vec<u32>,
    /// What only serves formulas and the program is not seen.
    pub hides: bool,
    /// In what amounts are told, above at the right; 元 where nothing is said.
    pub money: Option<String>,
}

/// Where a table stands on a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// Below everything so far.
    #[default]
    Across,
    /// Below what stands at the left.
    Left,
    /// Below what stands at the right.
    Right,
}

/// Something on a sheet.
#[derive(Debug, Clone)]
pub enum Item {
    /// A table.
    Table(Section),
    /// Charts side by side.
    Charts(Vec<ChartPlan>),
    /// A line of text.
    Remark(String),
    /// What stands on other sheets below a heading: the name of each, and what it holds.
    Contents(String, Vec<(String, String)>),
}

/// A table with its heading.
#[derive(Debug, Clone)]
pub struct Section {
    /// Index of the table in the book.
    pub table: usize,
    /// Heading; none if empty.
    pub heading: String,
    /// How it is reckoned, in one line; none if empty.
    pub note: String,
    /// The last column takes all the width that is left.
    pub stretch: bool,
    /// Ids of the columns whose cells the office may change.
    pub inputs: Vec<String>,
    /// Ids of the columns whose cells are chosen from a column of another table, with
    /// that.
    pub choices: Vec<(String, ColumnRef)>,
    /// Ids of columns that name the rows and are drawn as such.
    pub labels: Vec<String>,
    /// Where it stands on a grid.
    pub flow: Flow,
    /// First and last column on the grid of each column that prints; each has its own
    /// column if empty.
    pub spans: Vec<(u16, u16)>,
    /// Stands without the names of its columns.
    pub bare: bool,
    /// Its first row is told in large figures, but for texts.
    pub large: bool,
    /// Where there is no money stands a dash.
    pub dashed: bool,
    /// How many rows of the sheet each of its rows takes; one each if empty.
    pub tall: Vec<u32>,
}

/// A chart.
#[derive(Debug, Clone)]
pub struct ChartPlan {
    /// Kind.
    pub kind: ChartKind,
    /// Title.
    pub title: String,
    /// Title of the value axis.
    pub axis: String,
    /// Series.
    pub series: Vec<SeriesPlan>,
    /// Width in pixels; in a band of charts the band decides.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A series of a chart.
#[derive(Debug, Clone)]
pub enum SeriesPlan {
    /// A column of a table against another.
    Column {
        /// Name in the legend.
        name: String,
        /// Categories.
        categories: ColumnRef,
        /// Values.
        values: ColumnRef,
    },
    /// A row of a table against the headers of its columns.
    Row {
        /// Name in the legend.
        name: String,
        /// Table.
        table: usize,
        /// Row.
        row: usize,
        /// First column.
        from: usize,
        /// Last column.
        to: usize,
    },
}

impl SheetPlan {
    /// A sheet without anything on it.
    pub fn new(name: impl Into<String>, title: impl Into<String>) -> Self {
        SheetPlan {
            name: name.into(),
            title: title.into(),
            notes: Vec::new(),
            items: Vec::new(),
            one_page: false,
            filter: true,
            tab: None,
            most_width: 140,
            long: false,
            grid: Vec::new(),
            hides: false,
            money: None,
        }
    }

    /// The same, with a line below the title.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same, with a tab of a colour.
    pub fn tab(mut self, tab: Tab) -> Self {
        self.tab = Some(tab);
        self
    }

    /// The same; its columns may be so wide together before texts are wrapped.
    pub fn wide(mut self, most: u32) -> Self {
        self.most_width = most;
        self
    }

    /// The same, with more on it; a remark if that is nothing at all.
    pub fn with(mut self, items: impl IntoIterator<Item = Item>, otherwise: &str) -> Self {
        self.items.extend(items);
        if self.items.is_empty() {
            self.items.push(Item::Remark(otherwise.to_owned()));
        }
        self
    }

    /// The same on several sheets, if a table that is not the last is too long
    /// for a page: only the header of a sheet's last table can be repeated.
    pub fn parted(mut self, book: &Book) -> Vec<SheetPlan> {
        let long = |item: &Item| match item {
            Item::Table(section) => book
                .tables
                .get(section.table)
                .is_some_and(|table| table.height() > LONG),
            _ => false,
        };
        let is_table = |item: &Item| matches!(item, Item::Table(_));
        let mut parts: Vec<Vec<Item>> = vec![Vec::new()];
        let mut full = false;
        for item in std::mem::take(&mut self.items) {
            // Charts stay with the table above them.
            if full && is_table(&item) {
                parts.push(Vec::new());
                full = false;
            }
            full |= long(&item);
            if let Some(part) = parts.last_mut() {
                part.push(item);
            }
        }
        if self.one_page || parts.len() == 1 {
            self.items = parts.into_iter().flatten().collect();
            return vec![self];
        }
        let sheets = parts.into_iter().enumerate().map(|(at, items)| {
            let mut part = SheetPlan {
                items,
                ..self.clone()
            };
            if at > 0 {
                part.name = format!("{}\u{FF08}{}\u{FF09}", self.name, ordinal(at + 1));
            }
            part
        });
        sheets.collect()
    }

    /// The table whose rows are written one by one: that of a sheet which holds
    /// nothing else and is meant for it or has more rows than these, or the last of a
    /// sheet, below short ones, if it has many times as many.
    pub fn streamed(&self, book: &Book, most: usize) -> Option<&Section> {
        let (Item::Table(section), above) = self.items.split_last()? else {
            return None;
        };
        let height = |section: &Section| Some(book.tables.get(section.table)?.height());
        let is_short = |item: &Item| match item {
            Item::Table(section) => height(section).is_some_and(|rows| rows <= LONG),
            Item::Remark(_) | Item::Contents(..) => true,
            Item::Charts(_) => false,
        };
        // What the office may change there is checked cell by cell.
        let is_plain = !section.stretch && section.inputs.is_empty();
        let is_longer = |most| Some(is_plain && !self.one_page && height(section)? > most);
        let is_streamed = match above {
            [] => self.long || is_longer(most)?,
            above => is_longer(most.saturating_mul(BELOW_OTHERS))? && above.iter().all(is_short),
        };
        is_streamed.then_some(section)
    }

    /// The charts on the sheet.
    pub fn charts(&self) -> impl Iterator<Item = &ChartPlan> {
        let bands = self.items.iter().filter_map(|item| match item {
            Item::Charts(charts) => Some(charts),
            _ => None,
        });
        bands.flatten()
    }

    /// The sections on the sheet.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.items.iter().filter_map(|item| match item {
            Item::Table(section) => Some(section),
            _ => None,
        })
    }

    /// Indexes of the tables on the sheet.
    pub fn tables(&self) -> impl Iterator<Item = usize> {
        self.sections().map(|section| section.table)
    }
}

/// A small number in Chinese.
fn ordinal(number: usize) -> String {
    const WORDS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match number.checked_sub(1).and_then(|at| WORDS.get(at)) {
        Some(word) => (*word).to_owned(),
        None => number.to_string(),
    }
}

impl ChartPlan {
    /// The tables that it shows.
    pub fn tables(&self) -> impl Iterator<Item = usize> {
        self.series.iter().map(|series| match series {
            SeriesPlan::Column { values, .. } => values.table,
            SeriesPlan::Row { table, .. } => *table,
        })
    }
}

impl Section {
    /// A table with heading and explanation.
    pub fn new(table: usize, heading: impl Into<String>, note: impl Into<String>) -> Self {
        Section {
            table,
            heading: heading.into(),
            note: note.into(),
            stretch: false,
            inputs: Vec::new(),
            choices: Vec::new(),
            labels: Vec::new(),
            flow: Flow::Across,
            spans: Vec::new(),
            bare: false,
            large: false,
            dashed: false,
            tall: Vec::new(),
        }
    }

    /// The same; with a dash where there is no money.
    pub fn dashed(mut self) -> Self {
        self.dashed = true;
        self
    }

    /// The same; its first row in large figures.
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// The same; on the grid of the sheet.
    pub fn on_grid(mut self, flow: Flow, spans: &[(u16, u16)]) -> Self {
        self.flow = flow;
        self.spans = spans.to_vec();
        self
    }

    /// The same without the names of its columns.
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// How the cells of a column look.
    pub fn look(&self, column: &Column) -> Look {
        match look(column.format) {
            _ if self.labels.contains(&column.id) => Look::Label,
            Look::Money if self.dashed => Look::MoneyOrNone,
            look => look,
        }
    }

    /// The same; the last column takes all the width that is left.
    pub fn stretched(mut self) -> Self {
        self.stretch = true;
        self
    }

    /// The same; the cells of a column may be changed.
    pub fn with_input(mut self, column: &str) -> Self {
        self.inputs.push(column.to_owned());
        self
    }

    /// The same; the cells of a column are chosen from another column.
    pub fn with_choice(mut self, column: &str, from: ColumnRef) -> Self {
        self.choices.push((column.to_owned(), from));
        self.with_input(column)
    }

    /// The same; a column names the rows.
    pub fn with_label(mut self, column: &str) -> Self {
        self.labels.push(column.to_owned());
        self
    }
}

impl From<Section> for Item {
    fn from(section: Section) -> Self {
        Item::Table(section)
    }
}

/// Rows that a band of charts covers, with a free one at either end, so that
/// no frame stands on the edge of a page.
pub(super) fn band_rows(charts: &[ChartPlan]) -> u32 {
    let tallest = charts.iter().map(|chart| chart.height).max().unwrap_or(0);
    (tallest + GAP).div_ceil(widths::pixels_down(ROW)) + 2
}

/// The look of a format.
pub(super) fn look(format: Format) -> Look {
    match format {
        Format::Text => Look::Text,
        Format::Centre => Look::Centre,
        Format::Integer => Look::Integer,
        Format::Number => Look::Number,
        Format::Money => Look::Money,
        Format::Score => Look::Score,
        Format::Percent => Look::Percent,
        Format::Date => Look::Date,
    }
}
