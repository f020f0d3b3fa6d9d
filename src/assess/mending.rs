//! A scored item in words: what its points were worked out from, and what would give it
//! its full mark.

use rust_decimal::Decimal;

use super::answers::counts_listed;
use super::held::{is_diluted, is_known, said, share_of};
use super::metrics::{operands, zero};
use super::params::Params;
use super::words::{NOT_APPLICABLE, PENDING};
use crate::book::{Arithmetic, CellRef, Comparison, Expr};
use crate::policy::{MeasureUnit, Method, Metric, Missing, Policy, Score, forms_of};

/// Said of an item that lost nothing.
pub const FULL: &str = "已得满分";

/// The column of what the points of an item were worked out from.
pub fn done_column(score: &str) -> String {
    format!("@done:{score}")
}

/// The column of what would mend it.
pub fn mend_column(score: &str) -> String {
    format!("@mend:{score}")
}

/// The column of how much more reaches the full mark.
pub fn short_column(score: &str) -> String {
    format!("@short:{score}")
}

/// A scored item in a row of the table of scores.
pub struct Item<'a> {
    /// The plan.
    pub policy: &'a Policy,
    /// The points and thresholds in force.
    pub params: &'a Params,
    /// The item.
    pub score: &'a Score,
    /// The cells of the row.
    pub here: &'a dyn Fn(&str) -> CellRef,
}

impl Item<'_> {
    /// What the points were worked out from: 合格产业扶贫基地 1 个.
    pub fn done(&self) -> Expr {
        let mut words = Vec::new();
        for id in operands(self.policy, &self.score.metric) {
            let Some(metric) = self.policy.metrics.get(id) else {
                continue;
            };
            if !words.is_empty() {
                words.push(Expr::text("\u{FF0F}"));
            }
            words.push(Expr::text(format!("{} ", metric.name)));
            words.extend(said(metric.unit, self.operand(id)));
        }
        // What stands on a sheet that did not come is not nought.
        let mut lacks = vec![Expr::is(self.points(), PENDING)];
        if let (Some((_, whole)), Missing::Pending) = (self.whole(), self.score.missing_value) {
            lacks.push(is_known(whole));
        }
        let unsent = Expr::text(format!("没有收到{}表", self.forms()));
        let told = Expr::when(Expr::And(lacks), unsent, Expr::Joined(words));
        Expr::when(self.is_missing(), Expr::text("没有报送"), told)
    }

    /// How much is short of the full mark, rounded up to what can be had.
    pub fn short(&self) -> Expr {
        let limit = self.params.get(&self.score.id, &self.limit());
        let part = self.operand(self.part());
        let wanted = match self.whole() {
            Some((_, whole)) => share_of(limit, whole),
            None => limit,
        };
        let short = Expr::arithmetic(Arithmetic::Subtract, wanted, part);
        // Just less than half of the last decimal rounds up.
        let (decimals, up) = match self.unit().is_whole() {
            true => (0, Decimal::new(499_999, 6)),
            false => (2, Decimal::new(4_999, 6)),
        };
        Expr::Sum(vec![short, Expr::Number(up)]).rounded(decimals)
    }

    /// What would give it its full mark; why nothing does; or for what it waits.
    pub fn mend(&self) -> Expr {
        let points = self.points();
        let is_full = Expr::compare(Comparison::AtLeast, points.clone(), self.full());
        let earned = Expr::when(is_full, Expr::text(FULL), self.short_words());
        let forms = self.forms();
        let pending = match (self.whole(), self.score.missing_value) {
            (Some((name, _)), Missing::Pending) => {
                format!("待定：{name}为零算不出，或没有收到{forms}表；等补报或裁定")
            }
            _ => format!("待定：等补报{forms}表"),
        };
        let inapplicable = self.whole().map_or_else(String::new, |(name, _)| {
            format!("不适用：{name}为零，分值摊到其他各项")
        });
        let told = Expr::when(
            Expr::IsNumber(Box::new(points.clone())),
            earned,
            Expr::when(
                Expr::is(points, NOT_APPLICABLE),
                Expr::text(inapplicable),
                Expr::text(pending),
            ),
        );
        let missing = match self.score.missing_return {
            Missing::Zero => "没有报送：补报后才能计分",
            Missing::NotApplicable => "没有报送：不适用，补报后才能计分",
            Missing::Pending => "待定：等这个单位报送",
        };
        Expr::when(self.is_missing(), Expr::text(missing), told)
    }

    /// How much more reaches the full mark: 再有 8 人可得满分.
    fn short_words(&self) -> Expr {
        let part = self.part();
        let short = Expr::Cell((self.here)(&short_column(&self.score.id)));
        let mut words = vec![match is_diluted(self.policy, &self.score.metric) {
            // A new record would add to the whole as well.
            true => Expr::text("已有的里面再有 "),
            false => Expr::text("再有 "),
        }];
        words.extend(said(self.unit(), short.clone()));
        words.push(Expr::text("可得满分"));
        if counts_listed(self.policy, part).is_some() {
            let untold = Expr::Cell((self.here)(&format!("untold:{part}")));
            let some = Expr::compare(Comparison::MoreThan, untold.clone(), zero());
            let words_of = Expr::Joined(vec![
                Expr::text("\u{FF08}"),
                untold,
                Expr::text(" 人没有填报\u{FF09}"),
            ]);
            words.push(Expr::when(some, words_of, Expr::text("")));
        }
        let words = Expr::when(
            Expr::compare(Comparison::MoreThan, short, zero()),
            Expr::Joined(words),
            // Points may have been changed by hand so that no band has the full mark.
            Expr::text("已到最高一档，不能再多"),
        );
        match self.whole() {
            Some((name, whole)) => {
                let none = Expr::text(format!("{name}为零，算不出，记零分"));
                Expr::when(is_known(whole), words, none)
            }
            None => words,
        }
    }

    /// The value from which there is the full mark, by its name among the parameters.
    fn limit(&self) -> String {
        match &self.score.method {
            Method::Linear { .. } => "full_at".to_owned(),
            Method::AllOrNothing { .. } => "at_least".to_owned(),
            Method::Bands(bands) => format!("from{}", bands.len().saturating_sub(1)),
        }
    }

    /// The metric that is counted, or divided.
    fn part(&self) -> &str {
        let parts = operands(self.policy, &self.score.metric);
        parts.first().copied().unwrap_or(&self.score.metric)
    }

    /// What that is counted in.
    fn unit(&self) -> MeasureUnit {
        let unit = self.metric(self.part()).map(|metric| metric.unit);
        unit.unwrap_or_else(MeasureUnit::share)
    }

    fn metric(&self, id: &str) -> Option<&Metric> {
        self.policy.metrics.get(id)
    }

    fn operand(&self, id: &str) -> Expr {
        Expr::Cell((self.here)(&format!("op:{id}")))
    }

    /// What is divided by, for a ratio: its name and its cell.
    fn whole(&self) -> Option<(&str, CellRef)> {
        let id = *operands(self.policy, &self.score.metric).get(1)?;
        let name = self.metric(id).map_or("", |metric| metric.name.as_str());
        Some((name, (self.here)(&format!("op:{id}"))))
    }

    fn points(&self) -> Expr {
        Expr::Cell((self.here)(&format!("pt:{}", self.score.id)))
    }

    fn full(&self) -> Expr {
        self.params.get(&self.score.id, "points")
    }

    fn is_missing(&self) -> Expr {
        Expr::is(Expr::Cell((self.here)("returned")), "否")
    }

    /// The sheets on which it rests: “下乡活动”.
    fn forms(&self) -> String {
        let forms = forms_of(self.policy, &self.score.metric);
        let names = forms.into_iter().filter_map(|id| self.policy.forms.get(id));
        let names: Vec<String> = names.map(|form| format!("“{}”", form.sheet)).collect();
        names.join("或")
    }
}
