//! An explanation in words, for a terminal.

use rust_decimal::Decimal;

use super::{CitedClause, ExplainedEntry, Explanation, Judged, Operand, ScoredItem};
use crate::diagnostic::hanging;
use crate::policy::{Method, Score};
use crate::value::{money, round};

/// How an item is scored, in words.
pub(super) fn method(score: &Score, measure: &str) -> String {
    let points = score.points.normalize();
    let limit = |value: &Decimal| match measure {
        "占比" => percent(*value),
        measure => format!("{}{measure}", value.normalize()),
    };
    match &score.method {
        Method::Linear { full_at } if *full_at == Decimal::ONE && measure == "占比" => {
            format!("按占比计分，全部达到得满分{points}分")
        }
        Method::Linear { full_at } => {
            format!("按比例计分，达到{}得满分{points}分", limit(full_at))
        }
        Method::AllOrNothing { at_least } => {
            format!("达到{}得{points}分，否则不得分", limit(at_least))
        }
        Method::Bands(bands) => {
            let steps: Vec<String> = bands
                .iter()
                .map(|(from, points)| format!("{}得{}分", limit(from), points.normalize()))
                .collect();
            format!("分档计分：{}，以上按最高一档", steps.join("，"))
        }
    }
}

/// How the points come out of the operands.
pub(super) fn calculation(score: &Score, operands: &[Operand], points: &str) -> String {
    let part = operands.first().map_or("", |one| one.value.as_str());
    let whole = operands.get(1).map(|one| one.value.as_str());
    // Where there is no number there is nothing to work out.
    if points.parse::<Decimal>().is_err() {
        return format!("{points}（单位没有报送，或没有可以计算的数）");
    }
    match &score.method {
        Method::Linear { full_at } => {
            let full = score.points.normalize();
            let under = match whole {
                Some(whole) if *full_at == Decimal::ONE => whole.to_owned(),
                Some(whole) => format!("({} × {whole})", full_at.normalize()),
                None => full_at.normalize().to_string(),
            };
            format!("{full} × {part} ÷ {under}，最多{full} → {points}分")
        }
        Method::AllOrNothing { .. } | Method::Bands(_) => match whole {
            Some(whole) => format!("{part} ÷ {whole} → {points}分"),
            None => format!("{part} → {points}分"),
        },
    }
}

/// The whole explanation.
pub fn render(explained: &Explanation) -> String {
    let mut out = String::new();
    let mut say = |first: &str, text: &str| out.push_str(&hanging(first, text));
    say(
        "",
        &format!(
            "{}（{}，{}）",
            explained.name, explained.code, explained.kind
        ),
    );
    say(
        "  采用的文件：",
        explained.file.as_deref().unwrap_or("没有报送"),
    );
    if let Some(total) = &explained.total {
        let rank = explained.rank.as_deref().unwrap_or("—");
        let conclusion = explained.conclusion.as_deref().unwrap_or("");
        say("  总分：", &format!("{total}，名次 {rank}，{conclusion}"));
    } else {
        say("  总分：", "这类单位不评分");
    }
    for line in &explained.adjustments {
        say(&format!("  本办加减分 {}：", line.title), &line.text);
    }
    for (number, item) in (1..).zip(&explained.items) {
        out.push('\n');
        out.push_str(&self::item(number, item));
    }
    out.push_str(&judged("一票否决", &explained.vetoes));
    out.push_str(&judged("评优", &explained.awards));
    if !explained.matters.is_empty() {
        out.push_str("\n核对事项\n");
        for line in &explained.matters {
            out.push_str(&hanging(&format!("  {}  ", line.title), &line.text));
        }
    }
    out
}

fn cited(clause: &CitedClause) -> String {
    format!("方案{}“{}”（{}）", clause.id, clause.heading, clause.basis)
}

fn item(number: usize, item: &ScoredItem) -> String {
    let mut out = hanging(
        &format!("{number}. "),
        &format!("{}：{}分（满分{}）", item.name, item.points, item.full_mark),
    );
    out.push_str(&hanging("   依据：", &cited(&item.clause)));
    out.push_str(&hanging("   办法：", &item.method));
    out.push_str(&hanging("   算式：", &item.calculation));
    out.push_str(&hanging("   补上：", &item.mend));
    for operand in &item.operands {
        out.push_str(&self::operand(operand));
    }
    out
}

fn operand(operand: &Operand) -> String {
    let value = match (operand.measure.as_str(), operand.value.parse::<Decimal>()) {
        ("元", Ok(amount)) => money(amount),
        _ => operand.value.clone(),
    };
    let mut out = hanging(
        "   ",
        &format!("{}：{value}{}", operand.name, operand.measure),
    );
    for entry in &operand.rows {
        out.push_str(&self::entry("     √ ", entry));
    }
    for member in &operand.members {
        let mark = if member.counted { "√" } else { "×" };
        let head = format!("     {mark} ");
        out.push_str(&hanging(
            &head,
            &format!(
                "{}：{}{}",
                member.name,
                member.value,
                in_brackets(&member.remark)
            ),
        ));
        for entry in &member.rows {
            out.push_str(&self::entry("         ", entry));
        }
    }
    if !operand.others.is_empty() {
        out.push_str("     没有算进来的：\n");
        for entry in &operand.others {
            out.push_str(&self::entry("     × ", entry));
        }
    }
    out
}

/// An entry with its cells: the file and sheet once, then each cell.
fn entry(head: &str, entry: &ExplainedEntry) -> String {
    let Some(first) = entry.cells.first() else {
        return hanging(head, &format!("{} {}", entry.number, entry.form));
    };
    let cells: Vec<String> = entry
        .cells
        .iter()
        .map(|leaf| {
            let taken = if leaf.value.is_empty() || leaf.value == leaf.typed {
                String::new()
            } else {
                format!("→{}", leaf.value)
            };
            format!("{} {}“{}”{taken}", leaf.cell, leaf.header, leaf.typed)
        })
        .collect();
    let why = match (entry.reason.as_str(), entry.class.as_str()) {
        ("", "计入") => String::new(),
        ("", class) => format!("（{class}）"),
        (why, class) => format!("（{class}：{why}）"),
    };
    hanging(
        head,
        &format!(
            "{} {} › {}：{}{why}",
            entry.number,
            first.file,
            first.sheet,
            cells.join("，")
        ),
    )
}

/// A figure as it is written in its unit: 5,000.00元, 80%, 3次.
pub(super) fn with_unit(value: &str, measure: &str) -> String {
    match (measure, value.parse::<Decimal>()) {
        ("元", Ok(amount)) => format!("{}元", money(amount)),
        ("占比", Ok(share)) => percent(share),
        (_, Ok(_)) => format!("{value}{measure}"),
        (_, Err(_)) => value.to_owned(),
    }
}

/// A share as a percentage.
fn percent(share: Decimal) -> String {
    let percent = round(share * Decimal::ONE_HUNDRED, 2);
    format!("{}%", percent.normalize())
}

/// What a ratio was made of.
fn divided(one: &Judged) -> String {
    match &one.parts {
        Some((part, whole)) => format!("={part}÷{whole}"),
        None => String::new(),
    }
}

/// A remark after what it belongs to.
fn in_brackets(remark: &str) -> String {
    match remark {
        "" => String::new(),
        remark => format!("，{remark}"),
    }
}

/// Vetoes or awards under a title; nothing where there is none.
pub(super) fn judged(title: &str, all: &[Judged]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{title}\n");
    for one in all {
        out.push_str(&hanging(
            "  ",
            &format!(
                "{} {}：{}（实绩 {}{}，标准 {}；方案{}“{}”）",
                one.subject,
                one.name,
                one.result,
                with_unit(&one.value, &one.measure),
                divided(one),
                with_unit(&one.limit, &one.measure),
                one.clause.id,
                one.clause.heading
            ),
        ));
        if !one.remark.is_empty() {
            out.push_str(&hanging("    ", &one.remark));
        }
    }
    out
}
