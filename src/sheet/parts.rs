//! The parts of a zip container. The list at its end is read and held against
//! what is there; then every part is unpacked once, with its sum verified. What
//! the library reads is made anew from that, so it sees nothing else.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read, Write};

use indexmap::IndexMap;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::plain::{Rest, rest};
use super::{OpenError, limits};

/// Parts by their names, in the order of the container.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: IndexMap<String, Vec<u8>>,
    /// What is left of some without their plain cells.
    rests: HashMap<String, Rest>,
}

impl Parts {
    /// Unpacks a container.
    ///
    /// # Errors
    /// When it is damaged, says what is not so, or holds more than the program
    /// takes.
    pub fn unpack(bytes: &[u8]) -> Result<Parts, OpenError> {
        Parts::unpack_some(bytes, |_| true)
    }

    /// Unpacks those parts of a container whose names are wanted; the others are
    /// not looked at.
    ///
    /// # Errors
    /// As [`Parts::unpack`].
    pub fn unpack_some(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Parts, OpenError> {
        let listed = listed(bytes).ok_or_else(|| damaged("文件不完整"))?;
        check(&listed, &wanted)?;
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if archive.len() != listed.len() {
            return Err(damaged("部件目录前后不一"));
        }
        let mut parts = IndexMap::new();
        let mut room = limits::UNPACKED;
        for at in 0..archive.len() {
            let part = archive.by_index(at).map_err(damaged)?;
            let name = part.name().map_err(damaged)?.replace('\\', "/");
            let name = name.trim_start_matches('/').to_owned();
            if part.is_dir() || !wanted(&name.to_lowercase()) {
                continue;
            }
            let (packed, claimed) = (part.compressed_size(), part.size());
            let most = limits::PART.min(room);
            // No more than a little is made room for on the word of the part alone.
            let expected = claimed.min(most).min(limits::RATIO_FROM);
            let mut content = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
            // What a part claims may be less than what comes out. Reading to the
            // end makes the container compare its sum.
            let read = part.take(most + 1).read_to_end(&mut content);
            let read = read.map_err(|_| damaged(format!("部件“{name}”校验不符")))?;
            let length = u64::try_from(read).unwrap_or(u64::MAX);
            if length > most || is_bomb(packed, length) {
                return Err(OpenError::TooLarge);
            }
            if length != claimed {
                return Err(damaged(format!("部件“{name}”的大小不符")));
            }
            room -= length;
            if parts.insert(name.clone(), content).is_some() {
                return Err(damaged(format!("部件重名：{name}")));
            }
        }
        Ok(Parts {
            parts,
            rests: HashMap::new(),
        })
    }

    /// A part by its name, whatever the case of its letters.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let exact = self.parts.get(name);
        let found = exact.or_else(|| {
            let mut parts = self.parts.iter();
            let found = parts.find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, content)| content)
        });
        found.map(Vec::as_slice)
    }

    /// Names and contents.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let parts = self.parts.iter();
        parts.map(|(name, content)| (name.as_str(), content.as_slice()))
    }

    /// Finds the plain cells of all sheets.
    pub fn leave_out_plain_cells(&mut self) {
        let rests = self.parts.iter().filter_map(|(name, content)| {
            let is_read = name.to_lowercase().ends_with(".xml");
            Some((name.clone(), is_read.then(|| rest(content))??))
        });
        self.rests = rests.collect();
    }

    /// A part without its plain cells, if it is a sheet that has some.
    pub fn rest(&self, name: &str) -> Option<&Rest> {
        self.rests.get(name)
    }

    /// Forgets what was found of plain cells, which takes room.
    pub fn forget_rests(&mut self) {
        self.rests = HashMap::new();
    }

    /// The same parts, some with other contents.
    pub fn with(
        mut self,
        change: impl Fn(&str, &[u8]) -> Result<Option<Vec<u8>>, OpenError>,
    ) -> Result<Parts, OpenError> {
        for (name, content) in &mut self.parts {
            if let Some(other) = change(name, content)? {
                *content = other;
            }
        }
        Ok(self)
    }

    /// Keeps some of the parts.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.parts.retain(|name, _| keep(name));
    }

    /// A container of these parts and nothing else, not packed.
    pub fn stored(&self) -> Result<Vec<u8>, OpenError> {
        let length: usize = self.parts.values().map(Vec::len).sum();
        let to = Vec::with_capacity(length + 256 * self.parts.len());
        let mut to = ZipWriter::new(Cursor::new(to));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (name, content) in &self.parts {
            to.start_file(name.as_str(), stored).map_err(damaged)?;
            to.write_all(content).map_err(damaged)?;
        }
        Ok(to.finish().map_err(damaged)?.into_inner())
    }
}

/// Whether so many packed bytes may not become so many.
pub(crate) fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > limits::RATIO_FROM && unpacked / packed.max(1) > limits::RATIO
}

/// What the list says of a part.
pub(super) struct Listed {
    /// Name in lower case with forward slashes.
    pub name: String,
    /// The part is locked with a password.
    locked: bool,
    packed: u64,
    unpacked: u64,
    /// Where its own header begins.
    from: u64,
    /// Where its content ends.
    to: u64,
}

impl Listed {
    /// The name without the slash that some programs begin it with.
    fn bare(&self) -> &str {
        self.name.trim_start_matches('/')
    }
}

/// Holds the list against the limits and against itself.
fn check(listed: &[Listed], wanted: &impl Fn(&str) -> bool) -> Result<(), OpenError> {
    if listed.len() > limits::PARTS {
        return Err(OpenError::TooLarge);
    }
    let mut names = HashSet::new();
    for part in listed {
        if !names.insert(part.name.trim_start_matches('/')) {
            return Err(damaged(format!("部件重名：{}", part.name)));
        }
        if part.name.split('/').any(|step| step == "..") || part.name.contains(['\0', ':']) {
            return Err(damaged("部件名称不合规"));
        }
        let large = part.unpacked > limits::PART || is_bomb(part.packed, part.unpacked);
        if large && wanted(part.bare()) {
            return Err(OpenError::TooLarge);
        }
        if part.locked {
            return Err(OpenError::Protected);
        }
    }
    let unpacked = listed.iter().filter(|part| wanted(part.bare()));
    if unpacked.map(|part| part.unpacked).sum::<u64>() > limits::UNPACKED {
        return Err(OpenError::TooLarge);
    }
    let mut spans: Vec<(u64, u64)> = listed.iter().map(|part| (part.from, part.to)).collect();
    spans.sort_unstable();
    let overlap = spans.windows(2).any(|two| match two {
        [one, other] => one.1 > other.0,
        _ => false,
    });
    match overlap {
        true => Err(damaged("部件互相重叠")),
        false => Ok(()),
    }
}

/// The list at the end of a zip file, each part with where its own header says
/// it is; none if it is cut off or broken.
pub(super) fn listed(bytes: &[u8]) -> Option<Vec<Listed>> {
    // The end record is 22 bytes and a comment of at most 65,535.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let tail = bytes.get(from..)?;
    let end = from + tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let count = short(bytes, end + 10)?;
    let size = usize::try_from(long(bytes, end + 12)?).ok()?;
    let mut at = end.checked_sub(size)?;
    let mut parts = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let name = at + 46..at + 46 + short(bytes, at + 28)?;
        let extra = name.end..name.end + short(bytes, at + 30)?;
        let next = extra.end + short(bytes, at + 32)?;
        let text = String::from_utf8_lossy(bytes.get(name.clone())?).replace('\\', "/");
        // Sizes of old are in the list itself; those that would not fit there, and
        // with some programs all, stand behind the name.
        let wide = wide(bytes.get(extra)?);
        let mut wide = wide.into_iter();
        let mut number = |narrow: u32| match narrow {
            u32::MAX => wide.next(),
            narrow => Some(u64::from(narrow)),
        };
        let unpacked = number(long(bytes, at + 24)?)?;
        let packed = number(long(bytes, at + 20)?)?;
        let header = number(long(bytes, at + 42)?)?;
        let own = usize::try_from(header).ok()?;
        if bytes.get(own..own.checked_add(4)?)? != b"PK\x03\x04" {
            return None;
        }
        // A part that calls itself otherwise than the list does is not what was sent.
        let called = own + 30..own + 30 + short(bytes, own + 26)?;
        if bytes.get(called)? != bytes.get(name)?
            || short(bytes, own + 8)? != short(bytes, at + 10)?
        {
            return None;
        }
        let content = header + 30 + (short(bytes, own + 26)? + short(bytes, own + 28)?) as u64;
        let to = content.checked_add(packed)?;
        if to > at as u64 {
            return None;
        }
        parts.push(Listed {
            name: text.to_lowercase(),
            locked: short(bytes, at + 8)? & 1 == 1,
            packed,
            unpacked,
            from: header,
            to,
        });
        at = next;
    }
    Some(parts)
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

/// Two bytes, lowest first.
fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(two)))
}

/// Four bytes, lowest first.
fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_le_bytes(four))
}

fn damaged(detail: impl std::fmt::Display) -> OpenError {
    OpenError::Damaged(detail.to_string())
}
