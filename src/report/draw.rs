//! Draws a sheet of the report: title, lines below it, tables, charts, page.

use super::pages;
use super::place::{Places, SheetPlace};
use super::plan::{Item, ROW, SheetPlan, Tab};
use super::streamed::StreamedTable;
use super::table::{Pass, RenderedTable};
use super::widths::{self, Need};
use super::{Report, ReportError, chart, marks};
use std::sync::Arc;

use crate::book::{Evaluator, Format};
use crate::sheet::{Area, Cell, Content, LongRows, Look, Page, SheetOf, Style};

/// Least width of a sheet, so that the title fits.
const LEAST: u32 = 96;

/// At the foot of each page that leaders read.
const SIGNED: &str = "制表：　　　　　　审核：　　　　　　负责人：";

/// Draws the sheet with the given index.
pub(super) fn sheet<'a>(
    report: &Report<'a>,
    places: &Arc<Places>,
    values: &Arc<Evaluator<'a>>,
    index: usize,
    plan: &SheetPlan,
) -> Result<SheetOf<'a>, ReportError> {
    let mut tables = Vec::new();
    for section in plan.sections() {
        tables.extend(RenderedTable::new(report, places, values, section)?);
    }
    let empty = SheetPlace {
        items: Vec::new(),
        end: 2,
    };
    let place = places.sheet(index).unwrap_or(&empty);
    let draw = |tables: &mut [RenderedTable<'_>], percent| {
        let mut drawing = begun(report, places, plan, place, tables, percent, Pass::Whole);
        drawing.finish(report, plan, place, tables);
        drawing
    };
    let mut drawn = if plan.one_page || tables.len() < 2 {
        // A single table is never widened for those before it.
        draw(&mut tables, 100)
    } else {
        let heights = begun(report, places, plan, place, &mut tables, 100, Pass::Heights);
        let wider = pages::widening(&heights.sheet, place, &tables, &heights.widths);
        draw(&mut tables, wider.max(100))
    };
    let mut sections = plan.sections();
    if let Some(section) = sections.find(|one| places.needs(one.table).is_some()) {
        let long = StreamedTable::new(values, places, section, &drawn.widths, plan.long);
        let long = long.map(Arc::new).filter(|long| long.count() > 0);
        if let Some((columns, lined)) = long.as_ref().and_then(|long| long.left_out()) {
            drawn.sheet.columns.extend(columns);
            drawn.sheet.highlights.push(lined);
        }
        drawn.sheet.long = long.map(|long| long as _);
    }
    Ok(drawn.sheet)
}

/// Draws what stands on the sheet with columns widened to so many percent, or
/// only how high its rows are.
fn begun<'a>(
    report: &Report<'_>,
    places: &Places,
    plan: &SheetPlan,
    place: &SheetPlace,
    tables: &mut [RenderedTable<'_>],
    percent: u32,
    part: Pass,
) -> Drawing<'a> {
    let mut drawing = Drawing::new(plan, tables, percent);
    drawing.top(report, plan, tables);
    let mut next_table = tables.iter_mut();
    for (item, &row) in plan.items.iter().zip(&place.items) {
        match item {
            Item::Remark(text) => drawing.lines(row, text, Look::Note),
            Item::Charts(charts) => drawing.band(places, charts, row, place),
            Item::Contents(heading, sheets) => drawing.contents(row, heading, sheets),
            Item::Table(_) => {
                if let Some(ready) = next_table.next() {
                    drawing.table(ready, row, part);
                }
            }
        }
    }
    drawing
}

/// A sheet being drawn.
struct Drawing<'a> {
    sheet: SheetOf<'a>,
    /// Widths of all columns.
    widths: Vec<u32>,
    /// Columns of tables.
    tables: u16,
    /// Columns that print.
    printed: u16,
    /// First row below everything.
    end: u32,
}

impl Drawing<'_> {
    /// Settles the columns.
    fn new(plan: &SheetPlan, tables: &[RenderedTable<'_>], percent: u32) -> Self {
        let mut needs: Vec<Need> = Vec::new();
        for ready in tables {
            ready.need(&mut needs);
        }
        // What only serves formulas stands beyond the paper.
        let paper = |ready: &RenderedTable<'_>| usize::from(ready.place().printed);
        let printed = tables.iter().map(paper).max().unwrap_or(0);
        let (on_paper, beyond) = needs.split_at(printed.min(needs.len()));
        let mut widths = widths::widths(on_paper, plan.most_width);
        widths.extend(widths::widths(beyond, u32::MAX));
        let on_grid = !plan.grid.is_empty();
        if on_grid {
            widths.clone_from(&plan.grid);
        }
        if widths.is_empty() {
            widths.push(LEAST);
        }
        for width in &mut widths {
            *width = (*width * percent).div_ceil(100);
        }
        let shown = widths.len().saturating_sub(beyond.len()).max(1);
        let total: u32 = widths.iter().take(shown).sum();
        if !on_grid && total < LEAST {
            // What the title needs goes to all columns alike.
            let count = u32::try_from(shown).unwrap_or(1);
            let (each, rest) = ((LEAST - total) / count, (LEAST - total) % count);
            for (at, width) in (0..count).zip(&mut widths) {
                *width += each + u32::from(at < rest);
            }
        }
        let ends = tables_end(tables);
        let tables = u16::try_from(widths.len()).unwrap_or(u16::MAX);
        let unprinted = if on_grid { 0 } else { beyond.len() };
        if plan.hides {
            let shown = widths.len().saturating_sub(beyond.len());
            widths.iter_mut().skip(shown).for_each(|width| *width = 0);
        }
        let mut sheet = SheetOf::new(plan.name.clone());
        sheet.tab = plan.tab.map(Tab::colour);
        for (column, width) in (0u16..).zip(&widths) {
            sheet.widths.insert(column, f64::from(*width));
        }
        // What only serves formulas stands beyond a grid, and is not seen.
        for column in (0..ends).skip(widths.len()).filter(|_| on_grid) {
            sheet.widths.insert(column, 0.0);
        }
        let printed = widths.len().saturating_sub(unprinted);
        let printed = u16::try_from(printed).unwrap_or(u16::MAX);
        Drawing {
            sheet,
            widths,
            tables,
            printed,
            end: 0,
        }
    }

    /// Last column that prints.
    fn last(&self) -> u16 {
        self.printed.saturating_sub(1)
    }

    /// Widths of the columns that print.
    fn paper(&self) -> &[u32] {
        let printed = usize::from(self.printed);
        self.widths.get(..printed).unwrap_or(&self.widths)
    }

    /// Title, makers, and the lines below.
    fn top(&mut self, report: &Report<'_>, plan: &SheetPlan, tables: &[RenderedTable<'_>]) {
        let pack = &report.policy.pack;
        let last = self.last();
        let title = format!("{}\u{3000}{}", pack.title, plan.title);
        self.across(0, 0, last, &title, Look::Title);
        let total: u32 = self.paper().iter().sum();
        let lines = (widths::width(&title) * 17 / 10).div_ceil(total.max(1));
        self.sheet.heights.insert(0, f64::from(lines * 26 + 10));
        let day = report.today;
        let made = format!(
            "制表单位：{}    制表日期：{}年{}月{}日    考核年度：{}年",
            pack.office,
            day.year(),
            day.month(),
            day.day(),
            pack.year
        );
        let money = format!("单位：{}", plan.money.as_deref().unwrap_or("元"));
        let from = self.right_part(widths::width(&money) + 2);
        if has_money(tables) && from > 0 {
            self.across(1, 0, from - 1, &made, Look::Subtitle);
            self.across(1, from, last, &money, Look::SubtitleRight);
        } else {
            self.across(1, 0, last, &made, Look::Subtitle);
        }
        let left: u32 = match has_money(tables) {
            true => self.widths.iter().take(usize::from(from)).sum(),
            false => total,
        };
        let lines = widths::lines(&made, left);
        self.sheet.heights.insert(1, f64::from(lines * 13 + 7));
        for (row, note) in (2u32..).zip(&plan.notes) {
            self.lines(row, note, Look::Note);
        }
    }

    /// The column where the text at the right of the subtitle begins: there is
    /// room for it, and not much more.
    fn right_part(&self, wanted: u32) -> u16 {
        let mut room = 0;
        for column in (0..=self.last()).rev() {
            room += self.widths.get(usize::from(column)).copied().unwrap_or(0);
            if room >= wanted {
                return column;
            }
        }
        0
    }

    /// Text over some columns of a row.
    fn across(&mut self, row: u32, from: u16, to: u16, text: &str, look: Look) {
        let area = Area::new(Cell::new(row, from), Cell::new(row, to));
        self.sheet.banner(area, text, Style::new(look));
    }

    /// Wrapped text over the whole width.
    fn lines(&mut self, row: u32, text: &str, look: Look) {
        let across: u32 = self.paper().iter().sum();
        let last = self.last();
        self.across(row, 0, last, text, look);
        let height = widths::height(widths::lines(text, across));
        self.sheet.heights.insert(row, f64::from(height));
    }

    /// The names of other sheets, each a link, and what stands there.
    fn contents(&mut self, from: u32, heading: &str, sheets: &[(String, String)]) {
        self.lines(from, heading, Look::Section);
        for (row, (sheet, holds)) in (from + 1..).zip(sheets) {
            let link = Content::Link {
                text: sheet.clone(),
                sheet: sheet.clone(),
                cell: Cell::new(0, 0),
            };
            self.sheet
                .put(Cell::new(row, 0), link, Style::new(Look::Link));
            self.sheet
                .text(Cell::new(row, 1), holds.as_str(), Style::new(Look::Text));
            self.sheet.heights.insert(row, f64::from(widths::height(1)));
            self.end = self.end.max(row + 1);
        }
    }

    /// A table with its heading.
    fn table(&mut self, ready: &mut RenderedTable<'_>, mut row: u32, part: Pass) {
        let section = ready.section();
        let last = self.tables.saturating_sub(1);
        let (from, last) = match section.spans.is_empty() {
            true => (0, last),
            false => ready.place().across(),
        };
        if !section.heading.is_empty() {
            let none = if ready.place().entries == 0 {
                "（无）"
            } else {
                ""
            };
            self.across(
                row,
                from,
                last,
                &format!("{}{none}", section.heading),
                Look::Section,
            );
            let height = if section.spans.is_empty() { 24.0 } else { 18.0 };
            self.sheet.heights.insert(row, height);
            row += 1;
        }
        if !section.note.is_empty() {
            let across: u32 = self.widths.iter().take(usize::from(self.tables)).sum();
            self.across(row, from, last, &section.note, Look::Note);
            let height = widths::height(widths::lines(&section.note, across));
            self.sheet.heights.insert(row, f64::from(height));
        }
        ready.draw(&mut self.sheet, &self.widths, last, part);
        marks::add(&mut self.sheet, ready);
        self.end = self.end.max(ready.place().bottom() + 1);
    }

    /// Charts below a table.
    fn band(&mut self, places: &Places, charts: &[super::ChartPlan], row: u32, place: &SheetPlace) {
        let next = place.items.iter().copied().find(|&r| r > row);
        let end = next.unwrap_or(place.end);
        for covered in row..end {
            self.sheet.heights.insert(covered, f64::from(ROW));
        }
        let under = self.widths.get(..usize::from(self.tables));
        let drawn = chart::band(places, charts, row, under.unwrap_or(&self.widths));
        self.sheet.charts.extend(drawn);
        self.end = self.end.max(end);
    }

    /// What scrolls, filters and prints.
    fn finish(
        &mut self,
        report: &Report<'_>,
        plan: &SheetPlan,
        place: &SheetPlace,
        tables: &[RenderedTable<'_>],
    ) {
        let room = pages::room(self.paper());
        let last = self.last();
        let end = self.end.max(place.items.last().map_or(2, |row| row + 1));
        // The longest table, and of equal ones the first.
        let main = tables.iter().rev().max_by_key(|one| one.place().entries);
        if let Some(main) = main {
            let at = main.place();
            let right = at.right();
            if plan.filter && at.columns > 2 {
                self.sheet.filter = Some(Area::new(
                    Cell::new(at.header, 0),
                    Cell::new(at.last(), right),
                ));
            }
            let row = match tables {
                [_] => at.first(),
                _ => 2,
            };
            self.sheet.freeze = Some(Cell::new(row, self.held(main)));
        }
        let pack = &report.policy.pack;
        self.sheet.page = Page {
            landscape: true,
            repeat_rows: if plan.one_page {
                None
            } else {
                pages::repeated(&self.sheet, tables, room)
            },
            fit_width: true,
            one_page: plan.one_page,
            footer_left: match plan.tab {
                Some(Tab::Leading) => SIGNED.to_owned(),
                _ => short(&pack.title),
            },
            footer_right: format!("{} {}", plan.name, report.today),
            area: Some(Area::new(
                Cell::new(0, 0),
                Cell::new(end.saturating_sub(1), last),
            )),
            breaks: if plan.one_page {
                Vec::new()
            } else {
                pages::breaks(&self.sheet, place, room)
            },
        };
    }

    /// Columns that stay when a wide sheet scrolls: up to the name of the row.
    fn held(&self, main: &RenderedTable<'_>) -> u16 {
        let total: u32 = self.widths.iter().sum();
        if total < 140 {
            return 0;
        }
        let names = ["name", "@unit_name", "label", "@entry"];
        let columns = &main.table().columns;
        (0u16..4)
            .zip(columns)
            .filter(|(_, column)| names.contains(&column.id.as_str()))
            .map(|(at, _)| at + 1)
            .max()
            .unwrap_or(0)
    }
}

/// The column after the last of all tables.
fn tables_end(tables: &[RenderedTable<'_>]) -> u16 {
    let ends = tables.iter().map(|ready| {
        let place = ready.place();
        place.columns.saturating_add(place.gap)
    });
    ends.max().unwrap_or(0)
}

/// A text for the footer, which holds little.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Whether some column holds amounts.
fn has_money(tables: &[RenderedTable<'_>]) -> bool {
    tables
        .iter()
        .flat_map(|ready| &ready.table().columns)
        .any(|column| column.format == Format::Money)
}
