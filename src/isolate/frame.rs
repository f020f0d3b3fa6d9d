//! What passes between the processes: lengths and contents, one after another.

use std::io::{self, Read, Write};

use crate::sheet::limits::read_into;

/// So many bytes are made room for before they are there.
const AT_ONCE: u64 = 1 << 20;

/// Writes a frame.
pub(super) fn write(to: &mut impl Write, content: &[u8]) -> io::Result<()> {
    let length = u64::try_from(content.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(content)?;
    to.flush()
}

/// Reads a frame of at most so many bytes; none where the other side has ended
/// between two.
pub(super) fn read(from: &mut impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    let mut filled = 0;
    while filled < length.len() {
        match from.read(&mut length[filled..])? {
            0 if filled == 0 => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => filled += read,
        }
    }
    let length = u64::from_le_bytes(length);
    if length > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut content = Vec::with_capacity(usize::try_from(length.min(AT_ONCE)).unwrap_or(0));
    let read = read_into(from, length, &mut content)?;
    match u64::try_from(read) {
        Ok(read) if read == length => Ok(Some(content)),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test")]

    use super::*;

    #[test]
    fn frames_come_back_and_cut_off_ones_do_not() {
        let mut sent = Vec::new();
        for content in [&b"one"[..], b"", b"three"] {
            write(&mut sent, content).expect("written");
        }
        let mut from = sent.as_slice();
        for content in [&b"one"[..], b"", b"three"] {
            assert_eq!(read(&mut from, 5).expect("read").as_deref(), Some(content));
        }
        assert!(read(&mut from, 5).expect("the end").is_none());
        for length in 1..8 {
            assert!(read(&mut &sent[..length], 5).is_err());
        }
        for most in [2, u64::MAX - 1] {
            let longer = (most + 1).to_le_bytes();
            let why = read(&mut &longer[..], most).map_err(|error| error.kind());
            assert_eq!(why, Err(io::ErrorKind::FileTooLarge));
        }
    }
}
