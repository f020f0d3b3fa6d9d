//! The table of CPPCC members, each with the metrics that rules ask of them.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::answers::{answer_word, counts_listed, is_untold, left_open, listed, still_open, told};
use super::decided::{EXEMPT, is_exempt};
use super::entry_keys::asked;
use super::held::Held;
use super::lookups::returned;
use super::metrics::{For, entries_of, format, lacking, metric, parts, rejected, sure};
use super::params::Params;
use super::unread::Unread;
use super::vetoes::{Facts, of_subject, state, state_of};
use super::words::{NOT_APPLICABLE, PENDING, TOLD, TOOK_PART, UNTOLD, VETOED};
use crate::book::{Book, CellInput, CellRef, ColumnStore, Expr, FigureOf, Format, Table};
use crate::policy::{CPPCC_MEMBER, Measure, Policy, Subject, Veto, forms_of};
use crate::reconcile::{Answer, Class, Reconciled};
use crate::roster::Roster;
use crate::sheet::Scalar;

/// Nothing came from his unit.
const NOT_RETURNED: &str = "单位未报送";

/// A metric as it stands for a member whom the office has ruled to have taken part:
/// what the vetoes ask that rest on it is reached, so that he counts wherever those
/// count who did.
fn as_ruled(
    policy: &Policy,
    params: &Params,
    metric: &str,
    parts: Expr,
    here: &dyn Fn(&str) -> CellRef,
) -> Expr {
    // A quotient stands for its parts, which no ruling makes.
    let is_quotient = super::metrics::parts(policy, metric).is_some();
    let vetoes = listed(policy).filter(|veto| veto.metric == metric && !is_quotient);
    vetoes.fold(parts, |parts, veto| {
        let took = Expr::is(Expr::Cell(here(&told(veto))), TOOK_PART);
        let least = params.get(&veto.id, "less_than");
        let most = Expr::Max(Box::new(parts.clone()), Box::new(least));
        Expr::when(took, most, parts)
    })
}

/// Adds the table `members`.
pub fn add(
    book: &mut Book,
    policy: &Policy,
    roster: &Roster,
    params: &Params,
    reconciled: &Reconciled,
    unread: &Unread<'_>,
) {
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
        if let Some(metric) = policy.metrics.get(*id) {
            table.column(format!("m:{id}"), &metric.name, format(metric));
        }
    }
    let lists: Vec<&Veto> = listed(policy).collect();
    for veto in &lists {
        let header = match lists.len() {
            1 => "填报".to_owned(),
            _ => format!("填报：{}", veto.name),
        };
        table.column(told(veto), header, Format::Centre);
    }
    let answers: HashMap<(&str, &str), Answer> = reconciled
        .unanswered()
        .iter()
        .map(|one| ((one.veto.as_str(), one.member.as_str()), one.answer))
        .collect();
    table.column("rejected", "另有被剔除的记录", Format::Integer);
    table.column("veto", "一票否决", Format::Centre);
    table.printed = Some(table.columns.len());
    let rules: Vec<&Veto> = of_subject(policy, Subject::Member).collect();
    for veto in &rules {
        table.column(state_of(veto), &veto.name, Format::Centre);
    }
    let counting: Vec<(&str, (&str, Decimal))> = policy
        .metrics
        .keys()
        .filter_map(|id| Some((id.as_str(), counts_listed(policy, id)?)))
        .collect();
    for (id, _) in &counting {
        table.column(left_open(id), "填报", Format::Centre);
        table.column(still_open(id), "裁定后", Format::Centre);
    }
    let uncounted: HashSet<(&str, &str)> = reconciled
        .uncounted()
        .iter()
        .map(|one| (one.metric.as_str(), one.member.as_str()))
        .collect();
    let index = book.next();
    let here = |id: &str| table.own(index, id);
    let mut rows = ColumnStore::of(&table);
    let returned = rows.figure(sure(returned(book, here("unit"))));
    let rejected = rows.figure(unread_of(book, &asked_of(policy, &rules), here("code")));
    let metrics: IndexMap<&str, FigureOf> = asked
        .iter()
        .map(|&of| {
            let own = own(book, policy, of, &here);
            let ruled = as_ruled(policy, params, of, own, &here);
            (of, rows.figure(ruled))
        })
        .collect();
    let states: IndexMap<&str, FigureOf> = rules
        .iter()
        .map(|veto| {
            let state = judged(book, policy, params, veto, &here);
            (veto.id.as_str(), rows.figure(state))
        })
        .collect();
    let untold: HashMap<String, FigureOf> = counting
        .iter()
        .map(|(id, of)| {
            let untold = is_untold(policy, id, *of, &here);
            (still_open(id), rows.figure(untold))
        })
        .collect();
    let kinds = policy.unit_kinds.keys();
    let vetoes: IndexMap<&str, FigureOf> = kinds
        .filter_map(|kind| {
            let mut asked = rules.iter().filter(|v| is_asked(policy, &v.metric, kind));
            asked.next()?;
            Some((kind.as_str(), rows.figure(together(&rules, &here))))
        })
        .collect();
    for unit in roster.units() {
        let own = roster
            .members()
            .filter(|m| m.unit == unit.code && m.category == CPPCC_MEMBER);
        for member in own {
            let word = |veto: &str| {
                let asked = policy.vetoes.iter().find(|one| one.id == veto);
                let asked = asked.is_some_and(|one| is_asked(policy, &one.metric, &unit.kind));
                let answer = answers.get(&(veto, member.code.as_str()));
                match (asked, answer, reconciled.accepted(&unit.code)) {
                    (false, ..) => NOT_APPLICABLE,
                    (_, Some(answer), _) => answer_word(*answer),
                    (_, None, None) => NOT_RETURNED,
                    (_, None, Some(_)) => TOLD,
                }
            };
            let may_lack = unread.of_member(&asked_of(policy, &rules), &member.code);
            rows.push(
                |at| match table.columns.get(at).map_or("", |of| of.id.as_str()) {
                    "code" => CellInput::text(&member.code),
                    "name" => CellInput::text(&member.name),
                    "unit" => CellInput::text(&unit.code),
                    "unit_name" => CellInput::text(&unit.name),
                    "sector" => CellInput::text(&member.sector),
                    "role" => CellInput::text(&member.role),
                    "returned" => CellInput::Figure(returned),
                    "rejected" if may_lack => CellInput::Figure(rejected),
                    "rejected" => CellInput::Scalar(Scalar::Number(Decimal::ZERO)),
                    "veto" => match vetoes.get(unit.kind.as_str()) {
                        Some(veto) => CellInput::Figure(*veto),
                        None => CellInput::text(NOT_APPLICABLE),
                    },
                    id if id.starts_with("told:") => {
                        CellInput::text(word(id.trim_start_matches("told:")))
                    }
                    id if id.starts_with("@open:") => {
                        let of = id.trim_start_matches("@open:");
                        let is_open = uncounted.contains(&(of, member.code.as_str()));
                        CellInput::text(if is_open { UNTOLD } else { TOLD })
                    }
                    id if id.starts_with("@told:") => figure(untold.get(id)),
                    id => match (id.strip_prefix("m:"), id.strip_prefix("@v:")) {
                        (Some(of), _) => figure(metrics.get(of)),
                        (_, Some(of)) => {
                            let rule = rules.iter().find(|veto| veto.id == of);
                            // Members of units that are never asked are not judged.
                            match rule.filter(|v| is_asked(policy, &v.metric, &unit.kind)) {
                                Some(_) => figure(states.get(of)),
                                None => CellInput::text(NOT_APPLICABLE),
                            }
                        }
                        _ => CellInput::Empty,
                    },
                },
            );
        }
    }
    table.packed = Some(rows.done());
    book.add(table);
}

fn figure<'e>(figure: Option<&FigureOf>) -> CellInput<'e> {
    figure.map_or(CellInput::Empty, |of| CellInput::Figure(*of))
}

/// A metric of a member: a total adds up the columns beside it, a ratio divides them.
fn own(book: &Book, policy: &Policy, of: &str, here: &dyn Fn(&str) -> CellRef) -> Expr {
    let beside = |id: &str| here(&format!("m:{id}"));
    if let Some((part, whole)) = parts(policy, of) {
        return Held::quotient(beside(part), beside(whole));
    }
    match policy.metrics.get(of).map(|m| &m.measure) {
        Some(Measure::Total(parts)) => {
            Expr::Sum(parts.iter().map(|part| Expr::Cell(beside(part))).collect())
        }
        _ => sure(metric(book, policy, of, For::Member(here("code")))),
    }
}

/// Whether a kind of unit fills in one of the forms that a metric looks at.
fn is_asked(policy: &Policy, metric: &str, kind: &str) -> bool {
    let mut forms = forms_of(policy, metric).into_iter();
    forms.any(|form| {
        let form = policy.forms.get(form);
        form.is_some_and(|form| form.kinds.iter().any(|k| k == kind))
    })
}

/// The forms of all vetoes of members, each once.
fn asked_of<'p>(policy: &'p Policy, rules: &[&'p Veto]) -> Vec<&'p str> {
    let forms = rules.iter();
    let forms = forms.flat_map(|veto| forms_of(policy, &veto.metric));
    forms
        .collect::<std::collections::BTreeSet<&str>>()
        .into_iter()
        .collect()
}

/// Entries of a member on some forms that could not be read.
fn unread_of(book: &Book, forms: &[&str], code: CellRef) -> Expr {
    let member = For::Member(code);
    sure(entries_of(book, forms, member, Some(Class::Rejected)))
}

/// What comes of one veto of a member.
fn judged(
    book: &Book,
    policy: &Policy,
    params: &Params,
    veto: &Veto,
    here: &dyn Fn(&str) -> CellRef,
) -> Expr {
    let beside = |id: &str| here(&format!("m:{id}"));
    let parts = parts(policy, &veto.metric);
    let parts = parts.map(|(part, whole)| (beside(part), beside(whole)));
    let held = Held::of(policy, &veto.metric, beside(&veto.metric), parts);
    // Beside it stands what could not be read under all vetoes.
    let is_only = of_subject(policy, Subject::Member).count() == 1;
    let unread = match is_only {
        true => Expr::Cell(here("rejected")),
        false => {
            let member = For::Member(here("code"));
            sure(rejected(book, policy, &veto.metric, member))
        }
    };
    let facts = Facts {
        held,
        limit: params.get(&veto.id, "less_than"),
        rejected: unread,
        lacking: sure(lacking(book, policy, &veto.metric, here("unit"))),
        returned: Expr::Cell(here("returned")),
        exempt: sure(is_exempt(book, here("code"), &veto.name)),
        answer: listed(policy)
            .any(|one| one.id == veto.id)
            .then(|| Expr::Cell(here(&told(veto)))),
        unanswered: None,
    };
    state(policy, veto, &facts)
}

/// What the vetoes of a member come to: 是 if one strikes, whatever the others say.
fn together(rules: &[&Veto], here: &dyn Fn(&str) -> CellRef) -> Expr {
    let any = |word: &str| {
        let says = |veto: &&Veto| Expr::is(Expr::Cell(here(&state_of(veto))), word);
        Expr::Or(rules.iter().map(says).collect())
    };
    let first = [(VETOED, "是"), (PENDING, PENDING), (EXEMPT, EXEMPT)];
    first
        .into_iter()
        .rev()
        .fold(Expr::text("否"), |otherwise, (state, word)| {
            Expr::when(any(state), Expr::text(word), otherwise)
        })
}
