//! One small table, saved by five programs in every format in which a return
//! comes back, reads the same. What must be read stands in
//! `formats/expected.tsv`, written by hand; where a program stores something
//! else, or the reader falls short, the table below says which of both.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read, Write};

use kaohe::sheet::{FileFormat, Found, FoundSheet, FoundWorkbook, OpenError, Visibility, open};

fn bytes(name: &str) -> Vec<u8> {
    fs::read(format!("tests/formats/{name}")).expect(name)
}

fn opened(name: &str) -> FoundWorkbook {
    open(&bytes(name)).expect(name)
}

/// A sheet as the lines of the table.
fn lines(sheet: &FoundSheet) -> BTreeSet<String> {
    let name = &sheet.name;
    let seen = match sheet.visibility {
        Visibility::Visible => "visible",
        Visibility::Hidden => "hidden",
        Visibility::VeryHidden => "very hidden",
    };
    let mut lines = BTreeSet::from([format!("{name}\t{seen}")]);
    for (cell, found) in &sheet.cells {
        let (kind, value) = match found {
            Found::Text(text) => ("text", text.to_string()),
            Found::Number(number) => ("number", number.to_string()),
            Found::Date(day, 0) => ("date", day.to_string()),
            Found::Date(day, _) => ("moment", day.to_string()),
            Found::Bool(yes) => ("bool", yes.to_string()),
            Found::Error(error) => ("error", error.to_string()),
        };
        lines.insert(format!("{name}\t{}\t{kind}\t{value}", cell.name()));
    }
    for cell in &sheet.formulas {
        lines.insert(format!("{name}\t{}\tformula", cell.name()));
    }
    for area in &sheet.merges {
        let (first, last) = (area.first.name(), area.last.name());
        lines.insert(format!("{name}\t{first}:{last}\tmerged"));
    }
    for row in &sheet.hidden_rows {
        lines.insert(format!("{name}\t{}\thidden row", row + 1));
    }
    lines
}

fn all_lines(workbook: &FoundWorkbook) -> BTreeSet<String> {
    workbook.sheets.iter().flat_map(lines).collect()
}

fn expected() -> BTreeSet<String> {
    let text = fs::read_to_string("tests/formats/expected.tsv").expect("table");
    text.lines().map(str::to_owned).collect()
}

/// A file and how its reading departs from the table. What a departure is laid
/// to was seen in the bytes of the file, not in what the program reads.
struct Case {
    name: &'static str,
    format: FileFormat,
    /// Lines that the writing program did not store.
    not_stored: &'static [&'static str],
    /// Lines that it stored of its own accord.
    stored: &'static [&'static str],
    /// Lines that are in the file and are not read: gaps of the reader. A gap
    /// that is closed makes the test fail until it is taken from here.
    not_read: &'static [&'static str],
    /// Lines that are read in place of those.
    read: &'static [&'static str],
}

const fn same(name: &'static str, format: FileFormat) -> Case {
    Case {
        name,
        format,
        not_stored: &[],
        stored: &[],
        not_read: &[],
        read: &[],
    }
}

const RESULTS: &[&str] = &["数据\tC11\terror\t#DIV/0!", "数据\tC12\tnumber\t100000"];
/// LibreOffice turns a truth value into the formula TRUE() in .xls and .ods.
const TRUE: &[&str] = &["数据\tC10\tformula"];
const TRUE_IS_1: &[&str] = &["数据\tC10\tformula", "数据\tC10\tnumber\t1"];
const IS_TRUE: &[&str] = &["数据\tC10\tbool\ttrue"];
const DAYS: &[&str] = &["数据\tC8\tdate\t2018-07-02", "数据\tC9\tmoment\t2018-07-02"];
const SERIALS: &[&str] = &[
    "数据\tC8\tnumber\t43283",
    "数据\tC9\tnumber\t43283.5208333333",
];

const CASES: [Case; 14] = [
    same("xlsxwriter.xlsx", FileFormat::Xlsx),
    same("xlsxwriter-1904.xlsx", FileFormat::Xlsx),
    Case {
        not_stored: RESULTS,
        ..same("openpyxl.xlsx", FileFormat::Xlsx)
    },
    Case {
        stored: TRUE,
        ..same("libreoffice.xlsx", FileFormat::Xlsx)
    },
    same("sheetjs.xlsx", FileFormat::Xlsx),
    same("sheetjs.xlsm", FileFormat::Xlsx),
    Case {
        stored: TRUE,
        ..same("libreoffice.xls", FileFormat::Xls)
    },
    Case {
        stored: TRUE,
        ..same("libreoffice-1904.xls", FileFormat::Xls)
    },
    // xlwt stores an empty text as the result of every formula.
    Case {
        not_stored: RESULTS,
        ..same("xlwt.xls", FileFormat::Xls)
    },
    // The formats of the days have the numbers 61 and 62, which the library
    // does not expect to be defined.
    Case {
        not_stored: &[
            "数据\t13\thidden row",
            "数据\tC11\tformula",
            "数据\tC12\tformula",
        ],
        not_read: DAYS,
        read: SERIALS,
        ..same("sheetjs.xls", FileFormat::Xls)
    },
    Case {
        not_stored: &["数据\tC11\tformula", "数据\tC12\tformula"],
        not_read: &["数据\t13\thidden row", "数据\tB14:C15\tmerged"],
        ..same("sheetjs.xlsb", FileFormat::Xlsb)
    },
    Case {
        not_stored: IS_TRUE,
        stored: TRUE_IS_1,
        ..same("libreoffice.ods", FileFormat::Ods)
    },
    Case {
        not_stored: IS_TRUE,
        stored: TRUE_IS_1,
        ..same("libreoffice-1904.ods", FileFormat::Ods)
    },
    Case {
        not_stored: &[
            "数据\t13\thidden row",
            "数据\tC8\tdate\t2018-07-02",
            "数据\tC9\tmoment\t2018-07-02",
            "数据\tC11\terror\t#DIV/0!",
            "数据\tC11\tformula",
            "隐藏表\thidden",
        ],
        stored: &[
            "数据\tC8\tnumber\t43283",
            "数据\tC9\tnumber\t43283.5208333333",
            "隐藏表\tvisible",
        ],
        ..same("sheetjs.ods", FileFormat::Ods)
    },
];

#[test]
fn the_same_table_from_every_program_in_every_format() {
    let mut wrong = Vec::new();
    for case in CASES {
        let (name, format) = (case.name, case.format);
        let workbook = opened(name);
        assert_eq!(workbook.format, format, "{name}");
        assert!(!workbook.macros, "{name}");
        let mac = name.contains("1904") && format != FileFormat::Ods;
        let days = workbook.sheets.iter().map(|sheet| sheet.days_of_1904);
        if days.into_iter().any(|of_1904| of_1904 != mac) {
            wrong.push(format!("{name}: days of 1904 should be {mac}"));
        }
        let mut table = expected();
        for line in case.not_stored.iter().chain(case.not_read) {
            assert!(table.remove(*line), "{name}: {line}");
        }
        let instead = case.stored.iter().chain(case.read);
        table.extend(instead.map(|&line| line.to_owned()));
        let found = all_lines(&workbook);
        for line in found.difference(&table) {
            wrong.push(format!("{name} + {line}"));
        }
        for line in table.difference(&found) {
            wrong.push(format!("{name} - {line}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The line of a cell on the first sheet, without the sheet's name.
fn first_sheet(workbook: &FoundWorkbook, cell: &str) -> Option<String> {
    let sheet = workbook.sheets.first()?;
    let start = format!("{}\t{cell}\t", sheet.name);
    let found = lines(sheet).into_iter();
    found
        .filter(|line| !line.ends_with("formula"))
        .find_map(|line| line.strip_prefix(&start).map(str::to_owned))
}

#[test]
fn old_excel_of_1995_is_read() {
    // Its writer here knows no Chinese code page: only figures are compared.
    let workbook = opened("sheetjs-biff5.xls");
    assert_eq!(workbook.format, FileFormat::Xls);
    for (cell, value) in [
        ("C4", "number\t50000"),
        ("C5", "number\t2.675"),
        ("C6", "number\t1234567.89"),
        ("C10", "bool\ttrue"),
        ("C11", "error\t#DIV/0!"),
        ("C12", "number\t100000"),
    ] {
        let found = first_sheet(&workbook, cell);
        assert_eq!(found.as_deref(), Some(value), "{cell}");
    }
}

#[test]
fn a_day_whose_number_format_is_lost_is_its_number() {
    // The library drops formats with numbers that it does not expect, as those
    // over 382. The number is that of
    // the day, for a field that expects a day.
    let workbook = opened("xlwt-formats.xls");
    let found = first_sheet(&workbook, "C8");
    assert_eq!(found.as_deref(), Some("number\t43283"));
}

#[test]
fn tables_that_only_look_like_workbooks() {
    for (name, what) in [("sheetjs-html.xls", "网页"), ("sheetjs-2003.xml", "XML")] {
        let error = open(&bytes(name)).expect_err(name);
        assert!(
            matches!(&error, OpenError::Other { what: is, .. } if is.contains(what)),
            "{name}: {error}"
        );
    }
}

/// The parts of a zip file, each with its contents.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("zip");
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("part");
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("read");
        parts.push((part.name().expect("name").into_owned(), content));
    }
    parts
}

/// A zip file of parts.
fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in parts {
        writer.start_file(name.as_str(), options).expect("part");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("zip").into_inner()
}

/// A fixture with a text of one part put in place of another.
fn changed(name: &str, part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts(&bytes(name));
    let (_, content) = parts.iter_mut().find(|(n, _)| n == part).expect(part);
    let text = String::from_utf8(content.clone()).expect("text");
    assert!(text.contains(from), "{part} holds {from}");
    *content = text.replace(from, to).into_bytes();
    zipped(&parts)
}

#[test]
fn values_that_the_library_would_misread_are_refused() {
    let part = "xl/worksheets/sheet1.xml";
    let with = |to: &str| open(&changed("xlsxwriter.xlsx", part, "<v>50000</v>", to));
    assert!(with("<v>50001</v>").is_ok());
    for to in [
        "<v> 50000 </v>",
        "<v><![CDATA[50000]]></v>",
        "<v><!-- 1 -->50000</v>",
        "<v>5<!-- 1 -->0000</v>",
        "<v>5&#48;000</v>",
    ] {
        assert!(matches!(with(to), Err(OpenError::Damaged(_))), "{to}");
    }
    let shared = open(&changed("xlsxwriter.xlsx", part, "<v>3</v>", "<v> 3 </v>"));
    assert!(matches!(shared, Err(OpenError::Damaged(_))));
}

#[test]
fn rows_beyond_the_last_and_sheets_of_one_name_are_refused() {
    let part = "xl/worksheets/sheet1.xml";
    for row in ["C1048577", "C4294967300"] {
        let beyond = changed("xlsxwriter.xlsx", part, "r=\"C4\"", &format!("r=\"{row}\""));
        assert!(matches!(open(&beyond), Err(OpenError::Damaged(_))), "{row}");
    }
    for (name, part) in [
        ("xlsxwriter.xlsx", "xl/workbook.xml"),
        ("libreoffice.ods", "content.xml"),
    ] {
        let twice = changed(name, part, "隐藏表", "数据");
        assert!(matches!(open(&twice), Err(OpenError::Damaged(_))), "{name}");
    }
}

#[test]
fn a_locked_ods_asks_for_its_password_to_be_taken_off() {
    let part = "META-INF/manifest.xml";
    let locked = changed(
        "libreoffice.ods",
        part,
        "manifest:full-path=\"content.xml\"",
        "manifest:full-path=\"content.xml\" x=\"manifest:encryption-data\"",
    );
    assert_eq!(open(&locked).err(), Some(OpenError::Protected));
}

#[test]
fn macros_are_said_and_not_read() {
    let mut parts = parts(&bytes("sheetjs.xlsm"));
    parts.push(("xl/vbaProject.bin".to_owned(), b"nothing".to_vec()));
    let workbook = open(&zipped(&parts)).expect("opened");
    assert!(workbook.macros);
    assert_eq!(all_lines(&workbook), expected());
}

/// What `libreoffice.xls` must read as.
fn of_libreoffice() -> BTreeSet<String> {
    let mut table = expected();
    table.extend(TRUE.iter().map(|&line| line.to_owned()));
    table
}

/// The stream of an .xls.
fn stream(name: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes(name))).expect("compound");
    let mut content = Vec::new();
    let mut part = file.open_stream("/Workbook").expect("stream");
    part.read_to_end(&mut content).expect("read");
    content
}

/// A compound file with these streams, made in this order.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("made");
    for (name, content) in streams {
        if let Some((storage, _)) = name.rsplit_once('/').filter(|(s, _)| !s.is_empty()) {
            file.create_storage_all(storage).expect("storage");
        }
        let mut part = file.create_stream(name).expect("stream");
        part.write_all(content).expect("written");
    }
    file.flush().expect("flushed");
    file.into_inner().into_inner()
}

/// Where the record of a kind begins in the stream of a workbook.
fn record(stream: &[u8], kind: u16) -> usize {
    let mut at = 0;
    loop {
        let two = |at: usize| u16::from_le_bytes([stream[at], stream[at + 1]]);
        if two(at) == kind {
            return at;
        }
        at += 4 + usize::from(two(at + 2));
    }
}

#[test]
fn an_xls_with_another_code_page_keeps_its_letters() {
    let mut content = stream("libreoffice.xls");
    let at = record(&content, 0x0042);
    for page in [936u16, 1252] {
        content[at + 4..at + 6].copy_from_slice(&page.to_le_bytes());
        let workbook = open(&compound(&[("/Workbook", &content)])).expect("opened");
        assert_eq!(all_lines(&workbook), of_libreoffice(), "{page}");
    }
}

#[test]
fn an_embedded_workbook_does_not_stand_in_for_the_real_one() {
    let (real, other) = (stream("libreoffice.xls"), stream("xlwt-formats.xls"));
    let both = compound(&[("/MBD0001/Workbook", &other), ("/Workbook", &real)]);
    assert_eq!(all_lines(&open(&both).expect("opened")), of_libreoffice());
    let macros = compound(&[("/_VBA_PROJECT_CUR/PROJECT", b"1"), ("/Workbook", &real)]);
    let workbook = open(&macros).expect("opened");
    assert!(workbook.macros);
    assert_eq!(all_lines(&workbook), of_libreoffice());
}

#[test]
fn a_locked_xls_asks_for_its_password_to_be_taken_off() {
    let mut content = stream("libreoffice.xls");
    let after_bof = 4 + usize::from(content[2]);
    let lock = [0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0];
    content.splice(after_bof..after_bof, lock);
    let locked = compound(&[("/Workbook", &content)]);
    assert_eq!(open(&locked).err(), Some(OpenError::Protected));
}

#[test]
fn a_size_that_an_xls_only_claims_costs_nothing() {
    let mut content = stream("libreoffice.xls");
    let mut from = 0;
    let mut claims = 0;
    while let Some(at) = content[from..].windows(4).position(|w| w == [0, 2, 14, 0]) {
        let body = from + at + 4;
        content[body..body + 12].copy_from_slice(&[0, 0, 0, 0, 255, 255, 255, 127, 0, 0, 255, 255]);
        (from, claims) = (body, claims + 1);
    }
    assert_eq!(claims, 2);
    let workbook = open(&compound(&[("/Workbook", &content)])).expect("opened");
    assert_eq!(all_lines(&workbook), of_libreoffice());
}

#[test]
fn no_fixture_that_is_cut_off_panics() {
    for name in [
        "libreoffice.xls",
        "libreoffice.ods",
        "sheetjs.xlsb",
        "openpyxl.xlsx",
    ] {
        let whole = bytes(name);
        for length in (0..whole.len()).step_by(611) {
            let _ = open(&whole[..length]);
        }
    }
}
