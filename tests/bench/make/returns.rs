//! The returns of a county as files, written on two threads; some of them saved
//! again by another program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kaohe::policy::Policy;
use kaohe::roster::Unit;
use kaohe::template::file_name;

use super::Size;
use super::filled::{Maker, Truth};
use crate::options::Options;

/// The name of a unit's file in one of its versions.
pub fn name(policy: &Policy, unit: &Unit, version: usize, versions: usize) -> String {
    let name = file_name(policy, unit);
    if versions < 2 {
        return name;
    }
    let stem = name.trim_end_matches(".xlsx");
    format!("{stem}_第{version:02}次.xlsx")
}

/// Writes all returns, on two threads, and has some of them saved again.
pub fn returns(
    maker: &Maker<'_>,
    size: Size,
    root: &Path,
    beside: &Path,
    options: &Options,
) -> Truth {
    let units: Vec<&Unit> = maker.roster.units().collect();
    let folder = root.join("回收");
    let next = AtomicUsize::new(0);
    let sum = Mutex::new(Truth::default());
    let files = units.len() * size.versions;
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= files {
                break;
            }
            let (at, version) = (number / size.versions, number % size.versions + 1);
            let (bytes, truth) = maker.file(at, units[at], version);
            let name = name(maker.policy, units[at], version, size.versions);
            fs::write(folder.join(name), bytes).expect("a return is saved");
            let mut sum = sum.lock().expect("no thread stopped");
            sum.rows += truth.rows;
            sum.funds += truth.funds;
            sum.fen += truth.fen;
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let every = |number: &usize| size.resaved > 0 && number % size.resaved == size.resaved - 1;
    let again: Vec<PathBuf> = (0..files)
        .filter(every)
        .map(|number| {
            let (at, version) = (number / size.versions, number % size.versions + 1);
            folder.join(name(maker.policy, units[at], version, size.versions))
        })
        .collect();
    save_again(&again, beside, options);
    *sum.lock().expect("no thread stopped")
}

/// Has openpyxl load and save files, in two processes.
fn save_again(files: &[PathBuf], beside: &Path, options: &Options) {
    let halves = files.chunks(files.len().div_ceil(2).max(1)).enumerate();
    let started: Vec<_> = halves
        .map(|(half, files)| {
            let list = beside.join(format!("again{half}.txt"));
            let lines: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
            fs::write(&list, lines.join("\n")).expect("a list");
            let mut python = Command::new(&options.python);
            python.arg(options.script("save_again.py")).arg(&list);
            python.spawn().expect("Python starts")
        })
        .collect();
    for mut python in started {
        assert!(
            python.wait().expect("Python ends").success(),
            "files are saved again"
        );
    }
}
