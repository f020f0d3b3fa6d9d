//! What goes wrong in an office, through the real binary: every message is in
//! Chinese, names the file and says what to do; the rest goes on, with the same
//! result; and nothing is lost from the account.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::common::{assess, copy, kaohe, report, sample};
use jiff::civil::{Date, date};
use kaohe::policy::{PackSource, Policy, load};
use kaohe::roster::{Roster, Unit, read_roster};
use kaohe::sheet::write;
use kaohe::template::unit_workbook;
use serde_json::Value;
use tempfile::TempDir;

const DAY: Date = date(2018, 11, 1);

/// Exit code, standard output and standard error.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let code = output.status.code().expect("the program ended by itself");
    (code, text(&output.stdout), text(&output.stderr))
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    told(&kaohe(arguments))
}

/// A command on a workspace.
fn run_on(workspace: &Path, command: &[&str]) -> (i32, String, String) {
    let (name, rest) = command.split_first().unwrap();
    let folder = workspace.to_string_lossy();
    run(&[&[*name, folder.as_ref()], rest].concat())
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

/// Asserts that a run stopped with exit code 2, in Chinese on standard error
/// only, with all these words, and without the system's English.
fn assert_stopped((code, out, err): &(i32, String, String), words: &[&str]) {
    assert_eq!(*code, 2, "{out}{err}");
    assert_eq!(out, "");
    assert!(is_chinese(err), "{err}");
    // Long lines are broken to fit a terminal.
    let joined: String = err.lines().map(str::trim_start).collect();
    for word in words {
        assert!(
            err.contains(word) || joined.contains(word),
            "no {word:?} in: {err}"
        );
    }
    for english in [
        "os error", "No such", "panicked", "Error", "error:", "Usage",
    ] {
        assert!(!err.contains(english), "{english:?} in: {err}");
    }
}

/// A new workspace.
fn fresh() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("2018考核");
    let (code, out, err) = run_on(&workspace, &["init"]);
    assert_eq!(code, 0, "{err}");
    assert!(is_chinese(&out));
    (folder, workspace)
}

/// Contents of all files below a folder.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}

// What cannot run.

#[test]
fn no_workspace() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["issue", "assess"] {
        for name in ["没有这个文件夹", "."] {
            let stopped = run_on(&folder.path().join(name), &[command]);
            assert_stopped(&stopped, &["不是工作区", "改法", "kaohe init"]);
        }
    }
    assert!(contents(folder.path()).is_empty(), "nothing was made");
}

#[test]
fn workspace_without_its_roster_or_folders() {
    let (_folder, workspace) = fresh();
    let roster = workspace.join("名册.xlsx");
    let bytes = fs::read(&roster).unwrap();
    fs::remove_file(&roster).unwrap();
    for command in ["issue", "assess"] {
        let stopped = run_on(&workspace, &[command]);
        assert_stopped(&stopped, &["名册.xlsx", "改法", "kaohe init"]);
    }
    fs::write(&roster, "不是工作簿").unwrap();
    for command in ["issue", "assess"] {
        let stopped = run_on(&workspace, &[command]);
        assert_stopped(&stopped, &["RO-151", "名册.xlsx", "改法", "名册不能用"]);
    }
    fs::write(&roster, bytes).unwrap();
    fs::remove_dir(workspace.join("回收")).unwrap();
    assert_stopped(&run_on(&workspace, &["assess"]), &["回收", "改法"]);
    fs::create_dir(workspace.join("回收")).unwrap();
    fs::remove_dir(workspace.join("汇总")).unwrap();
    fs::write(workspace.join("汇总"), "一个文件").unwrap();
    assert_stopped(&run_on(&workspace, &["assess"]), &["写不进", "汇总"]);
    // A folder that is merely gone is made again.
    fs::remove_file(workspace.join("汇总")).unwrap();
    assert_eq!(run_on(&workspace, &["assess"]).0, 0);
    assert!(report(&workspace).is_file());
}

#[test]
fn wrong_arguments() {
    for arguments in [
        &[][..],
        &["考核"],
        &["assess", "--严格"],
        &["assess", "--format", "xml"],
        &["assess", "--format"],
        &["assess", "a", "b"],
        &["init"],
        &["issue", "--now", "昨天"],
        &["issue", "--now", "2018-2-30"],
    ] {
        assert_stopped(&run(arguments), &["错误"]);
    }
}

#[test]
fn init_changes_nothing_in_a_workspace() {
    let (_folder, workspace) = fresh();
    fs::write(workspace.join("policy/plan.toml"), "改过的方案").unwrap();
    fs::write(workspace.join("回收/报表.xlsx"), "报回的文件").unwrap();
    let before = contents(&workspace);
    let stopped = run_on(&workspace, &["init"]);
    assert_stopped(&stopped, &["已经是工作区", "没有改动任何文件", "改法"]);
    assert!(contents(&workspace) == before);
    // Nor where only the roster, or the rulings, are left with something in them.
    fs::remove_dir_all(workspace.join("policy")).unwrap();
    for name in ["名册.xlsx", "裁定.xlsx"] {
        let blank = fs::read(workspace.join(name)).unwrap();
        fs::write(workspace.join(name), "办公室写的").unwrap();
        let before = contents(&workspace);
        let words = format!("里已经有{name}");
        assert_stopped(&run_on(&workspace, &["init"]), &[&words, "改法"]);
        assert!(contents(&workspace) == before);
        fs::write(workspace.join(name), blank).unwrap();
    }
    // What a run that was cut short has left is completed.
    assert_eq!(run_on(&workspace, &["init"]).0, 0);
    assert!(workspace.join("policy/plan.toml").is_file());
}

#[test]
fn all_errors_of_a_pack_in_one_run() {
    let (_folder, workspace) = fresh();
    // File, what stands there, what is put instead.
    let edits = [
        ("rules/scores.toml", "points = 8", "points = 9"),
        ("rules/scores.toml", "clause = \"4.3\"", "clause = \"9.9\""),
        ("metrics.toml", "\"funds.amount\"", "\"funds.amout\""),
    ];
    let mut expected = Vec::new();
    for (file, old, new) in edits {
        let path = workspace.join("policy").join(file);
        let text = fs::read_to_string(&path).unwrap();
        let line = text[..text.find(old).unwrap()].split('\n').count();
        fs::write(path, text.replacen(old, new, 1)).unwrap();
        expected.push(format!("{file}:{line}:"));
    }
    for command in ["issue", "assess"] {
        let stopped = run_on(&workspace, &[command]);
        assert_stopped(&stopped, &["PO-107", "31", "30"]);
        assert_stopped(
            &stopped,
            &["PO-105", "“9.9”", "PO-104", "“amout”", "amount"],
        );
        let places: Vec<&str> = expected.iter().map(String::as_str).collect();
        assert_stopped(&stopped, &places);
        assert_eq!(stopped.2.matches("改法").count(), 3, "{}", stopped.2);
        assert!(stopped.2.contains("3 处"), "{}", stopped.2);
    }
    assert!(contents(&workspace.join("下发")).is_empty());
    assert!(contents(&workspace.join("汇总")).is_empty());
}

// What is wrong with the files that came back.

/// A new workspace has the examples of the pack on its roster, and that is said.
fn says_only_that_all_are_examples(err: &str) -> bool {
    err.starts_with("注意：名册里") && err.lines().count() == 2
}

#[test]
fn nothing_came_back() {
    let (_folder, workspace) = fresh();
    let (code, out, err) = run_on(&workspace, &["assess"]);
    assert_eq!(code, 0);
    assert!(says_only_that_all_are_examples(&err), "{err}");
    assert!(out.contains("已报 0，未报 37"), "{out}");
    assert!(out.contains("回收文件夹里没有文件"), "{out}");
    let result = assess(&workspace);
    let units = result["units"].as_array().unwrap();
    assert_eq!(units.len(), 37);
    assert!(
        units.iter().all(|unit| unit["returned"] != "是"),
        "{units:?}"
    );
    let coded = |code: &str| {
        let findings = result["findings"].as_array().unwrap().iter();
        findings.filter(|f| f["code"] == code).count()
    };
    assert_eq!((coded("IN-224"), coded("RC-406")), (1, 37));
    assert_eq!(whole(&result["files"]["read"]), 0);
    assert!(report(&workspace).is_file());
    // Warnings alone are no error.
    assert_eq!(run_on(&workspace, &["assess", "--strict"]).0, 0);
}

/// A zip container with parts of no content.
fn zipped(parts: &[&str]) -> Vec<u8> {
    let mut zip = zip7::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for part in parts {
        let options = zip7::write::SimpleFileOptions::default()
            .compression_method(zip7::CompressionMethod::Stored);
        zip.start_file(*part, options).unwrap();
        zip.write_all(b"<x/>").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sample_pack() -> (Policy, Roster) {
    let source = PackSource::from_dir(&sample().join("policy")).unwrap();
    let policy = load(&source).unwrap();
    let bytes = fs::read(sample().join("名册.xlsx")).unwrap();
    let roster = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx")
        .unwrap()
        .value;
    (policy, roster)
}

/// Name, contents, outcome, code, and words that the message holds.
type Bad = (
    &'static str,
    Vec<u8>,
    &'static str,
    &'static str,
    &'static str,
);

fn bad_files() -> Vec<Bad> {
    let healthy = fs::read(sample().join("回收/马路镇联工委.xlsx")).unwrap();
    let mut damaged = healthy.clone();
    let middle = damaged.len() / 2;
    for byte in &mut damaged[middle..middle + 64] {
        *byte ^= 0x5A;
    }
    let old_excel = {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.resize(512, 0);
        bytes
    };
    let (policy, roster) = sample_pack();
    let unit = roster.unit("T103").unwrap();
    let issued =
        |policy: &Policy, unit: &Unit| write(&unit_workbook(policy, &roster, unit, DAY)).unwrap();
    let other_year = {
        let (mut policy, _) = sample_pack();
        policy.pack.year = 2017;
        issued(&policy, unit)
    };
    let other_pack = {
        let (mut policy, _) = sample_pack();
        policy.pack.id = "taojiang-2018".to_owned();
        issued(&policy, unit)
    };
    let stranger = Unit {
        code: "T999".to_owned(),
        name: "外县联工委".to_owned(),
        ..unit.clone()
    };
    let word = zipped(&["[Content_Types].xml", "word/document.xml"]);
    let unread = "unreadable";
    let aside = "set_aside";
    vec![
        (
            "坏1文字.xlsx",
            "填报表".into(),
            unread,
            "IN-201",
            "文本文件",
        ),
        ("坏2空.xlsx", Vec::new(), unread, "IN-201", "文件是空的"),
        ("坏3文稿.xlsx", word, unread, "IN-201", "Word 文档"),
        (
            "坏4压缩包.xlsx",
            b"Rar!\x1A\x07\0".into(),
            unread,
            "IN-201",
            "压缩包",
        ),
        (
            "坏5截断.xlsx",
            healthy[..healthy.len() * 2 / 3].into(),
            unread,
            "IN-201",
            "文件已损坏",
        ),
        ("坏6损坏.xlsx", damaged, unread, "IN-201", "文件已损坏"),
        ("坏7旧版.xls", old_excel, unread, "IN-201", "文件已损坏"),
        (
            "子文件夹/坏8通讯录.xlsx",
            fs::read(sample().join("回收/通讯录.xlsx")).unwrap(),
            aside,
            "IN-202",
            "不是本次考核的填报文件",
        ),
        ("坏9去年.xlsx", other_year, aside, "IN-221", "2017年"),
        (
            "坏10外县.xlsx",
            other_pack,
            aside,
            "IN-221",
            "taojiang-2018",
        ),
        (
            "坏11新单位.xlsx",
            issued(&policy, &stranger),
            aside,
            "IN-222",
            "T999",
        ),
    ]
}

/// A count, which may be written as a text.
fn whole(value: &Value) -> u64 {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.parse()
        .unwrap_or_else(|_| panic!("{value} is no whole number"))
}

/// Files are accounted for once each, and so are rows.
fn assert_conserved(result: &Value) {
    let counts = result["files"]["counts"].as_object().unwrap();
    let sum: u64 = counts.values().map(whole).sum();
    assert_eq!(whole(&result["files"]["read"]), sum);
    let classes = [
        "counted",
        "duplicate",
        "superseded",
        "rejected",
        "set_aside",
    ];
    for row in result["rows"].as_array().unwrap() {
        let sum: u64 = classes.iter().map(|class| whole(&row[*class])).sum();
        assert_eq!(whole(&row["read"]), sum, "{row}");
    }
}

#[test]
fn bad_files_are_named_and_the_healthy_ones_count_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("考核");
    copy(&sample(), &workspace);
    let before = assess(&workspace);
    assert_conserved(&before);
    let files = bad_files();
    fs::create_dir(workspace.join("回收/子文件夹")).unwrap();
    for (name, bytes, ..) in &files {
        fs::write(workspace.join("回收").join(name), bytes).unwrap();
    }
    let after = assess(&workspace);
    assert_conserved(&after);
    let added = files.len() as u64;
    assert_eq!(
        whole(&after["files"]["read"]),
        whole(&before["files"]["read"]) + added
    );
    for part in [
        "units",
        "members",
        "vetoes",
        "awards",
        "funds",
        "publicity",
        "goals",
        "rows",
        "money",
    ] {
        assert!(!before[part].is_null(), "no {part}");
        assert!(before[part] == after[part], "{part} differs");
    }
    let findings = after["findings"].as_array().unwrap();
    let earlier = before["findings"].as_array().unwrap();
    assert_eq!(findings.len(), earlier.len() + files.len());
    let (code, out, _) = run_on(&workspace, &["assess"]);
    assert_eq!(code, 0);
    let (code, listed, _) = run_on(&workspace, &["assess", "--findings", "--strict"]);
    assert_eq!(code, 1, "errors in the data, strictly");
    for (name, _, outcome, code, words) in &files {
        let list = after["files"]["list"].as_array().unwrap();
        let file = list.iter().find(|file| file["file"] == *name).expect(name);
        assert_eq!(file["outcome"], *outcome, "{name}");
        let own: Vec<&Value> = findings
            .iter()
            .filter(|f| f["place"]["file"] == *name)
            .collect();
        assert_eq!(own.len(), 1, "{name}: {own:?}");
        assert_eq!(own[0]["code"], *code, "{name}");
        assert_eq!(own[0]["severity"], "错误", "{name}");
        let message = own[0]["message"].as_str().unwrap();
        assert!(message.contains(words), "{name}: {message}");
        assert!(is_chinese(own[0]["mend"].as_str().unwrap()), "{name}");
        // On the screen the file is named even without --findings.
        assert!(out.contains(name), "{name} in: {out}");
        assert!(listed.contains(&format!("■ {name}")), "{name} in: {listed}");
    }
}

#[test]
fn strict_speaks_of_errors_in_the_data_only() {
    let (_folder, workspace) = fresh();
    fs::write(workspace.join("回收/报表.xlsx"), "不是工作簿").unwrap();
    assert_eq!(run_on(&workspace, &["assess"]).0, 0);
    fs::remove_file(report(&workspace)).unwrap();
    let (code, out, err) = run_on(&workspace, &["assess", "--strict"]);
    assert_eq!(code, 1);
    assert!(says_only_that_all_are_examples(&err), "{err}");
    assert!(out.contains("问题清单  错误 1"), "{out}");
    assert!(report(&workspace).is_file());
}
