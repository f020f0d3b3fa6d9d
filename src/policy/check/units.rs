//! What metrics are counted in, and how thresholds are written: a threshold in
//! another unit than its figure would be wrong by a factor, in silence.

use rust_decimal::Decimal;

use super::Pool;
use super::reach::is_share;
use crate::diagnostic::Code;
use crate::policy::log::{At, Log, Mark, Text};
use crate::policy::written::Threshold;
use crate::policy::{Kind, Measure, MeasureUnit, Metric, Missing, Sort};

/// Most decimals of a threshold of a ratio: beyond them, whether it is reached could
/// hang on how a program rounds.
const MOST_DECIMALS: u32 = 4;

/// The unit with a word.
pub(super) fn unit(log: &mut Log<'_>, word: &Text) -> Option<MeasureUnit> {
    if let Some(unit) = MeasureUnit::of(word) {
        return Some(unit);
    }
    if word.trim().is_empty() {
        return None;
    }
    let tail = if word.contains(['元', '万', '千', '百', '角']) {
        "金额一律以元计，写 measure = \"元\"，标准也写成元（5万元写 50000）。".to_owned()
    } else if word.contains(['比', '率', '%', '％']) {
        "占比写 measure = \"占比\"。".to_owned()
    } else {
        let words: Vec<&str> = MeasureUnit::ALL.iter().map(|unit| unit.word()).collect();
        format!("可用的有：{}。", words.join("、"))
    };
    let message = format!("程序不认识计量单位“{}”；{tail}", word.value);
    log.add(Code::PackUnit, word.at, message);
    None
}

/// Notes a unit that does not go with what is measured; whether it does.
pub(super) fn fits(
    measure: &Measure,
    unit: MeasureUnit,
    name: &str,
    at: At,
    pool: &Pool,
    log: &mut Log<'_>,
) -> bool {
    let of = |id: &String| {
        pool.metrics
            .get(id)
            .map(|metric| (metric.name.clone(), metric.unit))
    };
    let word = unit.word();
    let message = match measure {
        Measure::Count { .. } if !unit.is_whole() => Some(format!(
            "“{name}”数的是条数，计量单位不能是“{word}”，要用次、件、个、人之类。"
        )),
        Measure::Sum { form, field, .. } => {
            let field = pool
                .forms
                .get(form)
                .and_then(|entry| entry.form.fields.get(field));
            field.and_then(|field| summed(&field.kind, unit, name, &field.header))
        }
        Measure::Members(_) if unit.sort() != Sort::People => {
            Some(format!("“{name}”数的是人数，计量单位要用人。"))
        }
        Measure::Total(parts) => {
            let mut parts = parts.iter().filter_map(of);
            let other = parts.find(|(_, of)| !of.goes_with(unit));
            other.map(|(part, of)| {
                format!(
                    "“{name}”以“{word}”计，其中“{part}”以“{}”计，不能相加。",
                    of.word()
                )
            })
        }
        Measure::Ratio(part, whole) => {
            let parts = of(part).zip(of(whole));
            parts.and_then(|((above, part), (below, whole))| match unit.sort() {
                Sort::Share if part.goes_with(whole) => None,
                Sort::Share => Some(format!(
                    "“{above}”以“{}”计，“{below}”以“{}”计，相除不是占比；要算平均数时，计量单位写“{}”。",
                    part.word(), whole.word(), part.word()
                )),
                _ if part.goes_with(unit) => None,
                _ => Some(format!(
                    "“{name}”是“{above}”除以“{below}”，计量单位要写“占比”，平均数写“{}”。",
                    part.word()
                )),
            })
        }
        Measure::Count { .. } | Measure::Members(_) => None,
    };
    match message {
        Some(message) => {
            log.add(Code::PackUnit, at, message);
            false
        }
        None => true,
    }
}

/// What is wrong with a unit for the sum of a field.
fn summed(kind: &Kind, unit: MeasureUnit, name: &str, header: &str) -> Option<String> {
    let word = unit.word();
    match (kind, unit.sort()) {
        (Kind::Money, Sort::Money) => None,
        (Kind::Money, _) => Some(format!(
            "“{name}”把金额栏“{header}”相加，计量单位要写元，不能是“{word}”。"
        )),
        (_, Sort::Money | Sort::Share) => Some(format!(
            "“{name}”相加的“{header}”不是金额栏，计量单位不能是“{word}”。"
        )),
        (Kind::Number, Sort::Count | Sort::People) => Some(format!(
            "“{name}”相加的“{header}”可以有小数，计量单位不能是“{word}”；栏目改用整数（integer），或换成亩、公里、吨之类。"
        )),
        _ => None,
    }
}

/// A threshold of a metric as a number, with notes of one that cannot be meant so.
pub(super) fn threshold(
    log: &mut Log<'_>,
    pool: &Pool,
    metric: Option<&Metric>,
    written: &Mark<Threshold>,
) -> Mark<Decimal> {
    let Threshold { value, is_percent } = written.value;
    let number = Mark {
        value,
        at: written.at,
    };
    let Some(metric) = metric else {
        return number;
    };
    let name = &metric.name;
    let is_of_shares = metric.unit.sort() == Sort::Share;
    if is_percent && !is_of_shares {
        let word = metric.unit.word();
        let message = format!("“{name}”以“{word}”计，标准不能写成百分数，写多少{word}。");
        log.add(Code::PackShare, written.at, message);
    } else if is_of_shares && !is_percent && value > Decimal::ONE && !is_share(pool, metric) {
        let message = format!(
            "“{name}”是占比，写成小数或百分数，如 0.8 或 \"80%\"；{value}会当作{}%，确实要超过100%的写成百分数。",
            (value * Decimal::ONE_HUNDRED).normalize()
        );
        log.add(Code::PackShare, written.at, message);
    }
    if matches!(metric.measure, Measure::Ratio(..)) && value.normalize().scale() > MOST_DECIMALS {
        let message = format!(
            "“{name}”是相除得来的，标准最多写{MOST_DECIMALS}位小数（百分数最多两位），现在写的是{value}。"
        );
        log.add(Code::PackShare, written.at, message);
    }
    number
}

/// What it means that the figure of a veto or an award cannot be worked out. Only a
/// ratio needs to say so, and it is never zero: that would strike or shut out somebody
/// for what is not known.
pub(super) fn missing_value(
    log: &mut Log<'_>,
    metric: Option<&Metric>,
    written: Option<&Mark<Missing>>,
    at: At,
) -> Missing {
    let is_ratio = metric.is_some_and(|metric| matches!(metric.measure, Measure::Ratio(..)));
    match written {
        Some(missing) if missing.value == Missing::Zero => {
            let message = "missing_value 在这里不能写 zero：算不出来不等于零；写 pending（待定）或 not_applicable（不适用）。";
            log.add(Code::PackShare, missing.at, message);
        }
        None if is_ratio => {
            let name = metric.map_or("", |metric| metric.name.as_str());
            let message = format!(
                "“{name}”是相除得来的，分母为零时算不出来，要用 missing_value 写明怎么办：pending（待定）或 not_applicable（不适用）。"
            );
            log.add(Code::PackShare, at, message);
        }
        _ => {}
    }
    written.map_or(Missing::Pending, |missing| missing.value)
}
