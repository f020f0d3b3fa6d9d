//! Who did not answer what a veto or a metric asks, and what is known of him all the same.

use crate::diagnostic::Place;

/// What is known of somebody who did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing: nobody has ruled.
    Open,
    /// The office has ruled that he took no part.
    TookNoPart,
    /// The office has ruled that he did.
    TookPart,
}

/// Somebody who did not answer what a veto asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Id of the veto.
    pub veto: String,
    /// Code of the member.
    pub member: String,
    /// Identity of the matter.
    pub matter: String,
    /// Where he would have answered.
    pub place: Place,
    /// What is known.
    pub answer: Answer,
}

/// Somebody who did not answer what a metric asks that counts members, whether a
/// veto hangs on it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncounted {
    /// Id of the metric that counts members.
    pub metric: String,
    /// Code of the member.
    pub member: String,
    /// Where he would have answered.
    pub place: Place,
}
