//! What every command on a workspace begins with: its policy and its roster.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::hints::{meant_workspace, no_roster, other_rosters};
use super::rulings::{self, load_rulings};
use super::words::not_read;
use crate::diagnostic::{Finding, Severity, paragraph, render_all};
use crate::files;
use crate::fingerprint::sha256_hex;
use crate::intake::Opener;
use crate::isolate::Workers;
use crate::policy::{self, PackSource, Policy, Problem};
use crate::roster::{Roster, read_roster};
use crate::ruling::Rulings;
use crate::sheet::limits::FILE;
use crate::workspace::Workspace;

/// A workspace with its policy and roster.
#[derive(Debug)]
pub struct Loaded {
    /// The workspace.
    pub workspace: Workspace,
    /// Its policy.
    pub policy: Policy,
    /// Its roster.
    pub roster: Roster,
    /// SHA-256 of the roster's file.
    pub roster_hash: String,
    /// What the office has decided; nothing unless it was asked for.
    pub rulings: Rulings,
    /// What was found in the roster and the rulings.
    pub findings: Vec<Finding>,
    /// The rulings' file as it was read, and what was found in it.
    pub(super) read: rulings::Read,
}

impl Loaded {
    /// What has to be said of the roster as a whole: rows that are still the pack's
    /// own, and other files that look like it.
    pub fn roster_notices(&self) -> Vec<String> {
        let examples = self.roster.examples_left();
        let examples = examples.map(|text| paragraph(&text));
        examples
            .into_iter()
            .chain(other_rosters(&self.workspace))
            .collect()
    }

    /// Whether part of the roster was left out.
    pub fn has_errors(&self) -> bool {
        let mut severities = self.findings.iter().map(Finding::severity);
        severities.any(|severity| severity == Severity::Error)
    }
}

/// Loads the policy and the roster of the workspace in a folder. Whoever sent it may
/// have put anything there: its workbooks are opened as returned files are.
///
/// # Errors
/// When there is no workspace, or its policy or roster cannot be used; with
/// all problems.
pub fn load_workspace(dir: &Path, opener: &dyn Opener) -> Result<Loaded, Failure> {
    let workspace = Workspace::new(dir);
    if !workspace.policy_dir().is_dir() {
        let what = match dir.is_dir() {
            true => "不是工作区：里面没有 policy 文件夹",
            false => "不是工作区：没有这个文件夹",
        };
        return Err(Failure::new(format!(
            "错误：“{}”{what}。\n{}改法：在命令后面写上工作区的文件夹，或先运行 kaohe init 新建一个。",
            dir.display(),
            meant_workspace(dir)
        )));
    }
    let source = PackSource::from_dir(&workspace.policy_dir())
        .map_err(|problems| unusable(&problems, &PackSource::default()))?;
    let policy = policy::load(&source).map_err(|problems| unusable(&problems, &source))?;
    let path = workspace.roster();
    let bytes = files::read(&path, FILE).map_err(|error| {
        let missing = (error.kind() == std::io::ErrorKind::NotFound).then(|| no_roster(&workspace));
        missing.flatten().unwrap_or_else(|| not_read(&path, &error))
    })?;
    let bytes: Arc<[u8]> = bytes.into();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let roster = read_roster(opener.open(&bytes), &policy, &name).map_err(|findings| {
        let findings = render_all(&findings);
        Failure::new(format!("{findings}名册不能用，没有往下做。"))
    })?;
    Ok(Loaded {
        workspace,
        policy,
        roster: roster.value,
        roster_hash: sha256_hex(&bytes),
        rulings: Rulings::default(),
        findings: roster.findings,
        read: rulings::Read::default(),
    })
}

/// Loads the workspace with what the office has decided, for the commands on
/// whose results that has an effect.
///
/// # Errors
/// As [`load_workspace`], and when the rulings cannot be read.
pub fn load_decided(dir: &Path, opener: &dyn Opener) -> Result<Loaded, Failure> {
    let mut loaded = load_workspace(dir, opener)?;
    let (policy, roster) = (&loaded.policy, &loaded.roster);
    let read = load_rulings(&loaded.workspace, policy, roster, opener)?;
    loaded.findings.extend(read.findings.iter().cloned());
    loaded.rulings = read.rulings.clone();
    loaded.read = read;
    Ok(loaded)
}

fn unusable(problems: &[Problem], source: &PackSource) -> Failure {
    let colour = std::io::stderr().is_terminal();
    Failure::new(policy::render(problems, source, colour))
}

/// The processes in which files from outside are opened.
///
/// # Errors
/// When the program cannot start itself once more.
pub fn workers() -> Result<Workers, Failure> {
    Workers::start().map_err(|error| {
        Failure::new(format!(
            "错误：读取报表要另起一个进程，没有起得来（{error}）。\n改法：看看杀毒软件有没有拦住 kaohe，把它加入信任后再运行。"
        ))
    })
}
