//! The result for programs as it is written: whole, or as the record by which
//! runs are compared. Entries are written one by one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::json::Source;
use super::parts::{Parts, decimal};
use crate::assess::{Format, entry_numbers};
use crate::fingerprint::sha256_hex;
use crate::ledger::LedgerEntry;
use crate::policy::Form;
use crate::reconcile::Class;

/// The whole result.
pub struct Document<'a> {
    /// All but the entries and the place of the workbook.
    pub(super) head: Parts<'a>,
    /// Where the workbook was written.
    pub(super) workbook: String,
    /// All entries, each with what became of it.
    pub(super) entries: Vec<EntryOf<'a>>,
}

/// An entry and what became of it.
pub(super) struct EntryOf<'a> {
    number: String,
    form: Option<&'a Form>,
    entry: &'a LedgerEntry,
    file: Option<&'a str>,
    class: Class,
    why: &'a str,
}

/// Signs of an entry's fingerprint in a record.
const SIGNS: usize = 24;

impl Document<'_> {
    /// The same, with where the workbook was written.
    pub fn at(mut self, workbook: &Path) -> Self {
        self.workbook = workbook.to_string_lossy().into_owned();
        self
    }

    /// The record of the run. Where the workspace lies is no part of it, and of an
    /// entry's values only whether they are the same.
    ///
    /// # Errors
    /// None that the contents could give.
    pub fn record(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&Recorded(self))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn write<S: Serializer, E: Serialize>(
        &self,
        to: S,
        workbook: &str,
        entries: impl Iterator<Item = E> + Clone,
    ) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (key, value) in self.head.iter() {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry("workbook", workbook)?;
        map.serialize_entry("entries", &Listed(entries))?;
        map.end()
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let entries = self.entries.iter().map(|of| Written { of, whole: true });
        self.write(to, &self.workbook, entries)
    }
}

/// A document as the record of its run.
struct Recorded<'d>(&'d Document<'d>);

impl Serialize for Recorded<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let name = Path::new(&self.0.workbook).file_name().unwrap_or_default();
        let entries = self.0.entries.iter();
        let entries = entries.map(|of| Written { of, whole: false });
        self.0.write(to, &name.to_string_lossy(), entries)
    }
}

/// A list that is made while it is written.
struct Listed<I>(I);

impl<E: Serialize, I: Iterator<Item = E> + Clone> Serialize for Listed<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.clone())
    }
}

/// An entry as it is written.
struct Written<'e> {
    of: &'e EntryOf<'e>,
    whole: bool,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let EntryOf { form, entry, .. } = self.of;
        let money = |amount| decimal(amount, Format::Money);
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("entry", &self.of.number)?;
        map.serialize_entry("form", &entry.form)?;
        map.serialize_entry("title", &form.map(|form| &form.sheet))?;
        map.serialize_entry("reporter", &entry.reporter)?;
        map.serialize_entry("credited", &entry.credited)?;
        map.serialize_entry("member", &entry.member)?;
        map.serialize_entry("file", &self.of.file)?;
        map.serialize_entry("sheet", &entry.sheet)?;
        map.serialize_entry("row", &(entry.row + 1))?;
        map.serialize_entry("class", self.of.class.key())?;
        map.serialize_entry("reason", self.of.why)?;
        let amount = form.and_then(|form| entry.amount(form));
        map.serialize_entry("amount", &amount.map(money))?;
        map.serialize_entry("reported", &entry.reported.map(money))?;
        let values = entry.values.iter();
        if self.whole {
            let values: BTreeMap<_, _> =
                values.map(|(id, value)| (id, value.to_string())).collect();
            map.serialize_entry("values", &values)?;
        } else {
            let mut text = String::new();
            for (id, value) in values {
                // Writing into a text does not fail.
                let _ = writeln!(text, "{id}={value}");
            }
            let mut sum = sha256_hex(text.as_bytes());
            sum.truncate(SIGNS);
            map.serialize_entry("values", &sum)?;
        }
        map.end()
    }
}

/// All entries, each with what became of it.
pub(super) fn entries<'a>(source: &Source<'a>) -> Vec<EntryOf<'a>> {
    let numbers = entry_numbers(source.reconciled, source.policy);
    let files = &source.reconciled.ledger().files;
    let entries = source.reconciled.entries().zip(numbers);
    entries
        .map(|((entry, class, why), number)| EntryOf {
            number,
            form: source.policy.forms.get(entry.form.as_str()),
            entry,
            file: files.get(entry.file).map(|file| file.name.as_str()),
            class,
            why,
        })
        .collect()
}
