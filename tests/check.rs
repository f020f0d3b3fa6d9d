//! `kaohe check` with the real binary: on a unit's own file without any
//! workspace, on a folder with one, and on faults whose place is known because
//! the test put them there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{copy, kaohe, sample, with_sheets};
use kaohe::diagnostic::{COLUMNS, width};
use serde_json::Value;

/// A return of the sample, all of it right: four rows of 资金物资, whose
/// amounts stand in F6 to F9 and come to 96500.50.
fn good() -> Vec<u8> {
    fs::read(sample().join("回收/冷市镇联工委.xlsx")).expect("a return")
}

/// The return with texts typed over cells of the sheet that holds 36000 in F6.
fn typed_over(cells: &[(&str, &str)]) -> Vec<u8> {
    with_sheets(&good(), |xml| {
        let mut xml = xml.to_owned();
        if !amount(&xml, "F6").is_some_and(|cell| cell.contains("36000")) {
            return xml;
        }
        for (cell, text) in cells {
            let old = amount(&xml, cell).expect("the cell is there").to_owned();
            let new = format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#);
            xml = xml.replace(&old, &new);
        }
        xml
    })
}

/// The XML of a cell that holds a value.
fn amount<'a>(xml: &'a str, cell: &str) -> Option<&'a str> {
    let start = xml.find(&format!(r#"<c r="{cell}""#))?;
    let end = start + xml[start..].find("</c>")? + "</c>".len();
    Some(&xml[start..end])
}

/// A folder that is no workspace, with one file.
fn alone(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("冷市.xlsx");
    fs::write(&path, bytes).expect("written");
    (folder, path)
}

fn check(paths: &[&Path]) -> (Option<i32>, String) {
    let paths: Vec<String> = paths
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect();
    let mut args = vec!["check"];
    args.extend(paths.iter().map(String::as_str));
    let output = kaohe(&args);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for line in text.lines() {
        assert!(width(line) <= COLUMNS, "too long: {line}");
    }
    (output.status.code(), text)
}

fn check_json(path: &Path) -> Value {
    let output = kaohe(&["check", &path.to_string_lossy(), "--format", "json"]);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_good_return_may_be_sent_and_shows_what_was_read() {
    let (_folder, path) = alone(&good());
    let (code, text) = check(&[&path]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("名册：文件自带"), "{text}");
    assert!(text.contains("冷市镇联工委（乡镇联工委）"), "{text}");
    assert!(text.contains("资金物资 4 行，金额 96,500.50 元"), "{text}");
    assert!(text.trim_end().ends_with("结论：可以报送。"), "{text}");
    let json = check_json(&path);
    assert_eq!(json["format"], "kaohe-check/1");
    assert_eq!(json["roster"], "file");
    let file = &json["files"][0];
    assert_eq!(file["unit"]["code"], "T109");
    assert_eq!(file["may_be_sent"], true);
    assert_eq!(file["totals"][0]["detail"], "96500.50");
    assert_eq!(file["totals"][0]["declared"], "96500.50");
    assert_eq!(file["findings"], serde_json::json!([]));
}

#[test]
fn each_fault_is_told_at_its_cell_and_the_return_held_back() {
    let (_folder, path) = alone(&typed_over(&[("F6", "约5000"), ("F7", "约4000")]));
    let (code, text) = check(&[&path]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("资金物资!F6"), "{text}");
    assert!(
        text.contains("“约5000”") && text.contains("F7 “约4000”"),
        "{text}"
    );
    let json = check_json(&path);
    let file = &json["files"][0];
    let cells: Vec<&str> = file["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|f| f["code"] == "IN-204" && f["place"]["sheet"] == "资金物资")
        .filter_map(|f| f["place"]["cell"].as_str())
        .collect();
    assert_eq!(cells, ["F6", "F7"]);
    // Sheets in the order of the workbook: the cover, whose total differs, first.
    let at = |sheet: &str| text.find(&format!("—— {sheet}")).expect("a heading");
    assert!(at("基本情况") < at("资金物资"), "{text}");
    assert_eq!(file["may_be_sent"], false);
    let funds = file["forms"].as_array().expect("forms").iter();
    let funds = funds.filter(|f| f["form"] == "funds").collect::<Vec<_>>();
    assert_eq!(funds[0]["rows"]["read"], 4);
    assert_eq!(funds[0]["rows"]["rejected"], 2);
    // 10000 + 10000 are left, so the declared total differs as well.
    assert_eq!(file["totals"][0]["detail"], "20000.00");
    let errors = json["counts"]["errors"].as_u64().expect("a count");
    assert!(
        text.contains(&format!("有 {errors} 处错误，改好再报")),
        "{text}"
    );
}

#[test]
fn a_blank_template_says_only_that_nothing_is_filled_in() {
    for name in [
        "2018年_东坪镇联工委_填报表.xlsx",
        "2018年_县政协机关_填报表.xlsx",
    ] {
        let path = sample().join("下发").join(name);
        if !path.exists() {
            panic!("the sample has no {name}");
        }
        let (_folder, path) = alone(&fs::read(path).expect("a template"));
        let json = check_json(&path);
        let findings = json["files"][0]["findings"].as_array().expect("findings");
        let codes: Vec<&Value> = findings.iter().map(|f| &f["code"]).collect();
        assert_eq!(codes, ["IN-225"], "{name}");
    }
}

#[test]
fn a_workspace_around_the_file_gives_policy_and_roster() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&sample(), folder.path());
    let _ = fs::remove_dir_all(folder.path().join("汇总"));
    let file = folder.path().join("回收/冷市镇联工委.xlsx");
    let json = check_json(&file);
    assert_eq!(json["roster"], "workspace");
    // A unit that has not returned is nothing to a check of files.
    assert_eq!(json["counts"]["errors"], 0, "{json}");
    let all = check_json(&folder.path().join("回收"));
    assert_eq!(all["files"].as_array().map(Vec::len), Some(38));
    let of = |outcome: &str| {
        let files = all["files"].as_array().expect("files").iter();
        files.filter(|f| f["outcome"] == outcome).count()
    };
    assert_eq!(
        of("accepted") + of("superseded") + of("set_aside") + of("unreadable"),
        38
    );
    assert_eq!((of("superseded"), of("unreadable")), (1, 1));
    // And a check writes nothing.
    assert!(
        !folder
            .path()
            .join("汇总")
            .join("2018年考核汇总.xlsx")
            .exists()
    );
}

#[test]
fn versions_of_one_unit_are_told_apart_without_a_workspace() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("甲.xlsx"), good()).expect("written");
    let changed = typed_over(&[("F6", "36001")]);
    fs::write(folder.path().join("乙.xlsx"), changed).expect("written");
    let (code, text) = check(&[folder.path()]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("错误[RC-407]"), "{text}");
    assert!(text.contains("2 个文件"), "{text}");
}

#[test]
fn what_is_not_there_cannot_be_checked() {
    let output = kaohe(&["check", "没有这个.xlsx"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("没有这个.xlsx"), "{said}");
    assert_eq!(kaohe(&["check"]).status.code(), Some(2));
    let empty = tempfile::tempdir().expect("a folder");
    let path = empty.path().to_string_lossy().into_owned();
    assert_eq!(kaohe(&["check", &path]).status.code(), Some(2));
}

#[test]
fn a_picture_among_files_costs_only_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("冷市.xlsx"), good()).expect("written");
    fs::write(folder.path().join("照片.xlsx"), b"\x89PNG\r\n\x1a\n").expect("written");
    let (code, text) = check(&[folder.path()]);
    assert_eq!(code, Some(1));
    assert!(text.contains("1 个可以报送，1 个有错误"), "{text}");
}

#[test]
fn help_and_misspelt_commands() {
    let help = kaohe(&["help"]);
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    assert!(
        help.contains("命令\u{FF1A}") && !help.contains("命令\u{3A}"),
        "{help}"
    );
    assert!(kaohe(&["help", "check"]).status.success());
    let wrong = kaohe(&["asses"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).expect("UTF-8");
    assert!(said.contains("您要写的是不是“assess”"), "{said}");
}
