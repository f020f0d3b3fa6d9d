//! Which reports of a village's gifts, from both sides, belong together: the
//! same first, then parts of a whole, then what is only alike, then what
//! differs in its amount. What is left stands alone.

use std::collections::{HashSet, VecDeque};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::agreement::{Agreement, Comparison};
use super::gifts::{Report, days, nearest, not_all_compared};
use super::likely::sum_of;
use super::likeness::Likeness;
use crate::policy::Apart;
use crate::value::money;

/// The reports of one village and sort.
#[derive(Default)]
pub(super) struct OfVillage<'r, 'a> {
    pub given: Vec<&'r Report<'a>>,
    pub received: Vec<&'r Report<'a>>,
    /// There were more reports than one is held against.
    is_cut: bool,
}

impl<'r, 'a> OfVillage<'r, 'a> {
    /// Puts every report into one comparison.
    pub fn compare(&mut self, apart: Apart, found: &mut Vec<Comparison>) {
        self.confirm(apart, found);
        self.parts(apart, found);
        self.pair(Agreement::Likely, apart, found);
        self.pair(Agreement::Differs, apart, found);
        let more = match self.is_cut {
            true => format!("；{}", not_all_compared()),
            false => String::new(),
        };
        for report in self.given.drain(..) {
            found.push(Comparison {
                agreement: Agreement::GivenOnly,
                given: vec![report.index],
                received: Vec::new(),
                reason: format!(
                    "“{}”{}给的{} {} 元，这个村的乡镇没有报收到{more}",
                    report.giver.name,
                    report.date,
                    report.sort,
                    money(report.amount)
                ),
                matter: None,
            });
        }
        for report in self.received.drain(..) {
            found.push(Comparison {
                agreement: Agreement::ReceivedOnly,
                given: Vec::new(),
                received: vec![report.index],
                reason: format!(
                    "乡镇报{}收到“{}”的{} {} 元，没有捐助方报这一笔{more}",
                    report.date,
                    report.giver.name,
                    report.sort,
                    money(report.amount)
                ),
                matter: None,
            });
        }
    }

    /// Pairs what both sides report alike, the closest in time first. There may be
    /// many of one giver and amount, so they are looked up by their days.
    fn confirm(&mut self, apart: Apart, found: &mut Vec<Comparison>) {
        type Days = FxHashMap<i32, VecDeque<usize>>;
        let mut open: FxHashMap<(&str, Decimal), Days> = FxHashMap::default();
        for (j, report) in self.received.iter().enumerate() {
            let same = open.entry((&report.giver.key, report.amount)).or_default();
            same.entry(report.day).or_default().push_back(j);
        }
        let mut pairs = Vec::new();
        let mut left: Vec<usize> = (0..self.given.len()).collect();
        for apart in 0..=i32::try_from(apart.receipt_days).unwrap_or(i32::MAX) {
            left.retain(|&i| {
                let given = self.given.get(i);
                let of = given.map(|given| (given.giver.key.as_str(), given.amount));
                let Some((given, same)) = given.zip(of.and_then(|of| open.get_mut(&of))) else {
                    return false;
                };
                let mut days = [given.day - apart, given.day + apart].into_iter();
                let day = days.find(|day| same.contains_key(day));
                let Some((day, there)) = day.and_then(|day| Some((day, same.get_mut(&day)?)))
                else {
                    return !same.is_empty();
                };
                pairs.extend(there.pop_front().map(|j| (i, j)));
                if there.is_empty() {
                    same.remove(&day);
                }
                false
            });
            if left.is_empty() {
                break;
            }
        }
        self.take(Agreement::Confirmed, &pairs, found);
    }

    /// Pairs what is only alike, the closest in time first.
    fn pair(&mut self, agreement: Agreement, apart: Apart, found: &mut Vec<Comparison>) {
        let is_likely = agreement == Agreement::Likely;
        // Of equal amounts, or of any; and of one giver, which goes before.
        let mut there: FxHashMap<Option<Decimal>, Vec<usize>> = FxHashMap::default();
        let mut of_giver: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (j, report) in self.received.iter().enumerate() {
            let amount = is_likely.then_some(report.amount);
            there.entry(amount).or_default().push(j);
            if !is_likely {
                of_giver.entry(&report.giver.key).or_default().push(j);
            }
        }
        let mut near = Vec::new();
        for (i, given) in self.given.iter().enumerate() {
            let there = there.get(&is_likely.then_some(given.amount));
            let own = of_giver.get(given.giver.key.as_str());
            for of in there.into_iter().chain(own) {
                let day_of = |j: &usize| self.received.get(*j).map_or(0, |one| one.day);
                let (of, is_cut) = nearest(of, day_of, given.day, apart.receipt_days);
                self.is_cut |= is_cut;
                for &j in of {
                    let Some(received) = self.received.get(j) else {
                        continue;
                    };
                    let like = given.like_giver(received);
                    if like.is_some_and(|like| !is_likely || like == Likeness::Alike) {
                        let off = (given.amount - received.amount).abs();
                        near.push((like, days(given, received), off, i, j));
                    }
                }
            }
        }
        near.sort_unstable();
        let (mut givens, mut receipts) = (HashSet::new(), HashSet::new());
        let mut pairs = Vec::new();
        for (.., i, j) in near {
            if !givens.contains(&i) && receipts.insert(j) {
                givens.insert(i);
                pairs.push((i, j));
            }
        }
        self.take(agreement, &pairs, found);
    }

    /// Takes out pairs that belong together, by their places among what was given and
    /// received.
    fn take(
        &mut self,
        agreement: Agreement,
        pairs: &[(usize, usize)],
        found: &mut Vec<Comparison>,
    ) {
        for &(i, j) in pairs {
            let (Some(given), Some(received)) = (self.given.get(i), self.received.get(j)) else {
                continue;
            };
            let off = (given.amount - received.amount).abs();
            let mut reason = match agreement {
                Agreement::Confirmed => "捐助人、受助村、金额一致".to_owned(),
                Agreement::Likely => format!(
                    "受助村、金额一致，捐助人的名称相近（{}、{}）",
                    given.giver.name, received.giver.name
                ),
                _ => format!(
                    "捐助人、受助村一致，金额不同：捐助方 {} 元，受援方 {} 元，相差 {} 元",
                    money(given.amount),
                    money(received.amount),
                    money(off)
                ),
            };
            let apart = days(given, received);
            if apart > 0 {
                reason.push_str(&format!("；日期相差{apart}天"));
            }
            found.push(Comparison {
                agreement,
                given: vec![given.index],
                received: vec![received.index],
                reason,
                matter: None,
            });
        }
        keep_others(&mut self.given, pairs.iter().map(|(i, _)| *i).collect());
        keep_others(&mut self.received, pairs.iter().map(|(_, j)| *j).collect());
    }

    /// One receipt for several gifts, then one gift in several receipts.
    fn parts(&mut self, apart: Apart, found: &mut Vec<Comparison>) {
        let (in_one, cut) = sums(&mut self.received, &mut self.given, apart);
        self.is_cut |= cut;
        for (whole, parts) in in_one {
            found.push(Comparison {
                agreement: Agreement::InParts,
                reason: format!("受援方一笔合收捐助方的{}笔，合计一致", parts.len()),
                given: parts,
                received: vec![whole],
                matter: None,
            });
        }
        let (in_several, cut) = sums(&mut self.given, &mut self.received, apart);
        self.is_cut |= cut;
        for (whole, parts) in in_several {
            found.push(Comparison {
                agreement: Agreement::InParts,
                reason: format!("捐助方一笔，受援方分{}次收到，合计一致", parts.len()),
                given: vec![whole],
                received: parts,
                matter: None,
            });
        }
    }
}

/// Takes out what belongs together: a whole and the parts that add up to it. Also
/// whether there were more reports than a whole is held against.
fn sums<'r, 'a>(
    wholes: &mut Vec<&'r Report<'a>>,
    among: &mut Vec<&'r Report<'a>>,
    apart: Apart,
) -> (Vec<(usize, Vec<usize>)>, bool) {
    let mut of_giver: FxHashMap<&str, Vec<&Report<'_>>> = FxHashMap::default();
    for part in among.iter() {
        of_giver.entry(&part.giver.key).or_default().push(part);
    }
    let mut found = Vec::new();
    let mut taken: HashSet<usize> = HashSet::new();
    let mut cut = false;
    wholes.retain(|whole| {
        let of = of_giver.get(whole.giver.key.as_str());
        let of = of.map_or(&[][..], Vec::as_slice);
        let (near, is_cut) = nearest(of, |part| part.day, whole.day, apart.instalment_days);
        cut |= is_cut;
        let parts = near.iter().copied();
        let parts = parts.filter(|part| part.amount < whole.amount && !taken.contains(&part.index));
        let parts: Vec<&Report<'_>> = parts.collect();
        let Some(parts) = sum_of(whole.amount, &parts, apart.parts) else {
            return true;
        };
        let parts: Vec<usize> = parts.iter().map(|part| part.index).collect();
        taken.extend(&parts);
        found.push((whole.index, parts));
        false
    });
    among.retain(|part| !taken.contains(&part.index));
    (found, cut)
}

fn keep_others(reports: &mut Vec<&Report<'_>>, taken: HashSet<usize>) {
    let mut at = 0;
    reports.retain(|_| {
        at += 1;
        !taken.contains(&(at - 1))
    });
}
