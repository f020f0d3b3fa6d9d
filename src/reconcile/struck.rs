//! Entries that are struck through: most likely they are void, but nobody has said
//! so. They count as typed, and wait for a ruling.

use super::class::Class;
use super::context::Context;
use super::gifts::{says, stands, unit_name};
use super::matter::{Draft, SideOf, Topic, Verdict};
use super::reconciled::Reconciled;
use crate::diagnostic::{Code, Finding, Place};
use crate::form::{RawCell, RawRow, shown};
use crate::intake::Entry;
use crate::policy::{Field, Form, Kind, Policy, Shape};
use crate::roster::Roster;

pub(super) fn check(reconciled: &mut Reconciled, context: &mut Context<'_>) {
    let made = made(reconciled, context.policy, context.roster);
    context.findings.extend(made.findings);
    for (entry, draft) in made.drafts {
        if context.lay(draft) == Some(Verdict::Exclude) {
            let why = context.ruled("不予计入");
            reconciled.put(entry, Class::SetAside, &why);
        }
    }
}

/// What there is to say and to rule.
#[derive(Default)]
struct Made {
    findings: Vec<Finding>,
    drafts: Vec<(usize, Draft)>,
}

fn made(reconciled: &Reconciled, policy: &Policy, roster: &Roster) -> Made {
    let mut made = Made::default();
    let files = &reconciled.ledger.files;
    for (index, (entry, class, _)) in reconciled.entries().enumerate() {
        let Some(form) = policy.forms.get(entry.form.as_str()) else {
            continue;
        };
        let Some(struck) = Struck::of(form, &entry.raw) else {
            continue;
        };
        let file = files.get(entry.file).map_or("", |file| file.name.as_str());
        let place = Place::file(file).on(&entry.sheet);
        // What does not count anyhow is nobody's to rule.
        match class {
            Class::Counted if form.shape == Shape::Table && struck.matters() => {}
            Class::Counted | Class::Rejected => {
                made.findings.push(struck.finding(form, place));
                continue;
            }
            Class::Duplicate | Class::Superseded | Class::SetAside => continue,
        }
        let amount = entry.amount(form).unwrap_or_default();
        let places = struck.places(form, &place);
        let Some(first) = places.first() else {
            continue;
        };
        let told = struck.told(form);
        let draft = Draft {
            topic: Topic::Struck,
            stands: vec![stands(entry)],
            says: says(entry)
                .into_iter()
                .chain(struck.fields.iter().map(|(field, _)| field.id.clone()))
                .collect(),
            reason: format!("{told}，暂按原样计入"),
            sides: vec![SideOf {
                text: format!(
                    "{}：{}（{first}）",
                    unit_name(roster, &entry.reporter),
                    struck.typed()
                ),
                entries: vec![index],
                places,
            }],
            at_stake: amount.abs(),
            choices: vec![Verdict::Exclude, Verdict::Uphold],
            proposed: Verdict::Exclude,
            by_rule: None,
            quoted: Some((struck.typed(), "照计".to_owned())),
            units: reconciled.units_of(std::iter::once(index)),
        };
        made.drafts.push((index, draft));
    }
    // Prefilled rows that nobody filled in are no entries.
    for (_, file, submission) in reconciled.accepted_returns() {
        for Entry { form, sheet, row } in &submission.untouched {
            let form = policy.forms.get(form.as_str());
            if let Some((form, struck)) = form.and_then(|f| Some((f, Struck::of(f, &row.raw)?))) {
                let place = Place::file(file).on(sheet);
                made.findings.push(struck.finding(form, place));
            }
        }
    }
    made
}

/// Whether a row is struck through, so that it was asked whether it is void.
pub(super) fn is_struck(form: &Form, row: &RawRow) -> bool {
    Struck::of(form, row).is_some_and(|struck| struck.matters())
}

/// The cells of an entry that are struck through.
struct Struck<'a> {
    row: &'a RawRow,
    fields: Vec<(&'a Field, &'a RawCell)>,
}

impl<'a> Struck<'a> {
    fn of(form: &'a Form, row: &'a RawRow) -> Option<Self> {
        let struck = row.cells.iter().filter(|(_, cell)| cell.is_struck());
        let fields: Vec<_> = struck
            .filter_map(|(id, cell)| Some((form.fields.get(id)?, cell)))
            .collect();
        (!fields.is_empty()).then_some(Struck { row, fields })
    }

    /// Whether more is struck through than a text that may stay empty.
    fn matters(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|(field, _)| field.required || field.kind != Kind::Text)
    }

    /// Whether it is all that the unit itself filled in.
    fn is_whole(&self, form: &Form) -> bool {
        let own = self.row.cells.iter().filter(|(id, cell)| {
            let prefilled = form.fields.get(*id).is_some_and(|field| field.prefilled);
            !prefilled || cell.is_struck()
        });
        own.count() == self.fields.len()
    }

    fn told(&self, form: &Form) -> String {
        if form.shape == Shape::Table && self.is_whole(form) {
            return "这一行划了删除线".to_owned();
        }
        let headers: Vec<String> = self
            .fields
            .iter()
            .map(|(field, _)| format!("“{}”", field.header))
            .collect();
        format!("{}划了删除线", headers.join(""))
    }

    /// What stands in the cells.
    fn typed(&self) -> String {
        let typed: Vec<String> = self
            .fields
            .iter()
            .take(5)
            .map(|(_, cell)| shown(cell.found()).chars().take(30).collect())
            .collect();
        let more = if self.fields.len() > 5 { "……" } else { "" };
        format!("{}{more}", typed.join("、"))
    }

    /// Where it stands: a whole row by its first cell.
    fn places(&self, form: &Form, on: &Place) -> Vec<Place> {
        let most = match form.shape == Shape::Table && self.is_whole(form) {
            true => 1,
            false => self.fields.len(),
        };
        let places = self.fields.iter().take(most);
        let places = places.map(|(field, cell)| on.clone().at(cell.cell(), &field.header));
        places.collect()
    }

    fn finding(&self, form: &Form, on: Place) -> Finding {
        let mut places = self.places(form, &on).into_iter();
        let first = places.next().unwrap_or(on);
        let mut finding = Finding::new(Code::StruckThrough, first, self.told(form));
        finding.related = places.collect();
        finding.typed(self.typed())
    }
}
