//! A worker that is refused memory says so and ends; it never says anything else of a
//! file than one that has enough. So what is taken does not depend on the share.

use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};

use super::memory::{DEFLATED, STORED, rows, xlsx};

/// What the standard library says last in a process that is refused memory.
const LAST: &str = "memory allocation of ";

/// What there is for all workers.
const ALL: u64 = 384 << 20;
/// So many limits for a file, beside those near the least with which a worker starts.
const LIMITS: u64 = 20;
/// How far the near ones are apart: less than any decoder takes.
const STEP: u64 = 16 << 10;

/// Has a worker with so many bytes asked about a file.
fn ask(file: &[u8], most: u64) -> Output {
    let mut worker = Command::new(assert_cmd::cargo::cargo_bin!("kaohe"))
        .args(["open-files", &most.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a worker");
    let mut to = worker.stdin.take().expect("its input");
    for content in [b"F", file] {
        // It may have ended before everything was said.
        let length = u64::try_from(content.len()).expect("a length");
        let _ = to.write_all(&length.to_le_bytes());
        let _ = to.write_all(content);
    }
    drop(to);
    worker.wait_with_output().expect("it ends")
}

/// What it answers; none where it is refused more.
fn answer(file: &[u8], most: u64) -> Option<Vec<u8>> {
    let output = ask(file, most);
    let last = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        let mut told = output.stdout.as_slice();
        let mut length = [0; 8];
        told.read_exact(&mut length).expect("a length");
        assert_eq!(told.len() as u64, u64::from_le_bytes(length), "cut off");
        return Some(told.to_vec());
    }
    assert!(
        last.contains(LAST),
        "{most} bytes: {} {last}",
        output.status
    );
    None
}

/// The least of memory, to a step, that is enough for something.
fn least(mut too_little: u64, is_enough: impl Fn(u64) -> bool) -> u64 {
    let mut most = ALL;
    while most - too_little > STEP {
        let middle = too_little.midpoint(most);
        match is_enough(middle) {
            true => most = middle,
            false => too_little = middle,
        }
    }
    most
}

#[test]
fn a_worker_with_little_memory_says_the_same_or_nothing() {
    let of = |name: &str| fs::read(format!("tests/formats/{name}")).expect("a workbook");
    let some = rows(20_000, 8, "><v>1.25</v>");
    let texts = rows(3_000, 8, " t=\"inlineStr\"><is><t>长长的文字</t></is>");
    let files = [
        ("libreoffice.xlsx", of("libreoffice.xlsx")),
        ("libreoffice.ods", of("libreoffice.ods")),
        ("sheetjs.xlsb", of("sheetjs.xlsb")),
        ("sealed-agile.xlsx", of("sealed-agile.xlsx")),
        ("locked-rc4.xls", of("locked-rc4.xls")),
        ("numbers, stored", xlsx(1, &some, &[], STORED)),
        ("texts, deflated", xlsx(1, &texts, &[], DEFLATED)),
    ];
    // Below this, a worker has not even begun.
    let bare = least(0, |most| ask(b"", most).status.success());
    for (name, file) in files {
        let full = answer(&file, ALL).expect("an answer");
        let most = least(bare, |most| answer(&file, most).is_some());
        let near = (0..LIMITS / 2).map(|at| bare + at * STEP);
        let far = (0..LIMITS).map(|at| bare + (most - bare) * at / LIMITS);
        let mut refused = 0;
        for limit in near.chain(far) {
            match answer(&file, limit) {
                None => refused += 1,
                Some(told) => assert!(told == full, "{name}, {limit} bytes: another answer"),
            }
        }
        println!("{name}: {} KiB enough, {refused} refusals", most >> 10);
        assert!(refused > 10, "{name}: {refused} refusals");
    }
}
