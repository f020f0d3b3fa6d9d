//! What the office rules takes effect, is remembered, and is opened again when
//! what it rests on has changed. Through the real binary and, where it is
//! installed, through LibreOffice.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::office::Office;
use crate::common::world::{number, text};
use crate::common::{report, typed, with_parts};
use jiff::civil::date;
use kaohe::sheet::{Cell, Content, Found, FoundSheet, FoundWorkbook, open, write};
use serde_json::Value;

/// Gives 委员112, of the group.
const GROUP: &str = "G02";
/// The township that reports the same gift.
const TOWN: &str = "T109";
const DONOR: &str = "委员112";

/// The headers of 加减分 that most rulings fill in.
const POINTS: [&str; 4] = ["单位", "加减分", "理由", "批准人"];
/// Those of 免予否决.
const EXEMPTION: [&str; 4] = ["单位或委员", "否决情形", "理由", "批准人"];

/// An office to which both have reported the gift.
fn office() -> Office {
    let office = Office::new();
    office.report(GROUP, 8, 20_000);
    office.report(TOWN, 10, 20_000);
    office
}

impl Office {
    /// A unit reports the gift, on a day of June.
    fn report(&self, unit: &str, day: i8, amount: i64) {
        let mut book = self.world.given(unit, DONOR, amount);
        let day = Content::Date(date(2018, 6, day));
        self.world.put(&mut book, "funds", "date", 0, day);
        self.world
            .put(&mut book, "cover", "declared_money", 0, number(amount));
        self.send(&format!("{unit}.xlsx"), &book);
    }

    /// The identity of the one matter, assessed for the first time.
    fn likely_same(&self) -> String {
        let result = self.assess();
        let id = matter(&result, "likely_same")["id"].as_str();
        id.expect("an identity").to_owned()
    }

    fn funds(&self, result: &Value, unit: &str) -> String {
        let mut units = result["awards"]["units"].as_array().expect("units").iter();
        let unit = units.find(|row| row["code"] == unit).expect("the unit");
        unit["amount"].as_str().expect("an amount").to_owned()
    }

    /// Chooses a ruling in the consolidated workbook.
    fn rule(&self, matter: &str, cells: &[(&str, &str)]) {
        let path = report(&self.path);
        let bytes = fs::read(&path).expect("the workbook");
        let book = open(&bytes).expect("it opens");
        let sheet = named(&book, "核对事项");
        let row = find(sheet, matter).row;
        let cells: Vec<(Cell, &str)> = cells
            .iter()
            .map(|(header, typed)| (Cell::new(row, find(sheet, header).column), *typed))
            .collect();
        fs::write(&path, typed(&bytes, "核对事项", &cells)).expect("saved");
    }
}

fn named<'b>(book: &'b FoundWorkbook, sheet: &str) -> &'b FoundSheet {
    let mut sheets = book.sheets.iter();
    sheets.find(|one| one.name == sheet).expect("the sheet")
}

fn find(sheet: &FoundSheet, text: &str) -> Cell {
    let mut cells = sheet.cells.iter();
    let found = cells.find(|(_, found)| matches!(found, Found::Text(t) if t == text));
    *found.unwrap_or_else(|| panic!("{text} stands nowhere")).0
}

fn matter<'a>(result: &'a Value, kind: &str) -> &'a Value {
    let mut matters = result["matters"].as_array().expect("matters").iter();
    matters
        .find(|m| m["kind"] == kind)
        .unwrap_or_else(|| panic!("no {kind}"))
}

/// Opens a workbook in LibreOffice and saves it, if it is installed.
fn through_libreoffice(path: &Path) {
    if Command::new("soffice").arg("--version").output().is_err() {
        println!("LibreOffice is not installed; the file is taken as it is");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let status = Command::new("soffice")
        .arg("--headless")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            folder.path().join("profile").display()
        ))
        .args(["--convert-to", "xlsx", "--outdir"])
        .arg(folder.path().join("out"))
        .arg(path)
        .output()
        .expect("LibreOffice runs");
    assert!(status.status.success(), "LibreOffice failed");
    let name = path.file_name().expect("a name");
    fs::copy(folder.path().join("out").join(name), path).expect("saved");
}

const SAME: [(&str, &str); 3] = [
    ("裁定", "以甲为准"),
    ("裁定理由", "与两个单位核实"),
    ("裁定人", "裁定人甲"),
];

#[test]
fn chosen_saved_applied_and_opened_again() {
    let office = office();
    let before = office.assess();
    let found = matter(&before, "likely_same");
    assert_eq!(found["state"], "open");
    assert_eq!(found["at_stake"], "20000.00");
    // Both count while nobody has ruled, for the giver's unit.
    assert_eq!(office.funds(&before, GROUP), "40000.00");
    let id = found["id"].as_str().expect("an identity").to_owned();

    office.rule(&id, &SAME);
    through_libreoffice(&report(&office.path));
    let ruled = office.assess();
    let found = matter(&ruled, "likely_same");
    assert_eq!(
        (&found["state"], &found["id"]),
        (&"applied".into(), &id.as_str().into())
    );
    assert_eq!(found["decided_by"], "裁定人甲");
    assert_eq!(office.funds(&ruled, GROUP), "20000.00");
    assert!(office.path.join("裁定.xlsx").is_file());

    // It is remembered without the consolidated workbook, and when it was saved
    // by another program; nothing new is written then.
    fs::remove_file(report(&office.path)).expect("removed");
    through_libreoffice(&office.path.join("裁定.xlsx"));
    let kept = fs::read(office.path.join("裁定.xlsx")).expect("rulings");
    let again = office.assess();
    assert_eq!(matter(&again, "likely_same")["state"], "applied");
    assert_eq!(office.assess(), again, "a second run changes nothing");
    assert_eq!(
        fs::read(office.path.join("裁定.xlsx")).expect("rulings"),
        kept
    );

    // The source cell changes: it waits again, and both count.
    office.report(TOWN, 11, 20_000);
    let reopened = office.assess();
    let found = matter(&reopened, "likely_same");
    assert_eq!(
        (&found["state"], &found["id"]),
        (&"reopened".into(), &id.as_str().into())
    );
    assert_eq!(found["ruling"], "以甲为准");
    assert_eq!(office.funds(&reopened, GROUP), "40000.00");
    let codes: Vec<&str> = reopened["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|f| f["code"].as_str())
        .collect();
    assert!(codes.contains(&"RC-452"), "{codes:?}");
    // Back as it was: the ruling holds again.
    office.report(TOWN, 10, 20_000);
    assert_eq!(matter(&office.assess(), "likely_same")["state"], "applied");
}

#[test]
fn a_ruling_follows_its_rows() {
    let office = office();
    let id = office.likely_same();
    office.rule(&id, &SAME);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    // The township puts another gift above it, and sends it under another name.
    let world = &office.world;
    let mut book = world.issued(TOWN);
    for (entry, donor, amount, day) in [(0, "委员023", 3_000, 1), (1, DONOR, 20_000, 10)] {
        world.gift(&mut book, entry, donor, number(amount));
        let day = Content::Date(date(2018, 6, day));
        world.put(&mut book, "funds", "date", entry, day);
        world.put(&mut book, "funds", "village", entry, text("三星村"));
    }
    world.put(&mut book, "cover", "declared_money", 0, number(23_000));
    let folder = office.path.join("回收");
    fs::remove_file(folder.join(format!("{TOWN}.xlsx"))).expect("removed");
    fs::write(
        folder.join("冷市镇重报.xlsx"),
        write(&book).expect("a return"),
    )
    .expect("a file");
    let moved = office.assess();
    let found = matter(&moved, "likely_same");
    assert_eq!(
        (&found["state"], &found["id"]),
        (&"applied".into(), &id.as_str().into())
    );
    assert_eq!(office.funds(&moved, GROUP), "20000.00");
    // The gift is taken out: the ruling has nothing left to decide, and is kept.
    office.report(TOWN, 10, 500);
    fs::remove_file(folder.join("冷市镇重报.xlsx")).expect("removed");
    let gone = office.assess();
    let kinds = gone["matters"].as_array().expect("matters").iter();
    assert!(kinds.clone().all(|m| m["kind"] != "likely_same"));
    let mut findings = gone["findings"].as_array().expect("findings").iter();
    assert!(findings.any(|f| f["code"] == "RC-453"));
    let bytes = fs::read(report(&office.path)).expect("the workbook");
    let book = open(&bytes).expect("it opens");
    let sheet = named(&book, "核对事项");
    find(sheet, &id);
}

#[test]
fn the_whole_consolidated_workbook_serves_as_rulings() {
    let office = office();
    let id = office.likely_same();
    office.rule(
        &id,
        &[
            ("裁定", "不是同一件（都计入）"),
            ("裁定理由", "两笔"),
            ("裁定人", "裁定人乙"),
        ],
    );
    let path = report(&office.path);
    fs::remove_file(office.path.join("裁定.xlsx")).expect("removed");
    fs::rename(&path, office.path.join("裁定（2018年考核汇总）.xlsx")).expect("moved");
    let result = office.assess();
    assert_eq!(matter(&result, "likely_same")["state"], "applied");
    assert_eq!(office.funds(&result, GROUP), "40000.00");
    // A change in the new workbook goes into 裁定.xlsx, which is then the only one.
    office.rule(&id, &SAME);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    let again = office.assess();
    assert_eq!(office.funds(&again, GROUP), "20000.00");
    let mut rulings: Vec<String> = fs::read_dir(&office.path)
        .expect("the workspace")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.starts_with("裁定"))
        .collect();
    assert_eq!(rulings.pop().as_deref(), Some("裁定.xlsx"));
    assert!(rulings.is_empty());
}

/// Gives sheets of a workbook other names.
fn renamed(path: &Path, names: &[&str]) {
    let bytes = with_parts(&fs::read(path).expect("a workbook"), |part, xml| {
        let anew = |xml: String, name: &&str| {
            xml.replace(&format!("name=\"{name}\""), &format!("name=\"我的{name}\""))
        };
        (part == "xl/workbook.xml").then(|| names.iter().fold(xml.to_owned(), anew))
    });
    let book = open(&bytes).expect("it opens");
    assert!(
        book.sheets
            .iter()
            .all(|sheet| !names.contains(&sheet.name.as_str()))
    );
    fs::write(path, bytes).expect("saved");
}

#[test]
fn sheets_of_rulings_are_known_by_their_headers_whatever_they_are_called() {
    let office = office();
    office.rule(&office.likely_same(), &SAME);
    renamed(&report(&office.path), &["核对事项", "运行信息"]);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    let all = ["核对裁定", "加减分", "提名", "免予否决", "_kaohe"];
    renamed(&office.path.join("裁定.xlsx"), &all);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
}

#[test]
fn a_ruling_is_changed_and_withdrawn_where_it_was_made() {
    let office = office();
    let id = office.likely_same();
    office.rule(&id, &SAME);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    office.rule(&id, &[("裁定", "不是同一件（都计入）")]);
    assert_eq!(office.funds(&office.assess(), GROUP), "40000.00");
    office.rule(&id, &[("裁定", ""), ("裁定理由", ""), ("裁定人", "")]);
    let withdrawn = office.assess();
    assert_eq!(matter(&withdrawn, "likely_same")["state"], "open");
    // What was there before each change is kept.
    let kept = fs::read_dir(office.path.join("备份"))
        .expect("kept")
        .flatten()
        .filter(|file| file.file_name().to_string_lossy().starts_with("裁定-"))
        .count();
    assert_eq!(kept, 3);
}

#[test]
fn what_was_begun_is_not_written_over() {
    let office = office();
    let id = office.likely_same();
    office.rule(&id, &[("裁定", "以甲为准"), ("裁定理由", "核实")]);
    let path = report(&office.path);
    let begun = fs::read(&path).expect("the workbook");
    let output = office.run(&["assess"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("没有写“裁定人”"), "{said}");
    assert!(said.contains("补全"), "{said}");
    assert_eq!(fs::read(&path).expect("the workbook"), begun);
}

#[test]
fn a_word_that_is_no_choice_is_refused_with_the_choices() {
    let office = office();
    let id = office.likely_same();
    office.rule(
        &id,
        &[
            ("裁定", "随便"),
            ("裁定理由", "核实"),
            ("裁定人", "裁定人甲"),
        ],
    );
    let path = report(&office.path);
    let before = (
        fs::read(&path).ok(),
        fs::read(office.path.join("裁定.xlsx")).ok(),
    );
    let said = office.refused();
    assert!(
        said.contains("随便") && said.contains("“以甲为准”"),
        "{said}"
    );
    // Nothing was written, so what is mended in the workbook takes effect.
    let after = (
        fs::read(&path).ok(),
        fs::read(office.path.join("裁定.xlsx")).ok(),
    );
    assert!(before == after);
    office.rule(&id, &SAME);
    assert_eq!(matter(&office.assess(), "likely_same")["state"], "applied");
}

impl Office {
    /// Types rows below the headers of a sheet of 裁定.xlsx.
    fn write_down(&self, sheet: &str, headers: &[&str], rows: &[&[&str]]) {
        let path = self.path.join("裁定.xlsx");
        let bytes = fs::read(&path).expect("the rulings");
        let book = open(&bytes).expect("it opens");
        let found = named(&book, sheet);
        // Of a header that also stands in a title, the one in the header's row.
        let header = |text: &str| {
            let cells = found
                .cells
                .iter()
                .filter(|(_, f)| matches!(f, Found::Text(t) if t.trim_end_matches('*') == text));
            *cells.map(|(cell, _)| cell).next_back().expect("a header")
        };
        // Below the headers stands a line of help.
        let first = found
            .cells
            .keys()
            .map(|cell| cell.row)
            .max()
            .expect("cells")
            + 1;
        let first = first.min(header(headers[0]).row + 2);
        let mut cells = Vec::new();
        for (row, typed) in (first..).zip(rows) {
            let texts = headers
                .iter()
                .zip(*typed)
                .filter(|(_, text)| !text.is_empty());
            cells.extend(texts.map(|(name, text)| (Cell::new(row, header(name).column), *text)));
        }
        fs::write(&path, typed(&bytes, sheet, &cells)).expect("saved");
    }
}

fn unit<'a>(result: &'a Value, code: &str) -> &'a Value {
    let mut units = result["units"].as_array().expect("units").iter();
    units.find(|unit| unit["code"] == code).expect("the unit")
}

#[test]
fn additions_nominations_and_exemptions_take_effect() {
    let office = office();
    let before = office.assess();
    assert_eq!(unit(&before, TOWN)["vetoes"][0]["result"], "一票否决");
    assert_eq!(unit(&before, TOWN)["score"]["conclusion"], "一票否决");
    let total = |result: &Value, code: &str| {
        let total = unit(result, code)["score"]["total"]
            .as_str()
            .expect("a total");
        total.parse::<rust_decimal::Decimal>().expect("a number")
    };
    office.write_down(
        "加减分",
        &["单位", "加减分", "条款", "理由", "批准人"],
        &[
            &["县直教育委员组", "1.25", "7.1", "", "批准人甲"],
            &["县直教育委员组", "-0.5", "", "报送迟延", "批准人甲"],
            &["冷市镇联工委", "-100", "", "减到底", "批准人甲"],
        ],
    );
    office.write_down(
        "提名",
        &["姓名", "突出表现", "提名人"],
        &[&["委员112", "牵头引进茶厂", "提名人甲"]],
    );
    office.write_down(
        "免予否决",
        &EXEMPTION,
        &[&[
            "冷市镇联工委",
            "没有创建产业扶贫基地",
            "基地在建",
            "批准人甲",
        ]],
    );
    through_libreoffice(&office.path.join("裁定.xlsx"));
    let after = office.assess();
    let step: rust_decimal::Decimal = "0.75".parse().expect("a number");
    assert_eq!(total(&after, GROUP), total(&before, GROUP) + step);
    assert!(total(&after, TOWN).is_zero(), "no less than nothing");
    assert_eq!(unit(&after, TOWN)["vetoes"][0]["result"], "免予否决");
    assert_ne!(unit(&after, TOWN)["score"]["conclusion"], "一票否决");
    let mut persons = after["awards"]["persons"]
        .as_array()
        .expect("persons")
        .iter();
    let named = persons
        .find(|row| row["name"] == DONOR)
        .expect("the member");
    assert_eq!(named["nominated"], "是");
    // Of the hundred points that were taken away most had no effect. Of who is
    // nominated it is not known whether he took part: that is no veto.
    let idle = of_code(&after, "RC-454");
    assert_eq!(idle.len(), 1, "{idle:?}");
    assert!(
        idle[0].contains("冷市镇联工委") && idle[0].contains("-100"),
        "{idle:?}"
    );
}

/// Messages of the findings with a code.
fn of_code(result: &Value, code: &str) -> Vec<String> {
    let findings = result["findings"].as_array().expect("findings").iter();
    let found = findings.filter(|f| f["code"] == code);
    found
        .map(|f| f["message"].as_str().expect("words").to_owned())
        .collect()
}

impl Office {
    /// Runs an assessment that is refused; gives what was said.
    fn refused(&self) -> String {
        let output = self.run(&["assess"]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        let joined: String = said.split_whitespace().collect();
        assert!(joined.contains("什么也没有改动"), "{said}");
        said
    }

    /// What is said when nothing is assessed, without blanks.
    fn stopped(&self) -> String {
        self.refused().split_whitespace().collect()
    }
}

#[test]
fn a_row_that_cannot_be_used_stops_the_run_and_is_never_lost() {
    let office = office();
    office.assess();
    // Copied whole from the sheet of matters, where the columns stand otherwise.
    let decision = ["事项编号", "事项", "裁定", "裁定理由", "裁定人", "事实指纹"];
    let copied = [
        "疑似重复",
        "待裁定",
        "像是同一笔",
        "甲",
        "20000",
        "以甲为准",
    ];
    let late = ["县直教育委员组", "9", "没有批准人", ""];
    let wrong = ["教育委员", "1", "写错", "批准人甲"];
    let cases: [(&str, &[&str], &[&str], &str); 3] = [
        ("加减分", &POINTS, &late, "批准人"),
        ("加减分", &POINTS, &wrong, "您要写的是不是“县直教育委员组”"),
        ("核对裁定", &decision, &copied, "“疑似重复”不是事项编号"),
    ];
    for (sheet, headers, row, words) in cases {
        let path = office.path.join("裁定.xlsx");
        let empty = fs::read(&path).expect("the rulings");
        office.write_down(sheet, headers, &[row]);
        let typed = fs::read(&path).expect("the rulings");
        let said = office.stopped();
        assert!(said.contains(words), "{said}");
        assert_eq!(fs::read(&path).expect("the rulings"), typed);
        fs::write(&path, empty).expect("written");
    }
    office.assess();
}

#[test]
fn what_was_changed_in_both_places_is_not_counted_twice() {
    let office = office();
    let row = |points: &'static str| ["县直教育委员组", points, "报送迟延", "批准人甲"];
    let write_down = |points: &[&'static str]| {
        let rows: Vec<_> = points.iter().map(|points| row(points)).collect();
        let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
        office.write_down("加减分", &POINTS, &rows);
    };
    write_down(&["-1"]);
    office.assess();
    let points = |result: &Value| -> Vec<String> {
        let rows = result["adjustments"].as_array().expect("a list").iter();
        rows.map(|one| one["points"].as_str().expect("points").to_owned())
            .collect()
    };
    // In 裁定.xlsx it becomes 0.2 less, in the workbook 0.3.
    write_down(&["-0.2"]);
    office.change("加减分", "-0.3");
    let said = office.stopped();
    assert!(said.contains("都改过") && said.contains("清空"), "{said}");
    // The same in both places is one row.
    write_down(&["-0.3"]);
    assert_eq!(points(&office.assess()), ["-0.3"]);
    // Changed in one place only, it is changed, and keeps its place.
    write_down(&["-0.3", "1"]);
    office.assess();
    office.change("加减分", "-0.4");
    assert_eq!(points(&office.assess()), ["-0.4", "1"]);
}

impl Office {
    /// Types points into the first row of 加减分 of the consolidated workbook.
    fn change(&self, sheet: &str, points: &str) {
        let path = report(&self.path);
        let bytes = fs::read(&path).expect("the workbook");
        let book = open(&bytes).expect("it opens");
        let found = named(&book, sheet);
        let row = find(found, "单位").row + 1;
        let headers = found.cells.iter().filter(|(cell, f)| {
            cell.row + 1 == row && matches!(f, Found::Text(t) if t == "加减分")
        });
        let column = headers
            .map(|(cell, _)| cell.column)
            .next()
            .expect("a column");
        let cells = [(Cell::new(row, column), points)];
        fs::write(&path, typed(&bytes, sheet, &cells)).expect("saved");
    }
}

#[test]
fn what_has_no_effect_is_said() {
    let office = office();
    office.write_down("加减分", &POINTS, &[&["茶业商会", "1", "好", "批准人甲"]]);
    office.write_down(
        "免予否决",
        &EXEMPTION,
        &[&[DONOR, "没有参与“三个一”扶贫行动", "住院", "批准人甲"]],
    );
    let before = office.assess();
    let idle = of_code(&before, "RC-454");
    assert!(
        idle.iter()
            .any(|text| text.contains("茶业商会不属于评分的单位")),
        "{idle:?}"
    );
    let output = office.run(&["assess"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("没有（全部）起作用：茶业商会"), "{said}");
}

#[test]
fn a_row_that_is_cleared_is_withdrawn_and_one_of_two_equal_ones_stays() {
    let office = office();
    let late = ["县直教育委员组", "-0.5", "报送迟延", "批准人甲"];
    office.write_down("加减分", &POINTS, &[&late, &late]);
    office.write_down(
        "免予否决",
        &EXEMPTION,
        &[&[
            "冷市镇联工委",
            "没有创建产业扶贫基地",
            "基地在建",
            "批准人甲",
        ]],
    );
    let before = office.assess();
    assert_eq!(unit(&before, TOWN)["vetoes"][0]["result"], "免予否决");
    assert_eq!(before["adjustments"].as_array().expect("a list").len(), 2);
    // All five cells of the exemption are cleared, and one of the equal rows is
    // changed, where they stand in the consolidated workbook.
    let path = report(&office.path);
    let bytes = fs::read(&path).expect("the workbook");
    let book = open(&bytes).expect("it opens");
    let sheet = |name: &str| named(&book, name);
    let exemptions = sheet("免予否决");
    let first = find(exemptions, "单位或委员");
    let cells: Vec<(Cell, &str)> = (0..5)
        .map(|column| (Cell::new(first.row + 1, first.column + column), ""))
        .collect();
    let bytes = typed(&bytes, "免予否决", &cells);
    let points = find(sheet("加减分"), "加减分");
    let cell = Cell::new(points.row + 2, points.column);
    let header = find(sheet("加减分"), "单位");
    let cell = Cell::new(header.row + 2, cell.column);
    fs::write(&path, typed(&bytes, "加减分", &[(cell, "-1")])).expect("saved");
    through_libreoffice(&path);
    let after = office.assess();
    assert_eq!(unit(&after, TOWN)["vetoes"][0]["result"], "一票否决");
    assert_eq!(after["exemptions"].as_array().expect("a list").len(), 0);
    let left: Vec<&str> = after["adjustments"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["points"].as_str())
        .collect();
    assert_eq!(left, ["-1", "-0.5"]);
}

#[test]
fn a_returned_file_that_is_named_like_ours_stops_nobody() {
    let office = office();
    for name in ["裁定情况.xlsx", "2018年考核汇总（冷市镇）.xlsx"] {
        let mut book = office.world.issued(TOWN);
        office.world.gift(&mut book, 0, DONOR, text("5-6万"));
        let path = office.path.join("回收").join(name);
        fs::write(&path, write(&book).expect("a return")).expect("a file");
        let _ = fs::remove_file(office.path.join("回收").join(format!("{TOWN}.xlsx")));
        let result = office.assess();
        assert_eq!(of_code(&result, "IN-204").len(), 1, "{name}");
        fs::remove_file(&path).expect("removed");
    }
}

#[test]
fn rulings_that_are_gone_stop_the_run_until_that_is_meant() {
    let office = office();
    let path = office.path.join("裁定.xlsx");
    let blank = fs::read(&path).expect("a blank one");
    let id = office.likely_same();
    office.rule(&id, &SAME);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    let workbook = fs::read(report(&office.path)).expect("the workbook");
    fs::remove_file(&path).expect("removed");
    let said = office.stopped();
    assert!(said.contains("不见了") && said.contains("有1件"), "{said}");
    assert!(!path.exists(), "nothing is written");
    fs::write(&path, &blank).expect("written");
    let said = office.stopped();
    assert!(
        said.contains("一件裁定也没有了") && said.contains("--withdraw-rulings"),
        "{said}"
    );
    assert_eq!(
        fs::read(report(&office.path)).expect("the workbook"),
        workbook
    );
    let exported = office.run(&["export"]);
    assert_eq!(exported.status.code(), Some(2));
    // As it advises: the consolidated workbook holds all of them.
    fs::write(&path, &workbook).expect("written");
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    // It is meant: from then on nothing is missed.
    fs::write(&path, &blank).expect("written");
    let output = office.run(&["assess", "--withdraw-rulings"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("少了 1 件"), "{said}");
    assert_eq!(office.funds(&office.assess(), GROUP), "40000.00");
}

#[test]
fn a_workbook_that_cannot_be_opened_is_not_written_over() {
    let office = office();
    office.assess();
    let path = report(&office.path);
    let whole = fs::read(&path).expect("the workbook");
    let beside = office.path.join("汇总/2018年考核汇总（新1）.xlsx");
    for (path, bytes) in [(&path, &whole[..whole.len() / 2]), (&beside, b"")] {
        let before = fs::read(path).ok();
        fs::write(path, bytes).expect("damaged");
        let said = office.stopped();
        assert!(
            said.contains("打不开") && said.contains("可能有新写的裁定"),
            "{said}"
        );
        assert!(!said.contains("再交"), "it is the office's own: {said}");
        assert!(fs::read(path).expect("it is there") == bytes);
        match before {
            Some(before) => fs::write(path, before).expect("mended"),
            None => fs::remove_file(path).expect("removed"),
        }
    }
    office.assess();
}

#[test]
fn rulings_that_are_open_are_not_written_over() {
    let office = office();
    let id = office.likely_same();
    office.rule(&id, &SAME);
    let (path, report) = (office.path.join("裁定.xlsx"), report(&office.path));
    let before = (fs::read(&path).ok(), fs::read(&report).ok());
    let mark = office.path.join(".~lock.裁定.xlsx#");
    fs::write(&mark, "").expect("open");
    let output = office.run(&["assess"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(before == (fs::read(&path).ok(), fs::read(&report).ok()));
    fs::remove_file(mark).expect("closed");
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
}

#[test]
fn all_that_is_wrong_with_rulings_is_said_at_once_and_where() {
    let office = office();
    let id = office.likely_same();
    let wrong = [("裁定", "随便"), ("裁定理由", "核实"), ("裁定人", "甲")];
    office.rule(&id, &wrong);
    office.write_down("加减分", &["单位", "加减分"], &[&["教育委员", "1"]]);
    let said = office.stopped();
    for words in [
        "随便",
        "没有写“理由”",
        "没有写“批准人”",
        "名册里没有“教育委员”",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let bytes = fs::read(report(&office.path)).expect("the workbook");
    let book = open(&bytes).expect("it opens");
    let sheet = named(&book, "核对事项");
    let cell = Cell::new(find(sheet, &id).row, find(sheet, "裁定").column);
    let at = format!("核对事项!{}（裁定）", cell.name());
    assert!(said.contains(&at), "{at}: {said}");
}

#[test]
fn a_run_that_cannot_be_recorded_is_a_good_run_all_the_same() {
    let office = office();
    // A file in the place of the folder.
    fs::write(office.path.join("汇总/运行记录"), "").expect("in the way");
    let output = office.run(&["assess"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("汇总工作簿："), "{said}");
    let notice = String::from_utf8(output.stderr).expect("UTF-8");
    let notice: String = notice.split_whitespace().collect();
    assert!(
        notice.contains("汇总工作簿已经写好") && notice.contains("运行记录"),
        "{notice}"
    );
}

#[test]
fn a_unit_is_told_whose_the_other_report_is_and_nothing_of_the_office() {
    let office = office();
    let output = office.run(&["return"]);
    assert!(output.status.success());
    let mut said = String::new();
    for file in fs::read_dir(office.path.join("退回"))
        .expect("returned")
        .flatten()
    {
        let book = open(&fs::read(file.path()).expect("a workbook")).expect("it opens");
        let sheet = named(&book, "退回意见");
        for found in sheet.cells.values() {
            if let Found::Text(text) = found {
                said.push_str(text);
                said.push('\n');
            }
        }
    }
    assert!(
        said.contains("（另一方：县直教育委员组 资金物资!"),
        "{said}"
    );
    for word in ["核对事项", "裁定", "填报单位确认", "填报单位核实"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

/// A name in the folder of the pack with one text in place of another.
fn changed(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).expect("the pack");
    assert!(text.contains(old), "{old}");
    fs::write(path, text.replacen(old, new, 1)).expect("saved");
}

#[test]
fn rulings_of_another_assessment_are_refused() {
    let office = office();
    let id = office.likely_same();
    office.rule(&id, &SAME);
    assert_eq!(office.funds(&office.assess(), GROUP), "20000.00");
    let (own, summary) = (office.path.join("裁定.xlsx"), report(&office.path));
    let plan = office.path.join("policy/plan.toml");
    let read = |path: &Path| fs::read(path).expect("the file");
    let (rulings, before) = (read(&own), read(&summary));
    let refused = |what: &str| {
        for command in ["assess", "status", "return"] {
            let output = office.run(&[command]);
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{what} {command}: {errors}");
            for word in [
                "RC-455",
                "裁定.xlsx",
                "“anhua-2018”2018年第1轮",
                what,
                "移到“备份”",
            ] {
                assert!(errors.contains(word), "{word}: {errors}");
            }
        }
        assert_eq!(read(&summary), before, "nothing is written");
    };
    let accepted = || {
        let output = office.run(&["status"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
    };
    // Another round, and another pack.
    let foreign = [
        ("round = 1", "round = 2", "“anhua-2018”2018年第2轮"),
        (
            "id = \"anhua-2018\"",
            "id = \"anhua-2019\"",
            "“anhua-2019”2018年第1轮",
        ),
    ];
    for (old, new, what) in foreign {
        changed(&plan, old, new);
        refused(what);
        // So it is with a copy of the whole workbook in its place.
        fs::copy(&summary, &own).expect("copied");
        refused(what);
        fs::write(&own, &rulings).expect("put back");
        changed(&plan, new, old);
    }
    accepted();
    // A workbook of before says nothing but the year, which is this one.
    let (old, new, what) = foreign[0];
    let unstamped = with_parts(&rulings, |_, text| {
        text.contains("rulings/1")
            .then(|| text.replace("rulings/1", "rulings/0"))
    });
    assert_ne!(unstamped, rulings);
    fs::write(&own, &unstamped).expect("an old one");
    changed(&plan, old, new);
    accepted();
    let of_last_year = with_parts(&unstamped, |_, text| {
        text.contains("2018年度")
            .then(|| text.replace("2018年度", "2017年度"))
    });
    fs::write(&own, &of_last_year).expect("one of last year");
    let output = office.run(&["assess"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        errors.contains("RC-455") && errors.contains("属于2017年"),
        "{errors}"
    );
    // Moved away, as it says, the new round begins: nobody misses what the other
    // round knew. But what was chosen in the other round's workbook is not taken.
    fs::remove_file(&own).expect("moved away");
    office.rule(&id, &[("裁定", "不是同一件（都计入）")]);
    let chosen = read(&summary);
    let output = office.run(&["assess"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        errors.contains("RC-455") && errors.contains(what),
        "{errors}"
    );
    assert_eq!(read(&summary), chosen, "nothing is written");
    fs::write(&summary, &before).expect("as it was");
    assert_eq!(matter(&office.assess(), "likely_same")["state"], "open");
}

impl Office {
    /// A workbook in which a header of a sheet says something else.
    fn reheaded(path: &Path, sheet: &str, old: &str, new: &str) {
        let bytes = fs::read(path).expect("the workbook");
        let book = open(&bytes).expect("it opens");
        let found = book.sheets.iter().find(|s| s.name == sheet);
        let mut cells = found.expect("the sheet").cells.iter();
        let header = cells.find(|(_, f)| matches!(f, Found::Text(t) if t.trim_matches('*') == old));
        let at = *header.expect("the header").0;
        fs::write(path, typed(&bytes, sheet, &[(at, new)])).expect("saved");
    }
}

#[test]
fn a_sheet_of_rulings_that_cannot_be_found_stops_the_run() {
    let office = office();
    let row = ["县直教育委员组", "#-2", "迟报", "批准人甲"];
    office.write_down("加减分", &POINTS, &[&row]);
    let points = |result: &Value| unit(result, GROUP)["score"]["total"].clone();
    let before = points(&office.assess());
    let own = office.path.join("裁定.xlsx");
    let (rulings, summary) = (
        fs::read(&own).expect("the rulings"),
        fs::read(report(&office.path)).expect("the workbook"),
    );
    let cases = [
        ("加减分", "批准人", "审批领导"),
        ("核对裁定", "事实指纹", "指纹"),
        ("免予否决", "所属单位", "哪个单位"),
    ];
    for (sheet, old, new) in cases {
        Office::reheaded(&own, sheet, old, new);
        let said = office.stopped();
        for word in [
            "RC-451",
            &format!("→{sheet}"),
            &format!("找不到表头“{old}”"),
            "把表头改回",
        ] {
            assert!(said.contains(word), "{word}: {said}");
        }
        fs::write(&own, &rulings).expect("put back");
    }
    // The whole sheet is gone under its name.
    let gone = with_parts(&rulings, |name, text| {
        (name == "xl/workbook.xml").then(|| text.replace("\"提名\"", "\"表一\""))
    });
    let gone = with_parts(&gone, |name, text| {
        let of = name.starts_with("xl/worksheets/sheet") || name == "xl/sharedStrings.xml";
        of.then(|| text.replace("突出表现", "事迹"))
    });
    fs::write(&own, &gone).expect("written");
    let said = office.stopped();
    assert!(
        said.contains("RC-451") && said.contains("没有“提名”这张表"),
        "{said}"
    );
    fs::write(&own, &rulings).expect("put back");
    // What only says in words what a ruling is about is no loss, and is said.
    Office::reheaded(&own, "核对裁定", "事项", "说明");
    let result = office.assess();
    assert_eq!(points(&result), before);
    let told = of_code(&result, "RC-454");
    assert!(
        told.iter().any(|m| m.contains("表头“事项”找不到")),
        "{told:?}"
    );
    fs::write(&own, &rulings).expect("put back");
    // So it is with choices in the consolidated workbook.
    let workbook = report(&office.path);
    fs::write(&workbook, &summary).expect("put back");
    let cases = [
        ("加减分", "批准人"),
        ("核对事项", "裁定人"),
        ("免予否决", "生成时"),
    ];
    for (sheet, old) in cases {
        Office::reheaded(&workbook, sheet, old, "改了");
        let said = office.stopped();
        for word in [
            "RC-451",
            &format!("→{sheet}"),
            &format!("找不到表头“{old}”"),
        ] {
            assert!(said.contains(word), "{word}: {said}");
        }
        assert_eq!(fs::read(&own).expect("the rulings"), rulings);
        fs::write(&workbook, &summary).expect("put back");
    }
    assert_eq!(points(&office.assess()), before);
}

#[test]
fn a_record_that_cannot_be_read_is_not_one_without_rulings() {
    let office = office();
    office.write_down(
        "加减分",
        &POINTS,
        &[&["县直教育委员组", "#-2", "迟报", "批准人甲"]],
    );
    office.assess();
    let record = office.path.join("汇总/运行记录/0001.json");
    let whole = fs::read(&record).expect("a record");
    fs::remove_file(office.path.join("裁定.xlsx")).expect("removed");
    // Cut off at the third that nothing needs it is as good as whole.
    fs::write(&record, &whole[..whole.len() / 3]).expect("cut");
    assert!(office.stopped().contains("有1件"));
    for damaged in [&whole[..20], b"", b"[]"] {
        fs::write(&record, damaged).expect("damaged");
        let said = office.stopped();
        for word in [
            "0001.json",
            "读不出来",
            "把原来的裁定.xlsx放回",
            "--withdraw-rulings",
        ] {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
    // As it advises, where there never were any.
    fs::rename(&record, office.path.join("备份.json")).expect("moved");
    office.assess();
}
