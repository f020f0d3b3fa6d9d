//! One small table, saved by five programs in every format in which a return
//! comes back, reads the same. What must be read stands in
//! `formats/expected.tsv`, written by hand; where a program stores something
//! else, or the reader falls short, the table below says which of both.

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
}

const fn same(name: &'static str, format: FileFormat) -> Case {
    Case {
        name,
        format,
        not_stored: &[],
        stored: &[],
    }
}

const RESULTS: &[&str] = &["数据\tC11\terror\t#DIV/0!", "数据\tC12\tnumber\t100000"];
/// LibreOffice turns a truth value into the formula TRUE() in .xls and .ods.
const TRUE: &[&str] = &["数据\tC10\tformula"];
const TRUE_IS_1: &[&str] = &["数据\tC10\tformula", "数据\tC10\tnumber\t1"];
const IS_TRUE: &[&str] = &["数据\tC10\tbool\ttrue"];

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
    Case {
        not_stored: &[
            "数据\t13\thidden row",
            "数据\tC11\tformula",
            "数据\tC12\tformula",
        ],
        ..same("sheetjs.xls", FileFormat::Xls)
    },
    Case {
        not_stored: &["数据\tC11\tformula", "数据\tC12\tformula"],
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
        for line in case.not_stored {
            assert!(table.remove(*line), "{name}: {line}");
        }
        table.extend(case.stored.iter().map(|&line| line.to_owned()));
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
fn a_number_format_is_what_the_file_says_of_it_whatever_its_number() {
    // Over 382, which the library by itself would not take.
    let workbook = opened("xlwt-formats.xls");
    let found = first_sheet(&workbook, "C8");
    assert_eq!(found.as_deref(), Some("date\t2018-07-02"));
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
        assert!(matches!(with(to), Err(OpenError::Unknown(_))), "{to}");
    }
    let shared = open(&changed("xlsxwriter.xlsx", part, "<v>3</v>", "<v> 3 </v>"));
    assert!(matches!(shared, Err(OpenError::Unknown(_))));
}

#[test]
fn rows_beyond_the_last_and_sheets_of_one_name_are_refused() {
    let part = "xl/worksheets/sheet1.xml";
    for row in ["C1048577", "C4294967300"] {
        let beyond = changed("xlsxwriter.xlsx", part, "r=\"C4\"", &format!("r=\"{row}\""));
        let error = open(&beyond).expect_err(row);
        assert!(
            matches!(error, OpenError::TwoWays(_) | OpenError::Damaged(_)),
            "{row}"
        );
    }
    for (name, part) in [
        ("xlsxwriter.xlsx", "xl/workbook.xml"),
        ("libreoffice.ods", "content.xml"),
    ] {
        let twice = changed(name, part, "隐藏表", "数据");
        assert!(matches!(open(&twice), Err(OpenError::TwoWays(_))), "{name}");
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
    let content = stream("libreoffice.xls");
    let after_bof = 4 + usize::from(content[2]);
    let lock = [0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0];
    let locked = |lock: &[u8]| {
        let mut content = content.clone();
        content.splice(after_bof..after_bof, lock.iter().copied());
        open(&compound(&[("/Workbook", &content)])).err()
    };
    assert_eq!(locked(&lock), Some(OpenError::Protected));
    // Of the oldest way it is not known whether there is a password to take off.
    for old in [
        &[0x2F, 0, 4, 0, 1, 2, 3, 4][..],
        &[0x2F, 0, 6, 0, 0, 0, 1, 2, 3, 4],
    ] {
        assert!(
            matches!(locked(old), Some(OpenError::Unknown(_))),
            "{old:?}"
        );
    }
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

/// What is read of files from elsewhere, for `formats/public.py` to compare with
/// what other programs read: for each file of a folder its table, or why there is
/// none.
#[test]
#[ignore = "reads a folder of files that is named outside"]
fn files_from_elsewhere() {
    let folder = |name: &str| std::env::var_os(name).map(std::path::PathBuf::from);
    let from = folder("KAOHE_FILES").expect("a folder of files");
    let to = folder("KAOHE_TABLES").expect("a folder for the tables");
    for entry in fs::read_dir(from).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let (end, text) = match open(&fs::read(&path).expect("a file")) {
            Ok(workbook) => {
                let lines = all_lines(&workbook);
                // A line for each, whatever stands in it.
                let text: Vec<String> = lines
                    .into_iter()
                    .map(|line| line.replace(['\n', '\r'], "\u{2028}"))
                    .collect();
                ("tsv", text.join("\n"))
            }
            Err(why) => ("refused", why.to_string()),
        };
        fs::write(to.join(format!("{name}.{end}")), text).expect("written");
    }
}

/// A fixture with its parts changed: kept, changed, left out or added.
fn repacked(
    name: &str,
    change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>,
    more: &[(&str, &[u8])],
) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes(name))).expect(name);
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for at in 0..from.len() {
        let mut part = from.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("read");
        if let Some(content) = change(&name, content) {
            to.start_file(name, options).expect("a part");
            to.write_all(&content).expect("written");
        }
    }
    for (name, content) in more {
        to.start_file(*name, options).expect("a part");
        to.write_all(content).expect("written");
    }
    to.finish().expect("finished").into_inner()
}

/// The same with a piece of text in one part replaced, wherever it stands there.
fn reworded(name: &str, part: &str, from: &str, to: &str) -> Vec<u8> {
    let change = |own: &str, content: Vec<u8>| {
        if own != part {
            return Some(content);
        }
        let text = String::from_utf8(content).expect("text");
        assert!(text.contains(from), "no {from} in {part} of {name}");
        Some(text.replace(from, to).into_bytes())
    };
    repacked(name, change, &[])
}

fn wide(text: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(text).expect("text");
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

const PACKAGE: &str = "xlsxwriter.xlsx";
const SHEET: &str = "xl/worksheets/sheet1.xml";
const LIBRE: &str = "libreoffice.ods";

/// Each way of writing a healthy workbook oddly, and the lines that it adds.
fn odd_packages() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let sheet = String::from_utf8(repacked_part(PACKAGE, SHEET)).expect("text");
    let from = sheet.find("<dimension ").expect("a size");
    let size = &sheet[from..from + sheet[from..].find('>').expect("its end") + 1];
    let mut odd = Vec::new();
    for other in [
        "<dimension ref=\"1:9\"/>",
        "<dimension ref=\"A:C\"/>",
        "<dimension ref=\"\"/>",
        "<dimension/>",
        "<dimension ref=\"甲\"/>",
    ] {
        odd.push((other, reworded(PACKAGE, SHEET, size, other), &[][..]));
    }
    odd.push((
        "an addition in cells",
        reworded(
            PACKAGE,
            SHEET,
            "</c>",
            "<extLst><ext uri=\"{a}\" xmlns:x=\"urn:x\"><x:c><x:v>9</x:v></x:c></ext></extLst></c>",
        ),
        &[],
    ));
    odd.push((
        "parts in UTF-16",
        repacked(
            PACKAGE,
            |name, content| {
                Some(match name.ends_with(".xml") || name.ends_with(".rels") {
                    true => wide(&content),
                    false => content,
                })
            },
            &[],
        ),
        &[],
    ));
    for to in [
        "Target=\"./worksheets/",
        "Target=\"../xl/worksheets/",
        "Target=\"/xl/worksheets/",
        "Target=\".\\worksheets\\",
    ] {
        odd.push((
            "targets",
            reworded(
                PACKAGE,
                "xl/_rels/workbook.xml.rels",
                "Target=\"worksheets/",
                to,
            ),
            &[],
        ));
    }
    odd.push(("a sheet of macros", {
        let change = |name: &str, content: Vec<u8>| {
            let text = |content| String::from_utf8(content).expect("text");
            Some(match name {
                "xl/workbook.xml" => text(content).replace("</sheets>", "<sheet name=\"宏\" sheetId=\"99\" r:id=\"rId99\"/></sheets>").into_bytes(),
                "xl/_rels/workbook.xml.rels" => text(content).replace("</Relationships>", "<Relationship Id=\"rId99\" Type=\"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet\" Target=\"macrosheets/sheet1.xml\"/></Relationships>").into_bytes(),
                _ => content,
            })
        };
        repacked(PACKAGE, change, &[("xl/macrosheets/sheet1.xml", b"<macrosheet/>")])
    }, &["宏\tvisible"]));
    odd.push((
        "parts that nobody reads",
        {
            let query =
                wide("<!DOCTYPE a [<!ENTITY b \"c\">]><DataMashup>&b;</DataMashup>".as_bytes());
            let mut made = repacked(
                PACKAGE,
                |_, content| Some(content),
                &[
                    ("customXml/item1.xml", &query),
                    ("docProps/thumbnail.wmf", b"thumbnail that was changed"),
                ],
            );
            let at = made.windows(18).position(|w| w == b"thumbnail that was");
            made[at.expect("its content")] = b'T';
            made
        },
        &[],
    ));
    odd
}

fn repacked_part(name: &str, part: &str) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes(name))).expect(name);
    let mut content = Vec::new();
    let mut part = from.by_name(part).expect("the part");
    part.read_to_end(&mut content).expect("read");
    content
}

#[test]
fn healthy_workbooks_that_are_oddly_written_read_the_same() {
    let usual = all_lines(&opened(PACKAGE));
    for (what, bytes, more) in odd_packages() {
        let read = open(&bytes).unwrap_or_else(|why| panic!("{what}: {why}"));
        let mut wanted = usual.clone();
        wanted.extend(more.iter().map(|line| (*line).to_owned()));
        assert_eq!(all_lines(&read), wanted, "{what}");
    }
}

/// What one program would show and another one not.
#[test]
fn what_leads_to_two_workbooks_or_sheets_is_refused() {
    let binary = repacked_part("sheetjs.xlsb", "xl/workbook.bin");
    for (stray, content) in [("xl/workbook.bin", &*binary), ("content.xml", b"<a/>")] {
        let bytes = repacked(PACKAGE, |_, content| Some(content), &[(stray, content)]);
        let refused = open(&bytes).expect_err(stray).to_string();
        assert!(refused.contains("两份工作簿"), "{stray}: {refused}");
    }
    let moved = |name: &str, content: Vec<u8>| match name {
        "xl/workbook.xml" => None,
        "_rels/.rels" => {
            let text = String::from_utf8(content).expect("text");
            Some(text.replace("xl/workbook.xml", "xl/book.xml").into_bytes())
        }
        _ => Some(content),
    };
    let book = repacked_part(PACKAGE, "xl/workbook.xml");
    let more = [("xl/book.xml", &*book), ("xl/workbook.bin", &*binary)];
    assert!(open(&repacked(PACKAGE, moved, &more)).is_err());
    let twice = " xmlns:x=\"y\" x:id=\"rId1\" r:id=";
    let bytes = reworded(PACKAGE, "xl/workbook.xml", " r:id=", twice);
    assert!(open(&bytes).is_err(), "two ids");
}

/// A list of fonts that another program passes over shifts the styles.
#[test]
fn a_font_of_another_namespace_is_refused() {
    for (part, from, to) in [
        ("xl/styles.xml", "<fonts", "<y:font xmlns:y=\"y\"/><fonts"),
        ("xl/sharedStrings.xml", "<si>", "<si><y:rPr xmlns:y=\"y\"/>"),
    ] {
        assert!(open(&reworded(PACKAGE, part, from, to)).is_err(), "{part}");
    }
}

#[test]
fn merged_columns_and_rows_are_read() {
    for (said, wanted) in [
        ("N:N", "N1:N1048576"),
        ("P:O", "O1:P1048576"),
        ("$N$3:$O$4", "N3:O4"),
        ("90:91", "A90:XFD91"),
    ] {
        let merged = format!("<mergeCells count=\"1\"><mergeCell ref=\"{said}\"/>");
        let bytes = reworded(PACKAGE, SHEET, "<mergeCells count=\"1\">", &merged);
        let read = all_lines(&open(&bytes).expect(said));
        let found = read
            .iter()
            .any(|line| line.ends_with(&format!("\t{wanted}\tmerged")));
        assert!(found, "{said}: {read:?}");
    }
}

#[test]
fn errors_of_newer_programs_are_errors() {
    let bytes = reworded(PACKAGE, SHEET, "<v>#DIV/0!</v>", "<v>#SPILL!</v>");
    let read = all_lines(&open(&bytes).expect("it opens"));
    assert!(
        read.iter().any(|line| line.ends_with("\terror\t#SPILL!")),
        "{read:?}"
    );
}

#[test]
fn an_ods_without_its_marks_reads_the_same() {
    let usual = all_lines(&opened(LIBRE));
    let manifest = "META-INF/manifest.xml";
    let basic = b"<?xml version=\"1.0\"?><!DOCTYPE library:libraries PUBLIC \"-//x//y\" \"libraries.dtd\" [<!ENTITY a \"b\">]><library:libraries/>";
    let typed = |content: Vec<u8>| {
        let text = String::from_utf8(content).expect("text");
        text.replacen(
            "?>",
            "?><!DOCTYPE manifest:manifest PUBLIC \"-//x//y\" \"Manifest.dtd\">",
            1,
        )
        .into_bytes()
    };
    for (what, bytes) in [
        (
            "no media type",
            repacked(
                LIBRE,
                |name, content| (name != "mimetype").then_some(content),
                &[],
            ),
        ),
        (
            "no manifest",
            repacked(
                LIBRE,
                |name, content| (name != manifest).then_some(content),
                &[],
            ),
        ),
        (
            "neither",
            repacked(
                LIBRE,
                |name, content| (name != "mimetype" && name != manifest).then_some(content),
                &[],
            ),
        ),
        (
            "a type of the manifest",
            repacked(
                LIBRE,
                |name, content| {
                    Some(if name == manifest {
                        typed(content)
                    } else {
                        content
                    })
                },
                &[],
            ),
        ),
        (
            "a library of macros",
            repacked(
                LIBRE,
                |_, content| Some(content),
                &[("Basic/script-lc.xml", basic)],
            ),
        ),
        (
            "a macro that is called as in Excel",
            repacked(
                LIBRE,
                |_, content| Some(content),
                &[("Basic/VBAProject/ThisWorkbook.xml", basic)],
            ),
        ),
        (
            "a library of macros with a password",
            changed(
                LIBRE,
                manifest,
                "</manifest:manifest>",
                "<manifest:file-entry manifest:full-path=\"Basic/Own/Module1.xml\" manifest:media-type=\"text/xml\" manifest:size=\"9\"><manifest:encryption-data manifest:checksum=\"x\"/></manifest:file-entry></manifest:manifest>",
            ),
        ),
    ] {
        let read = open(&bytes).unwrap_or_else(|why| panic!("{what}: {why}"));
        assert_eq!(all_lines(&read), usual, "{what}");
    }
}

/// The fixture with one sheet of these rows in place of its own.
fn ods_of(sheet: &str, rows: &str) -> Vec<u8> {
    let text = String::from_utf8(repacked_part(LIBRE, "content.xml")).expect("text");
    let start = text.find("<table:table ").expect("a table");
    let end = text.rfind("</table:table>").expect("its end");
    let (head, tail) = (&text[..start], &text[end..]);
    let text = format!("{head}<table:table table:name=\"{sheet}\">{rows}{tail}");
    let change = |name: &str, content| match name {
        "content.xml" => Some(text.clone().into_bytes()),
        _ => Some(content),
    };
    repacked(LIBRE, change, &[])
}

const ONE: &str = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";

/// A cell far away costs nothing, whether anything stands in it or not.
#[test]
fn far_cells_are_read_where_they_are() {
    let read = |cell: &str| {
        let rows = format!(
            "<table:table-row>{ONE}</table:table-row><table:table-row table:number-rows-repeated=\"15000\"/><table:table-row><table:table-cell table:number-columns-repeated=\"255\"/>{cell}</table:table-row>"
        );
        all_lines(&open(&ods_of("远", &rows)).expect("it opens"))
    };
    let near: BTreeSet<String> = ["远\tvisible", "远\tA1\tnumber\t1"]
        .map(str::to_owned)
        .into();
    assert_eq!(read("<table:table-cell table:style-name=\"ce1\"/>"), near);
    let far = read(
        "<table:table-cell office:value-type=\"float\" office:value=\"7\" table:number-columns-repeated=\"2\"/>",
    );
    let new: Vec<&String> = far.difference(&near).collect();
    assert_eq!(new, ["远\tIV15002\tnumber\t7", "远\tIW15002\tnumber\t7"]);
    assert!(far.is_superset(&near));
}

/// What stands beyond the last row or column is not passed over in silence.
#[test]
fn cells_beyond_the_sheet_are_refused() {
    let below = format!(
        "<table:table-row table:number-rows-repeated=\"1048576\"/><table:table-row>{ONE}</table:table-row>"
    );
    let beside = format!(
        "<table:table-row><table:table-cell table:number-columns-repeated=\"16384\"/>{ONE}</table:table-row>"
    );
    for rows in [below, beside] {
        assert!(
            matches!(open(&ods_of("远", &rows)), Err(OpenError::Damaged(_))),
            "{rows}"
        );
    }
}

/// What Excel encrypts with the password that it supplies itself opens; what
/// somebody locked does not.
#[test]
fn what_opens_without_a_password_is_read() {
    for (sealed, plain) in [
        ("sealed-agile.xlsx", "xlsxwriter.xlsx"),
        ("sealed-rc4.xls", "xlwt.xls"),
        ("sealed-cryptoapi.xls", "xlwt.xls"),
    ] {
        assert_eq!(
            all_lines(&opened(sealed)),
            all_lines(&opened(plain)),
            "{sealed}"
        );
    }
    for locked in [
        "locked-agile.xlsx",
        "locked-rc4.xls",
        "locked-cryptoapi.xls",
    ] {
        assert_eq!(open(&bytes(locked)), Err(OpenError::Protected), "{locked}");
    }
}

/// Files of other programs have a name and an advice of their own.
#[test]
fn other_files_are_called_what_they_are() {
    let packed = |names: &[&str]| {
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            to.start_file(*name, zip::write::SimpleFileOptions::default())
                .expect("a part");
        }
        to.finish().expect("finished").into_inner()
    };
    let sealed = [
        &b"b\x14#e\x01\x01\x02\x01\0\0\0\0\0\0\0\0E-SafeNet\0\0\0LOCK"[..],
        &[7; 5_000],
    ]
    .concat();
    for (bytes, word, advice) in [
        (sealed, "加密软件", "解密"),
        (b"%TSD-Header-###%\x01\x02\x03".to_vec(), "加密软件", "解密"),
        (packed(&["OFD.xml", "Doc_0/Document.xml"]), "OFD", "盖章件"),
        (
            packed(&["Index/Document.iwa", "Metadata/a.plist"]),
            "Numbers",
            "导出为",
        ),
        (
            packed(&["word/document.xml", "[Content_Types].xml"]),
            "Word",
            "再交",
        ),
        (packed(&["ppt/presentation.xml"]), "演示文稿", "再交"),
        ((0..=255).cycle().take(5_000).collect(), "认不出", "解密"),
        (
            b"<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>".to_vec(),
            "OpenDocument",
            "LibreOffice",
        ),
        (b"<?xml version='1.0'?><uof:UOF xmlns:uof='x'/>".to_vec(), "UOF", "WPS"),
        (b"<?xml version='1.0'?><a/>".to_vec(), "XML", "下发"),
    ] {
        assert!(!kaohe::sheet::is_archive(&bytes), "{word}");
        let why = open(&bytes).expect_err(word).to_string();
        let (what, mend) = why.split_once('；').expect("an advice");
        assert!(what.contains(word) && mend.contains(advice), "{why}");
        let is_usual = mend.starts_with("请用 WPS 或 Excel 打开，另存为");
        assert!(!is_usual, "{why}");
    }
    assert!(kaohe::sheet::is_archive(&packed(&["甲.xlsx", "乙/丙.xls"])));
}

/// A limit that is reached says where.
#[test]
fn a_limit_names_the_sheet_and_the_row() {
    let rows: String = (0..3_000).map(|at| format!("<table:table-row><table:table-cell table:number-columns-repeated=\"{}\"/><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>", at + 1)).collect();
    let made = ods_of("资金物资", &rows);
    let why = open(&made).expect_err("too large").to_string();
    assert!(why.contains("工作表“资金物资”第 2001 行"), "{why}");
}

/// The first record of a kind in the stream of an .xls, from a place on.
fn record_from(stream: &[u8], from: usize, kind: u16) -> usize {
    let mut at = from;
    loop {
        let number = |at: usize| u16::from_le_bytes([stream[at], stream[at + 1]]);
        if number(at) == kind {
            return at;
        }
        at += 4 + usize::from(number(at + 2));
    }
}

#[test]
fn results_of_formulas_under_their_older_numbers_are_read() {
    for kind in [0x0206u16, 0x0406] {
        let mut content = stream("libreoffice.xls");
        let mut at = 0;
        let mut formulas = 0;
        while at + 4 <= content.len() {
            let number = |at: usize| u16::from_le_bytes([content[at], content[at + 1]]);
            let length = 4 + usize::from(number(at + 2));
            if number(at) == 0x0006 {
                content[at..at + 2].copy_from_slice(&kind.to_le_bytes());
                formulas += 1;
            }
            at += length;
        }
        assert!(formulas >= 3, "{formulas}");
        let workbook = open(&compound(&[("/Workbook", &content)])).expect("opened");
        assert_eq!(all_lines(&workbook), of_libreoffice(), "{kind:#x}");
    }
}

#[test]
fn a_number_is_a_day_by_what_the_file_says_of_its_format() {
    // Number 58 means a day in a Chinese Excel, unless the file says otherwise. Each
    // style of the file gets it; what it then is follows from what is said of it.
    let with = |said: Option<&str>| {
        let mut content = stream("xlwt.xls");
        let mut at = 0;
        let mut places = Vec::new();
        while at + 4 <= content.len() {
            let number = |at: usize| u16::from_le_bytes([content[at], content[at + 1]]);
            match number(at) {
                0x00E0 => content[at + 6..at + 8].copy_from_slice(&58u16.to_le_bytes()),
                0x041E => places.push(at),
                _ => {}
            }
            at += 4 + usize::from(u16::from_le_bytes([content[at + 2], content[at + 3]]));
        }
        if let Some(said) = said {
            // In the place of the first format, as long as it is.
            let at = places[0];
            let length = usize::from(u16::from_le_bytes([content[at + 2], content[at + 3]]));
            let letters = length - 5;
            let body = [
                &58u16.to_le_bytes()[..],
                &(letters as u16).to_le_bytes(),
                &[0],
                format!("{said:letters$}").as_bytes(),
            ]
            .concat();
            content[at + 4..at + 4 + length].copy_from_slice(&body);
        }
        let workbook = open(&compound(&[("/Workbook", &content)])).expect("opened");
        first_sheet(&workbook, "C8")
    };
    assert_eq!(with(None).as_deref(), Some("date\t2018-07-02"));
    assert_eq!(with(Some("0.0")).as_deref(), Some("number\t43283"));
    assert_eq!(with(Some("m-d")).as_deref(), Some("date\t2018-07-02"));
}

/// A record of an .xlsb with its body changed, wherever the part has that kind.
fn binary_changed(part: &mut [u8], kind: u32, change: impl Fn(&mut [u8])) -> usize {
    let (mut at, mut found) = (0, 0);
    while at < part.len() {
        let number = |at: &mut usize, part: &[u8]| {
            let (mut number, mut shift) = (0u32, 0);
            loop {
                let byte = part[*at];
                *at += 1;
                number |= u32::from(byte & 0x7F) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return number;
                }
            }
        };
        let own = number(&mut at, part);
        let length = number(&mut at, part) as usize;
        if own == kind {
            change(&mut part[at..at + length]);
            found += 1;
        }
        at += length;
    }
    found
}

#[test]
fn what_stands_beside_the_values_of_an_xlsb_is_read_and_nothing_where_nothing_does() {
    let clean = opened("sheetjs.xlsb");
    for sheet in &clean.sheets {
        assert!(sheet.beside.is_empty() && sheet.attached.is_empty());
    }
    // All fonts struck through.
    let struck = repacked(
        "sheetjs.xlsb",
        |name, mut content| {
            if name == "xl/styles.bin" {
                assert!(binary_changed(&mut content, 43, |body| body[2] |= 8) > 0);
            }
            Some(content)
        },
        &[],
    );
    let struck = open(&struck).expect("opened");
    let sheet = &struck.sheets[0];
    assert!(sheet.cells.keys().all(|cell| sheet.beside[cell].struck));
    // A note, to which the sheet leads: who wrote it, where, and what it says.
    let wide = |text: &str| {
        let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(text.chars().count() as u32).to_le_bytes()[..], &letters].concat()
    };
    let record = |kind: u16, body: &[u8]| {
        [
            &[
                (kind & 0x7F) as u8 | 0x80,
                (kind >> 7) as u8,
                body.len() as u8,
            ],
            body,
        ]
        .concat()
    };
    let place = [0u32, 4, 4, 2, 2].into_iter().flat_map(u32::to_le_bytes);
    let place: Vec<u8> = place.chain([0; 16]).collect();
    let notes = [
        record(632, &wide("填报人甲")),
        record(635, &place),
        record(637, &[&[0], &wide("实为30000元")[..]].concat()),
        record(636, &[]),
    ]
    .concat();
    let leads = "<Relationships><Relationship Id=\"rId1\" Type=\"x/comments\" Target=\"../comments1.bin\"/></Relationships>";
    let noted = repacked(
        "sheetjs.xlsb",
        |_, content| Some(content),
        &[
            ("xl/worksheets/_rels/sheet1.bin.rels", leads.as_bytes()),
            ("xl/comments1.bin", &notes),
        ],
    );
    let noted = open(&noted).expect("opened");
    let said: Vec<(String, &str)> = noted.sheets[0]
        .attached
        .iter()
        .map(|one| (one.cell.name(), one.text.as_str()))
        .collect();
    assert_eq!(said, [("C5".to_owned(), "实为30000元")]);
}

#[test]
fn an_error_that_a_formula_of_an_xlsb_gives_is_an_error() {
    let mut cell = vec![11, 14, 9, 0, 0, 0, 0, 0, 0, 0, 0x07];
    cell.extend([0; 5]);
    let bytes = repacked(
        "sheetjs.xlsb",
        |name, mut content| {
            if name == "xl/worksheets/sheet1.bin" {
                let end = content.windows(3).position(|w| w == [0x92, 0x01, 0x00]);
                let end = end.expect("the end of the cells");
                content.splice(end..end, cell.iter().copied());
            }
            Some(content)
        },
        &[],
    );
    let workbook = open(&bytes).expect("opened");
    let sheet = &workbook.sheets[0];
    let (cell, _) = sheet
        .cells
        .iter()
        .find(|(cell, _)| cell.column == 9)
        .expect("the cell");
    assert_eq!(sheet.cells[cell], Found::Error("#DIV/0!".into()));
    assert!(sheet.formulas.contains(cell));
}

#[test]
fn what_stands_beside_the_values_of_excel_95_is_read_and_nothing_where_nothing_does() {
    // Its table claims more of the file than is there.
    let mut padded = bytes("sheetjs-biff5.xls");
    padded.resize(129 * 512, 0);
    let mut file = cfb::CompoundFile::open(Cursor::new(padded)).expect("compound");
    let name = ["/Book", "/Workbook"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let mut part = file.open_stream(name.expect("a name")).expect("stream");
    let mut content = Vec::new();
    part.read_to_end(&mut content).expect("read");
    let read = |content: &[u8]| open(&compound(&[("/Book", content)])).expect("opened");
    for sheet in &read(&content).sheets {
        assert!(sheet.beside.is_empty() && sheet.attached.is_empty());
    }
    let mut struck = content.clone();
    let font = record_from(&struck, 0, 0x0031);
    struck[font + 6] |= 8;
    let struck = read(&struck);
    assert!(struck.sheets[0].beside.values().any(|beside| beside.struck));
    // A note in two records, and a box, of which the text is not read.
    let mut note = content.clone();
    let first = record_from(&note, 12, 0x0809);
    let last = record_from(&note, first + 12, 0x0809);
    let at = record_from(&note, last, 0x000A);
    let added = [
        &[0x1C, 0, 9, 0, 4, 0, 2, 0, 5, 0][..],
        b"300",
        &[0x1C, 0, 8, 0, 0xFF, 0xFF, 0, 0, 2, 0],
        b"00",
        &[
            0x5D, 0, 18, 0, 1, 0, 0, 0, 6, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0,
        ],
    ]
    .concat();
    note.splice(at..at, added);
    let noted = read(&note);
    let said: Vec<(String, &str)> = noted.sheets[1]
        .attached
        .iter()
        .map(|one| (one.cell.name(), one.text.as_str()))
        .collect();
    assert!(said.contains(&("C5".to_owned(), "30000")), "{said:?}");
    let is_box = |one: &(String, &str)| one.0 == "B9" && one.1.contains("读不出");
    assert!(said.len() == 2 && said.iter().any(is_box), "{said:?}");
}
