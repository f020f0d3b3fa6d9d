//! How givers and receivers agree, as the workbook shows it.

/// How the two sides of a gift agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// Both report the same.
    Confirmed,
    /// One receipt for several gifts, or one gift in several receipts; the sums
    /// are the same.
    InParts,
    /// Perhaps the same: the names are only alike.
    Likely,
    /// The amounts differ.
    Differs,
    /// Only the giving side reports it.
    GivenOnly,
    /// Only the receiving side reports it.
    ReceivedOnly,
    /// Nobody can confirm it: no village is named, or nobody reports for it.
    Unasked,
}

impl Agreement {
    /// All of them in the order in which they are shown.
    pub const ALL: [Agreement; 7] = [
        Agreement::Confirmed,
        Agreement::InParts,
        Agreement::Likely,
        Agreement::Differs,
        Agreement::GivenOnly,
        Agreement::ReceivedOnly,
        Agreement::Unasked,
    ];

    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Agreement::Confirmed => "双方一致",
            Agreement::InParts => "分次合计一致",
            Agreement::Likely => "疑似同一笔",
            Agreement::Differs => "金额不一致",
            Agreement::GivenOnly => "受援方未报",
            Agreement::ReceivedOnly => "捐助方未报",
            Agreement::Unasked => "无从核对",
        }
    }
}

/// A gift, or several that belong together, as both sides report it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How they agree.
    pub agreement: Agreement,
    /// Indexes of the giving side's entries in the ledger.
    pub given: Vec<usize>,
    /// Indexes of the receiving side's entries in the ledger.
    pub received: Vec<usize>,
    /// In words; where it was ruled, that too.
    pub reason: String,
    /// Identity of the matter, if there is one.
    pub matter: Option<String>,
}
