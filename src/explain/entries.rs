//! Rows of the tables as entries of the ledger, and entries as cells of the
//! returned files.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::assess::{entry_cells, entry_numbers};
use crate::flow::Assessment;
use crate::form::shown;
use crate::policy::{Measure, Policy, Test};
use crate::reconcile::Class;
use crate::roster::Roster;

/// An entry, with the cells that matter.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedEntry {
    /// Number in the sheets of entries, for example `MX5-0001`.
    pub number: String,
    /// Name of its form's sheet.
    pub form: String,
    /// What became of it.
    pub class: String,
    /// Why, where that is said.
    pub reason: String,
    /// The cells that matter for the figure, the one that names it first.
    pub cells: Vec<Leaf>,
}

/// A cell of a returned file.
#[derive(Debug, Clone, Serialize)]
pub struct Leaf {
    /// Id of the field.
    pub field: String,
    /// File.
    pub file: String,
    /// Sheet.
    pub sheet: String,
    /// Cell, for example `F12`.
    pub cell: String,
    /// Header.
    pub header: String,
    /// What stands there.
    pub typed: String,
    /// What it counts as.
    pub value: String,
}

/// The entries of an assessment, by the rows of its tables.
pub(super) struct Entries<'a> {
    assessment: &'a Assessment,
    policy: &'a Policy,
    roster: &'a Roster,
    numbers: Vec<String>,
    rows: HashMap<(usize, usize), usize>,
}

impl<'a> Entries<'a> {
    pub fn new(assessment: &'a Assessment, policy: &'a Policy, roster: &'a Roster) -> Self {
        let cells = entry_cells(&assessment.book, &assessment.reconciled);
        let cells = cells.into_iter().enumerate();
        let rows = cells.filter_map(|(at, cell)| {
            let cell = cell?;
            Some(((cell.table, cell.row), at))
        });
        Entries {
            assessment,
            policy,
            roster,
            numbers: entry_numbers(&assessment.reconciled, policy).collect(),
            rows: rows.collect(),
        }
    }

    /// The entry that stands in a row of a table, as an index into the ledger.
    pub fn of_row(&self, table: usize, row: usize) -> Option<usize> {
        self.rows.get(&(table, row)).copied()
    }

    /// The entries of some forms that a unit reports or is credited with.
    pub fn of_unit(&self, unit: &str, forms: &[&str]) -> impl Iterator<Item = usize> {
        let entries = self.assessment.reconciled.ledger().entries.iter();
        entries
            .enumerate()
            .filter(move |(_, entry)| {
                forms.contains(&entry.form.as_str())
                    && (entry.credited == unit || entry.reporter == unit)
            })
            .map(|(at, _)| at)
    }

    /// The fields that decide a metric: those it sums and those it asks about.
    pub fn fields(&self, metric: &str) -> BTreeSet<String> {
        let tested = |tests: &[crate::policy::Condition], form: &str| {
            let mut fields: BTreeSet<String> = BTreeSet::new();
            for condition in tests {
                match &condition.test {
                    Test::Complete => {
                        let form = self.policy.forms.get(form);
                        fields.extend(form.into_iter().flat_map(|f| f.complete.clone()));
                    }
                    Test::Is { field, .. } | Test::Number { field, .. } => {
                        fields.insert(field.clone());
                    }
                }
            }
            fields
        };
        match self.policy.metrics.get(metric).map(|m| &m.measure) {
            Some(Measure::Count { form, conditions }) => tested(conditions, form),
            Some(Measure::Sum {
                form,
                field,
                conditions,
            }) => {
                let mut fields = tested(conditions, form);
                fields.insert(field.clone());
                fields
            }
            Some(Measure::Total(parts)) => {
                parts.iter().flat_map(|part| self.fields(part)).collect()
            }
            Some(Measure::Members(Some((of, _)))) => self.fields(of),
            Some(Measure::Ratio(part, whole)) => {
                let mut fields = self.fields(part);
                fields.extend(self.fields(whole));
                fields
            }
            Some(Measure::Members(None)) | None => BTreeSet::new(),
        }
    }

    /// An entry with the cells of some fields. `goes_in` says whether it is
    /// counted in the figure that is explained.
    pub fn entry(
        &self,
        at: usize,
        fields: &BTreeSet<String>,
        goes_in: bool,
    ) -> Option<ExplainedEntry> {
        let (entry, class, why) = self.assessment.reconciled.entry(at)?;
        let form = self.policy.forms.get(entry.form.as_str())?;
        let file = self.assessment.reconciled.ledger().files.get(entry.file)?;
        let naming = form.fields.keys().next();
        let cells = form
            .fields
            .values()
            .filter(|field| fields.contains(&field.id) || Some(&field.id) == naming)
            .filter_map(|field| {
                let raw = entry.raw.cells.get(&field.id)?;
                let value = entry.values.get(&field.id);
                Some(Leaf {
                    field: field.id.clone(),
                    file: file.name.clone(),
                    sheet: entry.sheet.to_string(),
                    cell: raw.cell().name(),
                    header: field.header.clone(),
                    typed: shown(raw.found()),
                    value: value.map(ToString::to_string).unwrap_or_default(),
                })
            })
            .collect();
        let reason = match (goes_in, class) {
            (false, Class::Counted) if entry.credited != entry.reporter => {
                let credited = self.roster.unit(&entry.credited);
                format!(
                    "归{}",
                    credited.map_or(entry.credited.as_str(), |u| &u.name)
                )
            }
            (false, Class::Counted) if why.is_empty() => "不符合本项条件".to_owned(),
            _ => why.to_owned(),
        };
        Some(ExplainedEntry {
            number: self.numbers.get(at).cloned().unwrap_or_default(),
            form: form.sheet.clone(),
            class: class.word().to_owned(),
            reason,
            cells,
        })
    }
}
