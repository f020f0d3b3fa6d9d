//! The whole loop: issued, filled in, damaged, returned, mended, sent in again.
//! And whatever came back, all of it stands again in the returned workbook.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::kaohe;
use common::world::{TODAY, World, file, number, text, world};
use kaohe::diagnostic::Finding;
use kaohe::flow::{Scope, read_files};
use kaohe::form::{Layout, shown};
use kaohe::intake::{State, Submission, Use, gather_paths};
use kaohe::returned::returned_workbook;
use kaohe::sheet::{Cell, Content, Found, FoundWorkbook, Look, Sheet, Workbook, open, write};
use kaohe::template::{LEFTOVER_SHEET, OPINION_SHEET};
use serde_json::Value;

const UNIT: &str = "G01";

/// A return without faults: two gifts and the total on the cover.
fn correct(world: &World) -> Workbook {
    let mut book = world.issued(UNIT);
    world.gift(&mut book, 0, "委员107", number(50_000));
    world.gift(&mut book, 1, "委员108", number(3_000));
    world.put(&mut book, "cover", "declared_money", 0, number(53_000));
    for entry in 0..members(world) {
        for field in world.policy.forms["three_ones"].fields.values() {
            if field.kind == kaohe::policy::Kind::YesNo {
                world.put(&mut book, "three_ones", &field.id, entry, text("是"));
            }
        }
    }
    book
}

fn members(world: &World) -> u32 {
    let of_unit =
        |m: &&kaohe::roster::Member| m.unit == UNIT && m.category == kaohe::policy::CPPCC_MEMBER;
    world.roster.members().filter(of_unit).count() as u32
}

/// What is done to it, cell by cell: form, field, entry, and what was typed.
fn faults() -> Vec<(&'static str, &'static str, u32, Content)> {
    vec![
        ("funds", "amount", 0, text("5-6万")),
        ("funds", "amount", 1, text("0.3万元")),
        ("funds", "date", 0, text("2018-2-30")),
        ("funds", "date", 1, text("6月8日")),
        ("funds", "donor", 1, text("委元108")),
        ("funds", "channel", 0, text("社会捐款")),
        ("funds", "purpose", 1, Content::Blank),
        ("cover", "phone", 0, text("1.39E+10")),
        ("three_ones", "member", 0, text("委员107、委员108")),
    ]
}

/// The damaged return, also with a renamed sheet, an extra column and a note.
fn damaged(world: &World) -> Workbook {
    let mut book = correct(world);
    for (form, field, entry, content) in faults() {
        world.put(&mut book, form, field, entry, content);
    }
    let form = &world.policy.forms["funds"];
    let layout = Layout::new(form, 1);
    let sheet = book
        .sheets
        .iter_mut()
        .find(|s| s.name == form.sheet)
        .unwrap();
    let beside = layout.columns();
    let header = layout.number_header().row;
    let style = Look::Plain.into();
    sheet.text(Cell::new(header, beside), "本单位备查", style);
    sheet.text(Cell::new(header + 1, beside), "备查一", style);
    sheet.text(Cell::new(header + 9, 1), "注：另有一笔在办手续", style);
    sheet.name = "帮扶资金".to_owned();
    book
}

/// A workbook that was read, to be changed and written again by another hand.
fn editable(found: &FoundWorkbook, like: Workbook) -> Workbook {
    let sheets = found.sheets.iter().map(|sheet| {
        let mut made = Sheet::new(&sheet.name);
        made.visibility = sheet.visibility;
        for (cell, found) in &sheet.cells {
            let content = match found {
                Found::Number(number) => Content::Number(*number),
                Found::Date(date, _) => Content::Date(*date),
                other => Content::Text(shown(other)),
            };
            made.put(*cell, content, Look::Plain.into());
        }
        made
    });
    Workbook {
        sheets: sheets.collect(),
        ..like
    }
}

fn workspace() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("考核");
    assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
    assert!(kaohe(&["issue", &path.to_string_lossy()]).status.success());
    (dir, path)
}

fn sent_back(workspace: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace.join("退回")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Findings about files, without those of units that did not return.
fn findings(result: &Value) -> Vec<(String, String)> {
    let all = result["findings"].as_array().unwrap().iter();
    all.map(|f| {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        (text(&f["code"]), text(&f["place"]["file"]))
    })
    .filter(|(code, _)| code != "RC-406")
    .collect()
}

fn unit<'a>(result: &'a Value, code: &str) -> &'a Value {
    let mut units = result["units"].as_array().unwrap().iter();
    units.find(|unit| unit["code"] == code).unwrap()
}

#[test]
fn damaged_returned_mended_and_clean() {
    let world = world();
    let (_first, undamaged) = workspace();
    fs::write(
        undamaged.join("回收/甲.xlsx"),
        write(&correct(&world)).unwrap(),
    )
    .unwrap();
    let expected = common::assess(&undamaged);
    assert_eq!(findings(&expected), []);

    let (_second, workspace) = workspace();
    let incoming = workspace.join("回收/甲.xlsx");
    fs::write(&incoming, write(&damaged(&world)).unwrap()).unwrap();
    let output = kaohe(&["return", &workspace.to_string_lossy()]);
    assert!(output.status.success());
    let files = sent_back(&workspace);
    assert_eq!(files.len(), 1, "{files:?}");
    let bytes = fs::read(&files[0]).unwrap();
    let found = open(&bytes).unwrap();

    // Every value as it was typed, each in the cell of its field.
    let cell = |form: &str, field: &str, entry: u32| {
        let form = &world.policy.forms[form];
        (
            form.sheet.clone(),
            Layout::new(form, 1).cell(&form.fields[field], entry),
        )
    };
    let sheet = |name: &str| {
        found
            .sheets
            .iter()
            .find(|sheet| sheet.name == name)
            .unwrap()
    };
    for (form, field, entry, content) in faults() {
        let (name, at) = cell(form, field, entry);
        let is = sheet(&name).cells.get(&at).map(shown);
        match content {
            Content::Text(text) => assert_eq!(is, Some(text), "{field}"),
            _ => assert_eq!(is, None, "{field}"),
        }
    }
    let (name, at) = cell("funds", "village", 0);
    assert_eq!(sheet(&name).cells.get(&at), None);
    let left: Vec<String> = sheet(LEFTOVER_SHEET).cells.values().map(shown).collect();
    for text in ["本单位备查", "备查一", "注：另有一笔在办手续"] {
        assert!(left.iter().any(|t| t == text), "{text} in {left:?}");
    }
    // Each fault is listed, and marked with a comment.
    let listed: Vec<String> = sheet(OPINION_SHEET).cells.values().map(shown).collect();
    for text in ["5-6万", "2018-2-30", "委元108", "社会捐款", "1.39E+10"] {
        assert!(listed.iter().any(|t| t == text), "{text} in {listed:?}");
    }
    let (comments, checks) = parts(&bytes);
    for words in [
        "写的是一个范围",
        "没有这一天",
        "是不是“委员108”",
        "是必填栏，没有填",
    ] {
        assert!(comments.contains(words), "{words} in {comments}");
    }
    let unit_of = world.roster.unit(UNIT).unwrap();
    let blank = kaohe::template::unit_workbook(&world.policy, &world.roster, unit_of, TODAY);
    assert_eq!(
        checks,
        parts(&write(&blank).unwrap()).1,
        "drop-downs and checks"
    );

    // Mended by the clerk in that file, and sent in beside the first.
    let mut mended = editable(&found, correct(&world));
    let right = correct(&world);
    for (form, field, entry, _) in faults() {
        let (name, at) = cell(form, field, entry);
        let of = right
            .sheets
            .iter()
            .find(|sheet| sheet.name == name)
            .unwrap();
        let content = of.cells[&at].0.clone();
        let sheet = mended
            .sheets
            .iter_mut()
            .find(|sheet| sheet.name == name)
            .unwrap();
        sheet.put(at, content, Look::Plain.into());
    }
    fs::write(workspace.join("回收/甲改.xlsx"), write(&mended).unwrap()).unwrap();
    let result = common::assess(&workspace);
    let replaced = ("RC-401".to_owned(), "甲.xlsx".to_owned());
    assert_eq!(findings(&result), [replaced]);
    assert_eq!(unit(&result, UNIT)["score"], unit(&expected, UNIT)["score"]);
    assert_eq!(result["funds"], expected["funds"]);

    // Nothing more to return.
    fs::remove_file(&files[0]).unwrap();
    assert!(
        kaohe(&["return", &workspace.to_string_lossy()])
            .status
            .success()
    );
    assert_eq!(sent_back(&workspace), Vec::<PathBuf>::new());
}

/// The text of all comments, and how many checks each sheet has.
fn parts(bytes: &[u8]) -> (String, Vec<usize>) {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut comments = String::new();
    let mut checks = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        if name.ends_with(".xml") && part.read_to_string(&mut text).is_ok() {
            if name.starts_with("xl/comments") {
                comments.push_str(&text);
            }
            let count = text.matches("<dataValidation ").count();
            if name.starts_with("xl/worksheets/") && count > 0 {
                checks.push(count);
            }
        }
    }
    (comments, checks)
}

/// The committed messy returns, each under the name of its file.
fn messy() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messy");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let ending = path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            ["xlsx", "xlsm", "xls", "et", "ods", "xlsb"].contains(&ending.as_str())
        })
        .collect();
    files.sort();
    files
}

/// What a cell says; a number that a cell for days shows as a day, as that day.
fn says(found: &Found) -> String {
    let text = shown(found);
    let serial = text
        .parse::<i32>()
        .ok()
        .filter(|n| (40_000..47_000).contains(n));
    match serial {
        Some(days) => jiff::civil::date(1899, 12, 30)
            .saturating_add(jiff::Span::new().days(days))
            .to_string(),
        // A number under a header of another measure takes the measure along.
        None => text.trim_end_matches("万元").to_owned(),
    }
}

/// What every field of every entry says, by form.
fn said(submission: &Submission) -> BTreeMap<String, Vec<Vec<(String, String)>>> {
    let mut said: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for entry in &submission.entries {
        let mut cells: Vec<(String, String)> = entry
            .row
            .raw
            .cells
            .iter()
            .map(|(id, raw)| (id.clone(), says(&raw.found)))
            .collect();
        cells.sort();
        said.entry(entry.form.clone()).or_default().push(cells);
    }
    said
}

#[test]
fn whatever_came_back_stands_again_and_reads_the_same() {
    let world = world();
    let mut returned = 0;
    for path in messy() {
        let (files, _) = gather_paths(std::slice::from_ref(&path)).unwrap();
        let read = read_files(&files, &world.policy, &world.roster, Scope::Files);
        let State::Read(submission) = &read.value.ledger().files[0].state else {
            continue;
        };
        let name = path.file_name().unwrap().to_string_lossy();
        let findings: Vec<&Finding> = read.findings.iter().collect();
        let book = returned_workbook(submission, &findings, &world.policy, &world.roster, TODAY);
        let bytes = write(&book.unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = open(&bytes).unwrap();

        // Each cell that somebody wrote stands in it again.
        let mut texts: BTreeMap<String, i32> = BTreeMap::new();
        for sheet in again
            .sheets
            .iter()
            .filter(|sheet| sheet.name != OPINION_SHEET)
        {
            for found in sheet.cells.values() {
                *texts.entry(says(found)).or_default() += 1;
            }
        }
        let workbook = open(files[0].bytes.as_ref().unwrap()).unwrap();
        for ((sheet, cell), what) in submission.account(&workbook) {
            let of = workbook.sheets.iter().find(|s| s.name == sheet).unwrap();
            let text = says(&of.cells[&cell]);
            if what == Use::Office || kaohe::value::squeeze(&text).is_empty() {
                continue;
            }
            let left = texts.entry(text.clone()).or_default();
            *left -= 1;
            assert!(
                *left >= 0,
                "{name}: {sheet}!{} “{text}” is lost",
                cell.name()
            );
        }

        // And reads the same, with no new findings about its form.
        let second = read_files(
            &[file("退回.xlsx", bytes)],
            &world.policy,
            &world.roster,
            Scope::Files,
        );
        let State::Read(reread) = &second.value.ledger().files[0].state else {
            panic!("{name}: {:?}", second.findings);
        };
        let known: Vec<String> = world
            .policy
            .forms_of(&world.roster.unit(&submission.unit).unwrap().kind)
            .map(|form| form.id.clone())
            .collect();
        let (before, after) = (said(submission), said(reread));
        for form in known {
            let of = |said: &BTreeMap<String, Vec<Vec<(String, String)>>>| {
                said.get(&form).cloned().unwrap_or_default()
            };
            if form == "cover" {
                continue;
            }
            assert_eq!(of(&after), of(&before), "{name}: {form}");
        }
        assert!(
            reread.leftovers.is_empty(),
            "{name}: {:?}",
            reread.leftovers
        );
        assert_eq!(reread.revision, submission.revision + 1);
        returned += 1;
    }
    assert!(returned >= 60, "{returned} were read");
}

#[test]
fn an_amount_under_a_header_in_ten_thousands_keeps_its_meaning() {
    let world = world();
    let mut book = world.issued(UNIT);
    world.gift(&mut book, 0, "委员107", number(5));
    let form = &world.policy.forms["funds"];
    let header = Layout::new(form, 1).header(&form.fields["amount"]);
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    sheet
        .unwrap()
        .text(header, "金额或折价(万元)", Look::Plain.into());
    let read_one = |bytes: Vec<u8>| {
        let files = [file("甲.xlsx", bytes)];
        read_files(&files, &world.policy, &world.roster, Scope::Files)
    };
    let read = read_one(write(&book).unwrap());
    let State::Read(submission) = &read.value.ledger().files[0].state else {
        panic!("{:?}", read.findings);
    };
    let findings: Vec<&Finding> = read.findings.iter().collect();
    let returned =
        returned_workbook(submission, &findings, &world.policy, &world.roster, TODAY).unwrap();
    let second = read_one(write(&returned).unwrap());
    let State::Read(again) = &second.value.ledger().files[0].state else {
        panic!("{:?}", second.findings);
    };
    let gift = again.entries.iter().find(|entry| entry.form == "funds");
    let amount = gift.unwrap().row.values["amount"].number();
    assert_eq!(amount, Some(50_000.into()), "5 under 万元 is 50,000 元");
    let listed: Vec<&str> = second.findings.iter().map(|f| f.code.code()).collect();
    assert!(listed.contains(&"IN-216"), "{listed:?}");
}
