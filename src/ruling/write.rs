//! The workbook 裁定.xlsx: empty in a new workspace, then with what has been
//! decided.

use indexmap::IndexMap;
use jiff::civil::Date;

use super::forms::{ABOUT, RulingForms, choices};
use super::{Adjustment, Belongs, Decision, Exemption, Nomination, Rulings};
use crate::form::{Layout, Lists, draw_own};
use crate::policy::{Form, Policy};
use crate::roster::Roster;
use crate::sheet::{Properties, Rule, Sheet, Validation, Workbook};
use crate::value::{Value, squeeze};

/// The rulings as a workbook.
pub fn rulings_workbook(
    rulings: &Rulings,
    policy: &Policy,
    roster: &Roster,
    created: Date,
) -> Workbook {
    let forms = RulingForms::new();
    let lists = Lists::of(policy);
    let Rows {
        decisions,
        adjustments,
        nominations,
        exemptions,
    } = rows(rulings, policy, roster);
    let sheets = vec![
        sheet(&forms.decisions, decisions, &lists, policy),
        sheet(&forms.adjustments, adjustments, &lists, policy),
        sheet(&forms.nominations, nominations, &lists, policy),
        sheet(&forms.exemptions, exemptions, &lists, policy),
        Belongs::of(policy).to_sheet(),
    ];
    Workbook {
        sheets,
        properties: Properties {
            title: format!("{}年考核裁定", policy.pack.year),
            author: policy.pack.office.clone(),
            created,
            custom: Vec::new(),
        },
    }
}

/// A row of a form: values by field id.
pub type Row = IndexMap<String, Value>;

/// All rulings as rows of their forms, in order.
pub struct Rows {
    /// Rulings on matters.
    pub decisions: Vec<Row>,
    /// Additions and deductions.
    pub adjustments: Vec<Row>,
    /// Nominations.
    pub nominations: Vec<Row>,
    /// Exemptions.
    pub exemptions: Vec<Row>,
}

/// All rulings as rows of their forms.
pub fn rows(rulings: &Rulings, policy: &Policy, roster: &Roster) -> Rows {
    Rows {
        decisions: rulings.decisions.iter().map(decision_row).collect(),
        adjustments: rulings
            .adjustments
            .iter()
            .map(|one| adjustment_row(one, roster))
            .collect(),
        nominations: rulings
            .nominations
            .iter()
            .map(|one| nomination_row(one, roster))
            .collect(),
        exemptions: rulings
            .exemptions
            .iter()
            .map(|one| exemption_row(one, policy, roster))
            .collect(),
    }
}

/// What a row says in the fields that make it what it is, as one text: by it
/// a row is known again that was not touched.
pub fn row_text(form: &Form, row: &Row) -> String {
    let ids = form
        .fields
        .keys()
        .filter(|id| !GIVEN.contains(&id.as_str()));
    let texts = ids.map(|id| row.get(id).map(|v| squeeze(&v.to_string())));
    let texts: Vec<String> = texts.map(Option::unwrap_or_default).collect();
    texts.join("|")
}

/// Fields that only accompany a ruling.
pub(super) const GIVEN: [&str; 2] = [ABOUT, "facts"];

fn row<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Row {
    parts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(id, text)| (id.to_owned(), Value::Text(text.into())))
        .collect()
}

/// A ruling as a row of its form.
pub(super) fn decision_row(one: &Decision) -> Row {
    row([
        ("matter", one.matter.as_str()),
        ("about", &one.about),
        ("verdict", &one.verdict),
        ("reason", &one.reason),
        ("by", &one.by),
        ("facts", &one.facts),
    ])
}

/// An addition or deduction as a row of its form.
pub(super) fn adjustment_row(one: &Adjustment, roster: &Roster) -> Row {
    let mut row = row([
        ("unit", unit_name(roster, &one.unit)),
        ("clause", &one.clause),
        ("reason", &one.reason),
        ("by", &one.by),
    ]);
    row.insert("points".to_owned(), Value::Number(one.points));
    row
}

/// A nomination as a row of its form.
pub(super) fn nomination_row(one: &Nomination, roster: &Roster) -> Row {
    let (name, unit) = named(roster, &one.member);
    row([
        ("member", name),
        ("unit", unit),
        ("reason", &one.reason),
        ("by", &one.by),
    ])
}

/// An exemption as a row of its form.
pub(super) fn exemption_row(one: &Exemption, policy: &Policy, roster: &Roster) -> Row {
    let (name, unit) = named(roster, &one.subject);
    let veto = policy.vetoes.iter().find(|veto| veto.id == one.veto);
    row([
        ("subject", name),
        ("unit", unit),
        ("veto", veto.map_or("", |veto| &veto.name)),
        ("reason", &one.reason),
        ("by", &one.by),
    ])
}

fn unit_name<'a>(roster: &'a Roster, code: &'a str) -> &'a str {
    roster.unit(code).map_or(code, |unit| &unit.name)
}

/// Name and unit of a person or unit, as they are written down.
pub fn named<'a>(roster: &'a Roster, code: &'a str) -> (&'a str, &'a str) {
    match roster.member(code) {
        Some(member) => (&member.name, unit_name(roster, &member.unit)),
        None => (unit_name(roster, code), ""),
    }
}

fn sheet(form: &Form, rows: Vec<Row>, lists: &Lists, policy: &Policy) -> Sheet {
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut sheet = draw_own(form, rows, lists, policy, "裁定");
    let layout = Layout::new(form, count.saturating_add(form.spare_rows));
    for field in form.fields.values() {
        let items = choices(policy, form, &field.id);
        if !items.is_empty() {
            let area = layout.area(field);
            sheet.validations.retain(|check| check.area != area);
            sheet.validations.push(Validation {
                area,
                rule: Rule::List(items),
                prompt_title: field.header.clone(),
                prompt: field.help.clone(),
                error_title: "不在列表里".to_owned(),
                error: "请从下拉列表选择。".to_owned(),
                warn_only: false,
            });
        }
    }
    sheet
}
