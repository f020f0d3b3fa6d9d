//! Score items: the method, the bands, and points that add up.

use rust_decimal::Decimal;

use super::known::Once;
use super::reach::{is_share, reaches, unfilled};
use super::{Pool, text, units};
use crate::diagnostic::Code;
use crate::policy::log::{At, Log, Text};
use crate::policy::parse::Written;
use crate::policy::written::{self, Number};
use crate::policy::{Method, Metric, Score};

/// Checks `rules/scores.toml`.
pub(super) fn check(written: &Written, pool: &Pool, log: &mut Log<'_>) -> Vec<Score> {
    let Some(file) = &written.scores else {
        return Vec::new();
    };
    let mut once = Once::default();
    let mut scores = Vec::new();
    for score in &file.score.items {
        text::id(log, &score.id, "评分项");
        text::line(log, &score.name, "评分项名称");
        let clause = pool.cite(log, &score.clause);
        let is_first = once.note(log, &score.id, &score.id, "评分项");
        let kind = pool.kinds.find(log, &score.kind, "单位类型");
        let metric = pool.metrics.find(log, &score.metric, "指标");
        if score.points.value <= Decimal::ZERO {
            log.add(Code::PackValue, score.points.at, "分值应大于0。");
        }
        if let (Some(kind), Some(metric)) = (kind, metric) {
            filled(pool, metric, &kind.id, &score.metric, log);
        }
        let method = method(score, metric, pool, log);
        if let (Some(metric), Some((_, full))) = (metric, &method) {
            attainable(pool, metric, full, log);
        }
        if let Some((method, _)) = method
            && is_first
        {
            scores.push(Score {
                id: score.id.value.clone(),
                kind: score.kind.value.clone(),
                name: score.name.value.clone(),
                metric: score.metric.value.clone(),
                points: score.points.value,
                method,
                clause,
                basis: score.basis,
                missing_return: score.missing_return,
                missing_value: score.missing_value,
            });
        }
    }
    if !file.score.is_broken {
        sums(&file.score.items, pool, log);
    }
    scores
}

/// Notes a rule for units that do not fill in what its metric is over.
pub(super) fn filled(pool: &Pool, metric: &Metric, kind: &str, at: &Text, log: &mut Log<'_>) {
    if reaches(pool, metric, kind) {
        return;
    }
    let name = pool.kinds.get(kind).map_or(kind, |kind| kind.name.as_str());
    let message = format!(
        "“{name}”不填“{}”表，“{}”永远是0。",
        unfilled(pool, metric, kind).join("”“"),
        metric.name
    );
    log.add(Code::PackMismatch, at.at, message);
}

/// The method, and the value that earns the full mark.
fn method(
    score: &written::Score,
    metric: Option<&Metric>,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Option<(Method, Number)> {
    match (&score.linear, &score.bands, &score.at_least) {
        (Some(linear), None, None) => {
            let full_at = units::threshold(log, pool, metric, &linear.full_at);
            positive(&full_at, "满分标准 full_at", log);
            let method = Method::Linear {
                full_at: full_at.value,
            };
            Some((method, full_at))
        }
        (None, Some(list), None) => {
            bands(&list.value, list.at, &score.points, log);
            let mut from = list
                .iter()
                .map(|band| units::threshold(log, pool, metric, &band.from))
                .collect::<Vec<Number>>();
            let points = list.iter().map(|band| band.points.value);
            let method = Method::Bands(from.iter().map(|from| from.value).zip(points).collect());
            from.pop().map(|from| (method, from))
        }
        (None, None, Some(at_least)) => {
            let at_least = units::threshold(log, pool, metric, at_least);
            positive(&at_least, "得分标准 at_least", log);
            let method = Method::AllOrNothing {
                at_least: at_least.value,
            };
            Some((method, at_least))
        }
        _ => {
            let message = "计分办法要在 linear、bands、at_least 中正好写一个。";
            log.add(Code::PackShape, score.at, message);
            None
        }
    }
}

fn positive(number: &Number, what: &str, log: &mut Log<'_>) {
    if number.value <= Decimal::ZERO {
        log.add(Code::PackValue, number.at, format!("{what}应大于0。"));
    }
}

fn bands(bands: &[written::Band], at: At, points: &Number, log: &mut Log<'_>) {
    let Some(last) = bands.last() else {
        log.add(Code::PackBands, at, "分档 bands 至少要有一档。");
        return;
    };
    let mut below: Option<&written::Band> = None;
    for band in bands {
        let (least_from, least_points) = match below {
            Some(below) => (below.from.value.value, below.points.value),
            None => (Decimal::ZERO, Decimal::ZERO),
        };
        if band.from.value.value <= least_from {
            let message = match below {
                Some(_) => format!(
                    "这一档的起点{}不大于上一档的起点{least_from}。",
                    band.from.value.value
                ),
                None => "第一档的起点应大于0；不到第一档的不得分。".to_owned(),
            };
            log.add(Code::PackBands, band.from.at, message);
        }
        if band.points.value < least_points {
            let message = match below {
                Some(_) => format!(
                    "这一档得{}分，比上一档的{least_points}分还少。",
                    band.points.value
                ),
                None => "得分不能小于0。".to_owned(),
            };
            log.add(Code::PackBands, band.points.at, message);
        }
        below = Some(band);
    }
    if last.points.value != points.value {
        let message = format!(
            "最后一档得{}分，与这一项的分值{}分不等。",
            last.points.value, points.value
        );
        log.add(Code::PackBands, last.points.at, message);
    }
}

/// Notes a full mark that nobody can earn.
fn attainable(pool: &Pool, metric: &Metric, full: &Number, log: &mut Log<'_>) {
    if is_share(pool, metric) && full.value > Decimal::ONE {
        let message = format!(
            "“{}”是占比，最多是1(100%)，达不到{}；写成小数或百分数，如 0.8 或 \"80%\"。",
            metric.name, full.value
        );
        log.add(Code::PackValue, full.at, message);
    }
}

/// Notes a kind of units whose points do not add up to the full mark.
fn sums(scores: &[written::Score], pool: &Pool, log: &mut Log<'_>) {
    let Some(pack) = &pool.pack else {
        return;
    };
    let full = pack.full_mark;
    for kind in pool.kinds.items().values() {
        let own: Vec<&written::Score> = scores
            .iter()
            .filter(|score| score.kind.value == kind.id)
            .collect();
        let Some(first) = own.first() else {
            continue;
        };
        let sum: Decimal = own.iter().map(|score| score.points.value).sum();
        if sum == full {
            continue;
        }
        let difference = if sum > full {
            format!("多了{}分", (sum - full).normalize())
        } else {
            format!("少了{}分", (full - sum).normalize())
        };
        let message = format!(
            "“{}”各项分值合计{}分，总分是{full}分，{difference}。",
            kind.name,
            sum.normalize()
        );
        let others: Vec<_> = own.iter().skip(1).map(|s| log.place(s.points.at)).collect();
        log.add(Code::PackPoints, first.points.at, message)
            .finding
            .related
            .extend(others);
    }
}
