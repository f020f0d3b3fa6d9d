//! A figure that a rule holds against a threshold. A ratio is held against it by its
//! parts: what is divided is rounded, and a quotient that was rounded up would reach
//! what it does not reach.

use super::answers::untold;
use super::metrics::{For, format, header, metric, parts, sure, zero};
use super::words::UNKNOWN;
use crate::book::{Arithmetic, Book, CellRef, Comparison, Expr, Format, Slot, Table};
use crate::policy::{Measure, MeasureUnit, Metric, Policy, Sort};

/// Decimals of a quotient that is shown.
const QUOTIENT: u32 = 8;
/// Decimals of a threshold times a whole: four of the threshold, two of the whole.
/// Rounded to them, a product that floating point puts a little beside itself is exact.
const PRODUCT: u32 = 6;

/// Where a figure stands, and the parts of a ratio.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The cell of the figure.
    pub figure: CellRef,
    /// The cells of what is divided by what.
    pub parts: Option<(CellRef, CellRef)>,
    unit: MeasureUnit,
}

/// Adds the columns for the parts of ratios, if one of the metrics is a ratio.
pub fn part_columns<'m>(
    table: &mut Table,
    policy: &Policy,
    mut metrics: impl Iterator<Item = &'m String>,
) {
    if metrics.any(|id| parts(policy, id).is_some()) {
        table.column("part", "分子", Format::Number);
        table.column("whole", "分母", Format::Number);
    }
}

impl Held {
    /// The figure of a metric in a cell; the parts of a ratio beside it, in the
    /// columns for them.
    pub fn new(policy: &Policy, id: &str, figure: CellRef, cell: impl Fn(&str) -> CellRef) -> Self {
        let beside = parts(policy, id).map(|_| (cell("part"), cell("whole")));
        Held::of(policy, id, figure, beside)
    }

    /// The figure of a metric in a cell, and the parts of a ratio in theirs.
    pub fn of(
        policy: &Policy,
        id: &str,
        figure: CellRef,
        parts: Option<(CellRef, CellRef)>,
    ) -> Self {
        let unit = policy.metrics.get(id).map(|metric| metric.unit);
        Held {
            figure,
            parts,
            unit: unit.unwrap_or_else(MeasureUnit::share),
        }
    }

    /// The figure of a ratio: one cell divided by another.
    pub fn quotient(part: CellRef, whole: CellRef) -> Expr {
        let quotient = Expr::arithmetic(Arithmetic::Divide, Expr::Cell(part), Expr::Cell(whole));
        Expr::when(
            is_known(whole),
            quotient.rounded(QUOTIENT),
            Expr::text(UNKNOWN),
        )
    }

    /// Whether it can be worked out; `None` if it always can.
    pub fn is_known(&self) -> Option<Expr> {
        self.parts.map(|(_, whole)| is_known(whole))
    }

    /// It is less than a threshold. What cannot be worked out is not.
    pub fn is_below(&self, limit: Expr) -> Expr {
        self.against(Comparison::LessThan, limit)
    }

    /// It reaches a threshold. What cannot be worked out does not.
    pub fn reaches(&self, limit: Expr) -> Expr {
        self.against(Comparison::AtLeast, limit)
    }

    /// It would reach a threshold with so many more counted.
    pub fn would_reach(&self, limit: Expr, more: Expr) -> Expr {
        self.compared(Comparison::AtLeast, limit, Some(more))
    }

    fn against(&self, comparison: Comparison, limit: Expr) -> Expr {
        self.compared(comparison, limit, None)
    }

    fn compared(&self, comparison: Comparison, limit: Expr, more: Option<Expr>) -> Expr {
        let with = |cell: CellRef| match more {
            Some(more) => Expr::Sum(vec![Expr::Cell(cell), more]),
            None => Expr::Cell(cell),
        };
        match self.parts {
            None => Expr::compare(comparison, with(self.figure), limit),
            Some((part, whole)) => Expr::And(vec![
                is_known(whole),
                Expr::compare(comparison, with(part), share_of(limit, whole)),
            ]),
        }
    }

    /// How much is short of a threshold; nothing is short of one that is reached.
    pub fn short_of(&self, limit: Expr) -> Expr {
        let figure = Expr::Cell(self.figure);
        let short = Expr::arithmetic(Arithmetic::Subtract, limit.clone(), figure.clone());
        let decimals = match self.parts {
            Some(_) => QUOTIENT,
            None => 2,
        };
        let short = Expr::Max(Box::new(short.rounded(decimals)), Box::new(zero()));
        match self.parts {
            // What was rounded up may look as if it were reached, and the other way.
            Some(_) => Expr::when(
                Expr::IsNumber(Box::new(figure.clone())),
                Expr::when(self.reaches(limit), zero(), short),
                figure,
            ),
            None => short,
        }
    }

    /// A figure in words, with its unit.
    pub fn said(&self, figure: Expr) -> Vec<Expr> {
        said(self.unit, figure)
    }

    /// The same of its own figure; a word where there is none.
    pub fn says(&self) -> Expr {
        let figure = Expr::Cell(self.figure);
        let said = Expr::Joined(self.said(figure.clone()));
        match self.parts {
            None => said,
            Some(_) => Expr::when(Expr::IsNumber(Box::new(figure.clone())), said, figure),
        }
    }
}

/// A figure in words, with its unit: 80%, 2 个, 50000 元.
pub fn said(unit: MeasureUnit, figure: Expr) -> Vec<Expr> {
    match unit.sort() {
        Sort::Share => {
            let percent =
                Expr::arithmetic(Arithmetic::Multiply, figure, Expr::whole(100)).rounded(2);
            vec![percent, Expr::text("%")]
        }
        _ => vec![figure, Expr::text(format!(" {}", unit.word()))],
    }
}

/// How the figures of a metric are shown.
pub fn format_of(policy: &Policy, id: &str) -> Format {
    policy.metrics.get(id).map_or(Format::Number, format)
}

/// A threshold times the whole of a ratio, exact in floating point, too.
pub fn share_of(limit: Expr, whole: CellRef) -> Expr {
    Expr::arithmetic(Arithmetic::Multiply, limit, Expr::Cell(whole)).rounded(PRODUCT)
}

/// Whether something can be divided by a whole.
pub fn is_known(whole: CellRef) -> Expr {
    let whole = Expr::Cell(whole);
    Expr::And(vec![
        Expr::IsNumber(Box::new(whole.clone())),
        Expr::compare(Comparison::MoreThan, whole, zero()),
    ])
}

/// What stands in the cells of a metric's figure and its parts, for a subject.
pub struct Cells {
    /// The figure.
    pub figure: Slot,
    /// What is divided; empty unless it is a ratio.
    pub part: Slot,
    /// By what.
    pub whole: Slot,
}

impl Cells {
    /// The cells for a subject.
    pub fn new(book: &Book, policy: &Policy, id: &str, subject: For, held: &Held) -> Self {
        let shown = |id: &str| {
            let figure = sure(metric(book, policy, id, subject));
            Slot::Formatted(figure, format_of(policy, id))
        };
        match (parts(policy, id), held.parts) {
            (Some((part, whole)), Some((of, by))) => Cells {
                figure: Slot::Formatted(Held::quotient(of, by), format_of(policy, id)),
                part: shown(part),
                whole: shown(whole),
            },
            _ => Cells {
                figure: shown(id),
                part: Slot::text(""),
                whole: Slot::text(""),
            },
        }
    }
}

/// How many members of a unit have not answered what a metric counts them by: were
/// they counted, it would be so much more. None where no list asks them.
pub fn unanswered(book: &Book, policy: &Policy, id: &str, unit: CellRef) -> Option<Expr> {
    let id = parts(policy, id).map_or(id, |(part, _)| part);
    match &policy.metrics.get(id)?.measure {
        Measure::Members(Some(_)) => untold(book, id, unit),
        _ => None,
    }
}

/// Whether more entries can make a ratio less: its whole is made of entries.
pub fn is_diluted(policy: &Policy, id: &str) -> bool {
    let whole = parts(policy, id).and_then(|(_, whole)| policy.metrics.get(whole));
    whole.is_some_and(|whole| !matches!(whole.measure, Measure::Members(_)))
}

/// A header for the figures of some metrics: the name of the only one, or a word for all.
pub fn common_header(metrics: &[&Metric]) -> String {
    match metrics {
        [first, rest @ ..] if rest.iter().all(|one| one.id == first.id) => header(first),
        [first, rest @ ..] if rest.iter().all(|one| one.unit == first.unit) => {
            format!("实绩\u{FF08}{}\u{FF09}", first.unit.word())
        }
        _ => "实绩".to_owned(),
    }
}
