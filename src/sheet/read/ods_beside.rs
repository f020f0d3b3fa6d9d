//! What the cells of an .ods carry beside their values, and what is attached to
//! its sheets. Styles come before the cells, and of most workbooks nothing else
//! has to be read.

use std::collections::BTreeMap;

use ecow::EcoString;
use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::ods_styles::{Looks, Styles};
use super::ods_xml::{
    At, COLUMNS, NOT_READ, ROWS, columns_repeated, is_filled, rows_repeated, step,
};
use super::seen::{Run, Seen};
use super::value::{is_picture_formula, position};
use crate::sheet::xml::{attribute, next_event, push_text};
use crate::sheet::{Attached, AttachedKind, Cell, How};

/// What was seen of a sheet.
#[derive(Default)]
pub(super) struct OfSheet {
    pub cells: BTreeMap<Cell, Seen>,
    pub attached: Vec<Attached>,
}

/// Words without which there is nothing but the styles.
const IN_CELLS: [&[u8]; 4] = [b"office:annotation", b"draw:", b"DISPIMG", b"dispimg"];

/// What is seen of each sheet by its place among them. `named` is the part with the styles that
/// bear names, `content` the one with the sheets.
pub(super) fn of(named: &[u8], content: &[u8]) -> BTreeMap<usize, OfSheet> {
    let mut styles = Styles::default();
    styles.read(&mut Reader::from_reader(named));
    let mut reader = Reader::from_reader(content);
    styles.read(&mut reader);
    let looks = styles.looks();
    let mut sheets = BTreeMap::new();
    let has = |words: &[&[u8]]| {
        words
            .iter()
            .any(|word| memmem::find(content, word).is_some())
    };
    if looks.is_plain() && !has(&IN_CELLS) {
        return sheets;
    }
    // The styles ended where the body begins.
    let mut stack = vec![At::Above];
    let mut next = 0;
    while let Some(event) = next_event(&mut reader) {
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let has_content = matches!(event, Event::Start(_));
                let parent = stack.last().copied();
                let at = step(parent, tag.name().as_ref());
                if at == At::Table && parent == Some(At::Spreadsheet) {
                    let mut sheet = Sheet::new(&looks);
                    if has_content {
                        sheet.read(&mut reader);
                    }
                    sheets.insert(next, sheet.seen);
                    next += 1;
                } else if has_content {
                    stack.push(at);
                }
            }
            Event::End(_) => {
                stack.pop();
            }
            _ => {}
        }
    }
    sheets
}

/// A sheet that is being read.
struct Sheet<'a> {
    looks: &'a Looks,
    seen: OfSheet,
    /// Styles of columns, each with the column after its last.
    columns: Vec<(u32, Option<String>)>,
    row_style: Option<String>,
    row: u32,
    rows: u32,
    column: u32,
}

impl<'a> Sheet<'a> {
    fn new(looks: &'a Looks) -> Self {
        Sheet {
            looks,
            seen: OfSheet::default(),
            columns: Vec::new(),
            row_style: None,
            row: 0,
            rows: 1,
            column: 0,
        }
    }

    /// Reads the sheet to its end.
    fn read(&mut self, reader: &mut Reader<&[u8]>) {
        let mut stack = vec![At::Table];
        while let Some(event) = next_event(reader) {
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let has_content = matches!(event, Event::Start(_));
                    let at = step(stack.last().copied(), tag.name().as_ref());
                    match tag.name().as_ref() {
                        // A table in something else is no part of the sheet.
                        "table:table" if has_content => {
                            paragraphs_of(reader, "table:table");
                            continue;
                        }
                        "table:table-column" => {
                            let after = self.columns.last().map_or(0, |(after, _)| *after);
                            let after = after.saturating_add(columns_repeated(tag));
                            let style = attribute(tag, "table:default-cell-style-name");
                            if after <= COLUMNS || self.columns.is_empty() {
                                self.columns.push((after, style));
                            }
                        }
                        "table:table-row" if at == At::Row => {
                            self.rows = rows_repeated(tag);
                            self.row_style = attribute(tag, "table:default-cell-style-name");
                            self.column = 0;
                            if !has_content {
                                self.row_ended();
                            }
                        }
                        "table:table-cell" | "table:covered-table-cell" if at == At::Cell => {
                            self.cell(tag, has_content.then_some(&mut *reader));
                            continue;
                        }
                        "table:shapes" if has_content => {
                            let texts = shapes(reader, "table:shapes");
                            self.attach(Cell::new(0, 0), AttachedKind::Box, texts);
                            continue;
                        }
                        _ => {}
                    }
                    if has_content {
                        stack.push(at);
                    }
                }
                Event::End(_) => match stack.pop() {
                    Some(At::Row) => self.row_ended(),
                    _ if stack.is_empty() => break,
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn row_ended(&mut self) {
        self.row = self.row.saturating_add(self.rows).min(ROWS);
    }

    fn attach(&mut self, cell: Cell, kind: AttachedKind, texts: Vec<String>) {
        let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
        self.seen.attached.extend(texts.map(|text| Attached {
            cell,
            kind,
            text: EcoString::from(text.trim()),
        }));
    }

    fn cell(&mut self, tag: &BytesStart<'_>, reader: Option<&mut Reader<&[u8]>>) {
        let repeated = columns_repeated(tag);
        let own = attribute(tag, "table:style-name");
        let at = self.column;
        let by_column = || {
            let column = self.columns.partition_point(|(after, _)| *after <= at);
            self.columns.get(column)?.1.clone()
        };
        let style = own.or_else(|| self.row_style.clone()).or_else(by_column);
        let style = style.and_then(|name| self.looks.cells.get(&name));
        let is_picture = attribute(tag, "table:formula").is_some_and(|f| is_picture_formula(&f));
        let mut content = Content::default();
        if let Some(reader) = reader {
            content.read(reader, tag.name().as_ref(), self.looks);
        }
        let special = |run: &Run| run.how.is_some();
        let runs = content
            .runs
            .iter()
            .any(special)
            .then(|| content.runs.into());
        let seen = Seen {
            style: style.cloned().unwrap_or_default(),
            runs,
            is_picture,
        };
        let place = position((self.row, self.column));
        let is_plain = !seen.is_picture && seen.style.is_plain() && seen.runs.is_none();
        if !is_plain && is_filled(tag) {
            // What is filled was counted when the workbook was looked over.
            for row in self.row..self.row.saturating_add(self.rows).min(ROWS) {
                for column in at..at.saturating_add(repeated).min(COLUMNS) {
                    if let Some(cell) = position((row, column)) {
                        self.seen.cells.insert(cell, seen.clone());
                    }
                }
            }
        }
        if let Some(cell) = place {
            self.attach(cell, AttachedKind::Note, content.notes);
            self.attach(cell, AttachedKind::Box, content.boxes);
        }
        self.column = self.column.saturating_add(repeated).min(COLUMNS);
    }
}

/// What stands in a cell.
#[derive(Default)]
struct Content {
    runs: Vec<Run>,
    notes: Vec<String>,
    boxes: Vec<String>,
}

impl Content {
    /// Reads a cell to its end.
    fn read(&mut self, reader: &mut Reader<&[u8]>, element: &str, looks: &Looks) {
        let mut hows: Vec<Option<How>> = vec![None];
        let mut paragraphs = 0;
        let mut inside = false;
        let mut depth = 0_u32;
        while let Some(event) = next_event(reader) {
            match &event {
                Event::Start(tag) => match tag.name().as_ref() {
                    name if name == element => depth += 1,
                    "office:annotation" => {
                        let texts = paragraphs_of(reader, "office:annotation");
                        self.notes.push(texts.join("\n"));
                    }
                    name if name.starts_with("draw:") => {
                        self.boxes.extend(shape(reader, name));
                    }
                    name if NOT_READ.contains(&name) => {
                        paragraphs_of(reader, name);
                    }
                    "text:p" | "text:h" => {
                        inside = true;
                        paragraphs += 1;
                        if paragraphs > 1 {
                            self.push(None, "\n");
                        }
                    }
                    "text:span" => {
                        let outer = hows.last().copied().flatten();
                        let style = attribute(tag, "text:style-name");
                        let how = style.and_then(|name| looks.texts.get(&name)).copied();
                        hows.push(how.or(outer));
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.name().as_ref() {
                    "text:p" | "text:h" => inside = false,
                    "text:span" if hows.len() > 1 => {
                        hows.pop();
                    }
                    name if name == element && depth == 0 => break,
                    name if name == element => depth -= 1,
                    _ => {}
                },
                event if inside => {
                    let mut text = String::new();
                    push_text(event, &mut text);
                    self.push(hows.last().copied().flatten(), &text);
                }
                _ => {}
            }
        }
    }

    fn push(&mut self, how: Option<How>, text: &str) {
        match self.runs.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.how == how => last.text.push_str(text),
            _ => self.runs.push(Run {
                text: text.into(),
                how,
            }),
        }
    }
}

/// The texts of the shapes up to the end of an element, one for each shape.
fn shapes(reader: &mut Reader<&[u8]>, element: &str) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(event) = next_event(reader) {
        match &event {
            Event::Start(tag) if tag.name().as_ref().starts_with("draw:") => {
                let name = tag.name();
                texts.extend(shape(reader, name.as_ref()));
            }
            Event::End(tag) if tag.name().as_ref() == element => break,
            _ => {}
        }
    }
    texts
}

/// The text of a shape, and of those that it holds.
fn shape(reader: &mut Reader<&[u8]>, element: &str) -> Option<String> {
    let text = paragraphs_of(reader, element).join("\n");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The paragraphs up to the end of an element, which may hold others of its name.
fn paragraphs_of(reader: &mut Reader<&[u8]>, element: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let (mut depth, mut inside) = (0_u32, false);
    while let Some(event) = next_event(reader) {
        match &event {
            Event::Start(tag) => match tag.name().as_ref() {
                "text:p" => {
                    inside = true;
                    texts.push(String::new());
                }
                name if name == element => depth += 1,
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "text:p" => inside = false,
                name if name == element => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => break,
                },
                _ => {}
            },
            event if inside => {
                if let Some(last) = texts.last_mut() {
                    push_text(event, last);
                }
            }
            _ => {}
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::sheet::read::ods_styles::tests::STYLES;

    const HEAD: &str = r#"<office:document-content><office:automatic-styles><style:style style:name="ce1" style:parent-style-name="Default" style:data-style-name="N1"/><style:style style:name="ce2" style:parent-style-name="Named"/><style:style style:name="ce3" style:parent-style-name="ce3"><style:text-properties style:text-line-through-style="none"/></style:style><style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style><style:style style:name="T2"><style:text-properties style:text-line-through-type="single"/></style:style></office:automatic-styles><office:body><office:spreadsheet>"#;

    fn seen(rows: &str) -> OfSheet {
        let content = format!(
            "{HEAD}<table:table table:name=\"甲\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
        );
        let mut all = of(STYLES.as_bytes(), content.as_bytes());
        all.remove(&0).unwrap_or_default()
    }

    #[test]
    fn cells_have_their_own_style_or_that_of_their_row_or_column() {
        let rows = r#"<table:table-column table:default-cell-style-name="ce3"/><table:table-column table:number-columns-repeated="3" table:default-cell-style-name="ce1"/><table:table-row><table:table-cell office:value-type="float" office:value="1"/><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="150"/><table:table-cell/></table:table-row><table:table-row table:number-rows-repeated="2" table:default-cell-style-name="ce2"><table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell><table:table-cell table:style-name="ce3" office:value-type="float" office:value="1"/></table:table-row>"#;
        let seen = seen(rows).cells;
        let said: Vec<(String, bool, Option<&str>)> = seen
            .iter()
            .map(|(cell, seen)| {
                let format = seen.style.format.as_deref();
                (cell.name(), seen.style.struck, format)
            })
            .collect();
        let wan = Some("0\"万元\"");
        let wanted = [
            ("B1", false, wan),
            ("C1", false, wan),
            ("A2", true, None),
            ("A3", true, None),
        ];
        assert_eq!(
            said,
            wanted.map(|(name, struck, format)| (name.to_owned(), struck, format))
        );
    }

    /// Cells are where the reader of the values has them.
    #[test]
    fn where_a_cell_is_whatever_stands_before_it() {
        let struck = r#"<table:table-cell table:style-name="ce2" office:value-type="float" office:value="1"/>"#;
        let nested =
            "<table:table><table:table-row><table:table-cell/></table:table-row></table:table>";
        let at = |before: &str| {
            let rows = format!("{before}<table:table-row>{struck}</table:table-row>");
            let seen = seen(&rows).cells;
            seen.keys().map(|cell| cell.name()).collect::<Vec<_>>()
        };
        for before in [
            r#"<table:table-row table:number-rows-repeated=" 2 "><table:table-cell/></table:table-row>"#.to_owned(),
            format!("<table:table-row/><table:table-row><table:table-cell>{nested}</table:table-cell></table:table-row>"),
            format!("<office:forms>{nested}</office:forms><table:table-row/><table:table-row/>"),
            "<office:forms><table:table-row/></office:forms><table:table-row-group><table:table-row/></table:table-row-group><table:table-row/>".to_string(),
        ] {
            assert_eq!(at(&before), ["A3"], "{before}");
        }
        let one = format!("<table:table><table:table-row>{struck}</table:table-row></table:table>");
        let links = "<table:dde-links><table:table/></table:dde-links>";
        let content = format!(
            "{HEAD}{links}<table:table/>{one}</office:spreadsheet></office:body></office:document-content>"
        );
        let all = of(STYLES.as_bytes(), content.as_bytes());
        let cells: Vec<usize> = all.values().map(|sheet| sheet.cells.len()).collect();
        assert_eq!(cells, [0, 1]);
    }

    #[test]
    fn pieces_notes_and_boxes_of_a_cell() {
        let rows = r#"<table:shapes><draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame></table:shapes><table:table-row><table:table-cell office:value-type="string"><office:annotation><dc:creator>某人</dc:creator><text:p>作废</text:p><text:p>不计 &amp; 删</text:p></office:annotation><draw:custom-shape><text:p>形</text:p></draw:custom-shape><text:p>50<text:span text:style-name="T2">0</text:span><text:span text:style-name="T1">1</text:span></text:p></table:table-cell><table:table-cell table:formula="of:=DISPIMG(&quot;ID&quot;;1)" office:value-type="string" calcext:value-type="error"><text:p>#NAME?</text:p></table:table-cell></table:table-row>"#;
        let OfSheet { cells, attached } = seen(rows);
        let texts: Vec<(String, &str, &str)> = attached
            .iter()
            .map(|one| (one.cell.name(), one.kind.word(), one.text.as_str()))
            .collect();
        let wanted = [
            ("A1", "文本框", "框"),
            ("A1", "批注", "作废\n不计 & 删"),
            ("A1", "文本框", "形"),
        ];
        assert_eq!(
            texts,
            wanted.map(|(cell, kind, text)| (cell.to_owned(), kind, text))
        );
        let runs = cells
            .get(&Cell::new(0, 0))
            .and_then(|seen| seen.runs.clone());
        let runs: Vec<(String, Option<How>)> = runs
            .iter()
            .flat_map(|runs| runs.iter())
            .map(|run| (run.text.to_string(), run.how))
            .collect();
        let wanted = [
            ("50", None),
            ("0", Some(How::Struck)),
            ("1", Some(How::Raised)),
        ];
        assert_eq!(runs, wanted.map(|(text, how)| (text.to_owned(), how)));
        assert!(
            cells
                .get(&Cell::new(0, 1))
                .is_some_and(|seen| seen.is_picture)
        );
        // Cut off anywhere it ends.
        let letters: Vec<char> = rows.chars().collect();
        for end in 0..letters.len() {
            let _ = seen(&letters[..end].iter().collect::<String>());
        }
    }
}
