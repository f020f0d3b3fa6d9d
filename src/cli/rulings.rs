//! The office's rulings in the workspace: reading 裁定.xlsx, and taking over
//! what was chosen in the consolidated workbook before it is written anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::Failure;
use super::words::{not_read, not_written};
use crate::diagnostic::{Code, Finding, Place, Severity, paragraph, render_all, some};
use crate::files;
use crate::fingerprint::sha256_hex;
use crate::intake::Opener;
use crate::policy::Policy;
use crate::roster::Roster;
use crate::ruling::{
    Belongs, Rulings, Take, hold_all, read_rulings, rulings_workbook, sheet_names,
};
use crate::sheet::{FileFormat, FoundWorkbook, OpenError, write};
use crate::workspace::Workspace;

/// The rulings of a workspace as they were read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The rulings.
    pub rulings: Rulings,
    /// What is wrong with them.
    pub findings: Vec<Finding>,
    /// The file and what it held, if there is one.
    pub file: Option<(PathBuf, Arc<[u8]>)>,
}

impl Read {
    /// SHA-256 of the file; empty where there is none.
    pub fn hash(&self) -> String {
        let hash = |(_, bytes): &(PathBuf, Arc<[u8]>)| sha256_hex(bytes);
        self.file.as_ref().map(hash).unwrap_or_default()
    }
}

/// Reads 裁定.xlsx, in whatever format it was saved; a workspace without one
/// has no rulings.
pub(super) fn load_rulings(
    workspace: &Workspace,
    policy: &Policy,
    roster: &Roster,
    opener: &dyn Opener,
) -> Result<Read, Failure> {
    let root = workspace.root();
    let names = names(workspace).map_err(|error| not_read(root, &error))?;
    let name = match names.as_slice() {
        [] => return Ok(Read::default()),
        [name] => name,
        several => {
            return Err(Failure::new(format!(
                "错误：工作区里有几个裁定表（{}），分不清用哪一个。\n改法：只留一个，名为“裁定.xlsx”，其余移到别处。",
                some(several, "、", "个")
            )));
        }
    };
    let path = root.join(name);
    let bytes = read(&path)?;
    let workbook = open(opener, &bytes).map_err(|error| {
        let mend = "改法：用 WPS 或 Excel 打开它，去掉密码或另存回原处；打不开的，从“备份”文件夹里取最后一份“裁定-….xlsx”，改名为“裁定.xlsx”放回来；备份里也没有的，把“汇总”里的汇总工作簿复制一份，改名为“裁定.xlsx”，里面有上次汇总时的全部裁定。";
        let what = format!("错误：裁定表“{name}”打不开：{}。没有往下做。", error.of_own());
        Failure::new(paragraph(&what) + &paragraph(mend))
    })?;
    if let Some(foreign) = foreign(&workbook, name, policy) {
        return Err(foreign);
    }
    let read = read_rulings(&workbook, name, Take::All, policy, roster);
    Ok(Read {
        rulings: read.value.rulings(),
        findings: read.findings,
        file: Some((path, bytes)),
    })
}

/// Said of a workbook whose rulings belong to another pack, year or round: they
/// hold for that assessment alone.
fn foreign(workbook: &FoundWorkbook, name: &str, policy: &Policy) -> Option<Failure> {
    let (theirs, ours) = (Belongs::read(workbook), Belongs::of(policy));
    if !theirs.is_foreign(&ours) {
        return None;
    }
    let message = format!("“{name}”里的裁定属于{theirs}，本次考核是{ours}，不能带过来");
    let finding = Finding::new(Code::RulingForeign, Place::file(name), message);
    Some(Failure::new(format!(
        "{}没有往下做，什么也没有改动。",
        render_all(&[finding])
    )))
}

/// Most bytes of a workbook with rulings, which may be a whole consolidated one.
const LARGEST: u64 = 512 << 20;

/// A workbook with rulings, read once, so that what is opened is what is known of it.
fn read(path: &Path) -> Result<Arc<[u8]>, Failure> {
    let bytes = files::read(path, LARGEST).map_err(|error| not_read(path, &error))?;
    Ok(bytes.into())
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

/// What was chosen in the consolidated workbooks.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// 裁定.xlsx as it has to be written, if anything is new.
    pub new: Option<Vec<u8>>,
    /// The workbooks with the SHA-256 of what they held when they were read.
    pub from: Vec<(PathBuf, String)>,
    /// What is wrong with the choices.
    pub findings: Vec<Finding>,
}

impl Taken {
    /// SHA-256 of what a workbook held; nothing if it was not there.
    pub fn held(&self, path: &Path) -> Option<&str> {
        let mut from = self.from.iter();
        let found = from.find(|(from, _)| from == path);
        found.map(|(_, sum)| sum.as_str())
    }

    /// The hash of 裁定.xlsx as it has to be written.
    pub fn hash(&self) -> Option<String> {
        self.new.as_deref().map(sha256_hex)
    }
}

/// Takes over the rulings that were chosen in the last consolidated workbook.
/// Nothing is written yet: what is refused later must leave both files as they
/// are.
///
/// # Errors
/// When a workbook cannot be read: it would be written anew, and choices in it
/// lost.
pub(super) fn take_over(
    workspace: &Workspace,
    report: &Path,
    policy: &Policy,
    roster: &Roster,
    rulings: &mut Rulings,
    today: Date,
    opener: &dyn Opener,
) -> Result<Taken, Failure> {
    let mut taken = Taken::default();
    let mut is_new = false;
    let beside = workspace.besides(report);
    let reports = std::iter::once(report).chain(beside.iter().map(PathBuf::as_path));
    for report in reports.filter(|report| report.exists()) {
        let bytes = read(report)?;
        let workbook = open(opener, &bytes).map_err(|error| closed(report, &error))?;
        let name = report.file_name().unwrap_or_default().to_string_lossy();
        let edits = read_rulings(&workbook, &name, Take::Changed, policy, roster);
        if !edits.value.is_empty()
            && let Some(foreign) = foreign(&workbook, &name, policy)
        {
            return Err(foreign);
        }
        taken.findings.extend(edits.findings);
        match rulings.take_over(edits.value, policy, roster) {
            Ok(changed) => is_new |= changed,
            Err(torn) => taken.findings.extend(torn),
        }
        // Of what was looked through, in case it was saved in between.
        taken.from.push((report.to_owned(), sha256_hex(&bytes)));
    }
    if is_new {
        let workbook = rulings_workbook(rulings, policy, roster, today);
        taken.new = Some(write(&workbook).map_err(Failure::new)?);
    }
    Ok(taken)
}

/// Opens a workbook with rulings: of a large county's consolidated workbook only the
/// sheets that hold them, which needs little memory. What does not stand there is looked
/// for on all others, unless they are too much.
fn open(opener: &dyn Opener, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError> {
    let own = opener.open_only(bytes, &sheet_names())?;
    // Only of an .xlsx sheets are left out.
    if hold_all(&own) || own.format != FileFormat::Xlsx {
        return Ok(own);
    }
    opener.open(bytes).or(Ok(own))
}

/// A consolidated workbook that cannot be opened may hold choices that nobody
/// has seen yet.
fn closed(report: &Path, error: &OpenError) -> Failure {
    let what = format!(
        "错误：上次的汇总工作簿“{}”打不开：{}。里面可能有新写的裁定，所以没有往下做，什么也没有改动。",
        report.display(),
        error.of_own()
    );
    let mend = "改法：用 WPS 或 Excel 打开它，去掉密码或另存回原处，再运行一次。实在打不开的，把它移到别处再运行：已经汇总过的裁定都在裁定.xlsx 里，只有在它里面新写的要重新写。";
    Failure::new(paragraph(&what) + &paragraph(mend))
}

/// Stops when a ruling cannot be used, wherever it stands: an assessment
/// without it would be another one than the office decided. `own` are the
/// findings of reading rulings, `all` those of the whole run.
///
/// # Errors
/// When one of the findings is about such a ruling.
pub(super) fn refuse(
    workspace: &Workspace,
    own: &[Finding],
    all: &[Finding],
) -> Result<(), Failure> {
    let own = own.iter().filter(|f| f.severity() == Severity::Error);
    let all = all.iter().filter(|f| f.code == Code::RulingUnusable);
    let mut unusable: Vec<Finding> = Vec::new();
    for finding in own.chain(all) {
        if !unusable.contains(finding) {
            unusable.push(finding.clone());
        }
    }
    if unusable.is_empty() {
        return Ok(());
    }
    let mut files: Vec<String> = Vec::new();
    for finding in &unusable {
        let file = finding.place.file.as_deref().unwrap_or_default();
        let path = match file.starts_with(RULINGS) {
            true => workspace.root().join(file),
            false => workspace.report_dir().join(file),
        };
        let path = format!("“{}”", path.display());
        if !files.contains(&path) {
            files.push(path);
        }
    }
    let mend = format!(
        "改法：打开{}照提示补全，用不着的整行清空，保存并关闭后再运行。",
        files.join("和")
    );
    Err(Failure::new(format!(
        "{}有 {} 处裁定不能用。改好之前不做汇总，什么也没有改动。\n{}",
        render_all(&unusable),
        unusable.len(),
        paragraph(&mend)
    )))
}

/// Writes 裁定.xlsx with what was taken over, keeps what was there before, and
/// says so. `old` is the file as it was read.
///
/// # Errors
/// When a file cannot be written, or the old one is open or was saved meanwhile.
pub(super) fn write_down(
    workspace: &Workspace,
    old: Option<&(PathBuf, Arc<[u8]>)>,
    bytes: &[u8],
) -> Result<String, Failure> {
    let path = workspace.rulings();
    let old = old.map(|(path, bytes)| (path.as_path(), &bytes[..]));
    let kept = workspace
        .supersede(old, &path, bytes)
        .map_err(|error| not_written(old.map_or(&path, |(path, _)| path), &error))?;
    let kept = kept.map_or_else(String::new, |kept| {
        format!("；原来的存在 {}", kept.display())
    });
    Ok(paragraph(&format!(
        "汇总工作簿里改动的裁定（新写、改写或清空的）已经生效，并记入 {}{kept}",
        path.display()
    )))
}
