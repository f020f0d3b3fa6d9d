//! Takes over what was chosen in the consolidated workbook: row by row, each in
//! the place of what it was, so that nothing counts twice and nothing is lost.

use super::read::{Edit, Edits};
use super::write::{adjustment_row, decision_row, exemption_row, nomination_row, row_text};
use super::{RulingForms, Rulings};
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::value::squeeze;

impl Rulings {
    /// Takes over what was chosen in the consolidated workbook: a row that was
    /// changed there stands in place of what it was. Gives whether anything is new.
    ///
    /// # Errors
    /// Rows that were changed in both places, each in another way: nobody but the
    /// office can say which holds.
    pub fn take_over(
        &mut self,
        edits: Edits,
        policy: &Policy,
        roster: &Roster,
    ) -> Result<bool, Vec<Finding>> {
        let before = self.clone();
        let forms = RulingForms::new();
        let mut torn = Vec::new();
        torn.extend(merge(
            &mut self.decisions,
            edits.decisions,
            |one| &one.place,
            |one| row_text(&forms.decisions, &decision_row(one)),
            // On other facts than it was made on, a ruling gives way to a new one.
            |old, new| match squeeze(&old.matter) == squeeze(&new.matter) {
                false => Meeting::Apart,
                true if squeeze(&old.facts) == squeeze(&new.facts) => Meeting::Torn,
                true => Meeting::GivesWay,
            },
        ));
        torn.extend(merge(
            &mut self.adjustments,
            edits.adjustments,
            |one| &one.place,
            |one| row_text(&forms.adjustments, &adjustment_row(one, roster)),
            |_, _| Meeting::Apart,
        ));
        torn.extend(merge(
            &mut self.nominations,
            edits.nominations,
            |one| &one.place,
            |one| row_text(&forms.nominations, &nomination_row(one, roster)),
            |old, new| match old.member == new.member {
                true => Meeting::GivesWay,
                false => Meeting::Apart,
            },
        ));
        torn.extend(merge(
            &mut self.exemptions,
            edits.exemptions,
            |one| &one.place,
            |one| row_text(&forms.exemptions, &exemption_row(one, policy, roster)),
            |old, new| match old.subject == new.subject && old.veto == new.veto {
                true => Meeting::GivesWay,
                false => Meeting::Apart,
            },
        ));
        match torn.is_empty() {
            true => Ok(*self != before),
            false => Err(torn),
        }
    }
}

/// How a row that is new in the consolidated workbook meets one that has been
/// written down.
enum Meeting {
    /// They have nothing to do with each other.
    Apart,
    /// The new one stands in its place.
    GivesWay,
    /// Both speak of one thing, and somebody has to say which holds.
    Torn,
}

/// Puts what was changed in the workbook into a list. Gives the rows that were
/// changed in both places.
fn merge<T>(
    list: &mut Vec<T>,
    edits: Vec<Edit<T>>,
    place_of: impl Fn(&T) -> &Place,
    text: impl Fn(&T) -> String,
    meet: impl Fn(&T, &T) -> Meeting,
) -> Vec<Finding> {
    let mut torn = Vec::new();
    for Edit { new, was, place } in edits {
        let at = list.iter().position(|old| text(old) == was);
        let Some(new) = new else {
            // Cleared there; if it was changed here, that holds.
            if let Some(at) = at {
                list.remove(at);
            }
            continue;
        };
        let says = text(&new);
        if let Some(old) = at.and_then(|at| list.get_mut(at)) {
            *old = new;
            continue;
        }
        let is_written = list.iter().any(|old| text(old) == says);
        let met = list.iter().enumerate().find_map(|(at, old)| {
            let meeting = meet(old, &new);
            (!matches!(meeting, Meeting::Apart)).then_some((at, meeting))
        });
        let other = met.as_ref().and_then(|(at, _)| list.get(*at));
        let other = other.map(|old| place_of(old).clone());
        match met {
            // The same was done in both places.
            _ if is_written && (!was.is_empty() || met.is_some()) => {}
            _ if !was.is_empty() => torn.push(changed_twice(place, other, &says)),
            Some((_, Meeting::Torn)) => torn.push(changed_twice(place, other, &says)),
            Some((at, _)) => {
                if let Some(old) = list.get_mut(at) {
                    *old = new;
                }
            }
            None => list.push(new),
        }
    }
    torn
}

/// A row that was changed in two workbooks; `other` is where it says something
/// else, if that is known.
fn changed_twice(place: Place, other: Option<Place>, says: &str) -> Finding {
    let here = place.file.clone().unwrap_or_default();
    let there = match other.as_ref().and_then(|other| other.file.as_deref()) {
        Some(file) if file != here => format!("“{file}”"),
        _ => "别处（裁定表或另一份汇总工作簿）".to_owned(),
    };
    let message = format!("这一行在“{here}”和{there}里都改过，改得不一样，分不清以哪个为准");
    let finding = Finding::new(Code::RulingUnusable, place, message)
        .typed(says)
        .mend(format!(
            "以{there}为准，就把“{here}”里这一行写的清空；以“{here}”为准，就把{there}里的那一行改成一样的。"
        ));
    match other {
        Some(other) => finding.related(other),
        None => finding,
    }
}
