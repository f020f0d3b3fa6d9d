//! What changed between two runs and why, from their records.

mod causes;
mod changed;
mod findings;
mod replaced;
mod text;

pub use text::{Shown, render};

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;

use crate::assess::{ELIGIBLE, VETOED};
use causes::Causes;

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Findings that were not there before.
    pub new_findings: Vec<String>,
    /// Findings that are there no more.
    pub settled_findings: Vec<String>,
    /// Findings that had been settled and are there again.
    pub returned_findings: Vec<String>,
    /// Matters that came, went, were ruled or opened again.
    pub matters: Vec<Change>,
    /// What moved for units.
    pub units: Vec<Change>,
    /// What moved for members.
    pub members: Vec<Change>,
    /// Totals that moved.
    pub totals: Vec<Change>,
}

/// Something that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whose: name of a unit, member, form or matter.
    pub subject: String,
    /// What, for example 总分.
    pub what: String,
    /// Before; empty if it was not there.
    pub old: String,
    /// Now; empty if it is not there.
    pub new: String,
    /// Why.
    pub causes: Vec<String>,
}

impl Compared {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Compared::default()
    }
}

/// Compares two records. `earlier` are those before the old one.
pub fn compare(old: &Json, new: &Json, earlier: &[Json]) -> Compared {
    let causes = Causes::new(old, new);
    let findings = findings::changes(old, new, earlier);
    Compared {
        new_findings: findings.new,
        settled_findings: findings.settled,
        returned_findings: findings.returned,
        matters: matters(old, new),
        units: units(old, new, &causes),
        members: members(old, new, &causes),
        totals: totals(old, new, &causes),
    }
}

/// What is in a list; nothing where there is none.
fn items(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten()
}

/// Objects by a text of theirs.
type By<'j> = BTreeMap<&'j str, &'j Json>;

/// The objects of a list by a text of theirs.
fn by<'j>(record: &'j Json, list: &str, key: &str) -> By<'j> {
    let rows = items(&record[list]);
    rows.filter_map(|row| Some((row[key].as_str()?, row)))
        .collect()
}

/// An object as it was; without anything where it was not there.
fn was<'j>(before: &By<'j>, key: &str) -> &'j Json {
    before.get(key).copied().unwrap_or(&Json::Null)
}

/// A value as it is shown.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn matters(old: &Json, new: &Json) -> Vec<Change> {
    let word = |matter: &Json| match matter["state"].as_str() {
        Some("open") => "待裁定".to_owned(),
        Some("reopened") => "重新待裁定".to_owned(),
        Some("rule") => "已按规则处理".to_owned(),
        Some("applied") => format!(
            "已裁定“{}”（{}）",
            shown(&matter["ruling"]),
            shown(&matter["decided_by"])
        ),
        _ => String::new(),
    };
    let (before, now) = (by(old, "matters", "id"), by(new, "matters", "id"));
    let mut ids: Vec<&str> = before.keys().chain(now.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .filter_map(|id| {
            let (was, is) = (before.get(id), now.get(id));
            let told = |one: Option<&&Json>| one.map(|matter| word(matter)).unwrap_or_default();
            let (old, new) = (told(was), told(is));
            let matter = is.or(was)?;
            (old != new).then(|| Change {
                subject: id.to_owned(),
                what: shown(&matter["title"]),
                old,
                new,
                causes: Vec::new(),
            })
        })
        .collect()
}

/// The results of a unit, by what they are called.
fn results(unit: &Json) -> Vec<(String, String)> {
    let score = &unit["score"];
    let mut results = vec![
        ("总分".to_owned(), shown(&score["total"])),
        ("名次".to_owned(), shown(&score["rank"])),
        ("结论".to_owned(), shown(&score["conclusion"])),
    ];
    for item in items(&score["items"]) {
        let name = shown(&item["name"]);
        results.push((format!("{name}得分"), shown(&item["points"])));
        for operand in items(&item["operands"]) {
            results.push((shown(&operand["name"]), shown(&operand["value"])));
        }
    }
    for veto in items(&unit["vetoes"]) {
        let name = format!("一票否决“{}”", shown(&veto["rule"]));
        results.push((name, shown(&veto["result"])));
    }
    for award in items(&unit["awards"]) {
        let name = shown(&award["award"]);
        results.push((format!("“{name}”的资金物资"), shown(&award["amount"])));
        results.push((format!("评优“{name}”"), shown(&award["result"])));
    }
    results
}

fn units(old: &Json, new: &Json, causes: &Causes<'_>) -> Vec<Change> {
    let before = by(old, "units", "code");
    let mut changes = Vec::new();
    for unit in items(&new["units"]) {
        let Some(code) = unit["code"].as_str() else {
            continue;
        };
        let was: BTreeMap<String, String> = results(was(&before, code)).into_iter().collect();
        let mut seen = BTreeSet::new();
        for (what, now) in results(unit) {
            let old = was.get(&what).cloned().unwrap_or_default();
            if old == now || !seen.insert(what.clone()) {
                continue;
            }
            changes.push(Change {
                subject: shown(&unit["name"]),
                causes: causes.of_unit(code, what == "名次"),
                what,
                old,
                new: now,
            });
        }
    }
    changes
}

/// What was judged of persons, by award and code.
fn persons(record: &Json) -> BTreeMap<String, &Json> {
    let key = |row: &Json| format!("{}/{}", shown(&row["award"]), shown(&row["code"]));
    let rows = items(&record["awards"]["persons"]);
    rows.map(|row| (key(row), row)).collect()
}

fn members(old: &Json, new: &Json, causes: &Causes<'_>) -> Vec<Change> {
    let before = by(old, "members", "code");
    let mut changes: Vec<Change> = items(&new["members"])
        .filter_map(|member| {
            let code = member["code"].as_str()?;
            let unit = member["unit"].as_str()?;
            let old = shown(&was(&before, code)["veto"]);
            let new = shown(&member["veto"]);
            (old != new).then(|| Change {
                subject: format!(
                    "{}（{}）",
                    shown(&member["name"]),
                    shown(&member["unit_name"])
                ),
                what: "一票否决".to_owned(),
                causes: causes.of_member(code, unit),
                old,
                new,
            })
        })
        .collect();
    let before = persons(old);
    let units = by(new, "units", "name");
    for (id, row) in persons(new) {
        let old = before.get(&id).map(|row| shown(&row["result"]));
        let old = old.unwrap_or_default();
        let now = shown(&row["result"]);
        let unit = was(&units, &shown(&row["unit_name"]));
        if old != now {
            changes.push(Change {
                subject: format!("{}（{}）", shown(&row["name"]), shown(&row["unit_name"])),
                what: format!("评优“{}”", shown(&row["award"])),
                causes: causes.of_member(&shown(&row["code"]), &shown(&unit["code"])),
                old,
                new: now,
            });
        }
    }
    changes
}

/// Rows of a record.
type Rows = fn(&Json) -> &Json;
/// Whether a row is to be counted.
type Is = fn(&Json) -> bool;

fn totals(old: &Json, new: &Json, causes: &Causes<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut tell = |subject: &str, what: &str, old: String, new: String, why: Vec<String>| {
        if old != new {
            changes.push(Change {
                subject: subject.to_owned(),
                what: what.to_owned(),
                old,
                new,
                causes: why,
            });
        }
    };
    let units: Rows = |record| &record["units"];
    let vetoes: Rows = |record| &record["vetoes"]["units"];
    let awards: Rows = |record| &record["awards"]["units"];
    let counted: [(&str, Rows, Is); 3] = [
        ("已报送的单位", units, |unit| unit["returned"] == true),
        ("一票否决的单位", vetoes, |row| {
            row["result"] == VETOED
        }),
        ("符合评优标准的单位", awards, |row| {
            row["result"] == ELIGIBLE
        }),
    ];
    for (what, rows, is) in counted {
        // Each unit once, however many rules there are for it.
        let count = |record| {
            let rows = items(rows(record)).filter(|row| is(row));
            let codes: BTreeSet<String> = rows.map(|row| shown(&row["code"])).collect();
            codes.len().to_string()
        };
        tell("全县", what, count(old), count(new), causes.all());
    }
    let before = by(old, "money", "form");
    for (form, line) in by(new, "money", "form") {
        for (key, word) in [
            ("read", "读到的金额"),
            ("counted", "计入的金额"),
            ("ruled", "裁定改数的金额"),
            ("duplicate", "重复的金额"),
            ("superseded", "被替代的金额"),
            ("set_aside", "不予计入的金额"),
            ("rejected", "剔除的金额"),
        ] {
            let old = shown(&was(&before, form)[key]);
            let subject = shown(&line["sheet"]);
            tell(&subject, word, old, shown(&line[key]), causes.of_form(form));
        }
    }
    changes
}
