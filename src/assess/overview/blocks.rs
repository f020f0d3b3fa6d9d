//! The three blocks: money and goods, and the channels through which they came.

use super::items;
use crate::assess::metrics::{column, counted};
use crate::book::{Book, CellRef, ColumnRef, Criterion, Expr, Format, Slot, Table};
use crate::policy::{Credit, Dimension, Policy};

/// Blocks by money and goods and by channel: the choice fields by which the
/// pack breaks gifts down for villages and for blocks.
pub(super) fn blocks(book: &Book, policy: &Policy) -> Option<Table> {
    let by = |rows: Dimension| {
        policy.fund_tables.iter().find_map(|rule| {
            let form = policy.forms.get(&rule.form)?;
            let gift = matches!(form.credit, Credit::Donor(_)) && rule.rows == rows;
            match &rule.columns {
                Dimension::Choice(field) if gift => Some((rule, field)),
                _ => None,
            }
        })
    };
    let (rule, kinds) = by(Dimension::Village)?;
    let amount = column(book, &rule.form, rule.field.as_deref()?)?;
    let channels = by(Dimension::Block).map(|(_, field)| field);
    let mut table = Table::new("overview:blocks");
    table.column("block", "板块", Format::Text);
    table.column("lead", "牵头领导", Format::Text);
    let mut parts = Vec::new();
    let kind_items = items(policy, &rule.form, kinds)?;
    for item in kind_items {
        parts.push((kinds, item));
        table.column(format!("c{}", parts.len()), item, Format::Money);
    }
    let total = table.column("total", "合计", Format::Money);
    if let Some(field) = channels {
        for item in items(policy, &rule.form, field)? {
            parts.push((field, item));
            table.column(format!("c{}", parts.len()), item, Format::Money);
        }
    }
    let index = book.next();
    for block in policy.blocks.values() {
        let row = table.rows.len();
        let cell = |column| CellRef {
            table: index,
            row,
            column,
        };
        let mut slots = vec![Slot::text(&block.name), Slot::text(&block.lead)];
        for (at, (field, item)) in parts.iter().enumerate() {
            if at == kind_items.len() {
                slots.push(total_of(cell(2), total - 1));
            }
            let criteria = vec![
                counted(book, &rule.form)?,
                Criterion::equal(column(book, &rule.form, "@block")?, Expr::Cell(cell(0))),
                Criterion::equal(column(book, &rule.form, field)?, Expr::text(item.as_str())),
            ];
            slots.push(Slot::Figure(Expr::SumIfs(amount, criteria).rounded(2)));
        }
        if parts.len() == kind_items.len() {
            slots.push(total_of(cell(2), total - 1));
        }
        table.rows.push(slots);
    }
    let mut totals = vec![Slot::text("合计"), Slot::text("")];
    for column in 2..table.columns.len() {
        let down = Expr::SumColumn(ColumnRef {
            table: index,
            column,
        });
        totals.push(Slot::Figure(down.rounded(2)));
    }
    table.rows.push(totals);
    table.totals = 1;
    Some(table)
}

fn total_of(from: CellRef, to: usize) -> Slot {
    Slot::Figure(Expr::SumRow { from, to }.rounded(2))
}
