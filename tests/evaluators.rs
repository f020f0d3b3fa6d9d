//! COUNTIFS and SUMIFS as the program evaluates them, which goes through an
//! index, against a plain loop over the rows.

use jiff::civil::Date;
use kaohe::book::{
    Book, CellRef, ColumnRef, Comparison, Criterion, Evaluator, Expr, Format, Slot, Table,
};
use kaohe::sheet::Scalar;
use proptest::prelude::*;
use rust_decimal::Decimal;

const COLUMNS: usize = 4;

const TEXTS: &[&str] = &[
    "甲", "乙", "A", "a", "Ab", "aB", "5", "5.0", "是", "Ä", "ä", " ",
];

const NUMBERS: &[&str] = &[
    "5", "5.0", "5.00", "0", "-0", "-1", "0.1", "0.10", "49999.99", "50000",
];

/// A cell's value, and which of the ways of holding it is used.
type Model = Vec<Vec<(Scalar, u8)>>;

/// Few values, so that they often meet: the same number in several spellings,
/// digits as text, letters in both cases, and the empty cell.
fn scalars() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        2 => Just(Scalar::Empty),
        5 => prop::sample::select(TEXTS).prop_map(|text| Scalar::Text(text.to_owned())),
        5 => numbers().prop_map(Scalar::Number),
        1 => Just(Scalar::Date(Date::constant(2018, 3, 9))),
        1 => any::<bool>().prop_map(Scalar::Bool),
    ]
}

fn numbers() -> impl Strategy<Value = Decimal> {
    prop::sample::select(NUMBERS).prop_map(|text| text.parse().unwrap())
}

fn models() -> impl Strategy<Value = Model> {
    let row = prop::collection::vec((scalars(), 0_u8..4), COLUMNS);
    prop::collection::vec(row, 0..25)
}

fn comparisons() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        4 => Just(Comparison::Equal),
        1 => Just(Comparison::AtLeast),
        1 => Just(Comparison::MoreThan),
        1 => Just(Comparison::AtMost),
        1 => Just(Comparison::LessThan),
    ]
}

/// Column, comparison, value compared with, and whether it stands in a cell.
type Test = (usize, Comparison, Scalar, bool);

fn tests() -> impl Strategy<Value = Vec<Test>> {
    let test = (0..COLUMNS, comparisons(), scalars(), any::<bool>());
    prop::collection::vec(test, 1..4)
}

fn slot(value: &Scalar, way: u8) -> Slot {
    match (value, way) {
        (Scalar::Text(text), 1) => Slot::Figure(Expr::Text(text.clone())),
        (Scalar::Number(number), 1) => Slot::Figure(Expr::Number(*number)),
        (Scalar::Number(number), 2) => Slot::Formatted(Expr::Number(*number), Format::Money),
        (Scalar::Text(text), 2) => {
            let there = CellRef {
                table: 0,
                row: 0,
                column: 0,
            };
            Slot::Link(text.clone(), there)
        }
        (value, 3) => Slot::FormattedFact(value.clone(), Format::Text),
        (value, _) => Slot::Fact(value.clone()),
    }
}

/// The model as the first table of a book, the tests' values in the second.
fn book(model: &Model, tests: &[Test], totals: usize) -> Book {
    let mut book = Book::default();
    let mut table = Table::new("data");
    for column in 0..COLUMNS {
        table.column(format!("c{column}"), "栏", Format::Text);
    }
    table.rows = model
        .iter()
        .map(|row| row.iter().map(|(value, way)| slot(value, *way)).collect())
        .collect();
    table.totals = totals;
    book.add(table);
    let mut wanted = Table::new("wanted");
    wanted.column("value", "值", Format::Text);
    wanted.rows = tests
        .iter()
        .map(|(_, _, value, _)| vec![Slot::Fact(value.clone())])
        .collect();
    book.add(wanted);
    book
}

fn criteria(tests: &[Test]) -> Vec<Criterion> {
    tests
        .iter()
        .enumerate()
        .map(|(row, (column, comparison, value, in_cell))| Criterion {
            column: ColumnRef {
                table: 0,
                column: *column,
            },
            comparison: *comparison,
            with: match (value, in_cell) {
                (Scalar::Text(text), false) => Expr::Text(text.clone()),
                (Scalar::Number(number), false) => Expr::Number(*number),
                _ => Expr::Cell(CellRef {
                    table: 1,
                    row,
                    column: 0,
                }),
            },
        })
        .collect()
}

/// One comparison: number with number, text with text without case, and
/// nothing else.
fn holds(found: &Scalar, comparison: Comparison, wanted: &Scalar) -> bool {
    if let (Scalar::Number(found), Scalar::Number(wanted)) = (found, wanted) {
        let difference = *found - *wanted;
        return match comparison {
            Comparison::Equal => difference.is_zero(),
            Comparison::AtLeast => difference >= Decimal::ZERO,
            Comparison::MoreThan => difference > Decimal::ZERO,
            Comparison::AtMost => difference <= Decimal::ZERO,
            Comparison::LessThan => difference < Decimal::ZERO,
        };
    }
    if let (Scalar::Text(found), Scalar::Text(wanted)) = (found, wanted) {
        let found = found.chars().flat_map(char::to_lowercase);
        let wanted = wanted.chars().flat_map(char::to_lowercase);
        return comparison == Comparison::Equal && found.eq(wanted);
    }
    false
}

/// Count and sum of a column by a plain loop.
fn naive(model: &Model, tests: &[Test], totals: usize, summed: usize) -> (usize, Decimal) {
    let mut count = 0;
    let mut sum = Decimal::ZERO;
    for row in &model[..model.len().saturating_sub(totals)] {
        let mut all = true;
        for (column, comparison, wanted, _) in tests {
            all = all && holds(&row[*column].0, *comparison, wanted);
        }
        if all {
            count += 1;
            if let Scalar::Number(number) = row[summed].0 {
                sum += number;
            }
        }
    }
    (count, sum)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn conditional_counts_and_sums_equal_a_plain_loop(
        model in models(),
        all in prop::collection::vec(tests(), 1..4),
        totals in 0_usize..3,
        summed in 0..COLUMNS,
    ) {
        let flat: Vec<Test> = all.iter().flatten().cloned().collect();
        let book = book(&model, &flat, totals);
        // One evaluator for all, so that later ones meet the index of earlier ones.
        let evaluator = Evaluator::new(&book);
        let of_flat = criteria(&flat);
        let mut from = 0;
        for tests in all {
            let criteria = of_flat[from..from + tests.len()].to_vec();
            from += tests.len();
            let (count, sum) = naive(&model, &tests, totals, summed);
            let column = ColumnRef { table: 0, column: summed };
            prop_assert_eq!(
                evaluator.expr(&Expr::CountIfs(criteria.clone()), 0),
                Scalar::Number(count.into())
            );
            prop_assert_eq!(
                evaluator.expr(&Expr::SumIfs(column, criteria), 0),
                Scalar::Number(sum)
            );
        }
    }

    #[test]
    fn whole_columns_equal_a_plain_loop(model in models(), totals in 0_usize..3) {
        let book = book(&model, &[], totals);
        let evaluator = Evaluator::new(&book);
        let rows = &model[..model.len().saturating_sub(totals)];
        for index in 0..COLUMNS {
            let column = ColumnRef { table: 0, column: index };
            let mut sum = Decimal::ZERO;
            let mut greatest = None;
            for row in rows {
                if let Scalar::Number(number) = row[index].0 {
                    sum += number;
                    greatest = Some(greatest.map_or(number, |g: Decimal| g.max(number)));
                }
            }
            prop_assert_eq!(evaluator.expr(&Expr::SumColumn(column), 0), Scalar::Number(sum));
            let greatest = greatest.unwrap_or_default();
            prop_assert_eq!(evaluator.expr(&Expr::MaxColumn(column), 0), Scalar::Number(greatest));
        }
    }
}
