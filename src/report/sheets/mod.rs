//! What stands on each sheet of the consolidated workbook, one file a sheet.

mod activities;
mod awards;
mod detail;
mod funds;
mod goals;
mod issues;
mod matters;
mod members;
mod near;
mod overview;
mod pairings;
mod publicity;
mod returns;
mod rules;
mod run;
mod scores;
mod sides;
mod vetoes;

use std::collections::HashSet;

use super::Report;
use super::plan::SheetPlan;

/// What stands on each sheet, in the order of the sheets.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let mut plans = vec![
        overview::plan(report),
        scores::plan(report),
        vetoes::plan(report),
        awards::plan(report),
        near::plan(report),
        funds::plan(report),
        activities::plan(report),
        publicity::plan(report),
        members::plan(report),
        pairings::plan(report),
        goals::plan(report),
        returns::plan(report),
        sides::plan(report),
        matters::plan(report),
    ];
    plans.extend(matters::plans(report));
    plans.push(issues::plan(report));
    plans.push(rules::plan(report));
    plans.extend(detail::plans(report));
    plans.extend(detail::replaced(report));
    let mut plans: Vec<SheetPlan> = plans
        .into_iter()
        .flat_map(|p| p.parted(report.book))
        .collect();
    let drawn: HashSet<usize> = plans.iter().flat_map(SheetPlan::tables).collect();
    plans.push(run::plan(report, &drawn));
    plans
}

/// The line that says whence the figures come.
pub(super) fn source(of: &str) -> String {
    format!(
        "数字均为公式，来自“明细-…”{of}，点一下可到来源；在明细表改“计入”或数值，这里即随之重算。"
    )
}
