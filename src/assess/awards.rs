//! Who is eligible for an award, and whom the office may nominate.

use std::collections::HashSet;

use super::book::{Book, Format, Slot, Table, View};
use super::decided::is_nominated;
use super::expr::{Arithmetic, CellRef, Comparison, Criterion, Expr};
use super::metrics::{For, column, counted, metric, zero};
use super::packed::{Packed, PackedCell};
use super::params::Params;
use super::scores::{PENDING, returned, veto_of};
use crate::policy::{Award, Credit, Missing, Policy};
use crate::roster::Roster;
use crate::sheet::Scalar;

/// Shown for a unit that meets the standard.
pub const ELIGIBLE: &str = "符合";

/// Adds the table `award:units`, each award's units by amount.
pub fn add_units(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = Table::new("award:units");
    table.column("award", "奖项", Format::Text);
    table.column("code", "编号", Format::Centre);
    table.column("name", "单位", Format::Text);
    table.column("kind", "类型", Format::Text);
    let amount = table.column("amount", "资金物资合计（元）", Format::Money);
    table.column("limit", "标准（元，含）", Format::Money);
    table.column("short", "还差（元）", Format::Money);
    table.column("veto", "一票否决", Format::Centre);
    table.column("returned", "报送", Format::Centre);
    table.column("result", "结果", Format::Text);
    table.column("clause", "条款", Format::Centre);
    let index = book.next();
    let mut order = Vec::new();
    for (position, award) in policy.awards.iter().enumerate() {
        for unit in roster.units().filter(|u| award.kinds.contains(&u.kind)) {
            let here = |id: &str| CellRef {
                table: index,
                row: table.rows.len(),
                column: table.find(id).unwrap_or(0),
            };
            let kind = policy.unit_kinds.get(&unit.kind).map_or("", |k| &k.name);
            let sum = metric(book, policy, &award.metric, For::Unit(here("code")));
            let short = Expr::arithmetic(
                Arithmetic::Subtract,
                Expr::Cell(here("limit")),
                Expr::Cell(here("amount")),
            );
            let veto = veto_of(book, here("code")).unwrap_or_else(|| Expr::text("否"));
            table.rows.push(vec![
                Slot::text(&award.name),
                Slot::text(&unit.code),
                Slot::text(&unit.name),
                Slot::text(kind),
                Slot::Figure(sum.unwrap_or_else(zero)),
                Slot::Figure(params.get(&award.id, "at_least")),
                Slot::Figure(Expr::Max(Box::new(short.rounded(2)), Box::new(zero()))),
                Slot::Figure(veto),
                Slot::Figure(returned(book, here("code")).unwrap_or_else(zero)),
                Slot::Figure(result(award, &here)),
                Slot::text(&award.clause),
            ]);
            order.push(position);
        }
    }
    book.add(table);
    book.sort_by(index, |row, cell| {
        (order[row], -cell(amount).number().unwrap_or_default(), row)
    });
}

fn result(award: &Award, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let enough = Expr::compare(
        Comparison::AtLeast,
        Expr::Cell(here("amount")),
        Expr::Cell(here("limit")),
    );
    let mut judged = Expr::when(
        enough,
        Expr::text(ELIGIBLE),
        Expr::text("不符合（金额不足）"),
    );
    if award.excluded_by_veto {
        let open = Expr::is(Expr::Cell(here("veto")), PENDING);
        judged = Expr::when(open, Expr::text(PENDING), judged);
    }
    let missing = Expr::is(Expr::Cell(here("returned")), "否");
    judged = match award.missing_return {
        Missing::Pending => Expr::when(missing, Expr::text(PENDING), judged),
        Missing::NotApplicable => Expr::when(missing, Expr::text("不符合（未报送）"), judged),
        Missing::Zero => judged,
    };
    if award.excluded_by_veto {
        let vetoed = Expr::is(Expr::Cell(here("veto")), "是");
        judged = Expr::when(vetoed, Expr::text("不符合（一票否决）"), judged);
    }
    judged
}

/// Adds the table `award:persons`: whom the office may nominate. The plan
/// asks for outstanding work, which no figure decides.
pub fn add_persons(book: &mut Book, policy: &Policy, roster: &Roster) {
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
    let mut rows = Packed::of(&table);
    let given = rows.figure(given(book, policy, here("code")).unwrap_or_else(zero));
    let veto = member_veto(book, here("code")).map(|veto| rows.figure(veto));
    let nominated = is_nominated(book, here("code"))
        .map(|named| Expr::when(named, Expr::text("是"), Expr::text("否")));
    let nominated = rows.figure(nominated.unwrap_or_else(zero));
    let named = Expr::is(Expr::Cell(here("nominated")), "是");
    let free = Expr::when(
        named,
        Expr::text("已提名"),
        Expr::text("可提名，由本办认定"),
    );
    let mut order = Vec::new();
    let members = members(book);
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
                0 => PackedCell::text(&award.name),
                1 => PackedCell::text(&member.code),
                2 => PackedCell::text(&member.name),
                3 => PackedCell::text(unit),
                4 => PackedCell::text(&member.category),
                5 => PackedCell::Figure(given),
                6 => veto.map_or(PackedCell::text("否"), PackedCell::Figure),
                7 => PackedCell::Figure(nominated),
                8 => PackedCell::Figure(judged),
                _ => PackedCell::text(&award.clause),
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
        .map(|form| {
            let amount = form.money_fields().next()?;
            let donor = column(book, &form.id, "@member")?;
            let criteria = vec![
                counted(book, &form.id)?,
                Criterion::equal(donor, Expr::Cell(code)),
            ];
            Some(Expr::SumIfs(column(book, &form.id, &amount.id)?, criteria))
        })
        .collect();
    Some(Expr::Sum(sums?).rounded(2))
}

/// What the table of members says of a veto.
fn member_veto(book: &Book, code: CellRef) -> Option<Expr> {
    Some(Expr::Lookup {
        key: Box::new(Expr::Cell(code)),
        keys: book.column("members", "code")?,
        values: book.column("members", "veto")?,
    })
}

/// The codes that stand in the table of members.
fn members(book: &Book) -> HashSet<String> {
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
