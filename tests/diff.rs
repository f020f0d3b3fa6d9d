//! `kaohe diff`: every movement between two runs has its cause, and the cause
//! is the right one.

use std::fs;

use crate::common::office::Office;
use crate::common::world::{number, text};
use crate::common::{assess, kaohe};
use jiff::civil::date;
use kaohe::roster::roster_workbook;
use kaohe::sheet::{Content, open, write};
use serde_json::Value;

const GROUP: &str = "G02";
const TOWN: &str = "T109";

/// An office to which two units sent a return, assessed once.
fn office() -> Office {
    let office = Office::new();
    office.send_gift(GROUP, "教育组.xlsx", "委员112", 20_000, 1);
    office.send_gift(TOWN, "冷市.xlsx", "委员023", 30_000, 0);
    office.assess();
    office
}

impl Office {
    fn send_gift(&self, unit: &str, name: &str, donor: &str, amount: i64, outreach: u32) {
        let mut book = self.world.given(unit, donor, amount);
        self.world
            .put(&mut book, "cover", "declared_money", 0, number(amount));
        for entry in 0..outreach {
            for (field, value) in [
                ("title", "送医下乡"),
                ("outreach_kind", "送卫生下乡"),
                ("content", "义诊"),
            ] {
                self.world
                    .put(&mut book, "outreach", field, entry, text(value));
            }
            let day = Content::Date(date(2018, 5, 1 + entry as i8));
            self.world.put(&mut book, "outreach", "date", entry, day);
            self.world
                .put(&mut book, "outreach", "member_count", entry, number(3));
        }
        self.send(name, &book);
    }

    /// Assesses again and compares the last two runs.
    fn diff(&self) -> Value {
        self.assess();
        let output = self.run(&["diff", "--format", "json"]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let diff: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let text = diff.to_string();
        assert!(!text.contains("原因不明"), "{diff:#}");
        diff
    }

    /// Rules on a matter in the first free row of 裁定.xlsx.
    fn write_ruling(&self, matter: &Value, verdict: &str) {
        let path = self.path.join("裁定.xlsx");
        let bytes = fs::read(&path).expect("rulings");
        let book = open(&bytes).expect("it opens");
        let sheet = book
            .sheets
            .iter()
            .find(|s| s.name == "核对裁定")
            .expect("the sheet");
        let header = |word: &str| {
            let mut cells = sheet.cells.iter();
            *cells
                .find(|(_, found)| matches!(found, kaohe::sheet::Found::Text(t) if t == word))
                .expect("a header")
                .0
        };
        let row = header("事项编号").row + 2;
        let cells: Vec<(kaohe::sheet::Cell, &str)> = [
            ("事项编号", matter["id"].as_str().expect("id")),
            ("裁定", verdict),
            ("裁定理由", "核实"),
            ("裁定人", "裁定人甲"),
            ("事实指纹", matter["facts"].as_str().expect("facts")),
        ]
        .map(|(word, typed)| (kaohe::sheet::Cell::new(row, header(word).column), typed))
        .to_vec();
        fs::write(&path, crate::common::typed(&bytes, "核对裁定", &cells)).expect("saved");
    }
}

/// What moved, as `subject what: old → new`.
fn moves(diff: &Value, list: &str) -> Vec<String> {
    let changes = diff[list].as_array().expect("a list").iter();
    changes
        .map(|c| {
            let of = |key: &str| c[key].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {}: {} → {}",
                of("subject"),
                of("what"),
                of("old"),
                of("new")
            )
        })
        .collect()
}

/// The causes of everything that moved for a unit, without the ranks.
fn causes(diff: &Value, subject: &str) -> Vec<String> {
    let changes = diff["units"].as_array().expect("a list").iter();
    let own = changes.filter(|c| c["subject"] == subject && c["what"] != "名次");
    let mut causes: Vec<String> = own
        .flat_map(|c| c["causes"].as_array().expect("causes"))
        .filter_map(|cause| cause.as_str().map(str::to_owned))
        .collect();
    causes.sort();
    causes.dedup();
    causes
}

#[test]
fn the_same_again_leaves_no_second_record() {
    let office = office();
    office.assess();
    let records = fs::read_dir(office.path.join("汇总/运行记录"))
        .expect("records")
        .count();
    assert_eq!(records, 1);
    let output = office.run(&["diff"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("还没有两次不同的考核记录"), "{said}");
    let record = office.path.join("汇总/运行记录/0001.json");
    let record = record.to_string_lossy();
    let output = kaohe(&["diff", &record, &record]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("没有变化"), "{said}");
}

#[test]
fn a_return_moves_its_unit() {
    let office = office();
    // 20,000 of 50,000 for 6 points is 2.4; 25,000 is 3.
    office.send_gift(GROUP, "教育组.xlsx", "委员112", 25_000, 1);
    let diff = office.diff();
    let units = moves(&diff, "units");
    assert!(
        units.contains(&"县直教育委员组 资金物资得分: 2.40 → 3.00".to_owned()),
        "{units:#?}"
    );
    assert!(
        units
            .iter()
            .all(|change| change.starts_with("县直教育委员组")),
        "{units:#?}"
    );
    let causes = causes(&diff, "县直教育委员组");
    assert!(
        causes
            .iter()
            .all(|cause| cause.starts_with("报送：县直教育委员组")),
        "{causes:#?}"
    );
    assert!(
        moves(&diff, "totals").contains(&"资金物资 计入的金额: 50000.00 → 55000.00".to_owned())
    );
}

#[test]
fn a_new_return_is_its_own_cause_and_moves_others_ranks() {
    let office = office();
    office.send_gift("G01", "经济组.xlsx", "委员107", 50_000, 3);
    let diff = office.diff();
    let units = moves(&diff, "units");
    assert!(
        units.contains(&"县直教育委员组 名次: 1 → 2".to_owned()),
        "{units:#?}"
    );
    let mut ranks = diff["units"].as_array().expect("changes").iter();
    let rank = ranks
        .find(|c| c["subject"] == "县直教育委员组")
        .expect("a change");
    assert_eq!(rank["causes"][0], "因其他单位变化");
    assert!(causes(&diff, "县直经济委员组").contains(&"报送：县直经济委员组报来了".to_owned()));
    let settled = diff["settled_findings"].as_array().expect("findings");
    assert!(
        settled
            .iter()
            .any(|f| f.as_str().is_some_and(|f| f.contains("RC-406"))),
        "{settled:#?}"
    );
}

#[test]
fn a_policy_moves_all_and_is_named() {
    let office = office();
    let path = office.path.join("policy/rules/scores.toml");
    let pack = fs::read_to_string(&path).expect("the pack");
    let group = pack.find("id = \"group_funds\"").expect("the rule");
    let changed = pack[group..].replacen("full_at = 50000", "full_at = 40000", 1);
    fs::write(&path, format!("{}{changed}", &pack[..group])).expect("saved");
    let diff = office.diff();
    // 20,000 of 40,000 for 6 points.
    let units = moves(&diff, "units");
    assert!(
        units.contains(&"县直教育委员组 资金物资得分: 2.40 → 3.00".to_owned()),
        "{units:#?}"
    );
    let causes = causes(&diff, "县直教育委员组");
    assert_eq!(causes.len(), 1, "{causes:#?}");
    assert!(
        causes[0].starts_with("方案：") && causes[0].ends_with("50000 → 40000"),
        "{causes:#?}"
    );
}

#[test]
fn a_ruling_moves_what_it_decides() {
    let office = office();
    // The township reports the group's gift, too, two days later.
    let mut book = office.world.issued(TOWN);
    for (entry, donor, amount, day) in [(0, "委员023", 30_000, 8), (1, "委员112", 20_000, 10)] {
        office.world.gift(&mut book, entry, donor, number(amount));
        let day = Content::Date(date(2018, 6, day));
        office.world.put(&mut book, "funds", "date", entry, day);
        office
            .world
            .put(&mut book, "funds", "village", entry, text("三星村"));
    }
    office
        .world
        .put(&mut book, "cover", "declared_money", 0, number(50_000));
    fs::write(
        office.path.join("回收/冷市.xlsx"),
        write(&book).expect("a return"),
    )
    .expect("a file");
    let diff = office.diff();
    let new = diff["matters"].as_array().expect("matters");
    assert!(
        new.iter().any(|m| m["old"] == "" && m["new"] == "待裁定"),
        "{new:#?}"
    );
    let result = office.assess();
    let mut matters = result["matters"].as_array().expect("matters").iter();
    let matter = matters
        .find(|m| m["kind"] == "likely_same")
        .expect("a matter");
    office.write_ruling(matter, "以甲为准");
    let diff = office.diff();
    let units = moves(&diff, "units");
    assert!(
        units.contains(&"县直教育委员组 帮扶资金物资合计: 40000.00 → 20000.00".to_owned()),
        "{units:#?}"
    );
    let causes = causes(&diff, "县直教育委员组");
    assert!(
        causes.iter().all(|cause| cause.contains("裁定")),
        "{causes:#?}"
    );
    let matters = moves(&diff, "matters");
    assert!(
        matters
            .iter()
            .any(|m| m.contains("待裁定 → 已裁定“以甲为准”（裁定人甲）")),
        "{matters:#?}"
    );
}

#[test]
fn a_ruling_on_who_did_not_answer_is_the_cause_of_what_follows() {
    let office = office();
    let result = office.assess();
    let matters = result["matters"].as_array().expect("matters");
    let of_group = |m: &&Value| m["kind"] == "unanswered" && m["affects"][0] == GROUP;
    let matter = matters.iter().find(of_group).expect("a matter");
    office.write_ruling(matter, "没有参与（一票否决）");
    let diff = office.diff();
    let members = diff["members"].as_array().expect("members");
    let id = matter["id"].as_str().expect("id");
    let causes: Vec<String> = members
        .iter()
        .flat_map(|moved| moved["causes"].as_array().expect("causes"))
        .map(ToString::to_string)
        .collect();
    assert!(
        !causes.is_empty() && causes.iter().all(|cause| cause.contains(id)),
        "{causes:#?}"
    );
}

#[test]
fn a_roster_is_a_cause() {
    let office = office();
    let mut book = roster_workbook(&office.world.policy, crate::common::world::TODAY);
    // One member of the group is struck from the roster: the share changes.
    for sheet in &mut book.sheets {
        if sheet.name != "人员" {
            continue;
        }
        let row = sheet.cells.iter().find_map(|(cell, (content, _))| {
            matches!(content, Content::Text(t) if t == "委员113").then_some(cell.row)
        });
        let row = row.expect("the member");
        sheet
            .cells
            .retain(|cell, _| cell.row != row || cell.column == 0);
    }
    fs::write(
        office.path.join("名册.xlsx"),
        write(&book).expect("a roster"),
    )
    .expect("saved");
    let diff = office.diff();
    assert!(!moves(&diff, "units").is_empty());
    assert_eq!(causes(&diff, "县直教育委员组"), ["名册有改动"]);
}

#[test]
fn a_fault_that_comes_back_is_called_so() {
    let office = office();
    let wrong = |name: &str, channel: &str| {
        let mut book = office.world.issued(GROUP);
        office.world.gift(&mut book, 0, "委员112", number(20_000));
        office
            .world
            .put(&mut book, "funds", "channel", 0, text(channel));
        office
            .world
            .put(&mut book, "cover", "declared_money", 0, number(20_000));
        for old in ["教育组.xlsx", "改.xlsx", "又改.xlsx"] {
            let _ = fs::remove_file(office.path.join("回收").join(old));
        }
        fs::write(
            office.path.join("回收").join(name),
            write(&book).expect("a return"),
        )
        .expect("a file");
    };
    wrong("教育组.xlsx", "乱写");
    let diff = office.diff();
    let told = |diff: &Value, list: &str| {
        let list = diff[list].as_array().expect("findings").iter();
        list.filter(|f| f.as_str().is_some_and(|f| f.starts_with("IN-210")))
            .count()
    };
    assert_eq!(told(&diff, "new_findings"), 1, "{diff:#}");
    wrong("改.xlsx", "社会募资");
    let diff = office.diff();
    assert_eq!(told(&diff, "settled_findings"), 1, "{diff:#}");
    wrong("又改.xlsx", "乱写");
    let diff = office.diff();
    assert_eq!(
        (
            told(&diff, "new_findings"),
            told(&diff, "returned_findings")
        ),
        (0, 1),
        "{diff:#}"
    );
    let output = office.run(&["diff"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("重新出现的问题（1）"), "{said}");
    for line in said.lines() {
        assert!(kaohe::diagnostic::width(line) <= 80, "{line}");
    }
}

#[test]
fn the_first_returns_are_summed_up_and_can_be_narrowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("考核");
    crate::common::copy(&crate::common::sample(), &path);
    let (full, empty) = (path.join("回收"), path.join("等"));
    fs::rename(&full, &empty).expect("moved");
    fs::create_dir(&full).expect("a folder");
    assess(&path);
    fs::remove_dir_all(&full).expect("removed");
    fs::rename(&empty, &full).expect("moved back");
    assess(&path);
    let diff = |more: &[&str]| {
        let path = path.to_string_lossy().into_owned();
        let mut arguments = vec!["diff", &path];
        arguments.extend(more);
        let output = kaohe(&arguments);
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let (some, all) = (diff(&[]), diff(&["--all"]));
    let head: String = some.split_whitespace().collect();
    assert!(
        head.contains("变化") && head.contains("--about名称"),
        "{some}"
    );
    assert!(some.lines().count() * 2 < all.lines().count());
    let one = diff(&["--about", "教育委员组"]);
    assert!(one.contains("县直教育委员组"), "{one}");
    assert!(one.lines().count() < some.lines().count());
    assert!(!one.contains("\n  茶业商会"), "{one}");
    assert!(diff(&["--about", "查无此名"]).contains("没有与“查无此名”有关的变化"));
}

#[test]
fn amounts_add_up_and_are_grouped() {
    let change = |what: &str, old: &str, new: &str| kaohe::compare::Change {
        subject: "资金物资".to_owned(),
        what: what.to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
        causes: Vec::new(),
    };
    let compared = kaohe::compare::Compared {
        totals: vec![
            change("读到的金额", "1234567.50", "0.00"),
            change("名次", "12345", "1"),
        ],
        ..Default::default()
    };
    let text = kaohe::compare::render(&compared, Default::default());
    assert!(text.contains("1,234,567.50 → 0.00"), "{text}");
    assert!(text.contains("12345 → 1"), "{text}");
}

#[test]
fn a_duplicate_that_waits_is_no_ruling() {
    let office = office();
    // A stranger's gift, which the township reports, too: who is credited waits.
    let sent = |unit: &str| {
        let mut book = office.world.issued(unit);
        office
            .world
            .gift(&mut book, 0, "爱心企业甲", number(12_000));
        office
            .world
            .put(&mut book, "cover", "declared_money", 0, number(12_000));
        let path = office.path.join(format!("回收/{unit}-爱心企业.xlsx"));
        fs::write(path, write(&book).expect("a return")).expect("a file");
    };
    sent("G03");
    office.assess();
    sent("T103");
    let diff = office.diff();
    let result = office.assess();
    let entries = result["entries"].as_array().expect("entries").iter();
    let waiting: Vec<&Value> = entries.filter(|e| e["class"] == "duplicate").collect();
    let [waiting] = waiting[..] else {
        panic!("{waiting:#?}")
    };
    let reason = waiting["reason"].as_str().expect("a reason");
    assert!(reason.contains("等待裁定"), "{reason}");
    assert_eq!(waiting["reporter"], "G03");
    assert_eq!(waiting["ruled_by"], serde_json::json!([]));
    let name = &office.world.roster.unit("G03").expect("the unit").name;
    let causes = causes(&diff, name);
    assert!(
        causes.iter().all(|cause| cause.starts_with("报送：")) && !causes.is_empty(),
        "{causes:#?}"
    );
}
