//! Near misses: units a little short of an award, and units that one entry
//! less would strike with a veto. Which rows stand here is settled when the
//! workbook is written; their figures are live.

use rust_decimal::Decimal;

use super::held::format_of;
use super::metrics::{sure, zero};
use super::params::Params;
use super::words::{CLEAR, UNKNOWN};
use crate::book::{
    Arithmetic, Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Format, Reader, RowOf, Slot,
    Table,
};
use crate::policy::{MeasureUnit, Policy};

/// Near an award is who lacks no more than this share of what it asks for:
/// the office's default, since the plan knows no near miss.
const NEAR_PERCENT: u32 = 20;

/// A unit that is near something.
struct Near {
    code: String,
    name: String,
    /// Award or veto, by name.
    what: String,
    /// The same by its id.
    rule: String,
    /// Table, and the column of its figures.
    of: (&'static str, &'static str),
    limit: Expr,
    format: Format,
    near: NearTo,
    measure: MeasureUnit,
    /// How far it is, as a share of what is asked for; for the order.
    far: Decimal,
}

/// What is near.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NearTo {
    /// An award that is not reached.
    Award,
    /// A veto that one less would bring.
    Veto,
    /// A veto that a little less would bring.
    VetoBelow,
}

/// Adds the table `near:all`.
pub fn add(book: &mut Book, policy: &Policy, params: &Params) {
    let mut found = awards(book, policy, params);
    found.extend(vetoes(book, policy, params));
    let table = table(book, &found);
    book.add(table);
}

/// What the sheets say of who stands in the tables.
pub fn near_words() -> String {
    format!(
        "离评优标准还差不到{NEAR_PERCENT}%的单位，和再少一项（按金额或占比的，高出不到{NEAR_PERCENT}%）就被一票否决的单位；列入哪些以生成时为准，数字随明细重算。"
    )
}

fn awards(book: &Book, policy: &Policy, params: &Params) -> Vec<Near> {
    let reader = Reader::new(book);
    let share = Decimal::new(i64::from(NEAR_PERCENT), 2);
    let near = |row: RowOf<'_, '_>| {
        let rule = row.text("@rule");
        let award = policy.awards.iter().find(|award| award.id == rule)?;
        let (short, limit) = (row.number("short")?, row.number("limit")?);
        if row.text("returned") != "是" || short.is_zero() || short > limit * share {
            return None;
        }
        Some(Near {
            code: row.text("code"),
            name: row.text("name"),
            what: row.text("award"),
            of: ("award:units", "amount"),
            rule,
            limit: params.get(&award.id, "at_least"),
            format: format_of(policy, &award.metric),
            near: NearTo::Award,
            measure: policy.metrics.get(&award.metric)?.unit,
            far: short.checked_div(limit)?,
        })
    };
    let mut found: Vec<Near> = reader.rows("award:units").filter_map(near).collect();
    found.sort_by_key(|near| near.far);
    found
}

fn vetoes(book: &Book, policy: &Policy, params: &Params) -> Vec<Near> {
    let reader = Reader::new(book);
    let share = Decimal::new(i64::from(NEAR_PERCENT), 2);
    let near = |row: RowOf<'_, '_>| {
        let rule = row.text("@rule");
        let veto = policy.vetoes.iter().find(|veto| veto.id == rule)?;
        let metric = policy.metrics.get(&veto.metric)?;
        let (op, limit) = (row.number("op")?, row.number("limit")?);
        // What is counted by the piece is near if one less strikes.
        let by_one = format_of(policy, &metric.id) == Format::Integer;
        let least = match by_one {
            true => op < limit + Decimal::ONE,
            false => op <= limit + limit * share,
        };
        if row.text("result") != CLEAR || !least {
            return None;
        }
        Some(Near {
            code: row.text("code"),
            name: row.text("name"),
            what: row.text("rule"),
            of: ("veto:units", "op"),
            rule,
            limit: params.get(&veto.id, "less_than"),
            format: format_of(policy, &metric.id),
            near: match by_one {
                true => NearTo::Veto,
                false => NearTo::VetoBelow,
            },
            measure: metric.unit,
            far: Decimal::ONE,
        })
    };
    reader.rows("veto:units").filter_map(near).collect()
}

fn table(book: &Book, found: &[Near]) -> Table {
    let mut table = Table::new("near:all");
    table.column("name", "单位", Format::Text);
    table.column("what", "事项", Format::Text);
    table.column("now", "现有", Format::Money);
    table.column("limit", "标准", Format::Money);
    table.column("gap", "相差", Format::Money);
    table.column("measure", "单位", Format::Centre);
    table.column("words", "说明", Format::Text);
    table.printed = Some(table.columns.len());
    table.column("@code", "编号", Format::Centre);
    table.column("@rule", "规则代号", Format::Text);
    let index = book.next();
    for near in found {
        let here = |id: &str| table.coming(index, id);
        let now = sure(now(book, near, here("@code"), here("@rule")));
        let (now_at, limit_at) = (Expr::Cell(here("now")), Expr::Cell(here("limit")));
        let known = Expr::IsNumber(Box::new(now_at.clone()));
        let (gap, words) = match near.near {
            NearTo::Award => {
                let gap = Expr::arithmetic(Arithmetic::Subtract, limit_at, now_at.clone());
                (gap, "还差这些，达到即符合评优标准")
            }
            // One more than what is over the limit strikes.
            NearTo::Veto => {
                let over = Expr::arithmetic(Arithmetic::Subtract, now_at.clone(), limit_at);
                let gap = Expr::Sum(vec![over, Expr::whole(1)]);
                (gap, "再少这些即被一票否决")
            }
            NearTo::VetoBelow => {
                let over = Expr::arithmetic(Arithmetic::Subtract, now_at.clone(), limit_at);
                (over, "只高出这些，低于标准即被一票否决")
            }
        };
        let gap = gap.rounded(match near.format {
            Format::Percent | Format::Number => 8,
            _ => 2,
        });
        let gap = Expr::when(known, gap, now_at);
        table.rows.push(vec![
            Slot::text(&near.name),
            Slot::text(&near.what),
            Slot::Formatted(now, near.format),
            Slot::Formatted(near.limit.clone(), near.format),
            Slot::Formatted(gap, near.format),
            Slot::text(near.measure.word()),
            Slot::text(words),
            Slot::text(&near.code),
            Slot::text(&near.rule),
        ]);
    }
    table
}

/// The figure of a unit in the table of awards or vetoes; a word where it has none.
fn now(book: &Book, near: &Near, code: CellRef, rule: CellRef) -> Option<Expr> {
    let (table, figures) = near.of;
    let column = |id: &str| -> Option<ColumnRef> { book.column(table, id) };
    let own = vec![
        Criterion::equal(column("code")?, Expr::Cell(code)),
        Criterion::equal(column("@rule")?, Expr::Cell(rule)),
    ];
    // A sum passes over texts: that there is a number has to be seen.
    let is_number = |comparison| {
        let mut all = own.clone();
        all.push(Criterion {
            column: column(figures)?,
            comparison,
            with: zero(),
        });
        Some(Expr::CountIfs(all))
    };
    let numbers = [Comparison::AtLeast, Comparison::LessThan].map(is_number);
    let numbers = Expr::Sum(numbers.into_iter().collect::<Option<Vec<Expr>>>()?);
    Some(Expr::when(
        Expr::compare(Comparison::MoreThan, numbers, zero()),
        Expr::SumIfs(column(figures)?, own.clone()),
        Expr::text(UNKNOWN),
    ))
}
