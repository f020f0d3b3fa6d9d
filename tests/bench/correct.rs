//! Whether the fast results are the right ones: the program, the scripts and
//! the generator must agree on every row and 分 of 资金物资.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::process::Stdio;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use super::make::Written;
use super::options::Options;
use super::program::command;
use super::scripts::Found;

/// The parts of `assess --format json` that are compared.
#[derive(Deserialize)]
struct Result {
    units: Vec<Unit>,
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Unit {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct Entry {
    form: String,
    title: String,
    reporter: String,
    file: String,
    row: usize,
    amount: Option<Decimal>,
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    place: Place,
}

#[derive(Deserialize)]
struct Place {
    file: Option<String>,
    sheet: Option<String>,
    cell: Option<String>,
}

/// The finding on an amount that is a text with 万: the program says what it
/// takes it for, the scripts leave it out.
const TEXT: &str = "IN-216";
/// The form that holds one row and no table.
const COVER: &str = "cover";

/// What the program read, as the scripts would say it.
pub fn program(options: &Options, root: &Path) -> Found {
    let mut assess = command(options, &["assess", "--format", "json"], root);
    let output = assess.stderr(Stdio::null()).output();
    let output = output.expect("the program starts");
    let result: Result = serde_json::from_slice(&output.stdout).expect("a result in JSON");
    let texts: HashSet<(String, String, usize)> = result
        .findings
        .into_iter()
        .filter(|finding| finding.code == TEXT)
        .filter_map(|finding| {
            let Place { file, sheet, cell } = finding.place;
            let row = cell?.trim_start_matches(char::is_alphabetic).parse().ok()?;
            Some((file?, sheet?, row))
        })
        .collect();
    let names: BTreeMap<&str, &str> = result
        .units
        .iter()
        .map(|unit| (unit.code.as_str(), unit.name.as_str()))
        .collect();
    let mut found = Found {
        library: "kaohe".to_owned(),
        rows: 0,
        funds: 0,
        fen: 0,
        channels: BTreeMap::new(),
        units: BTreeMap::new(),
    };
    for entry in result.entries {
        found.rows += usize::from(entry.form != COVER);
        if entry.form != "funds" {
            continue;
        }
        found.funds += 1;
        let fen = entry
            .amount
            .and_then(|amount| (amount * Decimal::ONE_HUNDRED).to_i64());
        let (Some(fen), false) = (fen, texts.contains(&(entry.file, entry.title, entry.row)))
        else {
            continue;
        };
        found.fen += fen;
        let channel = entry.values.get("channel").cloned().unwrap_or_default();
        *found.channels.entry(channel).or_default() += fen;
        let unit = names
            .get(entry.reporter.as_str())
            .copied()
            .unwrap_or_default();
        *found.units.entry(unit.to_owned()).or_default() += fen;
    }
    found
}

/// Compares what two have read; says what differs.
pub fn compare(one: &Found, other: &Found) -> String {
    let pairs = [
        ("rows of all forms", one.rows == other.rows),
        ("rows of 资金物资", one.funds == other.funds),
        ("their sum", one.fen == other.fen),
        ("the sum of each channel", one.channels == other.channels),
        ("the sum of each unit", one.units == other.units),
    ];
    verdict(
        &format!("{} against {}", one.library, other.library),
        &pairs,
    )
}

/// Compares what was read with what the generator wrote.
pub fn against(one: &Found, written: &Written) -> String {
    let pairs = [
        ("rows of all forms", one.rows == written.rows),
        ("rows of 资金物资", one.funds == written.funds),
        ("their sum", one.fen == written.fen),
    ];
    verdict(&format!("{} against the generator", one.library), &pairs)
}

/// A line: what is equal, or what differs.
pub fn verdict(what: &str, pairs: &[(&str, bool)]) -> String {
    let words = |right: bool| {
        let told = pairs.iter().filter(move |(_, equal)| *equal == right);
        told.map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
    };
    if pairs.iter().all(|(_, equal)| *equal) {
        format!("{what}: equal ({})", words(true))
    } else {
        format!("{what}: DIFFERENT in {}", words(false))
    }
}
