//! The whole loop: issued, filled in, damaged, returned, mended, sent in again.
//! And whatever came back, all of it stands again in the returned workbook.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::kaohe;
use crate::common::world::{TODAY, World, file, first_return, number, text, world};
use kaohe::correction::returned_workbook;
use kaohe::diagnostic::Finding;
use kaohe::form::{Layout, shown};
use kaohe::intake::{State, Submission, Use, gather_paths};
use kaohe::sheet::{Cell, Content, Found, FoundWorkbook, Look, Sheet, Workbook, open, write};
use kaohe::template::{LEFTOVER_SHEET, OPINION_SHEET};
use serde_json::Value;

const UNIT: &str = "G01";

/// A return without faults: two gifts and the total on the cover.
fn correct(world: &World) -> Workbook {
    let mut book = world.issued(UNIT);
    world.gift(&mut book, 0, "委员107", number(50_000));
    world.put(&mut book, "funds", "voucher", 0, text("收据001"));
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

/// The damaged return, also with a renamed sheet, moved columns, an extra
/// column and a note.
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
    // Two columns change places.
    let [a, b] = ["way", "purpose"].map(|id| layout.header(&form.fields[id]).column);
    let moved = std::mem::take(&mut sheet.cells).into_iter();
    sheet.cells = moved
        .map(|(cell, content)| match cell.column {
            column if column == a => (Cell::new(cell.row, b), content),
            column if column == b => (Cell::new(cell.row, a), content),
            _ => (cell, content),
        })
        .collect();
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
    let expected = crate::common::assess(&undamaged);
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
    let result = crate::common::assess(&workspace);
    let replaced = ("RC-401".to_owned(), "甲.xlsx".to_owned());
    assert_eq!(findings(&result), [replaced]);
    assert_eq!(unit(&result, UNIT)["score"], unit(&expected, UNIT)["score"]);
    assert_eq!(result["funds"], expected["funds"]);

    // Nothing more to return: what was sent back before is not sent again.
    let sent = fs::read(&files[0]).unwrap();
    let output = kaohe(&["return", &workspace.to_string_lossy()]);
    assert!(output.status.success());
    assert_eq!(sent_back(&workspace), Vec::<PathBuf>::new());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("已移到“备份”"), "{said}");
    let mut kept = fs::read_dir(workspace.join("备份/退回")).unwrap().flatten();
    assert!(kept.any(|file| fs::read(file.path()).unwrap() == sent));
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
            .map(|(id, raw)| (id.to_owned(), says(raw.found())))
            .collect();
        cells.sort();
        said.entry(entry.form.to_string()).or_default().push(cells);
    }
    said
}

/// What is counted of each entry of a form, and whether the entry cannot count.
fn counted(submission: &Submission, form: &str) -> Vec<(Vec<(String, String)>, bool)> {
    let entries = submission.entries.iter().filter(|entry| entry.form == form);
    entries
        .map(|entry| {
            let values = entry.row.values.iter();
            let mut values: Vec<(String, String)> = values
                .map(|(id, value)| (id.to_owned(), value.to_string()))
                .collect();
            values.sort();
            (values, entry.row.rejected.is_some())
        })
        .collect()
}

#[test]
fn whatever_came_back_stands_again_and_reads_the_same() {
    let world = world();
    let mut returned = 0;
    for path in messy() {
        let (files, _) = gather_paths(std::slice::from_ref(&path)).unwrap();
        let read = world.read(&files);
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
        let workbook = open(&files[0].read().unwrap()).unwrap();
        for ((sheet, cell), what) in submission.account(&workbook) {
            let of = workbook.sheets.iter().find(|s| s.name == sheet).unwrap();
            // Where some of a text is struck out, it is quoted with that.
            let quoted = of
                .beside
                .get(&cell)
                .and_then(|beside| beside.quoted_struck());
            let text = quoted.unwrap_or_else(|| says(&of.cells[&cell]));
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
        let second = world.read(&[file("退回.xlsx", bytes)]);
        let reread = first_return(&second);
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
            // Sent in again without a change it counts for what it did, and what
            // could not count still cannot, but for amounts that took along the
            // measure of their header (see below).
            if submission
                .placed
                .get(&form)
                .is_some_and(|placed| !placed.unusable.is_empty())
            {
                continue;
            }
            assert_eq!(
                counted(reread, &form),
                counted(submission, &form),
                "{name}: {form}"
            );
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

/// What is sent back for a workbook that came in, and the findings about it.
fn sent(world: &World, bytes: Vec<u8>) -> (Workbook, Vec<Finding>) {
    let files = [file("甲.xlsx", bytes)];
    let read = world.read(&files);
    let submission = first_return(&read);
    let findings: Vec<&Finding> = read.findings.iter().collect();
    let book = returned_workbook(submission, &findings, &world.policy, &world.roster, TODAY);
    (book.unwrap(), read.findings)
}

/// Sheet and cell of a field in an entry.
fn place(world: &World, form: &str, field: &str, entry: u32) -> (String, Cell) {
    let form = &world.policy.forms[form];
    let cell = Layout::new(form, 1).cell(&form.fields[field], entry);
    (form.sheet.clone(), cell)
}

fn sheet_of<'a>(book: &'a Workbook, name: &str) -> &'a Sheet {
    book.sheets.iter().find(|sheet| sheet.name == name).unwrap()
}

/// Each figure is marked, the header stays locked, and what would read as
/// another figure with the measure of its header is not read at all.
#[test]
fn figures_under_another_measure_are_marked_each_and_never_become_others() {
    let world = world();
    let form = &world.policy.forms["funds"];
    let header = Layout::new(form, 1).header(&form.fields["amount"]);
    let (_, cell) = place(&world, "funds", "amount", 0);
    for (measure, typed, stands, value) in [
        ("万元", number(5), "5万元", Some(50_000)),
        ("千元", number(5), "5千元", Some(5_000)),
        ("万元", text("3千"), "3千（单位？）", None),
        ("万元", text("3万"), "3万（单位？）", None),
        ("%", number(5), "5%", None),
        ("美元", number(5), "5美元", None),
    ] {
        let mut book = correct(&world);
        world.put(&mut book, "funds", "amount", 0, typed.clone());
        let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
        let changed = format!("金额或折价（{measure}）");
        sheet
            .unwrap()
            .text(header, changed.clone(), Look::Header.into());
        let (back, _) = sent(&world, write(&book).unwrap());
        let sheet = sheet_of(&back, &form.sheet);
        assert_ne!(
            sheet.cells[&header].0,
            text(&changed),
            "the form's own header"
        );
        assert!(!sheet.cells[&header].1.input);
        assert!(!sheet.notes.contains_key(&header));
        assert_eq!(sheet.cells[&cell].0, text(stands));
        assert!(sheet.cells[&cell].1.input);
        let note = &sheet.notes[&cell];
        let said = match &typed {
            Content::Text(text) => text.clone(),
            _ => "5".to_owned(),
        };
        assert!(note.contains(&format!("填写的是：{said}\n")), "{note}");

        let files = [file("甲.xlsx", write(&back).unwrap())];
        let read = world.read(&files);
        let again = first_return(&read);
        let gift = again.entries.iter().find(|entry| entry.form == "funds");
        let row = &gift.unwrap().row;
        let amount = row
            .values
            .get("amount")
            .and_then(kaohe::value::Value::number);
        assert_eq!(amount, value.map(Into::into), "{measure}");
        assert_eq!(row.rejected.is_some(), value.is_none(), "{measure}");
    }
}

#[test]
fn an_error_that_became_a_text_is_still_one() {
    let world = world();
    for error in ["#REF!", "#N/A", "Err:502"] {
        let mut book = correct(&world);
        world.put(&mut book, "funds", "purpose", 0, text(error));
        let (back, findings) = sent(&world, write(&book).unwrap());
        let codes: Vec<&str> = findings.iter().map(|f| f.code.code()).collect();
        assert_eq!(codes, ["IN-213"], "{error}");
        let (name, cell) = place(&world, "funds", "purpose", 0);
        let sheet = sheet_of(&back, &name);
        assert_eq!(sheet.cells[&cell].0, text(error));
        assert!(sheet.notes[&cell].contains("错误"));
    }
}

/// A day whose cell lost its format, in a workbook that counts from 1904.
#[test]
fn the_number_of_a_day_is_sent_back_as_that_day() {
    use std::io::{Cursor, Read, Write};
    let world = world();
    let mut book = correct(&world);
    world.put(&mut book, "funds", "date", 0, number(41_821));
    world.put(&mut book, "funds", "amount", 0, text("5-6万"));
    let mut parts = zip7::ZipArchive::new(Cursor::new(write(&book).unwrap())).unwrap();
    let mut out = zip7::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).unwrap();
        let name = part.name().to_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "xl/workbook.xml" {
            let xml = String::from_utf8(content).unwrap();
            assert!(xml.contains("<workbookPr "));
            content = xml
                .replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
                .into_bytes();
        }
        let options = zip7::write::SimpleFileOptions::default()
            .compression_method(zip7::CompressionMethod::Stored);
        out.start_file(name, options).unwrap();
        out.write_all(&content).unwrap();
    }
    let (back, _) = sent(&world, out.finish().unwrap().into_inner());
    let (name, cell) = place(&world, "funds", "date", 0);
    let day = Content::Date(jiff::civil::date(2018, 7, 2));
    assert_eq!(sheet_of(&back, &name).cells[&cell].0, day);
}

#[test]
fn long_and_strange_texts_do_not_keep_a_workbook_from_being_sent_back() {
    let world = world();
    let names: Vec<String> = (0..3000).map(|n| format!("某某{n:04}")).collect();
    let mut book = correct(&world);
    world.put(
        &mut book,
        "three_ones",
        "member",
        0,
        text(&names.join("、")),
    );
    world.put(&mut book, "funds", "amount", 0, text("五\u{1}六\"万"));
    world.put(&mut book, "funds", "purpose", 1, text(&"路".repeat(32_767)));
    let (back, _) = sent(&world, write(&book).unwrap());
    let found = open(&write(&back).unwrap()).unwrap();
    let (name, cell) = place(&world, "funds", "purpose", 1);
    let sheet = found
        .sheets
        .iter()
        .find(|sheet| sheet.name == name)
        .unwrap();
    let whole = Found::Text("路".repeat(32_767).into());
    assert!(sheet.cells[&cell] == whole, "the text is whole");
}

/// The office's own name twice: one of the rows can be mended.
#[test]
fn a_prefilled_name_is_locked_once() {
    let world = world();
    let mut book = correct(&world);
    let (name, first) = place(&world, "three_ones", "member", 0);
    let (_, second) = place(&world, "three_ones", "member", 1);
    let own = sheet_of(&book, &name).cells[&first].0.clone();
    world.put(&mut book, "three_ones", "member", 1, own);
    let (back, _) = sent(&world, write(&book).unwrap());
    let sheet = sheet_of(&back, &name);
    assert!(!sheet.cells[&first].1.input);
    assert!(sheet.cells[&second].1.input);
}

#[test]
fn a_lost_column_leads_to_its_header() {
    let world = world();
    let mut book = correct(&world);
    let form = &world.policy.forms["funds"];
    let layout = Layout::new(form, 1);
    let column = layout.header(&form.fields["purpose"]).column;
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    let sheet = sheet.unwrap();
    sheet
        .cells
        .retain(|cell, _| cell.column != column || cell.row < 4);
    let (back, _) = sent(&world, write(&book).unwrap());
    let sheet = sheet_of(&back, &form.sheet);
    let header = layout.header(&form.fields["purpose"]);
    assert!(sheet.notes[&header].contains("缺少栏目"));
    assert!(!sheet.cells[&header].1.input);
    let opinion = sheet_of(&back, OPINION_SHEET);
    let leads = opinion.cells.values().any(|(content, _)| {
        matches!(content, Content::Link { sheet, cell, .. } if *sheet == form.sheet && *cell == header)
    });
    assert!(leads);
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
        world.read(&files)
    };
    let read = read_one(write(&book).unwrap());
    let submission = first_return(&read);
    let findings: Vec<&Finding> = read.findings.iter().collect();
    let returned =
        returned_workbook(submission, &findings, &world.policy, &world.roster, TODAY).unwrap();
    let second = read_one(write(&returned).unwrap());
    let again = first_return(&second);
    let gift = again.entries.iter().find(|entry| entry.form == "funds");
    let amount = gift
        .unwrap()
        .row
        .values
        .get("amount")
        .and_then(|v| v.number());
    assert_eq!(amount, Some(50_000.into()), "5 under 万元 is 50,000 元");
    let listed: Vec<&str> = second.findings.iter().map(|f| f.code.code()).collect();
    assert!(listed.contains(&"IN-216"), "{listed:?}");
}

/// The column 改了吗, worked out by an engine that is not this program: nothing is
/// changed in the workbook as it is sent back, everything in the mended one.
#[test]
fn the_opinion_knows_what_was_changed() {
    let world = world();
    let mut book = correct(&world);
    for (form, field, entry, content) in faults() {
        world.put(&mut book, form, field, entry, content);
    }
    let texts = [
        ("amount", number(-500)),
        ("date", Content::Date(jiff::civil::date(1900, 1, 3))),
        ("donor_kind", text("政协\"委员\"们")),
        ("purpose", Content::Blank),
        ("channel", text("x&<y>")),
    ];
    for (field, content) in texts {
        world.put(&mut book, "funds", field, 0, content);
    }
    let (back, _) = sent(&world, write(&book).unwrap());
    let answers = |book: &Workbook| -> Vec<String> {
        let spoiled = crate::common::with_sheets(&write(book).unwrap(), crate::common::spoil);
        let options = formualizer::XlsxRecalculateOptions::default();
        let again = formualizer::recalculate_xlsx_bytes(&spoiled, options).unwrap();
        let found = open(&again.bytes).unwrap();
        let sheet = found
            .sheets
            .iter()
            .find(|s| s.name == OPINION_SHEET)
            .unwrap();
        let cells = sheet
            .cells
            .iter()
            .filter(|(cell, _)| sheet.formulas.contains(cell));
        cells.map(|(_, found)| shown(found)).collect()
    };
    let before = answers(&back);
    assert!(before.len() >= 12, "{before:?}");
    assert!(before.iter().all(|answer| answer == "未改"), "{before:?}");

    // The number as a text and the text as a number are changes, too.
    let mut mended = back.clone();
    let marked: Vec<(String, Cell)> = back
        .sheets
        .iter()
        .flat_map(|s| s.notes.keys().map(|cell| (s.name.clone(), *cell)))
        .collect();
    for (name, cell) in marked {
        let sheet = mended.sheets.iter_mut().find(|s| s.name == name).unwrap();
        let (content, style) = sheet.cells[&cell].clone();
        let other = match content {
            Content::Number(number) => Content::Text(number.to_string()),
            Content::Date(_) | Content::Text(_) => number(7),
            _ => text("补填"),
        };
        sheet.put(cell, other, style);
    }
    // Whoever is to answer answers all that is asked.
    let form = &world.policy.forms["three_ones"];
    for field in ["study", "income", "job"] {
        for entry in 0..=members(&world) {
            let cell = Layout::new(form, 1).cell(&form.fields[field], entry);
            let sheet = mended.sheets.iter().find(|s| s.name == form.sheet).unwrap();
            if matches!(sheet.cells.get(&cell), Some((Content::Blank, _))) {
                world.put(&mut mended, "three_ones", field, entry, text("是"));
            }
        }
    }
    let after = answers(&mended);
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|answer| answer == "已改"), "{after:?}");
}

/// What is at fault is watched, be it a row, the answers that it lacks, or a cell; not
/// the name that stands first.
#[test]
fn the_opinion_watches_what_is_at_fault() {
    let world = world();
    let mut book = correct(&world);
    // The same gift twice.
    for entry in 0..2 {
        world.gift(&mut book, entry, "委员107", number(60_000));
        world.put(&mut book, "funds", "voucher", entry, text("收据1"));
    }
    // Nobody answered for the first member.
    for field in ["study", "income", "job"] {
        world.put(&mut book, "three_ones", field, 0, Content::Blank);
    }
    let (back, _) = sent(&world, write(&book).unwrap());
    let form = |id: &str| &world.policy.forms[id];
    let cell = |id: &str, field: &str, entry| {
        Layout::new(form(id), 1).cell(&form(id).fields[field], entry)
    };
    // What the opinion says of a line whose place begins like this.
    let said = |book: &Workbook, place: &str| -> Vec<(String, String)> {
        let spoiled = crate::common::with_sheets(&write(book).unwrap(), crate::common::spoil);
        let options = formualizer::XlsxRecalculateOptions::default();
        let again = formualizer::recalculate_xlsx_bytes(&spoiled, options).unwrap();
        let found = open(&again.bytes).unwrap();
        let mut sheets = found.sheets.iter();
        let sheet = sheets.find(|s| s.name == OPINION_SHEET).unwrap();
        let at = |row: u32, column: u16| {
            let found = sheet.cells.get(&Cell::new(row, column));
            found.map(shown).unwrap_or_default()
        };
        let rows = (5..60).filter(|row| at(*row, 2).starts_with(place));
        rows.map(|row| (at(row, 6), at(row, 4))).collect()
    };
    let twice = format!("资金物资!{}", cell("funds", "donor", 1).name());
    let unanswered = format!("委员三个一!{}", cell("three_ones", "study", 0).name());
    let changed = |fills: &[(&str, &str, u32, Content)]| {
        let mut mended = back.clone();
        for (id, field, entry, content) in fills {
            world.put(&mut mended, id, field, *entry, content.clone());
        }
        let one = |place: &str| said(&mended, place).first().map(|said| said.0.clone());
        [one(&twice), one(&unanswered)].map(|said| said.unwrap_or_default())
    };
    assert_eq!(changed(&[]), ["未改", "未改"]);
    let yes = |field: &'static str| ("three_ones", field, 0, text("是"));
    assert_eq!(changed(&[yes("study"), yes("job")]), ["未改", "未改"]);
    let all = [yes("study"), yes("income"), yes("job")];
    assert_eq!(changed(&all), ["未改", "已改"]);
    // Another amount; the whole row cleared.
    let amount = ("funds", "amount", 1, number(6_000));
    assert_eq!(changed(&[amount]), ["已改", "未改"]);
    let cleared = form("funds").fields.keys();
    let cleared: Vec<_> = cleared
        .map(|id| ("funds", id.as_str(), 1, Content::Blank))
        .collect();
    assert_eq!(changed(&cleared), ["已改", "未改"]);
    // The row is said to be like the other one, in this workbook.
    let lines = said(&back, "资金物资!");
    let alike: Vec<&String> = lines
        .iter()
        .map(|line| &line.1)
        .filter(|m| m.contains("所填相同"))
        .collect();
    let first = cell("funds", "donor", 0).name();
    assert_eq!(alike.len(), 1, "{lines:?}");
    assert!(
        alike[0].contains(&format!("本文件 资金物资!{first}")),
        "{alike:?}"
    );
}
