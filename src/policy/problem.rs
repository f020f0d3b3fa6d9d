//! What is wrong with a pack.

use std::ops::Range;

use crate::diagnostic::Finding;

/// A finding about the pack, with the bytes of the file that it speaks of
/// (of the text as `PackSource::text` gives it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The finding; its place has the file and, if known, the line.
    pub finding: Finding,
    /// Bytes in the file's text, if the finding speaks of some.
    pub span: Option<Range<usize>>,
}
