//! Findings as text for a terminal: all of them, by file and sheet in the
//! order of cells. The same fault down a column is told once and then lists
//! every cell, so that nobody drowns and nothing is hidden.

use indexmap::IndexMap;

use super::wrap::{COLUMNS, hanging, width};
use super::{Finding, MESSAGE, Place, Severity, brief};
use crate::sheet::Cell;

/// All findings under a heading for each file, then a line that counts them.
pub fn render_all(findings: &[Finding]) -> String {
    let mut text = String::new();
    for (file, own) in by_file(findings) {
        let counts = severities(own.iter().copied());
        let file = file.unwrap_or("全部文件");
        text.push_str(&hanging("■ ", &format!("{file}（{counts}）")));
        text.push_str(&render_file(&own));
        text.push('\n');
    }
    let count = |severity| findings.iter().filter(|f| f.severity() == severity).count();
    let counts = Severity::ALL.map(|severity| format!("{} {}", severity.word(), count(severity)));
    text.push_str(&format!(
        "共 {} 条：{}\n",
        findings.len(),
        counts.join("\u{FF0C}")
    ));
    text
}

/// Findings by their file, in the order in which the files are first named.
pub fn by_file(findings: &[Finding]) -> IndexMap<Option<&str>, Vec<&Finding>> {
    let mut files: IndexMap<Option<&str>, Vec<&Finding>> = IndexMap::new();
    for finding in findings {
        let file = finding.place.file.as_deref();
        files.entry(file).or_default().push(finding);
    }
    files
}

/// How many there are of each severity that there is.
pub fn severities<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> String {
    let count = |severity| {
        findings
            .clone()
            .filter(|f| f.severity() == severity)
            .count()
    };
    let counts: Vec<String> = Severity::ALL
        .iter()
        .filter(|severity| count(**severity) > 0)
        .map(|severity| format!("{} {}", severity.word(), count(*severity)))
        .collect();
    counts.join("\u{FF0C}")
}

/// The findings of one file, which a heading has named: first those on the
/// file as a whole, then sheet by sheet in the order of cells.
pub fn render_file(findings: &[&Finding]) -> String {
    let mut sheets: IndexMap<Option<&str>, Vec<&Finding>> = IndexMap::new();
    sheets.insert(None, Vec::new());
    for finding in findings {
        let sheet = finding.place.sheet.as_deref();
        sheets.entry(sheet).or_default().push(finding);
    }
    let mut text = String::new();
    for (sheet, mut own) in sheets {
        if own.is_empty() {
            continue;
        }
        own.sort_by_key(|f| (f.place.line, f.place.cell.map(|c| (c.row, c.column))));
        if let Some(sheet) = sheet {
            let counts = severities(own.iter().copied());
            text.push('\n');
            text.push_str(&hanging("—— ", &format!("{sheet}：{counts}")));
        }
        for alike in folded(&own) {
            text.push('\n');
            text.push_str(&render_alike(&alike));
        }
    }
    text
}

/// Findings in groups: the same fault in the same column, in the order of the
/// first of each.
fn folded<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut groups: IndexMap<_, Vec<&Finding>> = IndexMap::new();
    for (index, &finding) in findings.iter().enumerate() {
        let alone = finding.related.is_empty() && finding.place.cell.is_some();
        let alone = if alone { usize::MAX } else { index };
        let column = finding.place.cell.map(|cell| cell.column);
        let key = (
            alone,
            finding.code,
            column,
            &finding.place.header,
            &finding.mend,
        );
        groups.entry(key).or_default().push(finding);
    }
    groups.into_values().collect()
}

fn render_alike(alike: &[&Finding]) -> String {
    let Some((first, others)) = alike.split_first() else {
        return String::new();
    };
    let mut text = render(first, &within_file(&first.place));
    if others.is_empty() {
        return text;
    }
    let same = |f: &&Finding| {
        (&f.message, &f.typed, &f.taken) == (&first.message, &first.typed, &first.taken)
    };
    let (between, items) = if others.iter().all(same) {
        let cells: Vec<Cell> = others.iter().filter_map(|f| f.place.cell).collect();
        ("、", ranges(&cells))
    } else {
        // Of more than these there is no room.
        let others = others.iter().take(LINES * COLUMNS);
        ("；", others.map(|f| in_short(f, first)).collect())
    };
    let head = format!("  同样的问题还有 {} 处：", others.len());
    let room = LINES.saturating_sub(text.lines().count()).max(2);
    text.push_str(&hanging(
        &head,
        &fitting(&items, between, width(&head), room),
    ));
    text
}

/// Lines of a message on a screen of 24.
const LINES: usize = 20;

/// As many items as stand in some lines behind a heading of some width.
fn fitting(items: &[String], between: &str, indent: usize, lines: usize) -> String {
    const END: &str = "……其余见“问题清单”或退回的表";
    let room = (lines - 1) * COLUMNS.saturating_sub(indent + 2) - width(END);
    let mut text = String::new();
    let mut used = 0;
    for item in items {
        used += width(item) + width(between);
        if used > room && !text.is_empty() {
            text.push_str(END);
            break;
        }
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(&brief(item, MESSAGE));
    }
    text
}

/// A finding after one that is like it: the cell, and what is its own.
fn in_short(finding: &Finding, first: &Finding) -> String {
    let mut text = finding.place.cell.map_or_else(String::new, Cell::name);
    if finding.message != first.message {
        text.push_str(&format!(" {}", finding.message));
    }
    if let Some(typed) = &finding.typed {
        text.push_str(&format!(" “{typed}”"));
    }
    if let Some(taken) = &finding.taken {
        text.push_str(&format!(" → {taken}"));
    }
    text
}

/// Cells of one column, neighbours as ranges: `F13、F15:F20`.
fn ranges(cells: &[Cell]) -> Vec<String> {
    let mut runs: Vec<(Cell, Cell)> = Vec::new();
    for &cell in cells {
        match runs.last_mut() {
            Some((_, last)) if last.row + 1 == cell.row && last.column == cell.column => {
                *last = cell;
            }
            _ => runs.push((cell, cell)),
        }
    }
    let name = |(first, last): (Cell, Cell)| {
        if first == last {
            first.name()
        } else {
            format!("{}:{}", first.name(), last.name())
        }
    };
    runs.into_iter().map(name).collect()
}

/// A place within a file that has been named.
fn within_file(place: &Place) -> String {
    let place = Place {
        file: Some(String::new()),
        ..place.clone()
    };
    let text = place.to_string();
    text.trim_start_matches([' ', '›']).to_owned()
}

fn render(finding: &Finding, place: &str) -> String {
    let head = format!("{}[{}] ", finding.severity().word(), finding.code);
    let mut text = hanging(&head, &finding.message);
    if !place.is_empty() {
        text.push_str(&hanging("  → ", place));
    }
    if let Some(typed) = &finding.typed {
        text.push_str(&hanging("  填写内容：", &format!("“{typed}”")));
    }
    if let Some(taken) = &finding.taken {
        text.push_str(&hanging("  按此理解：", taken));
    }
    let mend = hanging("  改法：", &finding.mend);
    let room = LINES.saturating_sub(text.lines().count() + mend.lines().count() + 1);
    let mut lines = 0;
    for (at, place) in finding.related.iter().enumerate() {
        let line = hanging("  另见：", &place.to_string());
        lines += line.lines().count();
        if lines > room {
            let left = finding.related.len() - at;
            text.push_str(&hanging("  另见：", &format!("……另有 {left} 处")));
            break;
        }
        text.push_str(&line);
    }
    text.push_str(&mend);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn at(row: u32, typed: &str) -> Finding {
        let place = Place::file("甲.xlsx").on("资金物资");
        let place = place.at(Cell::new(row, 5), "金额");
        Finding::new(Code::MoneyText, place, "金额写法不对").typed(typed)
    }

    #[test]
    fn the_same_fault_down_a_column_names_every_cell_once() {
        let findings: Vec<Finding> = [11, 12, 13, 20].map(|row| at(row, "约5")).into();
        let text = render_all(&findings);
        assert_eq!(text.matches("错误[IN-204]").count(), 1, "{text}");
        assert!(text.contains("→ 资金物资!F12（金额）"), "{text}");
        assert!(text.contains("同样的问题还有 3 处：F13:F14、F21"), "{text}");
        assert!(text.contains("共 4 条：错误 4，警告 0，提示 0"), "{text}");
    }

    #[test]
    fn what_differs_within_a_column_is_told() {
        let text = render_all(&[at(11, "约5"), at(12, "5-6万")]);
        assert!(text.contains("还有 1 处：F13 “5-6万”"), "{text}");
    }
}
