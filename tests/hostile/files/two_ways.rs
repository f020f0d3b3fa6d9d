//! Files in which something stands twice: what one program shows, another does not.

use super::Fate::{Refused, TwoWays};
use super::{Made, SHEET, fixture, pack, parts, sheet, stream, text, with, xls};

pub fn all(made: &mut Made, healthy: &[u8]) {
    xlsx(made, healthy);
    old(made);
    binary(made);
    open_document(made);
}

fn xlsx(made: &mut Made, healthy: &[u8]) {
    let row = |cells: &str| format!("<row r=\"1\">{cells}</row>");
    let choice =
        "<mc:AlternateContent xmlns:mc=\"urn:m\"><mc:Choice xmlns:x=\"urn:x\" Requires=\"x\">";
    let end = "</mc:Choice></mc:AlternateContent>";
    for (name, fate, rows) in [
        (
            "row-to-choose",
            TwoWays,
            format!("{choice}{}{end}", row("<c r=\"A1\"><v>1</v></c>")),
        ),
        (
            "cell-to-choose",
            TwoWays,
            row(&format!("{choice}<c r=\"A1\"><v>1</v></c>{end}")),
        ),
        (
            "value-to-choose",
            TwoWays,
            row(&format!("<c r=\"A1\">{choice}<v>1</v>{end}<v>2</v></c>")),
        ),
        (
            "kind-twice",
            TwoWays,
            row("<c r=\"A1\" t=\"n\" t=\"str\"><v>1</v></c>"),
        ),
        (
            "place-twice",
            TwoWays,
            row("<c r=\"A1\" r=\"B1\"><v>1</v></c>"),
        ),
        (
            "row-twice",
            TwoWays,
            "<row r=\"1\" r=\"2\"><c><v>1</v></c></row>".to_owned(),
        ),
        ("another-row", TwoWays, row("<c r=\"A2\"><v>1</v></c>")),
        (
            "another-row-in-words",
            TwoWays,
            row("<c r=\"A2\" t=\"str\"><v>a</v></c>"),
        ),
        (
            "text-and-piece",
            TwoWays,
            row("<c r=\"A1\" t=\"inlineStr\"><is><t>1</t><r><t>2</t></r></is></c>"),
        ),
        (
            "text-twice",
            TwoWays,
            row("<c r=\"A1\" t=\"inlineStr\"><is><t>1</t><t>2</t></is></c>"),
        ),
        (
            "formula-cell-twice",
            TwoWays,
            row("<c r=\"A1\"><f>1</f><v>1</v></c><c r=\"A1\"><f>2</f><v>2</v></c>"),
        ),
        // No such text, and one that would be another if it were counted from 2^64.
        (
            "text-2-to-the-64",
            Refused,
            row("<c r=\"A1\" t=\"s\"><v>18446744073709551617</v></c>"),
        ),
        (
            "style-2-to-the-64",
            Refused,
            row("<c r=\"A1\" s=\"18446744073709551617\"><v>1</v></c>"),
        ),
        (
            "text-2-to-the-32",
            Refused,
            row("<c r=\"A1\" t=\"s\"><v>4294967297</v></c>"),
        ),
    ] {
        made.add(&format!("{name}.xlsx"), fate, sheet(healthy, &rows));
    }
    for (name, item) in [
        ("shared-text-twice", "<si><t>1</t><t>2</t></si>"),
        (
            "shared-text-twice-and-none",
            "<si><t>1</t><t>2</t></si><si></si>",
        ),
        ("shared-text-and-piece", "<si><t>1</t><r><t>2</t></r></si>"),
        ("shared-piece-twice", "<si><r><t>1</t><t>2</t></r></si>"),
    ] {
        let bytes = text(
            healthy,
            "xl/sharedStrings.xml",
            "<si>",
            &format!("{item}<si>"),
        );
        made.add(&format!("{name}.xlsx"), TwoWays, bytes);
    }
    let styles = "<mc:AlternateContent xmlns:mc=\"urn:m\"><mc:Choice xmlns:x=\"http://schemas.microsoft.com/x\" Requires=\"x\"><xf numFmtId=\"14\"/></mc:Choice><mc:Fallback><xf numFmtId=\"0\"/></mc:Fallback></mc:AlternateContent>";
    made.add(
        "style-to-choose.xlsx",
        TwoWays,
        with(healthy, "xl/styles.xml", |p| {
            let text = String::from_utf8(p.content.clone()).expect("text");
            let at = text.find("</cellXfs>").expect("styles");
            p.content = format!("{}{styles}{}", &text[..at], &text[at..]).into_bytes();
        }),
    );
    let mut two = parts(healthy);
    let mut other = two
        .iter()
        .find(|part| part.name == SHEET)
        .expect("a sheet")
        .clone();
    other.name = SHEET.to_uppercase();
    two.push(other);
    made.add("sheet-twice-by-case.xlsx", TwoWays, pack(&two));
}

/// A number in a cell of an .xls.
fn number(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    let head = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    (0x0203, [head, value.to_le_bytes().to_vec()].concat())
}

fn old(made: &mut Made) {
    let healthy = stream("xlwt.xls");
    let mut with_records = |name: &str, fate, added: Vec<(u16, Vec<u8>)>| {
        let mut records = healthy.clone();
        let end = records
            .iter()
            .rposition(|(kind, _)| *kind == 0x000A)
            .expect("an end");
        records.splice(end..end, added);
        made.add(&format!("{name}.xls"), fate, xls(&records));
    };
    with_records(
        "cell-twice",
        TwoWays,
        vec![number(90, 1, 1.0), number(90, 1, 2.0)],
    );
    // Four cells side by side, and one of them once more.
    let mut several = [90u16.to_le_bytes(), 0u16.to_le_bytes()].concat();
    several.extend([0; 24]);
    several.extend(3u16.to_le_bytes());
    with_records(
        "cell-twice-side-by-side",
        TwoWays,
        vec![(0x00BD, several), number(90, 2, 2.0)],
    );
    let text = |letters: &[u8]| (0x0207, [&[letters.len() as u8, 0, 0], letters].concat());
    let formula = |result: [u8; 8]| {
        let mut body = [90u16.to_le_bytes(), 1u16.to_le_bytes(), [0, 0]].concat();
        body.extend(result);
        body.extend([0; 6]);
        body.extend([3, 0, 0x1E, 1, 0]);
        (0x0006, body)
    };
    let is_text = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
    with_records(
        "result-twice",
        TwoWays,
        vec![formula(is_text), text(b"1"), text(b"2")],
    );
    with_records(
        "number-and-text",
        TwoWays,
        vec![formula(1f64.to_le_bytes()), text(b"2")],
    );
    with_records("result-of-nothing", TwoWays, vec![text(b"2")]);
}

/// A record of an .xlsb.
fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, body.len() as u8], body].concat()
}

fn binary(made: &mut Made) {
    const SHEET: &str = "xl/worksheets/sheet1.bin";
    let healthy = fixture("sheetjs.xlsb");
    let begin = [0x91, 0x01, 0x00];
    let end = [0x92, 0x01, 0x00];
    let row = record(0, &[0; 25]);
    let real = |value: f64| {
        record(
            5,
            &[&[9, 0, 0, 0, 0, 0, 0, 0], &value.to_le_bytes()[..]].concat(),
        )
    };
    let mut add = |name: &str, fate, added: &[Vec<u8>]| {
        let bytes = with(&healthy, SHEET, |p| {
            let at = p
                .content
                .windows(3)
                .position(|w| w == end)
                .expect("the end of cells");
            p.content.splice(at..at, added.concat());
        });
        made.add(&format!("{name}.xlsb"), fate, bytes);
    };
    add("cell-twice", TwoWays, &[row.clone(), real(1.0), real(2.0)]);
    add(
        "cells-twice",
        TwoWays,
        &[end.to_vec(), begin.to_vec(), row.clone(), real(1.0)],
    );
    let choice = record(37, &[0; 6]);
    let choice_end = record(38, &[]);
    add(
        "cell-to-choose",
        TwoWays,
        &[row.clone(), choice, real(1.0), choice_end],
    );
    let text = record(7, &[9, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]);
    add("text-that-is-not", Refused, &[row, text]);
}

fn open_document(made: &mut Made) {
    let healthy = fixture("libreoffice.ods");
    let mut add = |name: &str, cell: &str| {
        let row = format!(
            "<table:table-row><table:table-cell {cell}><text:p>8</text:p></table:table-cell></table:table-row></table:table>"
        );
        let bytes = text(&healthy, "content.xml", "</table:table>", &row);
        made.add(&format!("{name}.ods"), TwoWays, bytes);
    };
    add(
        "value-twice",
        "office:value-type=\"float\" office:value=\"1\" office:value=\"2\"",
    );
    add(
        "kind-twice",
        "office:value-type=\"float\" office:value-type=\"string\" office:value=\"2\"",
    );
    add("value-of-no-kind", "office:value=\"9\"");
    add("kind-without-value", "office:value-type=\"float\"");
    add(
        "value-of-another-kind",
        "office:value-type=\"date\" office:value=\"9\"",
    );
}
