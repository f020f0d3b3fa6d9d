//! Which of several returns of a unit counts, and what a later one has lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::with_parts;
use crate::common::world::{World, file, number, world};
use jiff::civil::date;
use kaohe::book::Reader;
use kaohe::diagnostic::Place;
use kaohe::flow::Assessment;
use kaohe::intake::ReturnedFile;
use kaohe::reconcile::{Outcome, Topic};
use kaohe::ruling::{Decision, Rulings};
use kaohe::sheet::{Content, write};
use rust_decimal::Decimal;

const UNIT: &str = "G02";

/// A return with so many gifts, filled in on a day of December, and saved at a
/// time of that month's 20th.
fn sent(world: &World, name: &str, gifts: &[i64], day: i8, saved: Option<&str>) -> ReturnedFile {
    let mut book = world.issued(UNIT);
    for (entry, amount) in (0..).zip(gifts) {
        world.gift(&mut book, entry, "委员112", number(*amount));
        let day = Content::Date(date(2018, 6, 1 + entry as i8));
        world.put(&mut book, "funds", "date", entry, day);
    }
    world.put(
        &mut book,
        "cover",
        "declared_money",
        0,
        number(gifts.iter().sum()),
    );
    let day = Content::Date(date(2018, 12, day));
    world.put(&mut book, "cover", "filled_on", 0, day);
    let bytes = write(&book).expect("a return");
    let bytes = with_parts(&bytes, |part, text| {
        (part == "docProps/core.xml").then(|| {
            let start = text.find("<dcterms:modified").expect("a time");
            let end = text.find("</dcterms:modified>").expect("its end") + 19;
            let time = saved.map_or_else(String::new, |time| {
                format!(
                    "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">2018-12-20T{time}:00Z</dcterms:modified>"
                )
            });
            format!("{}{time}{}", &text[..start], &text[end..])
        })
    });
    file(name, bytes)
}

/// The file that counts, and what was said.
fn outcome(world: &World, files: &[ReturnedFile]) -> (String, Vec<String>, Assessment) {
    let assessment = world.assess_bytes(files);
    let ledger = assessment.reconciled.ledger();
    let mut accepted = ledger
        .files
        .iter()
        .zip(assessment.reconciled.outcomes())
        .filter(|(_, (outcome, _))| *outcome == Outcome::Accepted)
        .map(|(file, _)| file.name.clone());
    let kept = accepted.next().expect("one counts");
    assert_eq!(accepted.next(), None);
    let said = assessment.findings.iter();
    let said = said
        .filter(|f| matches!(f.code.code(), "RC-401" | "RC-407" | "RC-409"))
        .map(|f| f.code.code().to_owned())
        .collect();
    (kept, said, assessment)
}

/// Name, day of December, and time of saving.
type Sent<'a> = (&'a str, i8, Option<&'a str>);

#[test]
fn the_latest_counts_by_what_stands_inside() {
    let world = world();
    // name, day, saved, then what counts and what is said; whatever the order.
    let table: [(&[Sent<'_>], &str, &[&str]); 6] = [
        (
            &[("丙", 9, Some("09:00")), ("甲", 11, Some("08:00"))],
            "甲",
            &["RC-401"],
        ),
        (
            &[("丙", 9, Some("09:00")), ("甲", 9, Some("10:00"))],
            "甲",
            &["RC-401"],
        ),
        (
            &[("丙", 9, Some("09:00")), ("甲", 9, Some("09:00"))],
            "甲",
            &["RC-407"],
        ),
        (
            &[("丙", 9, None), ("甲", 9, Some("09:00"))],
            "甲",
            &["RC-407"],
        ),
        (&[("丙", 9, None), ("甲", 9, None)], "甲", &["RC-407"]),
        (
            &[
                ("丙", 9, Some("08:00")),
                ("甲", 9, Some("09:00")),
                ("乙", 8, Some("11:00")),
            ],
            "甲",
            &["RC-401", "RC-401"],
        ),
    ];
    for (versions, expected, codes) in table {
        let mut files: Vec<ReturnedFile> = versions
            .iter()
            .zip([1_000, 2_000, 3_000])
            .map(|((name, day, saved), amount)| sent(&world, name, &[amount], *day, *saved))
            .collect();
        for _ in 0..2 {
            files.reverse();
            let (kept, mut said, _) = outcome(&world, &files);
            said.retain(|code| code != "RC-409");
            assert_eq!(
                (kept.as_str(), said.as_slice()),
                (expected, &codes.map_owned()[..]),
                "{versions:?}"
            );
        }
    }
}

#[test]
fn times_by_the_clocks_of_two_programs_tell_nothing() {
    let world = world();
    let by = |name: &str, amount: i64, saved: &str, program: &str| {
        let plain = sent(&world, name, &[amount], 9, Some(saved));
        let bytes = plain.read().expect("the bytes");
        let app = format!("<Properties><Application>{program}</Application></Properties>");
        let bytes = with_parts(&bytes, |part, _| {
            (part == "docProps/app.xml").then(|| app.clone())
        });
        file(name, bytes)
    };
    let (office, libre) = ("Microsoft Excel", "LibreOffice/7.4.7.2$Linux_X86_64");
    // Time and program of two, and what is said.
    for (one, other, said) in [
        // By one program, of whatever version, they tell.
        (("09:00", office), ("09:01", office), "RC-401"),
        (
            ("09:00", libre),
            ("09:01", "LibreOffice/6.0$Windows"),
            "RC-401",
        ),
        // LibreOffice writes 17:00 where Excel writes 09:00 at the same moment.
        (("09:30", office), ("17:00", libre), "RC-407"),
        (("17:00", libre), ("09:30", office), "RC-407"),
        (("02:00", office), ("16:00", libre), "RC-407"),
        // Further apart than clocks can be.
        (("02:00", office), ("16:01", libre), "RC-401"),
        // One that does not say.
        (("09:00", office), ("10:00", "16.0300"), "RC-407"),
    ] {
        let files = [
            by("甲", 1_000, one.0, one.1),
            by("乙", 2_000, other.0, other.1),
        ];
        let (_, mut told, assessment) = outcome(&world, &files);
        told.retain(|code| code != "RC-409");
        assert_eq!(told, [said.to_owned()], "{one:?} {other:?}");
        let matters = assessment.reconciled.matters().iter();
        let matters: Vec<_> = matters.filter(|m| m.topic == Topic::Version).collect();
        assert_eq!(matters.len(), usize::from(said == "RC-407"));
        if said == "RC-407" {
            assert!(
                matters[0].reason.contains("不能比较"),
                "{}",
                matters[0].reason
            );
        }
    }
    // A third one that another plainly replaced is not asked about.
    let files = [
        by("甲", 1_000, "09:00", office),
        by("乙", 2_000, "10:00", office),
        by("丙", 3_000, "12:00", libre),
    ];
    let (_, _, assessment) = outcome(&world, &files);
    assert_eq!(assessment.reconciled.matters()[0].sides.len(), 2);
}

/// Short for a list of texts.
trait Owned {
    fn map_owned(&self) -> Vec<String>;
}

impl Owned for &[&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

#[test]
fn a_ruling_says_which_of_two_counts() {
    let world = world();
    let files = [
        sent(&world, "丙.xlsx", &[1_000], 9, None),
        sent(&world, "甲.xlsx", &[2_000], 9, None),
    ];
    let (kept, said, assessment) = outcome(&world, &files);
    assert_eq!(
        (kept.as_str(), said.as_slice()),
        ("甲.xlsx", &["RC-407".to_owned()][..])
    );
    let matter = &assessment.reconciled.matters()[0];
    // The sides stand by their contents, whatever the files are called.
    let is_of = |text: &str| text.starts_with("丙.xlsx（填报日期 2018-12-09，不知何时保存，共 ");
    let side = matter.sides.iter().position(|side| is_of(&side.text));
    let side = side.expect("a side");
    assert_eq!(matter.proposed.word(), ["以乙为准", "以甲为准"][side]);
    let rulings = Rulings {
        decisions: vec![Decision {
            matter: matter.id.clone(),
            verdict: ["以甲为准", "以乙为准"][side].to_owned(),
            reason: "与该单位确认".to_owned(),
            by: "裁定人甲".to_owned(),
            facts: matter.facts.clone(),
            about: String::new(),
            place: Place::file("裁定.xlsx"),
        }],
        ..Rulings::default()
    };
    let kept = |files: &[ReturnedFile]| {
        let ruled = world.assess_ruled(files, &rulings);
        let of = ruled.reconciled.accepted(UNIT).expect("one counts");
        let errors = ruled
            .findings
            .iter()
            .filter(|f| f.code.code() == "RC-407")
            .count();
        (ruled.reconciled.ledger().files[of].name.clone(), errors)
    };
    assert_eq!(kept(&files), ("丙.xlsx".to_owned(), 0));
    // The same contents once more, under another name, are no third side.
    for copied in &files {
        let copy = ReturnedFile {
            name: format!("{}（1）", copied.name),
            ..copied.clone()
        };
        let [one, other] = files.clone();
        let (name, open) = kept(&[one, other, copy]);
        assert!(name.starts_with("丙.xlsx") && open == 0, "{name} {open}");
    }
    // A third return without a date of its own opens it again.
    let third = sent(&world, "丁.xlsx", &[3_000], 9, None);
    let [one, other] = files;
    assert_eq!(kept(&[one, other, third]), ("甲.xlsx".to_owned(), 1));
}

#[test]
fn a_return_that_does_not_say_its_day_is_not_taken_for_the_older_one() {
    let world = world();
    let dated = sent(&world, "甲.xlsx", &[1_000], 9, Some("08:00"));
    // Saved later, with a day that nobody can read.
    let mut book = world.issued(UNIT);
    world.gift(&mut book, 0, "委员112", number(2_000));
    let day = Content::Text("12月".to_owned());
    world.put(&mut book, "cover", "filled_on", 0, day);
    let dateless = file("乙.xlsx", write(&book).expect("a return"));
    for files in [
        [dated.clone(), dateless.clone()],
        [dateless.clone(), dated.clone()],
    ] {
        let (kept, said, assessment) = outcome(&world, &files);
        assert_eq!(
            (kept.as_str(), said.as_slice()),
            // What the other one has is said, too.
            ("甲.xlsx", &["RC-407".to_owned(), "RC-409".to_owned()][..])
        );
        let ledger = assessment.reconciled.ledger();
        assert_eq!(ledger.outlined().count(), 0, "both are listed");
    }
}

#[test]
fn of_very_many_lost_rows_some_are_named() {
    let world = world();
    let gifts: Vec<i64> = (0..27).map(|at| 1_000 + at * 37).collect();
    let old = sent(&world, "旧.xlsx", &gifts, 9, None);
    let new = sent(&world, "新.xlsx", &[5], 10, None);
    let (_, _, assessment) = outcome(&world, &[new, old]);
    let mut findings = assessment.findings.iter();
    let lost = findings
        .find(|f| f.code.code() == "RC-409")
        .expect("a finding");
    // One of them may be the new one, corrected.
    assert!(
        lost.message.contains("没有的 26 行") || lost.message.contains("没有的 27 行"),
        "{}",
        lost.message
    );
    assert!(lost.message.ends_with("；等等"), "{}", lost.message);
    assert_eq!(lost.related.len(), 20);
}

#[test]
fn what_a_later_return_has_lost_is_said_row_by_row() {
    let world = world();
    let old = sent(&world, "旧.xlsx", &[1_000, 2_000, 3_000, 4_000], 9, None);
    // One amount is corrected, one row is gone.
    let new = sent(&world, "新.xlsx", &[1_000, 2_500, 3_000], 10, None);
    let (kept, said, assessment) = outcome(&world, &[new, old.clone()]);
    assert_eq!((kept.as_str(), said.len()), ("新.xlsx", 2), "{said:?}");
    let mut findings = assessment.findings.iter();
    let lost = findings
        .find(|f| f.code.code() == "RC-409")
        .expect("a finding");
    assert!(
        lost.message.contains("1 行：第9行 委员112 4,000.00 元"),
        "{}",
        lost.message
    );
    let place = &lost.related[0];
    assert_eq!(place.file.as_deref(), Some("旧.xlsx"));
    assert_eq!(place.cell.map(|cell| cell.row), Some(8));
    // A later one that lacks nothing says nothing, nor does the same file twice.
    let more = sent(
        &world,
        "新.xlsx",
        &[1_000, 2_000, 3_000, 4_000, 5_000],
        10,
        None,
    );
    assert_eq!(outcome(&world, &[old.clone(), more]).1, ["RC-401"]);
    let copy = ReturnedFile {
        name: "旧（1）.xlsx".to_owned(),
        ..old.clone()
    };
    assert_eq!(outcome(&world, &[old, copy]).1, ["RC-401"]);
}

#[test]
fn what_was_replaced_stands_as_lines_and_adds_up() {
    let world = world();
    // The second and the third are told apart by nothing; the last replaces all.
    let table: [(&str, &[i64], i8); 4] = [
        ("一.xlsx", &[100, 200], 8),
        ("二.xlsx", &[1_000], 9),
        ("三.xlsx", &[2_000, 3_000], 9),
        ("四.xlsx", &[10, 20, 30], 10),
    ];
    let files = table.map(|(name, gifts, day)| sent(&world, name, gifts, day, None));
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1]];
    for order in orders {
        let files = order.map(|at| files[at].clone());
        let assessment = world.assess_bytes(&files);
        let ledger = assessment.reconciled.ledger();
        let whose: BTreeSet<&str> = ledger
            .entries
            .iter()
            .map(|entry| ledger.files[entry.file].name.as_str())
            .collect();
        assert_eq!(whose, BTreeSet::from(["四.xlsx"]), "{order:?}");
        let form = &world.policy.forms["funds"];
        let lines: BTreeMap<&str, (u32, u32, usize, Decimal)> = ledger
            .outlined()
            .flat_map(|(at, outline)| outline.lines.iter().map(move |line| (at, line)))
            .filter(|(_, line)| line.form == "funds")
            .map(|(at, line)| {
                let name = ledger.files[at].name.as_str();
                (
                    name,
                    (line.first + 1, line.last + 1, line.rows, line.amount),
                )
            })
            .collect();
        let expected = [
            ("一.xlsx", (6, 7, 2, 300.into())),
            ("三.xlsx", (6, 7, 2, 5_000.into())),
            ("二.xlsx", (6, 6, 1, 1_000.into())),
        ];
        assert_eq!(lines, BTreeMap::from(expected), "{order:?}");
        assert_eq!(assessment.reconciled.rows_outlined(form), 5);
        // The equations of the workbook: read, of which counted and replaced.
        let reader = Reader::new(&assessment.book);
        let equation = |table: &str, label: &str| -> Vec<Decimal> {
            let mut rows = reader.rows(table);
            let row = rows
                .find(|row| row.text("label").starts_with(label))
                .expect("a line");
            assert_eq!(row.text("check"), "相符");
            let numbers = ["read", "k0", "k2"].map(|id| row.number(id));
            numbers.into_iter().flatten().collect()
        };
        assert_eq!(
            equation("conservation:rows", &form.sheet),
            [8.into(), 3.into(), 5.into()]
        );
        assert_eq!(
            equation("conservation:money", &form.sheet),
            [6_360.into(), 60.into(), 6_300.into()]
        );
    }
    // Two that nothing tells apart are both held: the office has to look at them.
    let rivals = outcome(&world, &files[..3]).2;
    let ledger = rivals.reconciled.ledger();
    let held = ledger.entries.iter().filter(|entry| entry.form == "funds");
    assert_eq!(held.count(), 3);
    assert_eq!(ledger.outlined().count(), 1);
}

#[test]
fn a_return_that_does_not_say_its_round_is_not_taken_for_the_older_one() {
    let world = world();
    let dated = sent(&world, "甲.xlsx", &[1_000], 9, Some("08:00"));
    let later = |stamped: bool| {
        let mut book = world.issued(UNIT);
        world.gift(&mut book, 0, "委员112", number(2_000));
        world.put(&mut book, "cover", "declared_money", 0, number(2_000));
        world.put(&mut book, "cover", "round", 0, Content::Blank);
        if !stamped {
            book.sheets.retain(|sheet| sheet.name != "_kaohe");
        }
        file("乙.xlsx", write(&book).expect("a return"))
    };
    for (stamped, kept, said) in [(true, "乙.xlsx", "RC-401"), (false, "甲.xlsx", "RC-407")] {
        for turned in [false, true] {
            let mut files = [dated.clone(), later(stamped)];
            if turned {
                files.reverse();
            }
            let (is, told, assessment) = outcome(&world, &files);
            assert_eq!(is, kept, "{stamped}");
            assert!(told.contains(&said.to_owned()), "{stamped}: {told:?}");
            let finding = assessment.findings.iter().find(|f| f.code.code() == said);
            let message = &finding.expect("it is said").message;
            let by = match stamped {
                true => "“乙.xlsx”封面没有写报送轮次，按下发标记是第1轮",
                false => "报送轮次、填报日期相同，或者有的没有写",
            };
            assert!(message.contains(by), "{message}");
        }
    }
}

/// What is said to be lost of a return with gifts in one that came later; each gift is
/// an amount, a voucher and a purpose.
fn lost(old: &[(i64, &str, &str)], new: &[(i64, &str, &str)]) -> Option<String> {
    let world = world();
    let sent = |name: &str, gifts: &[(i64, &str, &str)], day: i8| {
        let mut book = world.issued(UNIT);
        for (entry, (amount, voucher, purpose)) in (0..).zip(gifts) {
            world.gift(&mut book, entry, "委员112", number(*amount));
            for (field, typed) in [("voucher", voucher), ("purpose", purpose)] {
                let typed = Content::Text((*typed).to_owned());
                world.put(&mut book, "funds", field, entry, typed);
            }
        }
        let day = Content::Date(date(2018, 12, day));
        world.put(&mut book, "cover", "filled_on", 0, day);
        file(name, write(&book).expect("a return"))
    };
    let files = [sent("旧.xlsx", old, 9), sent("新.xlsx", new, 10)];
    let (kept, _, assessment) = outcome(&world, &files);
    assert_eq!(kept, "新.xlsx");
    let mut findings = assessment.findings.into_iter();
    let lost = findings.find(|f| f.code.code() == "RC-409");
    lost.map(|finding| finding.message)
}

#[test]
fn a_row_is_known_again_by_its_amount_first() {
    let old = [(1_000, "甲", "修路"), (2_000, "乙", "修路")];
    let said = lost(&old, &[(2_000, "甲", "修路")]).expect("a row is gone");
    assert!(said.contains("1 行：第6行 委员112 1,000.00 元"), "{said}");
    let said = lost(&old, &[(1_000, "乙", "修路")]).expect("a row is gone");
    assert!(said.contains("1 行：第7行 委员112 2,000.00 元"), "{said}");
}

#[test]
fn what_was_to_be_taken_out_is_not_lost() {
    let gift = (1_000, "甲", "修路");
    // Told twice; says nothing.
    assert_eq!(lost(&[gift, gift], &[gift]), None);
    assert_eq!(lost(&[gift, (5_000, "乙", "无")], &[gift]), None);
    // Both of the two that were alike are gone.
    let said = lost(
        &[gift, gift, (3_000, "丙", "助学")],
        &[(3_000, "丙", "助学")],
    );
    assert!(said.expect("rows are gone").contains("没有的 2 行"));
}

/// The project of an enterprise, told twice with two amounts: one of them was to be
/// taken out, and which one is known by the amount.
#[test]
fn a_project_told_twice_is_lost_with_both_only() {
    let world = world();
    let sent = |name: &str, invested: &[i64], day: i8| {
        let mut book = world.issued("C01");
        for (entry, amount) in (0..).zip(invested) {
            let texts = [
                ("enterprise", "老板建材公司"),
                ("enterprise_kind", "会员企业"),
                ("village", "三星村"),
                ("project", "茶厂"),
                ("way", "产业扶持"),
            ];
            for (field, typed) in texts {
                let typed = Content::Text(typed.to_owned());
                world.put(&mut book, "enterprises", field, entry, typed);
            }
            let started = Content::Date(date(2018, 3, 1));
            world.put(&mut book, "enterprises", "date", entry, started);
            world.put(&mut book, "enterprises", "invested", entry, number(*amount));
        }
        let day = Content::Date(date(2018, 12, day));
        world.put(&mut book, "cover", "filled_on", 0, day);
        file(name, write(&book).expect("a return"))
    };
    for left in [200_000, 20] {
        let files = [
            sent("旧.xlsx", &[200_000, 20], 9),
            sent("新.xlsx", &[left], 10),
        ];
        let assessment = world.assess_bytes(&files);
        let said = assessment.findings.iter().map(|f| f.code.code());
        let said: Vec<&str> = said.filter(|code| *code == "RC-409").collect();
        assert_eq!(said, Vec::<&str>::new(), "{left}");
    }
}
