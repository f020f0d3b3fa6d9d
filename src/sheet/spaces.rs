//! Namespaces. The library goes by the last part of an element's name, other
//! programs by its namespace as well: what one would take for a cell, and
//! another one would pass over, is refused.

use std::collections::HashMap;

use memchr::memmem;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, Reader};

use crate::sheet::OpenError;
use crate::sheet::refused::{damaged, two_ways};
use crate::sheet::xml::attribute;

/// The names of elements that are taken from a part.
pub(super) struct Taken {
    /// Wherever they stand.
    pub anywhere: &'static [&'static str],
    /// In an element, if it is one of them, and which.
    pub within: Option<(&'static str, &'static [&'static str])>,
}

/// Whether every element that is taken is in the namespace of the first one of the
/// part, and stands in no choice between two ways of saying it. What programs add
/// for themselves in a place of its own is nobody else's.
///
/// # Errors
/// When it is not so.
pub(super) fn check(name: &str, part: &[u8], taken: &Taken) -> Result<(), OpenError> {
    let broken = |what: &str| damaged(format!("{name}{what}"));
    let mut reader = NsReader::from_reader(part);
    let mut main: Option<Option<String>> = None;
    // How deep the reading is in an addition, in choices, and in what holds some.
    let (mut beyond, mut choices, mut within) = (0_u32, 0_u32, 0_u32);
    // The reader minds no element that is not closed.
    let mut depth = 0_u32;
    let (holder, held) = taken.within.unwrap_or(("", &[]));
    loop {
        let (space, event) = reader
            .read_resolved_event()
            .map_err(|_| broken("的内容不合规范"))?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let is_open = matches!(event, Event::Start(_));
                depth += u32::from(is_open);
                if beyond > 0 {
                    beyond += u32::from(is_open);
                    continue;
                }
                let space = match space {
                    ResolveResult::Bound(space) => Some(space.0.to_owned()),
                    ResolveResult::Unbound => None,
                    ResolveResult::Unknown(_) => {
                        return Err(broken("里有来历不明的标记"));
                    }
                };
                let main = main.get_or_insert_with(|| space.clone());
                let local = tag.local_name();
                let local: &str = local.as_ref();
                let is_main = *main == space;
                let is_taken =
                    taken.anywhere.contains(&local) || within > 0 && held.contains(&local);
                if is_open && (within > 0 || local == holder) {
                    within += 1;
                }
                if is_taken && (!is_main || choices > 0) {
                    let what = in_plain_words(local);
                    return Err(two_ways(format!("{name}里的{what}有另一份")));
                }
                match local {
                    "extLst" if is_main && is_open => beyond = 1,
                    "AlternateContent" if is_open => choices += 1,
                    _ => {}
                }
            }
            Event::End(_) if beyond > 1 => {
                beyond -= 1;
                depth = depth.saturating_sub(1);
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                beyond = 0;
                within = within.saturating_sub(1);
                if tag.local_name().as_ref() == "AlternateContent" {
                    choices = choices.saturating_sub(1);
                }
            }
            Event::Eof if depth > 0 => return Err(broken("的内容不完整")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Whose additions a program may know: what they are to be read with is to be
/// chosen by each reader.
const KNOWN: [&str; 3] = [
    "http://schemas.microsoft.com/",
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
];

/// A part with what stands there for everybody where some of it is for a program
/// that knows the additions of its maker, and nobody else does; none if there is
/// no such choice in it, or a choice that readers may make in two ways.
pub(super) fn for_everybody(part: &[u8]) -> Option<Vec<u8>> {
    memmem::find(part, b"AlternateContent")?;
    let mut reader = Reader::from_reader(part);
    let mut spaces: HashMap<String, String> = HashMap::new();
    let mut made = Vec::with_capacity(part.len());
    // How deep the reading is in what is not for everybody.
    let mut depth = 0_u32;
    loop {
        let from = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let to = usize::try_from(reader.buffer_position()).ok()?;
        let is_kept = match &event {
            Event::Eof => return Some(made),
            Event::Start(tag) | Event::Empty(tag) => {
                spaces.extend(declared(tag));
                let is_open = matches!(event, Event::Start(_));
                match tag.local_name().as_ref() {
                    _ if depth > 0 => {
                        depth += u32::from(is_open);
                        false
                    }
                    "AlternateContent" | "Fallback" => false,
                    "Choice" => {
                        let needed = attribute(tag, "Requires")?;
                        let is_known = |prefix: &str| {
                            let space = spaces.get(prefix);
                            space.is_none_or(|space| KNOWN.iter().any(|own| space.starts_with(own)))
                        };
                        if needed.split_whitespace().all(is_known) {
                            return None;
                        }
                        depth = u32::from(is_open);
                        false
                    }
                    _ => true,
                }
            }
            Event::End(_) if depth > 0 => {
                depth -= 1;
                false
            }
            Event::End(tag) => {
                !["AlternateContent", "Fallback"].contains(&tag.local_name().as_ref())
            }
            _ => depth == 0,
        };
        if is_kept {
            made.extend(part.get(from..to)?);
        }
    }
}

/// The prefixes that an element declares, and what they stand for.
fn declared(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    let attributes = tag.attributes().filter_map(Result::ok);
    let prefixes = attributes.filter_map(|attribute| {
        let prefix = attribute.key.as_ref().strip_prefix("xmlns:")?;
        Some((prefix.to_owned(), attribute.value.into_owned()))
    });
    prefixes.collect()
}

/// What an element or a kind of part holds, as whoever fills in a sheet calls it.
pub(super) fn in_plain_words(name: &str) -> &'static str {
    match name {
        "sharedStrings" | "sst" | "si" | "t" | "r" | "rPh" | "rPr" | "is" => "文字",
        "row" => "行",
        "c" | "v" | "sheetData" => "单元格",
        "f" => "公式",
        "mergeCells" | "mergeCell" => "合并单元格",
        "sheets" | "sheet" => "工作表目录",
        "workbookPr" => "日期的算法",
        "strike" => "删除线",
        "vertAlign" => "上标和下标",
        "rdRichValueStructure" => "图片目录",
        // styles, fonts, numFmts and what stands in them.
        _ => "格式",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_of_reading_and_two() {
        let taken = Taken {
            anywhere: &["row", "c"],
            within: None,
        };
        let is_taken = |part: &str| check("x", part.as_bytes(), &taken).is_ok();
        assert!(is_taken("<s xmlns='m'><row><c/></row></s>"));
        assert!(is_taken("<x:s xmlns:x='m'><x:row><x:c/></x:row></x:s>"));
        assert!(is_taken("<s><row/></s>"));
        assert!(is_taken(
            "<s xmlns='m'><extLst><e xmlns:f='n'><f:c/></e></extLst><row/></s>"
        ));
        assert!(is_taken(
            "<s xmlns='m' xmlns:f='n'><f:d><f:e/></f:d><row/></s>"
        ));
        assert!(!is_taken("<s xmlns='m' xmlns:f='n'><f:row/><row/></s>"));
        assert!(!is_taken("<s xmlns='m'><row xmlns='n'/></s>"));
        assert!(!is_taken("<s xmlns='m'><f:row/></s>"));
        let choice = "<s xmlns='m' xmlns:c='n'><c:AlternateContent><c:Choice><row/></c:Choice></c:AlternateContent></s>";
        assert!(!is_taken(choice));
        assert!(is_taken(&choice.replace("<row/>", "<d/>")));
        assert!(!is_taken(
            "<s xmlns='m'><x:extLst xmlns:x='n'><x:c/></x:extLst></s>"
        ));
        assert!(!is_taken("<s>"), "not well formed");
    }

    #[test]
    fn what_only_one_maker_knows_is_for_nobody_else() {
        let part = |space: &str| {
            format!(
                "<s xmlns:c='n' xmlns:h='{space}'><a/><c:AlternateContent><c:Choice Requires='h'><b><d/></b></c:Choice><c:Fallback><e>1</e></c:Fallback></c:AlternateContent></s>"
            )
        };
        let made = |space: &str| {
            let made = for_everybody(part(space).as_bytes())?;
            String::from_utf8(made).ok()
        };
        let plain = format!(
            "{}<a/><e>1</e></s>",
            part("urn:x").split("<a/>").next().unwrap_or("")
        );
        assert_eq!(made("urn:x"), Some(plain));
        assert_eq!(made("http://schemas.microsoft.com/x"), None);
        assert_eq!(for_everybody(b"<s><a/></s>"), None);
    }

    #[test]
    fn what_is_taken_in_one_place_only() {
        let taken = Taken {
            anywhere: &["data"],
            within: Some(("data", &["row"])),
        };
        let is_taken = |part: &str| check("x", part.as_bytes(), &taken).is_ok();
        let other = "<f:row xmlns:f='n'/>";
        assert!(is_taken(&format!(
            "<s xmlns='m'><data><row/></data>{other}</s>"
        )));
        assert!(is_taken(&format!(
            "<s xmlns='m'>{other}<data><row/></data></s>"
        )));
        assert!(!is_taken(&format!("<s xmlns='m'><data>{other}</data></s>")));
        assert!(!is_taken(&format!(
            "<s xmlns='m'><data><a><b/>{other}</a></data></s>"
        )));
        let added = "<extLst><e/></extLst>";
        assert!(is_taken(&format!(
            "<s xmlns='m'><data>{added}</data>{other}</s>"
        )));
        assert!(!is_taken(&format!(
            "<s xmlns='m'><data>{added}{other}</data></s>"
        )));
    }
}
