//! An expectation as it is written beside a messy return.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What is expected of a file, or of each file of a zip.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) program: String,
    /// What the clerk did, for a reader.
    #[serde(rename = "fault")]
    _fault: String,
    pub(crate) file_name: String,
    outcome: Option<String>,
    unit: Option<String>,
    #[serde(default)]
    codes: BTreeMap<String, usize>,
    #[serde(default)]
    finding: Vec<At>,
    #[serde(default)]
    entries: BTreeMap<String, usize>,
    #[serde(default)]
    rejected: usize,
    #[serde(default)]
    value: Vec<toml::Table>,
    #[serde(default)]
    member: Vec<Member>,
    #[serde(skip)]
    own: std::sync::OnceLock<Reading>,
}

/// What is expected of one file.
#[derive(Debug, Default, Clone)]
pub(crate) struct Reading {
    pub(crate) outcome: String,
    pub(crate) unit: Option<String>,
    pub(crate) codes: BTreeMap<String, usize>,
    pub(crate) finding: Vec<At>,
    /// Entries by form, the cover left out.
    pub(crate) entries: BTreeMap<String, usize>,
    pub(crate) rejected: usize,
    value: Vec<toml::Table>,
}

/// A finding that must stand at a cell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct At {
    pub(crate) code: String,
    pub(crate) sheet: String,
    pub(crate) cell: String,
    pub(crate) typed: Option<String>,
}

/// A file of a zip.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    file_name: String,
    outcome: String,
    unit: Option<String>,
    #[serde(default)]
    codes: BTreeMap<String, usize>,
    #[serde(default)]
    entries: BTreeMap<String, usize>,
    #[serde(default)]
    rejected: usize,
    #[serde(default)]
    value: Vec<toml::Table>,
    #[serde(skip)]
    own: std::sync::OnceLock<Reading>,
}

impl Expected {
    /// The files that come of it, by name, and what is expected of each.
    pub(crate) fn readings(&self) -> Vec<(&str, &Reading)> {
        if self.member.is_empty() {
            let reading = self.own.get_or_init(|| Reading {
                outcome: self.outcome.clone().expect("outcome"),
                unit: self.unit.clone(),
                codes: self.codes.clone(),
                finding: self.finding.clone(),
                entries: self.entries.clone(),
                rejected: self.rejected,
                value: self.value.clone(),
            });
            return vec![(&self.file_name, reading)];
        }
        let of_member = |member: &Member| Reading {
            outcome: member.outcome.clone(),
            unit: member.unit.clone(),
            codes: member.codes.clone(),
            finding: Vec::new(),
            entries: member.entries.clone(),
            rejected: member.rejected,
            value: member.value.clone(),
        };
        self.member
            .iter()
            .map(|m| (m.file_name.as_str(), m.own.get_or_init(|| of_member(m))))
            .collect()
    }
}

/// An entry that is looked at: form, row from 1, fields with their values.
pub(crate) type Looked<'a> = (&'a str, usize, Vec<(&'a str, &'a str)>);

impl Reading {
    /// The entries that are looked at.
    pub(crate) fn values(&self) -> Vec<Looked<'_>> {
        self.value
            .iter()
            .map(|table| {
                let form = table["form"].as_str().expect("form");
                let row = table["row"].as_integer().expect("row");
                let fields = table
                    .iter()
                    .filter(|(key, _)| *key != "form" && *key != "row")
                    .map(|(key, value)| (key.as_str(), value.as_str().expect("text")))
                    .collect();
                (form, usize::try_from(row).expect("row"), fields)
            })
            .collect()
    }
}
