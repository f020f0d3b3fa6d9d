//! .xls and .et. The library takes any stream called Workbook, also one of an
//! embedded object, trusts the code page, and reads as a whole: so the stream
//! at the root is taken out, looked over, and given to it alone, with its cells
//! moved together so that no grid is made of what is empty.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Reader, SheetType, Xls, XlsError, XlsOptions};

use super::used::Used;
use super::xls_beside::{Looks, OfSheet};
use super::{
    FoundSheet, OpenError, Room, area, begun, beside, damaged, fill, listed, short_name,
    too_large_a_grid, too_many_sheets,
};
use crate::sheet::{compound, limits, sealed};

/// Record types, by [MS-XLS] 2.3.
pub(super) mod record {
    pub const BOF: u16 = 0x0809;
    pub const EOF: u16 = 0x000A;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const FILE_PASS: u16 = 0x002F;
    /// Records that are not encrypted where others are.
    pub const NEVER_SEALED: [u16; 7] = [BOF, FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138];
    pub const DIMENSIONS: u16 = 0x0200;
    pub const ROW: u16 = 0x0208;
    /// Several numbers side by side.
    pub const MULTIPLE: u16 = 0x00BD;
    /// Records that begin with the row and column of a cell that is not blank.
    pub const CELLS: [u16; 8] = [
        0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006, MULTIPLE,
    ];
}
/// Formulas as the oldest versions wrote them, over which the library passes.
const OLD_FORMULAS: [u16; 2] = [0x0206, 0x0406];
/// The version in a BOF record of BIFF8, in which all text is Unicode.
const BIFF8: u16 = 0x0600;
/// The code page that means Unicode.
const UNICODE: u16 = 1200;
/// The bit of a row's flags that says that it is hidden.
const ROW_HIDDEN: u16 = 0x0020;

/// Reads every sheet, and says whether there are macros, and whether it is of a
/// version so old that nothing but values is read of it.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<FoundSheet>, bool, bool), OpenError> {
    let incomplete = |_| damaged("文件不完整");
    let mut file = compound::open(bytes).map_err(incomplete)?;
    let root = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name))
        .ok_or(OpenError::NotWorkbook)?;
    let mut stream = Vec::new();
    file.open_stream(root)
        .and_then(|mut part| part.read_to_end(&mut stream))
        .map_err(incomplete)?;
    let macros = file.is_storage("/_VBA_PROJECT_CUR");
    unseal(&mut stream)?;
    let mut book = look_over(&mut stream)?;
    let alone = compound::alone(root, &stream).map_err(|_| damaged("重新整理时出错"))?;
    let mut options = XlsOptions::default();
    options.force_codepage = book.biff8.then_some(UNICODE);
    let mut file = Xls::new_with_options(Cursor::new(alone), options)?;
    let mac = file.has_1904_epoch();
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for (index, sheet) in listed(file.sheets_metadata())?.iter().enumerate() {
        let mut found = begun(sheet);
        found.days_of_1904 = mac;
        let Some(seen) = book.sheets.get_mut(index) else {
            return Err(damaged("工作表的目录前后不一"));
        };
        found.hidden_rows = std::mem::take(&mut seen.hidden);
        if sheet.typ == SheetType::WorkSheet {
            let formulas = file.worksheet_formula(&sheet.name)?;
            let cells = file.worksheet_range(&sheet.name)?;
            fill(&mut found, &cells, &formulas, &seen.used, &mut room)?;
            let merges = file.merge_cells_by_sheet_name(&sheet.name)?;
            room.merged(&sheet.name, merges.len())?;
            found.merges = merges.iter().filter_map(area).collect();
            let OfSheet { cells, attached } = std::mem::take(&mut seen.beside);
            for one in &attached {
                room.attached(one, &found.name)?;
            }
            found.attached = attached;
            beside::add_to(&mut found, cells, &mut room)?;
        }
        sheets.push(found);
    }
    Ok((sheets, macros, !book.biff8))
}

/// What was seen in the stream before the library reads it.
#[derive(Default)]
struct Book {
    /// All text is Unicode.
    biff8: bool,
    /// The sheets in the order in which they are listed.
    sheets: Vec<Seen>,
}

/// What was seen of a sheet.
#[derive(Default)]
struct Seen {
    /// Hidden rows.
    hidden: BTreeSet<u32>,
    /// Rows and columns with cells.
    used: Used,
    /// Where it claims its size.
    claims: Vec<usize>,
    /// Records of its cells: what they are, and where their bodies begin and end.
    cells: Vec<(u16, usize, usize)>,
    /// Cells that the library would leave out.
    has_old_formulas: bool,
    /// Where it ends.
    end: usize,
    /// What stands beside its values.
    beside: OfSheet,
}

/// Decrypts a stream that opens without a password. Afterwards its record of the
/// password is none.
///
/// # Errors
/// When the password is somebody's own.
fn unseal(stream: &mut [u8]) -> Result<(), OpenError> {
    let head = records(stream, 0).take_while(|record| record.kind != record::EOF);
    let Some(pass) = head.skip(1).find(|record| record.kind == record::FILE_PASS) else {
        return Ok(());
    };
    let body = stream.get(pass.body..pass.body + pass.length);
    let mixed = sealed::old_stream(body.unwrap_or_default(), stream.len());
    let mixed = mixed.ok_or(OpenError::Protected)?;
    let all: Vec<Record> = records(stream, 0).collect();
    for record in all {
        let plain = match record.kind {
            kind if record::NEVER_SEALED.contains(&kind) => continue,
            // Where the sheet is stands there for everybody to see.
            record::BOUND_SHEET => 4,
            _ => 0,
        };
        let from = record.body + plain.min(record.length);
        let range = from..record.body + record.length;
        if let (Some(bytes), Some(with)) = (stream.get_mut(range.clone()), mixed.get(range)) {
            sealed::mix(bytes, with);
        }
    }
    // No record has this number.
    if let Some(kind) = stream.get_mut(pass.at..pass.at + 2) {
        kind.copy_from_slice(&[0xFF, 0xFF]);
    }
    Ok(())
}

/// Looks through the records. What a sheet claims as its size is reset, since
/// the library makes room for it before it has seen a cell; and its cells are
/// moved together.
fn look_over(stream: &mut [u8]) -> Result<Book, OpenError> {
    let mut book = Book::default();
    let mut sheets = Vec::new();
    if stream.len() < 8 || short(stream, 0) != record::BOF {
        return Err(damaged("开头不是工作簿"));
    }
    for record in records(stream, 0) {
        match record.kind {
            record::BOF if record.at == 0 => book.biff8 = short(stream, record.body) == BIFF8,
            record::BOUND_SHEET if record.length >= 4 => {
                let low = usize::from(short(stream, record.body));
                let high = usize::from(short(stream, record.body + 2));
                sheets.push((low | high << 16, name(stream, &record, book.biff8)));
            }
            record::EOF => break,
            _ => {}
        }
    }
    if sheets.len() > limits::SHEETS {
        return Err(too_many_sheets(sheets.len()));
    }
    let mut grid = 0;
    for (start, name) in &sheets {
        if short(stream, *start) != record::BOF {
            let name = short_name(name);
            return Err(damaged(format!("工作表“{name}”的内容不在文件里")));
        }
        let seen = look_over_sheet(stream, *start);
        if seen.has_old_formulas {
            let name = short_name(name);
            return Err(damaged(format!(
                "工作表“{name}”里有很旧写法的公式，读不出；请用 WPS 或 Excel 打开，另存为 .xlsx 再交"
            )));
        }
        grid += seen.used.grid();
        if grid > limits::GRID {
            return Err(too_large_a_grid(name, &seen.used));
        }
        book.sheets.push(seen);
    }
    // Cells that two sheets have in common would be moved twice.
    let mut spans: Vec<(usize, usize)> = sheets
        .iter()
        .zip(&book.sheets)
        .map(|((start, _), seen)| (*start, seen.end))
        .collect();
    spans.sort_unstable();
    if spans
        .windows(2)
        .any(|two| matches!(two, [one, other] if one.1 > other.0))
    {
        return Err(damaged("有两个工作表互相重叠"));
    }
    if book.biff8 {
        let looks = Looks::of(stream);
        for ((start, _), seen) in sheets.iter().zip(&mut book.sheets) {
            seen.beside = looks.sheet(stream, *start);
        }
    }
    for seen in &book.sheets {
        move_together(stream, seen);
    }
    Ok(book)
}

/// The name of a listed sheet.
fn name(stream: &[u8], record: &Record, biff8: bool) -> String {
    let body = stream.get(record.body..record.body + record.length);
    let Some([_, _, _, _, _, _, length, rest @ ..]) = body else {
        return String::new();
    };
    let length = usize::from(*length);
    match rest {
        [flags, letters @ ..] if biff8 && flags & 1 == 1 => {
            let letters = letters.get(..2 * length).unwrap_or(letters);
            encoding_rs::UTF_16LE.decode(letters).0.into_owned()
        }
        [_, letters @ ..] if biff8 => {
            let letters = letters.iter().take(length);
            letters.map(|letter| char::from(*letter)).collect()
        }
        letters => {
            let letters = letters.get(..length).unwrap_or(letters);
            encoding_rs::GBK.decode(letters).0.into_owned()
        }
    }
}

/// Gives each cell the place of its row and column among those that are used.
fn move_together(stream: &mut [u8], seen: &Seen) {
    for at in &seen.claims {
        // One row, one column.
        let size = stream.get(at - 2).copied().unwrap_or(0);
        let one: &[u8] = if size >= 14 {
            &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]
        } else {
            &[0, 0, 1, 0, 0, 0, 1, 0]
        };
        if let Some(part) = stream.get_mut(*at..at + one.len()) {
            part.copy_from_slice(one);
        }
    }
    for (kind, body, end) in &seen.cells {
        move_to(stream, *body, |row| seen.used.row(row));
        move_to(stream, *body + 2, |column| seen.used.column(column));
        if *kind == record::MULTIPLE {
            move_to(stream, *end - 2, |column| seen.used.column(column));
        }
    }
}

/// Writes the place of a row or column among those that are used; what is not
/// used, in a record that is no good, stays as it is.
fn move_to(stream: &mut [u8], at: usize, place: impl Fn(u32) -> Option<u32>) {
    let place = place(u32::from(short(stream, at)));
    let place = place.and_then(|place| u16::try_from(place).ok());
    if let (Some(place), Some(part)) = (place, stream.get_mut(at..at + 2)) {
        part.copy_from_slice(&place.to_le_bytes());
    }
}

/// Hidden rows of a sheet, where it claims its size, and its cells.
fn look_over_sheet(stream: &[u8], start: usize) -> Seen {
    let mut seen = Seen::default();
    let (mut rows, mut columns) = (BTreeSet::new(), BTreeSet::new());
    let mut depth = 0;
    for record in records(stream, start) {
        seen.end = record.body + record.length;
        match record.kind {
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            // What is within a sheet is no sheet: the library passes over it.
            _ if depth > 1 => {}
            kind if OLD_FORMULAS.contains(&kind) => seen.has_old_formulas = true,
            record::DIMENSIONS => seen.claims.push(record.body),
            record::ROW
                if record.length >= 14 && short(stream, record.body + 12) & ROW_HIDDEN != 0 =>
            {
                seen.hidden.insert(u32::from(short(stream, record.body)));
            }
            kind if record::CELLS.contains(&kind) && record.length >= 4 => {
                rows.insert(u32::from(short(stream, record.body)));
                let first = u32::from(short(stream, record.body + 2));
                columns.insert(first);
                if kind == record::MULTIPLE {
                    // Row, first column, six bytes a cell, last column.
                    let count = record.length.saturating_sub(6) as u32 / 6;
                    columns.extend(first..first + count);
                }
                seen.cells.push((kind, record.body, seen.end));
            }
            _ => {}
        }
    }
    seen.used = Used::new(rows, columns);
    seen
}

/// A record of the stream.
pub(super) struct Record {
    pub kind: u16,
    at: usize,
    pub body: usize,
    pub length: usize,
}

/// The whole records of a stream from a position to its end.
pub(super) fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Record> + '_ {
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
pub(super) fn short(stream: &[u8], at: usize) -> u16 {
    match stream.get(at..at + 2) {
        Some(two) => u16::from_le_bytes([two[0], two[1]]),
        None => 0,
    }
}

impl From<XlsError> for OpenError {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => OpenError::Protected,
            XlsError::Len { .. } | XlsError::ContinueRecordTooShort | XlsError::EoStream(_) => {
                damaged("内容不完整")
            }
            _ => damaged("里面有不合规范的记录"),
        }
    }
}
