//! 成绩单: all about one unit on a page. In the consolidated workbook the unit is chosen
//! in a cell, and everything looks it up; on the cards that are handed out it is fixed.
//! The same expressions serve both.

mod head;
mod items;
mod judged;
mod money;
mod open;

use super::lookups::said;
use super::metrics::sure;
use super::units::pick;
use crate::book::{Book, CellRef, Expr, Reader, Table};
use crate::policy::{Policy, UnitKind};
use crate::roster::{Roster, Unit};

pub use open::note;

/// How the ids of the tables of a card begin, that of the chosen unit.
const CHOSEN: &str = "card:";

/// How the ids of the tables of a unit's own card begin.
pub fn own_tables(unit: &Unit) -> String {
    format!("card@{}:", unit.code)
}

/// A card being made.
struct Card<'a> {
    book: &'a Book,
    policy: &'a Policy,
    /// How the ids of its tables begin.
    prefix: String,
    /// The kinds of which the unit may be.
    kinds: Vec<&'a UnitKind>,
    /// What stands in the cell of the unit.
    unit: String,
    /// What is said of whether all this is final; the first page says it, if nothing.
    state: Option<&'a str>,
    /// The table with the cells of the unit, once it is there.
    head: usize,
}

/// Adds the tables of the card on which a unit is chosen; at first the unit with rank 1
/// of the first kind.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster) {
    let Some(first) = first(book, policy, roster) else {
        return;
    };
    let kinds: Vec<&UnitKind> = policy.unit_kinds.values().collect();
    add_tables(book, policy, CHOSEN, &kinds, pick(first), None);
}

/// Adds the tables of a unit's own card. `state` says whether all this is final.
pub fn add_own(book: &mut Book, policy: &Policy, unit: &Unit, state: &str) {
    let kinds: Vec<&UnitKind> = policy.unit_kinds.get(&unit.kind).into_iter().collect();
    let prefix = own_tables(unit);
    add_tables(book, policy, &prefix, &kinds, pick(unit), Some(state));
}

/// The unit that is shown at first.
fn first<'r>(book: &Book, policy: &Policy, roster: &'r Roster) -> Option<&'r Unit> {
    let mut kinds = policy
        .unit_kinds
        .keys()
        .map(|kind| format!("ranking:{kind}"));
    let ranking = kinds.find(|id| book.find(id).is_some());
    let reader = Reader::new(book);
    let code = ranking.and_then(|id| reader.rows(&id).next().map(|row| row.text("code")));
    let ranked = code.and_then(|code| roster.unit(&code));
    ranked.or_else(|| roster.units().next())
}

fn add_tables(
    book: &mut Book,
    policy: &Policy,
    prefix: &str,
    kinds: &[&UnitKind],
    unit: String,
    state: Option<&str>,
) {
    let head = book.next();
    for make in [
        head::head,
        head::state,
        items::items,
        items::sum,
        judged::vetoes,
        judged::awards,
        money::money,
        open::open,
    ] {
        let card = Card {
            book,
            policy,
            prefix: prefix.to_owned(),
            kinds: kinds.to_vec(),
            unit: unit.clone(),
            state,
            head,
        };
        if let Some(table) = make(&card) {
            book.add(table);
        }
    }
}

impl Card<'_> {
    /// A table of the card.
    fn table(&self, id: &str) -> Table {
        Table::new(format!("{}{id}", self.prefix))
    }

    /// Whether the unit is chosen in a cell.
    fn is_chosen(&self) -> bool {
        self.prefix == CHOSEN
    }

    /// A cell of the unit's head; of the table of that, the one that is made next.
    fn head(&self, id: &str) -> Expr {
        let column = head::COLUMNS.iter().position(|(of, ..)| *of == id);
        Expr::Cell(CellRef {
            table: self.head,
            row: 0,
            // No cell: no formula can be written of it, and the run stops.
            column: column.unwrap_or(usize::MAX),
        })
    }

    /// What the table of units says of the unit; nothing where none is chosen.
    fn of_unit(&self, id: &str) -> Expr {
        let found = sure(said(self.book, "units", "code", self.head("code"), id));
        self.if_chosen(found)
    }

    /// Something, unless no unit is chosen.
    fn if_chosen(&self, then: Expr) -> Expr {
        if !self.is_chosen() {
            return then;
        }
        let none = Expr::is(self.head("code"), "");
        Expr::when(none, Expr::text(""), then)
    }

    /// What is said of a unit of each kind; `otherwise` of those of which nothing is.
    fn by_kind(&self, of: impl Fn(&UnitKind) -> Option<Expr>, otherwise: &str) -> Expr {
        let otherwise = match otherwise {
            "" => Expr::text(""),
            words => self.if_chosen(Expr::text(words)),
        };
        if let ([kind], false) = (self.kinds.as_slice(), self.is_chosen()) {
            return of(kind).unwrap_or(otherwise);
        }
        let told = self.kinds.iter().rev();
        let told = told.filter_map(|kind| Some((kind, of(kind)?)));
        told.fold(otherwise, |otherwise, (kind, own)| {
            Expr::when(Expr::is(self.head("kind"), &kind.name), own, otherwise)
        })
    }

    /// What a table of a kind says of the unit in a column.
    fn of_kind(&self, table: &str, kind: &UnitKind, id: &str) -> Option<Expr> {
        let table = format!("{table}:{}", kind.id);
        said(self.book, &table, "code", self.head("code"), id)
    }

    /// The most that there is of something for any of the kinds.
    fn most(&self, count: impl Fn(&UnitKind) -> usize) -> usize {
        self.kinds.iter().map(|kind| count(kind)).max().unwrap_or(0)
    }
}
