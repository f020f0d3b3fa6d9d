//! The bars that were set for speed, and whether they were reached.

use super::county::{
    COLD, COLD_READ, ISSUE, ISSUE_BARE, MORE, MORE_READ, TWO, WARM, WARM_READ, WRITE,
};
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
    let cold = median(COLD).zip(least).map(|(cold, least)| cold / least);
    let mut bars = vec![bar(
        "cold `assess` to bare reading on two threads plus bare writing",
        cold,
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
        let what = format!("{script} to cold `assess`");
        bars.push(bar(&what, times.ratio(script, COLD), false, factor, "x"));
    }
    let each = match large {
        [few, many] => many.each().zip(few.each()).map(|(many, few)| many / few),
        _ => None,
    };
    let peak = large.last().map(mebibytes);
    bars.extend([
        bar(
            "warm with another amount in one return, to cold",
            times.ratio(WARM, COLD),
            true,
            0.5,
            "x",
        ),
        bar(
            "its reading part, to that of cold",
            times.ratio(WARM_READ, COLD_READ),
            true,
            0.1,
            "x",
        ),
        bar(
            "warm with a row more or less in the first return, to cold",
            times.ratio(MORE, COLD),
            true,
            0.5,
            "x",
        ),
        bar(
            "its reading part, to that of cold",
            times.ratio(MORE_READ, COLD_READ),
            true,
            0.1,
            "x",
        ),
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
