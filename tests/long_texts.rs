//! Very long texts, and very many of a thing, through the real binary: each message
//! stays on a screen, and in the results for programs nothing that is said is longer
//! than it would be read.

use std::io::Write;
use std::process::Output;

use crate::common::kaohe;
use crate::common::office::Office;
use crate::common::world::{World, number, text};
use kaohe::diagnostic::{COLUMNS, width};
use kaohe::sheet::{Cell, Look, Workbook};
use serde_json::Value;

/// Lines of a terminal.
const LINES: usize = 24;
/// Letters of what is said in one place.
const SAID: usize = 600;

/// A text of many letters, with the marks that messages quote by.
fn long(letters: usize) -> String {
    let signs: Vec<char> = "甲乙“丙”丁 戊\n己，A1b2".chars().collect();
    (0..letters).map(|at| signs[at % signs.len()]).collect()
}

/// A return with long texts wherever one can be written.
fn with_long_texts(world: &World) -> Workbook {
    let mut book = world.issued("G02");
    let long = long(30_000);
    for (at, field) in (0..).zip([
        "donor",
        "donor_kind",
        "amount",
        "village",
        "purpose",
        "date",
    ]) {
        world.gift(&mut book, at, "委员112", number(20_000));
        world.put(&mut book, "funds", field, at, text(&long));
    }
    for field in ["filled_by", "phone", "filled_on", "declared_money"] {
        world.put(&mut book, "cover", field, 0, text(&long));
    }
    // Above the headers, and in a column of its own.
    for sheet in &mut book.sheets {
        for cell in [Cell::new(1, 30), Cell::new(4, 31), Cell::new(8, 32)] {
            sheet.text(cell, &long, Look::Plain.into());
        }
    }
    book
}

/// A return with very many of everything.
fn with_many(world: &World, unit: &str) -> Workbook {
    let mut book = world.issued(unit);
    for at in 0..120 {
        let donor = format!("湖南{}有限公司", ["甲乙", "丙丁", "戊己"][at as usize % 3]);
        world.gift(&mut book, at, &donor, number(20_000));
        world.put(&mut book, "funds", "village", at, text("三星村"));
        world.put(
            &mut book,
            "funds",
            "voucher",
            at,
            text(&format!("{unit}-{at}")),
        );
    }
    for at in 120..200 {
        let amount = text(&format!("大约{at}元左右"));
        world.gift(&mut book, at, &format!("萎员{at}"), amount);
    }
    for at in 200..260 {
        // Several names, and a day of another year.
        let names: Vec<String> = (100..160).map(|at| format!("委员{at}")).collect();
        world.gift(&mut book, at, &names.join("、"), number(100));
    }
    book
}

/// A workspace with all that may make a message long.
fn office() -> Office {
    let office = Office::new();
    let world = &office.world;
    office.send("长.xlsx", &with_long_texts(world));
    for unit in ["G03", "T109"] {
        office.send(&format!("{unit}.xlsx"), &with_many(world, unit));
    }
    for at in 0..40 {
        let mut book = world.issued("G05");
        world.gift(&mut book, 0, &format!("委员{}", 100 + at), number(100));
        office.send(&format!("第{at}次.xlsx"), &book);
        let name = format!("{}{at}.xlsx", "冷市镇联工委".repeat(12));
        office.save(&name, b"no workbook");
    }
    // Names within an archive are as long as they like.
    let mut archive = zip7::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip7::write::SimpleFileOptions::default();
    for at in 0..3 {
        let name = format!("{}{at}.xlsx", "很长的名称".repeat(400));
        archive.start_file(name, options).expect("a member");
        archive.write_all(b"no workbook").expect("a member");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    office.save("报表.zip", &bytes);
    office
}

/// What is too long among what was printed: a message begins with its severity, a
/// heading or after an empty line.
fn too_long(output: &Output) -> Vec<String> {
    let mut found = Vec::new();
    for printed in [&output.stdout, &output.stderr] {
        let printed = String::from_utf8_lossy(printed);
        let mut lines = 0;
        for line in printed.lines() {
            let begins = [
                "错误[", "警告[", "提示[", "■", "——", "注意", "结论", "报送  ", "文件  ", "行数  ",
                "金额  ",
            ];
            let is_new = begins.iter().any(|word| line.starts_with(word));
            lines = match line.is_empty() || is_new {
                true => usize::from(is_new),
                false => lines + 1,
            };
            if lines > LINES || width(line) > COLUMNS + 8 {
                found.push(line.chars().take(200).collect());
            }
        }
    }
    found
}

/// What is said in a result for programs, where it is too long.
fn said_too_long(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(parts) => {
            for (key, part) in parts {
                said_too_long(part, &format!("{at}.{key}"), found);
            }
        }
        Value::Array(parts) => {
            for part in parts {
                said_too_long(part, &format!("{at}[]"), found);
            }
        }
        Value::String(text) => {
            let key = at.rsplit(['.', '[']).next().unwrap_or_default();
            let is_prose = [
                "message", "mend", "typed", "taken", "reason", "title", "proposed",
            ];
            let is_side = at.ends_with("sides[]");
            let length = text.chars().count();
            if (is_prose.contains(&key) || is_side) && length > SAID {
                let start: String = text.chars().take(100).collect();
                found.push(format!("{at} {length} {start}"));
            }
        }
        _ => {}
    }
}

#[test]
fn no_message_is_longer_than_a_screen() {
    let office = office();
    let returned = office.path.join("回收");
    let returned = returned.to_string_lossy();
    let mut wrong: Vec<String> = Vec::new();
    let mut say = |of: &str, found: Vec<String>| {
        wrong.extend(
            found
                .into_iter()
                .take(5)
                .map(|text| format!("{of}: {text}")),
        );
    };
    say("check", too_long(&kaohe(&["check", &returned])));
    let shown = ["assess", "--findings"];
    let output = office.run(&shown);
    assert!(output.status.success(), "{output:?}");
    say("assess", too_long(&output));
    for arguments in [
        &["status"][..],
        &["status", "--all"],
        &["return"],
        &["explain", "G02"],
    ] {
        let output = office.run(arguments);
        let of = arguments.join(" ");
        // These list what they were asked for, line by line: each is short.
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let long = printed.lines().filter(|line| width(line) > COLUMNS + 8);
        say(&of, long.map(str::to_owned).collect());
    }
    let check = kaohe(&["check", &returned, "--format", "json"]);
    let assessed = office.run(&["assess", "--format", "json"]);
    let status = office.run(&["status", "--format", "json"]);
    for (of, output) in [("check", check), ("assess", assessed), ("status", status)] {
        let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut found = Vec::new();
        said_too_long(&result, "", &mut found);
        say(of, found);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
