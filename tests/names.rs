//! Names, days and numbers in the cells of a return: which are understood, which
//! are asked about, and that none is taken for another.

use crate::common::world::{World, number, text, world};
use jiff::civil::date;
use kaohe::diagnostic::Finding;
use kaohe::form::{Context, Fault, Names, Resolved, decode};
use kaohe::policy::Kind;
use kaohe::roster::{Roster, UnitNames};
use kaohe::sheet::{Cell, Content, Found};
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

/// What a return of T101 with gifts of money, and a cover that agrees, is asked about.
fn asked(gifts: &[&str]) -> Vec<String> {
    let world = world();
    let mut book = world.issued("T101");
    let gifts: Vec<Decimal> = gifts.iter().map(|n| n.parse().expect("a number")).collect();
    for (entry, amount) in (0..).zip(&gifts) {
        world.gift(&mut book, entry, "委员001", Content::Number(*amount));
    }
    let sum = Content::Number(gifts.iter().sum());
    world.put(&mut book, "cover", "declared_money", 0, sum);
    let found = world.assess(&[("甲.xlsx", &book)]).findings;
    let of_measure = found.iter().filter(|f| f.code.code() == "RC-408");
    of_measure
        .map(|f| f.typed.clone().expect("typed"))
        .collect()
}

#[test]
fn a_total_that_differs_says_what_was_added_and_what_the_sheet_shows() {
    let world = world();
    let mut book = world.issued("T101");
    world.gift(&mut book, 0, "委员001", number(76_003));
    world.gift(&mut book, 1, "委员001", text("50000元"));
    world.put(&mut book, "cover", "declared_money", 0, number(76_003));
    let found = world.assess(&[("甲.xlsx", &book)]).findings;
    let differs = found.iter().find(|f| f.code.code() == "RC-403");
    let differs = differs.expect("the totals differ");
    let said = "归入“资金合计”的第6、7行加起来 126,003.00 元";
    assert!(differs.message.contains(said), "{}", differs.message);
    assert!(differs.mend.contains("F7的金额是文本"), "{}", differs.mend);
    assert!(
        differs.mend.contains("显示的是 76,003.00；"),
        "{}",
        differs.mend
    );
    // From which amount on a proof is asked.
    let bare = found.iter().find(|f| f.code.code() == "RC-416");
    let said = "“金额或折价”不低于50000的有2行没有写“凭证号”：第6、7行";
    assert_eq!(bare.expect("a proof is asked").message, said);
}

#[test]
fn what_no_gift_can_be_is_asked_about_whatever_stands_beside_it() {
    for (gifts, wanted) in [
        (&["20", "10", "5.5", "60000"][..], &["20、10、5.5"][..]),
        (&["150", "120", "300"], &["150、120、300"]),
        (&["15", "120"], &["15、120"]),
        (&["0.5"], &["0.5"]),
        (&["5"], &["5"]),
        (&["99.99", "20000", "300"], &["99.99"]),
        (&["999.99", "100"], &["999.99、100"]),
        // Small gifts beside one that is not.
        (&["100", "200", "1000"], &[]),
        (&["500", "50000"], &[]),
        (&["1000"], &[]),
    ] {
        assert_eq!(asked(gifts), wanted, "{gifts:?}");
    }
    let differs = findings(&[(50_000, false)], 60_000, 0);
    assert_eq!(differs.len(), 1);
    assert_eq!(differs[0].code.code(), "RC-403");
}

#[test]
fn a_return_is_small_in_all_its_tables_or_not_at_all() {
    let world = world();
    let asked = |invested: i64| {
        let mut book = world.issued("C01");
        world.gift(&mut book, 0, "建材公司", number(300));
        for (field, content) in [
            ("enterprise", text("建材公司")),
            ("enterprise_kind", text("会员企业")),
            ("village", text("三星村")),
            ("project", text("茶厂")),
            ("way", text("产业扶持")),
            ("date", Content::Date(date(2018, 3, 1))),
            ("invested", number(invested)),
        ] {
            world.put(&mut book, "enterprises", field, 0, content);
        }
        world.put(&mut book, "cover", "declared_money", 0, number(300));
        let found = world.assess(&[("甲.xlsx", &book)]).findings;
        let of_measure = found.into_iter().filter(|f| f.code.code() == "RC-408");
        let place = |f: Finding| f.place.sheet.expect("a sheet");
        let mut sheets: Vec<String> = of_measure.map(|f| place(f).to_string()).collect();
        sheets.sort();
        sheets
    };
    assert_eq!(asked(20), ["万企帮万村", "资金物资"]);
    assert_eq!(asked(800), ["万企帮万村", "资金物资"]);
    assert_eq!(asked(0), ["资金物资"]);
    assert_eq!(asked(150_000), Vec::<String>::new());
}

/// Findings of a return of T109 whose gifts come from these givers, each with a
/// category, and go to these villages.
fn given(world: &World, unit: &str, gifts: &[(&str, &str, &str)]) -> Vec<Finding> {
    assess_given(world, unit, gifts).findings
}

fn assess_given(
    world: &World,
    unit: &str,
    gifts: &[(&str, &str, &str)],
) -> kaohe::flow::Assessment {
    let mut book = world.issued(unit);
    let mut sum = 0;
    for (entry, (donor, kind, village)) in (0..).zip(gifts) {
        let amount = 1000 + i64::from(entry);
        sum += amount;
        world.gift(&mut book, entry, donor, number(amount));
        for (field, value) in [
            ("donor_kind", *kind),
            ("village", *village),
            ("voucher", &format!("收据{entry}")),
        ] {
            if !value.is_empty() {
                world.put(&mut book, "funds", field, entry, text(value));
            }
        }
    }
    world.put(&mut book, "cover", "declared_money", 0, number(sum));
    let mut assessment = world.assess(&[("甲.xlsx", &book)]);
    let own = |f: &Finding| f.place.sheet.as_deref() == Some("资金物资");
    assessment.findings.retain(own);
    // What the other side does not confirm is another matter.
    assessment
        .findings
        .retain(|f| !f.code.code().starts_with("RC-41"));
    assessment
}

/// The row of 资金物资, from 1, the code, and what it was taken for, of each finding.
fn said(findings: &[Finding]) -> Vec<(u32, &'static str, String)> {
    let one = |f: &Finding| {
        let row = f.place.cell.map_or(0, |cell| cell.row) - 4;
        (row, f.code.code(), f.taken.clone().unwrap_or_default())
    };
    let mut said: Vec<_> = findings.iter().map(one).collect();
    said.sort_by_key(|(row, ..)| *row);
    said
}

/// The built-in roster with persons of T109 of these names besides.
fn with_members(names: &[&str]) -> World {
    let world = world();
    let mut members: Vec<kaohe::roster::Member> = world.roster.members().cloned().collect();
    for (at, name) in names.iter().enumerate() {
        let mut member = members[0].clone();
        member.code = format!("N{at:03}");
        member.name = (*name).to_owned();
        member.unit = "T109".to_owned();
        members.push(member);
    }
    let roster = Roster::new(
        world.roster.units().cloned().collect(),
        members,
        world.roster.villages().cloned().collect(),
    );
    World { roster, ..world }
}

#[test]
fn a_unit_s_name_that_is_almost_right_is_asked_about() {
    let world = world();
    let names = names(&world.roster);
    for (typed, meant) in [
        ("茶叶商会", "茶业商会"),
        ("茶業商會", "茶业商会"),
        ("茶业商汇", "茶业商会"),
        ("茶业协会", "茶业商会"),
        ("马路镇联公委", "马路镇联工委"),
        ("马陆镇联工委", "马路镇联工委"),
        ("\u{E83A}路镇联工委", "马路镇联工委"),
        ("□路镇联工委", "马路镇联工委"),
        ("？？商会", "茶业商会"),
        ("茶业商会会员企业", "茶业商会"),
        ("茶业", "茶业商会"),
    ] {
        let Resolved::Unknown(near) = names.member(typed) else {
            panic!("{typed}: {:?}", names.member(typed));
        };
        assert!(near.contains(&meant.to_owned()), "{typed}: {near:?}");
    }
    for typed in [
        "黑茶研究院",
        "县人民医院",
        "爱心人士",
        "湖南宏达茶业有限公司",
    ] {
        assert_eq!(
            names.member(typed),
            Resolved::Unknown(Vec::new()),
            "{typed}"
        );
    }
}

#[test]
fn a_unit_s_name_in_full_is_the_unit() {
    let world = world();
    let names = names(&world.roster);
    for (typed, meant) in [
        ("安化县马路镇联工委", "马路镇联工委"),
        ("湖南省益阳市安化县马路镇联工委", "马路镇联工委"),
        ("马路镇政协联工委", "马路镇联工委"),
        ("政协马路镇联工委", "马路镇联工委"),
        ("安化县政协马路镇联工委", "马路镇联工委"),
        ("政协安化县委员会马路镇联络工作委员会", "马路镇联工委"),
        ("马路镇政协联络工作委员会", "马路镇联工委"),
        ("马路镇（政协联工委）", "马路镇联工委"),
        ("马路口镇联工委", "马路镇联工委"),
        ("⻢路镇联工委", "马路镇联工委"),
        ("马 路 镇联工委", "马路镇联工委"),
        ("安化县茶业商会", "茶业商会"),
        ("县政协教育委员组", "县直教育委员组"),
        ("安化县政协机关", "县政协机关"),
    ] {
        assert_eq!(
            names.member(typed),
            Resolved::Known(meant.to_owned()),
            "{typed}"
        );
        assert_eq!(
            names.unit(typed),
            Resolved::Known(meant.to_owned()),
            "{typed}"
        );
    }
    // That of the province, or of another county, is another body.
    for typed in ["湖南省茶业商会", "桃江县马路镇联工委"] {
        assert!(!names.member(typed).is_known(), "{typed}");
    }
    // Who is credited is said.
    let findings = given(&world, "T109", &[("安化县马路镇联工委", "单位或企业", "")]);
    assert_eq!(said(&findings), [(1, "IN-217", "马路镇联工委".to_owned())]);
}

#[test]
fn names_of_two_letters_are_asked_about_by_sound_look_and_place() {
    let world = with_members(&["王明", "付强", "李己", "王小明", "陈建国"]);
    let names = names(&world.roster);
    for (typed, meant) in [
        ("王民", "王明"),
        ("王铭", "王明"),
        ("傅强", "付强"),
        ("李已", "李己"),
        ("明王", "王明"),
        ("王□", "王明"),
        ("王晓", "王小明"),
        ("陈国", "陈建国"),
        ("陈建国茶厂", "陈建国"),
        ("陳建國", "陈建国"),
    ] {
        let near = match names.member(typed) {
            Resolved::Unknown(near) => near,
            other => panic!("{typed}: {other:?}"),
        };
        // 王晓 is nobody's name with a letter left out.
        let asked = typed != "王晓";
        assert_eq!(near.contains(&meant.to_owned()), asked, "{typed}: {near:?}");
    }
    // Another person with the same surname, or with the same given name.
    for typed in ["王芳", "李明", "付平", "张强"] {
        assert_eq!(
            names.member(typed),
            Resolved::Unknown(Vec::new()),
            "{typed}"
        );
    }
    // Asked, and counted all the same: it may be another person.
    let given = assess_given(&world, "T109", &[("王民", "社会人士", "")]);
    assert_eq!(said(&given.findings), [(1, "IN-253", "王民".to_owned())]);
    let counted = given.reconciled.entries();
    let counted = counted
        .filter(|(e, class, _)| e.form == "funds" && *class == kaohe::reconcile::Class::Counted);
    assert_eq!(counted.count(), 1);
}

#[test]
fn letters_that_cannot_be_read_are_said() {
    let world = world();
    let gifts = [
        ("钱\u{E001}", "社会人士", ""),
        ("赵〓", "社会人士", ""),
        ("孙?", "社会人士", ""),
        ("周〇", "社会人士", ""),
    ];
    let findings = given(&world, "T109", &gifts);
    let codes: Vec<(u32, &str)> = said(&findings).iter().map(|s| (s.0, s.1)).collect();
    assert_eq!(codes, [(1, "IN-258"), (2, "IN-258"), (3, "IN-258")]);
}

#[test]
fn a_category_of_the_roster_needs_somebody_of_the_roster() {
    let world = with_members(&["王明"]);
    let gifts = [
        ("赵大锤", "政协委员", ""),
        ("赵大锤", "社会人士", ""),
        ("王明", "政协委员", ""),
        ("茶业商会", "商会会员", ""),
        ("钱某某", "工作队员", ""),
        // Asked about by its likeness already.
        ("王民", "政协委员", ""),
        ("远方公司", "单位或企业", ""),
    ];
    let findings = given(&world, "T109", &gifts);
    let codes: Vec<(u32, &str)> = said(&findings).iter().map(|s| (s.0, s.1)).collect();
    assert_eq!(codes, [(1, "IN-259"), (5, "IN-259"), (6, "IN-253")]);
    assert!(findings[0].message.contains("政协委员"), "{findings:?}");
    assert_eq!(findings[0].typed.as_deref(), Some("赵大锤"));
    // A unit that has only its own names cannot say so.
    let bytes = kaohe::sheet::write(&world.issued("T109")).unwrap();
    let own = kaohe::template::own_roster(&kaohe::sheet::open(&bytes).unwrap(), &world.policy);
    let partial = World {
        policy: world.policy,
        roster: own.unwrap(),
    };
    assert_eq!(given(&partial, "T109", &gifts[..1]), []);
}

#[test]
fn a_mark_for_what_stands_above_is_nobody_s_name() {
    let world = world();
    let own = world.roster.members().find(|m| m.unit == "T109").unwrap();
    let own = own.name.as_str();
    for mark in ["同上", "〃", "″", "\"", "见上", "同前", "-\"-", "（同上）"] {
        let assessment = assess_given(
            &world,
            "T109",
            &[
                (own, "政协委员", "董家村"),
                (mark, "政协委员", mark),
                (mark, mark, "陶竹村"),
            ],
        );
        let taken = said(&assessment.findings);
        let expected = [
            (2, "IN-260", own.to_owned()),
            (2, "IN-260", "董家村".to_owned()),
            (3, "IN-260", own.to_owned()),
            (3, "IN-260", "政协委员".to_owned()),
        ];
        assert_eq!(taken, expected, "{mark}");
        let donors: Vec<&str> = assessment
            .reconciled
            .entries()
            .filter_map(|(entry, ..)| Some(entry.donor.as_ref()?.name.as_str()))
            .collect();
        assert_eq!(donors, [own, own, own], "{mark}");
    }
    // With nothing above, it is an error; where the village may be empty, the cell is.
    let findings = given(
        &world,
        "T109",
        &[("同上", "政协委员", "同上"), ("同上", "政协委员", "")],
    );
    let codes: Vec<(u32, &str)> = said(&findings).iter().map(|s| (s.0, s.1)).collect();
    assert_eq!(codes, [(1, "IN-261"), (1, "IN-215"), (2, "IN-261")]);
    // Nor is a stroke a name.
    for stroke in ["—", "——", "-", "/", "……", ".", "无", "不详"] {
        let findings = given(
            &world,
            "T109",
            &[(own, "政协委员", ""), (stroke, "社会人士", "")],
        );
        let codes: Vec<(u32, &str)> = said(&findings).iter().map(|s| (s.0, s.1)).collect();
        assert_eq!(codes, [(2, "IN-212")], "{stroke}");
    }
}

#[test]
fn what_stands_above_is_the_row_right_above() {
    let world = world();
    let mut book = world.issued("T109");
    let own = world.roster.members().find(|m| m.unit == "T109").unwrap();
    world.gift(&mut book, 0, &own.name, number(1000));
    // A row is left empty between them.
    world.gift(&mut book, 2, "同上", number(2000));
    world.put(&mut book, "cover", "declared_money", 0, number(3000));
    let mut found = world.assess(&[("甲.xlsx", &book)]).findings;
    found.retain(|f| f.place.sheet.as_deref() == Some("资金物资"));
    assert_eq!(said(&found)[0].1, "IN-261", "{found:?}");
}

/// The built-in roster with a 董家村 in 梅城镇, besides the one in 冷市镇.
fn two_villages() -> World {
    let world = world();
    let mut villages: Vec<kaohe::roster::Village> = world.roster.villages().cloned().collect();
    let mut second = villages
        .iter()
        .find(|v| v.name == "董家村")
        .unwrap()
        .clone();
    second.code = "V900".to_owned();
    second.township = "梅城镇".to_owned();
    second.reporter = "T118".to_owned();
    villages.push(second);
    let roster = Roster::new(
        world.roster.units().cloned().collect(),
        world.roster.members().cloned().collect(),
        villages,
    );
    World { roster, ..world }
}

#[test]
fn a_village_is_meant_as_the_unit_that_reports_sees_it() {
    let world = two_villages();
    let first = world
        .roster
        .villages()
        .find(|v| v.name == "董家村（冷市镇）");
    let first = first.unwrap().code.clone();
    let credited = |unit: &str, village: &str| {
        let assessment = assess_given(&world, unit, &[("远方公司", "单位或企业", village)]);
        let code = assessment
            .reconciled
            .entries()
            .find(|(entry, ..)| entry.form == "funds")
            .and_then(|(entry, ..)| entry.village.clone());
        let codes: Vec<&str> = assessment.findings.iter().map(|f| f.code.code()).collect();
        (code.map(|c| c.to_string()), codes)
    };
    let (first, second) = (Some(first), Some("V900".to_owned()));
    for (unit, typed, village, codes) in [
        ("T109", "董家村", &first, vec![]),
        ("T118", "董家村", &second, vec![]),
        ("T118", "董家村（梅城镇）", &second, vec![]),
        ("T118", "董家村(安化县梅城镇)", &second, vec!["IN-217"]),
        ("T118", "梅城镇董家村", &second, vec!["IN-217"]),
        ("T118", "董家", &second, vec!["IN-217"]),
        // Another's, named as another's.
        ("T118", "董家村（冷市镇）", &first, vec![]),
        ("T109", "梅城镇董家村", &second, vec!["IN-217"]),
        // A group has no township of its own.
        ("G01", "董家村", &None, vec!["IN-215"]),
        ("G01", "冷市镇董家村", &first, vec!["IN-217"]),
    ] {
        assert_eq!(
            credited(unit, typed),
            (village.clone(), codes),
            "{unit} {typed}"
        );
    }
}

#[test]
fn a_township_that_names_another_s_village_is_told() {
    let world = world();
    let gift = |unit: &str, village: &str| {
        said(&given(&world, unit, &[("远方公司", "单位或企业", village)]))
    };
    let taken = (1, "LG-302", "冷市镇的董家村".to_owned());
    assert_eq!(gift("T118", "董家村"), [taken]);
    assert_eq!(gift("T109", "董家村"), []);
    assert_eq!(gift("G01", "董家村"), []);
    let full = gift("T118", "冷市镇董家村");
    assert_eq!(full, [(1, "IN-217", "董家村".to_owned())]);
    // 梅城镇 has none of that name on the roster.
    assert_eq!(gift("T118", "梅城镇董家村")[0].1, "IN-215");
}

/// What the program says, on both channels, run in a folder.
fn said_in(folder: &std::path::Path, args: &[&str]) -> String {
    let output = assert_cmd::Command::cargo_bin("kaohe")
        .unwrap()
        .args(args)
        .current_dir(folder)
        .env("KAOHE_NOW", "2018-12-31")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    for line in text.lines().filter(|line| !line.contains('/')) {
        let width: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        assert!(width <= 80, "{line}");
    }
    // A line may break anywhere.
    text.split_whitespace().collect()
}

/// A new workspace in a folder.
fn workspace(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    let dir = folder.join(name);
    crate::common::kaohe(&["init", &dir.to_string_lossy()]);
    dir
}

#[test]
fn a_roster_by_another_name_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let dir = workspace(folder.path(), "w");
    let (roster, other) = (dir.join("名册.xlsx"), dir.join("名册.et"));
    std::fs::rename(&roster, &other).unwrap();
    let said = said_in(&dir, &["status"]);
    assert!(
        said.contains("只有“名册.et”") && said.contains("另存为“名册.xlsx”"),
        "{said}"
    );
    std::fs::rename(&other, dir.join("名册(1).xlsx")).unwrap();
    let said = said_in(&dir, &["issue"]);
    assert!(
        said.contains("只有“名册(1).xlsx”") && said.contains("改名为“名册.xlsx”"),
        "{said}"
    );
    std::fs::copy(dir.join("名册(1).xlsx"), dir.join("新名册.xlsx")).unwrap();
    let said = said_in(&dir, &["issue"]);
    assert!(said.contains("“名册(1).xlsx”、“新名册.xlsx”"), "{said}");
    // Beside the right one they are named, too.
    std::fs::copy(dir.join("名册(1).xlsx"), &roster).unwrap();
    let said = said_in(&dir, &["status"]);
    assert!(
        said.contains("没有用旁边的“名册(1).xlsx”、“新名册.xlsx”"),
        "{said}"
    );
}

#[test]
fn a_roster_of_examples_is_not_issued_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let dir = workspace(folder.path(), "w");
    for command in ["issue", "status", "assess"] {
        let said = said_in(&dir, &[command]);
        assert!(said.contains("全是示例，"), "{command}: {said}");
    }
}

#[test]
fn a_folder_or_path_that_was_not_meant_gets_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    // What stands beside it belongs to nobody else.
    let base = folder.path().join("桌面");
    std::fs::create_dir(&base).unwrap();
    let dir = workspace(&base, "考核 2018");
    // A unit without its workspace.
    let said = said_in(&base, &["explain", "仙溪镇"]);
    assert!(
        said.contains("kaoheexplain文件夹仙溪镇") && said.contains("考核2018"),
        "{said}"
    );
    // A folder beside the right one, and one within it.
    let said = said_in(&base, &["status", "考核2018"]);
    assert!(
        said.contains("您要用的是不是") && said.contains("考核2018”"),
        "{said}"
    );
    let said = said_in(&dir.join("回收"), &["status"]);
    assert!(said.contains("您要用的是不是"), "{said}");
    // A path with a blank that was not quoted.
    let said = said_in(&base, &["status", "考核", "2018"]);
    assert!(
        said.contains("路径里有空格，要用引号括起来：\"考核2018\""),
        "{said}"
    );
    std::fs::write(base.join("我的 表.xlsx"), "").unwrap();
    let said = said_in(&base, &["check", "我的", "表.xlsx"]);
    assert!(said.contains("要用引号括起来：\"我的表.xlsx\""), "{said}");
}

#[test]
fn a_picture_named_for_a_unit_is_said_to_be_its() {
    let world = world();
    let picture =
        crate::common::world::file("梅城镇报表.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec());
    let findings = world.assess_bytes(&[picture]).findings;
    let of = |code: &str, text: &str| {
        let mut own = findings.iter().filter(|f| f.code.code() == code);
        own.any(|f| f.message.contains(text))
    };
    assert!(
        findings
            .iter()
            .any(|f| f.message.contains("像是梅城镇联工委的")),
        "{:?}",
        findings.first()
    );
    assert!(of(
        "RC-406",
        "梅城镇联工委（T118）没有报送；“梅城镇报表.jpg”像是它的"
    ));
    assert!(!of("RC-406", "冷市镇联工委（T109）没有报送；"));
}

#[test]
fn who_is_asked_for_by_a_name_that_two_bear_is_told_both() {
    let folder = tempfile::tempdir().unwrap();
    let dir = workspace(folder.path(), "w");
    let path = dir.join("名册.xlsx");
    // M005 of 仙溪镇 is called like M001 of 清塘铺镇.
    let bytes = std::fs::read(&path).unwrap();
    let named = crate::common::typed(&bytes, "人员", &[(Cell::new(9, 2), "委员001")]);
    std::fs::write(&path, named).unwrap();
    let said = said_in(&dir, &["explain", "委员001"]);
    assert!(said.contains("名册里有2个“委员001”"), "{said}");
    for one in ["M001（清塘铺镇联工委）", "M005（仙溪镇联工委）"] {
        assert!(said.contains(one), "{said}");
    }
    assert!(!said_in(&dir, &["explain", "M005"]).contains("错误"));
}
