//! The whole result for programs: `json` of a run, or the record by which runs are
//! compared. Every number is a decimal string, so that
//! nothing is lost in somebody's floating point.
//!
//! # `assess --format json`
//!
//! One object. Amounts, points, operands and counts of rows are decimal strings; counts
//! of files and the year are plain numbers.
//!
//! | key | content |
//! |---|---|
//! | `format` | `kaohe-assessment/1` |
//! | `program`, `date`, `workbook`, `pack` | what made it, from what |
//! | `files` | `read`, `counts` by `accepted`, `superseded`, `set_aside`, `unreadable`, and the `list` with SHA-256 |
//! | `units[]` | `code`, `name`, `kind`, `returned`, `score` (`total`, `applicable`, `rank`, `veto`, `conclusion`, `items[]` with `rule`, `clause`, `basis`, `full_mark`, `operands[]`, `points`), `vetoes[]`, `awards[]` |
//! | `members[]` | each CPPCC member with metrics (`m:<metric>`) and `veto` |
//! | `vetoes`, `awards` | the tables of the workbook: `units`, and `members` or `persons` |
//! | `funds[]` | each table: `id`, `title`, `clause`, `columns` (id to header), `rows[]` with `key`, `label`, `c0`…, `total`; the last two rows are totals and checks |
//! | `publicity[]`, `goals[]` | as in the workbook |
//! | `replaced[]` | returns that a later one of their unit replaced, a line for each form: `file`, `unit`, `form`, `sheet`, `where`, `rows`, `amount`; their rows are not among `entries` |
//! | `rows[]`, `money[]` | per form: `read` (for money with `ruled`, what rulings have added) = `counted` + `duplicate` + `superseded` + `rejected` + `set_aside` |
//! | `entries[]` | every entry: `entry`, `form`, `reporter`, `credited`, `member`, `file`, `sheet`, `row`, `class`, `reason`, `amount`, `reported` (where a ruling changed it), `ruled_by[]` (the matters by whose rulings it is as it is), `values` |
//! | `matters[]` | `id`, `kind`, `state` (`open`, `reopened`, `applied`, `rule`), `waits` (whether it counts as waiting), `title`, `sides[]`, `at_stake`, `choices[]`, `proposed`, `ruling`, `reason`, `decided_by`, `facts`, `affects[]` (units), `members[]` (whose answer it is about) |
//! | `sides` | giver against receiver: `rows[]`, `summary[]`, `check[]` |
//! | `adjustments[]`, `nominations[]`, `exemptions[]` | the office's own |
//! | `params[]`, `roster_sha256`, `rulings_sha256` | what else the result rests on |
//! | `findings[]` | `code`, `severity`, `title`, `message`, `place` (`file`, `sheet`, `cell`, `header`), `typed`, `taken`, `related`, `mend` |

mod document;
mod rows;

pub use document::{Document, RULINGS};

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use crate::assess::{REPLACED, Run, matters_apart};
use crate::book::{Evaluator, Format, Reader};
use crate::diagnostic::Finding;
use crate::ledger::LedgerEntry;
use crate::policy::{Basis, Form, Measure, Policy, Score, Shape};
use crate::reconcile::{Class, Matter, Outcome, Reconciled, Standing};
use crate::roster::{Roster, Unit};
use rows::{Parts, RowsBy, TableReader, TableRows, decimal};

/// Version of the form of the result; it moves when a program that reads the
/// old form would misread the new one.
pub const FORMAT: &str = "kaohe-assessment/1";

/// What the result is made of.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The pack.
    pub policy: &'a Policy,
    /// The roster.
    pub roster: &'a Roster,
    /// The reconciled entries.
    pub reconciled: &'a Reconciled,
    /// The assessment with its values.
    pub values: &'a Evaluator<'a>,
    /// All findings.
    pub findings: &'a [Finding],
    /// What the run is known by.
    pub run: &'a Run,
}

/// The whole result.
pub fn json<'a>(source: &Source<'a>) -> Document<'a> {
    let source = *source;
    let reader = TableReader::of(source.values);
    let mut head: Parts<'a> = match known(&source) {
        Json::Object(known) => known.into_iter().collect(),
        _ => Parts::default(),
    };
    // Of these there may be very many: they are made while they are written.
    let publicity = source.policy.publicity.iter();
    let publicity = publicity.map(|rule| format!("publicity:{}", rule.id));
    head.put(
        &["publicity"],
        TableRows::new(reader, &publicity.collect::<Vec<_>>()),
    );
    for (path, id) in [
        (&["members"][..], "members"),
        (&["vetoes", "units"], "veto:units"),
        (&["vetoes", "members"], "veto:members"),
        (&["awards", "units"], "award:units"),
        (&["awards", "persons"], "award:persons"),
        (&["goals"], "goals"),
        (&["replaced"], REPLACED),
        (&["params"], "params"),
        (&["sides", "rows"], "sides:gifts"),
        (&["sides", "summary"], "sides:summary"),
        (&["sides", "check"], "sides:check"),
    ] {
        head.put(path, TableRows::new(reader, &[id.to_owned()]));
    }
    head.put_list(&["files", "list"], move || files(source, reader));
    head.put_list(&["units"], move || units(source, reader));
    head.put_list(&["funds"], move || funds(source, reader));
    head.put_list(&["matters"], move || {
        let apart = matters_apart(&Reader::of(source.values));
        let matters = source.reconciled.matters().iter();
        matters.map(move |matter| {
            let mut told = matter_json(matter, apart.contains(&matter.id));
            // Whose answer is not known, where that is what it is about.
            let of = source.reconciled.unanswered().iter();
            let members = of.filter(|one| one.matter == matter.id);
            let members: Vec<&str> = members.map(|one| one.member.as_str()).collect();
            told["members"] = json!(members);
            told
        })
    });
    head.put_list(&["findings"], move || {
        source.findings.iter().map(Finding::to_json)
    });
    Document {
        head,
        workbook: String::new(),
        source,
    }
}

/// All of it but what may be very long.
fn known(source: &Source<'_>) -> Json {
    let policy = source.policy;
    let pack = &policy.pack;
    json!({
        "format": FORMAT,
        "program": env!("CARGO_PKG_VERSION"),
        "date": source.run.today.to_string(),
        "pack": {
            "id": pack.id, "version": pack.version, "title": pack.title,
            "year": pack.year, "round": pack.round, "sha256": policy.hash,
        },
        "files": counts(source),
        "rows": classes(source, false),
        "money": classes(source, true),
        "roster_sha256": source.run.roster_hash,
        "rulings_sha256": source.run.rulings_hash,
        "closed": source.run.closing.as_ref().map(|closing| json!({
            "day": closing.day.to_string(), "seal": closing.seal, "note": closing.note,
        })),
        "adjustments": source.reconciled.rulings().adjustments.iter().map(|one| json!({
            "unit": one.unit, "points": one.points.normalize().to_string(),
            "clause": one.clause, "reason": one.reason, "by": one.by,
        })).collect::<Vec<_>>(),
        "nominations": source.reconciled.rulings().nominations.iter().map(|one| json!({
            "member": one.member, "reason": one.reason, "by": one.by,
        })).collect::<Vec<_>>(),
        "exemptions": source.reconciled.rulings().exemptions.iter().map(|one| json!({
            "subject": one.subject, "veto": one.veto, "reason": one.reason, "by": one.by,
        })).collect::<Vec<_>>(),
    })
}

/// A matter with all that is known of it. `apart` says that no ruling on it changes
/// a result.
pub fn matter_json(matter: &Matter, apart: bool) -> Json {
    let decision = match &matter.standing {
        Standing::Ruled(_, decision) | Standing::Reopened(decision) => Some(decision),
        Standing::Open | Standing::ByRule(_) => None,
    };
    let sides: Vec<Json> = matter
        .sides
        .iter()
        .map(|side| json!({ "text": side.text, "places": places(&side.places) }))
        .collect();
    let choices: Vec<String> = matter.choices.iter().map(|v| v.word()).collect();
    json!({
        "id": matter.id,
        "kind": matter.topic.key(),
        "state": matter.standing.key(),
        "waits": matter.standing.is_open() && !apart,
        "title": matter.reason,
        "sides": sides,
        "at_stake": decimal(matter.at_stake, Format::Money),
        "choices": choices,
        "proposed": matter.advice(),
        "ruling": decision.map(|d| &d.verdict),
        "reason": decision.map(|d| &d.reason),
        "decided_by": decision.map(|d| &d.by),
        "facts": matter.facts,
        "affects": matter.units,
    })
}

/// How many files there are, and what became of them.
fn counts(source: &Source<'_>) -> Json {
    let outcomes = source.reconciled.outcomes();
    let counts: Map<String, Json> = Outcome::ALL
        .iter()
        .map(|outcome| {
            let count = outcomes.iter().filter(|(o, _)| o == outcome).count();
            (outcome.key().to_owned(), json!(count))
        })
        .collect();
    json!({ "read": outcomes.len(), "counts": counts })
}

fn files<'a>(source: Source<'a>, reader: TableReader<'a>) -> impl Iterator<Item = Json> + use<'a> {
    let outcomes = source.reconciled.outcomes();
    reader
        .rows("files")
        .zip(outcomes)
        .map(|(mut row, (outcome, _))| {
            row["outcome"] = json!(outcome.key());
            row
        })
}

fn units<'a>(source: Source<'a>, reader: TableReader<'a>) -> impl Iterator<Item = Json> + use<'a> {
    let (policy, roster) = (source.policy, source.roster);
    let vetoes = reader.rows_by("veto:units", "code");
    let awards = reader.rows_by("award:units", "code");
    let kinds = policy.unit_kinds.keys();
    let scores = kinds.map(|kind| (kind, reader.rows_by(&format!("score:{kind}"), "code")));
    let scores: HashMap<&String, RowsBy<'a>> = scores.collect();
    roster.units().map(move |unit| {
        let own = |rows: &RowsBy<'a>| rows.of(&unit.code).collect::<Vec<_>>();
        let score_row = scores
            .get(&unit.kind)
            .and_then(|of| of.of(&unit.code).next());
        json!({
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "returned": source.reconciled.accepted(&unit.code).is_some(),
            "score": score_row.map_or(Json::Null, |row| score(policy, &row, unit)),
            "vetoes": own(&vetoes),
            "awards": own(&awards),
        })
    })
}

fn score(policy: &Policy, row: &Map<String, Json>, unit: &Unit) -> Json {
    let items = policy.scores.iter().filter(|score| score.kind == unit.kind);
    let items: Vec<Json> = items.map(|score| item(policy, score, row)).collect();
    json!({
        "total": row.get("total"),
        "applicable": row.get("applicable"),
        "rank": row.get("rank"),
        "veto": row.get("veto"),
        "conclusion": row.get("conclusion"),
        "why": row.get("why"),
        "items": items,
    })
}

fn item(policy: &Policy, score: &Score, row: &Map<String, Json>) -> Json {
    let parts = match policy.metrics.get(&score.metric).map(|m| &m.measure) {
        Some(Measure::Ratio(part, whole)) => vec![part, whole],
        _ => vec![&score.metric],
    };
    let operands: Vec<Json> = parts
        .iter()
        .map(|id| {
            let metric = policy.metrics.get(*id);
            json!({
                "metric": id,
                "name": metric.map(|m| &m.name),
                "measure": metric.map(|m| m.unit.word()),
                "value": row.get(&format!("op:{id}")),
            })
        })
        .collect();
    json!({
        "rule": score.id,
        "name": score.name,
        "clause": score.clause,
        "basis": match score.basis {
            Basis::Plan => "plan",
            Basis::OfficeDefault => "office-default",
        },
        "full_mark": score.points.normalize().to_string(),
        "operands": operands,
        "points": row.get(&format!("pt:{}", score.id)),
    })
}

fn funds<'a>(source: Source<'a>, reader: TableReader<'a>) -> impl Iterator<Item = Json> + use<'a> {
    let rules = source.policy.fund_tables.iter();
    rules.map(move |rule| {
        let id = format!("funds:{}", rule.id);
        let columns = source
            .values
            .book()
            .table(&id)
            .map(|t| t.columns.as_slice());
        let headers: Map<String, Json> = columns
            .unwrap_or_default()
            .iter()
            .map(|column| (column.id.clone(), json!(column.header)))
            .collect();
        json!({
            "id": rule.id, "title": rule.title, "clause": rule.clause,
            "columns": headers,
            "rows": reader.rows(&id).collect::<Vec<_>>(),
        })
    })
}

/// Rows, or money, of each form by class.
fn classes(source: &Source<'_>, money: bool) -> Vec<Json> {
    let forms = source.policy.intake_forms().filter(|form| {
        !money || (form.shape == Shape::Table && form.money_fields().next().is_some())
    });
    let forms: Vec<&Form> = forms.collect();
    let mut sums: HashMap<&str, Sums> = HashMap::new();
    for (entry, class, _) in source.reconciled.entries() {
        let Some(form) = source.policy.forms.get(entry.form.as_str()) else {
            continue;
        };
        let own = sums.entry(&form.id).or_default();
        own.add(form, entry, class, money);
    }
    forms
        .into_iter()
        .map(|form| {
            let mut own = sums.remove(form.id.as_str()).unwrap_or_default();
            // What stands in replaced returns is not listed by the row.
            let rows = source.reconciled.rows_outlined(form);
            let amount = source.reconciled.amount_outlined(form);
            for of in [
                &mut own.read,
                own.classes.entry(Class::Superseded).or_default(),
            ] {
                of.0 += rows;
                of.1 += amount;
            }
            let word = |(count, sum): (usize, Decimal)| match money {
                true => decimal(sum, Format::Money),
                false => count.to_string(),
            };
            let mut row = Map::new();
            row.insert("form".to_owned(), json!(form.id));
            row.insert("sheet".to_owned(), json!(form.sheet));
            row.insert("read".to_owned(), json!(word(own.read)));
            if money {
                let ruled = decimal(own.ruled, Format::Money);
                row.insert("ruled".to_owned(), json!(ruled));
            }
            for class in Class::ALL {
                let of = own.classes.get(&class).copied().unwrap_or_default();
                row.insert(class.key().to_owned(), json!(word(of)));
            }
            Json::Object(row)
        })
        .collect()
}

/// How many rows of a form there are, and what they come to.
#[derive(Default)]
struct Sums {
    /// As reported: what a ruling made of it is beside it.
    read: (usize, Decimal),
    /// What rulings added.
    ruled: Decimal,
    classes: HashMap<Class, (usize, Decimal)>,
}

impl Sums {
    fn add(&mut self, form: &Form, entry: &LedgerEntry, class: Class, money: bool) {
        let of = self.classes.entry(class).or_default();
        self.read.0 += 1;
        of.0 += 1;
        if !money {
            return;
        }
        let amount = entry.amount(form);
        let reported = entry.reported_amount(form).unwrap_or_default();
        let amount = amount.unwrap_or_default();
        self.read.1 += reported;
        of.1 += amount;
        self.ruled += amount - reported;
    }
}

/// Places for programs.
fn places(places: &[crate::diagnostic::Place]) -> Vec<serde_json::Value> {
    places
        .iter()
        .map(crate::diagnostic::Place::to_json)
        .collect()
}
