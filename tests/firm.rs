//! Nothing is firm that an entry which was not read may still move; what was reported
//! stays beside what counts by a ruling; and whose something is, is not taken from a
//! name alone. Every workbook is worked out again by an engine that is not ours.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::common::recalculated::recalculated;
use crate::common::world::{TODAY, World, file, number, text, world};
use crate::unknown::{cell, filled, members, open, reworded, ruled, trials};
use jiff::civil::date;
use kaohe::book::Reader;
use kaohe::cli::load_decided;
use kaohe::flow::Assessment;
use kaohe::policy::Kind;
use kaohe::reconcile::{Class, Topic, Verdict, reconcile};
use kaohe::ruling::Rulings;
use kaohe::sheet::{Content, Workbook, write};
use rust_decimal::Decimal;

const TOWN: &str = "T109";
const GROUP: &str = "G02";

/// A qualified base in a row of a township's return.
fn base(world: &World, book: &mut Workbook, entry: u32) {
    let texts = [
        ("base", format!("第{entry}基地")),
        ("base_kind", "种养大户".to_owned()),
        ("entity", format!("大户{entry}")),
        ("industry", "黑茶".to_owned()),
        ("has_plan", "是".to_owned()),
        ("has_measures", "是".to_owned()),
        ("has_results", "是".to_owned()),
    ];
    for (field, said) in texts {
        world.put(book, "bases", field, entry, text(&said));
    }
    world.put(book, "bases", "member_count", entry, number(1));
}

/// Another engine works out what is written.
fn holds(world: &World, made: &Assessment) {
    let book = kaohe::report::workbook(&world.policy, &made.book, TODAY).expect("a workbook");
    recalculated(&write(&book).expect("it is written")).expect("every formula agrees");
}

/// The numbers of a field of 资金物资, as they count or as they were read.
fn amounts(made: &Assessment, field: &str, counts: bool) -> Vec<String> {
    let said = |values: &kaohe::form::Values| values.get(field).map(|v| v.to_string());
    let is_own = |form: &str| form == "funds";
    let all: Vec<Option<String>> = match counts {
        true => {
            let own = made.reconciled.entries().filter(|(e, ..)| is_own(&e.form));
            own.map(|(entry, ..)| said(&entry.values)).collect()
        }
        false => {
            let own = made.reconciled.ledger().entries.iter();
            let own = own.filter(|e| is_own(&e.form));
            own.map(|entry| said(&entry.values)).collect()
        }
    };
    all.into_iter().flatten().collect()
}

#[test]
fn a_ruled_amount_stands_in_its_own_field_and_beside_what_was_reported() {
    let world = reworded(&[(
        "[[field]]\nid = \"voucher\"",
        "[[field]]\nid = \"matched\"\nheader = \"配套金额\"\nkind = \"money\"\nhelp = \"单位为元。\"\nexample = \"5000\"\n\n[[field]]\nid = \"voucher\"",
    )]);
    let mut book = filled(&world, GROUP);
    for (entry, (amount, matched)) in (0..).zip([(2_000, 3), (3_000, 4), (7_000, 5)]) {
        world.gift(&mut book, entry, "委员112", number(amount));
        world.put(&mut book, "funds", "matched", entry, number(matched));
    }
    // The last waits for the office, too: its trial goes through all checks once more.
    let late = Content::Date(date(2019, 1, 5));
    world.put(&mut book, "funds", "date", 2, late);
    world.put(&mut book, "cover", "declared_money", 0, number(12_000));
    let files = [file("甲.xlsx", write(&book).expect("a return"))];
    let before = world.assess_bytes(&files);
    let measure = open(&before, Topic::Measure);
    assert_eq!(measure.len(), 1);
    let rulings = ruled(&[(measure[0], Verdict::TenThousand)]);
    let made = world.assess_ruled(&files, &rulings);
    assert_eq!(amounts(&made, "matched", true), ["30000", "40000", "5"]);
    assert_eq!(amounts(&made, "matched", false), ["3", "4", "5"]);
    for counts in [true, false] {
        assert_eq!(amounts(&made, "amount", counts), ["2000", "3000", "7000"]);
    }
    let waiting = open(&made, Topic::OutsidePeriod);
    let said = trials(&made, &waiting[0].id);
    let admitted = said.iter().find(|(verdict, _)| verdict == "计入");
    let (_, change) = admitted.expect("a choice");
    assert!(change.contains("5,000.00→12,000.00"), "{change}");
    // Nothing has to be undone: what was read is reconciled again as it was at first.
    let ledger = Arc::clone(made.reconciled.ledger());
    let again = reconcile(
        ledger,
        &world.policy,
        &world.roster,
        &Rulings::default(),
        None,
    );
    let facts = |made: &kaohe::reconcile::Reconciled| -> Vec<String> {
        made.matters().iter().map(|m| m.facts.clone()).collect()
    };
    assert_eq!(facts(&again.value), facts(&before.reconciled));
    holds(&world, &made);
}

#[test]
fn a_name_of_the_roster_is_not_taken_for_that_person_against_what_is_stated() {
    let world = world();
    let own = &members(&world.roster, GROUP)[0];
    let mut book = filled(&world, TOWN);
    world.gift(&mut book, 0, &own.name, number(60_000));
    world.put(&mut book, "funds", "donor_kind", 0, text("社会人士"));
    world.put(&mut book, "cover", "declared_money", 0, number(60_000));
    let group = filled(&world, GROUP);
    let files = [("甲.xlsx", &book), ("乙.xlsx", &group)];
    let files = files.map(|(name, book)| file(name, write(book).expect("a return")));
    let made = world.assess_bytes(&files);
    let funds = |made: &Assessment, unit: &str| cell(made, "award:units", "code", unit, "amount");
    assert_eq!(
        (funds(&made, TOWN), funds(&made, GROUP)),
        ("60000".into(), "0".into())
    );
    let found: Vec<_> = made
        .findings
        .iter()
        .filter(|f| f.code.code() == "LG-303")
        .collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place.header.as_deref(), Some("捐助者类别"));
    assert!(found[0].place.cell.is_some());
    assert_eq!(found[0].typed.as_deref(), Some("社会人士"));
    assert!(
        found[0].message.contains("暂记在填报的冷市镇联工委名下"),
        "{}",
        found[0].message
    );
    // The office rules, either way; a trial says what that would change.
    let waiting = open(&made, Topic::Giver);
    let said = trials(&made, &waiting[0].id);
    assert!(said[0].1.contains("60,000.00→0.00"), "{said:?}");
    for (verdict, expected) in [
        (Verdict::OfRoster, ("0", "60000")),
        (Verdict::Another, ("60000", "0")),
    ] {
        let rulings = ruled(&[(waiting[0], verdict)]);
        let made = world.assess_ruled(&files, &rulings);
        let is = (funds(&made, TOWN), funds(&made, GROUP));
        assert_eq!((is.0.as_str(), is.1.as_str()), expected);
        assert!(open(&made, Topic::Giver).is_empty());
        holds(&world, &made);
    }
    // As a member he is himself.
    world.put(&mut book, "funds", "donor_kind", 0, text("政协委员"));
    let made = world.assess(&[("甲.xlsx", &book), ("乙.xlsx", &group)]);
    assert_eq!(
        (funds(&made, TOWN), funds(&made, GROUP)),
        ("0".into(), "60000".into())
    );
    assert!(open(&made, Topic::Giver).is_empty());
}

#[test]
fn an_award_on_a_share_waits_for_what_may_make_it_less() {
    let world = reworded(&[
        (
            "[[metric]]\nid = \"study\"",
            "[[metric]]\nid = \"good_share\"\nname = \"合格基地占比\"\nmeasure = \"占比\"\nclause = \"4.2\"\nratio = [\"qualified_bases\", \"bases\"]\n\n[[metric]]\nid = \"study\"",
        ),
        (
            "[[award]]\nid = \"group_award\"",
            "[[award]]\nid = \"base_award\"\nname = \"先进基地乡镇\"\nkinds = [\"township\"]\nmetric = \"good_share\"\nat_least = 0.8\nclause = \"6.3\"\nbasis = \"office-default\"\nexcluded_by_veto = true\nmissing_return = \"pending\"\nmissing_value = \"pending\"\n\n[[award]]\nid = \"group_award\"",
        ),
    ]);
    for (unread, result) in [(false, "符合"), (true, "待定")] {
        let mut book = filled(&world, TOWN);
        base(&world, &mut book, 0);
        if unread {
            base(&world, &mut book, 1);
            world.put(&mut book, "bases", "has_plan", 1, text("否"));
            world.put(&mut book, "bases", "entity", 1, Content::Blank);
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        let of = |id: &str| cell(&made, "award:units", "code", TOWN, id);
        assert_eq!(of("result"), result);
        assert_eq!(of("why").contains("读不出"), unread, "{}", of("why"));
        holds(&world, &made);
    }
}

#[test]
fn a_score_says_what_an_entry_that_was_not_read_may_move() {
    let world = world();
    // Bases that count, one that was not read; the points, whether they may move.
    for (counted, unread, points, open) in [
        (1, false, "4", false),
        (1, true, "4", true),
        // More never lowers what has its full mark.
        (2, true, "8", false),
    ] {
        let mut book = filled(&world, TOWN);
        for entry in 0..counted {
            base(&world, &mut book, entry);
        }
        if unread {
            base(&world, &mut book, counted);
            world.put(&mut book, "bases", "entity", counted, Content::Blank);
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        let of = |id: &str| cell(&made, "score:township", "code", TOWN, id);
        assert_eq!(of("pt:township_bases"), points);
        let conclusion = if open { "待定" } else { "正常" };
        assert_eq!(of("conclusion"), conclusion, "{counted} {unread}");
        assert_eq!(of("why").contains("产业扶贫基地"), open, "{}", of("why"));
        assert_eq!(of("rank"), "1", "it is ranked by what it has");
        holds(&world, &made);
    }
}

#[test]
fn several_rows_of_a_village_are_no_sum() {
    let once = "[[duplicate]]\nform = \"goals\"\nfields = [\"village\"]\ntwo_units = \"once\"\n";
    let world = reworded(&[(once, "")]);
    let village = world
        .roster
        .villages()
        .find(|v| v.reporter == TOWN)
        .expect("a village");
    let form = &world.policy.forms["goals"];
    for twice in [false, true] {
        let mut book = filled(&world, TOWN);
        for field in form.fields.values().filter(|f| !f.prefilled) {
            let value = match &field.kind {
                Kind::YesNo => text("是"),
                Kind::Percent => Content::Number(Decimal::new(6, 1)),
                Kind::Text => continue,
                _ => number(1),
            };
            for entry in if twice { vec![0, 2] } else { vec![0] } {
                world.put(&mut book, "goals", &field.id, entry, value.clone());
            }
        }
        if twice {
            world.put(&mut book, "goals", "village", 2, text(&village.name));
        }
        let made = world.assess(&[("甲.xlsx", &book)]);
        let goals = made.reconciled.entries();
        let goals = goals.filter(|(e, class, _)| e.form == "goals" && *class == Class::Counted);
        assert_eq!(goals.count(), if twice { 2 } else { 1 });
        let of = |id: &str| cell(&made, "goals", "code", &village.code, id);
        let road = world.policy.goals.iter().find(|g| g.field == "road_rate");
        let road = format!("g:{}", road.expect("a goal").id);
        assert_eq!(of(&road), if twice { "待定" } else { "0.6" });
        assert_eq!(of("reached") == "0", twice);
        assert_eq!(of("conclusion"), if twice { "待定" } else { "未全部达标" });
        let said = made.findings.iter().filter(|f| f.code.code() == "RC-422");
        assert_eq!(said.count(), usize::from(twice));
        holds(&world, &made);
    }
}

/// The awards of the units of an assessment, with the matters named beside each.
fn awards(made: &Assessment) -> Vec<([String; 3], String)> {
    let reader = Reader::new(&made.book);
    let rows = reader.rows("award:units").map(|row| {
        let award = ["award", "code", "result"].map(|column| row.text(column));
        (award, row.text("may_move"))
    });
    rows.collect()
}

/// The matters named beside an award are just those of which some ruling, really made,
/// changes it.
#[test]
fn an_award_names_the_open_matters_that_may_change_it() {
    let sample = load_decided(&crate::common::sample(), &kaohe::intake::Here).expect("it loads");
    let folder = crate::common::sample().join("回收");
    let files = std::fs::read_dir(folder).expect("returns").map(|entry| {
        let entry = entry.expect("a return");
        let bytes = std::fs::read(entry.path()).expect("contents");
        file(&entry.file_name().to_string_lossy(), bytes)
    });
    let files: Vec<_> = files.collect();
    let world = World {
        policy: sample.policy,
        roster: sample.roster,
    };
    let before = world.assess_ruled(&files, &sample.rulings);
    let now = awards(&before);
    let mut moved: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); now.len()];
    let matters = before.reconciled.matters().iter();
    for matter in matters.filter(|matter| matter.standing.is_open()) {
        for verdict in &matter.choices {
            let mut rulings = sample.rulings.clone();
            rulings
                .decisions
                .extend(ruled(&[(matter, *verdict)]).decisions);
            let after = world.assess_ruled(&files, &rulings);
            // Units stand by amount, so that their order may change.
            let after = awards(&after);
            for ((was, _), named) in now.iter().zip(&mut moved) {
                let same = after.iter().find(|(is, _)| is[..2] == was[..2]);
                if same.is_none_or(|(is, _)| is[2] != was[2]) {
                    named.insert(&matter.id);
                }
            }
        }
    }
    let mut some = 0;
    for ((award, said), really) in now.iter().zip(&moved) {
        let said: BTreeSet<&str> = said.split('、').filter(|one| !one.is_empty()).collect();
        assert_eq!(&said, really, "{award:?}");
        some += said.len();
    }
    assert!(some > 0, "no award hangs on a matter");
}
