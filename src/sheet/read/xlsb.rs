//! .xlsb: cells and formulas from iterators. The library tells neither merged
//! cells nor hidden rows of this format, and passes over cells in the short
//! form, which some programs write: those are given their long form first.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Reader, SheetType, Xlsb, XlsbError};

use super::value::{position, value};
use super::{FoundSheet, OpenError, Room, begun, damaged, listed, short_name};
use crate::sheet::limits;
use crate::sheet::parts::{Parts, stored};

/// Reads every sheet.
pub(super) fn read(parts: Parts) -> Result<Vec<FoundSheet>, OpenError> {
    let stored = looked_over(&parts)?;
    drop(parts);
    let mut file = Xlsb::new(Cursor::new(stored.as_slice()))?;
    let mac = file.has_1904_epoch();
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for sheet in listed(file.sheets_metadata())? {
        let mut found = begun(&sheet);
        found.days_of_1904 = mac;
        if sheet.typ == SheetType::WorkSheet {
            let broken = |what: &str| {
                let name = short_name(&sheet.name);
                damaged(format!("工作表“{name}”{what}"))
            };
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
                room.take(&value, &sheet.name, cell)?;
                if found.cells.insert(cell, value).is_some() {
                    return Err(broken("有重复的单元格"));
                }
            }
        }
        sheets.push(found);
    }
    Ok(sheets)
}

/// Record types, by [MS-XLSB] 2.3.2.
mod record {
    pub const ROW: u32 = 0;
    /// Cells that say their column: the first four bytes.
    pub const CELLS: std::ops::RangeInclusive<u32> = 1..=11;
    /// Cells that stand beside the one before them and do not say their column;
    /// each is one of `CELLS` eleven numbers below.
    pub const SHORT_CELLS: std::ops::RangeInclusive<u32> = 12..=18;
    pub const SHORT: u32 = 11;
}
/// A container of the parts with all cells in the long form. Records that claim
/// more than is there end the reading: the library would make room for them first.
fn looked_over(parts: &Parts) -> Result<Vec<u8>, OpenError> {
    let mut made: Vec<(&str, Cow<'_, [u8]>)> = Vec::new();
    for (name, content) in parts.iter() {
        let content = match name.ends_with(".bin") {
            true => {
                let cells = long_cells(content).ok_or_else(|| damaged("内容不完整"))?;
                match cells {
                    (longer, true) if name.contains("sheets/") => Cow::Owned(longer),
                    _ => Cow::Borrowed(content),
                }
            }
            false => Cow::Borrowed(content),
        };
        made.push((name, content));
    }
    stored(made.iter().map(|(name, content)| (*name, content.as_ref())))
}

/// The records of a sheet with all cells in the long form, and whether any was
/// not.
fn long_cells(part: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut made = Vec::with_capacity(part.len());
    let mut any = false;
    let mut at = 0;
    let mut column = 0u32;
    while at < part.len() {
        let begin = at;
        let kind = number(part, &mut at, 2)?;
        let length = number(part, &mut at, 4)? as usize;
        if length > limits::RECORD {
            return None;
        }
        let body = part.get(at..at.checked_add(length)?)?;
        at += length;
        if record::SHORT_CELLS.contains(&kind) {
            any = true;
            made.push((kind - record::SHORT) as u8);
            write_number(&mut made, length as u32 + 4);
            made.extend(column.to_le_bytes());
            made.extend(body);
            column = column.saturating_add(1);
            continue;
        }
        if kind == record::ROW {
            column = 0;
        } else if record::CELLS.contains(&kind) {
            let own: [u8; 4] = body.get(..4)?.try_into().ok()?;
            column = u32::from_le_bytes(own).saturating_add(1);
        }
        made.extend(&part[begin..at]);
    }
    Some((made, any))
}

/// A number of at most so many bytes, seven bits in each, lowest first.
fn number(part: &[u8], at: &mut usize, most: u32) -> Option<u32> {
    let mut number = 0;
    for index in 0..most {
        let byte = *part.get(*at)?;
        *at += 1;
        number |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

/// Writes a number in seven bits a byte.
fn write_number(made: &mut Vec<u8>, mut number: u32) {
    while number > 0x7F {
        made.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    made.push(number as u8);
}

impl From<XlsbError> for OpenError {
    fn from(error: XlsbError) -> Self {
        match error {
            XlsbError::Password => OpenError::Protected,
            _ => damaged("里面有不合规范的记录"),
        }
    }
}
