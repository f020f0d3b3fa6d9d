//! A county of 80 units and 5,000 entries: its workbook is made, recalculated,
//! and left in `target/large/` to be looked at: `tests/run.sh large`.

use crate::common::county::county;
use jiff::civil::date;
use kaohe::report::workbook;
use kaohe::sheet::{Content, open, write};
use rust_decimal::Decimal;

#[test]
#[ignore = "takes a minute; run it to look at the pages"]
fn eighty_units_and_five_thousand_entries() {
    let mut county = county(11, 80);
    // Ordinary returns are shorter; these are filled to the size that is asked for.
    for sent in &mut county.returns {
        let Some(rows) = sent.rows.get_mut("funds") else {
            continue;
        };
        let own = rows.clone();
        for (turn, row) in (0..40).zip(own.iter().cycle()) {
            let mut more = row.clone();
            let amount = Decimal::from(1_000 + 37 * turn);
            more.insert("amount", Content::Number(amount));
            let month = i8::try_from(turn % 12 + 1).expect("a month");
            more.insert("date", Content::Date(date(2018, month, 1 + month)));
            rows.push(more);
        }
    }
    let files = county.files();
    let start = std::time::Instant::now();
    let assessment = county.world.assess_bytes(&files);
    let entries = assessment.reconciled.ledger().entries.len();
    println!(
        "{entries} entries of {} returns in {:?}",
        files.len(),
        start.elapsed()
    );
    assert!(entries >= 5_000, "only {entries} entries");
    let book = workbook(&county.world.policy, &assessment.book, date(2018, 12, 31));
    let bytes = write(&book.expect("workbook")).expect("written");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/large");
    std::fs::create_dir_all(&folder).expect("folder");
    std::fs::write(folder.join("large.xlsx"), &bytes).expect("saved");
    let spoiled = crate::common::with_sheets(&bytes, crate::common::spoil);
    let options = formualizer::XlsxRecalculateOptions::default();
    let again = formualizer::recalculate_xlsx_bytes(&spoiled, options).expect("recalculates");
    let (ours, theirs) = (
        open(&bytes).expect("opens"),
        open(&again.bytes).expect("opens"),
    );
    let mut compared = 0;
    for (sheet, other) in ours.sheets.iter().zip(&theirs.sheets) {
        for (cell, found) in &sheet.cells {
            let same = match (found, other.cells.get(cell)) {
                (kaohe::sheet::Found::Number(a), Some(kaohe::sheet::Found::Number(b))) => {
                    (a - b).abs() < Decimal::new(1, 8)
                }
                (a, b) => Some(a) == b,
            };
            assert!(same, "{} {}", sheet.name, cell.name());
            compared += usize::from(sheet.formulas.contains(cell));
        }
    }
    println!("{compared} formulas recomputed and equal");
}
