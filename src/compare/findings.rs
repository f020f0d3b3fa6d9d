//! Findings that came, went, or came back. A corrected return has another
//! name, so a finding is known by its unit and not by its file.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{items, shown};

/// What became of the findings.
pub(super) struct Changes {
    pub new: Vec<String>,
    pub settled: Vec<String>,
    pub returned: Vec<String>,
}

/// Compares the findings of two records; `earlier` tell what had been there
/// before.
pub(super) fn changes(old: &Json, new: &Json, earlier: &[Json]) -> Changes {
    let (before, now) = (keyed(old), keyed(new));
    let past: Vec<BTreeMap<String, Vec<String>>> = earlier.iter().map(keyed).collect();
    let mut changes = Changes {
        new: Vec::new(),
        settled: Vec::new(),
        returned: Vec::new(),
    };
    for (key, texts) in &now {
        let known = before.get(key).map_or(0, Vec::len);
        for text in texts.iter().skip(known) {
            if known == 0 && past.iter().any(|past| past.contains_key(key)) {
                changes.returned.push(text.clone());
            } else {
                changes.new.push(text.clone());
            }
        }
    }
    for (key, texts) in &before {
        let left = now.get(key).map_or(0, Vec::len);
        changes.settled.extend(texts.iter().skip(left).cloned());
    }
    changes
}

/// The findings in words, by what they are known by.
fn keyed(record: &Json) -> BTreeMap<String, Vec<String>> {
    let files = items(&record["files"]["list"]);
    let units: BTreeMap<String, String> = files
        .map(|file| (shown(&file["file"]), shown(&file["unit"])))
        .filter(|(_, unit)| !unit.is_empty())
        .collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in items(&record["findings"]) {
        let place = &finding["place"];
        let file = shown(&place["file"]);
        let whose = units.get(&file).cloned().unwrap_or(file);
        let (sheet, cell) = (shown(&place["sheet"]), shown(&place["cell"]));
        let typed = shown(&finding["typed"]);
        // Where something was typed, that tells it apart; elsewhere the cell does.
        let mark = if typed.is_empty() {
            match cell.as_str() {
                "" => shown(&finding["message"]),
                cell => cell.to_owned(),
            }
        } else {
            typed.clone()
        };
        let code = shown(&finding["code"]);
        let at = match (sheet.as_str(), cell.as_str()) {
            ("", _) => whose.clone(),
            (sheet, "") => format!("{whose} › {sheet}"),
            (sheet, cell) => format!("{whose} › {sheet}!{cell}"),
        };
        let text = format!("{code} {at} {}", shown(&finding["message"]));
        found
            .entry(format!("{code}|{whose}|{sheet}|{mark}"))
            .or_default()
            .push(text);
    }
    found
}
