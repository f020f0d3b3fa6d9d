//! Whatever stands in a cell, of whatever field: it is a value or a fault, and
//! never the end of the program. What a value was printed as reads back equal.
//! Rows that are no entries are known as what they are, and honest ones are not
//! taken for them.

use std::sync::OnceLock;

use crate::common::with_sheets;
use crate::common::world::{World, file, number, text, world};
use jiff::civil::date;
use kaohe::diagnostic::{Checked, Finding};
use kaohe::flow::{Scope, read_files};
use kaohe::form::{Context, Layout, decode};
use kaohe::intake::Here;
use kaohe::policy::{Kind, Prefill, Shape};
use kaohe::reconcile::{Class, Reconciled};
use kaohe::roster::UnitNames;
use kaohe::ruling::Rulings;
use kaohe::sheet::{Content, Found, Look, Scalar, Workbook, write};
use kaohe::value::Meaning;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn shared() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(world)
}

/// Texts of all sorts, many of them almost right.
fn texts() -> impl Strategy<Value = String> {
    let words = [
        "委员001",
        "三星村",
        "仙溪镇",
        "万",
        "元",
        "整",
        "年",
        "月",
        "日",
        "至",
        "约",
        "、",
        " ",
        "-",
        ".",
        "5",
        "2018",
        "伍",
        "十",
        "是",
        "√",
        "%",
        "百分之",
        "同志",
        "(",
        ")",
        "\u{200B}",
        "\u{3000}",
        "E+",
        "\u{0}",
    ];
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop::sample::select(words.to_vec()), 0..8)
            .prop_map(|parts| parts.concat()),
        "[0-9]{1,40}",
    ]
}

fn cells() -> impl Strategy<Value = Found> {
    prop_oneof![
        texts().prop_map(|text| Found::Text(text.into())),
        (any::<i64>(), 0_u32..12).prop_map(|(n, scale)| Found::Number(Decimal::new(n, scale))),
        any::<bool>().prop_map(Found::Bool),
        texts().prop_map(|text| Found::Error(text.into())),
        (1900_i16..2100, 1_i8..13, 1_i8..29)
            .prop_map(|(year, month, day)| { Found::Date(jiff::civil::date(year, month, day), 0) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_or_a_fault(found in cells(), days_of_1904 in any::<bool>()) {
        let World { policy, roster } = shared();
        let names = UnitNames { roster, unit: "G01" };
        let context = Context {
            policy,
            names: Some(&names),
            file: "甲.xlsx",
            days_of_1904,
            older_form: false,
        };
        for form in policy.forms.values() {
            for field in form.fields.values() {
                let Ok(reading) = decode(field, &found, &context) else {
                    continue;
                };
                // What was taken is plain when it is typed again as it was taken.
                let again = match (&field.kind, reading.value.number()) {
                    // A share as text has its sign.
                    (Kind::Percent, Some(share)) => Found::Number(share),
                    _ => Found::Text(reading.value.to_string().into()),
                };
                // What is asked about is asked about again.
                let asked = [
                    Meaning::Damaged,
                    Meaning::NearName,
                    Meaning::Unreadable,
                    Meaning::Unlisted,
                ];
                if !asked.contains(&reading.meaning) {
                    let second = decode(field, &again, &context);
                    let plain = second.as_ref().is_ok_and(|second| {
                        second.value == reading.value && second.meaning == Meaning::Plain
                    });
                    let text_of_number = reading.value.text().is_some_and(|t| t.contains("E+"));
                    prop_assert!(plain || text_of_number, "{}: {found:?} gave {reading:?}, then {second:?}", field.id);
                }
            }
        }
    }
}

/// What was read of a file.
type Read = Checked<Reconciled>;

/// What became of a return of G01 or T103, as one file.
fn assessed(book: &Workbook) -> Read {
    of_bytes(write(book).expect("written"))
}

/// What became of the bytes of one.
fn of_bytes(bytes: Vec<u8>) -> Read {
    let World { policy, roster } = shared();
    let files = [file("甲.xlsx", bytes)];
    let rulings = Rulings::default();
    read_files(&files, policy, roster, &rulings, Scope::Files, &Here)
}

/// The findings of a code.
fn said<'a>(read: &'a Read, code: &str) -> Vec<&'a Finding> {
    let all = read.findings.iter();
    all.filter(|finding| finding.code.code() == code).collect()
}

/// The codes of what is said about the file, but for what follows from the cover.
fn codes(read: &Read) -> Vec<&'static str> {
    let of_file = |f: &&Finding| f.place.file.as_deref() == Some("甲.xlsx");
    let all = read.findings.iter().filter(of_file);
    let codes = all.map(|finding| finding.code.code());
    let own = |code: &&str| !["RC-403", "IN-233", "RC-404", "RC-416"].contains(code);
    codes.filter(own).collect()
}

/// How many entries of a form are of a class, and what their amounts come to.
fn of_class(read: &Read, form: &str, class: Class) -> (usize, Decimal) {
    let form = &shared().policy.forms[form];
    let entries = read.value.entries();
    let own = entries.filter(|(entry, of, _)| entry.form == form.id && *of == class);
    own.fold((0, Decimal::ZERO), |(count, sum), (entry, ..)| {
        (count + 1, sum + entry.amount(form).unwrap_or_default())
    })
}

/// A return of G01 with so many gifts of 1000 in 资金物资.
fn with_gifts(count: u32) -> Workbook {
    let world = shared();
    let mut book = world.issued("G01");
    for entry in 0..count {
        let amount = number(1_000 + i64::from(entry));
        world.gift(&mut book, entry, "委员107", amount);
    }
    book
}

/// The name of a cell of 资金物资.
fn funds_cell(field: &str, entry: u32) -> String {
    let form = &shared().policy.forms["funds"];
    Layout::new(form, 1).cell(&form.fields[field], entry).name()
}

#[test]
fn what_says_nothing_is_as_good_as_empty() {
    let words = [
        "无",
        "/",
        ".",
        "—",
        "-",
        "*",
        "略",
        "暂无",
        "待补",
        "N/A",
        "xx",
        "××",
        "0",
        "（无）",
        "……",
        "无\u{200B}",
    ];
    let mut book = with_gifts(words.len() as u32 + 1);
    for (entry, word) in (0..).zip(words) {
        shared().put(&mut book, "funds", "purpose", entry, text(word));
        // An optional one stays empty, and nobody minds.
        shared().put(&mut book, "funds", "voucher", entry, text(word));
        shared().put(&mut book, "funds", "village", entry, text(word));
    }
    let read = assessed(&book);
    let found = said(&read, "IN-263");
    let at: Vec<(String, &str)> = found
        .iter()
        .map(|f| {
            (
                f.place.cell.expect("a cell").name(),
                f.typed.as_deref().expect("typed"),
            )
        })
        .collect();
    let wanted: Vec<(String, &str)> = (0..)
        .zip(words)
        .map(|(entry, word)| (funds_cell("purpose", entry), word))
        .collect();
    assert_eq!(at, wanted);
    // What leaves something open is told, also where it may stay empty.
    let open = ["*", "略", "待补", "xx", "××"];
    let told: Vec<String> = said(&read, "IN-215")
        .iter()
        .map(|f| f.place.cell.expect("a cell").name())
        .collect();
    let wanted: Vec<String> = (0..)
        .zip(words)
        .filter(|(_, word)| open.contains(word))
        .map(|(entry, _)| funds_cell("village", entry))
        .collect();
    assert_eq!(told, wanted);
    let all = words.len() + open.len();
    assert_eq!(codes(&read).len(), all, "{:?}", codes(&read));
    assert_eq!(of_class(&read, "funds", Class::Counted).0, 1);
    assert_eq!(of_class(&read, "funds", Class::Rejected).0, words.len());
}

/// What is lost where a field may stay empty is told, unless it says that there is
/// nothing.
#[test]
fn what_leaves_an_amount_open_is_told() {
    for (word, wanted) in [
        ("待核", &["IN-215"][..]),
        ("#######", &["IN-215"]),
        ("？", &["IN-215"]),
        ("●", &["IN-215"]),
        ("无", &[]),
        ("——", &[]),
        ("不适用", &[]),
        ("N/A", &[]),
    ] {
        let mut book = shared().issued("G01");
        let date = Content::Date(jiff::civil::date(2018, 5, 20));
        for (field, content) in [
            ("name", text("老乡甲")),
            ("from_place", text("广东东莞")),
            ("homecoming_kind", text("回乡创业")),
            ("project", text("办竹制品厂")),
            ("date", date),
            ("invested", text(word)),
        ] {
            shared().put(&mut book, "homecoming", field, 0, content);
        }
        let read = assessed(&book);
        assert_eq!(codes(&read), wanted, "{word}");
    }
}

#[test]
fn what_says_nothing_proves_nothing() {
    let world = shared();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(60_000));
    world.put(&mut book, "funds", "voucher", 0, text("无"));
    world.gift(&mut book, 1, "委员107", number(1_000));
    world.put(&mut book, "funds", "fund_form", 1, text("物资"));
    world.put(&mut book, "funds", "goods", 1, text("/"));
    world.put(&mut book, "funds", "basis", 1, text("发票"));
    // Somebody who is called XX.
    world.gift(&mut book, 2, "XX", number(2_000));
    let read = assessed(&book);
    assert_eq!(said(&read, "RC-416").len(), 1);
    assert_eq!(said(&read, "IN-226").len(), 1);
    assert_eq!(said(&read, "IN-263").len(), 1);
    assert_eq!(of_class(&read, "funds", Class::Counted).1, 61_000.into());
}

#[test]
fn words_that_say_something_are_left_alone() {
    let words = [
        "无息贷款",
        "略有增收",
        "空调2台",
        "无公害茶园",
        "10",
        "A",
        "无人机",
    ];
    let mut book = with_gifts(words.len() as u32);
    for (entry, word) in (0..).zip(words) {
        shared().put(&mut book, "funds", "purpose", entry, text(word));
    }
    assert_eq!(codes(&assessed(&book)), Vec::<&str>::new());
}

/// All examples of a form in one row, for each form of the pack.
#[test]
fn the_packs_own_example_is_no_entry() {
    let world = shared();
    let tables = world
        .policy
        .intake_forms()
        .filter(|form| form.shape == Shape::Table && form.prefill == Prefill::Blank);
    let mut tried = 0;
    for form in tables {
        let unit = world
            .roster
            .units()
            .find(|unit| form.kinds.contains(&unit.kind));
        let mut book = world.issued(&unit.expect("a unit").code);
        let example = |field: &kaohe::policy::Field| match field.kind {
            Kind::Money | Kind::Integer => {
                Content::Number(field.example.parse().expect("a number"))
            }
            Kind::Date => Content::Date(field.example.parse().expect("a day")),
            _ => text(&field.example),
        };
        for field in form.fields.values() {
            world.put(&mut book, &form.id, &field.id, 2, example(field));
        }
        let read = assessed(&book);
        assert_eq!(codes(&read), ["IN-264"], "{}", form.id);
        let entries = read.value.entries();
        assert_eq!(
            entries.filter(|(entry, ..)| entry.form == form.id).count(),
            0
        );
        tried += 1;
    }
    assert!(tried > 6);
}

/// The example of 资金物资 with other words in some of its fields; `mark` before it.
fn like_the_example(other: &[(&str, Content)], mark: &str) -> Read {
    let world = shared();
    let mut book = with_gifts(1);
    let form = &world.policy.forms["funds"];
    let same = [
        "donor",
        "donor_kind",
        "channel",
        "fund_form",
        "way",
        "purpose",
    ];
    for id in same {
        world.put(&mut book, "funds", id, 0, text(&form.fields[id].example));
    }
    world.put(&mut book, "funds", "amount", 0, text("50,000"));
    let day = Content::Date(date(2018, 6, 8));
    world.put(&mut book, "funds", "date", 0, day);
    for (id, content) in other {
        world.put(&mut book, "funds", id, 0, content.clone());
    }
    if !mark.is_empty() {
        let number = Layout::new(form, 1).number(0);
        let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
        sheet.expect("sheet").text(number, mark, Look::Plain.into());
    }
    assessed(&book)
}

#[test]
fn an_example_is_known_by_whom_it_names_or_by_its_mark() {
    let purpose = || ("purpose", text("修路"));
    let donor = || ("donor", text("委员107"));
    for (other, mark) in [
        (vec![], ""),
        (vec![], "例"),
        // Changed a little; somebody real, but marked.
        (vec![purpose()], ""),
        (vec![donor(), purpose()], "示例"),
    ] {
        let read = like_the_example(&other, mark);
        assert_eq!(codes(&read), ["IN-264"], "{other:?} {mark}");
        assert_eq!(of_class(&read, "funds", Class::Counted).0, 0);
    }
    for (other, mark) in [
        (vec![donor()], ""),
        (vec![purpose(), ("amount", number(300))], ""),
        (vec![donor(), purpose(), ("amount", number(300))], "例"),
    ] {
        let read = like_the_example(&other, mark);
        assert_eq!(said(&read, "IN-264").len(), 0, "{other:?} {mark}");
        assert_eq!(of_class(&read, "funds", Class::Counted).0, 1);
    }
}

/// A return of T103 with 基地 of these names, each with somebody to run it.
fn with_bases(names: &[(&str, &str)]) -> Read {
    let world = shared();
    let mut book = world.issued("T103");
    for (entry, (base, entity)) in (0..).zip(names) {
        let texts = [
            ("base", *base),
            ("entity", *entity),
            ("base_kind", "种养大户"),
            ("industry", "茶叶"),
            ("has_plan", "是"),
            ("has_measures", "是"),
            ("has_results", "是"),
        ];
        for (field, typed) in texts {
            world.put(&mut book, "bases", field, entry, text(typed));
        }
        world.put(&mut book, "bases", "member_count", entry, number(3));
    }
    assessed(&book)
}

/// Code and cell of what is said of a sheet.
fn at(read: &Read, sheet: &str) -> Vec<(&'static str, String)> {
    let on_sheet = |f: &&Finding| f.place.sheet.as_deref() == Some(sheet);
    let all = read.findings.iter().filter(on_sheet);
    all.map(|f| (f.code.code(), f.place.cell.expect("a cell").name()))
        .collect()
}

#[test]
fn a_name_that_is_marked_as_an_example_is_no_entry() {
    let marked = [
        "例：XX村茶叶基地",
        "示例：茶叶基地",
        "例如大桥茶叶基地",
        "（举例）茶叶基地",
        "茶叶基地（示例）",
        "示例",
    ];
    let rows: Vec<(&str, &str)> = marked.iter().map(|name| (*name, "张三")).collect();
    let read = with_bases(&rows);
    let wanted: Vec<(&str, String)> = (6..12).map(|row| ("IN-264", format!("B{row}"))).collect();
    assert_eq!(at(&read, "产业扶贫基地"), wanted);
    assert_eq!(of_class(&read, "bases", Class::Counted).0, 0);
    assert_eq!(of_class(&read, "bases", Class::Rejected).0, 0);
    // Also where another name is marked; not where the words only look like it.
    let read = with_bases(&[
        ("大桥茶叶基地", "例：张三"),
        ("示例01村茶叶基地", "例家冲合作社"),
    ]);
    assert_eq!(at(&read, "产业扶贫基地"), [("IN-264", "E6".to_owned())]);
    assert_eq!(of_class(&read, "bases", Class::Counted).0, 1);
    // Givers.
    let mut book = with_gifts(4);
    for (entry, donor) in (0..).zip(["例：张三", "张三（示例）", "示例"]) {
        shared().put(&mut book, "funds", "donor", entry, text(donor));
    }
    let read = assessed(&book);
    assert_eq!(codes(&read), ["IN-264"; 3]);
    assert_eq!(of_class(&read, "funds", Class::Counted).0, 1);
}

#[test]
fn a_name_with_signs_in_its_place_is_none() {
    let without = [
        "XX村茶叶基地",
        "某某村茶叶基地",
        "××基地",
        "冷市镇XX村基地",
        "○○茶场",
        "**合作社",
    ];
    let rows: Vec<(&str, &str)> = without.iter().map(|name| (*name, "张三")).collect();
    let read = with_bases(&rows);
    let wanted: Vec<(&str, String)> = (6..12).map(|row| ("IN-263", format!("B{row}"))).collect();
    assert_eq!(at(&read, "产业扶贫基地"), wanted);
    assert_eq!(of_class(&read, "bases", Class::Rejected).0, 6);
    // What is advised is not what was refused.
    for finding in said(&read, "IN-263") {
        assert!(!finding.mend.contains("XX"), "{}", finding.mend);
    }
    let read = with_bases(&[
        ("张某某家庭农场", "李××"),
        ("茶叶基地", "王某"),
        ("XXL制衣厂", "X光机厂"),
        ("某村茶叶基地", "张XX"),
        ("竹编基地", "某某合作社"),
    ]);
    assert_eq!(at(&read, "产业扶贫基地"), []);
    assert_eq!(of_class(&read, "bases", Class::Counted).0, 5);
    // A giver need not be named.
    let unnamed = [
        "张某某",
        "某企业家",
        "某某爱心人士",
        "某公司",
        "安化县某某公司",
    ];
    let mut book = with_gifts(unnamed.len() as u32);
    for (entry, donor) in (0..).zip(unnamed) {
        shared().put(&mut book, "funds", "donor", entry, text(donor));
        shared().put(&mut book, "funds", "donor_kind", entry, text("社会人士"));
    }
    let read = assessed(&book);
    assert_eq!(codes(&read), Vec::<&str>::new());
    assert_eq!(of_class(&read, "funds", Class::Counted).0, unnamed.len());
}

#[test]
fn a_share_without_its_sign_is_said() {
    let field = &shared().policy.forms["goals"].fields["road_rate"];
    let context = Context {
        policy: &shared().policy,
        names: None,
        file: "",
        days_of_1904: false,
        older_form: false,
    };
    for (typed, meaning) in [
        ("1", Meaning::Spelling),
        ("0.985", Meaning::Spelling),
        ("98.5", Meaning::Spelling),
        ("100%", Meaning::Plain),
        ("１００％", Meaning::Plain),
        ("0", Meaning::Plain),
    ] {
        let read = decode(field, &Found::Text(typed.into()), &context);
        assert_eq!(read.map(|read| read.meaning), Ok(meaning), "{typed}");
    }
    let read = decode(field, &Found::Number(1.into()), &context);
    assert_eq!(
        read.map(|read| read.meaning),
        Ok(Meaning::Plain),
        "shown as 100%"
    );
}

#[test]
fn an_entry_in_the_words_of_an_example_is_one() {
    let world = shared();
    let mut book = with_gifts(1);
    let same = [
        ("purpose", text("修建饮水池")),
        ("amount", number(50_000)),
        ("date", Content::Date(date(2018, 6, 8))),
        ("voucher", text("收据0012")),
    ];
    for (field, content) in same {
        world.put(&mut book, "funds", field, 0, content);
    }
    let activity = [
        ("title", text("送医下乡义诊")),
        ("outreach_kind", text("送卫生下乡")),
        ("date", Content::Date(date(2018, 7, 15))),
        ("member_count", number(6)),
        ("content", text("义诊120人，送药30种")),
    ];
    for (field, content) in activity {
        world.put(&mut book, "outreach", field, 0, content);
    }
    let read = assessed(&book);
    assert_eq!(codes(&read), Vec::<&str>::new());
    assert_eq!(of_class(&read, "funds", Class::Counted), (1, 50_000.into()));
    assert_eq!(of_class(&read, "outreach", Class::Counted).0, 1);
}

/// A number in a cell whose format shows days.
fn as_day(book: &mut Workbook, form: &str, field: &str, entry: u32, number: &str) {
    let form = &shared().policy.forms[form];
    let cell = Layout::new(form, 1).cell(&form.fields[field], entry);
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    let number = Content::Number(number.parse().expect("a number"));
    sheet.expect("sheet").put(cell, number, Look::Date.into());
}

#[test]
fn days_that_nobody_meant_are_errors_that_say_what_was_typed() {
    // As typed, and what the mend asks about, if it can know.
    let table = [
        ("3.9", "2018-03-09"),
        ("12.25", "2018-12-25"),
        ("3.1", ""),
        ("2018", ""),
        ("2018.5", ""),
        ("39", ""),
        ("180309", ""),
        ("201803", ""),
    ];
    let mut book = with_gifts(table.len() as u32 + 3);
    for (entry, (typed, _)) in (0..).zip(table) {
        as_day(&mut book, "funds", "date", entry, typed);
    }
    let more = table.len() as u32;
    // Years that were mistyped, and one that only lies outside the period.
    shared().put(&mut book, "funds", "date", more, text("1918-03-09"));
    shared().put(&mut book, "funds", "date", more + 1, text("2081-03-09"));
    shared().put(&mut book, "funds", "date", more + 2, text("2017-12-30"));
    let read = assessed(&book);
    let found = said(&read, "IN-265");
    assert_eq!(found.len(), table.len() + 2);
    for (entry, (typed, meant)) in (0..).zip(table) {
        let cell = funds_cell("date", entry);
        let finding = found
            .iter()
            .find(|f| f.place.cell.expect("a cell").name() == cell);
        let finding = finding.unwrap_or_else(|| panic!("{typed}"));
        assert!(
            finding.message.contains(&format!("“{typed}”")),
            "{}",
            finding.message
        );
        assert!(finding.mend.contains(meant), "{}", finding.mend);
        assert_eq!(
            finding.mend.contains("是不是"),
            !meant.is_empty(),
            "{}",
            finding.mend
        );
    }
    assert_eq!(said(&read, "IN-223").len(), 1);
    assert_eq!(of_class(&read, "funds", Class::Counted).0, 0);
}

#[test]
fn a_day_in_an_optional_cell_is_not_taken_either() {
    let world = shared();
    let mut book = world.issued("T103");
    let texts = [
        ("base", "三星茶叶基地"),
        ("base_kind", "种养大户"),
        ("entity", "三星茶叶合作社"),
        ("industry", "黑茶"),
        ("has_plan", "是"),
        ("has_measures", "是"),
        ("has_results", "是"),
    ];
    for entry in 0..2 {
        for (field, value) in texts {
            world.put(
                &mut book,
                "bases",
                field,
                entry,
                text(&format!(
                    "{value}{}",
                    if field == "base" {
                        entry.to_string()
                    } else {
                        String::new()
                    }
                )),
            );
        }
        world.put(&mut book, "bases", "member_count", entry, text("两名"));
    }
    as_day(&mut book, "bases", "set_up_on", 0, "2018");
    // Bases may have been there for long.
    world.put(
        &mut book,
        "bases",
        "set_up_on",
        1,
        Content::Date(date(1995, 3, 9)),
    );
    let read = assessed(&book);
    let found = said(&read, "IN-215");
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("“2018”"), "{}", found[0].message);
    assert_eq!(said(&read, "IN-248").len(), 2);
    assert_eq!(of_class(&read, "bases", Class::Counted).0, 2);
}

#[test]
fn a_day_where_a_text_should_stand_is_said() {
    let world = shared();
    let mut book = with_gifts(4);
    for (entry, day) in [date(2018, 3, 9), date(2018, 3, 1)].into_iter().enumerate() {
        world.put(
            &mut book,
            "funds",
            "voucher",
            entry as u32,
            Content::Date(day),
        );
    }
    world.put(
        &mut book,
        "funds",
        "donor",
        2,
        Content::Date(date(2018, 3, 9)),
    );
    world.put(
        &mut book,
        "cover",
        "phone",
        0,
        Content::Date(date(2018, 3, 9)),
    );
    let read = assessed(&book);
    let found = said(&read, "IN-266");
    let typed: Vec<_> = found.iter().map(|f| f.typed.as_deref()).collect();
    assert_eq!(typed, [Some("2018-03-09"), Some("2018-03-01")]);
    assert!(found[0].mend.contains("“3-9”"), "{}", found[0].mend);
    assert!(
        found[1].mend.contains("“2018-3”或“3-1”"),
        "{}",
        found[1].mend
    );
    assert_eq!(said(&read, "IN-212").len(), 1);
    assert_eq!(said(&read, "IN-214").len(), 1);
    assert_eq!(of_class(&read, "funds", Class::Counted).0, 3);
}

/// Puts a total with its label below so many gifts.
fn total(book: &mut Workbook, entry: u32, label: &str, amount: Content) {
    if !label.is_empty() {
        shared().put(book, "funds", "donor", entry, text(label));
    }
    shared().put(book, "funds", "amount", entry, amount);
}

#[test]
fn totals_are_known_by_their_words() {
    let words = [
        "汇总",
        "总数",
        "总额",
        "共",
        "共计",
        "Total",
        "小计",
        "合计:",
        "累计",
        "总计（元）",
        "冷市镇政协联络工作委员会 汇总",
        "Grand Total",
        "共3笔",
    ];
    for word in words {
        let mut book = with_gifts(3);
        total(&mut book, 3, word, number(3_003));
        shared().put(&mut book, "funds", "purpose", 3, text("/"));
        let read = assessed(&book);
        assert_eq!(codes(&read), ["IN-241"], "{word}");
        assert_eq!(
            of_class(&read, "funds", Class::Counted),
            (3, 3_003.into()),
            "{word}"
        );
        let mut book = with_gifts(3);
        total(&mut book, 3, word, number(3_004));
        let read = assessed(&book);
        assert_eq!(codes(&read), ["IN-242"], "{word}");
    }
}

/// As 分类汇总 leaves them: a subtotal below each group, and one over all.
#[test]
fn subtotals_add_up_their_own_group() {
    let mut book = world().issued("G01");
    let rows = [
        ("委员107", 1_000),
        ("委员107", 2_000),
        ("委员107 汇总", 3_000),
        ("委员108", 500),
        ("委员108 汇总", 500),
        ("总计", 3_500),
    ];
    for (entry, (label, amount)) in (0..).zip(rows) {
        match label.starts_with("委员") && !label.contains("汇总") {
            true => shared().gift(&mut book, entry, label, number(amount)),
            false => total(&mut book, entry, label, number(amount)),
        }
    }
    let read = assessed(&book);
    assert_eq!(codes(&read), ["IN-241", "IN-241", "IN-241"]);
    assert_eq!(of_class(&read, "funds", Class::Counted), (3, 3_500.into()));
    // Counted instead of added up: nothing to compare.
    total(&mut book, 2, "委员107 计数", number(2));
    assert_eq!(codes(&assessed(&book)), ["IN-241", "IN-241", "IN-241"]);
}

#[test]
fn a_sum_without_a_word_is_a_total_and_a_number_alone_is_none() {
    let sum = |result: i64| Content::Formula {
        text: format!(
            "SUM({}:{})",
            funds_cell("amount", 0),
            funds_cell("amount", 2)
        ),
        result: Scalar::Number(result.into()),
    };
    for (result, code) in [(3_003, "IN-241"), (2_001, "IN-242")] {
        let mut book = with_gifts(3);
        total(&mut book, 3, "", sum(result));
        assert_eq!(codes(&assessed(&book)), [code]);
    }
    let mut book = with_gifts(3);
    total(&mut book, 3, "", number(3_003));
    assert!(codes(&assessed(&book)).contains(&"IN-206"));
}

#[test]
fn a_row_that_could_not_be_read_is_named_beside_the_sum() {
    let mut book = with_gifts(2);
    shared().put(&mut book, "funds", "amount", 1, text("约2000"));
    total(&mut book, 2, "合计", number(3_000));
    let read = assessed(&book);
    let found = said(&read, "IN-242");
    assert!(
        found[0].message.contains("1,000.00（第7行的数没有读出"),
        "{}",
        found[0].message
    );
}

#[test]
fn rows_dragged_down_are_spoken_of_once() {
    let world = shared();
    let drag = |rows: u32, step: u32| {
        let mut book = with_gifts(2);
        for entry in 2..2 + rows {
            let texts = [
                ("donor_kind", "政协委员"),
                ("channel", "社会募资"),
                ("way", "其他"),
            ];
            for (field, value) in texts {
                world.put(&mut book, "funds", field, entry, text(value));
            }
            let day = date(2018, 3, 1).checked_add(jiff::Span::new().days((entry - 2) * step));
            world.put(
                &mut book,
                "funds",
                "date",
                entry,
                Content::Date(day.expect("a day")),
            );
        }
        assessed(&book)
    };
    for step in [0, 1] {
        let read = drag(147, step);
        assert_eq!(codes(&read), ["IN-267"]);
        let finding = said(&read, "IN-267")[0];
        for part in [
            "第8行至第154行（共147行）",
            "“捐助者类别”",
            "“捐助单位或个人”",
            "“金额或折价”",
        ] {
            assert!(finding.message.contains(part), "{}", finding.message);
        }
        assert_eq!(of_class(&read, "funds", Class::Counted).0, 2);
        assert_eq!(of_class(&read, "funds", Class::Rejected).0, 147);
    }
    // Two rows may have been typed; days apart were.
    for read in [drag(2, 0), drag(4, 5)] {
        assert!(said(&read, "IN-267").is_empty());
        assert!(said(&read, "IN-206").len() > 5);
    }
}

/// Some programs store the result of the office's own sum as a text, or not at all.
#[test]
fn a_printed_total_is_the_offices_however_it_is_stored() {
    let bytes = write(&with_gifts(3)).expect("written");
    let form = &shared().policy.forms["funds"];
    let cell = Layout::new(form, 1).total(&form.fields["amount"]).name();
    let start = format!("<c r=\"{cell}\"");
    let stored = [
        ("t=\"str\"", "<f>SUM(F6:F155)</f><v>3003</v>"),
        ("t=\"str\"", "<v>3003</v>"),
        ("t=\"inlineStr\"", "<is><t>3003.00</t></is>"),
        ("", "<f>SUM(F6:F155)</f>"),
        ("t=\"e\"", "<f>SUM(F6:F155)</f><v>#NAME?</v>"),
        ("", "<v>3003</v>"),
    ];
    for (kind, inside) in stored {
        let changed = with_sheets(&bytes, |xml| {
            let Some(at) = xml.find(&start).filter(|_| xml.contains("SUM(F6:F")) else {
                return xml.to_owned();
            };
            let end = at + xml[at..].find("</c>").expect("the cell ends");
            format!("{}{start} {kind}>{inside}{}", &xml[..at], &xml[end..])
        });
        assert_ne!(changed, bytes);
        let read = of_bytes(changed);
        assert_eq!(codes(&read), Vec::<&str>::new(), "{kind} {inside}");
    }
    // A word that somebody wrote there is theirs.
    let changed = with_sheets(&bytes, |xml| {
        let Some(at) = xml.find(&start).filter(|_| xml.contains("SUM(F6:F")) else {
            return xml.to_owned();
        };
        let end = at + xml[at..].find("</c>").expect("the cell ends");
        let inside = "<is><t>见附表</t></is>";
        format!(
            "{}{start} t=\"inlineStr\">{inside}{}",
            &xml[..at],
            &xml[end..]
        )
    });
    let read = of_bytes(changed);
    assert_eq!(codes(&read), ["IN-220"]);
}

#[test]
fn what_was_taken_for_one_amount_is_not_said_of_another() {
    let mut book = world().issued("G01");
    for (entry, amount) in (0..).zip(["5", "3.5", "2"]) {
        let amount = Content::Number(amount.parse().expect("a number"));
        shared().gift(&mut book, entry, "委员107", amount);
    }
    let read = assessed(&book);
    let found = said(&read, "RC-408");
    assert_eq!(found.len(), 1);
    let taken = found[0].taken.as_deref().expect("taken");
    assert!(!taken.contains(|c: char| c.is_ascii_digit()), "{taken}");
}
