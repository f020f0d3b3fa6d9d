//! The tables of entries, one per form: the facts on which everything else
//! stands. What their columns are is said in `entry_columns`, what stands in their
//! cells in `entry_cells`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::entry_cells::{EntryCells, Source};
use super::entry_columns::{EntryColumn, Places};
use super::metrics::detail;
use crate::book::{
    Book, CellRef, ColumnStore, OWN_ROW, Overlay, Slot, StoredColumn, Table, entry_number,
};
use crate::ledger::LedgerEntry;
use crate::policy::{Form, Policy};
use crate::reconcile::{Agreement, Class, Reconciled};
use crate::roster::Roster;
use crate::several::{largest_first, width};

/// Adds a table `detail:<form>` for each form of the units. Gives what makes
/// their rows.
pub fn add_details<'a>(
    book: &mut Book,
    reconciled: &Reconciled,
    policy: &'a Policy,
    roster: &'a Roster,
) -> Rows<'a> {
    let mut rows = Rows {
        policy,
        roster,
        forms: HashMap::new(),
    };
    let forms: Vec<&Form> = policy.intake_forms().collect();
    for (at, form) in forms.iter().enumerate() {
        let parts = EntryColumn::of(form, policy, unusual(form, reconciled));
        let table = book.next() + at;
        rows.forms
            .insert(form.id.clone(), FormRows { table, parts });
    }
    let mut counts = vec![0; forms.len()];
    for (entry, ..) in reconciled.entries() {
        let of = forms.iter().position(|form| form.id == entry.form);
        if let Some(count) = of.and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let agreements = agreements(reconciled);
    let made = largest_first(&counts, width(), |at| {
        let form = *forms.get(at)?;
        let of = rows.forms.get(&form.id)?;
        Some(table(of, form, &rows.source(reconciled), &agreements))
    });
    for table in made.into_iter().flatten() {
        book.add(table);
    }
    rows
}

/// What stands otherwise than usual among the entries of a form.
fn unusual(form: &Form, reconciled: &Reconciled) -> Places {
    let entries = reconciled.entries();
    let mut found = Places::default();
    for (entry, ..) in entries.filter(|(entry, ..)| entry.form == form.id) {
        found.other_sheet |= *entry.sheet != form.sheet;
        found.other_reporter |= entry.credited != entry.reporter;
    }
    found
}

/// How the gifts of entries agree with what the other side reports, by their index in
/// the ledger.
fn agreements(reconciled: &Reconciled) -> FxHashMap<usize, Agreement> {
    let comparisons = reconciled.comparisons().iter();
    let of_each = comparisons.flat_map(|one| {
        let entries = one.given.iter().chain(&one.received);
        entries.map(|&at| (at, one.agreement))
    });
    of_each.collect()
}

/// The table of a form.
fn table(
    of: &FormRows<'_>,
    form: &Form,
    source: &Source<'_>,
    agreements: &FxHashMap<usize, Agreement>,
) -> Table {
    let FormRows { table, parts } = of;
    let year = source.policy.pack.year;
    let mut packed = packed(parts, form, year, *table);
    let entries = source.reconciled.entries().enumerate();
    for (at, (entry, class, why)) in entries.filter(|(_, (entry, ..))| entry.form == form.id) {
        let of = EntryCells::new(source, form, entry, class, why);
        let of = of.agreeing(agreements.get(&at).copied());
        packed.push(|column| of.cell(parts.get(column)));
    }
    let mut table = Table::new(detail(&form.id));
    table.columns.extend(parts.iter().map(EntryColumn::column));
    table.printed = Some(EntryColumn::printed(parts));
    table.packed = Some(packed.done());
    table
}

/// No rows yet, in the columns of a form's table.
fn packed(parts: &[EntryColumn<'_>], form: &Form, year: i16, table: usize) -> ColumnStore {
    let own = |id: &str| {
        let column = parts.iter().position(|part| part.id() == id)?;
        Some(CellRef {
            table,
            row: OWN_ROW,
            column,
        })
    };
    let columns = parts.iter().map(|part| match part {
        EntryColumn::Entry => StoredColumn::Numbers(form.order.to_string()),
        part => match part.figure(form, year, &own) {
            Some(figure) => StoredColumn::Figures(figure),
            None => StoredColumn::Codes(Vec::new()),
        },
    });
    ColumnStore::new(columns.collect())
}

/// What more counts of rows, by table and number, than did: whose each is, one row
/// more or less, and its money.
pub type More = BTreeMap<(usize, usize), (String, (i32, Decimal))>;

/// Makes the rows of the tables of entries.
pub struct Rows<'a> {
    policy: &'a Policy,
    roster: &'a Roster,
    forms: HashMap<String, FormRows<'a>>,
}

/// The table of a form: its index and what its columns are.
struct FormRows<'a> {
    table: usize,
    parts: Vec<EntryColumn<'a>>,
}

impl<'a> Rows<'a> {
    fn source<'s>(&'s self, reconciled: &'s Reconciled) -> Source<'s> {
        Source {
            reconciled,
            policy: self.policy,
            roster: self.roster,
        }
    }

    /// A row by itself, as it would stand in the book.
    fn row(
        &self,
        book: &Book,
        form: &Form,
        number: usize,
        reconciled: &Reconciled,
        (entry, class, why): (&LedgerEntry, Class, &str),
    ) -> Option<((usize, usize), Vec<Slot>)> {
        let FormRows { table, parts } = self.forms.get(&form.id)?;
        let source = self.source(reconciled);
        let of = EntryCells::new(&source, form, entry, class, why);
        let packed = book.tables.get(*table)?.packed.as_ref()?;
        let cells = parts.iter().enumerate().map(|(column, part)| {
            match packed.codes(column) {
                Some(_) => of.cell(Some(part)).slot(),
                // What follows from its place is the same in any reconciliation.
                None => match packed.view(number, column) {
                    Some(view) => view.slot(),
                    None => Slot::text(""),
                },
            }
        });
        Some(((*table, number), cells.collect()))
    }

    /// The rows of entries whose class or amount is otherwise in another
    /// reconciliation of the same ledger, the units that they concern, and whose
    /// each row is with what more of it counts.
    pub fn differing(
        &self,
        book: &Book,
        before: &Reconciled,
        after: &Reconciled,
    ) -> (Overlay, BTreeSet<String>, More) {
        let mut overlay = Overlay::new();
        let mut units = BTreeSet::new();
        let mut more = More::new();
        let mut next: HashMap<&str, usize> = HashMap::new();
        for (old, new) in before.entries().zip(after.entries()) {
            let at = next.entry(&new.0.form).or_insert(0);
            let number = *at;
            *at += 1;
            let Some(form) = self.policy.forms.get(new.0.form.as_str()) else {
                continue;
            };
            if old.1 == new.1 && says_the_same(old.0, new.0) {
                continue;
            }
            let member = new.0.member.as_deref().and_then(|m| self.roster.member(m));
            units.extend(member.map(|member| member.unit.clone()));
            units.extend([old.0, new.0].map(|entry| entry.credited.to_string()));
            if let Some((key, cells)) = self.row(book, form, number, after, new) {
                let counts = |(entry, class, _): (&LedgerEntry, Class, &str)| {
                    let is_counted = class == Class::Counted;
                    let money = if is_counted {
                        entry.money(form)
                    } else {
                        Decimal::ZERO
                    };
                    (i32::from(is_counted), money)
                };
                let (was, is) = (counts(old), counts(new));
                let of = (is.0 - was.0, is.1 - was.1);
                more.insert(key, (new.0.credited.to_string(), of));
                overlay.insert(key, cells);
            }
        }
        (overlay, units, more)
    }
}

/// Whether what counts of an entry is the same.
fn says_the_same(old: &LedgerEntry, new: &LedgerEntry) -> bool {
    old.credited == new.credited
        && (Arc::ptr_eq(&old.values, &new.values) || old.values.iter().eq(new.values.iter()))
}

/// The numbers of all entries, in the order of the ledger: the form's, then
/// the entry's own.
pub fn entry_numbers<'a>(
    reconciled: &'a Reconciled,
    policy: &'a Policy,
) -> impl Iterator<Item = String> + use<'a> {
    let mut next: HashMap<&str, usize> = HashMap::new();
    reconciled.ledger().entries.iter().map(move |entry| {
        let row = next.entry(&entry.form).or_insert(0);
        *row += 1;
        let form = policy.forms.get(entry.form.as_str());
        form.map_or_else(String::new, |form| {
            entry_number(&form.order.to_string(), *row)
        })
    })
}

/// The first cell of each entry's row, in the order of the ledger.
pub fn entry_cells(book: &Book, reconciled: &Reconciled) -> Vec<Option<CellRef>> {
    let mut next: HashMap<&str, usize> = HashMap::new();
    let entries = reconciled.ledger().entries.iter();
    let cells = entries.map(|entry| {
        let row = next.entry(&entry.form).or_insert(0);
        *row += 1;
        Some(CellRef {
            table: book.find(&detail(&entry.form))?,
            row: *row - 1,
            column: 0,
        })
    });
    cells.collect()
}
