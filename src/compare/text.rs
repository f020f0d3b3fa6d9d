//! What changed, in words for a terminal.

use super::{Change, Compared};
use crate::diagnostic::hanging;

/// All that changed.
pub fn render(compared: &Compared) -> String {
    if compared.is_empty() {
        return "两次考核的结果相同，没有变化。".to_owned();
    }
    let mut out = String::new();
    for (title, list) in [
        ("新出现的问题", &compared.new_findings),
        ("重新出现的问题", &compared.returned_findings),
        ("已解决的问题", &compared.settled_findings),
    ] {
        if !list.is_empty() {
            out.push_str(&format!("{title}（{}）\n", list.len()));
            for text in list {
                out.push_str(&hanging("  ", text));
            }
            out.push('\n');
        }
    }
    for (title, list) in [
        ("裁定事项", &compared.matters),
        ("单位", &compared.units),
        ("委员和个人", &compared.members),
        ("合计", &compared.totals),
    ] {
        out.push_str(&section(title, list));
    }
    out.trim_end().to_owned()
}

/// The changes by subject; the causes once where they are the same for all.
fn section(title: &str, list: &[Change]) -> String {
    if list.is_empty() {
        return String::new();
    }
    let mut out = format!("{title}（{}）\n", list.len());
    let mut rest = list;
    while let Some(first) = rest.first() {
        let same = rest
            .iter()
            .take_while(|one| one.subject == first.subject && one.causes == first.causes);
        let (group, others) = rest.split_at(same.count());
        out.push_str(&hanging("  ", &first.subject));
        for change in group {
            let or_none = |text: &str| match text {
                "" => "（无）".to_owned(),
                text => text.to_owned(),
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
        rest = others;
    }
    out.push('\n');
    out
}
