//! What an explanation is made of. Numbers are exact decimals as text.

use serde::Serialize;

use super::entries::ExplainedEntry;

/// All about the result of a unit.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Code of the unit.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The file that counts.
    pub file: Option<String>,
    /// Total of its score; `None` if its kind is not scored.
    pub total: Option<String>,
    /// Rank, or a mark that it has none.
    pub rank: Option<String>,
    /// Conclusion.
    pub conclusion: Option<String>,
    /// The office's additions and deductions.
    pub adjustments: Vec<Line>,
    /// The items of the score.
    pub items: Vec<ScoredItem>,
    /// Vetoes that are asked of it or of its members.
    pub vetoes: Vec<Judged>,
    /// Awards.
    pub awards: Vec<Judged>,
    /// Matters that touch it.
    pub matters: Vec<Line>,
}

/// A line with what it says.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// What.
    pub title: String,
    /// How.
    pub text: String,
}

/// An item of a score.
#[derive(Debug, Clone, Serialize)]
pub struct ScoredItem {
    /// Id of the rule.
    pub rule: String,
    /// Name.
    pub name: String,
    /// Points.
    pub points: String,
    /// Full mark.
    pub full_mark: String,
    /// The rule in words.
    pub method: String,
    /// How the points come out of the operands.
    pub calculation: String,
    /// What would give it the full mark, or why nothing does.
    pub mend: String,
    /// CitedClause and its heading.
    pub clause: CitedClause,
    /// The figures that go into it.
    pub operands: Vec<Operand>,
}

/// A clause that is cited.
#[derive(Debug, Clone, Serialize)]
pub struct CitedClause {
    /// Id.
    pub id: String,
    /// Heading.
    pub heading: String,
    /// The plan's word, or the office's default.
    pub basis: String,
}

/// A figure that goes into an item.
#[derive(Debug, Clone, Serialize)]
pub struct Operand {
    /// Id of the metric.
    pub metric: String,
    /// Name.
    pub name: String,
    /// Unit of measure.
    pub measure: String,
    /// Value.
    pub value: String,
    /// The rows that count.
    pub rows: Vec<ExplainedEntry>,
    /// The members that are counted, each with the rows behind it.
    pub members: Vec<CountedMember>,
    /// Rows of the same forms that do not go in, and why.
    pub others: Vec<ExplainedEntry>,
}

/// A member that is counted, or not.
#[derive(Debug, Clone, Serialize)]
pub struct CountedMember {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether the member is counted.
    pub counted: bool,
    /// The figure by which it is judged.
    pub value: String,
    /// What has to be known besides.
    pub remark: String,
    /// The rows behind it.
    pub rows: Vec<ExplainedEntry>,
}

/// A veto or award and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// Name of the rule.
    pub name: String,
    /// What has to be known besides.
    pub remark: String,
    /// Whom it is about.
    pub subject: String,
    /// Result.
    pub result: String,
    /// The figure by which it is judged.
    pub value: String,
    /// The limit.
    pub limit: String,
    /// Unit of measure of both.
    pub measure: String,
    /// What is divided by what, for a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<(String, String)>,
    /// CitedClause and its heading.
    pub clause: CitedClause,
    /// The rows behind it.
    pub rows: Vec<ExplainedEntry>,
}
