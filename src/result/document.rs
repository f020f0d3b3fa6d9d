//! The result for programs as it is written: whole, or as the record by which
//! runs are compared. Entries are written one by one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::Path;

use ecow::EcoString;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Source;
use super::rows::{Parts, decimal};
use crate::assess::entry_numbers;
use crate::book::Format;
use crate::fingerprint::sha256_hex;
use crate::ledger::LedgerEntry;
use crate::policy::Form;
use crate::reconcile::Class;
use crate::ruling::{Belongs, KnownRulings};

/// The whole result.
pub struct Document<'a> {
    /// All but the entries and the place of the workbook.
    pub(super) head: Parts<'a>,
    /// Where the workbook was written.
    pub(super) workbook: String,
    /// What it is made of.
    pub(super) source: Source<'a>,
}

/// An entry and what became of it.
struct EntryOf<'a> {
    number: String,
    form: Option<&'a Form>,
    entry: &'a LedgerEntry,
    file: Option<&'a str>,
    class: Class,
    why: &'a str,
    /// The matters by whose rulings it is in its class or has its amount.
    ruled_by: &'a [EcoString],
}

/// What a record says first: how many rulings the run knew.
pub const RULINGS: &str = "rulings";

/// Signs of an entry's fingerprint in a record.
const SIGNS: usize = 24;

impl Document<'_> {
    /// The same, with where the workbook was written.
    pub fn at(mut self, workbook: &Path) -> Self {
        self.workbook = workbook.to_string_lossy().into_owned();
        self
    }

    /// Writes the record of the run. Where the workspace and the workbook lie is no part
    /// of it, and of an entry's values only whether they are the same.
    ///
    /// # Errors
    /// When it cannot be written; none that the contents could give.
    pub fn record(&self, to: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer(&mut *to, &Recorded(self))?;
        to.write_all(b"\n")
    }

    fn write<S: Serializer>(&self, to: S, whole: bool) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if !whole {
            // First, so that the next run need not read more.
            let known = KnownRulings {
                count: self.source.reconciled.rulings().count(),
                of: Belongs::of(self.source.policy),
            };
            map.serialize_entry(RULINGS, &known)?;
        }
        for (key, value) in self.head.iter() {
            map.serialize_entry(key, value)?;
        }
        if whole {
            map.serialize_entry("workbook", &self.workbook)?;
        }
        let entries = Entries {
            source: &self.source,
            whole,
        };
        map.serialize_entry("entries", &entries)?;
        map.end()
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.write(to, true)
    }
}

/// A document as the record of its run.
struct Recorded<'d, 'a>(&'d Document<'a>);

impl Serialize for Recorded<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to, false)
    }
}

/// All entries, which are made while they are written.
struct Entries<'d, 'a> {
    source: &'d Source<'a>,
    whole: bool,
}

impl Serialize for Entries<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let whole = self.whole;
        to.collect_seq(entries(self.source).map(|of| Written { of, whole }))
    }
}

/// An entry as it is written.
struct Written<'e> {
    of: EntryOf<'e>,
    whole: bool,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let EntryOf { form, entry, .. } = &self.of;
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
        map.serialize_entry("ruled_by", self.of.ruled_by)?;
        let amount = form.and_then(|form| entry.amount(form));
        map.serialize_entry("amount", &amount.map(money))?;
        let reported = form.and_then(|form| entry.reported_amount(form));
        let reported = reported.filter(|reported| Some(*reported) != amount);
        map.serialize_entry("reported", &reported.map(money))?;
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
fn entries<'a>(source: &Source<'a>) -> impl Iterator<Item = EntryOf<'a>> {
    let numbers = entry_numbers(source.reconciled, source.policy);
    let files = &source.reconciled.ledger().files;
    let policy = source.policy;
    let entries = source.reconciled.entries().zip(numbers);
    let entries = entries.enumerate();
    entries.map(|(at, ((entry, class, why), number))| EntryOf {
        number,
        form: policy.forms.get(entry.form.as_str()),
        entry,
        file: files.get(entry.file).map(|file| file.name.as_str()),
        class,
        why,
        ruled_by: source.reconciled.ruled_by(at),
    })
}
