//! 考核评分: a sheet for each kind of unit, by rank, with the points of each item and
//! where points were lost.

use super::kind_name;
use crate::report::Report;
use crate::report::plan::{Section, SheetPlan, Tab};

/// What stands on the sheets.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let tables: Vec<(usize, &str)> = report.tables("ranking:").collect();
    let sheet = |(table, kind): &(usize, &str)| {
        let name = kind_name(report, kind);
        let section = Section::new(*table, "", "");
        let pack = &report.policy.pack;
        SheetPlan::new(sheet_name("考核评分", name), format!("{name}考核评分表"))
            .tab(Tab::Leading)
            .note(format!(
                "满分{}分（{}）。最末一行是各项满分。并列的名次相同；一票否决的排在有名次的后面，未报送的没有分。实绩和算法见“{}”。",
                pack.full_mark.normalize(),
                report.cite(&pack.full_mark_clause),
                sheet_name("实绩", name),
            ))
            .with([section.into()], "")
    };
    tables.iter().map(sheet).collect()
}

/// The name of the sheet of a kind: a prefix and as much of the kind's name as fits.
pub(super) fn sheet_name(prefix: &str, kind: &str) -> String {
    super::cut(&format!("{prefix}-{kind}"))
}
