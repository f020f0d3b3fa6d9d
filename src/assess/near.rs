//! Near misses: units a little short of an award, and units that one entry
//! less would strike with a veto. Which rows stand here is settled when the
//! workbook is written; their figures are live.

use rust_decimal::Decimal;

use super::book::{Book, Format, Slot, Table};
use super::expr::{Arithmetic, CellRef, ColumnRef, Criterion, Expr};
use super::params::Params;
use super::reader::{Reader, RowOf};
use super::vetoes::CLEAR;
use crate::policy::{Policy, Subject};

/// Near an award is who lacks no more than this share of what it asks for:
/// the office's default, since the plan knows no near miss.
const NEAR_PERCENT: u32 = 20;
/// Rows on the first page.
const FIRST: usize = 10;

/// A unit that is near something.
struct Near {
    name: String,
    /// Award or veto, by name.
    what: String,
    /// Table, the column of its names, and that of its figures.
    of: (&'static str, &'static str, &'static str),
    limit: Expr,
    format: Format,
    award: bool,
    measure: String,
    /// How far it is, as a share of what is asked for; for the order.
    far: Decimal,
}

/// Adds the tables `near:all` and `overview:near`.
pub fn add(book: &mut Book, policy: &Policy, params: &Params) {
    let mut found = awards(book, policy, params);
    found.extend(vetoes(book, policy, params));
    for (id, most) in [("near:all", found.len()), ("overview:near", FIRST)] {
        let table = table(book, id, found.iter().take(most));
        book.add(table);
    }
}

/// What the sheets say of who stands in the tables.
pub fn near_words() -> String {
    format!(
        "离评优标准还差不到{NEAR_PERCENT}%的单位，和刚好够、再少一项就被一票否决的单位；列入哪些以生成时为准，数字随明细重算。"
    )
}

fn awards(book: &Book, policy: &Policy, params: &Params) -> Vec<Near> {
    let reader = Reader::new(book);
    let share = Decimal::new(i64::from(NEAR_PERCENT), 2);
    let near = |row: RowOf<'_, '_>| {
        let name = row.text("award");
        let award = policy.awards.iter().find(|award| award.name == name)?;
        let (short, limit) = (row.number("short")?, row.number("limit")?);
        if row.text("returned") != "是" || short.is_zero() || short > limit * share {
            return None;
        }
        Some(Near {
            name: row.text("name"),
            what: name,
            of: ("award:units", "award", "amount"),
            limit: params.get(&award.id, "at_least"),
            format: Format::Money,
            award: true,
            measure: "元".to_owned(),
            far: short.checked_div(limit)?,
        })
    };
    let mut found: Vec<Near> = reader.rows("award:units").filter_map(near).collect();
    found.sort_by_key(|near| near.far);
    found
}

fn vetoes(book: &Book, policy: &Policy, params: &Params) -> Vec<Near> {
    let reader = Reader::new(book);
    let near = |row: RowOf<'_, '_>| {
        let name = row.text("rule");
        let mut rules = policy.vetoes.iter();
        let veto = rules.find(|veto| veto.name == name && veto.subject == Subject::Unit)?;
        let least = row.number("op")? == row.number("limit")?;
        if row.text("result") != CLEAR || !least {
            return None;
        }
        Some(Near {
            name: row.text("name"),
            what: name,
            of: ("veto:units", "rule", "op"),
            limit: params.get(&veto.id, "less_than"),
            format: Format::Integer,
            award: false,
            measure: policy.metrics.get(&veto.metric)?.unit.clone(),
            far: Decimal::ONE,
        })
    };
    reader.rows("veto:units").filter_map(near).collect()
}

fn table<'a>(book: &Book, id: &str, found: impl Iterator<Item = &'a Near>) -> Table {
    let mut table = Table::new(id);
    table.column("name", "单位", Format::Text);
    table.column("what", "事项", Format::Text);
    table.column("now", "现有", Format::Money);
    table.column("limit", "标准", Format::Money);
    table.column("gap", "相差", Format::Money);
    table.column("measure", "单位", Format::Centre);
    table.column("words", "说明", Format::Text);
    let index = book.next();
    for near in found {
        let row = table.rows.len();
        let cell = |column| CellRef {
            table: index,
            row,
            column,
        };
        let now = now(book, near, cell(0)).unwrap_or_else(|| Expr::whole(0));
        let (now_at, limit_at) = (Expr::Cell(cell(2)), Expr::Cell(cell(3)));
        let (gap, words) = if near.award {
            let gap = Expr::arithmetic(Arithmetic::Subtract, limit_at, now_at);
            (gap, "还差这些，达到即符合评优标准")
        } else {
            // One more than what is over the limit strikes.
            let over = Expr::arithmetic(Arithmetic::Subtract, now_at, limit_at);
            (
                Expr::Sum(vec![over, Expr::whole(1)]),
                "再少这些即被一票否决",
            )
        };
        table.rows.push(vec![
            Slot::text(&near.name),
            Slot::text(&near.what),
            Slot::Formatted(now, near.format),
            Slot::Formatted(near.limit.clone(), near.format),
            Slot::Formatted(gap.rounded(2), near.format),
            Slot::text(&near.measure),
            Slot::text(words),
        ]);
    }
    table
}

/// The figure of a unit in the table of awards or vetoes.
fn now(book: &Book, near: &Near, name: CellRef) -> Option<Expr> {
    let (table, names, figures) = near.of;
    let column = |id: &str| -> Option<ColumnRef> { book.column(table, id) };
    Some(Expr::SumIfs(
        column(figures)?,
        vec![
            Criterion::equal(column("name")?, Expr::Cell(name)),
            Criterion::equal(column(names)?, Expr::text(&near.what)),
        ],
    ))
}
