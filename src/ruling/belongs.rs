//! To which assessment rulings belong: pack, year and round. A folder that was
//! copied must not carry last year's exemptions into this year.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::form::shown;
use crate::policy::Policy;
use crate::sheet::{FoundSheet, FoundWorkbook, Sheet};
use crate::template::{stamp_lines, stamp_sheet};
use crate::value::squeeze;

/// The layout of the stamp that this program writes and reads.
const FORMAT: &str = "rulings/1";
/// The sheet of the consolidated workbook that says what it was made from.
pub const RUN: &str = "运行信息";
/// Label of the line on the consolidated workbook that says the same.
pub const ASSESSMENT: &str = "本次考核";
/// Label of the line that says pack and version; workbooks of before have only that.
pub const VERSION: &str = "方案版本";
/// The year stands in one of the first rows of a sheet of rulings.
const TITLE_ROWS: u32 = 6;

/// How many rulings a run knew, and to which assessment they belonged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRulings {
    /// How many, of all kinds.
    pub count: usize,
    /// Of which assessment.
    pub of: Belongs,
}

/// The assessment to which something belongs, as far as it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belongs {
    /// Id of the pack.
    pub pack: Option<String>,
    /// Year.
    pub year: Option<String>,
    /// Round of reporting.
    pub round: Option<String>,
}

impl Belongs {
    /// What belongs to the assessment of a pack.
    pub fn of(policy: &Policy) -> Self {
        Belongs {
            pack: Some(policy.pack.id.clone()),
            year: Some(policy.pack.year.to_string()),
            round: Some(policy.pack.round.to_string()),
        }
    }

    /// Whether it says itself that it belongs to another assessment. What it does
    /// not say (workbooks of before said nothing but the year) speaks against none.
    pub fn is_foreign(&self, to: &Belongs) -> bool {
        [
            (&self.pack, &to.pack),
            (&self.year, &to.year),
            (&self.round, &to.round),
        ]
        .iter()
        .any(|(own, other)| own.is_some() && other.is_some() && own != other)
    }

    /// As a very hidden sheet of the workbook with rulings.
    pub fn to_sheet(&self) -> Sheet {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        stamp_sheet([
            ("format", FORMAT.to_owned()),
            ("pack", text(&self.pack)),
            ("year", text(&self.year)),
            ("round", text(&self.round)),
        ])
    }

    /// What a workbook says: by its stamp, else by the line of a consolidated
    /// workbook, else by what is printed on its sheets.
    pub fn read(workbook: &FoundWorkbook) -> Self {
        let sheets = || workbook.sheets.iter();
        sheets()
            .find_map(stamped)
            .or_else(|| sheets().find_map(told))
            .unwrap_or_else(|| Belongs {
                pack: sheets().find_map(version),
                year: sheets().find_map(printed_year),
                round: None,
            })
    }
}

impl fmt::Display for Belongs {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.pack.as_ref().map(|pack| format!("“{pack}”")),
            self.year.as_ref().map(|year| format!("{year}年")),
            self.round.as_ref().map(|round| format!("第{round}轮")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        to.write_str(&parts.concat())
    }
}

/// What stands beside a text on a sheet.
fn beside(sheet: &FoundSheet, label: &str) -> Option<String> {
    let mut cells = sheet.cells.iter();
    let (at, _) = cells.find(|(_, found)| squeeze(&shown(found)) == label)?;
    let row = sheet.cells.iter().filter(|(cell, _)| cell.row == at.row);
    let mut right = row.filter(|(cell, _)| cell.column > at.column);
    right
        .next()
        .map(|(_, found)| shown(found).trim().to_owned())
}

fn stamped(sheet: &FoundSheet) -> Option<Belongs> {
    let lines = stamp_lines(sheet, FORMAT)?;
    Some(Belongs {
        pack: lines.get("pack").cloned(),
        year: lines.get("year").cloned(),
        round: lines.get("round").cloned(),
    })
}

/// The line of a consolidated workbook, as [`Belongs`] is shown.
fn told(sheet: &FoundSheet) -> Option<Belongs> {
    let told = beside(sheet, ASSESSMENT)?;
    let (pack, rest) = told.strip_prefix('“')?.split_once('”')?;
    let (year, rest) = rest.split_once('年')?;
    let round = rest.strip_prefix('第')?.strip_suffix('轮')?;
    Some(Belongs {
        pack: Some(pack.to_owned()),
        year: Some(year.to_owned()),
        round: Some(round.to_owned()),
    })
}

/// The pack by the line of its version, for example `anhua-2018 第1版`.
fn version(sheet: &FoundSheet) -> Option<String> {
    let told = beside(sheet, VERSION)?;
    told.split_whitespace().next().map(str::to_owned)
}

/// The year that is printed below the title, for example 2018年度.
fn printed_year(sheet: &FoundSheet) -> Option<String> {
    let top = sheet.cells.iter().filter(|(cell, _)| cell.row < TITLE_ROWS);
    top.map(|(_, found)| squeeze(&shown(found)))
        .find_map(|text| {
            let year = text.strip_suffix("年度")?;
            let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
            is_year.then(|| year.to_owned())
        })
}
