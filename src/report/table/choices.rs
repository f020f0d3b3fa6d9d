//! Drop-downs on the sheets that the office fills in: the rulings of each
//! matter, vetoes, clauses.

use super::RenderedTable;
use crate::assess::BETWEEN;
use crate::sheet::{Area, Cell, Content, Rule, SheetOf, Validation};

/// Adds the drop-downs of a table.
pub(super) fn add(sheet: &mut SheetOf<'_>, ready: &RenderedTable<'_>) {
    for (column, from, area) in ready.chosen() {
        let found = ready.table().find(column);
        if let Some(at) = found.and_then(|at| ready.place().column(at)) {
            sheet.validations.push(Validation {
                rule: Rule::ListRange {
                    sheet: from.clone(),
                    area: *area,
                },
                ..list(
                    ready.place().area(at, at),
                    Vec::new(),
                    "点右边的箭头",
                    "从下拉列表选一个，本页随之变。",
                )
            });
        }
    }
    match ready.table().id.as_str() {
        "matters" => matters(sheet, ready),
        id => listed(sheet, ready, id),
    }
}

/// For each matter its own rulings; neighbours with the same ones share one.
fn matters(sheet: &mut SheetOf<'_>, ready: &RenderedTable<'_>) {
    let table = ready.table();
    let (Some(choices), Some(verdict)) = (table.find("choices"), table.find("verdict")) else {
        return;
    };
    let Ok(column) = u16::try_from(verdict) else {
        return;
    };
    let mut open: Option<(u32, u32, &str)> = None;
    let mut runs: Vec<(u32, u32, &str)> = Vec::new();
    for row in 0..table.height() {
        let (Some(at), Some(Content::Text(text))) =
            (ready.place().row(row), ready.content(row, choices))
        else {
            continue;
        };
        open = match open {
            Some((first, last, same)) if same == text && last + 1 == at => Some((first, at, same)),
            other => {
                runs.extend(other);
                Some((at, at, text))
            }
        };
    }
    runs.extend(open);
    for (first, last, text) in runs {
        let items = text.split(BETWEEN).map(str::to_owned).collect();
        let area = Area::new(Cell::new(first, column), Cell::new(last, column));
        sheet.validations.push(list(
            area,
            items,
            "裁定",
            "选一项；同时写明裁定理由和裁定人。",
        ));
    }
}

/// Fields of the office's own sheets that are chosen from a list.
fn listed(sheet: &mut SheetOf<'_>, ready: &RenderedTable<'_>, id: &str) {
    for (column, items) in ready.lists(id) {
        let Some(Ok(at)) = ready.table().find(&column).map(u16::try_from) else {
            continue;
        };
        let area = ready.place().area(at, at);
        sheet
            .validations
            .push(list(area, items, "选择", "从下拉列表选择。"));
    }
}

fn list(area: Area, items: Vec<String>, title: &str, prompt: &str) -> Validation {
    Validation {
        area,
        rule: Rule::List(items),
        prompt_title: title.to_owned(),
        prompt: prompt.to_owned(),
        error_title: "不在列表里".to_owned(),
        error: "请从下拉列表选择。".to_owned(),
        warn_only: false,
    }
}
