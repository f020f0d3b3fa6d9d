//! How many cells the formulas of the consolidated workbook look at: every range and
//! every single cell that a formula names, as often as it names it. Held against the
//! number of entries that count times the number of units, because a figure of a unit
//! has to look at the entries, and nothing else may. Read from the written file.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::common::{assess, copy, kaohe, report, sample};
use kaohe::cli::load_decided;
use kaohe::sheet::Found;

/// Cells for each entry and unit.
const MOST: u64 = 40;

/// The parts of a file whose names begin so, with their names.
fn parts(bytes: &[u8], prefix: &str) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let name = part.name().expect("a name").to_string();
        if name.starts_with(prefix) && name.ends_with(".xml") {
            let mut xml = String::new();
            part.read_to_string(&mut xml).expect("a part of text");
            found.push((name, xml));
        }
    }
    found
}

/// Column and row of a reference at the start of a text, and its length.
fn reference(text: &[u8]) -> Option<(u64, u64, usize)> {
    let dollar = |at: usize| usize::from(text.get(at) == Some(&b'$'));
    let run = |from: usize, is: fn(&u8) -> bool| text[from..].iter().take_while(|c| is(c)).count();
    let start = dollar(0);
    let letters = run(start, u8::is_ascii_uppercase);
    let middle = start + letters;
    let middle = middle + dollar(middle);
    let digits = run(middle, u8::is_ascii_digit);
    let is_name =
        matches!(text.get(middle + digits), Some(c) if c.is_ascii_alphabetic() || *c == b'(');
    if !(1..=3).contains(&letters) || digits == 0 || is_name {
        return None;
    }
    let letters = text[start..start + letters].iter();
    let column = letters.fold(0, |sum, c| sum * 26 + u64::from(c - b'A') + 1);
    let row = std::str::from_utf8(&text[middle..middle + digits]).ok()?;
    Some((column, row.parse().ok()?, middle + digits))
}

/// How many cells a formula names.
fn named(formula: &str) -> u64 {
    let text = formula.as_bytes();
    let (mut at, mut sum) = (0, 0);
    while let Some(&sign) = text.get(at) {
        if sign == b'"' || sign == b'\'' {
            let rest = text[at + 1..].iter();
            at += 2 + rest.take_while(|c| **c != sign).count();
        } else if let Some((column, row, length)) = reference(&text[at..]) {
            at += length;
            let other = match text.get(at) {
                Some(b':') => reference(&text[at + 1..]),
                _ => None,
            };
            match other {
                Some((to, down, length)) => {
                    sum += (to.abs_diff(column) + 1) * (down.abs_diff(row) + 1);
                    at += length + 1;
                }
                None => sum += 1,
            }
        } else {
            // A name of letters and digits is passed over as a whole.
            let name = text[at..].iter().take_while(|c| c.is_ascii_alphanumeric());
            at += name.count().max(1);
        }
    }
    sum
}

/// How many cells the formulas of a file look at, and how many formulas there are.
fn looked(bytes: &[u8]) -> (u64, usize) {
    let (mut sum, mut formulas) = (0, 0);
    for (_, xml) in parts(bytes, "xl/worksheets/sheet") {
        let mut shared: HashMap<&str, u64> = HashMap::new();
        for piece in xml.split("<f").skip(1) {
            if !piece.starts_with([' ', '>', '/']) {
                continue;
            }
            formulas += 1;
            let (tag, rest) = piece.split_once('>').expect("a tag ends");
            let group = tag
                .split("si=\"")
                .nth(1)
                .and_then(|si| si.split('"').next());
            let own = match tag.ends_with('/') {
                true => None,
                false => rest.split("</f>").next(),
            };
            let cells = match own {
                Some(formula) => {
                    let plain = formula.replace("&quot;", "\"").replace("&apos;", "'");
                    let cells = named(&plain);
                    shared.extend(group.map(|group| (group, cells)));
                    cells
                }
                None => shared[group.expect("a shared formula")],
            };
            sum += cells;
        }
    }
    (sum, formulas)
}

/// A workspace is assessed, and its workbook looks at no more than it may.
fn within(workspace: &Path) {
    let decided = load_decided(workspace, &kaohe::intake::Here).expect("the workspace loads");
    let units = decided.roster.units().count() as u64;
    assess(workspace);
    let bytes = std::fs::read(report(workspace)).expect("workbook is read");
    let book = kaohe::sheet::open(&bytes).expect("opens");
    let mut entries = 0;
    for sheet in book.sheets.iter().filter(|s| s.name.starts_with("明细-")) {
        let yes = sheet.cells.iter().filter(|(cell, found)| {
            cell.column == 1 && matches!(found, Found::Text(text) if **text == *"是")
        });
        entries += yes.count() as u64;
    }
    let (cells, formulas) = looked(&bytes);
    let each = cells as f64 / (entries * units) as f64;
    println!(
        "{units} units, {entries} entries that count: {formulas} formulas look at {cells} cells, {each:.1} for each entry and unit"
    );
    assert!(cells <= MOST * entries * units, "{each:.1}, and not {MOST}");
}

#[test]
fn the_formulas_of_the_sample_look_at_no_more_than_they_may() {
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&sample(), folder.path());
    within(folder.path());
}

#[test]
#[ignore = "wants the counties of the benchmark; tests/run.sh looked makes them"]
fn those_of_large_counties_neither() {
    for units in ["80", "500"] {
        let counties = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
        within(&counties.join(units));
    }
}

#[test]
fn cells_are_counted_as_a_formula_names_them() {
    for (formula, cells) in [
        ("SUM(A1)", 1),
        ("ROUND(SUM($B$5:$C$14),2)", 20),
        ("COUNTIFS('明细-A1:B9'!$B$5:$B$8,\"C3:C9\",$A5)", 5),
        ("LOG10(AB12)+\"x\"&$Z$1", 2),
    ] {
        assert_eq!(named(formula), cells, "{formula}");
    }
}

/// What is stored is exact (`formulas`), so that opening a file need not work it out.
#[test]
fn opening_a_workbook_does_not_recalculate_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    copy(&sample(), folder.path());
    assess(folder.path());
    let issued = folder.path().join("下发");
    std::fs::remove_dir_all(&issued).expect("old ones are removed");
    let output = kaohe(&["issue", &folder.path().to_string_lossy()]);
    assert!(output.status.success());
    let mut issued = std::fs::read_dir(issued).expect("folder");
    let first = issued.next().expect("a file").expect("a file").path();
    for path in [report(folder.path()), first] {
        let bytes = std::fs::read(&path).expect("workbook is read");
        let (_, xml) = parts(&bytes, "xl/workbook").remove(0);
        let (_, rest) = xml.split_once("<calcPr ").expect("how it is calculated");
        let says = rest.split("/>").next();
        assert_eq!(says, Some("calcId=\"191029\""), "{}", path.display());
        for (name, xml) in parts(&bytes, "xl/worksheets/sheet") {
            for cell in xml.split("</c>").filter(|cell| cell.contains("<f>")) {
                let stored = cell.rsplit("</f>").next().unwrap_or_default();
                assert!(stored.starts_with("<v>"), "{name}: {cell}");
            }
        }
    }
}
