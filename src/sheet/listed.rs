//! The list at the end of a zip container, each entry held against what stands
//! before the part itself.

use super::bytes::{self, eight, long};

/// What the list says of a part.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// Name as it stands there.
    pub raw: Vec<u8>,
    /// Name in small letters with forward slashes.
    pub name: String,
    /// The part is locked with a password.
    pub locked: bool,
    /// The part's own header calls it otherwise, or says that it is packed
    /// otherwise, or there is none.
    pub is_lie: bool,
    /// Another part claims some of the same bytes.
    pub overlaps: bool,
    /// How it is packed.
    pub method: usize,
    /// Sum of its content.
    pub crc: u32,
    /// Its length when packed.
    pub packed: u64,
    /// Its length when unpacked.
    pub unpacked: u64,
    /// Where its own header begins.
    from: u64,
    /// Where its content begins.
    pub content: u64,
    /// Where its content ends.
    pub to: u64,
}

impl Listed {
    /// The name without the slash that some programs begin it with.
    pub fn bare(&self) -> &str {
        self.name.trim_start_matches('/')
    }
}

/// The list at the end of a zip file; none if it is cut off or broken.
pub(super) fn listed(bytes: &[u8]) -> Option<Vec<Listed>> {
    let list = place(bytes)?;
    let end = list.at.checked_add(list.size)?;
    let mut at = list.at;
    let mut parts = Vec::new();
    for _ in 0..list.count {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let name = at + 46..at + 46 + short(bytes, at + 28)?;
        let extra = name.end..name.end + short(bytes, at + 30)?;
        let next = extra.end + short(bytes, at + 32)?;
        if next > end {
            return None;
        }
        let name = bytes.get(name)?;
        let text = String::from_utf8_lossy(name).replace('\\', "/");
        // Sizes of old are in the list itself; those that would not fit there, and
        // with some programs all, stand behind the name.
        let mut wide = wide(bytes.get(extra)?).into_iter();
        let mut number = |narrow: u32| match narrow {
            u32::MAX => wide.next(),
            narrow => Some(u64::from(narrow)),
        };
        let unpacked = number(long(bytes, at + 24)?)?;
        let packed = number(long(bytes, at + 20)?)?;
        let from = number(long(bytes, at + 42)?)?;
        let method = short(bytes, at + 10)?;
        // A part that calls itself otherwise than the list does is not what was sent.
        let own = own(bytes, from).filter(|own| own.name == name && own.method == method);
        let content = own.as_ref().map_or(from, |own| own.content);
        let to = content.checked_add(packed)?;
        parts.push(Listed {
            raw: name.to_vec(),
            name: text.to_lowercase(),
            locked: short(bytes, at + 8)? & 1 == 1,
            is_lie: own.is_none() || to > list.at as u64,
            overlaps: false,
            method,
            crc: long(bytes, at + 16)?,
            packed,
            unpacked,
            from,
            content,
            to,
        });
        at = next;
    }
    mark_overlaps(&mut parts);
    Some(parts)
}

/// Where the list is.
struct Place {
    at: usize,
    size: usize,
    count: u64,
}

/// Finds the list by the record at the end, of which large files, and those of
/// some programs always, have a second one with wider numbers.
fn place(bytes: &[u8]) -> Option<Place> {
    // The end record is 22 bytes and a comment of at most 65,535.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let tail = bytes.get(from..)?;
    let end = from + tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    // The record ends with the length of the comment.
    short(bytes, end + 20)?;
    let count = short(bytes, end + 10)?;
    let (size, offset) = (long(bytes, end + 12)?, long(bytes, end + 16)?);
    let wide = end.checked_sub(20).and_then(|at| {
        let is_there = bytes.get(at..at + 4)? == b"PK\x06\x07";
        let at = usize::try_from(eight(bytes, at + 8)?).ok()?;
        (is_there && bytes.get(at..at.checked_add(4)?)? == b"PK\x06\x06").then_some(at)
    });
    let Some(wide) = wide else {
        let size = usize::try_from(size).ok()?;
        return Some(Place {
            at: end.checked_sub(size)?,
            size,
            count: count as u64,
        });
    };
    let found = Place {
        at: usize::try_from(eight(bytes, wide + 48)?).ok()?,
        size: usize::try_from(eight(bytes, wide + 40)?).ok()?,
        count: eight(bytes, wide + 32)?,
    };
    // Where both have a number, they must agree: other programs may read either.
    let agrees = |narrow: u32, wide: u64| narrow == u32::MAX || u64::from(narrow) == wide;
    let count_agrees = count == 0xFFFF || count as u64 == found.count;
    let agree = count_agrees && agrees(size, found.size as u64) && agrees(offset, found.at as u64);
    let ends_there = found.at.checked_add(found.size)? == wide;
    (agree && ends_there).then_some(found)
}

/// What stands before a part.
struct Own<'a> {
    name: &'a [u8],
    method: usize,
    content: u64,
}

fn own(bytes: &[u8], from: u64) -> Option<Own<'_>> {
    let at = usize::try_from(from).ok()?;
    if bytes.get(at..at.checked_add(4)?)? != b"PK\x03\x04" {
        return None;
    }
    let length = short(bytes, at + 26)?;
    Some(Own {
        name: bytes.get(at + 30..at + 30 + length)?,
        method: short(bytes, at + 8)?,
        content: from + 30 + (length + short(bytes, at + 28)?) as u64,
    })
}

/// Marks the parts that share bytes with others.
fn mark_overlaps(parts: &mut [Listed]) {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| parts.get(*at).map(|part| (part.from, part.to)));
    // The part so far that reaches furthest.
    let mut last: Option<(usize, u64)> = None;
    for at in order {
        let Some(part) = parts.get_mut(at) else {
            continue;
        };
        let (from, to) = (part.from, part.to);
        let over = last.filter(|(_, end)| *end > from);
        part.overlaps = over.is_some();
        if let Some(other) = over.and_then(|(other, _)| parts.get_mut(other)) {
            other.overlaps = true;
        }
        if last.is_none_or(|(_, end)| to >= end) {
            last = Some((at, to));
        }
    }
}

/// Numbers of eight bytes in the field for large files.
fn wide(extra: &[u8]) -> Vec<u64> {
    let mut at = 0;
    while let (Some(kind), Some(length)) = (short(extra, at), short(extra, at + 2)) {
        let body = extra.get(at + 4..at + 4 + length).unwrap_or_default();
        if kind == 1 {
            let (eights, _) = body.as_chunks::<8>();
            return eights
                .iter()
                .map(|eight| u64::from_le_bytes(*eight))
                .collect();
        }
        at += 4 + length;
    }
    Vec::new()
}

/// A length or a code of two bytes.
fn short(file: &[u8], at: usize) -> Option<usize> {
    bytes::short(file, at).map(usize::from)
}
