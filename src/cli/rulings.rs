//! The office's rulings in the workspace: reading 裁定.xlsx, and taking over
//! what was chosen in the consolidated workbook before it is written anew.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::Failure;
use super::words::{not_read, not_written};
use crate::diagnostic::{Checked, Code, Finding, Severity, render_all};
use crate::fingerprint::sha256_hex;
use crate::policy::Policy;
use crate::roster::Roster;
use crate::ruling::{Rulings, Take, read_rulings, rulings_workbook};
use crate::sheet::{open, write};
use crate::workspace::{Workspace, save};

/// Reads 裁定.xlsx, in whatever format it was saved; a workspace without one
/// has no rulings.
pub(super) fn load_rulings(
    workspace: &Workspace,
    policy: &Policy,
    roster: &Roster,
) -> Result<Checked<Rulings>, Failure> {
    let root = workspace.root();
    let names = names(workspace).map_err(|error| not_read(root, &error))?;
    let name = match names.as_slice() {
        [] => {
            return Ok(Checked {
                value: Rulings::default(),
                findings: Vec::new(),
            });
        }
        [name] => name,
        several => {
            return Err(Failure::new(format!(
                "错误：工作区里有几个裁定表（{}），分不清用哪一个。\n改法：只留一个，名为“裁定.xlsx”，其余移到别处。",
                several.join("、")
            )));
        }
    };
    let path = root.join(name);
    let bytes = std::fs::read(&path).map_err(|error| not_read(&path, &error))?;
    let workbook = open(&bytes).map_err(|error| {
        Failure::new(format!("错误：裁定表“{name}”打不开：{error}。没有往下做。"))
    })?;
    let read = read_rulings(&workbook, name, Take::All, policy, roster);
    Ok(Checked {
        value: read.value.rulings(),
        findings: read.findings,
    })
}

/// SHA-256 of the file with the rulings; empty where there is none.
pub(super) fn rulings_hash(workspace: &Workspace) -> String {
    let found = names(workspace).unwrap_or_default();
    let bytes = found
        .first()
        .map(|name| std::fs::read(workspace.root().join(name)));
    match bytes {
        Some(Ok(bytes)) => sha256_hex(&bytes),
        _ => String::new(),
    }
}

/// The files of the workspace that may hold rulings.
fn names(workspace: &Workspace) -> std::io::Result<Vec<String>> {
    let names = std::fs::read_dir(workspace.root())?;
    let mut names: Vec<String> = names
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(RULINGS) && name.contains('.'))
        .collect();
    names.sort();
    Ok(names)
}

/// How the name of the file with the rulings begins.
const RULINGS: &str = "裁定";

/// Takes over the rulings that were chosen in the last consolidated workbook.
/// Gives 裁定.xlsx as it has to be written, if anything is new. Nothing is
/// written yet: what is refused later must leave both files as they are.
///
/// # Errors
/// When a ruling was begun and cannot be used: the workbook would be written
/// anew and the work on it lost. When a file cannot be read.
pub(super) fn take_over(
    workspace: &Workspace,
    report: &Path,
    policy: &Policy,
    roster: &Roster,
    rulings: &mut Rulings,
    today: Date,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut is_new = false;
    let beside = workspace.besides(report);
    let reports = std::iter::once(report).chain(beside.iter().map(PathBuf::as_path));
    for report in reports.filter(|report| report.is_file()) {
        let bytes = std::fs::read(report).map_err(|error| not_read(report, &error))?;
        // One that cannot be opened holds no rulings that could be taken over.
        let Ok(workbook) = open(&bytes) else {
            continue;
        };
        let name = report.file_name().unwrap_or_default().to_string_lossy();
        let edits = read_rulings(&workbook, &name, Take::Changed, policy, roster);
        refuse(workspace, &edits.findings, report)?;
        match rulings.take_over(edits.value, policy, roster) {
            Ok(taken) => is_new |= taken,
            Err(torn) => refuse(workspace, &torn, report)?,
        }
    }
    if !is_new {
        return Ok(None);
    }
    let workbook = rulings_workbook(rulings, policy, roster, today);
    write(&workbook).map(Some).map_err(Failure::new)
}

/// Stops when a ruling cannot be used, wherever it stands: an assessment
/// without it would be another one than the office decided.
///
/// # Errors
/// When one of the findings is about such a ruling.
pub(super) fn refuse(
    workspace: &Workspace,
    findings: &[Finding],
    report: &Path,
) -> Result<(), Failure> {
    let stem = report.file_stem().unwrap_or_default().to_string_lossy();
    let stem = stem.split('\u{FF08}').next().unwrap_or_default();
    let of_rulings = |finding: &&Finding| {
        let file = finding.place.file.as_deref().unwrap_or_default();
        let is_ours = file.starts_with(stem) || file.starts_with(RULINGS);
        finding.code == Code::RulingUnusable || (is_ours && finding.severity() == Severity::Error)
    };
    let unusable: Vec<Finding> = findings.iter().filter(of_rulings).cloned().collect();
    if unusable.is_empty() {
        return Ok(());
    }
    let mut files: Vec<String> = unusable
        .iter()
        .filter_map(|finding| finding.place.file.as_deref())
        .map(|file| match file.starts_with(stem) {
            true => workspace.report_dir().join(file),
            false => workspace.root().join(file),
        })
        .map(|path| format!("“{}”", path.display()))
        .collect();
    files.dedup();
    Err(Failure::new(format!(
        "{}有 {} 处裁定不能用。改好之前不做汇总，什么也没有改动。\n改法：打开{}照提示补全，用不着的整行清空，保存并关闭后再运行。",
        render_all(&unusable),
        unusable.len(),
        files.join("和")
    )))
}

/// Writes 裁定.xlsx with what was taken over, keeps what was there before beside
/// it, and says so.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn write_down(workspace: &Workspace, bytes: &[u8]) -> Result<String, Failure> {
    let path = workspace.rulings();
    let kept = keep(workspace)?;
    save(&path, bytes).map_err(|error| not_written(&path, &error))?;
    // One that was given under another name is kept already: two would leave it
    // unclear which one counts.
    if let Some((old, _)) = kept.as_ref().filter(|(old, _)| *old != path) {
        std::fs::remove_file(old).map_err(|error| not_written(old, &error))?;
    }
    let kept = kept.map_or_else(String::new, |(_, name)| format!("；原来的另存为 {name}"));
    Ok(format!(
        "汇总工作簿里新写的裁定已经生效，并记入 {}{kept}",
        path.display()
    ))
}

/// Keeps the file with the rulings under another name; gives the old file and
/// that name.
fn keep(workspace: &Workspace) -> Result<Option<(PathBuf, String)>, Failure> {
    let root = workspace.root();
    let names = names(workspace).map_err(|error| not_read(root, &error))?;
    let Some(name) = names.first() else {
        return Ok(None);
    };
    let path = root.join(name);
    let bytes = std::fs::read(&path).map_err(|error| not_read(&path, &error))?;
    let folder = workspace.report_dir().join("裁定备份");
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let mut numbers = 1..;
    let backup = numbers.find_map(|number: u32| {
        let backup = folder.join(format!("裁定-{number:03}.{ending}"));
        (!backup.exists()).then_some(backup)
    });
    let Some(backup) = backup else {
        return Ok(None);
    };
    save(&backup, &bytes).map_err(|error| not_written(&backup, &error))?;
    Ok(Some((path, backup.display().to_string())))
}
