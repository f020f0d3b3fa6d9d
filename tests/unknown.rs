//! What is not known is neither nought nor guilt: members and villages of whom a
//! list says nothing, days outside the period, villages outside the roster. Each
//! return is made from the workbook that the program issues.

use crate::common::world::{TODAY, World, file, number, text, world};
use jiff::civil::date;
use kaohe::book::{CellRef, Evaluator};
use kaohe::correction::returned_workbook;
use kaohe::diagnostic::Finding;
use kaohe::flow::{Assessment, Scope, read_files};
use kaohe::form::Layout;
use kaohe::intake::{Here, State};
use kaohe::policy::{CPPCC_MEMBER, Kind, PackSource, load};
use kaohe::reconcile::{Class, Matter, Topic, Verdict};
use kaohe::roster::{Member, Roster};
use kaohe::ruling::{Decision, Rulings};
use kaohe::sheet::{Content, Mark, Scalar, Workbook, write};

const GROUP: &str = "G01";
const ONES: [&str; 3] = ["study", "income", "job"];

/// The members of a unit, in the order of their rows.
pub fn members(roster: &Roster, unit: &str) -> Vec<Member> {
    let own = roster.members();
    let own = own.filter(|m| m.unit == unit && m.category == CPPCC_MEMBER);
    own.cloned().collect()
}

/// A return in which each member took part in one thing, and an outreach was held.
pub fn filled(world: &World, unit: &str) -> Workbook {
    let mut book = world.issued(unit);
    for (entry, _) in (0..).zip(members(&world.roster, unit)) {
        for (field, said) in ONES.into_iter().zip(["是", "否", "否"]) {
            world.put(&mut book, "three_ones", field, entry, text(said));
        }
    }
    outreach(world, &mut book, 0, 2018);
    // Two units did not hold the same one.
    world.put(
        &mut book,
        "outreach",
        "title",
        0,
        text(&format!("{unit}送医下乡")),
    );
    book
}

pub fn outreach(world: &World, book: &mut Workbook, entry: u32, year: i16) {
    let texts = [
        ("title", format!("送医下乡{entry}")),
        ("outreach_kind", "送卫生下乡".to_owned()),
        ("content", "义诊".to_owned()),
    ];
    for (field, said) in texts {
        world.put(book, "outreach", field, entry, text(&said));
    }
    for (field, count) in [("member_count", 5), ("beneficiaries", 60)] {
        world.put(book, "outreach", field, entry, number(count));
    }
    let day = Content::Date(date(year, 7, 15));
    world.put(book, "outreach", "date", entry, day);
}

/// What stands in a column of the row in which another has a text.
pub fn cell(assessment: &Assessment, table: &str, key: &str, is: &str, column: &str) -> String {
    let evaluator = Evaluator::new(&assessment.book);
    let key = assessment.book.column(table, key).expect("key column");
    let column = assessment.book.column(table, column).expect("column");
    let at = |row, column| {
        let table = key.table;
        match evaluator.cell(CellRef { table, row, column }) {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.normalize().to_string(),
            _ => String::new(),
        }
    };
    let mut rows = 0..assessment.book.tables[key.table].height();
    let row = rows.find(|&row| at(row, key.column) == is);
    let row = row.unwrap_or_else(|| panic!("no {is} in {table}"));
    at(row, column.column)
}

/// Codes of the findings about returns.
pub fn codes(assessment: &Assessment) -> Vec<&'static str> {
    let findings = assessment.findings.iter().map(|f| f.code.code());
    let mut codes: Vec<&str> = findings.filter(|code| *code != "RC-406").collect();
    codes.sort_unstable();
    codes
}

pub fn open(assessment: &Assessment, topic: Topic) -> Vec<&Matter> {
    let matters = assessment.reconciled.matters().iter();
    let own = matters.filter(|m| m.topic == topic && m.standing.is_open());
    own.collect()
}

pub fn ruled(matters: &[(&Matter, Verdict)]) -> Rulings {
    let decision = |(matter, verdict): &(&Matter, Verdict)| Decision {
        matter: matter.id.clone(),
        verdict: verdict.word(),
        reason: "核实".to_owned(),
        by: "裁定人甲".to_owned(),
        facts: matter.facts.clone(),
        about: matter.reason.clone(),
        place: Default::default(),
    };
    Rulings {
        decisions: matters.iter().map(decision).collect(),
        ..Rulings::default()
    }
}

/// What the trials say of a matter: the choice, and what it would change.
pub fn trials(assessment: &Assessment, matter: &str) -> Vec<(String, String)> {
    let evaluator = Evaluator::new(&assessment.book);
    let column = |id: &str| assessment.book.column("trials", id).expect("a column");
    let at = |row, id: &str| {
        let of = column(id);
        let (table, column) = (of.table, of.column);
        match evaluator.cell(CellRef { table, row, column }) {
            Scalar::Text(text) => text,
            _ => String::new(),
        }
    };
    let rows = 0..assessment.book.tables[column("matter").table].height();
    rows.filter(|&row| at(row, "matter") == matter)
        .map(|row| (at(row, "verdict"), at(row, "changes")))
        .collect()
}

/// What the first of seven members' row says, and what follows: the veto, the codes
/// of findings, how many took part, of how many it is not known.
#[test]
fn who_did_not_answer_is_not_vetoed() {
    let yes = || text("是");
    let no = || text("否");
    let blank = || Content::Blank;
    type Case<'a> = (
        &'a str,
        bool,
        [Content; 3],
        &'a str,
        &'a [&'a str],
        &'a str,
        &'a str,
    );
    let cases: [Case<'_>; 8] = [
        ("took part", true, [no(), yes(), no()], "否", &[], "7", "0"),
        (
            "said no thrice",
            true,
            [no(), no(), no()],
            "是",
            &[],
            "6",
            "0",
        ),
        (
            "row left blank",
            true,
            [blank(), blank(), blank()],
            "待定",
            &["IN-233"],
            "6",
            "1",
        ),
        (
            "row emptied",
            false,
            [blank(), blank(), blank()],
            "待定",
            &["RC-417"],
            "6",
            "1",
        ),
        (
            "one no, two open",
            true,
            [no(), blank(), blank()],
            "待定",
            &["IN-255", "IN-255"],
            "6",
            "1",
        ),
        (
            "one yes, two open",
            true,
            [yes(), blank(), blank()],
            "否",
            &["IN-255", "IN-255"],
            "7",
            "0",
        ),
        (
            "not readable",
            true,
            [text("参加了吧"), no(), no()],
            "待定",
            &["IN-211"],
            "6",
            "0",
        ),
        (
            "answers under no name",
            false,
            [yes(), no(), no()],
            "待定",
            &["IN-206", "RC-417"],
            "6",
            "1",
        ),
    ];
    let world = world();
    let first = &members(&world.roster, GROUP)[0];
    for (what, is_named, said, veto, findings, took, untold) in cases {
        let mut book = filled(&world, GROUP);
        if !is_named {
            world.put(&mut book, "three_ones", "member", 0, Content::Blank);
        }
        for (field, said) in ONES.into_iter().zip(said) {
            world.put(&mut book, "three_ones", field, 0, said);
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        assert_eq!(codes(&made), findings, "{what}");
        let is = |column: &str| cell(&made, "members", "code", &first.code, column);
        assert_eq!(is("veto"), veto, "{what}");
        let score = |column: &str| cell(&made, "score:group", "code", GROUP, column);
        assert_eq!(score("op:members_in_three_ones"), took, "{what}");
        assert_eq!(score("op:members"), "7", "{what}");
        assert_eq!(score("untold:members_in_three_ones"), untold, "{what}");
        let matters = open(&made, Topic::Unanswered).len().to_string();
        assert_eq!(matters, untold, "{what}");
    }
}

/// The office's ruling takes effect as the trial had said it would.
#[test]
fn a_blank_row_that_was_ruled_on_is_not_sent_back() {
    let world = world();
    let mut book = filled(&world, GROUP);
    for field in ONES {
        world.put(&mut book, "three_ones", field, 0, Content::Blank);
    }
    let files = [file("甲.xlsx", write(&book).unwrap())];
    let made = world.assess_bytes(&files);
    assert_eq!(codes(&made), ["IN-233"]);
    let matters = open(&made, Topic::Unanswered);
    let [matter] = matters.as_slice() else {
        panic!("{matters:?}");
    };
    let after = world.assess_ruled(&files, &ruled(&[(matter, Verdict::TookNoPart)]));
    assert_eq!(codes(&after), Vec::<&str>::new());
}

#[test]
fn the_office_rules_on_who_did_not_answer() {
    let world = world();
    let mut book = filled(&world, GROUP);
    for field in ["member"].into_iter().chain(ONES) {
        world.put(&mut book, "three_ones", field, 0, Content::Blank);
    }
    let files = [file("甲.xlsx", write(&book).unwrap())];
    let made = world.assess_bytes(&files);
    let matters = open(&made, Topic::Unanswered);
    let [matter] = matters.as_slice() else {
        panic!("{matters:?}");
    };
    let member = &members(&world.roster, GROUP)[0];
    assert!(matter.reason.contains(&member.name), "{}", matter.reason);
    let said = trials(&made, &matter.id);
    let name = &member.name;
    // Six of seven: 8 × 6/7 = 6.857.
    let before = cell(&made, "score:group", "code", GROUP, "pt:group_three_ones");
    assert_eq!(before, "6.86");
    for (verdict, veto, points, changes) in [
        (
            Verdict::TookNoPart,
            "是",
            "6.86",
            format!("{name}一票否决 待定→是"),
        ),
        (
            Verdict::TookPart,
            "否",
            "8",
            format!("{name}一票否决 待定→否"),
        ),
    ] {
        let (_, tried) = said
            .iter()
            .find(|(word, _)| *word == verdict.word())
            .expect("tried");
        assert!(tried.contains(&changes), "{tried}");
        let after = world.assess_ruled(&files, &ruled(&[(matter, verdict)]));
        assert_eq!(cell(&after, "members", "code", &member.code, "veto"), veto);
        let score = |column: &str| cell(&after, "score:group", "code", GROUP, column);
        assert_eq!(score("pt:group_three_ones"), points);
        assert_eq!(score("untold:members_in_three_ones"), "0");
        assert_eq!(
            codes(&after),
            Vec::<&str>::new(),
            "what is ruled need not be mended"
        );
        let total = format!("得分 {}→{}", money(&made), money(&after));
        assert_eq!(
            tried.contains(&total),
            verdict == Verdict::TookPart,
            "{tried}"
        );
    }
}

fn money(made: &Assessment) -> String {
    let total = cell(made, "score:group", "code", GROUP, "total");
    kaohe::value::money(total.parse().expect("a number"))
}

/// A sheet that did not come, one that came back as it was, and a unit that sent
/// nothing at all.
#[test]
fn nobody_is_vetoed_for_a_sheet_that_says_nothing() {
    let world = world();
    let seven = members(&world.roster, GROUP);
    let mut blank = world.issued(GROUP);
    outreach(&world, &mut blank, 0, 2018);
    let mut gone = blank.clone();
    gone.sheets.retain(|sheet| sheet.name != "委员三个一");
    for (what, returns, code, count, matters) in [
        ("blank", vec![("甲.xlsx", &blank)], "IN-233", 7, 7),
        ("gone", vec![("甲.xlsx", &gone)], "IN-219", 1, 7),
        ("nothing", vec![], "RC-417", 0, 0),
    ] {
        let made = world.assess(&returns);
        for member in &seven {
            let veto = cell(&made, "members", "code", &member.code, "veto");
            assert_eq!(veto, "待定", "{what}");
        }
        let found = codes(&made);
        let found = found.iter().filter(|one| **one == code).count();
        assert_eq!(found, count, "{what}: {:?}", codes(&made));
        let open = open(&made, Topic::Unanswered);
        assert_eq!(open.len(), matters, "{what}");
        // One after the other as on the roster.
        for (matter, member) in open.iter().zip(&seven) {
            assert!(matter.reason.contains(&member.name), "{}", matter.reason);
        }
    }
}

/// What another unit tells of a member neither strikes him nor clears him: his own
/// unit's list leaves it open, and the office rules.
#[test]
fn a_row_in_another_units_return_decides_nothing() {
    let world = world();
    let mut own = filled(&world, GROUP);
    for field in ONES {
        world.put(&mut own, "three_ones", field, 0, Content::Blank);
    }
    let member = &members(&world.roster, GROUP)[0];
    let row = members(&world.roster, "G02").len() as u32;
    for said in ["是", "否"] {
        let mut other = filled(&world, "G02");
        for (field, said) in [("member", member.name.as_str())]
            .into_iter()
            .chain(ONES.map(|field| (field, said)))
        {
            world.put(&mut other, "three_ones", field, row, text(said));
        }
        let files = [("甲.xlsx", &own), ("乙.xlsx", &other)];
        let made = world.assess(&files);
        let veto = |made: &Assessment| cell(made, "members", "code", &member.code, "veto");
        assert_eq!(veto(&made), "待定", "{said}");
        let found: Vec<_> = made
            .findings
            .iter()
            .filter(|f| f.code.code() == "RC-404")
            .collect();
        assert_eq!(found.len(), 1, "{said}");
        let place = &found[0].place;
        assert_eq!(place.file.as_deref(), Some("乙.xlsx"));
        assert_eq!(place.header.as_deref(), Some("委员姓名"));
        assert!(place.cell.is_some(), "{said}");
        let waiting = open(&made, Topic::Unanswered);
        assert_eq!(waiting.len(), 1, "{said}");
        let rulings = ruled(&[(waiting[0], Verdict::TookNoPart)]);
        let files = files.map(|(name, book)| file(name, write(book).unwrap()));
        assert_eq!(veto(&world.assess_ruled(&files, &rulings)), "是", "{said}");
    }
}

/// The roster with one more member of the group, who came after the workbooks had
/// gone out.
fn with_late(world: World) -> World {
    let mut everybody: Vec<Member> = world.roster.members().cloned().collect();
    everybody.push(Member {
        code: "M901".to_owned(),
        name: "委员901".to_owned(),
        ..members(&world.roster, GROUP)[0].clone()
    });
    let units = world.roster.units().cloned().collect();
    let villages = world.roster.villages().cloned().collect();
    World {
        roster: Roster::new(units, everybody, villages),
        policy: world.policy,
    }
}

#[test]
fn who_came_later_is_asked_for_and_the_place_is_marked() {
    let before = world();
    let book = filled(&before, GROUP);
    let after = with_late(before);
    let files = [file("甲.xlsx", write(&book).unwrap())];
    let made = after.assess_bytes(&files);
    assert_eq!(codes(&made), ["RC-417"]);
    assert_eq!(cell(&made, "members", "code", "M901", "veto"), "待定");
    let score = |column: &str| cell(&made, "score:group", "code", GROUP, column);
    assert_eq!(score("op:members"), "8");
    assert_eq!(score("op:members_in_three_ones"), "7");
    // It is sent back with his row, and the cell that he is to answer is marked.
    let none = Rulings::default();
    let read = read_files(
        &files,
        &after.policy,
        &after.roster,
        &none,
        Scope::Workspace,
        &Here,
    );
    let State::Read(submission) = &read.value.ledger().files[0].state else {
        panic!("read");
    };
    let own: Vec<&Finding> = read
        .findings
        .iter()
        .filter(|finding| finding.place.file.as_deref() == Some("甲.xlsx"))
        .collect();
    let back = returned_workbook(submission, &own, &after.policy, &after.roster, TODAY);
    let mut back = back.expect("a workbook");
    let form = &after.policy.forms["three_ones"];
    let layout = Layout::new(form, 1);
    let at = |field: &str| layout.cell(&form.fields[field], 7);
    let sheet = back
        .sheets
        .iter()
        .find(|s| s.name == form.sheet)
        .expect("the sheet");
    assert_eq!(sheet.cells[&at("member")].0, text("委员901"));
    let (_, style) = &sheet.cells[&at("study")];
    assert!(style.input && style.mark == Mark::Doubt, "{style:?}");
    assert!(sheet.notes[&at("study")].contains("没有填报"));
    // Filled in and sent in again, nothing is left to ask.
    for (field, said) in ONES.into_iter().zip(["否", "否", "否"]) {
        after.put(&mut back, "three_ones", field, 7, text(said));
    }
    let made = after.assess(&[("甲.xlsx", &back)]);
    assert_eq!(codes(&made), Vec::<&str>::new());
    assert_eq!(cell(&made, "members", "code", "M901", "veto"), "是");
}

/// Villages that the township reports on, whose row is whole, blank, gone, or open
/// in one cell: what is concluded, what is missed and what is not known.
#[test]
fn a_village_that_was_not_reported_has_missed_nothing() {
    let world = world();
    let form = &world.policy.forms["goals"];
    let village = world
        .roster
        .villages()
        .find(|v| v.reporter == "T114")
        .expect("a village");
    for (what, left_out, conclusion, short, silent, codes_wanted) in [
        ("whole", None, "全部达标", "0", "0", vec![]),
        ("blank", Some("row"), "待定", "0", "14", vec!["IN-233"]),
        ("gone", Some("all"), "待定", "0", "14", vec!["RC-417"]),
        (
            "one open",
            Some("power_done"),
            "待定",
            "0",
            "1",
            vec!["IN-255"],
        ),
        ("missed", Some("no"), "未全部达标", "1", "0", vec![]),
    ] {
        let mut book = world.issued("T114");
        for (entry, _) in (0..).zip(members(&world.roster, "T114")) {
            for field in ONES {
                world.put(&mut book, "three_ones", field, entry, text("是"));
            }
        }
        for field in form.fields.values().filter(|f| !f.prefilled) {
            let value = match (&field.kind, left_out) {
                (Kind::YesNo, Some("no")) if field.id == "power_done" => text("否"),
                (Kind::YesNo, _) => text("是"),
                (Kind::Text, _) => continue,
                _ => number(1),
            };
            let is_left_out = match left_out {
                Some("row" | "all") => true,
                Some(id) => id == field.id,
                None => false,
            };
            if !is_left_out {
                world.put(&mut book, "goals", &field.id, 0, value);
            }
        }
        if left_out == Some("all") {
            world.put(&mut book, "goals", "village", 0, Content::Blank);
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        assert_eq!(codes(&made), codes_wanted, "{what}");
        let is = |column: &str| cell(&made, "goals", "code", &village.code, column);
        assert_eq!(is("conclusion"), conclusion, "{what}");
        assert_eq!(
            (is("short"), is("silent")),
            (short.to_owned(), silent.to_owned()),
            "{what}"
        );
    }
}

/// Which list a veto rests on is said by the pack, under whatever name.
#[test]
fn the_pack_says_which_list_counts() {
    let source = PackSource::builtin();
    let files = source.files().map(|(path, text)| {
        (
            path.replace("three_ones", "deeds"),
            text.replace("three_ones", "deeds"),
        )
    });
    let policy = load(&PackSource::from_files(files))
        .map_err(|p| p.len())
        .expect("it loads");
    let world = World {
        policy,
        roster: world().roster,
    };
    let made = world.assess(&[("甲.xlsx", &world.issued(GROUP))]);
    assert_eq!(open(&made, Topic::Unanswered).len(), 7);
    let member = &members(&world.roster, GROUP)[0];
    assert_eq!(cell(&made, "members", "code", &member.code, "veto"), "待定");
}

/// Days in and outside the period: whether the outreach counts, the group's veto and
/// the codes, before anybody has ruled.
#[test]
fn a_day_outside_the_period_waits_for_the_office() {
    let world = world();
    for (year, counted, veto, found) in [
        (2018, "1", "未触发", vec![]),
        (2017, "0", "待定", vec!["IN-223"]),
        (2019, "0", "待定", vec!["IN-223"]),
    ] {
        let mut book = filled(&world, GROUP);
        outreach(&world, &mut book, 0, year);
        let files = [file("甲.xlsx", write(&book).unwrap())];
        let made = world.assess_bytes(&files);
        assert_eq!(codes(&made), found, "{year}");
        let op = |made: &Assessment| cell(made, "score:group", "code", GROUP, "op:outreach");
        assert_eq!(op(&made), counted, "{year}");
        assert_eq!(
            cell(&made, "veto:units", "code", GROUP, "result"),
            veto,
            "{year}"
        );
        let matters = open(&made, Topic::OutsidePeriod);
        assert_eq!(matters.len(), found.len());
        for matter in matters {
            let said = trials(&made, &matter.id);
            for (verdict, counted, veto, class) in [
                (Verdict::Admit, "1", "未触发", Class::Counted),
                (Verdict::Exclude, "0", "一票否决", Class::SetAside),
            ] {
                let after = world.assess_ruled(&files, &ruled(&[(matter, verdict)]));
                assert_eq!(op(&after), counted);
                assert_eq!(cell(&after, "veto:units", "code", GROUP, "result"), veto);
                let (_, tried) = said
                    .iter()
                    .find(|(w, _)| *w == verdict.word())
                    .expect("tried");
                assert!(tried.contains(&format!("待定→{veto}")), "{tried}");
                let mut entries = after.reconciled.entries();
                let entry = entries.find(|(entry, ..)| entry.form == "outreach");
                assert_eq!(entry.expect("an entry").1, class);
                assert_eq!(codes(&after), Vec::<&str>::new());
            }
        }
    }
}

/// A whole sheet of another year is one matter, and its money is at stake.
#[test]
fn many_days_outside_are_one_matter() {
    let world = world();
    for (rows, matters) in [(5_u32, 5), (6, 1)] {
        let mut book = filled(&world, GROUP);
        for entry in 0..rows {
            world.gift(
                &mut book,
                entry,
                "委员107",
                number(1_000 + i64::from(entry)),
            );
            let day = Content::Date(date(2017, 6, 8));
            world.put(&mut book, "funds", "date", entry, day);
        }
        let total: i64 = (0..i64::from(rows)).map(|entry| 1_000 + entry).sum();
        world.put(&mut book, "cover", "declared_money", 0, number(total));
        let made = world.assess(&[("甲.xlsx", &book)]);
        let open = open(&made, Topic::OutsidePeriod);
        assert_eq!(open.len(), matters);
        let stake: rust_decimal::Decimal = open.iter().map(|m| m.at_stake).sum();
        assert_eq!(stake, total.into());
        assert_eq!(cell(&made, "award:units", "code", GROUP, "amount"), "0");
    }
}

/// What was ruled row by row stays ruled when a sixth row comes.
#[test]
fn a_day_that_is_ruled_on_stays_ruled_beside_many() {
    let world = world();
    let sent = |rows: u32| {
        let mut book = filled(&world, GROUP);
        for entry in 0..rows {
            let yuan = number(1_000 + i64::from(entry));
            world.gift(&mut book, entry, "委员107", yuan);
            let day = Content::Date(date(2017, 6, 8));
            world.put(&mut book, "funds", "date", entry, day);
        }
        [file("甲.xlsx", write(&book).unwrap())]
    };
    let five = world.assess_bytes(&sent(5));
    let admitted: Vec<(&Matter, Verdict)> = open(&five, Topic::OutsidePeriod)
        .into_iter()
        .map(|matter| (matter, Verdict::Admit))
        .collect();
    let after = world.assess_ruled(&sent(6), &ruled(&admitted));
    let counted = after.reconciled.entries();
    let counted = counted.filter(|(e, class, _)| e.form == "funds" && *class == Class::Counted);
    assert_eq!(counted.count(), 5);
    let sixth = open(&after, Topic::OutsidePeriod);
    let stakes: Vec<String> = sixth.iter().map(|m| m.at_stake.to_string()).collect();
    assert_eq!(stakes, ["1005"]);
    assert!(after.reconciled.gone().is_empty());
}

/// Two rows that say the same, both admitted: the one that then counts as the same is
/// there by rule, and by no ruling.
#[test]
fn a_class_has_the_ruling_that_made_it() {
    let world = world();
    let mut book = filled(&world, GROUP);
    for entry in 0..2 {
        world.gift(&mut book, entry, "委员107", number(1_000));
        let day = Content::Date(date(2017, 6, 8));
        world.put(&mut book, "funds", "date", entry, day);
    }
    let files = [file("甲.xlsx", write(&book).unwrap())];
    let before = world.assess_bytes(&files);
    let both = open(&before, Topic::OutsidePeriod).into_iter();
    let both: Vec<_> = both.map(|matter| (matter, Verdict::Admit)).collect();
    assert_eq!(both.len(), 2);
    let after = world.assess_ruled(&files, &ruled(&both)).reconciled;
    let entries = after.entries().enumerate();
    let mut by: Vec<(Class, usize)> = entries
        .filter(|(_, (entry, ..))| entry.form == "funds")
        .map(|(at, (_, class, _))| (class, after.ruled_by(at).len()))
        .collect();
    by.sort_by_key(|(class, _)| *class != Class::Counted);
    assert_eq!(by, [(Class::Counted, 1), (Class::Duplicate, 0)]);
}

/// The receipt of a gift that was admitted lies outside the period itself: there is
/// nothing to mend in it.
#[test]
fn a_row_that_waits_for_the_office_is_not_to_be_mended() {
    let world = world();
    let day = || Content::Date(date(2017, 6, 8));
    let mut given = filled(&world, GROUP);
    world.gift(&mut given, 0, "委员107", number(20_000));
    world.put(&mut given, "funds", "village", 0, text("董家村"));
    world.put(&mut given, "funds", "date", 0, day());
    let mut town = world.issued("T109");
    for (field, content) in [
        ("village", text("董家村")),
        ("donor", text("委员107")),
        ("fund_form", text("资金")),
        ("amount", number(20_000)),
        ("date", day()),
        ("receipt", text("收条1")),
    ] {
        if world.policy.forms["received"].fields.contains_key(field) {
            world.put(&mut town, "received", field, 0, content);
        }
    }
    let files = [("甲.xlsx", &given), ("乙.xlsx", &town)];
    let files = files.map(|(name, book)| file(name, write(book).unwrap()));
    let before = world.assess_bytes(&files);
    let mut outside = open(&before, Topic::OutsidePeriod).into_iter();
    let gift = outside.find(|m| m.units == [GROUP]).expect("the gift");
    let after = world.assess_ruled(&files, &ruled(&[(gift, Verdict::Admit)]));
    let [alone] = open(&after, Topic::GivenOnly)[..] else {
        panic!("nobody has received it yet")
    };
    assert!(
        alone.reason.ends_with("等县政协办裁定，不要另报"),
        "{}",
        alone.reason
    );
}

/// Days that may fall in any year bind to nothing.
#[test]
fn a_founding_day_does_not_bind() {
    let policy = world().policy;
    let bound = policy.forms.values().flat_map(|form| {
        let fields = form
            .fields
            .values()
            .filter(|f| f.kind == Kind::Date && f.in_period);
        fields.map(|f| format!("{}.{}", form.id, f.id))
    });
    let bound: Vec<String> = bound.collect();
    let wanted = [
        "funds.date",
        "received.date",
        "outreach.date",
        "homecoming.date",
        "surveys.date",
    ];
    assert_eq!(bound, wanted);
}

/// The village of a household, and what follows: the findings, and whether the row
/// counts as a whole ledger.
#[test]
fn a_household_may_live_in_any_village() {
    let world = world();
    for (village, found, complete) in [
        ("董家村", vec![], "1"),
        ("高桥村", vec!["IN-256"], "1"),
        // One letter off: asked about, and not taken for the other.
        ("三新村", vec!["IN-253"], "1"),
        ("", vec!["IN-206"], "0"),
    ] {
        let mut book = filled(&world, GROUP);
        let texts = [
            ("helper", "委员105"),
            ("village", village),
            ("household", "户主甲"),
            ("poverty_cause", "因病"),
            ("way", "资金扶持"),
            ("measures", "送慰问金"),
            ("result", "好转"),
        ];
        for (field, said) in texts.into_iter().filter(|(_, said)| !said.is_empty()) {
            world.put(&mut book, "pairs", field, 0, text(said));
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        assert_eq!(codes(&made), found, "{village}");
        let op = cell(&made, "score:group", "code", GROUP, "op:members_with_pairs");
        assert_eq!(op, complete, "{village}");
    }
}

/// A sheet that did not come, or whose headers were ruined, is no guilt: the veto and
/// the score that rest on it wait. The same sheet left empty is what it was.
#[test]
fn no_unit_is_vetoed_for_a_sheet_that_did_not_come() {
    let world = world();
    let issued = |unit| world.issued(unit);
    let held = |unit| filled(&world, unit);
    for (unit, form, item, judged, firm, empty) in [
        (
            GROUP,
            "outreach",
            "score:group/pt:group_outreach",
            "veto",
            "一票否决",
            issued(GROUP),
        ),
        (
            "T114",
            "bases",
            "score:township/pt:township_bases",
            "veto",
            "一票否决",
            issued("T114"),
        ),
        (
            GROUP,
            "funds",
            "score:group/pt:group_funds",
            "award",
            "不符合（金额不足）",
            held(GROUP),
        ),
    ] {
        let (table, item) = item.split_once('/').unwrap();
        let name = &world.policy.forms[form].sheet;
        let mut gone = empty.clone();
        gone.sheets.retain(|sheet| sheet.name != *name);
        let mut ruined = empty.clone();
        for sheet in ruined.sheets.iter_mut().filter(|s| s.name == *name) {
            for (content, _) in sheet.cells.values_mut() {
                *content = text("改");
            }
        }
        for (what, book, comes) in [
            ("empty", &empty, true),
            ("gone", &gone, false),
            ("ruined", &ruined, false),
        ] {
            let made = world.assess(&[("甲.xlsx", book)]);
            let is_missed = codes(&made).contains(&"IN-219");
            assert_eq!(is_missed, !comes, "{form} {what}: {:?}", codes(&made));
            let item = cell(&made, table, "code", unit, item);
            assert_eq!(item, if comes { "0" } else { "待定" }, "{form} {what}");
            let result = cell(&made, &format!("{judged}:units"), "code", unit, "result");
            assert_eq!(result, if comes { firm } else { "待定" }, "{form} {what}");
        }
    }
}

/// Who has been ruled to have done nothing is struck, whatever entry of his could not
/// be read.
#[test]
fn a_ruling_strikes_beside_an_entry_that_was_not_read() {
    let world = world();
    let mut book = filled(&world, GROUP);
    let seven = members(&world.roster, GROUP);
    for field in ONES {
        world.put(&mut book, "three_ones", field, 0, Content::Blank);
    }
    // A second row of his, which cannot be read.
    world.put(&mut book, "three_ones", "member", 7, text(&seven[0].name));
    world.put(&mut book, "three_ones", "study", 7, text("大概是"));
    let files = [file("甲.xlsx", write(&book).unwrap())];
    let made = world.assess_bytes(&files);
    let veto = |made: &Assessment| cell(made, "members", "code", &seven[0].code, "veto");
    assert_eq!(veto(&made), "待定");
    for matter in open(&made, Topic::Unanswered) {
        let after = world.assess_ruled(&files, &ruled(&[(matter, Verdict::TookNoPart)]));
        assert_eq!(veto(&after), "是");
    }
}

/// A gift that waits for the office, by its day and amount: what becomes of an award
/// for 5万 beside 1万 that counts.
#[test]
fn an_award_waits_for_the_gift_that_would_reach_it() {
    let world = world();
    for (year, amount, result) in [
        (2018, 40_000, "符合"),
        (2017, 40_000, "待定"),
        (2017, 39_999, "不符合（金额不足）"),
    ] {
        let mut book = filled(&world, GROUP);
        world.gift(&mut book, 0, "委员107", number(10_000));
        world.gift(&mut book, 1, "委员107", number(amount));
        let day = Content::Date(date(year, 6, 8));
        world.put(&mut book, "funds", "date", 1, day);
        world.put(
            &mut book,
            "cover",
            "declared_money",
            0,
            number(10_000 + amount),
        );
        let made = world.assess(&[("甲.xlsx", &book)]);
        let is = cell(&made, "award:units", "code", GROUP, "result");
        assert_eq!(is, result, "{year} {amount}");
    }
}

/// Of two facts about a household none counts for anything: only that the office knows
/// is offered.
#[test]
fn facts_that_change_no_figure_are_only_put_on_record() {
    let world = world();
    let mut book = filled(&world, GROUP);
    for (entry, cause) in [(0, "因病"), (1, "因残")] {
        let texts = [
            ("helper", ["委员105", "委员106"][entry as usize]),
            ("village", "董家村"),
            ("household", "户主甲"),
            ("poverty_cause", cause),
            ("way", "资金扶持"),
            ("measures", "送慰问金"),
            ("result", "好转"),
        ];
        for (field, said) in texts {
            world.put(&mut book, "pairs", field, entry, text(said));
        }
    }
    let made = world.assess(&[("甲.xlsx", &book)]);
    let [matter] = open(&made, Topic::FactsDiffer)[..] else {
        panic!("one household")
    };
    assert_eq!(matter.choices, [Verdict::Noted]);
}

/// The built-in pack with some of its words put otherwise.
pub fn reworded(words: &[(&str, &str)]) -> World {
    let source = PackSource::builtin();
    for (from, _) in words {
        assert!(
            source.files().any(|(_, text)| text.contains(from)),
            "{from}"
        );
    }
    let files = source.files().map(|(path, text)| {
        let put = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
        let text = words.iter().fold(text.to_owned(), put);
        (path.to_owned(), text)
    });
    let policy = load(&PackSource::from_files(files))
        .map_err(|p| format!("{p:?}"))
        .expect("it loads");
    World {
        policy,
        roster: world().roster,
    }
}

/// A group is vetoed by the share of its members who took part, and no veto is on the
/// members themselves: of seven, one more would make it enough.
#[test]
fn what_is_not_known_needs_no_veto_of_members() {
    let world = reworded(&[(
        "subject = \"member\"\nmetric = \"three_ones_items\"\nless_than = 1",
        "subject = \"unit\"\nkind = \"group\"\nmetric = \"three_ones_share\"\nless_than = 0.9\nmissing_value = \"pending\"",
    )]);
    let rule = "没有参与“三个一”扶贫行动";
    for (what, said, result) in [
        ("took no part", Some("否"), "一票否决"),
        ("gone", None, "待定"),
    ] {
        let mut book = filled(&world, GROUP);
        if said.is_none() {
            world.put(&mut book, "three_ones", "member", 0, Content::Blank);
        }
        for field in ONES {
            let said = said.map_or(Content::Blank, text);
            world.put(&mut book, "three_ones", field, 0, said);
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        let rows = made.book.tables[made.book.find("veto:units").unwrap()].height();
        let evaluator = Evaluator::new(&made.book);
        let at = |row: usize, id: &str| {
            let of = made.book.column("veto:units", id).unwrap();
            let (table, column) = (of.table, of.column);
            evaluator.cell(CellRef { table, row, column })
        };
        let mut rows = 0..rows;
        let is_own = |&row: &usize| {
            at(row, "code") == Scalar::Text(GROUP.to_owned())
                && at(row, "rule") == Scalar::Text(rule.to_owned())
        };
        let row = rows.find(is_own).expect("the row of the group");
        assert_eq!(at(row, "result"), Scalar::Text(result.to_owned()), "{what}");
        // The members have no veto of their own, and nothing to rule on.
        assert!(open(&made, Topic::Unanswered).is_empty());
    }
}

/// A helping record counts only if all of it is there: one that is not does not make up
/// for the row that is gone.
#[test]
fn what_is_not_complete_is_not_enough() {
    let world = reworded(&[
        (
            "total = [\"study\", \"income\", \"job\"]",
            "total = [\"study\", \"income\", \"job\", \"complete_pairs\"]",
        ),
        (
            "id = \"complete_pairs\"\nname = \"要素齐全的结对记录\"\nmeasure = \"条\"",
            "id = \"complete_pairs\"\nname = \"要素齐全的结对记录\"\nmeasure = \"项\"",
        ),
        (
            "\"measures\", \"result\"]",
            "\"measures\", \"result\", \"evidence\"]",
        ),
    ]);
    let member = &members(&world.roster, GROUP)[0];
    for (evidence, veto, matters) in [("照片", "否", 0), ("", "待定", 1)] {
        let mut book = filled(&world, GROUP);
        for field in ["member"].into_iter().chain(ONES) {
            world.put(&mut book, "three_ones", field, 0, Content::Blank);
        }
        let texts = [
            ("helper", member.name.as_str()),
            ("village", "董家村"),
            ("household", "户主甲"),
            ("poverty_cause", "因病"),
            ("way", "资金扶持"),
            ("measures", "送慰问金"),
            ("result", "好转"),
            ("evidence", evidence),
        ];
        for (field, said) in texts.into_iter().filter(|(_, said)| !said.is_empty()) {
            world.put(&mut book, "pairs", field, 0, text(said));
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        let is = cell(&made, "members", "code", &member.code, "veto");
        assert_eq!(is, veto, "{evidence}");
        let open = open(&made, Topic::Unanswered).len();
        assert_eq!(open, matters, "{evidence}");
    }
}

/// A pack from before knows nothing of days that bind: those of its lists do, the day
/// on which the cover was filled in does not.
#[test]
fn the_day_on_a_cover_does_not_bind_unless_the_pack_says_so() {
    let world = reworded(&[("in_period = true\n", ""), ("in_period = false\n", "")]);
    assert!(world.policy.forms["funds"].fields["date"].in_period);
    let mut book = filled(&world, GROUP);
    let day = Content::Date(date(2019, 1, 8));
    world.put(&mut book, "cover", "filled_on", 0, day);
    let made = world.assess(&[("甲.xlsx", &book)]);
    assert!(open(&made, Topic::OutsidePeriod).is_empty());
    assert_eq!(codes(&made), Vec::<&str>::new());
}

/// The explanation of a unit says where each member had been asked, after the ruling,
/// too, when nothing is left to mend.
#[test]
fn an_explanation_says_where_a_member_had_been_asked() {
    let world = world();
    let mut book = filled(&world, GROUP);
    for field in ["member"].into_iter().chain(ONES) {
        world.put(&mut book, "three_ones", field, 0, Content::Blank);
    }
    world.put(&mut book, "three_ones", "job", 1, Content::Blank);
    for field in &ONES[..2] {
        world.put(&mut book, "three_ones", field, 1, text("否"));
    }
    let files = [file("甲.xlsx", write(&book).unwrap())];
    let made = world.assess_bytes(&files);
    let unit = world.roster.unit(GROUP).unwrap();
    let remarks = |made: &Assessment| {
        let explained = kaohe::explain::explain(made, &world.policy, &world.roster, unit);
        let of_members = explained.vetoes.into_iter().skip(1);
        of_members.map(|one| one.remark).collect::<Vec<String>>()
    };
    let before = remarks(&made);
    assert_eq!(before.len(), 2);
    let is_placed = |said: &String| said.starts_with("没有填报（甲.xlsx");
    assert!(before.iter().all(is_placed), "{before:?}");
    let rulings: Vec<(&Matter, Verdict)> = open(&made, Topic::Unanswered)
        .into_iter()
        .map(|matter| (matter, Verdict::TookNoPart))
        .collect();
    let after = remarks(&world.assess_ruled(&files, &ruled(&rulings)));
    let is_ruled = |said: &String| is_placed(said) && said.ends_with("裁定没有参与");
    assert!(after.len() == 2 && after.iter().all(is_ruled), "{after:?}");
}
