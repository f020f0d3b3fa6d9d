//! What the loader notes on its way: problems with the bytes that they speak
//! of, and the clauses that something cites.

use std::collections::BTreeSet;
use std::ops::Deref;

use super::problem::Problem;
use super::source::PackSource;
use crate::diagnostic::{Code, Finding, Place};

/// A stretch of a file of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    /// Position of the file in the source.
    pub file: usize,
    /// First byte.
    pub from: usize,
    /// Byte after the last.
    pub to: usize,
}

/// A value as written, with where it stands.
#[derive(Debug, Clone)]
pub(super) struct Mark<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub at: At,
}

impl<T> Deref for Mark<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A text as written.
pub(super) type Text = Mark<String>;

/// Collects problems and citations.
pub(super) struct Log<'a> {
    source: &'a PackSource,
    problems: Vec<Problem>,
    /// Ids of the clauses that something cites.
    pub cited: BTreeSet<String>,
}

impl<'a> Log<'a> {
    /// Begins with the files that could not be read.
    pub fn new(source: &'a PackSource) -> Self {
        Log {
            source,
            problems: source.unreadable().to_vec(),
            cited: BTreeSet::new(),
        }
    }

    /// The texts of the pack.
    pub fn source(&self) -> &'a PackSource {
        self.source
    }

    /// Whether nothing has been noted.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Notes a problem at a stretch of a file.
    pub fn add(&mut self, code: Code, at: At, message: impl Into<String>) -> &mut Problem {
        let place = self.place(at);
        self.push(Problem {
            finding: Finding::new(code, place, message),
            span: Some(at.from..at.to),
        })
    }

    /// Notes a text that is none of those that are known: what the message says before
    /// it and behind it.
    pub fn unknown<'n>(
        &mut self,
        text: &Text,
        known: impl IntoIterator<Item = &'n str>,
        before: &str,
        behind: &str,
    ) {
        let tail = hint(text, known);
        let message = format!("{before}“{}”{behind}{tail}", text.value);
        self.add(Code::PackUnknownId, text.at, message);
    }

    /// Notes a problem of a whole file, or of a folder or file that is not
    /// there.
    pub fn add_file(&mut self, code: Code, file: &str, message: impl Into<String>) {
        self.push(Problem {
            finding: Finding::new(code, Place::file(file), message),
            span: None,
        });
    }

    /// The place of a stretch, for a problem or a related place.
    pub fn place(&self, at: At) -> Place {
        match self.source.at(at.file) {
            Some((path, text)) => Place::line(path, line_of(text, at.from)),
            None => Place::default(),
        }
    }

    /// All problems, by file, then by position.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort_by(|a, b| {
            let key = |p: &Problem| {
                (
                    p.finding.place.file.clone(),
                    p.finding.place.line,
                    p.span.as_ref().map(|span| span.start),
                    p.finding.code,
                )
            };
            key(a).cmp(&key(b))
        });
        problems.dedup();
        problems
    }

    fn push(&mut self, problem: Problem) -> &mut Problem {
        self.problems.push(problem);
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }
}

/// Line of a byte, from 1. The end of a text belongs to its last line that is
/// not empty.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    let before = if before.len() == text.len() {
        text.trim_end()
    } else {
        before
    };
    before.matches('\n').count() + 1
}

/// The name that was probably meant.
pub(super) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    names
        .into_iter()
        .filter_map(|other| {
            let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
            let longer = length.max(other.chars().count());
            let inside =
                name.len().min(other.len()) >= 4 && (other.contains(name) || name.contains(other));
            let near = distance * 3 <= longer || inside;
            near.then_some((distance, other))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// A clause for the end of a message: the near name, or all names if they are
/// few.
pub(super) fn hint<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if let Some(near) = nearest(name, names.iter().copied()) {
        format!("，是不是“{near}”？")
    } else if !names.is_empty() && names.len() <= 16 {
        format!("，可用的有：{}。", names.join("、"))
    } else {
        "。".to_owned()
    }
}
