//! Folders, paths and zip archives of returns: every file is named once, and
//! what is passed over is counted.

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use kaohe::intake::{ReturnedFile, gather, gather_paths};
use kaohe::sheet::open;

/// A zip file of members.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in members {
        writer.start_file(*name, options).expect("member");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("zip").into_inner()
}

/// The same with each of one run of bytes in place of another.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..bytes.len())
        .filter(|&at| bytes[at..].starts_with(from))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// A folder with files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("made");
        fs::write(path, content).expect("written");
    }
    folder
}

fn names(files: &[ReturnedFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

/// What was gathered from a folder with one archive, and the folder, from which the
/// members are still to be read.
fn unpacked(archive: &[u8]) -> (Vec<ReturnedFile>, usize, tempfile::TempDir) {
    let folder = folder(&[("包.zip", archive)]);
    let (files, skipped) = gather(folder.path()).expect("gathered");
    (files, skipped, folder)
}

#[test]
fn a_zip_is_read_as_if_unpacked() {
    let workbook = fs::read("tests/formats/xlsxwriter.xlsx").expect("fixture");
    // As Windows packs it: the name in GBK, without saying so.
    let gbk = encoding_rs::GBK.encode("冷市镇/返回").0.into_owned();
    let archive = zipped(&[
        ("abcdef/ghij.xlsx", &workbook),
        ("大福镇.xls", b"<table>"),
        ("__MACOSX/._a.xlsx", b"1"),
        ("~$a.xlsx", b"1"),
        (".DS_Store", b"1"),
        ("a/Thumbs.db", b"1"),
    ]);
    let archive = patched(archive, b"abcdef/ghij", &gbk);
    let (files, skipped, _folder) = unpacked(&archive);
    assert_eq!(
        names(&files),
        ["包.zip/冷市镇/返回.xlsx", "包.zip/大福镇.xls"]
    );
    assert_eq!(skipped, 4);
    let bytes = files[0].read().expect("read");
    assert_eq!(*bytes, *workbook);
    assert!(open(&bytes).is_ok());
}

#[test]
fn what_a_zip_does_not_give_is_said() {
    let reason = |archive: &[u8]| {
        let (files, _, _folder) = unpacked(archive);
        assert_eq!(files.len(), 1, "{:?}", names(&files));
        let file = files.into_iter().next().expect("file");
        let why = file.read().expect_err("not read");
        (file.name, why)
    };
    let inner = zipped(&[("a.xlsx", b"1")]);
    let (name, why) = reason(&zipped(&[("里.zip", &inner)]));
    assert_eq!(name, "包.zip/里.zip");
    assert!(why.contains("还有压缩包"), "{why}");
    assert!(reason(&zipped(&[])).1.contains("没有文件"));
    assert!(
        reason(&zipped(&[("__MACOSX/a", b"1")]))
            .1
            .contains("没有文件")
    );
    // The lowest bit of the flags says that a member is encrypted.
    let mut locked = zipped(&[("a.xlsx", b"content")]);
    let central = locked
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .expect("directory");
    locked[central + 8] |= 1;
    locked[6] |= 1;
    assert!(reason(&locked).1.contains("密码"));
    let twice = patched(
        zipped(&[("a.xlsx", b"1"), ("b.xlsx", b"2")]),
        b"b.xlsx",
        b"a.xlsx",
    );
    assert!(reason(&twice).1.contains("重名"));
    // One bit of the content: the sum does not fit.
    let broken = patched(
        zipped(&[("a.xlsx", &[b'x'; 9])]),
        b"PK\x01\x02",
        b"PK\x01\x02",
    );
    let central = broken
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .expect("directory");
    let mut broken = broken;
    broken[central + 16] ^= 1;
    assert!(reason(&broken).1.contains("损坏"));
    let tight = vec![0; 4 * 1024 * 1024];
    let why = reason(&zipped(&[("a.xlsx", &tight)])).1;
    assert!(why.contains("异常紧"), "{why}");
    let large = vec![0; 51 * 1024 * 1024];
    assert!(
        reason(&zipped(&[("a.xlsx", &large)]))
            .1
            .contains("超过 50 MB")
    );
}

#[test]
fn an_archive_that_is_changed_before_a_member_is_read_is_no_other_member() {
    let (files, _, folder) = unpacked(&zipped(&[("a.xlsx", &[b'x'; 99])]));
    let at = folder.path().join("包.zip");
    for other in [zipped(&[("a.xlsx", &[b'y'; 99])]), b"PK".to_vec()] {
        fs::write(&at, other).expect("written");
        let why = files[0].read().expect_err("not read");
        assert!(why.contains("损坏"), "{why}");
    }
    fs::remove_file(&at).expect("gone");
    assert!(files[0].read().expect_err("not read").contains("读不出"));
}

#[test]
fn paths_are_gathered_once_and_missing_ones_stop() {
    let folder = folder(&[
        ("甲/一.xlsx", b"1"),
        ("甲/乙/二.xlsx", b"2"),
        ("甲/~$一.xlsx", b"3"),
        ("甲/desktop.ini", b"4"),
        ("三.xlsx", b"5"),
    ]);
    let at = |name: &str| folder.path().join(name);
    let gathered = |paths: &[PathBuf]| gather_paths(paths).expect("gathered");
    let (files, skipped) = gathered(&[at("甲")]);
    assert_eq!(names(&files), ["一.xlsx", "乙/二.xlsx"]);
    assert_eq!(skipped, 2);
    let (files, _) = gathered(&[at("三.xlsx"), at("甲/一.xlsx"), at("三.xlsx")]);
    assert_eq!(names(&files), ["一.xlsx", "三.xlsx"]);
    let (files, _) = gathered(&[at("甲"), at("甲/一.xlsx")]);
    assert_eq!(files.len(), 2);
    assert!(gather_paths(&[at("四.xlsx")]).is_err());
}

#[test]
fn files_with_one_name_are_told_apart() {
    let archive = zipped(&[
        ("./表.xlsx", b"1"),
        ("表.xlsx", b"2"),
        ("a/表.xlsx", b"3"),
        ("a//表.xlsx", b"4"),
        ("a/表（同名2）.xlsx", b"5"),
    ]);
    let (files, _, _folder) = unpacked(&archive);
    let told: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|file| (file.name.as_str(), file.read().expect("read").to_vec()))
        .collect();
    assert_eq!(
        told,
        [
            ("包.zip/a/表.xlsx", b"3".to_vec()),
            ("包.zip/a/表（同名2）.xlsx", b"5".to_vec()),
            ("包.zip/a/表（同名3）.xlsx", b"4".to_vec()),
            ("包.zip/表.xlsx", b"1".to_vec()),
            ("包.zip/表（同名2）.xlsx", b"2".to_vec()),
        ]
    );
}

/// On Linux a name may be any bytes; as text these two are one.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_told_apart() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    for (name, content) in [(b"\xFFa.xlsx", b"1"), (b"\xFEa.xlsx", b"2")] {
        let name = std::ffi::OsStr::from_bytes(name);
        fs::write(folder.path().join(name), content).expect("written");
    }
    let (files, _) = gather(folder.path()).expect("gathered");
    assert_eq!(names(&files), ["\u{FFFD}a.xlsx", "\u{FFFD}a（同名2）.xlsx"]);
    assert_eq!(*files[0].read().expect("read"), *b"2");
    assert_eq!(*files[1].read().expect("read"), *b"1");
}
