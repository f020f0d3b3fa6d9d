//! A column of a table as it is looked up: its rows by what stands in them.

use std::borrow::Cow;
use std::sync::OnceLock;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::View;
use crate::sheet::Scalar;

/// Stands for what equals nothing: empty cells, days, true and false.
const NOTHING: u32 = u32::MAX;

/// What is known of a column for looking up in it.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// Its rows by what stands in them.
    pub index: OnceLock<Box<ColumnIndex>>,
    /// Its numbers by row, where it holds facts only.
    pub numbers: OnceLock<Option<Vec<Option<Decimal>>>>,
}

/// A copy finds out for itself.
impl Clone for Lookups {
    fn clone(&self) -> Self {
        Lookups::default()
    }
}

/// The rows of a column by what stands in them: texts without case, numbers
/// without trailing zeros. Each value has a number.
#[derive(Debug)]
pub(super) struct ColumnIndex {
    texts: FxHashMap<String, u32>,
    numbers: FxHashMap<Decimal, u32>,
    /// Number of the value in each row.
    values: Vec<u32>,
    /// All rows with a value, those of the same together and in order.
    rows: Vec<u32>,
    /// Where the rows of each value begin, and where the last ones end.
    starts: Vec<usize>,
}

impl ColumnIndex {
    /// The column with these cells.
    pub fn new<'s>(cells: impl Iterator<Item = Cow<'s, Scalar>>) -> Self {
        let mut column = ColumnIndex::empty(cells.size_hint().0);
        let mut count = 0;
        for cell in cells {
            let value = column.value(&cell, &mut count);
            column.values.push(value);
        }
        column.gather(count as usize);
        column
    }

    /// The column with the facts that have these numbers, below a number.
    pub fn of_codes<'s>(
        codes: &[u32],
        most: usize,
        fact: impl Fn(u32) -> Option<&'s Scalar>,
    ) -> Self {
        let mut column = ColumnIndex::empty(codes.len());
        let mut count = 0;
        // What was looked at once is not looked at again.
        let mut known: Vec<Option<u32>> = vec![None; most];
        for &code in codes {
            let seen = known.get(code as usize).copied().flatten();
            let value = seen.unwrap_or_else(|| {
                let value = fact(code).map_or(NOTHING, |fact| column.value(fact, &mut count));
                if let Some(place) = known.get_mut(code as usize) {
                    *place = Some(value);
                }
                value
            });
            column.values.push(value);
        }
        column.gather(count as usize);
        column
    }

    fn empty(rows: usize) -> Self {
        ColumnIndex {
            texts: FxHashMap::default(),
            numbers: FxHashMap::default(),
            values: Vec::with_capacity(rows),
            rows: Vec::new(),
            starts: Vec::new(),
        }
    }

    /// The number of a value, the next one if it is new.
    fn value(&mut self, fact: &Scalar, count: &mut u32) -> u32 {
        let value = match fact {
            Scalar::Text(text) => {
                let text = lowered(text);
                match self.texts.get(&*text) {
                    Some(value) => *value,
                    None => *self.texts.entry(text.into_owned()).or_insert(*count),
                }
            }
            Scalar::Number(number) => *self.numbers.entry(*number).or_insert(*count),
            _ => NOTHING,
        };
        if value == *count {
            *count += 1;
        }
        value
    }

    /// Puts the rows of each value together.
    fn gather(&mut self, count: usize) {
        let mut starts = vec![0; count + 1];
        // What equals nothing is gathered nowhere.
        for value in self.values.iter().filter(|value| **value != NOTHING) {
            if let Some(next) = starts.get_mut(*value as usize + 1) {
                *next += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        self.rows = vec![0; sum];
        let mut next = starts.clone();
        for (row, value) in (0..).zip(&self.values) {
            if *value != NOTHING
                && let Some(at) = next.get_mut(*value as usize)
                && let Some(place) = self.rows.get_mut(*at)
            {
                *place = row;
                *at += 1;
            }
        }
        self.starts = starts;
    }

    /// The number of a value, if it stands in the column.
    pub fn find(&self, value: &Scalar) -> Option<u32> {
        match value {
            Scalar::Text(text) => self.texts.get(&*lowered(text)).copied(),
            Scalar::Number(number) => self.numbers.get(number).copied(),
            _ => None,
        }
    }

    /// The rows with a value, in order.
    pub fn rows(&self, value: u32) -> &[u32] {
        let at = value as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => self.rows.get(*from..*to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether a value stands in a row.
    pub fn is(&self, row: usize, value: u32) -> bool {
        self.values.get(row) == Some(&value)
    }
}

/// A text in small letters; without a copy where it has no large ones.
fn lowered(text: &str) -> Cow<'_, str> {
    // Chinese letters have no case.
    let is_large = |c: char| match c {
        '\0'..='\x7f' => c.is_ascii_uppercase(),
        '\u{2E80}'..='\u{9FFF}' => false,
        _ => c.to_lowercase().next() != Some(c),
    };
    match text.chars().any(is_large) {
        true => Cow::Owned(text.to_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// The numbers of a column by row, if it holds facts only.
pub(super) fn numbers<'s>(
    height: usize,
    view: impl Fn(usize) -> Option<View<'s>>,
) -> Option<Vec<Option<Decimal>>> {
    let number = |row| match view(row) {
        Some(View::Fact(fact, _)) => Some(fact.number()),
        None | Some(View::Link(..)) => Some(None),
        Some(View::Figure(..)) => None,
    };
    (0..height).map(number).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_what_stands_in_them() {
        let text = |text: &str| Scalar::Text(text.to_owned());
        let number = |text: &str| Scalar::Number(text.parse().unwrap());
        let cells = [
            text("东坪T1"),
            number("1.50"),
            Scalar::Empty,
            text("东坪t1"),
            number("1.5"),
            text("1.5"),
        ];
        let column = ColumnIndex::new(cells.iter().map(Cow::Borrowed));
        let rows = |value: &Scalar| column.find(value).map(|at| column.rows(at).to_vec());
        assert_eq!(rows(&text("东坪T1")), Some(vec![0, 3]));
        assert_eq!(rows(&number("1.5")), Some(vec![1, 4]));
        assert_eq!(rows(&text("1.5")), Some(vec![5]));
        assert_eq!(rows(&Scalar::Empty), None);
        assert_eq!(rows(&text("没有")), None);
        assert!(
            column
                .find(&number("1.500"))
                .is_some_and(|at| column.is(4, at))
        );
    }
}
