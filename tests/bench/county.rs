//! The county of 500 returns: everything on it, in alternating rounds, so that
//! a busy minute of the machine falls on all of them alike.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::bare;
use super::cells::{Cells, harvest, write, write_all};
use super::correct;
use super::make::{Made, Size, made};
use super::options::Options;
use super::program::{clear, report, report_hash, run, workbooks};
use super::scripts::{self, Found, SCRIPTS};
use super::times::{Times, timed};

/// Names of what is timed.
pub const FLOOR: &str = "inflating all parts, 1 thread";
pub const ONE: &str = "bare calamine, 1 thread";
pub const TWO: &str = "bare calamine, 2 threads";
pub const WRITE: &str = "bare rust_xlsxwriter, the cells of the consolidated workbook";
pub const ASSESS: &str = "kaohe assess";
pub const ASSESS_READ: &str = "… its reading part";
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
    let mut written = BTreeSet::new();
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
            clear(&made.root);
            let run = run(options, &["assess"], &made.root);
            times.add(ASSESS, run.wall);
            if let Some(read) = run.read {
                times.add(ASSESS_READ, read);
            }
            written.insert(report_hash(&made.root));
        }
        if let Some((other, books)) = &issue {
            clear(&other.root);
            times.add(ISSUE, run(options, &["issue"], &other.root).wall);
            let folder = options.out.join("bare_issue");
            fs::create_dir_all(&folder).expect("a folder");
            times.add(ISSUE_BARE, timed(|| write_all(books, &folder)).0);
        }
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
        let what = format!("the workbooks of {} runs", options.rounds);
        let pairs = [("byte for byte", written.len() == 1)];
        outcome.checks.push(correct::verdict(&what, &pairs));
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
