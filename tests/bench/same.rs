//! Whether every run over the same returns wrote the same workbook, however
//! much of it was remembered from earlier ones.

use std::collections::BTreeMap;

use super::correct::verdict;
use super::make::Made;
use super::program::report_hash;

/// The consolidated workbooks by the state of the returns: all that were ever
/// written in a state must be the same.
#[derive(Default)]
pub struct Written(BTreeMap<usize, Vec<(String, String)>>);

impl Written {
    /// Takes the workbook that was just written.
    pub fn add(&mut self, state: usize, how: &str, made: &Made) {
        let written = self.0.entry(state).or_default();
        written.push((how.to_owned(), report_hash(&made.root)));
    }

    /// What is said of each state.
    pub fn check(&self) -> Vec<String> {
        let mut checks = Vec::new();
        for (state, written) in &self.0 {
            let first = written.first().map(|(_, hash)| hash.as_str());
            let mut ways: Vec<&str> = written.iter().map(|(how, _)| how.as_str()).collect();
            let equal = written.iter().all(|(_, hash)| Some(hash.as_str()) == first);
            let runs = ways.len();
            ways.sort_unstable();
            ways.dedup();
            let state = [
                "before the change",
                "with a row more",
                "with another amount",
            ][*state];
            checks.push(verdict(
                &format!("the workbook of {runs} runs ({}) {state}", ways.join(", ")),
                &[("byte for byte", equal)],
            ));
        }
        checks
    }
}
