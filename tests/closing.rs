//! 定稿: an assessment is not closed while something is open, unless the office means it;
//! once it is, what comes later changes no result, and nothing else may change.

use std::fs;
use std::process::Output;

use crate::common::office::Office;
use crate::common::recalculated::recalculated;
use crate::common::world::number;
use crate::common::{kaohe, report};
use crate::unknown::filled;
use kaohe::sheet::{Found, FoundWorkbook, open};
use serde_json::{Value, json};

const GROUP: &str = "G02";
const TOWN: &str = "T109";

/// An office to which two units sent a return: much is open.
fn office() -> Office {
    let office = Office::new();
    let gift = office.world.given(GROUP, "委员112", 20_000);
    office.send("教育组.xlsx", &gift);
    let gift = office.world.given(TOWN, "委员023", 30_000);
    office.send("冷市.xlsx", &gift);
    office
}

fn said(output: &Output) -> String {
    let bytes = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8(bytes).expect("text");
    // Lines are broken wherever the screen ends.
    text.split_whitespace().collect()
}

fn workbook(office: &Office) -> Vec<u8> {
    fs::read(report(&office.path)).expect("a workbook")
}

/// The sentence on the first page.
fn banner(office: &Office) -> String {
    let book: FoundWorkbook = open(&workbook(office)).expect("it opens");
    let front = book.sheets.iter().find(|sheet| sheet.name == "总览");
    let mut texts = front.expect("总览").cells.values().filter_map(text);
    texts
        .find(|text| text.starts_with("未定稿") || text.starts_with("已定稿"))
        .expect("a banner")
}

fn text(found: &Found) -> Option<String> {
    match found {
        Found::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// What a run came to, without what late files add: findings, files, the record of a run.
fn results(office: &Office) -> Value {
    let output = office.run(&["assess", "--format", "json"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = all.as_object_mut().expect("an object");
    for other in ["findings", "files", "workbook"] {
        assert!(all.remove(other).is_some(), "{other}");
    }
    json!(all)
}

#[test]
fn what_is_open_is_not_closed_unless_it_is_meant() {
    let office = office();
    let refused = office.run(&["assess", "--final"]);
    assert_eq!(refused.status.code(), Some(1));
    let told = said(&refused);
    for open in ["没有定稿", "35个单位未报", "名委员待定", "--anyway"] {
        assert!(told.contains(open), "{open}: {told}");
    }
    assert!(banner(&office).starts_with("未定稿：35个单位未报，"));
    // Nothing is closed behind the back: a later run is as open.
    assert_eq!(results(&office)["closed"], Value::Null);
    // A reason must be given.
    let unreasoned = office.run(&["assess", "--final", "--anyway", ""]);
    assert_eq!(unreasoned.status.code(), Some(2));
    let alone = office.run(&["assess", "--anyway", "常委会已议定"]);
    assert_eq!(alone.status.code(), Some(2));

    let closed = office.run(&["assess", "--final", "--anyway", "常委会已议定"]);
    assert!(closed.status.success(), "{}", said(&closed));
    let told = said(&closed);
    assert!(told.contains("已定稿：2018年12月31日"), "{told}");
    let banner = banner(&office);
    assert!(
        banner.starts_with("已定稿：2018年12月31日，封签 "),
        "{banner}"
    );
    assert!(banner.contains("定稿时还有35个单位未报，"), "{banner}");
    let bytes = workbook(&office);
    recalculated(&bytes).expect("every formula agrees");
    let book = open(&bytes).expect("it opens");
    let run = book.sheets.iter().find(|sheet| sheet.name == "运行信息");
    let run: Vec<String> = run
        .expect("运行信息")
        .cells
        .values()
        .filter_map(text)
        .collect();
    assert!(run.iter().any(|text| text == "常委会已议定"), "{run:?}");
}

#[test]
fn where_nothing_is_open_it_is_closed_without_more() {
    let office = Office::new();
    for unit in office.world.roster.units() {
        let asked = |form: &str| office.world.policy.forms[form].kinds.contains(&unit.kind);
        let book = match asked("three_ones") && asked("outreach") {
            true => filled(&office.world, &unit.code),
            false => office.world.issued(&unit.code),
        };
        office.send(&format!("{}.xlsx", unit.name), &book);
    }
    let before = office.run(&["assess"]);
    assert!(before.status.success());
    let open_still = banner(&office);
    let closed = office.run(&["assess", "--final"]);
    assert!(closed.status.success(), "{}\n{open_still}", said(&closed));
    assert!(open_still.contains("可以定稿"), "{open_still}");
    let banner = banner(&office);
    assert!(banner.starts_with("已定稿："), "{banner}");
    assert!(!banner.contains("定稿时还有"), "{banner}");
}

#[test]
fn what_comes_later_is_late_and_changes_nothing() {
    let office = office();
    let closed = office.run(&["assess", "--final", "--anyway", "常委会已议定"]);
    assert!(closed.status.success());
    let (bytes, before) = (workbook(&office), results(&office));
    // On another day it is the same workbook still, to the byte.
    let place = office.path.to_string_lossy().into_owned();
    let later = kaohe(&["assess", &place, "--now", "2019-02-03"]);
    assert!(later.status.success(), "{}", said(&later));
    assert!(workbook(&office) == bytes, "it is not the same workbook");

    // One unit that had sent nothing, and one that sends once more.
    let gift = office.world.given("T101", "委员001", 40_000);
    office.send("迟到.xlsx", &gift);
    let mut more = office.world.given(TOWN, "委员023", 90_000);
    let declared = number(90_000);
    office
        .world
        .put(&mut more, "cover", "declared_money", 0, declared);
    office.send("冷市（第二次）.xlsx", &more);
    let output = office.run(&["assess"]);
    assert!(output.status.success());
    assert!(said(&output).contains("逾期2"), "{}", said(&output));
    assert_eq!(results(&office), before);
    let banner = banner(&office);
    assert!(
        banner.contains("定稿以后又收到2个文件，逾期，没有计入"),
        "{banner}"
    );
    let status = said(&office.run(&["status"]));
    for told in [
        "已定稿：2018年12月31日",
        "逾期的文件",
        "迟到.xlsx",
        "冷市（第二次）.xlsx",
    ] {
        assert!(status.contains(told), "{told}: {status}");
    }

    // Withdrawn, they count.
    let again = office.run(&["assess", "--reopen"]);
    assert!(again.status.success(), "{}", said(&again));
    assert!(said(&again).contains("已撤销定稿"));
    let after = results(&office);
    assert_eq!(after["closed"], Value::Null);
    assert_ne!(after["funds"], before["funds"]);
    let kept = fs::read_dir(office.path.join("备份").join("汇总")).expect("a folder");
    let mut kept = kept
        .flatten()
        .map(|one| fs::read(one.path()).unwrap_or_default());
    assert!(
        kept.any(|one| one == bytes),
        "the closed workbook is not kept"
    );
}

#[test]
fn nothing_else_may_change_once_it_is_closed() {
    let office = office();
    let closed = office.run(&["assess", "--final", "--anyway", "常委会已议定"]);
    assert!(closed.status.success());
    let before = workbook(&office);
    let roster = office.path.join("名册.xlsx");
    let returned = office.returned("冷市.xlsx");
    let policy = office.path.join("policy").join("metrics.toml");
    let changed = office.world.given(TOWN, "委员023", 31_000);
    let changed = kaohe::sheet::write(&changed).expect("a return");
    let added = |path, text: &str| {
        let mut bytes = fs::read(path).expect("a file");
        bytes.extend(text.bytes());
        bytes
    };
    for (path, bytes, word) in [
        (&roster, added(&roster, "\n"), "名册.xlsx"),
        (&policy, added(&policy, "\n# 改动\n"), "方案"),
        (&returned, changed, "“冷市.xlsx”"),
    ] {
        let was = fs::read(path).expect("a file");
        fs::write(path, bytes).expect("a file");
        for command in ["assess", "explain", "export"] {
            let stopped = match command {
                "explain" => office.run(&[command, TOWN]),
                _ => office.run(&[command]),
            };
            let told = said(&stopped);
            assert_eq!(stopped.status.code(), Some(2), "{command} {word}: {told}");
            assert!(told.contains("已经定稿") && told.contains(word), "{told}");
            assert!(told.contains("--reopen"), "{told}");
        }
        assert!(
            workbook(&office) == before,
            "{word}: the workbook was replaced"
        );
        let status = office.run(&["status"]);
        assert!(status.status.success(), "{}", said(&status));
        fs::write(path, was).expect("a file");
    }
    // As it was, it runs again.
    assert!(office.run(&["assess"]).status.success());
    assert!(workbook(&office) == before);
    // What cannot be read leaves open whether it was closed.
    let record = office.path.join("汇总").join("运行记录").join("定稿.json");
    fs::write(&record, "{}").expect("a file");
    let stopped = office.run(&["assess"]);
    assert_eq!(stopped.status.code(), Some(2));
    assert!(said(&stopped).contains("定稿的记录"), "{}", said(&stopped));
}
