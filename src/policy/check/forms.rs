//! Forms: heads, fields, and what the program relies on in them.

use std::collections::HashMap;

use super::known::{Known, Once};
use super::known_form::KnownForm;
use super::{Pool, fields, shape, text};
use crate::diagnostic::Code;
use crate::policy::log::{At, Log};
use crate::policy::parse::{Written, WrittenForm};
use crate::policy::written::FormHead;
use crate::policy::{Credit, Field, Form, Kind, RosterPart};

/// Empty rows that are offered where the form does not say.
const SPARE_ROWS: u32 = 30;

/// Most empty rows.
const MOST_SPARE_ROWS: u32 = 10_000;

/// Checks the forms; gives the forms of the roster by their part.
pub(super) fn check(
    written: &Written,
    pool: &mut Pool,
    log: &mut Log<'_>,
) -> HashMap<RosterPart, String> {
    let mut forms: Known<KnownForm> = Known::default();
    let mut sheets = Once::default();
    let mut orders: HashMap<u32, At> = HashMap::new();
    for file in &written.forms {
        let Some(form) = &file.form else {
            forms.spoil(&file.stem);
            continue;
        };
        let shape = form.head.as_ref().map(|head| head.shape.value);
        let checked = fields::check(&form.fields, shape, pool, log);
        let Some(head) = &form.head else {
            forms.spoil(&file.stem);
            continue;
        };
        if head.id.value != file.stem {
            let message = format!(
                "表的代号“{}”与文件名“{}.toml”不一致。",
                head.id.value, file.stem
            );
            log.add(Code::PackName, head.id.at, message);
            forms.spoil(&file.stem);
        }
        sheets.note(log, &text::bare(&head.sheet), &head.sheet, "表名");
        if let Some(first) = orders.insert(head.order.value, head.order.at) {
            let place = log.place(first);
            let message = format!("顺序号{}与另一张表重复（{place}）。", head.order.value);
            log.add(Code::PackDuplicateId, head.order.at, message)
                .finding
                .related
                .push(place);
        }
        let entry = KnownForm {
            form: self::head(head, checked, pool, log),
            broken: form.fields.broken.clone(),
            is_open: form.fields.is_broken && form.fields.broken.is_empty(),
        };
        links(head, file, &entry, pool, log);
        shape::form(head, &entry, pool, log);
        forms.add(log, &head.id, "表", Some(entry));
    }
    if written.forms.is_empty() {
        forms = Known::of(None::<&crate::policy::read::Many<()>>);
    }
    pool.forms = forms;
    shape::pack(pool, log)
}

/// Checks the head of a form and builds the form.
fn head(
    head: &FormHead,
    fields: indexmap::IndexMap<String, Field>,
    pool: &Pool,
    log: &mut Log<'_>,
) -> Form {
    text::id(log, &head.id, "表的");
    text::sheet(log, &head.sheet);
    text::line(log, &head.title, "表的标题");
    text::line(log, &head.guide, "填表说明");
    if head.clauses.is_empty() {
        let message = "每张表至少要引用一条条款。";
        log.add(Code::PackShape, head.clauses.at, message);
    }
    let mut kinds = Vec::new();
    let mut once = Once::default();
    for kind in head.kinds.iter().flat_map(|kinds| &kinds.value) {
        pool.kinds.find(log, kind, "单位类型");
        if once.note(log, kind, kind, "单位类型") {
            kinds.push(kind.value.clone());
        }
    }
    match (&head.roster, &head.kinds) {
        (None, kinds) if kinds.as_ref().is_none_or(|kinds| kinds.is_empty()) => {
            let at = kinds.as_ref().map_or(head.id.at, |kinds| kinds.at);
            let message = "这里要用 kinds 写明由哪些类型的单位填报（名册表则写 roster）。";
            log.add(Code::PackShape, at, message);
        }
        (Some(_), Some(kinds)) if !kinds.is_empty() => {
            let message = "名册表由本办填写，不能再写 kinds。";
            log.add(Code::PackMismatch, kinds.at, message);
        }
        _ => {}
    }
    let spare_rows = head.spare_rows.as_ref().map_or(SPARE_ROWS, |rows| {
        if rows.value > MOST_SPARE_ROWS {
            let message = format!("空行最多{MOST_SPARE_ROWS}行。");
            log.add(Code::PackValue, rows.at, message);
        }
        rows.value
    });
    Form {
        id: head.id.value.clone(),
        order: head.order.value,
        sheet: head.sheet.value.clone(),
        title: head.title.value.clone(),
        clauses: pool.cite_all(log, &head.clauses.value),
        kinds,
        roster: head.roster.as_ref().map(|part| part.value),
        shape: head.shape.value,
        prefill: head.prefill.value,
        spare_rows,
        credit: match &head.credit {
            Some(field) => Credit::Donor(field.value.clone()),
            None => Credit::Reporter,
        },
        complete: head
            .complete
            .iter()
            .flat_map(|fields| &fields.value)
            .map(|field| field.value.clone())
            .collect(),
        guide: head.guide.value.clone(),
        fields,
    }
}

/// Checks what one part of a form says of another.
fn links(head: &FormHead, file: &WrittenForm, entry: &KnownForm, pool: &Pool, log: &mut Log<'_>) {
    for id in head.complete.iter().flat_map(|fields| &fields.value) {
        entry.field(log, id);
    }
    if let Some(credit) = &head.credit
        && let Some(field) = entry.field(log, credit)
        && field.kind != Kind::Member
    {
        let message = format!("credit 要写人员栏（member），“{}”不是。", field.header);
        log.add(Code::PackMismatch, credit.at, message);
    }
    for field in file.form.iter().flat_map(|form| &form.fields.items) {
        let Some(condition) = &field.required_if else {
            continue;
        };
        if let Some(other) = entry.field(log, &condition.field) {
            super::conditions::constant(log, other, &condition.is, pool);
        }
        if condition.field.value == field.id.value {
            let message = "必填的条件要看另外一栏，不能看自己。";
            log.add(Code::PackMismatch, condition.field.at, message);
        }
    }
}
