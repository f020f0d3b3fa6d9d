//! Nothing depends on the order of the files, of the rows in them, or of the
//! units in the roster; and nothing is lost, whatever is planted.

use crate::common::county::{County, Dice, county};
use crate::common::world::World;
use jiff::civil::date;
use kaohe::assess::Run;
use kaohe::book::Evaluator;
use kaohe::flow::Assessment;
use kaohe::intake::ReturnedFile;
use kaohe::result::{Source, json};
use kaohe::roster::Roster;
use kaohe::sheet::Content;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const UNITS: usize = 16;

/// A county in which much is wrong.
fn troubled(seed: u64) -> County {
    let mut county = county(seed, UNITS);
    let mut dice = Dice::new(seed + 900);
    for number in 0..40 {
        let (at, other) = (dice.below(UNITS), dice.below(UNITS));
        let gifts = county.gifts(at);
        let mut gift = dice.of(&gifts).clone();
        let mut voucher = 100 + number;
        match dice.below(6) {
            0 => gift.date = gift.date.tomorrow().expect("a day"),
            1 => gift.amount += Decimal::from(dice.below(3) * 100),
            2 => gift.donor = gift.donor.replace("有限公司", ""),
            3 => gift.amount = Decimal::from(2_000_000),
            4 => voucher = 0,
            _ => {}
        }
        let form = ["funds", "received"][dice.below(2)];
        let row = match form {
            "funds" => gift.given(voucher),
            _ => gift.received(),
        };
        let sent = &mut county.returns[other];
        if form == "funds" || sent.unit.starts_with('T') {
            sent.rows.entry(form).or_default().push(row);
        }
    }
    // Rows that cannot be read, and members, bases and households that two report.
    for number in 0..6 {
        let (at, other) = (dice.below(UNITS / 2), dice.below(UNITS / 2));
        let rows = county.returns[at].rows.get_mut("funds").expect("gifts");
        rows[0].insert("channel", Content::Text(format!("渠道{number}")));
        let base = county.returns[at].rows["bases"][0].clone();
        county.returns[other]
            .rows
            .entry("bases")
            .or_default()
            .push(base);
        let mut pair = county.returns[at].rows["pairs"][0].clone();
        pair.insert("poverty_cause", Content::Text("因残".to_owned()));
        county.returns[other]
            .rows
            .entry("pairs")
            .or_default()
            .push(pair);
    }
    // An earlier version, with fewer and other rows.
    for at in [1, 5] {
        let mut old = county.returns[at].clone();
        old.name = format!("旧-{}", old.name);
        old.filled_on = date(2018, 11, 30);
        old.rows.remove("pairs");
        county.returns.push(old);
    }
    county
}

fn files(county: &County) -> Vec<ReturnedFile> {
    let mut files = county.files();
    files.push(crate::common::world::file(
        "照片.jpg",
        vec![0xFF, 0xD8, 0xFF, 0xE0],
    ));
    files.push(crate::common::world::file("空.xlsx", Vec::new()));
    files
}

/// All that may not depend on any order.
fn result(world: &World, assessment: &Assessment) -> Value {
    let run = Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped: 0,
        today: crate::common::world::TODAY,
        closing: None,
    };
    let values = Evaluator::new(&assessment.book);
    let all = json(&Source {
        policy: &world.policy,
        roster: &world.roster,
        reconciled: &assessment.reconciled,
        values: &values,
        findings: &assessment.findings,
        run: &run,
    });
    let all = serde_json::to_value(all).expect("JSON");
    let sorted = |value: &Value| {
        let mut list = value.as_array().expect("a list").clone();
        list.sort_by_key(Value::to_string);
        Value::Array(list)
    };
    let matters: Vec<Value> = all["matters"]
        .as_array()
        .expect("matters")
        .iter()
        .map(|m| {
            json!([
                m["kind"],
                m["facts"],
                m["state"],
                m["at_stake"],
                m["affects"]
            ])
        })
        .collect();
    // A matter is known by where it stands; what it says is the same in any order.
    let facts = |id: &str| -> String {
        let own = all["matters"].as_array().into_iter().flatten();
        let own = own.filter(|matter| matter["id"] == id);
        own.map(|matter| matter["facts"].to_string()).collect()
    };
    let told = |awards: &mut Value| {
        for award in awards.as_array_mut().expect("awards") {
            let ids = award["may_move"].as_str().unwrap_or_default().split('、');
            let mut named: Vec<String> = ids.map(facts).collect();
            named.sort();
            award["may_move"] = json!(named);
        }
    };
    let mut awards = all["awards"]["units"].clone();
    told(&mut awards);
    let mut units = all["units"].clone();
    for unit in units.as_array_mut().expect("units") {
        told(&mut unit["awards"]);
    }
    let funds: Vec<Value> = all["funds"]
        .as_array()
        .expect("tables of funds")
        .iter()
        .map(|table| json!([table["id"], by_label(&table["rows"], &table["columns"])]))
        .collect();
    json!({
        "files": all["files"]["counts"],
        "units": sorted(&units),
        "members": sorted(&all["members"]),
        "vetoes": [sorted(&all["vetoes"]["units"]), sorted(&all["vetoes"]["members"])],
        "awards": [sorted(&awards), sorted(&all["awards"]["persons"])],
        "publicity": sorted(&all["publicity"]),
        "funds": funds,
        "goals": sorted(&all["goals"]),
        "rows": all["rows"],
        "money": all["money"],
        "sides": [all["sides"]["summary"], all["sides"]["check"]],
        "matters": sorted(&Value::Array(matters)),
    })
}

/// A table of funds with its columns by header, since units may be columns.
fn by_label(rows: &Value, columns: &Value) -> Value {
    let rows = rows.as_array().expect("rows").iter().map(|row| {
        let cells = row.as_object().expect("a row").iter();
        let mut cells: Vec<String> = cells
            .map(|(id, value)| format!("{}={value}", columns[id]))
            .collect();
        cells.sort();
        json!(cells)
    });
    let mut rows: Vec<Value> = rows.collect();
    rows.sort_by_key(Value::to_string);
    json!(rows)
}

fn differences(a: &Value, b: &Value) -> String {
    let mut found = Vec::new();
    for (key, one) in a.as_object().expect("a result") {
        if *one != b[key] {
            let (one, other) = (format!("{one:#}"), format!("{:#}", b[key]));
            let lines = one.lines().zip(other.lines());
            let lines: Vec<String> = lines
                .filter(|(x, y)| x != y)
                .take(8)
                .map(|(x, y)| format!("  {x} | {y}"))
                .collect();
            found.push(format!("{key}:\n{}", lines.join("\n")));
        }
    }
    found.join("\n")
}

#[test]
fn order_changes_nothing() {
    for seed in 1..=4 {
        let mut county = troubled(seed);
        let before = result(&county.world, &county.world.assess_bytes(&files(&county)));
        let mut dice = Dice::new(seed + 77);
        for sent in &mut county.returns {
            for rows in sent.rows.values_mut() {
                dice.shuffle(rows);
            }
        }
        let mut units: Vec<_> = county.world.roster.units().cloned().collect();
        let members: Vec<_> = county.world.roster.members().cloned().collect();
        let villages: Vec<_> = county.world.roster.villages().cloned().collect();
        dice.shuffle(&mut units);
        let mut shuffled = files(&county);
        dice.shuffle(&mut shuffled);
        county.world.roster = Roster::new(units, members, villages);
        let after = result(&county.world, &county.world.assess_bytes(&shuffled));
        let matters = before["matters"].as_array().expect("matters");
        assert!(matters.len() > 10, "only {} matters", matters.len());
        let differences = differences(&before, &after);
        assert!(differences.is_empty(), "seed {seed}:\n{differences}");
    }
}

#[test]
fn nothing_is_lost() {
    for seed in 11..=16 {
        let county = troubled(seed);
        let assessment = county.world.assess_bytes(&files(&county));
        // What was sent, counted by the test: files, rows and money.
        let sent_files = county.returns.len() + 2;
        let result = result(&county.world, &assessment);
        let counts = result["files"].as_object().expect("counts");
        let counted: u64 = counts.values().filter_map(Value::as_u64).sum();
        assert_eq!(counted, sent_files as u64);
        for form in ["funds", "received", "bases", "outreach", "pairs"] {
            let rows = county.returns.iter().flat_map(|sent| sent.rows.get(form));
            let sent: usize = rows.clone().map(Vec::len).sum();
            let line = line(&result["rows"], form);
            let parts: u64 = classes(line)
                .iter()
                .map(|n| n.parse::<u64>().expect("a count"))
                .sum();
            assert_eq!(text(line, "read"), sent.to_string(), "{form}");
            assert_eq!(parts, sent as u64, "{form}");
            if let "funds" | "received" = form {
                let amounts = rows.flatten().map(|row| match &row["amount"] {
                    Content::Number(number) => *number,
                    other => panic!("no amount: {other:?}"),
                });
                let sent: Decimal = amounts.sum();
                let line = self::line(&result["money"], form);
                let parts: Decimal = classes(line).iter().map(|n| decimal(n)).sum();
                assert_eq!(decimal(text(line, "read")), sent, "{form}");
                assert_eq!(parts, sent, "{form}");
            }
        }
        // What a row's class cannot be has no name; each class is in use somewhere.
        let check = &result["sides"][1][0];
        assert_eq!(check["check"], "相符");
    }
}

fn line<'a>(lines: &'a Value, form: &str) -> &'a Value {
    let mut lines = lines.as_array().expect("lines").iter();
    lines.find(|line| line["form"] == form).expect("a form")
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().expect("a text")
}

fn classes(line: &Value) -> Vec<&str> {
    [
        "counted",
        "duplicate",
        "superseded",
        "rejected",
        "set_aside",
    ]
    .map(|class| text(line, class))
    .to_vec()
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}
