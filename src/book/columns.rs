//! The rows of a long table, packed. There may be half a million of them with
//! thirty cells each, and most cells say what many others say: a text is held
//! once, a figure that is the same in many rows too, and a row is the numbers of
//! what stands in it.

use std::borrow::Cow;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::expr::{CellRef, Expr};
use super::index::{ColumnIndex, Lookups};
use super::interned::{Interned, Words};
use super::{Format, Slot, Table, View};
use crate::sheet::Scalar;

/// Marks the number of a text that stands in a column of another format.
const TYPED: u32 = 1 << 31;
/// Marks the number of a figure.
const FIGURE: u32 = 1 << 30;
/// The number of a row to which nothing leads.
const NOWHERE: u32 = u32::MAX;

/// The rows of a long table, none of them totals.
#[derive(Debug, Clone)]
pub struct ColumnStore {
    /// What stands in cells, each once, as long as rows are added.
    kept: IndexSet<Interned, FxBuildHasher>,
    /// The same from then on.
    facts: Vec<Scalar>,
    figures: Vec<Expr>,
    columns: Vec<StoredColumn>,
    /// Whether a column holds figures beside facts.
    mixed: Vec<bool>,
    height: usize,
    /// What is looked up in each column: the same for all who work with the book.
    looked: Vec<Lookups>,
}

/// A column of packed rows.
#[derive(Debug, Clone)]
pub enum StoredColumn {
    /// For each row the number of what stands there.
    Codes(Vec<u32>),
    /// The same figure in each row, which looks at nothing but its own row.
    Figures(Expr),
    /// A running number after that of a form: `MX8-0001`.
    Numbers(String),
    /// For each row that of another table to which it leads, as a link that says
    /// its number.
    Links(usize, Vec<u32>),
}

/// The number of a figure that may stand in many rows.
#[derive(Debug, Clone, Copy)]
pub struct FigureOf(u32);

/// What stands in the cells of a row, from the first column on; nothing for
/// columns whose cells follow from their place.
pub enum CellInput<'e> {
    /// Nothing.
    Empty,
    /// A text.
    Text(Cow<'e, str>),
    /// A text in a column of another format.
    Typed(String),
    /// A number or a day.
    Scalar(Scalar),
    /// A figure.
    Figure(FigureOf),
    /// A link to a row, in a column of such.
    Row(usize),
}

impl ColumnStore {
    /// No rows yet, in such columns; those with codes empty.
    pub fn new(columns: Vec<StoredColumn>) -> Self {
        let mut kept = IndexSet::default();
        // An empty cell is number 0.
        kept.insert(Interned(Scalar::Empty));
        ColumnStore {
            kept,
            facts: Vec::new(),
            figures: Vec::new(),
            mixed: vec![false; columns.len()],
            looked: columns.iter().map(|_| Lookups::default()).collect(),
            columns,
            height: 0,
        }
    }

    /// No rows yet, in the columns of a table that may hold facts and figures alike.
    pub fn of(table: &Table) -> Self {
        let columns = table.columns.iter();
        ColumnStore::new(columns.map(|_| StoredColumn::Codes(Vec::new())).collect())
    }

    /// The same, one of whose columns leads to rows of another table.
    pub fn leading(mut self, column: usize, to: usize) -> Self {
        if let Some(stack) = self.columns.get_mut(column) {
            *stack = StoredColumn::Links(to, Vec::new());
        }
        self
    }

    /// How many rows there are.
    pub fn height(&self) -> usize {
        self.height
    }

    /// A figure that may stand in many rows. What it looks at in its own row is
    /// named by [`OWN_ROW`](super::expr::OWN_ROW).
    pub fn figure(&mut self, figure: Expr) -> FigureOf {
        self.figures.push(figure);
        FigureOf(numbered(self.figures.len() - 1))
    }

    /// Adds a row: what stands in each column that holds codes or links, in their
    /// order.
    pub fn push<'e>(&mut self, mut cells: impl FnMut(usize) -> CellInput<'e>) {
        debug_assert!(self.facts.is_empty(), "done already");
        for (at, column) in self.columns.iter_mut().enumerate() {
            match column {
                StoredColumn::Codes(codes) => {
                    let before = codes.last().copied();
                    let code = code(&mut self.kept, before, cells(at));
                    if let Some(mixed) = self.mixed.get_mut(at) {
                        *mixed |= is_figure(code);
                    }
                    codes.push(code);
                }
                StoredColumn::Links(_, rows) => rows.push(match cells(at) {
                    CellInput::Row(row) => u32::try_from(row).unwrap_or(NOWHERE),
                    other => {
                        debug_assert!(matches!(other, CellInput::Empty), "no link");
                        NOWHERE
                    }
                }),
                StoredColumn::Figures(_) | StoredColumn::Numbers(_) => {}
            }
        }
        self.height += 1;
    }

    /// Puts the rows in another order: that with these numbers. Running numbers stay
    /// where they are.
    pub fn sort(&mut self, order: &[usize]) {
        // What was looked up stood in other rows.
        self.looked.fill_with(Lookups::default);
        for column in &mut self.columns {
            if let StoredColumn::Codes(of) | StoredColumn::Links(_, of) = column {
                let sorted = order.iter().filter_map(|row| of.get(*row).copied());
                *of = sorted.collect();
            }
        }
    }

    /// The number of the figure that stands in a cell, if one does: where it is the
    /// same, so is the figure.
    pub fn figure_at(&self, row: usize, column: usize) -> Option<usize> {
        match self.columns.get(column)? {
            StoredColumn::Codes(codes) => {
                let code = *codes.get(row)?;
                is_figure(code).then_some((code & !FIGURE) as usize)
            }
            StoredColumn::Figures(_) => Some(self.figures.len() + column),
            StoredColumn::Numbers(_) | StoredColumn::Links(..) => None,
        }
    }

    /// Rows whose cells in a column say all that any of its cells say.
    pub fn telling_rows(&self, column: usize) -> Vec<usize> {
        let Some(codes) = self.codes(column) else {
            return (0..self.height).collect();
        };
        let mut seen = FxHashSet::default();
        let rows = codes.iter().enumerate();
        // What figures come to differs from row to row.
        let first = rows.filter(|(_, code)| is_figure(**code) || seen.insert(**code));
        first.map(|(row, _)| row).collect()
    }

    /// Whether there are figures that may look beyond their own row, or links.
    pub fn leads_somewhere(&self) -> bool {
        let mut columns = self.columns.iter();
        !self.figures.is_empty() || columns.any(|column| matches!(column, StoredColumn::Links(..)))
    }

    /// What stands in a cell.
    pub fn view(&self, row: usize, column: usize) -> Option<View<'_>> {
        if row >= self.height {
            return None;
        }
        Some(match self.columns.get(column)? {
            StoredColumn::Codes(codes) => self.decode(*codes.get(row)?)?,
            StoredColumn::Figures(figure) => View::Figure(figure, None),
            StoredColumn::Links(table, rows) => match *rows.get(row)? {
                NOWHERE => View::Fact(Cow::Owned(Scalar::Empty), None),
                to => View::Link(
                    Cow::Owned((to + 1).to_string()),
                    CellRef {
                        table: *table,
                        row: to as usize,
                        column: 0,
                    },
                ),
            },
            StoredColumn::Numbers(prefix) => {
                let number = Scalar::Text(entry_number(prefix, row + 1));
                View::Fact(Cow::Owned(number), None)
            }
        })
    }

    /// What stands in the cells with a number.
    pub fn decode(&self, code: u32) -> Option<View<'_>> {
        if is_figure(code) {
            let figure = self.figures.get((code & !FIGURE) as usize)?;
            return Some(View::Figure(figure, None));
        }
        let scalar = self.fact(code & !TYPED)?;
        let format = (code & TYPED != 0).then_some(Format::Text);
        Some(View::Fact(Cow::Borrowed(scalar), format))
    }

    /// The numbers of what stands in a column; none if its cells follow from
    /// their place.
    pub fn codes(&self, column: usize) -> Option<&[u32]> {
        match self.columns.get(column)? {
            StoredColumn::Codes(codes) => Some(codes),
            _ => None,
        }
    }

    /// What is looked up in a column whose cells are the same for all who work
    /// with the book: facts, and figures that look at their own row only.
    pub(super) fn looked(&self, column: usize) -> Option<&Lookups> {
        match self.columns.get(column)? {
            StoredColumn::Codes(_) if *self.mixed.get(column)? => None,
            _ => self.looked.get(column),
        }
    }

    /// The numbers of the facts in a column, if it holds nothing else.
    fn facts(&self, column: usize) -> Option<&[u32]> {
        let mixed = *self.mixed.get(column)?;
        self.codes(column).filter(|_| !mixed)
    }

    /// The rows of a column of facts by what stands in them.
    pub(super) fn column(&self, column: usize) -> Option<ColumnIndex> {
        let codes = self.facts(column)?;
        // Of the same fact there is one, in whatever format it stands.
        let plain: Vec<u32> = codes.iter().map(|code| code & !TYPED).collect();
        let most = self.kept.len().max(self.facts.len());
        Some(ColumnIndex::of_codes(&plain, most, |code| self.fact(code)))
    }

    /// The fact with a number.
    fn fact(&self, code: u32) -> Option<&Scalar> {
        let building = || self.kept.get_index(code as usize).map(|kept| &kept.0);
        self.facts.get(code as usize).or_else(building)
    }

    /// Gives back what was set aside for more rows: none may be added from here on.
    pub fn done(mut self) -> Self {
        // Nothing is looked for any more, only looked at.
        let kept = std::mem::take(&mut self.kept);
        let mut facts = Vec::with_capacity(kept.len());
        facts.extend(kept.into_iter().map(|Interned(fact)| fact));
        self.facts = facts;
        for column in &mut self.columns {
            if let StoredColumn::Codes(of) | StoredColumn::Links(_, of) = column {
                of.shrink_to_fit();
            }
        }
        self
    }
}

/// Whether a number is that of a figure.
fn is_figure(code: u32) -> bool {
    code & FIGURE != 0
}

/// Number by which an entry is known on the sheets: the form's, then its own. With
/// letters first, since programs take `5-0001` for a day, and sum those of a month.
pub fn entry_number(form: &str, number: usize) -> String {
    format!("MX{form}-{number:04}")
}

/// The number of what is to stand in a cell, below a cell with a number.
fn code(
    kept: &mut IndexSet<Interned, FxBuildHasher>,
    before: Option<u32>,
    cell: CellInput<'_>,
) -> u32 {
    let (at, typed) = match cell {
        CellInput::Empty => (0, 0),
        CellInput::Text(text) if text.is_empty() => (0, 0),
        CellInput::Text(text) => {
            // Mostly the cell above says the same.
            let above = before.and_then(|before| Some((before, kept.get_index(before as usize)?)));
            match above {
                Some((before, Interned(Scalar::Text(above)))) if *above == *text => return before,
                _ => (of_text(kept, text), 0),
            }
        }
        CellInput::Typed(text) => (of_text(kept, Cow::Owned(text)), TYPED),
        CellInput::Scalar(scalar) => (kept.insert_full(Interned(scalar)).0, 0),
        CellInput::Figure(FigureOf(at)) => return at | FIGURE,
        CellInput::Row(_) => {
            debug_assert!(false, "a link stands in a column of links only");
            (0, 0)
        }
    };
    numbered(at) | typed
}

/// A number below the marks. A thousand million different texts or figures would take
/// more memory than there is long before.
fn numbered(at: usize) -> u32 {
    debug_assert!(at < FIGURE as usize, "too many");
    u32::try_from(at).unwrap_or(0)
}

fn of_text(kept: &mut IndexSet<Interned, FxBuildHasher>, text: Cow<'_, str>) -> usize {
    match kept.get_index_of(&Words(&text)) {
        Some(at) => at,
        None => {
            kept.insert_full(Interned(Scalar::Text(text.into_owned())))
                .0
        }
    }
}

impl<'e> CellInput<'e> {
    /// A text.
    pub fn text(text: &'e str) -> Self {
        CellInput::Text(Cow::Borrowed(text))
    }

    /// The same as a slot of its own.
    pub fn slot(self) -> Slot {
        match self {
            CellInput::Empty => Slot::Fact(Scalar::Empty),
            CellInput::Text(text) => Slot::text(text),
            CellInput::Typed(text) => Slot::FormattedFact(Scalar::Text(text), Format::Text),
            CellInput::Scalar(scalar) => Slot::Fact(scalar),
            // These have a place in packed rows only.
            CellInput::Figure(_) | CellInput::Row(_) => Slot::Fact(Scalar::Empty),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test")]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        let numbers = ["1.5", "1.50", "0"].map(|text| text.parse::<Decimal>().unwrap());
        let facts: Vec<Scalar> = numbers
            .into_iter()
            .map(Scalar::Number)
            .chain(["甲", "1.5", "甲"].map(|text| Scalar::Text(text.to_owned())))
            .chain([Scalar::Date(jiff::civil::date(2018, 5, 1)), Scalar::Empty])
            .collect();
        let mut packed = ColumnStore::new(vec![
            StoredColumn::Numbers("8".to_owned()),
            StoredColumn::Codes(Vec::new()),
        ]);
        for fact in &facts {
            packed.push(|_| match fact {
                Scalar::Text(text) => CellInput::Text(Cow::Borrowed(text)),
                other => CellInput::Scalar(other.clone()),
            });
        }
        let packed = packed.done();
        for (row, fact) in facts.iter().enumerate() {
            let Some(View::Fact(found, None)) = packed.view(row, 1) else {
                panic!("row {row}");
            };
            // 1.5 and 1.50 are the same number and not the same text.
            assert_eq!(format!("{found:?}"), format!("{fact:?}"));
        }
        let codes = packed.codes(1).unwrap();
        assert_eq!(codes[3], codes[5]);
        assert_ne!(codes[0], codes[1]);
        assert_ne!(codes[0], codes[4]);
        let Some(View::Fact(number, None)) = packed.view(2, 0) else {
            panic!("no number");
        };
        assert_eq!(*number, Scalar::Text("MX8-0003".to_owned()));
        assert!(packed.view(facts.len(), 1).is_none());
    }
}
