//! The bars that were set for speed, and whether they were reached.

use super::county::{ASSESS, ISSUE, ISSUE_BARE, TWO, WRITE};
use super::large::Measured;
use super::table::mebibytes;
use super::times::Times;

/// A bar: what is held against what.
pub struct Bar {
    what: String,
    measured: Option<f64>,
    /// At most, or at least.
    most: bool,
    bar: f64,
    unit: &'static str,
}

/// The bars of the issue.
pub fn bars(times: &Times, large: &[Measured]) -> Vec<Bar> {
    let median = |what: &str| times.median(what);
    let bar = |what: &str, measured: Option<f64>, most: bool, bar: f64, unit: &'static str| Bar {
        what: what.to_owned(),
        measured,
        most,
        bar,
        unit,
    };
    let least = median(TWO)
        .zip(median(WRITE))
        .map(|(read, write)| read + write);
    let whole = median(ASSESS).zip(least).map(|(cold, least)| cold / least);
    let mut bars = vec![bar(
        "`assess` to bare reading on two threads plus bare writing",
        whole,
        true,
        1.25,
        "x",
    )];
    for (script, factor) in [
        ("openpyxl", 18.0),
        ("pandas", 28.0),
        ("polars", 7.0),
        ("python-calamine + XlsxWriter", 5.0),
    ] {
        let what = format!("{script} to `assess`");
        bars.push(bar(&what, times.ratio(script, ASSESS), false, factor, "x"));
    }
    let each = match large {
        [few, many] => many.each().zip(few.each()).map(|(many, few)| many / few),
        _ => None,
    };
    let peak = large.last().map(mebibytes);
    bars.extend([
        bar(
            "time a return in the large county, to the small one",
            each,
            true,
            1.15,
            "x",
        ),
        bar(
            "peak memory in the large county",
            peak,
            true,
            1024.0,
            " MiB",
        ),
        bar(
            "`issue` for 80 units to bare writing",
            times.ratio(ISSUE, ISSUE_BARE),
            true,
            1.2,
            "x",
        ),
    ]);
    bars
}

impl Bar {
    /// A line of the table.
    pub fn line(&self) -> String {
        let (word, unit) = (if self.most { "at most" } else { "at least" }, self.unit);
        let (measured, reached) = match self.measured {
            None => ("–".to_owned(), "not measured"),
            Some(measured) => {
                let reached = if self.most {
                    measured <= self.bar
                } else {
                    measured >= self.bar
                };
                let digits = if self.bar > 100.0 { 0 } else { 2 };
                (
                    format!("{measured:.digits$}{unit}"),
                    if reached {
                        "reached"
                    } else {
                        "**not reached**"
                    },
                )
            }
        };
        format!(
            "| {} | {measured} | {word} {}{unit} | {reached} |\n",
            self.what, self.bar
        )
    }
}
