//! Files that may be hundreds of megabytes, compared and summed up chunk by chunk.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::fingerprint::hex;

/// So much of a file is held at a time.
pub const CHUNK: usize = 128 << 10;

/// A file, to be read chunk by chunk.
///
/// # Errors
/// When it cannot be opened.
pub fn opened(path: &Path) -> io::Result<BufReader<File>> {
    Ok(BufReader::with_capacity(CHUNK, File::open(path)?))
}

/// SHA-256 of a file in hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = opened(path)?;
    let mut sum = Sha256::new();
    loop {
        let piece = file.fill_buf()?;
        let length = piece.len();
        if length == 0 {
            return Ok(hex(&sum.finalize()));
        }
        sum.update(piece);
        file.consume(length);
    }
}

/// Whether two files hold the same.
///
/// # Errors
/// When one of them cannot be read.
pub fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    if std::fs::metadata(one)?.len() != std::fs::metadata(other)?.len() {
        return Ok(false);
    }
    same(&mut opened(one)?, &mut opened(other)?)
}

/// Whether a file holds this.
///
/// # Errors
/// When it cannot be read.
pub fn holds(path: &Path, mut bytes: &[u8]) -> io::Result<bool> {
    same(&mut opened(path)?, &mut bytes)
}

fn same(one: &mut impl BufRead, other: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let common = left.len().min(right.len());
        if left.get(..common) != right.get(..common) {
            return Ok(false);
        }
        if common == 0 {
            return Ok(left.len() == right.len());
        }
        one.consume(common);
        other.consume(common);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::sha256_hex;

    #[test]
    fn files_are_compared_to_their_last_byte() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut bytes: Vec<u8> = (0..CHUNK * 2 + 7).map(|at| (at % 251) as u8).collect();
        let (one, other) = (folder.path().join("1"), folder.path().join("2"));
        std::fs::write(&one, &bytes)?;
        std::fs::write(&other, &bytes)?;
        assert!(is_same(&one, &other)? && holds(&one, &bytes)?);
        assert_eq!(sum_of(&one)?, sha256_hex(&bytes));
        assert!(!holds(&one, &bytes[..CHUNK])?);
        bytes.push(0);
        assert!(!holds(&one, &bytes)?);
        bytes.pop();
        bytes[CHUNK * 2 + 6] ^= 1;
        std::fs::write(&other, &bytes)?;
        assert!(!is_same(&one, &other)? && !holds(&one, &bytes)?);
        Ok(())
    }
}
