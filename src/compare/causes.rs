//! Why something moved: a return, a ruling, a change of the plan or of the
//! roster. Told from what the two records hold, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::changed::Changed;
use super::replaced::replaced;
use super::{by, items, shown, was};

/// What may have moved something.
pub(super) struct Causes<'j> {
    new: &'j Json,
    changed: Vec<Changed>,
    /// Changes of the plan and the roster, which may touch anything.
    general: Vec<String>,
    /// Causes from rulings by code of the unit or person.
    decided: BTreeMap<String, BTreeSet<String>>,
    /// Units that returned, or do no more.
    returned: BTreeMap<String, String>,
}

impl<'j> Causes<'j> {
    pub fn new(old: &'j Json, new: &'j Json) -> Self {
        Causes {
            new,
            changed: changed(old, new),
            general: general(old, new),
            decided: decided(old, new),
            returned: returned(old, new),
        }
    }

    /// Why something of a unit moved. A rank may move because of others.
    pub fn of_unit(&self, code: &str, is_rank: bool) -> Vec<String> {
        let mut causes = self.of(|changed| changed.units.iter().any(|unit| unit == code));
        causes.extend(self.returned.get(code).cloned());
        causes.extend(self.decided_for(code));
        // What was ruled for its members may move its results, too.
        for member in items(&self.new["members"]).filter(|member| member["unit"] == code) {
            causes.extend(self.decided_for(&shown(&member["code"])));
        }
        if causes.is_empty() && is_rank {
            causes.insert("因其他单位变化".to_owned());
        }
        named(causes)
    }

    /// Why something of a member moved.
    pub fn of_member(&self, code: &str, unit: &str) -> Vec<String> {
        let mut causes = self.of(|changed| changed.member == code);
        causes.extend(self.returned.get(unit).cloned());
        causes.extend(self.decided_for(code));
        named(causes)
    }

    /// Why a total of a form moved.
    pub fn of_form(&self, form: &str) -> Vec<String> {
        named(self.of(|changed| changed.form == form))
    }

    /// All causes there are.
    pub fn all(&self) -> Vec<String> {
        let mut causes = self.of(|_| true);
        causes.extend(self.returned.values().cloned());
        causes.extend(self.decided.values().flatten().cloned());
        named(causes)
    }

    /// The causes of some changes, and those that may touch anything.
    fn of(&self, is_own: impl Fn(&Changed) -> bool) -> BTreeSet<String> {
        let own = self.changed.iter().filter(|changed| is_own(changed));
        let causes = own.map(|changed| &changed.cause);
        causes.chain(&self.general).cloned().collect()
    }

    /// The rulings on a unit or person.
    fn decided_for(&self, code: &str) -> impl Iterator<Item = String> {
        self.decided.get(code).into_iter().flatten().cloned()
    }
}

fn named(causes: BTreeSet<String>) -> Vec<String> {
    if causes.is_empty() {
        return vec!["原因不明，请告知维护人员".to_owned()];
    }
    causes.into_iter().collect()
}

/// What an entry says, apart from where it stands.
fn says(entry: &Json) -> String {
    format!(
        "{}|{}|{}",
        entry["form"], entry["reporter"], entry["values"]
    )
}

/// The entries by what they say.
fn entries(record: &Json) -> BTreeMap<String, Vec<&Json>> {
    let mut found: BTreeMap<String, Vec<&Json>> = BTreeMap::new();
    for entry in items(&record["entries"]) {
        found.entry(says(entry)).or_default().push(entry);
    }
    for same in found.values_mut() {
        same.sort_by_key(|entry| (shown(&entry["class"]), shown(&entry["reason"])));
    }
    found
}

fn changed(old: &Json, new: &Json) -> Vec<Changed> {
    let (before, now) = (entries(old), entries(new));
    let (before_files, now_files) = (Hashes::of(old), Hashes::of(new));
    let names = by(new, "units", "code");
    let name = |code: &str| {
        names
            .get(code)
            .map_or(code.to_owned(), |u| shown(&u["name"]))
    };
    let mut keys: Vec<&String> = before.keys().chain(now.keys()).collect();
    keys.sort();
    keys.dedup();
    let nothing = Vec::new();
    let rulings = rulings(old, new);
    let (by_old, by_new) = (ruled_rows(old), ruled_rows(new));
    let mut found = Vec::new();
    for key in keys {
        let was = before.get(key).unwrap_or(&nothing);
        let is = now.get(key).unwrap_or(&nothing);
        for at in 0..was.len().max(is.len()) {
            let (one, other) = (was.get(at), is.get(at));
            let Some(entry) = other.or(one) else { continue };
            let reporter = shown(&entry["reporter"]);
            let moved = [one, other].into_iter().flatten();
            let ruled = moved.filter_map(|entry| ruled(&rulings, entry)).next();
            let cause = match (one, other) {
                (Some(one), Some(other))
                    if one["class"] == other["class"] && one["credited"] == other["credited"] =>
                {
                    continue;
                }
                _ if ruled.is_some() => ruled.cloned().unwrap_or_default(),
                (Some(one), Some(other)) if is_new(one, other, &before_files, &now_files) => {
                    let (was, is) = (shown(&one["file"]), shown(&other["file"]));
                    format!("报送：新报的“{is}”替代了“{was}”")
                }
                (Some(one), Some(other)) => reclassed(
                    (one, is_ruled(one, &by_old)),
                    (other, is_ruled(other, &by_new)),
                ),
                // The amount or class may be a ruling's: then the file is the same.
                (None, Some(entry)) if is_ruled(entry, &by_new) => shown(&entry["reason"]),
                (Some(entry), None) if is_ruled(entry, &by_old) => {
                    format!("裁定不再生效：{}", shown(&entry["reason"]))
                }
                _ => {
                    let file = shown(&entry["file"]);
                    let in_both = before_files.all.contains(&now_files.file(&file))
                        && now_files.all.contains(&before_files.file(&file));
                    if in_both {
                        continue;
                    }
                    match other {
                        Some(_) => format!("报送：{}的“{file}”", name(&reporter)),
                        None => format!("报送：{}的“{file}”不再采用或已改动", name(&reporter)),
                    }
                }
            };
            found.push(Changed {
                units: [reporter, shown(&entry["credited"])],
                member: shown(&entry["member"]),
                form: shown(&entry["form"]),
                cause,
            });
        }
    }
    found.extend(replaced(old, new));
    found
}

/// Whether an entry stands in another file than before, one that has come since.
fn is_new(one: &Json, other: &Json, before: &Hashes, now: &Hashes) -> bool {
    let (was, is) = (shown(&one["file"]), shown(&other["file"]));
    let came = !before.all.contains(&now.file(&is));
    was != is && came && before.file(&was) != now.file(&is)
}

/// The ruling on an entry, or on the return in which it stands.
fn ruled<'r>(rulings: &'r BTreeMap<Stood, String>, entry: &Json) -> Option<&'r String> {
    let whole = (shown(&entry["file"]), String::new(), String::new());
    rulings.get(&stood(entry)).or_else(|| rulings.get(&whole))
}

/// File, sheet and row.
type Stood = (String, String, String);

/// Where an entry stood.
fn stood(entry: &Json) -> Stood {
    (
        shown(&entry["file"]),
        shown(&entry["sheet"]),
        shown(&entry["row"]),
    )
}

/// What became of the rulings that changed, by the rows of their matters.
fn rulings(old: &Json, new: &Json) -> BTreeMap<Stood, String> {
    let mut found = BTreeMap::new();
    for (matter, cause) in ruled_anew(old, new) {
        found.extend(rows_of(matter).map(|row| (row, cause.clone())));
    }
    found
}

/// The matters whose ruling is another than before, with what became of it; each as it
/// was and as it is.
fn ruled_anew<'j>(old: &'j Json, new: &'j Json) -> Vec<(&'j Json, String)> {
    let (before, now) = (by(old, "matters", "id"), by(new, "matters", "id"));
    let verdict = |matter: Option<&&Json>| {
        let ruled = matter.filter(|matter| matter["state"] == "applied");
        ruled.map(|matter| (shown(&matter["ruling"]), shown(&matter["decided_by"])))
    };
    let mut found = Vec::new();
    for id in before.keys().chain(now.keys()) {
        let (was, is) = (before.get(id), now.get(id));
        let state = is.map(|matter| shown(&matter["state"]));
        let cause = match (verdict(was), verdict(is)) {
            (one, other) if one == other => continue,
            (None, Some((verdict, person))) => format!("裁定：{id} “{verdict}”（{person}）"),
            (Some((one, _)), Some((other, person))) => {
                format!("改裁：{id} “{one}”→“{other}”（{person}）")
            }
            (Some((one, _)), None) => match state.as_deref() {
                None => format!("裁定：{id} “{one}”的事项不在了"),
                Some("reopened") => format!("裁定：{id} “{one}”所依据的内容改动，不再生效"),
                Some(_) => format!("裁定：撤销 {id} “{one}”"),
            },
            (None, None) => continue,
        };
        let both = [was, is].into_iter().flatten();
        found.extend(both.map(|matter| (*matter, cause.clone())));
    }
    found
}

/// The rows of a matter's sides.
fn rows_of(matter: &Json) -> impl Iterator<Item = Stood> {
    let places = items(&matter["sides"]).flat_map(|side| items(&side["places"]));
    places.map(|place| {
        let cell = shown(&place["cell"]);
        let row = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
        (
            shown(&place["file"]),
            shown(&place["sheet"]),
            row.to_owned(),
        )
    })
}

/// The rows of all matters that were ruled.
fn ruled_rows(record: &Json) -> BTreeSet<Stood> {
    let ruled = items(&record["matters"]).filter(|matter| matter["state"] == "applied");
    ruled.flat_map(rows_of).collect()
}

/// Whether an entry is as it is by a ruling. Records of before tell only which
/// rows were ruled on.
fn is_ruled(entry: &Json, rows: &BTreeSet<Stood>) -> bool {
    match entry["ruled_by"].as_array() {
        Some(by) => !by.is_empty(),
        None => rows.contains(&stood(entry)),
    }
}

/// The contents of the files of a run.
struct Hashes {
    all: BTreeSet<String>,
    of_file: BTreeMap<String, String>,
}

impl Hashes {
    fn of(record: &Json) -> Self {
        let files = items(&record["files"]["list"]);
        let of_file: BTreeMap<String, String> = files
            .map(|file| (shown(&file["file"]), shown(&file["sha256"])))
            .collect();
        Hashes {
            all: of_file.values().cloned().collect(),
            of_file,
        }
    }

    /// What a file holds; nothing where there is none of the name.
    fn file(&self, name: &str) -> String {
        self.of_file.get(name).cloned().unwrap_or_default()
    }
}

fn class_word(class: &Json) -> String {
    let all = crate::reconcile::Class::ALL;
    let found = all.iter().find(|one| class == one.key());
    found.map_or_else(|| shown(class), |one| one.word().to_owned())
}

/// Why an entry is in another class than before. Of each it is known whether it was
/// so by a ruling.
fn reclassed((one, was_ruled): (&Json, bool), (other, is_ruled): (&Json, bool)) -> String {
    let (before, now) = (shown(&one["reason"]), shown(&other["reason"]));
    if is_ruled {
        return now;
    }
    if was_ruled {
        return format!("裁定不再生效：{before}");
    }
    let (was, is) = (class_word(&one["class"]), class_word(&other["class"]));
    let why = if now.is_empty() { before } else { now };
    format!(
        "报送：{}的记录由“{was}”变为“{is}”：{why}",
        shown(&other["file"])
    )
}

fn general(old: &Json, new: &Json) -> Vec<String> {
    let mut causes = Vec::new();
    let params = |record: &Json| -> BTreeMap<(String, String), String> {
        let of = |row: &Json| (shown(&row["name"]), shown(&row["param"]));
        let rows = items(&record["params"]);
        rows.map(|row| (of(row), shown(&row["value"]))).collect()
    };
    let mut before = params(old);
    for (of, value) in params(new) {
        let was = before.remove(&of).unwrap_or_default();
        if was != value {
            let (name, param) = of;
            causes.push(format!("方案：{name}的{param} {was} → {value}"));
        }
    }
    if causes.is_empty() && old["pack"]["sha256"] != new["pack"]["sha256"] {
        causes.push("方案有改动".to_owned());
    }
    if old["roster_sha256"] != new["roster_sha256"] {
        causes.push("名册有改动".to_owned());
    }
    causes
}

/// Additions, nominations and exemptions that came or went, and rulings on what is not
/// known of a person.
fn decided(old: &Json, new: &Json) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (list, key, word) in [
        ("adjustments", "unit", "加减分"),
        ("nominations", "member", "提名"),
        ("exemptions", "subject", "免予否决"),
    ] {
        let told = |record: &Json| -> BTreeSet<String> {
            items(&record[list]).map(ToString::to_string).collect()
        };
        let differ = [(old, told(new), "撤销"), (new, told(old), "新增")];
        let differ = differ.iter().flat_map(|(record, other, what)| {
            let rows = items(&record[list]).filter(move |row| !other.contains(&row.to_string()));
            rows.map(move |row| (row, what))
        });
        for (row, what) in differ {
            let points = match row["points"].as_str() {
                Some(points) => format!("{points}分，"),
                None => String::new(),
            };
            let why = format!(
                "裁定：{what}{word}（{points}{}，{}）",
                shown(&row["reason"]),
                shown(&row["by"])
            );
            found.entry(shown(&row[key])).or_default().insert(why);
        }
    }
    for (matter, cause) in ruled_anew(old, new) {
        for member in items(&matter["members"]) {
            let causes = found.entry(shown(member)).or_default();
            causes.insert(cause.clone());
        }
    }
    found
}

fn returned(old: &Json, new: &Json) -> BTreeMap<String, String> {
    let before = by(old, "units", "code");
    let mut found = BTreeMap::new();
    for (code, unit) in by(new, "units", "code") {
        let name = shown(&unit["name"]);
        match [was(&before, code), unit].map(|unit| unit["returned"] == true) {
            [false, true] => found.insert(code.to_owned(), format!("报送：{name}报来了")),
            [true, false] => found.insert(code.to_owned(), format!("报送：{name}的报表不在了")),
            _ => None,
        };
    }
    found
}
