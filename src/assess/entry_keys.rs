//! Keys by which other tables find entries: each says in one cell, in the entry's own
//! row, what they would have to ask of several columns, which a large county cannot
//! afford. A key is there only if the entry counts.

use crate::book::{CellRef, Comparison, Expr};
use crate::policy::{
    Condition, Dimension, FundTable, Measure, Metric, Operator, Policy, Subject, Test,
};

/// The cell of a column in the own row, by its id.
type Own<'o> = &'o dyn Fn(&str) -> Option<CellRef>;

/// Between the two codes by which a table of funds finds an entry. A text with it is
/// never taken for a number or a day.
pub const AND: &str = "与";

/// The column of donors of what counts.
pub const GIVER: &str = "@giver";
/// The column of villages of what counts.
pub const REACHED: &str = "@reached";

/// The column of persons of what a metric counts.
pub fn counting(metric: &str) -> String {
    format!("@m:{metric}")
}

/// The column by which a long table of funds finds what counts.
pub fn fund(table: &str) -> String {
    format!("@fund:{table}")
}

/// Whether a table of funds has a row for each unit or village.
pub fn is_long(table: &FundTable) -> bool {
    matches!(table.rows, Dimension::Unit | Dimension::Village)
}

/// A key that is there where all of this holds.
fn key(all: Vec<Expr>, key: Expr) -> Expr {
    Expr::when(Expr::And(all), key, Expr::text(""))
}

/// The entry counts.
fn counts(own: Own<'_>) -> Option<Expr> {
    Some(Expr::is(Expr::Cell(own("@counted")?), "是"))
}

/// The form and the conditions of a metric that counts or sums entries.
pub fn conditions(metric: &Metric) -> Option<(&str, &[Condition])> {
    match &metric.measure {
        Measure::Count { form, conditions }
        | Measure::Sum {
            form, conditions, ..
        } => Some((form, conditions)),
        _ => None,
    }
}

/// A condition as it is said of the own row: the same as COUNTIFS says of a column.
fn holds(test: &Test, own: Own<'_>) -> Option<Vec<Expr>> {
    Some(match test {
        Test::Complete => vec![Expr::is(Expr::Cell(own("@complete")?), "是")],
        Test::Is { field, text } => vec![Expr::is(Expr::Cell(own(field)?), text)],
        Test::Number {
            field,
            operator,
            value,
        } => {
            let cell = Expr::Cell(own(field)?);
            vec![
                // Any text is more than any number.
                Expr::IsNumber(Box::new(cell.clone())),
                Expr::compare(comparison(*operator), cell, Expr::Number(*value)),
            ]
        }
    })
}

/// The giver of a gift.
pub fn of_giver(own: Own<'_>) -> Option<Expr> {
    let donor = own("@donor")?;
    Some(key(
        vec![counts(own)?, Expr::Filled(donor)],
        Expr::Cell(donor),
    ))
}

/// The person of an entry that meets the conditions of a metric.
pub fn of_metric(metric: &Metric, own: Own<'_>) -> Option<Expr> {
    let member = own("@member")?;
    let mut all = vec![counts(own)?, Expr::Filled(member)];
    for condition in conditions(metric)?.1 {
        all.extend(holds(&condition.test, own)?);
    }
    Some(key(all, Expr::Cell(member)))
}

/// The village of an entry.
pub fn of_village(own: Own<'_>) -> Option<Expr> {
    Some(key(vec![counts(own)?], Expr::Cell(own("@village")?)))
}

/// What stands in two columns by which a table of funds groups entries.
pub fn of_funds([row, column]: [String; 2], own: Own<'_>) -> Option<Expr> {
    let codes = vec![
        Expr::Cell(own(&row)?),
        Expr::text(AND),
        Expr::Cell(own(&column)?),
    ];
    Some(key(vec![counts(own)?], Expr::Joined(codes)))
}

/// An operator of the rules in the language of expressions.
pub fn comparison(operator: Operator) -> Comparison {
    match operator {
        Operator::Equal => Comparison::Equal,
        Operator::AtLeast => Comparison::AtLeast,
        Operator::MoreThan => Comparison::MoreThan,
        Operator::AtMost => Comparison::AtMost,
        Operator::LessThan => Comparison::LessThan,
    }
}

/// Metrics that some rule asks of members, what they are made of first.
pub fn asked(policy: &Policy) -> Vec<&str> {
    let of_members = policy.metrics.values().filter_map(|m| match &m.measure {
        Measure::Members(Some((of, _))) => Some(of.as_str()),
        _ => None,
    });
    let vetoes = policy.vetoes.iter();
    let judged = vetoes.filter(|veto| veto.subject == Subject::Member);
    let of_vetoes = judged.map(|veto| veto.metric.as_str());
    let mut asked: Vec<&str> = Vec::new();
    for id in of_vetoes.chain(of_members) {
        made_of(policy, id, &mut asked);
    }
    let mut seen = std::collections::HashSet::new();
    asked.retain(|id| seen.insert(*id));
    asked
}

/// A metric after those that it is made of.
fn made_of<'a>(policy: &'a Policy, id: &'a str, to: &mut Vec<&'a str>) {
    match policy.metrics.get(id).map(|m| &m.measure) {
        Some(Measure::Total(parts)) => {
            for part in parts {
                made_of(policy, part, to);
            }
        }
        Some(Measure::Ratio(part, whole)) => {
            made_of(policy, part, to);
            made_of(policy, whole, to);
        }
        _ => {}
    }
    to.push(id);
}
