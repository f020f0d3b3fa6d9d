//! The result of a check for whoever filled in the return.

use super::basis::Against;
use super::result::{Checkup, FileResult, FormResult};
use crate::diagnostic::{
    NAME, Severity, brief, hanging, paragraph, render_all, render_file, severities,
};
use crate::reconcile::{Class, Outcome};
use crate::value::money;

/// The whole result.
pub(super) fn render(checkup: &Checkup, basis: &Against) -> String {
    let mut text = heading(basis);
    for file in &checkup.files {
        text.push('\n');
        text.push_str(&of_file(file));
    }
    if !checkup.others.is_empty() {
        text.push('\n');
        text.push_str(&render_all(&checkup.others));
    }
    text.push('\n');
    if let ([file], []) = (checkup.files.as_slice(), checkup.others.as_slice()) {
        text.push_str(&verdict(file));
    } else {
        text.push_str(&of_all(checkup));
    }
    text
}

/// On what the check rests, and what it therefore cannot see.
fn heading(basis: &Against) -> String {
    let title = &basis.policy.pack.title;
    match &basis.workspace {
        Some((_, folder)) => {
            let roster = format!("按《{title}》检查；名册：工作区“{}”", folder.display());
            paragraph(&roster)
        }
        None => {
            let mut text = paragraph(&format!("按《{title}》检查；名册：文件自带"));
            text.push_str(&paragraph("只用文件自带的名册，别的单位的名称、与别的单位重复的记录查不出，由县里汇总时再查。"));
            text
        }
    }
}

fn of_file(file: &FileResult) -> String {
    let mut text = hanging("■ ", &file.name);
    let line = |text: &mut String, head: &str, words: &str| text.push_str(&hanging(head, words));
    match &file.unit {
        Some(unit) => line(
            &mut text,
            "  单位：",
            &format!("{}（{}）", unit.name, file.kind),
        ),
        None => line(&mut text, "  单位：", "认不出"),
    }
    if file.outcome != Outcome::Accepted {
        let words = format!("{}（{}）", file.outcome.word(), file.reason);
        line(&mut text, "  处理：", &words);
    }
    let mut head = "  读到：";
    for form in &file.forms {
        line(&mut text, head, &of_form(form));
        head = "        ";
    }
    if file.outcome == Outcome::Accepted && file.forms.is_empty() {
        line(&mut text, head, "各张明细表都没有填写");
    }
    let mut head = "  核对：";
    for total in &file.totals {
        let words = match total.declared {
            Some(declared) if declared == total.detail => {
                format!(
                    "{}，明细 {} 元，与封面相同",
                    total.header,
                    money(total.detail)
                )
            }
            Some(declared) => format!(
                "{}，明细 {} 元，封面 {} 元，不一致",
                total.header,
                money(total.detail),
                money(declared)
            ),
            None => format!(
                "{}，明细 {} 元，封面没有填",
                total.header,
                money(total.detail)
            ),
        };
        line(&mut text, head, &words);
        head = "        ";
    }
    let counts = if file.findings.is_empty() {
        "没有发现".to_owned()
    } else {
        severities(file.findings.iter())
    };
    line(&mut text, "  问题：", &counts);
    let findings: Vec<_> = file.findings.iter().collect();
    text.push_str(&render_file(&findings));
    text
}

/// A table: how many rows, what became of those that do not count, what they
/// come to.
fn of_form(form: &FormResult) -> String {
    let read: usize = form.rows.values().sum();
    let mut parts = vec![format!("{} {read} 行", form.sheet)];
    let lost = form
        .rows
        .iter()
        .filter(|(class, count)| **class != Class::Counted && **count > 0);
    parts.extend(lost.map(|(class, count)| format!("其中{} {count} 行", class.word())));
    if form.untouched > 0 {
        parts.push(format!("列好而没有填的 {} 行", form.untouched));
    }
    if let Some(amount) = form.amount {
        parts.push(format!("金额 {} 元", money(amount)));
    }
    parts.join("，")
}

/// One line that says whether a return may be sent.
fn verdict(file: &FileResult) -> String {
    let (errors, warnings) = (file.count(Severity::Error), file.count(Severity::Warning));
    let words = match (errors, warnings) {
        (0, 0) => "可以报送。".to_owned(),
        (0, _) => format!("可以报送；有 {warnings} 处警告，报送前请看一眼。"),
        (_, _) => format!("有 {errors} 处错误，改好再报。"),
    };
    hanging("结论：", &words)
}

/// Files that are named at the end; each has said the same above.
const MOST_FILES: usize = 8;

/// One line for each of some files that have errors, and one for all.
fn of_all(checkup: &Checkup) -> String {
    let mut text = String::new();
    let faulty: Vec<&FileResult> = checkup
        .files
        .iter()
        .filter(|file| file.count(Severity::Error) > 0)
        .collect();
    if checkup.skipped > 0 {
        let words = format!("另有 {} 个临时文件或隐藏文件没有看。", checkup.skipped);
        text.push_str(&paragraph(&words));
    }
    for file in faulty.iter().take(MOST_FILES) {
        let name = brief(&file.name, NAME);
        let words = format!("{name}：有 {} 处错误", file.count(Severity::Error));
        text.push_str(&hanging("  ", &words));
    }
    if faulty.len() > MOST_FILES {
        text.push_str(&format!(
            "  ……等 {} 个文件，见上面各文件的结论\n",
            faulty.len()
        ));
    }
    let all = checkup.files.len();
    let words = if checkup.count(Severity::Error) == 0 {
        format!(
            "{all} 个文件都可以报送；有 {} 处警告。",
            checkup.count(Severity::Warning)
        )
    } else {
        format!(
            "{all} 个文件，{} 个可以报送，{} 个有错误，改好再报。",
            all - faulty.len(),
            faulty.len()
        )
    };
    text.push_str(&hanging("结论：", &words));
    text
}
