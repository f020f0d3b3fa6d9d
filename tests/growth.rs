//! Twice as much of a thing costs no more than twice as much: texts, rows, gifts,
//! matters, findings, names, returns. Instructions are counted, not time, see
//! `growth/run.sh`; that takes minutes. What once grew worst is held in every run of
//! the tests.

#![cfg(unix)]

mod inputs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::kaohe;
use crate::common::world::world;
use inputs::{DIMENSIONS, Dimension};
use kaohe::intake::{ReturnedFile, gather};
use rustix::time::{ClockId, clock_gettime};

/// How many times what the first double adds the second may add. What there is in a
/// run besides, and what the first few of a thing bring with them, falls out.
const MOST: f64 = 2.6;

/// Where the files are that a process of its own is to read.
const FOLDER: &str = "KAOHE_GROWTH_FOLDER";

#[test]
#[ignore = "takes minutes: tests/growth/run.sh"]
fn twice_as_much_costs_no_more_than_twice_as_much() {
    let only = std::env::var("KAOHE_DIMENSION").unwrap_or_default();
    let mut steep = Vec::new();
    println!(
        "{:<32}{:>6}{:>12}{:>12}{:>12}{:>7}",
        "millions of instructions", "n", "n", "2n", "4n", "ratio"
    );
    for dimension in DIMENSIONS.iter().filter(|one| one.name.contains(&only)) {
        let costs = [1, 2, 4].map(|times| cost(dimension, times * dimension.size));
        for (what, of) in [("", 0), (" (reading)", 1)] {
            let [once, twice, four] = costs.map(|cost| cost[of] / 1e6);
            let ratio = (four - twice) / (twice - once);
            let name = format!("{}{what}", dimension.name);
            println!(
                "{name:<32}{:>6}{once:>12.0}{twice:>12.0}{four:>12.0}{ratio:>7.2}",
                dimension.size
            );
            // Where it costs next to nothing there is nothing to be said.
            if ratio > MOST && four > twice * 1.05 {
                steep.push(name);
            }
        }
    }
    assert!(steep.is_empty(), "grow too fast: {steep:?}");
}

/// Instructions of the main process of a run over so much, and of reading the files.
fn cost(dimension: &Dimension, size: u32) -> [f64; 2] {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    assert!(kaohe(&["init", &path.to_string_lossy()]).status.success());
    let returned = path.join("回收");
    for file in (dimension.made)(&world(), size) {
        save(&returned, &file);
    }
    let program = std::env::var_os("KAOHE_PROGRAM").map(PathBuf::from);
    let program = program.unwrap_or_else(|| assert_cmd::cargo::cargo_bin!("kaohe").to_owned());
    let place = path.to_string_lossy();
    let run = ["assess", &place, "--findings", "--now", "2018-12-31"];
    let main = instructions(Command::new("valgrind"), &program, &run, folder.path());
    let mut reading = Command::new("valgrind");
    reading.env(FOLDER, &returned);
    let own = std::env::current_exe().expect("this test");
    let run = [
        "--ignored",
        "--exact",
        "growth::reads_a_folder",
        "--test-threads=1",
    ];
    [main, instructions(reading, &own, &run, folder.path())]
}

fn save(folder: &Path, file: &ReturnedFile) {
    let bytes = file.read().expect("contents");
    fs::write(folder.join(&file.name), &bytes).expect("a return");
}

/// Runs a program under a counter of its instructions.
fn instructions(mut counter: Command, program: &Path, arguments: &[&str], folder: &Path) -> f64 {
    let log = folder.join("counted");
    let output = counter
        .args(["--tool=cachegrind", "--cache-sim=no", "--branch-sim=no"])
        .args(["--cachegrind-out-file=/dev/null"])
        .arg(format!("--log-file={}", log.display()))
        .arg(program)
        .args(arguments)
        .output()
        .expect("valgrind is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    let log = fs::read_to_string(&log).expect("a log");
    let line = log.lines().find(|line| line.contains("I   refs:"));
    let line = line.unwrap_or_else(|| panic!("nothing was counted: {log}"));
    let count = line.rsplit(' ').next().expect("a number").replace(',', "");
    count.parse().expect("a number")
}

/// What a worker does, in a process of its own.
#[test]
#[ignore = "asked for by the test above"]
fn reads_a_folder() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let world = world();
    let (files, _) = gather(Path::new(&folder)).expect("returns");
    world.read(&files);
}

/// Seconds of the processor that this test has taken.
fn processor() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

#[test]
fn a_long_word_is_gone_through_once() {
    let begun = processor();
    // Counted back from each letter, these took minutes.
    for text in [
        "a".repeat(400_000),
        "a1".repeat(200_000),
        "QWxh8".repeat(80_000),
    ] {
        assert_eq!(
            kaohe::value::masked(&format!("{text} 0")),
            format!("{text} 0")
        );
    }
    assert!(processor() - begun < 20.0, "{}", processor() - begun);
}

#[test]
fn gifts_that_nobody_received_are_held_against_few() {
    let world = world();
    let took = |size: u32| {
        let dimension = DIMENSIONS
            .iter()
            .find(|one| one.name == "gifts of a village and amount");
        let files = (dimension.expect("it is there").made)(&world, size);
        let begun = processor();
        world.read(&files);
        processor() - begun
    };
    // Beyond that number each is held against no more than before.
    let (once, many) = (took(300), took(1_200));
    assert!(many < 6.0 * once, "{once} {many}");
}
