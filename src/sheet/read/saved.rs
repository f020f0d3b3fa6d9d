//! When and by which program a workbook was saved, as it says itself. A file's
//! own date changes on every way it goes; this one does not. But programs write
//! it by different clocks: some in local time, some in that of Greenwich.

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, civil};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::bytes::{eight, long};
use super::super::compound;
use super::super::container::Container;
use crate::sheet::limits;

/// Most bytes of properties that are looked at.
const MOST: u64 = 1 << 20;
/// Property of the day on which it was last saved.
const LAST_SAVED: u32 = 13;
/// Property of the name of the program that saved it.
const PROGRAM: u32 = 18;
/// Type of a time in a property set.
const FILETIME: u32 = 64;
/// Type of a text in a property set.
const TEXT: u32 = 30;
/// Longest name of a program that is looked at.
const LONGEST: usize = 60;

/// What a workbook says of its last saving.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Saved {
    /// When, by the clock that the program writes.
    pub at: Option<DateTime>,
    /// By which program: its bare name.
    pub by: Option<String>,
}

/// What the workbook says of its last saving; nothing where it does not say.
pub(super) fn saved(bytes: &[u8], container: &Container) -> Saved {
    match container {
        Container::Xlsx(book) => {
            in_package(book.properties.as_deref(), book.application.as_deref())
        }
        Container::Xlsb(book) => in_package(
            book.parts.get("docProps/core.xml"),
            book.parts.get("docProps/app.xml"),
        ),
        Container::Ods { parts } => {
            let meta = parts.get("meta.xml");
            Saved {
                at: meta.and_then(|meta| time_in_xml(meta, "date")),
                by: meta.and_then(|meta| program(&text_in_xml(meta, "generator")?)),
            }
        }
        Container::Compound => {
            let set = stream(bytes).unwrap_or_default();
            Saved {
                at: time_in_properties(&set),
                by: program_in_properties(&set),
            }
        }
    }
}

fn in_package(core: Option<&[u8]>, app: Option<&[u8]>) -> Saved {
    Saved {
        at: core.and_then(|core| time_in_xml(core, "modified")),
        by: app.and_then(|app| program(&text_in_xml(app, "Application")?)),
    }
}

/// The bare name of a program, without its version and what it runs on.
fn program(told: &str) -> Option<String> {
    let is_of_name = |c: &char| c.is_alphabetic() || c.is_whitespace();
    let name: String = told.chars().take(LONGEST).take_while(is_of_name).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The time in the first element with a name.
fn time_in_xml(content: &[u8], name: &str) -> Option<DateTime> {
    // The seconds are enough; a zone behind them is left out.
    text_in_xml(content, name)?.get(..19)?.parse().ok()
}

/// The text in the first element with a name, whatever its prefix.
fn text_in_xml(content: &[u8], name: &str) -> Option<String> {
    let mut reader = Reader::from_reader(content);
    let mut inside = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => inside = element.local_name().as_ref() == name,
            Event::Text(text) if inside => {
                let text: &str = text.as_ref();
                return Some(text.trim().to_owned());
            }
            Event::End(_) => inside = false,
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = compound::open(bytes).ok()?;
    let stream = file.open_stream("\u{5}SummaryInformation").ok()?;
    limits::read_all(stream, MOST).ok()
}

/// Where a property of a type stands in a property set: a header, the place of
/// its first section, and there the places of the properties.
fn property(set: &[u8], wanted: u32, of_type: u32) -> Option<usize> {
    let section = usize::try_from(long(set, 44)?).ok()?;
    let count = usize::try_from(long(set, section.checked_add(4)?)?).ok()?;
    let first = section.checked_add(8)?;
    let mut places = (0..count.min(set.len() / 8)).map_while(|n| first.checked_add(n * 8));
    let at = places.find(|at| long(set, *at) == Some(wanted))?;
    let value = section.checked_add(usize::try_from(long(set, at.checked_add(4)?)?).ok()?)?;
    (long(set, value)? == of_type).then(|| value.checked_add(4))?
}

fn time_in_properties(set: &[u8]) -> Option<DateTime> {
    let at = property(set, LAST_SAVED, FILETIME)?;
    // Tenths of a microsecond since 1601.
    let seconds = i64::try_from(eight(set, at)? / 10_000_000).ok()?;
    let start = civil::DateTime::from(date(1601, 1, 1));
    start.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// Names of programs are in Latin letters: what is in others is passed over.
fn program_in_properties(set: &[u8]) -> Option<String> {
    let at = property(set, PROGRAM, TEXT)?;
    let length = usize::try_from(long(set, at)?).ok()?.min(LONGEST);
    let from = at.checked_add(4)?;
    let text = set.get(from..from.checked_add(length)?)?;
    program(&String::from_utf8_lossy(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_the_properties_of_a_package() {
        let core = br#"<cp:coreProperties xmlns:dcterms="x"><dcterms:created>2018-01-02T03:04:05Z</dcterms:created><dcterms:modified a="b">2018-12-20T08:30:15Z</dcterms:modified></cp:coreProperties>"#;
        let saved = time_in_xml(core, "modified");
        assert_eq!(saved, Some(date(2018, 12, 20).at(8, 30, 15, 0)));
        for nonsense in ["", "<a", "<x:modified/>", "<x:modified>soon</x:modified>"] {
            assert_eq!(
                time_in_xml(nonsense.as_bytes(), "modified"),
                None,
                "{nonsense}"
            );
        }
    }

    #[test]
    fn the_time_in_a_property_set() {
        // 2018-12-20 08:30:15 is so many seconds after 1601-01-01.
        let seconds: u64 = 13_189_768_215;
        let mut set = vec![0; 44];
        set.extend(48u32.to_le_bytes());
        set.extend(100u32.to_le_bytes());
        set.extend(2u32.to_le_bytes());
        for (id, at) in [(12u32, 24u32), (13, 36)] {
            set.extend(id.to_le_bytes());
            set.extend(at.to_le_bytes());
        }
        for time in [1u64, seconds * 10_000_000] {
            set.extend(64u32.to_le_bytes());
            set.extend(time.to_le_bytes());
        }
        let saved = time_in_properties(&set);
        assert_eq!(saved, Some(date(2018, 12, 20).at(8, 30, 15, 0)));
        for length in 0..set.len() {
            // Cut off anywhere it is only nothing.
            assert_eq!(time_in_properties(&set[..length]), None);
        }
    }

    #[test]
    fn the_program_by_its_bare_name() {
        for (told, name) in [
            ("Microsoft Excel", Some("Microsoft Excel")),
            (
                "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40",
                Some("LibreOffice"),
            ),
            ("WPS Office_12.1.0.17827_F1E327BC", Some("WPS Office")),
            ("WPS 表格", Some("WPS 表格")),
            ("16.0300", None),
            ("", None),
        ] {
            assert_eq!(program(told).as_deref(), name, "{told}");
        }
        let app = b"<Properties xmlns='x'><TotalTime>0</TotalTime><Application>LibreOffice/7.4$Win</Application></Properties>";
        let told = text_in_xml(app, "Application");
        assert_eq!(
            told.and_then(|told| program(&told)).as_deref(),
            Some("LibreOffice")
        );
        let mut set = vec![0; 44];
        set.extend(48u32.to_le_bytes());
        for number in [50u32, 1, PROGRAM, 16, TEXT, 16] {
            set.extend(number.to_le_bytes());
        }
        set.extend(b"Microsoft Excel\0");
        assert_eq!(
            program_in_properties(&set).as_deref(),
            Some("Microsoft Excel")
        );
        assert_eq!(program_in_properties(&set[..60]), None);
    }
}
