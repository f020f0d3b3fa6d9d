//! Whom the office may nominate for an award.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::decided::is_nominated;
use super::entry_keys::GIVER;
use super::metrics::{column, sure};
use super::words::PENDING;
use crate::book::{Book, CellInput, CellRef, ColumnStore, Criterion, Expr, Format, Table, View};
use crate::policy::{Credit, Policy};
use crate::reconcile::Reconciled;
use crate::roster::Roster;
use crate::sheet::Scalar;

/// Adds the table `award:persons`: whom the office may nominate. The plan
/// asks for outstanding work, which no figure decides.
pub fn add_persons(book: &mut Book, policy: &Policy, roster: &Roster, reconciled: &Reconciled) {
    let mut table = Table::new("award:persons");
    table.column("award", "奖项", Format::Text);
    table.column("code", "编号", Format::Centre);
    table.column("name", "姓名", Format::Text);
    table.column("unit_name", "单位", Format::Text);
    table.column("category", "人员类别", Format::Text);
    let amount = table.column("amount", "本人捐助（元）", Format::Money);
    table.column("veto", "一票否决", Format::Centre);
    table.column("nominated", "工作表现突出提名", Format::Centre);
    table.column("result", "结果", Format::Text);
    table.column("clause", "条款", Format::Centre);
    let index = book.next();
    let here = |id: &str| table.own(index, id);
    let mut rows = ColumnStore::of(&table);
    let given = rows.figure(sure(given(book, policy, here("code"))));
    let veto = member_veto(book, here("code")).map(|veto| rows.figure(veto));
    let nominated = is_nominated(book, here("code"))
        .map(|named| Expr::when(named, Expr::text("是"), Expr::text("否")));
    let nominated = rows.figure(sure(nominated));
    let named = Expr::is(Expr::Cell(here("nominated")), "是");
    let free = Expr::when(
        named,
        Expr::text("已提名"),
        Expr::text("可提名，由本办认定"),
    );
    let mut order = Vec::new();
    let members = members(book);
    // Who stands in no entry gives nothing, whatever of the entries counts.
    let entries = reconciled.entries();
    let donors: HashSet<&str> = entries
        .filter_map(|(entry, ..)| Some(entry.donor.as_ref()?.key.as_str()))
        .collect();
    for (position, award) in policy.personal_awards.iter().enumerate() {
        let judged = if award.excluded_by_veto {
            Expr::when(
                Expr::is(Expr::Cell(here("veto")), "是"),
                Expr::text("不得提名（一票否决）"),
                Expr::when(
                    Expr::is(Expr::Cell(here("veto")), PENDING),
                    Expr::text(PENDING),
                    free.clone(),
                ),
            )
        } else {
            free.clone()
        };
        let judged = rows.figure(judged);
        for member in roster.members().filter(|m| m.category == award.category) {
            let unit = roster.unit(&member.unit).map_or("", |u| &u.name);
            // Who is no member of the conference has no veto.
            let veto = veto.filter(|_| members.contains(&member.code));
            rows.push(|at| match at {
                0 => CellInput::text(&award.name),
                1 => CellInput::text(&member.code),
                2 => CellInput::text(&member.name),
                3 => CellInput::text(unit),
                4 => CellInput::text(&member.category),
                5 if donors.contains(member.code.as_str()) => CellInput::Figure(given),
                5 => CellInput::Scalar(Scalar::Number(Decimal::ZERO)),
                6 => veto.map_or(CellInput::text("否"), CellInput::Figure),
                7 => CellInput::Figure(nominated),
                8 => CellInput::Figure(judged),
                _ => CellInput::text(&award.clause),
            });
            order.push(position);
        }
    }
    table.packed = Some(rows.done());
    book.add(table);
    book.sort_by(index, |row, cell| {
        (order[row], -cell(amount).number().unwrap_or_default(), row)
    });
}

/// What a person gave, over the forms that are credited to donors.
fn given(book: &Book, policy: &Policy, code: CellRef) -> Option<Expr> {
    let sums: Option<Vec<Expr>> = policy
        .intake_forms()
        .filter(|form| matches!(form.credit, Credit::Donor(_)))
        // A form without money tells of no gifts.
        .filter_map(|form| Some((form, form.money_fields().next()?)))
        .map(|(form, amount)| {
            let of_person = Criterion::equal(column(book, &form.id, GIVER)?, Expr::Cell(code));
            let amounts = column(book, &form.id, &amount.id)?;
            Some(Expr::SumIfs(amounts, vec![of_person]))
        })
        .collect();
    Some(Expr::Sum(sums?).rounded(2))
}

/// What the table of members says of a veto.
pub fn member_veto(book: &Book, code: CellRef) -> Option<Expr> {
    Some(Expr::Lookup {
        key: Box::new(Expr::Cell(code)),
        keys: book.column("members", "code")?,
        values: book.column("members", "veto")?,
    })
}

/// The codes that stand in the table of members.
pub fn members(book: &Book) -> HashSet<String> {
    let Some(codes) = book.column("members", "code") else {
        return HashSet::new();
    };
    let table = book.tables.get(codes.table);
    let rows = 0..table.map_or(0, Table::height);
    let code = |row| match table?.view(row, codes.column)? {
        View::Fact(fact, _) => match fact.as_ref() {
            Scalar::Text(code) => Some(code.clone()),
            _ => None,
        },
        _ => None,
    };
    rows.filter_map(code).collect()
}
