//! A metric as an expression, for a unit, a member or a village.

use rust_decimal::Decimal;

use super::answers::untold;
use super::entry_keys::{REACHED, comparison, counting};
use super::words::UNKNOWN;
use crate::book::{Arithmetic, Book, CellRef, ColumnRef, Comparison, Criterion, Expr, Format};
use crate::policy::{Condition, Measure, Metric, Policy, Prefill, Sort, Test, forms_of};
use crate::reconcile::Class;

/// A figure that the book must be able to give. Loading makes sure that it can;
/// were it otherwise, the cell says so and nothing is taken for zero.
pub fn sure(figure: Option<Expr>) -> Expr {
    debug_assert!(figure.is_some(), "a figure that no table gives");
    figure.unwrap_or_else(|| Expr::text(UNKNOWN))
}

/// How the figures of a metric are shown.
pub fn format(metric: &Metric) -> Format {
    match metric.unit.sort() {
        // An average of whole numbers is none.
        Sort::Count | Sort::People if matches!(metric.measure, Measure::Ratio(..)) => {
            Format::Number
        }
        Sort::Count | Sort::People => Format::Integer,
        Sort::Money => Format::Money,
        Sort::Share => Format::Percent,
        Sort::Points => Format::Score,
        Sort::Quantity => Format::Number,
    }
}

/// The name of a metric with its unit, for a header.
pub fn header(metric: &Metric) -> String {
    format!("{}\u{FF08}{}\u{FF09}", metric.name, metric.unit.word())
}

/// For whom a metric is worked out: the cell that holds the code.
#[derive(Debug, Clone, Copy)]
pub enum For {
    /// A credited unit.
    Unit(CellRef),
    /// A person.
    Member(CellRef),
    /// A village.
    Village(CellRef),
}

/// Table id of a form's entries.
pub fn detail(form: &str) -> String {
    format!("detail:{form}")
}

/// Column of a form's entries. Every form has its table and every field its
/// column, so a miss can only be a column that the form has no use for.
pub fn column(book: &Book, form: &str, id: &str) -> Option<ColumnRef> {
    book.column(&detail(form), id)
}

/// The criterion that an entry counts.
pub fn counted(book: &Book, form: &str) -> Option<Criterion> {
    let column = column(book, form, "@counted")?;
    Some(Criterion::equal(column, Expr::text("是")))
}

/// A metric as an expression. `None` where it cannot be said for this subject
/// (loading refuses rules that would ask for it), and for ratios, which are made of
/// the cells of their parts (`held`).
pub fn metric(book: &Book, policy: &Policy, id: &str, subject: For) -> Option<Expr> {
    // Of a member the entry itself says whether it is counted.
    let of_member = |form: &str, member: CellRef| {
        let key = column(book, form, &counting(id))?;
        Some(vec![Criterion::equal(key, Expr::Cell(member))])
    };
    match (&policy.metrics.get(id)?.measure, subject) {
        (Measure::Count { form, .. }, For::Member(member)) => {
            Some(Expr::CountIfs(of_member(form, member)?))
        }
        (Measure::Sum { form, field, .. }, For::Member(member)) => {
            let criteria = of_member(form, member)?;
            Some(Expr::SumIfs(column(book, form, field)?, criteria).rounded(2))
        }
        (measure, _) => of_subject(book, policy, measure, subject),
    }
}

fn of_subject(book: &Book, policy: &Policy, measure: &Measure, subject: For) -> Option<Expr> {
    match measure {
        Measure::Count { form, conditions } => Some(Expr::CountIfs(criteria(
            book,
            form,
            conditions,
            Some(subject),
        )?)),
        Measure::Sum {
            form,
            field,
            conditions,
        } => {
            let criteria = criteria(book, form, conditions, Some(subject))?;
            Some(Expr::SumIfs(column(book, form, field)?, criteria).rounded(2))
        }
        Measure::Total(parts) => {
            let parts: Option<Vec<Expr>> = parts
                .iter()
                .map(|part| metric(book, policy, part, subject))
                .collect();
            Some(Expr::Sum(parts?))
        }
        Measure::Members(least) => {
            let For::Unit(unit) = subject else {
                return None;
            };
            let mut criteria = vec![Criterion::equal(
                book.column("members", "unit")?,
                Expr::Cell(unit),
            )];
            if let Some((of, least)) = least {
                criteria.push(Criterion {
                    column: book.column("members", &format!("m:{of}"))?,
                    comparison: Comparison::AtLeast,
                    with: Expr::Number(*least),
                });
            }
            Some(Expr::CountIfs(criteria))
        }
        Measure::Ratio(..) => None,
    }
}

/// All criteria for entries of a form: they count, belong to the subject, and
/// meet the conditions.
pub fn criteria(
    book: &Book,
    form: &str,
    conditions: &[Condition],
    subject: Option<For>,
) -> Option<Vec<Criterion>> {
    let mut criteria = vec![counted(book, form)?];
    match subject {
        Some(For::Unit(cell)) => {
            criteria.push(Criterion::equal(
                column(book, form, "@unit")?,
                Expr::Cell(cell),
            ));
        }
        Some(For::Member(cell)) => {
            criteria.push(Criterion::equal(
                column(book, form, "@member")?,
                Expr::Cell(cell),
            ));
        }
        // Whether it counts is said there, too.
        Some(For::Village(cell)) => {
            criteria = vec![Criterion::equal(
                column(book, form, REACHED)?,
                Expr::Cell(cell),
            )];
        }
        None => {}
    }
    for condition in conditions {
        criteria.push(match &condition.test {
            Test::Complete => Criterion::equal(column(book, form, "@complete")?, Expr::text("是")),
            Test::Is { field, text } => {
                Criterion::equal(column(book, form, field)?, Expr::text(text))
            }
            Test::Number {
                field,
                operator,
                value,
            } => Criterion {
                column: column(book, form, field)?,
                comparison: comparison(*operator),
                with: Expr::Number(*value),
            },
        });
    }
    Some(criteria)
}

/// The parts of a metric that are shown as operands: a ratio's two, otherwise
/// the metric itself.
pub fn operands<'a>(policy: &'a Policy, id: &'a str) -> Vec<&'a str> {
    match parts(policy, id) {
        Some((part, whole)) => vec![part, whole],
        None => vec![id],
    }
}

/// What is divided by what in a ratio, as metrics.
pub fn parts<'a>(policy: &'a Policy, id: &str) -> Option<(&'a str, &'a str)> {
    match &policy.metrics.get(id)?.measure {
        Measure::Ratio(part, whole) => Some((part, whole)),
        _ => None,
    }
}

/// How many entries under a metric could not be read. Whoever has one is not
/// struck by a veto: the entry, once mended, may count.
pub fn rejected(book: &Book, policy: &Policy, id: &str, subject: For) -> Option<Expr> {
    let For::Unit(unit) = subject else {
        return entries(book, policy, id, subject, Some(Class::Rejected));
    };
    let forms = forms_of(policy, id).into_iter();
    let each = forms.map(|form| rejected_of(book, form, unit));
    Some(Expr::Sum(each.collect::<Option<_>>()?))
}

/// The most that entries of a unit which could not be read, or wait for the office,
/// would add to a metric once they count, and how many of them say no amount.
pub fn waiting(book: &Book, policy: &Policy, id: &str, unit: CellRef) -> Option<(Expr, Expr)> {
    match &policy.metrics.get(id)?.measure {
        Measure::Count { form, .. } => Some((rejected_of(book, form, unit)?, zero())),
        // Whether the conditions hold may not be known of what could not be read.
        Measure::Sum { form, field, .. } => {
            let sum = of_unit(book, unit, &waiting_on(form, field))?;
            let all = rejected_of(book, form, unit)?;
            let told = of_unit(book, unit, &told_on(form, field))?;
            let unsaid = Expr::arithmetic(Arithmetic::Subtract, all, told);
            Some((sum, unsaid))
        }
        Measure::Total(parts) => {
            let parts = parts.iter().map(|part| waiting(book, policy, part, unit));
            let (more, unsaid) = parts.collect::<Option<Vec<_>>>()?.into_iter().unzip();
            Some((Expr::Sum(more), Expr::Sum(unsaid)))
        }
        Measure::Ratio(part, _) => waiting(book, policy, part, unit),
        Measure::Members(Some((of, _))) => {
            Some((rejected(book, policy, of, For::Unit(unit))?, zero()))
        }
        Measure::Members(None) => Some((zero(), zero())),
    }
}

/// The column that says whether the sheet of a form did not come from a unit that
/// fills it in: 1, or 0. From a unit that sent nothing, no sheet is missed.
pub fn lacks(form: &str) -> String {
    format!("@lacks:{form}")
}

/// The column of the entries of a form that could not be read.
pub fn unread_on(form: &str) -> String {
    format!("@unread:{form}")
}

/// The column of what a field says of those entries.
pub fn waiting_on(form: &str, field: &str) -> String {
    format!("@waiting:{form}:{field}")
}

/// The column of how many of those entries say something in a field.
pub fn told_on(form: &str, field: &str) -> String {
    format!("@told:{form}:{field}")
}

/// How many entries of a form that some metric asks could not be read of a unit, as
/// the table of units says.
fn rejected_of(book: &Book, form: &str, unit: CellRef) -> Option<Expr> {
    of_unit(book, unit, &unread_on(form))
}

/// What the table of units says of a unit in a column.
fn of_unit(book: &Book, unit: CellRef, column: &str) -> Option<Expr> {
    Some(Expr::Lookup {
        key: Box::new(Expr::Cell(unit)),
        keys: book.column("units", "code")?,
        values: book.column("units", column)?,
    })
}

/// How many sheets under a metric did not come from a unit: what stands on them is
/// not known. A list of members speaks for each of them (`members::untold`), so it is
/// missed only as long as nobody has ruled on them.
pub fn lacking(book: &Book, policy: &Policy, id: &str, unit: CellRef) -> Option<Expr> {
    let sheet = |form: &str| of_unit(book, unit, &lacks(form));
    let of_part = |part: &String| lacking(book, policy, part, unit);
    match &policy.metrics.get(id)?.measure {
        Measure::Count { form, .. } | Measure::Sum { form, .. } => sheet(form),
        Measure::Total(parts) => Some(Expr::Sum(parts.iter().map(of_part).collect::<Option<_>>()?)),
        Measure::Ratio(part, whole) => Some(Expr::Sum(vec![of_part(part)?, of_part(whole)?])),
        Measure::Members(Some((of, _))) => {
            let sheets = forms_of(policy, of).into_iter().map(|form| {
                let is_list =
                    policy.forms.get(form).map(|form| form.prefill) == Some(Prefill::Members);
                match untold(book, id, unit) {
                    Some(untold) if is_list => {
                        let open = Expr::compare(Comparison::MoreThan, untold, zero());
                        Some(Expr::when(open, sheet(form)?, zero()))
                    }
                    _ => sheet(form),
                }
            });
            Some(Expr::Sum(sheets.collect::<Option<_>>()?))
        }
        Measure::Members(None) => Some(zero()),
    }
}

/// How many entries a metric looks at, whether they count or not.
pub fn seen(book: &Book, policy: &Policy, id: &str, subject: For) -> Option<Expr> {
    entries(book, policy, id, subject, None)
}

/// How many entries of the forms of a metric a subject has, of some class.
fn entries(
    book: &Book,
    policy: &Policy,
    id: &str,
    subject: For,
    class: Option<Class>,
) -> Option<Expr> {
    entries_of(book, &forms_of(policy, id), subject, class)
}

/// How many entries of some forms a subject has, of some class.
pub fn entries_of(book: &Book, forms: &[&str], subject: For, class: Option<Class>) -> Option<Expr> {
    let counts: Option<Vec<Expr>> = forms
        .iter()
        .map(|form| {
            let (key, code) = match subject {
                For::Unit(code) => ("@unit", code),
                For::Member(code) => ("@member", code),
                For::Village(code) => ("@village", code),
            };
            let mut criteria = vec![Criterion::equal(column(book, form, key)?, Expr::Cell(code))];
            if let Some(class) = class {
                let of = column(book, form, "@class")?;
                criteria.push(Criterion::equal(of, Expr::text(class.word())));
            }
            Some(Expr::CountIfs(criteria))
        })
        .collect();
    Some(Expr::Sum(counts?))
}

/// Zero as an expression.
pub fn zero() -> Expr {
    Expr::Number(Decimal::ZERO)
}
