//! A unit's workbook: which forms it has, and with what they are prefilled.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::civil::Date;

use super::guide::guide_sheet;
use super::stamp::Stamp;
use crate::form::{Lists, Prefilled, draw};
use crate::policy::{CPPCC_MEMBER, Form, Kind, Policy, Prefill, Shape};
use crate::roster::{Roster, Unit, Village};
use crate::sheet::{Content, Properties, Sheet, Workbook};
use crate::value::{Value, squeeze};

/// Lines below the cover for signature and seal.
const CLOSING: [&str; 4] = [
    "本单位对所填内容的真实性负责。",
    "填报人（签字）：                          审核人（签字）：",
    "填报单位负责人（签字）：                  填报单位（盖章）：",
    "                                                      年      月      日",
];

/// Sheet that says what is wrong, in a workbook that was returned for correction.
pub const OPINION_SHEET: &str = "退回意见";
/// Sheet with what had no place in any form, in such a workbook.
pub const LEFTOVER_SHEET: &str = "未能对应的内容";

/// A row of a form: values by field id.
pub type Row = IndexMap<String, Value>;

/// The intake workbook of a unit.
pub fn unit_workbook(policy: &Policy, roster: &Roster, unit: &Unit, created: Date) -> Workbook {
    filled_workbook(policy, roster, unit, created, 0, |_, rows| rows)
}

/// The intake workbook of a unit with what stands in its forms already: `fill`
/// is given each form with the rows that the office prefills, and gives the
/// rows to write. `revision` says how often it was returned for correction.
pub fn filled_workbook(
    policy: &Policy,
    roster: &Roster,
    unit: &Unit,
    created: Date,
    revision: u32,
    fill: impl Fn(&Form, Vec<Row>) -> Vec<Row>,
) -> Workbook {
    let lists = lists(policy, roster, unit);
    let forms = forms_for(policy, roster, unit);
    let mut sheets = vec![guide_sheet(policy, unit, &forms)];
    for form in &forms {
        let rows = fill(form, prefilled(form, policy, roster, unit));
        sheets.push(form_sheet(
            form,
            rows,
            form.spare_rows,
            &lists,
            policy,
            unit,
        ));
    }
    sheets.push(lists.sheet());
    let stamp = Stamp {
        revision,
        ..Stamp::new(policy, unit, forms)
    };
    sheets.push(stamp.to_sheet());
    Workbook {
        sheets,
        properties: Properties {
            title: format!("{}年{}填报表", policy.pack.year, unit.name),
            author: policy.pack.office.clone(),
            created,
            custom: Vec::new(),
        },
    }
}

/// The forms of a unit's workbook: those of its kind that have a row to fill in.
pub fn forms_for<'a>(policy: &'a Policy, roster: &Roster, unit: &'a Unit) -> Vec<&'a Form> {
    policy
        .forms_of(&unit.kind)
        .filter(|form| form.spare_rows > 0 || !prefilled(form, policy, roster, unit).is_empty())
        .collect()
}

/// What the office prints on the sheet of a form, without blanks, so that it
/// can be told from what the unit wrote.
pub fn printed_texts(form: &Form, policy: &Policy, unit: &Unit) -> BTreeSet<String> {
    // Rows to fill in and drop-down lists print nothing.
    let sheet = form_sheet(form, Vec::new(), 0, &Lists::default(), policy, unit);
    texts(&sheet)
}

/// What the office prints on the sheet 填报说明, without blanks.
pub fn guide_texts(policy: &Policy, roster: &Roster, unit: &Unit) -> BTreeSet<String> {
    texts(&guide_sheet(policy, unit, &forms_for(policy, roster, unit)))
}

fn texts(sheet: &Sheet) -> BTreeSet<String> {
    sheet
        .cells
        .values()
        .filter_map(|(content, _)| match content {
            Content::Text(text) | Content::Link { text, .. } => Some(squeeze(text)),
            _ => None,
        })
        .collect()
}

/// Name of a unit's file, without what Windows does not allow in names.
///
/// ```
/// # use kaohe::policy::{PackSource, load};
/// # use kaohe::roster::Unit;
/// let policy = load(&PackSource::builtin()).map_err(|_| "pack")?;
/// let unit = Unit {
///     code: "T101".into(),
///     name: "清塘铺镇/联工委".into(),
///     kind: "township".into(),
///     aliases: vec![],
/// };
/// assert_eq!(
///     kaohe::template::file_name(&policy, &unit),
///     "2018年_清塘铺镇_联工委_填报表.xlsx"
/// );
/// # Ok::<(), &str>(())
/// ```
pub fn file_name(policy: &Policy, unit: &Unit) -> String {
    let safe: String = unit
        .name
        .trim()
        .chars()
        .map(|c| match c {
            '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    format!("{}年_{safe}_填报表.xlsx", policy.pack.year)
}

fn form_sheet(
    form: &Form,
    rows: Vec<IndexMap<String, Value>>,
    spare_rows: u32,
    lists: &Lists,
    policy: &Policy,
    unit: &Unit,
) -> Sheet {
    let measure = match form.money_fields().next() {
        Some(_) => "  单位：元",
        None => "",
    };
    let is_card = form.shape == Shape::Card;
    let closing = if is_card { CLOSING.as_slice() } else { &[] };
    let prefilled = Prefilled {
        subtitle: format!("填报单位：{}", unit.name),
        subtitle_right: format!("{}年度{measure}", policy.pack.year),
        rows,
        spare_rows,
        closing: closing.iter().map(|line| (*line).to_owned()).collect(),
        free: false,
    };
    let mut sheet = draw(form, &prefilled, lists, policy);
    if is_card {
        // Signed on the sheet itself; the feet of the tables repeat it.
        sheet.page.footer_left.clear();
        sheet.page.footer_right.clear();
        sheet.page.one_page = true;
    }
    sheet
}

/// The rows that stand in a form before the unit sees it.
pub fn prefilled(form: &Form, policy: &Policy, roster: &Roster, unit: &Unit) -> Vec<Row> {
    match form.prefill {
        Prefill::Blank => Vec::new(),
        Prefill::Unit => vec![head(form, policy, unit)],
        Prefill::Members => {
            let members = roster
                .members()
                .filter(|m| m.unit == unit.code && m.category == CPPCC_MEMBER);
            named(form, &Kind::Member, members.map(|m| m.name.as_str()))
        }
        Prefill::Villages => {
            let villages = roster.villages().filter(|v| v.reporter == unit.code);
            named(form, &Kind::Village, villages.map(|v| v.name.as_str()))
        }
    }
}

/// The cover's entry: unit, year and round.
fn head(form: &Form, policy: &Policy, unit: &Unit) -> IndexMap<String, Value> {
    form.fields
        .values()
        .filter(|field| field.prefilled)
        .filter_map(|field| {
            let value = match (&field.kind, field.id.as_str()) {
                (Kind::Unit, _) => Value::Text(unit.name.as_str().into()),
                (_, "year") => Value::Number(policy.pack.year.into()),
                (_, "round") => Value::Number(policy.pack.round.into()),
                _ => return None,
            };
            Some((field.id.clone(), value))
        })
        .collect()
}

/// A row per name, in the first field of the kind.
fn named<'a>(form: &Form, kind: &Kind, names: impl Iterator<Item = &'a str>) -> Vec<Row> {
    let Some(field) = form.field_of_kind(kind) else {
        return Vec::new();
    };
    names
        .map(|name| IndexMap::from([(field.id.clone(), Value::Text(name.into()))]))
        .collect()
}

/// The lists of a unit: its own villages before all others, its own persons,
/// and, where names outside the roster are allowed, itself as well.
fn lists(policy: &Policy, roster: &Roster, unit: &Unit) -> Lists {
    let mut lists = Lists::of(policy);
    let is_own = |village: &&Village| roster.is_at_home(village, unit);
    let (own, others): (Vec<&Village>, Vec<&Village>) = roster.villages().partition(is_own);
    // A township that means another's village says whose it is.
    let is_township = roster.township_of(unit).is_some();
    let other = |village: &Village| match is_township {
        true => roster.name_with_township(village),
        false => village.name.clone(),
    };
    let own = own.into_iter().map(|village| village.name.clone());
    let others = others.into_iter().map(other);
    lists.add(&Kind::Village, own.chain(others).collect());
    let members: Vec<String> = roster
        .members()
        .filter(|member| member.unit == unit.code)
        .map(|member| member.name.clone())
        .collect();
    let with_unit = std::iter::once(unit.name.clone()).chain(members.clone());
    lists.add_open_members(with_unit.collect());
    lists.add(&Kind::Member, members);
    lists.add(&Kind::Unit, vec![unit.name.clone()]);
    lists
}
