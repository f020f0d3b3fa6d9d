//! The money and goods of a card, in what the first page shows: those of the unit, and on the card in the
//! consolidated workbook those of its block.

use super::Card;
use crate::assess::lookups::said;
use crate::assess::overview::on_front;
use crate::assess::ranking::NONE;
use crate::book::{Expr, Format, Slot, Table};
use crate::policy::{Credit, Dimension};

/// Most amounts that have room beside each other.
const MOST: usize = 8;

/// An amount of each unit: the table of funds, its column and the name of that.
type Amount = (String, String, String);

/// The amounts of units: in all, and by each of the ways in which the pack breaks them
/// down, as far as there is room.
fn amounts(card: &Card<'_>) -> Option<Vec<Amount>> {
    let rules = card.policy.fund_tables.iter().filter(|rule| {
        let form = card.policy.forms.get(&rule.form);
        let is_gift = form.is_some_and(|form| matches!(form.credit, Credit::Donor(_)));
        is_gift && rule.field.is_some() && rule.rows == Dimension::Unit
    });
    let mut tables: Vec<&Table> = rules
        .filter_map(|rule| card.book.table(&format!("funds:{}", rule.id)))
        .collect();
    tables.sort_by_key(|table| table.columns.len());
    let all = tables.first()?;
    let mut found = vec![(all.id.clone(), "total".to_owned(), "合计".to_owned())];
    for table in tables {
        let parts = table.columns.iter().filter(|column| {
            let number = column.id.strip_prefix('c');
            number.is_some_and(|number| number.parse::<usize>().is_ok())
        });
        let parts: Vec<Amount> = parts
            .map(|column| (table.id.clone(), column.id.clone(), column.header.clone()))
            .collect();
        if found.len() + parts.len() <= MOST {
            found.extend(parts);
        }
    }
    Some(found)
}

/// A row for the unit, and one for its block.
pub(super) fn money(card: &Card<'_>) -> Option<Table> {
    let amounts = amounts(card)?;
    let mut table = card.table("money");
    table.column("whose", "帮扶资金物资", Format::Text);
    for (at, (_, _, header)) in amounts.iter().enumerate() {
        table.column(format!("a{at}"), header, Format::Money);
    }
    table.printed = Some(table.columns.len());
    table.column("block", "板块", Format::Text);
    let of_unit = amounts.iter().map(|(of, column, _)| {
        let found = said(card.book, of, "key", card.head("code"), column);
        found.map(|found| Slot::Figure(card.if_chosen(on_front(card.policy, found))))
    });
    let of_unit = of_unit.collect::<Option<Vec<Slot>>>()?;
    let own = [Slot::text("本单位")].into_iter().chain(of_unit);
    table.rows.push(own.chain([Slot::text("")]).collect());
    if card.is_chosen()
        && let Some(blocks) = card.book.table("overview:blocks")
    {
        let block = Expr::Cell(table.coming(card.book.next(), "block"));
        let of_block = amounts.iter().map(|(_, _, header)| {
            let mut columns = blocks.columns.iter().skip(2);
            let column = columns.find(|column| column.header == *header);
            let found =
                column.and_then(|of| said(card.book, &blocks.id, "block", block.clone(), &of.id));
            Slot::Figure(match found {
                Some(found) => card.if_chosen(on_front(card.policy, found)),
                None => Expr::text(NONE),
            })
        });
        let of_block: Vec<Slot> = of_block.collect();
        let name = Expr::Joined(vec![Expr::text("所属板块\u{FF1A}"), block]);
        let row = [Slot::Figure(name)].into_iter().chain(of_block);
        let block = Slot::Figure(card.of_unit("block"));
        table.rows.push(row.chain([block]).collect());
    }
    Some(table)
}
