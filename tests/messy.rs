//! Returns as people really send them: each committed file of `tests/messy`
//! against the expectation beside it, which was written from what the clerk
//! did and not from what the program says. All disagreements at once, and a
//! table of the files at the end (`--nocapture` shows it).

mod count;
mod expected;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use expected::{Expected, Reading};
use jiff::civil::date;
use kaohe::diagnostic::Finding;
use kaohe::flow::{Scope, read_files};
use kaohe::intake::{Here, ReturnedFile, State, Submission, gather};
use kaohe::policy::{PackSource, Policy, load};
use kaohe::reconcile::Reconciled;
use kaohe::roster::{Roster, read_roster, roster_workbook};
use kaohe::sheet::write;

pub(crate) const TODAY: jiff::civil::Date = date(2018, 11, 1);

pub(crate) struct World {
    pub(crate) policy: Policy,
    pub(crate) roster: Roster,
}

fn world() -> World {
    let policy = load(&PackSource::builtin()).expect("the built-in pack loads");
    let bytes = write(&roster_workbook(&policy, TODAY)).expect("roster is written");
    let roster =
        read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").expect("roster is read");
    World {
        policy,
        roster: roster.value,
    }
}

/// A committed file, read by the program under the name by which it came back.
struct Case {
    stem: String,
    expected: Expected,
    files: Vec<ReturnedFile>,
    read: Reconciled,
    findings: Vec<Finding>,
}

impl Case {
    /// The submission of a file, if it was read.
    fn submission(&self, file: usize) -> Option<&Submission> {
        match &self.read.ledger().files[file].state {
            State::Read(submission) => Some(submission),
            State::Outlined(_)
            | State::SetAside { .. }
            | State::Late { .. }
            | State::Unreadable(_) => None,
        }
    }

    fn findings_of(&self, name: &str) -> Vec<&Finding> {
        let of_file = |f: &&Finding| f.place.file.as_deref() == Some(name);
        self.findings.iter().filter(of_file).collect()
    }
}

/// All cases, read once.
fn read_all() -> &'static (World, Vec<Case>) {
    static ALL: OnceLock<(World, Vec<Case>)> = OnceLock::new();
    ALL.get_or_init(|| {
        let world = world();
        let cases = cases(&world);
        (world, cases)
    })
}

fn cases(world: &World) -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/messy");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("tests/messy")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| case(path, world)).collect()
}

fn case(path: &Path, world: &World) -> Case {
    let stem = path.file_stem().expect("stem").to_string_lossy();
    let text = std::fs::read_to_string(path).expect("expectation");
    let expected: Expected =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{stem}: {error}"));
    let beside = |entry: &PathBuf| {
        entry.file_stem() == path.file_stem() && entry.extension() != path.extension()
    };
    let mut files = std::fs::read_dir(path.parent().expect("folder")).expect("folder");
    let file = files
        .find_map(|entry| Some(entry.ok()?.path()).filter(beside))
        .unwrap_or_else(|| panic!("{stem}: no file"));
    let folder = tempfile::tempdir().expect("folder");
    std::fs::copy(&file, folder.path().join(&expected.file_name)).expect("copy");
    let (files, skipped) = gather(folder.path()).expect("gathered");
    assert_eq!(skipped, 0, "{stem}");
    // Looked at again when the folder is gone.
    let files: Vec<ReturnedFile> = files
        .into_iter()
        .map(|file| match file.read() {
            Ok(bytes) => ReturnedFile::new(file.name, bytes),
            Err(_) => file,
        })
        .collect();
    let read = read_files(
        &files,
        &world.policy,
        &world.roster,
        &kaohe::ruling::Rulings::default(),
        Scope::Files,
        &Here,
    );
    Case {
        stem: stem.into_owned(),
        expected,
        files,
        read: read.value,
        findings: read.findings,
    }
}

/// Where else a code stands, for whoever looks into a disagreement.
fn elsewhere(findings: &[&Finding], code: &str) -> String {
    let of_code = findings.iter().filter(|f| f.code.code() == code);
    let places: Vec<String> = of_code
        .map(|f| format!("\n    {} {}", f.place, f.message))
        .collect();
    format!("none there{}", places.concat())
}

/// What the program makes of a file against what was expected.
fn compare(case: &Case, name: &str, reading: &Reading, wrong: &mut Vec<String>) {
    let mut differs = |what: &str, expected: String, got: String| {
        if expected != got {
            let stem = &case.stem;
            wrong.push(format!("{stem}: {what}: expected {expected}, got {got}"));
        }
    };
    let Some(file) = case.files.iter().position(|file| file.name == name) else {
        let names: Vec<&str> = case.files.iter().map(|f| f.name.as_str()).collect();
        differs("file", name.to_owned(), names.join(" | "));
        return;
    };
    let findings = case.findings_of(name);
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &findings {
        *codes.entry(finding.code.code().to_owned()).or_default() += 1;
    }
    if codes != reading.codes {
        let said: Vec<String> = findings
            .iter()
            .filter(|f| codes.get(f.code.code()) != reading.codes.get(f.code.code()))
            .map(|f| format!("\n    {} {} {}", f.code, f.place, f.message))
            .collect();
        let got = format!("{codes:?}{}", said.concat());
        differs("codes", format!("{:?}", reading.codes), got);
    }
    let outcome = case.read.outcomes()[file].0.key();
    differs("outcome", reading.outcome.clone(), outcome.to_owned());
    for at in &reading.finding {
        let same = |f: &&&Finding| {
            f.code.code() == at.code
                && f.place.sheet.as_deref() == Some(&at.sheet)
                && f.place.cell.is_some_and(|cell| cell.name() == at.cell)
        };
        let found = findings.iter().find(same);
        differs(
            "finding",
            format!("{} {}!{}", at.code, at.sheet, at.cell),
            match found {
                Some(_) => format!("{} {}!{}", at.code, at.sheet, at.cell),
                None => elsewhere(&findings, &at.code),
            },
        );
        if let (Some(found), Some(typed)) = (found, &at.typed) {
            let quoted = found.typed.clone().unwrap_or_default();
            differs("typed", typed.clone(), quoted);
        }
    }
    let Some(submission) = case.submission(file) else {
        return;
    };
    if let Some(unit) = &reading.unit {
        differs("unit", unit.clone(), submission.unit.clone());
    }
    let entries: Vec<_> = submission
        .entries
        .iter()
        .filter(|entry| entry.form != "cover")
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &entries {
        *counts.entry(entry.form.to_string()).or_default() += 1;
    }
    let expected = format!("{:?}", reading.entries);
    differs("entries", expected, format!("{counts:?}"));
    let rejected = entries.iter().filter(|e| e.row.rejected.is_some()).count();
    differs(
        "rejected",
        reading.rejected.to_string(),
        rejected.to_string(),
    );
    for (form, row, fields) in reading.values() {
        let mut of_form = submission.entries.iter().filter(|e| e.form == form);
        let Some(entry) = of_form.nth(row - 1) else {
            differs("entry", format!("{form} {row}"), "none".to_owned());
            continue;
        };
        for (field, value) in fields {
            let got = entry.row.values.get(field).map(ToString::to_string);
            let what = format!("{form} {row} {field}");
            differs(&what, value.to_owned(), got.unwrap_or_default());
        }
    }
}

#[test]
fn every_messy_return_is_read_or_explained() {
    let (_, cases) = read_all();
    let mut wrong = Vec::new();
    for case in cases {
        let readings = case.expected.readings();
        if case.files.len() != readings.len() {
            wrong.push(format!("{}: {} files read", case.stem, case.files.len()));
        }
        for (name, reading) in readings {
            compare(case, name, reading, &mut wrong);
        }
    }
    let table: Vec<String> = cases
        .iter()
        .map(|case| count::line(case, &case.expected.program))
        .collect();
    println!("{}", table.join("\n"));
    let (all, files) = (wrong.len(), cases.len());
    assert!(
        wrong.is_empty(),
        "{all} in {files} files:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_cell_of_every_return_is_accounted_for() {
    let (world, cases) = read_all();
    let mut wrong = Vec::new();
    for case in cases {
        for index in 0..case.files.len() {
            count::check(case, index, world, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_set_is_what_it_says() {
    let (_, cases) = read_all();
    assert!(cases.len() >= 64, "{} files", cases.len());
    let mut programs: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        let count = programs.entry(case.expected.program.as_str()).or_default();
        *count += 1;
    }
    for program in [
        "openpyxl",
        "LibreOffice",
        "xlsxwriter",
        "xlwt",
        "exceljs",
        "SheetJS",
    ] {
        let count = programs.get(program).copied().unwrap_or(0);
        assert!(count >= 4, "{program}: {count}");
    }
    for case in cases {
        for (_, reading) in case.expected.readings() {
            let codes: Vec<&str> = reading.codes.keys().map(String::as_str).collect();
            if case.stem.contains("-correct-") {
                assert!(codes.is_empty(), "{}", case.stem);
            } else if case.stem.contains("-untouched-") {
                assert_eq!(codes, ["IN-225"], "{}", case.stem);
            }
        }
    }
}
