//! Hostile files, made by code, through the real binary: nothing crashes it,
//! nothing hangs, each is named with a reason, and the healthy files beside them
//! read as before.

#![cfg(unix)]

pub(crate) mod files;
mod memory;
mod refused;
pub(crate) mod zip;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::office::Office;
use crate::common::world::{World, number, text};
use files::{Fate, Hostile};
use kaohe::sheet::write;
use serde_json::Value;

const UNITS: [&str; 3] = ["G02", "T109", "T103"];

/// A workspace with three healthy returns.
fn office() -> Office {
    let office = Office::new();
    for unit in UNITS {
        office.save(&format!("{unit}.xlsx"), &office.healthy(unit));
    }
    office
}

impl Office {
    fn healthy(&self, unit: &str) -> Vec<u8> {
        let mut book = self.world.given(unit, "委员112", 20_000);
        self.world
            .put(&mut book, "cover", "declared_money", 0, number(20_000));
        write(&book).expect("a return")
    }
}

/// A healthy workbook that is nobody's return.
fn foreign() -> Vec<u8> {
    let bytes = fs::read("tests/formats/xlsxwriter.xlsx").expect("a workbook");
    zip::pack(&zip::parts(&bytes))
}

/// All that the healthy files came to.
fn healthy_part(result: &Value) -> Value {
    serde_json::json!([
        result["entries"],
        result["units"],
        result["members"],
        result["awards"],
        result["vetoes"],
        result["funds"],
        result["goals"],
        result["matters"],
        result["sides"],
        result["publicity"],
    ])
}

/// Outcome and reason of each file.
fn told(result: &Value) -> Vec<(String, String, String)> {
    let files = result["files"]["list"].as_array().expect("files").iter();
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
    files
        .map(|file| {
            (
                text(file, "file"),
                text(file, "outcome"),
                text(file, "reason"),
            )
        })
        .collect()
}

#[test]
fn hostile_files_cost_themselves_and_nothing_else() {
    let office = office();
    let before = office.assess();
    let hostile = files::all(&foreign());
    assert!(hostile.len() >= 120, "{} files", hostile.len());
    for file in &hostile {
        fs::write(office.returned(&file.name), &file.bytes).expect("a hostile file");
    }
    let after = office.assess();
    assert!(
        healthy_part(&before) == healthy_part(&after),
        "the healthy files read as before"
    );
    let told = told(&after);
    assert_eq!(
        told.len(),
        hostile.len() + UNITS.len(),
        "each is named once"
    );
    let mut wrong = Vec::new();
    for file in &hostile {
        let found = told.iter().find(|(name, ..)| *name == file.name);
        let (_, outcome, reason) = found.unwrap_or_else(|| panic!("{} is not named", file.name));
        println!("{} {outcome} {reason}", file.name);
        let is_chinese = reason
            .chars()
            .any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        let is_told = match file.fate {
            Fate::Refused => outcome == "unreadable",
            Fate::TwoWays => outcome == "unreadable" && reason.contains("两种读法"),
            Fate::Named => ["unreadable", "set_aside"].contains(&outcome.as_str()),
        };
        if !is_told || !is_chinese || reason.contains("panicked") {
            wrong.push(format!("{} {outcome} {reason}", file.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for file in &hostile {
        let left = fs::read(office.returned(&file.name)).expect("it is still there");
        assert!(left == file.bytes, "{} was changed", file.name);
    }
}

/// Hostile returns of a unit, made from the workbook that was issued to it, so
/// that they come through to the decoding. Each with how it may end.
fn hostile_returns(world: &World) -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let issued = world.issued("T101");
    let funds = &world.policy.forms["funds"].sheet;
    let number = issued.sheets.iter().position(|sheet| sheet.name == *funds);
    let number = number.expect("the sheet");
    let part = format!("xl/worksheets/sheet{}.xml", number + 1);
    let bytes = write(&issued).expect("a return");
    let bytes = zip::pack(&zip::parts(&bytes));
    let with_rows = |rows: std::ops::Range<u32>, cell: &dyn Fn(u32) -> String| {
        let rows = rows.map(|row| format!("<row r=\"{row}\">{}</row>", cell(row)));
        let rows: String = rows.collect();
        zip::text(
            &bytes,
            &part,
            "</sheetData>",
            &format!("{rows}</sheetData>"),
        )
    };
    let typed = |row: u32| format!("<c r=\"C{row}\" t=\"inlineStr\"><is><t>修路</t></is></c>");
    let formula = |row: u32| format!("<c r=\"C{row}\"><f>1+{row}</f></c>");
    let merged = |areas: &str| {
        let bytes = with_rows(5_000..7_000, &typed);
        let list = format!("{areas}</mergeCells>");
        zip::text(&bytes, &part, "</mergeCells>", &list)
    };
    let overlapping: String = (5_000..7_000)
        .map(|row| format!("<mergeCell ref=\"C{row}:C1048576\"/>"))
        .collect();
    let mut copies = world.issued("T101");
    for row in 0..150 {
        world.gift(&mut copies, row, "谁也不是", text("若干"));
    }
    for copy in 0..40 {
        let mut sheet = copies.sheets[number].clone();
        sheet.name = format!("{funds} ({copy})");
        copies.sheets.push(sheet);
    }
    let any: &[&str] = &["accepted", "set_aside", "unreadable"];
    vec![
        (
            "长列.xlsx",
            with_rows(5_000..205_000, &typed),
            &["set_aside"],
        ),
        (
            "无结果的公式.xlsx",
            with_rows(5_000..205_000, &formula),
            &["set_aside"],
        ),
        ("四千公式.xlsx", with_rows(5_000..9_000, &formula), any),
        (
            "大合并.xlsx",
            merged("<mergeCell ref=\"C5000:C1048576\"/>"),
            any,
        ),
        ("重叠合并.xlsx", merged(&overlapping), any),
        (
            "四十份.xlsx",
            write(&copies).expect("a return"),
            &["set_aside"],
        ),
    ]
}

#[test]
fn hostile_returns_of_a_unit_cost_themselves() {
    let office = office();
    let of_others = |result: &Value| -> Vec<Value> {
        let entries = result["entries"].as_array().expect("entries").iter();
        let of_others = |entry: &&Value| entry["file"] != "敌.xlsx";
        entries
            .filter(of_others)
            .map(|entry| entry["values"].clone())
            .collect()
    };
    let before = office.assess();
    let mut wrong = Vec::new();
    for (name, bytes, fates) in hostile_returns(&office.world) {
        fs::write(office.returned("敌.xlsx"), bytes).expect("a hostile return");
        let begun = Instant::now();
        let after = office.assess();
        let told = told(&after);
        let own = told.iter().find(|(file, ..)| file == "敌.xlsx");
        let (_, outcome, reason) = own.expect("it is named");
        println!("{name} {outcome} {reason} {:?}", begun.elapsed());
        if !fates.contains(&outcome.as_str()) || begun.elapsed() > Duration::from_secs(60) {
            wrong.push(format!("{name} {outcome} {reason}"));
        }
        assert!(
            of_others(&before) == of_others(&after),
            "{name}: the others read as before"
        );
        if outcome != "accepted" {
            assert!(
                healthy_part(&before) == healthy_part(&after),
                "{name}: the others count as before"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Some files at a time, with memory limited from outside. What they cost is told by
/// the processor: how long they wait for it, on a machine that is busy with other
/// tests, says nothing of the program.
#[test]
fn none_takes_long_or_much() {
    let hostile = files::all(&foreign());
    let folder = tempfile::tempdir().expect("a folder");
    let taken = folder.path().join("taken");
    let mut worst = (Duration::ZERO, String::new());
    let groups: Vec<&[Hostile]> = hostile.chunks(8).collect();
    for group in groups {
        let paths: Vec<PathBuf> = group
            .iter()
            .map(|file| {
                let path = folder.path().join(&file.name);
                fs::write(&path, &file.bytes).expect("a file");
                path
            })
            .collect();
        let output = limited(1 << 20, &["check", "--format", "json"], &paths, &taken);
        let took = processor(&taken);
        let code = output.status.code();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(code, Some(0 | 1)),
            "{}: {code:?} {said}",
            group[0].name
        );
        assert!(
            took < Duration::from_secs(20),
            "{}: {took:?}",
            group[0].name
        );
        worst = worst.max((took, group[0].name.clone()));
    }
    println!("the longest eight: {worst:?}");
}

/// Runs the program with so many KiB of address space for each process.
/// What it and its workers take of the processor is written into a file.
fn limited(kib: u64, arguments: &[&str], paths: &[PathBuf], taken: &Path) -> std::process::Output {
    let script = "ulimit -v \"$KIB\"; \"$@\"; code=$?; times > \"$TAKEN\"; exit $code";
    Command::new("sh")
        .args(["-c", script])
        .env("KIB", kib.to_string())
        .env("TAKEN", taken)
        .arg("sh")
        .arg(assert_cmd::cargo::cargo_bin!("kaohe"))
        .args(arguments)
        .args(paths)
        .env("KAOHE_NOW", "2018-12-31")
        .output()
        .expect("it runs")
}

/// What the children of a shell took, as it tells: user and system, in its second line.
fn processor(taken: &Path) -> Duration {
    let told = fs::read_to_string(taken).expect("what was taken");
    let line = told.lines().nth(1).expect("a line for the children");
    let seconds = |time: &str| -> f64 {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').expect("a time");
        let part = |text: &str| text.parse::<f64>().expect("a number");
        part(minutes) * 60.0 + part(seconds)
    };
    Duration::from_secs_f64(line.split_whitespace().map(seconds).sum())
}

/// The processes that open files for another.
fn workers(of: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{of}/task"))
        .into_iter()
        .flatten();
    let children = tasks
        .flatten()
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    children
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<u32>>()
        })
        // One that is stopped before it has become a worker keeps who starts it waiting.
        .filter(|id| {
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains("open-files")
        })
        .collect()
}

fn signal(name: &str, process: u32) {
    let _ = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(process.to_string())
        .status();
}

/// Runs an assessment and does something to its workers as soon as there are
/// any.
fn assess_while(path: &Path, act: impl Fn(u32)) -> (Value, Duration) {
    let begun = Instant::now();
    let child = Command::new(assert_cmd::cargo::cargo_bin!("kaohe"))
        .arg("assess")
        .arg(path)
        // What was decoded before would not be opened at all.
        .args(["--format", "json"])
        .env("KAOHE_NOW", "2018-12-31")
        .env("KAOHE_CORES", "2")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut acted = Vec::new();
    let wait = Instant::now();
    // The first alone opens the roster, without which there is no assessment.
    while acted.len() < 2 && wait.elapsed() < Duration::from_secs(10) {
        acted = workers(child.id());
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(acted.len() >= 2, "no workers were seen");
    for process in acted {
        act(process);
    }
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    (
        serde_json::from_slice(&output.stdout).expect("JSON"),
        begun.elapsed(),
    )
}

#[test]
fn a_worker_that_is_killed_costs_nothing() {
    let office = office();
    let before = office.assess();
    let (after, _) = assess_while(&office.path, |process| signal("KILL", process));
    assert!(
        healthy_part(&before) == healthy_part(&after),
        "the healthy files read as before"
    );
}

#[test]
fn a_worker_that_hangs_costs_its_file() {
    let office = office();
    office.assess();
    let mut unread = Vec::new();
    let mut after = Value::Null;
    // A few files are read in no time: it may take some goes to meet a worker at
    // work.
    for _ in 0..40 {
        let took;
        (after, took) = assess_while(&office.path, |process| signal("STOP", process));
        assert!(took < Duration::from_secs(40), "{took:?}");
        unread = told(&after);
        unread.retain(|(_, outcome, _)| outcome == "unreadable");
        if !unread.is_empty() {
            break;
        }
    }
    assert!((1..=2).contains(&unread.len()), "{unread:?}");
    assert!(
        unread
            .iter()
            .all(|(.., reason)| reason.contains("很久没有读完")),
        "{unread:?}"
    );
    assert_eq!(told(&after).len(), UNITS.len());
    // And again it is read as if nothing had been.
    let again = office.assess();
    assert!(
        told(&again)
            .iter()
            .all(|(_, outcome, _)| outcome == "accepted")
    );
}

#[test]
fn a_file_that_takes_all_memory_costs_itself() {
    let office = office();
    let returned = office.path.join("回收");
    // Only reading is limited here: what writes the workbook needs more.
    let check = |kib: u64| -> Vec<Value> {
        let arguments = ["check", "--format", "json"];
        let output = limited(
            kib,
            &arguments,
            std::slice::from_ref(&returned),
            &office.path.join("taken"),
        );
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
        let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        result["files"].as_array().expect("files").clone()
    };
    let before = check(4 << 20);
    // Nearly two million cells: more than fits into so little memory.
    let rows: String = (1..=140_000)
        .map(|row| {
            let cells: String = [
                "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N",
            ]
            .iter()
            .map(|column| format!("<c r=\"{column}{row}\"><v>{row}</v></c>"))
            .collect();
            format!("<row r=\"{row}\">{cells}</row>")
        })
        .collect();
    let large = zip::with(&foreign(), "xl/worksheets/sheet2.xml", |part| {
        let text = String::from_utf8(part.content.clone()).expect("text");
        let from = text.find("<sheetData>").expect("rows") + 11;
        let to = text.find("</sheetData>").expect("their end");
        part.content = format!("{}{rows}{}", &text[..from], &text[to..]).into_bytes();
    });
    fs::write(office.returned("large.xlsx"), large).expect("a file");
    let (large, others): (Vec<Value>, Vec<Value>) = check(280 << 10)
        .into_iter()
        .partition(|file| file["name"] == "large.xlsx");
    let large = large.first().expect("it is named");
    let reason = large["reason"].as_str().unwrap_or_default();
    // On a busy machine the clock may come first.
    let words = ["读取中断", "很久没有读完", "太大"];
    let is_told = words.iter().any(|word| reason.contains(word));
    assert!(large["outcome"] == "unreadable" && is_told, "{large:#}");
    assert!(before == others, "the healthy files read as before");
}
