//! The ledger: every entry of every returned file, normalised, with the unit
//! to which it is credited and with its source.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Checked, Code, Finding, Place};
use crate::form::{RawCell, RawRow, Values, shown};
use crate::intake::{Line, Outline, Returned, State, Submission};
use crate::policy::{Credit, Form, Kind, Policy, Prefill};
use crate::roster::{Roster, Village, with_township};
use crate::sheet::Cell;
use crate::value::{Value, squeezed};

/// Before the number of a donor whom the roster does not know.
pub const OUTSIDE: &str = "JZ-";

/// An entry with its source. It does not say yet whether it counts: that is
/// for reconciliation.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// Form id.
    pub form: EcoString,
    /// Index of the file among the returned files.
    pub file: usize,
    /// Sheet on which it stands.
    pub sheet: EcoString,
    /// Row on that sheet, from 0.
    pub row: u32,
    /// As found.
    pub raw: Arc<RawRow>,
    /// Values by field id.
    pub values: Arc<Values>,
    /// Code of the unit that reported it.
    pub reporter: EcoString,
    /// Code of the unit to which it is credited.
    pub credited: EcoString,
    /// Code of the person that it is about or from, if the roster has one.
    pub member: Option<EcoString>,
    /// Code of the village, if one is named.
    pub village: Option<EcoString>,
    /// Who gave, as a key: code of a person or unit, or a running key for
    /// others. Only where the form tells of gifts.
    pub donor: Option<Box<Donor>>,
    /// The values as they were reported, where it counts with others by a ruling.
    pub reported: Option<Arc<Values>>,
    /// Why it cannot be counted, if intake found it unusable.
    pub rejected: Option<EcoString>,
}

/// Who gave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Donor {
    /// Code of a person or unit of the roster, or `JZ-0001` and so on,
    /// which no code of the roster can be.
    pub key: EcoString,
    /// Name.
    pub name: EcoString,
}

/// All entries by form, then by the unit to which they are credited, so that a
/// unit's entries stand together, then by who reported them, files and rows.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// What became of each file.
    pub files: Vec<Returned>,
    /// The entries.
    pub entries: Vec<LedgerEntry>,
    /// Names of donors whom the roster does not know, in the order of their keys.
    outside: Vec<String>,
}

impl Ledger {
    /// Returns whose entries are put away, each with the number of its file.
    pub fn outlined(&self) -> impl Iterator<Item = (usize, &Outline)> {
        let files = self.files.iter().enumerate();
        files.filter_map(|(at, file)| match &file.state {
            State::Outlined(outline) => Some((at, outline.as_ref())),
            _ => None,
        })
    }

    /// The lines of a form in returns whose entries are put away.
    pub fn lines<'a>(&'a self, form: &'a Form) -> impl Iterator<Item = &'a Line> {
        let lines = self.outlined().flat_map(|(_, outline)| &outline.lines);
        lines.filter(|line| line.form == form.id)
    }

    /// The entries of a return that was put away, as they would stand here.
    pub fn entries_of(
        &self,
        submission: &Submission,
        file: usize,
        policy: &Policy,
        roster: &Roster,
    ) -> Vec<LedgerEntry> {
        // What is wrong in it is nobody's concern any more.
        let mut findings = Vec::new();
        let mut made = entries(submission, file, policy, roster, &self.files, &mut findings);
        key_outside_donors(&mut made, &self.outside);
        made
    }
}

impl LedgerEntry {
    /// Where it stands.
    pub fn place(&self, files: &[Returned]) -> Place {
        let name = files.get(self.file).map_or("", |file| file.name.as_str());
        let cell = self.raw.cells.values().map(RawCell::cell).min();
        let mut place = Place::file(name).on(&self.sheet);
        place.cell = cell.or(Some(Cell::new(self.row, 0)));
        place
    }

    /// The amount in the form's first money field, in 元, if it was readable.
    pub fn amount(&self, form: &Form) -> Option<Decimal> {
        amount(&self.values, form)
    }

    /// The same as it was reported.
    pub fn reported_amount(&self, form: &Form) -> Option<Decimal> {
        amount(self.reported.as_ref().unwrap_or(&self.values), form)
    }

    /// What was reported in the fields in which something else counts.
    pub fn replaced(&self) -> impl Iterator<Item = &Value> {
        let reported = self.reported.iter().flat_map(|values| values.iter());
        let differs = |(id, was): &(&str, &Value)| self.values.get(id) != Some(*was);
        reported.filter(differs).map(|(_, was)| was)
    }

    /// What all its amounts come to, in 元.
    pub fn money(&self, form: &Form) -> Decimal {
        let amounts = form
            .money_fields()
            .filter_map(|field| self.values.get(&field.id));
        amounts.filter_map(Value::number).sum()
    }
}

/// The amount in a form's first money field.
fn amount(values: &Values, form: &Form) -> Option<Decimal> {
    let field = form.money_fields().next()?;
    values.get(&field.id)?.number()
}

/// Makes the ledger of what was read.
pub fn ledger(files: Vec<Returned>, policy: &Policy, roster: &Roster) -> Checked<Ledger> {
    let count = files.iter().map(|file| match &file.state {
        State::Read(submission) => submission.entries.len(),
        _ => 0,
    });
    let mut all = Vec::with_capacity(count.sum());
    let mut findings = Vec::new();
    for (file, returned) in files.iter().enumerate() {
        if let State::Read(submission) = &returned.state {
            let own = entries(submission, file, policy, roster, &files, &mut findings);
            all.extend(own);
        }
    }
    all.sort_by_cached_key(|entry: &LedgerEntry| {
        (
            policy.forms.get_index_of(entry.form.as_str()),
            roster.unit_order(&entry.credited),
            roster.unit_order(&entry.reporter),
            entry.file,
            entry.row,
        )
    });
    let outside = outside_donors(&all);
    key_outside_donors(&mut all, &outside);
    Checked {
        value: Ledger {
            files,
            entries: all,
            outside,
        },
        findings,
    }
}

/// The entries of a return, in its order. Donors whom the roster does not know
/// have no key yet.
fn entries(
    submission: &Submission,
    file: usize,
    policy: &Policy,
    roster: &Roster,
    files: &[Returned],
    findings: &mut Vec<Finding>,
) -> Vec<LedgerEntry> {
    let unit = EcoString::from(&submission.unit);
    let mut made = Vec::with_capacity(submission.entries.len());
    for entry in &submission.entries {
        let Some(form) = policy.forms.get(entry.form.as_str()) else {
            continue;
        };
        let mut one = LedgerEntry {
            form: entry.form.clone(),
            file,
            sheet: entry.sheet.clone(),
            row: entry.row.raw.row,
            raw: entry.row.raw.clone(),
            values: entry.row.values.clone(),
            reporter: unit.clone(),
            credited: unit.clone(),
            member: None,
            village: None,
            donor: None,
            reported: None,
            rejected: entry.row.rejected.clone(),
        };
        attribute(&mut one, form, policy, roster, files, findings);
        made.push(one);
    }
    made
}

/// Member, village, and the unit to which the entry is credited.
fn attribute(
    entry: &mut LedgerEntry,
    form: &Form,
    policy: &Policy,
    roster: &Roster,
    files: &[Returned],
    findings: &mut Vec<Finding>,
) {
    let named = |kind: &Kind| {
        let field = form.field_of_kind(kind)?;
        entry.values.get(&field.id)?.text()
    };
    let village = named(&Kind::Village).and_then(|name| roster.village_named(name));
    if let Some(village) = village {
        findings.extend(village_elsewhere(entry, village, form, roster, files));
    }
    let gift = policy
        .reconcile
        .gifts
        .iter()
        .find(|gift| gift.form == form.id);
    let giver = match &form.credit {
        Credit::Donor(field) => Some(field),
        Credit::Reporter => gift.map(|gift| &gift.giver),
    };
    let person_field = match giver {
        Some(field) => form.fields.get(field),
        None => form.field_of_kind(&Kind::Member),
    };
    let person = person_field.and_then(|field| entry.values.get(&field.id));
    let person_name = person.and_then(Value::text).map(EcoString::from);
    let member = person_name
        .as_deref()
        .and_then(|name| roster.member_named(name, &entry.reporter))
        .filter(|member| {
            member.unit == entry.reporter.as_str() || !is_said_to_be_outside(entry, form, policy)
        });
    entry.village = village.map(|v| EcoString::from(&v.code));
    entry.member = member.map(|m| EcoString::from(&m.code));
    let (Some(_), Some(name)) = (giver, person_name) else {
        return;
    };
    let unit = roster.unit_named(&name);
    let (key, credited) = match (member, unit) {
        (Some(member), _) => (EcoString::from(&member.code), Some(&member.unit)),
        (None, Some(unit)) => (EcoString::from(&unit.code), Some(&unit.code)),
        (None, None) => {
            if roster.is_ambiguous(&name) {
                let mut place = entry.place(files);
                place.header = person_field.map(|field| field.header.clone());
                let finding = Finding::new(Code::SameName, place, Code::SameName.title());
                findings.push(finding.typed(&name));
            }
            (EcoString::new(), None)
        }
    };
    if let (Credit::Donor(_), Some(credited)) = (&form.credit, credited) {
        entry.credited = EcoString::from(credited);
    }
    entry.donor = Some(Box::new(Donor { key, name }));
}

/// Whether a giver is said to be of a sort that is not on the roster. That he bears the
/// name of another unit's member does not make him that person: the office is asked
/// (`reconcile/givers.rs`). A unit knows its own.
fn is_said_to_be_outside(entry: &LedgerEntry, form: &Form, policy: &Policy) -> bool {
    let (Credit::Donor(_), Some((field, choice))) = (&form.credit, policy.category(form)) else {
        return false;
    };
    let kind = entry.values.get(&field.id).and_then(Value::text);
    kind.is_some_and(|kind| !choice.on_roster.iter().any(|own| own == kind))
}

/// A township's return that names a village of another township without saying
/// which: it may well have one of that name itself.
fn village_elsewhere(
    entry: &LedgerEntry,
    village: &Village,
    form: &Form,
    roster: &Roster,
    files: &[Returned],
) -> Option<Finding> {
    let unit = roster.unit(&entry.reporter)?;
    let town = roster.township_of(unit)?;
    // Where villages are listed, what is another's is set aside, and said.
    if form.prefill == Prefill::Villages || roster.is_at_home(village, unit) {
        return None;
    }
    let field = form.field_of_kind(&Kind::Village)?;
    let cell = entry.raw.cells.get(&field.id)?;
    let found = cell.found();
    let typed = shown(found);
    let theirs = squeezed(&village.township);
    if theirs.is_empty() || squeezed(&typed).contains(&*theirs) {
        return None;
    }
    let name = entry.values.get(&field.id)?;
    let taken = format!("{}的{}", village.township, name);
    let message = format!("“{typed}”按{taken}计，名册上没有{town}的“{typed}”");
    let mut place = entry.place(files);
    place.cell = Some(cell.cell());
    place.header = Some(field.header.clone());
    let finding = Finding::new(Code::VillageElsewhere, place, message);
    let own = with_township(&typed, town);
    let other = with_township(&typed, &village.township);
    Some(finding.typed(&typed).taken(&taken).mend(format!(
        "是{}的，写“{other}”；是{town}的，写“{own}”，并请县政协办把它补进名册。",
        village.township
    )))
}

/// The names of donors whom the roster does not know, sorted.
fn outside_donors(entries: &[LedgerEntry]) -> Vec<String> {
    let outside = entries.iter().filter_map(|entry| entry.donor.as_ref());
    let outside = outside.filter(|donor| donor.key.is_empty());
    let names: BTreeSet<String> = outside
        .map(|donor| squeezed(&donor.name))
        .collect::<FxHashSet<_>>()
        .into_iter()
        .map(Cow::into_owned)
        .collect();
    names.into_iter().collect()
}

/// Donors whom the roster does not know get running keys by name, so that the
/// same name has the same key whichever unit reported it. A name that is not
/// among those has none.
fn key_outside_donors(entries: &mut [LedgerEntry], names: &[String]) {
    let numbers = names.iter().zip(1..);
    let keys: FxHashMap<&str, EcoString> = numbers
        .map(|(name, number)| (name.as_str(), eco_format!("{OUTSIDE}{number:04}")))
        .collect();
    for donor in entries.iter_mut().filter_map(|e| e.donor.as_mut()) {
        if donor.key.is_empty()
            && let Some(key) = keys.get(&*squeezed(&donor.name))
        {
            donor.key.clone_from(key);
        }
    }
}
