//! Which units a metric can be other than zero for, and how large it can get.

use super::Pool;
use super::known_form::KnownForm;
use crate::policy::{Kind, Measure, Metric};

/// Whether units of a kind can have something in a metric. Where a part of
/// the metric is not known, the answer is yes.
pub(super) fn reaches(pool: &Pool, metric: &Metric, kind: &str) -> bool {
    let of = |id: &str| {
        pool.metrics
            .get(id)
            .is_none_or(|metric| reaches(pool, metric, kind))
    };
    match &metric.measure {
        Measure::Count { form, .. } | Measure::Sum { form, .. } => pool
            .forms
            .get(form)
            .is_none_or(|form| form.counts_for(kind)),
        Measure::Total(ids) => ids.iter().any(|id| of(id)),
        Measure::Members(None) => true,
        Measure::Members(Some((id, _))) => of(id),
        Measure::Ratio(above, below) => of(above) && of(below),
    }
}

/// Whether a metric can be worked out for a person: each form has a field for
/// people.
pub(super) fn is_personal(pool: &Pool, metric: &Metric) -> bool {
    forms(pool, metric)
        .is_some_and(|forms| forms.iter().all(|entry| entry.may_have_kind(&Kind::Member)))
}

/// The forms that a count, a sum, a total or a ratio of such is over; nothing for others.
fn forms<'p>(pool: &'p Pool, metric: &Metric) -> Option<Vec<&'p KnownForm>> {
    match &metric.measure {
        Measure::Count { form, .. } | Measure::Sum { form, .. } => {
            Some(pool.forms.get(form).into_iter().collect())
        }
        Measure::Total(ids) => forms_of_all(pool, ids),
        Measure::Ratio(part, whole) => forms_of_all(pool, [part, whole]),
        Measure::Members(_) => None,
    }
}

/// The forms of several metrics.
fn forms_of_all<'p, 'i>(
    pool: &'p Pool,
    ids: impl IntoIterator<Item = &'i String>,
) -> Option<Vec<&'p KnownForm>> {
    let mut all = Vec::new();
    for metric in ids.into_iter().filter_map(|id| pool.metrics.get(id)) {
        all.extend(forms(pool, metric)?);
    }
    Some(all)
}

/// Whether a metric is a share, which cannot be more than 1: members among
/// all members, or entries with conditions among all entries of the form.
pub(super) fn is_share(pool: &Pool, metric: &Metric) -> bool {
    let Measure::Ratio(above, below) = &metric.measure else {
        return false;
    };
    let measure = |id: &str| pool.metrics.get(id).map(|metric| &metric.measure);
    match (measure(above), measure(below)) {
        (Some(Measure::Members(_)), Some(Measure::Members(None))) => true,
        (Some(Measure::Count { form: part, .. }), Some(Measure::Count { form, conditions })) => {
            part == form && conditions.is_empty()
        }
        _ => false,
    }
}

/// The names of the forms that a metric needs and a kind does not fill in.
pub(super) fn unfilled(pool: &Pool, metric: &Metric, kind: &str) -> Vec<String> {
    let of = |id: &String| {
        pool.metrics
            .get(id)
            .map(|metric| unfilled(pool, metric, kind))
            .unwrap_or_default()
    };
    match &metric.measure {
        Measure::Count { form, .. } | Measure::Sum { form, .. } => pool
            .forms
            .get(form)
            .filter(|form| !form.counts_for(kind))
            .map(|form| form.form.sheet.clone())
            .into_iter()
            .collect(),
        Measure::Total(ids) => ids.iter().flat_map(of).collect(),
        Measure::Members(None) => Vec::new(),
        Measure::Members(Some((id, _))) => of(id),
        Measure::Ratio(above, below) => [above, below].into_iter().flat_map(of).collect(),
    }
}
