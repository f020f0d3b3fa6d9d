//! Hard days of an office: the program is killed, the disk is full, a workbook is
//! open, a file is still being copied. Nothing is lost, and the next run works.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::common::world::{text, world};
use crate::common::{assess, copy, kaohe, typed};
use kaohe::sheet::{Cell, Found, open, write};

const REPORT: &str = "汇总/2018年考核汇总.xlsx";

/// A workspace with one return of an amount.
fn office(path: &Path, amount: i64) {
    if !path.exists() {
        assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
    }
    let world = world();
    let mut book = world.given("G02", "委员112", amount);
    // What has to be returned for correction.
    world.put(&mut book, "funds", "purpose", 0, text(""));
    fs::write(
        path.join("回收/教育组.xlsx"),
        write(&book).expect("a return"),
    )
    .expect("written");
}

/// All outputs of a workspace with their contents.
fn outputs(path: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path
                    .strip_prefix(root)
                    .expect("below")
                    .to_string_lossy()
                    .into_owned();
                found.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    let mut found = BTreeMap::new();
    for folder in ["汇总", "下发", "退回", "备份"] {
        walk(path, &path.join(folder), &mut found);
    }
    // Under whatever name, there is one file with the rulings.
    let names = fs::read_dir(path).expect("the workspace").flatten();
    let rulings: Vec<PathBuf> = names
        .map(|file| file.path())
        .filter(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            name.starts_with("裁定")
        })
        .collect();
    assert_eq!(rulings.len(), 1, "{rulings:?}");
    found.insert("裁定".to_owned(), fs::read(&rulings[0]).expect("rulings"));
    found
}

/// Types into the first row of 加减分 of a workbook, below a header.
fn adjust(path: &Path, below: u32, cells: &[(&str, &str)]) {
    let bytes = fs::read(path).expect("the workbook");
    let book = open(&bytes).expect("it opens");
    let sheet = book.sheets.iter().find(|sheet| sheet.name == "加减分");
    let sheet = sheet.expect("the sheet");
    let is = |found: &Found, text: &str| matches!(found, Found::Text(t) if t.trim_end_matches('*') == text);
    let at = |text: &str| {
        let found = sheet.cells.iter().filter(|(_, found)| is(found, text));
        *found.map(|(cell, _)| cell).next_back().expect("a header")
    };
    let row = sheet
        .cells
        .iter()
        .filter(|(_, found)| is(found, "单位"))
        .map(|(cell, _)| cell.row)
        .next_back()
        .expect("headers")
        + below;
    let cells: Vec<(Cell, &str)> = cells
        .iter()
        .map(|(header, typed)| (Cell::new(row, at(header).column), *typed))
        .collect();
    fs::write(path, typed(&bytes, "加减分", &cells)).expect("saved");
}

fn spawn(command: &str, path: &Path) -> std::process::Child {
    Command::new(assert_cmd::cargo::cargo_bin!("kaohe"))
        .arg(command)
        .arg(path)
        .env("KAOHE_NOW", "2018-12-31")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs")
}

/// Everything in a workspace that a command may write, with its age.
fn marks(path: &Path) -> Vec<(PathBuf, Option<SystemTime>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.ends_with("回收") {
            continue;
        }
        let age = entry.metadata().and_then(|data| data.modified()).ok();
        if path.is_dir() {
            found.extend(marks(&path));
        }
        found.push((path, age));
    }
    found.sort();
    found
}

/// Waits until a command has begun to write, and a little longer.
fn wait_until_it_writes(child: &mut std::process::Child, path: &Path, longer: Duration) {
    let before = marks(path);
    while child.try_wait().expect("it runs").is_none() && marks(path) == before {
        sleep(Duration::from_micros(100));
    }
    sleep(longer);
}

/// Kills a command at so many moments of its run. After each, every output is
/// whole: the old one or the new one; and the next run comes to the same as one
/// that nobody killed.
fn killed(command: &str, times: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    office(&old, 20_000);
    // A ruling is written down, under a name of another program, and changed in the
    // consolidated workbook: that waits to be taken over.
    let ruled = [
        ("单位", "县直教育委员组"),
        ("加减分", "-1"),
        ("理由", "报送迟延"),
        ("批准人", "批准人甲"),
    ];
    adjust(&old.join("裁定.xlsx"), 2, &ruled);
    fs::rename(old.join("裁定.xlsx"), old.join("裁定.ods")).expect("renamed");
    for command in ["issue", "assess", "return"] {
        assert!(kaohe(&[command, &old.to_string_lossy()]).status.success());
    }
    adjust(&old.join(REPORT), 1, &[("加减分", "-0.3")]);
    // Another day and another amount: every output is another one.
    office(&old, 30_000);
    let roster = old.join("名册.xlsx");
    fs::write(
        &roster,
        crate::common::with_parts(&fs::read(&roster).expect("roster"), |name, text| {
            (name == "xl/sharedStrings.xml")
                .then(|| text.replacen("清塘铺镇联工委", "清塘铺镇联合工委", 9))
        }),
    )
    .expect("written");
    let before = outputs(&old);
    copy(&old, &new);
    let begun = Instant::now();
    assert!(kaohe(&[command, &new.to_string_lossy()]).status.success());
    let whole = begun.elapsed();
    let after = outputs(&new);
    assert!(before != after, "{command} changes something");
    // A ruling is pointed at where it was chosen first, and from the next run on
    // where it is written down.
    assert!(kaohe(&[command, &new.to_string_lossy()]).status.success());
    let settled = outputs(&new);
    let mut moved = 0;
    for time in 0..times {
        let path = folder.path().join(format!("{command}-{time}"));
        copy(&old, &path);
        let mut child = spawn(command, &path);
        match time % 2 {
            0 => sleep(whole * (time * 7919 % times) / times),
            // As soon as it writes, and a little later each time.
            _ => wait_until_it_writes(&mut child, &path, Duration::from_micros(700) * time),
        }
        let _ = child.kill();
        let _ = child.wait();
        let left = outputs(&path);
        for (name, bytes) in &left {
            if Path::new(name)
                .file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with("~kaohe"))
            {
                continue;
            }
            let is_whole = before.get(name) == Some(bytes) || after.get(name) == Some(bytes);
            assert!(
                is_whole,
                "{name} is neither the old nor the new one, {command} {time}"
            );
        }
        for name in before.keys() {
            assert!(left.contains_key(name), "{name} is gone, {command} {time}");
        }
        moved += u32::from(left != before);
        for _ in 0..2 {
            assert!(kaohe(&[command, &path.to_string_lossy()]).status.success());
        }
        let mended = outputs(&path);
        let lasting = |name: &str| !name.starts_with("备份") && !name.contains("运行记录");
        for (name, bytes) in settled.iter().filter(|(name, _)| lasting(name)) {
            assert!(
                mended.get(name) == Some(bytes),
                "{name} after the next run, {command} {time}"
            );
        }
        fs::remove_dir_all(&path).expect("removed");
    }
    println!(
        "{command}: {times} times killed within {whole:?}, {moved} of them after something was written"
    );
    assert!(moved > 0, "some fell between");
}

#[test]
fn killed_while_it_assesses() {
    killed("assess", 20);
}

#[test]
fn killed_while_it_issues() {
    killed("issue", 15);
}

#[test]
fn killed_while_it_returns() {
    killed("return", 15);
}

/// A folder with everything in it, but what is temporary.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with("~kaohe") {
                continue;
            }
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let name = path.strip_prefix(root).expect("below").to_owned();
                found.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

#[test]
fn killed_while_it_begins() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole");
    let begun = Instant::now();
    assert!(kaohe(&["init", &whole.to_string_lossy()]).status.success());
    let time = begun.elapsed();
    let wanted = tree(&whole);
    let mut half = 0;
    for part in 0..20 {
        let path = folder.path().join(part.to_string());
        let mut child = spawn("init", &path);
        wait_until_it_writes(&mut child, &path, time * part / 100);
        let _ = child.kill();
        let _ = child.wait();
        let left = tree(&path);
        half += u32::from(path.exists() && left.len() < wanted.len());
        // Either it is no workspace yet, or it is a whole one.
        if path.join("policy").exists() {
            assert!(left == wanted, "half a workspace, {part}");
        } else {
            let again = kaohe(&["init", &path.to_string_lossy()]);
            let said = String::from_utf8_lossy(&again.stderr);
            assert!(again.status.success(), "{part}: {said}");
            assert!(tree(&path) == wanted, "finished, {part}");
        }
    }
    assert!(half > 0, "some fell between");
}

#[test]
fn a_full_disk_while_it_begins_leaves_no_dead_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    for kib in ["1", "4", "16"] {
        let output = limited(kib, "init", &path);
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = said.split_whitespace().collect();
        assert_eq!(output.status.code(), Some(2), "{kib}: {said}");
        assert!(
            said.contains("磁盘已满") && said.contains("再运行一次"),
            "{said}"
        );
        assert!(!path.join("policy").exists());
    }
    assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
    assert!(kaohe(&["issue", &path.to_string_lossy()]).status.success());
}

#[test]
fn killed_while_it_exports() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (
        folder.path().join("old/考核"),
        folder.path().join("new/考核"),
    );
    office(&old, 20_000);
    assess(&old);
    let export = |path: &Path| kaohe(&["export", &path.to_string_lossy()]);
    assert!(export(&old).status.success());
    office(&old, 30_000);
    copy(&old, &new);
    let exported = |path: &Path| tree(&path.join("汇总/导出"));
    let before = exported(&old);
    let begun = Instant::now();
    assert!(export(&new).status.success());
    let time = begun.elapsed();
    let after = exported(&new);
    assert!(before != after);
    let mut half = 0;
    for part in 0..15 {
        let path = folder.path().join(part.to_string()).join("考核");
        copy(&old, &path);
        let mut child = spawn("export", &path);
        wait_until_it_writes(&mut child, &path, time * part / 60);
        let _ = child.kill();
        let _ = child.wait();
        let left = exported(&path);
        half += u32::from(left != before && left != after);
        for kind in ["csv", "parquet"] {
            let of = |all: &BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<PathBuf, Vec<u8>> {
                let own = all.iter().filter(|(name, _)| name.starts_with(kind));
                own.map(|(name, bytes)| (name.clone(), bytes.clone()))
                    .collect()
            };
            let left = of(&left);
            // While the table of the run is there, the rest belongs together.
            if left
                .keys()
                .any(|name| name.starts_with(Path::new(kind).join("run")))
            {
                assert!(left == of(&before) || left == of(&after), "{kind}, {part}");
            }
        }
        assert!(export(&path).status.success());
        assert!(exported(&path) == after, "after the next run, {part}");
    }
    assert!(half > 0, "some fell between");
}

/// Runs a command where no file may become larger than so many KiB.
fn limited(kib: &str, command: &str, path: &Path) -> std::process::Output {
    Command::new("bash")
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {kib}; exec \"$@\""))
        .arg("bash")
        .arg(assert_cmd::cargo::cargo_bin!("kaohe"))
        .arg(command)
        .arg(path)
        .env("KAOHE_NOW", "2018-12-31")
        .output()
        .expect("it runs")
}

/// No file may become larger than so many KiB, as on a disk that is full.
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    office(&path, 20_000);
    assert!(kaohe(&["issue", &path.to_string_lossy()]).status.success());
    assess(&path);
    office(&path, 30_000);
    let before = outputs(&path);
    for command in ["assess", "return"] {
        let output = limited("8", command, &path);
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = said.split_whitespace().collect();
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        assert!(
            said.contains("磁盘已满") && said.contains("写不进"),
            "{command}: {said}"
        );
        let left = outputs(&path);
        for (name, bytes) in &before {
            assert!(left.get(name) == Some(bytes), "{name} after {command}");
        }
        let whole = left.iter().filter(|(name, _)| name.ends_with(".xlsx"));
        for (name, bytes) in whole {
            assert!(open(bytes).is_ok(), "{name} is whole");
        }
        assert!(
            left.keys().all(|name| !name.contains("~kaohe")),
            "nothing half is left"
        );
    }
    assess(&path);
}

/// The same on a file system of 100 KiB, where the machine lets us make one.
#[test]
fn a_small_disk_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    office(&path, 20_000);
    assess(&path);
    office(&path, 30_000);
    let before = fs::read(path.join(REPORT)).expect("the workbook");
    let script = "set -e; d=$1/汇总; t=$(mktemp -d); cp -r $d/. $t; s=$(du -sk $t | cut -f1); \
                  mount -t tmpfs -o size=$((s + 40))k tmpfs $d || exit 77; cp -r $t/. $d; rm -r $t; \
                  set +e; \"$2\" assess \"$1\"; c=$?; cat $d/2018年考核汇总.xlsx > $1/left; exit $c";
    let output = Command::new("unshare")
        .args(["-r", "-m", "bash", "-c", script, "bash"])
        .arg(&path)
        .arg(assert_cmd::cargo::cargo_bin!("kaohe"))
        .env("KAOHE_NOW", "2018-12-31")
        .output();
    let Ok(output) = output else {
        println!("unshare is not installed: only the limit on file sizes is tested");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let Ok(left) = fs::read(path.join("left")) else {
        println!("no file system can be made here: {said}");
        return;
    };
    let said: String = said.split_whitespace().collect();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("磁盘已满"), "{said}");
    assert!(left == before, "the old workbook is whole");
}

#[test]
fn an_open_workbook_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    office(&path, 20_000);
    assess(&path);
    let old = fs::read(path.join(REPORT)).expect("the workbook");
    let mark = path.join("汇总/~$2018年考核汇总.xlsx");
    fs::write(&mark, "x").expect("a mark");
    office(&path, 30_000);
    let output = kaohe(&["assess", &path.to_string_lossy()]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let said: String = said.lines().map(str::trim_start).collect();
    assert!(said.contains("正在 WPS 或 Excel 中打开"), "{said}");
    assert!(said.contains("2018年考核汇总（新1）.xlsx"), "{said}");
    assert!(fs::read(path.join(REPORT)).expect("the workbook") == old);
    let beside = path.join("汇总/2018年考核汇总（新1）.xlsx");
    let new = fs::read(&beside).expect("the new one");
    assert!(new != old);
    // It is closed: the new one takes its place, and both are kept.
    fs::remove_file(&mark).expect("closed");
    assert!(kaohe(&["assess", &path.to_string_lossy()]).status.success());
    assert!(fs::read(path.join(REPORT)).expect("the workbook") == new);
    assert!(!beside.exists());
    let mut kept: Vec<Vec<u8>> = fs::read_dir(path.join("备份/汇总"))
        .expect("what is kept")
        .map(|entry| fs::read(entry.expect("a file").path()).expect("read"))
        .collect();
    kept.sort_by_key(|bytes| *bytes != old);
    assert!(
        kept.first() == Some(&old) && kept.contains(&new),
        "{} kept",
        kept.len()
    );
    // Once more the same: nothing more is kept.
    let count = kept.len();
    assert!(kaohe(&["assess", &path.to_string_lossy()]).status.success());
    let again = fs::read_dir(path.join("备份/汇总"))
        .expect("what is kept")
        .count();
    assert_eq!(again, count);
}

/// Runs an assessment while a file grows by so many bytes every 150 ms, until it
/// is whole or the run has ended. Gives what the run says of it.
fn while_it_is_copied(path: &Path, name: &str, whole: &[u8], step: usize) -> serde_json::Value {
    let mut file = fs::File::create(path.join("回收").join(name)).expect("a file");
    let (head, tail) = whole.split_at(whole.len() / 2);
    file.write_all(head).expect("half of it");
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("kaohe"))
        .arg("assess")
        .arg(path)
        .args(["--format", "json"])
        .env("KAOHE_NOW", "2018-12-31")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut out = child.stdout.take().expect("its output");
    let said = std::thread::spawn(move || {
        let mut said = Vec::new();
        out.read_to_end(&mut said).expect("read");
        said
    });
    let begun = Instant::now();
    for part in tail.chunks(step) {
        sleep(Duration::from_millis(150));
        file.write_all(part).expect("more of it");
        if child.try_wait().expect("its state").is_some() {
            break;
        }
    }
    assert!(child.wait().expect("it ends").success());
    assert!(begun.elapsed() < Duration::from_secs(60));
    let said = said.join().expect("its output");
    let result: serde_json::Value = serde_json::from_slice(&said).expect("JSON");
    let mut files = result["files"]["list"].as_array().expect("files").iter();
    let found = files.find(|file| file["file"] == name);
    found.expect("it is named").clone()
}

#[test]
fn a_file_that_is_still_being_copied_is_waited_for_or_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    office(&path, 20_000);
    let whole = fs::read(path.join("回收/教育组.xlsx")).expect("a return");
    fs::remove_file(path.join("回收/教育组.xlsx")).expect("removed");
    // Nearly done: it is waited for.
    let told = while_it_is_copied(&path, "教育组.xlsx", &whole, whole.len() / 6);
    assert_eq!(told["outcome"], "accepted", "{told}");
    // Far from done: that is what is said of it, not that it is damaged.
    let long = [whole.clone(), vec![0; 1 << 20]].concat();
    for (name, bytes) in [("很慢.xlsx", &whole), ("很慢.xls", &long)] {
        let step = if name.ends_with('x') { 64 } else { 1_024 };
        let told = while_it_is_copied(&path, name, bytes, step);
        assert_eq!(told["outcome"], "unreadable", "{told}");
        assert!(
            told["reason"]
                .as_str()
                .expect("why")
                .contains("还没有复制完"),
            "{told}"
        );
    }
    for name in ["很慢.xlsx", "很慢.xls"] {
        fs::remove_file(path.join("回收").join(name)).expect("removed");
    }
    let after = assess(&path);
    assert_eq!(after["files"]["list"][0]["outcome"], "accepted");
}

/// Hundreds of files that were copied a moment ago are waited for together, and
/// those that are whole not at all.
#[test]
fn files_just_copied_are_not_waited_for_one_by_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = fs::read("tests/formats/xlsxwriter.xlsx").expect("a workbook");
    let half = &whole[..whole.len() / 2];
    for at in 0..300 {
        let bytes = if at % 2 == 0 { &whole } else { half };
        fs::write(folder.path().join(format!("{at}.xlsx")), bytes).expect("written");
    }
    let begun = Instant::now();
    let (files, _) = kaohe::intake::gather(folder.path()).expect("gathered");
    assert_eq!(files.len(), 300);
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn links_pipes_and_large_files_are_named_and_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    office(&path, 20_000);
    let returned = path.join("回收");
    std::os::unix::fs::symlink("/dev/zero", returned.join("零.xlsx")).expect("a link");
    std::os::unix::fs::symlink(returned.join("教育组.xlsx"), returned.join("链接.xlsx"))
        .expect("a link");
    let made = Command::new("mkfifo")
        .arg(returned.join("管道.xlsx"))
        .status();
    assert!(made.expect("mkfifo").success());
    fs::create_dir(returned.join("文件夹.xlsx")).expect("a folder");
    let shortcut = b"\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46";
    fs::write(returned.join("教育组 - 快捷方式.lnk"), shortcut).expect("a shortcut");
    std::os::unix::fs::symlink("/dev/zero", returned.join(".藏.xlsx")).expect("a link");
    let large = fs::File::create(returned.join("很大.xlsx")).expect("a file");
    large.set_len(60 << 20).expect("60 MiB");
    let result = assess(&path);
    let files = result["files"]["list"].as_array().expect("files");
    assert_eq!(files.len(), 6, "{files:#?}");
    for (name, why) in [
        ("很大.xlsx", "60 MB"),
        ("零.xlsx", "是链接"),
        ("链接.xlsx", "是链接"),
        ("管道.xlsx", "不是普通文件"),
        ("教育组 - 快捷方式.lnk", "是快捷方式"),
    ] {
        let file = files.iter().find(|file| file["file"] == name);
        let file = file.unwrap_or_else(|| panic!("{name} is not named"));
        assert_eq!(file["outcome"], "unreadable", "{file}");
        assert!(
            file["reason"].as_str().expect("why").contains(why),
            "{file}"
        );
    }
    let status = kaohe(&["status", "--format", "json", &path.to_string_lossy()]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    assert_eq!(status["skipped"], 1, "only what is hidden");
    let checked = kaohe(&["check", &returned.join("管道.xlsx").to_string_lossy()]);
    let said = String::from_utf8(checked.stdout).expect("UTF-8");
    assert!(said.contains("不是普通文件"), "{said}");
}

/// Somebody who presses Ctrl-C is told what that means, and nothing is lost.
#[test]
fn who_interrupts_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    office(&path, 20_000);
    assess(&path);
    office(&path, 30_000);
    let before = outputs(&path);
    let mut told = 0;
    for moment in 0..10 {
        let child = Command::new(assert_cmd::cargo::cargo_bin!("kaohe"))
            .args(["assess"])
            .arg(&path)
            .env("KAOHE_NOW", "2018-12-31")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        sleep(Duration::from_millis(20 + 15 * moment));
        let _ = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        let output = child.wait_with_output().expect("it ends");
        if output.status.code() == Some(130) {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("已中断"), "{said}");
            told += 1;
        }
        let report = |of: &BTreeMap<String, Vec<u8>>| of.get(REPORT).cloned();
        if report(&outputs(&path)) != report(&before) {
            break;
        }
    }
    assert!(told > 0, "it was interrupted at least once");
    assess(&path);
}
