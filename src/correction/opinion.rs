//! The sheet 退回意见: every finding about a return, with a link to its cell and
//! a column that says whether what is at fault was changed since.

use super::changed::{CHANGED, SAME};
use super::marks::{Marked, Point, short};
use super::words::mend;
use crate::diagnostic::Severity;
use crate::policy::Policy;
use crate::roster::Unit;
use crate::sheet::{Area, Cell, Content, Highlight, Look, Scalar, Sheet, column_name};
use crate::template::{LEFTOVER_SHEET, OPINION_SHEET};

/// Header of the list.
const HEADER: u32 = 4;
/// Headers and widths of the columns.
const COLUMNS: [(&str, f64); 7] = [
    ("序号", 6.0),
    ("程度", 7.0),
    ("位置（点一下就到）", 36.0),
    ("填写的内容", 22.0),
    ("问题", 38.0),
    ("怎么改", 42.0),
    ("改了吗", 9.0),
];
/// Longest text of a line, in characters; all of it stands in the cell itself.
const LONGEST_WORDS: usize = 300;

/// Draws the sheet.
pub(super) fn sheet(
    marked: &Marked<'_>,
    unit: &Unit,
    policy: &Policy,
    revision: u32,
    leftovers: bool,
    changed: &dyn Fn(&Point<'_>) -> Option<String>,
) -> Sheet {
    let mut sheet = Sheet::new(OPINION_SHEET);
    sheet.protected = true;
    sheet.freeze = Some(Cell::new(HEADER + 1, 0));
    sheet.page.repeat_rows = Some((HEADER, HEADER));
    sheet.page.footer_left.clone_from(&policy.pack.office);
    for (column, (header, width)) in (0..).zip(COLUMNS) {
        sheet.widths.insert(column, width);
        sheet.text(Cell::new(HEADER, column), header, Look::Header.into());
    }
    let last = COLUMNS.len() as u16 - 1;
    let wide = |row| Area::new(Cell::new(row, 0), Cell::new(row, last));
    let title = format!("{}填报表退回意见", unit.name);
    sheet.banner(wide(0), title, Look::Title.into());
    let count = |severity| marked.count(severity);
    let summary = format!(
        "第{revision}次退回。错误 {} 处（不改不能计入），警告 {} 处（请逐条核对），提示 {} 处。",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    );
    sheet.banner(wide(1), summary, Look::Note.into());
    let how = "怎么改：在本文件里直接改标了颜色的格子，鼠标放上去能看到说明；改完保存，把本文件发回。核对后没有错的警告，可以不改。填报日期不用改，程序认得这是改过的一份。";
    sheet.banner(wide(2), how, Look::Note.into());
    let kept = if leftovers {
        format!("写在栏目以外、没有读取的内容，原样放在“{LEFTOVER_SHEET}”表里。")
    } else {
        String::new()
    };
    sheet.banner(wide(3), kept, Look::Note.into());
    for (row, height) in [(0, 30.0), (1, 20.0), (2, 32.0), (3, 20.0)] {
        sheet.heights.insert(row, height);
    }
    for (index, point) in marked.points.iter().enumerate() {
        line(&mut sheet, index as u32, point, changed(point));
    }
    let lines = marked.points.len() as u32;
    if lines > 0 {
        let area = Area::new(Cell::new(HEADER + 1, last), Cell::new(HEADER + lines, last));
        let first = format!("${}{}", column_name(last), HEADER + 2);
        sheet.highlights.push(Highlight {
            area,
            formula: format!("{first}=\"{CHANGED}\""),
            look: Look::Good,
        });
    }
    sheet
}

fn line(sheet: &mut Sheet, index: u32, point: &Point<'_>, changed: Option<String>) {
    let row = HEADER + 1 + index;
    let finding = point.finding;
    sheet.put(
        Cell::new(row, 0),
        Content::Number((index + 1).into()),
        Look::Centre.into(),
    );
    let severity = finding.severity().word();
    sheet.text(Cell::new(row, 1), severity, Look::Centre.into());
    let at = Cell::new(row, 2);
    match point.cell.as_ref().or(point.sheet.as_ref()) {
        Some((name, cell)) => {
            let text = match (&point.cell, &finding.place.header) {
                (Some(_), Some(header)) => format!("{name}!{}（{header}）", cell.name()),
                (Some(_), None) => format!("{name}!{}", cell.name()),
                (None, _) => match (&finding.place.sheet, finding.place.cell) {
                    (Some(sheet), Some(was)) => format!("{name}（原 {sheet}\u{21}{}）", was.name()),
                    _ => name.clone(),
                },
            };
            let link = Content::Link {
                text,
                sheet: name.clone(),
                cell: *cell,
            };
            sheet.put(at, link, Look::Link.into());
        }
        None => sheet.text(at, "整个文件", Look::Text.into()),
    }
    let message = match &finding.taken {
        Some(taken) => format!("{}（按此理解：{taken}）", point.message),
        None => point.message.clone(),
    };
    let texts = [&point.typed, &message, &mend(finding)].map(|text| short(text, LONGEST_WORDS));
    for (column, text) in (3..).zip(texts) {
        sheet.text(Cell::new(row, column), text, Look::Text.into());
    }
    let at = Cell::new(row, 6);
    match changed {
        Some(text) => {
            let result = Scalar::Text(SAME.to_owned());
            let formula = Content::Formula { text, result };
            sheet.put(at, formula, Look::Centre.into());
        }
        None => sheet.put(at, Content::Blank, Look::Centre.into()),
    }
}
