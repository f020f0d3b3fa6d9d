//! The ledger of who helps whom (clause 7.2), grouped both ways: by household
//! with all its helpers, and by helper with all it helps. It names what stands among
//! the entries, as of the run: a row for each pair that looked at all entries would be
//! as many looks as pairs times entries.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::metrics::detail;
use crate::book::{Book, CellInput, ColumnStore, Format, Table};
use crate::ledger::LedgerEntry;
use crate::policy::{Pairing, Policy};
use crate::reconcile::{Class, Reconciled};
use crate::roster::Roster;
use crate::several::{at_once, width};
use crate::sheet::Scalar;
use crate::value::Value;

/// A pair of household and helper; the fields in the order of sorting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Pair<'a> {
    /// Village and household.
    household: (Cow<'a, str>, Cow<'a, str>),
    /// Unit and helper.
    helper: (Cow<'a, str>, Cow<'a, str>),
}

/// What all entries of a pair say together.
#[derive(Default)]
struct Together<'a> {
    measures: Vec<Cow<'a, str>>,
    results: Vec<Cow<'a, str>>,
    rows: Vec<usize>,
}

/// Adds the tables `ledger:households` and `ledger:helpers`.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster, reconciled: &Reconciled) {
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
    // The longest tables after the entries themselves: both at once. Whether there
    // are entries to lead to is the same for both.
    let made = at_once(tables.len(), width(), |at| {
        let (id, order, by) = tables.get(at)?;
        table(book, rule, (id, by), order, &pairs)
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

fn table(
    book: &Book,
    rule: &Pairing,
    (id, by): (&str, &str),
    order: &[&Pair<'_>],
    pairs: &FxHashMap<Pair<'_>, Together<'_>>,
) -> Option<Table> {
    let mut table = Table::new(id);
    let by_helper = by == "helper";
    let household = [("village", "村"), ("household", "户主")];
    let helper = [("unit", "帮扶人单位"), ("helper", "帮扶人")];
    let sides = match by_helper {
        true => [helper, household],
        false => [household, helper],
    };
    for (id, header) in sides.into_iter().flatten() {
        table.column(id, header, Format::Text);
    }
    table.column("measures", "帮扶措施", Format::Text);
    table.column("result", "帮扶成效", Format::Text);
    table.column("count", "记录数", Format::Integer);
    let (count, header, words) = match by_helper {
        true => (
            "households_of_helper",
            "此人帮扶户数",
            ["一人一户", "一人多户"],
        ),
        false => ("helpers_of_household", "此户帮扶人数", ["一对一", "多对一"]),
    };
    table.column(count, header, Format::Integer);
    table.column("type", "帮扶形式", Format::Centre);
    table.column("entry", "首条明细", Format::Centre);
    let details = book.find(&detail(&rule.form))?;
    let mut rows = ColumnStore::of(&table).leading(table.find("entry")?, details);
    // Who shares the household (or the helper) stands together.
    let shared = |pair: &'_ &Pair<'_>, other: &'_ &Pair<'_>| match by_helper {
        true => pair.helper == other.helper,
        false => pair.household == other.household,
    };
    for group in order.chunk_by(shared) {
        let word = if group.len() > 1 { words[1] } else { words[0] };
        for pair in group {
            let together = pairs.get(*pair)?;
            let whole = |count: usize| CellInput::Scalar(Scalar::Number(count.into()));
            rows.push(
                |at| match table.columns.get(at).map_or("", |of| of.id.as_str()) {
                    "village" => CellInput::text(&pair.household.0),
                    "household" => CellInput::text(&pair.household.1),
                    "unit" => CellInput::text(&pair.helper.0),
                    "helper" => CellInput::text(&pair.helper.1),
                    "measures" => CellInput::Text(joined(&together.measures)),
                    "result" => CellInput::Text(joined(&together.results)),
                    "count" => whole(together.rows.len()),
                    "type" => CellInput::text(word),
                    "entry" => match together.rows.first() {
                        Some(&row) => CellInput::Row(row),
                        None => CellInput::Empty,
                    },
                    id if id == count => whole(group.len()),
                    _ => CellInput::Empty,
                },
            );
        }
    }
    table.packed = Some(rows.done());
    Some(table)
}

/// The pair of an entry.
fn pair<'a>(rule: &Pairing, roster: &'a Roster, entry: &'a LedgerEntry) -> Pair<'a> {
    let unit = roster.unit(&entry.credited).map_or("", |u| u.name.as_str());
    Pair {
        household: (text(entry, &rule.village), text(entry, &rule.household)),
        helper: (Cow::Borrowed(unit), text(entry, &rule.helper)),
    }
}

fn text<'a>(entry: &'a LedgerEntry, field: &str) -> Cow<'a, str> {
    match entry.values.get(field) {
        None => Cow::Borrowed(""),
        Some(Value::Text(text)) => Cow::Borrowed(text),
        Some(other) => Cow::Owned(other.to_string()),
    }
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
