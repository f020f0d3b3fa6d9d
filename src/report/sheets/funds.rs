//! 资金-…: funds by unit, block, channel, way, village, month and role, a table each.

use crate::book::{Format, Table};
use crate::policy::{Credit, Dimension, FundTable};
use crate::report::Report;
use crate::report::plan::{ChartPlan, Item, Section, SeriesPlan, SheetPlan, Tab};
use crate::sheet::ChartKind;

/// Height of the charts in pixels.
const HEIGHT: u32 = 300;

/// What stands on the sheets, a table each.
pub(super) fn plans(report: &Report<'_>) -> Vec<SheetPlan> {
    let mut found = rules(report, true);
    // The blocks come first: they are the shortest, and what leaders ask for.
    found.sort_by_key(|(_, fund)| !fund.is_some_and(|fund| fund.rows == Dimension::Block));
    let sheets = found.into_iter().map(|(table, fund)| {
        let title = fund.map_or("其他", |fund| fund.title.as_str());
        let (heading, note) = told(report, table, fund);
        SheetPlan::new(
            super::cut(&format!("资金-{}", title.replace("资金物资", ""))),
            heading,
        )
        .tab(Tab::Leading)
        .note(format!(
            "{note}每笔只计一次，计入捐助者所属的单位，不论由谁填报；物资按折价。末行“核对”把合计与明细直接相加的结果对照。"
        ))
        .with([Section::new(table, "", "").with_label("label").dashed().into()], "")
    });
    sheets.collect()
}

/// The charts of the funds given: by channel for the blocks, and for the units.
pub(super) fn charts(report: &Report<'_>) -> Vec<ChartPlan> {
    let mut charts = Vec::new();
    let mut shown_units = false;
    for (table, fund) in rules(report, true) {
        let (Some(book_table), Some(fund)) = (report.book.tables.get(table), fund) else {
            continue;
        };
        let by_channel = matches!(fund.columns, Dimension::Choice(_));
        if fund.rows == Dimension::Block && by_channel {
            let title = format!("各{}合计", words(report, &fund.columns));
            charts.extend(totals(table, book_table, &title));
        } else if fund.rows == Dimension::Unit && by_channel && !shown_units {
            shown_units = true;
            let found = stacked(table, book_table, &fund.title).map(tall);
            // It needs the whole width.
            charts.splice(0..0, found);
        }
    }
    charts
}

/// The tables of funds given, or those of what else was done, with their rules.
pub(super) fn rules<'a>(report: &Report<'a>, given: bool) -> Vec<(usize, Option<&'a FundTable>)> {
    let policy = report.policy;
    let tables = report.tables("funds:").map(|(table, id)| {
        let rule = policy.fund_tables.iter().find(|f| f.id == id);
        (table, rule)
    });
    let is_given = |rule: &FundTable| {
        let form = policy.forms.get(&rule.form);
        form.is_some_and(|form| matches!(form.credit, Credit::Donor(_)))
    };
    let wanted = |(_, rule): &(usize, Option<&FundTable>)| rule.is_none_or(is_given) == given;
    tables.filter(wanted).collect()
}

/// A chart with room for many long labels.
fn tall(chart: ChartPlan) -> ChartPlan {
    ChartPlan {
        height: 2 * HEIGHT - 150,
        ..chart
    }
}

/// A table of funds with its heading.
pub(super) fn section(
    report: &Report<'_>,
    number: usize,
    table: usize,
    fund: Option<&FundTable>,
) -> Item {
    let (heading, note) = told(report, table, fund);
    let section = Section::new(table, format!("{number}. {heading}"), note);
    section.with_label("label").into()
}

/// What a table of funds is called, and how it is reckoned.
fn told(report: &Report<'_>, table: usize, fund: Option<&FundTable>) -> (String, String) {
    let Some(fund) = fund else {
        let heading = report.book.tables.get(table).map_or("", |t| t.id.as_str());
        return (heading.to_owned(), String::new());
    };
    let sheet = match report.policy.forms.get(&fund.form) {
        Some(form) => form.sheet.as_str(),
        None => fund.form.as_str(),
    };
    let note = format!(
        "把“明细-{sheet}”中计入的各{}按{}、{}相加；{}依据{}。",
        match fund.field {
            Some(_) => "笔金额",
            None => "条记录",
        },
        words(report, &fund.rows),
        words(report, &fund.columns),
        other_year(report, fund),
        report.cite(&fund.clause)
    );
    (fund.title.clone(), note)
}

/// Where entries of other years stand, in a table by months or quarters.
fn other_year(report: &Report<'_>, fund: &FundTable) -> String {
    let by = [&fund.rows, &fund.columns];
    let in_time = by
        .into_iter()
        .any(|one| matches!(one, Dimension::Month | Dimension::Quarter));
    match in_time {
        true => format!("日期不在{}年的列在“其他年度”；", report.policy.pack.year),
        false => String::new(),
    }
}

/// A dimension in words.
fn words<'a>(report: &'a Report<'_>, dimension: &'a Dimension) -> &'a str {
    match dimension {
        Dimension::Unit => "归属单位",
        Dimension::UnitKind => "单位类型",
        Dimension::Block => "三块",
        Dimension::Village => "受助村",
        Dimension::Month => "月份",
        Dimension::Quarter => "季度",
        Dimension::Role => "委员身份",
        Dimension::Choice(field) => report
            .policy
            .forms
            .values()
            .find_map(|form| form.fields.get(field))
            .map_or(field.as_str(), |field| field.header.as_str()),
    }
}

/// Columns of a table that hold the items.
fn items(table: &Table) -> Vec<usize> {
    table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.format == Format::Money && c.id != "total" && c.id != "check")
        .map(|(index, _)| index)
        .collect()
}

/// The rows of a table, a series for each item.
fn stacked(index: usize, table: &Table, title: &str) -> Option<ChartPlan> {
    let categories = report_column(index, table.find("label")?);
    let series: Vec<SeriesPlan> = items(table)
        .into_iter()
        .filter_map(|column| {
            Some(SeriesPlan::Column {
                name: table.columns.get(column)?.header.clone(),
                categories,
                values: report_column(index, column),
            })
        })
        .collect();
    (!series.is_empty()).then(|| chart(ChartKind::StackedColumn, title, series))
}

/// The first row of totals.
fn totals(index: usize, table: &Table, title: &str) -> Option<ChartPlan> {
    let columns = items(table);
    let (from, to) = (*columns.first()?, *columns.last()?);
    if table.totals == 0 {
        return None;
    }
    let series = vec![SeriesPlan::Row {
        name: "合计".to_owned(),
        table: index,
        row: table.height().checked_sub(table.totals)?,
        from,
        to,
    }];
    Some(chart(ChartKind::Column, title, series))
}

/// A column of a table.
fn report_column(table: usize, column: usize) -> crate::book::ColumnRef {
    crate::book::ColumnRef { table, column }
}

/// A chart of money.
fn chart(kind: ChartKind, title: &str, series: Vec<SeriesPlan>) -> ChartPlan {
    ChartPlan {
        kind,
        title: title.to_owned(),
        axis: "元".to_owned(),
        series,
        width: 600,
        height: HEIGHT,
    }
}
