//! What would be a formula, a link or a command in another program is text in
//! every output, and none of it is shortened in silence.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::common::office::Office;
use crate::common::world::{number, text};
use crate::common::{assess, kaohe, with_parts};
use kaohe::sheet::{Found, open, write};

/// What is typed as purpose, donor or voucher.
const TYPED: [&str; 16] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    " =1+1",
    "'=1+1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://a.example\",\"点这里\")",
    "\\\\server\\share\\a.xlsx",
    "http://a.example/b",
    "mailto:a@a.example",
    "_x003D_1+1",
    "<f>1+1</f>&amp;",
    "internal:'总览'!A1",
];

/// What XML of a workbook spells with escapes, in the part with the texts.
const ESCAPED: [(&str, &str); 4] = [
    ("甲甲甲甲", "回_x000D_车"),
    ("乙乙乙乙", "铃_x0007_声"),
    ("丙丙丙丙", "半_xD800_字"),
    ("丁丁丁丁", "下_x005F_x000D_划"),
];

fn office() -> Office {
    let office = Office::new();
    let world = &office.world;
    let mut book = world.issued("G02");
    let all = TYPED.iter().chain(ESCAPED.iter().map(|(mark, _)| mark));
    for (row, typed) in (0..).zip(all) {
        world.gift(&mut book, row, "委员112", number(1_000 + i64::from(row)));
        world.put(&mut book, "funds", "village", row, text("三星村"));
        world.put(&mut book, "funds", "purpose", row, text(typed));
        world.put(&mut book, "funds", "voucher", row, text(typed));
    }
    // Somebody's name, and one without a purpose, which goes back to the unit.
    for (row, typed) in (20..).zip(TYPED) {
        world.gift(&mut book, row, typed, number(2_000 + i64::from(row)));
        world.put(&mut book, "funds", "donor_kind", row, text("非政协委员"));
    }
    world.put(&mut book, "funds", "purpose", 25, text(""));
    let long = "长".repeat(40_000);
    world.put(&mut book, "funds", "purpose", 0, text("戊戊戊戊"));
    let bytes = with_parts(&write(&book).expect("a return"), |name, part| {
        (name == "xl/sharedStrings.xml").then(|| {
            let mut part = part.replace("戊戊戊戊", &long);
            for (mark, escaped) in ESCAPED {
                part = part.replace(mark, escaped);
            }
            part
        })
    });
    office.save("教育组.xlsx", &bytes);
    office
}

/// The parts of a container as text.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("read");
            let name = part.name().expect("a name").into_owned();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// The formulas of a part: of cells, of colours, of lists to choose from.
fn formulas(part: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for name in ["f", "formula", "formula1", "formula2", "definedName"] {
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        for after in part.split(&open).skip(1) {
            // The tag itself and not another one that begins like it.
            if !after.starts_with(['>', ' ']) {
                continue;
            }
            let (tag, rest) = after.split_once('>').expect("a tag ends");
            if !tag.ends_with('/') {
                found.push(rest.split(&close).next().expect("its end"));
            }
        }
    }
    found
}

#[test]
fn all_kinds_of_formulas_are_looked_at() {
    let part = "<f>1</f><f t=\"shared\" si=\"0\">2</f><f t=\"shared\" si=\"0\"/><font/>\
                <formula>3</formula><formula1>4</formula1>";
    assert_eq!(formulas(part), ["1", "2", "3", "4"]);
}

/// Asserts that a workbook holds no formula and no link that somebody typed, and
/// gives its texts.
fn inert(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).expect("a workbook");
    for (name, part) in parts(&bytes) {
        assert!(
            !part.contains("TargetMode=\"External\""),
            "a link out of {name}"
        );
        for formula in formulas(&part) {
            for evil in ["a.example", "cmd|", "calc", "server"] {
                assert!(!formula.contains(evil), "{name}: {formula}");
            }
            assert!(
                !["1+1", "+1+1", "-1+1", "SUM(A1)"].contains(&formula),
                "{name}: {formula}"
            );
        }
    }
    let book = open(&bytes).expect("it opens");
    let mut texts = Vec::new();
    for sheet in &book.sheets {
        for (cell, found) in &sheet.cells {
            let Found::Text(text) = found else { continue };
            let is_typed = TYPED.contains(&text.as_str());
            assert!(
                !is_typed || !sheet.formulas.contains(cell),
                "{} {}",
                sheet.name,
                cell.name()
            );
            texts.push(text.to_string());
        }
    }
    texts
}

#[test]
fn what_is_typed_stays_text_in_every_output() {
    let office = office();
    let path = &office.path;
    let result = assess(path);
    let files = result["files"]["list"].as_array().expect("files");
    assert_eq!(files[0]["outcome"], "accepted", "{files:#?}");
    let texts = inert(&crate::common::report(path));
    for typed in TYPED.iter().skip(1) {
        let whole = typed.trim();
        assert!(
            texts.iter().any(|text| text.trim() == whole),
            "{typed} stands whole in the workbook"
        );
    }
    // Signs that nobody sees are kept, in the spelling that Excel has for them.
    for wanted in ["回\r车", "铃\u{7}声", "下_x000D_划"] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted:?}");
    }
    assert!(
        texts
            .iter()
            .any(|text| text.starts_with('半') && text.ends_with('字'))
    );
    // A text beyond what a cell of a workbook holds is said, not cut off in silence.
    let findings = result["findings"].as_array().expect("findings").iter();
    let told = findings.filter(|f| f["place"]["header"] == "用途" && f["code"] == "IN-230");
    assert_eq!(told.count(), 1, "the long text is named");
    assert!(kaohe(&["return", &path.to_string_lossy()]).status.success());
    let back = fs::read_dir(path.join("退回")).expect("returned").flatten();
    let mut count = 0;
    for file in back {
        inert(&file.path());
        count += 1;
    }
    assert_eq!(count, 1, "the unit gets its own back");
    assert!(kaohe(&["export", &path.to_string_lossy()]).status.success());
    tables(&path.join("汇总/导出"));
}

/// No cell of a CSV begins as a formula does, unless it is a number.
fn tables(folder: &Path) {
    let mut seen = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|end| end != "csv") {
                continue;
            }
            let bytes = fs::read(&path).expect("a table");
            let text = String::from_utf8(bytes).expect("UTF-8");
            let mut reader =
                csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
            for row in reader.records() {
                for cell in &row.expect("a row") {
                    let begins = cell.trim_start().starts_with(['=', '+', '-', '@', '＝']);
                    let is_number = cell.parse::<rust_decimal::Decimal>().is_ok();
                    assert!(!begins || is_number, "{}: {cell}", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 1_000, "{seen} cells");
}

/// Names of units, persons and files of the roster go everywhere, too.
#[test]
fn numbers_of_persons_are_hidden_from_leaders_and_in_messages() {
    let office = Office::new();
    let (world, path) = (&office.world, &office.path);
    let mut book = world.given("G02", "委员112", 20_000);
    let (phone, identity) = ("13812345678", "430923198001011234");
    world.put(
        &mut book,
        "funds",
        "purpose",
        0,
        text(&format!("修路，联系人电话{phone}")),
    );
    world.put(&mut book, "funds", "voucher", 0, text(identity));
    world.put(
        &mut book,
        "funds",
        "amount",
        1,
        text(&format!("约5000，身份证{identity}，电话{phone}")),
    );
    office.send("教育组.xlsx", &book);
    let output = office.run(&["assess", "--findings"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let said: String = said.split_whitespace().collect();
    let texts = inert(&crate::common::report(path));
    for number in [phone, identity] {
        assert!(!said.contains(number), "on the screen");
        assert!(
            !texts.iter().any(|text| text.contains(number)),
            "in the workbook"
        );
    }
    assert!(said.contains("138****5678"), "{said}");
    assert!(
        texts
            .iter()
            .any(|text| text.contains("联系人电话138****5678"))
    );
}
