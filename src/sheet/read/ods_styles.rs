//! What the styles of an .ods say of cells and texts: what is struck through, raised or
//! lowered, and number formats, spelt as Excel spells them.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::seen::StyleOf;
use crate::sheet::How;
use crate::sheet::xml::{attribute, next_event, text_of};

/// A style as it is written.
#[derive(Default)]
struct Written {
    parent: Option<String>,
    format: Option<String>,
    struck: Option<bool>,
    /// Above or below the line.
    place: Option<How>,
}

/// A number format: what it is for certain numbers, and else.
#[derive(Default)]
struct Format {
    code: String,
    maps: Vec<(String, String)>,
}

#[derive(Default)]
pub(super) struct Styles {
    written: BTreeMap<String, Written>,
    formats: BTreeMap<String, Format>,
}

impl Styles {
    /// Reads styles up to where the sheets begin.
    pub fn read(&mut self, reader: &mut Reader<&[u8]>) {
        let mut style = String::new();
        let mut format = String::new();
        while let Some(event) = next_event(reader) {
            match &event {
                Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                    "office:body" | "office:master-styles" => break,
                    "style:style" => {
                        style = attribute(tag, "style:name").unwrap_or_default();
                        let written = Written {
                            parent: attribute(tag, "style:parent-style-name"),
                            format: attribute(tag, "style:data-style-name"),
                            ..Written::default()
                        };
                        self.written.insert(style.clone(), written);
                    }
                    "style:text-properties" => {
                        if let Some(written) = self.written.get_mut(&style) {
                            let line = attribute(tag, "style:text-line-through-style");
                            let kind = attribute(tag, "style:text-line-through-type");
                            let line = line.or(kind);
                            written.struck = line.map(|line| line != "none");
                            written.place =
                                attribute(tag, "style:text-position").map(|at| place(&at));
                        }
                    }
                    "number:number-style" | "number:currency-style" => {
                        format = attribute(tag, "style:name").unwrap_or_default();
                        self.formats.insert(format.clone(), Format::default());
                    }
                    _ => {
                        if let Some(of) = self.formats.get_mut(&format) {
                            of.take(tag, matches!(event, Event::Start(_)), reader);
                        }
                    }
                },
                Event::End(tag) => match tag.name().as_ref() {
                    "style:style" => style.clear(),
                    "number:number-style" | "number:currency-style" => format.clear(),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// What each style says, with what those say that it follows.
    pub fn looks(&self) -> Looks {
        let mut looks = Looks::default();
        for name in self.written.keys() {
            let (mut struck, mut place, mut format) = (None, None, None);
            let mut next = Some(name);
            // Styles may follow each other in a circle.
            for _ in 0..8 {
                let Some(written) = next.and_then(|name| self.written.get(name)) else {
                    break;
                };
                struck = struck.or(written.struck);
                place = place.or(written.place);
                format = format.or(written.format.as_ref());
                next = written.parent.as_ref();
            }
            let format = format.and_then(|name| self.code(name));
            let style = StyleOf::new(struck == Some(true), format.as_deref());
            if !style.is_plain() {
                looks.cells.insert(name.clone(), style);
            }
            let how = match (struck, place) {
                (Some(true), _) => Some(How::Struck),
                (_, Some(place)) => Some(place),
                (Some(false), None) => Some(How::Plain),
                (None, None) => None,
            };
            if let Some(how) = how {
                looks.texts.insert(name.clone(), how);
            }
        }
        looks
    }

    /// A number format as Excel writes it.
    pub fn code(&self, name: &str) -> Option<String> {
        let format = self.formats.get(name)?;
        let mut code = String::new();
        for (condition, other) in &format.maps {
            let other = self.formats.get(other)?;
            code.push_str(&format!("[{condition}]{};", other.code));
        }
        code.push_str(&format.code);
        Some(code)
    }
}

/// Whether letters stand above or below the line: `super 58%`, `-33% 58%`.
fn place(text: &str) -> How {
    let first = text.split_whitespace().next().unwrap_or_default();
    match first {
        "super" => How::Raised,
        "sub" => How::Lowered,
        other if other.starts_with('-') => How::Lowered,
        other if other.trim_matches(['0', '%', '.']).is_empty() => How::Plain,
        _ => How::Raised,
    }
}

/// Most digits that a format may ask for.
const MOST_DIGITS: usize = 30;

impl Format {
    /// Takes a part of the format.
    fn take(&mut self, tag: &BytesStart<'_>, has_content: bool, reader: &mut Reader<&[u8]>) {
        let name = tag.name();
        match name.as_ref() {
            "number:number" => self.number(tag, has_content, reader),
            "number:text" | "number:currency-symbol" if has_content => {
                let element = tag.local_name();
                let mut text = String::new();
                text_of(reader, element.as_ref(), &mut text);
                self.shown(&text);
            }
            "style:map" => {
                let condition = attribute(tag, "style:condition").unwrap_or_default();
                let condition = condition.replace("value()", "").replace("!=", "<>");
                let other = attribute(tag, "style:apply-style-name");
                self.maps.extend(other.map(|other| (condition, other)));
            }
            _ => {}
        }
    }

    fn shown(&mut self, text: &str) {
        self.code.push('"');
        self.code.push_str(&text.replace('"', ""));
        self.code.push('"');
    }

    fn number(&mut self, tag: &BytesStart<'_>, has_content: bool, reader: &mut Reader<&[u8]>) {
        let count = |name: &str| {
            let count = attribute(tag, name)?.parse::<usize>().ok()?;
            Some(count.min(MOST_DIGITS))
        };
        let decimals = count("number:decimal-places").unwrap_or(0);
        let mut whole = count("number:min-integer-digits").unwrap_or(1).max(1);
        let factor = attribute(tag, "number:display-factor").unwrap_or_default();
        // Texts between the digits, by how many digits stand behind them.
        let mut embedded: BTreeMap<usize, String> = BTreeMap::new();
        while has_content && let Some(event) = next_event(reader) {
            match &event {
                Event::Start(tag) if tag.name().as_ref() == "number:embedded-text" => {
                    let at = attribute(tag, "number:position").and_then(|at| at.parse().ok());
                    let at: usize = at.unwrap_or(0).min(MOST_DIGITS);
                    text_of(reader, "embedded-text", embedded.entry(at).or_default());
                }
                Event::End(tag) if tag.name().as_ref() == "number:number" => break,
                _ => {}
            }
        }
        whole = whole.max(embedded.keys().last().map_or(0, |at| at + 1));
        for behind in (0..whole).rev() {
            self.code.push('0');
            if let Some(text) = embedded.get(&behind) {
                self.shown(text);
            }
        }
        if decimals > 0 {
            self.code.push('.');
            self.code.push_str(&"0".repeat(decimals));
        }
        let noughts = factor.trim_start_matches('1').len();
        let is_power = factor.starts_with('1')
            && factor
                .get(1..)
                .is_some_and(|r| r.bytes().all(|b| b == b'0'));
        if is_power {
            self.code
                .push_str(&",".repeat(noughts.min(MOST_DIGITS) / 3));
        }
    }
}

/// What styles say, by their names.
#[derive(Default)]
pub(super) struct Looks {
    pub cells: BTreeMap<String, StyleOf>,
    pub texts: BTreeMap<String, How>,
}

impl Looks {
    pub fn is_plain(&self) -> bool {
        let special = |how: &How| *how != How::Plain;
        self.cells.is_empty() && !self.texts.values().any(special)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub const STYLES: &str = r#"<office:document-styles><number:number-style style:name="N1"><number:number number:min-integer-digits="1"/><number:text>万元</number:text></number:number-style><number:number-style style:name="N2"><number:number number:decimal-places="1" number:min-integer-digits="1" number:display-factor="1000"><number:embedded-text number:position="0">!</number:embedded-text></number:number><number:text>万</number:text></number:number-style><number:number-style style:name="N3P0"><number:number number:decimal-places="0" number:min-integer-digits="2" number:display-factor="1000"><number:embedded-text number:position="1">.</number:embedded-text></number:number><number:text>万</number:text></number:number-style><number:number-style style:name="N3"><number:number number:decimal-places="2" number:min-integer-digits="1"/><style:map style:condition="value()&gt;=10000" style:apply-style-name="N3P0"/></number:number-style><style:style style:name="Named" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style></office:document-styles>"#;

    #[test]
    fn number_formats_are_spelt_as_in_excel() {
        let mut styles = Styles::default();
        styles.read(&mut Reader::from_reader(STYLES.as_bytes()));
        for (name, wanted) in [
            ("N1", "0\"万元\""),
            ("N2", "0\"!\".0,\"万\""),
            ("N3", "[>=10000]0\".\"0,\"万\";0.00"),
        ] {
            assert_eq!(styles.code(name).as_deref(), Some(wanted));
        }
        assert_eq!(styles.code("N9"), None);
    }
}
