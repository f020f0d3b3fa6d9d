//! What it costs to open files in processes of their own, over 500 healthy
//! returns: `tests/run.sh isolation`.

use std::fs;
use std::time::{Duration, Instant};

use kaohe::assess::Run;
use kaohe::cli::load_decided;
use kaohe::flow::assess_files;
use std::sync::Arc;

use kaohe::intake::{Decoder, Here, Intake, Opener, ReturnedFile, gather};
use kaohe::isolate::Workers;
use kaohe::policy::Policy;
use kaohe::roster::Roster;
use kaohe::sheet::{FoundWorkbook, OpenError};

/// In this process, but several at once.
struct Threads(usize);

impl Opener for Threads {
    fn open(&self, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError> {
        Here.open(bytes)
    }

    fn open_only(&self, bytes: &Arc<[u8]>, names: &[String]) -> Result<FoundWorkbook, OpenError> {
        Here.open_only(bytes, names)
    }

    fn decoder<'a>(&'a self, policy: &'a Policy, roster: &'a Roster) -> Box<dyn Decoder + 'a> {
        Here.decoder(policy, roster)
    }

    fn width(&self) -> usize {
        self.0
    }
}

const FILES: usize = 500;
const ROUNDS: usize = 5;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
#[ignore = "takes a minute; only in a release build do the figures mean anything"]
fn what_it_costs() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::common::copy(&crate::common::sample(), folder.path());
    let loaded = load_decided(folder.path(), &Here).expect("the sample");
    let (all, _) = gather(&loaded.workspace.returned()).expect("its returns");
    let files: Vec<ReturnedFile> = all.iter().cycle().take(FILES).cloned().collect();
    let program = assert_cmd::cargo::cargo_bin!("kaohe").to_path_buf();
    let width = std::thread::available_parallelism().map_or(1, usize::from);
    let one = Workers::of(program.clone(), 1).expect("a worker");
    let several = Workers::of(program, width).expect("workers");
    let openers: [(&str, &dyn Opener); 4] = [
        ("here, one at a time", &Here),
        ("a worker, one at a time", &one),
        ("here, several at once", &Threads(width)),
        ("workers, several at once", &several),
    ];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); openers.len()];
    for _ in 0..ROUNDS {
        for (times, (_, opener)) in times.iter_mut().zip(openers) {
            let begun = Instant::now();
            let read = Intake::new(&files, &loaded.policy, &loaded.roster, opener).read();
            assert_eq!(read.value.len(), FILES);
            times.push(begun.elapsed());
        }
    }
    let run = Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped: 0,
        today: jiff::civil::date(2018, 12, 31),
        closing: None,
    };
    let begun = Instant::now();
    let (policy, roster) = (&loaded.policy, &loaded.roster);
    let made = assess_files(
        &files,
        policy,
        roster,
        &loaded.rulings,
        Vec::new(),
        &run,
        &several,
    );
    let whole = begun.elapsed();
    assert_eq!(made.reconciled.ledger().files.len(), FILES);
    let times: Vec<Duration> = times.into_iter().map(median).collect();
    for (time, (name, _)) in times.iter().zip(openers) {
        println!("{name}: {time:?}, {:?} a file", *time / FILES as u32);
    }
    let cost = |with: usize, without: usize| {
        times[with].saturating_sub(times[without]).as_secs_f64() / whole.as_secs_f64() * 100.0
    };
    println!("read and assessed (no workbook written): {whole:?}");
    println!(
        "cost of isolation in that: {:.1}% one at a time, {:.1}% several at once",
        cost(1, 0),
        cost(3, 2)
    );
    let bytes: usize = fs::read_dir(loaded.workspace.returned())
        .expect("returns")
        .count();
    assert!(bytes > 30, "a sample with returns");
}
