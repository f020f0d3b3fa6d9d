//! Who is proposed for publicity: donors whose sum reaches the threshold, and whom the
//! office has nominated; beside each, whether a veto strikes.

use std::collections::{BTreeMap, HashSet};

use super::entry_keys::GIVER;
use super::lookups::vetoed;
use super::metrics::{column, sure};
use super::nominees::{member_veto, members};
use super::params::Params;
use crate::book::{
    Book, CellInput, ColumnStore, Comparison, Criterion, Evaluator, Expr, Format, Slot, Table,
};
use crate::policy::{Policy, Publicity};
use crate::reconcile::{Class, Reconciled};
use crate::roster::Roster;

/// Shown for a donor who is on the list.
pub const LISTED: &str = "列入宣传";
/// Shown where there is nobody whom a veto could strike.
const NOBODY: &str = "—";

/// Adds a table `publicity:<id>` for each rule, donors by amount, and `nominated`.
pub fn add(
    book: &mut Book,
    policy: &Policy,
    roster: &Roster,
    reconciled: &Reconciled,
    params: &Params,
) {
    let judged = members(book);
    for rule in &policy.publicity {
        add_donors(book, rule, roster, reconciled, params, &judged);
    }
    add_nominated(book, roster, reconciled, &judged);
}

/// Adds the table `nominated`: who is proposed for outstanding work.
fn add_nominated(
    book: &mut Book,
    roster: &Roster,
    reconciled: &Reconciled,
    judged: &HashSet<String>,
) {
    let mut table = Table::new("nominated");
    table.column("member", "编号", Format::Centre);
    table.column("name", "姓名", Format::Text);
    table.column("unit_name", "单位", Format::Text);
    table.column("veto", "一票否决", Format::Centre);
    table.column("reason", "突出表现", Format::Text);
    table.column("by", "提名人", Format::Text);
    let index = book.next();
    for one in &reconciled.rulings().nominations {
        let (name, unit) = crate::ruling::named(roster, &one.member);
        let veto = match judged.contains(&one.member) {
            true => Slot::Figure(sure(member_veto(book, table.coming(index, "member")))),
            false => Slot::text(NOBODY),
        };
        table.rows.push(vec![
            Slot::text(&one.member),
            Slot::text(name),
            Slot::text(unit),
            veto,
            Slot::text(&one.reason),
            Slot::text(&one.by),
        ]);
    }
    book.add(table);
}

/// The donors of counted entries by key, each with a name and the unit to which it is
/// credited: of several spellings and units the first by name, whatever the order.
fn donors<'a>(
    rule: &Publicity,
    reconciled: &'a Reconciled,
) -> BTreeMap<&'a str, (&'a str, &'a str)> {
    let mut donors: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (entry, class, _) in reconciled.entries() {
        if let (true, Some(donor)) = (
            entry.form == rule.form && class == Class::Counted,
            &entry.donor,
        ) {
            let said = (donor.name.as_str(), entry.credited.as_str());
            let known = donors.entry(&donor.key);
            known
                .and_modify(|one| *one = said.min(*one))
                .or_insert(said);
        }
    }
    donors
}

fn add_donors(
    book: &mut Book,
    rule: &Publicity,
    roster: &Roster,
    reconciled: &Reconciled,
    params: &Params,
    judged: &HashSet<String>,
) -> Option<()> {
    let amount = column(book, &rule.form, &rule.field)?;
    let keys = column(book, &rule.form, GIVER)?;
    let sum_of = |key: Expr| Expr::SumIfs(amount, vec![Criterion::equal(keys, key)]).rounded(2);
    let mut table = Table::new(format!("publicity:{}", rule.id));
    table.column("donor", "编号", Format::Centre);
    table.column("name", "捐助单位或个人", Format::Text);
    table.column("unit_name", "归属单位", Format::Text);
    let sum = table.column("amount", "捐助合计（元）", Format::Money);
    table.column("limit", "标准（元，含）", Format::Money);
    table.column("result", "结果", Format::Centre);
    table.column("veto", "本人（本单位）一票否决", Format::Centre);
    table.column("unit_veto", "归属单位一票否决", Format::Centre);
    table.column("clause", "条款", Format::Centre);
    table.printed = Some(table.columns.len());
    table.column("@unit", "归属单位编号", Format::Centre);
    let index = book.next();
    let here = |id: &str| table.own(index, id);
    let mut rows = ColumnStore::of(&table);
    let given = rows.figure(sum_of(Expr::Cell(here("donor"))));
    let limit = rows.figure(params.get(&rule.id, "at_least"));
    let reached = Expr::compare(
        Comparison::AtLeast,
        Expr::Cell(here("amount")),
        Expr::Cell(here("limit")),
    );
    let listed = rows.figure(Expr::when(
        reached,
        Expr::text(LISTED),
        Expr::text("未达标准"),
    ));
    let of_member = rows.figure(sure(member_veto(book, here("donor"))));
    let of_itself = rows.figure(sure(vetoed(book, here("donor"))));
    let of_unit = rows.figure(sure(vetoed(book, here("@unit"))));
    let mut names = Vec::new();
    let values = Evaluator::new(book);
    // Who stands here is settled when the workbook is made.
    let is_listed = |key: &str| {
        let given = values.expr(&sum_of(Expr::text(key)), 0).number();
        given.is_some_and(|given| given >= rule.at_least)
    };
    for (key, (name, unit)) in donors(rule, reconciled) {
        if !is_listed(key) {
            continue;
        }
        rows.push(
            |at| match table.columns.get(at).map_or("", |of| of.id.as_str()) {
                "donor" => CellInput::text(key),
                "name" => CellInput::text(name),
                "unit_name" => CellInput::text(roster.unit(unit).map_or("", |u| &u.name)),
                "amount" => CellInput::Figure(given),
                "limit" => CellInput::Figure(limit),
                "result" => CellInput::Figure(listed),
                "veto" if judged.contains(key) => CellInput::Figure(of_member),
                "veto" if roster.unit(key).is_some() => CellInput::Figure(of_itself),
                "veto" => CellInput::text(NOBODY),
                "unit_veto" => CellInput::Figure(of_unit),
                "clause" => CellInput::text(&rule.clause),
                "@unit" => CellInput::text(unit),
                _ => CellInput::Empty,
            },
        );
        names.push(name.to_owned());
    }
    drop(values);
    table.packed = Some(rows.done());
    book.add(table);
    book.sort_by(index, |row, cell| {
        (-cell(sum).number().unwrap_or_default(), names[row].clone())
    });
    Some(())
}
