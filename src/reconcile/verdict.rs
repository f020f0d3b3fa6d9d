//! What the office may rule on a matter.

/// What may be ruled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The side with this number (from 0) is right; the others do not count.
    Keep(usize),
    /// They are different: all count.
    Distinct,
    /// It is true as reported.
    Uphold,
    /// It does not count.
    Exclude,
    /// The side with this number (from 0) does not count; the others do.
    Without(usize),
    /// It was typed in 万元.
    TenThousand,
    /// It is one and the same.
    Confirm,
    /// The amount of the receiving side counts.
    Received,
    /// Several did it together: it counts for each, and its money once.
    Joint,
    /// It is put on record. A matter that offers this changes no entry, whatever
    /// is ruled.
    Noted,
    /// It counts although its day lies outside the period.
    Admit,
    /// The giver is the person of the roster whose name he bears.
    OfRoster,
    /// He is somebody else.
    Another,
    /// Who is not known to have taken part did not: the veto strikes.
    TookNoPart,
    /// He did, as far as the veto asks: it is lifted, and he counts as one who did.
    TookPart,
}

/// Names of the sides of a matter, in order.
const SIDES: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

/// Most sides that are told apart.
pub(super) const MOST_SIDES: usize = SIDES.len();

/// Name of a side, from 0.
pub fn side_name(side: usize) -> &'static str {
    SIDES.get(side).copied().unwrap_or("其他")
}

impl Verdict {
    /// In the user's words, as it stands in the drop-down.
    pub fn word(self) -> String {
        match self {
            Verdict::Keep(side) => format!("以{}为准", side_name(side)),
            Verdict::Distinct => "不是同一件（都计入）".to_owned(),
            Verdict::Uphold => "属实（照计）".to_owned(),
            Verdict::Exclude => "不予计入".to_owned(),
            Verdict::Without(side) => format!("{}不予计入（其余照计）", side_name(side)),
            Verdict::TenThousand => "确为万元（乘以一万）".to_owned(),
            Verdict::Confirm => "是同一笔（予以确认）".to_owned(),
            Verdict::Joint => "联合开展（各计一次，金额只计一次）".to_owned(),
            Verdict::Received => "按受援方金额计入".to_owned(),
            Verdict::Noted => "已知悉（不影响计算）".to_owned(),
            Verdict::Admit => "计入".to_owned(),
            Verdict::OfRoster => "是名册上的人（记在他的单位名下）".to_owned(),
            Verdict::Another => "另有其人（记在填报单位名下）".to_owned(),
            Verdict::TookNoPart => "没有参与（一票否决）".to_owned(),
            Verdict::TookPart => "参与了（不否决、占比和得分按参与计）".to_owned(),
        }
    }
}
