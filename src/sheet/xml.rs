//! Attributes and texts of XML, as every reader of a part needs them.

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

/// The value of an XML attribute.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    on_attribute(tag, name, str::to_owned)
}

/// What is made of the value of an XML attribute.
pub(super) fn on_attribute<T>(
    tag: &BytesStart<'_>,
    name: &str,
    make: impl FnOnce(&str) -> T,
) -> Option<T> {
    let value = tag.try_get_attribute(name).ok()??;
    let text = unescape(&value.value).ok()?;
    Some(make(&text))
}

/// Adds the text up to the end of an element, whatever stands between.
pub(super) fn text_of(reader: &mut Reader<&[u8]>, element: &str, text: &mut String) {
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::End(tag) if tag.local_name().as_ref() == element => break,
            Event::Eof => break,
            event => push_text(event, text),
        }
    }
}

/// Adds the text of an event, if it is one.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(piece) => text.push_str(&piece.xml10_content()),
        Event::CData(piece) => text.push_str(piece),
        Event::GeneralRef(name) => {
            if let Some(letter) = resolve_xml_entity(name) {
                text.push_str(letter);
            } else if let Ok(Some(letter)) = name.resolve_char_ref() {
                text.push(letter);
            }
        }
        _ => {}
    }
}
