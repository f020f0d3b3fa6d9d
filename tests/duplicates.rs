//! One thing told twice: what agrees counts once by rule; what contradicts
//! itself, or is told by three, is one matter in which any side can be chosen.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::world::{World, file, number, text, world};
use jiff::civil::date;
use kaohe::diagnostic::Place;
use kaohe::flow::Assessment;
use kaohe::reconcile::{Class, Matter, Topic};
use kaohe::ruling::{Decision, Rulings};
use kaohe::sheet::{Content, write};

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
