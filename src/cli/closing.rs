//! 定稿: an assessment is closed when nothing is open in it, and stays as it is until the
//! closing is withdrawn.

use std::io::ErrorKind;
use std::path::Path;

use super::Failure;
use super::load::Loaded;
use super::words::{io_word, not_read, not_written};
use crate::assess::{PROGRAM, Run};
use crate::closing::{Basis, Closing};
use crate::diagnostic::{NAME, brief, hanging, paragraph, some};
use crate::files;
use crate::fingerprint::sha256_hex;
use crate::flow::Assessment;
use crate::workspace::{Workspace, save};

/// Largest closing that is read, in bytes: far more than the names of all files.
const LARGEST: u64 = 16 << 20;

/// On what the assessment of a workspace was closed; nothing if it was not.
///
/// # Errors
/// When it cannot be read, so that it is not known whether it was.
pub(super) fn closing_of(workspace: &Workspace) -> Result<Option<Closing>, Failure> {
    let path = workspace.closing();
    let bytes = match files::read(&path, LARGEST) {
        Ok(bytes) => bytes,
        // Where no folder is, there is no record; that nothing can be written is said later.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(not_read(&path, &error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|_| {
        Failure::new(paragraph(&format!(
            "错误：定稿的记录“{}”读不出来，没有往下做。\n改法：把它移到“备份”里，再运行一次；那样就是没有定稿，要定稿的重新定稿。",
            path.display()
        )))
    })
}

/// The closing of a workspace, of which all but the returned files still holds.
///
/// # Errors
/// As [`closing_of`], and when something has changed on which the result rests.
pub(super) fn in_force(loaded: &Loaded, rulings: &str) -> Result<Option<Closing>, Failure> {
    let Some(closing) = closing_of(&loaded.workspace)? else {
        return Ok(None);
    };
    let changed = closing.changed(basis(loaded, rulings));
    match changed.is_empty() {
        true => Ok(Some(closing)),
        false => Err(changed_since(&loaded.workspace, &closing, &changed)),
    }
}

/// What a result rests on now; `rulings` is the SHA-256 of the rulings.
pub(super) fn basis<'a>(loaded: &'a Loaded, rulings: &'a str) -> Basis<'a> {
    Basis {
        program: PROGRAM,
        policy: &loaded.policy.hash,
        roster: &loaded.roster_hash,
        rulings,
    }
}

/// Said when the result would not be that on which the assessment was closed.
fn changed_since(workspace: &Workspace, closing: &Closing, changed: &[&str]) -> Failure {
    let what = format!(
        "错误：考核已经定稿（{}，封签 {}），以后{}改动过。没有往下做，定稿的汇总工作簿没有动。",
        closing.day_in_words(),
        closing.short_seal(),
        changed.join("、")
    );
    Failure::new(paragraph(&what) + &mend(workspace))
}

/// Stops when returned files on which the assessment was closed, if it was, are not there
/// as they were.
///
/// # Errors
/// Which.
pub(super) fn not_gone(
    workspace: &Workspace,
    run: &Run,
    assessment: &Assessment,
) -> Result<(), Failure> {
    let Some(closing) = &run.closing else {
        return Ok(());
    };
    let now = assessment.reconciled.ledger().files.iter();
    let gone = closing.gone(now.map(|file| (file.name.as_str(), file.sha256.as_str())));
    if gone.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = gone
        .iter()
        .map(|name| format!("“{}”", brief(name, NAME)))
        .collect();
    let what = format!(
        "错误：考核已经定稿（{}，封签 {}），定稿时“回收”里的{}现在没有了，或改动、改名过。没有往下做，定稿的汇总工作簿没有动。",
        closing.day_in_words(),
        closing.short_seal(),
        some(&names, "、", "个文件"),
    );
    Err(Failure::new(paragraph(&what) + &mend(workspace)))
}

/// What to do when something has changed after the closing.
fn mend(workspace: &Workspace) -> String {
    paragraph(&format!(
        "改法：不是有意改动的，把原来的文件放回去（以前的在“{}”里），再运行一次。确实要改结果的，用 kaohe assess {} --reopen 撤销定稿；都办完后再用 --final 定稿。",
        workspace.kept().display(),
        workspace.root().display()
    ))
}

/// Keeps a closing, so that later runs know of it.
///
/// # Errors
/// When it cannot be written.
pub(super) fn keep(workspace: &Workspace, closing: &Closing) -> Result<(), Failure> {
    let path = workspace.closing();
    let mut bytes = serde_json::to_vec_pretty(closing).map_err(Failure::new)?;
    bytes.push(b'\n');
    std::fs::create_dir_all(workspace.records())
        .and_then(|()| save(&path, &bytes))
        .map_err(|error| not_written(&path, &error))
}

/// Withdraws a closing: it is put away. Gives what is to be said of it.
///
/// # Errors
/// When it cannot be put away.
pub(super) fn withdraw(workspace: &Workspace) -> Result<String, Failure> {
    let path = workspace.closing();
    let put_away = || {
        let bytes = files::read(&path, LARGEST)?;
        workspace.put_away(&path, &sha256_hex(&bytes))
    };
    match put_away() {
        Ok(Some(_)) => Ok(paragraph(&format!(
            "已撤销定稿。定稿时的汇总工作簿和定稿的记录在“{}”里。",
            workspace.kept().display()
        ))),
        Ok(None) => Err(still_closed(&path, "正在别的程序里打开")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok("本来就没有定稿，照常汇总。".to_owned())
        }
        Err(error) => Err(still_closed(&path, io_word(&error))),
    }
}

/// Said when a closing could not be withdrawn.
fn still_closed(path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::new(paragraph(&format!(
        "错误：定稿没有撤销：“{}”移不开（{why}）。\n改法：关闭打开它的程序，再运行一次。",
        path.display()
    )))
}

/// Said when an assessment is not closed because of what is open in it; `open` says what,
/// each with what to do.
pub(super) fn not_closed(workspace: &Workspace, open: &[(String, String)]) -> String {
    let mut text = paragraph("没有定稿：还有没有了结的事，汇总工作簿照常写好了（未定稿）。");
    for (what, mend) in open {
        text.push_str(&hanging("  ", &format!("{what}：{mend}")));
    }
    text + &paragraph(&format!(
        "改法：办完后再运行一次 --final。领导决定照现状定稿的：\n  kaohe assess {} --final --anyway \"为什么照现状定稿\"",
        workspace.root().display()
    ))
}

/// Said when an assessment was closed.
pub(super) fn closed(closing: &Closing) -> String {
    paragraph(&format!(
        "已定稿：{}，封签 {}。以后收到的文件算逾期，不计入；名册、方案、裁定和已采用的文件不要再改。要改结果的，先用 --reopen 撤销定稿。",
        closing.day_in_words(),
        closing.short_seal()
    ))
}
