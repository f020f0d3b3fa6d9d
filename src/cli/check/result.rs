//! What came of each file that was checked: whose it is, what was read, and
//! what is wrong with it.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use rust_decimal::Decimal;

use crate::diagnostic::{Checked, Finding, Severity, by_file};
use crate::intake::{State, Submission};
use crate::ledger::LedgerEntry;
use crate::policy::{Policy, Shape};
use crate::reconcile::{Class, Outcome, Reconciled, detail};
use crate::roster::{Roster, Unit};
use crate::value::Value;

/// All files that were checked.
pub(super) struct Checkup {
    /// Each file.
    pub files: Vec<FileResult>,
    /// Findings on nothing that is a file of its own.
    pub others: Vec<Finding>,
    /// Lock files, hidden and temporary files, which were not looked at.
    pub skipped: usize,
}

/// One file.
pub(super) struct FileResult {
    /// Its name.
    pub name: String,
    /// Whose it is, if that is known.
    pub unit: Option<Unit>,
    /// Name of the kind of that unit.
    pub kind: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// The tables in which there is something.
    pub forms: Vec<FormResult>,
    /// The totals that the cover declares, against the detail.
    pub totals: Vec<Total>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One table of a file.
pub(super) struct FormResult {
    /// Form id.
    pub form: String,
    /// Its name.
    pub sheet: String,
    /// Rows by what became of them.
    pub rows: IndexMap<Class, usize>,
    /// Prefilled rows that were left alone.
    pub untouched: usize,
    /// What its amounts come to, in 元, if it has any.
    pub amount: Option<Decimal>,
}

/// A total of the detail beside the one on the cover.
pub(super) struct Total {
    /// Field on the cover.
    pub field: String,
    /// Its header.
    pub header: String,
    /// What the detail comes to.
    pub detail: Decimal,
    /// What the cover says.
    pub declared: Option<Decimal>,
}

impl Checkup {
    /// Adds files that were read together.
    pub fn add(&mut self, read: Checked<Reconciled>, policy: &Policy, roster: &Roster) {
        let Checked { value, findings } = read;
        let names: HashSet<&str> = value
            .ledger()
            .files
            .iter()
            .map(|f| f.name.as_str())
            .collect();
        let of_none = |finding: &&Finding| {
            let file = finding.place.file.as_deref();
            !file.is_some_and(|file| names.contains(&file))
        };
        self.others.extend(findings.iter().filter(of_none).cloned());
        let by_file = by_file(&findings);
        let mut entries: HashMap<usize, Vec<OfEntry<'_>>> = HashMap::new();
        for of in value.entries() {
            entries.entry(of.0.file).or_default().push(of);
        }
        let files = value.ledger().files.iter().zip(value.outcomes());
        for (index, (file, (outcome, reason))) in files.enumerate() {
            let mut result = FileResult {
                name: file.name.clone(),
                unit: None,
                kind: String::new(),
                outcome: *outcome,
                reason: reason.clone(),
                forms: Vec::new(),
                totals: Vec::new(),
                findings: Vec::new(),
            };
            let own = by_file.get(&Some(file.name.as_str()));
            let own = own.into_iter().flatten().copied();
            result.findings.extend(own.cloned());
            let code = match &file.state {
                State::Read(submission) => Some(&submission.unit),
                State::Outlined(outline) => Some(&outline.age.unit),
                State::SetAside { unit, .. } | State::Late { unit, .. } => unit.as_ref(),
                State::Unreadable(_) => None,
            };
            if let Some(unit) = code.and_then(|code| roster.unit(code)) {
                let kind = policy.unit_kinds.get(&unit.kind);
                result.kind = kind.map(|kind| kind.name.clone()).unwrap_or_default();
                result.unit = Some(unit.clone());
            }
            if let State::Read(submission) = &file.state {
                sort(&mut result.findings, submission, policy);
                let own = entries.get(&index).map_or(&[][..], Vec::as_slice);
                result.forms = forms(own, submission, policy);
                result.totals = policy
                    .reconcile
                    .declared
                    .iter()
                    .filter_map(|rule| {
                        let header = policy.cover()?.fields.get(&rule.field)?.header.clone();
                        let declared = submission.cover.get(&rule.field);
                        Some(Total {
                            field: rule.field.clone(),
                            header,
                            detail: detail(submission, rule),
                            declared: declared.and_then(Value::number),
                        })
                    })
                    .collect();
            }
            self.files.push(result);
        }
    }

    /// How many findings of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        let others = self.others.iter().filter(|f| f.severity() == severity);
        let of_files = self.files.iter().map(|file| file.count(severity));
        of_files.sum::<usize>() + others.count()
    }
}

impl FileResult {
    /// How many findings of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        let own = self.findings.iter().filter(|f| f.severity() == severity);
        own.count()
    }
}

/// Findings in the order of the forms in the pack, which is that of the sheets
/// as they were issued; those on the whole file come first.
fn sort(findings: &mut [Finding], submission: &Submission, policy: &Policy) {
    let sheets: Vec<&str> = policy
        .forms
        .keys()
        .filter_map(|form| Some(submission.placed.get(form)?.sheet.as_str()))
        .collect();
    findings.sort_by_key(|finding| {
        finding.place.sheet.as_deref().map(|sheet| {
            let known = sheets.iter().position(|other| *other == sheet);
            known.unwrap_or(usize::MAX)
        })
    });
}

/// An entry with its class and the reason for it.
type OfEntry<'a> = (&'a LedgerEntry, Class, &'a str);

/// The tables of a file, in the order of the pack.
fn forms(entries: &[OfEntry<'_>], submission: &Submission, policy: &Policy) -> Vec<FormResult> {
    let tables = policy
        .intake_forms()
        .filter(|form| form.shape == Shape::Table);
    let mut results = Vec::new();
    for form in tables {
        let own = entries.iter().filter(|(entry, ..)| entry.form == form.id);
        let own: Vec<&OfEntry<'_>> = own.collect();
        let untouched = submission.untouched.iter();
        let untouched = untouched.filter(|entry| entry.form == form.id).count();
        if own.is_empty() && untouched == 0 {
            continue;
        }
        let mut rows = IndexMap::new();
        for class in Class::ALL {
            rows.insert(class, own.iter().filter(|(_, of, _)| *of == class).count());
        }
        let has_money = form.money_fields().next().is_some();
        let amounts = own.iter().filter_map(|(entry, ..)| entry.amount(form));
        results.push(FormResult {
            form: form.id.clone(),
            sheet: form.sheet.clone(),
            rows,
            untouched,
            amount: has_money.then(|| amounts.sum()),
        });
    }
    results
}
