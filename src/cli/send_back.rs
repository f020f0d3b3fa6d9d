//! `kaohe return`: for each unit whose return has faults, a workbook with its
//! own values in which they are marked and explained.

use std::collections::BTreeSet;
use std::path::Path;

use indexmap::IndexMap;
use jiff::civil::Date;

use super::words::{beside, not_read, not_written};
use super::{Failure, Loaded, complain, load_decided, say, workers};
use crate::diagnostic::{Finding, Severity, render_all};
use crate::flow::{Scope, read_files};
use crate::intake::{State, gather};
use crate::reconcile::Outcome;
use crate::returned::{is_sent_back, returned_name, returned_workbook};
use crate::sheet::write;

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
    let Loaded {
        workspace,
        policy,
        roster,
        rulings,
        findings: of_roster,
        ..
    } = load_decided(dir)?;
    let (files, _) =
        gather(&workspace.returned()).map_err(|error| not_read(&error.path, &error.source))?;
    let read = read_files(
        &files,
        &policy,
        &roster,
        &rulings,
        Scope::Workspace,
        &workers()?,
    );
    let reconciled = &read.value;
    let folder = workspace.sent_back();
    let mut made: IndexMap<String, Vec<u8>> = IndexMap::new();
    let mut sent: Vec<SentBack> = Vec::new();
    let mut clean = 0;
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
        let own: Vec<&Finding> = read
            .findings
            .iter()
            .filter(|finding| finding.place.file.as_deref() == Some(&file.name))
            .collect();
        if !is_sent_back(&own) {
            clean += 1;
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
    if !of_roster.is_empty() {
        complain(&render_all(&of_roster));
    }
    say(&summary(&sent, clean, &folder));
    let outcomes = reconciled.outcomes().iter();
    let others: Vec<String> = reconciled
        .ledger()
        .files
        .iter()
        .zip(outcomes)
        .filter(|(_, (outcome, _))| matches!(outcome, Outcome::Unreadable | Outcome::SetAside))
        .map(|(file, (_, reason))| format!("  {}\n    {reason}", file.name))
        .collect();
    if !others.is_empty() {
        say(&format!(
            "\n另有 {} 个文件没有采用，不能退回修改，请直接与填报单位联系：\n{}",
            others.len(),
            others.join("\n")
        ));
    }
    let older = older(&folder, &made);
    if !older.is_empty() {
        say(&older);
    }
    Ok(0)
}

fn summary(sent: &[SentBack], clean: usize, folder: &Path) -> String {
    if sent.is_empty() {
        return format!("没有要退回修改的：{clean} 个单位的填报表没有错误和警告。");
    }
    let mut lines = vec![format!(
        "要退回修改的 {} 个单位，没有问题的 {clean} 个。退回表在 {}",
        sent.len(),
        folder.display()
    )];
    for unit in sent {
        lines.push(format!(
            "  {}  错误 {}，警告 {}\n    {}",
            unit.name, unit.errors, unit.warnings, unit.file
        ));
    }
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
        .map(|name| format!("  {name}"))
        .collect();
    older.sort();
    if older.is_empty() {
        String::new()
    } else {
        format!(
            "注意：“退回”文件夹里另有 {} 个以前的文件，这次没有写，不要再发出去：\n{}",
            older.len(),
            older.join("\n")
        )
    }
}
