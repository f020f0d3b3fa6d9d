//! Amounts far out of line with the others of the same form: a nought too
//! many is the dearest slip of the pen.

use rust_decimal::Decimal;

use super::class::Class;
use super::context::Context;
use super::gifts::{says, stands, unit_name};
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::measure::median;
use super::reconciled::Reconciled;
use crate::policy::Outlier;
use crate::roster::Roster;
use crate::value::{Value, money};

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    for rule in &context.policy.reconcile.outliers {
        for (entry, draft) in drafts(rule, reconciled, context.roster) {
            if context.lay(draft) == Some(Verdict::Exclude) {
                let why = context.ruled("不予计入");
                reconciled.put(entry, Class::SetAside, &why);
            }
        }
    }
}

fn drafts(rule: &Outlier, reconciled: &Reconciled, roster: &Roster) -> Vec<(usize, Draft)> {
    let amounts: Vec<(usize, Decimal)> = reconciled
        .entries()
        .enumerate()
        .filter(|(_, (entry, class, _))| entry.form == rule.form && *class == Class::Counted)
        .filter_map(|(index, (entry, ..))| {
            Some((
                index,
                entry.values.get(&rule.amount).and_then(Value::number)?,
            ))
        })
        .collect();
    let Some(median) = median(amounts.iter().map(|(_, amount)| *amount)) else {
        return Vec::new();
    };
    let Some(most) = median.checked_mul(rule.times) else {
        return Vec::new();
    };
    amounts
        .into_iter()
        .filter(|(_, amount)| *amount >= rule.at_least && *amount > most)
        .filter_map(|(index, amount)| {
            let entry = reconciled.counts(index)?;
            let place = entry.place(&reconciled.ledger.files);
            let text = format!(
                "{}：{} 元（{place}）",
                unit_name(roster, &entry.reporter),
                money(amount)
            );
            let draft = Draft {
                topic: Topic::Outlier,
                stands: vec![stands(entry)],
                says: says(entry),
                reason: format!(
                    "{} 元是各行中位数 {} 元的{}倍以上",
                    money(amount),
                    money(median),
                    rule.times.normalize()
                ),
                sides: vec![SideOf {
                    text,
                    entries: vec![index],
                    places: vec![place],
                }],
                at_stake: amount,
                choices: vec![Verdict::Uphold, Verdict::Exclude],
                proposed: Verdict::Uphold,
                by_rule: None,
                quoted: None,
                units: reconciled.units_of(std::iter::once(index)),
            };
            Some((index, draft))
        })
        .collect()
}
