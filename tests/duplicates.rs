//! One thing told twice: what agrees counts once by rule; what contradicts
//! itself, or is told by three, is one matter in which any side can be chosen. And
//! what only one side of a gift tells.

use crate::common::world::{World, file, number, text, world};
use jiff::civil::date;
use kaohe::assess::{APART, matters_apart};
use kaohe::book::Reader;
use kaohe::diagnostic::Place;
use kaohe::flow::Assessment;
use kaohe::form::Layout;
use kaohe::reconcile::{Class, Matter, Topic, Verdict};
use kaohe::ruling::{Decision, Rulings};
use kaohe::sheet::{Content, Look, Style, write};

fn ruled(matter: &Matter, verdict: &str) -> Rulings {
    Rulings {
        decisions: vec![Decision {
            matter: matter.id.clone(),
            verdict: verdict.to_owned(),
            reason: "已核实".to_owned(),
            by: "裁定人甲".to_owned(),
            facts: matter.facts.clone(),
            about: String::new(),
            place: Place::file("裁定.xlsx"),
        }],
        ..Rulings::default()
    }
}

fn same_entry(assessment: &Assessment) -> Vec<&Matter> {
    let matters = assessment.reconciled.matters().iter();
    matters.filter(|m| m.topic == Topic::SameEntry).collect()
}

/// The matters but those about members of whom nothing was told: nearly all of these
/// returns leave them out.
fn matters(assessment: &Assessment) -> Vec<&Matter> {
    let matters = assessment.reconciled.matters().iter();
    matters.filter(|m| m.topic != Topic::Unanswered).collect()
}

/// What counts of a form: reporter, and what a field says.
fn counted(assessment: &Assessment, form: &str, field: &str) -> Vec<(String, String)> {
    let entries = assessment.reconciled.entries();
    entries
        .filter(|(entry, class, _)| entry.form == form && *class == Class::Counted)
        .map(|(entry, ..)| {
            let value = entry.values.get(field).map(ToString::to_string);
            (entry.reporter.to_string(), value.unwrap_or_default())
        })
        .collect()
}

#[test]
fn two_rows_of_one_member_that_contradict_each_other_wait_for_a_ruling() {
    let world = world();
    let members: Vec<String> = world
        .roster
        .members()
        .filter(|m| m.unit == "T109" && m.category == kaohe::policy::CPPCC_MEMBER)
        .map(|m| m.name.clone())
        .collect();
    let mut book = world.issued("T109");
    let rows = u32::try_from(members.len()).expect("few members");
    for entry in 0..=rows {
        for field in ["study", "income", "job"] {
            let said = if entry == rows { "是" } else { "否" };
            world.put(&mut book, "three_ones", field, entry, text(said));
        }
    }
    world.put(&mut book, "three_ones", "member", rows, text(&members[0]));
    let files = [file("冷市镇.xlsx", write(&book).expect("a return"))];
    let before = world.assess_bytes(&files);
    let matters = same_entry(&before);
    assert_eq!(matters.len(), 1);
    let words: Vec<String> = matters[0].choices.iter().map(|v| v.word()).collect();
    assert_eq!(words, ["以甲为准", "以乙为准"], "a member has one row");
    assert!(matters[0].standing.is_open());
    assert!(
        matters[0].reason.contains("等待裁定"),
        "{}",
        matters[0].reason
    );
    let of = |assessment: &Assessment| {
        let all = counted(assessment, "three_ones", "study");
        (
            all.len(),
            all.iter().filter(|(_, said)| said == "是").count(),
        )
    };
    assert_eq!(
        of(&before),
        (members.len(), 1),
        "what was done counts meanwhile"
    );
    let after = world.assess_ruled(&files, &ruled(matters[0], "以乙为准"));
    assert_eq!(
        of(&after),
        (members.len(), 0),
        "the other row can be chosen"
    );
}

fn gift(world: &World, unit: &str) -> kaohe::intake::ReturnedFile {
    let mut book = world.issued(unit);
    world.gift(&mut book, 0, "爱心企业甲", number(12_000));
    let day = Content::Date(date(2018, 6, 9));
    world.put(&mut book, "funds", "date", 0, day);
    world.put(&mut book, "funds", "village", 0, text("三星村"));
    file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
}

#[test]
fn a_gift_that_three_units_report_is_one_matter_and_counts_once() {
    let world = world();
    let files = ["T109", "T103", "G02"].map(|unit| gift(&world, unit));
    let before = world.assess_bytes(&files);
    let matters = same_entry(&before);
    assert_eq!(matters.len(), 1, "one matter with a side for each report");
    assert_eq!(matters[0].sides.len(), 3);
    assert_eq!(counted(&before, "funds", "amount").len(), 1);
    let mut reporters = Vec::new();
    for verdict in ["以甲为准", "以乙为准", "以丙为准"] {
        let after = world.assess_ruled(&files, &ruled(matters[0], verdict));
        let counts = counted(&after, "funds", "amount");
        assert_eq!(counts.len(), 1, "{verdict}");
        reporters.push(counts[0].0.clone());
    }
    reporters.sort();
    assert_eq!(reporters, ["G02", "T103", "T109"], "each can be chosen");
    let all = world.assess_ruled(&files, &ruled(matters[0], "不是同一件（都计入）"));
    assert_eq!(counted(&all, "funds", "amount").len(), 3);
}

#[test]
fn a_gift_without_village_may_be_the_one_that_was_received() {
    let world = world();
    let mut given = world.issued("G02");
    world.gift(&mut given, 0, "委员112", number(20_000));
    let mut town = world.issued("T109");
    let day = Content::Date(date(2018, 6, 9));
    world.put(&mut given, "funds", "date", 0, day.clone());
    world.put(&mut given, "funds", "village", 0, Content::Blank);
    for (field, content) in [
        ("village", text("董家村")),
        ("donor", text("委员112")),
        ("fund_form", text("资金")),
        ("amount", number(20_000)),
        ("date", day),
        ("receipt", text("收条1")),
        ("channel", text("社会募资")),
    ] {
        if world.policy.forms["received"].fields.contains_key(field) {
            world.put(&mut town, "received", field, 0, content);
        }
    }
    let files = [("G02.xlsx", &given), ("T109.xlsx", &town)];
    let files = files.map(|(name, book)| file(name, write(book).expect("a return")));
    let assessment = world.assess_bytes(&files);
    let found = assessment.reconciled.comparisons();
    let told: Vec<(&str, usize, usize)> = found
        .iter()
        .map(|one| (one.agreement.word(), one.given.len(), one.received.len()))
        .collect();
    assert_eq!(told, [("疑似同一笔", 1, 1)]);
    let codes: Vec<&str> = assessment.findings.iter().map(|f| f.code.code()).collect();
    assert!(
        !codes.contains(&"RC-413"),
        "nobody is asked to report it again: {codes:?}"
    );
}

/// A gift of a unit to 董家村 of 冷市镇, on a day of June.
fn to_village(world: &World, book: &mut kaohe::sheet::Workbook, entry: u32, who: &str, yuan: i64) {
    world.gift(book, entry, who, number(yuan));
    world.put(book, "funds", "village", entry, text("董家村"));
    let day = Content::Date(date(2018, 6, 1 + i8::try_from(entry).expect("few")));
    world.put(book, "funds", "date", entry, day);
}

/// What counts of a unit's gifts.
fn sum(assessment: &Assessment, unit: &str) -> i64 {
    let of = counted(assessment, "funds", "amount");
    let own = of.iter().filter(|(reporter, _)| reporter == unit);
    own.map(|(_, amount)| amount.parse::<i64>().expect("a number"))
        .sum()
}

fn given_only(assessment: &Assessment) -> Vec<&Matter> {
    let matters = assessment.reconciled.matters().iter();
    matters.filter(|m| m.topic == Topic::GivenOnly).collect()
}

#[test]
fn what_nobody_received_is_one_matter_for_a_unit_and_a_village() {
    let world = world();
    let sent = |unit: &str, who: &str, amounts: &[i64]| {
        let mut book = world.issued(unit);
        for (entry, yuan) in (0..).zip(amounts) {
            to_village(&world, &mut book, entry, who, *yuan);
        }
        file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
    };
    let files = |of_group: &[i64]| {
        [
            // The township that would have to confirm its own gift.
            sent("T109", "冷市镇联工委", &[50_000]),
            sent("G02", "委员112", of_group),
            // Too little to ask about.
            sent("G03", "路人乙", &[2_000]),
        ]
    };
    let three = files(&[6_000, 5_000, 400]);
    let before = world.assess_bytes(&three);
    let matters = given_only(&before);
    assert_eq!(matters.len(), 1);
    let (places, stake) = (matters[0].sides.len(), matters[0].at_stake.to_string());
    assert_eq!((places, stake.as_str()), (3, "11400"));
    assert_eq!(matters[0].units, ["G02"]);
    // All of them stand in the comparison of both sides, each with what became of it.
    let comparisons = before.reconciled.comparisons();
    let alone: Vec<bool> = comparisons
        .iter()
        .filter(|one| one.agreement.word() == "受援方未报")
        .map(|one| one.matter.is_some() != one.reason.contains("不列为核对事项"))
        .collect();
    assert_eq!(alone, [true; 5]);
    let findings = before.findings.iter();
    assert_eq!(findings.filter(|f| f.code.code() == "RC-412").count(), 1);
    // All, none, or all but one of them count.
    let second = &matters[0].sides[1].text;
    assert!(second.contains("5,000.00"), "{second}");
    for (verdict, left) in [
        ("属实（照计）", 11_400),
        ("不予计入", 0),
        ("乙不予计入（其余照计）", 6_400),
    ] {
        let after = world.assess_ruled(&three, &ruled(matters[0], verdict));
        assert_eq!(sum(&after, "G02"), left, "{verdict}");
        assert_eq!(sum(&after, "T109"), 50_000);
        let told = after.reconciled.entries().enumerate();
        for (at, (entry, class, _)) in told {
            let by = after.reconciled.ruled_by(at);
            let is_out = class == Class::SetAside;
            assert!(!is_out || *by == [matters[0].id.as_str()], "{entry:?}");
        }
    }
    // What was ruled holds when another gift comes beside it, too small to ask about.
    let one = files(&[12_000]);
    let before = world.assess_bytes(&one);
    let rulings = ruled(given_only(&before)[0], "不予计入");
    let after = world.assess_ruled(&files(&[12_000, 700]), &rulings);
    let standing: Vec<&str> = given_only(&after)
        .iter()
        .map(|m| m.standing.key())
        .collect();
    assert_eq!((standing, sum(&after, "G02")), (vec!["applied"], 700));
}

/// Activities of a group on days of May: what it is called, and how many members
/// took part.
fn outreach(world: &World, unit: &str, rows: &[(&str, i64)]) -> kaohe::intake::ReturnedFile {
    let mut book = world.issued(unit);
    for (entry, (title, members)) in (0..).zip(rows) {
        for (field, content) in [
            ("title", text(title)),
            ("outreach_kind", text("送科技下乡")),
            ("date", Content::Date(date(2018, 5, 4))),
            ("member_count", number(*members)),
            ("content", text("讲课")),
        ] {
            world.put(&mut book, "outreach", field, entry, content);
        }
    }
    file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
}

#[test]
fn what_changes_no_result_stands_apart() {
    let world = world();
    let waits = |rows: &[(&str, i64)]| {
        let assessment = world.assess_bytes(&[outreach(&world, "G02", rows)]);
        let matters = same_entry(&assessment);
        assert_eq!(matters.len(), 1);
        let apart = matters_apart(&Reader::new(&assessment.book));
        let reader = Reader::new(&assessment.book);
        let rows = reader.rows("matters");
        let listed: Vec<String> = rows
            .filter(|row| row.text("matter") == matters[0].id)
            .map(|row| row.text("standing"))
            .collect();
        let waits = !apart.contains(&matters[0].id);
        assert_eq!(listed, [if waits { "待裁定" } else { APART }]);
        waits
    };
    // Whether it is one activity or two decides over points.
    assert!(waits(&[("讲茶", 3), ("讲茶", 5)]));
    // With four others it has all its points either way.
    let others = [("养猪", 1), ("种树", 1), ("修路", 1), ("看病", 1)];
    let rows = [&[("讲茶", 3), ("讲茶", 5)], &others[..]].concat();
    assert!(!waits(&rows));
}

#[test]
fn rows_that_differ_in_a_choice_are_laid_before_the_office() {
    let world = world();
    let sent = |unit: &str, channels: &[Option<&str>]| {
        let mut book = world.issued(unit);
        for (entry, channel) in (0..).zip(channels) {
            world.gift(&mut book, entry, "委员112", number(12_000));
            let channel = channel.map_or(Content::Blank, text);
            world.put(&mut book, "funds", "channel", entry, channel);
        }
        file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
    };
    // In one return, and in two.
    let one = [sent("G02", &[Some("社会募资"), Some("财政争资")])];
    let two = [
        sent("T109", &[Some("财政争资")]),
        sent("G02", &[Some("社会募资")]),
    ];
    for files in [&one[..], &two] {
        let before = world.assess_bytes(files);
        let matters = same_entry(&before);
        assert_eq!(matters.len(), 1);
        assert!(matters[0].standing.is_open());
        assert!(
            matters[0].reason.contains("“筹资渠道”"),
            "{}",
            matters[0].reason
        );
        let channels = |verdict| {
            let after = world.assess_ruled(files, &ruled(matters[0], verdict));
            let counts = counted(&after, "funds", "channel");
            assert_eq!(counts.len(), 1, "{verdict}");
            counts[0].1.clone()
        };
        let mut both = ["以甲为准", "以乙为准"].map(channels);
        both.sort();
        assert_eq!(both, ["社会募资", "财政争资"], "either can be chosen");
        let apart = matters_apart(&Reader::new(&before.book));
        assert!(!apart.contains(&matters[0].id), "it moves sums");
    }
    // Alike in all choices they are one by rule.
    let alike = world.assess_bytes(&[
        sent("T109", &[Some("社会募资")]),
        sent("G02", &[Some("社会募资")]),
    ]);
    assert!(!same_entry(&alike)[0].standing.is_open());
}

#[test]
fn what_two_units_did_together_counts_for_each_and_says_so() {
    let world = world();
    let both = ["G02", "G03"].map(|unit| outreach(&world, unit, &[("送戏", 3)]));
    let assessment = world.assess_bytes(&both);
    assert!(matters(&assessment).is_empty());
    let names = ["G02", "G03"].map(|unit| world.roster.unit(unit).expect("unit").name.clone());
    let marks: Vec<(String, String)> = assessment
        .reconciled
        .entries()
        .filter(|(entry, class, _)| entry.form == "outreach" && *class == Class::Counted)
        .map(|(entry, _, why)| (entry.reporter.to_string(), why.to_owned()))
        .collect();
    let mark = |other: &str| format!("与{other}所报相同，按联合开展，各计一次");
    assert_eq!(
        marks,
        [
            ("G02".to_owned(), mark(&names[1])),
            ("G03".to_owned(), mark(&names[0]))
        ]
    );
    let findings = assessment.findings.iter();
    assert_eq!(findings.filter(|f| f.code.code() == "RC-420").count(), 1);
    // On another day it is another activity, of which nothing is said.
    let alone = world.assess_bytes(&[
        outreach(&world, "G02", &[("送戏", 3)]),
        outreach(&world, "G03", &[("送书", 3)]),
    ]);
    let mut findings = alone.findings.iter();
    assert!(!findings.any(|f| f.code.code() == "RC-420"));
}

/// 引老乡 of a unit, with what was invested.
fn homecoming(world: &World, unit: &str, invested: Option<i64>) -> kaohe::intake::ReturnedFile {
    let mut book = world.issued(unit);
    let kind = &world.policy.choices["homecoming_kind"].items[0];
    for (field, content) in [
        ("name", text("老乡甲")),
        ("homecoming_kind", text(kind)),
        ("project", text("办茶厂")),
        ("date", Content::Date(date(2018, 4, 4))),
        ("invested", invested.map_or(Content::Blank, number)),
    ] {
        world.put(&mut book, "homecoming", field, 0, content);
    }
    file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
}

#[test]
fn money_that_two_units_tell_of_is_asked_about() {
    let world = world();
    let files = ["T109", "G02"].map(|unit| homecoming(&world, unit, Some(300_000)));
    let before = world.assess_bytes(&files);
    let found = matters(&before);
    let [matter] = found[..] else {
        panic!("{found:#?}")
    };
    assert!(matter.standing.is_open());
    assert_eq!(matter.at_stake.to_string(), "300000");
    let figures = |assessment: &Assessment| {
        let told = counted(assessment, "homecoming", "invested");
        let sum = told
            .iter()
            .map(|(_, yuan)| yuan.parse::<i64>().expect("a number"));
        (told.len(), sum.sum::<i64>())
    };
    assert_eq!(
        figures(&before),
        (2, 600_000),
        "as reported until it is ruled"
    );
    for (verdict, left) in [
        ("联合开展（各计一次，金额只计一次）", (2, 300_000)),
        ("以甲为准", (1, 300_000)),
        ("以乙为准", (1, 300_000)),
        ("不是同一件（都计入）", (2, 600_000)),
    ] {
        let after = world.assess_ruled(&files, &ruled(matter, verdict));
        assert_eq!(figures(&after), left, "{verdict}");
    }
    // Without money it was done together.
    let files = ["T109", "G02"].map(|unit| homecoming(&world, unit, None));
    let together = world.assess_bytes(&files);
    assert!(matters(&together).is_empty());
    // 万企帮万村 is never told by two.
    let files = ["C01", "C02"].map(|unit| {
        let mut book = world.issued(unit);
        for (field, content) in [
            ("enterprise", text("茶厂甲")),
            (
                "enterprise_kind",
                text(&world.policy.choices["enterprise_kind"].items[0]),
            ),
            ("village", text("董家村")),
            ("project", text("茶园")),
            ("way", text("产业扶持")),
            ("invested", number(80_000)),
            ("date", Content::Date(date(2018, 4, 4))),
        ] {
            world.put(&mut book, "enterprises", field, 0, content);
        }
        file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
    });
    let before = world.assess_bytes(&files);
    let found = matters(&before);
    let [matter] = found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(matter.at_stake.to_string(), "80000");
    let after = world.assess_ruled(&files, &ruled(matter, "以甲为准"));
    assert_eq!(counted(&after, "enterprises", "invested").len(), 1);
}

/// A township with its bases.
fn bases(world: &World, unit: &str, names: &[&str]) -> kaohe::intake::ReturnedFile {
    let mut book = world.issued(unit);
    let kind = &world.policy.choices["base_kind"].items[0];
    for (entry, name) in (0..).zip(names) {
        for (field, content) in [
            ("base", text(name)),
            ("base_kind", text(kind)),
            ("entity", text(&format!("{name}合作社"))),
            ("industry", text("茶叶")),
            ("has_plan", text("是")),
            ("has_measures", text("是")),
            ("has_results", text("是")),
            ("member_count", number(2)),
        ] {
            world.put(&mut book, "bases", field, entry, content);
        }
    }
    file(&format!("{unit}.xlsx"), write(&book).expect("a return"))
}

/// Any one of three bases may go and leaves full marks; all three may not.
#[test]
fn what_decides_together_does_not_stand_apart() {
    let world = world();
    let own = ["茶园甲", "茶园乙", "茶园丙"];
    for (doubted, waiting) in [(1, 0), (2, 2), (3, 3)] {
        let other = [&own[..doubted], &["果园甲", "果园乙", "果园丙"]].concat();
        let files = [bases(&world, "T109", &own), bases(&world, "T112", &other)];
        let assessment = world.assess_bytes(&files);
        let found = matters(&assessment);
        assert_eq!(found.len(), doubted, "{found:#?}");
        let apart = matters_apart(&Reader::new(&assessment.book));
        let waits = found.iter().filter(|m| !apart.contains(&m.id)).count();
        assert_eq!(waits, waiting, "{doubted} are doubted");
        // The trial of each by itself says so.
        let reader = Reader::new(&assessment.book);
        let own = reader
            .rows("trials")
            .filter(|row| row.text("matter") == found[0].id);
        let said: Vec<bool> = own
            .map(|row| row.text("changes").contains("合起来会改变"))
            .collect();
        assert!(!said.is_empty() && said.iter().all(|said| *said == (waiting > 0)));
    }
}

/// A member's only row is struck through: out of the list he is not known to have
/// done nothing, in the trial as in fact, and his unit need not send it again.
#[test]
fn a_trial_and_a_ruling_say_the_same_of_a_members_row() {
    let world = world();
    let mut book = world.issued("T109");
    let form = &world.policy.forms["three_ones"];
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    let sheet = sheet.expect("the sheet");
    for (field, said) in [("study", "是"), ("income", "是"), ("job", "是")] {
        let cell = Layout::new(form, 1).cell(&form.fields[field], 0);
        let look = Style {
            struck: true,
            ..Style::from(Look::Plain)
        };
        sheet.put(cell, text(said), look);
    }
    let files = [file("T109.xlsx", write(&book).expect("a return"))];
    let before = world.assess_bytes(&files);
    let struck = before.reconciled.matters().iter();
    let struck = struck.filter(|m| m.topic == Topic::Struck);
    let [matter] = struck.collect::<Vec<_>>()[..] else {
        panic!("one row is struck through")
    };
    let reader = Reader::new(&before.book);
    let tried = reader
        .rows("trials")
        .find(|row| row.text("matter") == matter.id && row.text("verdict") == "不予计入")
        .expect("it is tried")
        .text("changes");
    let mut members = world.roster.members();
    let member = members.find(|m| m.unit == "T109").expect("a member");
    let veto = |assessment: &Assessment| {
        let reader = Reader::new(&assessment.book);
        let mut rows = reader.rows("members");
        let row = rows.find(|row| row.text("code") == member.code);
        row.expect("his row").text("veto")
    };
    let after = world.assess_ruled(&files, &ruled(matter, "不予计入"));
    assert_eq!(
        (veto(&before).as_str(), veto(&after).as_str()),
        ("否", "待定")
    );
    assert!(
        tried.contains(&format!("{}一票否决 否→待定", member.name)),
        "{tried}"
    );
    let mut open = after.reconciled.matters().iter();
    let his = open
        .find(|m| m.topic == Topic::Unanswered && m.reason.starts_with(&member.name))
        .expect("it is asked what he did");
    assert!(his.sides[0].text.contains("这一行按裁定不计入"));
    let mut sent_back = after.findings.iter();
    assert!(!sent_back.any(|f| f.message.contains(&format!("“{}”在名册上", member.name))));
}

/// Of two that did it together the money of the one that tells of more counts,
/// whatever their codes.
#[test]
fn done_together_the_larger_amount_counts() {
    let world = world();
    for (one, other) in [(100_000, 300_000), (300_000, 100_000)] {
        let files = [
            homecoming(&world, "T109", Some(one)),
            homecoming(&world, "G02", Some(other)),
        ];
        let before = world.assess_bytes(&files);
        let [matter] = matters(&before)[..] else {
            panic!("one matter")
        };
        assert!(matter.reason.contains("100,000.00 元算重了，所报金额不同"));
        let teller = if one > other { "T109" } else { "G02" };
        let name = &world.roster.unit(teller).expect("the unit").name;
        assert!(
            matter.reason.ends_with(&format!("金额只在{name}计")),
            "{}",
            matter.reason
        );
        let after = world.assess_ruled(&files, &ruled(matter, &Verdict::Joint.word()));
        let mut told = counted(&after, "homecoming", "invested");
        told.retain(|(_, yuan)| yuan != "0");
        assert_eq!(told, [(teller.to_owned(), "300000".to_owned())]);
    }
}
