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

/// The next event; none at the end, and where nothing more can be read.
pub(super) fn next_event<'x>(reader: &mut Reader<&'x [u8]>) -> Option<Event<'x>> {
    let event = reader.read_event().ok();
    event.filter(|event| !matches!(event, Event::Eof))
}

/// The next event within an element; none at its end, too.
pub(super) fn next_event_in<'x>(reader: &mut Reader<&'x [u8]>, element: &str) -> Option<Event<'x>> {
    let is_end = |event: &Event<'_>| match event {
        Event::End(tag) => tag.local_name().as_ref() == element,
        _ => false,
    };
    next_event(reader).filter(|event| !is_end(event))
}

/// Adds the text up to the end of an element, whatever stands between.
pub(super) fn text_of(reader: &mut Reader<&[u8]>, element: &str, text: &mut String) {
    while let Some(event) = next_event_in(reader, element) {
        push_text(&event, text);
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
