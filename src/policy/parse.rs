//! Text to the pack as written, file by file. A file that cannot be read
//! leaves a gap, which the checks know of, so that they do not complain of
//! ids that may well stand in it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::log::{At, Log, hint};
use super::read::{Read, Reader};
use super::syntax::translate;
use super::written::{
    DecisionsFile, FormFile, FundsFile, GoalsFile, MetricsFile, PlanFile, ReconcileFile,
    RosterFile, ScoresFile,
};
use crate::diagnostic::Code;

/// The files of a pack besides the forms.
const FILES: [&str; 8] = [
    PLAN, METRICS, RECONCILE, ROSTER, SCORES, DECISIONS, FUNDS, GOALS,
];

pub(super) const PLAN: &str = "plan.toml";
const METRICS: &str = "metrics.toml";
const RECONCILE: &str = "reconcile.toml";
const ROSTER: &str = "roster.toml";
const SCORES: &str = "rules/scores.toml";
const DECISIONS: &str = "rules/decisions.toml";
const FUNDS: &str = "rules/funds.toml";
const GOALS: &str = "rules/goals.toml";
/// The folder of the forms.
pub(super) const FORMS: &str = "forms/";

/// The pack as written. `None` stands for a file that could not be read.
pub(super) struct Written {
    pub plan: Option<PlanFile>,
    pub forms: Vec<WrittenForm>,
    pub metrics: Option<MetricsFile>,
    pub scores: Option<ScoresFile>,
    pub decisions: Option<DecisionsFile>,
    pub funds: Option<FundsFile>,
    pub goals: Option<GoalsFile>,
    pub reconcile: Option<ReconcileFile>,
    pub roster: Option<RosterFile>,
}

/// The file of a form.
pub(super) struct WrittenForm {
    /// File name without the ending.
    pub stem: String,
    /// Its content.
    pub form: Option<FormFile>,
}

/// Reads all files of the pack.
pub(super) fn parse(log: &mut Log<'_>) -> Written {
    unknown_files(log);
    Written {
        plan: file(log, PLAN),
        forms: forms(log),
        metrics: file(log, METRICS),
        scores: file(log, SCORES),
        decisions: file(log, DECISIONS),
        funds: file(log, FUNDS),
        goals: file(log, GOALS),
        reconcile: file(log, RECONCILE),
        roster: file(log, ROSTER),
    }
}

/// Notes files that nothing reads.
fn unknown_files(log: &mut Log<'_>) {
    for (path, _) in log.source().files() {
        let is_form = path
            .strip_prefix(FORMS)
            .is_some_and(|name| !name.contains('/'));
        if !is_form && !FILES.contains(&path) {
            let tail = hint(path, FILES);
            let message = format!(
                "方案里没有“{path}”这个文件，它不会起作用；备份请放到 policy 文件夹外面{tail}"
            );
            log.add_file(Code::PackName, path, message);
        }
    }
}

fn forms(log: &mut Log<'_>) -> Vec<WrittenForm> {
    let paths: Vec<(String, String)> = log
        .source()
        .files()
        .filter_map(|(path, _)| {
            let stem = path.strip_prefix(FORMS)?;
            let stem = stem.get(..stem.len().checked_sub(".toml".len())?)?;
            (!stem.contains('/')).then(|| (path.to_owned(), stem.to_owned()))
        })
        .collect();
    if paths.is_empty() {
        log.add_file(Code::PackFile, FORMS, "forms 文件夹里没有一张表。");
    }
    paths
        .into_iter()
        .map(|(path, stem)| WrittenForm {
            stem,
            form: file(log, &path),
        })
        .collect()
}

/// Reads one file into its type.
fn file<T: Read>(log: &mut Log<'_>, path: &str) -> Option<T> {
    let source = log.source();
    let (Some(index), Some(text)) = (source.index(path), source.text(path)) else {
        let is_known = source
            .unreadable()
            .iter()
            .any(|p| p.finding.place.file.as_deref() == Some(path));
        if !is_known {
            log.add_file(Code::PackFile, path, format!("缺少方案文件“{path}”。"));
        }
        return None;
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut is_sound = true;
    for error in translate(&errors, text, table.get_ref()) {
        is_sound &= error.is_local;
        let at = At {
            file: index,
            from: error.from,
            to: error.to,
        };
        log.add(Code::PackSyntax, at, error.message);
    }
    let faulty = errors.iter().filter_map(|error| error.span()).collect();
    if !is_sound {
        return None;
    }
    let root = Spanned::new(0..0, DeValue::Table(table.into_inner()));
    let mut reader = Reader {
        log,
        file: index,
        faulty,
    };
    T::read(&root, &mut reader)
}
