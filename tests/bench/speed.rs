//! How fast the program is, beside what would do the same work: run
//! `tests/bench/run.sh`. One process times everything in turn; everything is
//! written below `target/bench`, the result as `target/bench/result.md`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    reason = "a benchmark that cannot go on stops; its figures are times"
)]

mod bare;
mod bars;
mod cells;
mod correct;
mod county;
mod large;
mod machine;
mod make;
mod memory;
mod options;
mod program;
mod scripts;
mod table;
mod times;

use jiff::civil::{Date, date};

use options::{Options, PARTS};

/// The day on which everything happens.
const TODAY: Date = date(2018, 12, 31);

fn main() {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    };
    let mut times = times::Times::default();
    let small = PARTS
        .iter()
        .any(|part| *part != "large" && options.runs(part));
    let outcome = if small {
        county::county(&options, &mut times)
    } else {
        county::Outcome::default()
    };
    if options.make {
        println!("{}", outcome.facts.join("\n"));
        return;
    }
    let large = if options.runs("large") {
        large::large(&options)
    } else {
        Vec::new()
    };
    let text = table::table(&options, &times, &outcome, &large);
    std::fs::write(options.out.join("result.md"), &text).expect("the result is written");
    println!("{text}");
    // A figure of a result that is wrong is worth nothing.
    if outcome
        .checks
        .iter()
        .any(|check| check.contains("DIFFERENT"))
    {
        std::process::exit(1);
    }
}
