//! 定稿: what an assessment was closed on. From then on the result is firm: what comes
//! later is late (逾期) and is not counted, and nothing that it rests on may change,
//! unless the closing is withdrawn.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The closing of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The day on which it was closed.
    pub day: Date,
    /// Why it was closed although something was open; empty if nothing was.
    pub note: String,
    /// Program and version that worked the result out.
    pub program: String,
    /// SHA-256 of the pack.
    pub policy: String,
    /// SHA-256 of the roster.
    pub roster: String,
    /// SHA-256 of the rulings; empty if there were none.
    pub rulings: String,
    /// The seal over all of it.
    pub seal: String,
    /// SHA-256 of each returned file, by its name.
    files: BTreeMap<String, String>,
}

/// On what a result rests besides the returned files.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// Program and version.
    pub program: &'a str,
    /// SHA-256 of the pack.
    pub policy: &'a str,
    /// SHA-256 of the roster.
    pub roster: &'a str,
    /// SHA-256 of the rulings; empty if there are none.
    pub rulings: &'a str,
}

/// Signs of a seal that are shown to be compared by eye or said on the telephone.
const SHORT: usize = 12;

impl Closing {
    /// Closes an assessment on what it rests on: `files` are the returned ones, by name
    /// with SHA-256.
    pub fn of<'f>(
        day: Date,
        note: &str,
        basis: Basis<'_>,
        seal: String,
        files: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Self {
        let files = files.map(|(name, sha256)| (name.to_owned(), sha256.to_owned()));
        Closing {
            day,
            note: note.to_owned(),
            program: basis.program.to_owned(),
            policy: basis.policy.to_owned(),
            roster: basis.roster.to_owned(),
            rulings: basis.rulings.to_owned(),
            seal,
            files: files.collect(),
        }
    }

    /// Whether a returned file came, or was changed, after the closing.
    pub fn is_late(&self, name: &str, sha256: &str) -> bool {
        self.files.get(name).is_none_or(|known| known != sha256)
    }

    /// The files on which it was closed that are there no more, or not as they were.
    pub fn gone<'a, 'f>(&'a self, now: impl Iterator<Item = (&'f str, &'f str)>) -> Vec<&'a str> {
        let now: BTreeMap<&str, &str> = now.collect();
        let files = self.files.iter();
        files
            .filter(|(name, sha256)| now.get(name.as_str()) != Some(&sha256.as_str()))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// What else has changed since, in the user's words.
    pub fn changed(&self, now: Basis<'_>) -> Vec<&'static str> {
        [
            (now.policy != self.policy, "方案（policy 文件夹）"),
            (now.roster != self.roster, "名册.xlsx"),
            (now.rulings != self.rulings, "裁定"),
            (now.program != self.program, "程序的版本"),
        ]
        .into_iter()
        .filter_map(|(changed, what)| changed.then_some(what))
        .collect()
    }

    /// The day in words.
    pub fn day_in_words(&self) -> String {
        let day = self.day;
        format!("{}年{}月{}日", day.year(), day.month(), day.day())
    }

    /// As much of the seal as is compared by eye.
    pub fn short_seal(&self) -> String {
        self.seal.chars().take(SHORT).collect()
    }
}
