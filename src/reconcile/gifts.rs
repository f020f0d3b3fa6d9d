//! Reports of gifts as they are compared: who, to which village, money or
//! goods, how much, when. In an order that depends on what they say alone.

use std::rc::Rc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::class::Class;
use super::likeness::{Core, Likeness, likeness};
use super::reconciled::Reconciled;
use super::told::Told;
use crate::ledger::{Donor, LedgerEntry};
use crate::policy::{Gift, Policy};
use crate::roster::Roster;
use crate::value::{Value, money};

/// A report of a gift.
#[derive(Debug, Clone)]
pub(super) struct Report<'a> {
    /// Index of the entry in the ledger.
    pub index: usize,
    pub entry: &'a LedgerEntry,
    pub giver: &'a Donor,
    /// The giver's name without what may stand around it.
    pub core: Rc<Core>,
    /// Code of the village.
    pub village: Option<&'a str>,
    /// Money or goods.
    pub sort: &'a str,
    /// In 元.
    pub amount: Decimal,
    pub date: Date,
    /// Number of the day.
    pub day: i32,
}

/// The day from which days are numbered.
const FIRST: Date = Date::constant(1970, 1, 1);

/// The reports of one side that count, ordered by what they say.
pub(super) fn reports<'a>(reconciled: &'a Reconciled, gift: &Gift) -> Vec<Report<'a>> {
    let mut cores: FxHashMap<&str, Rc<Core>> = FxHashMap::default();
    let mut reports: Vec<Report<'a>> = reconciled
        .entries()
        .enumerate()
        .filter(|(_, (entry, class, _))| entry.form == gift.form && *class == Class::Counted)
        .filter_map(|(index, (entry, ..))| {
            let giver = entry.donor.as_ref()?;
            let date = entry.values.get(&gift.date)?.date()?;
            let core = cores.entry(&giver.name);
            Some(Report {
                index,
                entry,
                giver,
                core: Rc::clone(core.or_insert_with(|| Core::of(&giver.name).into())),
                village: entry.village.as_deref(),
                sort: entry.values.get(&gift.sort)?.text()?,
                amount: entry.values.get(&gift.amount)?.number()?,
                date,
                day: (date - FIRST).get_days(),
            })
        })
        .collect();
    reports.sort_by_cached_key(|report| (report.date, Told::by(report.entry)));
    reports
}

/// All that an entry says, and who says it.
pub(super) fn says(entry: &LedgerEntry) -> Vec<String> {
    let mut fields: Vec<(&str, &Value)> = entry.values.iter().collect();
    fields.sort();
    let fields = fields
        .into_iter()
        .map(|(id, value)| format!("{id}={value}"));
    let head = [entry.reporter.to_string(), entry.form.to_string()];
    let mut says: Vec<String> = head.into_iter().chain(fields).collect();
    // A ruling on the amount is no change of what was reported.
    says.extend(entry.replaced().map(|was| format!("reported={was}")));
    says
}

/// Where an entry stands, apart from the name of its file.
pub(super) fn stands(entry: &LedgerEntry) -> String {
    format!("{}/{}/{}", entry.reporter, entry.form, entry.row + 1)
}

/// Of some reports, in the order of their days, those within so many days of a day,
/// and whether there are more than are given: they are the nearest [`NEAREST`].
pub(super) fn nearest<T>(
    of: &[T],
    day_of: impl Fn(&T) -> i32,
    day: i32,
    most: u32,
) -> (&[T], bool) {
    let most = i32::try_from(most).unwrap_or(i32::MAX);
    let before = |day: i32| of.partition_point(|one| day_of(one) < day);
    let first = before(day.saturating_sub(most));
    let end = before(day.saturating_add(most).saturating_add(1));
    let is_cut = end - first > NEAREST;
    let (first, end) = match is_cut {
        false => (first, end),
        true => {
            let middle = before(day).saturating_sub(NEAREST / 2);
            let first = middle.clamp(first, end - NEAREST);
            (first, first + NEAREST)
        }
    };
    (of.get(first..end).unwrap_or_default(), is_cut)
}

/// So many reports of one thing a report is held against, those nearest in time. A
/// village has some tens a year; of thousands nobody could rule on the pairs.
pub(super) const NEAREST: usize = 100;

/// Said of what was not held against all that there is.
pub(super) fn not_all_compared() -> String {
    format!("这样的记录太多，只与日期最近的 {NEAREST} 笔比对过")
}

/// Days between two reports.
pub(super) fn days(a: &Report<'_>, b: &Report<'_>) -> u32 {
    a.day.abs_diff(b.day)
}

impl Report<'_> {
    /// How alike the givers are, where village and sort agree. A village that is
    /// not named agrees with any.
    pub fn like(&self, other: &Self) -> Option<Likeness> {
        let villages = match (self.village, other.village) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        if !villages || self.sort != other.sort {
            return None;
        }
        self.like_giver(other)
    }

    /// How alike the givers are, wherever the gifts went.
    pub fn like_giver(&self, other: &Self) -> Option<Likeness> {
        likeness((self.giver, &self.core), (other.giver, &other.core))
    }
}

/// An entry of a gift in words.
pub(super) fn in_words(
    entry: &LedgerEntry,
    gift: &Gift,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
) -> String {
    let text = |id: &str| {
        entry
            .values
            .get(id)
            .map(Value::to_string)
            .unwrap_or_default()
    };
    let village = match text(&gift.village) {
        name if name.is_empty() => "未写村".to_owned(),
        name => name,
    };
    let amount = entry.values.get(&gift.amount).and_then(Value::number);
    let form = policy.forms.get(&gift.form).map_or("", |form| &form.sheet);
    let place = entry.place(&reconciled.ledger.files);
    format!(
        "{}“{form}”：{}，{village}，{} {} 元，{}（{}）",
        unit_name(roster, &entry.reporter),
        text(&gift.giver),
        text(&gift.sort),
        money(amount.unwrap_or_default()),
        text(&gift.date),
        place
    )
}

/// Name of a unit, or its code.
pub(super) fn unit_name<'a>(roster: &'a Roster, code: &'a str) -> &'a str {
    roster.unit(code).map_or(code, |unit| &unit.name)
}
