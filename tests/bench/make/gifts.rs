//! The gifts of the county: decided before any return is written, since the
//! giver's unit and the village's township both report them.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kaohe::roster::{Roster, Unit};
use rust_decimal::Decimal;

use super::dice::Dice;
use super::words::outsider;

/// Rows that the form 受援情况 has room for.
const MOST_RECEIVED: usize = 100;

/// What is wrong with a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The amount as a text with 万.
    Text,
    /// No date.
    Undated,
    /// A village that the roster does not have.
    Elsewhere,
}

impl Fault {
    /// What is meant by the amount that is a text.
    pub const AMOUNT: Decimal = Decimal::from_parts(50_000, 0, 0, false, 0);
}

/// A gift.
#[derive(Clone)]
pub struct Gift {
    /// Number of its receipt.
    pub number: usize,
    pub donor: String,
    pub donor_kind: &'static str,
    pub village: Option<String>,
    pub amount: Decimal,
    pub goods: bool,
    pub date: Date,
    pub fault: Option<Fault>,
}

/// What every unit reports as given and as received, by the unit's code.
#[derive(Default)]
pub struct Gifts {
    pub given: BTreeMap<String, Vec<Gift>>,
    pub received: BTreeMap<String, Vec<Gift>>,
}

/// The gifts of all units.
pub fn gifts(seed: u64, roster: &Roster) -> Gifts {
    let mut gifts = Gifts::default();
    let villages: Vec<(&str, &str)> = roster
        .villages()
        .map(|village| (village.name.as_str(), village.reporter.as_str()))
        .collect();
    let mut persons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in roster.members() {
        persons.entry(&member.unit).or_default().push(&member.name);
    }
    for (at, unit) in roster.units().enumerate() {
        let mut dice = Dice::new(seed, at as u64);
        let count = match unit.kind.as_str() {
            "township" => dice.skewed(20, 150, 3),
            "group" => dice.skewed(20, 150, 1),
            // A branch has few forms, and fills those.
            _ => 170 - dice.skewed(20, 150, 2),
        };
        let own = persons
            .get(unit.code.as_str())
            .map_or(&[][..], Vec::as_slice);
        for number in 0..count {
            let mut gift = gift(at, number, unit, own, &mut dice);
            if gift.fault.is_none() && dice.chance(320) {
                let (village, township) = a_village(&villages, &mut dice);
                let receipts = gifts.received.entry(township.to_owned()).or_default();
                if receipts.len() < MOST_RECEIVED {
                    gift.village = Some(village.to_owned());
                    receipts.extend(receipt(&gift, &mut dice));
                }
            }
            let given = gifts.given.entry(unit.code.clone()).or_default();
            // Two that are equal would count once only.
            if dice.chance(3) {
                given.extend(given.last().cloned());
            }
            given.push(gift);
        }
    }
    gifts
}

/// A quarter of the villages receive half of what is given.
fn a_village<'a>(villages: &[(&'a str, &'a str)], dice: &mut Dice) -> (&'a str, &'a str) {
    let among = if dice.chance(333) {
        &villages[..villages.len().div_ceil(4)]
    } else {
        villages
    };
    *dice.of(among)
}

fn gift(at: usize, number: usize, unit: &Unit, own: &[&str], dice: &mut Dice) -> Gift {
    let (donor, donor_kind) = match dice.below(100) {
        0..5 => (unit.name.clone(), "单位或企业"),
        5..40 => (outsider(at, dice), "社会人士"),
        _ => ((*dice.of(own)).to_owned(), person_kind(&unit.kind)),
    };
    // Mostly small, some that decide an award, a few in 角 and 分.
    let fen = match dice.below(100) {
        0 => 100 * (20_000 + 1_000 * dice.below(60)),
        1..25 => 100 * (200 + 10 * dice.below(200)) + 1 + dice.below(99),
        _ => 100 * (200 + 50 * dice.below(40)),
    };
    let fault = match dice.below(1_000) {
        0..4 => Some(Fault::Text),
        4..12 => Some(Fault::Undated),
        12..20 => Some(Fault::Elsewhere),
        _ => None,
    };
    Gift {
        number,
        donor,
        donor_kind,
        village: None,
        amount: Decimal::new(fen as i64, 2).normalize(),
        goods: dice.chance(180),
        date: date(2018, 1, 8) + (dice.below(320) as i64).days(),
        fault,
    }
}

/// The same as the township reports it: now and then forgotten, or with
/// another amount.
fn receipt(gift: &Gift, dice: &mut Dice) -> Option<Gift> {
    let mut receipt = gift.clone();
    receipt.date += (dice.below(4) as i64).days();
    match dice.below(100) {
        0 => None,
        1 => {
            receipt.amount += Decimal::from(200);
            Some(receipt)
        }
        _ => Some(receipt),
    }
}

/// What a unit calls its own persons.
fn person_kind(unit: &str) -> &'static str {
    match unit {
        "branch" => "经促会员",
        "chamber" => "商会会员",
        _ => "政协委员",
    }
}
