//! Microsoft's compound files, in which .xls workbooks are kept.

use std::borrow::Cow;
use std::io::{Cursor, Result, Write};

use cfb::{CompoundFile, Version};

/// A compound file that is read from memory.
pub(super) type Compound<'a> = CompoundFile<Cursor<Cow<'a, [u8]>>>;

/// Opens a compound file. Some programs leave the entries of the allocation
/// table that lie beyond the end of the file marked as used: the file is then
/// made as long as its table, with zeros.
pub(super) fn open(bytes: &[u8]) -> Result<Compound<'_>> {
    CompoundFile::open(Cursor::new(Cow::Borrowed(bytes))).or_else(|error| match padded(bytes) {
        Some(longer) => CompoundFile::open(Cursor::new(Cow::Owned(longer))),
        None => Err(error),
    })
}

/// The file with zeros up to the end of its allocation table, if what lacks is
/// within the last sector of the table.
fn padded(bytes: &[u8]) -> Option<Vec<u8>> {
    let shift: [u8; 2] = bytes.get(30..32)?.try_into().ok()?;
    let tables: [u8; 4] = bytes.get(44..48)?.try_into().ok()?;
    let sector = match u16::from_le_bytes(shift) {
        9 => 512usize,
        12 => 4_096,
        _ => return None,
    };
    let in_a_table = sector / 4;
    let entries = in_a_table.checked_mul(u32::from_le_bytes(tables) as usize)?;
    let length = entries.checked_add(1)?.checked_mul(sector)?;
    let lacks = length.checked_sub(bytes.len())?;
    if lacks > in_a_table * sector {
        return None;
    }
    let mut longer = bytes.to_vec();
    longer.resize(length, 0);
    Some(longer)
}

/// A compound file with nothing in it but one stream.
pub(super) fn alone(name: &str, stream: &[u8]) -> Result<Vec<u8>> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    file.create_stream(name)?.write_all(stream)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}
