//! Notes on the cells of an .xlsx, what was said there in turn, and boxes with
//! text over a sheet: each in a part of its own, to which the sheet leads. A part
//! that cannot be read to its end gives what was read of it.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::names::plain_cell;
use super::value::position;
use crate::sheet::book::BESIDE_SHEET;
use crate::sheet::parts::Parts;
use crate::sheet::relations::Relation;
use crate::sheet::xml::{next_event, next_event_in, on_attribute, push_text, text_of};
use crate::sheet::{Attached, AttachedKind, Cell};

/// Authors of the notes that stand for talks, for programs that know none.
const OF_TALK: &str = "tc=";
/// What such a note says before the talk itself.
const BEFORE_TALK: [&str; 4] = ["Comment:", "注释:", "批注:", "评论:"];

/// What is attached to a sheet, which leads to these parts. Notes come first, in
/// the order of their cells; `notes_of` reads a part with notes.
pub(super) fn of(
    parts: &Parts,
    leads_to: &[Relation],
    notes_of: fn(&[u8]) -> Vec<Note>,
) -> Vec<Attached> {
    let mut notes: BTreeMap<Cell, Vec<String>> = BTreeMap::new();
    let mut talks: BTreeMap<Cell, Vec<String>> = BTreeMap::new();
    let mut boxes = Vec::new();
    let mut of_talks = BTreeSet::new();
    // Led to many times, a part is read once.
    let mut targets = BTreeSet::new();
    let own = leads_to
        .iter()
        .filter(|one| BESIDE_SHEET.contains(&one.kind.as_str()))
        .filter(|one| targets.insert(one.target.as_str()));
    for relation in own {
        let Some(content) = parts.get(&relation.target) else {
            continue;
        };
        match relation.kind.as_str() {
            "comments" => {
                for note in notes_of(content) {
                    if note.is_of_talk {
                        of_talks.insert(note.cell);
                    }
                    notes.entry(note.cell).or_default().push(note.text);
                }
            }
            "threadedComment" => {
                for (cell, text) in talks_of(content) {
                    talks.entry(cell).or_default().push(text);
                }
            }
            "drawing" => boxes.extend(boxes_of(content)),
            _ => {}
        }
    }
    for (cell, said) in talks {
        let own = notes.entry(cell).or_default();
        // The note that stands for the talk says the same once more.
        if of_talks.contains(&cell) {
            own.clear();
        }
        own.extend(said);
    }
    let notes = notes.into_iter().map(|(cell, mut texts)| {
        texts.dedup();
        Attached {
            cell,
            kind: AttachedKind::Note,
            text: EcoString::from(texts.join("\n")),
        }
    });
    let all = notes.chain(boxes);
    all.filter(|one| !one.text.trim().is_empty()).collect()
}

/// A note on a cell.
pub(super) struct Note {
    cell: Cell,
    text: String,
    /// It stands for what was said in turn.
    is_of_talk: bool,
}

impl Note {
    pub fn new(cell: Cell, text: String, is_of_talk: bool) -> Self {
        Note {
            cell,
            text: match is_of_talk {
                true => without_notice(&text),
                false => text,
            },
            is_of_talk,
        }
    }
}

/// Whether an author stands for what was said in turn.
pub(super) fn is_of_talk(author: &str) -> bool {
    author.starts_with(OF_TALK)
}

/// The cell that a tag is about.
fn cell_of(tag: &BytesStart<'_>) -> Option<Cell> {
    on_attribute(tag, "ref", |cell| {
        let first = cell.split(':').next().unwrap_or_default();
        position(plain_cell(&first.replace('$', "").to_ascii_uppercase())?)
    })
    .flatten()
}

/// The notes of a part of XML.
pub(super) fn notes_of(part: &[u8]) -> Vec<Note> {
    let mut reader = Reader::from_reader(part);
    let mut notes: Vec<Note> = Vec::new();
    let mut of_talks = Vec::new();
    while let Some(event) = next_event(&mut reader) {
        let Event::Start(tag) = &event else { continue };
        match tag.local_name().as_ref() {
            "author" => {
                let mut author = String::new();
                text_of(&mut reader, "author", &mut author);
                of_talks.push(is_of_talk(&author));
            }
            "comment" => {
                let author = on_attribute(tag, "authorId", |id| id.parse::<usize>().ok());
                let author = author.flatten().and_then(|at| of_talks.get(at));
                let (cell, is_of_talk) = (cell_of(tag), author.copied().unwrap_or(false));
                let text = note_text(&mut reader);
                notes.extend(cell.map(|cell| Note::new(cell, text, is_of_talk)));
            }
            _ => {}
        }
    }
    notes
}

/// The text of a note, up to its end.
fn note_text(reader: &mut Reader<&[u8]>) -> String {
    let mut text = String::new();
    while let Some(event) = next_event_in(reader, "comment") {
        let Event::Start(tag) = &event else { continue };
        match tag.local_name().as_ref() {
            "t" => text_of(reader, "t", &mut text),
            // How it is said aloud.
            "rPh" => text_of(reader, "rPh", &mut String::new()),
            _ => {}
        }
    }
    text
}

/// A note that stands for a talk, without what it says to programs of old.
fn without_notice(text: &str) -> String {
    let ends = BEFORE_TALK.iter().filter_map(|word| {
        let word = text.find(word)? + word.len();
        Some(word)
    });
    let start = ends.min().unwrap_or(0);
    text.get(start..).unwrap_or(text).trim().to_owned()
}

fn talks_of(part: &[u8]) -> Vec<(Cell, String)> {
    let mut reader = Reader::from_reader(part);
    let mut talks = Vec::new();
    let mut cell = None;
    while let Some(event) = next_event(&mut reader) {
        let Event::Start(tag) = &event else { continue };
        match tag.local_name().as_ref() {
            "threadedComment" => cell = cell_of(tag),
            "text" => {
                let mut text = String::new();
                text_of(&mut reader, "text", &mut text);
                talks.extend(cell.map(|cell| (cell, text)));
            }
            _ => {}
        }
    }
    talks
}

/// The boxes and shapes of a drawing that hold text.
fn boxes_of(part: &[u8]) -> Vec<Attached> {
    let mut reader = Reader::from_reader(part);
    let mut boxes = Vec::new();
    let mut begun = Anchored::default();
    while let Some(event) = next_event(&mut reader) {
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => {
                    begun = Anchored::default();
                }
                // The same once more, for programs that do not know the first.
                "Fallback" => text_of(&mut reader, "Fallback", &mut String::new()),
                "from" => begun.cell = corner(&mut reader),
                "txBody" => begun.texts.extend(body_text(&mut reader)),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref().ends_with("Anchor") => {
                let Anchored { cell, texts } = std::mem::take(&mut begun);
                boxes.push(Attached {
                    cell: cell.unwrap_or(Cell::new(0, 0)),
                    kind: AttachedKind::Box,
                    text: EcoString::from(texts.join("\n")),
                });
            }
            _ => {}
        }
    }
    boxes
}

/// What lies over one place of a sheet.
#[derive(Default)]
struct Anchored {
    cell: Option<Cell>,
    texts: Vec<String>,
}

/// The cell over which something begins.
fn corner(reader: &mut Reader<&[u8]>) -> Option<Cell> {
    let (mut row, mut column) = (String::new(), String::new());
    while let Some(event) = next_event_in(reader, "from") {
        let Event::Start(tag) = &event else { continue };
        match tag.local_name().as_ref() {
            "row" => text_of(reader, "row", &mut row),
            "col" => text_of(reader, "col", &mut column),
            _ => {}
        }
    }
    position((row.trim().parse().ok()?, column.trim().parse().ok()?))
}

/// The text of a shape, a line for each paragraph; none if it is blank.
fn body_text(reader: &mut Reader<&[u8]>) -> Option<String> {
    let mut text = String::new();
    let mut inside = false;
    while let Some(event) = next_event(reader) {
        match &event {
            Event::Start(tag) if tag.local_name().as_ref() == "t" => inside = true,
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "br" => {
                text.push('\n');
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => inside = false,
                "p" => text.push('\n'),
                "txBody" => break,
                _ => {}
            },
            event if inside => push_text(event, &mut text),
            _ => {}
        }
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_stands_for_a_talk_says_the_talk() {
        let english = "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to it will get removed if the file is opened in a newer version of Excel. Learn more: https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    实为30000元\nReply:\n    好";
        assert_eq!(without_notice(english), "实为30000元\nReply:\n    好");
        let chinese = "[线程批注]\n\n你的Excel版本可读取此线程批注; 但如果在更新版本的Excel中打开文件，则对批注所作的任何改动都将被删除。了解详细信息: https://go.microsoft.com/fwlink/?linkid=870924\n\n注释:\n    实为30000元";
        assert_eq!(without_notice(chinese), "实为30000元");
        assert_eq!(without_notice("实为30000元"), "实为30000元");
    }

    #[test]
    fn what_is_cut_off_gives_what_was_read() {
        let part = br#"<xdr:wsDr xmlns:xdr="x" xmlns:a="y"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>9</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>a &amp; b</a:t></a:r></a:p><a:p><a:r><a:t>c</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"#;
        let boxes = boxes_of(part);
        assert_eq!(boxes.len(), 1);
        assert_eq!(
            (boxes[0].cell, boxes[0].text.as_str()),
            (Cell::new(9, 1), "a & b\nc")
        );
        let notes = "<comments><authors><author>a</author></authors><commentList><comment ref=\"b2\" authorId=\"0\"><text><r><t>甲</t></r><r><t>乙</t></r></text></comment></commentList></comments>".as_bytes();
        assert_eq!(notes_of(notes)[0].text, "甲乙");
        for part in [&part[..], notes] {
            for end in 0..part.len() {
                let _ = (
                    boxes_of(&part[..end]),
                    notes_of(&part[..end]),
                    talks_of(&part[..end]),
                );
            }
        }
    }
}
