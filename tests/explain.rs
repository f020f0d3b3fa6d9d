//! `kaohe explain UNIT` ends in cells of the returned files that hold exactly
//! those values, and its figures can be worked out again from them.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use crate::common::{kaohe, sample};
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use rust_decimal::Decimal;
use serde_json::Value;

fn explain(args: &[&str]) -> Value {
    let output = kaohe(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn of_sample(unit: &str) -> Value {
    let sample = sample();
    explain(&[
        "explain",
        &sample.to_string_lossy(),
        unit,
        "--format",
        "json",
    ])
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
}

fn number(value: &Value, key: &str) -> Decimal {
    text(value, key)
        .parse()
        .unwrap_or_else(|_| panic!("{key} is no number in {value}"))
}

/// Cells of returned files, read by calamine alone.
#[derive(Default)]
struct Files(HashMap<String, HashMap<String, calamine::Range<Data>>>);

impl Files {
    fn cell(&mut self, leaf: &Value) -> String {
        let file = text(leaf, "file").to_owned();
        let sheets = self.0.entry(file.clone()).or_insert_with(|| {
            let bytes = std::fs::read(sample().join("回收").join(&file)).expect("the file");
            let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).expect("a workbook");
            let names = book.sheet_names();
            names
                .into_iter()
                .map(|name| (name.clone(), book.worksheet_range(&name).expect("a sheet")))
                .collect()
        });
        let name = text(leaf, "cell");
        let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let row: u32 = name[letters.len()..].parse().expect("a row");
        let column = letters
            .bytes()
            .fold(0, |n, b| n * 26 + u32::from(b - b'A') + 1);
        let data = sheets[text(leaf, "sheet")]
            .get_value((row - 1, column - 1))
            .expect("the cell");
        match data {
            Data::String(text) => text.clone(),
            Data::Float(number) => {
                let exact: Decimal = number.to_string().parse().expect("a number");
                exact.normalize().to_string()
            }
            Data::Int(number) => number.to_string(),
            Data::DateTime(day) => {
                let (year, month, day, ..) = day.to_ymd_hms_milli();
                format!("{year:04}-{month:02}-{day:02}")
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// All entries below a value, wherever they stand.
fn entries(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(map) if map.contains_key("cells") => vec![value],
        Value::Object(map) => map.values().flat_map(entries).collect(),
        Value::Array(list) => list.iter().flat_map(entries).collect(),
        _ => Vec::new(),
    }
}

/// The cell of an entry that holds a field.
fn leaf<'a>(entry: &'a Value, field: &str) -> &'a Value {
    let mut cells = list(entry, "cells").iter();
    cells
        .find(|leaf| leaf["field"] == field)
        .expect("the field")
}

#[test]
fn every_leaf_is_a_cell_that_holds_it() {
    let mut files = Files::default();
    let mut compared = 0;
    for unit in ["T109", "冷市镇联工委", "县直教育委员组", "T118", "茶业商会"] {
        let explained = of_sample(unit);
        let found = entries(&explained);
        assert!(!found.is_empty(), "{unit}");
        for leaf in found.iter().flat_map(|entry| list(entry, "cells")) {
            assert_eq!(files.cell(leaf), text(leaf, "typed"), "{leaf}");
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} cells");
    println!("{compared} cells hold what is said of them");
}

#[test]
fn the_figures_follow_from_the_cells() {
    let mut files = Files::default();
    let mut worked_out = 0;
    for unit in ["T109", "G02", "T112", "T120"] {
        let explained = of_sample(unit);
        let mut sum = Decimal::ZERO;
        for item in list(&explained, "items") {
            let operands = list(item, "operands");
            for operand in operands {
                let rows = list(operand, "rows");
                let members = list(operand, "members");
                let value = number(operand, "value");
                if text(operand, "metric") == "funds" {
                    let amounts = rows.iter().map(|row| files.cell(leaf(row, "amount")));
                    let total: Decimal = amounts
                        .map(|n| n.parse::<Decimal>().expect("an amount"))
                        .sum();
                    assert_eq!(total, value, "{unit} {operand}");
                } else if !members.is_empty() {
                    let counted = members.iter().filter(|m| m["counted"] == true);
                    assert_eq!(Decimal::from(counted.count()), value, "{unit} {operand}");
                    for member in members {
                        let yes = list(member, "rows").iter().map(|row| {
                            let cells = list(row, "cells").iter().skip(1);
                            cells.filter(|leaf| leaf["value"] == "是").count()
                        });
                        let is_three = text(operand, "metric").contains("three_ones");
                        let judged = match is_three {
                            true => yes.sum(),
                            false => list(member, "rows").len(),
                        };
                        assert_eq!(Decimal::from(judged), number(member, "value"), "{member}");
                    }
                } else if text(operand, "metric") != "members" {
                    assert_eq!(Decimal::from(rows.len()), value, "{unit} {operand}");
                }
            }
            let points = number(item, "points");
            let full = number(item, "full_mark");
            let method = text(item, "method");
            let value = |at: usize| number(&operands[at], "value");
            let expected = if method.starts_with("按占比") {
                Some((full * value(0) / value(1)).min(full))
            } else if let Some(rest) = method.strip_prefix("按比例计分，达到") {
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                let least: Decimal = digits.parse().expect("a number");
                Some((full * value(0) / least).min(full))
            } else {
                None
            };
            if let Some(expected) = expected {
                assert_eq!(expected.round_dp(2), points, "{unit} {item}");
                worked_out += 1;
            }
            sum += points;
        }
        assert_eq!(sum, number(&explained, "total"), "{unit}");
    }
    assert!(worked_out >= 12, "only {worked_out}");
}

#[test]
fn a_unit_is_found_by_what_people_call_it() {
    for name in [
        "T109",
        "冷市镇联工委",
        "冷市镇政协联工委",
        "冷市镇",
        "委员024",
    ] {
        assert_eq!(of_sample(name)["code"], "T109", "{name}");
    }
    let sample = sample();
    let sample = sample.to_string_lossy();
    let output = kaohe(&["explain", &sample, "冷是镇联工委"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("冷市镇联工委"), "{said}");
    // Codes are explained as before, also from a workspace.
    let output = kaohe(&["explain", "RC-410"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("RC-410"));
    // A unit that sent nothing has its say, too.
    let absent = of_sample("T211");
    assert_eq!(absent["file"], Value::Null);
    assert!(Path::new(&*sample).join("名册.xlsx").is_file());
}

#[test]
fn the_words_fit_a_terminal() {
    let sample = sample();
    let output = kaohe(&["explain", &sample.to_string_lossy(), "T109"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    for line in said.lines() {
        assert!(kaohe::diagnostic::width(line) <= 80, "{line}");
    }
    for word in [
        "总分",
        "依据：方案4.2",
        "算式",
        "没有算进来的",
        "一票否决",
        "评优",
    ] {
        assert!(said.contains(word), "{word} is missing in {said}");
    }
}
