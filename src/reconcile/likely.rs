//! Two units that seem to have reported one gift: the same or a similar giver,
//! the same village, the same amount or ten thousand times it, days close
//! together; or a whole against its instalments. Both count until it is ruled.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::class::Class;
use super::context::Context;
use super::gifts::{Report, days, in_words, nearest, not_all_compared, reports, says, stands};
use super::likeness::Likeness;
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding};
use crate::form::TEN_THOUSAND;
use crate::ledger::LedgerEntry;
use crate::policy::{Gift, Policy, Side};
use crate::roster::Roster;
use crate::value::money;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let Some(gift) = context.policy.gift(Side::Given) else {
        return;
    };
    let (matches, said) = matches(reconciled, gift, context);
    let drafts: Vec<Draft> = matches
        .iter()
        .map(|found| draft(found, reconciled, gift, context.policy, context.roster))
        .collect();
    context.findings.extend(said);
    for draft in drafts {
        let sides = draft.entries();
        if let Some(Verdict::Keep(kept)) = context.lay(draft) {
            let why = context.ruled("与另一单位所报是同一笔，不再计入");
            reconciled.keep(kept, &sides, Class::Duplicate, &why);
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

fn matches(
    reconciled: &Reconciled,
    gift: &Gift,
    context: &Context<'_>,
) -> (Vec<Match>, Option<Finding>) {
    let reports = reports(reconciled, gift);
    let mut taken = HashSet::new();
    let mut cut = BTreeSet::new();
    let mut found = pairs(&reports, context, &mut taken, &mut cut);
    found.extend(instalments(&reports, context, &mut taken, &mut cut));
    let first = cut.first().and_then(|at| reports.get(*at));
    let said = first.map(|report| too_many(cut.len(), report.entry, reconciled));
    (found, said)
}

/// Said where a report was not held against all others.
fn too_many(count: usize, first: &LedgerEntry, reconciled: &Reconciled) -> Finding {
    let message = format!(
        "有 {count} 笔捐助没有与每一笔都比对是不是报了两次：{}",
        not_all_compared()
    );
    let place = first.place(&reconciled.ledger.files);
    Finding::new(Code::NotAllCompared, place, message)
}

/// Pairs of reports, the closest first; a report is doubted only once.
fn pairs(
    reports: &[Report<'_>],
    context: &Context<'_>,
    taken: &mut HashSet<usize>,
    cut: &mut BTreeSet<usize>,
) -> Vec<Match> {
    let policy = context.policy;
    let mut near: Vec<(u32, bool, bool, usize, usize)> = Vec::new();
    let places = Places::new(reports);
    let day_of = |j: &usize| reports.get(*j).map_or(0, |report| report.day);
    for (i, a) in reports.iter().enumerate() {
        let scaled = a.amount.checked_mul(TEN_THOUSAND.into());
        // Ten thousand times an amount is looked for as well. Nothing times anything
        // is nothing.
        let scaled = scaled.filter(|scaled| *scaled != a.amount);
        for amount in std::iter::once(a.amount).chain(scaled) {
            for of in places.agreeing(a, amount) {
                let (of, is_cut) = nearest(of, day_of, a.day, policy.reconcile.apart.days);
                if is_cut {
                    cut.insert(i);
                }
                for &j in of {
                    let Some(b) = reports.get(j) else { continue };
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
    // Of two equal amounts each is found from the other.
    near.dedup();
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

/// Indices of reports in their order, which is that of their days: by what is given,
/// and by that and the village, where two units report such.
struct Places<'a> {
    all: FxHashMap<(Decimal, &'a str), Place<'a>>,
    of_village: FxHashMap<(Decimal, &'a str, Option<&'a str>), Place<'a>>,
}

/// Reports of one place.
struct Place<'a> {
    reports: Vec<usize>,
    /// Who reported the first.
    first: &'a str,
    /// Others report such, too.
    several: bool,
}

impl<'a> Place<'a> {
    fn of(report: &Report<'a>) -> Self {
        Place {
            reports: Vec::new(),
            first: &report.entry.reporter,
            several: false,
        }
    }

    fn add(&mut self, at: usize, report: &Report<'a>) {
        self.reports.push(at);
        self.several |= report.entry.reporter != self.first;
    }
}

impl<'a> Places<'a> {
    fn new(reports: &[Report<'a>]) -> Self {
        let mut places = Places {
            all: FxHashMap::default(),
            of_village: FxHashMap::default(),
        };
        for (at, report) in reports.iter().enumerate() {
            let given = (report.amount, report.sort);
            let of = places.all.entry(given);
            of.or_insert_with(|| Place::of(report)).add(at, report);
            let there = (report.amount, report.sort, report.village);
            let of = places.of_village.entry(there);
            of.or_insert_with(|| Place::of(report)).add(at, report);
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
        // What one unit reports is not held against itself.
        let own = with.entry.reporter.as_str();
        let lists = lists.into_iter().flatten();
        let lists = lists.filter(move |of| of.several || of.first != own);
        lists.map(|of| of.reports.as_slice())
    }
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
    /// Each with its place among all reports.
    all: Vec<(usize, &'r Report<'a>)>,
    by_reporter: BTreeMap<&'a str, Vec<&'r Report<'a>>>,
}

/// A whole that one unit reports, against its parts from another.
fn instalments(
    reports: &[Report<'_>],
    context: &Context<'_>,
    taken: &mut HashSet<usize>,
    cut: &mut BTreeSet<usize>,
) -> Vec<Match> {
    let policy = context.policy;
    let mut groups: BTreeMap<&str, Group<'_, '_>> = BTreeMap::new();
    for (at, report) in reports.iter().enumerate() {
        let group = groups.entry(&report.core.text).or_default();
        group.all.push((at, report));
        let own = group.by_reporter.entry(&report.entry.reporter);
        own.or_default().push(report);
    }
    let mut found = Vec::new();
    for group in groups.values().filter(|group| group.by_reporter.len() > 1) {
        for &(at, whole) in &group.all {
            if taken.contains(&whole.index) {
                continue;
            }
            let others = group.by_reporter.iter();
            let others = others.filter(|(reporter, _)| **reporter != whole.entry.reporter);
            if group.by_reporter.len() > MOST_UNITS + 1 {
                cut.insert(at);
            }
            let parts = others.take(MOST_UNITS).find_map(|(_, parts)| {
                let day_of = |part: &&Report<'_>| part.day;
                let most = policy.reconcile.apart.instalment_days;
                let (parts, is_cut) = nearest(parts, day_of, whole.day, most);
                if is_cut {
                    cut.insert(at);
                }
                let may_be = |part: &&&Report<'_>| {
                    part.amount < whole.amount
                        && !taken.contains(&part.index)
                        && whole.like(part).is_some()
                };
                let parts: Vec<_> = parts.iter().filter(may_be).copied().collect();
                sum_of(whole.amount, &parts, policy.reconcile.apart.parts)
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

/// Most units among whose reports parts of a whole are looked for.
const MOST_UNITS: usize = 20;
/// Most reports of a unit among which they are.
const MOST_PARTS: usize = 24;

/// The fewest of some reports, at least two, that add up to an amount.
pub(super) fn sum_of<'r, 'a>(
    amount: Decimal,
    among: &[&'r Report<'a>],
    most: usize,
) -> Option<Vec<&'r Report<'a>>> {
    let among = among.get(..MOST_PARTS).unwrap_or(among);
    let parts = Parts::new(among.iter().map(|report| report.amount).collect());
    (2..=most.min(among.len())).find_map(|count| {
        let mut chosen = Vec::with_capacity(count);
        let found = parts.choose(amount, 0, count, &mut chosen);
        found.then(|| {
            let chosen = chosen.iter();
            chosen.filter_map(|at| among.get(*at).copied()).collect()
        })
    })
}

/// Amounts among which those are looked for that add up to another.
struct Parts {
    amounts: Vec<Decimal>,
    /// The least and the most from each place on.
    bounds: Vec<(Decimal, Decimal)>,
    /// Where each amount stands last.
    last: FxHashMap<Decimal, usize>,
}

impl Parts {
    fn new(amounts: Vec<Decimal>) -> Parts {
        let mut bounds = Vec::with_capacity(amounts.len());
        let mut of = (Decimal::MAX, Decimal::MIN);
        for amount in amounts.iter().rev() {
            of = (of.0.min(*amount), of.1.max(*amount));
            bounds.push(of);
        }
        bounds.reverse();
        Parts {
            bounds,
            last: amounts.iter().copied().zip(0..).collect(),
            amounts,
        }
    }

    /// The first `count` amounts from a place on that add up to what is left.
    fn choose(&self, left: Decimal, from: usize, count: usize, chosen: &mut Vec<usize>) -> bool {
        let Some((least, most)) = self.bounds.get(from) else {
            return count == 0 && left.is_zero();
        };
        let times = |amount: &Decimal| amount.checked_mul(count.into()).unwrap_or(Decimal::MAX);
        // The last one is looked up before it is looked for.
        let may_be = match count {
            0 => return left.is_zero(),
            1 => self.last.get(&left).is_some_and(|at| *at >= from),
            _ => times(least) <= left && left <= times(most),
        };
        let places = self.amounts.iter().enumerate().skip(from);
        for (at, amount) in places.filter(|_| may_be) {
            if *amount > left || (count == 1 && *amount != left) {
                continue;
            }
            chosen.push(at);
            if self.choose(left - amount, at + 1, count - 1, chosen) {
                return true;
            }
            chosen.pop();
        }
        false
    }
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
    let entries = || all().filter_map(|&i| reconciled.counts(i));
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
    let found = || entries.iter().filter_map(|&i| reconciled.counts(i));
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
