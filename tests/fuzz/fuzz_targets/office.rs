//! The office's own workbooks as people change them: cells of the first roster, or
//! of a 裁定.xlsx, hold other texts, numbers and days. The first byte says which of
//! the two; then come lines: sheet, row, column, what it is, and its text.

#![no_main]

use std::sync::LazyLock;

use kaohe::clock::today;
use kaohe::policy::{PackSource, Policy, load};
use kaohe::roster::{Roster, read_roster, roster_workbook};
use kaohe::ruling::{Rulings, Take, read_rulings, rulings_workbook};
use kaohe::sheet::{Cell, Found, FoundWorkbook, Workbook, open, write};
use libfuzzer_sys::fuzz_target;

static POLICY: LazyLock<Policy> =
    LazyLock::new(|| load(&PackSource::builtin()).expect("the built-in pack"));
static BOOK: LazyLock<FoundWorkbook> =
    LazyLock::new(|| reopened(&roster_workbook(&POLICY, today(Some("2018-12-31")).expect("a day"))));
static ROSTER: LazyLock<Roster> = LazyLock::new(|| {
    let roster = read_roster(Ok(BOOK.clone()), &POLICY, "名册.xlsx");
    roster.expect("the roster is read").value
});
static RULINGS: LazyLock<FoundWorkbook> = LazyLock::new(|| {
    let none = Rulings::default();
    reopened(&rulings_workbook(&none, &POLICY, &ROSTER, today(Some("2018-12-31")).expect("a day")))
});

fn reopened(book: &Workbook) -> FoundWorkbook {
    open(&write(book).expect("it is written")).expect("it opens")
}

/// The cells that the lines name hold what they say.
fn change(book: &mut FoundWorkbook, lines: &[u8]) {
    let sheets = book.sheets.len();
    for line in lines.split(|byte| *byte == b'\n') {
        let [sheet, row, column, what, text @ ..] = line else {
            continue;
        };
        let text = String::from_utf8_lossy(text).into_owned();
        let found = match what % 4 {
            0 | 1 => Found::Text(text.into()),
            2 => match text.trim().parse() {
                Ok(number) => Found::Number(number),
                Err(_) => continue,
            },
            _ => match text.trim().parse() {
                Ok(day) => Found::Date(day, 0),
                Err(_) => continue,
            },
        };
        if let Some(sheet) = book.sheets.get_mut(usize::from(*sheet) % sheets) {
            let cell = Cell::new(u32::from(*row), u16::from(*column % 32));
            sheet.cells.insert(cell, found);
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((which, lines)) = bytes.split_first() else {
        return;
    };
    if which % 2 == 0 {
        let mut book = BOOK.clone();
        change(&mut book, lines);
        let _ = read_roster(Ok(book), &POLICY, "名册.xlsx");
    } else {
        let mut book = RULINGS.clone();
        change(&mut book, lines);
        let edits = read_rulings(&book, "裁定.xlsx", Take::All, &POLICY, &ROSTER);
        let _ = edits.value.rulings();
    }
});
