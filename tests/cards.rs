//! A unit's card says what the separate script expects of the unit; what it says would
//! mend an item does; what is handed out names no other unit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::date;
use kaohe::book::{Book, Overlay, Reader, Slot};
use kaohe::diagnostic::width;
use kaohe::flow::Assessment;
use kaohe::policy::Policy;
use kaohe::report::workbook;
use kaohe::roster::{Roster, Unit};
use kaohe::sheet::{Found, FoundWorkbook, Scalar, open, write};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::common::world::{text, world};
use crate::common::{assessed, copy, kaohe, sample, spoil, typed, with_sheets};
use crate::unknown::{filled, members, outreach};

/// The sheet.
const CARD: &str = "成绩单";

fn made() -> &'static (Assessment, Policy) {
    static MADE: OnceLock<(Assessment, Policy)> = OnceLock::new();
    MADE.get_or_init(assessed)
}

fn roster() -> Roster {
    let loaded = kaohe::cli::load_decided(&sample(), &kaohe::intake::Here);
    loaded.expect("the sample loads").roster
}

fn expected() -> Value {
    serde_json::from_str(include_str!("sample/expected.json")).expect("JSON")
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("text").parse().expect("a number")
}

/// The card with a unit chosen.
fn chosen<'a>(book: &'a Book, unit: &str) -> Reader<'a> {
    let head = book.find("card:head").expect("the head");
    let mut row = book.tables[head].rows[0].clone();
    row[0] = Slot::text(unit);
    Reader::with_rows(book, Overlay::from([((head, 0), row)]))
}

/// What the only row of a table says in a column.
fn said(card: &Reader<'_>, table: &str, column: &str) -> String {
    let row = card.rows(table).next().expect("a row");
    match row.value(column) {
        Scalar::Text(text) => text,
        Scalar::Number(number) => number.normalize().to_string(),
        _ => String::new(),
    }
}

#[test]
fn the_card_of_each_unit_says_what_is_expected_of_it() {
    let (assessment, policy) = made();
    let expected = expected();
    let mut compared = 0;
    for unit in roster().units() {
        let card = chosen(&assessment.book, &unit.name);
        let wanted = &expected["units"][&unit.code];
        let returned = !expected["missing"]
            .as_array()
            .expect("a list")
            .contains(&Value::from(unit.code.as_str()));
        let at = |what: &str| format!("{} {what}", unit.name);
        let rank = said(&card, "card:head", "rank");
        match wanted["rank"].as_u64() {
            Some(rank_of) => {
                let rank = rank.trim_start_matches("并列");
                assert!(rank.starts_with(&format!("{rank_of}／")), "{}", at(rank));
            }
            None => assert_eq!(rank, "—", "{}", at("rank")),
        }
        let items: BTreeMap<String, _> = card
            .rows("card:items")
            .map(|row| (row.text("item"), row))
            .collect();
        for score in policy.scores.iter().filter(|score| score.kind == unit.kind) {
            let row = items[&score.name];
            assert_eq!(row.number("full"), Some(score.points), "{}", at("full"));
            if !returned {
                assert_eq!(row.text("points"), "—", "{}", at(&score.name));
                assert!(row.text("mend").starts_with("没有报送"));
                continue;
            }
            let points = decimal(&wanted["items"][&score.id]["points"]);
            assert_eq!(row.number("points"), Some(points), "{}", at(&score.name));
            let lost = row.number("lost").expect("points that were lost");
            assert_eq!(points + lost, score.points, "{}", at(&score.name));
            assert_eq!(row.text("mend") == "已得满分", lost.is_zero());
            compared += 1;
        }
        if returned && wanted["total"].is_string() {
            let total = card.rows("card:head").next().expect("a head");
            assert_eq!(total.number("total"), Some(decimal(&wanted["total"])));
        }
        for (veto, row) in policy
            .vetoes
            .iter()
            .filter(|veto| veto.kind == unit.kind && !veto.kind.is_empty())
            .zip(card.rows("card:vetoes"))
        {
            let is_in = |list: &str| {
                let list = wanted[list].as_array().expect("a list");
                list.contains(&Value::from(veto.id.as_str()))
            };
            let word = match (is_in("vetoes"), is_in("pending"), is_in("exempt")) {
                (true, ..) => "一票否决",
                (_, true, _) => "待定",
                (.., true) => "免予否决",
                _ => "未触发",
            };
            assert_eq!(row.text("result"), word, "{}", at(&veto.name));
            compared += 1;
        }
        for (_, result) in wanted["awards"].as_object().expect("awards") {
            assert_eq!(said(&card, "card:awards", "result"), *result, "{}", at(""));
            compared += 1;
        }
        let all = &card.rows("card:money").next().expect("money");
        let wan = decimal(&wanted["funds"]) / Decimal::from(10_000);
        // What a unit reported that was not taken as its own is none of it.
        if returned {
            assert_eq!(all.number("a0"), Some(wan), "{}", at("money"));
        }
    }
    assert!(compared > 200, "only {compared}");
}

/// How many the words ask for, if they do.
fn asked_for(mend: &str) -> Option<Decimal> {
    // Of a share whose whole would grow as well, more of what is there already.
    let rest = mend
        .trim_start_matches("已有的里面")
        .strip_prefix("再有 ")?;
    rest.split(' ').next()?.parse().ok()
}

/// Gives each unit so many more as would mend an item: it reaches the full mark, and with
/// one less it does not. Gives how many there were.
pub fn mended(book: &Book, policy: &Policy) -> usize {
    let mut tried = 0;
    for score in &policy.scores {
        let id = format!("score:{}", score.kind);
        let table = book.find(&id).expect("scores");
        let part = kaohe::assess::operands(policy, &score.metric)[0];
        let columns = &book.tables[table];
        let operand = columns.find(&format!("op:{part}")).expect("the operand");
        let points = |row: usize, more: Option<Decimal>| {
            let mut slots = columns.rows[row].clone();
            let now = Reader::new(book);
            let had = now.rows(&id).nth(row).expect("the row");
            let had = had.number(&format!("op:{part}")).expect("a figure");
            if let Some(more) = more {
                slots[operand] = Slot::Fact(Scalar::Number(had + more));
            }
            let reader = Reader::with_rows(book, Overlay::from([((table, row), slots)]));
            let row = reader.rows(&id).nth(row).expect("the row");
            row.number(&format!("pt:{}", score.id))
        };
        let reader = Reader::new(book);
        for (row, unit) in reader.rows(&id).enumerate() {
            let Some(more) = asked_for(&unit.text(&format!("@mend:{}", score.id))) else {
                continue;
            };
            assert!(points(row, None) < Some(score.points));
            assert_eq!(points(row, Some(more)), Some(score.points), "{more}");
            if policy.metrics[part].unit.is_whole() {
                let less = points(row, Some(more - Decimal::ONE));
                assert!(less < Some(score.points), "{} {more}", score.name);
            }
            tried += 1;
        }
    }
    tried
}

#[test]
fn so_many_more_give_the_full_mark_and_one_less_does_not() {
    let (assessment, policy) = made();
    let tried = mended(&assessment.book, policy);
    assert!(tried > 60, "only {tried}");
}

/// The same through the returns: what the card asks for is done and reported.
#[test]
fn who_does_what_the_card_asks_for_has_the_full_mark() {
    let world = world();
    let unit = world.roster.unit("T103").expect("unit").clone();
    let own = members(&world.roster, &unit.code);
    let donor = own[0].name.as_str();
    let sent = |took_part: usize, held: u32, gifts: &[Decimal]| {
        let mut book = world.issued(&unit.code);
        for entry in 0..own.len() {
            for field in ["study", "income", "job"] {
                let did = if entry < took_part { "是" } else { "否" };
                world.put(&mut book, "three_ones", field, entry as u32, text(did));
            }
        }
        (0..held).for_each(|entry| outreach(&world, &mut book, entry, 2018));
        for (entry, amount) in (0..).zip(gifts) {
            let amount = kaohe::sheet::Content::Number(*amount);
            world.gift(&mut book, entry, donor, amount);
            world.put(&mut book, "funds", "village", entry, text("三星村"));
        }
        let assessment = world.assess(&[("报表.xlsx", &book)]);
        let card = chosen(&assessment.book, &unit.name);
        let items = card.rows("card:items").map(|row| {
            let lost = row.number("lost");
            (row.text("item"), (lost, row.text("mend")))
        });
        items.collect::<BTreeMap<_, _>>()
    };
    let little = Decimal::new(1_234_567, 2);
    let before = sent(1, 1, &[little]);
    let asked = |item: &str| asked_for(&before[item].1).expect("asks for more");
    let took_part = usize::try_from(asked("委员“三个一”")).expect("a count");
    let held = u32::try_from(asked("下乡活动")).expect("a count");
    let after = sent(1 + took_part, 1 + held, &[little, asked("资金物资")]);
    for item in ["委员“三个一”", "下乡活动", "资金物资"] {
        assert!(before[item].0 > Some(Decimal::ZERO), "{item}");
        assert_eq!(after[item].0, Some(Decimal::ZERO), "{item}");
    }
}

#[test]
fn what_is_not_known_says_what_it_waits_for() {
    let world = world();
    let unit = world.roster.unit("G01").expect("unit");
    let mut gone = filled(&world, "G01");
    gone.sheets.retain(|sheet| sheet.name != "下乡活动");
    let assessment = world.assess(&[("甲.xlsx", &gone)]);
    let card = chosen(&assessment.book, &unit.name);
    let mut items = card.rows("card:items");
    let item = items.find(|row| row.text("item") == "扶贫下乡活动");
    let item = item.expect("the item");
    assert_eq!(item.text("points"), "待定");
    assert_eq!(item.text("lost"), "—");
    assert_eq!(item.text("mend"), "待定：等补报“下乡活动”表");
    assert_eq!(item.text("done"), "没有收到“下乡活动”表");
    assert!(said(&card, "card:sum", "words").contains("扶贫下乡活动 待定"));
}

/// What stands on the card's sheet, in the order of the cells.
fn told(book: &FoundWorkbook) -> Vec<String> {
    let mut sheets = book.sheets.iter();
    let sheet = sheets.find(|sheet| sheet.name == CARD).expect("the card");
    let told = sheet.cells.values().map(|found| match found {
        Found::Text(text) => text.to_string(),
        Found::Number(number) => number.round_dp(6).normalize().to_string(),
        other => format!("{other:?}"),
    });
    told.filter(|text| !text.is_empty()).collect()
}

/// Another engine, in the written file: choosing a unit there shows what the program
/// works out for it.
#[test]
fn choosing_a_unit_in_the_file_shows_that_unit() {
    let (assessment, policy) = made();
    let written = |unit: Option<&str>| {
        let mut book = assessment.book.clone();
        let head = book.find("card:head").expect("the head");
        if let Some(unit) = unit {
            book.tables[head].rows[0][0] = Slot::text(unit);
        }
        let made = workbook(policy, &book, date(2018, 12, 31)).expect("workbook");
        write(&made).expect("workbook is written")
    };
    let before = written(None);
    let sheets = open(&before).expect("opens");
    let sheet = sheets.sheets.iter().find(|sheet| sheet.name == CARD);
    let shown = said(&Reader::new(&assessment.book), "card:head", "unit");
    let mut cells = sheet.expect("the card").cells.iter();
    let cell = cells.find(|(_, found)| matches!(found, Found::Text(text) if **text == *shown));
    let cell = *cell.expect("the unit").0;
    let mut ranks = Vec::new();
    for name in ["渠江镇联工委", "县直科技委员组", "深圳经促分会"] {
        let changed = typed(&before, CARD, &[(cell, name)]);
        let options = formualizer::XlsxRecalculateOptions::default();
        let again = with_sheets(&changed, spoil);
        let again = formualizer::recalculate_xlsx_bytes(&again, options).expect("recalculates");
        let live = told(&open(&again.bytes).expect("opens"));
        assert_eq!(
            live,
            told(&open(&written(Some(name))).expect("opens")),
            "{name}"
        );
        ranks.push(live);
    }
    assert!(ranks[0] != ranks[1] && ranks[1] != ranks[2]);
}

/// The cards that were written: name and bytes.
fn cards(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder.join(CARD)).expect("folder");
    let files = files.map(|entry| entry.expect("a file"));
    let file = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, std::fs::read(entry.path()).expect("a card"))
    };
    files.map(file).collect()
}

#[test]
fn what_is_handed_out_is_of_one_unit_and_always_the_same() {
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&sample(), folder.path());
    let run = || {
        let output = kaohe(&["cards", &folder.path().to_string_lossy()]);
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("text")
    };
    let first = run();
    for line in first.lines() {
        assert!(width(line) <= 80 || line.contains("成绩单，在"), "{line}");
    }
    let (roster, expected) = (roster(), expected());
    let units: Vec<&Unit> = roster.units().collect();
    let written = cards(folder.path());
    assert_eq!(written.len(), units.len());
    for unit in &units {
        let bytes = &written[&format!("2018年_{}_成绩单.xlsx", unit.name)];
        let book = open(bytes).expect("opens");
        assert_eq!(book.sheets.len(), 1);
        assert!(book.sheets[0].formulas.is_empty(), "{}", unit.name);
        let told = told(&book);
        for other in units.iter().filter(|other| other.code != unit.code) {
            let named = told.iter().find(|text| text.contains(&other.name));
            assert_eq!(named, None, "{} is told of {}", unit.name, other.name);
        }
        assert!(
            told.iter()
                .any(|text| text.starts_with("未定稿：截至2018年12月31日"))
        );
        let total = &expected["units"][&unit.code]["total"];
        let missing = expected["missing"].as_array().expect("a list");
        if !total.is_null() && !missing.contains(&Value::from(unit.code.as_str())) {
            let total = decimal(total).normalize().to_string();
            assert!(told.contains(&total), "{} {total}", unit.name);
        }
    }
    std::fs::write(
        folder.path().join(CARD).join("2018年_旧单位_成绩单.xlsx"),
        "旧",
    )
    .expect("a file");
    let second = run();
    assert!(second.contains("另有 1 个文件不是这次写的"), "{second}");
    let mut again = cards(folder.path());
    again.retain(|name, _| !name.contains("旧单位"));
    assert_eq!(again, written);
}
