//! What the cells of an .xlsx carry beside their values: by their styles, by the
//! pieces of their texts, and pictures in them. Nearly no return has any of it,
//! and then nothing but a few words are looked for.

use std::collections::BTreeMap;

use ecow::EcoString;
use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::names::plain_cell;
use super::seen::{Run, Seen, StyleOf, Text};
use super::value::{is_picture_formula, position};
use crate::sheet::parts::Parts;
use crate::sheet::xml::{next_event, next_event_in, on_attribute, text_of};
use crate::sheet::{Cell, How};

/// Words in a part with styles without which none of them says anything: struck
/// through, or a number format of somebody's own.
const IN_STYLES: [&[u8]; 2] = [b"strike", b"formatCode"];
/// Words in a part with texts or cells without which no text has other pieces.
const IN_TEXTS: [&[u8]; 2] = [b"strike", b"vertAlign"];
/// Words in a sheet without which no picture fills a cell.
const IN_CELLS: [&[u8]; 4] = [b" vm=", b"DISPIMG", b"dispimg", b"IMAGE("];

/// What a workbook says of all its cells.
pub(super) struct Looks {
    styles: Vec<StyleOf>,
    has_styles: bool,
    texts: BTreeMap<usize, Text>,
    /// A value of another kind may be a picture.
    may_be_pictures: bool,
}

fn has_any(part: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| memmem::find(part, word).is_some())
}

impl Looks {
    /// Reads the styles and the texts of a workbook.
    pub fn of(parts: &Parts, styles: &str, texts: &str, kinds: &str) -> Self {
        let part = parts.get(styles).unwrap_or_default();
        let styles = match has_any(part, &IN_STYLES) {
            true => styles_of(part),
            false => Vec::new(),
        };
        let has_struck = styles.iter().any(|style| style.struck);
        let part = parts.get(texts).unwrap_or_default();
        let texts = match has_struck || has_any(part, &IN_TEXTS) {
            true => texts_of(part),
            false => BTreeMap::new(),
        };
        // Where values of other kinds are told apart, none may be a picture.
        let kinds = parts.get(kinds);
        Looks {
            has_styles: styles.iter().any(|style| !style.is_plain()),
            styles,
            texts,
            may_be_pictures: kinds.is_none_or(|kinds| has_any(kinds, &[b"mage"])),
        }
    }

    /// What is seen of the cells of a sheet. `rest` is the sheet without its plain
    /// cells.
    pub fn cells(&self, sheet: &[u8], rest: &[u8]) -> BTreeMap<Cell, Seen> {
        let is_plain = !self.has_styles
            && self.texts.is_empty()
            && !has_any(rest, &IN_TEXTS)
            && !has_any(rest, &IN_CELLS);
        let mut seen = BTreeMap::new();
        if is_plain {
            return seen;
        }
        let mut reader = Reader::from_reader(sheet);
        let mut at = Position::default();
        // What cannot be read is refused by whoever reads the values.
        while let Some(event) = next_event(&mut reader) {
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    match tag.local_name().as_ref() {
                        "row" => at.row(tag, is_empty),
                        "c" => {
                            let place = at.cell(tag);
                            if is_empty {
                                continue;
                            }
                            let made = self.cell(tag, &mut reader);
                            if let (Some(place), Some(made)) = (place, made) {
                                seen.insert(place, made);
                            }
                        }
                        _ => {}
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => at.row_ended(),
                _ => {}
            }
        }
        seen
    }

    /// What is seen of a cell, up to its end; nothing if it is plain.
    fn cell(&self, tag: &BytesStart<'_>, reader: &mut Reader<&[u8]>) -> Option<Seen> {
        let index = |name| on_attribute(tag, name, |s| s.parse::<usize>().ok()).flatten();
        let kind = on_attribute(tag, "t", str::to_owned).unwrap_or_default();
        let has_other_value = on_attribute(tag, "vm", |_| ()).is_some();
        // A cell that names no style has the first.
        let style = self.styles.get(index("s").unwrap_or(0));
        let (mut value, mut formula) = (String::new(), None);
        let mut runs = Vec::new();
        while let Some(event) = next_event_in(reader, "c") {
            let Event::Start(tag) = &event else { continue };
            match tag.local_name().as_ref() {
                "v" => text_of(reader, "v", &mut value),
                "f" => text_of(reader, "f", formula.get_or_insert_default()),
                "r" => runs.push(run(reader)),
                "rPh" => skip(reader, "rPh"),
                _ => {}
            }
        }
        let is_formula = formula.as_deref().is_some_and(is_picture_formula);
        let is_value = self.may_be_pictures && has_other_value && kind == "e" && formula.is_none();
        let own = Some(runs).filter(|runs| !runs.is_empty()).map(Text::new);
        let text = match kind.as_str() {
            "s" => value.parse().ok().and_then(|at| self.texts.get(&at)),
            _ => own.as_ref(),
        };
        Seen::of(style, text, is_formula || is_value)
    }
}

/// Where the reading stands; rows and cells need not say where they are.
#[derive(Default)]
struct Position {
    row: u32,
    column: u32,
}

impl Position {
    fn row(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let number = on_attribute(tag, "r", |r| r.trim().parse::<u32>().ok()).flatten();
        if let Some(row) = number.and_then(|r| r.checked_sub(1)) {
            self.row = row;
        }
        if is_empty {
            self.row_ended();
        }
    }

    fn row_ended(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    fn cell(&mut self, tag: &BytesStart<'_>) -> Option<Cell> {
        let said = on_attribute(tag, "r", |r| plain_cell(&r.to_ascii_uppercase())).flatten();
        let (row, column) = said.unwrap_or((self.row, self.column));
        self.column = column.saturating_add(1);
        position((row, column))
    }
}

/// The styles of cells, by number.
fn styles_of(part: &[u8]) -> Vec<StyleOf> {
    let mut reader = Reader::from_reader(part);
    let mut formats: BTreeMap<u32, String> = BTreeMap::new();
    let mut struck_fonts: Vec<bool> = Vec::new();
    let mut styles = Vec::new();
    let mut list = String::new();
    while let Some(event) = next_event(&mut reader) {
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.local_name();
                let number = |name| on_attribute(tag, name, |n| n.parse::<u32>().ok()).flatten();
                match (list.as_str(), name.as_ref()) {
                    (_, name @ ("fonts" | "numFmts" | "cellXfs" | "dxfs" | "cellStyleXfs")) => {
                        list.clear();
                        if matches!(event, Event::Start(_)) {
                            list.push_str(name);
                        }
                    }
                    ("fonts", "font") => struck_fonts.push(false),
                    ("fonts", "strike") => {
                        if let Some(last) = struck_fonts.last_mut() {
                            *last = is_on(tag);
                        }
                    }
                    ("numFmts", "numFmt") => {
                        let code = on_attribute(tag, "formatCode", str::to_owned);
                        formats.extend(number("numFmtId").zip(code));
                    }
                    ("cellXfs", "xf") => {
                        let font = usize::try_from(number("fontId").unwrap_or(0));
                        styles.push((font, number("numFmtId")));
                    }
                    _ => {}
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == list => list.clear(),
            _ => {}
        }
    }
    // The lists may stand in any order.
    let styles = styles.into_iter().map(|(font, format)| {
        let struck = font
            .ok()
            .and_then(|at: usize| struck_fonts.get(at))
            .copied();
        let format = format.and_then(|id| formats.get(&id));
        StyleOf::new(struck.unwrap_or(false), format.map(String::as_str))
    });
    styles.collect()
}

/// Whether a property of a font is on: it is if nothing else is said.
fn is_on(tag: &BytesStart<'_>) -> bool {
    let off = |value: &str| matches!(value.trim(), "0" | "false" | "off");
    !on_attribute(tag, "val", off).unwrap_or(false)
}

/// Whether some text of a part stands there in two ways: a text of its own and one
/// in pieces, or two of them. Some programs take the first, others all.
pub(super) fn is_text_twice(part: &[u8]) -> bool {
    let count = |word: &[u8]| memmem::find_iter(part, word).count();
    let (texts, items) = (count(b"<t>") + count(b"<t "), count(b"</t></si>"));
    // Nearly always each text is one, and then nothing but that has to be known.
    if texts == items && count(b"</si>") == items && !has_any(part, &[b"<r>", b"<r ", b":t"]) {
        return false;
    }
    let mut reader = Reader::from_reader(part);
    let (mut own, mut in_run, mut runs) = (0, 0, 0);
    let mut is_run = false;
    while let Some(event) = next_event(&mut reader) {
        match &event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "si" | "is" => (own, in_run, runs) = (0, 0, 0),
                "r" => {
                    (is_run, in_run) = (matches!(event, Event::Start(_)), 0);
                    runs += 1;
                }
                "rPh" if matches!(event, Event::Start(_)) => skip(&mut reader, "rPh"),
                "t" if is_run => in_run += 1,
                "t" => own += 1,
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "r" => is_run = false,
            _ => {}
        }
        if own > 1 || in_run > 1 || own > 0 && runs > 0 {
            return true;
        }
    }
    false
}

/// Texts in pieces, by their numbers.
fn texts_of(part: &[u8]) -> BTreeMap<usize, Text> {
    let mut reader = Reader::from_reader(part);
    let mut texts = BTreeMap::new();
    let mut next = 0;
    let mut runs = Vec::new();
    while let Some(event) = next_event(&mut reader) {
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => runs.clear(),
                "r" => runs.push(run(&mut reader)),
                "rPh" => skip(&mut reader, "rPh"),
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => next += 1,
            Event::End(tag) if tag.local_name().as_ref() == "si" => {
                if !runs.is_empty() {
                    texts.insert(next, Text::new(std::mem::take(&mut runs)));
                }
                next += 1;
            }
            _ => {}
        }
    }
    texts
}

/// A piece of a text, up to its end.
fn run(reader: &mut Reader<&[u8]>) -> Run {
    let mut text = String::new();
    let mut how = None;
    while let Some(event) = next_event_in(reader, "r") {
        match &event {
            Event::Start(tag) if tag.local_name().as_ref() == "t" => {
                text_of(reader, "t", &mut text);
            }
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "rPr" => how = how.or(Some(How::Plain)),
                "strike" if is_on(tag) => how = Some(How::Struck),
                "vertAlign" if how != Some(How::Struck) => {
                    how = on_attribute(tag, "val", |value| match value {
                        "superscript" => Some(How::Raised),
                        "subscript" => Some(How::Lowered),
                        _ => how,
                    })
                    .unwrap_or(how);
                }
                _ => {}
            },
            _ => {}
        }
    }
    Run {
        text: EcoString::from(text),
        how,
    }
}

/// Goes to the end of an element.
fn skip(reader: &mut Reader<&[u8]>, name: &str) {
    text_of(reader, name, &mut String::new());
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONTS: &str = "<fonts><font><strike/></font><font/></fonts>";
    const FORMATS: &str =
        "<numFmts><numFmt numFmtId=\"176\" formatCode=\"0&quot;万&quot;\"/></numFmts>";
    const STYLES: &str =
        "<cellXfs><xf numFmtId=\"0\" fontId=\"0\"/><xf numFmtId=\"176\" fontId=\"1\"/></cellXfs>";

    #[test]
    fn lists_of_styles_in_any_order() {
        for part in [
            format!("<styleSheet>{FORMATS}{FONTS}{STYLES}</styleSheet>"),
            format!("<styleSheet>{STYLES}{FONTS}{FORMATS}</styleSheet>"),
        ] {
            let styles = styles_of(part.as_bytes());
            let said: Vec<(bool, Option<&str>)> = styles
                .iter()
                .map(|style| (style.struck, style.format.as_deref()))
                .collect();
            assert_eq!(said, [(true, None), (false, Some("0\"万\""))], "{part}");
        }
    }

    #[test]
    fn a_cell_without_a_style_has_the_first() {
        let mut parts = Parts::default();
        let styles = format!("<styleSheet>{FONTS}{STYLES}</styleSheet>");
        parts.put("s", styles.into_bytes());
        let looks = Looks::of(&parts, "s", "", "");
        let sheet = b"<sheetData><row r=\"1\"><c r=\"A1\"><v>5</v></c><c r=\"B1\" s=\"1\"><v>5</v></c></row></sheetData>";
        let seen = looks.cells(sheet, sheet);
        let struck = |column| {
            seen.get(&Cell::new(0, column))
                .is_some_and(|one| one.style.struck)
        };
        assert!(struck(0) && !struck(1));
    }
}
