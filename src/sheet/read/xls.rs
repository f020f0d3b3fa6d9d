//! .xls and .et. The library takes any stream called Workbook, also one of an
//! embedded object, trusts the code page, and reads as a whole: so the stream
//! at the root is taken out, looked over, and given to it alone.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Reader, SheetType, Xls, XlsError, XlsOptions};

use super::{FoundSheet, OpenError, Room, begun, damaged, fill, listed};
use crate::sheet::{compound, limits};

/// Record types, by [MS-XLS] 2.3.
mod record {
    pub const BOF: u16 = 0x0809;
    pub const EOF: u16 = 0x000A;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const FILE_PASS: u16 = 0x002F;
    pub const DIMENSIONS: u16 = 0x0200;
    pub const ROW: u16 = 0x0208;
    /// Several numbers side by side.
    pub const MULTIPLE: u16 = 0x00BD;
    /// Records that begin with the row and column of a cell that is not blank.
    pub const CELLS: [u16; 8] = [
        0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006, MULTIPLE,
    ];
}
/// The version in a BOF record of BIFF8, in which all text is Unicode.
const BIFF8: u16 = 0x0600;
/// The code page that means Unicode.
const UNICODE: u16 = 1200;
/// The bit of a row's flags that says that it is hidden.
const ROW_HIDDEN: u16 = 0x0020;

/// Reads every sheet, and says whether there are macros.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<FoundSheet>, bool), OpenError> {
    let mut file = compound::open(bytes).map_err(damaged)?;
    let root = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name))
        .ok_or(OpenError::NotWorkbook)?;
    let mut stream = Vec::new();
    file.open_stream(root)
        .and_then(|mut part| part.read_to_end(&mut stream))
        .map_err(damaged)?;
    let macros = file.is_storage("/_VBA_PROJECT_CUR");
    let book = look_over(&mut stream)?;
    let alone = compound::alone(root, &stream).map_err(damaged)?;
    let mut options = XlsOptions::default();
    options.force_codepage = book.biff8.then_some(UNICODE);
    let mut file = Xls::new_with_options(Cursor::new(alone), options)?;
    let mac = file.has_1904_epoch();
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for (index, sheet) in listed(file.sheets_metadata())?.iter().enumerate() {
        let mut found = begun(sheet);
        found.days_of_1904 = mac;
        found.hidden_rows = book.hidden.get(index).cloned().unwrap_or_default();
        if sheet.typ == SheetType::WorkSheet {
            let formulas = file.worksheet_formula(&sheet.name)?;
            let cells = file.worksheet_range(&sheet.name)?;
            fill(&mut found, &cells, &formulas, &mut room)?;
            let merges = file.merge_cells_by_sheet_name(&sheet.name)?;
            found.merges = room.merged(&merges)?;
        }
        sheets.push(found);
    }
    Ok((sheets, macros))
}

/// What was seen in the stream before the library reads it.
#[derive(Default)]
struct Book {
    /// All text is Unicode.
    biff8: bool,
    /// Hidden rows by sheet, in the order in which the sheets are listed.
    hidden: Vec<BTreeSet<u32>>,
}

/// Looks through the records. What a sheet claims as its size is reset, since
/// the library makes room for it before it has seen a cell.
fn look_over(stream: &mut [u8]) -> Result<Book, OpenError> {
    let mut book = Book::default();
    let mut sheets = Vec::new();
    if stream.len() < 8 || short(stream, 0) != record::BOF {
        return Err(damaged("开头不是工作簿"));
    }
    for record in records(stream, 0) {
        match record.kind {
            record::BOF if record.at == 0 => book.biff8 = short(stream, record.body) == BIFF8,
            record::FILE_PASS if record.length >= 2 && short(stream, record.body) != 0 => {
                return Err(OpenError::Protected);
            }
            record::BOUND_SHEET if record.length >= 4 => {
                let low = usize::from(short(stream, record.body));
                let high = usize::from(short(stream, record.body + 2));
                sheets.push(low | high << 16);
            }
            record::EOF => break,
            _ => {}
        }
    }
    if sheets.len() > limits::SHEETS {
        return Err(OpenError::TooLarge);
    }
    let mut grid = 0;
    for sheet in sheets {
        if short(stream, sheet) != record::BOF {
            return Err(damaged("工作表的位置不在文件里"));
        }
        let (hidden, claims, size) = look_over_sheet(stream, sheet);
        grid += size;
        if grid > limits::GRID {
            return Err(OpenError::TooLarge);
        }
        book.hidden.push(hidden);
        for at in claims {
            // One row, one column.
            let size = stream.get(at - 2).copied().unwrap_or(0);
            let one: &[u8] = if size >= 14 {
                &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]
            } else {
                &[0, 0, 1, 0, 0, 0, 1, 0]
            };
            if let Some(part) = stream.get_mut(at..at + one.len()) {
                part.copy_from_slice(one);
            }
        }
    }
    Ok(book)
}

/// Hidden rows of a sheet, where it claims its size, and the rectangle of its
/// cells.
fn look_over_sheet(stream: &[u8], start: usize) -> (BTreeSet<u32>, Vec<usize>, u64) {
    let mut hidden = BTreeSet::new();
    let mut claims = Vec::new();
    let (mut last_row, mut last_column) = (0u64, 0u64);
    let mut depth = 0;
    for record in records(stream, start) {
        match record.kind {
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            record::DIMENSIONS => claims.push(record.body),
            record::ROW
                if record.length >= 14 && short(stream, record.body + 12) & ROW_HIDDEN != 0 =>
            {
                hidden.insert(u32::from(short(stream, record.body)));
            }
            kind if record::CELLS.contains(&kind) && record.length >= 4 => {
                last_row = last_row.max(short(stream, record.body).into());
                let first = short(stream, record.body + 2);
                last_column = last_column.max(first.into());
                if kind == record::MULTIPLE {
                    // Row, first column, six bytes a cell, last column.
                    let last = short(stream, record.body + record.length - 2);
                    let count = record.length.saturating_sub(6) as u64 / 6;
                    last_column = last_column.max(last.into()).max(u64::from(first) + count);
                }
            }
            _ => {}
        }
    }
    (hidden, claims, (last_row + 1) * (last_column + 1))
}

/// A record of the stream.
struct Record {
    kind: u16,
    at: usize,
    body: usize,
    length: usize,
}

/// The whole records of a stream from a position to its end.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Record> + '_ {
    let mut at = start;
    std::iter::from_fn(move || {
        let head = stream.get(at..at.checked_add(4)?)?;
        let record = Record {
            kind: u16::from_le_bytes([head[0], head[1]]),
            at,
            body: at + 4,
            length: usize::from(u16::from_le_bytes([head[2], head[3]])),
        };
        at = record.body + record.length;
        (at <= stream.len()).then_some(record)
    })
}

/// Two bytes, lowest first; 0 beyond the end.
fn short(stream: &[u8], at: usize) -> u16 {
    match stream.get(at..at + 2) {
        Some(two) => u16::from_le_bytes([two[0], two[1]]),
        None => 0,
    }
}

impl From<XlsError> for OpenError {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => OpenError::Protected,
            other => damaged(other),
        }
    }
}
