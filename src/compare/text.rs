//! What changed, in words for a terminal.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Change, Compared};
use crate::diagnostic::hanging;
use crate::value::money;

/// How much is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Only what speaks of this name; everything if it is empty.
    pub about: &'a str,
    /// All of it, however long.
    pub all: bool,
}

/// So many of each section are shown unless all are asked for; what moved for
/// one subject is not torn apart.
const MOST: usize = 30;

/// All that changed: how much, then what.
pub fn render(compared: &Compared, shown: Shown<'_>) -> String {
    if compared.is_empty() {
        return "两次考核的结果相同，没有变化。".to_owned();
    }
    let is_about = |text: &str| text.contains(shown.about);
    let most = if shown.all { usize::MAX } else { MOST };
    let findings = [
        ("新出现的问题", &compared.new_findings),
        ("重新出现的问题", &compared.returned_findings),
        ("已解决的问题", &compared.settled_findings),
    ];
    let changes = [
        ("裁定事项", &compared.matters),
        ("单位", &compared.units),
        ("委员和个人", &compared.members),
        ("合计", &compared.totals),
    ];
    let (mut counts, mut out, mut is_cut) = (Vec::new(), String::new(), false);
    for (title, list) in findings {
        let list: Vec<&String> = list.iter().filter(|text| is_about(text)).collect();
        if list.is_empty() {
            continue;
        }
        counts.push(format!("{title} {} 条", list.len()));
        out.push_str(&format!("{title}（{}）\n", list.len()));
        for text in list.iter().take(most) {
            out.push_str(&hanging("  ", text));
        }
        out.push_str(&rest(list.len(), most, &mut is_cut));
    }
    for (title, list) in changes {
        let list = list.iter();
        let list: Vec<&Change> = list
            .filter(|change| is_about(&change.subject) || is_about(&change.what))
            .collect();
        if list.is_empty() {
            continue;
        }
        let subjects: BTreeSet<&str> = list.iter().map(|one| one.subject.as_str()).collect();
        counts.push(format!("{title} {} 个、{} 处", subjects.len(), list.len()));
        out.push_str(&section(title, &list, most, &mut is_cut));
    }
    if counts.is_empty() {
        return format!("没有与“{}”有关的变化。", shown.about);
    }
    let mut head = hanging("变化  ", &format!("{}。", counts.join("，")));
    if is_cut {
        head.push_str(&hanging(
            "      ",
            "下面每一类只列出前面的。只看一个单位或一件事，加 --about 名称；看全部，加 --all。",
        ));
    }
    format!("{head}\n{}", out.trim_end())
}

/// Says how many are not shown, and ends a section.
fn rest(count: usize, most: usize, is_cut: &mut bool) -> String {
    match count.checked_sub(most).filter(|left| *left > 0) {
        Some(left) => {
            *is_cut = true;
            format!("  …… 还有 {left} 条\n\n")
        }
        None => "\n".to_owned(),
    }
}

/// The changes by subject; the causes once where they are the same for all.
fn section(title: &str, list: &[&Change], most: usize, is_cut: &mut bool) -> String {
    let mut out = format!("{title}（{}）\n", list.len());
    let mut left = list;
    while let Some(first) = left.first() {
        if list.len() - left.len() >= most {
            break;
        }
        let same = left
            .iter()
            .take_while(|one| one.subject == first.subject && one.causes == first.causes);
        let (group, others) = left.split_at(same.count());
        out.push_str(&hanging("  ", &first.subject));
        for change in group {
            let or_none = |text: &str| match text {
                "" => "（无）".to_owned(),
                text => figure(&change.what, text),
            };
            let moved = format!(
                "{}：{} → {}",
                change.what,
                or_none(&change.old),
                or_none(&change.new)
            );
            out.push_str(&hanging("    ", &moved));
        }
        for (at, cause) in first.causes.iter().enumerate() {
            let head = if at == 0 {
                "      原因："
            } else {
                "            "
            };
            out.push_str(&hanging(head, cause));
        }
        left = others;
    }
    out.push_str(&rest(left.len(), 0, is_cut));
    out
}

/// A figure as it is read: an amount with its thousands.
fn figure(what: &str, text: &str) -> String {
    let is_money = ["金额", "资金", "物资"]
        .iter()
        .any(|word| what.contains(word));
    let amount: Option<Decimal> = text.parse().ok().filter(|_| is_money);
    amount.map_or_else(|| text.to_owned(), money)
}
