//! The XML of rows, spelled as the library spells it, for large workbooks: the
//! library holds each cell several times over before it writes it, which took
//! most of the time. Whatever else stands on a sheet is the library's.

use std::io::Write;

use rust_xlsxwriter::{Format, Formula};
use rustc_hash::{FxHashMap, FxHashSet};

use super::shared_strings::Texts;
use super::xml::{decimal, escaped, integer, pixels, string};
use crate::sheet::WriteError;
use crate::sheet::write::content::{At, FORMULA_LIMIT, TEXT_LIMIT, serial, shown};
use crate::sheet::write::format::Formats;
use crate::sheet::write::utf16;
use crate::sheet::{Cell, Content, Scalar, SheetOf, Style, column_name};

/// Rows and columns that a sheet has.
const ROOM: (u32, u16) = (1_048_576, 16_384);
/// Height in pixels of a row that was not set.
const PLAIN_HEIGHT: u32 = 20;

/// The numbers that the library gives to formats, by style: in the order in which
/// they were registered, after its own, equal ones once.
#[derive(Default)]
pub(super) struct Numbers {
    by_style: FxHashMap<Style, u32>,
    formats: Vec<Format>,
}

impl Numbers {
    /// The numbers of styles that are registered in this order.
    pub fn of(styles: &[Style]) -> Self {
        let (mut numbers, mut formats) = (Numbers::default(), Formats::default());
        for style in styles {
            numbers.register(*style, &mut formats);
        }
        numbers
    }

    fn register(&mut self, style: Style, formats: &mut Formats) {
        if self.by_style.contains_key(&style) {
            return;
        }
        if self.formats.is_empty() {
            self.formats.push(Format::default());
        }
        let format = formats.get(style);
        let known = self.formats.iter().position(|known| known == format);
        let number = known.unwrap_or_else(|| {
            self.formats.push(format.clone());
            self.formats.len() - 1
        });
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.by_style.insert(style, number);
    }
}

/// What is said of a row as a whole.
pub(super) struct Head {
    /// The row.
    pub row: u32,
    /// First and last column that it and its neighbours use, where that is said.
    pub spans: Option<(u16, u16)>,
    /// Height in points, where it was set.
    pub height: Option<f64>,
}

/// Spells rows of one sheet, one after the other.
pub(super) struct Speller<'a> {
    sheet: &'a SheetOf<'a>,
    numbers: &'a Numbers,
    texts: Option<&'a Texts<'a>>,
    columns: Vec<String>,
    functions: FxHashSet<String>,
}

impl<'a> Speller<'a> {
    /// For a sheet, with the numbers of its formats and, unless they stand in the
    /// cells themselves, of its texts.
    pub fn new(sheet: &'a SheetOf<'a>, numbers: &'a Numbers, texts: Option<&'a Texts<'a>>) -> Self {
        Speller {
            sheet,
            numbers,
            texts,
            columns: Vec::new(),
            functions: FxHashSet::default(),
        }
    }

    /// Adds a row, with its cells in the order of their columns.
    ///
    /// # Errors
    /// What Excel does not accept.
    pub fn row<'c>(
        &mut self,
        out: &mut Vec<u8>,
        head: Head,
        cells: impl Iterator<Item = (u16, &'c Content, Style)>,
    ) -> Result<(), WriteError> {
        let row = head.row;
        if row >= ROOM.0 {
            return Err(WriteError::refused(&self.sheet.name, "行高", "行太多"));
        }
        let mut cells = cells.peekable();
        let mut number = Vec::with_capacity(8);
        integer(&mut number, u64::from(row) + 1);
        out.extend(b"<row r=\"");
        out.extend(&number);
        out.push(b'"');
        if let Some((first, last)) = head.spans {
            out.extend(b" spans=\"");
            integer(out, u64::from(first) + 1);
            out.push(b':');
            integer(out, u64::from(last) + 1);
            out.push(b'"');
        }
        match head.height.map_or(PLAIN_HEIGHT, pixels) {
            0 => out.extend(b" hidden=\"1\""),
            PLAIN_HEIGHT => {}
            pixels => {
                out.extend(b" ht=\"");
                let quarters = u64::from(pixels) * 3;
                integer(out, quarters / 4);
                let rest: [&[u8]; 4] = [b"", b".25", b".5", b".75"];
                out.extend(rest.into_iter().nth((quarters % 4) as usize).unwrap_or(b""));
                out.extend(b"\" customHeight=\"1\"");
            }
        }
        if cells.peek().is_none() {
            out.extend(b"/>");
            return Ok(());
        }
        out.push(b'>');
        for (column, content, style) in cells {
            self.cell(out, Cell::new(row, column), &number, content, style)?;
        }
        out.extend(b"</row>");
        Ok(())
    }

    /// Adds a cell.
    fn cell(
        &mut self,
        out: &mut Vec<u8>,
        cell: Cell,
        row: &[u8],
        content: &Content,
        style: Style,
    ) -> Result<(), WriteError> {
        let at = At {
            sheet: self.sheet,
            cell,
        };
        if cell.column >= ROOM.1 {
            return Err(at.refused("列太多"));
        }
        let Some(&format) = self.numbers.by_style.get(&shown(content, style)) else {
            return Err(at.refused("没有登记的格式"));
        };
        let blank = match content {
            Content::Blank => true,
            Content::Text(text) | Content::Link { text, .. } => text.is_empty(),
            _ => false,
        };
        if blank && format == 0 {
            return Ok(());
        }
        out.extend(b"<c r=\"");
        self.column(out, cell.column);
        out.extend(row);
        out.push(b'"');
        if format > 0 {
            out.extend(b" s=\"");
            integer(out, u64::from(format));
            out.push(b'"');
        }
        match content {
            _ if blank => out.extend(b"/>"),
            Content::Blank => {}
            Content::Text(text) | Content::Link { text, .. } => {
                at.fits(text, TEXT_LIMIT)?;
                match self.texts {
                    None => {
                        out.extend(b" t=\"inlineStr\"><is>");
                        string(out, text);
                        out.extend(b"</is></c>");
                    }
                    Some(texts) => {
                        let number = texts.number(text);
                        let number = number.ok_or_else(|| at.refused("没有登记的文字"))?;
                        out.extend(b" t=\"s\"><v>");
                        integer(out, u64::from(number));
                        out.extend(b"</v></c>");
                    }
                }
            }
            Content::Number(number) => {
                out.extend(b"><v>");
                decimal(out, *number);
                out.extend(b"</v></c>");
            }
            Content::Date(date) => {
                let serial = serial(&at, *date)?;
                out.extend(b"><v>");
                // Writing into memory does not fail.
                let _ = write!(out, "{serial}");
                out.extend(b"</v></c>");
            }
            Content::Formula { text, result } => self.formula(out, &at, text, result)?,
        }
        Ok(())
    }

    /// Adds what follows the format of a cell with a formula.
    fn formula(
        &mut self,
        out: &mut Vec<u8>,
        at: &At,
        text: &str,
        result: &Scalar,
    ) -> Result<(), WriteError> {
        if text.is_empty() || utf16(text) > FORMULA_LIMIT {
            return Err(at.refused("公式为空或超过 8192 个字符"));
        }
        let text = text.strip_prefix('{').unwrap_or(text);
        let text = text.strip_prefix('=').unwrap_or(text);
        let text = text.strip_suffix('}').unwrap_or(text);
        self.plain(at, text)?;
        match result {
            Scalar::Number(_) | Scalar::Date(_) => {}
            Scalar::Bool(_) => out.extend(b" t=\"b\""),
            Scalar::Empty | Scalar::Text(_) => out.extend(b" t=\"str\""),
        }
        out.extend(b"><f>");
        escaped(out, text);
        out.extend(b"</f><v>");
        match result {
            Scalar::Empty => {}
            Scalar::Number(number) => decimal(out, *number),
            Scalar::Bool(is) => out.push(if *is { b'1' } else { b'0' }),
            Scalar::Date(day) => escaped(out, &serial(at, *day)?.to_string()),
            // Its type is said, whatever it looks like.
            Scalar::Text(text) => {
                at.fits(text, TEXT_LIMIT)?;
                escaped(out, text);
            }
        }
        out.extend(b"</v></c>");
        Ok(())
    }

    /// Refuses functions that came after Excel 2007: files name them otherwise, and
    /// some of them fill several cells. No formula of ours has one.
    fn plain(&mut self, at: &At, text: &str) -> Result<(), WriteError> {
        let bytes = text.as_bytes();
        let mut inside = false;
        let mut start = 0;
        for (place, byte) in bytes.iter().enumerate() {
            match byte {
                b'"' => inside = !inside,
                b'(' if !inside => {
                    let name = text.get(start..place).unwrap_or_default();
                    if !name.is_empty() && !self.functions.contains(name) {
                        if is_later(name) {
                            return Err(at.refused(format!("不支持的函数 {name}")));
                        }
                        self.functions.insert(name.to_owned());
                    }
                }
                _ => {}
            }
            if inside || !matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'.') {
                start = place + 1;
            }
        }
        Ok(())
    }

    /// Adds a column's letters.
    fn column(&mut self, out: &mut Vec<u8>, column: u16) {
        let at = usize::from(column);
        for next in self.columns.len()..=at {
            // Not more than there are columns.
            self.columns.push(column_name(next as u16));
        }
        if let Some(name) = self.columns.get(at) {
            out.extend(name.as_bytes());
        }
    }
}

/// Whether the library knows a function as one that came after Excel 2007: it then
/// spells the name as if the prefix had been there.
fn is_later(name: &str) -> bool {
    let call = Formula::new(format!("{name}()"));
    ["_xlfn.", "_xlfn._xlws."]
        .iter()
        .any(|prefix| call == Formula::new(format!("{prefix}{name}()")))
}
