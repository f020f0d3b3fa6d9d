//! Two units that seem to have reported one gift: the same or a similar giver,
//! the same village, the same amount or ten thousand times it, days close
//! together; or a whole against its instalments. Both count until it is ruled.

use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::gifts::{Report, days, in_words, reports, says, stands};
use super::likeness::Likeness;
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::{Class, Context, Reconciled};
use crate::form::TEN_THOUSAND;
use crate::policy::{Gift, Policy, Side};
use crate::roster::Roster;
use crate::value::money;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let Some(gift) = context.policy.gift(Side::Given) else {
        return;
    };
    let matches = matches(reconciled, gift, context);
    let drafts: Vec<Draft> = matches
        .iter()
        .map(|found| draft(found, reconciled, gift, context.policy, context.roster))
        .collect();
    for draft in drafts {
        let sides: Vec<Vec<usize>> = draft.sides.iter().map(|s| s.entries.clone()).collect();
        let Some(Verdict::Keep(kept)) = context.lay(draft) else {
            continue;
        };
        let why = context.ruled("与另一单位所报是同一笔，不再计入");
        for (side, entries) in sides.iter().enumerate() {
            for &entry in entries.iter().filter(|_| side != kept) {
                reconciled.put(entry, Class::Duplicate, &why);
            }
        }
    }
}

/// Reports that may be one gift.
struct Match {
    first: Vec<usize>,
    second: Vec<usize>,
    at_stake: Decimal,
    reason: String,
}

fn matches(reconciled: &Reconciled, gift: &Gift, context: &Context<'_>) -> Vec<Match> {
    let reports = reports(reconciled, gift);
    let mut taken = HashSet::new();
    let mut found = pairs(&reports, context, &mut taken);
    found.extend(instalments(&reports, context, &mut taken));
    found
}

/// Pairs of reports, the closest first; a report is doubted only once.
fn pairs(reports: &[Report<'_>], context: &Context<'_>, taken: &mut HashSet<usize>) -> Vec<Match> {
    let policy = context.policy;
    let mut near: Vec<(u32, bool, bool, usize, usize)> = Vec::new();
    let places = Places::new(reports);
    for (i, a) in reports.iter().enumerate() {
        let scaled = a.amount.checked_mul(TEN_THOUSAND.into());
        // Of two equal amounts the later report is looked for from the earlier one;
        // ten thousand times an amount, wherever it stands. Nothing times anything
        // is nothing.
        let scaled = scaled.filter(|scaled| *scaled != a.amount);
        for amount in std::iter::once(a.amount).chain(scaled) {
            for of in places.agreeing(a, amount) {
                let from = match amount == a.amount {
                    true => of.partition_point(|j| *j <= i),
                    false => of.partition_point(|j| is_long_before(reports, *j, a, policy)),
                };
                for &j in of.get(from..).unwrap_or_default() {
                    let Some(b) = reports.get(j) else { continue };
                    if days(a, b) > policy.apart.days {
                        break;
                    }
                    if a.entry.reporter == b.entry.reporter {
                        continue;
                    }
                    if let Some(like) = a.like(b) {
                        let scaled = in_ten_thousands(a.amount, b.amount);
                        let alike = like == Likeness::Alike;
                        near.push((days(a, b), scaled, alike, i.min(j), i.max(j)));
                    }
                }
            }
        }
    }
    near.sort_unstable();
    let mut found = Vec::new();
    for (apart, scaled, alike, i, j) in near {
        let (Some(a), Some(b)) = (reports.get(i), reports.get(j)) else {
            continue;
        };
        let (kept, doubted) = if context.rank(b.entry) < context.rank(a.entry) {
            (b, a)
        } else {
            (a, b)
        };
        if taken.contains(&kept.index) || !taken.insert(doubted.index) {
            continue;
        }
        let mut same = vec![if alike {
            format!(
                "捐助人名称相近（{}、{}）",
                kept.giver.name, doubted.giver.name
            )
        } else {
            "捐助人相同".to_owned()
        }];
        same.push(match (kept.village, doubted.village) {
            (Some(_), Some(_)) => "受助村相同".to_owned(),
            _ => "有一处没有写受助村".to_owned(),
        });
        same.push(if scaled {
            "金额相差一万倍，像是一处按万元填".to_owned()
        } else {
            format!("金额同为 {} 元", money(kept.amount))
        });
        same.push(match apart {
            0 => "日期相同".to_owned(),
            days => format!("日期相差{days}天"),
        });
        found.push(Match {
            first: vec![kept.index],
            second: vec![doubted.index],
            at_stake: kept.amount.max(doubted.amount),
            reason: format!("像是同一笔报了两次：{}", same.join("，")),
        });
    }
    found
}

/// Indices of reports in their order, which is that of their days: by what is
/// given, and by that and the village.
#[derive(Default)]
struct Places<'a> {
    all: FxHashMap<(Decimal, &'a str), Vec<usize>>,
    of_village: FxHashMap<(Decimal, &'a str, Option<&'a str>), Vec<usize>>,
}

impl<'a> Places<'a> {
    fn new(reports: &[Report<'a>]) -> Self {
        let mut places = Places::default();
        for (at, report) in reports.iter().enumerate() {
            let given = (report.amount, report.sort);
            places.all.entry(given).or_default().push(at);
            let there = (report.amount, report.sort, report.village);
            places.of_village.entry(there).or_default().push(at);
        }
        places
    }

    /// The reports of an amount whose sort and village agree with a report's. A
    /// village that is not named agrees with any.
    fn agreeing(&self, with: &Report<'a>, amount: Decimal) -> impl Iterator<Item = &[usize]> {
        let of = |village| self.of_village.get(&(amount, with.sort, village));
        let lists = match with.village {
            Some(_) => [of(with.village), of(None)],
            None => [self.all.get(&(amount, with.sort)), None],
        };
        lists.into_iter().flatten().map(Vec::as_slice)
    }
}

/// Whether a report is dated too long before another to be the same.
fn is_long_before(reports: &[Report<'_>], at: usize, than: &Report<'_>, policy: &Policy) -> bool {
    let report = reports.get(at);
    report.is_some_and(|one| one.date < than.date && days(one, than) > policy.apart.days)
}

/// Whether one amount is ten thousand times the other.
fn in_ten_thousands(a: Decimal, b: Decimal) -> bool {
    let times =
        |small: Decimal, large: Decimal| small.checked_mul(TEN_THOUSAND.into()) == Some(large);
    times(a, b) || times(b, a)
}

/// The reports of one giver, and by who reports them.
#[derive(Default)]
struct Group<'r, 'a> {
    all: Vec<&'r Report<'a>>,
    by_reporter: BTreeMap<&'a str, Vec<&'r Report<'a>>>,
}

/// A whole that one unit reports, against its parts from another.
fn instalments(
    reports: &[Report<'_>],
    context: &Context<'_>,
    taken: &mut HashSet<usize>,
) -> Vec<Match> {
    let policy = context.policy;
    let mut groups: BTreeMap<&str, Group<'_, '_>> = BTreeMap::new();
    for report in reports {
        let group = groups.entry(&report.core).or_default();
        group.all.push(report);
        let own = group.by_reporter.entry(&report.entry.reporter);
        own.or_default().push(report);
    }
    let mut found = Vec::new();
    for group in groups.values().filter(|group| group.by_reporter.len() > 1) {
        for whole in &group.all {
            if taken.contains(&whole.index) {
                continue;
            }
            let others = group.by_reporter.iter();
            let mut others = others.filter(|(reporter, _)| **reporter != whole.entry.reporter);
            let parts = others.find_map(|(_, parts)| {
                let may_be = |part: &&&Report<'_>| {
                    part.amount < whole.amount
                        && !taken.contains(&part.index)
                        && days(whole, part) <= policy.apart.instalment_days
                        && whole.like(part).is_some()
                };
                // No more than these are looked among.
                let parts: Vec<_> = parts
                    .iter()
                    .filter(may_be)
                    .take(MOST_PARTS)
                    .copied()
                    .collect();
                sum_of(whole.amount, &parts, policy.apart.parts)
            });
            let Some(parts) = parts else {
                continue;
            };
            taken.insert(whole.index);
            taken.extend(parts.iter().map(|part| part.index));
            let reason = format!(
                "像是同一笔报了两次：一处合报 {} 元，另一处分{}次报，合计相同",
                money(whole.amount),
                parts.len()
            );
            let whole_side = vec![whole.index];
            let part_side: Vec<usize> = parts.iter().map(|part| part.index).collect();
            let parts_first = parts
                .first()
                .is_some_and(|part| context.rank(part.entry) < context.rank(whole.entry));
            let (first, second) = if parts_first {
                (part_side, whole_side)
            } else {
                (whole_side, part_side)
            };
            found.push(Match {
                first,
                second,
                at_stake: whole.amount,
                reason,
            });
        }
    }
    found
}

/// Most reports among which parts of a whole are looked for.
const MOST_PARTS: usize = 24;

/// The fewest of some reports, at least two, that add up to an amount.
pub(super) fn sum_of<'r, 'a>(
    amount: Decimal,
    among: &[&'r Report<'a>],
    most: usize,
) -> Option<Vec<&'r Report<'a>>> {
    let among: Vec<&Report<'_>> = among.iter().copied().take(MOST_PARTS).collect();
    (2..=most.min(among.len())).find_map(|count| {
        let mut chosen = Vec::with_capacity(count);
        choose(amount, &among, count, &mut chosen).then_some(chosen)
    })
}

fn choose<'r, 'a>(
    left: Decimal,
    among: &[&'r Report<'a>],
    count: usize,
    chosen: &mut Vec<&'r Report<'a>>,
) -> bool {
    if count == 0 {
        return left.is_zero();
    }
    for (at, report) in among.iter().enumerate() {
        if report.amount > left {
            continue;
        }
        chosen.push(report);
        let rest = among.get(at + 1..).unwrap_or_default();
        if choose(left - report.amount, rest, count - 1, chosen) {
            return true;
        }
        chosen.pop();
    }
    false
}

fn draft(
    found: &Match,
    reconciled: &Reconciled,
    gift: &Gift,
    policy: &Policy,
    roster: &Roster,
) -> Draft {
    let side = |entries: &[usize]| side(entries, reconciled, gift, policy, roster);
    let all = || found.first.iter().chain(&found.second);
    let entries = || all().filter_map(|&i| reconciled.ledger.entries.get(i));
    Draft {
        topic: Topic::LikelySame,
        stands: entries().map(stands).collect(),
        says: entries().flat_map(says).collect(),
        reason: found.reason.clone(),
        sides: vec![side(&found.first), side(&found.second)],
        at_stake: found.at_stake,
        choices: vec![Verdict::Keep(0), Verdict::Keep(1), Verdict::Distinct],
        proposed: Verdict::Keep(0),
        by_rule: None,
        quoted: None,
        units: reconciled.units_of(all().copied()),
    }
}

/// A side of a matter about gifts.
pub(super) fn side(
    entries: &[usize],
    reconciled: &Reconciled,
    gift: &Gift,
    policy: &Policy,
    roster: &Roster,
) -> SideOf {
    let found = || {
        let ledger = &reconciled.ledger;
        entries.iter().filter_map(|&i| ledger.entries.get(i))
    };
    let texts: Vec<String> = found()
        .map(|entry| in_words(entry, gift, reconciled, policy, roster))
        .collect();
    SideOf {
        text: texts.join("\n"),
        entries: entries.to_vec(),
        places: found()
            .map(|entry| entry.place(&reconciled.ledger.files))
            .collect(),
    }
}
