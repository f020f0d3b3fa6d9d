//! The result of a check for programs. Amounts are decimal strings.

use serde_json::{Map, Value as Json, json};

use super::basis::Against;
use super::result::{Checkup, FileResult, FormResult};
use crate::diagnostic::{Finding, Severity};
use crate::value::plain_money;

/// Name and version of the form of the result.
const FORMAT: &str = "kaohe-check/1";

/// The whole result.
pub(super) fn render(checkup: &Checkup, basis: &Against) -> Json {
    let pack = &basis.policy.pack;
    let folder = basis
        .workspace
        .as_ref()
        .map(|(_, folder)| folder.to_string_lossy());
    json!({
        "format": FORMAT,
        "program": env!("CARGO_PKG_VERSION"),
        "pack": { "id": pack.id, "version": pack.version, "hash": basis.policy.hash },
        "roster": if folder.is_some() { "workspace" } else { "file" },
        "workspace": folder,
        "roster_findings": basis.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "skipped": checkup.skipped,
        "findings": checkup.others.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "counts": counts(|severity| checkup.count(severity)),
        "files": checkup.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(file: &FileResult) -> Json {
    let unit = file.unit.as_ref();
    let unit = unit.map(|u| json!({ "code": u.code, "name": u.name, "kind": u.kind }));
    let totals = file.totals.iter().map(|total| {
        json!({
            "field": total.field,
            "header": total.header,
            "detail": plain_money(total.detail),
            "declared": total.declared.map(plain_money),
        })
    });
    json!({
        "name": file.name,
        "unit": unit,
        "outcome": file.outcome.key(),
        "reason": file.reason,
        "may_be_sent": file.count(Severity::Error) == 0,
        "forms": file.forms.iter().map(form).collect::<Vec<_>>(),
        "totals": totals.collect::<Vec<_>>(),
        "counts": counts(|severity| file.count(severity)),
        "findings": file.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
    })
}

fn form(form: &FormResult) -> Json {
    let read: usize = form.rows.values().sum();
    let mut rows = Map::new();
    rows.insert("read".to_owned(), json!(read));
    for (class, count) in &form.rows {
        rows.insert(class.key().to_owned(), json!(count));
    }
    json!({
        "form": form.form,
        "sheet": form.sheet,
        "rows": rows,
        "untouched": form.untouched,
        "amount": form.amount.map(plain_money),
    })
}

fn counts(count: impl Fn(Severity) -> usize) -> Json {
    json!({
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "notes": count(Severity::Note),
    })
}
