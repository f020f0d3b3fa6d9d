//! `kaohe status`: who has returned what, and what is open.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::progress::Showing;
use super::words::not_read;
use super::{Failure, Format, Loaded, load_decided, remembering, say};
use crate::diagnostic::{Code, Finding, Severity, hanging};
use crate::flow::{Scope, read_files};
use crate::intake::{State, gather};
use crate::policy::Policy;
use crate::reconcile::{Matter, Outcome, Reconciled};
use crate::roster::{Roster, Unit};
use crate::value::{money, plain_money};

/// What `status` may be told.
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
}

/// Runs the command. Nothing is written.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read.
pub fn run(options: &Options, _today: Date) -> Result<u8, Failure> {
    let loaded = load_decided(&options.dir)?;
    let notices = loaded.roster_notices();
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings: earlier,
        ..
    } = loaded;
    let (files, skipped) =
        gather(&workspace.returned()).map_err(|error| not_read(&error.path, &error.source))?;
    let read = read_files(
        &files,
        &policy,
        &roster,
        &rulings,
        Scope::Workspace,
        &Showing::of(&remembering(&workspace, false)?, files.len()),
    );
    let mut findings = earlier;
    findings.extend(read.findings);
    let status = Status {
        policy: &policy,
        roster: &roster,
        reconciled: &read.value,
        findings: &findings,
        skipped,
    };
    match options.format {
        Format::Text => {
            say(&status.text());
            for notice in notices {
                say(&notice);
            }
        }
        Format::Json => say(&format!("{:#}", status.json())),
    }
    Ok(0)
}

struct Status<'a> {
    policy: &'a Policy,
    roster: &'a Roster,
    reconciled: &'a Reconciled,
    findings: &'a [Finding],
    skipped: usize,
}

/// How the return of a unit stands.
struct Sent<'a> {
    unit: &'a Unit,
    file: Option<&'a str>,
    filled_on: Option<Date>,
    round: u32,
    rows: usize,
    errors: usize,
    warnings: usize,
    open: usize,
}

impl<'a> Status<'a> {
    fn sent(&self) -> Vec<Sent<'a>> {
        self.roster.units().map(|unit| self.of(unit)).collect()
    }

    fn of(&self, unit: &'a Unit) -> Sent<'a> {
        let at = self.reconciled.accepted(&unit.code);
        let file = at.and_then(|at| self.reconciled.ledger().files.get(at));
        let submission = file.and_then(|file| match &file.state {
            State::Read(submission) => Some(submission),
            _ => None,
        });
        let name = file.map(|file| file.name.as_str());
        let count = |severity| {
            let own = |f: &&Finding| name.is_some() && f.place.file.as_deref() == name;
            let own = self.findings.iter().filter(own);
            own.filter(|f| f.severity() == severity).count()
        };
        let open =
            |matter: &&Matter| matter.standing.is_open() && matter.units.contains(&unit.code);
        Sent {
            unit,
            file: name,
            filled_on: submission.and_then(|s| s.filled_on()),
            round: submission.map_or(0, |s| s.round()),
            rows: submission.map_or(0, |s| s.entries.len()),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            open: self.reconciled.matters().iter().filter(open).count(),
        }
    }

    /// Files of one outcome, each with the reason.
    fn files(&self, outcome: Outcome) -> Vec<(&str, &str)> {
        let files = self.reconciled.ledger().files.iter();
        files
            .zip(self.reconciled.outcomes())
            .filter(|(_, (of, _))| *of == outcome)
            .map(|(file, (_, reason))| (file.name.as_str(), reason.as_str()))
            .collect()
    }

    fn open(&self) -> Vec<&Matter> {
        let matters = self.reconciled.matters().iter();
        matters.filter(|matter| matter.standing.is_open()).collect()
    }

    /// Findings by code, in the order of the codes.
    fn by_code(&self) -> BTreeMap<Code, usize> {
        let mut counts = BTreeMap::new();
        for finding in self.findings {
            *counts.entry(finding.code).or_default() += 1;
        }
        counts
    }

    fn text(&self) -> String {
        let sent = self.sent();
        let (came, missing): (Vec<&Sent<'_>>, Vec<&Sent<'_>>) =
            sent.iter().partition(|one| one.file.is_some());
        let mut out = format!("{}\n\n", self.policy.pack.title);
        out.push_str(&format!(
            "应报 {} 个单位，已报 {}，未报 {}\n",
            sent.len(),
            came.len(),
            missing.len()
        ));
        let parts: Vec<String> = Outcome::ALL
            .iter()
            .map(|outcome| format!("{} {}", outcome.word(), self.files(*outcome).len()))
            .collect();
        out.push_str(&format!(
            "收到 {} 个文件 = {}；另跳过临时文件 {} 个\n",
            self.reconciled.outcomes().len(),
            parts.join(" + "),
            self.skipped
        ));
        if !missing.is_empty() {
            let names: Vec<&str> = missing.iter().map(|one| one.unit.name.as_str()).collect();
            out.push_str(&hanging("\n请催报：", &names.join("、")));
        }
        for outcome in [Outcome::Unreadable, Outcome::SetAside, Outcome::Superseded] {
            let files = self.files(outcome);
            if !files.is_empty() {
                out.push_str(&format!("\n{}的文件\n", outcome.word()));
            }
            for (name, reason) in files {
                out.push_str(&hanging("  ", &format!("{name}：{reason}")));
            }
        }
        out.push_str("\n已报的单位（填报日期；错误、警告、待裁定的件数）\n");
        for one in came {
            out.push_str(&hanging("  ", &line(one)));
        }
        let open = self.open();
        let stake: Decimal = open.iter().map(|matter| matter.at_stake).sum();
        out.push_str(&format!(
            "\n待裁定 {} 件，涉及 {} 元\n",
            open.len(),
            money(stake)
        ));
        for matter in open {
            let head = format!("  {} {} ", matter.id, matter.topic.word());
            out.push_str(&hanging(&head, &matter.reason));
        }
        let counts = self.by_code();
        if !counts.is_empty() {
            out.push_str("\n问题\n");
        }
        for (code, count) in counts {
            let head = format!("  {} {} {count} 处 ", code.severity().word(), code);
            out.push_str(&hanging(&head, code.title()));
        }
        out.push_str("\n逐条看：kaohe assess 写出的“问题清单”和“核对事项”；退回修改：kaohe return");
        out
    }

    fn json(&self) -> Json {
        let units: Vec<Json> = self.sent().iter().map(unit_json).collect();
        let files: serde_json::Map<String, Json> = Outcome::ALL
            .iter()
            .map(|outcome| {
                let list: Vec<Json> = self
                    .files(*outcome)
                    .into_iter()
                    .map(|(file, reason)| json!({ "file": file, "reason": reason }))
                    .collect();
                (outcome.key().to_owned(), Json::Array(list))
            })
            .collect();
        let matters: Vec<Json> = self
            .open()
            .into_iter()
            .map(|matter| {
                json!({
                    "id": matter.id,
                    "kind": matter.topic.key(),
                    "state": matter.standing.key(),
                    "title": matter.reason,
                    "at_stake": plain_money(matter.at_stake),
                    "affects": matter.units,
                })
            })
            .collect();
        let codes: serde_json::Map<String, Json> = self
            .by_code()
            .into_iter()
            .map(|(code, count)| (code.code().to_owned(), json!(count)))
            .collect();
        json!({
            "format": "kaohe-status/1",
            "pack": self.policy.pack.id,
            "year": self.policy.pack.year,
            "round": self.policy.pack.round,
            "units": units,
            "files": files,
            "skipped": self.skipped,
            "open_matters": matters,
            "findings": codes,
        })
    }
}

fn line(one: &Sent<'_>) -> String {
    let day = one
        .filled_on
        .map_or("未写日期".to_owned(), |day| day.to_string());
    let mut counts = Vec::new();
    for (word, count) in [
        ("错误", one.errors),
        ("警告", one.warnings),
        ("待裁定", one.open),
    ] {
        if count > 0 {
            counts.push(format!("{word} {count}"));
        }
    }
    let counts = if counts.is_empty() {
        "没有问题".to_owned()
    } else {
        counts.join("，")
    };
    format!(
        "{}  {day}  {counts}  {}",
        one.unit.name,
        one.file.unwrap_or_default()
    )
}

fn unit_json(one: &Sent<'_>) -> Json {
    json!({
        "code": one.unit.code,
        "name": one.unit.name,
        "kind": one.unit.kind,
        "returned": one.file.is_some(),
        "file": one.file,
        "filled_on": one.filled_on.map(|day| day.to_string()),
        "round": one.file.is_some().then_some(one.round),
        "rows": one.rows,
        "errors": one.errors,
        "warnings": one.warnings,
        "open_matters": one.open,
    })
}
