//! Which reports of a village's gifts, from both sides, belong together: the
//! same first, then parts of a whole, then what is only alike, then what
//! differs in its amount. What is left stands alone.

use std::collections::BTreeSet;

use super::gifts::{Report, days};
use super::likely::sum_of;
use super::likeness::Likeness;
use crate::policy::Apart;
use crate::value::money;

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

/// The reports of one village and sort.
#[derive(Default)]
pub(super) struct Block<'r, 'a> {
    pub given: Vec<&'r Report<'a>>,
    pub received: Vec<&'r Report<'a>>,
}

impl<'r, 'a> Block<'r, 'a> {
    /// Puts every report into one comparison.
    pub fn compare(&mut self, apart: Apart, found: &mut Vec<Comparison>) {
        self.pair(Agreement::Confirmed, apart, found);
        self.parts(apart, found);
        self.pair(Agreement::Likely, apart, found);
        self.pair(Agreement::Differs, apart, found);
        for report in self.given.drain(..) {
            found.push(Comparison {
                agreement: Agreement::GivenOnly,
                given: vec![report.index],
                received: Vec::new(),
                reason: format!(
                    "“{}”{}给的{} {} 元，这个村的乡镇没有报收到",
                    report.giver.name,
                    report.date,
                    report.sort,
                    money(report.amount)
                ),
                matter: None,
            });
        }
        for report in self.received.drain(..) {
            found.push(Comparison {
                agreement: Agreement::ReceivedOnly,
                given: Vec::new(),
                received: vec![report.index],
                reason: format!(
                    "乡镇报{}收到“{}”的{} {} 元，没有捐助方报这一笔",
                    report.date,
                    report.giver.name,
                    report.sort,
                    money(report.amount)
                ),
                matter: None,
            });
        }
    }

    /// Pairs what agrees in the given way, the closest in time first.
    fn pair(&mut self, agreement: Agreement, apart: Apart, found: &mut Vec<Comparison>) {
        let mut near = Vec::new();
        for (i, given) in self.given.iter().enumerate() {
            for (j, received) in self.received.iter().enumerate() {
                let equal = agreement != Agreement::Differs;
                if days(given, received) > apart.receipt_days
                    || equal && given.amount != received.amount
                {
                    continue;
                }
                let like = given.like_giver(received);
                let fits = match agreement {
                    Agreement::Confirmed => like == Some(Likeness::Same),
                    Agreement::Likely => like == Some(Likeness::Alike),
                    _ => like.is_some(),
                };
                if fits {
                    let off = (given.amount - received.amount).abs();
                    near.push((like, days(given, received), off, i, j));
                }
            }
        }
        near.sort();
        let (mut givens, mut receipts) = (BTreeSet::new(), BTreeSet::new());
        for (_, apart, off, i, j) in near {
            if givens.contains(&i) || receipts.contains(&j) {
                continue;
            }
            let (Some(given), Some(received)) = (self.given.get(i), self.received.get(j)) else {
                continue;
            };
            givens.insert(i);
            receipts.insert(j);
            let mut reason = match agreement {
                Agreement::Confirmed => "捐助人、受助村、金额一致".to_owned(),
                Agreement::Likely => format!(
                    "受助村、金额一致，捐助人的名称相近（{}、{}）",
                    given.giver.name, received.giver.name
                ),
                _ => format!(
                    "捐助人、受助村一致，金额不同：捐助方 {} 元，受援方 {} 元，相差 {} 元",
                    money(given.amount),
                    money(received.amount),
                    money(off)
                ),
            };
            if apart > 0 {
                reason.push_str(&format!("；日期相差{apart}天"));
            }
            found.push(Comparison {
                agreement,
                given: vec![given.index],
                received: vec![received.index],
                reason,
                matter: None,
            });
        }
        keep_others(&mut self.given, &givens);
        keep_others(&mut self.received, &receipts);
    }

    /// One receipt for several gifts, then one gift in several receipts.
    fn parts(&mut self, apart: Apart, found: &mut Vec<Comparison>) {
        for (whole, parts) in sums(&mut self.received, &mut self.given, apart) {
            found.push(Comparison {
                agreement: Agreement::InParts,
                reason: format!("受援方一笔合收捐助方的{}笔，合计一致", parts.len()),
                given: parts,
                received: vec![whole],
                matter: None,
            });
        }
        for (whole, parts) in sums(&mut self.given, &mut self.received, apart) {
            found.push(Comparison {
                agreement: Agreement::InParts,
                reason: format!("捐助方一笔，受援方分{}次收到，合计一致", parts.len()),
                given: vec![whole],
                received: parts,
                matter: None,
            });
        }
    }
}

/// Takes out what belongs together: a whole and the parts that add up to it.
fn sums<'r, 'a>(
    wholes: &mut Vec<&'r Report<'a>>,
    among: &mut Vec<&'r Report<'a>>,
    apart: Apart,
) -> Vec<(usize, Vec<usize>)> {
    let mut found = Vec::new();
    wholes.retain(|whole| {
        let near: Vec<&Report<'_>> = among
            .iter()
            .copied()
            .filter(|part| part.amount < whole.amount && part.giver.key == whole.giver.key)
            .filter(|part| days(whole, part) <= apart.instalment_days)
            .collect();
        let Some(parts) = sum_of(whole.amount, &near, apart.parts) else {
            return true;
        };
        let parts: Vec<usize> = parts.iter().map(|part| part.index).collect();
        among.retain(|part| !parts.contains(&part.index));
        found.push((whole.index, parts));
        false
    });
    found
}

fn keep_others(reports: &mut Vec<&Report<'_>>, taken: &BTreeSet<usize>) {
    let mut at = 0;
    reports.retain(|_| {
        at += 1;
        !taken.contains(&(at - 1))
    });
}
