//! What donors say they gave against what townships say their villages
//! received. Every counted report of either side stands in exactly one
//! comparison, so the totals of both sides and the differences agree.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ecow::EcoString;
use rustc_hash::FxHashMap;

use super::agree::OfVillage;
use super::agreement::{Agreement, Comparison};
use super::askers::{Asker, askers};
use super::class::Class;
use super::context::Context;
use super::gifts::{Report, reports, says, stands};
use super::likely::side;
use super::matter::{Draft, Topic, Verdict};
use super::reconciled::Reconciled;
use super::unreceived::Unreceived;
use crate::diagnostic::{MESSAGE, brief};
use crate::ledger::LedgerEntry;
use crate::policy::{Gift, Policy, Side};
use crate::roster::Roster;
use crate::value::Value;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    let (Some(given), Some(received)) = (policy.gift(Side::Given), policy.gift(Side::Received))
    else {
        return;
    };
    let askers = askers(reconciled, received, policy, roster);
    let found = compare(reconciled, given, received, policy, &askers);
    let rejected = rejected(reconciled, [given, received]);
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
    for one in &mut settled {
        one.reason = brief(&one.reason, MESSAGE).into_owned();
    }
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
                let entry = reconciled.counts(i)?;
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
    let mut blocks: BTreeMap<(&str, &str), OfVillage<'_, '_>> = BTreeMap::new();
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
        block.compare(policy.reconcile.apart, &mut found);
    }
    without_village(
        &mut found,
        &givens,
        &receipts,
        policy.reconcile.apart.receipt_days,
    );
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
    let receipts: HashMap<usize, &Report<'_>> = receipts.iter().map(|r| (r.index, r)).collect();
    // By what must be the same, in the order of their days.
    let mut homeless: FxHashMap<_, BTreeSet<(i32, usize)>> = FxHashMap::default();
    for (at, gift) in givens.iter().enumerate() {
        if gift.village.is_none() {
            let of = (gift.sort, gift.amount, gift.giver.key.as_str());
            homeless.entry(of).or_default().insert((gift.day, at));
        }
    }
    let mut taken = HashSet::new();
    for one in found.iter_mut() {
        let (Agreement::ReceivedOnly, [index]) = (one.agreement, one.received.as_slice()) else {
            continue;
        };
        let Some(receipt) = receipts.get(index).copied() else {
            continue;
        };
        let of = (receipt.sort, receipt.amount, receipt.giver.key.as_str());
        let Some(gifts) = homeless.get_mut(&of) else {
            continue;
        };
        // The nearest before it, the first of its day, and the nearest after it.
        let before = gifts.range(..(receipt.day, 0)).next_back();
        let before = before.and_then(|(day, _)| gifts.range((*day, 0)..).next());
        let after = gifts.range((receipt.day, 0)..).next();
        let near = before.into_iter().chain(after).copied();
        let near = near.filter(|(day, _)| day.abs_diff(receipt.day) <= most_days);
        let nearest = near.min_by_key(|(day, _)| day.abs_diff(receipt.day));
        let Some((nearest, gift)) = nearest.and_then(|at| Some((at, givens.get(at.1)?))) else {
            continue;
        };
        gifts.remove(&nearest);
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
    (rejected, waiting): (&FxHashMap<&str, Rejected<'_>>, &HashSet<usize>),
    given: &Gift,
    received: &Gift,
) -> Option<String> {
    let (own, (gift, other), whose) = match comparison.agreement {
        Agreement::GivenOnly => (&comparison.given, (given, received), "受援方"),
        Agreement::ReceivedOnly => (&comparison.received, (received, given), "捐助方"),
        _ => return None,
    };
    let ledger = &reconciled.ledger;
    let entry = own.first().and_then(|&at| reconciled.counts(at))?;
    let told = rejected.get(other.form.as_str())?;
    // Of several nobody can say which one it is.
    let perhaps = told_of(entry, gift).into_iter();
    let mut perhaps = perhaps.filter_map(|of| told.get(&of)).flatten();
    let (Some(&at), None) = (perhaps.next(), perhaps.next()) else {
        return None;
    };
    let (row, _, why) = reconciled.entry(at)?;
    let what = match waiting.contains(&at) {
        true => "等县政协办裁定",
        false => "请改好那一行",
    };
    Some(format!(
        "{whose}像是报了（{}），但那一行没有计入（{why}）：{what}，不要另报",
        row.place(&ledger.files)
    ))
}

/// What a row tells of a gift: giver, village, amount and day.
type ToldOf<'a> = (
    Option<&'a EcoString>,
    Option<&'a EcoString>,
    Option<&'a Value>,
    Option<&'a Value>,
);

/// The rejected rows of a form by what they tell. Of several that tell the same two
/// are enough: nobody can say which one is meant.
type Rejected<'a> = FxHashMap<ToldOf<'a>, Vec<usize>>;

/// The rejected rows of both sides, by their forms.
fn rejected<'a>(
    reconciled: &'a Reconciled,
    gifts: [&'a Gift; 2],
) -> FxHashMap<&'a str, Rejected<'a>> {
    let mut rejected: FxHashMap<&str, Rejected<'_>> = FxHashMap::default();
    for (at, (entry, class, _)) in reconciled.entries().enumerate() {
        let mut gifts = gifts.iter().filter(|gift| entry.form == gift.form);
        if let (Class::Rejected, Some(gift)) = (class, gifts.next()) {
            let of = rejected.entry(&gift.form).or_default();
            let same = of.entry(told(entry, gift)).or_default();
            if same.len() < 2 {
                same.push(at);
            }
        }
    }
    rejected
}

fn told<'a>(entry: &'a LedgerEntry, gift: &Gift) -> ToldOf<'a> {
    let value = |id: &String| entry.values.get(id);
    (
        entry.donor.as_ref().map(|donor| &donor.key),
        entry.village.as_ref(),
        value(&gift.amount),
        value(&gift.date),
    )
}

/// What a rejected row may tell that may be the other side of an entry: nothing that
/// is otherwise, and at least three of giver, village, amount and day.
fn told_of<'a>(entry: &'a LedgerEntry, gift: &Gift) -> Vec<ToldOf<'a>> {
    let (giver, village, amount, day) = told(entry, gift);
    let mut all = vec![
        (giver, village, amount, day),
        (None, village, amount, day),
        (giver, None, amount, day),
        (giver, village, None, day),
        (giver, village, amount, None),
    ];
    let count = |(giver, village, amount, day): &ToldOf<'_>| {
        let names = [giver.is_some(), village.is_some()];
        let values = [amount.is_some(), day.is_some()];
        names.into_iter().chain(values).filter(|is| *is).count()
    };
    all.retain(|of| count(of) >= 3);
    // Where something is not told, leaving it out changes nothing.
    let mut seen = Vec::new();
    all.retain(|of| {
        let is_new = !seen.contains(of);
        seen.push(*of);
        is_new
    });
    all
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
    let entries = || all().filter_map(|i| reconciled.counts(i));
    let sum = |indexes: &[usize], gift: &Gift| -> rust_decimal::Decimal {
        let entries = indexes.iter().filter_map(|&i| reconciled.counts(i));
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
