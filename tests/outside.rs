//! What comes from outside, wherever it lies: hostile and broken things as roster,
//! rulings, consolidated workbook, policy and record,
//! through the real binary. Each is named in the clerk's words in good time; one bad
//! folder or name spoils nothing else.

#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::common::world::world;
use crate::common::{assess, kaohe};
use crate::hostile::{files, zip};
use kaohe::sheet::write;
use serde_json::Value;

const REPORT: &str = "汇总/2018年考核汇总.xlsx";
const RETURN: &str = "回收/县直教育委员组.xlsx";
/// Nothing may take longer.
const LONGEST: Duration = Duration::from_secs(20);

/// A workspace with one return.
fn office() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
    let world = world();
    let book = world.given("G02", "委员112", 20_000);
    fs::write(path.join(RETURN), write(&book).expect("a return")).expect("written");
    (folder, path)
}

/// What a command came to: its exit code, and all that it said, as one line.
fn said(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).expect("UTF-8");
    for english in [
        "panicked",
        "os error",
        "Os {",
        "Error",
        "ZipWriter",
        "memory alloc",
        "No such",
        "RUST_",
    ] {
        assert!(!text.contains(english), "{english:?} in: {text}");
    }
    let code = output.status.code();
    let code = code.unwrap_or_else(|| panic!("it was ended: {text}"));
    (code, text.lines().map(str::trim).collect())
}

/// Runs a command, which is ended when it takes too long.
fn run(command: &str, path: &Path) -> (i32, String) {
    let begun = Instant::now();
    let output = Command::new("timeout")
        .args(["-s", "KILL", "30"])
        .arg(assert_cmd::cargo::cargo_bin!("kaohe"))
        .arg(command)
        .arg(path)
        .env("KAOHE_NOW", "2018-12-31")
        .output()
        .expect("it runs");
    let told = said(&output);
    let took = begun.elapsed();
    assert!(took < LONGEST, "{command} took {took:?}: {}", told.1);
    told
}

/// Puts something in a place.
type Put = Box<dyn Fn(&Path)>;

/// What is no file at all, or one without end.
fn no_files() -> Vec<(&'static str, Put)> {
    vec![
        ("a pipe", Box::new(pipe)),
        (
            "a device",
            Box::new(|path| symlink("/dev/zero", path).expect("a link")),
        ),
        (
            "a link to a pipe",
            Box::new(|path| {
                let other = path.with_file_name("管道");
                let _ = fs::remove_file(&other);
                pipe(&other);
                symlink(other, path).expect("a link");
            }),
        ),
        (
            "a folder",
            Box::new(|path| fs::create_dir(path).expect("a folder")),
        ),
        (
            "very long",
            Box::new(|path| {
                let file = File::create(path).expect("a file");
                file.set_len(3 << 30).expect("as long as it says");
            }),
        ),
    ]
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

/// Takes away whatever is there.
fn clear(path: &Path) {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path).expect("removed"),
        Ok(_) => fs::remove_file(path).expect("removed"),
        Err(_) => {}
    }
}

/// Hostile workbooks, some of each format.
fn hostile() -> Vec<(String, Vec<u8>)> {
    let healthy = fs::read("tests/formats/xlsxwriter.xlsx").expect("a workbook");
    let all = files::all(&zip::pack(&zip::parts(&healthy)));
    let mut some = Vec::new();
    for ending in [".xlsx", ".xls", ".ods", ".xlsb"] {
        let of = all.iter().filter(|file| file.name.ends_with(ending));
        let of: Vec<_> = of
            .filter(|file| file.fate == files::Fate::Refused)
            .collect();
        let each = of.len().div_ceil(2).max(1);
        some.extend(of.into_iter().step_by(each));
    }
    some.into_iter()
        .map(|file| (file.name.clone(), file.bytes.clone()))
        .collect()
}

/// A few letters that stand for very many blanks.
fn blanks() -> Vec<u8> {
    let blanks = "<text:s text:c=\"9000000\"/>".repeat(300);
    let ods = fs::read("tests/formats/libreoffice.ods").expect("a workbook");
    let text = format!("<text:p>{blanks}");
    zip::text(&ods, "content.xml", "<text:p>", &text)
}

#[test]
fn hostile_workbooks_of_the_office() {
    let (_folder, path) = office();
    assert_eq!(run("assess", &path).0, 0);
    let before = assess(&path);
    for place in ["名册.xlsx", "裁定.xlsx", REPORT] {
        let (file, name) = (path.join(place), place.rsplit('/').next().expect("a name"));
        let own = fs::read(&file).expect("the file");
        // All go one way into the program; one of each format shows that this one does.
        let each = if place == "名册.xlsx" { 1 } else { 2 };
        for (kind, bytes) in hostile().into_iter().step_by(each) {
            fs::write(&file, &bytes).expect("a hostile file");
            let (code, told) = run("assess", &path);
            println!("{place} {kind} {told}");
            assert_eq!(code, 2, "{place} {kind}: {told}");
            let is_told = told.contains(name) && told.contains("打不开") && told.contains("改法");
            assert!(is_told, "{place} {kind}: {told}");
            assert!(
                fs::read(&file).expect("it is there") == bytes,
                "{place} {kind}"
            );
        }
        fs::write(&file, own).expect("mended");
    }
    assert!(assess(&path) == before, "as before");
    // Whether that can be read is for the reader to say; it costs no more than that.
    for place in ["裁定.xlsx", REPORT, "名册.xlsx"] {
        fs::write(path.join(place), blanks()).expect("blanks");
        let (code, told) = run("assess", &path);
        assert!([0, 2].contains(&code), "{place}: {told}");
    }
}

#[test]
fn what_is_no_file_keeps_nobody_waiting() {
    let (_folder, path) = office();
    assert_eq!(run("assess", &path).0, 0);
    let before = assess(&path);
    for place in ["名册.xlsx", "裁定.xlsx", REPORT, "policy/plan.toml"] {
        let (file, name) = (path.join(place), place.rsplit('/').next().expect("a name"));
        let own = fs::read(&file).expect("the file");
        for (kind, put) in no_files() {
            clear(&file);
            put(&file);
            let (code, told) = run("assess", &path);
            assert_eq!(code, 2, "{place} {kind}: {told}");
            assert!(
                told.contains(name) && told.contains("改法"),
                "{place} {kind}: {told}"
            );
        }
        clear(&file);
        fs::write(&file, own).expect("mended");
    }
    assert!(assess(&path) == before, "as before");
}

#[test]
fn texts_of_a_policy_that_no_reader_survives() {
    let (_folder, path) = office();
    let file = path.join("policy/plan.toml");
    for (kind, text) in [
        ("deep", format!("a = {}", "[".repeat(200_000)).into_bytes()),
        ("tables", format!("[{}]", "a.".repeat(200_000)).into_bytes()),
        ("no text", vec![0xFF; 10_000]),
        ("nothing", Vec::new()),
    ] {
        fs::write(&file, text).expect("written");
        let (code, told) = run("assess", &path);
        assert_eq!(code, 2, "{kind}: {told}");
        assert!(told.contains("plan.toml"), "{kind}: {told}");
    }
}

#[test]
fn records_that_are_none() {
    let (_folder, path) = office();
    assert_eq!(run("assess", &path).0, 0);
    let record = path.join("汇总/运行记录/0001.json");
    let own = fs::read(&record).expect("a record");
    fs::write(path.join("汇总/运行记录/0000.json"), &own).expect("another");
    let mut kinds = no_files();
    let deep: Put = Box::new(|path| fs::write(path, "[".repeat(1_000_000)).expect("written"));
    let cut: Put = Box::new(move |path| fs::write(path, &own[..own.len() / 2]).expect("written"));
    kinds.extend([("deep", deep), ("cut off", cut)]);
    for (kind, put) in kinds {
        clear(&record);
        put(&record);
        let (code, told) = run("diff", &path);
        assert_eq!(code, 2, "{kind}: {told}");
        assert!(
            told.contains("0001.json") && told.contains("改法"),
            "{kind}: {told}"
        );
        // Nothing is known of rulings, and there are none: what was cut off further
        // down says that there were none.
        let (code, told) = run("assess", &path);
        let is_known = kind == "cut off";
        assert_eq!(code, if is_known { 0 } else { 2 }, "{kind}: {told}");
        assert!(is_known || told.contains("改法"), "{kind}: {told}");
    }
}

/// Runs an assessment as somebody who may not do everything, and gives its result;
/// none where this cannot be made.
fn as_nobody(path: &Path) -> Option<Value> {
    let mut command = match fs::metadata("/proc/self").expect("this process").uid() {
        0 => {
            let owned = Command::new("chown")
                .args(["-R", "--no-dereference", "65534:65534"])
                .arg(path)
                .status();
            assert!(owned.expect("chown").success());
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(assert_cmd::cargo::cargo_bin!("kaohe"));
            command
        }
        _ => Command::new(assert_cmd::cargo::cargo_bin!("kaohe")),
    };
    let output = command
        .args(["assess", "--format", "json"])
        .arg(path)
        .env("KAOHE_NOW", "2018-12-31")
        .output();
    match output {
        Ok(output) if output.status.code() != Some(127) && output.status.code() != Some(126) => {
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{error}");
            Some(serde_json::from_slice(&output.stdout).expect("JSON"))
        }
        other => {
            println!("skipped: nobody else can run the program here: {other:?}");
            None
        }
    }
}

/// The reason that is told of a file.
fn reason<'a>(result: &'a Value, name: &str) -> &'a str {
    let files = result["files"]["list"].as_array().expect("files");
    let file = files.iter().find(|file| file["file"] == name);
    let file = file.unwrap_or_else(|| panic!("{name} is not named: {files:?}"));
    assert_eq!(file["outcome"], "unreadable", "{name}");
    file["reason"].as_str().expect("a reason")
}

#[test]
fn a_folder_without_permission_costs_itself() {
    let (folder, path) = office();
    let open = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    open(folder.path(), 0o755);
    let closed = path.join("回收/乡镇");
    fs::create_dir(&closed).expect("a folder");
    fs::copy(path.join(RETURN), closed.join("某镇.xlsx")).expect("a return");
    let before = assess(&path)["units"].clone();
    open(&closed, 0o000);
    let result = as_nobody(&path);
    open(&closed, 0o755);
    let Some(result) = result else { return };
    assert!(
        reason(&result, "乡镇").contains("没有读取的权限"),
        "{result}"
    );
    assert!(result["units"] == before, "the others count");
}

#[test]
fn a_path_that_no_system_opens_costs_itself() {
    let (_folder, path) = office();
    let before = assess(&path)["units"].clone();
    let name = "a".repeat(250);
    let deep = format!(
        "cd \"$1\" && for i in $(seq 17); do mkdir {name} && cd {name} || exit 1; done; echo 1 > 某镇.xlsx"
    );
    let made = Command::new("bash")
        .args(["-c", &deep, "bash"])
        .arg(path.join("回收"))
        .status();
    assert!(made.expect("bash").success());
    let result = assess(&path);
    let files = result["files"]["list"].as_array().expect("files");
    let names = files.iter().filter_map(|file| file["file"].as_str());
    let long = names.max_by_key(|name| name.len()).expect("a name");
    assert!(
        reason(&result, long).contains("太长"),
        "{}",
        reason(&result, long)
    );
    assert!(result["units"] == before, "the others count");
}

#[test]
fn a_workbook_that_is_named_like_a_temporary_file_is_named() {
    let (_folder, path) = office();
    let bytes = fs::read(path.join(RETURN)).expect("a return");
    let old = fs::read("tests/formats/xlwt.xls").expect("an old workbook");
    let returned = path.join("回收");
    let named: [(&str, &[u8]); 6] = [
        ("~县直教育委员组.xlsx", &bytes),
        (".县直教育委员组.xlsx", &bytes),
        ("县直教育委员组.tmp", &bytes),
        ("~$县直教育委员组.xlsx", &bytes),
        ("~老表.xls", &old),
        (".县直/县直教育委员组.xlsx", &bytes),
    ];
    fs::remove_file(path.join(RETURN)).expect("removed");
    fs::create_dir(returned.join(".县直")).expect("a folder");
    for (name, bytes) in named {
        fs::write(returned.join(name), bytes).expect("written");
    }
    // What Office and the systems leave behind is passed over.
    let lock = [&[5_u8][..], "office".as_bytes(), &[b' '; 158]].concat();
    let quiet: [(&str, &[u8]); 5] = [
        ("~$某镇.xlsx", &lock),
        (".~lock.某镇.xlsx#", b",clerk,office,;"),
        ("._某镇.xlsx", b"\x00\x05\x16\x07\x00\x02"),
        ("Thumbs.db", &old),
        ("空.tmp", b""),
    ];
    for (name, bytes) in quiet {
        fs::write(returned.join(name), bytes).expect("written");
    }
    let archive = zip::pack(&[
        zip::Part::new("~某镇.xlsx", bytes.clone()),
        zip::Part::new("~$某镇.xlsx", lock.clone()),
    ]);
    fs::write(returned.join("报表.zip"), archive).expect("written");
    let result = assess(&path);
    for name in named
        .iter()
        .map(|(name, _)| *name)
        .chain(["报表.zip/~某镇.xlsx"])
    {
        let name = name.strip_suffix("/县直教育委员组.xlsx").unwrap_or(name);
        let why = reason(&result, name);
        assert!(
            why.contains("没有读取") && why.contains("名称"),
            "{name}: {why}"
        );
    }
    let files = result["files"]["list"].as_array().expect("files").len();
    assert_eq!(files, named.len() + 1);
}

#[test]
fn a_name_that_no_file_can_bear_is_a_finding_of_the_roster() {
    let (_folder, path) = office();
    let roster = path.join("名册.xlsx");
    let bytes = fs::read(&roster).expect("the roster");
    for (name, code) in [
        ("长".repeat(300), 1),
        ("长".repeat(61), 1),
        ("长".repeat(60), 0),
    ] {
        let long = crate::common::with_parts(&bytes, |part, text| {
            let is_of = part == "xl/sharedStrings.xml" || part.starts_with("xl/worksheets");
            is_of.then(|| text.replace("清塘铺镇联工委<", &format!("{name}<")))
        });
        fs::write(&roster, long).expect("written");
        let (found, told) = run("issue", &path);
        assert_eq!(found, code, "{told}");
        assert_eq!(told.contains("RO-159"), code == 1, "{told}");
        let issued = fs::read_dir(path.join("下发")).expect("issued").count();
        assert_eq!(issued, if code == 1 { 36 } else { 37 });
    }
}

#[test]
fn a_full_disk_speaks_no_library_english() {
    let (_folder, path) = office();
    for kib in [1, 8, 32, 64, 128, 256] {
        let output = Command::new("bash")
            .arg("-c")
            .arg(format!("trap '' XFSZ; ulimit -f {kib}; exec \"$@\""))
            .arg("bash")
            .arg(assert_cmd::cargo::cargo_bin!("kaohe"))
            .arg("assess")
            .arg(&path)
            .env("KAOHE_NOW", "2018-12-31")
            .output()
            .expect("it runs");
        let (code, told) = said(&output);
        assert!(
            code == 0 || told.contains("磁盘已满"),
            "{kib}: {code} {told}"
        );
    }
}
