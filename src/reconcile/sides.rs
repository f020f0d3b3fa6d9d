//! What donors say they gave against what townships say their villages
//! received. Every counted report of either side stands in exactly one
//! comparison, so the totals of both sides and the differences agree.

use std::collections::{BTreeMap, HashMap, HashSet};

use ecow::EcoString;

use super::agree::{Agreement, Block, Comparison};
use super::gifts::{Report, days, reports, says, stands};
use super::likely::side;
use super::matter::{Draft, Topic, Verdict};
use super::unreceived::Unreceived;
use super::{Class, Context, Reconciled};
use crate::ledger::LedgerEntry;
use crate::policy::{Gift, Policy, Side};
use crate::roster::{Roster, Village};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    let (Some(given), Some(received)) = (policy.gift(Side::Given), policy.gift(Side::Received))
    else {
        return;
    };
    let askers = askers(reconciled, received, policy, roster);
    let found = compare(reconciled, given, received, policy, &askers);
    let rejected = rejected(reconciled);
    let waiting = context.desk.waiting(Topic::OutsidePeriod);
    let hint = |one| name_rejected(one, reconciled, (&rejected, &waiting), given, received);
    let hints: Vec<Option<String>> = found.iter().map(hint).collect();
    let mut settled = Vec::new();
    let mut unreceived = Unreceived::default();
    for (mut comparison, hint) in found.into_iter().zip(hints) {
        if let Some(hint) = &hint {
            comparison.reason = format!("{}；{hint}", comparison.reason);
        }
        if comparison.agreement == Agreement::GivenOnly {
            unreceived.add(comparison, hint, reconciled, &askers);
            continue;
        }
        let draft = draft(&comparison, reconciled, (given, received), policy, roster);
        let Some(draft) = draft else {
            settled.push(comparison);
            continue;
        };
        let verdict = context.lay(draft);
        let matter = context.desk.last().map(|matter| matter.id.clone());
        let comparison = Comparison {
            matter,
            ..comparison
        };
        settle(
            comparison,
            verdict,
            reconciled,
            context,
            (given, received),
            &mut settled,
        );
    }
    unreceived.lay(reconciled, context, given, &mut settled);
    let order = |c: &Comparison, d: &Comparison| {
        let rest = || {
            c.given
                .cmp(&d.given)
                .then_with(|| c.received.cmp(&d.received))
        };
        c.agreement.cmp(&d.agreement).then_with(rest)
    };
    settled.sort_by(order);
    reconciled.comparisons = settled;
}

/// What a ruling makes of a comparison.
fn settle(
    comparison: Comparison,
    verdict: Option<Verdict>,
    reconciled: &mut Reconciled,
    context: &Context<'_>,
    (given, received): (&Gift, &Gift),
    settled: &mut Vec<Comparison>,
) {
    let ruled = |effect: &str| context.ruled(effect);
    match verdict {
        None => settled.push(comparison),
        Some(Verdict::Confirm) => settled.push(Comparison {
            agreement: Agreement::Confirmed,
            reason: ruled("是同一笔").text,
            ..comparison
        }),
        Some(Verdict::Distinct) => {
            let reason = ruled("不是同一笔").text;
            settled.push(Comparison {
                agreement: Agreement::GivenOnly,
                received: Vec::new(),
                reason: reason.clone(),
                ..comparison.clone()
            });
            settled.push(Comparison {
                agreement: Agreement::ReceivedOnly,
                given: Vec::new(),
                reason,
                ..comparison
            });
        }
        Some(Verdict::Received) => {
            let amount = comparison.received.first().and_then(|&i| {
                let entry = reconciled.ledger.entries.get(i)?;
                entry.values.get(&received.amount)?.number()
            });
            let why = ruled("按受援方所报的金额计入");
            if let (Some(amount), Some(&entry)) = (amount, comparison.given.first()) {
                reconciled.set_amount(entry, &given.amount, amount, &why);
            }
            settled.push(Comparison {
                agreement: Agreement::Confirmed,
                reason: why.text,
                ..comparison
            });
        }
        Some(Verdict::Exclude) => {
            let why = ruled("不予计入");
            for &entry in &comparison.given {
                reconciled.put(entry, Class::SetAside, &why);
            }
            settled.push(Comparison {
                reason: why.text,
                ..comparison
            });
        }
        Some(Verdict::Keep(_)) => settled.push(Comparison {
            reason: ruled("以捐助方所报为准").text,
            ..comparison
        }),
        Some(_) => {
            settled.push(Comparison {
                reason: ruled("照报").text,
                ..comparison
            });
        }
    }
}

/// All comparisons, as they are before any ruling.
fn compare(
    reconciled: &Reconciled,
    given: &Gift,
    received: &Gift,
    policy: &Policy,
    askers: &HashMap<&str, Asker<'_>>,
) -> Vec<Comparison> {
    let givens = reports(reconciled, given);
    let receipts = reports(reconciled, received);
    let mut blocks: BTreeMap<(&str, &str), Block<'_, '_>> = BTreeMap::new();
    let mut found = Vec::new();
    for report in &givens {
        let reason = match report.village.map(|village| askers.get(village)) {
            None => Some("没有写受助村，无从核对"),
            Some(None | Some(Asker::Nobody)) => Some("这个村没有乡镇填报受援情况，无从核对"),
            Some(Some(Asker::Absent)) => Some("这个村所在的乡镇没有报送，无从核对"),
            Some(Some(Asker::Returned(_))) => None,
        };
        match (reason, report.village) {
            (None, Some(village)) => {
                let block = blocks.entry((village, report.sort)).or_default();
                block.given.push(report);
            }
            (reason, _) => found.push(Comparison {
                agreement: Agreement::Unasked,
                given: vec![report.index],
                received: Vec::new(),
                reason: reason.unwrap_or_default().to_owned(),
                matter: None,
            }),
        }
    }
    for report in &receipts {
        let village = report.village.unwrap_or_default();
        let block = blocks.entry((village, report.sort)).or_default();
        block.received.push(report);
    }
    for block in blocks.values_mut() {
        block.compare(policy.apart, &mut found);
    }
    without_village(&mut found, &givens, &receipts, policy.apart.receipt_days);
    found
}

/// A receipt that nobody reports as given, and a gift of the same giver and
/// amount that names no village, are perhaps one: reported again with its
/// village, the gift would count twice.
fn without_village(
    found: &mut Vec<Comparison>,
    givens: &[Report<'_>],
    receipts: &[Report<'_>],
    most_days: u32,
) {
    let mut taken = HashSet::new();
    let receipts: HashMap<usize, &Report<'_>> = receipts.iter().map(|r| (r.index, r)).collect();
    let homeless = givens.iter().filter(|gift| gift.village.is_none());
    let homeless: Vec<&Report<'_>> = homeless.collect();
    for one in found.iter_mut() {
        let (Agreement::ReceivedOnly, [index]) = (one.agreement, one.received.as_slice()) else {
            continue;
        };
        let Some(receipt) = receipts.get(index).copied() else {
            continue;
        };
        let fits = |gift: &&Report<'_>| {
            gift.sort == receipt.sort
                && gift.amount == receipt.amount
                && gift.giver.key == receipt.giver.key
                && days(gift, receipt) <= most_days
                && !taken.contains(&gift.index)
        };
        let nearest = homeless
            .iter()
            .copied()
            .filter(fits)
            .min_by_key(|gift| days(gift, receipt));
        let Some(gift) = nearest else { continue };
        taken.insert(gift.index);
        *one = Comparison {
            agreement: Agreement::Likely,
            given: vec![gift.index],
            received: vec![receipt.index],
            reason:
                "捐助人、金额一致，捐助方没有写受助村；是同一笔的，请捐助方补上村名，不要另报一行"
                    .to_owned(),
            matter: None,
        };
    }
    found.retain(|one| {
        let alone = one.agreement == Agreement::Unasked;
        !(alone && one.given.iter().any(|gift| taken.contains(gift)))
    });
}

/// Of a report without its other side, which was rejected: then that row has to
/// be mended, and nothing reported again.
fn name_rejected(
    comparison: &Comparison,
    reconciled: &Reconciled,
    (rejected, waiting): (&HashMap<&str, Vec<usize>>, &HashSet<usize>),
    given: &Gift,
    received: &Gift,
) -> Option<String> {
    let (own, (gift, other), whose) = match comparison.agreement {
        Agreement::GivenOnly => (&comparison.given, (given, received), "受援方"),
        Agreement::ReceivedOnly => (&comparison.received, (received, given), "捐助方"),
        _ => return None,
    };
    let ledger = &reconciled.ledger;
    let entry = own.first().and_then(|&at| ledger.entries.get(at))?;
    let rejected = rejected.get(other.form.as_str()).into_iter().flatten();
    let mut rejected = rejected
        .filter_map(|&at| Some((at, reconciled.entry(at)?)))
        .filter(|(_, (one, ..))| is_perhaps(one, other, entry, gift));
    // Of several nobody can say which one it is.
    let (Some((at, (row, _, why))), None) = (rejected.next(), rejected.next()) else {
        return None;
    };
    let what = match waiting.contains(&at) {
        true => "等县政协办裁定",
        false => "请改好那一行",
    };
    Some(format!(
        "{whose}像是报了（{}），但那一行没有计入（{why}）：{what}，不要另报",
        row.place(&ledger.files)
    ))
}

/// Indexes of the rejected rows of each form, in the order of the ledger.
fn rejected(reconciled: &Reconciled) -> HashMap<&str, Vec<usize>> {
    let mut rejected: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (entry, class, _)) in reconciled.entries().enumerate() {
        if class == Class::Rejected {
            rejected.entry(&entry.form).or_default().push(at);
        }
    }
    rejected
}

/// Whether a rejected row may tell of a gift: nothing that it says is otherwise,
/// and it says at least three of giver, village, amount and day.
fn is_perhaps(row: &LedgerEntry, of_row: &Gift, entry: &LedgerEntry, of_entry: &Gift) -> bool {
    fn donor(one: &LedgerEntry) -> Option<&EcoString> {
        one.donor.as_ref().map(|donor| &donor.key)
    }
    let names = [
        (donor(row), donor(entry)),
        (row.village.as_ref(), entry.village.as_ref()),
    ];
    let values = [
        (&of_row.amount, &of_entry.amount),
        (&of_row.date, &of_entry.date),
    ];
    let values = values.map(|(one, other)| (row.values.get(one), entry.values.get(other)));
    let names = names.map(|(one, other)| one.map(|one| Some(one) == other));
    let values = values.map(|(one, other)| one.map(|one| Some(one) == other));
    let told = || names.iter().chain(&values).flatten();
    told().count() >= 3 && told().all(|same| *same)
}

/// Whether somebody reports what a village received.
pub(super) enum Asker<'a> {
    Nobody,
    Absent,
    /// The unit that does, by its code.
    Returned(&'a str),
}

/// Who reports what each village received, by code of the village.
fn askers<'a>(
    reconciled: &Reconciled,
    received: &Gift,
    policy: &Policy,
    roster: &'a Roster,
) -> HashMap<&'a str, Asker<'a>> {
    let kinds = policy.forms.get(&received.form).map(|form| &form.kinds);
    let township = |village: &Village| {
        let town = village.township.trim();
        roster.units().find(|unit| {
            let asked = kinds.is_some_and(|kinds| kinds.contains(&unit.kind));
            let names = std::iter::once(&unit.name).chain(&unit.aliases);
            asked && !town.is_empty() && names.into_iter().any(|name| name.starts_with(town))
        })
    };
    let asker = |village: &Village| match township(village) {
        None => Asker::Nobody,
        Some(unit) if reconciled.accepted(&unit.code).is_some() => Asker::Returned(&unit.code),
        Some(_) => Asker::Absent,
    };
    roster
        .villages()
        .map(|village| (village.code.as_str(), asker(village)))
        .collect()
}

/// The matter of a comparison, unless both sides agree.
fn draft(
    comparison: &Comparison,
    reconciled: &Reconciled,
    (given, received): (&Gift, &Gift),
    policy: &Policy,
    roster: &Roster,
) -> Option<Draft> {
    let one_to_one = comparison.given.len() == 1 && comparison.received.len() == 1;
    let (topic, choices) = match comparison.agreement {
        // What nobody has reported as received is laid together, see `unreceived`.
        Agreement::Confirmed | Agreement::InParts | Agreement::Unasked | Agreement::GivenOnly => {
            return None;
        }
        Agreement::Likely => (
            Topic::SidesDiffer,
            vec![Verdict::Confirm, Verdict::Distinct],
        ),
        Agreement::Differs => {
            let mut choices = vec![Verdict::Keep(0), Verdict::Exclude, Verdict::Distinct];
            if one_to_one {
                choices.insert(1, Verdict::Received);
            }
            (Topic::SidesDiffer, choices)
        }
        Agreement::ReceivedOnly => (Topic::ReceivedOnly, vec![Verdict::Noted]),
    };
    let all = || comparison.given.iter().chain(&comparison.received).copied();
    let entries = || all().filter_map(|i| reconciled.ledger.entries.get(i));
    let sum = |indexes: &[usize], gift: &Gift| -> rust_decimal::Decimal {
        let entries = indexes
            .iter()
            .filter_map(|&i| reconciled.ledger.entries.get(i));
        entries
            .filter_map(|entry| entry.values.get(&gift.amount)?.number())
            .sum()
    };
    let (gave, got) = (
        sum(&comparison.given, given),
        sum(&comparison.received, received),
    );
    let at_stake = match comparison.agreement {
        Agreement::Likely => gave,
        _ => (gave - got).abs(),
    };
    let sides = [(&comparison.given, given), (&comparison.received, received)];
    Some(Draft {
        topic,
        stands: entries().map(stands).collect(),
        says: entries().flat_map(says).collect(),
        reason: comparison.reason.clone(),
        sides: sides
            .into_iter()
            .filter(|(entries, _)| !entries.is_empty())
            .map(|(entries, gift)| side(entries, reconciled, gift, policy, roster))
            .collect(),
        at_stake,
        proposed: choices.first().copied().unwrap_or(Verdict::Noted),
        choices,
        by_rule: None,
        quoted: None,
        units: reconciled.units_of(all()),
    })
}
