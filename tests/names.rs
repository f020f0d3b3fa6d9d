//! Names, days and numbers in the cells of a return: which are understood, which
//! are asked about, and that none is taken for another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::world::{World, number, text, world};
use jiff::civil::date;
use kaohe::diagnostic::Finding;
use kaohe::form::{Context, Fault, Names, Resolved, decode};
use kaohe::policy::Kind;
use kaohe::roster::{Roster, UnitNames};
use kaohe::sheet::{Content, Found};
use kaohe::value::{Meaning, NoDay, Reading, Value};
use rust_decimal::Decimal;

fn names(roster: &Roster) -> UnitNames<'_> {
    UnitNames {
        roster,
        unit: "T101",
    }
}

/// Decodes into the first field of a kind in a form.
fn read(world: &World, form: &str, kind: &Kind, found: Found) -> Result<Reading<Value>, Fault> {
    read_1904(world, form, kind, found, false)
}

fn read_1904(
    world: &World,
    form: &str,
    kind: &Kind,
    found: Found,
    days_of_1904: bool,
) -> Result<Reading<Value>, Fault> {
    let names = names(&world.roster);
    let context = Context {
        policy: &world.policy,
        names: Some(&names),
        file: "f",
        days_of_1904,
        older_form: false,
    };
    let field = world.policy.forms[form].field_of_kind(kind).unwrap();
    decode(field, &found, &context)
}

#[test]
fn titles_remarks_and_places_are_taken_off() {
    let world = world();
    let names = names(&world.roster);
    for typed in [
        "委员001",
        "委员 001",
        "委员００１",
        "委员001同志",
        "委员001主任",
        "委员001（县政协委员）",
        "委员\u{200B}001先生",
    ] {
        assert_eq!(
            names.member(typed),
            Resolved::Known("委员001".into()),
            "{typed}"
        );
    }
    for typed in [
        "三星村",
        "三 星 村",
        "三星",
        "仙溪镇三星村",
        "三星村村委会",
        "三星村委会",
    ] {
        assert_eq!(
            names.village(typed),
            Resolved::Known("三星村".into()),
            "{typed}"
        );
    }
}

#[test]
fn a_name_is_never_taken_for_another() {
    let world = world();
    let names = names(&world.roster);
    // 三星村 lies in 仙溪镇: that of another township is another village.
    assert!(!names.village("梅城镇三星村").is_known());
    // Who paid stands in the brackets, or who only carried it: nobody can say.
    assert!(!names.member("委员001（委员002代）").is_known());
    assert!(!names.member("委员O01").is_known());
    let Resolved::Unknown(near) = names.unit("冷水镇联工委") else {
        panic!("冷水镇 is in no roster");
    };
    assert!(near.contains(&"冷市镇联工委".to_owned()), "{near:?}");
    assert_eq!(
        names.member("委员001、委员002"),
        Resolved::Several(vec!["委员001".into(), "委员002".into()])
    );
}

#[test]
fn people_of_one_name_are_not_asked_whether_they_are_others() {
    let world = world();
    let rename = |member: &kaohe::roster::Member| {
        let mut member = member.clone();
        if member.unit == "T103" || member.unit == "T105" {
            member.name = "李建国".to_owned();
        }
        if member.unit == "T106" {
            member.name = "李建军".to_owned();
        }
        member
    };
    let roster = Roster::new(
        world.roster.units().cloned().collect(),
        world.roster.members().map(rename).collect(),
        Vec::new(),
    );
    let world = World { roster, ..world };
    assert_eq!(names(&world.roster).member("李建国"), Resolved::Ambiguous);
    let found = || Found::Text("李建国".into());
    // Open: as typed, and the ledger says that there are several.
    let donor = read(&world, "funds", &Kind::Member, found());
    assert_eq!(donor, Ok(Reading::plain(Value::Text("李建国".into()))));
    let member = read(&world, "three_ones", &Kind::Member, found());
    assert_eq!(member, Err(Fault::SameName));
}

#[test]
fn days_in_cells_of_all_kinds() {
    let world = world();
    let day = Value::Date(date(2018, 3, 9));
    let read = |found, old| read_1904(&world, "funds", &Kind::Date, found, old);
    let typed = |typed: &str| Found::Text(typed.into());
    let numeric = |digits: &str| Found::Number(digits.parse().unwrap());
    // 2018-03-09 is day 43168 since 1899-12-30, and day 41706 since 1904-01-01.
    for (found, old, meaning) in [
        (typed("2018年3月9日"), false, Meaning::Plain),
        (typed("3月9日"), false, Meaning::YearAssumed),
        (numeric("20180309"), false, Meaning::Plain),
        (numeric("43168"), false, Meaning::Spelling),
        (numeric("41706"), true, Meaning::Spelling),
        (numeric("43168.604"), false, Meaning::Spelling),
    ] {
        let reading = read(found.clone(), old);
        assert_eq!(reading, Ok(Reading::of(day.clone(), meaning)), "{found:?}");
    }
    for (found, why) in [
        (numeric("3.9"), NoDay::NoYear),
        (numeric("2018.3"), NoDay::MonthOnly),
        (numeric("201803"), NoDay::MonthOnly),
        (typed("2018-02-30"), NoDay::NotInCalendar),
        (typed("2018.3.9-3.12"), NoDay::Range),
    ] {
        assert_eq!(
            read(found.clone(), false),
            Err(Fault::Date(why)),
            "{found:?}"
        );
    }
    // A basis may have been founded in any year, so none is supposed.
    let founded = world.policy.forms.values().find(|form| {
        form.field_of_kind(&Kind::Date)
            .is_some_and(|field| field.any_year)
    });
    let form = founded.expect("a form with a day of any year").id.clone();
    let reading = self::read(&world, &form, &Kind::Date, typed("3月9日"));
    assert_eq!(reading, Err(Fault::Date(NoDay::NoYear)));
}

#[test]
fn numbers_that_a_spreadsheet_spoilt_are_said_and_not_repaired() {
    let world = world();
    let numeric = |digits: &str| Found::Number(digits.parse().unwrap());
    let typed = |typed: &str| Found::Text(typed.into());
    for (kind, found, taken, meaning) in [
        (
            Kind::Phone,
            numeric("13907370001"),
            "13907370001",
            Meaning::Plain,
        ),
        (
            Kind::Phone,
            numeric("7377222222"),
            "7377222222",
            Meaning::Damaged,
        ),
        (
            Kind::Phone,
            typed("0737-7222222"),
            "0737-7222222",
            Meaning::Plain,
        ),
        (
            Kind::Text,
            numeric("430923198001010000"),
            "430923198001010000",
            Meaning::Damaged,
        ),
        (
            Kind::Text,
            typed("430923198001010000"),
            "430923198001010000",
            Meaning::Damaged,
        ),
        (
            Kind::Text,
            typed("430923198001010017"),
            "430923198001010017",
            Meaning::Plain,
        ),
        (
            Kind::Text,
            typed("4.30923E+17"),
            "4.30923E+17",
            Meaning::Damaged,
        ),
    ] {
        let reading = read(&world, "cover", &kind, found.clone());
        let expected = Reading::of(Value::Text(taken.into()), meaning);
        assert_eq!(reading, Ok(expected), "{found:?}");
    }
    let lost = read(&world, "cover", &Kind::Phone, typed("1.39074E+10"));
    assert_eq!(lost, Err(Fault::PhoneLost));
}

/// Findings of a return of T101 with gifts (in money, in goods) and totals.
fn findings(gifts: &[(i64, bool)], money: i64, goods: i64) -> Vec<Finding> {
    let world = world();
    let mut book = world.issued("T101");
    for (entry, (amount, is_goods)) in (0..).zip(gifts) {
        world.gift(&mut book, entry, "委员001", number(*amount));
        let voucher = text(&format!("收据{entry}"));
        world.put(&mut book, "funds", "voucher", entry, voucher);
        if *is_goods {
            for (field, value) in [("fund_form", "物资"), ("goods", "大米"), ("basis", "发票")]
            {
                world.put(&mut book, "funds", field, entry, text(value));
            }
        }
    }
    let whole = |n: i64| Content::Number(Decimal::from(n));
    world.put(&mut book, "cover", "declared_money", 0, whole(money));
    world.put(&mut book, "cover", "declared_goods", 0, whole(goods));
    let mut found = world.assess(&[("甲.xlsx", &book)]).findings;
    found.retain(|f| f.code.code().starts_with("RC-403") || f.code.code() == "RC-408");
    found
}

#[test]
fn both_totals_of_a_cover_in_ten_thousands_are_said() {
    let found = findings(&[(50_000, false), (20_000, true)], 5, 2);
    let codes: Vec<_> = found.iter().map(|f| f.code.code()).collect();
    assert_eq!(codes, ["RC-408", "RC-408"], "{found:?}");
    assert_ne!(found[0].place.cell, found[1].place.cell);
    let taken: Vec<_> = found.iter().map(|f| f.taken.as_deref()).collect();
    assert_eq!(taken, [Some("50,000.00元"), Some("20,000.00元")]);
}

#[test]
fn only_the_rows_of_the_total_that_differs_are_suspected() {
    let found = findings(&[(5, false), (3, false), (20_000, true)], 80_000, 20_000);
    let codes: Vec<_> = found.iter().map(|f| f.code.code()).collect();
    assert_eq!(codes, ["RC-408"], "{found:?}");
    assert_eq!(found[0].typed.as_deref(), Some("5、3"));
    assert_eq!(found[0].related.len(), 1);
}

#[test]
fn small_gifts_are_no_suspicion() {
    assert_eq!(findings(&[(500, false)], 500, 0), []);
    assert_eq!(
        findings(&[(500, false), (200, false), (100, false)], 800, 0),
        []
    );
    let differs = findings(&[(50_000, false)], 60_000, 0);
    assert_eq!(differs.len(), 1);
    assert_eq!(differs[0].code.code(), "RC-403");
}
