//! The loader of the policy pack: the built-in pack is right, and each way to
//! break it is found, with its code, at its line, beside all the others.

mod forms;
mod names;
mod rules;
mod values;
mod written;

use kaohe::policy::{self, Credit, Kind, Measure, Method, PackSource, Policy, Problem, RosterPart};

const PLAN: &str = "plan.toml";
const METRICS: &str = "metrics.toml";
const RECONCILE: &str = "reconcile.toml";
const ROSTER: &str = "roster.toml";
const SCORES: &str = "rules/scores.toml";
const DECISIONS: &str = "rules/decisions.toml";
const FUND_TABLES: &str = "rules/funds.toml";
const GOALS: &str = "rules/goals.toml";
const FUNDS: &str = "forms/funds.toml";
const COVER: &str = "forms/cover.toml";

/// A replacement in one file: the first text, which must be there, by the
/// second.
type Edit<'t> = (&'t str, &'t str, &'t str);

/// What is expected: code, file, and a text whose first line is meant.
type Expected<'t> = (&'t str, &'t str, &'t str);

/// Edits and all that is expected of them.
type Case<'t> = (&'t [Edit<'t>], &'t [Expected<'t>]);

fn built_in() -> Vec<(String, String)> {
    PackSource::builtin()
        .files()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn edited(edits: &[Edit<'_>]) -> PackSource {
    let mut files = built_in();
    for (path, old, new) in edits {
        let (_, text) = files.iter_mut().find(|(p, _)| p == path).unwrap();
        assert!(text.contains(old), "{path} has no {old:?}");
        *text = text.replacen(old, new, 1);
    }
    PackSource::from_files(files)
}

fn problems(source: &PackSource) -> Vec<Problem> {
    policy::load(source).err().unwrap_or_default()
}

/// Codes, files and lines as found.
fn found(problems: &[Problem]) -> Vec<(String, String, usize)> {
    problems
        .iter()
        .map(|problem| {
            let place = &problem.finding.place;
            (
                problem.finding.code.code().to_owned(),
                place.file.clone().unwrap(),
                place.line.unwrap_or(0),
            )
        })
        .collect()
}

/// The line on which a text of several lines begins, from 1; its first
/// occurrence.
fn line(source: &PackSource, path: &str, needle: &str) -> usize {
    let text = source.text(path).unwrap();
    let at = text
        .find(needle)
        .unwrap_or_else(|| panic!("{path} has no {needle:?}"));
    text[..at].split('\n').count()
}

fn check(edits: &[Edit<'_>], expected: &[Expected<'_>]) {
    let source = edited(edits);
    let problems = problems(&source);
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(code, path, needle)| {
            let line = if needle.is_empty() {
                0
            } else {
                line(&source, path, needle)
            };
            ((*code).to_owned(), (*path).to_owned(), line)
        })
        .collect();
    expected.sort_by(|a, b| (&a.1, a.2, &a.0).cmp(&(&b.1, b.2, &b.0)));
    let mut got = found(&problems);
    got.sort_by(|a, b| (&a.1, a.2, &a.0).cmp(&(&b.1, b.2, &b.0)));
    assert_eq!(
        got,
        expected,
        "after {edits:?}:\n{}",
        policy::render(&problems, &source, false)
    );
}

fn loaded(edits: &[Edit<'_>]) -> Policy {
    let source = edited(edits);
    policy::load(&source).unwrap_or_else(|problems| {
        panic!("{}", policy::render(&problems, &source, false));
    })
}

#[test]
fn the_built_in_pack_is_right() {
    let policy = loaded(&[]);
    assert_eq!(policy.pack.year, 2018);
    assert_eq!(policy.clauses.len(), 27);
    let order: Vec<u32> = policy.intake_forms().map(|form| form.order).collect();
    assert!(order.is_sorted());
    assert_eq!(policy.forms.len(), 14);
    assert_eq!(policy.cover().unwrap().id, "cover");
    for part in [RosterPart::Units, RosterPart::Members, RosterPart::Villages] {
        assert!(policy.roster_form(part).is_some());
    }
    assert_eq!(policy.forms["funds"].credit, Credit::Donor("donor".into()));
    assert_eq!(policy.forms["received"].credit, Credit::Reporter);
    assert_eq!(policy.forms["funds"].fields["amount"].measure, "元");
    assert_eq!(
        policy.forms["funds"].fields["way"].kind,
        Kind::Choice("way".into())
    );
    assert_eq!(policy.scores.len(), 13);
    let rows = &policy.roster_rows["roster_units"];
    assert_eq!(rows.len(), 37);
    assert_eq!(rows[0]["code"], "T101");
    // The metrics stand in the order of the file.
    assert_eq!(policy.metrics.first().unwrap().0, "bases");
    assert_eq!(policy.metrics.last().unwrap().0, "enterprise_investment");
    assert!(matches!(
        policy.metrics["members"].measure,
        Measure::Members(None)
    ));
}

#[test]
fn numbers_are_exact() {
    let policy = loaded(&[
        (
            SCORES,
            "points = 8\nlinear = { full_at = 2 }",
            "points = 8.10\nlinear = { full_at = 0.1 }",
        ),
        (
            SCORES,
            "points = 5\nlinear = { full_at = 50000 }",
            "points = \"4.9\"\nlinear = { full_at = 50_000 }",
        ),
    ]);
    assert_eq!(policy.scores[0].points.to_string(), "8.1");
    assert_eq!(policy.scores[2].points.to_string(), "4.9");
    let Method::Linear { full_at } = &policy.scores[0].method else {
        panic!("linear");
    };
    assert_eq!(full_at.to_string(), "0.1");
    let Method::Linear { full_at } = &policy.scores[2].method else {
        panic!("linear");
    };
    assert_eq!(full_at.to_string(), "50000");
}

#[test]
fn each_mistake_is_found_at_its_line() {
    for (edits, expected) in [
        forms::CASES,
        names::CASES,
        rules::CASES,
        values::CASES,
        written::CASES,
    ]
    .concat()
    {
        check(edits, expected);
    }
}

#[test]
fn texts_may_be_as_long_as_excel_lets_them() {
    let header = |length| format!("header = \"{}\"", "长".repeat(length));
    // Each character outside the basic plane is two for Excel.
    let sheet = |length| format!("sheet = \"{}字\"", "𠮷".repeat(length));
    // The example has five characters more.
    let help = |length| format!("help = \"{}\"", "说".repeat(length));
    for (old, fits, is_long) in [
        ("header = \"用途\"", header(255), header(256)),
        ("sheet = \"资金物资\"", sheet(15), sheet(16)),
        ("help = \"用来做什么。\"", help(250), help(251)),
    ] {
        loaded(&[(FUNDS, old, &fits)]);
        check(&[(FUNDS, old, &is_long)], &[("PO-110", FUNDS, &is_long)]);
    }
}

#[test]
fn the_category_of_cppcc_members_must_stay() {
    let source = edited(&[(
        PLAN,
        "items = [\"政协委员\", \"工作队员\", \"经促会员\", \"商会会员\"]",
        "items = [\"委员\", \"工作队员\", \"经促会员\", \"商会会员\"]",
    )]);
    let found = found(&problems(&source));
    let at = |path: &str, needle| (path.to_owned(), line(&source, path, needle));
    for (code, (path, line)) in [
        ("PO-112", at(PLAN, "items = [\"委员\", \"工作队员\"")),
        ("PO-104", at(DECISIONS, "category = \"政协委员\"")),
        ("PO-112", at(ROSTER, "category = \"政协委员\"")),
    ] {
        assert!(
            found.contains(&(code.to_owned(), path, line)),
            "{code} {found:?}"
        );
    }
}

#[test]
fn all_mistakes_of_a_file_come_at_once() {
    let source = edited(&[
        (SCORES, "full_at = 2", "full_at = 0"),
        (SCORES, "metric = \"funds\"", "metric = \"fund\""),
        (SCORES, "clause = \"7.2\"", "clause = \"7.5\""),
        // Two in one item.
        (
            SCORES,
            "points = 6\nlinear = { full_at = 50000 }",
            "points = \"six\"\nlinear = { full = 50000 }",
        ),
        (SCORES, "basis = \"office-default\"", "basis = \"office\""),
        (SCORES, "name = \"调研视察\"", "name = 3"),
    ]);
    let codes: Vec<(String, usize)> = found(&problems(&source))
        .into_iter()
        .map(|(code, _, line)| (code, line))
        .collect();
    let line = |needle| line(&source, SCORES, needle);
    assert_eq!(
        codes,
        [
            ("PO-103".to_owned(), line("basis = \"office\"")),
            ("PO-104".to_owned(), line("metric = \"fund\"")),
            ("PO-105".to_owned(), line("clause = \"7.5\"")),
            ("PO-103".to_owned(), line("name = 3")),
            ("PO-112".to_owned(), line("points = \"six\"")),
            ("PO-103".to_owned(), line("linear = { full = ")),
        ]
    );
}

#[test]
fn a_file_that_cannot_be_parsed_hides_no_other() {
    check(
        &[
            (
                METRICS,
                "ratio = [\"members_in_three_ones\", \"members\"]",
                "ratio = [\"members_in_three_ones\", ",
            ),
            (SCORES, "full_at = 2", "full_at = 0"),
            (PLAN, "round = 1", "round = 0"),
            (GOALS, "is = \"是\"", "is = \"有\""),
        ],
        &[
            ("PO-102", METRICS, "ratio = [\"members_in_three_ones\", \n"),
            ("PO-112", SCORES, "full_at = 0"),
            ("PO-112", PLAN, "round = 0"),
            ("PO-112", GOALS, "is = \"有\""),
        ],
    );
}

#[test]
fn a_missing_or_foreign_file_is_named() {
    let files = built_in()
        .into_iter()
        .filter(|(path, _)| path != METRICS)
        .chain([("metric.toml".to_owned(), String::new())]);
    let source = PackSource::from_files(files);
    assert_eq!(
        found(&problems(&source)),
        [
            ("PO-114".to_owned(), "metric.toml".to_owned(), 0),
            ("PO-101".to_owned(), METRICS.to_owned(), 0),
        ]
    );
}

#[test]
fn an_editor_changes_neither_hash_nor_lines() {
    let windows = built_in()
        .into_iter()
        .map(|(path, text)| (path, format!("\u{feff}{}", text.replace('\n', "\r\n"))));
    let source = PackSource::from_files(windows);
    assert_eq!(source.hash(), PackSource::builtin().hash());
    assert!(policy::load(&source).is_ok());

    let changed = edited(&[(PLAN, "round = 1", "round = 2")]);
    assert_ne!(changed.hash(), PackSource::builtin().hash());
    assert_eq!(loaded(&[]).hash, PackSource::builtin().hash());
}

#[test]
fn a_folder_gives_back_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("policy");
    PackSource::builtin().write_to(&pack).unwrap();
    std::fs::write(pack.join("说明.txt"), "not of the pack").unwrap();
    let source = PackSource::from_dir(&pack).unwrap();
    assert!(source.files().eq(PackSource::builtin().files()));
    assert_eq!(source.hash(), PackSource::builtin().hash());

    // Not UTF-8, and a mistake elsewhere: both come out.
    std::fs::write(pack.join(METRICS), [0xb0, 0xb2, 0xbb, 0xaf]).unwrap();
    let plan = std::fs::read_to_string(pack.join(PLAN)).unwrap();
    std::fs::write(pack.join(PLAN), plan.replace("round = 1", "round = 0")).unwrap();
    let source = PackSource::from_dir(&pack).unwrap();
    let codes: Vec<String> = found(&problems(&source)).into_iter().map(|f| f.0).collect();
    assert_eq!(codes, ["PO-101", "PO-112"]);

    let missing = PackSource::from_dir(&folder.path().join("none")).unwrap_err();
    assert_eq!(found(&missing)[0].0, "PO-101");
}

#[test]
fn a_problem_is_shown_below_its_line() {
    let source = edited(&[(SCORES, "metric = \"funds\"", "metric = \"fund\"")]);
    let problems = problems(&source);
    let shown = policy::render(&problems, &source, false);
    let line = line(&source, SCORES, "metric = \"fund\"");
    assert!(shown.contains("错误[PO-104]"), "{shown}");
    assert!(shown.contains(&format!("{SCORES}:{line}:10")), "{shown}");
    assert!(
        shown.contains("^^^^^^ 没有“fund”这个指标，是不是“funds”？"),
        "{shown}"
    );
    assert!(shown.contains("改法"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
    assert!(policy::render(&problems, &source, true).contains('\u{1b}'));
}

#[test]
fn no_damage_brings_the_loader_down() {
    for (path, text) in built_in().iter().filter(|(path, _)| path != ROSTER) {
        let lines: Vec<&str> = text.split('\n').collect();
        for gone in (0..lines.len()).step_by(7) {
            let kept: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter_map(|(line, text)| (line != gone).then_some(*text))
                .collect();
            let files = built_in().into_iter().map(|(other, text)| {
                let text = if other == *path {
                    kept.join("\n")
                } else {
                    text
                };
                (other, text)
            });
            let source = PackSource::from_files(files.filter(|(path, _)| path != ROSTER));
            // The roster is left out for speed, so there is always a problem.
            let shown = policy::render(&problems(&source), &source, false);
            assert!(shown.contains("PO-101"));
        }
    }
}
