//! Single faults in a return, each written into a workbook as the program
//! issues it, and what must follow: no fault may stop the run, pass in
//! silence, or strike somebody unjustly.

use crate::common::with_sheets;
use crate::common::world::{TODAY, World, file, number, text, world};
use jiff::civil::date;
use kaohe::book::{CellRef, Evaluator};
use kaohe::flow::Assessment;
use kaohe::form::{Layout, locate};
use kaohe::roster::Roster;
use kaohe::sheet::{Content, Look, Scalar, Workbook, open, write};
use kaohe::template::unit_workbook;

fn codes(assessment: &Assessment) -> Vec<&'static str> {
    let of_files = |f: &&kaohe::diagnostic::Finding| f.code.code() != "RC-406";
    let findings = assessment.findings.iter().filter(of_files);
    findings.map(|finding| finding.code.code()).collect()
}

/// What stands in a column of the row in which another has a text.
fn cell(assessment: &Assessment, table: &str, key: &str, is: &str, column: &str) -> Scalar {
    let evaluator = Evaluator::new(&assessment.book);
    let key = assessment.book.column(table, key).expect("key column");
    let column = assessment.book.column(table, column).expect("column");
    let rows = assessment.book.tables[key.table].height();
    let at = |row, column| {
        evaluator.cell(CellRef {
            table: key.table,
            row,
            column,
        })
    };
    (0..rows)
        .find(|&row| at(row, key.column) == Scalar::Text(is.to_owned()))
        .map(|row| at(row, column.column))
        .unwrap_or_else(|| panic!("no {is} in {table}"))
}

fn word(word: &str) -> Scalar {
    Scalar::Text(word.to_owned())
}

#[test]
fn amounts_beyond_all_bounds_are_an_error_and_no_panic() {
    let world = world();
    let mut book = world.issued("G01");
    for entry in 0..2 {
        let huge = text("70000000000000000000000000000");
        world.gift(&mut book, entry, "委员107", huge);
    }
    world.gift(
        &mut book,
        2,
        "委员107",
        text("79228162514264337593543950335万"),
    );
    let found = codes(&world.assess(&[("甲.xlsx", &book)]));
    assert_eq!(
        found.iter().filter(|c| **c == "IN-208").count(),
        2,
        "{found:?}"
    );
    assert_eq!(
        found.iter().filter(|c| **c == "IN-204").count(),
        1,
        "{found:?}"
    );
}

#[test]
fn a_year_before_spreadsheets_is_an_error_in_its_cell() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(100));
    world.put(&mut book, "funds", "date", 0, text("0218-06-08"));
    assert!(codes(&world.assess(&[("甲.xlsx", &book)])).contains(&"IN-209"));
}

#[test]
fn very_long_texts_cost_their_row_and_nothing_else() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(100));
    world.put(&mut book, "funds", "purpose", 0, text(&"长".repeat(32_767)));
    assert!(codes(&world.assess(&[("甲.xlsx", &book)])).contains(&"IN-230"));
}

#[test]
fn a_header_in_another_unit_of_measure_is_never_taken() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(5));
    let form = &world.policy.forms["funds"];
    let header = Layout::new(form, 1).header(&form.fields["amount"]);
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    let sheet = sheet.expect("sheet");
    sheet.text(header, "金额或折价(万元)", Look::Plain.into());
    let assessment = world.assess(&[("甲.xlsx", &book)]);
    assert!(codes(&assessment).contains(&"IN-231"));
    let amount = cell(&assessment, "award:units", "code", "G01", "amount");
    assert_eq!(amount, Scalar::Number(0.into()));
}

#[test]
fn a_borrowed_workbook_does_not_replace_its_owner() {
    let world = world();
    let own = world.issued("G01");
    let mut borrowed = world.issued("G01");
    let name = world.roster.unit("G02").expect("unit").name.clone();
    world.put(&mut borrowed, "cover", "unit", 0, text(&name));
    let day = Content::Date(date(2018, 12, 30));
    world.put(&mut borrowed, "cover", "filled_on", 0, day);
    let assessment = world.assess(&[("甲.xlsx", &own), ("乙.xlsx", &borrowed)]);
    assert!(codes(&assessment).contains(&"IN-232"));
    let accepted = cell(&assessment, "units", "code", "G01", "file");
    assert_eq!(accepted, word("甲.xlsx"));
}

#[test]
fn versions_of_the_same_day_are_an_error_and_copies_are_not() {
    let world = world();
    let first = world.issued("G01");
    let mut second = world.issued("G01");
    world.gift(&mut second, 0, "委员107", number(100));
    let found = codes(&world.assess(&[("甲.xlsx", &first), ("甲(1).xlsx", &second)]));
    assert!(found.contains(&"RC-407"), "{found:?}");
    let found = codes(&world.assess(&[("甲.xlsx", &first), ("甲(1).xlsx", &first)]));
    assert!(
        found.contains(&"RC-401") && !found.contains(&"RC-407"),
        "{found:?}"
    );
}

#[test]
fn an_untouched_template_is_no_return() {
    let world = world();
    let unit = world.roster.unit("G01").expect("unit");
    let blank = unit_workbook(&world.policy, &world.roster, unit, TODAY);
    let assessment = world.assess(&[("甲.xlsx", &blank)]);
    assert_eq!(codes(&assessment), ["IN-225"]);
    assert_eq!(
        cell(&assessment, "units", "code", "G01", "returned"),
        word("否")
    );
    assert_eq!(
        cell(&assessment, "veto:units", "code", "G01", "result"),
        word("待定")
    );
}

#[test]
fn a_row_that_cannot_be_read_keeps_a_veto_open() {
    let world = world();
    let mut book = world.issued("G01");
    let assessment = world.assess(&[("甲.xlsx", &book)]);
    let result = cell(&assessment, "veto:units", "code", "G01", "result");
    assert_eq!(result, word("一票否决"), "no activity at all");
    // An activity without its required content: to be mended, not to be struck.
    world.put(&mut book, "outreach", "title", 0, text("义诊"));
    let assessment = world.assess(&[("甲.xlsx", &book)]);
    let result = cell(&assessment, "veto:units", "code", "G01", "result");
    assert_eq!(result, word("待定"));
    // The same for a member whose answer cannot be read.
    for (field, answer) in [("study", "参加了"), ("income", "是"), ("job", "是")] {
        world.put(&mut book, "three_ones", field, 0, text(answer));
    }
    let assessment = world.assess(&[("甲.xlsx", &book)]);
    let member = world
        .roster
        .members()
        .find(|m| m.unit == "G01")
        .expect("member");
    let veto = cell(&assessment, "members", "code", &member.code, "veto");
    assert_eq!(veto, word("待定"));
}

#[test]
fn prefilled_rows_left_blank_are_said() {
    let world = world();
    let book = world.issued("G01");
    let members = world.roster.members().filter(|m| m.unit == "G01").count();
    let found = codes(&world.assess(&[("甲.xlsx", &book)]));
    assert_eq!(found.iter().filter(|c| **c == "IN-233").count(), members);
}

#[test]
fn a_formula_without_result_is_an_error_and_not_an_empty_cell() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(100));
    let bytes = write(&book).expect("return is written");
    // What openpyxl leaves of a formula: no value beside it.
    let bytes = with_sheets(&bytes, |xml| xml.replace("<v>100</v>", "<f>30000+6000</f>"));
    let found = codes(&world.assess_bytes(&[file("甲.xlsx", bytes)]));
    assert!(found.contains(&"IN-213"), "{found:?}");
}

#[test]
fn people_of_the_same_name_are_two_people() {
    let world = world();
    let rename = |member: &kaohe::roster::Member| {
        let mut member = member.clone();
        if member.code == "M114" || member.code == "M001" {
            member.name = "张三".to_owned();
        }
        member
    };
    let roster = Roster::new(
        world.roster.units().cloned().collect(),
        world.roster.members().map(rename).collect(),
        world.roster.villages().cloned().collect(),
    );
    let units: Vec<String> = ["M114", "M001"]
        .iter()
        .map(|code| roster.member(code).expect("member").unit.clone())
        .collect();
    let world = World { roster, ..world };
    let mut books: Vec<Workbook> = units.iter().map(|unit| world.issued(unit)).collect();
    for book in &mut books {
        world.gift(book, 0, "张三", number(1000));
    }
    let assessment = world.assess(&[("甲.xlsx", &books[0]), ("乙.xlsx", &books[1])]);
    for unit in units {
        let amount = cell(&assessment, "award:units", "code", &unit, "amount");
        assert_eq!(amount, Scalar::Number(1000.into()), "{unit}");
    }
}

#[test]
fn members_of_units_that_are_never_asked_are_not_judged() {
    let world = world();
    let members = world.roster.members().map(|member| {
        let mut member = member.clone();
        if member.unit == "C01" {
            member.category = "政协委员".to_owned();
        }
        member
    });
    let roster = Roster::new(
        world.roster.units().cloned().collect(),
        members.collect(),
        world.roster.villages().cloned().collect(),
    );
    let world = World { roster, ..world };
    let assessment = world.assess(&[("甲.xlsx", &world.issued("C01"))]);
    let member = world
        .roster
        .members()
        .find(|m| m.unit == "C01")
        .expect("member");
    let veto = cell(&assessment, "members", "code", &member.code, "veto");
    assert_eq!(veto, word("不适用"));
}

#[test]
fn rows_inserted_above_and_columns_moved_do_not_matter() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(100));
    let form = &world.policy.forms["funds"];
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    let sheet = sheet.expect("sheet");
    let moved = std::mem::take(&mut sheet.cells);
    let width = Layout::new(form, 1).columns();
    sheet.merges.clear();
    sheet.validations.clear();
    for (at, content) in moved {
        let to = kaohe::sheet::Cell::new(at.row + 7, width - 1 - at.column);
        sheet.cells.insert(to, content);
    }
    let bytes = write(&book).expect("return is written");
    let read = open(&bytes).expect("return is read");
    let found = read.sheets.iter().find(|s| s.name == form.sheet);
    let located = locate(found.expect("sheet"), form).expect("headers");
    assert!(located.missing.is_empty(), "{:?}", located.missing);
    let assessment = world.assess_bytes(&[file("甲.xlsx", bytes)]);
    let amount = cell(&assessment, "award:units", "code", "G01", "amount");
    assert_eq!(amount, Scalar::Number(100.into()));
}

#[test]
fn a_total_that_leaves_out_the_units_own_duplicates_is_right() {
    let world = world();
    let mut book = world.issued("G01");
    for entry in 0..2 {
        world.gift(&mut book, entry, "委员107", number(20_000));
    }
    world.put(&mut book, "cover", "declared_money", 0, number(20_000));
    let found = codes(&world.assess(&[("甲.xlsx", &book)]));
    assert!(found.contains(&"RC-402"), "{found:?}");
    assert!(!found.contains(&"RC-403"), "{found:?}");
    // Any other total is not.
    world.put(&mut book, "cover", "declared_money", 0, number(30_000));
    let found = codes(&world.assess(&[("甲.xlsx", &book)]));
    assert!(found.contains(&"RC-403"), "{found:?}");
}

#[test]
fn formulas_that_give_nothing_are_empty_cells() {
    let world = world();
    let mut book = world.issued("G01");
    for entry in 0..5 {
        let formula = Content::Formula {
            text: "IF(A1=\"\",\"\",A1)".to_owned(),
            result: Scalar::Text(String::new()),
        };
        world.put(&mut book, "funds", "amount", entry, formula);
    }
    let found = codes(&world.assess(&[("甲.xlsx", &book)]));
    assert!(
        !found.contains(&"IN-213") && !found.contains(&"IN-206"),
        "{found:?}"
    );
}

#[test]
fn an_error_that_became_a_text_is_still_one() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(100));
    world.put(&mut book, "funds", "purpose", 0, text("#REF!"));
    let found = codes(&world.assess(&[("甲.xlsx", &book)]));
    assert!(found.contains(&"IN-213"), "{found:?}");
}

#[test]
fn a_remark_in_the_brackets_of_a_header_is_no_measure() {
    let world = world();
    let mut book = world.issued("G01");
    world.gift(&mut book, 0, "委员107", number(5_000));
    let form = &world.policy.forms["funds"];
    let header = Layout::new(form, 1).header(&form.fields["amount"]);
    let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
    let sheet = sheet.expect("sheet");
    sheet.text(header, "金额或折价(必填)", Look::Plain.into());
    let assessment = world.assess(&[("甲.xlsx", &book)]);
    assert!(!codes(&assessment).contains(&"IN-231"));
    let amount = cell(&assessment, "award:units", "code", "G01", "amount");
    assert_eq!(amount, Scalar::Number(5_000.into()));
}
