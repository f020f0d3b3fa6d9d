//! Metrics: what each is over, and which may be built on which.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::known::{Known, Once};
use super::known_form::KnownForm;
use super::reach::is_personal;
use super::{Pool, conditions, fields, text, units};
use crate::diagnostic::Code;
use crate::policy::log::{Log, Mark, Text};
use crate::policy::parse::Written;
use crate::policy::{Field, Measure, Metric, written};

/// How far a metric is from the forms. Each is built on lower ones only, so
/// that there can be no circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Count or sum.
    Form,
    /// Sum of counts and sums.
    Total,
    /// Number of members.
    Members,
    /// One divided by another.
    Ratio,
}

/// Levels of all metrics by id, in the order of the file.
type Levels<'w> = IndexMap<&'w str, Level>;

/// Checks `metrics.toml`: first what is over a form, then what is built on
/// other metrics, so that their order in the file does not matter.
pub(super) fn check(written: &Written, pool: &mut Pool, log: &mut Log<'_>) {
    let file = written.metrics.as_ref();
    pool.metrics = Known::of(file.map(|file| &file.metric));
    let mut once = Once::default();
    let mut metrics = Vec::new();
    for metric in file.iter().flat_map(|file| &file.metric.items) {
        head(metric, pool, log);
        if once.note(log, &metric.id, &metric.id, "指标") {
            metrics.push(metric);
        }
    }
    let levels: Levels<'_> = metrics
        .iter()
        .map(|metric| (metric.id.as_str(), level(metric)))
        .collect();
    for now in [Level::Form, Level::Total, Level::Members, Level::Ratio] {
        for metric in metrics.iter().filter(|metric| level(metric) == now) {
            let measure = measure(metric, &levels, pool, log);
            let unit = units::unit(log, &metric.measure).filter(|unit| {
                let fits = |measure| {
                    let at = metric.measure.at;
                    units::fits(measure, *unit, &metric.name, at, pool, log)
                };
                measure.as_ref().is_none_or(fits)
            });
            let checked = measure.zip(unit).map(|(measure, unit)| Metric {
                id: metric.id.value.clone(),
                name: metric.name.value.clone(),
                unit,
                clause: metric.clause.value.clone(),
                measure,
            });
            pool.metrics.add(log, &metric.id, "指标", checked);
        }
    }
    pool.metrics.sort_like(levels.keys().copied());
}

fn head(metric: &written::Metric, pool: &Pool, log: &mut Log<'_>) {
    text::id(log, &metric.id, "指标");
    text::line(log, &metric.name, "指标名称");
    text::line(log, &metric.measure, "计量单位");
    pool.cite(log, &metric.clause);
    let ways = [
        metric.count.is_some(),
        metric.sum.is_some(),
        metric.total.is_some(),
        metric.members.is_some(),
        metric.ratio.is_some(),
    ];
    if ways.iter().filter(|way| **way).count() != 1 {
        let message = "指标要在 count、sum、total、members、ratio 中正好写一个。";
        log.add(Code::PackShape, metric.at, message);
    }
    if let Some(conditions) = &metric.conditions
        && metric.count.is_none()
        && metric.sum.is_none()
    {
        let message = "条件 where 只能与 count 或 sum 一起用。";
        log.add(Code::PackMismatch, conditions.at, message);
    }
}

fn level(metric: &written::Metric) -> Level {
    if metric.ratio.is_some() {
        Level::Ratio
    } else if metric.members.is_some() {
        Level::Members
    } else if metric.total.is_some() {
        Level::Total
    } else {
        Level::Form
    }
}

fn measure(
    metric: &written::Metric,
    levels: &Levels<'_>,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Option<Measure> {
    if let Some(form) = &metric.count {
        let entry = intake_form(log, pool, form)?;
        return Some(Measure::Count {
            form: form.value.clone(),
            conditions: conditions::check(metric.conditions.as_ref(), entry, pool, log),
        });
    }
    if let Some(sum) = &metric.sum {
        let (entry, field) = summed(log, pool, sum)?;
        return Some(Measure::Sum {
            form: entry.form.id.clone(),
            field: field.id.clone(),
            conditions: conditions::check(metric.conditions.as_ref(), entry, pool, log),
        });
    }
    if let Some(total) = &metric.total {
        return self::total(total, levels, pool, log);
    }
    if let Some(members) = &metric.members {
        return self::members(members, levels, pool, log);
    }
    let ratio = metric.ratio.as_ref()?;
    let [above, below] = ratio.value.as_slice() else {
        let message = "ratio 要写两个指标：[\"分子\", \"分母\"]。";
        log.add(Code::PackShape, ratio.at, message);
        return None;
    };
    let allowed = [Level::Form, Level::Total, Level::Members];
    let message = "占比只能用计数、求和、合计或人数指标，不能再用占比";
    let above = part(above, levels, &allowed, message, pool, log);
    let below = part(below, levels, &allowed, message, pool, log);
    Some(Measure::Ratio(above?, below?))
}

fn total(
    total: &Mark<Vec<Text>>,
    levels: &Levels<'_>,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Option<Measure> {
    if total.is_empty() {
        log.add(Code::PackShape, total.at, "total 至少要写一个指标。");
    }
    let mut once = Once::default();
    let mut parts = Vec::new();
    for id in &total.value {
        once.note(log, id, id, "合计里的指标");
        let message = "合计只能加计数（count）和求和（sum）的指标";
        parts.push(part(id, levels, &[Level::Form], message, pool, log));
    }
    parts.into_iter().collect::<Option<_>>().map(Measure::Total)
}

fn members(
    members: &written::Members,
    levels: &Levels<'_>,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Option<Measure> {
    let (id, at_least) = match (&members.metric, &members.at_least) {
        (None, None) => return Some(Measure::Members(None)),
        (Some(id), Some(at_least)) => (id, at_least),
        _ => {
            let message = "members 要么写 {}（全体委员），要么同时写 metric 和 at_least。";
            log.add(Code::PackShape, members.at, message);
            return None;
        }
    };
    if at_least.value <= Decimal::ZERO {
        let message = "at_least 应大于0，否则每个委员都算达到。";
        log.add(Code::PackValue, at_least.at, message);
    }
    let allowed = [Level::Form, Level::Total];
    let message = "人数只能看计数、求和或合计的指标";
    let metric = part(id, levels, &allowed, message, pool, log)?;
    let found = pool.metrics.get(&metric)?;
    if !is_personal(pool, found) {
        let message = format!(
            "“{}”所用的表没有人员栏（member），不能逐人计算。",
            found.name
        );
        log.add(Code::PackMismatch, id.at, message);
        return None;
    }
    Some(Measure::Members(Some((metric, at_least.value))))
}

/// A metric that another is built on.
fn part(
    id: &Text,
    levels: &Levels<'_>,
    allowed: &[Level],
    message: &str,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Option<String> {
    match levels.get(id.as_str()) {
        Some(level) if allowed.contains(level) => {
            pool.metrics.get(id).map(|metric| metric.id.clone())
        }
        Some(_) => {
            let message = format!("{message}，“{}”不是。", id.value);
            log.add(Code::PackMismatch, id.at, message);
            None
        }
        None if pool.metrics.may_have(id) => None,
        None => {
            log.unknown(id, levels.keys().copied(), "没有", "这个指标");
            None
        }
    }
}

/// A form that units fill in.
pub(super) fn intake_form<'p>(
    log: &mut Log<'_>,
    pool: &'p Pool,
    id: &Text,
) -> Option<&'p KnownForm> {
    let entry = pool.forms.find(log, id, "表")?;
    if entry.form.roster.is_some() {
        let message = format!("“{}”是名册表，不是单位填报的表。", entry.form.sheet);
        log.add(Code::PackMismatch, id.at, message);
        return None;
    }
    Some(entry)
}

/// The form and field of a path such as `funds.amount`.
pub(super) fn field_at<'p>(
    log: &mut Log<'_>,
    pool: &'p Pool,
    path: &Text,
) -> Option<(&'p KnownForm, &'p Field)> {
    let Some((form, field)) = path.split_once('.') else {
        let message = format!("“{}”要写成“表.栏”，如 funds.amount。", path.value);
        log.add(Code::PackShape, path.at, message);
        return None;
    };
    let mark = |value: &str| Mark {
        value: value.to_owned(),
        at: path.at,
    };
    let entry = intake_form(log, pool, &mark(form))?;
    let field = entry.field(log, &mark(field))?;
    Some((entry, field))
}

/// The same, of a field whose values can be added up.
pub(super) fn summed<'p>(
    log: &mut Log<'_>,
    pool: &'p Pool,
    path: &Text,
) -> Option<(&'p KnownForm, &'p Field)> {
    let (entry, field) = field_at(log, pool, path)?;
    if !fields::is_summable(&field.kind) {
        let message = format!("“{}”不是数字栏，不能求和。", field.header);
        log.add(Code::PackMismatch, path.at, message);
        return None;
    }
    Some((entry, field))
}
