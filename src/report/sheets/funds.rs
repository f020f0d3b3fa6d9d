//! 资金汇总: tables of funds by unit, block, channel, way, village, month and
//! role, with their charts.

use super::source;
use crate::book::{Format, Table};
use crate::policy::{Credit, Dimension, FundTable};
use crate::report::Report;
use crate::report::plan::{ChartPlan, Item, Section, SeriesPlan, SheetPlan, Tab};
use crate::sheet::ChartKind;

/// Height of the charts in pixels.
const HEIGHT: u32 = 300;

/// What stands on the sheet.
pub(super) fn plan(report: &Report<'_>) -> SheetPlan {
    let mut found = rules(report, true);
    // The blocks come first: they are the shortest, and what leaders ask for.
    found.sort_by_key(|(_, fund)| !fund.is_some_and(|fund| fund.rows == Dimension::Block));
    let mut items = Vec::new();
    let mut shown_units = false;
    for (number, (table, fund)) in (1..).zip(found) {
        let Some(book_table) = report.book.tables.get(table) else {
            continue;
        };
        items.push(section(report, number, table, fund));
        let Some(fund) = fund else { continue };
        let by_channel = matches!(fund.columns, Dimension::Choice(_));
        if fund.rows == Dimension::Block && by_channel {
            let mut charts = Vec::new();
            charts.extend(stacked(table, book_table, &fund.title));
            let title = format!("各{}合计", words(report, &fund.columns));
            charts.extend(totals(table, book_table, &title));
            push(&mut items, charts);
        } else if fund.rows == Dimension::Unit && by_channel && !shown_units {
            shown_units = true;
            let mut charts = Vec::new();
            charts.extend(stacked(table, book_table, &fund.title).map(tall));
            push(&mut items, charts);
        }
    }
    let mut plan = SheetPlan::new("资金汇总", "帮扶资金物资汇总表")
        .tab(Tab::Leading)
        .note(source("各表"))
        .note(
            "每笔只计一次，计入捐助者所属的单位，不论由谁填报；物资按折价。\
             每张表末行“核对”把合计与明细直接相加的结果对照。",
        )
        .with(items, "方案没有规定资金汇总表。");
    plan.most_width = 215;
    plan
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

/// Adds charts if there are any.
fn push(items: &mut Vec<Item>, charts: Vec<ChartPlan>) {
    if !charts.is_empty() {
        items.push(Item::Charts(charts));
    }
}

/// A table of funds with its heading.
pub(super) fn section(
    report: &Report<'_>,
    number: usize,
    table: usize,
    fund: Option<&FundTable>,
) -> Item {
    let Some(fund) = fund else {
        let heading = report.book.tables.get(table).map_or("", |t| t.id.as_str());
        return Section::new(table, heading, "").into();
    };
    let sheet = match report.policy.forms.get(&fund.form) {
        Some(form) => form.sheet.as_str(),
        None => fund.form.as_str(),
    };
    Section::new(
        table,
        format!("{number}. {}", fund.title),
        format!(
            "把“明细-{sheet}”中计入的各{}按{}、{}相加；{}依据{}。",
            if fund.field.is_some() {
                "笔金额"
            } else {
                "条记录"
            },
            words(report, &fund.rows),
            words(report, &fund.columns),
            other_year(report, fund),
            report.cite(&fund.clause)
        ),
    )
    .with_label("label")
    .into()
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
