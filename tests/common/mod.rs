//! What several tests share: a copy of the sample workspace and a run of the
//! real binary on it.

pub mod county;
pub mod office;
pub mod recalculated;
pub mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use jiff::civil::date;
use kaohe::assess::Run;
use kaohe::cli::load_decided;
use kaohe::flow::{Assessment, assess_files};
use kaohe::intake::{Here, gather};
use kaohe::policy::Policy;
use kaohe::sheet::Cell;
use serde_json::Value;

/// The sample workspace as committed.
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/anhua-2018")
}

/// The sample, assessed within this process.
pub fn assessed() -> (Assessment, Policy) {
    let loaded = load_decided(&sample(), &Here).expect("the sample loads");
    let (files, skipped) = gather(&sample().join("回收")).expect("returns");
    let run = Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped,
        today: date(2018, 12, 31),
        closing: None,
    };
    let (policy, roster) = (loaded.policy, loaded.roster);
    let made = assess_files(
        &files,
        &policy,
        &roster,
        &loaded.rulings,
        Vec::new(),
        &run,
        &Here,
    );
    (made, policy)
}

/// A copy of a folder, so that tests do not write into the sample.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folder is made");
    for entry in fs::read_dir(from).expect("folder is read") {
        let entry = entry.expect("entry is read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("file is copied");
        }
    }
}

/// Runs the binary.
pub fn kaohe(args: &[&str]) -> Output {
    assert_cmd::Command::cargo_bin("kaohe")
        .expect("binary is built")
        .args(args)
        .env("KAOHE_NOW", "2018-12-31")
        .output()
        .expect("binary runs")
}

/// Runs `assess --format json` on a workspace.
pub fn assess(workspace: &Path) -> Value {
    let output = kaohe(&["assess", &workspace.to_string_lossy(), "--format", "json"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "assess failed: {errors}");
    serde_json::from_slice(&output.stdout).expect("output is JSON")
}

/// A text at a path of the result, such as `score.total`.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, key| &value[key])
}

/// The only workbook in 汇总.
pub fn report(workspace: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(workspace.join("汇总"))
        .expect("folder is read")
        .map(|entry| entry.expect("entry is read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx"))
        .collect();
    assert_eq!(files.len(), 1, "one workbook is written: {files:?}");
    files.remove(0)
}

/// A workbook with the XML of each of its sheets changed.
pub fn with_sheets(bytes: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    with_parts(bytes, |name, text| {
        name.starts_with("xl/worksheets/sheet")
            .then(|| change(text))
    })
}

/// A workbook in which a person has typed into cells of a sheet: text, or a
/// number with `#` before it.
pub fn typed(bytes: &[u8], sheet: &str, cells: &[(Cell, &str)]) -> Vec<u8> {
    let book = kaohe::sheet::open(bytes).expect("a workbook");
    let number = book.sheets.iter().position(|s| s.name == sheet);
    let part = format!("xl/worksheets/sheet{}.xml", number.expect("the sheet") + 1);
    with_parts(bytes, |name, text| {
        (name == part).then(|| {
            cells.iter().fold(text.to_owned(), |xml, (cell, typed)| {
                let start = xml
                    .find(&format!("<c r=\"{}\"", cell.name()))
                    .expect("the cell");
                let rest = &xml[start..];
                let end = match (rest.find("/>"), rest.find("</c>")) {
                    (Some(empty), Some(full)) if empty < full => start + empty + 2,
                    (_, Some(full)) => start + full + 4,
                    (empty, None) => start + empty.expect("a cell ends") + 2,
                };
                let style = xml[start..end].split(" s=\"").nth(1).expect("a style");
                let style = style.split('"').next().expect("a style");
                let name = cell.name();
                let made = match typed.strip_prefix('#') {
                    Some(number) => format!("<c r=\"{name}\" s=\"{style}\"><v>{number}</v></c>"),
                    None => format!(
                        "<c r=\"{name}\" s=\"{style}\" t=\"inlineStr\"><is><t>{typed}</t></is></c>"
                    ),
                };
                format!("{}{made}{}", &xml[..start], &xml[end..])
            })
        })
    })
}

/// A workbook with the XML of some of its parts changed.
pub fn with_parts(bytes: &[u8], change: impl Fn(&str, &str) -> Option<String>) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip7::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut out = zip7::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip7::write::SimpleFileOptions::default()
        .compression_method(zip7::CompressionMethod::Stored);
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).expect("a part");
        let name = part.name().to_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("a part is read");
        if let Ok(text) = std::str::from_utf8(&content)
            && let Some(changed) = change(&name, text)
        {
            content = changed.into_bytes();
        }
        out.start_file(name, options).expect("a part starts");
        out.write_all(&content).expect("a part is written");
    }
    out.finish().expect("a zip ends").into_inner()
}

/// The XML of a sheet with the stored result of each formula replaced: the
/// `<v>` that follows each `</f>`.
pub fn spoil(xml: &str) -> String {
    let mut out = String::new();
    let mut rest = xml;
    while let Some(end) = rest.find("</f><v>") {
        let (before, after) = rest.split_at(end + "</f><v>".len());
        out.push_str(before);
        let close = after.find("</v>").expect("a value ends");
        out.push_str("987654321");
        rest = &after[close..];
    }
    out.push_str(rest);
    out
}
