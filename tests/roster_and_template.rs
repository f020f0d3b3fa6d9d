//! What `init` and `issue` write reads back as what it was made from.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

use jiff::civil::{Date, date};
use kaohe::form::{Context, locate, read_form};
use kaohe::policy::{CPPCC_MEMBER, Form, PackSource, Policy, RosterPart, Shape, load};
use kaohe::roster::{Roster, Unit, UnitNames, read_roster, roster_workbook};
use kaohe::sheet::{
    Cell, Content, FoundSheet, FoundWorkbook, Look, Visibility, Workbook, open, write,
};
use kaohe::template::{
    GUIDE_SHEET, STAMP_SHEET, Stamp, file_name, form_hash, printed_texts, unit_workbook,
};

const DAY: Date = date(2018, 11, 1);

fn policy() -> Policy {
    load(&PackSource::builtin()).expect("the built-in pack loads")
}

fn roster(policy: &Policy) -> Roster {
    let bytes = write(&roster_workbook(policy, DAY)).unwrap();
    let checked = read_roster(&bytes, policy, "名册.xlsx").unwrap();
    assert_eq!(checked.findings, []);
    checked.value
}

fn issued(policy: &Policy, roster: &Roster, unit: &Unit) -> FoundWorkbook {
    open(&write(&unit_workbook(policy, roster, unit, DAY)).unwrap()).unwrap()
}

fn sheet_of<'a>(workbook: &'a FoundWorkbook, form: &Form) -> Option<&'a FoundSheet> {
    workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == form.sheet)
}

fn column<'a>(policy: &'a Policy, part: RosterPart, field: &str) -> Vec<&'a str> {
    let form = policy.roster_form(part).unwrap();
    let rows = &policy.roster_rows[&form.id];
    rows.iter()
        .map(|row| row.get(field).map_or("", String::as_str))
        .collect()
}

#[test]
fn the_roster_of_a_new_workspace_reads_back_as_the_pack_has_it() {
    let policy = policy();
    let roster = roster(&policy);
    let units: Vec<_> = roster.units().collect();
    let pick = |part, field| column(&policy, part, field);
    let codes: Vec<_> = units.iter().map(|unit| unit.code.as_str()).collect();
    assert_eq!(codes, pick(RosterPart::Units, "code"));
    let names: Vec<_> = units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, pick(RosterPart::Units, "name"));
    let kinds: Vec<_> = units
        .iter()
        .map(|unit| policy.unit_kinds[&unit.kind].name.as_str())
        .collect();
    assert_eq!(kinds, pick(RosterPart::Units, "kind"));
    let aliases: Vec<_> = units.iter().map(|unit| unit.aliases.join("、")).collect();
    assert_eq!(aliases, pick(RosterPart::Units, "aliases"));

    let name_of = |code: &str| roster.unit(code).unwrap().name.as_str();
    let members: Vec<_> = roster.members().collect();
    for (field, of) in [
        (
            "code",
            members.iter().map(|m| m.code.as_str()).collect::<Vec<_>>(),
        ),
        ("name", members.iter().map(|m| m.name.as_str()).collect()),
        ("unit", members.iter().map(|m| name_of(&m.unit)).collect()),
        (
            "category",
            members.iter().map(|m| m.category.as_str()).collect(),
        ),
        ("role", members.iter().map(|m| m.role.as_str()).collect()),
    ] {
        assert_eq!(of, pick(RosterPart::Members, field), "{field}");
    }
    let villages: Vec<_> = roster.villages().collect();
    for (field, of) in [
        (
            "code",
            villages.iter().map(|v| v.code.as_str()).collect::<Vec<_>>(),
        ),
        ("name", villages.iter().map(|v| v.name.as_str()).collect()),
        ("class", villages.iter().map(|v| v.class.as_str()).collect()),
        (
            "reporter",
            villages.iter().map(|v| name_of(&v.reporter)).collect(),
        ),
    ] {
        assert_eq!(of, pick(RosterPart::Villages, field), "{field}");
    }
}

/// The roster's workbook with a cell of a sheet set to a text.
fn edited(policy: &Policy, edits: &[(&str, &str, u32, &str)]) -> Vec<u8> {
    let mut workbook: Workbook = roster_workbook(policy, DAY);
    for (name, header, entry, text) in edits {
        let sheet = workbook
            .sheets
            .iter_mut()
            .find(|s| s.name == *name)
            .unwrap();
        let is_header = |content: &Content| matches!(content, Content::Text(t) if t.trim_end_matches('*') == *header);
        let at = sheet
            .cells
            .iter()
            .find(|(_, (content, _))| is_header(content));
        let at = *at.unwrap().0;
        let cell = Cell::new(at.row + 1 + entry, at.column);
        sheet.text(cell, *text, Look::Text.into());
    }
    write(&workbook).unwrap()
}

#[test]
fn what_is_wrong_in_the_roster_is_said_and_left_out() {
    let policy = policy();
    let bytes = edited(
        &policy,
        &[
            ("单位", "编号", 1, "T101"),
            ("单位", "别名", 2, "清塘铺镇联工委；长塘"),
            ("人员", "所属单位", 0, "清塘浦镇联工委"),
            ("人员", "姓名", 2, "委员002"),
            ("帮扶村", "填报单位", 0, ""),
        ],
    );
    let checked = read_roster(&bytes, &policy, "名册.xlsx").unwrap();
    let codes: Vec<_> = checked.findings.iter().map(|f| f.code.code()).collect();
    assert!(codes.contains(&"RO-152"), "{codes:?}");
    assert!(codes.contains(&"RO-153"), "{codes:?}");
    assert!(codes.contains(&"IN-206"), "{codes:?}");
    let misspelt = checked
        .findings
        .iter()
        .find(|f| f.typed.as_deref() == Some("清塘浦镇联工委"));
    assert!(misspelt.unwrap().mend.contains("清塘铺镇联工委"));
    let roster = checked.value;
    assert_eq!(roster.units().len(), 36);
    assert!(roster.member("M001").is_none() && roster.member("M003").is_none());
    assert!(roster.village("V001").is_none());
    assert_eq!(roster.unit_named("长塘").unwrap().code, "T105");
    assert_eq!(roster.unit_named("清塘铺镇联工委").unwrap().code, "T101");
}

#[test]
fn a_roster_that_cannot_be_used_says_why() {
    let policy = policy();
    let mut workbook = roster_workbook(&policy, DAY);
    workbook.sheets.retain(|sheet| sheet.name != "帮扶村");
    let findings = read_roster(&write(&workbook).unwrap(), &policy, "名册.xlsx").unwrap_err();
    assert!(
        findings.iter().any(|f| f.message.contains("帮扶村")),
        "{findings:?}"
    );
    let findings = read_roster(b"nothing", &policy, "名册.xlsx").unwrap_err();
    assert_eq!(findings[0].code.code(), "RO-151");
}

#[test]
fn every_workbook_holds_its_forms_prefilled_and_nothing_else_to_count() {
    let policy = policy();
    let roster = roster(&policy);
    for unit in roster.units() {
        let workbook = issued(&policy, &roster, unit);
        assert_eq!(workbook.sheets[0].name, GUIDE_SHEET);
        let stamped = workbook
            .sheets
            .iter()
            .find(|s| s.name == STAMP_SHEET)
            .unwrap();
        assert_eq!(stamped.visibility, Visibility::VeryHidden);
        let stamp = Stamp::from_sheet(stamped).unwrap();
        assert_eq!((&stamp.unit, &stamp.unit_name), (&unit.code, &unit.name));
        assert_eq!(
            (&stamp.pack_hash, stamp.year.as_str()),
            (&policy.hash, "2018")
        );
        let names = UnitNames {
            roster: &roster,
            unit: &unit.code,
        };
        for form in policy.forms_of(&unit.kind) {
            let Some(sheet) = sheet_of(&workbook, form) else {
                assert_eq!(form.id, "goals", "{} lacks {}", unit.name, form.id);
                assert!(roster.villages().all(|v| v.reporter != unit.code));
                continue;
            };
            assert_eq!(stamp.forms[&form.id], form.sheet);
            assert_eq!(stamp.hashes[&form.id], form_hash(form));
            let located = locate(sheet, form).unwrap();
            assert_eq!((located.missing, located.extra.len()), (vec![], 0));
            let located = locate(sheet, form).unwrap();
            let context = Context {
                policy: &policy,
                names: Some(&names),
                file: "f",
                days_of_1904: false,
                older_form: false,
            };
            let printed = printed_texts(form, &policy, unit);
            let reading = read_form(sheet, form, &located, &printed, context);
            let name = &unit.name;
            assert_eq!(reading.leftovers, [], "{name} {}", form.id);
            let rows = reading.rows;
            if form.shape == Shape::Card {
                assert_eq!(
                    rows[0].values.get("unit").and_then(|v| v.text()),
                    Some(unit.name.as_str())
                );
                assert_eq!(
                    rows[0].values.get("round").expect("a round").to_string(),
                    "1"
                );
            } else {
                assert_eq!(rows.len(), 0, "{} {}", unit.name, form.id);
            }
        }
    }
}

#[test]
fn members_and_villages_stand_in_their_forms() {
    let policy = policy();
    let roster = roster(&policy);
    let texts = |code: &str, form: &str| -> Vec<String> {
        let workbook = issued(&policy, &roster, roster.unit(code).unwrap());
        let form = &policy.forms[form];
        let sheet = sheet_of(&workbook, form).unwrap();
        let located = locate(sheet, form).unwrap();
        let column = located.headers[0].column;
        let below = sheet.cells.range(Cell::new(located.header_row + 1, 0)..);
        below
            .filter(|(cell, _)| cell.column == column)
            .map(|(_, found)| kaohe::form::shown(found))
            .collect()
    };
    let members: Vec<_> = roster
        .members()
        .filter(|m| m.unit == "T103" && m.category == CPPCC_MEMBER)
        .map(|m| m.name.clone())
        .collect();
    assert!(!members.is_empty());
    assert_eq!(texts("T103", "three_ones"), members);
    let villages: Vec<_> = roster
        .villages()
        .filter(|v| v.reporter == "A01")
        .map(|v| v.name.clone())
        .collect();
    assert!(villages.contains(&"白水村".to_owned()));
    assert_eq!(texts("A01", "goals"), villages);
}

#[test]
fn a_stamp_survives_being_shown_and_moved() {
    let policy = policy();
    let roster = roster(&policy);
    let mut workbook = issued(&policy, &roster, roster.unit("G01").unwrap());
    let sheet = workbook
        .sheets
        .iter_mut()
        .find(|s| s.name == STAMP_SHEET)
        .unwrap();
    let whole = Stamp::from_sheet(sheet).unwrap();
    sheet.visibility = Visibility::Hidden;
    sheet.cells = sheet
        .cells
        .iter()
        .map(|(cell, found)| (Cell::new(cell.row * 2, cell.column * 2 + 1), found.clone()))
        .collect();
    assert_eq!(Stamp::from_sheet(sheet).unwrap(), whole);
    sheet.name = "别的表".to_owned();
    assert_eq!(Stamp::from_sheet(sheet), None);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let policy = policy();
    let again = crate::policy();
    let bytes = |policy: &Policy| {
        let roster = roster(policy);
        let unit = roster.unit("T103").unwrap();
        let name = file_name(policy, unit);
        let book = write(&unit_workbook(policy, &roster, unit, DAY)).unwrap();
        (name, book, write(&roster_workbook(policy, DAY)).unwrap())
    };
    assert!(bytes(&policy) == bytes(&again));
    assert_eq!(bytes(&policy).0, "2018年_仙溪镇联工委_填报表.xlsx");
}
