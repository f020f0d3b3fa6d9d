//! The tables of the first page: the answer in a few figures.

use super::awards::ELIGIBLE;
use super::book::{Book, Format, Slot, Table};
use super::expr::{Arithmetic, CellRef, ColumnRef, Comparison, Criterion, Expr};
use super::metrics::{column, counted, zero};
use super::vetoes::VETOED;
use crate::policy::{Credit, Dimension, Policy};

/// Adds the tables `overview:figures`, `overview:kinds`, `overview:blocks`.
pub fn add(book: &mut Book, policy: &Policy) {
    if let Some(table) = figures(book, policy) {
        book.add(table);
    }
    if let Some(table) = kinds(book, policy) {
        book.add(table);
    }
    if let Some(table) = blocks(book, policy) {
        book.add(table);
    }
}

fn count(column: Option<ColumnRef>, word: &str) -> Expr {
    match column {
        Some(column) => Expr::CountIfs(vec![Criterion::equal(column, Expr::text(word))]),
        None => zero(),
    }
}

fn figures(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("overview:figures");
    table.column("label", "项目", Format::Text);
    table.column("value", "数", Format::Integer);
    table.column("measure", "单位", Format::Centre);
    table.column("sheet", "详见", Format::Text);
    let returned = book.column("units", "returned");
    let mut add = |label: &str, value: Expr, format: Format, measure: &str, sheet: &str| {
        table.rows.push(vec![
            Slot::text(label),
            Slot::Formatted(value, format),
            Slot::text(measure),
            Slot::text(sheet),
        ]);
    };
    let yes = count(returned, "是");
    let no = count(returned, "否");
    let all = Expr::Sum(vec![yes.clone(), no.clone()]);
    add("应报送单位", all, Format::Integer, "个", "回收情况");
    add("已报送单位", yes, Format::Integer, "个", "回收情况");
    add("未报送单位", no, Format::Integer, "个", "回收情况");
    let vetoes = |table: &str| count(book.column(table, "result"), VETOED);
    add(
        "一票否决的单位",
        vetoes("veto:units"),
        Format::Integer,
        "个",
        "一票否决",
    );
    let struck = count(book.column("members", "veto"), "是");
    add("一票否决的委员", struck, Format::Integer, "人", "一票否决");
    let eligible = count(book.column("award:units", "result"), ELIGIBLE);
    add(
        "符合评优标准的单位",
        eligible,
        Format::Integer,
        "个",
        "评优资格",
    );
    for form in policy.intake_forms() {
        let Credit::Donor(_) = form.credit else {
            continue;
        };
        let amount = form.money_fields().next()?;
        let sum = Expr::SumIfs(
            column(book, &form.id, &amount.id)?,
            vec![counted(book, &form.id)?],
        );
        add(
            "帮扶资金物资合计",
            sum.rounded(2),
            Format::Money,
            "元",
            "资金汇总",
        );
    }
    for rule in &policy.publicity {
        let result = book.column(&format!("publicity:{}", rule.id), "result");
        add(
            "列入宣传的单位和个人",
            count(result, "列入宣传"),
            Format::Integer,
            "个",
            "宣传名单",
        );
    }
    let villages = Expr::CountIfs(vec![
        Criterion::equal(book.column("goals", "scope")?, Expr::text("是")),
        Criterion::equal(book.column("goals", "conclusion")?, Expr::text("全部达标")),
    ]);
    let bound = count(book.column("goals", "scope"), "是");
    add("列入目标考核的村", bound, Format::Integer, "个", "目标完成");
    add(
        "其中全部达标的村",
        villages,
        Format::Integer,
        "个",
        "目标完成",
    );
    Some(table)
}

fn kinds(book: &Book, policy: &Policy) -> Option<Table> {
    let mut table = Table::new("overview:kinds");
    table.column("kind", "单位类型", Format::Text);
    table.column("expected", "应报", Format::Integer);
    table.column("returned", "已报", Format::Integer);
    table.column("average", "平均得分", Format::Score);
    table.column("best", "最高得分", Format::Score);
    table.column("vetoed", "一票否决", Format::Integer);
    table.column("eligible", "符合评优", Format::Integer);
    let index = book.next();
    let kind_of = |table: &str, column: &str, cell| {
        let column = book.column(table, column)?;
        Some(Criterion::equal(column, Expr::Cell(cell)))
    };
    for kind in policy.unit_kinds.values() {
        let own = CellRef {
            table: index,
            row: table.rows.len(),
            column: 0,
        };
        let of_units = kind_of("units", "kind", own)?;
        let returned = Criterion::equal(book.column("units", "returned")?, Expr::text("是"));
        let vetoed = Criterion::equal(book.column("veto:units", "result")?, Expr::text(VETOED));
        let eligible =
            Criterion::equal(book.column("award:units", "result")?, Expr::text(ELIGIBLE));
        let (average, best) = match book.column(&format!("score:{}", kind.id), "total") {
            Some(total) => {
                let table = format!("score:{}", kind.id);
                let sent = Criterion::equal(book.column(&table, "returned")?, Expr::text("是"));
                let some = Criterion {
                    column: total,
                    comparison: Comparison::AtLeast,
                    with: zero(),
                };
                let scored = Expr::CountIfs(vec![sent.clone(), some]);
                let sum = Expr::SumIfs(total, vec![sent]);
                let mean = Expr::arithmetic(Arithmetic::Divide, sum, scored.clone());
                let none = Expr::compare(Comparison::Equal, scored, zero());
                let mean = mean.rounded(policy.pack.score_decimals);
                (
                    Slot::Figure(Expr::when(none, Expr::text("—"), mean)),
                    Slot::Figure(Expr::MaxColumn(total)),
                )
            }
            None => (Slot::text("不评分"), Slot::text("不评分")),
        };
        table.rows.push(vec![
            Slot::text(&kind.name),
            Slot::Figure(Expr::CountIfs(vec![of_units.clone()])),
            Slot::Figure(Expr::CountIfs(vec![of_units, returned])),
            average,
            best,
            Slot::Figure(Expr::CountIfs(vec![
                kind_of("veto:units", "unit", own)?,
                vetoed,
            ])),
            Slot::Figure(Expr::CountIfs(vec![
                kind_of("award:units", "kind", own)?,
                eligible,
            ])),
        ]);
    }
    Some(table)
}

/// Blocks by money and goods: the first choice field of the credited form
/// that a table of funds shows against units.
fn blocks(book: &Book, policy: &Policy) -> Option<Table> {
    let rule = policy.fund_tables.iter().find(|table| {
        let form = policy.forms.get(&table.form);
        matches!(form.map(|f| &f.credit), Some(Credit::Donor(_)))
            && table.field.is_some()
            && table.rows == Dimension::Village
    })?;
    let Dimension::Choice(field) = &rule.columns else {
        return None;
    };
    let form = policy.forms.get(&rule.form)?;
    let crate::policy::Kind::Choice(choice) = &form.fields.get(field)?.kind else {
        return None;
    };
    let items = &policy.choices.get(choice)?.items;
    let mut table = Table::new("overview:blocks");
    table.column("block", "板块", Format::Text);
    table.column("lead", "牵头领导", Format::Text);
    for (i, item) in items.iter().enumerate() {
        table.column(format!("c{i}"), format!("{item}（元）"), Format::Money);
    }
    let last = table.column("total", "合计（元）", Format::Money);
    let index = book.next();
    for block in policy.blocks.values() {
        let row = table.rows.len();
        let cell = |column| CellRef {
            table: index,
            row,
            column,
        };
        let mut slots = vec![Slot::text(&block.name), Slot::text(&block.lead)];
        for item in items {
            let criteria = vec![
                counted(book, &rule.form)?,
                Criterion::equal(column(book, &rule.form, "@block")?, Expr::Cell(cell(0))),
                Criterion::equal(column(book, &rule.form, field)?, Expr::text(item)),
            ];
            let sum = Expr::SumIfs(column(book, &rule.form, rule.field.as_deref()?)?, criteria);
            slots.push(Slot::Figure(sum.rounded(2)));
        }
        let across = Expr::SumRow {
            from: cell(2),
            to: last - 1,
        };
        slots.push(Slot::Figure(across.rounded(2)));
        table.rows.push(slots);
    }
    let mut totals = vec![Slot::text("合计"), Slot::text("")];
    for column in 2..=last {
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
