//! Packs, rosters and returns drawn from seeds go through every stage; each figure is
//! compared three ways: as the program works it out exactly, as another engine works
//! it out again from the workbook, and as a plain count over the entries gives it.
//! `KAOHE_PACKS=500 tests/run.sh generated` takes so many packs.

mod by_hand;
mod pack;
mod plain;

use std::collections::{BTreeMap, BTreeSet};

use crate::common::kaohe;
use crate::common::recalculated::recalculated;
use crate::common::world::{TODAY, World, file};
use jiff::civil::date;
use kaohe::book::Reader;
use kaohe::flow::Assessment;
use kaohe::intake::ReturnedFile;
use kaohe::policy::{PackSource, load};
use kaohe::report::workbook;
use kaohe::roster::{read_roster, roster_workbook};
use kaohe::sheet::{Content, Scalar, Workbook, write};
use kaohe::template::unit_workbook;
use pack::{KINDS, Pack};
use plain::{Figure, Plain, Returns, Whose, returns};
use rust_decimal::Decimal;

/// How many packs are taken without being asked for more.
const PACKS: u64 = 10;

/// Pack and roster of a seed, by way of the files.
fn world(pack: &Pack, seed: u64) -> World {
    let source = PackSource::from_files(pack.files());
    let policy = match load(&source) {
        Ok(policy) => policy,
        Err(problems) => {
            let all: Vec<String> = problems
                .iter()
                .map(|one| format!("{:?}", one.finding))
                .collect();
            panic!("seed {seed} does not load:\n{}", all.join("\n"))
        }
    };
    let bytes = write(&roster_workbook(&policy, TODAY)).expect("roster is written");
    let roster =
        read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").expect("roster is read");
    assert!(
        roster.findings.is_empty(),
        "seed {seed}: {:?}",
        roster.findings
    );
    World {
        policy,
        roster: roster.value,
    }
}

/// A unit's issued workbook, filled in.
fn filled(world: &World, pack: &Pack, code: &str, own: &plain::Return) -> Workbook {
    let unit = world.roster.unit(code).expect("unit");
    let mut book = unit_workbook(&world.policy, &world.roster, unit, TODAY);
    let text = |text: &str| Content::Text(text.to_owned());
    let yes_no = |yes: bool| text(if yes { "是" } else { "否" });
    let day = |month: usize| Content::Date(date(2018, 1 + (month % 12) as i8, 9));
    world.put(
        &mut book,
        "cover",
        "filled_on",
        0,
        Content::Date(date(2018, 12, 20)),
    );
    for (row, visit) in (0..).zip(&own.visits) {
        let mut put = |id: &str, content| world.put(&mut book, "visits", id, row, content);
        put("title", text(&format!("{code}第{row}次活动")));
        put("sort", text(visit.sort));
        put("date", day(row as usize));
        put(
            "people",
            Content::Number(Decimal::from_i128_with_scale(visit.people, 0)),
        );
        put("plan", yes_no(visit.planned));
        if visit.noted {
            put("note", text("已办理"));
        }
    }
    // The members are printed in the order of the roster.
    for (row, act) in (0..).zip(&own.acts).filter(|(_, act)| act.told) {
        world.put(&mut book, "acts", "did", row, yes_no(act.did));
        world.put(&mut book, "acts", "more", row, yes_no(act.more));
    }
    for (row, gift) in (0..).zip(&own.gifts) {
        let mut put = |id: &str, content| world.put(&mut book, "gifts", id, row, content);
        put("donor", text(&gift.donor));
        put(
            "amount",
            Content::Number(Decimal::from_i128_with_scale(gift.fen, 2)),
        );
        put("date", day(row as usize));
    }
    let of_pack = pack
        .units
        .iter()
        .find(|unit| unit.code == code)
        .expect("unit");
    for row in 0..of_pack.villages {
        let rate = Content::Number(Decimal::new(if row == 0 { 100 } else { 95 }, 2));
        world.put(&mut book, "state", "rate", row as u32, rate);
        world.put(&mut book, "state", "done", row as u32, yes_no(row == 0));
    }
    book
}

fn assessed(world: &World, pack: &Pack, returns: &Returns) -> Assessment {
    let files: Vec<ReturnedFile> = returns
        .iter()
        .map(|(code, own)| {
            let book = filled(world, pack, code, own);
            file(
                &format!("{code}.xlsx"),
                write(&book).expect("return is written"),
            )
        })
        .collect();
    world.assess_bytes(&files)
}

/// What no message and no cell may say.
const NONSENSE: [&str; 6] = ["0/0", "NaN", "panicked", "#DIV", "#REF", "#VALUE"];

#[test]
fn packs_without_members_villages_or_money_run_through_every_command() {
    for (seed, bare) in [(3, true), (5, false)] {
        let mut pack = Pack::new(seed);
        if bare {
            pack = Pack::bare(seed);
        }
        let returns = returns(&pack, seed);
        let world = world(&pack, seed);
        let folder = tempfile::tempdir().expect("temporary folder");
        let workspace = folder.path().to_string_lossy().into_owned();
        let run = |args: &[&str]| {
            let output = kaohe(args);
            let said = [output.stdout, output.stderr]
                .map(|out| String::from_utf8_lossy(&out).into_owned());
            let said = said.join("\n");
            assert!(output.status.success(), "{args:?} of seed {seed}:\n{said}");
            for word in NONSENSE {
                assert!(
                    !said.contains(word),
                    "{args:?} of seed {seed} says {word}:\n{said}"
                );
            }
            said
        };
        run(&["init", &workspace]);
        let policy = folder.path().join("policy");
        std::fs::remove_dir_all(&policy).expect("policy is removed");
        let source = PackSource::from_files(pack.files());
        source.write_to(&policy).expect("policy is written");
        let roster = write(&roster_workbook(&world.policy, TODAY)).expect("roster is written");
        std::fs::write(folder.path().join("名册.xlsx"), roster).expect("roster is saved");
        // Rulings belong to the pack with which the workspace was made.
        std::fs::remove_file(folder.path().join("裁定.xlsx")).expect("rulings are removed");
        run(&["issue", &workspace]);
        // Before anything came back, too; the runs are compared below.
        run(&["assess", &workspace]);
        for (code, own) in &returns {
            let bytes = write(&filled(&world, &pack, code, own)).expect("return is written");
            let path = folder.path().join("回收").join(format!("{code}.xlsx"));
            std::fs::write(path, bytes).expect("return is saved");
        }
        let said = run(&["assess", &workspace]);
        // Each name with its award.
        let plain = Plain {
            pack: &pack,
            returns: &returns,
        };
        for award in &pack.awards {
            let of_kind = pack
                .units
                .iter()
                .filter(|unit| award.kinds.contains(&unit.kind));
            let names = of_kind.filter(|unit| plain.award(award, unit) == "符合");
            let names: BTreeSet<&str> = names.map(|unit| unit.name.as_str()).collect();
            let head = format!("奖项{}\u{FF1A}", award.id);
            let listed = said.split_once(&head).map_or("", |(_, rest)| rest);
            let listed = listed.replace("、\n", "、");
            let listed = listed.lines().next().unwrap_or_default().split('、');
            let listed: BTreeSet<&str> = listed
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .collect();
            assert_eq!(listed, names, "{} of seed {seed}:\n{said}", award.id);
        }
        for unit in &pack.units {
            run(&["explain", &workspace, &unit.name]);
        }
        run(&["status", &workspace]);
        run(&["export", &workspace]);
        run(&["return", &workspace]);
        run(&["cards", &workspace]);
        run(&["assess", &workspace, "--format", "json"]);
        run(&["diff", &workspace]);
        let bytes = std::fs::read(crate::common::report(folder.path())).expect("workbook is read");
        let book = kaohe::sheet::open(&bytes).expect("workbook opens");
        for sheet in &book.sheets {
            for (cell, found) in &sheet.cells {
                let said = format!("{found:?}");
                let wrong = NONSENSE.iter().any(|word| said.contains(word));
                assert!(!wrong, "{}!{}: {said}", sheet.name, cell.name());
            }
        }
    }
}

/// Differences between what the program says and what was counted.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn same(&mut self, what: &str, counted: &str, said: &Scalar) {
        let said = match said {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.normalize().to_string(),
            Scalar::Empty => String::new(),
            other => format!("{other:?}"),
        };
        if counted != said {
            self.0.push(format!(
                "{what}: counted {counted}, the program says {said}"
            ));
        }
    }
}

/// Hundredths, or a word.
fn hundredths(points: Result<i128, &str>) -> String {
    match points {
        Ok(points) => Decimal::from_i128_with_scale(points, 2)
            .normalize()
            .to_string(),
        Err(word) => word.to_owned(),
    }
}

/// A figure as it is shown: a quotient to eight decimals.
fn shown(figure: Figure) -> String {
    let Some((above, below)) = figure else {
        return "无法计算".to_owned();
    };
    let digits = (2 * above * 100_000_000 + below) / (2 * below);
    Decimal::from_i128_with_scale(digits, 8)
        .normalize()
        .to_string()
}

/// Every result of the program against a plain count.
fn compare(pack: &Pack, returns: &Returns, assessment: &Assessment) -> Vec<String> {
    let plain = Plain { pack, returns };
    let reader = Reader::new(&assessment.book);
    let mut differ = Differences::default();
    let unit_of = |code: &str| {
        pack.units
            .iter()
            .find(|unit| unit.code == code)
            .expect("unit")
    };
    let mut rows = 0;
    for row in reader
        .tables("score:")
        .flat_map(|(at, _)| reader.rows_at(at))
    {
        let unit = unit_of(&row.text("code"));
        rows += 1;
        for score in pack.scores.iter().filter(|score| score.kind == unit.kind) {
            let what = format!("{} {} of {}", unit.code, score.id, score.metric);
            let points = hundredths(plain.points(score, unit));
            differ.same(&what, &points, &row.value(&format!("pt:{}", score.id)));
        }
        differ.same(
            &format!("{} total", unit.code),
            &hundredths(plain.total(unit)),
            &row.value("total"),
        );
        differ.same(
            &format!("{} veto", unit.code),
            plain.vetoed(unit),
            &row.value("veto"),
        );
        differ.same(
            &format!("{} rank", unit.code),
            &rank(&plain, unit),
            &row.value("rank"),
        );
    }
    let scored = |kind: &usize| pack.scores.iter().any(|score| score.kind == *kind);
    let wanted = pack.units.iter().filter(|unit| scored(&unit.kind)).count();
    assert_eq!(rows, wanted, "a row for each scored unit");

    let mut vetoes = 0;
    for row in reader.rows("veto:units") {
        let unit = unit_of(&row.text("code"));
        let veto = pack
            .vetoes
            .iter()
            .find(|veto| veto.id == row.text("@rule"))
            .expect("a veto");
        let what = format!("{} {} of {}", unit.code, veto.id, veto.metric);
        let whose = Whose::Unit(unit);
        differ.same(&what, plain.veto(veto, unit, whose), &row.value("result"));
        differ.same(
            &what,
            &shown(plain.figure(veto.metric, whose)),
            &row.value("op"),
        );
        vetoes += 1;
    }
    let of_kind = |kind: usize| {
        pack.vetoes
            .iter()
            .filter(|veto| veto.kind == Some(kind))
            .count()
    };
    assert_eq!(
        vetoes,
        pack.units
            .iter()
            .map(|unit| of_kind(unit.kind))
            .sum::<usize>()
    );

    for row in reader.rows("award:units") {
        let unit = unit_of(&row.text("code"));
        let award = pack
            .awards
            .iter()
            .find(|award| award.id == row.text("@rule"))
            .expect("an award");
        let what = format!("{} {} of {}", unit.code, award.id, award.metric);
        differ.same(&what, plain.award(award, unit), &row.value("result"));
        let figure = plain.figure(award.metric, Whose::Unit(unit));
        differ.same(&what, &shown(figure), &row.value("amount"));
    }
    members(pack, &plain, &reader, &mut differ);
    overview(pack, &plain, &reader, &mut differ);
    differ.0
}

/// The rank of a unit within its kind.
fn rank(plain: &Plain<'_>, unit: &pack::Unit) -> String {
    let ranked = |unit: &pack::Unit| {
        let mut scores = plain
            .pack
            .scores
            .iter()
            .filter(|score| score.kind == unit.kind);
        let waits = scores.any(|score| plain.points(score, unit) == Err("待定"));
        let struck = plain.vetoed(unit) == "是";
        let total = plain.total(unit).ok();
        total.filter(|_| plain.returned(unit) && !waits && !struck)
    };
    let Some(own) = ranked(unit) else {
        return "—".to_owned();
    };
    let same_kind = plain
        .pack
        .units
        .iter()
        .filter(|other| other.kind == unit.kind);
    let better = same_kind.filter_map(ranked).filter(|total| *total > own);
    (better.count() + 1).to_string()
}

fn members(pack: &Pack, plain: &Plain<'_>, reader: &Reader<'_>, differ: &mut Differences) {
    let mut said = BTreeMap::new();
    for row in reader.rows("members") {
        said.insert(row.text("name"), row);
    }
    let mut listed = BTreeSet::new();
    for row in reader.rows("veto:members") {
        let key = (row.text("name"), row.text("@rule"));
        let unit = pack
            .units
            .iter()
            .find(|unit| unit.members.contains(&key.0))
            .expect("unit");
        let veto = pack
            .vetoes
            .iter()
            .find(|veto| veto.id == key.1)
            .expect("a veto");
        let state = plain.member_veto(veto, unit, &key.0).unwrap_or("");
        differ.same(&format!("{} {}", key.0, key.1), state, &row.value("result"));
        let figure = shown(plain.figure(veto.metric, Whose::Member(&key.0)));
        differ.same(
            &format!("{} {} op", key.0, key.1),
            &figure,
            &row.value("op"),
        );
        assert!(listed.insert(key), "each once");
    }
    for unit in &pack.units {
        for member in &unit.members {
            let row = said.remove(member).expect("a row for each member");
            let state = plain.member_vetoed(unit, member);
            differ.same(&format!("{member} veto"), state, &row.value("veto"));
            for veto in pack.vetoes.iter().filter(|veto| veto.kind.is_none()) {
                let state = plain.member_veto(veto, unit, member);
                let is_listed = listed.contains(&(member.clone(), veto.id.clone()));
                let should = matches!(state, Some("一票否决" | "待定"));
                if is_listed != should {
                    differ.0.push(format!(
                        "{member} {}: {state:?}, listed {is_listed}",
                        veto.id
                    ));
                }
            }
        }
    }
    assert!(said.is_empty(), "nobody else");
}

/// The counts of the first page, each unit and member once.
fn overview(pack: &Pack, plain: &Plain<'_>, reader: &Reader<'_>, differ: &mut Differences) {
    let mut said = BTreeMap::new();
    for row in reader.rows("overview:figures") {
        for side in ["", "2"] {
            let label = row.text(&format!("label{side}"));
            said.insert(label, row.value(&format!("value{side}")));
        }
    }
    let units = |fits: &dyn Fn(&pack::Unit) -> bool| {
        pack.units
            .iter()
            .filter(|unit| fits(unit))
            .count()
            .to_string()
    };
    let eligible = |unit: &pack::Unit| {
        let mut own = pack
            .awards
            .iter()
            .filter(|award| award.kinds.contains(&unit.kind));
        own.any(|award| plain.award(award, unit) == "符合")
    };
    let everybody = || {
        pack.units
            .iter()
            .flat_map(|unit| unit.members.iter().map(move |m| (unit, m)))
    };
    let members = |word: &str| {
        let fits = everybody().filter(|(unit, m)| plain.member_vetoed(unit, m) == word);
        fits.count().to_string()
    };
    for (label, counted) in [
        ("应报送单位", pack.units.len().to_string()),
        ("已报送单位", units(&|unit| plain.returned(unit))),
        ("一票否决的单位", units(&|unit| plain.vetoed(unit) == "是")),
        (
            "否决待定的单位",
            units(&|unit| plain.vetoed(unit) == "待定"),
        ),
        ("一票否决的委员", members("是")),
        ("否决待定的委员", members("待定")),
        ("符合评优标准的单位", units(&eligible)),
    ] {
        match said.get(label) {
            Some(value) => differ.same(label, &counted, value),
            None => differ.0.push(format!("no line {label}")),
        }
    }
    for row in reader.rows("overview:kinds") {
        let kind = KINDS
            .iter()
            .position(|(_, name)| *name == row.text("kind"))
            .expect("a kind");
        let of = |fits: &dyn Fn(&pack::Unit) -> bool| units(&|u| u.kind == kind && fits(u));
        let name = KINDS[kind].1;
        differ.same(
            &format!("{name} vetoed"),
            &of(&|u| plain.vetoed(u) == "是"),
            &row.value("vetoed"),
        );
        differ.same(
            &format!("{name} eligible"),
            &of(&eligible),
            &row.value("eligible"),
        );
    }
    let mut wanted: BTreeMap<&str, i128> = plain.donors();
    wanted.retain(|_, fen| pack.publicity.is_some_and(|limit| *fen * 100 >= limit));
    for row in reader.rows("publicity:donors") {
        let name = row.text("name");
        match wanted.remove(name.as_str()) {
            Some(fen) => differ.same(&name, &hundredths(Ok(fen)), &row.value("amount")),
            None => differ
                .0
                .push(format!("{name} is on the list for publicity")),
        }
        let unit = pack.units.iter().find(|unit| unit.name == name);
        let of = pack.units.iter().find(|unit| unit.members.contains(&name));
        let veto = match (unit, of) {
            (Some(unit), _) => plain.vetoed(unit),
            (_, Some(unit)) => plain.member_vetoed(unit, &name),
            _ => "—",
        };
        differ.same(&format!("{name} veto"), veto, &row.value("veto"));
    }
    let missing = wanted
        .keys()
        .map(|name| format!("{name} is not on the list"));
    differ.0.extend(missing);
}

#[test]
fn no_figure_differs_between_evaluator_workbook_and_a_plain_count() {
    let packs = std::env::var("KAOHE_PACKS")
        .ok()
        .and_then(|packs| packs.parse().ok());
    let (mut formulas, mut mended) = (0, 0);
    for seed in 1..=packs.unwrap_or(PACKS) {
        let pack = Pack::new(seed);
        let returns = returns(&pack, seed);
        let world = world(&pack, seed);
        let assessment = assessed(&world, &pack, &returns);
        let errors = assessment.findings.iter();
        let errors: Vec<_> = errors
            .filter(|one| one.severity() == kaohe::diagnostic::Severity::Error)
            .collect();
        let untouched = pack.units.len() - returns.len();
        assert!(errors.len() <= untouched, "seed {seed}: {errors:#?}");
        let differ = compare(&pack, &returns, &assessment);
        assert!(differ.is_empty(), "seed {seed}: {:#?}\n{pack:#?}", differ);
        mended += crate::cards::mended(&assessment.book, &world.policy);
        let report = workbook(&world.policy, &assessment.book, TODAY).expect("report is made");
        let bytes = write(&report).expect("report is written");
        match recalculated(&bytes) {
            Ok(compared) => formulas += compared,
            Err(differ) => panic!("seed {seed}: {differ}"),
        }
    }
    println!("{formulas} formulas recomputed and equal; {mended} items can be mended");
    assert!(mended > 50, "only {mended}");
}
