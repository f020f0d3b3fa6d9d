//! Every form from the issued template through filling and LibreOffice back
//! into values: nothing lost, nothing added, nothing altered. The workbooks
//! and what was typed into them are made by `tests/roundtrip/fill.py`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use kaohe::diagnostic::Severity;
use kaohe::intake::{Here, Intake, ReturnedFile, State, Submission};
use kaohe::policy::{Field, Kind, PackSource, Policy, Prefill, Shape, load};
use kaohe::roster::{Roster, read_roster, roster_workbook};
use kaohe::sheet::write;
use kaohe::value::Value;
use rust_decimal::Decimal;

const UNITS: [&str; 5] = ["T103", "G01", "B01", "C01", "A01"];

/// Form, row on the sheet from 1 (1 for a card), field.
type Key = (String, u32, String);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roundtrip")
}

fn pack() -> (Policy, Roster) {
    let policy = load(&PackSource::builtin()).expect("the built-in pack loads");
    let bytes = write(&roster_workbook(&policy, date(2018, 11, 1))).unwrap();
    let roster = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx")
        .unwrap()
        .value;
    (policy, roster)
}

/// What was typed.
fn typed(unit: &str) -> BTreeMap<Key, String> {
    let text = fs::read_to_string(folder().join(format!("{unit}.tsv"))).unwrap();
    let mut values = BTreeMap::new();
    for line in text.lines().skip(1) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [form, row, field, value] = parts[..] else {
            panic!("{unit}: {line:?}");
        };
        let key = (form.to_owned(), row.parse().unwrap(), field.to_owned());
        assert!(values.insert(key, unescaped(value)).is_none(), "{line}");
    }
    values
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                other => other.expect("something is escaped"),
            },
            plain => plain,
        });
    }
    plain
}

/// A typed value as it must be read.
fn meant(field: &Field, text: &str) -> Value {
    match field.kind {
        Kind::Money | Kind::Percent | Kind::Number | Kind::Integer => {
            Value::Number(text.parse::<Decimal>().unwrap())
        }
        Kind::Date => Value::Date(text.parse().unwrap()),
        _ => Value::Text(text.into()),
    }
}

fn returned(unit: &str, policy: &Policy, roster: &Roster) -> Submission {
    let name = format!("{unit}.xlsx");
    let bytes = fs::read(folder().join(&name)).unwrap();
    let file = ReturnedFile::new(name, bytes);
    let files = [file];
    let read = Intake::new(&files, policy, roster, &Here).read();
    let grave: Vec<_> = read
        .findings
        .iter()
        .filter(|f| f.severity() <= Severity::Warning)
        .collect();
    assert!(grave.is_empty(), "{unit}: {grave:#?}");
    match read.value.into_iter().next().unwrap().state {
        State::Read(submission) => *submission,
        other => panic!("{unit}: {other:?}"),
    }
}

fn read(submission: &Submission, policy: &Policy) -> BTreeMap<Key, Value> {
    let mut values = BTreeMap::new();
    for entry in &submission.entries {
        assert_eq!(entry.row.rejected, None);
        let card = policy.forms[entry.form.as_str()].shape == Shape::Card;
        let row = if card { 1 } else { entry.row.raw.row + 1 };
        for (field, value) in entry.row.values.iter() {
            let key = (entry.form.to_string(), row, field.to_owned());
            assert!(values.insert(key, value.clone()).is_none());
        }
    }
    values
}

#[test]
fn every_value_comes_back_and_no_other() {
    let (policy, roster) = pack();
    for unit in UNITS {
        let typed = typed(unit);
        let submission = returned(unit, &policy, &roster);
        assert_eq!(submission.unit, unit);
        let mut read = read(&submission, &policy);
        let mut wrong = Vec::new();
        for (key, text) in &typed {
            let meant = meant(&policy.forms[&key.0].fields[&key.2], text);
            match read.remove(key) {
                Some(value) if value == meant => {}
                other => wrong.push(format!("{key:?}: {meant:?} became {other:?}")),
            }
        }
        wrong.extend(read.iter().map(|left| format!("not typed: {left:?}")));
        assert!(wrong.is_empty(), "{unit}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn every_form_field_and_choice_is_covered() {
    let (policy, roster) = pack();
    let mut covered: BTreeSet<(String, String)> = BTreeSet::new();
    let mut chosen: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for unit in UNITS {
        let typed = typed(unit);
        let kind = &roster.unit(unit).unwrap().kind;
        kinds.insert(kind.clone());
        for form in policy
            .intake_forms()
            .filter(|form| form.kinds.contains(kind))
        {
            let reports = roster.villages().any(|village| village.reporter == unit);
            if form.id == "goals" && !reports {
                continue;
            }
            let mut rows: BTreeMap<u32, usize> = BTreeMap::new();
            for ((_, row, field), text) in typed.iter().filter(|((of, ..), _)| *of == form.id) {
                *rows.entry(*row).or_default() += 1;
                let key = (form.id.clone(), field.clone());
                chosen.entry(key.clone()).or_default().insert(text.clone());
                covered.insert(key);
            }
            let least = match form.prefill {
                Prefill::Unit | Prefill::Villages => 1,
                Prefill::Members => 4,
                Prefill::Blank => 10,
            };
            assert!(
                rows.len() >= least,
                "{unit} {}: {} rows",
                form.id,
                rows.len()
            );
            for (row, values) in rows {
                assert_eq!(values, form.fields.len(), "{unit} {} row {row}", form.id);
            }
        }
    }
    let all_kinds: BTreeSet<_> = policy.unit_kinds.keys().cloned().collect();
    assert_eq!(kinds, all_kinds, "a unit of each kind");
    let all: BTreeSet<_> = policy
        .intake_forms()
        .flat_map(|form| form.fields.keys().map(|id| (form.id.clone(), id.clone())))
        .collect();
    assert_eq!(covered, all, "all fields of all forms");
    // The values on which programs stumble were among them.
    for extreme in [
        "0.01",
        "123456.78",
        "99999999.99",
        "0.985",
        "0",
        "1",
        "13807371234",
    ] {
        assert!(
            chosen.values().any(|texts| texts.contains(extreme)),
            "{extreme}"
        );
    }
    for sign in [
        "=", "+", "-", "@", "00", "\"", "“", "\n", "\t", "𠮷", "&", "  ",
    ] {
        assert!(
            chosen.values().flatten().any(|text| text.contains(sign)),
            "{sign:?}"
        );
    }
    for form in policy.intake_forms() {
        for field in form.fields.values() {
            let chosen = &chosen[&(form.id.clone(), field.id.clone())];
            let items: Vec<&str> = match &field.kind {
                Kind::Choice(id) => policy.choices[id]
                    .items
                    .iter()
                    .map(String::as_str)
                    .collect(),
                Kind::YesNo => vec!["是", "否"],
                _ => Vec::new(),
            };
            for item in items {
                assert!(chosen.contains(item), "{} {}: {item}", form.id, field.id);
            }
        }
    }
}
