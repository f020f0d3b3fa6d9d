//! The table of CPPCC members, each with the metrics that rules ask of them.

use indexmap::IndexMap;

use super::book::{Book, Format, Table};
use super::decided::{EXEMPT, is_exempt};
use super::expr::{CellRef, Comparison, Expr};
use super::metrics::{For, forms_of, metric, rejected, zero};
use super::packed::{FigureOf, Packed, PackedCell};
use super::params::Params;
use super::scores::{NOT_APPLICABLE, PENDING, returned};
use crate::policy::{CPPCC_MEMBER, Measure, Missing, Policy, Subject};
use crate::roster::Roster;

/// Adds the table `members`.
pub fn add(book: &mut Book, policy: &Policy, roster: &Roster, params: &Params) {
    let mut table = Table::new("members");
    table.column("code", "编号", Format::Centre);
    table.column("name", "姓名", Format::Text);
    table.column("unit", "单位编号", Format::Centre);
    table.column("unit_name", "单位", Format::Text);
    table.column("sector", "界别", Format::Text);
    table.column("role", "委员身份", Format::Text);
    table.column("returned", "单位报送", Format::Centre);
    let asked = asked(policy);
    for id in &asked {
        let header = policy.metrics.get(*id).map_or(*id, |m| &m.name);
        table.column(format!("m:{id}"), header, Format::Integer);
    }
    table.column("rejected", "另有被剔除的记录", Format::Integer);
    table.column("veto", "一票否决", Format::Centre);
    let index = book.next();
    let here = |id: &str| table.own(index, id);
    let mut rows = Packed::of(&table);
    let returned = rows.figure(returned(book, here("unit")).unwrap_or_else(zero));
    let rejected = rows.figure(unread(book, policy, here("code")).unwrap_or_else(zero));
    let metrics: IndexMap<&str, FigureOf> = asked
        .iter()
        .map(|&of| {
            let subject = For::Member(here("code"));
            let parts = match policy.metrics.get(of).map(|m| &m.measure) {
                // A total adds up the columns beside it.
                Some(Measure::Total(parts)) => {
                    let own = |part: &String| Expr::Cell(here(&format!("m:{part}")));
                    Some(Expr::Sum(parts.iter().map(own).collect()))
                }
                _ => metric(book, policy, of, subject),
            };
            (of, rows.figure(parts.unwrap_or_else(zero)))
        })
        .collect();
    let kinds = policy.unit_kinds.keys();
    let vetoes: IndexMap<&str, FigureOf> = kinds
        .map(|kind| {
            let judged = veto(book, policy, params, kind, &here);
            (kind.as_str(), rows.figure(judged))
        })
        .collect();
    for unit in roster.units() {
        let own = roster
            .members()
            .filter(|m| m.unit == unit.code && m.category == CPPCC_MEMBER);
        for member in own {
            rows.push(
                |at| match table.columns.get(at).map_or("", |of| of.id.as_str()) {
                    "code" => PackedCell::text(&member.code),
                    "name" => PackedCell::text(&member.name),
                    "unit" => PackedCell::text(&unit.code),
                    "unit_name" => PackedCell::text(&unit.name),
                    "sector" => PackedCell::text(&member.sector),
                    "role" => PackedCell::text(&member.role),
                    "returned" => PackedCell::Figure(returned),
                    "rejected" => PackedCell::Figure(rejected),
                    "veto" => match vetoes.get(unit.kind.as_str()) {
                        Some(veto) => PackedCell::Figure(*veto),
                        None => PackedCell::text(NOT_APPLICABLE),
                    },
                    id => {
                        let metric = id.strip_prefix("m:").and_then(|of| metrics.get(of));
                        metric.map_or(PackedCell::Empty, |of| PackedCell::Figure(*of))
                    }
                },
            );
        }
    }
    table.packed = Some(rows.done());
    book.add(table);
}

/// Metrics that some rule asks of members, parts of totals first.
fn asked(policy: &Policy) -> Vec<&str> {
    let of_members = policy.metrics.values().filter_map(|m| match &m.measure {
        Measure::Members(Some((of, _))) => Some(of.as_str()),
        _ => None,
    });
    let of_vetoes = policy
        .vetoes
        .iter()
        .filter(|veto| veto.subject == Subject::Member)
        .map(|veto| veto.metric.as_str());
    let mut asked: Vec<&str> = Vec::new();
    for id in of_vetoes.chain(of_members) {
        if let Some(Measure::Total(parts)) = policy.metrics.get(id).map(|m| &m.measure) {
            asked.extend(parts.iter().map(String::as_str));
        }
        asked.push(id);
    }
    let mut seen = std::collections::HashSet::new();
    asked.retain(|id| seen.insert(*id));
    asked
}

/// Whether a kind of unit fills in one of the forms that a metric looks at.
fn is_asked(policy: &Policy, metric: &str, kind: &str) -> bool {
    let mut forms = forms_of(policy, metric).into_iter();
    forms.any(|form| {
        let form = policy.forms.get(form);
        form.is_some_and(|form| form.kinds.iter().any(|k| k == kind))
    })
}

/// Entries of a member that could not be read, over all vetoes of members.
fn unread(book: &Book, policy: &Policy, code: CellRef) -> Option<Expr> {
    let rules = policy
        .vetoes
        .iter()
        .filter(|v| v.subject == Subject::Member);
    let counts: Option<Vec<Expr>> = rules
        .map(|veto| rejected(book, policy, &veto.metric, For::Member(code)))
        .collect();
    counts.filter(|c| !c.is_empty()).map(Expr::Sum)
}

/// Whether a veto strikes a member. Members of units that are never asked are
/// not judged.
fn veto(
    book: &Book,
    policy: &Policy,
    params: &Params,
    kind: &str,
    here: &dyn Fn(&str) -> CellRef,
) -> Expr {
    let mut strikes = Vec::new();
    let mut lifted = Vec::new();
    let mut pending = false;
    let mut spared = false;
    let rules = policy
        .vetoes
        .iter()
        .filter(|v| v.subject == Subject::Member);
    for veto in rules.filter(|v| is_asked(policy, &v.metric, kind)) {
        let operand = Expr::Cell(here(&format!("m:{}", veto.metric)));
        let limit = params.get(&veto.id, "less_than");
        let strike = Expr::compare(Comparison::LessThan, operand, limit);
        if let Some(exempt) = is_exempt(book, here("code"), &veto.name) {
            lifted.push(Expr::And(vec![strike.clone(), exempt]));
        }
        strikes.push(strike);
        pending |= veto.missing_return == Missing::Pending;
        spared |= veto.missing_return == Missing::NotApplicable;
    }
    if strikes.is_empty() {
        return Expr::text(NOT_APPLICABLE);
    }
    let unread = Expr::compare(Comparison::MoreThan, Expr::Cell(here("rejected")), zero());
    let firm = Expr::when(unread, Expr::text(PENDING), Expr::text("是"));
    let judged = Expr::when(Expr::Or(strikes.clone()), firm, Expr::text("否"));
    let missing = Expr::is(Expr::Cell(here("returned")), "否");
    let judged = match (pending, spared) {
        (true, _) => Expr::when(missing, Expr::text(PENDING), judged),
        (false, true) => Expr::when(missing, Expr::text("否"), judged),
        (false, false) => judged,
    };
    // One exemption lifts one veto; a second veto that strikes stands.
    let count = |conditions: Vec<Expr>| {
        let one = |condition| Expr::when(condition, Expr::whole(1), zero());
        Expr::Sum(conditions.into_iter().map(one).collect())
    };
    if lifted.is_empty() {
        return judged;
    }
    let struck = count(strikes);
    let all_lifted = Expr::And(vec![
        Expr::compare(Comparison::MoreThan, struck.clone(), zero()),
        Expr::compare(Comparison::Equal, struck, count(lifted)),
    ]);
    Expr::when(all_lifted, Expr::text(EXEMPT), judged)
}
