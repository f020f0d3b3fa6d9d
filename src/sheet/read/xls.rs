//! .xls and .et. The library takes any stream called Workbook, also one of an
//! embedded object, trusts the code page, and reads as a whole: so the stream
//! at the root is taken out, looked over, and given to it alone, with its cells
//! moved together so that no grid is made of what is empty.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, SheetType, Xls, XlsError, XlsOptions};

use super::room::{Room, too_large_a_grid, too_many_sheets};
use super::used::Used;
use super::value::position;
use super::xls_beside::{Looks, OfSheet};
use super::xls_records::{Record, record, records, short};
use super::{area, begun, fill, listed, seen};
use crate::sheet::refused::{damaged, short_name, two_ways, unknown};
use crate::sheet::{Cell, FoundSheet, OpenError, compound, limits, sealed};

/// Numbers of formats that the library takes from a file.
const FORMATS: [std::ops::RangeInclusive<u16>; 5] = [5..=8, 23..=26, 41..=44, 63..=66, 164..=382];
/// The version in a BOF record of BIFF8, in which all text is Unicode.
const BIFF8: u16 = 0x0600;
/// The code page that means Unicode.
const UNICODE: u16 = 1200;
/// The bit of a row's flags that says that it is hidden.
const ROW_HIDDEN: u16 = 0x0020;

/// Reads every sheet, and says whether there are macros.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<FoundSheet>, bool), OpenError> {
    let incomplete = |_| damaged("文件不完整");
    let mut file = compound::open(bytes).map_err(incomplete)?;
    let root = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name))
        .ok_or(OpenError::NotWorkbook)?;
    let mut stream = file
        .open_stream(root)
        .and_then(|part| limits::read_all(part, limits::FILE))
        .map_err(incomplete)?;
    let macros = file.is_storage("/_VBA_PROJECT_CUR");
    unseal(&mut stream)?;
    let mut book = look_over(&mut stream)?;
    let alone = compound::alone(root, &stream).map_err(|_| unknown("重新整理时出错"))?;
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
            let cells = file.worksheet_range(&sheet.name)?;
            for (row, column) in &seen.shared_texts {
                let place = seen.used.row(*row).zip(seen.used.column(*column));
                let value = place.and_then(|place| cells.get_value(place));
                if value.is_none_or(|value| *value == Data::Empty) {
                    let cell = position((*row, *column))
                        .map(Cell::name)
                        .unwrap_or_default();
                    let name = short_name(&sheet.name);
                    return Err(damaged(format!("工作表“{name}”{cell}指向不存在的文字")));
                }
            }
            fill(&mut found, &cells, &seen.used, &mut room)?;
            // Some programs store the empty text as the result of every formula.
            found.formulas = std::mem::take(&mut seen.formulas);
            let merges = file.merge_cells_by_sheet_name(&sheet.name)?;
            room.merged(&sheet.name, merges.len())?;
            found.merges = merges.iter().filter_map(area).collect();
            let OfSheet { cells, attached } = std::mem::take(&mut seen.beside);
            for one in &attached {
                room.attached(one, &found.name)?;
            }
            found.attached = attached;
            seen::add_to(&mut found, cells, &mut room)?;
        }
        sheets.push(found);
    }
    Ok((sheets, macros))
}

/// What was seen in the stream before the library reads it.
#[derive(Default)]
struct XlsBook {
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
    /// Cells with formulas.
    formulas: BTreeSet<Cell>,
    /// Rows and columns of cells with numbers of texts.
    shared_texts: Vec<(u32, u32)>,
    /// A cell that has two values.
    twice: Option<Cell>,
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
    let body = body.unwrap_or_default();
    let mixed = sealed::old_stream(body, stream.len()).ok_or_else(|| match body {
        // The oldest way, of a key and a sum: a password may be asked for, or none.
        [_, _, _, _] | [0, 0, ..] => unknown("用很旧的办法加了密，也许有打开密码"),
        _ => OpenError::Protected,
    })?;
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
    rename(stream, pass.at, record::NONE);
    Ok(())
}

/// Writes the number of a record anew.
fn rename(stream: &mut [u8], at: usize, kind: u16) {
    if let Some(two) = stream.get_mut(at..at + 2) {
        two.copy_from_slice(&kind.to_le_bytes());
    }
}

/// Gives styles whose number format the library does not take from the file the
/// usual format of their kind: else it drops what the file says, and some numbers
/// of formats mean a day to it, whatever the file says.
fn reformat(stream: &mut [u8], formats: &BTreeMap<u16, String>) {
    let head = records(stream, 0).take_while(|record| record.kind != record::EOF);
    let of_styles = head.filter(|record| record.kind == record::STYLE && record.length >= 4);
    let places: Vec<usize> = of_styles.map(|record| record.body + 2).collect();
    for at in places {
        let number = short(stream, at);
        let is_taken = FORMATS.iter().any(|range| range.contains(&number));
        if let Some(format) = formats.get(&number).filter(|_| !is_taken) {
            rename(stream, at, usual(format));
        }
    }
}

/// The number of a usual format that shows what another one shows: a number, a day
/// with its time, or a length of time.
fn usual(format: &str) -> u16 {
    let (mut is_day, mut is_length) = (false, false);
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '"' => letters
                .by_ref()
                .take_while(|letter| *letter != '"')
                .for_each(drop),
            '\\' | '!' | '_' | '*' => {
                letters.next();
            }
            '[' => {
                let inside = letters.by_ref().take_while(|letter| *letter != ']');
                let inside = inside.collect::<String>().to_lowercase();
                // As many of one letter as there are digits; a colour is none.
                let is_only = |letter| !inside.is_empty() && inside.chars().all(|c| c == letter);
                is_length |= ['h', 'm', 's'].into_iter().any(is_only);
            }
            letter => is_day |= "dmhysDMHYS".contains(letter),
        }
    }
    match (is_length, is_day) {
        (true, _) => 46,
        (false, true) => 22,
        (false, false) => 0,
    }
}

/// Looks through the records. What a sheet claims as its size is reset, since
/// the library makes room for it before it has seen a cell; and its cells are
/// moved together.
fn look_over(stream: &mut [u8]) -> Result<XlsBook, OpenError> {
    let mut book = XlsBook::default();
    let mut sheets = Vec::new();
    match short(stream, 0) {
        _ if stream.len() < 8 => return Err(damaged("开头不是工作簿")),
        record::BOF => {}
        0x0009 | 0x0209 | 0x0409 => return Err(unknown("Excel 4.0 或更早的格式")),
        _ => return Err(damaged("开头不是工作簿")),
    }
    let (mut names, mut has_cells) = (Vec::new(), Vec::new());
    for record in records(stream, 0) {
        match record.kind {
            kind if record::NAMES.contains(&kind) => names.push(record.at),
            record::BOF if record.at == 0 => book.biff8 = short(stream, record.body) == BIFF8,
            record::BOUND_SHEET if record.length >= 4 => {
                let low = usize::from(short(stream, record.body));
                let high = usize::from(short(stream, record.body + 2));
                // A sheet that is only a chart has no cells, though its records look so.
                let kind = stream.get(record.body + 5).copied().unwrap_or_default();
                has_cells.push(kind == 0);
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
        let is_read = has_cells.get(book.sheets.len()) == Some(&true);
        if let Some(cell) = seen.twice.filter(|_| is_read) {
            let (name, cell) = (short_name(name), cell.name());
            return Err(two_ways(format!("工作表“{name}”{cell}里有两个值")));
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
        return Err(two_ways("有两个工作表互相重叠"));
    }
    let looks = Looks::of(stream, book.biff8);
    let mut room = Room::default();
    for ((start, name), seen) in sheets.iter().zip(&mut book.sheets) {
        // The library copies a text for each cell that names it, before it gives any
        // of them.
        for (kind, body, _) in &seen.cells {
            let place = (short(stream, *body).into(), short(stream, body + 2).into());
            let cell = position(place).unwrap_or(Cell::new(0, 0));
            room.text(looks.length(stream, *kind, *body), name, cell)?;
        }
        seen.beside = looks.sheet(stream, *start);
    }
    reformat(stream, &looks.formats);
    for at in names {
        rename(stream, at, record::NONE);
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
        if record::FORMULAS.contains(kind) {
            rename(stream, body - 4, record::FORMULA);
            // Of the formula itself nothing is needed, nor can it lead the library
            // astray: it has no parts.
            if *end >= body + 22 {
                rename(stream, body + 20, 0);
            }
        }
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
    let mut places = Vec::new();
    // The formula of which the text comes next.
    let (mut awaited, mut last): (Option<Cell>, Option<Cell>) = (None, None);
    for record in records(stream, start) {
        seen.end = record.body + record.length;
        let before = match record.kind {
            kind if record::SHARED.contains(&kind) => awaited,
            _ => awaited.take(),
        };
        match record.kind {
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            // What is within a sheet is no sheet: the library passes over it.
            _ if depth > 1 => {}
            // The library puts it into the last formula's cell, or else into the first.
            record::RESULT if before.is_none() => {
                seen.twice = Some(last.unwrap_or(Cell::new(0, 0)));
            }
            record::DIMENSIONS => seen.claims.push(record.body),
            record::ROW
                if record.length >= 14 && short(stream, record.body + 12) & ROW_HIDDEN != 0 =>
            {
                seen.hidden.insert(u32::from(short(stream, record.body)));
            }
            kind if record::CELLS.contains(&kind) && record.length >= 4 => {
                let row = u32::from(short(stream, record.body));
                let first = u32::from(short(stream, record.body + 2));
                // Row, first column, six bytes a cell, last column.
                let count = match kind {
                    record::MULTIPLE => record.length.saturating_sub(6) as u32 / 6,
                    _ => 1,
                };
                rows.insert(row);
                columns.extend(first..first + count.max(1));
                places.extend((first..first + count).map(|column| (row, column)));
                if record::FORMULAS.contains(&kind) {
                    let cell = position((row, first));
                    seen.formulas.extend(cell);
                    let is_text = short(stream, record.body + 12) == 0xFFFF
                        && stream.get(record.body + 6) == Some(&0);
                    (awaited, last) = (cell.filter(|_| is_text), cell);
                } else if kind == record::SHARED_TEXT {
                    seen.shared_texts.push((row, first));
                }
                seen.cells.push((kind, record.body, seen.end));
            }
            _ => {}
        }
    }
    places.sort_unstable();
    let twice = places.windows(2).find_map(|two| match two {
        [one, other] if one == other => position(*one),
        _ => None,
    });
    seen.twice = seen.twice.or(twice);
    seen.used = Used::new(rows, columns);
    seen
}

impl From<XlsError> for OpenError {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => OpenError::Protected,
            XlsError::Len { .. } | XlsError::ContinueRecordTooShort | XlsError::EoStream(_) => {
                damaged("内容不完整")
            }
            _ => unknown("里面有不认识的记录"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_format_shows() {
        for (format, wanted) in [
            ("General", 0),
            ("0.00", 0),
            ("[Red]0;-0", 0),
            ("\"days\"0", 0),
            ("0_d", 0),
            ("G/通用格式\"元\"", 0),
            ("yyyy\\-mm\\-dd", 22),
            ("[$-804]yyyy\"年\"m\"月\"", 22),
            ("h:mm", 22),
            ("[h]:mm", 46),
            ("[mm]:ss", 46),
            ("0;yyyy", 0),
        ] {
            assert_eq!(usual(format), wanted, "{format}");
        }
    }
}
