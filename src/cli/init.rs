//! `kaohe init`: a new workspace from the built-in pack.

use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::words::io_word;
use super::{Failure, say, workers};
use crate::diagnostic::paragraph;
use crate::files;
use crate::intake::Opener;
use crate::manual;
use crate::policy::{self, PackSource};
use crate::roster::{Roster, roster_workbook};
use crate::ruling::{Rulings, rulings_workbook};
use crate::sheet::{self, limits::FILE};
use crate::workspace::{Workspace, save, temporary_folder};

/// Makes the workspace; touches nothing where one is already. Everything is
/// written beside its place first, and the pack takes its place last: what was
/// cut short is no workspace yet, and is finished by running it once more.
pub(super) fn run(dir: &Path, today: Date) -> Result<u8, Failure> {
    let workspace = Workspace::new(dir);
    if workspace.policy_dir().exists() {
        return Err(Failure::new(format!(
            "错误：“{}”已经是工作区（policy 已存在），没有改动任何文件。\n改法：接着用它，运行 kaohe issue {}；要重新开始，请另选一个文件夹。",
            dir.display(),
            dir.display(),
        )));
    }
    let source = PackSource::builtin();
    let policy = policy::load(&source)
        .map_err(|problems| Failure::new(policy::render(&problems, &source, false)))?;
    let roster = sheet::write(&roster_workbook(&policy, today))
        .map_err(|error| Failure::new(format!("错误：名册写不成：{error}。")))?;
    let none = rulings_workbook(&Rulings::default(), &policy, &Roster::default(), today);
    let none = sheet::write(&none)
        .map_err(|error| Failure::new(format!("错误：裁定表写不成：{error}。")))?;
    let files = [(workspace.roster(), roster), (workspace.rulings(), none)];
    for (path, bytes) in &files {
        if path.exists() && !says_the_same(path, bytes)? {
            return Err(Failure::new(format!(
                "错误：“{}”里已经有{}，不是空白的，没有改动任何文件。\n改法：要用它，先移到别处，建好工作区以后再放回来；要重新开始，请另选一个文件夹。",
                dir.display(),
                path.file_name().unwrap_or_default().to_string_lossy(),
            )));
        }
    }
    for folder in [
        workspace.issued(),
        workspace.returned(),
        workspace.report_dir(),
    ] {
        std::fs::create_dir_all(&folder).map_err(|error| not_made(&folder, &error))?;
    }
    for (path, bytes) in &files {
        if !path.exists() {
            save(path, bytes).map_err(|error| not_made(path, &error))?;
        }
    }
    let manual = workspace.manual();
    save(&manual, manual::page().as_bytes()).map_err(|error| not_made(&manual, &error))?;
    let target = workspace.policy_dir();
    let beside = temporary_folder(dir).map_err(|error| not_made(&target, &error))?;
    let made = beside.path().join("policy");
    source
        .write_to(&made)
        .map_err(|error| not_made(&target, &error))?;
    std::fs::rename(&made, &target).map_err(|error| not_made(&target, &error))?;
    say(&format!(
        "已新建工作区：{dir}
  policy      方案（表、指标、规则），一般不用改
  名册.xlsx   单位、人员、帮扶村
  裁定.xlsx   本办的裁定、加减分、提名、免予否决，考核时用
  下发        发给各单位的填报表
  回收        各单位报回的文件放在这里
  汇总        考核结果
  使用说明.html  怎么用，双击打开

下一步：
  1. 打开“名册.xlsx”，把备注写“示例”的行换成本办的名册，保存并关闭。
  2. 运行 kaohe issue {dir} 生成各单位的填报表。",
        dir = dir.display()
    ));
    Ok(0)
}

/// Whether a file is what would be written, though on another day: left by a run
/// that was cut short.
fn says_the_same(path: &Path, bytes: &[u8]) -> Result<bool, Failure> {
    let workers = workers()?;
    let sheets = |bytes: Arc<[u8]>| Some(workers.open(&bytes).ok()?.sheets);
    let there = files::read(path, FILE).ok();
    let there = there.and_then(|there| sheets(there.into()));
    Ok(there.is_some() && there == sheets(bytes.into()))
}

/// Why the workspace could not be made. Nothing in it can be open yet.
fn not_made(path: &Path, error: &io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "这个文件夹不许写入".to_owned()
        }
        _ => io_word(error),
    };
    let what = format!("错误：写不进“{}”：{why}。工作区没有建好。", path.display());
    let mend = "改法：照上面说的处理，再运行一次同样的命令；不许写入的，请另选一个文件夹，例如桌面或 D 盘上的。";
    Failure::new(paragraph(&what) + &paragraph(mend))
}
