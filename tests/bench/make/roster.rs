//! The county's units, persons and villages, as the roster's workbook that an
//! office would keep.

use indexmap::IndexMap;
use jiff::civil::Date;
use kaohe::policy::{Policy, RosterPart};
use kaohe::roster::{Roster, read_roster, roster_workbook};
use kaohe::sheet::write;

use super::words::{person, place};

/// Persons of each unit.
pub const PERSONS: usize = 20;
/// Villages of a township in a county of the usual size.
const VILLAGES: usize = 8;
/// So many villages a county has at most: every workbook lists them all, and a
/// list that grew with the number of units would make each return larger, so
/// that times per return say nothing.
const MOST_VILLAGES: usize = 250;

/// A row of the roster: field to text.
type Row = IndexMap<String, String>;

/// Kind of a unit (id of the pack, name, ending of the unit's name): half of
/// them townships, a quarter groups, an eighth each branches and chambers.
fn kind(at: usize) -> (&'static str, &'static str, &'static str) {
    match at % 8 {
        1 | 5 => ("group", "县直委员组", "委员组"),
        3 => ("branch", "经促分会", "经促分会"),
        7 => ("chamber", "工商联商会或企业", "商会"),
        _ => ("township", "乡镇联工委", "镇联工委"),
    }
}

/// Code of a unit.
fn code(at: usize) -> String {
    format!("U{at:05}")
}

/// The roster of a county of so many units: the bytes of its workbook, and
/// what the program reads from them.
pub fn roster(policy: &Policy, units: usize, today: Date) -> (Vec<u8>, Roster) {
    let mut filled = policy.clone();
    filled.roster_rows.clear();
    for (part, rows) in [
        (RosterPart::Units, unit_rows(units)),
        (RosterPart::Members, person_rows(units)),
        (RosterPart::Villages, village_rows(units)),
    ] {
        let form = policy.roster_form(part).expect("the pack has a roster");
        filled.roster_rows.insert(form.id.clone(), rows);
    }
    let bytes = write(&roster_workbook(&filled, today)).expect("the roster is written");
    let read =
        read_roster(kaohe::sheet::open(&bytes), policy, "名册.xlsx").expect("the roster is read");
    let found: Vec<String> = read.findings.iter().map(|f| f.message.clone()).collect();
    assert!(found.is_empty(), "a roster without faults: {found:?}");
    (bytes, read.value)
}

fn unit_rows(units: usize) -> Vec<Row> {
    let unit = |at: usize| {
        let (_, kind, ending) = kind(at);
        row(&[
            ("code", &code(at)),
            ("name", &format!("{}{ending}", place(at))),
            ("kind", kind),
            ("phone", "0737-7222222"),
        ])
    };
    (0..units).map(unit).collect()
}

fn person_rows(units: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for at in 0..units {
        let (id, _, ending) = kind(at);
        let (category, role) = match id {
            "branch" => ("经促会员", ""),
            "chamber" => ("商会会员", ""),
            _ => ("政协委员", ["专业委员", "职务委员", "企业委员"][at % 3]),
        };
        for number in at * PERSONS..(at + 1) * PERSONS {
            rows.push(row(&[
                ("code", &format!("P{number:06}")),
                ("name", &person(number)),
                ("unit", &format!("{}{ending}", place(at))),
                ("category", category),
                ("role", role),
            ]));
        }
    }
    rows
}

fn village_rows(units: usize) -> Vec<Row> {
    let townships: Vec<usize> = (0..units).filter(|&at| kind(at).0 == "township").collect();
    let each = (MOST_VILLAGES / townships.len().max(1)).clamp(1, VILLAGES);
    let every = townships.len().div_ceil(MOST_VILLAGES);
    let mut rows = Vec::new();
    for &at in townships.iter().step_by(every.max(1)) {
        for _ in 0..each {
            let number = rows.len();
            rows.push(row(&[
                ("code", &format!("V{number:05}")),
                ("name", &format!("{}村", place(number))),
                ("township", &format!("{}镇", place(at))),
                ("class", "县级领导联系"),
                ("reporter", &format!("{}镇联工委", place(at))),
            ]));
        }
    }
    rows
}

fn row(parts: &[(&str, &str)]) -> Row {
    let filled = parts.iter().filter(|(_, text)| !text.is_empty());
    filled
        .map(|(id, text)| ((*id).to_owned(), (*text).to_owned()))
        .collect()
}
