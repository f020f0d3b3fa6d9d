//! Every formula of the consolidated workbook, worked out again by engines
//! that are not this program, against the value that was stored with it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::Command;

use common::{assess, copy, report, sample, spoil, with_sheets};
use kaohe::sheet::{Found, FoundWorkbook, open};

/// The workbook of the sample.
fn made(folder: &Path) -> Vec<u8> {
    copy(&sample(), folder);
    assess(folder);
    std::fs::read(report(folder)).expect("workbook is read")
}

fn formula_count(workbook: &FoundWorkbook) -> usize {
    workbook.sheets.iter().map(|s| s.formulas.len()).sum()
}

/// Compares every formula cell of two workbooks and gives how many there were.
/// Which cells hold formulas is asked of the spoiled one, because a formula
/// that gives the empty text is read as an empty cell.
fn compare(spoiled: &FoundWorkbook, ours: &FoundWorkbook, theirs: &FoundWorkbook) -> usize {
    let mut compared = 0;
    let mut differ = Vec::new();
    for sheet in &ours.sheets {
        let other = theirs.sheets.iter().find(|s| s.name == sheet.name);
        let other = other.unwrap_or_else(|| panic!("sheet {} is gone", sheet.name));
        let formulas = spoiled.sheets.iter().find(|s| s.name == sheet.name);
        for cell in &formulas.expect("the same sheets").formulas {
            compared += 1;
            let (ours, theirs) = (sheet.cells.get(cell), other.cells.get(cell));
            if !equal(ours, theirs) {
                differ.push(format!(
                    "{}!{}: {ours:?} / {theirs:?}",
                    sheet.name,
                    cell.name()
                ));
            }
        }
    }
    assert!(
        differ.is_empty(),
        "{} of {compared} formulas differ:\n{}",
        differ.len(),
        differ[..differ.len().min(40)].join("\n")
    );
    compared
}

/// Equal; numbers to within what a double can hold of a figure in 元.
fn equal(ours: Option<&Found>, theirs: Option<&Found>) -> bool {
    match (ours, theirs) {
        (Some(Found::Number(a)), Some(Found::Number(b))) => {
            (a - b).abs() < rust_decimal::Decimal::new(1, 8)
        }
        (Some(Found::Text(text)), None) | (None, Some(Found::Text(text))) => text.is_empty(),
        (a, b) => a == b,
    }
}

#[test]
fn a_rust_engine_gives_every_stored_value() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    // All stored values are spoiled first, so that an engine that merely
    // keeps what it finds cannot pass.
    let options = formualizer::XlsxRecalculateOptions::default();
    let spoiled = spoiled_workbook(&bytes);
    let again = formualizer::recalculate_xlsx_bytes(&spoiled, options).expect("recalculates");
    let ours = open(&bytes).expect("our workbook opens");
    let theirs = open(&again.bytes).expect("recalculated workbook opens");
    let spoiled = open(&spoiled).expect("spoiled workbook opens");
    let compared = compare(&spoiled, &ours, &theirs);
    assert_eq!(compared, again.formula_cells, "no formula is left out");
    assert_eq!(compared, formula_count(&spoiled), "no formula is left out");
    assert!(compared > 3_000, "only {compared} formulas");
    println!("{compared} formulas recomputed and equal");
}

/// The same workbook with every stored result of a formula replaced.
fn spoiled_workbook(bytes: &[u8]) -> Vec<u8> {
    with_sheets(bytes, spoil)
}

#[test]
fn libreoffice_gives_every_stored_value_where_it_is_installed() {
    if Command::new("soffice").arg("--version").output().is_err() {
        println!("LibreOffice is not installed; nothing compared");
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    let profile = folder.path().join("profile");
    let user = profile.join("user");
    std::fs::create_dir_all(&user).expect("profile is made");
    std::fs::write(user.join("registrymodifications.xcu"), RECALCULATE).expect("profile");
    let input = folder.path().join("report.xlsx");
    let spoiled = spoiled_workbook(&bytes);
    std::fs::write(&input, &spoiled).expect("workbook is written");
    let out = folder.path().join("out");
    let status = Command::new("soffice")
        .arg("--headless")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--convert-to", "xlsx", "--outdir"])
        .arg(&out)
        .arg(&input)
        .output()
        .expect("LibreOffice runs");
    assert!(status.status.success(), "LibreOffice failed");
    let again = std::fs::read(out.join("report.xlsx")).expect("converted workbook");
    let ours = open(&bytes).expect("our workbook opens");
    let theirs = open(&again).expect("converted workbook opens");
    let spoiled = open(&spoiled).expect("spoiled workbook opens");
    let compared = compare(&spoiled, &ours, &theirs);
    assert_eq!(compared, formula_count(&spoiled), "no formula is left out");
    println!("{compared} formulas recomputed by LibreOffice and equal");
}

/// Tells LibreOffice to work out every formula when it loads a file.
const RECALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Functions that Excel 2010, WPS and LibreOffice all have, none of them volatile.
const FUNCTIONS: [&str; 17] = [
    "AND", "COUNT", "COUNTIFS", "IF", "INDEX", "ISNUMBER", "LEFT", "MATCH", "MAX", "MEDIAN", "MIN",
    "MONTH", "NOT", "OR", "ROUND", "SUM", "SUMIFS",
];

/// Names of the functions of a formula, the depth of its brackets, and the most
/// arguments between two of them; what stands in quotes is no part of it.
fn anatomy(formula: &str) -> (Vec<String>, usize, usize) {
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut open: Vec<usize> = Vec::new();
    let (mut deepest, mut most) = (0, 0);
    let mut quote = None;
    for letter in formula.chars() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(') => {
                names.extend(Some(std::mem::take(&mut name)).filter(|name| !name.is_empty()));
                open.push(1);
                deepest = deepest.max(open.len());
            }
            (None, ')') => most = most.max(open.pop().expect("brackets match")),
            (None, ',') => *open.last_mut().expect("within a function") += 1,
            _ => {}
        }
        match letter {
            letter if letter.is_ascii_alphabetic() => name.push(letter),
            _ => name.clear(),
        }
    }
    (names, deepest, most)
}

#[test]
fn formulas_stay_within_what_every_program_can_do() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let bytes = made(folder.path());
    let seen = std::cell::RefCell::new((0, std::collections::BTreeSet::new()));
    with_sheets(&bytes, |xml| {
        for part in xml.split("<f>").skip(1) {
            let formula = part.split("</f>").next().expect("a formula ends");
            let formula = formula
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
            let (names, depth, arguments) = anatomy(&formula);
            assert!(formula.encode_utf16().count() <= 8_192, "{formula}");
            assert!(depth <= 60, "{depth} brackets in {formula}");
            assert!(arguments <= 255, "{arguments} arguments in {formula}");
            assert!(
                !formula.contains("[") && !formula.contains("://"),
                "{formula}"
            );
            let mut seen = seen.borrow_mut();
            seen.0 += 1;
            seen.1.extend(names);
        }
        xml.to_owned()
    });
    let (count, names) = seen.into_inner();
    assert!(count > 3_000, "only {count} formulas");
    for name in &names {
        assert!(FUNCTIONS.contains(&name.as_str()), "{name}");
    }
    println!("{count} formulas use {names:?}");
}
