//! A pack with two vetoes for one kind and for members, and with awards on an amount, a
//! share and a count (`tests/policy_pack/two_vetoes`). What must come of it is written
//! by hand.

use jiff::civil::date;
use kaohe::book::Reader;
use kaohe::diagnostic::{Code, Place};
use kaohe::policy::{PackSource, load};
use kaohe::roster::{read_roster, roster_workbook};
use kaohe::ruling::{Adjustment, Rulings};
use kaohe::sheet::{Content, Scalar, Workbook, write};
use rust_decimal::Decimal;

use crate::common::world::{TODAY, World, file, number, text};

/// 烟溪镇 has no members here: its shares cannot be worked out.
const WITHOUT_MEMBERS: &str = "烟溪镇联工委";

/// A township's return: bases, members who took part of all, outreach, and a gift of a
/// member.
struct Township {
    code: &'static str,
    bases: u32,
    active: u32,
    members: u32,
    outreach: u32,
    gift: Option<(&'static str, i64)>,
}

const RETURNS: [Township; 5] = [
    Township {
        code: "T101",
        bases: 1,
        active: 3,
        members: 4,
        outreach: 2,
        gift: Some(("委员001", 60_000)),
    },
    Township {
        code: "T103",
        bases: 0,
        active: 1,
        members: 3,
        outreach: 2,
        gift: Some(("委员005", 12_000)),
    },
    Township {
        code: "T105",
        bases: 1,
        active: 4,
        members: 5,
        outreach: 0,
        gift: Some(("委员008", 9_999)),
    },
    Township {
        code: "T106",
        bases: 0,
        active: 6,
        members: 6,
        outreach: 1,
        gift: None,
    },
    Township {
        code: "T112",
        bases: 1,
        active: 0,
        members: 0,
        outreach: 0,
        gift: None,
    },
];

/// Unit, veto, figure, result; each on its own fact.
const VETOES: &str = "
T101 没有创建产业扶贫基地 1 未触发
T101 参与“三个一”的委员不到六成 0.75 未触发
T103 没有创建产业扶贫基地 0 一票否决
T103 参与“三个一”的委员不到六成 0.33333333 一票否决
T105 没有创建产业扶贫基地 1 未触发
T105 参与“三个一”的委员不到六成 0.8 未触发
T106 没有创建产业扶贫基地 0 一票否决
T106 参与“三个一”的委员不到六成 1 未触发
T112 没有创建产业扶贫基地 1 未触发
T112 参与“三个一”的委员不到六成 无法计算 不适用
";

/// Unit, award, figure, how much is short, result.
const AWARDS: &str = "
T101 先进委组 60000 0 符合
T101 积极委组 0.75 0.05 不符合（占比不足）
T101 下乡先进委组 2 0 符合
T103 先进委组 12000 38000 不符合（一票否决）
T103 积极委组 0.33333333 0.46666667 不符合（一票否决）
T103 下乡先进委组 2 0 符合
T105 先进委组 9999 40001 不符合（金额不足）
T105 积极委组 0.8 0 符合
T105 下乡先进委组 0 2 不符合（数量不足）
T106 先进委组 0 50000 不符合（一票否决）
T106 积极委组 1 0 不符合（一票否决）
T106 下乡先进委组 1 1 不符合（数量不足）
T112 先进委组 0 50000 不符合（金额不足）
T112 积极委组 无法计算 无法计算 不适用
T112 下乡先进委组 0 2 不符合（数量不足）
";

/// Units and members counted once: T103 is struck twice, 委员004, 006, 007 and 012 are,
/// and T101 is eligible twice. 18 townships did not return.
const COUNTS: &str = "
一票否决的单位 2
否决待定的单位 18
一票否决的委员 17
符合评优标准的单位 3
列入宣传的单位和个人 2
";

/// Donor, sum, veto of the donor, veto of the unit. 委员008 gave too little.
const PUBLICITY: &str = "
委员001 60000 否 否
委员005 12000 是 是
";

fn world() -> World {
    let builtin = PackSource::builtin();
    let files = builtin.files().map(|(path, text)| match path {
        "rules/decisions.toml" => (
            path,
            include_str!("../policy_pack/two_vetoes/decisions.toml"),
        ),
        _ => (path, text),
    });
    let mut policy = match load(&PackSource::from_files(files)) {
        Ok(policy) => policy,
        Err(problems) => panic!("{problems:#?}"),
    };
    let members = policy
        .roster_rows
        .get_mut("roster_members")
        .expect("members");
    members.retain(|row| row["unit"] != WITHOUT_MEMBERS);
    let bytes = write(&roster_workbook(&policy, TODAY)).expect("roster is written");
    let roster =
        read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").expect("roster is read");
    World {
        policy,
        roster: roster.value,
    }
}

fn filled(world: &World, of: &Township) -> Workbook {
    let mut book = world.issued(of.code);
    for base in 0..of.bases {
        for (field, value) in [
            ("base", "茶叶基地"),
            ("base_kind", "种养大户"),
            ("entity", "某茶厂"),
            ("industry", "茶叶"),
            ("has_plan", "是"),
            ("has_measures", "是"),
            ("has_results", "是"),
        ] {
            world.put(&mut book, "bases", field, base, text(value));
        }
        world.put(&mut book, "bases", "member_count", base, number(2));
    }
    for member in 0..of.members {
        let did = text(if member < of.active { "是" } else { "否" });
        world.put(&mut book, "three_ones", "study", member, did);
        world.put(&mut book, "three_ones", "income", member, text("否"));
        world.put(&mut book, "three_ones", "job", member, text("否"));
    }
    for visit in 0..of.outreach {
        let title = format!("{}第{visit}次义诊", of.code);
        world.put(&mut book, "outreach", "title", visit, text(&title));
        world.put(
            &mut book,
            "outreach",
            "outreach_kind",
            visit,
            text("送卫生下乡"),
        );
        world.put(&mut book, "outreach", "content", visit, text("义诊"));
        world.put(&mut book, "outreach", "member_count", visit, number(3));
        let day = Content::Date(date(2018, 7, 1 + visit as i8));
        world.put(&mut book, "outreach", "date", visit, day);
    }
    if let Some((donor, amount)) = of.gift {
        world.gift(&mut book, 0, donor, number(amount));
    }
    if of.code == "T101" {
        for (field, value) in [
            ("helper", "委员001"),
            ("village", "三星村"),
            ("household", "某户"),
            ("poverty_cause", "因病"),
            ("way", "产业扶持"),
            ("measures", "送茶苗"),
            ("result", "增收"),
        ] {
            world.put(&mut book, "pairs", field, 0, text(value));
        }
    }
    book
}

/// The rows of a table as lines of text, in the order of the codes.
fn lines(reader: &Reader<'_>, table: &str, columns: &[&str], of: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for code in of {
        for row in reader
            .rows(table)
            .filter(|row| row.text(columns[0]) == *code)
        {
            let cells = columns.iter().map(|column| match row.value(column) {
                Scalar::Text(text) => text,
                Scalar::Number(number) => number.normalize().to_string(),
                _ => String::new(),
            });
            lines.push(cells.collect::<Vec<String>>().join(" "));
        }
    }
    lines
}

fn expected(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.retain(|line| !line.is_empty());
    lines.sort();
    lines
}

#[test]
fn each_veto_and_award_has_its_own_fact_and_units_count_once() {
    let world = world();
    let books: Vec<(String, Workbook)> = RETURNS
        .iter()
        .map(|of| (format!("{}.xlsx", of.code), filled(&world, of)))
        .collect();
    let returns: Vec<(&str, &Workbook)> =
        books.iter().map(|(name, book)| (&**name, book)).collect();
    let assessment = world.assess(&returns);
    let reader = Reader::new(&assessment.book);
    let codes: Vec<&str> = RETURNS.iter().map(|of| of.code).collect();
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let vetoes = lines(
        &reader,
        "veto:units",
        &["code", "rule", "op", "result"],
        &codes,
    );
    assert_eq!(sorted(vetoes), expected(VETOES));
    let columns = ["code", "award", "amount", "short", "result"];
    let awards = lines(&reader, "award:units", &columns, &codes);
    assert_eq!(sorted(awards), expected(AWARDS));
    for line in expected(COUNTS) {
        let (label, count) = line.split_once(' ').expect("two words");
        let figures = reader.rows("overview:figures");
        let said = figures
            .filter(|row| row.text("label") == label)
            .find_map(|row| row.number("value"))
            .unwrap_or_else(|| panic!("no line {label}"));
        assert_eq!(said.to_string(), count, "{label}");
    }
    let rows = reader.rows("publicity:large_donors");
    let rows = rows.map(|row| {
        let amount = row.number("amount").expect("an amount").normalize();
        format!(
            "{} {amount} {} {}",
            row.text("name"),
            row.text("veto"),
            row.text("unit_veto")
        )
    });
    assert_eq!(sorted(rows.collect()), expected(PUBLICITY));
    // Each member by each veto on its own fact.
    let struck = |rule: &str| {
        let rows = reader.rows("veto:members");
        let own = rows.filter(|row| row.text("@rule") == rule && row.text("result") == "一票否决");
        let mut names: Vec<String> = own.map(|row| row.text("name")).collect();
        names.sort();
        names
    };
    assert_eq!(
        struck("member_without_three_ones"),
        ["委员004", "委员006", "委员007", "委员012"]
    );
    let without_pairs: Vec<String> = (2..=18).map(|number| format!("委员{number:03}")).collect();
    assert_eq!(struck("member_without_pairs"), without_pairs);
}

/// 烟溪镇: one of two bases, the points of items for members shared out over the others:
/// 4 × 30 ÷ 18 = 6.67.
#[test]
fn an_addition_is_idle_only_where_it_changes_nothing_though_items_do_not_apply() {
    let world = world();
    let of = &RETURNS[4];
    let bytes = write(&filled(&world, of)).expect("return is written");
    let files = [file("T112.xlsx", bytes)];
    for (points, total, said) in [
        (Decimal::ZERO, "6.67", None),
        (Decimal::ONE, "7.67", None),
        (Decimal::from(-10), "0", Some("-6.67")),
        (Decimal::from(30), "30", Some("23.33")),
    ] {
        let rulings = Rulings {
            adjustments: vec![Adjustment {
                unit: "T112".to_owned(),
                points,
                clause: String::new(),
                reason: "另有贡献".to_owned(),
                by: "批准人甲".to_owned(),
                place: Place::default(),
            }],
            ..Rulings::default()
        };
        let assessment = world.assess_ruled(&files, &rulings);
        let reader = Reader::new(&assessment.book);
        let row = reader
            .rows("score:township")
            .find(|row| row.text("code") == "T112");
        let now = row.expect("a row").number("total").expect("a total");
        assert_eq!(now.normalize().to_string(), total, "{points}");
        let idle = assessment
            .findings
            .iter()
            .filter(|one| one.code == Code::RulingIdle);
        let idle: Vec<&str> = idle.map(|one| one.message.as_str()).collect();
        match said {
            None => assert!(idle.is_empty(), "{points}: {idle:?}"),
            Some(said) => assert!(idle.len() == 1 && idle[0].contains(said), "{idle:?}"),
        }
    }
}
