//! One-vote vetoes of units, and the list of members whom one strikes.

use super::book::{Book, Format, Slot, Table};
use super::decided::{EXEMPT, is_exempt};
use super::evaluate::Evaluator;
use super::expr::{CellRef, Comparison, Expr};
use super::metrics::{For, metric, rejected, seen, zero};
use super::params::Params;
use super::scores::{PENDING, returned};
use crate::policy::{Missing, Policy, Subject, Veto};
use crate::roster::Roster;
use crate::sheet::Scalar;

/// Shown for a unit or member that a veto strikes.
pub const VETOED: &str = "一票否决";
/// Shown where a veto does not strike.
pub const CLEAR: &str = "未触发";

fn table(id: &str) -> Table {
    let mut table = Table::new(id);
    table.column("result", "结果", Format::Centre);
    table.column("code", "编号", Format::Centre);
    table.column("name", "名称", Format::Text);
    table.column("unit", "类型或单位", Format::Text);
    table.column("rule", "否决情形", Format::Text);
    table.column("fact", "事实", Format::Text);
    table.column("op", "实绩", Format::Integer);
    table.column("limit", "少于此数即否决", Format::Integer);
    table.column("seen", "查看的记录", Format::Integer);
    table.column("rejected", "其中被剔除", Format::Integer);
    table.column("returned", "报送", Format::Centre);
    table.column("exempt", "经批准免予", Format::Centre);
    table.column("clause", "条款", Format::Centre);
    table
}

/// Adds the table `veto:units`: every unit to which a veto applies, those
/// struck first.
pub fn add_units(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = table("veto:units");
    let index = book.next();
    for veto in policy.vetoes.iter().filter(|v| v.subject == Subject::Unit) {
        let kind = policy.unit_kinds.get(&veto.kind).map_or("", |k| &k.name);
        for unit in roster.units().filter(|unit| unit.kind == veto.kind) {
            let here = |id: &str| CellRef {
                table: index,
                row: table.rows.len(),
                column: table.find(id).unwrap_or(0),
            };
            let operand = metric(book, policy, &veto.metric, For::Unit(here("code")));
            let seen = seen(book, policy, &veto.metric, For::Unit(here("code")));
            let rejected = rejected(book, policy, &veto.metric, For::Unit(here("code")));
            let exempt = is_exempt(book, here("code"), &veto.name).unwrap_or_else(never);
            table.rows.push(vec![
                Slot::Figure(result(veto, &here)),
                Slot::text(&unit.code),
                Slot::text(&unit.name),
                Slot::text(kind),
                Slot::text(&veto.name),
                Slot::Figure(fact(policy, veto, &here)),
                Slot::Figure(operand.unwrap_or_else(zero)),
                Slot::Figure(params.get(&veto.id, "less_than")),
                Slot::Figure(seen.unwrap_or_else(zero)),
                Slot::Figure(rejected.unwrap_or_else(zero)),
                Slot::Figure(returned(book, here("code")).unwrap_or_else(zero)),
                Slot::Figure(yes_or_no(exempt)),
                Slot::text(&veto.clause),
            ]);
        }
    }
    book.add(table);
    book.sort_by(index, |row, cell| {
        let result = cell(0);
        let order = [VETOED, PENDING, EXEMPT]
            .iter()
            .position(|word| result == Scalar::Text((*word).to_owned()));
        (order.unwrap_or(3), row)
    });
}

/// What the veto rests on, in words.
fn fact(policy: &Policy, veto: &Veto, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let metric = policy.metrics.get(&veto.metric);
    let (name, unit) = metric.map_or(("", ""), |m| (m.name.as_str(), m.unit.as_str()));
    Expr::Joined(vec![
        Expr::text(format!("{name} ")),
        Expr::Cell(here("op")),
        Expr::text(format!(" {unit}，少于 ")),
        Expr::Cell(here("limit")),
        Expr::text(format!(" {unit}的否决")),
    ])
}

fn result(veto: &Veto, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let struck = Expr::compare(
        Comparison::LessThan,
        Expr::Cell(here("op")),
        Expr::Cell(here("limit")),
    );
    let unread = Expr::compare(Comparison::MoreThan, Expr::Cell(here("rejected")), zero());
    let firm = Expr::when(unread, Expr::text(PENDING), Expr::text(VETOED));
    let judged = Expr::when(struck.clone(), firm, Expr::text(CLEAR));
    let missing = Expr::is(Expr::Cell(here("returned")), "否");
    let judged = match veto.missing_return {
        Missing::Pending => Expr::when(missing, Expr::text(PENDING), judged),
        Missing::NotApplicable => Expr::when(missing, Expr::text(CLEAR), judged),
        Missing::Zero => judged,
    };
    let lifted = Expr::And(vec![struck, Expr::is(Expr::Cell(here("exempt")), "是")]);
    Expr::when(lifted, Expr::text(EXEMPT), judged)
}

fn yes_or_no(condition: Expr) -> Expr {
    Expr::when(condition, Expr::text("是"), Expr::text("否"))
}

fn never() -> Expr {
    Expr::compare(Comparison::Equal, zero(), Expr::whole(1))
}

/// Adds the table `veto:members`: the members whom a veto strikes or whose
/// veto is open, with their figures from the table of members.
pub fn add_members(book: &mut Book, policy: &Policy, params: &Params) {
    let rules: Vec<&Veto> = policy
        .vetoes
        .iter()
        .filter(|veto| veto.subject == Subject::Member)
        .collect();
    let mut table = table("veto:members");
    let Some(members) = book.find("members") else {
        return;
    };
    let cell = |row: usize, id: &str| CellRef {
        table: members,
        row,
        column: book.tables[members].find(id).unwrap_or(0),
    };
    let evaluator = Evaluator::new(book);
    let text = |row: usize, id: &str| match evaluator.cell(cell(row, id)) {
        Scalar::Text(text) => text,
        _ => String::new(),
    };
    let index = book.next();
    for wanted in ["是", PENDING, EXEMPT] {
        for row in 0..book.tables[members].height() {
            if text(row, "veto") != wanted {
                continue;
            }
            for veto in &rules {
                let here = |id: &str| CellRef {
                    table: index,
                    row: table.rows.len(),
                    column: table.find(id).unwrap_or(0),
                };
                // Looked up by code, so that either table may be sorted.
                let of = |id: &str| {
                    let found = || {
                        Some(Expr::Lookup {
                            key: Box::new(Expr::Cell(here("code"))),
                            keys: book.column("members", "code")?,
                            values: book.column("members", id)?,
                        })
                    };
                    found().unwrap_or_else(zero)
                };
                let exempt = is_exempt(book, here("code"), &veto.name);
                let seen = seen(book, policy, &veto.metric, For::Member(here("code")));
                let state = of("veto");
                let words = [("是", VETOED), (PENDING, PENDING), (EXEMPT, EXEMPT)];
                let result =
                    words
                        .into_iter()
                        .rev()
                        .fold(Expr::text(CLEAR), |other, (says, word)| {
                            Expr::when(Expr::is(state.clone(), says), Expr::text(word), other)
                        });
                table.rows.push(vec![
                    Slot::Figure(result),
                    Slot::Link(text(row, "code"), cell(row, "code")),
                    Slot::text(text(row, "name")),
                    Slot::text(text(row, "unit_name")),
                    Slot::text(&veto.name),
                    Slot::Figure(fact(policy, veto, &here)),
                    Slot::Figure(of(&format!("m:{}", veto.metric))),
                    Slot::Figure(params.get(&veto.id, "less_than")),
                    Slot::Figure(seen.unwrap_or_else(zero)),
                    Slot::Figure(of("rejected")),
                    Slot::Figure(of("returned")),
                    Slot::Figure(yes_or_no(exempt.unwrap_or_else(never))),
                    Slot::text(&veto.clause),
                ]);
            }
        }
    }
    book.add(table);
}
