//! Who answered a list on which every member is asked, and what counts by that.

use rust_decimal::Decimal;

use super::words::{TOLD, TOOK_NO_PART, TOOK_PART, UNTOLD};
use crate::book::{Book, CellRef, Criterion, Expr};
use crate::policy::{Measure, Policy, Prefill, Subject, Veto, forms_of};
use crate::reconcile::Answer;

/// The column that says whether a member answered what a veto asks.
pub fn told(veto: &Veto) -> String {
    format!("told:{}", veto.id)
}

/// Vetoes of members that rest on a list of them: of who is not told of there,
/// nothing is known.
pub fn listed(policy: &Policy) -> impl Iterator<Item = &Veto> {
    let of_members = policy
        .vetoes
        .iter()
        .filter(|veto| veto.subject == Subject::Member);
    of_members.filter(|veto| is_listed(policy, &veto.metric))
}

/// Whether a metric rests on a list of members.
fn is_listed(policy: &Policy, metric: &str) -> bool {
    let mut forms = forms_of(policy, metric).into_iter();
    forms.any(|form| {
        let form = policy.forms.get(form);
        form.is_some_and(|form| form.prefill == Prefill::Members)
    })
}

/// What a metric counts members by, if that rests on a list of them: a metric, and
/// how much of it is enough.
pub fn counts_listed<'a>(policy: &'a Policy, id: &str) -> Option<(&'a str, Decimal)> {
    match &policy.metrics.get(id)?.measure {
        Measure::Members(Some((of, least))) if is_listed(policy, of) => Some((of, *least)),
        _ => None,
    }
}

/// The column that says of whom the list leaves it open whether a metric counts him.
pub fn left_open(metric: &str) -> String {
    format!("@open:{metric}")
}

/// The same after what the office has ruled.
pub fn still_open(metric: &str) -> String {
    format!("@told:{metric}")
}

/// Whether it is not known if a metric counts a member. Who did nothing is not
/// counted, and who did enough for a veto is, if that is enough here.
pub fn is_untold(
    policy: &Policy,
    id: &str,
    (of, least): (&str, Decimal),
    here: &dyn Fn(&str) -> CellRef,
) -> Expr {
    let (mut settled, mut untold) = (Vec::new(), Vec::new());
    for veto in listed(policy).filter(|veto| veto.metric == of) {
        let says = |word: &str| Expr::is(Expr::Cell(here(&told(veto))), word);
        settled.push(says(TOOK_NO_PART));
        if veto.less_than >= least {
            settled.push(says(TOOK_PART));
        }
        // Who has not reached so little has not reached what is enough here.
        if veto.less_than <= least {
            untold.push(says(UNTOLD));
        }
    }
    let either = |any: Vec<Expr>, word: &str, otherwise| match any.is_empty() {
        true => otherwise,
        false => Expr::when(Expr::Or(any), Expr::text(word), otherwise),
    };
    let open = either(untold, UNTOLD, Expr::Cell(here(&left_open(id))));
    either(settled, TOLD, open)
}

/// What the column says of somebody who did not answer.
pub fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Open => UNTOLD,
        Answer::TookNoPart => TOOK_NO_PART,
        Answer::TookPart => TOOK_PART,
    }
}

/// How many members of a unit did not answer what a metric counts them by; none if
/// no list asks it.
pub fn untold(book: &Book, metric: &str, unit: CellRef) -> Option<Expr> {
    Some(Expr::CountIfs(vec![
        Criterion::equal(book.column("members", "unit")?, Expr::Cell(unit)),
        Criterion::equal(
            book.column("members", &still_open(metric))?,
            Expr::text(UNTOLD),
        ),
    ]))
}
