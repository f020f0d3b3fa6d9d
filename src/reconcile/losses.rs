//! What the return of a unit that counts has lost of the one before it: rows
//! without a counterpart, a finding for each form. Of a row that the unit was asked to
//! take out nothing is said.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Earlier;
use super::class::Class;
use super::duplicates::key_of;
use super::gifts::says;
use super::placement::misplaced;
use super::reconciled::Reconciled;
use super::struck::is_struck;
use super::versions::{Groups, by_unit};
use crate::diagnostic::{Code, Finding, Place};
use crate::form::{DRAGGED, RawCell, stands_for_empty};
use crate::intake::State;
use crate::ledger::LedgerEntry;
use crate::policy::{Duplicate, Form, Policy};
use crate::roster::Roster;
use crate::several::{at_once, width};
use crate::value::{Value, money};

/// Says what each return that counts has lost of the one before, read once more
/// if it was put away.
pub(super) fn losses(
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
    earlier: Earlier<'_>,
) -> Vec<Finding> {
    let by_unit = by_unit(reconciled);
    let groups = Groups::new(reconciled);
    let mut pairs = Vec::new();
    for unit in roster.units() {
        let versions = by_unit.get(&unit.code);
        let accepted = reconciled.accepted(&unit.code);
        let kept = versions.and_then(|all| all.iter().find(|one| Some(one.index) == accepted));
        let (Some(versions), Some(kept)) = (versions, kept) else {
            continue;
        };
        let before = versions.iter().rev().find(|version| {
            version.index != kept.index
                && version.hash != kept.hash
                && version.compare(kept).is_lt()
        });
        pairs.extend(before.map(|before| (before.index, kept.index)));
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let told = Told::new(reconciled, policy);
    let lost = at_once(pairs.len(), width(), |at| match pairs.get(at) {
        Some(&pair) => lost(reconciled, &groups, &told, policy, roster, earlier, pair),
        None => Vec::new(),
    });
    lost.into_iter().flatten().collect()
}

/// What identifies a row.
type Key = Vec<Option<Value>>;

/// What the returns that count tell of, whoever they are from, by form.
struct Told<'a>(HashMap<&'a str, HashSet<Key>>);

impl<'a> Told<'a> {
    fn new(reconciled: &Reconciled, policy: &'a Policy) -> Self {
        let of = |rule: &'a Duplicate| {
            let form = policy.forms.get(&rule.form)?;
            let counts = |class| !matches!(class, Class::Superseded | Class::Rejected);
            let own = reconciled
                .entries()
                .filter(|(entry, class, _)| entry.form == form.id && counts(*class));
            let keys = own.map(|(entry, ..)| key(entry, form, &rule.fields));
            Some((form.id.as_str(), keys.collect()))
        };
        Told(policy.reconcile.duplicates.iter().filter_map(of).collect())
    }

    /// Whether another row tells of the same: one of the two was to be deleted.
    fn has(&self, entry: &LedgerEntry, form: &Form, fields: &[String]) -> bool {
        let same = self.0.get(form.id.as_str());
        entry.rejected.is_none()
            && same.is_some_and(|keys| keys.contains(&key(entry, form, fields)))
    }
}

/// Whether the unit was asked to clear a row: it says nothing, was dragged down, is
/// struck through, or is not the unit's to report.
fn was_to_be_cleared(entry: &LedgerEntry, form: &Form, policy: &Policy, roster: &Roster) -> bool {
    let says_nothing = || {
        form.fields.values().any(|field| {
            let raw = entry.raw.cells.get(&field.id);
            let is_empty = |raw: &RawCell| stands_for_empty(policy, form, field, raw.found());
            field.required && raw.is_some_and(is_empty)
        })
    };
    entry.rejected.as_deref() == Some(DRAGGED)
        || entry.rejected.is_some() && says_nothing()
        || is_struck(form, &entry.raw)
        || misplaced(entry, policy, roster).is_some()
}

/// Says which rows of the return before have no counterpart in the one that
/// counts, a finding for each form.
fn lost(
    reconciled: &Reconciled,
    groups: &Groups,
    told: &Told<'_>,
    policy: &Policy,
    roster: &Roster,
    earlier: Earlier<'_>,
    (before, kept): (usize, usize),
) -> Vec<Finding> {
    let files = &reconciled.ledger.files;
    let (Some(file), Some(name)) = (files.get(before), files.get(kept).map(|file| &file.name))
    else {
        return Vec::new();
    };
    let again = match file.state {
        State::Outlined(_) => {
            let Some(again) = earlier(before, file) else {
                let message = format!(
                    "上一份“{}”没有能够再读一遍，不知道这一份比它少了哪些行；请再运行一次",
                    file.name
                );
                return vec![Finding::new(Code::RowsLost, Place::file(name), message)];
            };
            Some(reconciled.ledger.entries_of(&again, before, policy, roster))
        }
        _ => None,
    };
    let held = |file: usize| -> Vec<&LedgerEntry> {
        let entries = groups.of(file).iter();
        entries
            .filter_map(|&at| reconciled.ledger.entries.get(at))
            .collect()
    };
    let (was, is) = match &again {
        Some(again) => (again.iter().collect(), held(kept)),
        None => (held(before), held(kept)),
    };
    let mut findings = Vec::new();
    for rule in &policy.reconcile.duplicates {
        let Some(form) = policy.forms.get(&rule.form) else {
            continue;
        };
        let (was, is) = (
            rows(&was, form, &rule.fields),
            rows(&is, form, &rule.fields),
        );
        let mut gone = without_counterpart(was, is);
        gone.retain(|entry| {
            !told.has(entry, form, &rule.fields) && !was_to_be_cleared(entry, form, policy, roster)
        });
        if gone.is_empty() {
            continue;
        }
        let named = gone.iter().take(MOST_NAMED);
        let words: Vec<String> = named.map(|entry| in_words(entry, form)).collect();
        let more = match gone.len() > MOST_NAMED {
            true => "；等等",
            false => "",
        };
        let message = format!(
            "上一份“{}”里有、这一份没有的 {} 行：{}{more}",
            file.name,
            gone.len(),
            words.join("；")
        );
        let place = Place::file(name).on(&form.sheet);
        let mut finding = Finding::new(Code::RowsLost, place, message);
        let related = gone.iter().take(MOST_NAMED);
        finding.related = related.map(|entry| entry.place(files)).collect();
        findings.push(finding);
    }
    findings
}

/// Most rows that are named; of others it is said how many there are.
const MOST_NAMED: usize = 20;

/// What a row is known by, its amount first, with the row.
type Row<'a> = (Key, &'a LedgerEntry);

/// What identifies a row.
fn key(entry: &LedgerEntry, form: &Form, fields: &[String]) -> Key {
    let parts = key_of(entry, form, fields);
    parts.map(|part| part.value()).collect()
}

fn rows<'a>(entries: &[&'a LedgerEntry], form: &Form, fields: &[String]) -> Vec<Row<'a>> {
    let money = form.money_fields().map(|field| &field.id);
    let mut by: Vec<String> = money.cloned().collect();
    by.extend(
        fields
            .iter()
            .filter(|id| !by.contains(id))
            .cloned()
            .collect::<Vec<_>>(),
    );
    let own = entries.iter().filter(|entry| entry.form == form.id);
    let mut rows: Vec<Row<'a>> = own.map(|&entry| (key(entry, form, &by), entry)).collect();
    rows.sort_by_cached_key(|(_, entry)| says(entry));
    rows
}

/// The rows of the first list that have no counterpart in the second: neither
/// the same, nor one that differs in little.
fn without_counterpart<'a>(before: Vec<Row<'a>>, after: Vec<Row<'a>>) -> Vec<&'a LedgerEntry> {
    let mut left: BTreeMap<Key, usize> = BTreeMap::new();
    for (key, _) in after {
        *left.entry(key).or_default() += 1;
    }
    let mut take = |key: &Key| match left.get_mut(key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let mut gone: Vec<Row<'a>> = before.into_iter().filter(|(key, _)| !take(key)).collect();
    // First those that differ in one field; then in two, an amount with its
    // voucher, where enough is left to know the row by. Of these, first those that
    // have the same amount. What could not be read at all comes last: it may have been
    // anything.
    for near in [(1, true), (1, false), (2, true), (2, false)] {
        gone = without_near(gone, &mut left, near);
    }
    let mut gone: Vec<&LedgerEntry> = gone.into_iter().map(|(_, entry)| entry).collect();
    gone.sort_by_key(|entry| entry.row);
    gone
}

/// So many rows a row is held against, the rarest first: among thousands that agree in
/// a field nobody could tell which one it has become.
const MOST_COMPARED: usize = 200;
/// Fields by which a row is still known when two others have changed.
const KNOWN_BY: usize = 3;

/// The rows without one among those that are left that differs in so many fields at
/// most, and not in the first of them, if that is to be the same.
fn without_near<'a>(
    rows: Vec<Row<'a>>,
    left: &mut BTreeMap<Key, usize>,
    (most, same_first): (usize, bool),
) -> Vec<Row<'a>> {
    let is_last = (most, same_first) == (2, false);
    // By each field and what it says, in the order of the rows: whatever differs in
    // so many fields agrees in one of any more.
    let mut others: Vec<(Key, usize)> = std::mem::take(left).into_iter().collect();
    others.retain(|(_, count)| *count > 0);
    let mut saying: HashMap<(usize, Option<Value>), BTreeSet<usize>> = HashMap::new();
    for (at, (other, _)) in others.iter().enumerate() {
        for field in other.iter().cloned().enumerate() {
            saying.entry(field).or_default().insert(at);
        }
    }
    let mut free: BTreeSet<usize> = (0..others.len()).collect();
    let mut gone = Vec::new();
    for (key, entry) in rows {
        let told = key.iter().enumerate().filter(|(_, said)| said.is_some());
        let told: Vec<(usize, Option<Value>)> = told.map(|(at, v)| (at, v.clone())).collect();
        let is_near = |at: &&usize| {
            let Some((other, _)) = others.get(**at) else {
                return false;
            };
            let same = told
                .iter()
                .filter(|(at, said)| other.get(*at) == Some(said));
            let same = same.count();
            let differ = told.len() - same;
            // A row that is known by one field only is another one without it.
            match told.is_empty() {
                true => is_last,
                false => {
                    key.len() > 1
                        && differ <= most
                        && (most == 1 || same >= KNOWN_BY)
                        && (!same_first || key.first() == other.first())
                }
            }
        };
        let none = BTreeSet::new();
        let near = match told.len() <= most {
            true => free.iter().take(MOST_COMPARED).find(is_near),
            false => {
                let mut lists: Vec<&BTreeSet<usize>> = told
                    .iter()
                    .map(|of| saying.get(of).unwrap_or(&none))
                    .collect();
                lists.sort_by_key(|list| list.len());
                let lists = lists.iter().take(most + 1);
                let near = lists.filter_map(|list| list.iter().take(MOST_COMPARED).find(is_near));
                near.min()
            }
        };
        let Some(near) = near.copied() else {
            gone.push((key, entry));
            continue;
        };
        if let Some((other, count)) = others.get_mut(near) {
            *count -= 1;
            if *count == 0 {
                free.remove(&near);
                for field in other.iter().cloned().enumerate() {
                    if let Some(list) = saying.get_mut(&field) {
                        list.remove(&near);
                    }
                }
            }
        }
    }
    left.extend(others.into_iter().filter(|(_, count)| *count > 0));
    gone
}

/// A row by its number, what names it, and its amount.
fn in_words(entry: &LedgerEntry, form: &Form) -> String {
    let mut values = form.fields.keys().filter_map(|id| entry.values.get(id));
    let name = values.next().map(Value::to_string).unwrap_or_default();
    let amount = match entry.amount(form) {
        Some(amount) => format!(" {} 元", money(amount)),
        None => String::new(),
    };
    format!("第{}行 {name}{amount}", entry.row + 1)
}
