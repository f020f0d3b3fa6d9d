//! A zip container of which every number can be a lie.

use std::io::{Cursor, Read};

use flate2_like::deflate;

/// Packing by the library that the program uses.
mod flate2_like {
    use std::io::{Cursor, Read, Write};

    /// The packed form of some bytes: what stands between the headers of a
    /// container with this one part.
    pub fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        made.start_file("a", options).expect("a part");
        made.write_all(bytes).expect("written");
        let made = made.finish().expect("finished").into_inner();
        let mut archive = zip::ZipArchive::new(Cursor::new(made)).expect("it opens");
        let mut part = archive.by_index_raw(0).expect("the part");
        let mut packed = Vec::new();
        part.read_to_end(&mut packed).expect("read");
        packed
    }
}

/// A part as it will stand in the container.
#[derive(Clone)]
pub struct Part {
    pub name: String,
    pub content: Vec<u8>,
    /// Stored or deflated, or what it claims to be.
    pub method: u16,
    pub flags: u16,
    /// What the list claims, if not the truth.
    pub crc: Option<u32>,
    pub unpacked: Option<u32>,
    pub packed: Option<u32>,
    /// Where the list says that it begins, if not where it does.
    pub offset: Option<u32>,
}

impl Part {
    pub fn new(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Part {
            name: name.to_owned(),
            content: content.into(),
            method: 8,
            flags: 0,
            crc: None,
            unpacked: None,
            packed: None,
            offset: None,
        }
    }
}

/// The parts of a healthy container.
pub fn parts(bytes: &[u8]) -> Vec<Part> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("it opens");
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).expect("a part");
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("read");
            let name = part.name().expect("a name").into_owned();
            Part::new(&name, content)
        })
        .collect()
}

/// The sum of a part.
pub fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1));
        }
    }
    !crc
}

/// The container.
pub fn pack(parts: &[Part]) -> Vec<u8> {
    let mut made = Vec::new();
    let mut list = Vec::new();
    for part in parts {
        let packed = match part.method {
            8 => deflate(&part.content),
            _ => part.content.clone(),
        };
        let at = made.len() as u32;
        let head = |made: &mut Vec<u8>| {
            for number in [20u16, part.flags, part.method, 0, 0x21] {
                made.extend(number.to_le_bytes());
            }
            let sum = part.crc.unwrap_or_else(|| crc(&part.content));
            let length = packed.len() as u32;
            let unpacked = part.content.len() as u32;
            for number in [
                sum,
                part.packed.unwrap_or(length),
                part.unpacked.unwrap_or(unpacked),
            ] {
                made.extend(number.to_le_bytes());
            }
            made.extend((part.name.len() as u16).to_le_bytes());
            made.extend(0u16.to_le_bytes());
        };
        made.extend(b"PK\x03\x04");
        head(&mut made);
        made.extend(part.name.as_bytes());
        made.extend(&packed);
        list.extend(b"PK\x01\x02");
        list.extend(20u16.to_le_bytes());
        head(&mut list);
        list.extend([0; 10]);
        list.extend(part.offset.unwrap_or(at).to_le_bytes());
        list.extend(part.name.as_bytes());
    }
    let (at, length) = (made.len() as u32, list.len() as u32);
    made.extend(list);
    made.extend(b"PK\x05\x06\0\0\0\0");
    for number in [parts.len() as u16, parts.len() as u16] {
        made.extend(number.to_le_bytes());
    }
    made.extend(length.to_le_bytes());
    made.extend(at.to_le_bytes());
    made.extend(0u16.to_le_bytes());
    made
}

/// The container with one part changed.
pub fn with(bytes: &[u8], name: &str, change: impl Fn(&mut Part)) -> Vec<u8> {
    let mut parts = parts(bytes);
    let found = parts.iter_mut().find(|part| part.name == name);
    change(found.unwrap_or_else(|| panic!("no part {name}")));
    pack(&parts)
}

/// The container with a piece of text in one part replaced by another.
pub fn text(bytes: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    with(bytes, name, |part| {
        let text = String::from_utf8(part.content.clone()).expect("text");
        assert!(text.contains(from), "no {from} in {name}");
        part.content = text.replacen(from, to, 1).into_bytes();
    })
}
