//! .xlsx and .xlsm: cells from an iterator, never a grid from what the file
//! claims.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader, SheetType, Xlsx, XlsxError};
use memchr::memmem;
use quick_xml::events::{BytesStart, Event};

use super::value::{position, value};
use super::xlsx_beside::Looks;
use super::{
    Attached, Found, FoundSheet, OpenError, Room, attribute, begun, beside, damaged, listed,
    on_attribute, xlsx_attached,
};
use crate::sheet::Cell;
use crate::sheet::parts::Parts;

/// Reads the sheets whose names are wanted.
pub(super) fn read(
    mut parts: Parts,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<FoundSheet>, OpenError> {
    // What the library sees has been looked over, whoever points to it.
    parts.retain(|name| {
        let name = name.to_lowercase();
        name.ends_with(".xml") || name.ends_with(".rels")
    });
    let book = workbook_part(&parts).ok_or_else(|| damaged("没有工作簿这一部件"))?;
    let seen_by_part = look_over(&parts, &book)?;
    parts.forget_rests();
    let mut seen = seen_by_name(&parts, &book, seen_by_part).unwrap_or_default();
    let stored = parts.stored()?;
    drop(parts);
    let mut file = Xlsx::new(Cursor::new(stored.as_slice()))?;
    let mut room = Room::default();
    let mut sheets = Vec::new();
    for sheet in listed(file.sheets_metadata())? {
        if !wanted(&sheet.name) {
            continue;
        }
        let mut found = begun(&sheet);
        found.days_of_1904 = file.has_1904_epoch();
        let Seen {
            hidden,
            merges,
            cells,
            attached,
        } = seen.remove(&sheet.name).unwrap_or_default();
        found.hidden_rows = hidden;
        for one in &attached {
            room.attached(one)?;
        }
        found.attached = attached;
        // A sheet that is only a chart has no cells.
        if sheet.typ == SheetType::WorkSheet {
            read_sheet(&mut file, &mut found, &mut room)?;
            beside::add_to(&mut found, cells, &mut room)?;
            let merges = match merges {
                Merges::Read(merges) => merges,
                _ => file.merge_cells_by_sheet_name(&sheet.name)?,
            };
            found.merges = room.merged(&merges)?;
        }
        sheets.push(found);
    }
    Ok(sheets)
}

/// Reads the cells of a sheet in the order of the file.
fn read_sheet(
    file: &mut Xlsx<Cursor<&[u8]>>,
    found: &mut FoundSheet,
    room: &mut Room,
) -> Result<(), OpenError> {
    let mac = file.has_1904_epoch();
    let mut reader = file.worksheet_cells_reader(&found.name)?;
    let broken = |what: &str| damaged(format!("工作表“{}”{what}", found.name));
    // Cells nearly always come in order, and then the map is made at once.
    let mut in_order: Vec<(Cell, Found)> = Vec::new();
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        room.record()?;
        let cell = position(record.pos).ok_or_else(|| broken("有单元格超出范围"))?;
        // A formula that gives the empty text gives an empty cell, and no lost result.
        let empty = matches!(&record.value, DataRef::String(text) if text.is_empty());
        if record.formula.is_some() && !empty && !found.formulas.insert(cell) {
            return Err(broken("有重复的单元格"));
        }
        let Some(value) = value(record.value, mac) else {
            continue;
        };
        room.take(&value)?;
        if found.cells.is_empty() {
            if in_order.last().is_none_or(|(last, _)| *last < cell) {
                in_order.push((cell, value));
                continue;
            }
            found.cells = std::mem::take(&mut in_order).into_iter().collect();
        }
        if found.cells.insert(cell, value).is_some() {
            return Err(broken("有重复的单元格"));
        }
    }
    if found.cells.is_empty() {
        found.cells = in_order.into_iter().collect();
    }
    Ok(())
}

impl From<XlsxError> for OpenError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => OpenError::Protected,
            other => damaged(other),
        }
    }
}

/// What was seen in the part of a sheet.
#[derive(Default)]
struct Seen {
    /// Rows that are hidden.
    hidden: BTreeSet<u32>,
    merges: Merges,
    /// What cells carry beside their values.
    cells: BTreeMap<Cell, beside::Seen>,
    /// Notes and boxes.
    attached: Vec<Attached>,
}

/// Merged cells, as far as they are written in the usual way. Where they are not
/// the library is asked, which parses the part once more for nothing else.
#[derive(Default)]
enum Merges {
    /// The library has to be asked.
    #[default]
    Odd,
    /// No list of them has begun.
    Before,
    /// In the list; those that were read.
    Within(Vec<Dimensions>),
    /// All of them.
    Read(Vec<Dimensions>),
}

impl Merges {
    /// Takes the next tag of a list.
    fn take(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let is_list = tag.local_name().as_ref() == "mergeCells";
        *self = match std::mem::take(self) {
            Merges::Before if is_list && is_empty => Merges::Read(Vec::new()),
            Merges::Before if is_list => Merges::Within(Vec::new()),
            Merges::Within(mut all) if !is_list => {
                match on_attribute(tag, "ref", plain_area).flatten() {
                    Some(area) => {
                        all.push(area);
                        Merges::Within(all)
                    }
                    None => Merges::Odd,
                }
            }
            Merges::Within(_) => Merges::Odd,
            other => other,
        };
    }

    /// Takes the end of a list. There may be others; the library reads the first.
    fn end(&mut self) {
        *self = match std::mem::take(self) {
            Merges::Within(all) => Merges::Read(all),
            other => other,
        };
    }

    /// Takes the end of the part.
    fn over(self) -> Self {
        match self {
            Merges::Before => Merges::Read(Vec::new()),
            Merges::Within(_) => Merges::Odd,
            other => other,
        }
    }
}

/// An area as `A1:B2`, in capital letters and from its upper left to its lower
/// right, or one cell.
fn plain_area(text: &str) -> Option<Dimensions> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (start, end) = (plain_cell(first)?, plain_cell(last)?);
    (start.0 <= end.0 && start.1 <= end.1).then(|| Dimensions::new(start, end))
}

/// Row and column, from 0, of a cell as `B2`.
pub(super) fn plain_cell(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (name, number) = text.split_at(letters);
    if !(1..=3).contains(&letters) || !(1..=7).contains(&number.len()) {
        return None;
    }
    if number.starts_with('0') || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let column = name.bytes().fold(0, |column, letter| {
        column * 26 + u32::from(letter - b'A') + 1
    });
    Some((
        number.parse::<u32>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

/// Looks through every part that may be read as a sheet, and gives what was seen
/// by the part's name in small letters.
///
/// # Errors
/// When a value is seen that the library would read as another one, or a part
/// that can be read in more than one way.
fn look_over(parts: &Parts, book: &str) -> Result<BTreeMap<String, Seen>, OpenError> {
    let folder = book.split_at(book.rfind('/').map_or(0, |at| at + 1)).0;
    let texts = format!("{folder}sharedStrings.xml");
    let looks = Looks::of(parts, &format!("{folder}styles.xml"), &texts);
    let odd = || damaged("单元格的值写法异常");
    let mut seen = BTreeMap::new();
    for (name, content) in parts.iter() {
        if memmem::find(content, b"sheetData").is_none() {
            continue;
        }
        let mut rows = BTreeSet::new();
        let mut merges = Merges::Before;
        let mut next = 0;
        let mut values = Values::default();
        // Plain cells hide no row, and their values can be read in one way only.
        let rest = parts.rest(name).map_or(content, |rest| &rest.bytes);
        let mut reader = quick_xml::Reader::from_reader(rest);
        loop {
            // What is not well formed can be read in more than one way.
            let event = reader.read_event().map_err(|_| odd())?;
            if values.is_odd(&event) {
                return Err(odd());
            }
            match &event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let number = on_attribute(tag, "r", |r| r.parse::<u32>().ok()).flatten();
                        let row = number.and_then(|r| r.checked_sub(1)).unwrap_or(next);
                        next = row.saturating_add(1);
                        let is_set = |hidden: &str| hidden == "1" || hidden == "true";
                        if on_attribute(tag, "hidden", is_set) == Some(true) {
                            rows.insert(row);
                        }
                    }
                    "mergeCells" | "mergeCell" => {
                        merges.take(tag, matches!(event, Event::Empty(_)));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "mergeCells" => merges.end(),
                Event::Eof => break,
                _ => {}
            }
        }
        let of_part = Seen {
            hidden: rows,
            merges: merges.over(),
            cells: looks.cells(content, rest),
            attached: xlsx_attached::of(parts, name),
        };
        seen.insert(name.to_lowercase(), of_part);
    }
    Ok(seen)
}

/// Name of the workbook's part, as the library finds it; none if it is not
/// there.
fn workbook_part(parts: &Parts) -> Option<String> {
    let mut target = None;
    each_tag(parts, "_rels/.rels", |tag| {
        let kind = attribute(tag, "Type").unwrap_or_default();
        if kind.ends_with("/relationships/officeDocument") {
            target = attribute(tag, "Target").or(target.take());
        }
    })?;
    let target = target.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let part = target.trim_start_matches('/').to_owned();
    parts.get(&part).is_some().then_some(part)
}

/// What was seen, by the sheet's name; none if the parts are not as expected.
fn seen_by_name(
    parts: &Parts,
    book: &str,
    mut by_part: BTreeMap<String, Seen>,
) -> Option<BTreeMap<String, Seen>> {
    let mut seen = BTreeMap::new();
    each_sheet(parts, book, |name, part| {
        seen.insert(name, by_part.remove(&part).unwrap_or_default());
    })?;
    Some(seen)
}

/// The parts, in small letters, of the sheets whose names are wanted; none if
/// that is not said in the usual way.
pub(in crate::sheet) fn parts_of(
    parts: &Parts,
    wanted: impl Fn(&str) -> bool,
) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    each_sheet(parts, "xl/workbook.xml", |name, part| {
        if wanted(&name) {
            found.insert(part);
        }
    })?;
    Some(found)
}

/// Calls back for each sheet with its name and its part in small letters; none
/// if the workbook's part cannot be read.
fn each_sheet(parts: &Parts, book: &str, mut on: impl FnMut(String, String)) -> Option<()> {
    let (folder, file) = book.split_at(book.rfind('/').map_or(0, |at| at + 1));
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    // As the library does: names are as they stand, and of two the last one counts.
    each_tag(parts, &format!("{folder}_rels/{file}.rels"), |tag| {
        if tag.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) =
                (last(tag, |k| k == "Id"), last(tag, |k| k == "Target"))
        {
            targets.insert(id, target);
        }
    })?;
    each_tag(parts, book, |tag| {
        let is_id = |key: &str| key == "id" || key.ends_with(":id");
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (last(tag, |k| k == "name"), last(tag, is_id))
            && let Some(target) = targets.get(&id)
            && let Ok(name) = quick_xml::escape::unescape(&name)
        {
            let part = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_lowercase(),
                None => format!("{folder}{target}").to_lowercase(),
            };
            on(name.into_owned(), part);
        }
    })
}

/// The last attribute of a tag with such a name, as it stands.
fn last(tag: &BytesStart<'_>, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut attributes = tag.attributes();
    let attributes = attributes.with_checks(false).filter_map(Result::ok);
    let found = attributes.filter(|a| is_wanted(a.key.as_ref())).last()?;
    Some(found.value.into_owned())
}

/// Calls back for each tag of a part; none if it is not there or not well
/// formed.
fn each_tag(parts: &Parts, part: &str, mut on: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(parts.get(part)?);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => on(&tag),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// Types of cells whose values are texts.
const TEXTS: [&str; 3] = ["str", "inlineStr", "d"];

/// What a cell holds.
#[derive(Clone, Copy)]
enum Kind {
    /// A text, in which blanks mean something.
    Text,
    /// The number of a shared text.
    Index,
    /// A number, or what is spelt like one.
    Plain,
}

impl Kind {
    fn of(cell: &BytesStart<'_>) -> Self {
        let kind = on_attribute(cell, "t", |kind| match kind {
            "s" => Kind::Index,
            kind if TEXTS.contains(&kind) => Kind::Text,
            _ => Kind::Plain,
        });
        kind.unwrap_or(Kind::Plain)
    }
}

/// Follows the values of cells through a part.
#[derive(Default)]
struct Values {
    /// What the cell holds in which the reading stands.
    cell: Option<Kind>,
    value: Value,
}

/// Where the reading stands.
#[derive(Default)]
enum Value {
    /// Not in a value.
    #[default]
    Outside,
    /// In a text.
    Text,
    /// In a number, or what is spelt like one.
    Plain {
        /// Pieces so far.
        pieces: u32,
        /// It is the number of a shared text.
        is_index: bool,
    },
}

impl Values {
    /// Takes the next event. Says whether the library would take this piece of a
    /// value for something else.
    fn is_odd(&mut self, event: &Event<'_>) -> bool {
        let is_odd = self.value.is_odd(event);
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => self.cell = Some(Kind::of(tag)),
                "v" => {
                    if let Some(kind) = self.cell {
                        self.value = match kind {
                            Kind::Text => Value::Text,
                            other => Value::Plain {
                                pieces: 0,
                                is_index: matches!(other, Kind::Index),
                            },
                        };
                    }
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => *self = Values::default(),
                "v" => self.value = Value::Outside,
                _ => {}
            },
            _ => {}
        }
        is_odd
    }
}

impl Value {
    /// Of a number the library reads only the first piece, and takes blanks about
    /// the number of a shared text for number 0; of a text it loses CDATA.
    fn is_odd(&mut self, event: &Event<'_>) -> bool {
        match self {
            Value::Outside => false,
            Value::Text => matches!(event, Event::CData(_)),
            Value::Plain { pieces, is_index } => match event {
                Event::End(_) => false,
                Event::Text(text) => {
                    *pieces += 1;
                    let text: &str = text.as_ref();
                    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
                    *pieces > 1 || text.trim() != text || (*is_index && !is_number)
                }
                _ => true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_in_the_usual_spelling_and_no_others() {
        let area = |text: &str| plain_area(text).map(|area| (area.start, area.end));
        assert_eq!(area("A1:B3"), Some(((0, 0), (2, 1))));
        assert_eq!(area("AA10"), Some(((9, 26), (9, 26))));
        for odd in [
            "",
            ":",
            "A",
            "1",
            "A0",
            "A01",
            "a1",
            "$A$1",
            "B1:A2",
            "A2:A1",
            "A1:B2:C3",
            "A1 ",
            "AAAA1",
            "A12345678",
        ] {
            assert_eq!(area(odd), None, "{odd}");
        }
    }
}
