//! The hostile files, made by code: what could be done to a container, to its
//! XML, to the streams and records of the binary formats.

use std::io::{Cursor, Read, Write};

mod two_ways;

use super::zip::{self as container, Part, pack, parts, text, with};

/// What has to become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It cannot be opened, and that is said.
    Refused,
    /// The same, since something in it can be read in two ways.
    TwoWays,
    /// It is opened or refused; if opened, it is nobody's or its unit's.
    Named,
}
use Fate::{Named, Refused, TwoWays};

/// A hostile file.
pub struct Hostile {
    pub name: String,
    pub bytes: Vec<u8>,
    pub fate: Fate,
}

/// All of them. `healthy` is a return that is read without a finding.
pub fn all(healthy: &[u8]) -> Vec<Hostile> {
    let mut made = Made(Vec::new());
    plain(&mut made);
    cut(&mut made, healthy);
    containers(&mut made, healthy);
    markup(&mut made, healthy);
    sheets(&mut made, healthy);
    compound(&mut made);
    sealed(&mut made);
    records(&mut made);
    xlsb(&mut made);
    ods(&mut made);
    two_ways::all(&mut made, healthy);
    made.0
}

struct Made(Vec<Hostile>);

impl Made {
    fn add(&mut self, name: &str, fate: Fate, bytes: Vec<u8>) {
        let name = format!("{:03}-{name}", self.0.len() + 1);
        self.0.push(Hostile { name, bytes, fate });
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/formats/{name}")).expect(name)
}

/// No workbooks at all.
fn plain(made: &mut Made) {
    made.add("empty.xlsx", Refused, Vec::new());
    made.add("one-byte.xls", Refused, vec![0]);
    made.add("pk.xlsx", Refused, b"PK".to_vec());
    made.add(
        "pk-zeros.xlsx",
        Refused,
        [b"PK\x03\x04".to_vec(), vec![0; 4_096]].concat(),
    );
    made.add("picture.xlsx", Refused, b"\x89PNG\r\n\x1a\n0000".to_vec());
    made.add("pdf.xls", Refused, b"%PDF-1.7 ...".to_vec());
    made.add("web.xls", Refused, b"<html><table><tr><td>1".to_vec());
    made.add("zeros.xlsx", Refused, vec![0; 100_000]);
    made.add(
        "end-only.xlsx",
        Refused,
        [b"PK\x05\x06".to_vec(), vec![0; 18]].concat(),
    );
    let mut noise = 1u64;
    for kind in ["xlsx", "xls", "ods", "xlsb"] {
        let bytes: Vec<u8> = (0..20_000)
            .map(|_| {
                noise = noise
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (noise >> 56) as u8
            })
            .collect();
        made.add(&format!("noise.{kind}"), Refused, bytes);
    }
}

/// Cut off, or with a tail of zeros, in every format.
fn cut(made: &mut Made, healthy: &[u8]) {
    let all = [
        ("xlsx", healthy.to_vec()),
        ("xls", fixture("libreoffice.xls")),
        ("ods", fixture("libreoffice.ods")),
        ("xlsb", fixture("sheetjs.xlsb")),
    ];
    for (kind, bytes) in all {
        for tenths in [1, 3, 5, 7, 9] {
            let length = bytes.len() * tenths / 10;
            // Of an .xls the end may be empty.
            let fate = if kind == "xls" { Named } else { Refused };
            made.add(
                &format!("cut-{tenths}.{kind}"),
                fate,
                bytes[..length].to_vec(),
            );
            let mut zeros = bytes.clone();
            zeros[length..].fill(0);
            made.add(&format!("zero-tail-{tenths}.{kind}"), fate, zeros);
        }
    }
}

const SHEET: &str = "xl/worksheets/sheet2.xml";

/// Lies in the container.
fn containers(made: &mut Made, healthy: &[u8]) {
    made.add(
        "two-sheets-one-part.xlsx",
        Refused,
        text(
            healthy,
            "xl/_rels/workbook.xml.rels",
            "worksheets/sheet2.xml",
            "worksheets/sheet1.xml",
        ),
    );
    let twice = |name: &str| {
        let mut parts = parts(healthy);
        let part = parts.iter().find(|part| part.name == name);
        parts.push(part.expect(name).clone());
        pack(&parts)
    };
    made.add("part-twice.xlsx", TwoWays, twice(SHEET));
    made.add(
        "unread-part-twice.xlsx",
        Named,
        twice("[Content_Types].xml"),
    );
    let mut cases = parts(healthy);
    cases.push(Part::new("XL/WORKBOOK.XML", "<workbook/>"));
    made.add("part-twice-by-case.xlsx", Refused, pack(&cases));
    let mut back = parts(healthy);
    back.push(Part::new("xl\\workbook.xml", "<workbook/>"));
    made.add("part-twice-by-slash.xlsx", Refused, pack(&back));
    for name in [
        "../../evil.xml",
        "xl/../../evil.xml",
        "C:/evil.xml",
        "a\0b.xml",
    ] {
        let mut evil = parts(healthy);
        evil.push(Part::new(name, "x"));
        // Nobody reads it, and nothing is ever written where its name says.
        made.add("traversal.xlsx", Named, pack(&evil));
    }
    let mut many = parts(healthy);
    many.extend((0..5_000).map(|at| Part {
        method: 0,
        ..Part::new(&format!("a/{at}"), "")
    }));
    made.add("5000-parts.xlsx", Refused, pack(&many));
    let over = |name: &str| {
        let mut parts = parts(healthy);
        let at = parts.iter().position(|part| part.name == name);
        // The part comes first, and another one claims to be where it is.
        let part = parts.remove(at.expect(name));
        parts.insert(0, part.clone());
        parts.push(Part {
            name: "again.xml".to_owned(),
            offset: Some(0),
            ..part
        });
        pack(&parts)
    };
    made.add("overlap.xlsx", Refused, over(SHEET));
    made.add("overlap-unread.xlsx", Named, over("[Content_Types].xml"));
    made.add(
        "sum-of-a-sheet.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.crc = Some(7)),
    );
    made.add(
        "sum-of-texts.xlsx",
        Refused,
        with(healthy, "xl/sharedStrings.xml", |p| p.crc = Some(7)),
    );
    made.add(
        "sum-of-styles.xlsx",
        Refused,
        with(healthy, "xl/styles.xml", |p| p.crc = Some(7)),
    );
    made.add(
        "longer-than-said.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.unpacked = Some(10)),
    );
    made.add(
        "shorter-than-said.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.unpacked = Some(900_000)),
    );
    made.add(
        "4-gib-said.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.unpacked = Some(u32::MAX - 1)),
    );
    made.add(
        "packed-beyond-the-end.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.packed = Some(u32::MAX - 1)),
    );
    made.add(
        "part-beyond-the-end.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.offset = Some(u32::MAX - 1)),
    );
    made.add(
        "password.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.flags = 1),
    );
    for method in [1, 12, 14, 93, 99, 65_535] {
        made.add(
            "unknown-packing.xlsx",
            Refused,
            with(healthy, SHEET, |p| p.method = method),
        );
    }
    let bomb = vec![b' '; 12 << 20];
    made.add(
        "bomb.xlsx",
        Refused,
        with(healthy, SHEET, |p| p.content = bomb.clone()),
    );
    made.add(
        "bomb-that-lies.xlsx",
        Refused,
        with(healthy, SHEET, |p| {
            p.content = bomb.clone();
            p.unpacked = Some(1_000);
        }),
    );
    made.add("bomb-beside.xlsx", Named, {
        let mut parts = parts(healthy);
        parts.push(Part::new("xl/media/image1.png", bomb.clone()));
        pack(&parts)
    });
    // A second record of the end with wider numbers: what both say must agree.
    let wide = |count: u64, size: i64, at: i64| {
        let end = healthy.len() - 22;
        let long = |at: usize| {
            let four = healthy[at..at + 4].try_into().expect("four bytes");
            i64::from(u32::from_le_bytes(four))
        };
        let parts = u64::from(u16::from_le_bytes([healthy[end + 10], healthy[end + 11]]));
        let mut bytes = healthy[..end].to_vec();
        bytes.extend(b"PK\x06\x06");
        bytes.extend(44u64.to_le_bytes());
        bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for _ in 0..2 {
            bytes.extend((parts + count).to_le_bytes());
        }
        bytes.extend((long(end + 12) + size).to_le_bytes());
        bytes.extend((long(end + 16) + at).to_le_bytes());
        bytes.extend(b"PK\x06\x07\0\0\0\0");
        bytes.extend((end as u64).to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(&healthy[end..]);
        bytes
    };
    made.add("wide-end.xlsx", Named, wide(0, 0, 0));
    made.add("wide-end-more-parts.xlsx", Refused, wide(1, 0, 0));
    made.add("wide-end-all-parts.xlsx", Refused, wide(u64::MAX / 2, 0, 0));
    made.add("wide-end-other-size.xlsx", Refused, wide(0, -46, 0));
    made.add("wide-end-elsewhere.xlsx", Refused, wide(0, 0, -46));
    made.add(
        "wide-end-before-all.xlsx",
        Refused,
        wide(0, i64::MIN / 2, 0),
    );
    let end = healthy.len() - 22;
    for (name, at, value) in [
        ("no-parts-said", end + 10, 0u16),
        ("more-parts-said", end + 10, 9_999),
        ("list-elsewhere", end + 12, 1),
    ] {
        let mut bytes = healthy.to_vec();
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
        made.add(&format!("{name}.xlsx"), Refused, bytes);
    }
    made.add("second-end.xlsx", Refused, {
        // Behind the comment stands another end, of an empty container.
        [healthy.to_vec(), b"PK\x05\x06".to_vec(), vec![0; 18]].concat()
    });
    // The library goes where the package points, so the guard has to go there too.
    for (name, book, list) in [
        (
            "another-workbook",
            "xl/workbook2.xml",
            "xl/_rels/workbook2.xml.rels",
        ),
        (
            "workbook-elsewhere",
            "xl/book/workbook.xml",
            "xl/book/_rels/workbook.xml.rels",
        ),
        (
            "workbook-nowhere",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
        ),
    ] {
        let cell = "<row r=\"1\"><c r=\"A1\"><v>1<!-- -->00</v></c></row>";
        let mut moved = parts(&sheet(healthy, cell));
        for part in &mut moved {
            match part.name.as_str() {
                "xl/workbook.xml" => part.name = book.to_owned(),
                "xl/_rels/workbook.xml.rels" => {
                    part.name = list.to_owned();
                    if book.starts_with("xl/book/") {
                        let text = String::from_utf8(part.content.clone()).expect("text");
                        part.content = text.replace("Target=\"", "Target=\"/xl/").into_bytes();
                    }
                }
                "_rels/.rels" => {
                    let text = String::from_utf8(part.content.clone()).expect("text");
                    let book = if name == "workbook-nowhere" {
                        "xl/none.xml"
                    } else {
                        book
                    };
                    part.content = text.replace("xl/workbook.xml", book).into_bytes();
                }
                _ => {}
            }
        }
        made.add(&format!("{name}.xlsx"), Refused, pack(&moved));
    }
    for (name, part) in [
        ("no-workbook", "xl/workbook.xml"),
        ("no-sheet", SHEET),
        ("no-relations", "xl/_rels/workbook.xml.rels"),
    ] {
        let mut left = parts(healthy);
        left.retain(|one| one.name != part);
        made.add(&format!("{name}.xlsx"), Refused, pack(&left));
    }
}

/// Lies in the XML of the parts.
fn markup(made: &mut Made, healthy: &[u8]) {
    let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
    let outside = "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>";
    for part in [
        "xl/workbook.xml",
        SHEET,
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ] {
        for (name, definition) in [("laughs", laughs), ("outside", outside)] {
            let bytes = with(healthy, part, |p| {
                let body = p
                    .content
                    .iter()
                    .position(|b| *b == b'\n')
                    .map_or(0, |at| at + 1);
                p.content.splice(body..body, definition.bytes());
            });
            made.add(&format!("{name}.xlsx"), Refused, bytes);
        }
    }
    for count in [
        "100000000",
        "4294967295",
        "18446744073709551615",
        "99999999999999999999999",
    ] {
        let bytes = with(healthy, "xl/sharedStrings.xml", |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let at = text.find("uniqueCount=\"").expect("a count") + 13;
            let end = at + text[at..].find('"').expect("its end");
            p.content = format!("{}{count}{}", &text[..at], &text[end..]).into_bytes();
        });
        made.add("texts-said.xlsx", Refused, bytes);
    }
    let cell = |content: &str| sheet(healthy, content);
    made.add("shared-formula.xlsx", Refused, cell("<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"4000000000\">1</f><v>1</v></c></row>"));
    made.add(
        "long-tag.xlsx",
        Refused,
        cell(&format!("<row r=\"1\" {}=\"1\"/>", "x".repeat(2 << 20))),
    );
    made.add(
        "long-gap.xlsx",
        Refused,
        cell(&format!("<row r=\"1\">{}</row>", "ab".repeat(2 << 20))),
    );
    let deep = 200_000;
    made.add(
        "deep.xlsx",
        Named,
        cell(&format!("{}{}", "<a>".repeat(deep), "</a>".repeat(deep))),
    );
    made.add("never-closed.xlsx", Refused, cell(&"<row>".repeat(100_000)));
    made.add(
        "utf-16.xlsx",
        Named,
        with(healthy, SHEET, |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
            p.content = [0xFF, 0xFE].into_iter().chain(wide).collect();
        }),
    );
    let wide = |bytes: &dyn Fn(&str) -> Vec<u8>| {
        with(healthy, SHEET, |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            p.content = [vec![0xFF, 0xFE], bytes(&text)].concat();
        })
    };
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    made.add(
        "utf-16-cut.xlsx",
        Refused,
        wide(&|text| {
            let mut bytes = utf16(text);
            bytes.pop();
            bytes
        }),
    );
    made.add(
        "utf-16-laughs.xlsx",
        Refused,
        wide(&|text| {
            let (head, body) = text.split_once('\n').unwrap_or(("", text));
            utf16(&format!("{head}{laughs}{body}"))
        }),
    );
    made.add(
        "utf-16-half-a-letter.xlsx",
        Refused,
        wide(&|text| [utf16(text), vec![0, 0xD8]].concat()),
    );
    for encoding in ["utf-7", "klingon", "utf-16"] {
        made.add(
            "encoding-said.xlsx",
            Refused,
            with(healthy, SHEET, |p| {
                let text = String::from_utf8(p.content.clone()).expect("text");
                let (_, body) = text.split_once("?>").expect("a declaration");
                let head = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>");
                p.content = format!("{head}{body}").into_bytes();
            }),
        );
    }
    // Only the type of the document is named, and then something of it is used.
    made.add(
        "doctype-and-its-use.xlsx",
        Refused,
        with(healthy, SHEET, |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let text = text.replacen("?>", "?><!DOCTYPE a SYSTEM \"a.dtd\">", 1);
            let rows = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>&b;</v></c></row>";
            p.content = text.replacen("<sheetData>", rows, 1).into_bytes();
        }),
    );
    let foreign = |from: &str, to: &str| text(healthy, SHEET, from, to);
    made.add(
        "foreign-cells.xlsx",
        TwoWays,
        foreign("<sheetData>", "<x:sheetData xmlns:x=\"urn:x\"><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></x:sheetData><sheetData>"),
    );
    made.add(
        "foreign-row.xlsx",
        TwoWays,
        foreign(
            "<sheetData>",
            "<sheetData><row xmlns=\"urn:x\" r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        ),
    );
    made.add(
        "cells-to-choose.xlsx",
        TwoWays,
        foreign("<sheetData>", "<mc:AlternateContent xmlns:mc=\"urn:x\"><mc:Choice><sheetData/></mc:Choice></mc:AlternateContent><sheetData>"),
    );
    made.add(
        "cells-twice.xlsx",
        TwoWays,
        foreign("<sheetData>", "<sheetData/><sheetData>"),
    );
    made.add(
        "prefix-of-nobody.xlsx",
        Refused,
        foreign("<sheetData>", "<sheetData><y:row r=\"1\"/>"),
    );
    made.add(
        "foreign-text.xlsx",
        TwoWays,
        text(
            healthy,
            "xl/sharedStrings.xml",
            "<si>",
            "<x:si xmlns:x=\"urn:x\"><t>a</t></x:si><si>",
        ),
    );
    made.add(
        "foreign-sheet.xlsx",
        TwoWays,
        text(healthy, "xl/workbook.xml", "<sheets>", "<x:sheets xmlns:x=\"urn:x\"><sheet name=\"a\" sheetId=\"99\" r:id=\"rId1\"/></x:sheets><sheets>"),
    );
    made.add(
        "sheets-twice.xlsx",
        TwoWays,
        text(healthy, "xl/workbook.xml", "<sheets>", "<sheets/><sheets>"),
    );
    made.add(
        "relation-twice.xlsx",
        TwoWays,
        with(healthy, "xl/_rels/workbook.xml.rels", |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            p.content = text.replace("Id=\"rId2\"", "Id=\"rId1\"").into_bytes();
        }),
    );
    made.add(
        "not-utf-8.xlsx",
        Refused,
        with(healthy, "xl/sharedStrings.xml", |p| {
            let at = p
                .content
                .windows(3)
                .position(|w| w == b"<t>")
                .expect("a text")
                + 3;
            p.content[at] = 0xFF;
        }),
    );
    made.add(
        "relation-to-itself.xlsx",
        Refused,
        text(
            healthy,
            "xl/_rels/workbook.xml.rels",
            "worksheets/sheet2.xml",
            "_rels/workbook.xml.rels",
        ),
    );
    made.add(
        "relation-outside.xlsx",
        Refused,
        text(
            healthy,
            "xl/_rels/workbook.xml.rels",
            "worksheets/sheet2.xml",
            "../../../etc/passwd",
        ),
    );
    made.add(
        "relation-to-the-net.xlsx",
        Refused,
        text(
            healthy,
            "xl/_rels/workbook.xml.rels",
            "worksheets/sheet2.xml",
            "http://127.0.0.1/sheet.xml",
        ),
    );
    made.add(
        "no-sheets.xlsx",
        Refused,
        with(healthy, "xl/workbook.xml", |p| {
            p.content = b"<workbook><sheets/></workbook>".to_vec()
        }),
    );
    let listed: String = (0..400)
        .map(|at| format!("<sheet name=\"a{at}\" sheetId=\"{at}\" r:id=\"rId2\"/>"))
        .collect();
    made.add(
        "400-sheets.xlsx",
        Refused,
        text(
            healthy,
            "xl/workbook.xml",
            "<sheets>",
            &format!("<sheets>{listed}"),
        ),
    );
    made.add(
        "one-name-twice.xlsx",
        TwoWays,
        with(healthy, "xl/workbook.xml", |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let from = text.find("<sheet ").expect("a sheet");
            let to = from + text[from..].find("/>").expect("its end") + 2;
            let again = text[from..to].to_owned();
            p.content = text.replacen(&again, &again.repeat(2), 1).into_bytes();
        }),
    );
}

/// A healthy return with the rows of one sheet replaced.
fn sheet(healthy: &[u8], rows: &str) -> Vec<u8> {
    with(healthy, SHEET, |p| {
        let text = String::from_utf8(p.content.clone()).expect("text");
        let from = text.find("<sheetData>").expect("rows") + 11;
        let to = text.find("</sheetData>").expect("their end");
        p.content = format!("{}{rows}{}", &text[..from], &text[to..]).into_bytes();
    })
}

/// Lies in the cells.
fn sheets(made: &mut Made, healthy: &[u8]) {
    let mut add = |name: &str, fate, rows: &str| {
        made.add(&format!("{name}.xlsx"), fate, sheet(healthy, rows))
    };
    add(
        "two-far-cells",
        Named,
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>",
    );
    add(
        "row-that-wraps",
        Refused,
        "<row r=\"4294967297\"><c r=\"A4294967297\"><v>1</v></c></row>",
    );
    add(
        "row-0",
        Refused,
        "<row r=\"0\"><c r=\"A0\"><v>1</v></c></row>",
    );
    add(
        "column-beyond",
        Refused,
        "<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>",
    );
    add(
        "no-reference",
        Refused,
        "<row r=\"1\"><c r=\"!!\"><v>1</v></c></row>",
    );
    add(
        "one-cell-twice",
        TwoWays,
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
    );
    add(
        "text-that-is-not",
        Refused,
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999999</v></c></row>",
    );
    add(
        "text-below-zero",
        Refused,
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>-1</v></c></row>",
    );
    add(
        "text-with-blanks",
        Refused,
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v> 1 </v></c></row>",
    );
    add(
        "value-in-pieces",
        Refused,
        "<row r=\"1\"><c r=\"A1\"><v>12<!-- x -->34</v></c></row>",
    );
    add(
        "value-quoted",
        Refused,
        "<row r=\"1\"><c r=\"A1\"><v><![CDATA[12]]></v></c></row>",
    );
    add(
        "number-too-great",
        Named,
        "<row r=\"1\"><c r=\"A1\"><v>1e400</v></c><c r=\"B1\"><v>NaN</v></c></row>",
    );
    add(
        "style-that-is-not",
        Named,
        "<row r=\"1\"><c r=\"A1\" s=\"4294967295\"><v>1</v></c></row>",
    );
    let one = |content: &str| format!("<row r=\"1\"><c r=\"A1\"{content}</c></row>");
    add("two-values", TwoWays, &one("><v>1</v><v>2</v>"));
    add(
        "two-texts",
        TwoWays,
        &one(" t=\"inlineStr\"><is><t>1</t></is><is><t>2</t></is>"),
    );
    add(
        "value-and-text",
        TwoWays,
        &one("><is><t>1</t></is><v>2</v>"),
    );
    add(
        "value-and-other-text",
        TwoWays,
        &one(" t=\"inlineStr\"><v>2</v><is><t>1</t></is>"),
    );
    add(
        "value-and-same-text",
        Named,
        &one(" t=\"inlineStr\"><v>1</v><is><t>1</t></is>"),
    );
    add("value-in-a-value", Refused, &one("><v><v>1</v></v>"));
    add("kind-of-nobody", Refused, &one(" t=\"x\"><v>1</v>"));
    add(
        "cell-in-an-addition",
        Named,
        &one("><v>1</v><extLst><c r=\"B1\"><v>2</v></c></extLst>"),
    );
    add("error-of-nobody", Named, &one(" t=\"e\"><v>#SPILL!</v>"));
    add(
        "error-nowhere",
        Refused,
        "<row r=\"1\"><c t=\"e\"><v>#SPILL!</v></c></row>",
    );
    for merged in [
        "",
        "A",
        "A1:",
        "A1:B2:C3",
        "A0:B1",
        "AAAA1:B2",
        "A1:B9999999",
    ] {
        made.add(
            "merged-nowhere.xlsx",
            Refused,
            text(
                healthy,
                SHEET,
                "</sheetData>",
                &format!("</sheetData><mergeCells><mergeCell ref=\"{merged}\"/></mergeCells>"),
            ),
        );
    }
    for merged in ["N:N", "A:XFD", "1:1048576", "$b$2:a1"] {
        made.add(
            "merged-oddly.xlsx",
            Named,
            text(
                healthy,
                SHEET,
                "</sheetData>",
                &format!("</sheetData><mergeCells><mergeCell ref=\"{merged}\"/></mergeCells>"),
            ),
        );
    }
    let mut add = |name: &str, fate, rows: &str| {
        made.add(&format!("{name}.xlsx"), fate, sheet(healthy, rows))
    };
    let letters = "长".repeat(30_000);
    let texts: String = (1..=800).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>{letters}</t></is></c></row>")).collect();
    add("too-much-text", Refused, &texts);
    let merges: String = (1..=70_000)
        .map(|row| format!("<mergeCell ref=\"A{row}:B{row}\"/>"))
        .collect();
    made.add(
        "70000-merges.xlsx",
        Refused,
        with(healthy, SHEET, |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let merged = format!("</sheetData><mergeCells count=\"70000\">{merges}</mergeCells>");
            p.content = text.replacen("</sheetData>", &merged, 1).into_bytes();
        }),
    );
    made.add(
        "size-that-is-not.xlsx",
        Named,
        with(healthy, SHEET, |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let from = text.find("<dimension ref=\"").expect("a size");
            let to = from + text[from..].find("/>").expect("its end") + 2;
            p.content = text
                .replacen(&text[from..to], "<dimension ref=\"A1:XFD1048576\"/>", 1)
                .into_bytes();
        }),
    );
}

/// Lies in the tables of a compound file: the header is 512 bytes.
fn compound(made: &mut Made) {
    let healthy = fixture("libreoffice.xls");
    let long = |at: usize| u32::from_le_bytes(healthy[at..at + 4].try_into().expect("four"));
    let sector = |number: u32| 512 * (number as usize + 1);
    let table = sector(long(76));
    let directory = sector(long(48));
    let mut set = |name: &str, fate, at: usize, value: u32| {
        let mut bytes = healthy.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        made.add(&format!("{name}.xls"), fate, bytes);
    };
    set("sector-of-1-byte", Refused, 30, 0);
    set("sector-of-2-gib", Refused, 30, 31);
    set("tables-without-end", Named, 44, u32::MAX / 2);
    set("table-elsewhere", Refused, 76, 0x00FF_FFFF);
    set("table-is-itself", Named, table + 4 * long(76) as usize, 0);
    set("list-of-tables-loops", Refused, 68, 0);
    set("directory-elsewhere", Refused, 48, 0x00FF_FFFF);
    set(
        "directory-loops",
        Named,
        table + 4 * long(48) as usize,
        long(48),
    );
    set("small-table-elsewhere", Named, 60, 0x00FF_FFFF);
    for entry in 0..3usize {
        set(
            "stream-elsewhere",
            Named,
            directory + 128 * entry + 116,
            0x00FF_FFFF,
        );
        set(
            "stream-of-4-gib",
            Named,
            directory + 128 * entry + 120,
            u32::MAX,
        );
        set(
            "tree-loops",
            Named,
            directory + 128 * entry + 76,
            entry as u32,
        );
    }
    for at in 0..4 {
        // The chain of the workbook, which begins with the first sectors.
        set("chain-loops", Named, table + 4 * at, at as u32);
        set("chain-ends-early", Named, table + 4 * at, 0xFFFF_FFFE);
    }
}

/// Lies about how a file is encrypted.
fn sealed(made: &mut Made) {
    let file = |info: &[u8], package: &[u8]| {
        let new = Cursor::new(Vec::new());
        let file = cfb::CompoundFile::create_with_version(cfb::Version::V3, new);
        let mut file = file.expect("a file");
        for (name, content) in [("EncryptionInfo", info), ("EncryptedPackage", package)] {
            let mut part = file.create_stream(name).expect("a stream");
            part.write_all(content).expect("written");
        }
        file.flush().expect("written");
        file.into_inner().into_inner()
    };
    let agile = |turns: &str, bits: &str, salt: &str| {
        let of = format!(
            "blockSize=\"16\" keyBits=\"{bits}\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\" saltValue=\"{salt}\""
        );
        let info = format!(
            "<encryption><keyData {of}/><encryptedKey spinCount=\"{turns}\" {of} encryptedVerifierHashInput=\"AAAA\" encryptedVerifierHashValue=\"AAAA\" encryptedKeyValue=\"AAAA\"/></encryption>"
        );
        let head: &[u8] = &[4, 0, 4, 0, 64, 0, 0, 0];
        file(&[head, info.as_bytes()].concat(), &[255; 64])
    };
    for (turns, bits, salt) in [
        ("4294967295", "256", "AAAA"),
        ("99999999999999999999", "256", "AAAA"),
        ("-1", "256", "AAAA"),
        ("1000000", "256", "AAAA"),
        ("1", "99999999999999", "AAAA"),
        ("1", "7", "AAAA"),
        ("1", "256", ""),
        ("1", "256", "%"),
    ] {
        made.add("sealed.xlsx", Refused, agile(turns, bits, salt));
    }
    for info in [
        &[][..],
        &[4, 0],
        &[4, 0, 4, 0],
        &[3, 0, 2, 0, 0, 0, 0, 0, 255, 255, 255, 255],
    ] {
        made.add("sealed-and-cut.xlsx", Refused, file(info, &[0; 8]));
    }
    let healthy = stream("xlwt.xls");
    for length in [0, 2, 4, 6, 20, 54] {
        let mut records = healthy.clone();
        records.insert(1, (0x002F, vec![1; length]));
        made.add("sealed.xls", Refused, xls(&records));
    }
}

/// The records of a workbook in a compound file, and the file made of others.
pub fn stream(name: &str) -> Vec<(u16, Vec<u8>)> {
    let mut file = cfb::CompoundFile::open(Cursor::new(fixture(name))).expect("it opens");
    let mut bytes = Vec::new();
    let mut part = file.open_stream("/Workbook").expect("the stream");
    part.read_to_end(&mut bytes).expect("read");
    let mut records = Vec::new();
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + 4) {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        records.push((
            kind,
            bytes[at + 4..(at + 4 + length).min(bytes.len())].to_vec(),
        ));
        at += 4 + length;
    }
    records
}

pub fn xls(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (kind, body) in records {
        bytes.extend(kind.to_le_bytes());
        bytes.extend((body.len() as u16).to_le_bytes());
        bytes.extend(body);
    }
    xls_of(&bytes)
}

fn xls_of(stream: &[u8]) -> Vec<u8> {
    let new = Cursor::new(Vec::new());
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, new).expect("a file");
    let mut part = file.create_stream("Workbook").expect("a stream");
    part.write_all(stream).expect("written");
    drop(part);
    file.flush().expect("written");
    file.into_inner().into_inner()
}

/// Lies in the records of an .xls.
fn records(made: &mut Made) {
    let healthy = stream("xlwt.xls");
    let mut change = |name: &str, fate, kind: u16, change: &dyn Fn(&mut Vec<u8>)| {
        let mut records = healthy.clone();
        let mut found = records.iter_mut().filter(|(own, _)| *own == kind);
        let Some((_, body)) = found.next() else {
            panic!("no record {kind:#06X} for {name}");
        };
        change(body);
        made.add(&format!("{name}.xls"), fate, xls(&records));
    };
    change("forged-begin", Refused, 0x0809, &|body| body.truncate(1));
    change("begin-of-nothing", Named, 0x0809, &|body| body.fill(0xFF));
    change("sheet-elsewhere", Refused, 0x0085, &|body| {
        body[..4].copy_from_slice(&0x7FFF_FFF0u32.to_le_bytes())
    });
    change("sheet-is-the-book", Named, 0x0085, &|body| {
        body[..4].copy_from_slice(&0u32.to_le_bytes())
    });
    change("sheet-without-name", Named, 0x0085, &|body| {
        body.truncate(4)
    });
    change("name-too-long", Named, 0x0085, &|body| body[6] = 255);
    change("size-of-the-world", Named, 0x0200, &|body| body.fill(0xFF));
    change("size-cut-off", Named, 0x0200, &|body| body.truncate(3));
    change("texts-without-end", Named, 0x00FC, &|body| {
        body[4..8].fill(0xFF)
    });
    change("texts-below-zero", Named, 0x00FC, &|body| {
        body[..8].fill(0x80)
    });
    change("texts-cut-off", Named, 0x00FC, &|body| body.truncate(9));
    change("text-that-is-not", Refused, 0x00FD, &|body| {
        body[6..10].fill(0xFF)
    });
    change("cell-beyond", Refused, 0x00FD, &|body| body[..4].fill(0xFF));
    change("cell-cut-off", Named, 0x00FD, &|body| body.truncate(5));
    change("number-cut-off", Named, 0x0203, &|body| body.truncate(8));
    change("format-cut-off", Named, 0x00E0, &|body| body.truncate(1));
    let mut whole = Vec::new();
    for (kind, body) in &healthy {
        whole.extend(kind.to_le_bytes());
        whole.extend((body.len() as u16).to_le_bytes());
        whole.extend(body);
    }
    made.add("last-record-too-long.xls", Named, {
        let mut bytes = whole.clone();
        bytes.extend([0xFD, 0, 0xFF, 0xFF, 1]);
        xls_of(&bytes)
    });
    made.add("numbers-side-by-side.xls", Named, {
        // 256 numbers in the last row: the grid is as wide as they are.
        let mut records = healthy.clone();
        let end = records.iter().rposition(|(kind, _)| *kind == 0x000A);
        let numbers: Vec<u8> = [0xFF, 0xFF, 0, 0]
            .into_iter()
            .chain((0..256 * 6).map(|_| 0))
            .chain([0xFF, 0])
            .collect();
        records.insert(end.expect("an end"), (0x00BD, numbers));
        xls(&records)
    });
    let numbers = |cells: &mut dyn Iterator<Item = (u16, u16)>| {
        let mut records = healthy.clone();
        let end = records.iter().rposition(|(kind, _)| *kind == 0x000A);
        let end = end.expect("an end");
        let cells = cells.map(|(row, column)| {
            let mut body = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
            body.extend(1.0f64.to_le_bytes());
            (0x0203, body)
        });
        records.splice(end..end, cells);
        xls(&records)
    };
    made.add(
        "two-far-cells.xls",
        Named,
        numbers(&mut [(0, 0), (65_535, 255)].into_iter()),
    );
    // No row and no column of these is empty, and yet nearly all cells are.
    made.add(
        "cells-aslant.xls",
        Refused,
        numbers(&mut (0..65_535).map(|row| (row, row % 256))),
    );
    made.add("sheets-that-overlap.xls", TwoWays, {
        let mut records = healthy.clone();
        let sheet = records.iter().find(|(kind, _)| *kind == 0x0085).cloned();
        let (kind, mut body) = sheet.expect("a sheet");
        *body.last_mut().expect("a name") ^= 1;
        let at = records.iter().position(|(kind, _)| *kind == 0x0085);
        let longer = body.len() as u32 + 4;
        records.insert(at.expect("a sheet"), (kind, body));
        for (_, body) in records.iter_mut().filter(|(kind, _)| *kind == 0x0085) {
            let place = u32::from_le_bytes(body[..4].try_into().expect("four"));
            body[..4].copy_from_slice(&(place + longer).to_le_bytes());
        }
        xls(&records)
    });
    made.add("only-a-begin.xls", Refused, xls_of(&whole[..20]));
    made.add("nothing-in-it.xls", Refused, xls_of(&[]));
    made.add("password.xls", Refused, {
        let mut records = healthy.clone();
        records.insert(1, (0x002F, vec![1, 0, 1, 0, 1, 0]));
        xls(&records)
    });
    made.add("another-book-inside.xls", Named, {
        let mut file = cfb::CompoundFile::open(Cursor::new(xls_of(&whole))).expect("it opens");
        file.create_storage("Inside").expect("a storage");
        let mut part = file.create_stream("Inside/Workbook").expect("a stream");
        part.write_all(&[9; 5_000]).expect("written");
        drop(part);
        file.into_inner().into_inner()
    });
}

/// Lies in an .xlsb.
fn xlsb(made: &mut Made) {
    let healthy = fixture("sheetjs.xlsb");
    let names: Vec<String> = parts(&healthy).into_iter().map(|p| p.name).collect();
    for name in names.iter().filter(|name| name.ends_with(".bin")) {
        let short = name.rsplit('/').next().unwrap_or(name);
        made.add(
            &format!("cut-{short}.xlsb"),
            Named,
            with(&healthy, name, |p| {
                let half = p.content.len() / 2;
                p.content.truncate(half);
            }),
        );
        made.add(
            &format!("endless-record-{short}.xlsb"),
            Named,
            with(&healthy, name, |p| {
                p.content.splice(0..0, [0x81, 0x01, 0xFF, 0xFF, 0xFF, 0x7F]);
            }),
        );
        made.add(
            &format!("noise-{short}.xlsb"),
            Named,
            with(&healthy, name, |p| {
                for (at, byte) in p.content.iter_mut().enumerate().skip(20) {
                    *byte ^= (at * 37) as u8;
                }
            }),
        );
    }
}

/// Lies in an .ods.
fn ods(made: &mut Made) {
    let healthy = fixture("libreoffice.ods");
    let table = |name: &str| format!("<table:table table:name=\"{name}\">");
    let body = |rows: &str| {
        with(&healthy, "content.xml", |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let from = text.find("<table:table ").expect("a table");
            let to = text.rfind("</table:table>").expect("its end") + 14;
            p.content = format!(
                "{}{}{rows}</table:table>{}",
                &text[..from],
                table("a"),
                &text[to..]
            )
            .into_bytes();
        })
    };
    let cell = "<table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=";
    let mut add = |name: &str, fate, rows: &str| made.add(&format!("{name}.ods"), fate, body(rows));
    add(
        "columns-repeated",
        Refused,
        &format!(
            "<table:table-row table:number-rows-repeated=\"1000000\">{cell}\"16000\"/></table:table-row>"
        ),
    );
    add(
        "columns-without-end",
        Named,
        &format!("<table:table-row>{cell}\"4294967295\"/></table:table-row>"),
    );
    add(
        "repeated-below-zero",
        Named,
        &format!("<table:table-row>{cell}\"-5\"/></table:table-row>"),
    );
    add(
        "formulas-repeated",
        Refused,
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:formula=\"of:=1\" table:number-columns-repeated=\"9\"/></table:table-row>",
    );
    add(
        "columns-beyond-all-numbers",
        Refused,
        &format!(
            "<table:table-row table:number-rows-repeated=\"1000\">{cell}\"4294967296000\"/></table:table-row>"
        ),
    );
    add(
        "rows-without-end",
        Refused,
        &format!(
            "<table:table-row table:number-rows-repeated=\"4294967295\">{cell}\"9\"/></table:table-row>"
        ),
    );
    let rows = format!(
        "<table:table-row table:number-rows-repeated=\"100000\">{cell}\"30\"/></table:table-row>"
    );
    add("one-grid-below-the-limit", Named, &rows);
    add(
        "far-cell",
        Named,
        &format!(
            "<table:table-row table:number-rows-repeated=\"1000000\"/><table:table-row><table:table-cell table:number-columns-repeated=\"16000\"/>{cell}\"1\"/></table:table-row>"
        ),
    );
    let aslant: String = (0..3_000)
        .map(|at| format!("<table:table-row><table:table-cell table:number-columns-repeated=\"{}\"/>{cell}\"1\"/></table:table-row>", at + 1))
        .collect();
    add("cells-aslant", Refused, &aslant);
    add(
        "prefix-of-others",
        Refused,
        "<table:table-row xmlns:table=\"urn:x\"><table:table-cell/></table:table-row>",
    );
    add(
        "other-prefix",
        Refused,
        "<t:table-row xmlns:t=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\"/>",
    );
    add(
        "table-in-a-cell",
        Named,
        &format!(
            "<table:table-row><table:table-cell><table:table table:name=\"b\"><table:table-row>{cell}\"1\"/></table:table-row></table:table></table:table-cell></table:table-row>"
        ),
    );
    add(
        "merged-without-end",
        Named,
        "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-spanned=\"4294967295\" table:number-rows-spanned=\"4294967295\"/></table:table-row>",
    );
    add(
        "hidden-rows",
        Named,
        &"<table:table-row table:visibility=\"collapse\" table:number-rows-repeated=\"500000\"/>"
            .repeat(20),
    );
    add(
        "text-without-end",
        Named,
        &format!(
            "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell></table:table-row>",
            "长".repeat(200_000)
        ),
    );
    add(
        "spaces-without-end",
        Named,
        "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>a<text:s text:c=\"4294967295\"/></text:p></table:table-cell></table:table-row>",
    );
    made.add(
        "several-grids.ods",
        Refused,
        with(&healthy, "content.xml", |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let from = text.find("<table:table ").expect("a table");
            let to = text.rfind("</table:table>").expect("its end") + 14;
            let tables: String = (0..9)
                .map(|at| format!("{}{rows}</table:table>", table(&at.to_string())))
                .collect();
            p.content = format!("{}{tables}{}", &text[..from], &text[to..]).into_bytes();
        }),
    );
    made.add(
        "cut-content.ods",
        Refused,
        with(&healthy, "content.xml", |p| {
            let half = p.content.len() / 2;
            p.content.truncate(half);
        }),
    );
    made.add(
        "laughs.ods",
        Refused,
        with(&healthy, "content.xml", |p| {
            let at = p
                .content
                .windows(2)
                .position(|w| w == b"?>")
                .map_or(0, |at| at + 2);
            p.content
                .splice(at..at, b"<!DOCTYPE a [<!ENTITY b \"c\">]>".iter().copied());
        }),
    );
    made.add("no-content.ods", Refused, {
        let mut parts = parts(&healthy);
        parts.retain(|p| p.name != "content.xml");
        pack(&parts)
    });
    made.add(
        "locked.ods",
        Refused,
        text(
            &healthy,
            "META-INF/manifest.xml",
            "<manifest:file-entry ",
            "<manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry><manifest:file-entry ",
        ),
    );
    made.add(
        "sum.ods",
        Refused,
        with(&healthy, "content.xml", |p| {
            p.crc = Some(container::crc(b"x"))
        }),
    );
}
