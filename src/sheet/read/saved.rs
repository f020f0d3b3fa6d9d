//! When a workbook was saved, as it says itself. A file's own date changes on
//! every way it goes; this one does not.

use std::io::Read;

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, civil};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::compound;
use super::super::container::Container;

/// Most bytes of properties that are looked at.
const MOST: u64 = 1 << 20;
/// Property of the day on which it was last saved.
const LAST_SAVED: u32 = 13;
/// Type of a time in a property set.
const FILETIME: u32 = 64;

/// When it was last saved, in the time of the file; nothing if it does not say.
pub(super) fn saved_at(bytes: &[u8], container: &Container) -> Option<DateTime> {
    match container {
        Container::Xlsx(book) => in_xml(book.properties.as_deref()?, "modified"),
        Container::Xlsb { parts, .. } => in_xml(parts.get("docProps/core.xml")?, "modified"),
        Container::Ods { parts } => in_xml(parts.get("meta.xml")?, "date"),
        Container::Compound => in_properties(&stream(bytes)?),
    }
}

/// The time in the first element with a name, whatever its prefix.
fn in_xml(content: &[u8], name: &str) -> Option<DateTime> {
    let mut reader = Reader::from_reader(content);
    let mut inside = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => inside = element.local_name().as_ref() == name,
            Event::Text(text) if inside => {
                let text = text.as_ref();
                // The seconds are enough; a zone behind them is left out.
                return text.trim().get(..19)?.parse().ok();
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
    let mut content = Vec::new();
    stream.take(MOST).read_to_end(&mut content).ok()?;
    Some(content)
}

/// The time in a property set: a header, the place of its first section, and
/// there the places of the properties.
fn in_properties(set: &[u8]) -> Option<DateTime> {
    let number = |at: usize| -> Option<u32> {
        let four: [u8; 4] = set.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(u32::from_le_bytes(four))
    };
    let section = usize::try_from(number(44)?).ok()?;
    let count = usize::try_from(number(section.checked_add(4)?)?).ok()?;
    let first = section.checked_add(8)?;
    let places = (0..count.min(set.len() / 8)).map_while(|n| first.checked_add(n * 8));
    for at in places {
        if number(at)? != LAST_SAVED {
            continue;
        }
        let value = section.checked_add(usize::try_from(number(at + 4)?).ok()?)?;
        if number(value)? != FILETIME {
            return None;
        }
        let eight: [u8; 8] = set.get(value + 4..value + 12)?.try_into().ok()?;
        // Tenths of a microsecond since 1601.
        let seconds = i64::try_from(u64::from_le_bytes(eight) / 10_000_000).ok()?;
        let start = civil::DateTime::from(date(1601, 1, 1));
        return start.checked_add(SignedDuration::from_secs(seconds)).ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_the_properties_of_a_package() {
        let core = br#"<cp:coreProperties xmlns:dcterms="x"><dcterms:created>2018-01-02T03:04:05Z</dcterms:created><dcterms:modified a="b">2018-12-20T08:30:15Z</dcterms:modified></cp:coreProperties>"#;
        let saved = in_xml(core, "modified");
        assert_eq!(saved, Some(date(2018, 12, 20).at(8, 30, 15, 0)));
        for nonsense in ["", "<a", "<x:modified/>", "<x:modified>soon</x:modified>"] {
            assert_eq!(in_xml(nonsense.as_bytes(), "modified"), None, "{nonsense}");
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
        let saved = in_properties(&set);
        assert_eq!(saved, Some(date(2018, 12, 20).at(8, 30, 15, 0)));
        for length in 0..set.len() {
            // Cut off anywhere it is only nothing.
            assert_eq!(in_properties(&set[..length]), None);
        }
    }
}
