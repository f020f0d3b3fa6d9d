//! What was decoded is remembered: the same workbook comes out whether
//! everything is decoded anew, nothing, or one return; what is damaged, foreign
//! or cut off in the memory is made anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use common::{copy, kaohe, report, sample};
use kaohe::secret::Secret;
use sha2::{Digest, Sha256};

/// A copy of the sample, never assessed.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&sample(), folder.path());
    for made in ["汇总", "备份", ".kaohe"] {
        let _ = fs::remove_dir_all(folder.path().join(made));
    }
    folder
}

/// The workbook after a run, and what the run said.
fn assessed(office: &Path, more: &[&str]) -> (Vec<u8>, String) {
    let path = office.to_string_lossy();
    let output = kaohe(&[&["assess", &*path, "--findings"], more].concat());
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    (fs::read(report(office)).expect("a workbook"), said)
}

/// What is kept, in order.
fn entries(office: &Path) -> Vec<PathBuf> {
    let folder = fs::read_dir(office.join(".kaohe/returns")).expect("a memory");
    let mut entries: Vec<PathBuf> = folder
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    entries
}

/// An entry that says something else, with a sum by a secret.
fn changed(entry: &[u8], from: &str, to: &str, secret: &Secret) -> Option<Vec<u8>> {
    // Eight bytes of head, then the key and the sum of what follows.
    let (head, rest) = entry.split_at(40);
    let content = &rest[32..];
    let found = |content: &[u8]| {
        content
            .windows(from.len())
            .position(|part| part == from.as_bytes())
    };
    let mut content = content.to_vec();
    found(&content)?;
    while let Some(at) = found(&content) {
        content[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    let sum = secret.sum(&[&head[8..], &Sha256::digest(&content)[..]].concat());
    Some([head, &sum, &content].concat())
}

#[test]
fn the_memory_changes_nothing_and_is_used() {
    let office = office();
    let path = office.path();
    let cold = assessed(path, &[]);
    let kept = entries(path);
    assert!(kept.len() > 30, "{} entries", kept.len());
    assert_eq!(assessed(path, &[]).0, cold.0, "warm");
    assert_eq!(
        assessed(path, &["--no-cache"]),
        assessed(path, &[]),
        "without"
    );
    assert_eq!(entries(path), kept);
    // It is really looked at: in the memory a unit has helped in another way.
    let by = |secret: Secret| {
        let forged = kept.iter().find_map(|entry| {
            let bytes = fs::read(entry).expect("an entry");
            Some((entry, changed(&bytes, "产业扶持", "技术指导", &secret)?))
        });
        let (entry, forged) = forged.expect("a way of helping");
        fs::write(entry, forged).expect("forged");
    };
    // But only at what was kept by whoever runs the program here.
    by(Secret::of([7; 32]));
    assert_eq!(assessed(path, &[]).0, cold.0, "somebody else's is not");
    let own = fs::read(common::state().join("kaohe/key")).expect("a secret");
    by(Secret::of(own.try_into().expect("32 bytes")));
    assert_ne!(assessed(path, &[]).0, cold.0, "the memory is used");
    assert_eq!(assessed(path, &["--no-cache"]).0, cold.0);
}

#[test]
fn what_is_damaged_is_made_anew() {
    let office = office();
    let path = office.path();
    let cold = assessed(path, &[]).0;
    let kept = entries(path);
    for (number, entry) in kept.iter().enumerate() {
        let mut bytes = fs::read(entry).expect("an entry");
        let length = bytes.len();
        match number % 5 {
            0 => bytes[length / 2] ^= 1,
            1 => bytes.truncate(length / 2),
            2 => bytes.clear(),
            3 => bytes = fs::read(&kept[(number + 1) % kept.len()]).expect("another's"),
            _ => bytes = vec![0xFF; 70],
        }
        fs::write(entry, bytes).expect("damaged");
    }
    // What is named like an entry and is of no use is cleared away, nothing else.
    let folder = path.join(".kaohe/returns");
    let (useless, foreign) = (folder.join("0".repeat(64)), folder.join("不认识的文件"));
    fs::write(&useless, "别的").expect("a useless entry");
    fs::write(&foreign, "别的").expect("a foreign file");
    assert_eq!(assessed(path, &[]).0, cold);
    assert!(!useless.exists() && foreign.exists());
    fs::remove_file(&foreign).expect("removed");
    assert_eq!(entries(path), kept, "the others are whole");
    for entry in &kept {
        assert!(fs::read(entry).expect("an entry").starts_with(b"kaohe-2\n"));
    }
}

#[test]
fn only_what_changed_is_decoded_again() {
    let office = office();
    let path = office.path();
    assessed(path, &[]);
    let before = entries(path);
    let returned = path.join("回收/冷市镇联工委.xlsx");
    let other = common::typed(
        &fs::read(&returned).expect("a return"),
        "基本情况",
        &[(kaohe::sheet::Cell::new(13, 1), "另写一句")],
    );
    fs::write(&returned, other).expect("changed");
    let warm = assessed(path, &[]).0;
    let after = entries(path);
    let new = after.iter().filter(|entry| !before.contains(entry)).count();
    let gone = before.iter().filter(|entry| !after.contains(entry)).count();
    assert_eq!((new, gone), (1, 1));
    assert_eq!(assessed(path, &["--no-cache"]).0, warm);
    // Another roster may read every name otherwise.
    let roster = path.join("名册.xlsx");
    let bytes = fs::read(&roster).expect("the roster");
    let renamed = common::with_parts(&bytes, |_, text| Some(text.replace("委员001", "委员9001")));
    fs::write(&roster, renamed).expect("another roster");
    let warm = assessed(path, &[]).0;
    assert!(entries(path).iter().all(|entry| !after.contains(entry)));
    assert_eq!(assessed(path, &["--no-cache"]).0, warm);
}

#[test]
fn killed_while_it_remembers() {
    let office = office();
    let path = office.path();
    let cold = assessed(path, &[]).0;
    for moment in 0..12 {
        fs::remove_dir_all(path.join(".kaohe")).expect("forgotten");
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("kaohe"))
            .args(["assess", &*path.to_string_lossy()])
            .env("KAOHE_NOW", "2018-12-31")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        thread::sleep(Duration::from_millis(40 + 25 * moment));
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert_eq!(assessed(path, &[]).0, cold, "after moment {moment}");
    }
}

#[test]
fn commands_that_only_look_write_no_memory() {
    let office = office();
    let path = office.path().to_string_lossy().into_owned();
    for arguments in [vec!["status", &path], vec!["explain", &path, "冷市镇"]] {
        let output = kaohe(&arguments);
        assert!(output.status.success(), "{output:?}");
        assert!(!office.path().join(".kaohe").exists(), "{arguments:?}");
    }
}
