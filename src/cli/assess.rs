//! `kaohe assess`: from the returned files to the consolidated workbook.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::load::{Loaded, remembering};
use super::progress::Showing;
use super::records::{self, rulings_of_last};
use super::rulings::{note_written, refuse, write_down};
use super::set_up::{Choices, SetUp, fewer, set_up};
use super::words::{io_word, not_written};
use super::{Failure, Format, complain, say};
use crate::assess::{ELIGIBLE, Evaluator, PENDING, Reader, VETOED};
use crate::clock::lap;
use crate::diagnostic::{COLUMNS, Code, Finding, Severity, hanging, render_all, width};
use crate::flow::{Assessment, assess_files};
use crate::intake::Opener;
use crate::reconcile::{Class, Matter, Outcome, Standing};
use crate::report::{STREAMED, Source, json, workbook_of};
use crate::sheet::write;
use crate::value::money;

/// What `assess` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[arg(
        value_name = "文件夹",
        help_heading = "参数",
        default_value = ".",
        hide_default_value = true,
        help = "工作区的文件夹；不写就是当前文件夹"
    )]
    dir: PathBuf,
    #[arg(
        long,
        value_name = "形式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true,
        help = "输出形式：text 给人看（默认），json 给程序读"
    )]
    format: Format,
    #[arg(long, help = "在屏幕上逐条列出问题清单")]
    findings: bool,
    #[arg(long, help = "数据里有错误时，退出码为 1")]
    strict: bool,
    #[arg(
        long,
        help = "不用以前读过的结果，把每个文件重新读一遍（结果相同，只是慢些）"
    )]
    no_cache: bool,
    #[arg(long, help = "以前的裁定全都不在了，是有意撤销的：照样汇总")]
    withdraw_rulings: bool,
}

/// Runs the command and gives the exit code.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read or written.
pub fn run(options: &Options, today: Date) -> Result<u8, Failure> {
    let choices = Choices::TakeOver {
        withdrawn: options.withdraw_rulings,
    };
    let SetUp {
        loaded,
        report: path,
        taken,
        files,
        run,
    } = set_up(&options.dir, choices, today)?;
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings,
        read,
        ..
    } = loaded;
    let of_roster = findings.clone();
    lap("load");
    let kept = remembering(&workspace, true)?;
    let opener: &dyn Opener = match options.no_cache {
        true => kept.forgetful(),
        false => &kept,
    };
    let showing = Showing::of(opener, files.len());
    let assessment = assess_files(&files, &policy, &roster, &rulings, findings, &run, &showing);
    refuse(&workspace, &read.findings, &assessment.findings)?;
    // Every figure is worked out once, for all that tell of it.
    let values = Arc::new(Evaluator::new(&assessment.book));
    let source = Source {
        policy: &policy,
        roster: &roster,
        reconciled: &assessment.reconciled,
        values: &values,
        findings: &assessment.findings,
        run: &run,
    };
    showing.progress.now("写汇总工作簿");
    // The result for programs is put together while the workbook is, and its record,
    // which says where that stands.
    let recorded = || {
        let result = json(&source).at(&path);
        let record = result.record();
        (result, record)
    };
    let (bytes, result) = thread::scope(|scope| {
        // Where the system gives no more threads, it is put together afterwards.
        let result = thread::Builder::new().spawn_scoped(scope, recorded);
        let made = workbook_of(&policy, &values, today, STREAMED).map_err(Failure::new);
        lap("report");
        let bytes = made.and_then(|made| write(&made).map_err(Failure::new));
        (
            bytes,
            result.map_or_else(|_| Ok(recorded()), ScopedJoinHandle::join),
        )
    });
    drop(showing);
    let bytes = bytes?;
    let (mut result, mut record) =
        result.map_err(|_| Failure::new("错误：结果没有能够整理出来，请告知维护人员。"))?;
    lap("write");
    let new = taken.new.as_deref();
    let new = new.map(|bytes| write_down(&workspace, read.file.as_ref(), bytes));
    let new = new.transpose()?;
    let written = workspace
        .replace_read(&path, taken.held(&path), &bytes)
        .map_err(|error| not_written(&path, &error))?;
    if written == path {
        note_written(&workspace, &bytes);
    }
    // What goes wrong from here on takes nothing away from the workbook.
    let before = rulings_of_last(&workspace);
    let mut notices: Vec<String> = fewer(before, rulings.count()).into_iter().collect();
    if written == path {
        // What was chosen there has been taken over.
        for (beside, held) in taken.from.iter().filter(|(from, _)| *from != path) {
            if let Err(error) = workspace.put_away(beside, held) {
                notices.push(left_beside(beside, &error));
            }
        }
    }
    if written != path {
        result = result.at(&written);
        record = result.record();
    }
    lap("save");
    let record = record.map_err(Failure::new);
    if let Err(failure) = record.and_then(|record| records::keep(&workspace, &record)) {
        notices.push(not_recorded(&failure));
    }
    lap("record");
    if !options.no_cache {
        kept.sweep();
    }
    match options.format {
        Format::Json => say(&serde_json::to_string_pretty(&result).map_err(Failure::new)?),
        Format::Text => {
            // What the roster lost concerns every figure below.
            if !of_roster.is_empty() {
                say(&render_all(&of_roster));
            }
            if options.findings {
                say(&render_all(&assessment.findings));
            }
            say(&summary(&assessment, &values, &policy));
            if let Some(new) = new {
                say(&new);
            }
            if written != path {
                say(&beside(&path));
            }
            say(&format!("汇总工作簿：{}", written.display()));
        }
    }
    for notice in notices {
        complain(&notice);
    }
    let errors = assessment
        .findings
        .iter()
        .any(|f| f.severity() == Severity::Error);
    // The program ends here; taking the tables apart first would only take time.
    std::mem::forget(values);
    std::mem::forget(assessment);
    Ok(u8::from(options.strict && errors))
}

/// The result in words: who returned, where each row and each 元 went, vetoes,
/// awards.
fn summary(
    assessment: &Assessment,
    values: &Evaluator<'_>,
    policy: &crate::policy::Policy,
) -> String {
    let reader = Reader::of(values);
    let mut lines = vec![
        format!(
            "{}\u{FF08}{}\u{FF09}",
            policy.pack.title, policy.pack.document
        ),
        String::new(),
    ];
    let missing = names(&reader, "units", "returned", "否", "name");
    let all = reader.rows("units").count();
    lines.push(format!(
        "报送  应报 {all} 个单位，已报 {}，未报 {}",
        all - missing.len(),
        missing.len()
    ));
    lines.extend(list("      未报：", &missing));
    let outcomes = assessment.reconciled.outcomes();
    let files: Vec<String> = Outcome::ALL
        .iter()
        .map(|o| {
            format!(
                "{} {}",
                o.word(),
                outcomes.iter().filter(|(of, _)| of == o).count()
            )
        })
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
    for outcome in [Outcome::SetAside, Outcome::Unreadable] {
        let names: Vec<String> = assessment
            .reconciled
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
    lines.push(rows_line(assessment));
    lines.extend(money_lines(assessment, policy));
    lines.push(String::new());
    let struck = names(&reader, "veto:units", "result", VETOED, "name");
    let open = names(&reader, "veto:units", "result", PENDING, "name");
    lines.push(format!(
        "一票否决  单位 {} 个，待定 {} 个",
        struck.len(),
        open.len()
    ));
    lines.extend(list("      ", &struck));
    let members = names(&reader, "members", "veto", "是", "name");
    lines.push(format!(
        "          委员 {} 人（名单见“一票否决”表）",
        members.len()
    ));
    let eligible = names(&reader, "award:units", "result", ELIGIBLE, "name");
    lines.push(format!("符合评优标准  {} 个单位", eligible.len()));
    lines.extend(list("      ", &eligible));
    let count = |s: Severity| {
        assessment
            .findings
            .iter()
            .filter(|f| f.severity() == s)
            .count()
    };
    let matters = assessment.reconciled.matters();
    let open: Vec<&Matter> = matters.iter().filter(|m| m.standing.is_open()).collect();
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
    lines.extend(about_rulings(&assessment.findings));
    lines.push(format!(
        "问题清单  错误 {}，警告 {}，提示 {}（见“问题清单”表，或加 --findings）",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    ));
    lines.join("\n")
}

/// Said when the workbook was open and the new one stands beside it.
fn beside(path: &Path) -> String {
    hanging(
        "",
        &format!(
            "注意：“{}”正在 WPS 或 Excel 中打开，或在汇总的时候又保存过，没有动它，新的汇总存在它旁边。在那一份里新写的裁定，要保存、关闭后再运行一次才生效；再运行时新的汇总写回原处。",
            path.display()
        ),
    )
}

/// Said when a workbook that was saved beside another could not be put away.
fn left_beside(path: &Path, error: &std::io::Error) -> String {
    hanging(
        "",
        &format!(
            "注意：汇总工作簿已经写好；只是以前存在旁边的“{}”没能移到“备份”（{}）。里面的裁定已经采用，请关闭它，再运行一次。",
            path.display(),
            io_word(error)
        ),
    )
}

/// Said when the run could not be recorded.
fn not_recorded(failure: &Failure) -> String {
    let why = failure.to_string();
    let why = why.strip_prefix("错误：").unwrap_or(&why);
    hanging(
        "",
        &format!(
            "注意：汇总工作簿已经写好；只是这次的运行记录没有存下来，kaohe diff 看不到这一次。{why}"
        ),
    )
}

/// What became of rulings that do not hold, or change nothing.
fn about_rulings(findings: &[Finding]) -> Vec<String> {
    let of = |code: Code| findings.iter().filter(move |f| f.code == code);
    let mut lines = Vec::new();
    for (code, head) in [
        (Code::RulingReopened, "要重新裁定"),
        (Code::RulingIdle, "没有作用"),
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

fn rows_line(assessment: &Assessment) -> String {
    let ledger = assessment.reconciled.ledger();
    let put_away: usize = ledger.outlined().map(|(_, outline)| outline.rows()).sum();
    let classes: Vec<Class> = assessment.reconciled.entries().map(|(_, c, _)| c).collect();
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
fn money_lines(assessment: &Assessment, policy: &crate::policy::Policy) -> Vec<String> {
    let forms = policy
        .intake_forms()
        .filter(|form| form.shape == crate::policy::Shape::Table)
        .filter(|form| form.money_fields().next().is_some());
    let mut lines = Vec::new();
    for form in forms {
        let own = assessment.reconciled.entries();
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
                None | Some(Class::Superseded) => {
                    listed + assessment.reconciled.amount_outlined(form)
                }
                Some(_) => listed,
            }
        };
        let entries = assessment.reconciled.ledger().entries.iter();
        let ruled: Decimal = entries
            .filter(|entry| entry.form == form.id)
            .filter_map(|entry| Some(entry.amount(form)? - entry.reported?))
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

/// Names over several lines, so that nothing runs over the edge of a terminal.
fn list(indent: &str, names: &[String]) -> Vec<String> {
    let blank = " ".repeat(width(indent));
    let mut lines: Vec<String> = Vec::new();
    for name in names {
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
