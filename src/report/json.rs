//! The whole result for programs. Every number is a decimal string, so that
//! nothing is lost in somebody's floating point.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::document::{Document, entries};
use crate::assess::{Book, CellRef, Evaluator, Format, REPLACED, Run, Table, View};
use crate::diagnostic::Finding;
use crate::ledger::LedgerEntry;
use crate::policy::{Basis, Measure, Policy, Score, Shape};
use crate::reconcile::{Class, Matter, Outcome, Reconciled, Standing};
use crate::roster::{Roster, Unit};
use crate::sheet::Scalar;
use crate::value::round;

/// Version of the form of the result; it moves when a program that reads the
/// old form would misread the new one.
pub const FORMAT: &str = "kaohe-assessment/1";

/// What the result is made of.
pub struct Source<'a> {
    /// The pack.
    pub policy: &'a Policy,
    /// The roster.
    pub roster: &'a Roster,
    /// The reconciled entries.
    pub reconciled: &'a Reconciled,
    /// The assessment.
    pub book: &'a Book,
    /// All findings.
    pub findings: &'a [Finding],
    /// What the run is known by.
    pub run: &'a Run,
}

/// The whole result.
pub fn json<'a>(source: &Source<'a>) -> Document<'a> {
    Document {
        head: head(source),
        workbook: String::new(),
        entries: entries(source),
    }
}

/// All of it but the entries, of which there may be very many.
fn head(source: &Source<'_>) -> Json {
    let reader = Reader {
        book: source.book,
        evaluator: Evaluator::new(source.book),
    };
    let policy = source.policy;
    let pack = &policy.pack;
    let publicity = policy.publicity.iter();
    let publicity = publicity.flat_map(|rule| reader.rows(&format!("publicity:{}", rule.id)));
    json!({
        "format": FORMAT,
        "program": env!("CARGO_PKG_VERSION"),
        "date": source.run.today.to_string(),
        "pack": {
            "id": pack.id, "version": pack.version, "title": pack.title,
            "year": pack.year, "round": pack.round, "sha256": policy.hash,
        },
        "files": files(source, &reader),
        "units": units(source, &reader),
        "members": reader.rows("members").collect::<Vec<_>>(),
        "vetoes": {
            "units": reader.rows("veto:units").collect::<Vec<_>>(),
            "members": reader.rows("veto:members").collect::<Vec<_>>(),
        },
        "awards": {
            "units": reader.rows("award:units").collect::<Vec<_>>(),
            "persons": reader.rows("award:persons").collect::<Vec<_>>(),
        },
        "publicity": publicity.collect::<Vec<_>>(),
        "funds": funds(source, &reader),
        "goals": reader.rows("goals").collect::<Vec<_>>(),
        "rows": classes(source, false),
        "money": classes(source, true),
        "roster_sha256": source.run.roster_hash,
        "rulings_sha256": source.run.rulings_hash,
        "replaced": reader.rows(REPLACED).collect::<Vec<_>>(),
        "params": reader.rows("params").collect::<Vec<_>>(),
        "matters": source.reconciled.matters().iter().map(matter_json).collect::<Vec<_>>(),
        "sides": {
            "rows": reader.rows("sides:gifts").collect::<Vec<_>>(),
            "summary": reader.rows("sides:summary").collect::<Vec<_>>(),
            "check": reader.rows("sides:check").collect::<Vec<_>>(),
        },
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
        "findings": source.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
    })
}

/// A matter with all that is known of it.
pub fn matter_json(matter: &Matter) -> Json {
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
        "title": matter.reason,
        "sides": sides,
        "at_stake": decimal(matter.at_stake, Format::Money),
        "choices": choices,
        "proposed": matter.proposed.word(),
        "ruling": decision.map(|d| &d.verdict),
        "reason": decision.map(|d| &d.reason),
        "decided_by": decision.map(|d| &d.by),
        "facts": matter.facts,
        "affects": matter.units,
    })
}

struct Reader<'a> {
    book: &'a Book,
    evaluator: Evaluator<'a>,
}

impl Reader<'_> {
    /// The rows of a table as objects: column id to value.
    fn rows(&self, id: &str) -> impl Iterator<Item = Json> + use<'_> {
        let index = self.book.find(id);
        let table = index.map(|index| &self.book.tables[index]);
        let height = table.map_or(0, |table| table.height());
        (0..height).filter_map(move |row| {
            let (index, table) = (index?, table?);
            let cells = (0..table.columns.len()).map(|column| {
                let cell = CellRef {
                    table: index,
                    row,
                    column,
                };
                (table.columns[column].id.clone(), self.value(table, cell))
            });
            Some(Json::Object(cells.collect()))
        })
    }

    fn value(&self, table: &Table, cell: CellRef) -> Json {
        let format = match self.book.view(cell) {
            Some(View::Fact(_, Some(format)) | View::Figure(_, Some(format))) => format,
            _ => table.columns[cell.column].format,
        };
        match self.evaluator.cell(cell) {
            Scalar::Empty => Json::Null,
            Scalar::Text(text) => Json::String(text),
            Scalar::Number(number) => Json::String(decimal(number, format)),
            Scalar::Date(date) => Json::String(date.to_string()),
            Scalar::Bool(value) => Json::Bool(value),
        }
    }

    /// The row of a table in which a column has a text.
    fn find(&self, table: &str, column: &str, text: &str) -> Option<Map<String, Json>> {
        let mut rows = self.rows(table);
        let found = rows.find(|row| row.get(column).and_then(Json::as_str) == Some(text))?;
        match found {
            Json::Object(map) => Some(map),
            _ => None,
        }
    }
}

pub(super) fn decimal(number: Decimal, format: Format) -> String {
    match format {
        Format::Money | Format::Score => format!("{:.2}", round(number, 2)),
        _ => number.normalize().to_string(),
    }
}

fn files(source: &Source<'_>, reader: &Reader<'_>) -> Json {
    let outcomes = source.reconciled.outcomes();
    let counts: Map<String, Json> = Outcome::ALL
        .iter()
        .map(|outcome| {
            let count = outcomes.iter().filter(|(o, _)| o == outcome).count();
            (outcome.key().to_owned(), json!(count))
        })
        .collect();
    let list: Vec<Json> = reader
        .rows("files")
        .zip(outcomes)
        .map(|(mut row, (outcome, _))| {
            row["outcome"] = json!(outcome.key());
            row
        })
        .collect();
    json!({ "read": outcomes.len(), "counts": counts, "list": list })
}

fn units(source: &Source<'_>, reader: &Reader<'_>) -> Vec<Json> {
    let (policy, roster) = (source.policy, source.roster);
    let vetoes: Vec<Json> = reader.rows("veto:units").collect();
    let awards: Vec<Json> = reader.rows("award:units").collect();
    roster
        .units()
        .map(|unit| {
            let own = |rows: &[Json]| -> Vec<Json> {
                let same = |row: &&Json| row["code"] == unit.code;
                rows.iter().filter(same).cloned().collect()
            };
            json!({
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "returned": source.reconciled.accepted(&unit.code).is_some(),
                "score": score(policy, reader, unit),
                "vetoes": own(&vetoes),
                "awards": own(&awards),
            })
        })
        .collect()
}

fn score(policy: &Policy, reader: &Reader<'_>, unit: &Unit) -> Json {
    let table = format!("score:{}", unit.kind);
    let Some(row) = reader.find(&table, "code", &unit.code) else {
        return Json::Null;
    };
    let items = policy.scores.iter().filter(|score| score.kind == unit.kind);
    let items: Vec<Json> = items.map(|score| item(policy, score, &row)).collect();
    json!({
        "total": row.get("total"),
        "applicable": row.get("applicable"),
        "rank": row.get("rank"),
        "veto": row.get("veto"),
        "conclusion": row.get("conclusion"),
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
                "measure": metric.map(|m| &m.unit),
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

fn funds(source: &Source<'_>, reader: &Reader<'_>) -> Vec<Json> {
    let rules = source.policy.fund_tables.iter();
    rules
        .map(|rule| {
            let id = format!("funds:{}", rule.id);
            let columns = source.book.table(&id).map(|t| t.columns.as_slice());
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
        .collect()
}

/// Rows, or money, of each form by class.
fn classes(source: &Source<'_>, money: bool) -> Vec<Json> {
    let forms = source.policy.intake_forms();
    forms
        .filter(|form| {
            !money || (form.shape == Shape::Table && form.money_fields().next().is_some())
        })
        .map(|form| {
            // What stands in replaced returns is not listed by the row.
            let outlined = (
                source.reconciled.rows_outlined(form),
                source.reconciled.amount_outlined(form),
            );
            let put_away = |class: Option<Class>| match class {
                None | Some(Class::Superseded) => outlined,
                Some(_) => (0, Decimal::ZERO),
            };
            let weigh = |class: Option<Class>| -> String {
                let own = source.reconciled.entries().filter(|(entry, of, _)| {
                    entry.form == form.id && class.is_none_or(|class| class == *of)
                });
                if money {
                    // What was read is as reported; what a ruling made of it is beside it.
                    let amount = |entry: &LedgerEntry| match class {
                        None => entry.reported.or_else(|| entry.amount(form)),
                        Some(_) => entry.amount(form),
                    };
                    let sum: Decimal = own.filter_map(|(entry, ..)| amount(entry)).sum();
                    decimal(sum + put_away(class).1, Format::Money)
                } else {
                    (own.count() + put_away(class).0).to_string()
                }
            };
            let mut row = Map::new();
            row.insert("form".to_owned(), json!(form.id));
            row.insert("sheet".to_owned(), json!(form.sheet));
            row.insert("read".to_owned(), json!(weigh(None)));
            if money {
                let entries = source.reconciled.ledger().entries.iter();
                let ruled: Decimal = entries
                    .filter(|entry| entry.form == form.id)
                    .filter_map(|entry| Some(entry.amount(form)? - entry.reported?))
                    .sum();
                row.insert("ruled".to_owned(), json!(decimal(ruled, Format::Money)));
            }
            for class in Class::ALL {
                row.insert(class.key().to_owned(), json!(weigh(Some(class))));
            }
            Json::Object(row)
        })
        .collect()
}

/// Places for programs.
fn places(places: &[crate::diagnostic::Place]) -> Vec<serde_json::Value> {
    places
        .iter()
        .map(crate::diagnostic::Place::to_json)
        .collect()
}
