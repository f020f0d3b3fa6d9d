//! Files that ask for much memory: one budget holds for all processes of a run
//! together, whatever comes in and however many files are worked on at once. The
//! quick part is among all tests; the long one is
//! `tests/run.sh memory`.

use std::collections::HashMap;
use std::fs;
use std::io::{Cursor, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use kaohe::sheet::{Cell, Content, write};

use super::files::{stream, xls};
use super::zip::{Part, pack, parts};
use super::{Office, healthy_part, told};

/// What all processes of a run may have together.
const MOST: u64 = 1 << 30;
/// Longest time of a run.
const LONGEST: Duration = Duration::from_secs(20);

/// Files of one kind.
struct Kind {
    what: &'static str,
    files: Vec<(String, Vec<u8>)>,
    /// Whether a file may also be taken for somebody's return, or nobody's.
    may_be_read: bool,
}

fn one(what: &'static str, end: &str, bytes: Vec<u8>) -> Kind {
    several(what, end, 1, bytes)
}

fn several(what: &'static str, end: &str, count: usize, bytes: Vec<u8>) -> Kind {
    let files = (0..count).map(|at| (format!("敌{at}.{end}"), bytes.clone()));
    Kind {
        what,
        files: files.collect(),
        may_be_read: false,
    }
}

/// Letters that are not packed to nothing, always the same.
struct Dice(u64);

impl Dice {
    fn letters(&mut self, count: usize) -> String {
        let letter = |at: u64| char::from(b'a' + u8::try_from(at % 26).expect("a letter"));
        (0..count)
            .map(|_| {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                letter(self.0)
            })
            .collect()
    }
}

/// A container of parts.
fn packed(parts: &[(&str, &[u8])], method: ::zip::CompressionMethod) -> Vec<u8> {
    let mut made = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, content) in parts {
        made.start_file(*name, options).expect("a part");
        made.write_all(content).expect("written");
    }
    made.finish().expect("finished").into_inner()
}

pub(super) const DEFLATED: ::zip::CompressionMethod = ::zip::CompressionMethod::Deflated;
pub(super) const STORED: ::zip::CompressionMethod = ::zip::CompressionMethod::Stored;

const TYPES: &str =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const SPACE: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TO: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(to: &[(&str, &str)]) -> String {
    let list: String = to
        .iter()
        .enumerate()
        .map(|(at, (kind, target))| {
            format!("<Relationship Id=\"r{at}\" Type=\"{TO}/{kind}\" Target=\"{target}\"/>")
        })
        .collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
    )
}

/// An .xlsx of so many sheets with the same rows; with other parts, to which the
/// workbook leads or, where the name says so, the sheets.
pub(super) fn xlsx(
    sheets: usize,
    sheet: &str,
    beside: &[(&str, &str)],
    method: ::zip::CompressionMethod,
) -> Vec<u8> {
    let names: Vec<String> = (0..sheets).map(|at| format!("s{at}.xml")).collect();
    let listed: String = (0..sheets)
        .map(|at| {
            format!(
                "<sheet name=\"s{at}\" sheetId=\"{}\" r:id=\"r{at}\"/>",
                at + 1
            )
        })
        .collect();
    let book = format!(
        "<workbook xmlns=\"{SPACE}\" xmlns:r=\"{TO}\"><sheets>{listed}</sheets></workbook>"
    );
    let mut of_book: Vec<(&str, &str)> = names
        .iter()
        .map(|name| ("worksheet", name.as_str()))
        .collect();
    let mut of_sheet = Vec::new();
    let mut made: Vec<(String, &[u8])> = Vec::new();
    for (kind, content) in beside {
        match *kind {
            "comments" | "drawing" => of_sheet.push((*kind, *kind)),
            _ => of_book.push((kind, kind)),
        }
        made.push((format!("xl/{kind}"), content.as_bytes()));
    }
    let sheet = format!("<worksheet xmlns=\"{SPACE}\">{sheet}</worksheet>");
    for name in &names {
        made.push((format!("xl/{name}"), sheet.as_bytes()));
    }
    let main = relations(&[("officeDocument", "xl/workbook.xml")]);
    let (of_book, of_sheet) = (relations(&of_book), relations(&of_sheet));
    for (name, content) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", &main),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &of_book),
        ("xl/_rels/s0.xml.rels", &of_sheet),
    ] {
        made.push((name.to_owned(), content.as_bytes()));
    }
    let made: Vec<(&str, &[u8])> = made
        .iter()
        .map(|(name, part)| (name.as_str(), *part))
        .collect();
    packed(&made, method)
}

/// Rows of cells of a kind.
pub(super) fn rows(count: usize, columns: usize, cell: &str) -> String {
    let mut made = String::from("<sheetData>");
    for row in 1..=count {
        made.push_str(&format!("<row r=\"{row}\">"));
        for column in (b'A'..).take(columns).map(char::from) {
            made.push_str(&format!("<c r=\"{column}{row}\"{cell}</c>"));
        }
        made.push_str("</row>");
    }
    made.push_str("</sheetData>");
    made
}

fn with_one_text(columns: usize) -> Vec<u8> {
    let text = "长".repeat(16_000);
    let texts = format!("<sst xmlns=\"{SPACE}\" uniqueCount=\"1\"><si><t>{text}</t></si></sst>");
    let rows = rows(60_000 / columns, columns, " t=\"s\"><v>0</v>");
    xlsx(1, &rows, &[("sharedStrings", &texts)], DEFLATED)
}

/// An .xls in which so many cells name one text of so many letters.
fn xls_with_one_text(cells: u16, letters: usize) -> Vec<u8> {
    let mut records = stream("xlwt.xls");
    let at = records.iter().position(|(kind, _)| *kind == 0x00FC);
    let at = at.expect("texts");
    // How many there are, twice; its letters, of a byte each, in several records.
    let mut body = [1u32.to_le_bytes(), 1u32.to_le_bytes()].concat();
    body.extend(u16::try_from(letters).expect("so many").to_le_bytes());
    body.push(0);
    let mut texts = vec![(0x00FC, body)];
    let all = vec![b'x'; letters];
    for piece in all.chunks(8_000) {
        texts.push((0x003C, [&[0], piece].concat()));
    }
    records.splice(at..=at, texts);
    let end = records.iter().rposition(|(kind, _)| *kind == 0x000A);
    let end = end.expect("an end");
    let cells = (0..cells).map(|row| {
        let mut body = [row.to_le_bytes(), 0u16.to_le_bytes(), 0u16.to_le_bytes()].concat();
        body.extend(0u32.to_le_bytes());
        (0x00FD, body)
    });
    records.retain(|(kind, _)| *kind != 0x00FD);
    let gone = stream("xlwt.xls")
        .iter()
        .filter(|(kind, _)| *kind == 0x00FD)
        .count();
    records.splice(end - gone..end - gone, cells);
    // Where the sheets are has changed.
    let (mut place, mut places, mut depth) = (0u32, Vec::new(), 0);
    for (kind, body) in &records {
        match *kind {
            0x0809 => {
                if depth == 0 {
                    places.push(place);
                }
                depth += 1;
            }
            0x000A => depth -= 1,
            _ => {}
        }
        place += 4 + u32::try_from(body.len()).expect("short");
    }
    let listed = records.iter_mut().filter(|(kind, _)| *kind == 0x0085);
    for ((_, body), place) in listed.zip(&places[1..]) {
        body[..4].copy_from_slice(&place.to_le_bytes());
    }
    xls(&records)
}

fn ods(rows: &str) -> Vec<u8> {
    let healthy = fs::read("tests/formats/libreoffice.ods").expect("a workbook");
    let mut parts = parts(&healthy);
    let content = parts.iter_mut().find(|part| part.name == "content.xml");
    let content = content.expect("content");
    let text = String::from_utf8(content.content.clone()).expect("text");
    let from = text.find("<table:table ").expect("a table");
    let to = text.rfind("</table:table>").expect("its end");
    content.content = format!(
        "{}<table:table table:name=\"a\">{rows}{}",
        &text[..from],
        &text[to..]
    )
    .into_bytes();
    let made: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|part| (part.name.as_str(), part.content.as_slice()))
        .collect();
    packed(&made, DEFLATED)
}

fn ods_text(columns: usize, rows: usize, text: &str) -> Vec<u8> {
    ods(&format!(
        "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{columns}\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
    ))
}

/// A number in the way of .xlsb.
fn short_number(mut number: usize) -> Vec<u8> {
    let mut made = Vec::new();
    while number > 0x7F {
        made.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    made.push(number as u8);
    made
}

/// An .xlsb in which 60,000 cells name one text.
fn xlsb_with_one_text() -> Vec<u8> {
    let record = |kind: usize, body: &[u8]| {
        [short_number(kind), short_number(body.len()), body.to_vec()].concat()
    };
    let letters: Vec<u8> = "长"
        .repeat(16_000)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let text = [vec![0], 16_000u32.to_le_bytes().to_vec(), letters].concat();
    let texts = [
        record(159, &[1, 0, 0, 0, 1, 0, 0, 0]),
        record(19, &text),
        record(160, &[]),
    ]
    .concat();
    let mut sheet = [record(129, &[]), record(148, &[0; 16]), record(145, &[])].concat();
    for row in 0..60_000u32 {
        let head = [row.to_le_bytes().to_vec(), vec![0; 13]].concat();
        sheet.extend(record(0, &head));
        sheet.extend(record(7, &[0; 12]));
    }
    sheet.extend([record(146, &[]), record(130, &[])].concat());
    let healthy = fs::read("tests/formats/sheetjs.xlsb").expect("a workbook");
    let mut parts = parts(&healthy);
    for part in &mut parts {
        match part.name.as_str() {
            "xl/worksheets/sheet1.bin" => part.content = sheet.clone(),
            "xl/_rels/workbook.bin.rels" => {
                let text = String::from_utf8_lossy(&part.content).into_owned();
                let led = text.replace("sheetMetadata", "sharedStrings");
                part.content = led
                    .replace("metadata.bin", "sharedStrings.bin")
                    .into_bytes();
            }
            _ => {}
        }
    }
    parts.push(Part::new("xl/sharedStrings.bin", texts));
    pack(&parts)
}

/// An archive of so many workbooks of 49 MB each.
fn archive(members: usize) -> Vec<u8> {
    let cells = "<c><v>1234567890</v></c>".repeat(30);
    let rows: String = (1..=62_000)
        .map(|row| format!("<row r=\"{row}\">{cells}</row>"))
        .collect();
    let sheet = format!("<sheetData>{rows}</sheetData>");
    let one = xlsx(1, &sheet, &[], STORED);
    let length = one.len() >> 20;
    assert!((40..50).contains(&length), "{length} MB");
    let names: Vec<String> = (0..members).map(|at| format!("内{at}.xlsx")).collect();
    let parts: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), one.as_slice()))
        .collect();
    packed(&parts, DEFLATED)
}

fn archive_of(members: usize) -> Kind {
    Kind {
        may_be_read: true,
        ..one("an archive of 20 times 49 MB", "zip", archive(members))
    }
}

/// Kinds that are made and read in no time.
fn quick() -> Vec<Kind> {
    let blanks = "<text:s text:c=\"32767\"/>".repeat(400);
    vec![
        several(
            ".xls: one text in 60,000 cells, four files",
            "xls",
            4,
            xls_with_one_text(60_000, 32_000),
        ),
        several(
            ".xlsx: one text in 60,000 cells, four files",
            "xlsx",
            4,
            with_one_text(6),
        ),
        several(
            ".xlsb: one text in 60,000 cells, four files",
            "xlsb",
            4,
            xlsb_with_one_text(),
        ),
        several(
            ".ods: one text in 60,000 cells, four files",
            "ods",
            4,
            ods_text(15, 4_000, &"长".repeat(16_000)),
        ),
        several(
            ".ods: blanks repeated in a cell repeated, four files",
            "ods",
            4,
            ods_text(16_000, 1, &blanks),
        ),
    ]
}

/// All that are known.
fn all() -> Vec<Kind> {
    let mut dice = Dice(7);
    let mut many = |count: usize, make: &dyn Fn(String) -> String| -> String {
        (0..count).map(|_| make(dice.letters(6))).collect()
    };
    let few = rows(1, 1, "><v>1</v>");
    let mut kinds = quick();
    let texts = format!(
        "<sst>{}</sst>",
        many(9_000_000, &|text| format!("<si><t>{text}</t></si>"))
    );
    let beside = |kind: &'static str, content: &str| xlsx(1, &few, &[(kind, content)], DEFLATED);
    kinds.push(one(
        "9 million shared texts",
        "xlsx",
        beside("sharedStrings", &texts),
    ));
    let pieces = many(7_000_000, &|text| format!("<r><t>{text}</t></r>"));
    let texts = format!("<sst><si>{pieces}<r><rPr><strike/></rPr><t>a</t></r></si></sst>");
    kinds.push(one(
        "a text of 7 million pieces",
        "xlsx",
        beside("sharedStrings", &texts),
    ));
    let fonts = many(5_000_000, &|text| {
        format!("<font><strike/><b a=\"{text}\"/></font>")
    });
    let styles = format!("<styleSheet><fonts>{fonts}</fonts></styleSheet>");
    kinds.push(one("5 million fonts", "xlsx", beside("styles", &styles)));
    let formats: String = many(4_000_000, &|text| {
        format!("<numFmt numFmtId=\"9\" formatCode=\"0{text}\"/>")
    });
    let styles = format!("<styleSheet><numFmts>{formats}</numFmts></styleSheet>");
    kinds.push(one(
        "4 million number formats",
        "xlsx",
        beside("styles", &styles),
    ));
    let notes = many(2_500_000, &|text| {
        format!("<comment ref=\"A1\" authorId=\"0\"><text><t>{text}</t></text></comment>")
    });
    let notes = format!(
        "<comments xmlns=\"{SPACE}\"><authors/><commentList>{notes}</commentList></comments>"
    );
    kinds.push(one("2.5 million notes", "xlsx", beside("comments", &notes)));
    // As long as a text may be between two tags.
    let letters = many(140_000, &|text| text);
    let shape = format!("<a:p><a:r><a:t>{letters}</a:t></a:r></a:p>");
    let shape = format!(
        "<xdr:sp><xdr:txBody>{}</xdr:txBody></xdr:sp>",
        shape.repeat(95)
    );
    let boxes = format!(
        "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"y\"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>9</xdr:row></xdr:from>{shape}</xdr:twoCellAnchor></xdr:wsDr>"
    );
    kinds.push(Kind {
        may_be_read: true,
        ..one("boxes of 80 MB", "xlsx", beside("drawing", &boxes))
    });
    let merges = many(3_000_000, &|text| {
        format!("<mergeCell ref=\"A1:B2\" x=\"{text}\"/>")
    });
    let sheet = format!("{few}<mergeCells>{merges}</mergeCells>");
    kinds.push(one(
        "3 million merged cells",
        "xlsx",
        xlsx(1, &sheet, &[], DEFLATED),
    ));
    let sheet = rows(3_000, 24, "><v>1.25</v>");
    kinds.push(one("240 sheets", "xlsx", xlsx(240, &sheet, &[], DEFLATED)));
    let inline = many(160_000, &|text| text.repeat(30));
    let inline: Vec<String> = inline
        .as_bytes()
        .chunks(30_000)
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"))
        .collect();
    let sheet = format!("<sheetData><row>{}</row></sheetData>", inline.concat());
    let mut full = several(
        "texts of 58 MB, four files",
        "xlsx",
        4,
        xlsx(2, &sheet, &[], DEFLATED),
    );
    full.may_be_read = true;
    kinds.push(full);
    // Above what is taken, and below it but as much as there may be.
    let mut full = several(
        "2 million cells, four files",
        "xlsx",
        4,
        xlsx(1, &rows(84_000, 23, "><v>1.25</v>"), &[], DEFLATED),
    );
    full.may_be_read = true;
    kinds.push(full);
    let cells = "<table:table-row table:number-rows-repeated=\"100000\"><table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"19\"/></table:table-row>";
    let mut full = several(".ods: 1.9 million cells, four files", "ods", 4, ods(cells));
    full.may_be_read = true;
    kinds.push(full);
    let formulas = "<table:table-row table:number-rows-repeated=\"100000\"><table:table-cell table:formula=\"of:=1+1+1+1+1+1+1+1+1+1+1\" office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"19\"/></table:table-row>";
    kinds.push(Kind {
        may_be_read: true,
        ..several(
            ".ods: formulas repeated, four files",
            "ods",
            4,
            ods(formulas),
        )
    });
    let deep = format!(
        "{}{}",
        "<text:span>".repeat(3_000_000),
        "</text:span>".repeat(3_000_000)
    );
    kinds.push(one(
        ".ods: 3 million spans in each other",
        "ods",
        ods_text(1, 1, &deep),
    ));
    let notes = many(1_000_000, &|text| {
        format!("<office:annotation><text:p>{text}</text:p></office:annotation>")
    });
    let row =
        format!("<table:table-row><table:table-cell>{notes}</table:table-cell></table:table-row>");
    kinds.push(Kind {
        may_be_read: true,
        ..one(".ods: a million notes", "ods", ods(&row))
    });
    let mut records = stream("xlwt.xls");
    let end = records
        .iter()
        .rposition(|(kind, _)| *kind == 0x000A)
        .expect("an end");
    let side = (0..60_000u16).map(|row| {
        let numbers = (0..70).flat_map(|_| [0, 0, 0, 0, 0xF0, 0x3F]);
        let body: Vec<u8> = row
            .to_le_bytes()
            .into_iter()
            .chain([0, 0])
            .chain(numbers)
            .chain([69, 0])
            .collect();
        (0x00BD, body)
    });
    records.splice(end..end, side);
    kinds.push(Kind {
        may_be_read: true,
        ..several(
            ".xls: 4.2 million numbers, four files",
            "xls",
            4,
            xls(&records),
        )
    });
    kinds.push(archive_of(20));
    kinds
}

/// A return of a unit with a sheet of much text beside its own.
fn with_much_beside(office: &Office) -> Kind {
    let mut book = office.world.issued("T101");
    let mut sheet = book.sheets[0].clone();
    sheet.name = "另外".to_owned();
    let style = sheet.cells.values().next().expect("a cell").1;
    sheet.cells.clear();
    let mut dice = Dice(11);
    for row in 0..1_900 {
        let text = dice.letters(31_000);
        sheet
            .cells
            .insert(Cell::new(row, 0), (Content::Text(text), style));
    }
    book.sheets.push(sheet);
    one(
        "a return with 58 MB of other text",
        "xlsx",
        write(&book).expect("a return"),
    )
}

/// The process and all below it.
fn processes(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry.file_name().to_string_lossy().parse::<u32>();
        let Ok(id) = id else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let rest = stat.rsplit(')').next().unwrap_or_default();
        let parent = rest
            .split_whitespace()
            .nth(1)
            .and_then(|id| id.parse().ok());
        children.entry(parent.unwrap_or(0)).or_default().push(id);
    }
    let mut all = vec![root];
    let mut at = 0;
    while let Some(id) = all.get(at) {
        all.extend(children.get(id).cloned().unwrap_or_default());
        at += 1;
    }
    all
}

/// Memory of a process; pages that several share are shared out.
fn memory(process: u32) -> u64 {
    let told = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

/// Assesses as on so many cores, and says how long it took and how much all
/// processes had together at the most.
fn watched(office: &Office, cores: usize) -> (Value, Duration, u64) {
    let begun = Instant::now();
    let told = tempfile::NamedTempFile::new().expect("a file");
    // Another program may be named, to see what it takes.
    let program = std::env::var_os("KAOHE_PROGRAM");
    let program = program.unwrap_or_else(|| assert_cmd::cargo::cargo_bin!("kaohe").into());
    let mut child = Command::new(program)
        .arg("assess")
        .arg(&office.path)
        .args(["--format", "json"])
        .env("KAOHE_NOW", "2018-12-31")
        .env("KAOHE_CORES", cores.to_string())
        .stdout(Stdio::from(told.reopen().expect("a file")))
        .spawn()
        .expect("it runs");
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is there") {
            break status;
        }
        peak = peak.max(processes(child.id()).into_iter().map(memory).sum());
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success(), "{status}");
    let told = fs::read(told.path()).expect("told");
    let result = serde_json::from_slice(&told).expect("JSON");
    (result, begun.elapsed(), peak)
}

/// Has files of a kind read beside the healthy ones, and says what was wrong.
fn wrong(office: &Office, before: &Value, kind: &Kind, cores: usize) -> Vec<String> {
    for (name, bytes) in &kind.files {
        fs::write(office.returned(name), bytes).expect("a hostile file");
    }
    let (after, took, peak) = watched(office, cores);
    for (name, _) in &kind.files {
        fs::remove_file(office.returned(name)).expect("it is gone");
    }
    let told = told(&after);
    let mut own = told.iter().filter(|(name, ..)| name.contains('敌'));
    let reason = own
        .next()
        .map(|(_, outcome, reason)| format!("{outcome} {reason}"));
    let reason = reason.unwrap_or_default();
    println!(
        "| {} | {cores} | {} | {:.1} | {reason} |",
        kind.what,
        peak >> 20,
        took.as_secs_f64()
    );
    let mut wrong = Vec::new();
    if peak > MOST {
        wrong.push(format!("{}: {} MiB on {cores}", kind.what, peak >> 20));
    }
    if took > LONGEST {
        wrong.push(format!("{}: {took:?} on {cores}", kind.what));
    }
    let named = |file: &str| {
        let hit = told.iter().find(|(name, ..)| name.starts_with(file));
        hit.is_some_and(|(_, outcome, reason)| {
            let is_told = reason
                .chars()
                .any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            is_told && (outcome == "unreadable" || kind.may_be_read && outcome == "set_aside")
        })
    };
    if !kind.files.iter().all(|(name, _)| named(name)) {
        wrong.push(format!("{}: {reason} on {cores}", kind.what));
    }
    if healthy_part(before) != healthy_part(&after) {
        wrong.push(format!(
            "{}: the healthy ones are others on {cores}",
            kind.what
        ));
    }
    wrong
}

/// In the quick part all kinds come at once.
#[test]
fn texts_that_are_repeated_cost_no_memory() {
    let office = Office::new();
    let (before, ..) = watched(&office, 2);
    let mut together = Kind {
        what: "one text in very many cells, in all formats",
        files: Vec::new(),
        may_be_read: false,
    };
    for (at, kind) in quick().into_iter().enumerate() {
        let files = kind.files.into_iter().take(2);
        together
            .files
            .extend(files.map(|(name, bytes)| (format!("敌{at}-{name}"), bytes)));
    }
    let wrong = wrong(&office, &before, &together, 8);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "takes minutes, and much room on the disk"]
fn all_kinds_of_files_stay_within_one_budget() {
    let office = Office::new();
    let (before, ..) = watched(&office, 2);
    println!("| kind | cores | MiB | s | told |\n|---|---|---|---|---|");
    // Fewer of them, to look at one.
    let only = std::env::var("KAOHE_KIND").unwrap_or_default();
    let cores = std::env::var("KAOHE_CORES")
        .ok()
        .and_then(|cores| cores.parse().ok());
    let cores = cores.map_or(vec![1, 2, 8, 64], |cores| vec![cores]);
    let mut all_wrong = Vec::new();
    let mut kinds = all();
    kinds.push(with_much_beside(&office));
    for kind in kinds.iter().filter(|kind| kind.what.contains(&only)) {
        for cores in cores.iter().copied() {
            all_wrong.extend(wrong(&office, &before, kind, cores));
        }
    }
    assert!(all_wrong.is_empty(), "{all_wrong:#?}");
}
