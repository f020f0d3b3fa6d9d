//! `kaohe issue`: one intake workbook per unit.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use jiff::civil::Date;

use super::progress::Progress;
use super::words::{beside, not_written};
use super::{Failure, Loaded, complain, load_workspace, say, workers};
use crate::diagnostic::{Finding, Severity, hanging, paragraph, render_all};
use crate::policy::Policy;
use crate::roster::{Roster, Unit};
use crate::several::{at_once, width};
use crate::sheet::write;
use crate::template::{file_name, unit_workbook};
use crate::workspace::Workspace;

/// Writes the workbooks. All are made before the first is saved, so that one
/// that cannot be made does not leave a folder half renewed.
pub(super) fn run(dir: &Path, today: Date) -> Result<u8, Failure> {
    let loaded = load_workspace(dir, &workers()?)?;
    let folder = loaded.workspace.issued();
    let units: Vec<&Unit> = loaded.roster.units().collect();
    let progress = Progress::of("生成填报表", units.len());
    let made = at_once(units.len(), width(), |at| {
        let unit = units.get(at)?;
        let workbook = unit_workbook(&loaded.policy, &loaded.roster, unit, today);
        let bytes = write(&workbook)
            .map_err(|error| Failure::new(format!("错误：{}的填报表写不成：{error}。", unit.name)));
        progress.one();
        Some(bytes)
    });
    progress.done();
    let name = |unit: &Unit| file_name(&loaded.policy, unit);
    let files = put_all(&loaded.workspace, &folder, &units, made, &name)?;
    if !loaded.findings.is_empty() {
        complain(&render_all(&loaded.findings));
    }
    say(&summary(&loaded, &folder, files.len()));
    let others = others(&folder, &files);
    if others > 0 {
        say(&format!(
            "注意：“下发”文件夹里另有 {others} 个文件不是这次生成的，没有改动；不再用的请移走。"
        ));
    }
    if let Some(left_out) = left_out(&loaded) {
        say(&left_out);
    }
    for notice in loaded.roster_notices() {
        say(&notice);
    }
    Ok(u8::from(loaded.has_errors()))
}

/// Writes what was made for each unit into a folder, under the name that `name` gives.
/// Gives the files by their names.
pub(super) fn put_all(
    workspace: &Workspace,
    folder: &Path,
    units: &[&Unit],
    made: Vec<Option<Result<Vec<u8>, Failure>>>,
    name: &dyn Fn(&Unit) -> String,
) -> Result<IndexMap<String, Vec<u8>>, Failure> {
    let mut files: IndexMap<String, Vec<u8>> = IndexMap::new();
    for (unit, bytes) in units.iter().zip(made.into_iter().flatten()) {
        let mut name = name(unit);
        if files.contains_key(&name) {
            // Two names may differ only in what a file's name cannot hold.
            name = format!("{}_{name}", unit.code);
        }
        files.insert(name, bytes?);
    }
    let outputs: Vec<(PathBuf, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (folder.join(name), bytes.as_slice()))
        .collect();
    let written = workspace.replace_all(folder, &outputs);
    for ((path, _), written) in outputs.iter().zip(written) {
        let written = written.map_err(|error| not_written(path, &error))?;
        if written != *path {
            complain(&beside(path, &written));
        }
    }
    Ok(files)
}

/// Whom the workbooks know nothing of, since their rows of the roster are wrong;
/// said last, so that it is what stays on the screen.
fn left_out(loaded: &Loaded) -> Option<String> {
    let errors = loaded.findings.iter();
    let errors: Vec<&Finding> = errors
        .filter(|finding| finding.severity() == Severity::Error)
        .collect();
    if errors.is_empty() {
        return None;
    }
    let mut text = paragraph(&format!(
        "注意：名册有 {} 处错误，下面的单位、人员或村没有采用，没有给他们填报表，也没有列进表里；改好名册再下发一次：",
        errors.len()
    ));
    for finding in errors {
        let place = finding.place.to_string();
        text.push_str(&hanging(
            "  ",
            &format!("{}：{}", place.trim(), finding.message),
        ));
    }
    Some(text)
}

fn summary(loaded: &Loaded, folder: &Path, written: usize) -> String {
    let mut text = format!("已生成 {written} 份填报表，在 {}\n", folder.display());
    text.push_str(&by_kind(&loaded.policy, &loaded.roster));
    text.push_str(
        "\n下一步：\n  1. 抽一两份打开看看，截止时间和联系电话写在“填报说明”表的上方。\n",
    );
    text.push_str("  2. 发给各单位；报回的文件放进“回收”文件夹，文件名不用改。");
    text
}

/// How many units of each kind there are, a line each.
pub(super) fn by_kind(policy: &Policy, roster: &Roster) -> String {
    let mut text = String::new();
    for kind in policy.unit_kinds.values() {
        let units = roster.units().filter(|unit| unit.kind == kind.id);
        let count = units.count();
        if count > 0 {
            text.push_str(&format!("  {} {count} 份\n", kind.name));
        }
    }
    text
}

/// Files in the folder that were not written now.
pub(super) fn others(folder: &Path, files: &IndexMap<String, Vec<u8>>) -> usize {
    let written: HashSet<&str> = files.keys().map(String::as_str).collect();
    std::fs::read_dir(folder).map_or(0, |entries| {
        entries
            .filter_map(Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with(['~', '.']) && !written.contains(name.as_str()))
            .count()
    })
}
