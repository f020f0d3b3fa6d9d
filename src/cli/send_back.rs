//! `kaohe return`: for each unit whose return has faults, a workbook with its
//! own values in which they are marked and explained.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use indexmap::{IndexMap, IndexSet};
use jiff::civil::Date;

use super::progress::Showing;
use super::words::{beside, io_word, not_written};
use super::{Failure, Loaded, complain, first, load_decided, say, workers};
use crate::correction::{is_sent_back, returned_name, returned_workbook};
use crate::diagnostic::{Finding, Severity, by_file, hanging, paragraph, render_all, some};
use crate::files::sum_of;
use crate::flow::{Scope, read_files};
use crate::intake::{State, gather};
use crate::ledger::Ledger;
use crate::policy::Policy;
use crate::reconcile::Outcome;
use crate::roster::{Roster, Unit};
use crate::sheet::write;
use crate::workspace::Workspace;

/// A unit whose return is sent back.
struct SentBack {
    name: String,
    errors: usize,
    warnings: usize,
    file: String,
}

/// Writes the workbooks. All are made before the first is saved.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder
/// that cannot be read or written.
pub(super) fn run(dir: &Path, today: Date) -> Result<u8, Failure> {
    let workers = workers()?;
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings: of_roster,
        ..
    } = load_decided(dir, &workers)?;
    let (files, _) = gather(&workspace.returned())?;
    let read = read_files(
        &files,
        &policy,
        &roster,
        &rulings,
        Scope::Workspace,
        &Showing::of(&workers, files.len()),
    );
    let reconciled = &read.value;
    let folder = workspace.sent_back();
    let mut made: IndexMap<String, Vec<u8>> = IndexMap::new();
    let mut sent: Vec<SentBack> = Vec::new();
    let mut clean: Vec<&Unit> = Vec::new();
    let by_file = by_file(&read.findings);
    let whose = whose(reconciled.ledger(), &roster);
    for unit in roster.units() {
        let Some(index) = reconciled.accepted(&unit.code) else {
            continue;
        };
        let Some(file) = reconciled.ledger().files.get(index) else {
            continue;
        };
        let State::Read(submission) = &file.state else {
            continue;
        };
        let own = by_file.get(&Some(file.name.as_str())).into_iter().flatten();
        let own: Vec<Finding> = own
            .map(|finding| with_other_side(finding, &unit.code, &whose))
            .collect();
        let own: Vec<&Finding> = own.iter().collect();
        if !is_sent_back(&own) {
            clean.push(unit);
            continue;
        }
        let Some(book) = returned_workbook(submission, &own, &policy, &roster, today) else {
            continue;
        };
        // One that cannot be written costs itself, not the others.
        let bytes = match write(&book) {
            Ok(bytes) => bytes,
            Err(error) => {
                complain(&format!("错误：{}的退回表写不成：{error}。", unit.name));
                continue;
            }
        };
        let mut name = returned_name(&policy, unit);
        if made.contains_key(&name) {
            // Two names may differ only in what a file's name cannot hold.
            name = format!("{}_{name}", unit.code);
        }
        let count = |severity| own.iter().filter(|f| f.severity() == severity).count();
        sent.push(SentBack {
            name: unit.name.clone(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            file: name.clone(),
        });
        made.insert(name, bytes);
    }
    for (name, bytes) in &made {
        let path = folder.join(name);
        let written = workspace
            .replace(&path, bytes)
            .map_err(|error| not_written(&path, &error))?;
        if written != path {
            complain(&beside(&path, &written));
        }
    }
    let (away, failed) = put_away(&workspace, &policy, &clean, &made);
    if !of_roster.is_empty() {
        complain(&render_all(&of_roster));
    }
    let count = reconciled.outcomes().iter();
    let received = count
        .filter(|(outcome, _)| *outcome == Outcome::Accepted)
        .count();
    say(&summary(&sent, clean.len(), received, &folder));
    let outcomes = reconciled.outcomes().iter();
    let others: Vec<String> = reconciled
        .ledger()
        .files
        .iter()
        .zip(outcomes)
        .filter(|(_, (outcome, _))| matches!(outcome, Outcome::Unreadable | Outcome::SetAside))
        .map(|(file, (_, reason))| hanging("  ", &file.name) + &hanging("    ", reason))
        .collect();
    if !others.is_empty() {
        say(&format!(
            "\n另有 {} 个文件没有采用，不能退回修改，请直接与填报单位联系：\n{}",
            others.len(),
            first(&others, 6, "个，全部列出用 kaohe status --all")
        ));
    }
    if !away.is_empty() {
        let text = format!(
            "以前退回过、现在没有错误和警告的 {} 个单位，退回表已移到“备份”，不要再发：{}",
            away.len(),
            some(&away, "、", "个")
        );
        say(&paragraph(&text));
    }
    for notice in failed {
        complain(&notice);
    }
    let older = older(&folder, &made);
    if !older.is_empty() {
        say(&older);
    }
    Ok(0)
}

/// A finding that also says whose the other side is, where that is another unit's.
fn with_other_side(finding: &Finding, unit: &str, whose: &HashMap<&str, &Unit>) -> Finding {
    let mut others: IndexSet<String> = IndexSet::new();
    for place in &finding.related {
        let Some(name) = place.file.as_deref() else {
            continue;
        };
        let Some(other) = whose.get(name).filter(|other| other.code != unit) else {
            continue;
        };
        let at = match (&place.sheet, place.cell) {
            (Some(sheet), Some(cell)) => format!("{sheet}!{}", cell.name()),
            (Some(sheet), None) => sheet.clone(),
            (None, _) => String::new(),
        };
        let text = format!("{} {at}", other.name).trim_end().to_owned();
        others.insert(text);
    }
    let mut finding = finding.clone();
    if !others.is_empty() {
        let others: Vec<String> = others.into_iter().collect();
        let others = some(&others, "、", "处");
        finding.message = format!("{}（另一方：{others}）", finding.message);
    }
    finding
}

/// The unit of each return that could be read, by its file.
fn whose<'a>(ledger: &'a Ledger, roster: &'a Roster) -> HashMap<&'a str, &'a Unit> {
    let read = ledger.files.iter().filter_map(|file| match &file.state {
        State::Read(submission) => Some((file.name.as_str(), roster.unit(&submission.unit)?)),
        _ => None,
    });
    read.collect()
}

/// Puts earlier workbooks of units whose returns are clean by now among what is
/// kept. Gives their names, and what could not be moved.
fn put_away(
    workspace: &Workspace,
    policy: &Policy,
    clean: &[&Unit],
    made: &IndexMap<String, Vec<u8>>,
) -> (Vec<String>, Vec<String>) {
    let (mut away, mut failed) = (Vec::new(), Vec::new());
    let names = clean.iter().flat_map(|unit| {
        let name = returned_name(policy, unit);
        [format!("{}_{name}", unit.code), name]
    });
    for name in names.filter(|name| !made.contains_key(name)) {
        let path = workspace.sent_back().join(&name);
        let Ok(sum) = sum_of(&path) else {
            continue;
        };
        match workspace.put_away(&path, &sum) {
            Ok(Some(_)) => away.push(name),
            // It is open: listed among the earlier ones.
            Ok(None) => {}
            Err(error) => failed.push(paragraph(&format!(
                "注意：“{}”没能移到“备份”（{}），不要再发出去。",
                path.display(),
                io_word(&error)
            ))),
        }
    }
    (away, failed)
}

fn summary(sent: &[SentBack], clean: usize, received: usize, folder: &Path) -> String {
    if received == 0 {
        return "没有可以退回的：“回收”文件夹里还没有能采用的填报表。".to_owned();
    }
    if sent.is_empty() {
        return format!("没有要退回修改的：{clean} 个单位的填报表没有错误和警告。");
    }
    let mut lines = vec![format!(
        "要退回修改的 {} 个单位，没有问题的 {clean} 个。退回表在 {}",
        sent.len(),
        folder.display()
    )];
    let told: Vec<String> = sent
        .iter()
        .map(|unit| {
            format!(
                "  {}  错误 {}，警告 {}\n    {}\n",
                unit.name, unit.errors, unit.warnings, unit.file
            )
        })
        .collect();
    lines.push(first(&told, 8, "个，都在那个文件夹里"));
    lines.push(String::new());
    lines.push("下一步：".to_owned());
    lines.push("  1. 把文件发给相应的单位，请他们照“退回意见”表逐条改好，发回本文件。".to_owned());
    lines.push("  2. 发回的文件放进“回收”文件夹，原来那份不用删：程序采用改过的一份。".to_owned());
    lines.join("\n")
}

/// Files of earlier runs that were not written now.
fn older(folder: &Path, made: &IndexMap<String, Vec<u8>>) -> String {
    let written: BTreeSet<&str> = made.keys().map(String::as_str).collect();
    let names = std::fs::read_dir(folder).into_iter().flatten();
    let mut older: Vec<String> = names
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with(['~', '.']) && !written.contains(name.as_str()))
        .map(|name| format!("  {name}\n"))
        .collect();
    older.sort();
    if older.is_empty() {
        String::new()
    } else {
        format!(
            "注意：“退回”文件夹里另有 {} 个以前的文件，这次没有写，不要再发出去：\n{}",
            older.len(),
            first(&older, 16, "个")
        )
    }
}
