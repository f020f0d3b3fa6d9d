//! The consolidated workbook: every table of the assessment gets a place on a
//! sheet, and every expression becomes a formula with its exact result.
//!
//! First each sheet says what stands on it (`sheets`, one file a sheet, in the words
//! of `plan`), then every table gets its cells (`place`), and only then anything is
//! drawn (`draw`, `table`), because formulas refer to cells of later sheets.

mod card;
mod chart;
mod content;
mod draw;
mod marks;
mod pages;
mod place;
mod plan;
mod shared_formulas;
mod sheets;
mod streamed;
mod table;
mod widths;

pub use card::card_workbook;
pub use place::Places;
pub use plan::{ChartPlan, Item, Section, SeriesPlan, SheetPlan};

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::book::{Book, Evaluator, Table};
use crate::policy::Policy;
use crate::several::{largest_first, width};
use crate::sheet::{Properties, WorkbookOf};
use widths::Need;

/// Why the workbook could not be described.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// A formula is longer than every spreadsheet program can read.
    #[error(
        "工作表“{sheet}”的 {cell} 公式太长（{length} 个字符，最多 {most} 个）：请减少规则里的条件"
    )]
    FormulaTooLong {
        /// Sheet.
        sheet: String,
        /// Cell, as a person sees it.
        cell: String,
        /// Length in UTF-16 units.
        length: usize,
        /// Most that is allowed.
        most: usize,
    },
    /// An expression refers to a table that has no place.
    #[error("工作表“{sheet}”的 {cell} 引用了没有位置的数据，这是程序的错误，请告知维护人员")]
    NoPlace {
        /// Sheet.
        sheet: String,
        /// Cell, as a person sees it.
        cell: String,
    },
    /// A table has more rows or columns than a sheet holds.
    #[error("工作表“{sheet}”放不下：行数或列数超过 Excel 的上限")]
    TooLarge {
        /// Sheet.
        sheet: String,
    },
}

/// What all sheets are made from.
pub struct Report<'a> {
    /// The plan.
    pub policy: &'a Policy,
    /// The assessment.
    pub book: &'a Book,
    /// What its figures come to.
    pub values: Arc<Evaluator<'a>>,
    /// The day that stands on every sheet.
    pub today: Date,
    /// Figures are formulas; otherwise values.
    pub live: bool,
}

/// The whole workbook.
///
/// # Errors
///
/// A formula that is too long, or that refers to what has no place.
pub fn workbook<'a>(
    policy: &'a Policy,
    book: &'a Book,
    today: Date,
) -> Result<WorkbookOf<'a>, ReportError> {
    workbook_of(policy, &Arc::new(Evaluator::new(book)), today, STREAMED)
}

/// A table with more rows than these is never held with all its cells.
pub const STREAMED: usize = 5_000;

/// The same, with values that others ask, too. Where a table by itself on a sheet
/// has more rows than `most`, they are written one by one.
///
/// # Errors
///
/// A formula that is too long, or that refers to what has no place.
pub fn workbook_of<'a>(
    policy: &'a Policy,
    values: &Arc<Evaluator<'a>>,
    today: Date,
    most: usize,
) -> Result<WorkbookOf<'a>, ReportError> {
    let book = values.book();
    let report = Report {
        policy,
        book,
        values: Arc::clone(values),
        today,
        live: true,
    };
    let plans = sheets::plans(&report);
    let mut places = Places::assign(&plans, book)?;
    // What charts show is held, for the values are written with them.
    let charts = plans.iter().flat_map(SheetPlan::charts);
    let shown: HashSet<usize> = charts.flat_map(ChartPlan::tables).collect();
    let long: Vec<&Section> = plans
        .iter()
        .filter_map(|plan| plan.streamed(book, most))
        .filter(|section| !shown.contains(&section.table))
        .collect();
    for (section, needs) in long.iter().zip(measured(values, &places, &long)) {
        places.set_needs(section.table, needs?);
    }
    let places = Arc::new(places);
    // The tables of a county are drawn by several at once.
    let draw = |index: usize| {
        let plan = plans.get(index)?;
        Some(draw::sheet(&report, &places, values, index, plan))
    };
    let cells = |section: &Section| {
        let table = book.tables.get(section.table);
        let is_long = places.needs(section.table).is_some();
        let table = table.filter(|_| !is_long);
        table.map_or(0, |table| table.height() * table.columns.len())
    };
    let sizes: Vec<usize> = plans
        .iter()
        .map(|plan| plan.sections().map(cells).sum())
        .collect();
    let sheets = largest_first(&sizes, width(), draw);
    let sheets = sheets
        .into_iter()
        .flatten()
        .collect::<Result<Vec<_>, _>>()?;
    Ok(WorkbookOf {
        sheets,
        properties: report.properties(),
    })
}

/// How much room long tables need, several measured at once.
fn measured(
    values: &Evaluator<'_>,
    places: &Places,
    sections: &[&Section],
) -> Vec<Result<Vec<Need>, ReportError>> {
    let height = |section: &&Section| {
        let table = values.book().tables.get(section.table);
        table.map_or(0, Table::height)
    };
    let heights: Vec<usize> = sections.iter().map(height).collect();
    largest_first(&heights, width(), |at| match sections.get(at) {
        Some(section) => streamed::needs(values, places, section),
        None => Ok(Vec::new()),
    })
}

impl Report<'_> {
    /// Properties of the file.
    fn properties(&self) -> Properties {
        let pack = &self.policy.pack;
        Properties {
            title: pack.title.clone(),
            author: pack.office.clone(),
            created: self.today,
            custom: vec![
                (
                    "方案".to_owned(),
                    format!("{} 第{}版", pack.id, pack.version),
                ),
                ("方案校验".to_owned(), self.policy.hash.clone()),
            ],
        }
    }

    /// A clause as it is cited: its number and heading.
    fn cite(&self, clause: &str) -> String {
        match self.policy.clauses.get(clause) {
            Some(found) => format!("方案{}“{}”", found.id, found.heading),
            None => format!("方案{clause}"),
        }
    }

    /// The section of a table, if the book has it.
    fn section(&self, id: &str, heading: &str, note: &str) -> Option<Item> {
        let table = self.book.find(id)?;
        Some(Item::Table(Section::new(table, heading, note)))
    }

    /// Tables whose id begins so, with the rest of the id.
    fn tables<'b>(&'b self, prefix: &'b str) -> impl Iterator<Item = (usize, &'b str)> {
        self.book
            .tables
            .iter()
            .enumerate()
            .filter_map(move |(index, table)| Some((index, table.id.strip_prefix(prefix)?)))
    }
}
