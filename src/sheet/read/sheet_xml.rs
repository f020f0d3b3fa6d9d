//! The XML of a sheet, looked over from end to end before the library reads its
//! cells: what can be read in two ways is refused; what is only written in an
//! unusual way is written anew in the usual one.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::names::{area, plain_area, plain_cell};
use super::value::position;
use super::xlsx_beside::Looks;
use super::{seen, xlsx_attached};
use crate::sheet::book::{BookSheet, XlsxBook};
use crate::sheet::refused::{damaged, short_name, two_ways, unknown};
use crate::sheet::spaces::{self, Taken};
use crate::sheet::xml::{attribute, on_attribute};
use crate::sheet::{Area, Attached, Cell, OpenError};

/// What was seen in the part of a sheet.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Rows that are hidden.
    pub hidden: BTreeSet<u32>,
    /// Merged cells.
    pub merges: Vec<Area>,
    /// Cells with errors, of which the library does not know all.
    pub errors: BTreeSet<Cell>,
    /// It is written in the usual way.
    pub is_plain: bool,
    /// What cells carry beside their values.
    pub cells: BTreeMap<Cell, seen::Seen>,
    /// Notes and boxes.
    pub attached: Vec<Attached>,
}

/// Elements that are taken from a sheet.
const TAKEN: Taken = Taken {
    anywhere: &["sheetData", "mergeCells", "mergeCell"],
    within: Some((
        "sheetData",
        &["row", "c", "v", "f", "is", "rPr", "strike", "vertAlign"],
    )),
};
/// Types of cells that are known.
const KINDS: [&str; 8] = ["n", "s", "str", "inlineStr", "b", "e", "d", "is"];
/// Errors that the library knows.
const ERRORS: [&str; 8] = [
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!",
];

/// Where the reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Root,
    Merges,
    Data,
    Row,
    Cell,
    /// In the value of a cell.
    Value,
    Formula,
    /// In a text within a cell, outside its letters.
    Inline,
    /// In a piece of such a text.
    Run,
    /// In the letters of a text within a cell.
    Letters,
    /// In something that is not read.
    Other,
}

/// Looks over a sheet.
///
/// # Errors
/// When a value is seen that the library would read as another one, or something
/// that can be read in more than one way.
pub(super) fn look_over(
    book: &XlsxBook,
    sheet: &BookSheet,
    looks: &Looks,
) -> Result<Seen, OpenError> {
    let content = book.parts.get(&sheet.part).unwrap_or_default();
    if !book.is_of_one_space(&sheet.part) {
        let called = format!("工作表“{}”", short_name(&sheet.name));
        spaces::check(&called, content, &TAKEN)?;
    }
    // Plain cells hide no row, and their values can be read in one way only.
    let looked = book.looked.get(&sheet.part);
    let rest = looked.and_then(|looked| looked.rest.as_ref());
    let rest = rest.map_or(content, |rest| rest.bytes.as_slice());
    let mut look = Look {
        sheet: &sheet.name,
        seen: Seen {
            is_plain: true,
            cells: looks.cells(content, rest),
            attached: xlsx_attached::of(&book.parts, &sheet.leads_to, xlsx_attached::notes_of),
            ..Seen::default()
        },
        tables: 0,
        next: 0,
        said: None,
        cell: InCell::default(),
    };
    let mut stack: Vec<At> = Vec::new();
    let mut reader = Reader::from_reader(rest);
    loop {
        // What is not well formed can be read in more than one way.
        let event = reader
            .read_event()
            .map_err(|_| look.broken("的内容不合规范"))?;
        let parent = stack.last().copied();
        match &event {
            Event::Start(tag) => {
                let at = look.begin(parent, tag, false)?;
                stack.push(at);
            }
            Event::Empty(tag) => {
                let at = look.begin(parent, tag, true)?;
                look.end(at)?;
            }
            Event::End(_) => {
                if let Some(at) = stack.pop() {
                    look.end(at)?;
                }
            }
            Event::Eof => break,
            other => match parent {
                Some(At::Value) => look.piece(other)?,
                Some(At::Letters) => look.cell.letters(other),
                _ => {}
            },
        }
    }
    match look.tables {
        0 => Err(look.broken("里没有单元格这一部分")),
        1 => Ok(look.seen),
        _ => Err(look.double("里有两份单元格")),
    }
}

/// What is known while a sheet is looked over.
struct Look<'a> {
    sheet: &'a str,
    seen: Seen,
    /// How many times there were cells.
    tables: u32,
    /// The row that comes if it does not say which one it is.
    next: u32,
    /// The row in which the reading stands, if it says so.
    said: Option<u32>,
    cell: InCell,
}

/// The cell in which the reading stands.
#[derive(Default)]
struct InCell {
    name: String,
    kind: String,
    values: u32,
    texts: u32,
    /// Letters of its text that stand in no piece, and pieces.
    own: u32,
    runs: u32,
    /// Pieces of its value so far.
    pieces: u32,
    value: String,
    text: String,
}

impl Look<'_> {
    fn broken(&self, what: &str) -> OpenError {
        damaged(format!("工作表“{}”{what}", short_name(self.sheet)))
    }

    fn double(&self, what: &str) -> OpenError {
        two_ways(format!("工作表“{}”{what}", short_name(self.sheet)))
    }

    fn double_cell(&self, what: &str) -> OpenError {
        self.double(&format!("{}{what}", short_name(&self.cell.name)))
    }

    fn unknown_cell(&self, what: &str) -> OpenError {
        let (sheet, cell) = (short_name(self.sheet), short_name(&self.cell.name));
        unknown(format!("工作表“{sheet}”{cell}{what}"))
    }

    /// The same of the cell in which the reading stands.
    fn broken_cell(&self, what: &str) -> OpenError {
        self.broken(&format!("{}{what}", short_name(&self.cell.name)))
    }

    /// Takes the beginning of an element.
    fn begin(
        &mut self,
        parent: Option<At>,
        tag: &BytesStart<'_>,
        is_empty: bool,
    ) -> Result<At, OpenError> {
        let local = tag.local_name();
        Ok(match (parent, local.as_ref()) {
            (None, _) => At::Root,
            (Some(At::Root), "sheetData") => {
                self.tables += 1;
                At::Data
            }
            (Some(At::Root), "mergeCells") => At::Merges,
            (Some(At::Root), "dimension") => {
                let size = on_attribute(tag, "ref", |size| plain_area(size).is_some());
                self.seen.is_plain &= size == Some(true) && !is_empty_name(tag);
                At::Other
            }
            (Some(At::Merges), "mergeCell") => {
                let area = on_attribute(tag, "ref", area).flatten();
                let area = area.ok_or_else(|| self.broken("的合并单元格位置写法不对"))?;
                self.seen.merges.push(area);
                At::Other
            }
            (Some(At::Data), "row") => {
                self.row(tag)?;
                At::Row
            }
            (Some(At::Row), "c") => {
                self.begin_cell(tag)?;
                At::Cell
            }
            (Some(At::Cell), "v") => {
                self.cell.values += 1;
                self.cell.pieces = 0;
                if self.cell.values > 1 {
                    return Err(self.double_cell("里有两个值"));
                }
                At::Value
            }
            (Some(At::Cell), "f") => {
                let place = on_attribute(tag, "ref", |place| plain_area(place).is_some());
                self.seen.is_plain &= place != Some(false);
                let is_shared = attribute(tag, "t").as_deref() == Some("shared");
                let number = on_attribute(tag, "si", |si| si.parse::<u32>().is_ok());
                self.seen.is_plain &= !is_shared || number == Some(true);
                At::Formula
            }
            (Some(At::Cell), "is") => {
                self.cell.texts += 1;
                At::Inline
            }
            (Some(At::Inline), "r") => {
                self.cell.runs += 1;
                At::Run
            }
            (Some(At::Inline), "t") => {
                self.cell.own += 1;
                At::Letters
            }
            (Some(At::Run), "t") => At::Letters,
            (Some(At::Value | At::Formula | At::Letters), _) => {
                return Err(self.double_cell("的值里还有别的内容"));
            }
            // Beside the cells, or in them, stands something for others.
            (Some(At::Data | At::Row | At::Cell), _) => {
                self.seen.is_plain = false;
                At::Other
            }
            // What is in something that is not read is not read either.
            (Some(_), name) => {
                self.seen.is_plain &= is_empty || name != "sheetData" || self.tables > 0;
                At::Other
            }
        })
    }

    /// Takes the end of an element.
    fn end(&mut self, at: At) -> Result<(), OpenError> {
        match at {
            At::Cell => self.end_cell(),
            _ => Ok(()),
        }
    }

    fn row(&mut self, tag: &BytesStart<'_>) -> Result<(), OpenError> {
        let said = on_attribute(tag, "r", |r| r.parse::<u32>().ok().filter(|r| *r > 0));
        let row = match said {
            Some(Some(number)) => number - 1,
            Some(None) => return Err(self.broken("有一行的行号写法不对")),
            None => self.next,
        };
        self.next = row.saturating_add(1);
        self.said = said.map(|_| row);
        let is_set = |hidden: &str| hidden == "1" || hidden == "true";
        if on_attribute(tag, "hidden", is_set) == Some(true) {
            self.seen.hidden.insert(row);
        }
        Ok(())
    }

    fn begin_cell(&mut self, tag: &BytesStart<'_>) -> Result<(), OpenError> {
        let InCell {
            name,
            kind,
            value,
            text,
            ..
        } = &mut self.cell;
        for letters in [&mut *name, &mut *kind, &mut *value, &mut *text] {
            letters.clear();
        }
        on_attribute(tag, "r", |r| name.push_str(r));
        on_attribute(tag, "t", |t| kind.push_str(t));
        let place = plain_cell(&self.cell.name.to_ascii_uppercase());
        if place.is_none() && !self.cell.name.is_empty() {
            return Err(self.broken_cell("的位置写法不对"));
        }
        if place.is_some_and(|(row, _)| self.said.is_some_and(|said| said != row)) {
            return Err(self.double_cell("写在另一行里"));
        }
        self.cell.values = 0;
        self.cell.texts = 0;
        (self.cell.own, self.cell.runs) = (0, 0);
        self.cell.pieces = 0;
        // Of a number with too many digits the library takes the rest of a division.
        let style = on_attribute(tag, "s", |s| s.parse::<u32>().is_ok());
        if style == Some(false) {
            return Err(self.unknown_cell("的格式编号写法少见"));
        }
        if !self.cell.kind.is_empty() && !KINDS.contains(&self.cell.kind.as_str()) {
            return Err(self.unknown_cell("的类型不认识"));
        }
        Ok(())
    }

    /// Takes a piece of a value. Of a number the library reads only the first one,
    /// and takes blanks about the number of a shared text for number 0; of a text
    /// it loses what is quoted as a whole.
    fn piece(&mut self, event: &Event<'_>) -> Result<(), OpenError> {
        self.cell.pieces += 1;
        let is_text = ["str", "inlineStr", "d"].contains(&self.cell.kind.as_str());
        let is_odd = match event {
            Event::Text(_) | Event::GeneralRef(_) | Event::Comment(_) if is_text => false,
            Event::Text(text) => {
                let text: &str = text.as_ref();
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
                let is_index = self.cell.kind == "s";
                if is_index && is_number && text.parse::<u32>().is_err() {
                    return Err(self.broken_cell("指向不存在的文字"));
                }
                self.cell.pieces > 1 || text.trim() != text || (is_index && !is_number)
            }
            _ => true,
        };
        if is_odd {
            return Err(self.unknown_cell("的值写法少见"));
        }
        push(event, &mut self.cell.value);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), OpenError> {
        let cell = &self.cell;
        let is_text_twice = cell.own > 1 || cell.own > 0 && cell.runs > 0;
        if cell.texts > 1 || is_text_twice {
            return Err(self.double_cell("里有两个值"));
        }
        // A value beside a text says the same once more, or it is another one.
        let both = cell.values == 1 && cell.texts == 1;
        if both && !cell.value.is_empty() && !cell.text.is_empty() && cell.value != cell.text {
            return Err(self.double_cell("里有两个值"));
        }
        if cell.kind == "e" && !cell.value.is_empty() {
            let is_known = ERRORS.contains(&cell.value.as_str());
            match plain_cell(&cell.name).and_then(position) {
                Some(place) => {
                    self.seen.errors.insert(place);
                }
                None if is_known => {}
                None => return Err(self.broken_cell("的位置写法不对")),
            }
            self.seen.is_plain &= is_known;
        }
        Ok(())
    }
}

impl InCell {
    fn letters(&mut self, event: &Event<'_>) {
        push(event, &mut self.text);
    }
}

/// Adds what an event says to a text.
pub(super) fn push(event: &Event<'_>, to: &mut String) {
    match event {
        Event::Text(text) => to.push_str(text.as_ref()),
        Event::CData(text) => to.push_str(text.as_ref()),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(letter)) => to.push(letter),
            _ => {
                let name: &str = name.as_ref();
                to.push_str(quick_xml::escape::resolve_predefined_entity(name).unwrap_or(name));
            }
        },
        _ => {}
    }
}

/// Whether a size says nothing.
fn is_empty_name(tag: &BytesStart<'_>) -> bool {
    attribute(tag, "ref").is_none_or(|size| size.is_empty())
}
