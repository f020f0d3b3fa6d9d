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

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
