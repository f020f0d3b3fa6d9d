//! What the office has decided without any effect: it is said, so that nobody
//! relies on it.

use rust_decimal::Decimal;

use super::decided::EXEMPT;
use super::vetoes::state_of;
use super::words::PENDING;
use crate::book::{Book, Reader, RowOf};
use crate::diagnostic::{Code, Finding, Place};
use crate::policy::{Policy, Subject};
use crate::reconcile::Reconciled;
use crate::roster::Roster;
use crate::ruling::{Rulings, named};
use crate::value::round;

/// Findings about additions, exemptions and nominations that change nothing.
pub fn findings(
    book: &Book,
    reconciled: &Reconciled,
    policy: &Policy,
    roster: &Roster,
) -> Vec<Finding> {
    let reader = Reader::new(book);
    let rulings = reconciled.rulings();
    let mut found = Vec::new();
    adjustments(&reader, rulings, policy, roster, &mut found);
    exemptions(&reader, rulings, policy, roster, &mut found);
    nominations(&reader, rulings, roster, &mut found);
    found
}

fn say(found: &mut Vec<Finding>, place: &Place, message: String) {
    found.push(Finding::new(Code::RulingIdle, place.clone(), message));
}

fn is_of(row: &RowOf<'_, '_>, code: &str) -> bool {
    row.text("code") == code
}

fn adjustments(
    reader: &Reader<'_>,
    rulings: &Rulings,
    policy: &Policy,
    roster: &Roster,
    found: &mut Vec<Finding>,
) {
    for (at, one) in rulings.adjustments.iter().enumerate() {
        let (name, _) = named(roster, &one.unit);
        let tables = reader
            .tables("score:")
            .flat_map(|(index, _)| reader.rows_at(index));
        let Some(row) = tables.into_iter().find(|row| is_of(row, &one.unit)) else {
            let message = format!("{name}不属于评分的单位，给它的加减分没有作用");
            say(found, &one.place, message);
            continue;
        };
        // Several for one unit work together: said with the first.
        let mut before = rulings.adjustments.iter().take(at);
        if before.any(|other| other.unit == one.unit) {
            continue;
        }
        let (Some(wanted), Some(scored)) = (row.number("adjust"), scored(&row, policy)) else {
            let message = format!("{name}没有适用的评分项，给它的加减分没有作用");
            say(found, &one.place, message);
            continue;
        };
        let Some(total) = row.number("total") else {
            continue;
        };
        let took = total - scored;
        if took != wanted {
            let message = format!(
                "{name}的加减分合计{}分，总分不低于零、不高于满分，实际起作用的是{}分（总分{}）",
                wanted.normalize(),
                took.normalize(),
                total.normalize()
            );
            say(found, &one.place, message);
        }
    }
}

/// The points of a unit before additions and deductions: those of items that do not
/// apply are shared out over the others, as in its total.
fn scored(row: &RowOf<'_, '_>, policy: &Policy) -> Option<Decimal> {
    let items: Decimal = row.numbers("pt:").into_iter().sum();
    let whole = items.checked_mul(policy.pack.full_mark)?;
    let scaled = whole.checked_div(row.number("applicable")?)?;
    Some(round(scaled, policy.pack.score_decimals))
}

fn exemptions(
    reader: &Reader<'_>,
    rulings: &Rulings,
    policy: &Policy,
    roster: &Roster,
    found: &mut Vec<Finding>,
) {
    for one in &rulings.exemptions {
        let (name, _) = named(roster, &one.subject);
        let Some(veto) = policy.vetoes.iter().find(|veto| veto.id == one.veto) else {
            continue;
        };
        let (table, column) = match veto.subject {
            Subject::Unit => ("veto:units", "result".to_owned()),
            Subject::Member => ("members", state_of(veto)),
        };
        let row = reader.rows(table).find(|row| {
            let own = veto.subject == Subject::Member || row.text("@rule") == veto.id;
            own && is_of(row, &one.subject)
        });
        let result = row.map_or_else(String::new, |row| row.text(&column));
        let veto = &veto.name;
        if result != EXEMPT && result != PENDING {
            let message = format!("{name}没有触发“{veto}”，免予否决没有作用");
            say(found, &one.place, message);
        }
    }
}

fn nominations(reader: &Reader<'_>, rulings: &Rulings, roster: &Roster, found: &mut Vec<Finding>) {
    for one in &rulings.nominations {
        let (name, _) = named(roster, &one.member);
        let Some(row) = reader
            .rows("award:persons")
            .find(|row| is_of(row, &one.member))
        else {
            let message = format!("{name}不属于可以提名的人员类别，提名没有作用");
            say(found, &one.place, message);
            continue;
        };
        if row.text("veto") == "是" {
            let message = format!(
                "{name}一票否决，不得提名评优，评优的提名没有作用；宣传名单上仍有，并注明否决"
            );
            say(found, &one.place, message);
        }
    }
}
