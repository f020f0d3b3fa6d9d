//! SHA-256 as text: how files, packs and forms are told apart.

use sha2::{Digest, Sha256};

/// SHA-256 of some bytes, in hexadecimal.
///
/// ```
/// let empty = kaohe::fingerprint::sha256_hex(b"");
/// assert!(empty.starts_with("e3b0c442") && empty.len() == 64);
/// ```
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Some bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |number: u8| char::from(if number < 10 { b'0' } else { b'a' - 10 } + number);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}
