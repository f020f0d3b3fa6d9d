//! Tables of funds by two dimensions, each with totals and a row that checks
//! them against the sum of all entries.

use super::entry_cells::{NO_ROLE, NO_VILLAGE};
use super::entry_columns::{NO_CHOICE, OTHER_YEAR, choice_column};
use super::entry_keys::{AND, fund};
use super::metrics::{column, counted};
use crate::book::{Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Format, Slot, Table};
use crate::policy::{Credit, Dimension, FundTable, Kind, Policy};
use crate::roster::Roster;
use crate::sheet::Scalar;

/// One item of a dimension: what stands in the entries, and how it is shown.
struct Item {
    key: Scalar,
    label: String,
}

fn item(text: &str) -> Item {
    Item {
        key: Scalar::Text(text.to_owned()),
        label: text.to_owned(),
    }
}

/// The items of a dimension, and the column of the entries that holds them.
fn items(
    dimension: &Dimension,
    table: &FundTable,
    policy: &Policy,
    roster: &Roster,
) -> (String, String, Vec<Item>) {
    let named = |id: &str, header: &str, items| (id.to_owned(), header.to_owned(), items);
    match dimension {
        Dimension::Unit => {
            // Who is credited with what it reports itself is asked for it.
            let form = policy.forms.get(&table.form);
            let asked = |kind: &String| {
                form.is_none_or(|form| {
                    matches!(form.credit, Credit::Donor(_)) || form.kinds.contains(kind)
                })
            };
            let units = roster.units().filter(|unit| asked(&unit.kind));
            let units = units.map(|unit| Item {
                key: Scalar::Text(unit.code.clone()),
                label: unit.name.clone(),
            });
            named("@unit", "单位", units.collect())
        }
        Dimension::UnitKind => {
            let kinds = policy.unit_kinds.values().map(|kind| item(&kind.name));
            named("@kind", "单位类型", kinds.collect())
        }
        Dimension::Block => {
            let blocks = policy.blocks.values().map(|block| item(&block.name));
            named("@block", "板块", blocks.collect())
        }
        Dimension::Village => {
            let villages = roster.villages().map(|village| Item {
                key: Scalar::Text(village.code.clone()),
                label: village.name.clone(),
            });
            let none = Item {
                key: Scalar::Text(NO_VILLAGE.to_owned()),
                label: "未指明村".to_owned(),
            };
            named("@village", "村", villages.chain([none]).collect())
        }
        Dimension::Month => {
            let months = (1..=12).map(|month: u32| Item {
                key: Scalar::Number(month.into()),
                label: month.to_string(),
            });
            let months = months.chain([item(OTHER_YEAR)]);
            named("@month", "月份", months.collect())
        }
        Dimension::Quarter => {
            let quarters = (1..=4).map(|quarter: u32| Item {
                key: Scalar::Number(quarter.into()),
                label: format!("第{quarter}季度"),
            });
            let quarters = quarters.chain([item(OTHER_YEAR)]);
            named("@quarter", "季度", quarters.collect())
        }
        Dimension::Role => {
            let roles = policy.choices.get("member_role");
            let roles = roles.map(|c| c.items.as_slice()).unwrap_or_default();
            let roles = roles.iter().map(|role| item(role)).chain([item(NO_ROLE)]);
            named("@role", "委员身份", roles.collect())
        }
        Dimension::Choice(field) => {
            let field = policy
                .forms
                .get(&table.form)
                .and_then(|f| f.fields.get(field));
            let choice = field.and_then(|field| match &field.kind {
                Kind::Choice(id) => policy.choices.get(id),
                _ => None,
            });
            let items = choice.map(|c| c.items.iter().map(|i| item(i)).collect());
            let mut items: Vec<Item> = items.unwrap_or_default();
            let id = field.map(choice_column).unwrap_or_default();
            if field.is_some_and(|field| !field.required) {
                items.push(item(NO_CHOICE));
            }
            named(&id, field.map_or("", |f| &f.header), items)
        }
    }
}

/// Adds a table `funds:<id>` for each table of funds of the pack.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster) {
    for rule in &policy.fund_tables {
        if let Some(table) = fund_table(book, rule, policy, roster) {
            book.add(table);
        }
    }
}

fn fund_table(book: &Book, rule: &FundTable, policy: &Policy, roster: &Roster) -> Option<Table> {
    let (row_column, row_header, rows) = items(&rule.rows, rule, policy, roster);
    let (column_column, _, columns) = items(&rule.columns, rule, policy, roster);
    let amount = match &rule.field {
        Some(field) => Some(column(book, &rule.form, field)?),
        None => None,
    };
    let format = match amount {
        Some(_) => Format::Money,
        None => Format::Integer,
    };
    let pairs = column(book, &rule.form, &fund(&rule.id));
    let row_column = column(book, &rule.form, &row_column)?;
    let column_column = column(book, &rule.form, &column_column)?;
    let mut table = Table::new(format!("funds:{}", rule.id));
    // Units and villages are told apart by code; for the rest the name is all.
    let coded = rows.iter().any(|item| match &item.key {
        Scalar::Text(key) => *key != item.label,
        _ => false,
    });
    if coded {
        table.column("key", "编号", Format::Centre);
    }
    table.column("label", row_header, Format::Centre);
    let first = table.columns.len();
    for (i, item) in columns.iter().enumerate() {
        table.column(format!("c{i}"), &item.label, format);
    }
    let total_column = table.column("total", "合计", format);
    let index = book.next();
    let cell = |row: usize, column: usize| CellRef {
        table: index,
        row,
        column,
    };
    let sum = |criteria: Vec<Criterion>| match amount {
        Some(amount) => Expr::SumIfs(amount, criteria).rounded(2),
        None => Expr::CountIfs(criteria),
    };
    let constant = |key: &Scalar| match key {
        Scalar::Number(number) => Expr::Number(*number),
        Scalar::Text(text) => Expr::text(text),
        _ => Expr::text(""),
    };
    for (r, row) in rows.iter().enumerate() {
        let mut slots = vec![Slot::Fact(row.key.clone())];
        if coded {
            slots.push(Slot::text(&row.label));
        }
        for item in &columns {
            let row = Expr::Cell(cell(r, 0));
            slots.push(Slot::Figure(sum(match pairs {
                // Of many rows each looks at one column only.
                Some(pairs) => {
                    let code = match &item.key {
                        Scalar::Number(number) => number.to_string(),
                        Scalar::Text(text) => text.clone(),
                        _ => String::new(),
                    };
                    let pair = vec![row, Expr::text(format!("{AND}{code}"))];
                    vec![Criterion::equal(pairs, Expr::Joined(pair))]
                }
                None => vec![
                    counted(book, &rule.form)?,
                    Criterion::equal(row_column, row),
                    Criterion::equal(column_column, constant(&item.key)),
                ],
            })));
        }
        let across = Expr::SumRow {
            from: cell(r, first),
            to: total_column - 1,
        };
        slots.push(Slot::Figure(across.rounded(2)));
        table.rows.push(slots);
    }
    let mut totals = vec![Slot::text("合计")];
    let mut checks = vec![Slot::text("核对（与明细相加比较）")];
    if coded {
        totals.insert(0, Slot::text(""));
        checks.insert(0, Slot::text(""));
    }
    for column in first..=total_column {
        let down = Expr::SumColumn(ColumnRef {
            table: index,
            column,
        });
        totals.push(Slot::Figure(down.rounded(2)));
        let mut criteria = vec![counted(book, &rule.form)?];
        if let Some(item) = columns.get(column - first) {
            criteria.push(Criterion::equal(column_column, constant(&item.key)));
        }
        let equal = Expr::compare(
            Comparison::Equal,
            Expr::Cell(cell(rows.len(), column)),
            sum(criteria),
        );
        let word = Expr::when(equal, Expr::text("相符"), Expr::text("不相符"));
        checks.push(Slot::Formatted(word, Format::Centre));
    }
    table.rows.extend([totals, checks]);
    table.totals = 2;
    Some(table)
}
