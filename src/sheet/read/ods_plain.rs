//! An .ods as the library is to read it: the cells of its sheets, and nothing else.

use quick_xml::events::{BytesStart, Event};

use super::ods_xml::{
    At, COLUMNS, KEPT, ROWS, Seen, VALUES, blanks, columns_repeated, each, own_name, rows_repeated,
    value_of,
};
use crate::sheet::OpenError;
use crate::sheet::xml::{attribute, on_attribute};

/// The content with the cells of the sheets and nothing else.
pub(super) fn plain(content: &[u8], sheets: &[Seen]) -> Result<String, OpenError> {
    let mut made = Made {
        text: String::with_capacity(content.len() / 2),
        sheets,
        at: 0,
        row: 0,
        repeated: 0,
        column: 0,
        is_row_written: false,
        is_cell_written: false,
    };
    made.text.push_str("<office:document-content>");
    each(content, &mut made, Made::begin, Made::end, Made::between)?;
    made.text.push_str("</office:document-content>");
    Ok(made.text)
}

/// What is written anew.
struct Made<'a> {
    text: String,
    sheets: &'a [Seen],
    /// The sheet that is being written.
    at: usize,
    row: u32,
    repeated: u32,
    column: u32,
    is_row_written: bool,
    is_cell_written: bool,
}

impl Made<'_> {
    fn begin(&mut self, parent: Option<At>, at: At, tag: &BytesStart<'_>) -> Result<(), OpenError> {
        match at {
            At::Table if parent == Some(At::Spreadsheet) => {
                let name = own_name(self.at);
                self.text
                    .push_str(&format!("<table:table table:name=\"{name}\">"));
                self.row = 0;
            }
            At::Row => {
                self.repeated = rows_repeated(tag);
                self.column = 0;
                let used = self.sheets.get(self.at).map(|seen| &seen.used);
                self.is_row_written = used.is_some_and(|used| used.row(self.row).is_some());
                if self.is_row_written {
                    let end = self.row.saturating_add(self.repeated).min(ROWS);
                    let rows = end - self.row;
                    self.text.push_str(&format!(
                        "<table:table-row table:number-rows-repeated=\"{rows}\">"
                    ));
                }
            }
            At::Cell if parent == Some(At::Row) => self.cell(tag),
            At::Paragraph if parent == Some(At::Cell) && self.is_cell_written => {
                self.text.push_str("<text:p>");
            }
            At::Paragraph if self.is_cell_written => {
                let name = tag.name();
                match name.as_ref() {
                    "text:s" => {
                        let count = blanks(tag);
                        self.text.push_str(&format!("<text:s text:c=\"{count}\"/>"));
                    }
                    "text:tab" => self.text.push_str("<text:tab/>"),
                    "text:line-break" => self.text.push_str("<text:line-break/>"),
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, tag: &BytesStart<'_>) {
        let from = self.column;
        self.column = from.saturating_add(columns_repeated(tag)).min(COLUMNS);
        let used = self.sheets.get(self.at).map(|seen| &seen.used);
        let columns = used.map_or(0, |used| used.columns_within(from, self.column));
        self.is_cell_written = self.is_row_written && columns > 0;
        if !self.is_cell_written {
            return;
        }
        self.text.push_str(&format!(
            "<table:table-cell table:number-columns-repeated=\"{columns}\""
        ));
        let kind = attribute(tag, "office:value-type");
        for key in KEPT {
            // What does not belong to the type of the value is not the value.
            if VALUES.contains(&key) && kind.as_deref().is_some_and(|kind| value_of(kind) != key) {
                continue;
            }
            on_attribute(tag, key, |value| {
                let value = quick_xml::escape::escape(value);
                self.text.push_str(&format!(" {key}=\"{value}\""));
            });
        }
        self.text.push('>');
    }

    fn end(&mut self, at: At, name: &str) -> Result<(), OpenError> {
        match (at, name) {
            (At::Table, _) => {
                self.text.push_str("</table:table>");
                self.at += 1;
            }
            (At::Row, _) => {
                if self.is_row_written {
                    self.text.push_str("</table:table-row>");
                }
                self.row = self.row.saturating_add(self.repeated).min(ROWS);
            }
            (At::Cell, "table:table-cell" | "table:covered-table-cell") => {
                if self.is_cell_written {
                    self.text.push_str("</table:table-cell>");
                }
                self.is_cell_written = false;
            }
            (At::Paragraph, "text:p" | "text:h") if self.is_cell_written => {
                self.text.push_str("</text:p>");
            }
            _ => {}
        }
        Ok(())
    }

    fn between(&mut self, parent: Option<At>, event: &Event<'_>) {
        if !self.is_cell_written || parent != Some(At::Paragraph) {
            return;
        }
        match event {
            Event::Text(text) => self.text.push_str(text.as_ref()),
            Event::CData(text) => {
                let text: &str = text.as_ref();
                self.text.push_str(&quick_xml::escape::escape(text));
            }
            Event::GeneralRef(name) => {
                let name: &str = name.as_ref();
                self.text.push_str(&format!("&{name};"));
            }
            _ => {}
        }
    }
}
