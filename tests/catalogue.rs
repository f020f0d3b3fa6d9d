//! The catalogue of codes is whole, and the manual tells all of them.

use std::collections::BTreeSet;

use crate::common::kaohe;
use kaohe::diagnostic::{COLUMNS, Code, width};
use serde_json::Value;

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Half-width marks beside a Chinese character.
fn half_width(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let pairs = chars.windows(2).filter(|pair| {
        let mark = |c: char| ",;:()?!".contains(c);
        mark(pair[0]) && is_chinese(pair[1]) || is_chinese(pair[0]) && mark(pair[1])
    });
    pairs.map(|pair| pair.iter().collect()).collect()
}

#[test]
fn codes_are_unique_and_in_the_order_of_stage_and_number() {
    let stages = ["PO", "RO", "IN", "LG", "RC"];
    let keys: Vec<(usize, u32)> = Code::ALL
        .iter()
        .map(|code| {
            let (stage, number) = code.code().split_once('-').expect("stage-number");
            let stage = stages.iter().position(|s| *s == stage).expect("a stage");
            (stage, number.parse().expect("a number"))
        })
        .collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(keys, sorted);
}

#[test]
fn every_code_has_its_words() {
    let mut titles = BTreeSet::new();
    for code in Code::ALL {
        let (title, mend) = (code.title(), code.mend());
        assert!(titles.insert(title), "{code}: title is used twice");
        assert!(title.chars().count() <= 40, "{code}: {title}");
        let sentences = code.help().matches('。').count();
        assert!((2..=4).contains(&sentences), "{code}: {}", code.help());
        assert!(code.help().chars().count() >= 30, "{code}: {}", code.help());
        for example in code.example().lines() {
            let (typed, right) = example.split_once(" → ").expect("wrong → right");
            assert!(
                !typed.trim().is_empty() && !right.trim().is_empty(),
                "{code}"
            );
            assert_ne!(typed, right, "{code}");
        }
        assert!((1..=2).contains(&code.example().lines().count()), "{code}");
        for text in [title, mend, code.help(), code.example()] {
            let marks = half_width(text);
            assert!(marks.is_empty(), "{code}: half-width {marks:?} in {text}");
        }
    }
}

#[test]
fn explain_prints_every_code_within_80_columns() {
    let list = String::from_utf8(kaohe(&["explain"]).stdout).expect("UTF-8");
    for code in Code::ALL {
        assert!(list.contains(&format!("  {code}  {}", code.severity().word())));
        let output = kaohe(&["explain", &code.code().to_lowercase().replace('-', "")]);
        assert!(output.status.success(), "{code}");
        let page = String::from_utf8(output.stdout).expect("UTF-8");
        let flat: String = page.split_whitespace().collect();
        for text in [code.title(), code.help(), code.mend(), code.example()] {
            let text: String = text.split_whitespace().collect();
            assert!(flat.contains(&text), "{code}: {text} is not in {page}");
        }
        for line in page.lines().chain(list.lines()) {
            assert!(width(line) <= COLUMNS, "{code}: {line}");
        }
    }
}

#[test]
fn explain_for_programs_and_for_what_does_not_exist() {
    let output = kaohe(&["explain", "IN", "204", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["code"], "IN-204");
    assert_eq!(json["severity"], "错误");
    let all = kaohe(&["explain", "--format", "json"]);
    let all: Value = serde_json::from_slice(&all.stdout).expect("JSON");
    let count = all["codes"].as_array().map(Vec::len);
    assert_eq!(count, Some(Code::ALL.len()));

    let wrong = kaohe(&["explain", "IN-294"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).expect("UTF-8");
    assert!(
        said.contains("IN-204") && said.contains("kaohe explain"),
        "{said}"
    );
    let words = kaohe(&["explain", "大写"]);
    let said = String::from_utf8(words.stderr).expect("UTF-8");
    assert!(said.contains("IN-248"), "{said}");
}

#[test]
fn the_manual_in_the_workspace_tells_every_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
    let page = std::fs::read_to_string(path.join("使用说明.html")).expect("a manual");
    let cell = |text: &str| format!("<td>{text}</td>");
    for code in Code::ALL {
        for text in [code.code(), code.title(), code.mend()] {
            assert!(page.contains(&cell(text)), "{code}: {text}");
        }
    }
    // And every command that a clerk types.
    for command in [
        "init", "issue", "check", "return", "assess", "status", "explain", "diff", "export",
    ] {
        assert!(page.contains(&format!("kaohe {command}")), "{command}");
    }
}
