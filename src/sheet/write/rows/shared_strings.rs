//! The texts that the cells of a workbook share.

use rustc_hash::FxHashMap;

use super::xml::string;
use crate::sheet::write::merged::covered;
use crate::sheet::{Content, SheetOf};

/// The texts of a workbook's cells, each once, in order; not those of long tables,
/// which stand in their cells.
#[derive(Default)]
pub(super) struct Texts<'a> {
    numbers: FxHashMap<&'a str, u32>,
    order: Vec<&'a str>,
    uses: u32,
}

impl<'a> Texts<'a> {
    /// Those of some sheets.
    pub fn new(sheets: &'a [SheetOf<'_>]) -> Self {
        let mut texts = Texts::default();
        for sheet in sheets {
            let covered = covered(sheet);
            for (cell, (content, _)) in &sheet.cells {
                if let Some(text) = text(content)
                    && !covered.contains_key(cell)
                {
                    texts.add(text);
                }
            }
        }
        texts
    }

    fn add(&mut self, text: &'a str) {
        let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.order.push(text);
        }
        self.uses += 1;
    }

    /// The number of a text.
    pub fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// Spells the part that holds them.
    pub fn spell(&self, out: &mut Vec<u8>) {
        let (uses, count) = (self.uses, self.order.len());
        let start = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"{uses}\" uniqueCount=\"{count}\">"
        );
        out.extend(start.as_bytes());
        for text in &self.order {
            out.extend(b"<si>");
            string(out, text);
            out.extend(b"</si>");
        }
        out.extend(b"</sst>");
    }
}

/// The text that a cell shows and that is kept apart from it.
pub(super) fn text(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) | Content::Link { text, .. } if !text.is_empty() => Some(text),
        _ => None,
    }
}
