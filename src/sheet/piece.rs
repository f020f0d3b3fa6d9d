//! Parts of a file that are packed piece by piece. Each piece is packed by itself,
//! so that it is the same whatever stands before it, and may be taken over as it is
//! from an earlier file.

use std::io::{self, Write};

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The block without contents that ends what was deflated.
const END: [u8; 2] = [0x03, 0x00];
/// Version of the format of archives that reading needs: 2.0, for deflating.
const VERSION: u16 = 20;
/// Archives made on Unix say how they may be read; here by their owner.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// A file that its owner may read and write.
const MODE: u32 = 0o100_600 << 16;
/// The first day that archives know; nothing in a file depends on when it was made.
const FIRST_DAY: u16 = 1 << 5 | 1;
/// How it is compressed: deflated.
const DEFLATED: u16 = 8;

/// A packed piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// CRC-32 of what was packed.
    pub crc: u32,
    /// Bytes of what was packed.
    pub length: u32,
    /// Deflated, up to the end of a byte, without an end of all.
    pub packed: Vec<u8>,
}

impl Piece {
    /// Packs a piece, at a level from 1 to 9.
    ///
    /// # Errors
    /// A piece of more than 4 GiB.
    pub fn of(content: &[u8], level: u8) -> io::Result<Self> {
        let length = u32::try_from(content.len()).map_err(io::Error::other)?;
        let room = Vec::with_capacity(content.len() / 6 + 64);
        let mut deflating = DeflateEncoder::new(room, Compression::new(level.into()));
        deflating.write_all(content)?;
        deflating.flush()?;
        // What is written when it goes would end it.
        let packed = std::mem::take(deflating.get_mut());
        Ok(Piece {
            crc: crc32fast::hash(content),
            length,
            packed,
        })
    }
}

/// A part that is put together from pieces.
#[derive(Default)]
pub(super) struct Entry {
    crc: Hasher,
    length: u64,
    packed: Vec<u8>,
}

impl Entry {
    /// Adds a piece at the end.
    pub fn add(&mut self, piece: &Piece) {
        let crc = Hasher::new_with_initial_len(piece.crc, piece.length.into());
        self.crc.combine(&crc);
        self.length += u64::from(piece.length);
        self.packed.extend(&piece.packed);
    }

    /// An archive that holds the part and nothing else. Its name is of ASCII.
    ///
    /// # Errors
    /// A part of 4 GiB or more.
    pub fn archive(mut self, name: &str) -> io::Result<Vec<u8>> {
        self.packed.extend(END);
        let short = |length: usize| u32::try_from(length).map_err(io::Error::other);
        let (packed, length) = (short(self.packed.len())?, u32::try_from(self.length));
        let length = length.map_err(io::Error::other)?;
        let called = u16::try_from(name.len()).map_err(io::Error::other)?;
        // What is said of the part both before it and in the list at the end.
        let mut said = Vec::new();
        for word in [VERSION, 0, DEFLATED, 0, FIRST_DAY] {
            said.extend(word.to_le_bytes());
        }
        for word in [self.crc.finalize(), packed, length] {
            said.extend(word.to_le_bytes());
        }
        said.extend(called.to_le_bytes());
        said.extend(0_u16.to_le_bytes());

        let mut out = Vec::with_capacity(self.packed.len() + 2 * name.len() + 98);
        out.extend(b"PK\x03\x04");
        out.extend(&said);
        out.extend(name.as_bytes());
        out.append(&mut self.packed);
        let list = short(out.len())?;
        out.extend(b"PK\x01\x02");
        out.extend(MADE_BY.to_le_bytes());
        out.extend(&said);
        // No comment, the first disk, nothing about its contents.
        out.extend([0; 6]);
        out.extend(MODE.to_le_bytes());
        out.extend(0_u32.to_le_bytes());
        out.extend(name.as_bytes());
        let listed = short(out.len())? - list;
        out.extend(b"PK\x05\x06");
        out.extend([0, 0, 0, 0, 1, 0, 1, 0]);
        out.extend(listed.to_le_bytes());
        out.extend(list.to_le_bytes());
        out.extend([0, 0]);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io::{Cursor, Read};

    use proptest::prelude::*;

    use super::*;

    fn inflated(archive: &[u8]) -> Result<(String, Vec<u8>), Box<dyn Error>> {
        let mut archive = zip::ZipArchive::new(Cursor::new(archive))?;
        let mut file = archive.by_index(0)?;
        let mut content = Vec::new();
        // The sum is checked at the end.
        file.read_to_end(&mut content)?;
        Ok((file.name()?.into_owned(), content))
    }

    proptest! {
        #[test]
        fn pieces_come_out_as_one(
            contents in prop::collection::vec("[a-c<>行]{0,300}", 0..6), level in 1_u8..=9,
        ) {
            let mut entry = Entry::default();
            for content in &contents {
                entry.add(&Piece::of(content.as_bytes(), level)?);
            }
            let archive = entry.archive("xl/a.xml")?;
            let (name, content) = inflated(&archive).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(name, "xl/a.xml");
            prop_assert_eq!(String::from_utf8(content)?, contents.concat());
        }
    }
}
