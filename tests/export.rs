//! `kaohe export`: what stands in CSV and Parquet is what the assessment says,
//! and no workspace writes over another's data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::common::{assess, at, copy, kaohe, sample};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use rust_decimal::Decimal;
use serde_json::Value;

fn export(workspace: &Path, to: &Path, more: &[&str]) -> std::process::Output {
    let (from, to) = (workspace.to_string_lossy(), to.to_string_lossy());
    let mut args = vec!["export", &from, "--to", &to];
    args.extend(more);
    kaohe(&args)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A row of either format as texts by column; amounts as exact decimals.
type Texts = BTreeMap<String, String>;

fn of_parquet(path: &Path) -> Vec<Texts> {
    let file = std::fs::File::open(path).expect("the file");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let rows = reader.get_row_iter(None).expect("rows");
    rows.map(|row| texts(&row.expect("a row"))).collect()
}

fn texts(row: &Row) -> Texts {
    let spelled = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::Bool(flag) => flag.to_string(),
        Field::Decimal(number) => {
            let bytes: [u8; 8] = number.data().try_into().expect("eight bytes");
            let scale = number.scale().try_into().expect("a scale");
            Decimal::new(i64::from_be_bytes(bytes), scale).to_string()
        }
        Field::Date(days) => {
            let day = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(*days);
            day.to_string()
        }
        other => panic!("{other:?}"),
    };
    let columns = row.get_column_iter();
    columns
        .map(|(name, field)| (name.clone(), spelled(field)))
        .collect()
}

fn of_csv(path: &Path) -> Vec<Texts> {
    let bytes = std::fs::read(path).expect("the file");
    let text = bytes
        .strip_prefix("\u{FEFF}".as_bytes())
        .expect("the mark of UTF-8");
    let mut reader = csv::Reader::from_reader(text);
    let names = reader.headers().expect("headers").clone();
    let records = reader.records().map(|record| record.expect("a record"));
    let row = |record: csv::StringRecord| {
        let pairs = names.iter().zip(record.iter());
        pairs
            .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
            .collect()
    };
    records.map(row).collect()
}

#[test]
fn both_formats_hold_what_the_assessment_says() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (workspace, to) = (folder.path().join("甲县"), folder.path().join("导出"));
    copy(&sample(), &workspace);
    let result = assess(&workspace);
    assert!(export(&workspace, &to, &[]).status.success());
    let parquet: Vec<PathBuf> = files(&to.join("parquet"));
    assert_eq!(parquet.len(), 26, "11 forms and 15 tables of results");
    let mut entries: Vec<Texts> = Vec::new();
    for path in &parquet {
        let rows = of_parquet(path);
        let same = path.strip_prefix(to.join("parquet")).expect("below");
        let csv = to.join("csv").join(same).with_extension("csv");
        let other = of_csv(&csv);
        assert_eq!(rows.len(), other.len(), "{}", csv.display());
        for (row, other) in rows.iter().zip(&other) {
            for (name, value) in row {
                let guarded = other[name].strip_prefix('\'').unwrap_or(&other[name]);
                assert_eq!(value, guarded, "{} {name}", csv.display());
            }
        }
        if same.starts_with("entries") {
            let (_, form) = path
                .to_str()
                .expect("UTF-8")
                .split_once("form=")
                .expect("a form");
            let form = form.split('/').next().expect("a form").to_owned();
            entries.extend(rows.into_iter().map(|mut row| {
                row.insert("form".to_owned(), form.clone());
                row
            }));
        }
    }
    // Every entry, with its class, its credited unit, its amount and its place.
    let wanted = at(&result, "entries").as_array().expect("entries");
    assert_eq!(entries.len(), wanted.len());
    let by_id: BTreeMap<(&str, &str), &Texts> = entries
        .iter()
        .map(|row| ((row["form"].as_str(), row["entry"].as_str()), row))
        .collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for entry in wanted {
        let row = by_id[&(
            entry["form"].as_str().unwrap(),
            entry["entry"].as_str().unwrap(),
        )];
        assert_eq!(
            row["counted"],
            (entry["class"] == "counted").to_string(),
            "{entry}"
        );
        assert_eq!(row["unit_code"], text(&entry["credited"]), "{entry}");
        assert_eq!(row["source_file"], text(&entry["file"]), "{entry}");
        assert_eq!(row["source_sheet"], text(&entry["sheet"]), "{entry}");
        assert_eq!(row["source_sha256"].len(), 64, "{entry}");
        let money = match entry["form"].as_str() {
            Some("funds" | "received") => "amount",
            Some("homecoming" | "enterprises") => "invested",
            _ => continue,
        };
        assert_eq!(row[money], text(&entry["amount"]), "{entry}");
    }
    // The totals of the workbook, worked out from the entries alone.
    let sum = |form: &str, column: &str| -> Decimal {
        let own = entries
            .iter()
            .filter(|row| row["form"] == form && row["counted"] == "true");
        own.map(|row| row[column].parse::<Decimal>().unwrap_or_default())
            .sum()
    };
    for money in at(&result, "money").as_array().expect("money") {
        let column = match money["form"].as_str() {
            Some("funds" | "received") => "amount",
            Some("homecoming" | "enterprises") => "invested",
            _ => continue,
        };
        let form = money["form"].as_str().unwrap();
        let counted: Decimal = money["counted"].as_str().unwrap().parse().unwrap();
        assert_eq!(sum(form, column), counted, "{form}");
    }
    // Points and ranks.
    let scores = of_parquet(&to.join("parquet/scores/workspace=甲县/scores.parquet"));
    assert_eq!(scores.len(), 29);
    for unit in at(&result, "units").as_array().expect("units") {
        let row = scores
            .iter()
            .find(|row| row["unit_code"] == text(&unit["code"]));
        let total = &unit["score"]["total"];
        assert_eq!(row.is_some(), !total.is_null(), "{unit}");
        if let Some(row) = row {
            let points: Decimal = row["points"].parse().unwrap();
            assert_eq!(points, text(total).parse().unwrap(), "{unit}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_leaves_nothing_old_behind() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let to = folder.path().join("导出");
    let workspace = folder.path().join("w");
    copy(&sample(), &workspace);
    let run = || {
        assert!(
            export(&workspace, &to, &["--now", "2018-12-31"])
                .status
                .success()
        );
        let all = files(&to);
        let bytes = all.iter().map(|path| std::fs::read(path).expect("bytes"));
        all.iter().cloned().zip(bytes).collect::<BTreeMap<_, _>>()
    };
    let first = run();
    // What an earlier plan left, and what belongs to others.
    let old = to.join("parquet/entries/workspace=w/form=gone/entries.parquet");
    let foreign = to.join("parquet/entries/workspace=other/form=funds/entries.parquet");
    for path in [&old, &foreign] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"x").unwrap();
    }
    let mut second = run();
    assert!(!old.exists(), "what is old would be counted again");
    assert_eq!(second.remove(&foreign).as_deref(), Some(&b"x"[..]));
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>()
    );
    assert_eq!(first, second);
}

#[test]
fn another_offices_data_is_not_written_over() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let to = folder.path().join("导出");
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    copy(&sample(), &a);
    copy(&sample(), &b);
    let plan = b.join("policy/plan.toml");
    let pack = std::fs::read_to_string(&plan).expect("plan");
    std::fs::write(
        &plan,
        pack.replace("政协安化县委员会办公室", "政协某县委员会办公室"),
    )
    .unwrap();
    assert!(export(&a, &to, &["--name", "安化"]).status.success());
    let before = files(&to);
    let refused = export(&b, &to, &["--name", "安化"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).expect("UTF-8");
    assert!(said.contains("--name"), "{said}");
    assert_eq!(before, files(&to));
    assert!(
        export(&b, &to, &["--name", "某县", "--format", "csv"])
            .status
            .success()
    );
    assert!(to.join("csv/run/workspace=某县/run.csv").exists());
    assert!(
        !to.join("parquet/run/workspace=某县").exists(),
        "only CSV was asked for"
    );
}

#[test]
fn what_could_not_be_read_stands_in_the_remark() {
    let world = crate::common::world::world();
    let mut book = world.issued("G02");
    let typed = crate::common::world::text("5-6万");
    world.gift(&mut book, 0, "委员112", typed);
    let assessment = world.assess(&[("G02.xlsx", &book)]);
    let run = kaohe::assess::Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped: 0,
        today: jiff::civil::date(2018, 12, 31),
        closing: None,
    };
    let frames = kaohe::export::frames(&assessment, &world.policy, &run);
    let part = Some(("form", "funds".to_owned()));
    let funds = frames
        .iter()
        .find(|frame| frame.part == part)
        .expect("gifts");
    let bytes = kaohe::export::csv(funds).expect("written");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let row = text.lines().nth(1).expect("the entry");
    assert!(row.contains(",false,剔除,"), "{row}");
    assert!(row.ends_with(",amount=5-6万"), "{row}");
}
