//! The roster that an issued workbook carries within itself: its stamp names
//! the unit, its drop-down lists the unit's persons and the villages. With it
//! a unit can check its return before it sends it, without the office's roster.

use super::stamp::Stamp;
use crate::form::Lists;
use crate::policy::{CPPCC_MEMBER, Kind, Policy, Prefill};
use crate::roster::{Member, Roster, Unit, Village, name_and_township};
use crate::sheet::FoundWorkbook;

/// The stamp of a workbook, if it has one.
pub fn stamp_of(workbook: &FoundWorkbook) -> Option<Stamp> {
    workbook.sheets.iter().find_map(Stamp::from_sheet)
}

/// The roster within a workbook: one unit, its persons, and all villages that
/// it may name. Without a stamp there is none.
pub fn own_roster(workbook: &FoundWorkbook, policy: &Policy) -> Option<Roster> {
    let stamp = stamp_of(workbook)?;
    let unit = Unit {
        code: stamp.unit.clone(),
        name: stamp.unit_name.clone(),
        kind: kind_of(&stamp, policy)?,
        aliases: Vec::new(),
    };
    let lists = workbook.sheets.iter().find_map(Lists::from_sheet);
    let lists = lists.unwrap_or_default();
    // A form that is prefilled stands in the workbook only if the unit has
    // members, or villages to report on.
    let prefilled = |prefill: Prefill| {
        let mut forms = policy.intake_forms();
        forms.any(|form| form.prefill == prefill && stamp.forms.contains_key(&form.id))
    };
    let (members, villages) = (prefilled(Prefill::Members), prefilled(Prefill::Villages));
    let member = |(index, name): (usize, &String)| Member {
        code: format!("M{:03}", index + 1),
        name: name.clone(),
        unit: unit.code.clone(),
        category: if members { CPPCC_MEMBER } else { "" }.to_owned(),
        sector: String::new(),
        role: String::new(),
        aliases: Vec::new(),
    };
    let village = |(index, text): (usize, &String)| {
        let (name, township) = name_and_township(text);
        Village {
            code: format!("V{:03}", index + 1),
            name: name.to_owned(),
            township: township.to_owned(),
            class: String::new(),
            leader: String::new(),
            reporter: if villages { &unit.code } else { "" }.to_owned(),
            aliases: Vec::new(),
        }
    };
    let members = lists.items(&Kind::Member).iter().enumerate();
    let members = members.map(member).collect();
    let villages = lists.items(&Kind::Village).iter().enumerate();
    let villages = villages.map(village).collect();
    Some(Roster::new(vec![unit.clone()], members, villages).as_part())
}

/// The kind of the unit: by the stamp, else the one whose forms are most like
/// those of the workbook.
fn kind_of(stamp: &Stamp, policy: &Policy) -> Option<String> {
    if policy.unit_kinds.contains_key(&stamp.kind) {
        return Some(stamp.kind.clone());
    }
    let unlike = |kind: &str| {
        let of_kind: Vec<&str> = policy.forms_of(kind).map(|form| form.id.as_str()).collect();
        let missing = of_kind.iter().filter(|id| !stamp.forms.contains_key(**id));
        let extra = stamp
            .forms
            .keys()
            .filter(|id| !of_kind.contains(&id.as_str()));
        missing.count() + extra.count()
    };
    let kinds = policy.unit_kinds.keys();
    kinds.min_by_key(|kind| unlike(kind)).cloned()
}
