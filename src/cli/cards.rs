//! `kaohe cards`: a page for each unit, with its points, where it lost some, and what
//! would mend it.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::closing::{in_force, not_gone};
use super::issue::{by_kind, others, put_all};
use super::progress::{Progress, Showing};
use super::{Failure, Loaded, complain, load_decided, say, workers};
use crate::assess::{Run, add_card, open_in};
use crate::book::{Book, Evaluator, Reader};
use crate::closing::Closing;
use crate::diagnostic::{paragraph, render_all};
use crate::flow::assess_files;
use crate::intake::gather;
use crate::policy::Policy;
use crate::report::card_workbook;
use crate::roster::Unit;
use crate::several::{at_once, width};
use crate::sheet::write;
use crate::template::file_name;

/// Writes the cards. All are made before the first is saved, so that one that cannot be
/// made does not leave a folder half renewed.
///
/// # Errors
/// What stops the program: no workspace, an unusable pack or roster, a folder that
/// cannot be read or written.
pub(super) fn run(dir: &Path, today: Date) -> Result<u8, Failure> {
    let workers = workers()?;
    let loaded = load_decided(dir, &workers)?;
    let (policy, roster) = (&loaded.policy, &loaded.roster);
    let (files, skipped) = gather(&loaded.workspace.returned())?;
    if files.is_empty() {
        return Err(Failure::new(
            "错误：“回收”文件夹里还没有填报表，没有成绩可写。\n改法：把各单位报回的文件放进去，再运行一次。",
        ));
    }
    let closing = in_force(&loaded, &loaded.read.hash())?;
    let today = closing.as_ref().map_or(today, |closing| closing.day);
    let run = Run {
        roster_hash: loaded.roster_hash.clone(),
        rulings_hash: loaded.read.hash(),
        skipped,
        today,
        closing,
    };
    let assessment = assess_files(
        &files,
        policy,
        roster,
        &loaded.rulings,
        loaded.findings.clone(),
        &run,
        &Showing::of(&workers, files.len()),
    );
    not_gone(&loaded.workspace, &run, &assessment)?;
    let mut book = assessment.book;
    let state = state(&book, run.closing.as_ref(), today);
    let units: Vec<&Unit> = roster.units().collect();
    for unit in &units {
        add_card(&mut book, policy, unit, &state);
    }
    let values = Arc::new(Evaluator::new(&book));
    let progress = Progress::of("写成绩单", units.len());
    let made = at_once(units.len(), width(), |at| {
        let unit = units.get(at)?;
        let fails = |error: &dyn std::fmt::Display| {
            Failure::new(format!("错误：{}的成绩单写不成：{error}。", unit.name))
        };
        let card = card_workbook(policy, &values, unit, today);
        let card = card.map_err(|error| fails(&error));
        let card = card.and_then(|card| card.ok_or_else(|| fails(&"没有可写的数据")));
        let bytes = card.and_then(|card| write(&card).map_err(|error| fails(&error)));
        progress.one();
        Some(bytes)
    });
    progress.done();
    let folder = loaded.workspace.cards();
    let name = |unit: &Unit| card_name(policy, unit);
    let files = put_all(&loaded.workspace, &folder, &units, made, &name)?;
    if !loaded.findings.is_empty() {
        complain(&render_all(&loaded.findings));
    }
    say(&summary(
        &loaded,
        &folder,
        files.len(),
        run.closing.is_some(),
    ));
    let others = others(&folder, &files);
    if others > 0 {
        say(&paragraph(&format!(
            "注意：“成绩单”文件夹里另有 {others} 个文件不是这次写的（例如名册里已经没有的单位），没有改动，不要再发；不用的请移走。"
        )));
    }
    for notice in loaded.roster_notices() {
        say(&notice);
    }
    Ok(u8::from(loaded.has_errors()))
}

/// Name of a card's file.
fn card_name(policy: &Policy, unit: &Unit) -> String {
    file_name(policy, unit).replace("_填报表", "_成绩单")
}

/// As of which day the cards are, and whether that is final.
fn state(book: &Book, closing: Option<&Closing>, today: Date) -> String {
    if let Some(closing) = closing {
        let (day, seal) = (closing.day_in_words(), closing.short_seal());
        return format!("已定稿：{day}，封签 {seal}。");
    }
    let day = format!("{}年{}月{}日", today.year(), today.month(), today.day());
    match open_in(&Reader::new(book)).is_empty() {
        true => format!("{OPEN}：截至{day}，没有未了的事。"),
        false => {
            format!("{OPEN}：截至{day}，还有没报齐、没改正或没裁定的，得分、名次和评优可能变。")
        }
    }
}

/// How it begins where the assessment is not closed.
const OPEN: &str = "未定稿";

fn summary(loaded: &Loaded, folder: &Path, written: usize, is_closed: bool) -> String {
    let mut text = format!("已写 {written} 份成绩单，在 {}\n", folder.display());
    text.push_str(&by_kind(&loaded.policy, &loaded.roster));
    if !is_closed {
        text.push_str(&paragraph(
            "每份都写明“未定稿”。还有什么没报齐、没改正、没裁定，见 kaohe status；定稿用 kaohe assess --final。",
        ));
    }
    text.push_str("\n下一步：\n  1. 抽一两份打开看看；每份一页，只有本单位的情况，没有公式。\n");
    text.push_str("  2. 发给各单位核对；有人提出来的，改好或裁定以后再运行一次，发新的。");
    text
}
