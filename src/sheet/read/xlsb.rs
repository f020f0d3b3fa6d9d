//! .xlsb: cells and formulas from iterators. The library tells neither merged
//! cells nor hidden rows of this format.

use std::io::Cursor;

use calamine::{Reader, SheetType, Xlsb, XlsbError};

use super::value::{position, value};
use super::{FoundSheet, OpenError, Room, begun, damaged, listed};

/// Reads every sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<FoundSheet>, OpenError> {
    let mut file = Xlsb::new(Cursor::new(bytes))?;
    let mac = file.has_1904_epoch();
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for sheet in listed(file.sheets_metadata())? {
        let mut found = begun(&sheet);
        found.days_of_1904 = mac;
        if sheet.typ == SheetType::WorkSheet {
            let broken = |what: &str| damaged(format!("工作表“{}”{what}", sheet.name));
            let mut formulas = file.worksheet_cells_reader(&sheet.name)?;
            while let Some(formula) = formulas.next_formula()? {
                if !formula.get_value().is_empty() {
                    let cell = position(formula.get_position());
                    found
                        .formulas
                        .insert(cell.ok_or_else(|| broken("有单元格超出范围"))?);
                }
            }
            drop(formulas);
            let mut cells = file.worksheet_cells_reader(&sheet.name)?;
            while let Some(record) = cells.next_cell()? {
                let cell = position(record.get_position());
                let cell = cell.ok_or_else(|| broken("有单元格超出范围"))?;
                let Some(value) = value(record.get_value().clone(), mac) else {
                    continue;
                };
                room.take(&value)?;
                if found.cells.insert(cell, value).is_some() {
                    return Err(broken("有重复的单元格"));
                }
            }
        }
        sheets.push(found);
    }
    Ok(sheets)
}

impl From<XlsbError> for OpenError {
    fn from(error: XlsbError) -> Self {
        match error {
            XlsbError::Password => OpenError::Protected,
            other => damaged(other),
        }
    }
}
