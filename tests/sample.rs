//! The sample workspace against `tests/sample/expected.json`, which a separate
//! script worked out from the scenario, without the program.

use crate::common::{assess, at, copy, sample};
use rust_decimal::Decimal;
use serde_json::{Value, json};

struct Run {
    expected: Value,
    result: Value,
}

fn run() -> &'static Run {
    static RUN: std::sync::OnceLock<Run> = std::sync::OnceLock::new();
    RUN.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        copy(&sample(), folder.path());
        let expected = include_str!("sample/expected.json");
        Run {
            expected: serde_json::from_str(expected).expect("expected.json is JSON"),
            result: assess(folder.path()),
        }
    })
}

fn decimal(value: &Value) -> Decimal {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse()
        .unwrap_or_else(|_| panic!("{text:?} is no number"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    at(value, key).as_array().expect("a list")
}

fn object<'a>(value: &'a Value, key: &str) -> &'a serde_json::Map<String, Value> {
    at(value, key).as_object().expect("an object")
}

/// All differences at once, so that a failure says what is wrong in full.
#[derive(Default)]
struct Differences {
    compared: usize,
    found: Vec<String>,
}

impl Differences {
    fn same(&mut self, what: &str, expected: &Value, got: &Value) {
        self.compared += 1;
        if expected != got {
            self.found
                .push(format!("{what}: expected {expected}, got {got}"));
        }
    }

    fn number(&mut self, what: &str, expected: &Value, got: &Value) {
        self.compared += 1;
        let equal = match (expected, got) {
            (Value::Null, got) => got.is_null(),
            (_, Value::Null) => false,
            _ => decimal(expected) == decimal(got),
        };
        if !equal {
            self.found
                .push(format!("{what}: expected {expected}, got {got}"));
        }
    }

    fn finish(self, at_least: usize) {
        assert!(
            self.found.is_empty(),
            "{} of {} differ:\n{}",
            self.found.len(),
            self.compared,
            self.found.join("\n")
        );
        assert!(self.compared >= at_least, "only {} compared", self.compared);
    }
}

#[test]
fn every_file_goes_where_it_should() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    for (outcome, names) in object(expected, "files") {
        let mut got: Vec<&str> = list(result, "files.list")
            .iter()
            .filter(|file| file["outcome"] == *outcome)
            .filter_map(|file| file["file"].as_str())
            .collect();
        got.sort_unstable();
        let mut names = names.as_array().expect("names").clone();
        names.sort_by_key(|name| name.as_str().map(str::to_owned));
        differences.same(outcome, &json!(names), &json!(got));
    }
    differences.finish(4);
}

#[test]
fn rows_and_money_add_up_by_class() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    for part in ["rows", "money"] {
        for (form, classes) in object(expected, part) {
            let rows = list(result, part);
            let row = rows.iter().find(|row| row["form"] == *form);
            let row = row.unwrap_or_else(|| panic!("no {part} of {form}"));
            let mut sum = Decimal::ZERO;
            for (class, value) in classes.as_object().expect("classes") {
                differences.number(&format!("{part} {form} {class}"), value, &row[class]);
                match class.as_str() {
                    "ruled" => sum -= decimal(&row[class]),
                    _ => sum += decimal(&row[class]),
                }
            }
            assert_eq!(sum, decimal(&row["read"]), "{part} of {form} add up");
        }
    }
    differences.finish(70);
}

#[test]
fn scores_vetoes_and_awards_of_units() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    for (code, unit) in object(expected, "units") {
        let units = list(result, "units");
        let got = units.iter().find(|got| got["code"] == *code);
        let got = got.unwrap_or_else(|| panic!("no unit {code}"));
        let score = &got["score"];
        for (id, item) in object(unit, "items") {
            let items = list(score, "items");
            let found = items.iter().find(|found| found["rule"] == *id);
            let found = found.unwrap_or_else(|| panic!("no item {id} of {code}"));
            let what = format!("{code} {id}");
            differences.number(&format!("{what} points"), &item["points"], &found["points"]);
            let operands = item["operand"].as_str().expect("operand").split('/');
            for (i, operand) in operands.enumerate() {
                let value = &found["operands"][i]["value"];
                differences.number(&format!("{what} operand {i}"), &json!(operand), value);
            }
        }
        if score.is_null() {
            differences.same(&format!("{code} total"), &unit["total"], &Value::Null);
        } else {
            differences.number(&format!("{code} total"), &unit["total"], &score["total"]);
            let applicable = &score["applicable"];
            differences.number(
                &format!("{code} applicable"),
                &unit["applicable"],
                applicable,
            );
            let rank = match &score["rank"] {
                Value::String(dash) if dash == "—" => Value::Null,
                rank => rank.clone(),
            };
            differences.number(&format!("{code} rank"), &unit["rank"], &rank);
        }
        let vetoes = |word: &str| {
            let own = list(got, "vetoes").iter();
            own.filter(|veto| veto["result"] == word).count()
        };
        let expected_vetoes = list(unit, "vetoes").len();
        differences.same(
            &format!("{code} vetoes"),
            &json!(expected_vetoes),
            &json!(vetoes("一票否决")),
        );
        differences.same(
            &format!("{code} exempt"),
            &json!(list(unit, "exempt").len()),
            &json!(vetoes("免予否决")),
        );
        let pending = list(unit, "pending").len();
        differences.same(
            &format!("{code} pending"),
            &json!(pending),
            &json!(vetoes("待定")),
        );
        let awards = list(got, "awards");
        for (i, (award, word)) in object(unit, "awards").iter().enumerate() {
            differences.same(&format!("{code} {award}"), word, &awards[i]["result"]);
        }
        let row = fund_row(result, "by_unit_channel", code, "key");
        differences.number(&format!("{code} funds"), &unit["funds"], &row["total"]);
    }
    differences.finish(600);
}

#[test]
fn an_award_that_waits_says_why() {
    let units = list(&run().result, "units").iter();
    let awards: Vec<&Value> = units.flat_map(|unit| list(unit, "awards")).collect();
    let mut waiting = 0;
    for award in awards {
        let waits = award["result"] == "待定";
        waiting += usize::from(waits);
        assert_eq!(waits, award["why"] != "", "{award}");
        if waits && award["returned"] == "否" {
            assert_eq!(award["why"], "没有报送");
        }
    }
    assert!(waiting >= 2, "{waiting}");
}

#[test]
fn members_by_three_ones_and_veto() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    let columns = [
        ("study", "m:study"),
        ("income", "m:income"),
        ("job", "m:job"),
        ("items", "m:three_ones_items"),
        ("complete_pairs", "m:complete_pairs"),
    ];
    for (code, member) in object(expected, "members") {
        let members = list(result, "members");
        let got = members.iter().find(|got| got["code"] == *code);
        let got = got.unwrap_or_else(|| panic!("no member {code}"));
        for (key, column) in columns {
            differences.number(&format!("{code} {key}"), &member[key], &got[column]);
        }
        differences.same(&format!("{code} veto"), &member["veto"], &got["veto"]);
    }
    differences.finish(140 * 6);
}

fn fund_row<'a>(result: &'a Value, table: &str, label: &str, column: &str) -> &'a Value {
    let tables = list(result, "funds");
    let table = tables.iter().find(|got| got["id"] == table);
    let rows = list(table.expect("table"), "rows");
    let row = rows.iter().find(|row| row[column] == *label);
    row.unwrap_or_else(|| panic!("no row {label}"))
}

#[test]
fn funds_by_every_dimension() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    for (id, rows) in object(expected, "fund_tables") {
        let tables = list(result, "funds");
        let table = tables.iter().find(|got| got["id"] == *id).expect("table");
        let headers = object(table, "columns");
        for (label, cells) in rows.as_object().expect("rows") {
            let row = fund_row(result, id, label, "label");
            for (column, amount) in cells.as_object().expect("cells") {
                let header = headers.iter().find(|(_, header)| *header == column);
                let (key, _) = header.unwrap_or_else(|| panic!("{id} has no column {column}"));
                differences.number(&format!("{id} {label} {column}"), amount, &row[key]);
            }
        }
        let checks = fund_row(result, id, "核对（与明细相加比较）", "label");
        for (column, word) in checks.as_object().expect("checks") {
            if column != "key" && column != "label" {
                differences.same(&format!("{id} check {column}"), &json!("相符"), word);
            }
        }
    }
    differences.finish(500);
}

#[test]
fn publicity_and_goals() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    let listed: Vec<&Value> = list(result, "publicity")
        .iter()
        .filter(|row| row["result"] == "列入宣传")
        .collect();
    let wanted = list(expected, "publicity");
    differences.same(
        "publicity count",
        &json!(wanted.len()),
        &json!(listed.len()),
    );
    for (expected, got) in wanted.iter().zip(listed) {
        differences.same("donor", &expected["donor"], &got["name"]);
        differences.number("amount", &expected["amount"], &got["amount"]);
    }
    for (code, goals) in object(expected, "goals") {
        let rows = list(result, "goals");
        let row = rows
            .iter()
            .find(|row| row["code"] == *code)
            .expect("village");
        let goals = goals.as_object().expect("goals");
        let mut reached = 0;
        for (goal, wanted) in goals {
            let got = &row[&format!("g:{goal}")];
            let what = format!("{code} {goal}");
            match wanted["value"].as_str().map(str::parse::<Decimal>) {
                Some(Ok(_)) => differences.number(&what, &wanted["value"], got),
                Some(Err(_)) => differences.same(&what, &wanted["value"], got),
                None => differences.same(&what, &json!("未报"), got),
            }
            reached += u32::from(wanted["result"] == "达标");
        }
        differences.number(&format!("{code} reached"), &json!(reached), &row["reached"]);
        let conclusion = &object(expected, "villages")[code];
        differences.same(
            &format!("{code} conclusion"),
            conclusion,
            &row["conclusion"],
        );
    }
    differences.finish(71 * 2 + 10 * 16);
}

#[test]
fn matters_rulings_and_both_sides() {
    let Run { expected, result } = run();
    let mut differences = Differences::default();
    let matters = list(result, "matters");
    let open = |kind: &str| {
        let mut stakes: Vec<&str> = matters
            .iter()
            .filter(|m| m["state"] == "open" && m["kind"] == kind)
            .filter_map(|m| m["at_stake"].as_str())
            .collect();
        stakes.sort_unstable();
        stakes
            .iter()
            .map(|stake| stake.to_string())
            .collect::<Vec<_>>()
    };
    for (kind, stakes) in object(expected, "open_matters") {
        let mut stakes = stakes.as_array().expect("stakes").clone();
        stakes.sort_by_key(Value::to_string);
        differences.same(kind, &json!(stakes), &json!(open(kind)));
    }
    let count = |state: &str| matters.iter().filter(|m| m["state"] == state).count();
    let known: usize = object(expected, "open_matters")
        .values()
        .map(|stakes| stakes.as_array().expect("stakes").len())
        .sum();
    differences.same("open", &json!(known), &json!(count("open")));
    let waiting = matters.iter().filter(|m| m["waits"] == true).count();
    differences.same("waiting", &expected["waiting_matters"], &json!(waiting));
    differences.same(
        "ruled",
        &expected["ruled_matters"],
        &json!(count("applied")),
    );
    differences.same("reopened", &json!(0), &json!(count("reopened")));
    let summary = list(result, "sides.summary");
    let mut named = 0;
    for (word, line) in object(expected, "sides") {
        let row = summary.iter().find(|row| row["agreement"] == *word);
        let row = row.unwrap_or_else(|| panic!("no line {word}"));
        for key in ["count", "given", "received", "difference"] {
            differences.number(&format!("{word} {key}"), &line[key], &row[key]);
        }
        named += 1;
    }
    let empty = summary.iter().filter(|row| row["count"] == "0").count();
    differences.same("lines", &json!(named), &json!(summary.len() - 1 - empty));
    let check = &list(result, "sides.check")[0]["check"];
    differences.same("both sides", &json!("相符"), check);
    for (name, word) in object(expected, "nominations") {
        let persons = list(result, "awards.persons");
        let row = persons
            .iter()
            .find(|row| row["name"] == *name)
            .expect("a person");
        differences.same(name, word, &row["result"]);
    }
    differences.finish(35);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let workbook = |name: &str| {
        let workspace = folder.path().join(name);
        copy(&sample(), &workspace);
        assess(&workspace);
        std::fs::read(crate::common::report(&workspace)).expect("workbook is read")
    };
    assert!(workbook("one") == workbook("two"), "the workbooks differ");
}

#[test]
fn its_pack_is_the_one_that_a_new_workspace_gets() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let fresh = folder.path().join("policy");
    kaohe::policy::PackSource::builtin()
        .write_to(&fresh)
        .expect("the pack is written");
    for (path, _) in kaohe::policy::PackSource::builtin().files() {
        let own = std::fs::read(sample().join("policy").join(path));
        let new = std::fs::read(fresh.join(path)).expect("a file of the pack");
        assert!(own.ok().as_ref() == Some(&new), "{path} differs");
    }
}
