//! The parts of a zip container. The list at its end is read and held against
//! what is there; then the parts that are read, and no others, are unpacked once,
//! with their sums verified. What the library reads is made anew from that, so it
//! sees nothing else.

use std::collections::HashMap;
use std::io::{Cursor, Write};

use flate2::bufread::DeflateDecoder;
use indexmap::IndexMap;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::listed::{Listed, listed};
use super::plain::{Rest, rest};
use super::{encoding, markup};
use crate::sheet::refused::{damaged, two_ways, unknown};
use crate::sheet::{OpenError, limits};

/// A container of which the list has been read. A lie about a part is told when
/// the part is read: what is never read harms nobody.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    listed: Vec<Listed>,
    /// Where each name stands in the list.
    places: HashMap<String, Place>,
    /// Bytes that may still be unpacked.
    room: u64,
    /// What parts are to whoever fills in a sheet.
    called: HashMap<String, String>,
}

/// Where a name stands in the list.
enum Place {
    At(usize),
    /// More than once.
    Twice,
}

impl<'a> Package<'a> {
    /// Reads the list of a container.
    ///
    /// # Errors
    /// When there is none, or it lists too many parts.
    pub fn open(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let listed =
            listed(bytes).ok_or_else(|| damaged("文件不完整，可能没有传完或没有下载完"))?;
        if listed.len() > limits::PARTS {
            return Err(OpenError::TooLarge(format!(
                "里面有 {} 个部件，最多 {} 个",
                listed.len(),
                limits::PARTS
            )));
        }
        let mut places = HashMap::with_capacity(listed.len());
        for (at, part) in listed.iter().enumerate() {
            let place = places.entry(part.bare().to_owned());
            place
                .and_modify(|place| *place = Place::Twice)
                .or_insert(Place::At(at));
        }
        Ok(Package {
            bytes,
            listed,
            places,
            room: limits::UNPACKED,
            called: HashMap::new(),
        })
    }

    /// Says what a part is to whoever fills in a sheet.
    pub fn call(&mut self, part: &str, name: String) {
        self.called.insert(part.to_owned(), name);
    }

    /// How a message calls a part.
    pub fn called(&self, part: &str) -> String {
        let own = self.called.get(part).cloned();
        own.unwrap_or_else(|| called(part))
    }

    /// The names of all parts, in small letters and with forward slashes.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.listed.iter().map(Listed::bare)
    }

    /// Whether there is such a part, whatever the case of its letters.
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(&name.to_lowercase())
    }

    /// Unpacks a part; none if it is not there.
    ///
    /// # Errors
    /// When it is damaged, says what is not so, or is more than the program takes.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, OpenError> {
        let part = match self.places.get(&name.to_lowercase()) {
            None => return Ok(None),
            Some(Place::Twice) => return Err(two_ways(format!("{}有两份", self.called(name)))),
            Some(Place::At(at)) => self.listed.get(*at),
        };
        let Some(part) = part else { return Ok(None) };
        let range = usize::try_from(part.content)
            .ok()
            .zip(usize::try_from(part.to).ok());
        let packed = range.and_then(|(from, to)| self.bytes.get(from..to));
        let most = limits::PART.min(self.room);
        let content = unpacked(part, packed.unwrap_or_default(), most).map_err(|fault| {
            let called = self.called(name);
            let broken = |what: &str| damaged(format!("{called}{what}"));
            match fault {
                PartFault::Locked => OpenError::Protected,
                PartFault::TooLarge | PartFault::TooTight => {
                    OpenError::TooLarge(format!("{called}解压后太大，或压缩得异常紧"))
                }
                PartFault::Lie => broken("在目录里和在文件里说得不一样"),
                PartFault::Overlaps => broken("与别的部件重叠"),
                PartFault::Method => unknown(format!("{called}用了少见的压缩方法")),
                PartFault::CutOff => broken("解压不开"),
                PartFault::Length => broken("的大小不符"),
                PartFault::Sum => broken("校验不符"),
            }
        })?;
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        self.room -= length;
        Ok(Some(content))
    }

    /// Unpacks a part of XML as UTF-8; none if it is not there.
    ///
    /// # Errors
    /// As [`Package::read`], or when it is in an encoding that cannot be read.
    pub fn text(&mut self, name: &str) -> Result<Option<Vec<u8>>, OpenError> {
        let content = self.read(name)?;
        let called = self.called(name);
        content
            .map(|bytes| encoding::utf8(&called, bytes))
            .transpose()
    }
}

/// Why a part is not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartFault {
    /// It has a password.
    Locked,
    /// Its own header says otherwise than the list does.
    Lie,
    /// Another part claims some of the same bytes.
    Overlaps,
    /// It is more than may be.
    TooLarge,
    /// It is packed more tightly than any document.
    TooTight,
    /// It is packed in a way that nobody uses.
    Method,
    /// It cannot be unpacked.
    CutOff,
    /// More or less comes out than is said.
    Length,
    /// Something else comes out than what was put in.
    Sum,
}

/// What the list alone says against unpacking a part to at most so many bytes.
pub(super) fn why_not(part: &Listed, most: u64) -> Option<PartFault> {
    let said = [
        (part.locked, PartFault::Locked),
        (part.is_lie, PartFault::Lie),
        (part.overlaps, PartFault::Overlaps),
        (part.unpacked > most, PartFault::TooLarge),
        (is_bomb(part.packed, part.unpacked), PartFault::TooTight),
    ];
    let mut against = said.into_iter().filter(|(is_so, _)| *is_so);
    against.next().map(|(_, fault)| fault)
}

/// Unpacks a part of which the bytes between the headers are given, to at most so
/// many; they are verified.
pub(super) fn unpacked(part: &Listed, packed: &[u8], most: u64) -> Result<Vec<u8>, PartFault> {
    if let Some(fault) = why_not(part, most) {
        return Err(fault);
    }
    // No more than a little is made room for on the word of the part alone.
    let expected = part.unpacked.min(limits::RATIO_FROM);
    let mut content = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    // What a part claims may be less than what comes out.
    let read = match part.method {
        0 => limits::read_into(packed, most + 1, &mut content),
        8 => {
            limits::before_inflating();
            limits::read_into(DeflateDecoder::new(packed), most + 1, &mut content)
        }
        _ => return Err(PartFault::Method),
    };
    let read = read.map_err(|_| PartFault::CutOff)?;
    let length = u64::try_from(read).unwrap_or(u64::MAX);
    match () {
        () if length > most => Err(PartFault::TooLarge),
        () if is_bomb(part.packed, length) => Err(PartFault::TooTight),
        () if length != part.unpacked => Err(PartFault::Length),
        () if crc32fast::hash(&content) != part.crc => Err(PartFault::Sum),
        () => Ok(content),
    }
}

/// Parts that were unpacked, by their names as they were asked for.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: IndexMap<String, Vec<u8>>,
}

impl Parts {
    /// Adds a part.
    pub fn put(&mut self, name: &str, content: Vec<u8>) {
        self.parts.insert(name.to_owned(), content);
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

    /// Takes the content of a part out.
    pub fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        self.parts.get_mut(name).map(std::mem::take)
    }

    /// Bytes of all parts.
    pub fn length(&self) -> usize {
        self.parts.values().map(Vec::len).sum()
    }
}

/// A container of parts that are not packed, for the library. It is as large as they
/// are: each is best given up when it was added.
pub(super) struct Stored(ZipWriter<Cursor<Vec<u8>>>);

impl Stored {
    /// One that will have some so many bytes.
    pub fn new(length: usize) -> Self {
        Stored(ZipWriter::new(Cursor::new(Vec::with_capacity(length))))
    }

    /// Adds a part.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<(), OpenError> {
        let not_made = || unknown("重新整理时出错");
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, stored).map_err(|_| not_made())?;
        self.0.write_all(content).map_err(|_| not_made())
    }

    /// The container.
    pub fn finish(self) -> Result<Vec<u8>, OpenError> {
        let made = self.0.finish();
        made.map(Cursor::into_inner)
            .map_err(|_| unknown("重新整理时出错"))
    }
}

/// Whether so many packed bytes may not become so many.
fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > limits::RATIO_FROM && unpacked / packed.max(1) > limits::RATIO
}

/// What a part with a usual name is to whoever fills in a sheet.
fn called(part: &str) -> String {
    let file = part.rsplit('/').next().unwrap_or(part);
    let what = match file.split('.').next().unwrap_or(file) {
        "" | "workbook" => "工作表目录",
        "sharedStrings" => "文字部分",
        "styles" => "格式部分",
        "content" => "内容部分",
        _ if file.ends_with(".rels") => "内部的对照表",
        _ => return format!("内部的部件“{part}”"),
    };
    what.to_owned()
}

/// Looks over a part of XML, and gives what is left of it without plain cells, if
/// it is a sheet that has some.
///
/// # Errors
/// As [`markup::check`].
pub(super) fn look_over(name: &str, content: &[u8]) -> Result<Looked, OpenError> {
    let rest = rest(content);
    let one_space = match &rest {
        Some(rest) => markup::check(name, &rest.bytes, rest.tags)?,
        None => markup::check(name, content, 0)?,
    };
    Ok(Looked { rest, one_space })
}

/// What was seen of a part of XML.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// What is left without plain cells.
    pub rest: Option<Rest>,
    /// All elements are in the namespace of the first.
    pub one_space: bool,
}
