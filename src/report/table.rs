//! Turns a table of the book into cells: facts as they are, expressions as
//! formulas with their exact result, links to where the other table stands.

mod choices;

use rustc_hash::FxHashMap;

use super::content::{Writer, leads, styled};
use super::place::{Places, TablePlace};
use super::plan::{Section, look};
use super::widths::{self, Need};
use super::{Report, ReportError};
use crate::book::{CellRef, Evaluator, Format, Placement, Table, View};
use crate::policy::Policy;
use crate::ruling::{RulingForms, choices as choices_of};
use crate::sheet::{Area, Cell, Content, Look, Rule, SheetOf, Style, Validation};

/// Words as long as what an empty cell should have room for.
const ROOM: &str = "不影响计算";

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// Only how high the rows are.
    Heights,
    /// Everything.
    Whole,
}

/// A table whose cells are known but not yet drawn.
pub(super) struct RenderedTable<'a> {
    policy: &'a Policy,
    section: &'a Section,
    table: &'a Table,
    place: &'a TablePlace,
    /// The lists from which the cells of columns are chosen: sheet and cells.
    lists: Vec<(&'a str, String, Area)>,
    rows: Vec<Vec<(Content, Style)>>,
    /// Where figures lead, by row and column: sheet and cells.
    links: FxHashMap<(usize, usize), (String, Area)>,
    /// Room that the columns of a long table need; its rows are not here.
    long: Option<&'a [Need]>,
}

impl<'a> RenderedTable<'a> {
    /// Works out the cells of a table.
    pub fn new(
        report: &Report<'a>,
        places: &'a Places,
        evaluator: &Evaluator<'_>,
        section: &'a Section,
    ) -> Result<Option<Self>, ReportError> {
        let (Some(place), Some(table)) = (
            places.table(section.table),
            report.book.tables.get(section.table),
        ) else {
            return Ok(None);
        };
        let mut ready = RenderedTable {
            policy: report.policy,
            section,
            table,
            place,
            lists: section
                .choices
                .iter()
                .filter_map(|(column, from)| {
                    let (sheet, area) = places.column(*from)?;
                    Some((column.as_str(), sheet.to_owned(), area))
                })
                .collect(),
            rows: Vec::new(),
            links: FxHashMap::default(),
            long: places.needs(section.table),
        };
        if ready.long.is_some() {
            return Ok(Some(ready));
        }
        let writer = Writer {
            places,
            evaluator,
            live: report.live,
        };
        let styles = ready.styles();
        for row in 0..table.height() {
            let mut cells = Vec::with_capacity(table.columns.len());
            for column in 0..table.columns.len() {
                let at = CellRef {
                    table: section.table,
                    row,
                    column,
                };
                let Some(view) = table.view(row, column) else {
                    break;
                };
                let content = writer.content(&view, at, place)?;
                let style = ready.style(&view, &content, row, styles.get(column));
                let of = table.columns.get(column);
                if let Content::Formula { .. } = content
                    && of.is_none_or(|of| leads(&of.id))
                    && let Some(lead) = evaluator.leads(at)
                    && let Some(link) = places.lead(lead)
                {
                    let (sheet, area) = link;
                    ready.links.insert((row, column), (sheet.to_owned(), area));
                }
                cells.push((content, style));
            }
            ready.rows.push(cells);
        }
        Ok(Some(ready))
    }

    /// How the cells of each column look, unless they are totals, and its format.
    fn styles(&self) -> Vec<(Style, Format)> {
        let section = self.section;
        let columns = self.table.columns.iter();
        let style = columns.map(|column| {
            let own = section.look(column);
            let input = section.inputs.contains(&column.id);
            let style = Style {
                input,
                ..Style::new(own)
            };
            (style, column.format)
        });
        style.collect()
    }

    /// How a cell looks.
    fn style(
        &self,
        view: &View<'_>,
        content: &Content,
        row: usize,
        of_column: Option<&(Style, Format)>,
    ) -> Style {
        let plain = (Style::new(Look::Text), Format::Text);
        let (style, format) = of_column.copied().unwrap_or(plain);
        let total = row >= self.entries();
        let style = Style {
            input: !total && style.input,
            total,
            ..style
        };
        let styled = styled(view.own(), content, style, format);
        match self.section.large && row == 0 && format != Format::Text {
            true => Style {
                look: Look::Figure,
                ..styled
            },
            false => styled,
        }
    }

    /// Rows that are no totals.
    fn entries(&self) -> usize {
        self.table.height().saturating_sub(self.table.totals)
    }

    /// Takes the table into account for the widths of the sheet's columns.
    pub fn need(&self, needs: &mut Vec<Need>) {
        let count = self.table.columns.len();
        let measured = if self.section.stretch {
            count.saturating_sub(1)
        } else {
            count
        };
        if !self.place.spans.is_empty() {
            return;
        }
        let width = usize::from(self.place.columns + self.place.gap);
        if needs.len() < width {
            needs.resize(width, Need::default());
        }
        for (number, column) in self.table.columns.iter().enumerate().take(measured) {
            let Some(at) = self.place.column(number).map(usize::from) else {
                continue;
            };
            let Some(need) = needs.get_mut(at) else {
                continue;
            };
            need.header(&column.header);
            // Where the office writes words there must be room for them.
            let is_input = self.section.inputs.contains(&column.id);
            if is_input && column.format == Format::Text {
                need.cell(Look::Text, ROOM);
            }
            if let Some(own) = self.long.and_then(|needs| needs.get(number)) {
                need.firm = need.firm.max(own.firm);
                need.soft = need.soft.max(own.soft);
            }
            for (content, style) in self.rows.iter().filter_map(|row| row.get(number)) {
                need.cell(style.look, &widths::shown(content, style.look));
            }
        }
    }

    /// Draws headers and rows. `last` is the last column that a stretched
    /// table reaches. What is drawn whole is moved to the sheet.
    pub fn draw(&mut self, sheet: &mut SheetOf<'_>, widths: &[u32], last: u16, part: Pass) {
        let mut headers: Vec<(Content, Style)> = self
            .table
            .columns
            .iter()
            .map(|c| (Content::Text(c.header.clone()), Style::new(Look::Header)))
            .collect();
        if self.place.headed {
            self.line(sheet, self.place.header, &mut headers, widths, last, part);
        }
        if self.place.entries == 0 {
            let mut blanks: Vec<(Content, Style)> = self
                .table
                .columns
                .iter()
                .map(|c| (Content::Blank, Style::new(look(c.format))))
                .collect();
            self.line(sheet, self.place.first(), &mut blanks, widths, last, part);
        }
        if part == Pass::Whole {
            self.validate(sheet);
            for ((row, number), link) in std::mem::take(&mut self.links) {
                if let (Some(at), Some(column)) = (self.place.row(row), self.place.column(number)) {
                    sheet.links.insert(Cell::new(at, column), link);
                }
            }
        }
        let mut rows = std::mem::take(&mut self.rows);
        for (row, cells) in rows.iter_mut().enumerate() {
            if let Some(at) = self.place.row(row) {
                self.line(sheet, at, cells, widths, last, part);
            }
        }
        if part == Pass::Heights {
            self.rows = rows;
        }
    }

    /// Draws a row and sets its height.
    fn line(
        &self,
        sheet: &mut SheetOf<'_>,
        row: u32,
        cells: &mut [(Content, Style)],
        widths: &[u32],
        last: u16,
        part: Pass,
    ) {
        let mut most = 1;
        let down = self.place.rows_at(row);
        let count = cells.len();
        for (number, (content, style)) in cells.iter_mut().enumerate() {
            let Some(column) = self.place.column(number) else {
                continue;
            };
            let at = Cell::new(row, column);
            let ends = number + 1 == count;
            let to = if self.section.stretch && ends {
                last.max(column)
            } else {
                self.place.last_column(number).unwrap_or(column)
            };
            let end = Cell::new(row + down - 1, to);
            if at != end && part == Pass::Whole {
                for below in row..=end.row {
                    for covered in column..=to {
                        sheet.put(Cell::new(below, covered), Content::Blank, *style);
                    }
                }
                sheet.merges.push(Area::new(at, end));
            }
            let across: u32 = widths
                .iter()
                .skip(usize::from(column))
                .take(usize::from(to - column) + 1)
                .sum();
            if style.look == Look::Figure {
                most = most.max(2);
            } else if style.look.wraps() && down == 1 {
                let text = widths::shown(content, style.look);
                most = most.max(widths::lines(&text, across));
            }
            if part == Pass::Whole {
                let content = std::mem::replace(content, Content::Blank);
                sheet.put(at, content, *style);
            }
        }
        // What stands beside it may be taller.
        let height = match self.place.spans.is_empty() {
            true => widths::height(most),
            // A page by itself has no room between lines.
            false => most * widths::LINE,
        };
        let height = f64::from(height);
        for row in row..row + down {
            let before = sheet.heights.get(&row).copied().unwrap_or(0.0);
            sheet.heights.insert(row, height.max(before));
        }
    }

    /// Drop-downs for what the office may choose.
    fn validate(&self, sheet: &mut SheetOf<'_>) {
        choices::add(sheet, self);
        if !self.section.inputs.iter().any(|input| input == "@counted") {
            return;
        }
        let found = self.table.find("@counted");
        let Some(column) = found.and_then(|at| self.place.column(at)) else {
            return;
        };
        sheet.validations.push(Validation {
            area: self.place.area(column, column),
            rule: Rule::List(vec!["是".to_owned(), "否".to_owned()]),
            prompt_title: "是否计入".to_owned(),
            prompt:
                "“是”参与计算，“否”不参与；改后各表随之重算。长期有效的改动请让填报单位改正后重报。"
                    .to_owned(),
            error_title: "只能选是或否".to_owned(),
            error: "请从下拉列表选择“是”或“否”。".to_owned(),
            warn_only: false,
        });
    }

    /// The table.
    pub fn table(&self) -> &Table {
        self.table
    }

    /// The lists from which the fields of a form of rulings are chosen, by field.
    pub fn lists(&self, form: &str) -> Vec<(String, Vec<String>)> {
        let forms = RulingForms::new();
        let mut forms = [forms.adjustments, forms.nominations, forms.exemptions].into_iter();
        let Some(form) = forms.find(|one| one.id == form) else {
            return Vec::new();
        };
        let ids = form.fields.keys();
        let lists = ids.map(|id| (id.clone(), choices_of(self.policy, &form, id)));
        lists.filter(|(_, items)| !items.is_empty()).collect()
    }

    /// The cells from which those of some columns are chosen: sheet and cells, by the
    /// column.
    pub fn chosen(&self) -> &[(&'a str, String, Area)] {
        &self.lists
    }

    /// What a cell of the book's table holds.
    pub fn content(&self, row: usize, column: usize) -> Option<&Content> {
        self.rows.get(row)?.get(column).map(|(content, _)| content)
    }

    /// Where it stands.
    pub fn place(&self) -> &TablePlace {
        self.place
    }

    /// The section that it belongs to.
    pub fn section(&self) -> &Section {
        self.section
    }
}
