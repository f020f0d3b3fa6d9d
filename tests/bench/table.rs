//! What was measured as Markdown: the machine, the times, the bars set for speed
//! and whether they were reached, and what was compared.

use std::fmt::Write;

use super::bars::bars;
use super::county::{FLOOR, Outcome};
use super::large::Measured;
use super::machine::machine;
use super::options::Options;
use super::times::Times;

/// The whole result.
pub fn table(options: &Options, times: &Times, outcome: &Outcome, large: &[Measured]) -> String {
    let mut text = format!("{}\n\n", machine());
    for fact in &outcome.facts {
        text.push_str(&format!("{fact}.\n"));
    }
    if times.names().next().is_some() {
        text.push_str(&of_rounds(options, times));
    }
    if !large.is_empty() {
        text.push_str(&of_large(large));
    }
    text.push_str("| bar | measured | bar | |\n|---|---|---|---|\n");
    for bar in bars(times, large) {
        text.push_str(&bar.line());
    }
    if !outcome.checks.is_empty() {
        text.push_str("\nCompared:\n\n");
    }
    for check in &outcome.checks {
        let _ = writeln!(text, "- {check}");
    }
    text
}

/// The times of the rounds.
fn of_rounds(options: &Options, times: &Times) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "Medians over {} alternating rounds (the scripts in {} of them); every time is of the whole work, from outside.\n",
        options.rounds,
        options.script_rounds.min(options.rounds)
    );
    text.push_str("| timed | rounds | median | least to most | to the floor |\n");
    text.push_str("|---|---|---|---|---|\n");
    for what in times.names() {
        let Some((least, median, most)) = times.spread(what) else {
            continue;
        };
        let ratio = times
            .ratio(what, FLOOR)
            .map_or("–".to_owned(), |r| format!("{r:.1}"));
        let count = times.count(what);
        let _ = writeln!(
            text,
            "| {what} | {count} | {median:.2} s | {least:.2} to {most:.2} s | {ratio} |"
        );
    }
    text.push('\n');
    text
}

fn of_large(large: &[Measured]) -> String {
    let mut text = String::from(
        "| county | returns | wall time | a return | inflating alone, a return | peak memory |\n|---|---|---|---|---|---|\n",
    );
    for one in large {
        let each = one.each().map(|each| format!("{each:.2} ms"));
        let each = each.unwrap_or_else(|| "ended for its memory".to_owned());
        let _ = writeln!(
            text,
            "| {} units, {} returns each | {} | {:.1} s | {each} | {:.2} ms | {:.0} MiB |",
            one.units,
            one.versions,
            one.files,
            one.taken.wall,
            one.floor_each(),
            mebibytes(one)
        );
    }
    text.push('\n');
    text
}

/// Memory as an office PC's is told.
pub fn mebibytes(one: &Measured) -> f64 {
    one.taken.peak as f64 / f64::from(1 << 20)
}
