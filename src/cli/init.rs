//! `kaohe init`: a new workspace from the built-in pack.

use std::path::Path;

use jiff::civil::Date;

use super::words::not_written;
use super::{Failure, say};
use crate::policy::{self, PackSource};
use crate::roster::{Roster, roster_workbook};
use crate::ruling::{Rulings, rulings_workbook};
use crate::sheet;
use crate::workspace::{Workspace, save};

/// Makes the workspace; touches nothing where one is already.
pub(super) fn run(dir: &Path, today: Date) -> Result<u8, Failure> {
    let workspace = Workspace::new(dir);
    for taken in [workspace.policy_dir(), workspace.roster()] {
        if taken.exists() {
            return Err(Failure::new(format!(
                "错误：“{}”已经是工作区（{} 已存在），没有改动任何文件。\n改法：接着用它，运行 kaohe issue {}；要重新开始，请另选一个文件夹。",
                dir.display(),
                taken.file_name().unwrap_or_default().to_string_lossy(),
                dir.display(),
            )));
        }
    }
    let source = PackSource::builtin();
    let policy = policy::load(&source)
        .map_err(|problems| Failure::new(policy::render(&problems, &source, false)))?;
    let roster = sheet::write(&roster_workbook(&policy, today))
        .map_err(|error| Failure::new(format!("错误：名册写不成：{error}。")))?;
    for folder in [
        workspace.issued(),
        workspace.returned(),
        workspace.report_dir(),
    ] {
        std::fs::create_dir_all(&folder).map_err(|error| not_written(&folder, &error))?;
    }
    source
        .write_to(&workspace.policy_dir())
        .map_err(|error| not_written(&workspace.policy_dir(), &error))?;
    save(&workspace.roster(), &roster).map_err(|error| not_written(&workspace.roster(), &error))?;
    let none = rulings_workbook(&Rulings::default(), &policy, &Roster::default(), today);
    let none = sheet::write(&none)
        .map_err(|error| Failure::new(format!("错误：裁定表写不成：{error}。")))?;
    let path = workspace.rulings();
    save(&path, &none).map_err(|error| not_written(&path, &error))?;
    say(&format!(
        "已新建工作区：{dir}
  policy      方案（表、指标、规则），一般不用改
  名册.xlsx   单位、人员、帮扶村
  裁定.xlsx   本办的裁定、加减分、提名、免予否决，考核时用
  下发        发给各单位的填报表
  回收        各单位报回的文件放在这里
  汇总        考核结果

下一步：
  1. 打开“名册.xlsx”，把备注写“示例”的行换成本办的名册，保存并关闭。
  2. 运行 kaohe issue {dir} 生成各单位的填报表。",
        dir = dir.display()
    ));
    Ok(0)
}
