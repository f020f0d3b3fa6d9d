//! Returns that later ones have replaced since, or that are no more among those.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::changed::Changed;
use super::{by, items, shown, was};

/// Returns that were replaced, or are no more among those.
pub(super) fn replaced(old: &Json, new: &Json) -> Vec<Changed> {
    let (before, now) = (lines(old), lines(new));
    let codes = by(new, "units", "name");
    let forms = by(new, "rows", "sheet");
    let mut found = Vec::new();
    let gone = before.iter().filter(|line| !now.contains(line));
    let came = now.iter().filter(|line| !before.contains(line));
    let told = gone
        .map(|line| (line, format!("报送：被替代的“{}”不在了", line.file)))
        .chain(came.map(|line| (line, format!("报送：“{}”被更新的一份替代", line.file))));
    for (line, cause) in told {
        let code = shown(&was(&codes, &line.unit)["code"]);
        found.push(Changed {
            units: [code.clone(), code],
            member: String::new(),
            form: shown(&was(&forms, &line.form)["form"]),
            cause,
        });
    }
    found
}

/// What stands of a form in a return that was replaced.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    file: String,
    unit: String,
    form: String,
    rows: String,
    amount: String,
}

fn lines(record: &Json) -> BTreeSet<Line> {
    let line = |line: &Json| Line {
        file: shown(&line["file"]),
        unit: shown(&line["unit"]),
        form: shown(&line["form"]),
        rows: shown(&line["rows"]),
        amount: shown(&line["amount"]),
    };
    items(&record["replaced"]).map(line).collect()
}
