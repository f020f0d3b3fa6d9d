//! A sheet of an .xlsx as the library is to read it: its cells, and nothing else.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::sheet_xml::{At, push};
use crate::sheet::OpenError;
use crate::sheet::refused::{damaged, short_name};
use crate::sheet::xml::on_attribute;

/// The sheet with its cells and nothing else, in the usual way.
pub(super) fn plain(name: &str, content: &[u8]) -> Result<Vec<u8>, OpenError> {
    let broken = || damaged(format!("工作表“{}”的内容不合规范", short_name(name)));
    let mut made = Writer(String::with_capacity(content.len()));
    made.0.push_str("<worksheet>");
    let mut stack: Vec<At> = Vec::new();
    let mut reader = Reader::from_reader(content);
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        let parent = stack.last().copied();
        match &event {
            Event::Start(tag) => stack.push(made.begin(parent, tag)),
            Event::Empty(tag) => {
                let at = made.begin(parent, tag);
                made.end(at);
            }
            Event::End(_) => {
                if let Some(at) = stack.pop() {
                    made.end(at);
                }
            }
            Event::Eof => break,
            other => {
                if matches!(parent, Some(At::Value | At::Letters)) {
                    let mut text = String::new();
                    push(other, &mut text);
                    made.0.push_str(&quick_xml::escape::escape(text));
                }
            }
        }
    }
    made.0.push_str("</worksheet>");
    Ok(made.0.into_bytes())
}

/// Writes what is taken of a sheet.
struct Writer(String);

impl Writer {
    fn begin(&mut self, parent: Option<At>, tag: &BytesStart<'_>) -> At {
        let local = tag.local_name();
        let (at, kept): (At, &[&str]) = match (parent, local.as_ref()) {
            (None, _) => return At::Root,
            (Some(At::Root), "sheetData") => (At::Data, &[]),
            (Some(At::Data), "row") => (At::Row, &["r"]),
            (Some(At::Row), "c") => (At::Cell, &["r", "s", "t"]),
            (Some(At::Cell), "v") => (At::Value, &[]),
            (Some(At::Cell), "f") => (At::Formula, &[]),
            // The runs of a text are one text.
            (Some(At::Cell), "is") => (At::Inline, &[]),
            (Some(At::Inline), "r") => return At::Run,
            (Some(At::Inline | At::Run), "t") => (At::Letters, &["xml:space"]),
            _ => return At::Other,
        };
        self.0.push('<');
        self.0.push_str(element(at));
        for key in kept {
            // Not every error is known, but every one is a text.
            on_attribute(tag, key, |value| {
                let is_odd = at == At::Cell && *key == "t" && value == "e";
                let value = if is_odd { "str" } else { value };
                let value = quick_xml::escape::escape(value);
                self.0.push_str(&format!(" {key}=\"{value}\""));
            });
        }
        self.0.push('>');
        at
    }

    fn end(&mut self, at: At) {
        let name = element(at);
        if !name.is_empty() {
            self.0.push_str(&format!("</{name}>"));
        }
    }
}

/// How an element that is taken is called.
fn element(at: At) -> &'static str {
    match at {
        At::Data => "sheetData",
        At::Row => "row",
        At::Cell => "c",
        At::Value => "v",
        At::Formula => "f",
        At::Inline => "is",
        At::Letters => "t",
        At::Root | At::Merges | At::Run | At::Other => "",
    }
}
