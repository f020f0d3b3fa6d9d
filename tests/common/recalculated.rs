//! Every formula of a workbook, worked out again by an engine that is not this
//! program, against the value that was stored with it.

use kaohe::sheet::{Found, FoundWorkbook, open};

use super::{spoil, with_sheets};

/// How many formulas a workbook has; each is worked out again and equal.
pub fn recalculated(bytes: &[u8]) -> Result<usize, String> {
    // All stored values are spoiled first, so that an engine that merely
    // keeps what it finds cannot pass.
    let options = formualizer::XlsxRecalculateOptions::default();
    let spoiled = spoiled_workbook(bytes);
    let again = formualizer::recalculate_xlsx_bytes(&spoiled, options).expect("recalculates");
    let ours = open(bytes).expect("our workbook opens");
    let theirs = open(&again.bytes).expect("recalculated workbook opens");
    let spoiled = open(&spoiled).expect("spoiled workbook opens");
    let compared = compare(&spoiled, &ours, &theirs)?;
    assert_eq!(compared, again.formula_cells, "no formula is left out");
    assert_eq!(compared, formula_count(&spoiled), "no formula is left out");
    Ok(compared)
}

/// How many formulas there are.
pub fn formula_count(workbook: &FoundWorkbook) -> usize {
    workbook.sheets.iter().map(|s| s.formulas.len()).sum()
}

/// Compares every formula cell of two workbooks and gives how many there were.
/// Which cells hold formulas is asked of the spoiled one, because a formula
/// that gives the empty text is read as an empty cell.
pub fn compare(
    spoiled: &FoundWorkbook,
    ours: &FoundWorkbook,
    theirs: &FoundWorkbook,
) -> Result<usize, String> {
    let mut compared = 0;
    let mut differ = Vec::new();
    for sheet in &ours.sheets {
        let other = theirs.sheets.iter().find(|s| s.name == sheet.name);
        let other = other.unwrap_or_else(|| panic!("sheet {} is gone", sheet.name));
        let formulas = spoiled.sheets.iter().find(|s| s.name == sheet.name);
        for cell in &formulas.expect("the same sheets").formulas {
            compared += 1;
            let (ours, theirs) = (sheet.cells.get(cell), other.cells.get(cell));
            if !equal(ours, theirs) {
                differ.push(format!(
                    "{}!{}: {ours:?} / {theirs:?}",
                    sheet.name,
                    cell.name()
                ));
            }
        }
    }
    match differ.is_empty() {
        true => Ok(compared),
        false => Err(format!(
            "{} of {compared} formulas differ:\n{}",
            differ.len(),
            differ[..differ.len().min(40)].join("\n")
        )),
    }
}

/// Equal; numbers to within what a double can hold of a figure in 元.
fn equal(ours: Option<&Found>, theirs: Option<&Found>) -> bool {
    match (ours, theirs) {
        (Some(Found::Number(a)), Some(Found::Number(b))) => {
            (a - b).abs() < rust_decimal::Decimal::new(1, 8)
        }
        (Some(Found::Text(text)), None) | (None, Some(Found::Text(text))) => text.is_empty(),
        (a, b) => a == b,
    }
}

/// The same workbook with every stored result of a formula replaced.
pub fn spoiled_workbook(bytes: &[u8]) -> Vec<u8> {
    with_sheets(bytes, spoil)
}
