//! .xlsb. The library reads the values of cells and nothing beside them, passes
//! over cells in their short form and over the errors of formulas, and over what a
//! file says of number formats that have a usual number. So the records are looked
//! over, and what it reads is a container made anew, of plain cells and nothing
//! else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Reader, Xlsb, XlsbError};

use super::room::{Room, too_many_sheets};
use super::seen;
use super::seen::{Run, Seen, StyleOf, Text};
use super::value::{position, value};
use super::xls_beside::{Fonts, parted};
use super::xlsb_records::{Record, broken, letters, of, records, text, words, write};
use super::xlsx_attached::{self, Note};
use crate::sheet::book::{Binary, IS_BETA};
use crate::sheet::bytes::{long, short};
use crate::sheet::parts::Stored;
use crate::sheet::refused::{damaged, short_name, two_ways, unknown};
use crate::sheet::{Area, Cell, FoundSheet, How, OpenError, Visibility, limits};

/// The first number that a format of somebody's own has.
const OWN_FORMATS: u16 = 164;
/// The bit of a font that is struck through.
const STRUCK: u16 = 0x0008;
/// The bit of a row that is hidden.
const HIDDEN: u8 = 0x10;

/// Reads every sheet.
pub(super) fn read(book: &Binary) -> Result<Vec<FoundSheet>, OpenError> {
    let (listed, days_of_1904) = sheets(book.parts.get(Binary::BOOK).unwrap_or_default())?;
    let (styles, made_styles) = styles(book.part("styles")?)?;
    let (texts, count) = texts(book.part("sharedStrings")?, &styles)?;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut room = Room::default();
    let (mut read, mut looks) = (Vec::new(), Vec::new());
    for (at, (name, visibility, id)) in listed.into_iter().enumerate() {
        let mut found = FoundSheet {
            name,
            visibility,
            days_of_1904,
            ..FoundSheet::default()
        };
        let led = book.leads_to.iter().find(|led| led.id == id);
        let missing = || {
            damaged(format!(
                "工作表“{}”的内容不在文件里",
                short_name(&found.name)
            ))
        };
        let led = led.ok_or_else(missing)?;
        // A sheet that is only a chart has no cells.
        if led.kind == "worksheet" {
            let content = book.parts.get(&led.target).ok_or_else(missing)?;
            let mut look = Look {
                styles: &styles,
                texts: &texts,
                count,
                room: &mut room,
                found: &mut found,
                seen: BTreeMap::new(),
            };
            let made = look.over(content)?;
            looks.push((at, look.seen));
            parts.push((format!("xl/worksheets/s{at}.bin"), made));
            let leads_to = book.of_sheets.get(&led.target);
            let leads_to = leads_to.map_or(&[][..], Vec::as_slice);
            found.attached = xlsx_attached::of(&book.parts, leads_to, notes);
            for one in &found.attached {
                room.attached(one, &found.name)?;
            }
        }
        read.push(found);
    }
    let with_cells: Vec<usize> = looks.iter().map(|(at, _)| *at).collect();
    parts.extend(directory(&with_cells, days_of_1904));
    parts.push(("xl/styles.bin".to_owned(), made_styles));
    let shared = book.part("sharedStrings")?;
    let lengths = parts.iter().map(|(_, content)| content.len());
    let length: usize = lengths.sum();
    let mut stored = Stored::new(length + shared.map_or(0, <[u8]>::len));
    for (name, content) in parts {
        stored.add(&name, &content)?;
    }
    if let Some(shared) = shared {
        stored.add("xl/sharedStrings.bin", shared)?;
    }
    let stored = stored.finish()?;
    let mut file = Xlsb::new(Cursor::new(stored.as_slice()))?;
    for (at, seen) in looks {
        let Some(found) = read.get_mut(at) else {
            continue;
        };
        let mut cells = file.worksheet_cells_reader(&format!("s{at}"))?;
        while let Some(record) = cells.next_cell()? {
            let Some(cell) = position(record.get_position()) else {
                continue;
            };
            let Some(value) = value(record.get_value().clone(), days_of_1904) else {
                // A formula that gives the empty text gives an empty cell.
                found.formulas.remove(&cell);
                continue;
            };
            room.take(&value, &found.name, cell)?;
            if found.cells.insert(cell, value).is_some() {
                let (sheet, cell) = (short_name(&found.name), cell.name());
                return Err(two_ways(format!(
                    "工作表“{sheet}”里有两个单元格都叫 {cell}"
                )));
            }
        }
        seen::add_to(found, seen, &mut room)?;
    }
    Ok(read)
}

/// Name, visibility and relation of a listed sheet.
type ListedSheet = (String, Visibility, String);

/// The sheets that a workbook lists, and whether its days are counted from 1904.
fn sheets(part: &[u8]) -> Result<(Vec<ListedSheet>, bool), OpenError> {
    let mut sheets: Vec<ListedSheet> = Vec::new();
    let mut names = BTreeSet::new();
    let mut days_of_1904 = false;
    for record in records(part) {
        let Record { kind, body } = record?;
        match kind {
            // Before Excel 2007 was done its names were not yet there.
            of::FILE_VERSION if body.len() < 32 => {
                return Err(unknown(IS_BETA));
            }
            of::BOOK => days_of_1904 = body.first().is_some_and(|flags| flags & 1 == 1),
            of::SHEET => {
                let id = words(body, 8).ok_or_else(broken)?;
                let name = text(body, 8 + id.len()).ok_or_else(broken)?;
                let visibility = match long(body, 0) {
                    Some(1) => Visibility::Hidden,
                    Some(2) => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                if !names.insert(name.to_lowercase()) {
                    let name = short_name(&name);
                    return Err(two_ways(format!("有两个同名的工作表“{name}”")));
                }
                sheets.push((name, visibility, text(body, 8).unwrap_or_default()));
            }
            _ => {}
        }
    }
    match sheets.len() {
        0 => Err(damaged("没有工作表")),
        many if many > limits::SHEETS => Err(too_many_sheets(many)),
        _ => Ok((sheets, days_of_1904)),
    }
}

/// The directory that the library reads, of the sheets that have cells.
fn directory(sheets: &[usize], days_of_1904: bool) -> [(String, Vec<u8>); 2] {
    let mut book = Vec::new();
    let mut relations = String::from("<Relationships>");
    write(
        &mut book,
        of::BOOK,
        &[&[u8::from(days_of_1904), 0, 0, 0], &[0; 8]],
    );
    for at in sheets {
        let name = format!("s{at}");
        relations.push_str(&format!(
            "<Relationship Id=\"{name}\" Target=\"worksheets/{name}.bin\"/>"
        ));
        let length = u32::try_from(name.len()).unwrap_or_default().to_le_bytes();
        let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        write(
            &mut book,
            of::SHEET,
            &[&[0; 8], &length, &letters, &length, &letters],
        );
    }
    relations.push_str("</Relationships>");
    write(&mut book, of::SHEETS_END, &[]);
    write(&mut book, of::BOOK_END, &[]);
    [
        ("xl/workbook.bin".to_owned(), book),
        (
            "xl/_rels/workbook.bin.rels".to_owned(),
            relations.into_bytes(),
        ),
    ]
}

/// What a workbook says of how its cells look.
#[derive(Default)]
struct Styles {
    of_cells: Vec<StyleOf>,
    /// Struck through or not, and how high on the line.
    fonts: Vec<(bool, How)>,
}

/// The styles of cells, and the part in which the library reads their number
/// formats. There every format that the file itself describes has a number of its
/// own: to the library some numbers mean a day, whatever the file says of them.
fn styles(part: Option<&[u8]>) -> Result<(Styles, Vec<u8>), OpenError> {
    let mut formats: BTreeMap<u16, String> = BTreeMap::new();
    let mut fonts = Vec::new();
    let mut of_cells = Vec::new();
    let mut is_of_cells = false;
    for record in records(part.unwrap_or_default()) {
        let Record { kind, body } = record?;
        match kind {
            of::FORMAT => {
                let format = text(body, 2).ok_or_else(broken)?;
                formats.insert(short(body, 0).ok_or_else(broken)?, format);
            }
            of::FONT => {
                let how = match short(body, 6) {
                    Some(1) => How::Raised,
                    Some(2) => How::Lowered,
                    _ => How::Plain,
                };
                fonts.push((short(body, 2).is_some_and(|bits| bits & STRUCK != 0), how));
            }
            of::STYLES_BEGIN => is_of_cells = true,
            of::STYLES_END => is_of_cells = false,
            of::STYLE if is_of_cells => {
                let two = short(body, 2).zip(short(body, 4));
                of_cells.push(two.ok_or_else(broken)?);
            }
            _ => {}
        }
    }
    let mut made = Vec::new();
    let count = |of: usize| u32::try_from(of).unwrap_or_default().to_le_bytes();
    write(&mut made, of::FORMATS_BEGIN, &[&count(formats.len())]);
    let own: BTreeMap<u16, u16> = formats.keys().copied().zip(OWN_FORMATS..).collect();
    for (number, format) in own.values().zip(formats.values()) {
        let letters: Vec<u8> = format.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = count(letters.len() / 2);
        write(
            &mut made,
            of::FORMAT,
            &[&number.to_le_bytes(), &length, &letters],
        );
    }
    write(&mut made, of::STYLES_BEGIN, &[&count(of_cells.len())]);
    for (format, _) in &of_cells {
        let format = own.get(format).unwrap_or(format);
        write(
            &mut made,
            of::STYLE,
            &[&[0, 0], &format.to_le_bytes(), &[0; 12]],
        );
    }
    let of_cells = of_cells.iter().map(|(format, font)| {
        let font = fonts.get(usize::from(*font));
        let struck = font.is_some_and(|(struck, _)| *struck);
        StyleOf::new(struck, formats.get(format).map(String::as_str))
    });
    let of_cells = of_cells.collect();
    Ok((Styles { of_cells, fonts }, made))
}

/// The texts that are written in more than one way, by number, and how many texts
/// there are.
fn texts(
    part: Option<&[u8]>,
    styles: &Styles,
) -> Result<(BTreeMap<usize, Text>, usize), OpenError> {
    let mut texts = BTreeMap::new();
    let (mut claimed, mut count) = (0, 0);
    for record in records(part.unwrap_or_default()) {
        let Record { kind, body } = record?;
        match kind {
            of::TEXTS_BEGIN => claimed = long(body, 4).ok_or_else(broken)?,
            of::TEXT_ITEM => {
                if let Some(runs) = runs(body, &styles.fonts).ok_or_else(broken)? {
                    texts.insert(count, Text::new(runs));
                }
                count += 1;
            }
            _ => {}
        }
    }
    match usize::try_from(claimed) == Ok(count) {
        true => Ok((texts, count)),
        false => Err(damaged("文字部分声称的数目与内容不符")),
    }
}

/// The pieces of a text, if it has any, behind its flags.
fn runs(body: &[u8], fonts: &[(bool, How)]) -> Option<Option<Vec<Run>>> {
    let flags = *body.first()?;
    let words = words(body, 1)?;
    if flags & 1 == 0 {
        return Some(None);
    }
    let rest = body.get(1 + words.len()..)?;
    let count = usize::try_from(long(rest, 0)?).ok()?;
    let starts: Option<Fonts> = (0..count)
        .map(|at| Some((short(rest, 4 + 4 * at)?, short(rest, 6 + 4 * at)?)))
        .collect();
    let how = |font: u16| match fonts.get(usize::from(font)) {
        Some((true, _)) => How::Struck,
        Some((false, how)) => *how,
        None => How::Plain,
    };
    Some(Some(parted(&letters(words), &starts?, &how)))
}

/// A sheet that is looked over.
struct Look<'a> {
    styles: &'a Styles,
    texts: &'a BTreeMap<usize, Text>,
    /// How many texts there are.
    count: usize,
    room: &'a mut Room,
    found: &'a mut FoundSheet,
    seen: BTreeMap<Cell, Seen>,
}

impl Look<'_> {
    /// Goes through a sheet, and gives it as the library reads it: every cell in
    /// its long form, and with its value only.
    fn over(&mut self, part: &[u8]) -> Result<Vec<u8>, OpenError> {
        let mut made = Vec::with_capacity(part.len());
        write(&mut made, of::SIZE, &[&[0; 16]]);
        write(&mut made, of::CELLS_BEGIN, &[]);
        let (mut row, mut column) = (0, 0);
        let (mut lists, mut is_inside, mut choices) = (0, false, 0_u32);
        for record in records(part) {
            let Record { kind, body } = record?;
            let is_cell = of::CELLS.contains(&kind)
                || of::SHORT_CELLS.contains(&kind)
                || [of::ROW, of::RICH_TEXT].contains(&kind);
            match kind {
                of::CELLS_BEGIN => (is_inside, lists) = (true, lists + 1),
                of::CELLS_END => is_inside = false,
                of::CHOICE => choices += 1,
                of::CHOICE_END => choices = choices.saturating_sub(1),
                of::MERGED => self.found.merges.push(merged(body).ok_or_else(broken)?),
                _ if !is_cell || !is_inside => {}
                _ if choices > 0 => return Err(self.double("里有的单元格只有一部分软件会读")),
                of::ROW => {
                    row = long(body, 0).ok_or_else(broken)?;
                    column = 0;
                    if body.get(11).is_some_and(|bits| bits & HIDDEN != 0) {
                        self.found.hidden_rows.insert(row);
                    }
                    write(&mut made, kind, &[&row.to_le_bytes()]);
                }
                _ => {
                    let (kind, rest) = match of::SHORT_CELLS.contains(&kind) {
                        true => (kind - of::SHORT, body),
                        false => {
                            column = long(body, 0).ok_or_else(broken)?;
                            (kind, body.get(4..).unwrap_or_default())
                        }
                    };
                    let Some(cell) = position((row, column)) else {
                        let name = short_name(&self.found.name);
                        return Err(damaged(format!("工作表“{name}”有单元格超出范围")));
                    };
                    self.cell(&mut made, cell, kind, rest)?;
                    column += 1;
                }
            }
        }
        write(&mut made, of::CELLS_END, &[]);
        self.room
            .merged(&self.found.name, self.found.merges.len())?;
        match lists {
            0 => Err(damaged(format!(
                "工作表“{}”里没有单元格这一部分",
                short_name(&self.found.name)
            ))),
            1 => Ok(made),
            _ => Err(self.double("里有两份单元格")),
        }
    }

    fn double(&self, what: &str) -> OpenError {
        two_ways(format!("工作表“{}”{what}", short_name(&self.found.name)))
    }

    /// Writes a cell, of which the number of its style and its value are given.
    fn cell(
        &mut self,
        made: &mut Vec<u8>,
        cell: Cell,
        kind: u32,
        rest: &[u8],
    ) -> Result<(), OpenError> {
        self.room.record(&self.found.name, cell.row)?;
        if (of::FORMULA_TEXT..=of::FORMULA_ERROR).contains(&kind) {
            self.found.formulas.insert(cell);
        }
        let (style, body) = rest.split_at_checked(4).ok_or_else(broken)?;
        let number = long(style, 0).unwrap_or_default() & 0x00FF_FFFF;
        let (mut own, mut shared) = (None, None);
        let (kind, value) = match kind {
            of::TEXT | of::FORMULA_TEXT => (of::TEXT, words(body, 0)),
            of::RICH_TEXT => {
                let runs = runs(body, &self.styles.fonts).ok_or_else(broken)?;
                own = runs.map(Text::new);
                (of::TEXT, words(body, 1))
            }
            of::REAL | of::FORMULA_REAL => (of::REAL, body.get(..8)),
            of::BOOL | of::FORMULA_BOOL => (of::BOOL, body.get(..1)),
            of::ERROR | of::FORMULA_ERROR => (of::ERROR, body.get(..1)),
            of::SHARED_TEXT => {
                shared = long(body, 0).and_then(|at| usize::try_from(at).ok());
                (kind, body.get(..4))
            }
            // A number in four bytes, or a blank cell.
            kind => (kind, Some(body)),
        };
        if shared.is_some_and(|at| at >= self.count) {
            let (sheet, cell) = (short_name(&self.found.name), cell.name());
            return Err(damaged(format!("工作表“{sheet}”{cell}指向不存在的文字")));
        }
        let text = own.as_ref().or_else(|| self.texts.get(&shared?));
        let style_of = usize::try_from(number).ok();
        let style_of = style_of.and_then(|at| self.styles.of_cells.get(at));
        let seen = Seen::of(style_of, text, false);
        self.seen.extend(seen.map(|seen| (cell, seen)));
        let value = value.ok_or_else(broken)?;
        write(
            made,
            kind,
            &[&u32::from(cell.column).to_le_bytes(), style, value],
        );
        Ok(())
    }
}

/// Merged cells.
fn merged(body: &[u8]) -> Option<Area> {
    let (first_row, last_row) = (long(body, 0)?, long(body, 4)?);
    let (first, last) = (long(body, 8)?, long(body, 12)?);
    Some(Area::new(
        position((first_row, first))?,
        position((last_row, last))?,
    ))
}

/// The notes of a part.
fn notes(part: &[u8]) -> Vec<Note> {
    let mut of_talks = Vec::new();
    let mut notes = Vec::new();
    let mut begun = None;
    for Record { kind, body } in records(part).map_while(Result::ok) {
        match kind {
            of::AUTHOR => {
                of_talks.extend(text(body, 0).map(|name| xlsx_attached::is_of_talk(&name)))
            }
            of::NOTE => {
                let cell = long(body, 4).zip(long(body, 12)).and_then(position);
                let author = long(body, 0).and_then(|at| usize::try_from(at).ok());
                let is_of_talk = author.and_then(|at| of_talks.get(at).copied());
                begun = cell.zip(Some(is_of_talk.unwrap_or(false)));
            }
            of::NOTE_TEXT => {
                let note = begun.take().zip(text(body, 1));
                notes.extend(
                    note.map(|((cell, is_of_talk), text)| Note::new(cell, text, is_of_talk)),
                );
            }
            _ => {}
        }
    }
    notes
}

impl From<XlsbError> for OpenError {
    fn from(error: XlsbError) -> Self {
        match error {
            XlsbError::Password => OpenError::Protected,
            _ => unknown("里面有不认识的记录"),
        }
    }
}
