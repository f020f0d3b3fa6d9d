//! `kaohe status`: who has returned what, and what is open.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::closing::{closed, closing_of, in_force};
use super::options::{ForWhom, Format, InWorkspace};
use super::progress::Showing;
use super::{Failure, Loaded, load_decided, say, workers};
use crate::assess::{Run, matters_apart};
use crate::book::Reader;
use crate::diagnostic::{Code, Finding, NAME, Severity, brief, hanging};
use crate::flow::{Assessment, assess_files};
use crate::intake::{State, gather};
use crate::policy::Policy;
use crate::reconcile::{Matter, Outcome, Reconciled};
use crate::roster::{Roster, Unit};
use crate::value::{money, plain_money};

/// What `status` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[command(flatten)]
    on: InWorkspace,
    #[command(flatten)]
    whom: ForWhom,
    #[arg(long, help = "全部列出；不写的，每一段只列前面要紧的")]
    all: bool,
}

/// How many lines of a part are shown unless all are wanted.
const FIRST: usize = 12;
/// How many names are.
const FIRST_NAMES: usize = 24;

/// Runs the command. Nothing is written.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read.
pub fn run(options: &Options, today: Date) -> Result<u8, Failure> {
    let workers = workers()?;
    let loaded = load_decided(&options.on.dir, &workers)?;
    let notices = loaded.roster_notices();
    // What has changed since a closing is said, and is no reason to say nothing else.
    let closing = closing_of(&loaded.workspace)?;
    let closed = closing.as_ref().map(|closing| {
        let held = in_force(&loaded, &loaded.read.hash());
        held.map_or_else(|changed| changed.to_string(), |_| closed(closing))
    });
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings: earlier,
        roster_hash,
        read,
        ..
    } = loaded;
    let (files, skipped) = gather(&workspace.returned())?;
    let run = Run {
        roster_hash,
        rulings_hash: read.hash(),
        skipped,
        today,
        closing,
    };
    // Which matters change a result is known only once all is assessed.
    let Assessment {
        reconciled,
        book,
        findings,
    } = assess_files(
        &files,
        &policy,
        &roster,
        &rulings,
        earlier,
        &run,
        &Showing::of(&workers, files.len()),
    );
    let status = Status {
        policy: &policy,
        roster: &roster,
        reconciled: &reconciled,
        apart: matters_apart(&Reader::new(&book)),
        findings: &findings,
        skipped,
        most: match options.all {
            true => usize::MAX,
            false => FIRST,
        },
    };
    match options.whom.format {
        Format::Text => {
            if let Some(closed) = closed {
                say(&closed);
            }
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
    /// Open matters that change no result.
    apart: &'a BTreeSet<String>,
    findings: &'a [Finding],
    skipped: usize,
    /// How many lines of a part are shown.
    most: usize,
}

/// How the return of a unit stands.
struct Sent<'a> {
    unit: &'a Unit,
    file: Option<&'a str>,
    filled_on: Option<Date>,
    round: Option<u32>,
    rows: usize,
    errors: usize,
    warnings: usize,
    open: usize,
}

impl<'a> Status<'a> {
    fn sent(&self) -> Vec<Sent<'a>> {
        let mut rows: HashMap<usize, usize> = HashMap::new();
        for entry in &self.reconciled.ledger().entries {
            *rows.entry(entry.file).or_default() += 1;
        }
        let mut findings: HashMap<(&str, Severity), usize> = HashMap::new();
        for finding in self.findings {
            if let Some(file) = &finding.place.file {
                *findings.entry((file, finding.severity())).or_default() += 1;
            }
        }
        let mut open: HashMap<&str, usize> = HashMap::new();
        for matter in self.open() {
            let units: BTreeSet<&String> = matter.units.iter().collect();
            for unit in units {
                *open.entry(unit).or_default() += 1;
            }
        }
        let of = |unit: &'a Unit| {
            let at = self.reconciled.accepted(&unit.code);
            let file = at.and_then(|at| self.reconciled.ledger().files.get(at));
            let submission = file.and_then(|file| match &file.state {
                State::Read(submission) => Some(submission),
                _ => None,
            });
            let name = file.map(|file| file.name.as_str());
            let found = |severity| {
                let count = name.and_then(|name| findings.get(&(name, severity)));
                count.copied().unwrap_or_default()
            };
            Sent {
                unit,
                file: name,
                filled_on: submission.and_then(|s| s.filled_on()),
                round: submission.and_then(|s| s.round()),
                rows: at.and_then(|at| rows.get(&at)).copied().unwrap_or_default(),
                errors: found(Severity::Error),
                warnings: found(Severity::Warning),
                open: open.get(unit.code.as_str()).copied().unwrap_or_default(),
            }
        };
        self.roster.units().map(of).collect()
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

    /// What waits for a ruling.
    fn open(&self) -> Vec<&'a Matter> {
        self.matters(false)
    }

    /// The open matters that change a result, or those that change none.
    fn matters(&self, apart: bool) -> Vec<&'a Matter> {
        let matters = self.reconciled.matters().iter();
        let open = matters.filter(|matter| matter.standing.is_open());
        open.filter(|matter| self.apart.contains(&matter.id) == apart)
            .collect()
    }

    /// The first of some lines, and how many more there are.
    fn first(&self, out: &mut String, lines: Vec<String>) {
        // To say that there is one more takes as much room as the one.
        let most = match lines.len().saturating_sub(self.most) {
            1 => lines.len(),
            _ => self.most,
        };
        let more = lines.len().saturating_sub(most);
        out.extend(lines.into_iter().take(most));
        if more > 0 {
            out.push_str(&format!("  ……另有 {more} 行，全部列出加 --all\n"));
        }
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
            .map(|outcome| (outcome, self.files(*outcome).len()))
            .filter(|(outcome, count)| **outcome != Outcome::Late || *count > 0)
            .map(|(outcome, count)| format!("{} {count}", outcome.word()))
            .collect();
        out.push_str(&format!(
            "收到 {} 个文件 = {}；另跳过临时文件 {} 个\n",
            self.reconciled.outcomes().len(),
            parts.join(" + "),
            self.skipped
        ));
        if !missing.is_empty() {
            let names = missing.iter().map(|one| one.unit.name.as_str());
            let most = self.most.max(FIRST_NAMES);
            let mut text = names.take(most).collect::<Vec<_>>().join("、");
            if missing.len() > most {
                text.push_str(&format!(" 等 {} 个（全部列出加 --all）", missing.len()));
            }
            out.push_str(&hanging("\n请催报：", &text));
        }
        for outcome in [
            Outcome::Late,
            Outcome::Unreadable,
            Outcome::SetAside,
            Outcome::Superseded,
        ] {
            let files = self.files(outcome);
            if !files.is_empty() {
                out.push_str(&format!("\n{}的文件\n", outcome.word()));
            }
            let lines = files.into_iter();
            let name = |name| brief(name, NAME);
            let lines =
                lines.map(|(file, reason)| hanging("  ", &format!("{}：{reason}", name(file))));
            self.first(&mut out, lines.collect());
        }
        out.push_str("\n已报的单位（填报日期；错误、警告、待裁定的件数）\n");
        // Where not all are shown, those that need looking after come first.
        let mut came = came;
        if came.len() > self.most {
            came.sort_by_key(|one| std::cmp::Reverse((one.errors + one.open, one.warnings)));
        }
        let lines = came.into_iter().map(|one| hanging("  ", &line(one)));
        self.first(&mut out, lines.collect());
        let open = self.open();
        let stake: Decimal = open.iter().map(|matter| matter.at_stake).sum();
        out.push_str(&format!(
            "\n待裁定 {} 件，涉及 {} 元\n",
            open.len(),
            money(stake)
        ));
        self.first(&mut out, told(open));
        let idle = self.matters(true);
        if !idle.is_empty() {
            out.push_str(&format!(
                "另有 {} 件不影响得分、否决、评优和金额，可以不裁定",
                idle.len()
            ));
            out.push_str(match self.most {
                usize::MAX => "：\n",
                _ => "，列出加 --all\n",
            });
            if self.most == usize::MAX {
                self.first(&mut out, told(idle));
            }
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
        let [open, apart] = [self.open(), self.matters(true)].map(|matters| {
            let matters = matters.into_iter().map(matter_json);
            matters.collect::<Vec<Json>>()
        });
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
            "open_matters": open,
            "matters_apart": apart,
            "findings": codes,
        })
    }
}

/// A line for each matter.
fn told(matters: Vec<&Matter>) -> Vec<String> {
    let matters = matters.into_iter();
    let lines = matters.map(|matter| {
        let head = format!("  {} {} ", matter.id, matter.topic.word());
        hanging(&head, &matter.reason)
    });
    lines.collect()
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

fn matter_json(matter: &Matter) -> Json {
    json!({
        "id": matter.id,
        "kind": matter.topic.key(),
        "state": matter.standing.key(),
        "title": matter.reason,
        "at_stake": plain_money(matter.at_stake),
        "affects": matter.units,
    })
}

fn unit_json(one: &Sent<'_>) -> Json {
    json!({
        "code": one.unit.code,
        "name": one.unit.name,
        "kind": one.unit.kind,
        "returned": one.file.is_some(),
        "file": one.file,
        "filled_on": one.filled_on.map(|day| day.to_string()),
        "round": one.round,
        "rows": one.rows,
        "errors": one.errors,
        "warnings": one.warnings,
        "open_matters": one.open,
    })
}
