//! Who stands on the roster and of whom a list that asks for him says nothing:
//! his row was emptied, deleted or left blank, the sheet did not come, or he came
//! onto the roster after the workbooks had gone out. No row is not “did not take
//! part”: it is not known, and where a veto hangs on it the office rules.
//!
//! There is a matter for each member and veto, since each is judged for himself;
//! they stand last, together, and in the roster's order, so that they neither bury
//! the others nor are lost among them.

use std::collections::HashMap;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::answer::{Answer, Unanswered, Uncounted};
use super::class::Class;
use super::context::Context;
use super::matter::{Draft, Matter, SideOf, Standing, Topic, Verdict};
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding, Place};
use crate::form::shown;
use crate::intake::{State, Submission};
use crate::ledger::LedgerEntry;
use crate::policy::{
    CPPCC_MEMBER, Condition, Form, Kind, Measure, Policy, Prefill, Subject, Veto, forms_of,
};
use crate::roster::{Member, Roster, Unit, Village};
use crate::sheet::Cell;
use crate::value::squeeze;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let (policy, roster) = (context.policy, context.roster);
    let lists: Vec<List<'_>> = policy
        .intake_forms()
        .filter_map(|form| List::of(form, reconciled))
        .collect();
    if lists.is_empty() {
        return;
    }
    let vetoes = || {
        policy
            .vetoes
            .iter()
            .filter(|v| v.subject == Subject::Member)
    };
    let mut laid: Vec<(Unanswered, Draft)> = Vec::new();
    let mut findings: Vec<(String, Finding)> = Vec::new();
    let mut counted: Option<OfMembers<'_>> = None;
    let mut uncounted: Vec<Uncounted> = Vec::new();
    let subjects = Subjects::of(roster);
    for unit in roster.units() {
        let Some(returned) = ReturnOfUnit::of(reconciled, unit) else {
            continue;
        };
        for list in lists.iter().filter(|list| list.asks(unit)) {
            for (code, name) in list.subjects(&subjects, roster, unit) {
                // What was ruled not to count is nothing for the unit to mend.
                if list.told.contains_key(code) || list.ruled_out.contains_key(code) {
                    continue;
                }
                if let Some(finding) = returned.silent(list.form, name) {
                    findings.push((code.to_owned(), finding));
                }
            }
        }
        for &member in subjects.members(unit) {
            // The list that leaves it open whether he reaches so much.
            let mut open = |metric: &str, enough: Decimal| {
                let forms = forms_of(policy, metric);
                let mut asking = lists.iter().filter(|list| {
                    list.asks(unit)
                        && list.form.prefill == Prefill::Members
                        && forms.contains(&list.form.id.as_str())
                });
                let open = asking.find(|list| list.is_open(&member.code))?;
                let counted = counted.get_or_insert_with(|| of_members(reconciled));
                let own = counted
                    .get(member.code.as_str())
                    .map_or(&[][..], Vec::as_slice);
                // Whatever else is open, what he did is enough.
                let is_enough = value(policy, metric, own).is_some_and(|v| v >= enough);
                (!is_enough).then_some(open)
            };
            for metric in policy.metrics.values() {
                if let Measure::Members(Some((of, least))) = &metric.measure
                    && let Some(list) = open(of, *least)
                {
                    let rows = list.rows(&member.code);
                    let (place, _) = returned.open(list.form, &member.name, rows);
                    uncounted.push(Uncounted {
                        metric: metric.id.clone(),
                        member: member.code.clone(),
                        place,
                    });
                }
            }
            for veto in vetoes() {
                let Some(open) = open(&veto.metric, veto.less_than) else {
                    continue;
                };
                let one = Unanswered {
                    veto: veto.id.clone(),
                    member: member.code.clone(),
                    matter: String::new(),
                    place: Place::default(),
                    answer: Answer::Open,
                };
                let rows = open.rows(&member.code);
                let subject = (member.code.as_str(), member.name.as_str());
                laid.push((one, returned.draft(veto, open.form, subject, rows)));
            }
        }
    }
    reconciled.uncounted = uncounted;
    let mut ruled: HashMap<String, bool> = HashMap::new();
    for (mut one, draft) in laid {
        let mut places = draft.sides.iter().flat_map(|side| &side.places);
        one.place = places.next().cloned().unwrap_or_default();
        let verdict = context.desk.raise(draft, &mut context.findings);
        one.answer = match verdict {
            Some(Verdict::TookPart) => Answer::TookPart,
            Some(Verdict::TookNoPart) => Answer::TookNoPart,
            _ => Answer::Open,
        };
        let matter = context.desk.last();
        one.matter = matter.map_or_else(String::new, |m: &Matter| m.id.clone());
        let is_ruled = matter.is_some_and(|m| matches!(m.standing, Standing::Ruled(..)));
        *ruled.entry(one.member.clone()).or_insert(true) &= is_ruled;
        reconciled.unanswered.push(one);
    }
    // What has been ruled need not be mended any more.
    let open = findings
        .into_iter()
        .filter(|(code, _)| ruled.get(code) != Some(&true));
    context.findings.extend(open.map(|(_, finding)| finding));
}

/// A row that leaves something open, and one that was ruled out.
type Rows<'a> = (Option<&'a LedgerEntry>, Option<&'a LedgerEntry>);

/// A form on which the office lists those who are to answer.
struct List<'a> {
    form: &'a Form,
    /// Who has a row that may say something, by code; with the row, if it leaves
    /// 是 or 否 open.
    told: HashMap<&'a str, Option<&'a LedgerEntry>>,
    /// Whose row was ruled not to count, by code.
    ruled_out: HashMap<&'a str, &'a LedgerEntry>,
}

impl<'a> List<'a> {
    fn of(form: &'a Form, reconciled: &'a Reconciled) -> Option<List<'a>> {
        if !form.lists_subjects() {
            return None;
        }
        let mut told: HashMap<&str, Option<&LedgerEntry>> = HashMap::new();
        let mut ruled_out: HashMap<&str, &LedgerEntry> = HashMap::new();
        let entries = reconciled.entries().enumerate();
        for (at, (entry, class, _)) in entries.filter(|(_, (e, ..))| e.form == form.id) {
            let subject = match form.prefill {
                Prefill::Members => entry.member.as_deref(),
                _ => entry.village.as_deref(),
            };
            let Some(subject) = subject else {
                continue;
            };
            // What was rejected may say something once it is mended.
            if !matches!(class, Class::Counted | Class::Duplicate | Class::Rejected) {
                if class == Class::SetAside && !reconciled.ruled_by(at).is_empty() {
                    ruled_out.insert(subject, entry);
                }
                continue;
            }
            let leaves_open = class != Class::Rejected && leaves_open(entry, form);
            let row = leaves_open.then_some(entry);
            // One row that says all is enough.
            let of = told.entry(subject).or_insert(row);
            *of = of.and(row);
        }
        Some(List {
            form,
            told,
            ruled_out,
        })
    }

    /// Whether a unit fills in the form.
    fn asks(&self, unit: &Unit) -> bool {
        self.form.kinds.contains(&unit.kind)
    }

    /// Whether somebody has no row, or one that leaves something open.
    fn is_open(&self, code: &str) -> bool {
        !matches!(self.told.get(code), Some(None))
    }

    /// The row of somebody that leaves something open, and the one that was ruled out.
    fn rows(&self, code: &str) -> Rows<'a> {
        let open = self.told.get(code).copied().flatten();
        (open, self.ruled_out.get(code).copied())
    }

    /// Those whom a unit's list asks for: code and name.
    fn subjects<'r>(
        &self,
        subjects: &Subjects<'r>,
        roster: &Roster,
        unit: &Unit,
    ) -> Vec<(&'r str, &'r str)> {
        match self.form.prefill {
            Prefill::Members => subjects
                .members(unit)
                .iter()
                .map(|m| (m.code.as_str(), m.name.as_str()))
                .collect(),
            // A file by itself does not tell which of the villages are the unit's own.
            _ if roster.is_partial() => Vec::new(),
            _ => subjects
                .villages
                .get(unit.code.as_str())
                .into_iter()
                .flatten()
                .map(|v| (v.code.as_str(), v.name.as_str()))
                .collect(),
        }
    }
}

/// Whom the roster lists with each unit, by its code.
#[derive(Default)]
struct Subjects<'r> {
    members: HashMap<&'r str, Vec<&'r Member>>,
    villages: HashMap<&'r str, Vec<&'r Village>>,
}

impl<'r> Subjects<'r> {
    fn of(roster: &'r Roster) -> Self {
        let mut subjects = Subjects::default();
        for member in roster.members().filter(|m| m.category == CPPCC_MEMBER) {
            let own = subjects.members.entry(&member.unit).or_default();
            own.push(member);
        }
        for village in roster.villages() {
            let own = subjects.villages.entry(&village.reporter).or_default();
            own.push(village);
        }
        subjects
    }

    fn members(&self, unit: &Unit) -> &[&'r Member] {
        self.members
            .get(unit.code.as_str())
            .map_or(&[], Vec::as_slice)
    }
}

/// Whether a row leaves a 是 or 否 open that it must say.
fn leaves_open(entry: &LedgerEntry, form: &Form) -> bool {
    let mut asked = form.fields.values();
    asked.any(|f| f.required && f.kind == Kind::YesNo && entry.values.get(&f.id).is_none())
}

/// The entries of each member that count.
type OfMembers<'a> = FxHashMap<&'a str, Vec<&'a LedgerEntry>>;

fn of_members(reconciled: &Reconciled) -> OfMembers<'_> {
    let mut of = OfMembers::default();
    for (entry, class, _) in reconciled.entries() {
        if let (Some(member), Class::Counted) = (&entry.member, class) {
            of.entry(member.as_str()).or_default().push(entry);
        }
    }
    of
}

/// A metric over the entries of a member that count.
fn value(policy: &Policy, metric: &str, entries: &[&LedgerEntry]) -> Option<Decimal> {
    let own = |form: &str, conditions: &[Condition]| -> Vec<&LedgerEntry> {
        let complete = policy
            .forms
            .get(form)
            .map_or(&[][..], |form| &form.complete);
        let meets = |entry: &&&LedgerEntry| {
            let mut all = conditions.iter();
            entry.form == form && all.all(|c| c.holds(complete, |id| entry.values.get(id)))
        };
        entries.iter().filter(meets).copied().collect()
    };
    match &policy.metrics.get(metric)?.measure {
        Measure::Count { form, conditions } => Some(own(form, conditions).len().into()),
        Measure::Sum {
            form,
            field,
            conditions,
        } => {
            let amounts = own(form, conditions).into_iter();
            Some(amounts.filter_map(|e| e.values.get(field)?.number()).sum())
        }
        Measure::Total(parts) => parts.iter().map(|part| value(policy, part, entries)).sum(),
        Measure::Ratio(part, whole) => {
            let whole = value(policy, whole, entries)?;
            value(policy, part, entries)?.checked_div(whole)
        }
        Measure::Members(_) => None,
    }
}

/// The cells of the rows that stand untouched, see [`ReturnOfUnit`].
fn untouched(submission: &Submission) -> HashMap<(&str, &str, String), (&str, Cell)> {
    let mut first = HashMap::new();
    for entry in &submission.untouched {
        for (field, cell) in entry.row.raw.cells.iter() {
            let says = squeeze(&shown(cell.found()));
            let of = (entry.form.as_str(), field, says);
            first
                .entry(of)
                .or_insert((entry.sheet.as_str(), cell.cell()));
        }
    }
    first
}

/// The return of a unit that counts.
struct ReturnOfUnit<'a> {
    unit: &'a Unit,
    file: &'a str,
    submission: &'a Submission,
    /// The first row that stands untouched, by form and what is written in a cell.
    untouched: HashMap<(&'a str, &'a str, String), (&'a str, Cell)>,
}

impl<'a> ReturnOfUnit<'a> {
    fn of(reconciled: &'a Reconciled, unit: &'a Unit) -> Option<ReturnOfUnit<'a>> {
        let at = reconciled.accepted(&unit.code)?;
        let file = reconciled.ledger.files.get(at)?;
        match &file.state {
            State::Read(submission) => Some(ReturnOfUnit {
                unit,
                file: &file.name,
                submission,
                untouched: untouched(submission),
            }),
            _ => None,
        }
    }

    /// The row that the office had listed for somebody, if it stands there untouched.
    fn untouched(&self, form: &Form, name: &str) -> Option<Place> {
        let field = form.subject_field()?;
        let his = (form.id.as_str(), field.id.as_str(), squeeze(name));
        let (sheet, cell) = self.untouched.get(&his)?;
        Some(Place::file(self.file).on(*sheet).at(*cell, &field.header))
    }

    /// The sheet of a form, and the header under which names stand.
    fn list(&self, form: &Form) -> Place {
        let placed = self.submission.placed.get(&form.id);
        let sheet = placed.map_or(form.sheet.as_str(), |placed| placed.sheet.as_str());
        let mut place = Place::file(self.file).on(sheet);
        place.header = form.subject_field().map(|field| field.header.clone());
        place
    }

    /// What is said of somebody without a row. Of one that was left blank, and of a
    /// sheet that did not come, intake has spoken.
    fn silent(&self, form: &Form, name: &str) -> Option<Finding> {
        let is_there = self.submission.placed.contains_key(&form.id);
        if !is_there || self.untouched(form, name).is_some() {
            return None;
        }
        let message = format!("“{name}”在名册上，“{}”表里没有填报", form.sheet);
        Some(Finding::new(Code::NotAnswered, self.list(form), message))
    }

    /// Where somebody is to answer, and what is open there: a row of his that leaves
    /// something open, or one that was ruled out.
    fn open(&self, form: &Form, name: &str, (entry, ruled_out): Rows<'_>) -> (Place, &'static str) {
        let at = |entry: &LedgerEntry| {
            let mut place = Place::file(self.file).on(&entry.sheet);
            place.cell = entry.raw.cells.values().map(|raw| raw.cell()).min();
            place
        };
        let row = entry.or(ruled_out);
        match (row, self.untouched(form, name)) {
            (Some(row), _) if entry.is_some() => (at(row), "一行里有的“是/否”空着"),
            (Some(row), _) => (at(row), "这一行按裁定不计入"),
            (None, Some(place)) => (place, "已列好的一行空着"),
            (None, None) if !self.submission.placed.contains_key(&form.id) => {
                (self.list(form), "整张表没有收到")
            }
            (None, None) => (self.list(form), "表里没有这一行"),
        }
    }

    /// The matter of a member whom a veto may strike.
    fn draft(
        &self,
        veto: &Veto,
        form: &Form,
        (code, name): (&str, &str),
        (entry, ruled_out): Rows<'_>,
    ) -> Draft {
        let (place, how) = self.open(form, name, (entry, ruled_out));
        let reason = format!(
            "{name}没有填报，不知道是否属于“{}”，一票否决待定",
            veto.name
        );
        let said = entry.map_or_else(Vec::new, super::gifts::says);
        let stands = vec![veto.id.clone(), code.to_owned()];
        Draft {
            topic: Topic::Unanswered,
            says: stands.iter().cloned().chain(said).collect(),
            stands,
            reason,
            sides: vec![SideOf {
                text: format!(
                    "{}“{}”：{name}，{how}（{place}）",
                    self.unit.name, form.sheet
                ),
                entries: Vec::new(),
                places: vec![place],
            }],
            at_stake: Decimal::ZERO,
            choices: vec![Verdict::TookNoPart, Verdict::TookPart],
            proposed: Verdict::TookNoPart,
            by_rule: None,
            quoted: None,
            units: vec![self.unit.code.clone()],
        }
    }
}
