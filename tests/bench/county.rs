//! The county of 500 returns: everything on it, in alternating rounds, so that
//! a busy minute of the machine falls on all of them alike.

use std::collections::BTreeMap;
use std::fs;

use super::bare;
use super::cells::{Cells, harvest, write, write_all};
use super::correct;
use super::make::{Made, Size, made};
use super::options::Options;
use super::program::{clear, knows, report, run, workbooks};
use super::same::Written;
use super::scripts::{self, Found, SCRIPTS};
use super::times::{Times, timed};

/// Names of what is timed.
pub const FLOOR: &str = "inflating all parts, 1 thread";
pub const ONE: &str = "bare calamine, 1 thread";
pub const TWO: &str = "bare calamine, 2 threads";
pub const WRITE: &str = "bare rust_xlsxwriter, the cells of the consolidated workbook";
pub const COLD: &str = "kaohe assess, cold";
pub const COLD_READ: &str = "… its reading part, cold";
pub const WARM: &str = "kaohe assess, warm, an amount changed in one return";
pub const WARM_READ: &str = "… its reading part, warm";
pub const MORE: &str =
    "kaohe assess, warm, a row more or less in the first return: all below it move";
pub const MORE_READ: &str = "… its reading part, with a row more";
pub const ISSUE: &str = "kaohe issue, 80 units";
pub const ISSUE_BARE: &str = "bare rust_xlsxwriter, the cells of those workbooks, 2 threads";

/// Units for which is issued.
const ISSUED: usize = 80;

/// What came out besides times.
#[derive(Default)]
pub struct Outcome {
    /// What was measured on.
    pub facts: Vec<String>,
    /// What was compared, and whether it was equal.
    pub checks: Vec<String>,
}

/// Runs all parts that are wanted.
pub fn county(options: &Options, times: &mut Times) -> Outcome {
    let mut outcome = Outcome::default();
    let size = Size {
        units: options.units,
        versions: options.versions,
        resaved: 10,
    };
    let made = made(size, options);
    let files = bare::returns(&made.root);
    outcome.facts.push(facts(&made, &files));
    if options.make {
        return outcome;
    }
    let mut cells = None;
    if options.runs("write") || options.runs("assess") {
        eprintln!("a run before any time is taken …");
        clear(&made.root);
        run(options, &["assess"], &made.root);
        let read = harvest(&report(&made.root));
        let (all, formulas) = read.count();
        let bytes = fs::metadata(report(&made.root)).map_or(0, |file| file.len());
        outcome.facts.push(format!(
            "The consolidated workbook: {all} cells, {formulas} of them formulas; {:.1} MB",
            bytes as f64 / 1e6
        ));
        cells = Some(read);
    }
    let issue = options.runs("issue").then(|| issued(options, &mut outcome));
    let mut written = Written::default();
    let mut found: BTreeMap<&str, Found> = BTreeMap::new();
    for round in 0..options.rounds {
        eprintln!("round {} of {}", round + 1, options.rounds);
        if options.runs("floor") {
            times.add(FLOOR, timed(|| bare::inflate(&files)).0);
        }
        if options.runs("calamine") {
            times.add(ONE, timed(|| bare::cells(&files, 1)).0);
            times.add(TWO, timed(|| bare::cells(&files, 2)).0);
        }
        if let Some(cells) = cells.as_ref().filter(|_| options.runs("write")) {
            let path = options.out.join("bare.xlsx");
            times.add(WRITE, timed(|| write(cells, &path)).0);
        }
        if options.runs("assess") {
            assess(options, &made, round, times, &mut written);
        }
        if let Some((other, books)) = &issue {
            clear(&other.root);
            times.add(ISSUE, run(options, &["issue"], &other.root).wall);
            let folder = options.out.join("bare_issue");
            fs::create_dir_all(&folder).expect("a folder");
            times.add(ISSUE_BARE, timed(|| write_all(books, &folder)).0);
        }
        // What the scripts read is compared with the returns as they were.
        fs::write(&made.exchanged, &made.states[0]).expect("the return as it was");
        for (name, file) in SCRIPTS {
            if options.runs("scripts") && round < options.script_rounds {
                let (seconds, what) = scripts::run(options, file, &made.root);
                times.add(name, seconds);
                found.insert(name, what);
            }
        }
    }
    if let Some(cells) = cells.filter(|_| times.count(WRITE) > 0) {
        let again = harvest(&options.out.join("bare.xlsx")).count();
        let what = "what bare rust_xlsxwriter wrote against the consolidated workbook";
        let pairs = [("cells and formulas", again == cells.count())];
        outcome.checks.push(correct::verdict(what, &pairs));
    }
    if options.runs("assess") {
        without_cache(options, &made, &mut written);
        fs::write(&made.exchanged, &made.states[0]).expect("the return as it was");
        outcome.checks.extend(written.check());
    }
    if options.runs("correct") {
        clear(&made.root);
        let ours = correct::program(options, &made.root);
        outcome.checks.push(correct::against(&ours, &made.truth));
        let others = found.values();
        outcome
            .checks
            .extend(others.map(|other| correct::compare(other, &ours)));
    }
    outcome
}

/// A cold run, then warm ones with one return changed: a row more or less in it, and
/// only another amount. Odd rounds begin with what even ones come to, so that both are
/// reached cold and warm.
fn assess(options: &Options, made: &Made, round: usize, times: &mut Times, written: &mut Written) {
    let (cold, more, other) = ((COLD, COLD_READ), (MORE, MORE_READ), (WARM, WARM_READ));
    let runs = match round % 2 {
        0 => [(0, cold), (2, other), (1, more)],
        _ => [(1, cold), (0, more), (2, other)],
    };
    clear(&made.root);
    for (state, names) in runs {
        fs::write(&made.exchanged, &made.states[state]).expect("a return");
        let run = run(options, &["assess"], &made.root);
        times.add(names.0, run.wall);
        if let Some(read) = run.read {
            times.add(names.1, read);
        }
        written.add(state, if names == cold { "cold" } else { "warm" }, made);
    }
}

/// The same without what was kept from earlier runs.
fn without_cache(options: &Options, made: &Made, written: &mut Written) {
    if !knows(options, "assess", "--no-cache") {
        return;
    }
    for state in [0, 1, 2] {
        fs::write(&made.exchanged, &made.states[state]).expect("a return");
        run(options, &["assess", "--no-cache"], &made.root);
        written.add(state, "--no-cache", made);
    }
}

/// The workspace from which is issued, and the cells of what was.
fn issued(options: &Options, outcome: &mut Outcome) -> (Made, Vec<Cells>) {
    let size = Size {
        units: ISSUED,
        versions: 0,
        resaved: 0,
    };
    let made = made(size, options);
    clear(&made.root);
    run(options, &["issue"], &made.root);
    let files = workbooks(&made.root.join("下发"));
    let books: Vec<Cells> = files.iter().map(|path| harvest(path)).collect();
    let count: usize = books.iter().map(|book| book.count().0).sum();
    outcome.facts.push(format!(
        "Issued: {} workbooks, {} cells that hold something in each",
        books.len(),
        count / books.len().max(1)
    ));
    (made, books)
}

/// What the returns are, in a line.
fn facts(made: &Made, files: &[std::path::PathBuf]) -> String {
    let cells = bare::cells(files, 2);
    let count = files.len().max(1);
    format!(
        "{} returns: {} rows, {:.0} in each; {:.1} KB and {} cells that hold something in each",
        files.len(),
        made.truth.rows,
        made.truth.rows as f64 / count as f64,
        bare::bytes(files) as f64 / 1e3 / count as f64,
        cells / count as u64
    )
}
