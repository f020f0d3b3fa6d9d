//! Tables of funds: what they add up, and what they are broken down by.

use super::known::Once;
use super::known_form::KnownForm;
use super::{Pool, metrics, text};
use crate::diagnostic::Code;
use crate::policy::log::{Log, Text};
use crate::policy::parse::Written;
use crate::policy::{Dimension, FundTable, Kind, written};

/// The words for dimensions that are not fields with choices.
const WORDS: [&str; 7] = [
    "unit",
    "unit_kind",
    "block",
    "village",
    "month",
    "quarter",
    "role",
];

/// Checks `rules/funds.toml`.
pub(super) fn check(written: &Written, pool: &Pool, log: &mut Log<'_>) -> Vec<FundTable> {
    let mut once = Once::default();
    let mut tables = Vec::new();
    let file = written.funds.iter();
    for table in file.flat_map(|file| &file.fund_table.items) {
        text::id(log, &table.id, "资金表");
        text::line(log, &table.title, "资金表标题");
        once.note(log, &table.id, &table.id, "资金表");
        tables.extend(self::table(table, pool, log));
    }
    tables
}

fn table(table: &written::FundTable, pool: &Pool, log: &mut Log<'_>) -> Option<FundTable> {
    let clause = pool.cite(log, &table.clause);
    if table.rows.value == table.columns.value {
        let message = "行和列不能是同一个内容。";
        log.add(Code::PackMismatch, table.columns.at, message);
    }
    let (entry, field) = match (&table.sum, &table.count) {
        (Some(sum), None) => {
            let (entry, field) = metrics::summed(log, pool, sum)?;
            (entry, Some(field.id.clone()))
        }
        (None, Some(count)) => (metrics::intake_form(log, pool, count)?, None),
        _ => {
            let message = "资金表要写 sum（相加的金额栏）或 count（数条数的表），只写一项。";
            log.add(Code::PackMismatch, table.id.at, message);
            return None;
        }
    };
    let rows = dimension(&table.rows, entry, log);
    let columns = dimension(&table.columns, entry, log);
    Some(FundTable {
        id: table.id.value.clone(),
        title: table.title.value.clone(),
        form: entry.form.id.clone(),
        field,
        rows: rows?,
        columns: columns?,
        clause,
    })
}

fn dimension(word: &Text, entry: &KnownForm, log: &mut Log<'_>) -> Option<Dimension> {
    let mut with = |kind: Kind, name: &str, dimension: Dimension| {
        if !entry.may_have_kind(&kind) {
            let message = format!(
                "“{}”表没有{name}，不能按“{}”汇总。",
                entry.form.sheet, word.value
            );
            log.add(Code::PackMismatch, word.at, message);
        }
        Some(dimension)
    };
    match word.as_str() {
        "unit" => Some(Dimension::Unit),
        "unit_kind" => Some(Dimension::UnitKind),
        "block" => Some(Dimension::Block),
        "village" => with(Kind::Village, "村栏（village）", Dimension::Village),
        "month" => with(Kind::Date, "日期栏（date）", Dimension::Month),
        "quarter" => with(Kind::Date, "日期栏（date）", Dimension::Quarter),
        "role" => with(Kind::Member, "人员栏（member）", Dimension::Role),
        id => choice(id, word, entry, log),
    }
}

/// A field with choices.
fn choice(id: &str, word: &Text, entry: &KnownForm, log: &mut Log<'_>) -> Option<Dimension> {
    let fields = &entry.form.fields;
    match fields.get(id) {
        Some(field) if matches!(field.kind, Kind::Choice(_)) => {
            return Some(Dimension::Choice(id.to_owned()));
        }
        Some(field) => {
            let message = format!("“{}”不是选项栏，不能按它汇总。", field.header);
            log.add(Code::PackMismatch, word.at, message);
        }
        None if entry.may_have(id) => {}
        None => {
            let choices = fields
                .values()
                .filter(|field| matches!(field.kind, Kind::Choice(_)))
                .map(|field| field.id.as_str());
            let words = WORDS.into_iter().chain(choices);
            let cannot = format!("“{}”表不能按", entry.form.sheet);
            log.unknown(word, words, &cannot, "汇总");
        }
    }
    None
}
