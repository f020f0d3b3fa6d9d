//! The memory of a command and of all processes that it starts, together: what
//! an office PC must have. Pages that they share are counted once.

use std::collections::HashMap;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

/// How often it is looked.
const EVERY: Duration = Duration::from_millis(50);

/// What a command took.
pub struct Taken {
    pub wall: f64,
    /// Most memory at any time, in bytes.
    pub peak: u64,
    /// Whether it was ended because it took too much.
    pub stopped: bool,
}

/// Runs a command to its end and watches it. One that takes more memory than
/// it may is ended, before it takes what others need.
pub fn watch(command: &mut Command, most: u64) -> Taken {
    let begun = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the program is there") {
            break status;
        }
        peak = peak.max(together(child.id()));
        if peak > most {
            child.kill().expect("the program is ended");
            break child.wait().expect("the program ends");
        }
        std::thread::sleep(EVERY);
    };
    let wall = begun.elapsed().as_secs_f64();
    let stopped = peak > most;
    assert!(stopped || status.success(), "the program failed");
    Taken {
        wall,
        peak,
        stopped,
    }
}

/// Memory of a process and all below it.
fn together(root: u32) -> u64 {
    let parents = parents();
    let mut sum = 0;
    for &process in parents.keys() {
        let mut above = process;
        // A process that ended in between leads nowhere.
        for _ in 0..16 {
            if above == root {
                sum += of(process);
                break;
            }
            match parents.get(&above) {
                Some(&parent) => above = parent,
                None => break,
            }
        }
    }
    sum
}

/// The parent of each process.
fn parents() -> HashMap<u32, u32> {
    let mut parents = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name of the program stands in brackets and may hold anything.
        let rest = stat.rsplit(')').next().unwrap_or_default();
        if let Some(parent) = rest.split_whitespace().nth(1).and_then(|p| p.parse().ok()) {
            parents.insert(process, parent);
        }
    }
    parents
}

/// Memory of a process in bytes: its share of what it shares with others, or
/// all that it has in memory where the system does not tell.
fn of(process: u32) -> u64 {
    let line = |file: &str, key: &str| -> Option<u64> {
        let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let kilobytes = line("smaps_rollup", "Pss:").or_else(|| line("status", "VmRSS:"));
    kilobytes.unwrap_or(0) * 1024
}
