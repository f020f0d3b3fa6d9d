//! What `init` and `issue` write reads back as what it was made from.

use jiff::civil::{Date, date};
use kaohe::form::{Context, locate, read_form};
use kaohe::policy::{CPPCC_MEMBER, Form, Kind, PackSource, Policy, RosterPart, Shape, load};
use kaohe::roster::{Roster, Unit, UnitNames, read_roster, roster_workbook};
use kaohe::sheet::{
    Area, Cell, Content, FoundSheet, FoundWorkbook, Look, Rule, Visibility, Workbook, open, write,
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
    let checked = read_roster(kaohe::sheet::open(&bytes), policy, "名册.xlsx").unwrap();
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
    let checked = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").unwrap();
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
fn a_code_that_looks_like_a_day_is_refused() {
    let policy = policy();
    for code in ["MAR1", "dec18", "CNY5"] {
        let bytes = edited(
            &policy,
            &[("单位", "编号", 1, code), ("人员", "编号", 3, code)],
        );
        let checked = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").unwrap();
        let found = checked
            .findings
            .iter()
            .filter(|f| f.code.code() == "RO-158");
        let sheets: Vec<_> = found.map(|f| f.place.sheet.clone().unwrap()).collect();
        assert_eq!(sheets, ["单位", "人员"], "{code}");
        assert_eq!(checked.value.units().len(), 36, "{code}");
    }
}

#[test]
fn a_roster_that_cannot_be_used_says_why() {
    let policy = policy();
    let mut workbook = roster_workbook(&policy, DAY);
    workbook.sheets.retain(|sheet| sheet.name != "帮扶村");
    let findings = read_roster(
        kaohe::sheet::open(&write(&workbook).unwrap()),
        &policy,
        "名册.xlsx",
    )
    .unwrap_err();
    assert!(
        findings.iter().any(|f| f.message.contains("帮扶村")),
        "{findings:?}"
    );
    let findings = read_roster(kaohe::sheet::open(b"nothing"), &policy, "名册.xlsx").unwrap_err();
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
    let again = self::policy();
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

/// The XML of the sheets of a workbook, in order.
fn sheets_xml(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip7::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (1..)
        .map_while(|number| {
            let name = format!("xl/worksheets/sheet{number}.xml");
            let mut text = String::new();
            let mut part = archive.by_name(&name).ok()?;
            std::io::Read::read_to_string(&mut part, &mut text).ok()?;
            Some(text)
        })
        .collect()
}

/// One unit of each kind.
fn one_of_each<'a>(policy: &Policy, roster: &'a Roster) -> Vec<&'a Unit> {
    let kinds = policy.unit_kinds.keys();
    let of_kind = |kind: &String| roster.units().find(|unit| unit.kind == *kind);
    kinds.filter_map(of_kind).collect()
}

#[test]
fn a_form_gives_way_below_its_header_and_nowhere_else() {
    let policy = policy();
    let roster = roster(&policy);
    let units = one_of_each(&policy, &roster);
    assert_eq!(units.len(), policy.unit_kinds.len());
    for unit in units {
        let book = unit_workbook(&policy, &roster, unit, DAY);
        for form in policy.forms_of(&unit.kind) {
            let Some(sheet) = book.sheets.iter().find(|s| s.name == form.sheet) else {
                continue;
            };
            assert!(sheet.protected);
            if form.shape == Shape::Card {
                assert!(sheet.columns.is_empty() && sheet.filter.is_none());
                continue;
            }
            let what = format!("{} {}", unit.name, form.id);
            let last = form.fields.len() as u16;
            let header = 4;
            let columns: Vec<u16> = sheet.columns.keys().copied().collect();
            assert_eq!(columns, (0..=last).collect::<Vec<_>>(), "{what}");
            assert!(
                sheet
                    .columns
                    .values()
                    .all(|style| style.input || style.open)
            );
            // A cell that holds nothing of its own would be open as well.
            for row in 0..=header {
                for column in 0..=last {
                    let (_, style) = &sheet.cells[&Cell::new(row, column)];
                    assert!(!style.input && !style.open, "{what} {row} {column}");
                    assert_ne!(style.look, Look::Plain, "{what} {row} {column}");
                }
            }
            // Below stand the rows that the office has filled in, and no blank ones.
            let below = sheet.cells.range(Cell::new(header + 1, 0)..);
            let mut texts: Vec<u32> = below
                .clone()
                .filter(|(cell, (content, _))| cell.column > 0 && *content != Content::Blank)
                .map(|(cell, _)| cell.row)
                .collect();
            let mut rows: Vec<u32> = below.map(|(cell, _)| cell.row).collect();
            rows.dedup();
            texts.dedup();
            assert_eq!(rows, texts, "{what}");
            let to = |column| Cell::new(header + 5000, column);
            let area = Area::new(Cell::new(header, 1), to(last));
            assert_eq!(sheet.filter, Some(area), "{what}");
            for field in form.fields.values() {
                let column = form.fields.get_index_of(&field.id).unwrap() as u16 + 1;
                let whole = Area::new(Cell::new(header + 1, column), to(column));
                let check = sheet.validations.iter().find(|check| check.area == whole);
                let check = check.unwrap_or_else(|| panic!("{what} {}", field.id));
                if field.kind == Kind::Date {
                    assert!(matches!(check.rule, Rule::Date { .. }), "{what}");
                }
            }
            assert_eq!(sheet.validations.len(), form.fields.len());
            assert_eq!(sheet.page.repeat_rows, Some((0, header)));
            assert_eq!(sheet.page.area, None);
        }
        let xml = sheets_xml(&write(&book).unwrap());
        for (sheet, xml) in book.sheets.iter().zip(&xml) {
            let (_, rest) = xml.split_once("<sheetProtection ").unwrap_or(("", "/>"));
            let said = rest.split("/>").next().unwrap();
            assert_eq!(sheet.protected, !said.is_empty(), "{}", sheet.name);
            assert!(
                !said.contains("password") && !said.contains("hash"),
                "{said}"
            );
            for free in [
                "insertRows",
                "formatCells",
                "formatColumns",
                "formatRows",
                "sort",
                "autoFilter",
            ] {
                let free = format!("{free}=\"0\"");
                assert!(
                    !sheet.protected || said.contains(&free),
                    "{} {said}",
                    sheet.name
                );
            }
        }
    }
}

#[test]
fn the_guide_says_how_to_unlock_and_which_total_goes_where() {
    let policy = policy();
    let roster = roster(&policy);
    for unit in one_of_each(&policy, &roster) {
        let book = unit_workbook(&policy, &roster, unit, DAY);
        let guide = &book.sheets[0];
        let texts: Vec<&str> = guide
            .cells
            .values()
            .filter_map(|(content, _)| match content {
                Content::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let all = texts.join("\n");
        for words in [
            "撤销工作表保护",
            "没有密码",
            "“资金合计”填进“基本情况”的“本单位帮扶资金合计”",
            "“物资合计”填进“基本情况”的“本单位帮扶物资折价合计”",
            "“基本情况”的“其他说明”",
        ] {
            assert!(all.contains(words), "{} lacks {words}", unit.name);
        }
        // Every field is spoken of.
        for form in policy.forms_of(&unit.kind) {
            if book.sheets.iter().any(|sheet| sheet.name == form.sheet) {
                for field in form.fields.values().filter(|field| !field.prefilled) {
                    assert!(all.contains(&field.header), "{} {}", form.id, field.id);
                }
            }
        }
        // No higher than two pages of A4 upright, less what a row that does not fit
        // any more leaves free.
        let xml = &sheets_xml(&write(&book).unwrap())[0];
        let height = |row: &str| -> f64 {
            let set = row
                .split_once(" ht=\"")
                .map(|(_, rest)| rest.split('"').next());
            set.flatten().map_or(15.0, |set| set.parse().unwrap())
        };
        let rows = xml.split("<row ").skip(1);
        let heights: f64 = rows.map(|row| height(row.split('>').next().unwrap())).sum();
        assert!(
            (600.0..1_440.0).contains(&heights),
            "{}: {heights}",
            unit.name
        );
    }
}

#[test]
fn a_unit_whose_own_row_is_wrong_is_not_another_unit() {
    let policy = policy();
    let bytes = edited(
        &policy,
        &[
            // The row of 仙溪镇联工委 has no code that can be used.
            ("单位", "编号", 1, "第103号"),
            ("人员", "所属单位", 0, "县直林业委员组"),
        ],
    );
    let checked = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").unwrap();
    let own = |f: &&kaohe::diagnostic::Finding| f.code.code() == "RO-153";
    let of_unit: Vec<_> = checked.findings.iter().filter(own).collect();
    let typed = |f: &&&kaohe::diagnostic::Finding| f.typed.as_deref() == Some("仙溪镇联工委");
    let lost: Vec<_> = of_unit.iter().filter(typed).collect();
    assert!(!lost.is_empty(), "{of_unit:?}");
    for finding in lost {
        // Nothing but its own row is to be mended, and no other unit is named.
        assert!(finding.mend.contains("第7行"), "{finding:?}");
        assert!(!finding.mend.contains("例如"), "{finding:?}");
        assert_eq!(finding.related.len(), 1, "{finding:?}");
    }
    let wrong = checked.findings.iter().find(|f| f.code.code() == "IN-227");
    assert!(
        wrong
            .unwrap()
            .message
            .contains("“仙溪镇联工委”这一行没有采用")
    );
    // A unit that is nowhere may be a misspelt one.
    let nowhere = of_unit
        .iter()
        .find(|f| f.typed.as_deref() == Some("县直林业委员组"));
    assert!(nowhere.unwrap().message.contains("不在“单位”表里"));
}

#[test]
fn two_townships_may_have_a_village_of_one_name() {
    let policy = policy();
    let row = |name: &str| {
        let names = column(&policy, RosterPart::Villages, "name");
        names.iter().position(|own| *own == name).unwrap() as u32
    };
    // 示例01村 of 清塘铺镇 and 示例09村 of 梅城镇 are called the same now.
    let (one, other) = (row("示例01村"), row("示例09村"));
    let bytes = edited(
        &policy,
        &[
            ("帮扶村", "村名", one, "大桥村"),
            ("帮扶村", "村名", other, "大桥村"),
        ],
    );
    let checked = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").unwrap();
    let codes: Vec<_> = checked.findings.iter().map(|f| f.code.code()).collect();
    assert_eq!(codes, ["RO-154"]);
    let said = &checked.findings[0].message;
    assert!(
        said.contains("大桥村（清塘铺镇）") && said.contains("大桥村（梅城镇）"),
        "{said}"
    );
    let roster = checked.value;
    let called: Vec<&str> = roster
        .villages_named("大桥村")
        .iter()
        .map(|village| village.name.as_str())
        .collect();
    assert_eq!(called, ["大桥村（清塘铺镇）", "大桥村（梅城镇）"]);
    // Each unit's workbook has its own by the name that tells it apart.
    let unit = roster.unit("T118").unwrap();
    let book = issued(&policy, &roster, unit);
    let goals = sheet_of(&book, &policy.forms["goals"]).unwrap();
    let holds = |text: &str| goals.cells.values().any(|f| kaohe::form::shown(f) == text);
    assert!(holds("大桥村（梅城镇）") && !holds("大桥村（清塘铺镇）"));
    // In one township it would be one village twice.
    let bytes = edited(
        &policy,
        &[
            ("帮扶村", "村名", one, "大桥村"),
            ("帮扶村", "村名", other, "大桥村"),
            ("帮扶村", "所在乡镇（林场）", other, "清塘铺镇"),
        ],
    );
    let checked = read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").unwrap();
    let codes: Vec<_> = checked.findings.iter().map(|f| f.code.code()).collect();
    assert_eq!(codes, ["RO-152"]);
}

#[test]
fn a_township_s_list_says_whose_the_other_villages_are() {
    let policy = policy();
    let roster = roster(&policy);
    let listed = |code: &str| {
        let book = issued(&policy, &roster, roster.unit(code).unwrap());
        let lists = book.sheets.iter().find_map(kaohe::form::Lists::from_sheet);
        lists.unwrap().items(&kaohe::policy::Kind::Village).to_vec()
    };
    let of_township = listed("T109");
    assert!(
        of_township.contains(&"董家村".to_owned()),
        "{of_township:?}"
    );
    assert!(
        of_township.contains(&"三星村（仙溪镇）".to_owned()),
        "{of_township:?}"
    );
    assert!(listed("G01").contains(&"三星村".to_owned()));
    // What the list says is understood without a word, also by the unit itself.
    let names = UnitNames {
        roster: &roster,
        unit: "T109",
    };
    let context = Context {
        policy: &policy,
        names: Some(&names),
        file: "f",
        days_of_1904: false,
        older_form: false,
    };
    let field = policy.forms["funds"].field_of_kind(&kaohe::policy::Kind::Village);
    for typed in &of_township {
        let found = kaohe::sheet::Found::Text(typed.as_str().into());
        let reading = kaohe::form::decode(field.unwrap(), &found, &context).unwrap();
        assert_eq!(reading.meaning, kaohe::value::Meaning::Plain, "{typed}");
    }
}
