//! Times of several rounds, and what is said of them.

use indexmap::IndexMap;

/// Seconds by what was timed, in the order of its first time.
#[derive(Default)]
pub struct Times(IndexMap<String, Vec<f64>>);

impl Times {
    /// Adds a time.
    pub fn add(&mut self, what: &str, seconds: f64) {
        eprintln!("  {what}: {seconds:.3} s");
        self.0.entry(what.to_owned()).or_default().push(seconds);
    }

    /// What was timed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// How often it was timed.
    pub fn count(&self, what: &str) -> usize {
        self.0.get(what).map_or(0, Vec::len)
    }

    /// Least, median and most.
    pub fn spread(&self, what: &str) -> Option<(f64, f64, f64)> {
        let mut times = self.0.get(what)?.clone();
        times.sort_by(f64::total_cmp);
        let (least, most) = (*times.first()?, *times.last()?);
        let half = times.len() / 2;
        let median = match times.len() % 2 {
            0 => (times[half - 1] + times[half]) / 2.0,
            _ => times[half],
        };
        Some((least, median, most))
    }

    /// The median.
    pub fn median(&self, what: &str) -> Option<f64> {
        self.spread(what).map(|(_, median, _)| median)
    }

    /// The ratio of two medians.
    pub fn ratio(&self, what: &str, to: &str) -> Option<f64> {
        Some(self.median(what)? / self.median(to)?)
    }
}

/// Times something.
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = std::time::Instant::now();
    let done = work();
    (begun.elapsed().as_secs_f64(), done)
}
