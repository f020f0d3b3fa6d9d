//! What an assessment rests on, put together in one way for every command that
//! makes one: the workspace, the rulings, the returned files.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::Failure;
use super::closing::in_force;
use super::load::{Loaded, load_decided, workers};
use super::records::{Before, rulings_of_last};
use super::rulings::{Taken, take_over};
use crate::assess::Run;
use crate::diagnostic::{Severity, paragraph};
use crate::intake::{ReturnedFile, gather};
use crate::isolate::Workers;
use crate::ruling::{Belongs, KnownRulings};

/// Whether choices in the last consolidated workbook are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choices {
    /// They are; the command writes the workbook anew.
    TakeOver {
        /// Whether the office means it if all earlier rulings are gone.
        withdrawn: bool,
        /// Whether the closing of the assessment is withdrawn.
        reopened: bool,
    },
    /// They wait for the next assessment.
    Leave,
}

/// What an assessment rests on.
pub(super) struct SetUp {
    /// The workspace with its rulings, those that were taken over among them.
    pub loaded: Loaded,
    /// The consolidated workbook.
    pub report: PathBuf,
    /// What was chosen in it.
    pub taken: Taken,
    /// The returned files.
    pub files: Vec<ReturnedFile>,
    /// What else the result rests on.
    pub run: Run,
    /// What the last run knew of rulings.
    pub before: Before,
    /// What opens files from outside.
    pub workers: Workers,
}

/// Loads everything; nothing is written.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a file or
/// folder that cannot be read.
pub(super) fn set_up(dir: &Path, choices: Choices, today: Date) -> Result<SetUp, Failure> {
    let workers = workers()?;
    let mut loaded = load_decided(dir, &workers)?;
    let workspace = &loaded.workspace;
    let before = match rulings_of_last(workspace)? {
        // A folder that was copied holds the records of another assessment.
        Before::Knew(known) if known.of.is_foreign(&Belongs::of(&loaded.policy)) => Before::Nothing,
        before => before,
    };
    if !matches!(
        choices,
        Choices::TakeOver {
            withdrawn: true,
            ..
        }
    ) {
        not_gone(&loaded, &before)?;
    }
    let (files, skipped) = gather(&workspace.returned())?;
    let (policy, roster) = (&loaded.policy, &loaded.roster);
    let name = format!("{}年考核汇总.xlsx", policy.pack.year);
    let report = workspace.report_dir().join(name);
    let taken = match choices {
        Choices::TakeOver { .. } => {
            let rulings = &mut loaded.rulings;
            take_over(workspace, &report, policy, roster, rulings, today, &workers)?
        }
        Choices::Leave => Taken::default(),
    };
    let rulings_hash = taken.hash().unwrap_or_else(|| loaded.read.hash());
    let closing = match choices {
        Choices::TakeOver { reopened: true, .. } => None,
        Choices::TakeOver { .. } | Choices::Leave => in_force(&loaded, &rulings_hash)?,
    };
    let run = Run {
        roster_hash: loaded.roster_hash.clone(),
        rulings_hash,
        skipped,
        today: closing.as_ref().map_or(today, |closing| closing.day),
        closing,
    };
    // What is wrong with choices is said together with what is wrong in 裁定.xlsx.
    loaded.read.findings.extend(taken.findings.iter().cloned());
    Ok(SetUp {
        loaded,
        report,
        taken,
        files,
        run,
        before,
        workers,
    })
}

/// Stops when there is not one ruling any more while the last run had some, or may
/// have had some: the file was lost, or an empty one put in its place.
fn not_gone(loaded: &Loaded, before: &Before) -> Result<(), Failure> {
    // What cannot be used is refused later, with what is wrong in it.
    let mut findings = loaded.read.findings.iter();
    let has_errors = findings.any(|finding| finding.severity() == Severity::Error);
    if !loaded.rulings.is_empty() || has_errors {
        return Ok(());
    }
    let (last, record) = match before {
        Before::Nothing => return Ok(()),
        Before::Knew(known) if known.count == 0 => return Ok(()),
        Before::Knew(known) => (
            format!(
                "上次汇总时有 {} 件（裁定、加减分、提名、免予否决）",
                known.count
            ),
            String::new(),
        ),
        Before::Unreadable(record) => (
            format!(
                "上次汇总的记录“{}”读不出来，不知道那时有没有裁定",
                record.display()
            ),
            format!("本来就没有裁定的，把“{}”移到“备份”里；", record.display()),
        ),
    };
    let what = match &loaded.read.file {
        None => format!("“{}”不见了", loaded.workspace.rulings().display()),
        Some((path, _)) => format!("“{}”里一件裁定也没有了", path.display()),
    };
    let what = format!("错误：{what}，{last}。没有往下做，什么也没有改动。");
    let report = loaded.workspace.report_dir();
    let mend = format!(
        "改法：把原来的裁定.xlsx 放回工作区。找不到的，把“{}”里的汇总工作簿复制一份，改名为“裁定.xlsx”放进工作区，上次的裁定全在里面；更早的在“{}”里，名为“裁定-….xlsx”。\n{record}确实要全部撤销的，在 kaohe assess {} 后面加上 --withdraw-rulings。",
        report.display(),
        loaded.workspace.kept().display(),
        loaded.workspace.root().display()
    );
    Err(Failure::new(paragraph(&what) + &paragraph(&mend)))
}

/// Said when some rulings are gone since the last run, which may be meant.
pub(super) fn fewer(before: &Before, now: usize) -> Option<String> {
    let Before::Knew(KnownRulings { count: before, .. }) = before else {
        return None;
    };
    let gone = before.checked_sub(now).filter(|gone| *gone > 0)?;
    let text = format!(
        "注意：裁定比上次汇总少了 {gone} 件（上次 {before} 件，这次 {now} 件），少了的不再起作用；哪几件，用 kaohe diff 看。不是有意撤销的，从“备份”里取回裁定.xlsx。"
    );
    Some(paragraph(&text))
}
