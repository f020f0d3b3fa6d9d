//! Gifts that nobody has reported as received. A unit that reports both sides of
//! a gift has nobody to ask; what others gave is laid before the office by unit
//! and village, where it comes to enough, so that single small gifts do not bury
//! what matters.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::agreement::Comparison;
use super::askers::Asker;
use super::class::Class;
use super::context::Context;
use super::gifts::{says, unit_name};
use super::likely::side;
use super::matter::{Draft, SideOf, Topic, Verdict, named_sides};
use super::reconciled::Reconciled;
use crate::diagnostic::some;
use crate::ledger::LedgerEntry;
use crate::policy::Gift;
use crate::value::money;

/// A gift without its other side.
struct Alone {
    comparison: Comparison,
    /// The rejected row that may be its other side, in words.
    hint: Option<String>,
    /// The village's own township gave it, and would have to confirm it.
    own: bool,
}

/// The gifts without another side, by the unit that reports them and the village.
#[derive(Default)]
pub(super) struct Unreceived {
    pairs: BTreeMap<(String, String), Vec<Alone>>,
}

impl Unreceived {
    /// Adds one.
    pub fn add(
        &mut self,
        comparison: Comparison,
        hint: Option<String>,
        reconciled: &Reconciled,
        askers: &HashMap<&str, Asker<'_>>,
    ) {
        let entry = entries(&comparison, reconciled).next();
        let reporter = entry.map_or("", |entry| &entry.reporter).to_owned();
        let village = entry.and_then(|entry| entry.village.as_deref());
        let village = village.unwrap_or_default().to_owned();
        let asked = askers.get(village.as_str());
        let own = matches!(asked, Some(Asker::Returned(unit)) if *unit == reporter);
        let alone = Alone {
            comparison,
            hint,
            own,
        };
        self.pairs
            .entry((reporter, village))
            .or_default()
            .push(alone);
    }

    /// Lays what comes to enough before the office, and settles everything.
    pub fn lay(
        self,
        reconciled: &mut Reconciled,
        context: &mut Context<'_>,
        gift: &Gift,
        settled: &mut Vec<Comparison>,
    ) {
        let least = context.policy.reconcile.apart.unreceived;
        for (pair, gifts) in self.pairs {
            // What has been ruled by itself stands by itself: a ruling holds whatever
            // is asked about by now, and whatever came beside it.
            let mut rest = Vec::new();
            for one in gifts {
                let told = entries(&one.comparison, reconciled).flat_map(says);
                let told: Vec<String> = told.collect();
                if !context.desk.is_ruled(Topic::GivenOnly, &told, 0) {
                    rest.push(one);
                    continue;
                }
                let gifts = std::slice::from_ref(&one);
                let draft = draft(&pair, gifts, reconciled, context, gift);
                settle(vec![one], draft, reconciled, context, settled);
            }
            if rest.is_empty() {
                continue;
            }
            let draft = draft(&pair, &rest, reconciled, context, gift);
            let why = match rest.first() {
                Some(one) if one.own => "捐赠也是这个乡镇自己报的，不列为核对事项".to_owned(),
                _ if draft.at_stake < least => format!(
                    "这个单位给这个村的合计不到 {} 元，不列为核对事项",
                    money(least)
                ),
                _ => {
                    settle(rest, draft, reconciled, context, settled);
                    continue;
                }
            };
            // A ruling on all of them together holds, too.
            if context.desk.is_ruled(draft.topic, &draft.says, 0) {
                settle(rest, draft, reconciled, context, settled);
                continue;
            }
            settled.extend(rest.into_iter().map(|one| Comparison {
                reason: format!("{}；{why}", one.comparison.reason),
                ..one.comparison
            }));
        }
    }
}

/// Lays gifts before the office, and settles them by what was ruled.
fn settle(
    gifts: Vec<Alone>,
    draft: Draft,
    reconciled: &mut Reconciled,
    context: &mut Context<'_>,
    settled: &mut Vec<Comparison>,
) {
    let last = draft.sides.len().saturating_sub(1);
    let verdict = context.lay(draft);
    let matter = context.desk.last().map(|matter| matter.id.clone());
    for (at, one) in gifts.into_iter().enumerate() {
        let mut comparison = one.comparison;
        comparison.matter.clone_from(&matter);
        let excluded = match verdict {
            None => {
                settled.push(comparison);
                continue;
            }
            Some(Verdict::Exclude) => true,
            Some(Verdict::Without(side)) => side == at.min(last),
            Some(_) => false,
        };
        let why = context.ruled(if excluded { "不予计入" } else { "照报" });
        if excluded {
            for &entry in &comparison.given {
                reconciled.put(entry, Class::SetAside, &why);
            }
        }
        comparison.reason = why.text;
        settled.push(comparison);
    }
}

fn entries<'r>(
    comparison: &Comparison,
    reconciled: &'r Reconciled,
) -> impl Iterator<Item = &'r LedgerEntry> {
    let entries = comparison.given.iter();
    entries.filter_map(|&at| reconciled.counts(at))
}

/// The matter of a unit and a village: each gift is a side of its own.
fn draft(
    (unit, village): &(String, String),
    gifts: &[Alone],
    reconciled: &Reconciled,
    context: &Context<'_>,
    gift: &Gift,
) -> Draft {
    let all = || gifts.iter().flat_map(|one| &one.comparison.given).copied();
    let found = || all().filter_map(|at| reconciled.counts(at));
    let sum: Decimal = found()
        .filter_map(|entry| entry.values.get(&gift.amount)?.number())
        .sum();
    let sides: Vec<SideOf> = gifts
        .iter()
        .map(|one| {
            let given = &one.comparison.given;
            side(given, reconciled, gift, context.policy, context.roster)
        })
        .collect();
    let sides = named_sides(sides);
    let reason = match gifts {
        [one] => one.comparison.reason.clone(),
        several => {
            let name = found().find_map(|entry| Some(entry.values.get(&gift.village)?.to_string()));
            let mut parts = vec![format!(
                "{}给{}的 {} 笔共 {} 元，这个村的乡镇没有报收到",
                unit_name(context.roster, unit),
                name.unwrap_or_default(),
                several.len(),
                money(sum)
            )];
            parts.extend(several.iter().filter_map(|one| one.hint.clone()));
            some(&parts, "；", "条")
        }
    };
    let mut choices = vec![Verdict::Uphold, Verdict::Exclude];
    if sides.len() > 1 {
        choices.extend((0..sides.len()).map(Verdict::Without));
    }
    Draft {
        topic: Topic::GivenOnly,
        stands: vec![unit.clone(), gift.form.clone(), village.clone()],
        says: found().flat_map(says).collect(),
        reason,
        sides,
        at_stake: sum,
        proposed: Verdict::Uphold,
        choices,
        by_rule: None,
        quoted: None,
        units: reconciled.units_of(all()),
    }
}
