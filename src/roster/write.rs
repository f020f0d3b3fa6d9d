//! The workbook 名册.xlsx of a new workspace, filled with the pack's rows and
//! then kept by the office.

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::form::{Context, Layout, Lists, decode, draw_own};
use crate::policy::{Field, Form, Kind, Policy, RosterPart};
use crate::sheet::{Area, Cell, Found, Look, Properties, Sheet, Workbook};
use crate::value::Value;

/// Name of the sheet that explains the roster.
const NOTES_SHEET: &str = "说明";

/// Empty rows that print below the filled ones.
const PRINTED_SPARE: u32 = 5;

/// The parts of the roster, in the order of their sheets.
const PARTS: [RosterPart; 3] = [RosterPart::Units, RosterPart::Members, RosterPart::Villages];

/// The roster as a workbook, with the rows of the pack.
pub fn roster_workbook(policy: &Policy, created: Date) -> Workbook {
    let mut lists = Lists::of(policy);
    lists.add(&Kind::Unit, unit_names(policy));
    let mut sheets = vec![notes(policy)];
    for form in PARTS.iter().filter_map(|part| policy.roster_form(*part)) {
        sheets.push(part_sheet(form, &lists, policy));
    }
    sheets.push(lists.sheet());
    Workbook {
        sheets,
        properties: Properties {
            title: format!("{}年名册", policy.pack.year),
            author: policy.pack.office.clone(),
            created,
            custom: Vec::new(),
        },
    }
}

/// Rows of a form as the pack gives them.
fn rows_of<'a>(form: &Form, policy: &'a Policy) -> &'a [IndexMap<String, String>] {
    policy.roster_rows.get(&form.id).map_or(&[], Vec::as_slice)
}

fn unit_names(policy: &Policy) -> Vec<String> {
    let Some(form) = policy.roster_form(RosterPart::Units) else {
        return Vec::new();
    };
    rows_of(form, policy)
        .iter()
        .filter_map(|row| row.get("name").cloned())
        .collect()
}

fn part_sheet(form: &Form, lists: &Lists, policy: &Policy) -> Sheet {
    let rows = rows_of(form, policy)
        .iter()
        .map(|row| values(form, row, policy))
        .collect::<Vec<_>>();
    let filled = rows.len() as u32;
    let mut sheet = draw_own(form, rows, lists, policy, "名册");
    let layout = Layout::new(form, filled + form.spare_rows);
    let last_row = layout.number((filled + PRINTED_SPARE.min(form.spare_rows)).saturating_sub(1));
    let last = Cell::new(last_row.row, layout.columns() - 1);
    sheet.page.area = Some(Area::new(Cell::new(0, 0), last));
    sheet
}

/// The texts of a row as values of their fields; as text where a text is none.
fn values(form: &Form, row: &IndexMap<String, String>, policy: &Policy) -> IndexMap<String, Value> {
    form.fields
        .values()
        .filter_map(|field| {
            let text = row.get(&field.id).filter(|text| !text.is_empty())?;
            Some((field.id.clone(), value(field, text, policy)))
        })
        .collect()
}

fn value(field: &Field, text: &str, policy: &Policy) -> Value {
    let context = Context {
        policy,
        names: None,
        file: "",
        days_of_1904: false,
        older_form: false,
    };
    match decode(field, &Found::Text(text.into()), &context) {
        Ok(reading) => reading.value,
        Err(_) => Value::Text(text.into()),
    }
}

fn notes(policy: &Policy) -> Sheet {
    let mut sheet = Sheet::new(NOTES_SHEET);
    sheet.widths.insert(0, 5.0);
    sheet.widths.insert(1, 16.0);
    sheet.widths.insert(2, 66.0);
    sheet.page.landscape = false;
    let wide = |row| Area::new(Cell::new(row, 0), Cell::new(row, 2));
    let title = format!("{}年考核名册：使用说明", policy.pack.year);
    sheet.banner(wide(0), title, Look::Title.into());
    sheet.banner(wide(1), policy.pack.office.clone(), Look::Subtitle.into());
    let mut row = 2;
    for (text, look) in [
        ("这本名册管什么", Look::Section),
        (
            "下发填报表、认领报回的文件、核对姓名和村名，都以这本名册为准。先改好名册，再运行 kaohe issue 下发。",
            Look::Note,
        ),
    ] {
        sheet.banner(wide(row), text, look.into());
        row += 1;
    }
    for (column, text) in ["序号", "工作表", "写什么"].into_iter().enumerate() {
        sheet.text(Cell::new(row, column as u16), text, Look::Header.into());
    }
    row += 1;
    for (number, form) in (1_u32..).zip(PARTS.iter().filter_map(|p| policy.roster_form(*p))) {
        sheet.text(Cell::new(row, 0), number.to_string(), Look::Centre.into());
        sheet.text(Cell::new(row, 1), &form.sheet, Look::Text.into());
        sheet.text(Cell::new(row, 2), &form.guide, Look::Text.into());
        row += 1;
    }
    sheet.banner(wide(row), "注意", Look::Section.into());
    row += 1;
    for rule in [
        "1. 备注写“示例”的行不是真实名单，请换成本办的名册后再下发。",
        "2. 编号是每个单位、每个人、每个村的身份，下发以后不要改；新增的用新编号。",
        "3. 表名和表头不要改，不要合并单元格；空行没有关系，行的先后就是汇总表里的先后。",
        "4. 同一单位有同名的人，请在姓名后加区别，例如“张三（工业）”。",
        "5. 别的叫法写进“别名”，几个用顿号隔开；报回的文件里写别名也认得。",
        "6. 下拉列表里的单位是建立名册时的单位；新增的单位直接键入名称即可。",
        "7. 改完保存为 .xlsx，文件名仍是“名册.xlsx”，并关闭文件。",
    ] {
        sheet.banner(wide(row), rule, Look::Note.into());
        row += 1;
    }
    sheet
}
