//! The ledger of who helps whom (clause 7.2), grouped both ways: by household
//! with all its helpers, and by helper with all it helps.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::keys::{Keys, Pair, pair, text};
use super::metrics::{column, counted, detail};
use crate::book::{
    Book, CellInput, CellRef, ColumnRef, ColumnStore, Comparison, Criterion, Expr, Format, Table,
};
use crate::policy::{Pairing, Policy};
use crate::reconcile::{Class, Reconciled};
use crate::roster::Roster;
use crate::several::{at_once, width};

/// What all entries of a pair say together.
#[derive(Default)]
struct Together<'a> {
    measures: Vec<Cow<'a, str>>,
    results: Vec<Cow<'a, str>>,
    rows: Vec<usize>,
}

/// Adds the tables `ledger:households` and `ledger:helpers`.
pub fn add(
    book: &mut Book,
    policy: &Policy,
    roster: &Roster,
    reconciled: &Reconciled,
    keys: &Keys,
) {
    let Some(rule) = &policy.reconcile.pairing else {
        return;
    };
    let pairs = pairs(rule, roster, reconciled);
    let mut by_household: Vec<&Pair<'_>> = pairs.keys().collect();
    by_household.sort();
    let mut by_helper = by_household.clone();
    by_helper.sort_by(|a, b| (&a.helper, &a.household).cmp(&(&b.helper, &b.household)));
    let tables = [
        ("ledger:households", by_household, "household"),
        ("ledger:helpers", by_helper, "helper"),
    ];
    let next = book.next();
    // The longest tables after the entries themselves: both at once. Whether there
    // are entries to lead to is the same for both.
    let made = at_once(tables.len(), width(), |at| {
        let (id, order, by) = tables.get(at)?;
        table(book, next + at, rule, (id, by), order, &pairs, keys)
    });
    for table in made.into_iter().flatten() {
        book.add(table);
    }
}

fn pairs<'a>(
    rule: &Pairing,
    roster: &'a Roster,
    reconciled: &'a Reconciled,
) -> FxHashMap<Pair<'a>, Together<'a>> {
    let mut pairs: FxHashMap<Pair<'_>, Together<'_>> = FxHashMap::default();
    let mut row = 0;
    for (entry, class, _) in reconciled.entries().filter(|(e, ..)| e.form == rule.form) {
        row += 1;
        if class != Class::Counted {
            continue;
        }
        let together = pairs.entry(pair(rule, roster, entry)).or_default();
        together.measures.push(text(entry, &rule.measures));
        together.results.push(text(entry, &rule.result));
        together.rows.push(row - 1);
    }
    pairs
}

/// The table that will have this index.
fn table(
    book: &Book,
    index: usize,
    rule: &Pairing,
    (id, by): (&str, &str),
    order: &[&Pair<'_>],
    pairs: &FxHashMap<Pair<'_>, Together<'_>>,
    keys: &Keys,
) -> Option<Table> {
    let mut table = Table::new(id);
    if by == "helper" {
        table.column("unit", "帮扶人单位", Format::Text);
        table.column("helper", "帮扶人", Format::Text);
        table.column("village", "村", Format::Text);
        table.column("household", "户主", Format::Text);
    } else {
        table.column("village", "村", Format::Text);
        table.column("household", "户主", Format::Text);
        table.column("unit", "帮扶人单位", Format::Text);
        table.column("helper", "帮扶人", Format::Text);
    }
    table.column("household_key", "户编号", Format::Centre);
    table.column("helper_key", "人编号", Format::Centre);
    table.column("measures", "帮扶措施", Format::Text);
    table.column("result", "帮扶成效", Format::Text);
    table.column("count", "记录数", Format::Integer);
    let (count, header) = match by {
        "helper" => ("households_of_helper", "此人帮扶户数"),
        _ => ("helpers_of_household", "此户帮扶人数"),
    };
    table.column(count, header, Format::Integer);
    table.column("type", "帮扶形式", Format::Centre);
    table.column("entry", "首条明细", Format::Centre);
    let details = book.find(&detail(&rule.form))?;
    let here = |id: &str| table.own(index, id);
    let own = |id: &str| {
        let CellRef { table, column, .. } = here(id);
        ColumnRef { table, column }
    };
    let mut rows = ColumnStore::of(&table).leading(table.find("entry")?, details);
    let entries = rows.figure(Expr::CountIfs(vec![
        counted(book, &rule.form)?,
        Criterion::equal(
            column(book, &rule.form, "@household")?,
            Expr::Cell(here("household_key")),
        ),
        Criterion::equal(
            column(book, &rule.form, "@helper")?,
            Expr::Cell(here("helper_key")),
        ),
    ]));
    // Whoever shares the household (or the helper) in this table, as far as an
    // entry of the pair still counts.
    let (shared, word) = match by {
        "helper" => ("helper_key", ["一人一户", "一人多户"]),
        _ => ("household_key", ["一对一", "多对一"]),
    };
    let live = Criterion {
        column: own("count"),
        comparison: Comparison::AtLeast,
        with: Expr::whole(1),
    };
    let same = Criterion::equal(own(shared), Expr::Cell(here(shared)));
    let together_with = rows.figure(Expr::CountIfs(vec![same, live]));
    let several = Expr::compare(
        Comparison::MoreThan,
        Expr::Cell(here(count)),
        Expr::whole(1),
    );
    let kind = rows.figure(Expr::when(
        several,
        Expr::text(word[1]),
        Expr::text(word[0]),
    ));
    for pair in order {
        let together = pairs.get(*pair)?;
        let [household_key, helper_key] = keys.of(pair);
        rows.push(
            |at| match table.columns.get(at).map_or("", |of| of.id.as_str()) {
                "village" => CellInput::text(&pair.household.0),
                "household" => CellInput::text(&pair.household.1),
                "unit" => CellInput::text(&pair.helper.0),
                "helper" => CellInput::text(&pair.helper.1),
                "measures" => CellInput::Text(joined(&together.measures)),
                "result" => CellInput::Text(joined(&together.results)),
                "count" => CellInput::Figure(entries),
                "type" => CellInput::Figure(kind),
                "entry" => match together.rows.first() {
                    Some(&row) => CellInput::Row(row),
                    None => CellInput::Empty,
                },
                "household_key" => CellInput::text(household_key),
                "helper_key" => CellInput::text(helper_key),
                id if id == count => CellInput::Figure(together_with),
                _ => CellInput::Empty,
            },
        );
    }
    table.packed = Some(rows.done());
    Some(table)
}

/// Different texts after each other, as far as a reader of a list will go; the
/// whole of them stands in the entries.
fn joined<'t>(texts: &[Cow<'t, str>]) -> Cow<'t, str> {
    const MOST: usize = 300;
    let mut kept: Vec<&Cow<'t, str>> = Vec::new();
    let mut letters = 0;
    for text in texts {
        if !kept.contains(&text) {
            letters += text.chars().count() + 1;
            kept.push(text);
        }
        if letters > MOST + 1 {
            break;
        }
    }
    let whole = match kept.as_slice() {
        [] => Cow::Borrowed(""),
        [one] => Cow::clone(one),
        several => {
            let several: Vec<&str> = several.iter().map(|text| &***text).collect();
            Cow::Owned(several.join("\u{FF1B}"))
        }
    };
    if whole.len() <= MOST || whole.chars().count() <= MOST {
        return whole;
    }
    let start: String = whole.chars().take(MOST).collect();
    format!("{start}……\u{FF08}全文见明细\u{FF09}").into()
}
