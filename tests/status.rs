//! `kaohe status` on the sample: who returned and who did not, what became of
//! each file, and what is open; and it writes nothing.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{copy, kaohe, sample};
use serde_json::Value;

fn expected() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample/expected.json");
    serde_json::from_slice(&std::fs::read(path).expect("the file")).expect("JSON")
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let mut names: Vec<String> = list
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one[key].as_str().expect("a name").to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_sample_as_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let workspace = folder.path().join("考核");
    copy(&sample(), &workspace);
    let _ = std::fs::remove_dir_all(workspace.join("汇总"));
    let path = workspace.to_string_lossy();
    let output = kaohe(&["status", &path, "--format", "json"]);
    let status: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected = expected();
    for outcome in ["accepted", "superseded", "set_aside", "unreadable"] {
        let mut wanted: Vec<&str> = expected["files"][outcome]
            .as_array()
            .expect("names")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        wanted.sort_unstable();
        assert_eq!(
            names(&status["files"][outcome], "file"),
            wanted,
            "{outcome}"
        );
    }
    let units = status["units"].as_array().expect("units");
    let back = |is: bool| -> Vec<&str> {
        let of = units.iter().filter(|unit| unit["returned"] == is);
        of.filter_map(|unit| unit["code"].as_str()).collect()
    };
    let wanted = |key: &str| -> Vec<&str> {
        let list = expected[key].as_array().expect("codes");
        list.iter().filter_map(Value::as_str).collect()
    };
    assert_eq!(back(true), wanted("returned"));
    assert_eq!(back(false), wanted("missing"));
    for (kind, stakes) in expected["open_matters"].as_object().expect("kinds") {
        let open = status["open_matters"].as_array().expect("matters").iter();
        let open = open.filter(|m| m["kind"] == *kind).count();
        assert_eq!(open, stakes.as_array().expect("stakes").len(), "{kind}");
    }
    let text = String::from_utf8(kaohe(&["status", &path]).stdout).expect("UTF-8");
    for word in [
        "请催报：南金乡联工委、县直科技委员组",
        "附件.xlsx",
        "待裁定 9 件",
        "已报 35",
    ] {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
    for line in text.lines() {
        assert!(kaohe::diagnostic::width(line) <= 80, "{line}");
    }
    assert!(!workspace.join("汇总").exists(), "nothing is written");
}
