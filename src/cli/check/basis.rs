//! By what returns are checked: a workspace's policy and roster, or the
//! built-in policy and the roster that each file carries.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use crate::cli::{Failure, load_workspace};
use crate::diagnostic::Finding;
use crate::intake::{Opener, ReturnedFile};
use crate::policy::{self, PackSource, Policy};
use crate::roster::Roster;
use crate::template::own_roster;
use crate::workspace::Workspace;

/// How far above a file its workspace is looked for: 回收/乡镇/某某.xlsx.
const LEVELS: usize = 3;

/// By what returns are checked.
pub(super) struct Against {
    /// The policy.
    pub policy: Policy,
    /// Roster and folder of the workspace; none if each file's own is used.
    pub workspace: Option<(Roster, PathBuf)>,
    /// What was found in the workspace's roster.
    pub findings: Vec<Finding>,
}

impl Against {
    /// The workspace that is named, else the one in the current folder, else
    /// one around the first of the files, else none.
    pub fn find(
        named: Option<&Path>,
        paths: &[PathBuf],
        opener: &dyn Opener,
    ) -> Result<Against, Failure> {
        let around = || {
            let first = paths.first()?.canonicalize().ok()?;
            let mut above = first.ancestors().take(LEVELS + 1);
            above
                .find(|folder| is_workspace(folder))
                .map(Path::to_owned)
        };
        let here = || is_workspace(Path::new(".")).then(|| PathBuf::from("."));
        let folder = named.map(Path::to_owned).or_else(here).or_else(around);
        let Some(folder) = folder else {
            let policy = policy::load(&PackSource::builtin())
                .map_err(|_| Failure::new("错误：内置方案读不出，请重新下载程序。"))?;
            return Ok(Against {
                policy,
                workspace: None,
                findings: Vec::new(),
            });
        };
        let loaded = load_workspace(&folder, opener)?;
        Ok(Against {
            policy: loaded.policy,
            workspace: Some((loaded.roster, folder)),
            findings: loaded.findings,
        })
    }

    /// The files in groups that are read together, each with its roster: all
    /// of them, or those of one unit.
    pub fn groups(
        &self,
        files: &[ReturnedFile],
        opener: &dyn Opener,
    ) -> Vec<(Roster, Vec<ReturnedFile>)> {
        if let Some((roster, _)) = &self.workspace {
            return vec![(roster.clone(), files.to_vec())];
        }
        let mut groups: IndexMap<String, (Roster, Vec<ReturnedFile>)> = IndexMap::new();
        for file in files {
            let roster = file.read().ok().and_then(|bytes| {
                let workbook = opener.open(&bytes).ok()?;
                own_roster(&workbook, &self.policy)
            });
            let roster = roster.unwrap_or_default();
            // A file without a stamp is nobody's as far as can be known here.
            let key = roster
                .units()
                .next()
                .map(|unit| format!("{}/{}", unit.code, unit.name));
            let group = groups.entry(key.unwrap_or_default());
            let group = group.or_insert_with(|| (roster, Vec::new()));
            group.1.push(file.clone());
        }
        groups.into_values().collect()
    }
}

fn is_workspace(folder: &Path) -> bool {
    let workspace = Workspace::new(folder);
    workspace.policy_dir().is_dir() && workspace.roster().is_file()
}
