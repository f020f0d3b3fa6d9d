//! What a clerk most likely meant where a file or a folder is not where it
//! should be: another name of the roster, the folder beside, a path with blanks
//! that was not quoted.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::diagnostic::{hanging, paragraph, some};
use crate::workspace::Workspace;

/// What the roster's file is called, without what follows the dot.
const ROSTER: &str = "名册";

/// Other files of a workspace that look like its roster, sorted.
pub(super) fn like_rosters(workspace: &Workspace) -> Vec<String> {
    let own = workspace.roster();
    let own = own.file_name().unwrap_or_default().to_string_lossy();
    let mut names: Vec<String> = files(workspace.root())
        .into_iter()
        .filter(|name| name.contains(ROSTER) && *name != own && !name.starts_with(['~', '.']))
        .collect();
    names.sort();
    names
}

/// Why there is no roster, and what to do with what looks like one.
pub(super) fn no_roster(workspace: &Workspace) -> Option<Failure> {
    let found = like_rosters(workspace);
    let what = format!(
        "错误：工作区“{}”里没有“名册.xlsx”",
        workspace.root().display()
    );
    let text = match found.as_slice() {
        [] => return None,
        [one] => {
            let mend = match is_xlsx(one) {
                true => "如果它就是名册，把它改名为“名册.xlsx”再运行。",
                false => {
                    "如果它就是名册，用 WPS 或 Excel 打开它，另存为“名册.xlsx”（类型选 .xlsx）再运行。"
                }
            };
            paragraph(&format!("{what}，只有“{one}”。")) + &hanging("改法：", mend)
        }
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("“{name}”")).collect();
            paragraph(&format!(
                "{what}，却有几个像名册的文件：{}。",
                some(&names, "、", "个")
            )) + &hanging(
                "改法：",
                "选定要用的一个，存为“名册.xlsx”；其余的移到别处，再运行。",
            )
        }
    };
    Some(Failure::new(text.trim_end()))
}

/// Said where other files stand beside the roster that look like one.
pub(super) fn other_rosters(workspace: &Workspace) -> Option<String> {
    let found = like_rosters(workspace);
    let names: Vec<String> = found.iter().map(|name| format!("“{name}”")).collect();
    (!names.is_empty()).then(|| {
        let text = format!(
            "注意：用的是“名册.xlsx”，没有用旁边的{}；如果新的是那一个，请换过来再运行。",
            some(&names, "、", "个")
        );
        paragraph(&text)
    })
}

fn is_xlsx(name: &str) -> bool {
    name.to_lowercase().ends_with(".xlsx")
}

/// The workspaces that may be meant by a folder that is none: the one that holds
/// it, those in it, those beside it.
pub(super) fn workspaces_near(dir: &Path) -> Vec<PathBuf> {
    let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let is_workspace = |path: &Path| Workspace::new(path).policy_dir().is_dir();
    let mut found: Vec<PathBuf> = Vec::new();
    if let Some(above) = whole.parent().filter(|above| is_workspace(above)) {
        found.push(above.to_path_buf());
    }
    let mut beside = folders(&whole);
    if let Some(above) = whole.parent() {
        beside.extend(folders(above));
    }
    found.extend(beside.into_iter().filter(|path| is_workspace(path)));
    // The one whose name is most like what was written comes first.
    let name = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let typed = name(&whole);
    found.sort_by_cached_key(|path| (strsim::osa_distance(&name(path), &typed), path.clone()));
    found.dedup();
    found
}

/// The workspaces that may be meant, as a line, if there are any.
pub(super) fn meant_workspace(dir: &Path) -> String {
    const MOST: usize = 3;
    let found = workspaces_near(dir);
    let names: Vec<String> = found
        .iter()
        .take(MOST)
        .map(|path| format!("“{}”", path.display()))
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("您要用的是不是：{}\n", names.join("、")),
    }
}

/// Arguments that stand for one path whose blanks were not quoted: so many of
/// them, from the first, and the path.
pub(super) fn unquoted(words: &[OsString]) -> Option<(usize, PathBuf)> {
    let several = (2..=words.len()).rev();
    several
        .filter_map(|count| Some((count, words.get(..count)?.join(" ".as_ref()).into())))
        .find(|(_, path): &(usize, PathBuf)| path.exists())
}

/// The same for the words of a whole command, as a hint.
pub(super) fn unquoted_hint(words: &[OsString]) -> Option<String> {
    let starts = 0..words.len();
    let (_, path) = starts
        .filter_map(|start| unquoted(words.get(start..)?))
        .next()?;
    Some(format!(
        "路径里有空格，要用引号括起来：\"{}\"\n",
        path.display()
    ))
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    files.map(name).collect()
}

/// The folders in a folder, sorted.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
