//! Faults are planted in a clean county of eighty returns: every exact one is
//! found, likely ones are measured, and the clean county is left in peace.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::county::{County, Dice, GIVEN, Gift, county};
use jiff::ToSpan;
use jiff::civil::date;
use kaohe::flow::Assessment;
use kaohe::intake::ReturnedFile;
use kaohe::reconcile::{Class, Matter, Outcome, Topic};
use kaohe::sheet::Content;
use rust_decimal::Decimal;

const UNITS: usize = 80;

/// A row of a form by its unit: unit, form, entry from 0.
type Row = (String, &'static str, usize);
/// The rows that tell of one planted fault.
type Planted = BTreeSet<BTreeSet<Row>>;

fn assess(county: &County) -> Assessment {
    county.world.assess_bytes(&county.files())
}

/// First row of entries on an issued sheet, from 0.
const FIRST: u32 = 5;

fn rows_of(matter: &Matter, assessment: &Assessment) -> BTreeSet<Row> {
    let entries = &assessment.reconciled.ledger().entries;
    let rows = matter
        .sides
        .iter()
        .flat_map(|side| &side.entries)
        .map(|&i| {
            let entry = &entries[i];
            let form = if entry.form == "funds" {
                "funds"
            } else {
                "received"
            };
            (
                entry.reporter.to_string(),
                form,
                (entry.row - FIRST) as usize,
            )
        });
    rows.collect()
}

fn found(assessment: &Assessment, topics: &[Topic]) -> Planted {
    let matters = assessment.reconciled.matters().iter();
    matters
        .filter(|matter| topics.contains(&matter.topic))
        .map(|matter| rows_of(matter, assessment))
        .collect()
}

/// Prints recall and precision, and fails under 0.95 each.
fn measure(what: &str, planted: &Planted, found: &Planted) {
    let hit = planted.intersection(found).count();
    let share = |of: usize| Decimal::from(hit) / Decimal::from(of.max(1));
    let (recall, precision) = (share(planted.len()), share(found.len()));
    println!(
        "{what}: planted {}, found {}, right {hit}: recall {recall:.3}, precision {precision:.3}",
        planted.len(),
        found.len()
    );
    for missed in planted.difference(found).take(5) {
        println!("  missed {missed:?}");
    }
    for wrong in found.difference(planted).take(5) {
        println!("  wrong  {wrong:?}");
    }
    assert!(!planted.is_empty(), "{what}: nothing was planted");
    let least: Decimal = "0.95".parse().expect("a number");
    assert!(recall >= least, "{what}: recall {recall:.3}");
    assert!(precision >= least, "{what}: precision {precision:.3}");
}

#[test]
fn a_clean_county_is_left_in_peace() {
    for seed in 1..=2 {
        let county = county(seed, UNITS);
        let assessment = assess(&county);
        let said: Vec<String> = assessment
            .findings
            .iter()
            .map(|f| format!("{} {} {}", f.code, f.place, f.message))
            .collect();
        assert!(said.is_empty(), "{}", said.join("\n"));
        assert!(assessment.reconciled.matters().is_empty());
        let gifts: usize = (0..UNITS).map(|at| county.gifts(at).len()).sum();
        let confirmed = assessment.reconciled.comparisons().iter();
        let confirmed = confirmed
            .filter(|c| c.agreement.word() == "双方一致")
            .count();
        assert_eq!(confirmed, gifts, "every gift is confirmed");
    }
}

/// Rows of gifts of outside givers or own members, each used for one fault.
struct Plot {
    /// What the clean county reports; copies are not copied again.
    clean: Vec<Vec<Gift>>,
    dice: Dice,
    used: BTreeSet<(usize, usize)>,
}

impl Plot {
    fn new(county: &County, seed: u64) -> Self {
        Plot {
            clean: (0..UNITS).map(|at| county.gifts(at)).collect(),
            dice: Dice::new(seed),
            used: BTreeSet::new(),
        }
    }

    /// A gift that no other fault touches, its unit, and another unit.
    fn pick(&mut self, fits: impl Fn(&Gift) -> bool) -> (usize, usize, Gift, usize) {
        loop {
            let at = self.dice.below(UNITS);
            let gifts = &self.clean[at];
            let row = self.dice.below(gifts.len());
            let other = self.dice.below(UNITS);
            if other == at || !fits(&gifts[row]) || !self.used.insert((at, row)) {
                continue;
            }
            return (at, row, gifts[row].clone(), other);
        }
    }
}

/// Another unit reports a gift, too; gives its row.
fn report(county: &mut County, unit: usize, gift: &Gift) -> Row {
    let sent = &mut county.returns[unit];
    let rows = sent.rows.entry("funds").or_default();
    rows.push(gift.given(rows.len()));
    (sent.unit.clone(), "funds", rows.len() - 1)
}

fn original(county: &County, at: usize, row: usize) -> Row {
    (county.returns[at].unit.clone(), "funds", row)
}

fn is_outside(gift: &Gift) -> bool {
    gift.donor.contains("公司")
}

#[test]
fn exact_duplicates_are_all_found_and_count_once() {
    let mut county = county(3, UNITS);
    let clean = assess(&county);
    let mut plot = Plot::new(&county, 30);
    let mut planted = Planted::new();
    for number in 0..40 {
        let (at, row, gift, other) = plot.pick(|gift| !is_outside(gift));
        let voucher = county.returns[at].rows["funds"][row]["voucher"].clone();
        let copy = report(&mut county, other, &gift);
        let rows = county.returns[other].rows.get_mut("funds").expect("rows");
        let typed = rows.last_mut().expect("row");
        typed.insert("voucher", voucher);
        if number % 2 == 0 {
            // The same amount, written in 万元: 1.2345万元 is 12345 元.
            let wan = gift.amount / Decimal::from(10_000);
            typed.insert("amount", Content::Text(format!("{wan}万元")));
        } else {
            // The same name with a title.
            typed.insert("donor", Content::Text(format!("{} 同志", gift.donor)));
        }
        planted.insert(BTreeSet::from([original(&county, at, row), copy]));
    }
    let assessment = assess(&county);
    let found = found(&assessment, &[Topic::SameEntry]);
    assert_eq!(found, planted);
    let units = |a: &Assessment| {
        let counted = a
            .reconciled
            .entries()
            .filter(|(e, c, _)| *c == Class::Counted && e.form == "funds");
        let mut sums = std::collections::BTreeMap::new();
        for (entry, ..) in counted {
            *sums.entry(entry.credited.clone()).or_insert(Decimal::ZERO) += entry
                .values
                .get("amount")
                .and_then(|v| v.number())
                .expect("amount");
        }
        sums
    };
    assert_eq!(
        units(&assessment),
        units(&clean),
        "each counts once, for its giver's unit"
    );
}

#[test]
fn likely_duplicates_are_found_and_change_nothing() {
    let mut county = county(4, UNITS);
    let mut plot = Plot::new(&county, 40);
    let mut planted = Planted::new();
    let mut reported = Decimal::ZERO;
    for number in 0..100 {
        let outside = number % 5 == 0;
        let (at, row, gift, other) = plot.pick(|gift| is_outside(gift) == outside);
        let first = original(&county, at, row);
        let mut copies = vec![gift.clone()];
        match number % 5 {
            // The name in another form.
            0 => {
                let bare = gift
                    .donor
                    .trim_start_matches("湖南")
                    .trim_end_matches("有限公司");
                copies[0].donor = match number % 3 {
                    0 => format!("{bare}有限责任公司"),
                    1 => bare.to_owned(),
                    _ => format!("{bare}公司"),
                };
            }
            // A day or two off.
            1 => copies[0].date += (1 + plot.dice.below(2) as i64).days(),
            // Typed in 万元 without saying so.
            2 => copies[0].amount /= Decimal::from(10_000),
            // In two or three instalments.
            3 => {
                let parts = 2 + plot.dice.below(2);
                let part = (gift.amount / Decimal::from(parts)).trunc();
                copies = (0..parts)
                    .map(|n| Gift {
                        amount: if n == 0 {
                            gift.amount - part * Decimal::from(parts - 1)
                        } else {
                            part
                        },
                        date: gift.date + (7 * n as i64).days(),
                        ..gift.clone()
                    })
                    .collect();
            }
            // The same in all, but for the voucher.
            _ => {}
        }
        let mut rows = BTreeSet::from([first]);
        for copy in &copies {
            reported += copy.amount;
            rows.insert(report(&mut county, other, copy));
        }
        planted.insert(rows);
    }
    // Gifts that have much in common and are different all the same.
    for number in 0..80 {
        let (_, _, gift, other) = plot.pick(|_| true);
        let differs = |one: &Gift| one.donor != gift.donor && one.village != gift.village;
        let (_, _, another, _) = plot.pick(differs);
        let decoy = match number % 4 {
            0 => Gift {
                village: another.village,
                ..gift
            },
            1 => Gift {
                donor: another.donor,
                ..gift
            },
            2 => Gift {
                date: gift.date + 20.days(),
                ..gift
            },
            _ => Gift {
                amount: gift.amount + Decimal::from(137),
                ..gift
            },
        };
        reported += decoy.amount;
        report(&mut county, other, &decoy);
    }
    let assessment = assess(&county);
    measure(
        "likely duplicates",
        &planted,
        &found(&assessment, &[Topic::LikelySame]),
    );
    let sum = |a: &Assessment| -> Decimal {
        let counted = a
            .reconciled
            .entries()
            .filter(|(e, c, _)| *c == Class::Counted && e.form == "funds");
        counted
            .filter_map(|(e, ..)| e.values.get("amount")?.number())
            .sum()
    };
    let clean = assess(&crate::common::county::county(4, UNITS));
    assert_eq!(
        sum(&assessment),
        sum(&clean) + reported,
        "all count until it is ruled"
    );
}

#[test]
fn differences_between_giver_and_village_are_found() {
    let mut county = county(5, UNITS);
    // What is small is asked about too.
    county.world.policy.reconcile.apart.unreceived = Decimal::ZERO;
    let mut plot = Plot::new(&county, 50);
    let [mut differ, mut received_only] = [(); 2].map(|()| Planted::new());
    let mut given_only: BTreeMap<(String, String), BTreeSet<Row>> = BTreeMap::new();
    let mut difference = Decimal::ZERO;
    for number in 0..60 {
        let (at, row, gift, _) = plot.pick(|_| true);
        let village = county
            .world
            .roster
            .village_named(&gift.village)
            .expect("village");
        let township = village.reporter.clone();
        let first = original(&county, at, row);
        let rows = county
            .of(&township)
            .rows
            .get_mut("received")
            .expect("receipts");
        let fits = |r: &crate::common::county::Typed| {
            matches!(&r["amount"], Content::Number(n) if *n == gift.amount)
                && matches!(&r["donor"], Content::Text(t) if *t == gift.donor)
        };
        let receipt = rows.iter().position(fits).expect("receipt");
        match number % 3 {
            0 => {
                let less = gift.amount - Decimal::from(300);
                rows[receipt].insert("amount", Content::Number(less));
                differ.insert(BTreeSet::from([first, (township, "received", receipt)]));
                difference += Decimal::from(300);
            }
            1 => {
                // In its place a receipt that nobody gave, from somebody else.
                let other = Gift {
                    donor: format!("过路人{number}"),
                    amount: Decimal::from(70 + number),
                    date: date(2018, 7, 1),
                    ..gift.clone()
                };
                rows[receipt] = other.received();
                // One for a unit and a village, and none for the township itself.
                if first.0 != township {
                    let pair = (first.0.clone(), gift.village.clone());
                    given_only.entry(pair).or_default().insert(first);
                }
                received_only.insert(BTreeSet::from([(township, "received", receipt)]));
                difference += gift.amount - other.amount;
            }
            // One receipt in two: this is no difference.
            _ => {
                let half = (gift.amount / Decimal::TWO).trunc();
                rows[receipt].insert("amount", Content::Number(half));
                let mut rest = rows[receipt].clone();
                rest.insert("amount", Content::Number(gift.amount - half));
                rest.insert("receipt", Content::Text(format!("村收{number}")));
                rows.push(rest);
            }
        }
    }
    let assessment = assess(&county);
    let found = |topic| found(&assessment, &[topic]);
    measure("amounts that differ", &differ, &found(Topic::SidesDiffer));
    let given_only: Planted = given_only.into_values().collect();
    measure("given only", &given_only, &found(Topic::GivenOnly));
    measure("received only", &received_only, &found(Topic::ReceivedOnly));
    // Giver total = receiver total + the listed differences, to the fen.
    let sum = |form: &str| -> Decimal {
        let counted = assessment.reconciled.entries();
        counted
            .filter(|(e, c, _)| *c == Class::Counted && e.form == form)
            .filter_map(|(e, ..)| e.values.get("amount")?.number())
            .sum()
    };
    assert_eq!(sum("funds"), sum("received") + difference);
    let listed: Decimal = assessment
        .reconciled
        .comparisons()
        .iter()
        .map(|one| {
            let of = |list: &[usize]| -> Decimal {
                let entries = &assessment.reconciled.ledger().entries;
                let amounts = list
                    .iter()
                    .map(|&i| entries[i].values.get("amount").and_then(|v| v.number()));
                amounts.map(|amount| amount.expect("amount")).sum()
            };
            of(&one.given) - of(&one.received)
        })
        .sum();
    assert_eq!(listed, difference);
}

#[test]
fn stale_versions_and_swapped_units_are_named() {
    let mut county = county(6, UNITS);
    let mut dice = Dice::new(60);
    let mut stale = BTreeSet::new();
    for at in (0..UNITS).step_by(7) {
        let mut old = county.returns[at].clone();
        old.name = format!("旧-{}", old.name);
        old.filled_on = date(2018, 12, 1 + dice.below(9) as i8);
        old.rows.remove("pairs");
        stale.insert(old.name.clone());
        county.returns.push(old);
    }
    let mut swapped = BTreeSet::new();
    for at in (1..40).step_by(9) {
        // Two units of a kind whose files bear each other's names.
        let (a, b) = (
            county.returns[at].name.clone(),
            county.returns[at + 1].name.clone(),
        );
        swapped.extend([a.clone(), b.clone()]);
        county.returns[at].name = b;
        county.returns[at + 1].name = a;
    }
    let mut files: Vec<ReturnedFile> = county.files();
    dice.shuffle(&mut files);
    let assessment = county.world.assess_bytes(&files);
    let ledger = assessment.reconciled.ledger();
    let outcomes = ledger.files.iter().zip(assessment.reconciled.outcomes());
    let superseded: BTreeSet<String> = outcomes
        .filter(|(_, (outcome, _))| *outcome == Outcome::Superseded)
        .map(|(file, _)| file.name.clone())
        .collect();
    assert_eq!(superseded, stale);
    let named: BTreeSet<String> = assessment
        .findings
        .iter()
        .filter(|f| f.code.code() == "IN-236")
        .filter_map(|f| f.place.file.clone())
        .collect();
    assert_eq!(named, swapped);
}

/// A name of the roster with a letter that sounds or looks like it, and a name that
/// is nobody's though it has much in common with one of the roster's.
fn misspelt(name: &str, dice: &mut Dice) -> (String, String) {
    let letters: Vec<char> = name.chars().collect();
    if let [surname, given] = letters.as_slice() {
        let given = given.to_string();
        let pair = GIVEN.iter().find(|(own, _)| *own == given).expect("given");
        // Sounds and looks that nobody in the county has.
        let other = dice.of(&["鹤", "凯", "琪", "婷", "伟", "旭"]);
        return (format!("{surname}{}", pair.1), format!("{surname}{other}"));
    }
    let near = match name {
        _ if name.ends_with("联工委") => {
            name.replace("联工委", dice.of::<&str>(&["联公委", "联工会"]))
        }
        _ if name.ends_with("委员组") => {
            name.replace("委员组", dice.of::<&str>(&["委圆组", "委员祖"]))
        }
        _ if name.ends_with("经促分会") => {
            name.replace("经促", dice.of::<&str>(&["经促进", "精促"]))
        }
        _ if name.ends_with("商会") => name.replace("商会", dice.of::<&str>(&["商汇", "商會"])),
        _ => name.replace("委员", dice.of::<&str>(&["委元", "委园", "委"])),
    };
    let decoy = format!("{}{}小学", dice.of(&["桃江", "宁乡", "新化"]), letters[0]);
    (near, decoy)
}

#[test]
fn names_that_are_almost_the_roster_s_are_asked_about() {
    let mut county = county(7, UNITS);
    let mut plot = Plot::new(&county, 70);
    let mut planted = Planted::new();
    let units: Vec<String> = county
        .world
        .roster
        .units()
        .map(|u| u.name.clone())
        .collect();
    let persons: Vec<String> = county
        .world
        .roster
        .members()
        .map(|m| m.name.clone())
        .collect();
    let (short, long): (Vec<String>, Vec<String>) = persons
        .into_iter()
        .partition(|name| name.chars().count() == 2);
    for number in 0..120 {
        let (at, row, _, _) = plot.pick(|_| true);
        let name = match number % 3 {
            0 => plot.dice.of(&units),
            1 => plot.dice.of(&short),
            _ => plot.dice.of(&long),
        };
        let (near, decoy) = misspelt(name, &mut plot.dice);
        let is_decoy = number % 4 == 3;
        let typed = if is_decoy { decoy } else { near };
        let rows = county.returns[at].rows.get_mut("funds").expect("rows");
        rows[row].insert("donor", Content::Text(typed));
        if !is_decoy {
            planted.insert(BTreeSet::from([original(&county, at, row)]));
        }
    }
    let assessment = assess(&county);
    let asked = assessment
        .findings
        .iter()
        .filter(|f| f.code.code() == "IN-253" && f.place.sheet.as_deref() == Some("资金物资"));
    let row = |f: &kaohe::diagnostic::Finding| {
        let file = f.place.file.as_deref()?;
        let sent = county.returns.iter().find(|sent| sent.name == file)?;
        let entry = (f.place.cell?.row - FIRST) as usize;
        Some(BTreeSet::from([(sent.unit.clone(), "funds", entry)]))
    };
    let found: Planted = asked.filter_map(row).collect();
    measure("names that are almost right", &planted, &found);
}

#[test]
fn gifts_that_nobody_received_are_asked_about_by_unit_and_village() {
    for seed in [11, 12] {
        let mut county = county(seed, 24);
        let mut dice = Dice::new(seed);
        // Half of all receipts are left out.
        let towns: Vec<String> = county.returns.iter().map(|one| one.unit.clone()).collect();
        for unit in towns {
            if let Some(rows) = county.of(&unit).rows.get_mut("received") {
                rows.retain(|_| dice.below(2) == 0);
            }
        }
        let assessment = assess(&county);
        let (roster, reconciled) = (&county.world.roster, &assessment.reconciled);
        let least = county.world.policy.reconcile.apart.unreceived;
        let entries = &reconciled.ledger().entries;
        let yuan = |at: &usize| entries[*at].values.get("amount").and_then(|v| v.number());
        let yuan = |at: &usize| yuan(at).expect("an amount");
        let town = |at: usize| {
            let village = roster.village(entries[at].village.as_ref().expect("a village"));
            village.expect("known").reporter.clone()
        };
        let mut pairs = BTreeSet::new();
        let mut asked = BTreeSet::new();
        for matter in reconciled.matters() {
            assert_eq!(matter.topic, Topic::GivenOnly, "{matter:?}");
            let of: Vec<usize> = matter
                .sides
                .iter()
                .flat_map(|s| s.entries.clone())
                .collect();
            let first = &entries[of[0]];
            assert!(pairs.insert((first.reporter.clone(), first.village.clone())));
            for &at in &of {
                assert_eq!(entries[at].reporter, first.reporter);
                assert_eq!(entries[at].village, first.village);
                assert_ne!(entries[at].reporter, town(at), "its own gift");
                assert!(asked.insert(at), "asked about once");
            }
            let sum: Decimal = of.iter().map(yuan).sum();
            assert_eq!(sum, matter.at_stake);
            assert!(sum >= least);
        }
        assert!(!pairs.is_empty());
        // Everything given stands in one place: asked about, too small or told by the
        // township itself, or agreed on.
        let (mut waits, mut small, mut agreed) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        let mut apart: BTreeMap<(String, String), Decimal> = BTreeMap::new();
        for one in reconciled.comparisons() {
            let sum: Decimal = one.given.iter().map(yuan).sum();
            match (one.agreement.word(), &one.matter) {
                ("受援方未报", Some(_)) => waits += sum,
                ("受援方未报", None) => {
                    small += sum;
                    let entry = &entries[one.given[0]];
                    if entry.reporter != town(one.given[0]) {
                        let village = entry.village.clone().expect("a village");
                        let pair = (entry.reporter.to_string(), village.to_string());
                        *apart.entry(pair).or_default() += sum;
                    }
                }
                _ => agreed += sum,
            }
        }
        assert!(apart.values().all(|sum| *sum < least), "{apart:?}");
        let counted = reconciled.entries().enumerate();
        let given: Decimal = counted
            .filter(|(_, (e, class, _))| e.form == "funds" && *class == Class::Counted)
            .map(|(at, _)| yuan(&at))
            .sum();
        assert_eq!(waits + small + agreed, given);
        let of_matters: Decimal = reconciled.matters().iter().map(|m| m.at_stake).sum();
        assert_eq!(of_matters, waits);
    }
}
