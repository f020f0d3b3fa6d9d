//! Whose a returned workbook is: by the stamp; else by the unit's name on its
//! sheets; else by the file's name. What disagrees is said, and where it
//! cannot be decided the file is set aside.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Finding, Place};
use crate::form::{Texts, locate, locate_among, shown};
use crate::policy::{Form, Kind, Policy};
use crate::roster::{Roster, Unit};
use crate::sheet::{Found, FoundWorkbook};
use crate::template::{Stamp, form_hash, forms_for};
use crate::value::{squeeze, squeezed};

/// Label before the unit's name below the title of each sheet.
const UNIT_LABEL: &str = "填报单位\u{3A}";
/// The name of the unit stands in one of the first rows of a sheet.
const TITLE_ROWS: u32 = 12;

/// Whose a workbook is and which forms it should hold.
pub(super) struct Whose<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Names of the sheets by form id.
    pub forms: IndexMap<String, String>,
    /// How often it had been returned for correction.
    pub revision: u32,
    /// The round of which it is, by its stamp.
    pub round: Option<u32>,
    /// Forms that were issued with other columns than they have now, by id.
    pub older: BTreeSet<String>,
}

/// Why a workbook is nobody's.
pub(super) struct Nobodys {
    /// Code.
    pub code: Code,
    /// Reason.
    pub reason: String,
}

fn nobodys<T>(code: Code, reason: impl Into<String>) -> Result<T, Nobodys> {
    let reason = reason.into();
    Err(Nobodys { code, reason })
}

/// Finds out whose a workbook is; adds what disagrees.
pub(super) fn whose<'a>(
    workbook: &FoundWorkbook,
    file: &str,
    policy: &Policy,
    roster: &'a Roster,
    findings: &mut Vec<Finding>,
) -> Result<Whose<'a>, Nobodys> {
    let mut note = |code, message: String| {
        findings.push(Finding::new(code, Place::file(file), message));
    };
    let stamp = workbook.sheets.iter().find_map(Stamp::from_sheet);
    let whose = match &stamp {
        Some(stamp) => by_stamp(stamp, policy, roster, &mut note)?,
        None => by_content(workbook, file, policy, roster, &mut note)?,
    };
    if stamp.is_some()
        && let Named::One(other) = in_file_name(file, roster)
        && other.code != whose.unit.code
    {
        let message = format!(
            "文件名写的是{}，文件却是下发给{}的；按下发的单位计",
            other.name, whose.unit.name
        );
        note(Code::FileNameDiffers, message);
    }
    Ok(whose)
}

fn by_stamp<'a>(
    stamp: &Stamp,
    policy: &Policy,
    roster: &'a Roster,
    note: &mut impl FnMut(Code, String),
) -> Result<Whose<'a>, Nobodys> {
    let pack = &policy.pack;
    if stamp.pack != pack.id || stamp.year != pack.year.to_string() {
        let reason = format!(
            "文件属于“{}”{}年，本次是“{}”{}年",
            stamp.pack, stamp.year, pack.id, pack.year
        );
        return nobodys(Code::StampMismatch, reason);
    }
    let Some(unit) = roster.unit(&stamp.unit) else {
        let (code, name) = (&stamp.unit, &stamp.unit_name);
        let reason = format!("名册里没有编号为“{code}”的单位（{name}）");
        return nobodys(Code::UnitUnknown, reason);
    };
    // A code that was given to another unit since must not move the return.
    if let Some(other) = roster.unit_named(&stamp.unit_name)
        && other.code != unit.code
    {
        let reason = format!(
            "文件下发给{}时的编号{}，名册里现在是{}的",
            other.name, unit.code, unit.name
        );
        return nobodys(Code::CoverDiffers, reason);
    }
    if !stamp.round.is_empty() && stamp.round != pack.round.to_string() {
        let message = format!("文件是第{}轮的，本次是第{}轮", stamp.round, pack.round);
        note(Code::RoundDiffers, message);
    }
    let changed = |(id, form): &(&String, &Form)| {
        let hash = stamp.hashes.get(*id);
        hash.is_some_and(|hash| *hash != form_hash(form))
    };
    let older: BTreeSet<String> = policy
        .forms
        .iter()
        .filter(changed)
        .map(|(id, _)| id.clone())
        .collect();
    if !older.is_empty() {
        note(Code::FormsDiffer, Code::FormsDiffer.title().to_owned());
    }
    Ok(Whose {
        unit,
        forms: stamp.forms.clone(),
        revision: stamp.revision,
        round: stamp.round.parse().ok(),
        older,
    })
}

fn by_content<'a>(
    workbook: &FoundWorkbook,
    file: &str,
    policy: &Policy,
    roster: &'a Roster,
    note: &mut impl FnMut(Code, String),
) -> Result<Whose<'a>, Nobodys> {
    let holds_form = workbook.sheets.iter().any(|sheet| {
        let texts = Texts::of(sheet);
        let mut forms = policy.intake_forms();
        forms.any(|form| {
            locate_among(&texts, form).is_some_and(|located| located.missing.is_empty())
        })
    });
    if !holds_form {
        let reason = "不是本次考核的填报文件：没有下发标记，也没有一张表的表头与下发的一致";
        return nobodys(Code::NotOurs, reason);
    }
    let (unit, by) = match on_sheets(workbook, policy, roster) {
        Named::One(unit) => (unit, "表上写的单位"),
        Named::Several(names) => {
            let names = names.join("、");
            let reason = format!("没有下发文件的标记，表上又写了几个单位：{names}");
            return nobodys(Code::NotOurs, reason);
        }
        Named::None => match in_file_name(file, roster) {
            Named::One(unit) => (unit, "文件名"),
            _ => {
                let reason = "没有下发文件的标记，表上和文件名里也认不出是哪个单位";
                return nobodys(Code::NotOurs, reason);
            }
        },
    };
    if let Some(year) = cover_year(workbook, policy)
        && year != policy.pack.year.to_string()
    {
        let reason = format!("封面写的是{year}年度，本次是{}年度", policy.pack.year);
        return nobodys(Code::StampMismatch, reason);
    }
    let message = format!("文件没有下发标记，按{by}认定是{}的", unit.name);
    note(Code::StampMissing, message);
    let forms = forms_for(policy, roster, unit)
        .iter()
        .map(|form| (form.id.clone(), form.sheet.clone()))
        .collect();
    Ok(Whose {
        unit,
        forms,
        revision: 0,
        round: None,
        older: BTreeSet::new(),
    })
}

/// How many units were named.
enum Named<'a> {
    /// None.
    None,
    /// One.
    One(&'a Unit),
    /// Several; their names.
    Several(Vec<String>),
}

fn named<'a>(mut units: Vec<&'a Unit>) -> Named<'a> {
    units.sort_by(|a, b| a.code.cmp(&b.code));
    units.dedup_by(|a, b| a.code == b.code);
    match units.as_slice() {
        [] => Named::None,
        [unit] => Named::One(unit),
        several => Named::Several(several.iter().map(|unit| unit.name.clone()).collect()),
    }
}

/// The answer that the cover gives to the field of a kind.
fn cover_answer(workbook: &FoundWorkbook, policy: &Policy, id: &str) -> Option<String> {
    let cover = policy.cover()?;
    workbook.sheets.iter().find_map(|sheet| {
        let located = locate(sheet, cover)?;
        let found = sheet.cells.get(located.answers.get(id)?)?;
        Some(shown(found))
    })
}

fn cover_year(workbook: &FoundWorkbook, policy: &Policy) -> Option<String> {
    let year = squeeze(&cover_answer(workbook, policy, "year")?);
    let digits: String = year.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The unit on the cover; else the one below the titles.
fn on_sheets<'a>(workbook: &FoundWorkbook, policy: &Policy, roster: &'a Roster) -> Named<'a> {
    let field = policy.cover().and_then(|c| c.field_of_kind(&Kind::Unit));
    let on_cover = field
        .and_then(|field| cover_answer(workbook, policy, &field.id))
        .and_then(|name| roster.unit_named(&name));
    if let Some(unit) = on_cover {
        return Named::One(unit);
    }
    let titles = workbook
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.cells)
        .filter(|(cell, _)| cell.row < TITLE_ROWS)
        .filter_map(|(_, found)| match found {
            Found::Text(text) => Some(squeezed(text)),
            _ => None,
        })
        .filter_map(|text| text.strip_prefix(UNIT_LABEL).map(str::to_owned));
    named(titles.filter_map(|name| roster.unit_named(&name)).collect())
}

/// The one unit that is named by the name of a file, if one is.
pub(crate) fn unit_in_name<'a>(file: &str, roster: &'a Roster) -> Option<&'a Unit> {
    match in_file_name(file, roster) {
        Named::One(unit) => Some(unit),
        _ => None,
    }
}

/// The unit whose name or alias stands in the file's name, else in that of its
/// folder. Of names within names the longest counts.
fn in_file_name<'a>(file: &str, roster: &'a Roster) -> Named<'a> {
    for part in file.rsplit('/') {
        let part = squeezed(part);
        let mut hits = roster.units_within(&part);
        // A name of many pages may hold one a thousand times.
        hits.sort_unstable_by_key(|(name, unit)| (*name, unit.code.as_str()));
        hits.dedup_by_key(|(name, unit)| (*name, unit.code.as_str()));
        let is_longest = |name: &str| {
            let mut others = hits.iter().map(|(other, _)| *other);
            !others.any(|other| other != name && other.contains(name))
        };
        let longest = hits.iter().filter(|(name, _)| is_longest(name));
        let found = named(longest.map(|(_, unit)| *unit).collect());
        if !matches!(found, Named::None) {
            return found;
        }
    }
    Named::None
}
