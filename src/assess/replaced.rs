//! The returns that later ones of their units have replaced: what stands in each,
//! by form, in a line. Their rows are not listed one by one: they are in the
//! file that is named, and none of them counts.

use crate::book::{Book, CellInput, ColumnStore, Criterion, Expr, Format, Table};
use crate::intake::Line;
use crate::policy::{Form, Policy, Shape};
use crate::reconcile::Reconciled;
use crate::roster::Roster;
use crate::sheet::Scalar;

/// Id of the table.
pub const REPLACED: &str = "replaced";

/// Adds the table `replaced`, if there is any such return.
pub fn add(book: &mut Book, reconciled: &Reconciled, policy: &Policy, roster: &Roster) {
    let mut table = Table::new(REPLACED);
    table.column("file", "来源文件", Format::Text);
    table.column("unit", "填报单位", Format::Text);
    table.column("form", "表", Format::Text);
    table.column("sheet", "来源工作表", Format::Text);
    table.column("where", "来源行", Format::Centre);
    table.column("rows", "行数", Format::Integer);
    table.column("amount", "金额（元）", Format::Money);
    let mut rows = ColumnStore::of(&table);
    for (at, outline) in reconciled.ledger().outlined() {
        let file = reconciled.ledger().files.get(at);
        let unit = roster.unit(&outline.age.unit);
        for line in &outline.lines {
            let form = policy.forms.get(&line.form);
            let has_money = form.is_some_and(|form| {
                form.shape == Shape::Table && form.money_fields().next().is_some()
            });
            rows.push(|column| match column {
                0 => CellInput::text(file.map_or("", |file| &file.name)),
                1 => CellInput::text(unit.map_or("", |unit| &unit.name)),
                2 => CellInput::text(form.map_or("", |form| &form.sheet)),
                3 => CellInput::text(&line.sheet),
                4 => CellInput::Text(span(line).into()),
                5 => CellInput::Scalar(Scalar::Number(line.rows.into())),
                _ if has_money => CellInput::Scalar(Scalar::Number(line.amount)),
                _ => CellInput::Empty,
            });
        }
    }
    if rows.height() > 0 {
        table.packed = Some(rows.done());
        book.add(table);
    }
}

/// From which row to which, as a person counts them.
fn span(line: &Line) -> String {
    match line.first == line.last {
        true => format!("第{}行", line.first + 1),
        false => format!("第{}至{}行", line.first + 1, line.last + 1),
    }
}

/// How many rows of a form stand in replaced returns.
pub fn rows_of(book: &Book, form: &Form) -> Option<Expr> {
    sum(book, form, "rows")
}

/// What their amounts come to, in 元.
pub fn amount_of(book: &Book, form: &Form) -> Option<Expr> {
    sum(book, form, "amount")
}

fn sum(book: &Book, form: &Form, column: &str) -> Option<Expr> {
    let of_form = book.column(REPLACED, "form")?;
    let same = Criterion::equal(of_form, Expr::text(&form.sheet));
    Some(Expr::SumIfs(book.column(REPLACED, column)?, vec![same]))
}
