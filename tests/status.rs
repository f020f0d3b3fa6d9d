//! `kaohe status` on the sample: who returned and who did not, what became of
//! each file, and what is open; and it writes nothing.

use crate::common::{copy, kaohe, sample};
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
        let of = |list: &str| status[list].as_array().expect("matters").clone();
        let open = [of("open_matters"), of("matters_apart")].concat();
        let open = open.iter().filter(|m| m["kind"] == *kind).count();
        assert_eq!(open, stakes.as_array().expect("stakes").len(), "{kind}");
    }
    let waiting = &expected["waiting_matters"];
    let of = status["open_matters"].as_array().expect("matters");
    assert_eq!(*waiting, of.len());
    let apart = status["matters_apart"].as_array().expect("matters");
    // What needs looking after comes first, the rest is told on demand.
    let text = String::from_utf8(kaohe(&["status", &path]).stdout).expect("UTF-8");
    let all = String::from_utf8(kaohe(&["status", &path, "--all"]).stdout).expect("UTF-8");
    let told = |text: &str, one: &Value| text.contains(one["id"].as_str().expect("an id"));
    for one in of {
        assert!(told(&text, one) && told(&all, one), "{one}");
    }
    for one in apart {
        assert!(!told(&text, one) && told(&all, one), "{one}");
    }
    for unit in units.iter().filter(|unit| unit["returned"] == true) {
        let name = unit["name"].as_str().expect("a name");
        assert!(all.contains(&format!("\n  {name}  ")), "{name}");
    }
    assert!(!all.contains("--all") && text.lines().count() < all.lines().count());
    for word in [
        "请催报：南金乡联工委、县直科技委员组",
        "附件.xlsx",
        &format!("待裁定 {waiting} 件"),
        "已报 35",
    ] {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
    for line in text.lines() {
        assert!(kaohe::diagnostic::width(line) <= 80, "{line}");
    }
    assert!(!workspace.join("汇总").exists(), "nothing is written");
}
