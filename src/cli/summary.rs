//! What an assessment came to, in words on the screen.

use rust_decimal::Decimal;

use crate::assess::{ELIGIBLE, PENDING, banner_of, matters_apart};
use crate::book::{Evaluator, Reader};
use crate::diagnostic::{COLUMNS, Code, Finding, NAME, Severity, brief, hanging, width};
use crate::policy::{Policy, Shape};
use crate::reconcile::{Class, Matter, Outcome, Reconciled, Standing};
use crate::value::money;

/// The result in words: who returned, where each row and each 元 went, vetoes,
/// awards.
pub(super) fn summary(
    reconciled: &Reconciled,
    findings: &[Finding],
    values: &Evaluator<'_>,
    policy: &Policy,
) -> String {
    let reader = Reader::of(values);
    let mut lines = vec![
        format!(
            "{}\u{FF08}{}\u{FF09}",
            policy.pack.title, policy.pack.document
        ),
        String::new(),
    ];
    lines.push(
        hanging("", banner_of(&reader).trim_end())
            .trim_end()
            .to_owned(),
    );
    lines.push(String::new());
    let missing = names(&reader, "units", "returned", "否", "name");
    let all = reader.rows("units").count();
    lines.push(format!(
        "报送  应报 {all} 个单位，已报 {}，未报 {}",
        all - missing.len(),
        missing.len()
    ));
    lines.extend(list("      未报：", &missing));
    let outcomes = reconciled.outcomes();
    let files: Vec<String> = Outcome::ALL
        .iter()
        .map(|o| (o, outcomes.iter().filter(|(of, _)| of == o).count()))
        .filter(|(o, count)| **o != Outcome::Late || *count > 0)
        .map(|(o, count)| format!("{} {count}", o.word()))
        .collect();
    lines.push(format!(
        "文件  收到 {} 个 = {}",
        outcomes.len(),
        files.join(" + ")
    ));
    if outcomes.is_empty() {
        let code = Code::NothingReceived;
        lines.push(format!("      {}\u{FF1B}{}", code.title(), code.mend()));
    }
    for outcome in [Outcome::SetAside, Outcome::Unreadable, Outcome::Late] {
        let names: Vec<String> = reconciled
            .ledger()
            .files
            .iter()
            .zip(outcomes)
            .filter(|(_, (of, _))| *of == outcome)
            .map(|(file, _)| file.name.clone())
            .collect();
        lines.extend(list(&format!("      {}\u{FF1A}", outcome.word()), &names));
    }
    let replaced = outcomes.iter().filter(|(of, _)| *of == Outcome::Superseded);
    if replaced.count() > 0 {
        lines.push("      被替代的见“回收情况”和“明细-被替代的报表”".to_owned());
    }
    lines.push(rows_line(reconciled));
    lines.extend(money_lines(reconciled, policy));
    lines.push(String::new());
    let struck = names(&reader, "veto:units", "@unit", "是", "name");
    let open = names(&reader, "veto:units", "@unit", PENDING, "name");
    lines.push(format!(
        "一票否决  单位 {} 个，待定 {} 个",
        struck.len(),
        open.len()
    ));
    lines.extend(list("      ", &struck));
    let members = names(&reader, "members", "veto", "是", "name");
    let unknown = names(&reader, "members", "veto", PENDING, "name");
    lines.push(format!(
        "          委员 {} 人，待定 {} 人（名单见“一票否决”表）",
        members.len(),
        unknown.len()
    ));
    let eligible = names(&reader, "award:units", "@unit", "是", "name");
    lines.push(format!("符合评优标准  {} 个单位", eligible.len()));
    for award in &policy.awards {
        let rows = reader.rows("award:units");
        let own = rows
            .filter(|row| row.text("@rule") == award.id && row.text("result") == ELIGIBLE)
            .map(|row| row.text("name"))
            .collect::<Vec<String>>();
        lines.extend(list(&format!("      {}\u{FF1A}", award.name), &own));
    }
    let count = |s: Severity| findings.iter().filter(|f| f.severity() == s).count();
    let matters = reconciled.matters();
    let apart = matters_apart(&reader);
    let (idle, open): (Vec<&Matter>, Vec<&Matter>) = matters
        .iter()
        .filter(|m| m.standing.is_open())
        .partition(|m| apart.contains(&m.id));
    let stake: Decimal = open.iter().map(|matter| matter.at_stake).sum();
    let ruled = matters
        .iter()
        .filter(|m| matches!(m.standing, Standing::Ruled(..)));
    lines.push(format!(
        "核对事项  待裁定 {} 件，涉及 {} 元；已裁定 {} 件（见“核对事项”表）",
        open.len(),
        money(stake),
        ruled.count()
    ));
    if !idle.is_empty() {
        lines.push(format!(
            "          另有 {} 件不影响结果，列在待裁定的后面，可以不裁定",
            idle.len()
        ));
    }
    lines.extend(about_rulings(findings));
    lines.push(format!(
        "问题清单  错误 {}，警告 {}，提示 {}（见“问题清单”表，或加 --findings）",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    ));
    lines.join("\n")
}

/// What became of rulings that do not hold, or change nothing.
fn about_rulings(findings: &[Finding]) -> Vec<String> {
    let of = |code: Code| findings.iter().filter(move |f| f.code == code);
    let mut lines = Vec::new();
    for (code, head) in [
        (Code::RulingReopened, "要重新裁定"),
        (Code::RulingIdle, "没有（全部）起作用"),
    ] {
        for finding in of(code) {
            let text = format!("{}（{}）", finding.message, finding.place);
            let line = hanging(&format!("      {head}："), &text);
            lines.push(line.trim_end().to_owned());
        }
    }
    let gone = of(Code::RulingGone).count();
    if gone > 0 {
        lines.push(format!(
            "      裁定过、这次没有出现的 {gone} 件；同一件事换了编号的要重新裁定（RC-453）"
        ));
    }
    lines
}

fn rows_line(reconciled: &Reconciled) -> String {
    let ledger = reconciled.ledger();
    let put_away: usize = ledger.outlined().map(|(_, outline)| outline.rows()).sum();
    let classes: Vec<Class> = reconciled.entries().map(|(_, c, _)| c).collect();
    let parts: Vec<String> = Class::ALL
        .iter()
        .map(|class| {
            let listed = classes.iter().filter(|c| *c == class).count();
            let count = match class {
                Class::Superseded => listed + put_away,
                _ => listed,
            };
            format!("{} {count}", class.word())
        })
        .collect();
    let read = ledger.entries.len() + put_away;
    format!("行数  读到 {read} 行 = {}", parts.join(" + "))
}

/// Money by class, a line for each form that holds money in its rows.
fn money_lines(reconciled: &Reconciled, policy: &Policy) -> Vec<String> {
    let forms = policy
        .intake_forms()
        .filter(|form| form.shape == Shape::Table)
        .filter(|form| form.money_fields().next().is_some());
    let mut lines = Vec::new();
    for form in forms {
        let own = reconciled.entries();
        let own = own.filter(|(entry, ..)| entry.form == form.id);
        let amounts: Vec<(Class, Decimal)> = own
            .filter_map(|(entry, class, _)| Some((class, entry.amount(form)?)))
            .collect();
        let sum = |class: Option<Class>| -> Decimal {
            let own = amounts
                .iter()
                .filter(|(of, _)| class.is_none_or(|class| class == *of));
            let listed: Decimal = own.map(|(_, amount)| amount).sum();
            match class {
                None | Some(Class::Superseded) => listed + reconciled.amount_outlined(form),
                Some(_) => listed,
            }
        };
        let own = reconciled.entries();
        let own = own.filter(|(entry, ..)| entry.form == form.id);
        let ruled: Decimal = own
            .filter_map(|(entry, ..)| Some(entry.amount(form)? - entry.reported_amount(form)?))
            .sum();
        let read = sum(None) - ruled;
        let parts: Vec<String> = Class::ALL
            .iter()
            .filter(|class| **class == Class::Counted || !sum(Some(**class)).is_zero())
            .map(|class| format!("{} {}", class.word(), money(sum(Some(*class)))))
            .collect();
        let added = match ruled.is_zero() {
            true => String::new(),
            false => format!("，裁定改数 {} 元", money(ruled)),
        };
        lines.push(format!(
            "金额  {}：读到 {} 元{added}",
            form.sheet,
            money(read)
        ));
        lines.push(
            hanging("      = ", &parts.join(" + "))
                .trim_end()
                .to_owned(),
        );
    }
    lines
}

/// Names over several lines, so that nothing runs over the edge of a terminal, and no
/// more than a screen holds: of more it is said how many there are.
fn list(indent: &str, names: &[String]) -> Vec<String> {
    const MOST_LINES: usize = 9;
    let blank = " ".repeat(width(indent));
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        if lines.len() >= MOST_LINES {
            lines.push(format!("{blank}……等 {} 个", names.len()));
            break;
        }
        let name = &*brief(name, NAME);
        match lines.last_mut() {
            Some(line) if width(line) + width(name) + 4 <= COLUMNS => {
                line.push('、');
                line.push_str(name);
            }
            // Only a name that is longer than a line by itself is broken.
            last => {
                let start = match last {
                    Some(line) => {
                        line.push('、');
                        &blank
                    }
                    None => indent,
                };
                lines.extend(hanging(start, name).lines().map(str::to_owned));
            }
        }
    }
    lines
}

/// Texts of a column in the rows where another has a text.
fn names(reader: &Reader<'_>, table: &str, column: &str, word: &str, name: &str) -> Vec<String> {
    let rows = reader.rows(table).filter(|row| row.text(column) == word);
    rows.map(|row| row.text(name)).collect()
}
