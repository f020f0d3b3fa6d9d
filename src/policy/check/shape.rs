//! What the program relies on in the forms: one cover, one form for each part
//! of the roster, and certain fields in them.

use std::collections::HashMap;

use super::Pool;
use super::known_form::KnownForm;
use crate::diagnostic::Code;
use crate::policy::log::{At, Log};
use crate::policy::parse::FORMS;
use crate::policy::written::FormHead;
use crate::policy::{Form, Kind, Prefill, RosterPart, Shape};

/// A field that the program relies on, and its kind if that matters.
type Need = (&'static str, Option<Kind>);

/// Fields of the cover.
fn cover_needs() -> Vec<Need> {
    vec![
        ("unit", Some(Kind::Unit)),
        ("year", Some(Kind::Integer)),
        ("round", Some(Kind::Integer)),
        ("filled_on", Some(Kind::Date)),
    ]
}

/// Fields of a part of the roster.
fn roster_needs(part: RosterPart) -> Vec<Need> {
    let choice = |id: &str| Some(Kind::Choice(id.to_owned()));
    match part {
        RosterPart::Units => vec![
            ("code", Some(Kind::Code)),
            ("name", Some(Kind::Text)),
            ("kind", Some(Kind::UnitKind)),
            ("aliases", Some(Kind::Text)),
        ],
        RosterPart::Members => vec![
            ("code", Some(Kind::Code)),
            ("name", Some(Kind::Text)),
            ("unit", Some(Kind::Unit)),
            ("category", choice("member_category")),
            ("role", None),
            ("aliases", Some(Kind::Text)),
        ],
        RosterPart::Villages => vec![
            ("code", Some(Kind::Code)),
            ("name", Some(Kind::Text)),
            ("township", Some(Kind::Text)),
            ("class", choice("village_class")),
            ("reporter", Some(Kind::Unit)),
            ("aliases", Some(Kind::Text)),
        ],
    }
}

/// Name of a part of the roster.
fn part_name(part: RosterPart) -> &'static str {
    match part {
        RosterPart::Units => "单位名册（roster = \"units\"）",
        RosterPart::Members => "人员名册（roster = \"members\"）",
        RosterPart::Villages => "帮扶村名册（roster = \"villages\"）",
    }
}

/// Checks one form against what its shape, prefill and part demand.
pub(super) fn form(head: &FormHead, entry: &KnownForm, pool: &Pool, log: &mut Log<'_>) {
    let form = &entry.form;
    let is_card = form.shape == Shape::Card;
    if let Some(part) = &head.roster {
        if is_card || form.prefill != Prefill::Blank {
            let message = "名册表要写 shape = \"table\"、prefill = \"blank\"。";
            log.add(Code::PackMismatch, part.at, message);
        }
        needs(&roster_needs(part.value), head.id.at, entry, log);
    } else if is_card {
        needs(&cover_needs(), head.id.at, entry, log);
        for kind in pool.kinds.items().values() {
            if !form.kinds.contains(&kind.id) {
                let at = head.kinds.as_ref().map_or(head.id.at, |kinds| kinds.at);
                let message = format!(
                    "“{}”没有列在封面表里，这类单位就没有地方写填报人和日期。",
                    kind.name
                );
                log.add(Code::PackMismatch, at, message);
            }
        }
    }
    if is_card != (form.prefill == Prefill::Unit) && head.roster.is_none() {
        let message = "封面要同时写 shape = \"card\" 和 prefill = \"unit\"，别的表都不能这样写。";
        log.add(Code::PackMismatch, head.prefill.at, message);
    }
    if form.fields.is_empty() && !entry.is_open && entry.broken.is_empty() {
        let message = "这张表一栏也没有，至少要有一个 [[field]]。";
        log.add(Code::PackShape, head.id.at, message);
    }
    let wanted = match form.prefill {
        Prefill::Members => Some((Kind::Member, "人员栏（member）")),
        Prefill::Villages => Some((Kind::Village, "村栏（village）")),
        Prefill::Blank | Prefill::Unit => None,
    };
    if let Some((kind, name)) = wanted
        && !entry.may_have_kind(&kind)
    {
        let message = format!("按名册预填的表要有一个{name}。");
        log.add(Code::PackMismatch, head.prefill.at, message);
    }
}

fn needs(needs: &[Need], at: At, entry: &KnownForm, log: &mut Log<'_>) {
    for (id, kind) in needs {
        match (entry.form.fields.get(*id), kind) {
            (Some(field), Some(kind)) if field.kind != *kind => {
                let message = format!("“{}”这一栏（{id}）的类型不能改。", field.header);
                log.add(Code::PackMismatch, at, message);
            }
            (None, _) if !entry.may_have(id) => {
                let message = format!("这张表必须有代号为“{id}”的栏，程序要用它。");
                log.add(Code::PackShape, at, message);
            }
            _ => {}
        }
    }
}

/// Checks that there is one cover and one form for each part of the roster;
/// gives the latter.
pub(super) fn pack(pool: &Pool, log: &mut Log<'_>) -> HashMap<RosterPart, String> {
    let covers: Vec<&Form> = forms(pool)
        .filter(|form| form.shape == Shape::Card)
        .collect();
    only_one(&covers, "封面（shape = \"card\"）", pool, log);
    let mut parts = HashMap::new();
    for part in [RosterPart::Units, RosterPart::Members, RosterPart::Villages] {
        let found: Vec<&Form> = forms(pool)
            .filter(|form| form.roster == Some(part))
            .collect();
        only_one(&found, part_name(part), pool, log);
        // Of two it is not known which one the rows are for.
        if let [form] = found.as_slice() {
            parts.insert(part, form.id.clone());
        }
    }
    parts
}

fn forms(pool: &Pool) -> impl Iterator<Item = &Form> {
    pool.forms.items().values().map(|entry| &entry.form)
}

fn only_one(found: &[&Form], what: &str, pool: &Pool, log: &mut Log<'_>) {
    if found.is_empty() && pool.forms.is_whole() {
        let message = format!("没有一张表是{what}，要正好有一张。");
        log.add_file(Code::PackShape, FORMS, message);
    }
    for form in found.iter().skip(1) {
        let Some(at) = pool.forms.place(&form.id) else {
            continue;
        };
        let first = found.first().and_then(|first| pool.forms.place(&first.id));
        let place = first.map(|first| log.place(first));
        let message = format!("{what}只能有一张，“{}”是多出来的。", form.sheet);
        let problem = log.add(Code::PackDuplicateId, at, message);
        problem.finding.related.extend(place);
    }
}
