//! What stands on each sheet of the consolidated workbook, one file a sheet.

mod activities;
mod awards;
mod card;
mod charts;
mod detail;
mod figures;
mod funds;
mod goals;
mod issues;
mod lost;
mod matters;
mod members;
mod near;
mod overview;
mod pairings;
mod publicity;
mod ranking;
mod returns;
mod rules;
mod run;
mod scores;
mod sides;
mod vetoes;

use std::collections::HashSet;

use super::Report;
use super::plan::{Section, SheetPlan};
use super::widths;
use crate::book::CellRef;
use crate::sheet::Scalar;

pub(super) use card::own as own_card;

/// What stands on each sheet, in the order of the sheets.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let mut plans = vec![overview::plan(report)];
    plans.extend(ranking::plans(report));
    plans.extend(vetoes::plans(report));
    plans.extend(awards::plans(report));
    plans.extend(funds::plans(report));
    plans.extend(card::plan(report));
    plans.push(publicity::plan(report));
    plans.extend(near::plans(report));
    plans.push(charts::plan(report));
    plans.push(figures::plan(report));
    plans.extend(scores::plans(report));
    plans.extend(lost::plan(report));
    plans.extend([
        activities::plan(report),
        members::plan(report),
        pairings::plan(report),
        goals::plan(report),
        returns::plan(report),
        sides::plan(report),
        matters::plan(report),
    ]);
    plans.extend(matters::plans(report));
    plans.push(issues::plan(report));
    plans.push(rules::plan(report));
    plans.extend(detail::plans(report));
    plans.extend(detail::replaced(report));
    let mut plans: Vec<SheetPlan> = plans
        .into_iter()
        .flat_map(|p| p.parted(report.book))
        .collect();
    // Each sheet has a name of its own, whatever the plan calls its tables.
    let mut names = HashSet::new();
    for plan in &mut plans {
        let mut number = 2;
        let whole = plan.name.clone();
        while !names.insert(plan.name.clone()) {
            let cut: String = whole.chars().take(LONGEST_NAME - 4).collect();
            plan.name = format!("{cut}({number})");
            number += 1;
        }
    }
    let drawn: HashSet<usize> = plans.iter().flat_map(SheetPlan::tables).collect();
    plans.push(run::plan(report, &drawn));
    plans.insert(1, overview::contents(&plans));
    plans
}

/// Longest name of a sheet, in UTF-16 units.
const LONGEST_NAME: usize = 31;

/// As much of a name as that of a sheet may have.
fn cut(name: &str) -> String {
    let mut length = 0;
    let letters = name.chars().take_while(|letter| {
        length += letter.len_utf16();
        length <= LONGEST_NAME
    });
    letters.collect()
}

/// How many rows of the sheet each row of a table on a grid takes.
fn tall(report: &Report<'_>, section: &Section, grid: &[u32]) -> Vec<u32> {
    let Some(table) = report.book.tables.get(section.table) else {
        return Vec::new();
    };
    let lines = |row: usize| {
        let cells = section.spans.iter().enumerate();
        let lines = cells.map(|(column, (first, last))| {
            let at = CellRef {
                table: section.table,
                row,
                column,
            };
            let across = grid.iter().skip(usize::from(*first));
            let across = across.take(usize::from(last - first) + 1).sum();
            match report.values.cell(at) {
                Scalar::Text(text) => widths::lines(&text, across),
                _ => 1,
            }
        });
        lines.max().unwrap_or(1)
    };
    (0..table.height()).map(lines).collect()
}

/// Name of a kind of unit.
fn kind_name<'a>(report: &'a Report<'_>, kind: &'a str) -> &'a str {
    match report.policy.unit_kinds.get(kind) {
        Some(kind) => &kind.name,
        None => kind,
    }
}

/// The line that says whence the figures come.
pub(super) fn source(of: &str) -> String {
    format!(
        "数字均为公式，来自“明细-…”{of}，点一下可到来源；在明细表改“计入”或数值，这里即随之重算。"
    )
}
