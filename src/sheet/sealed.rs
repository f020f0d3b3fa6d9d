//! Files that are encrypted and yet open without a password: Excel writes so what
//! is only marked read-only or has its structure protected, with a password that
//! it supplies by itself. Such a file is read; one with a password of somebody's
//! own is not, nor is any other password tried.

use std::io::{Read, Seek};

use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cfb::CompoundFile;
use md5::Md5;
use quick_xml::events::{BytesStart, Event};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::sheet::bytes::{long, short};
use crate::sheet::limits;
use crate::sheet::xml::attribute;

/// The password that Excel supplies.
const PASSWORD: &str = "VelvetSweatshop";
/// So often the password is hashed at most. Excel does it 100,000 times.
const MOST_TURNS: u32 = 1_000_000;
/// Bytes of the longest hash.
const LONGEST_HASH: usize = 64;
/// Bytes of a block of the cipher.
const BLOCK: usize = 16;
/// Bytes that are encrypted with one start of the cipher, in packages and in the
/// streams of old workbooks.
const SEGMENT: usize = 4_096;
const OLD_SEGMENT: usize = 1_024;

/// What is in the encrypted package of a compound file; none if it has none, or
/// one with a password of somebody's own.
pub(super) fn package<F: Read + Seek>(file: &mut CompoundFile<F>) -> Option<Vec<u8>> {
    let mut stream = |name: &str, most: u64| {
        let stream = file.open_stream(name).ok()?;
        limits::read_all(stream, most).ok()
    };
    let info = stream("/EncryptionInfo", 1 << 20)?;
    let package = stream("/EncryptedPackage", limits::FILE)?;
    let (length, content) = package.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let mut opened = match (short(&info, 0)?, short(&info, 2)?) {
        (4, 4) => Agile::of(info.get(8..)?)?.open(content)?,
        (2..=4, 2) => standard(&info, content)?,
        _ => return None,
    };
    (length <= opened.len()).then(|| opened.truncate(length))?;
    Some(opened)
}

/// The password as it is hashed.
fn password() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// How Excel encrypts since 2010.
struct Agile {
    /// Of the package.
    data: Cipher,
    /// Of the key to it.
    key: Cipher,
    turns: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    value: Vec<u8>,
}

/// How something is encrypted.
struct Cipher {
    salt: Vec<u8>,
    key_bytes: usize,
    hash: Hash,
}

impl Agile {
    fn of(description: &[u8]) -> Option<Agile> {
        let mut reader = quick_xml::Reader::from_reader(description);
        let (mut data, mut agile) = (None, None);
        loop {
            match reader.read_event().ok()? {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "keyData" => data = Some(Cipher::of(&tag)?),
                    "encryptedKey" => {
                        let bytes = |name: &str| short_bytes(&attribute(&tag, name)?);
                        let turns = attribute(&tag, "spinCount")?.parse().ok()?;
                        agile = Some(Agile {
                            data: data.take()?,
                            key: Cipher::of(&tag)?,
                            turns,
                            verifier: bytes("encryptedVerifierHashInput")?,
                            verifier_hash: bytes("encryptedVerifierHashValue")?,
                            value: bytes("encryptedKeyValue")?,
                        });
                    }
                    _ => {}
                },
                Event::Eof => return agile.filter(|agile| agile.turns <= MOST_TURNS),
                _ => {}
            }
        }
    }

    fn open(&self, content: &[u8]) -> Option<Vec<u8>> {
        let hash = self.key.hash;
        let mut hashed = hash.of(&[&self.key.salt, &password()]);
        for turn in 0..self.turns {
            hashed = hash.of(&[&turn.to_le_bytes(), &hashed]);
        }
        let part = |what: [u8; 8], encrypted: &[u8]| {
            let mut key = hash.of(&[&hashed, &what]);
            key.resize(self.key.key_bytes, 0x36);
            let mut start = self.key.salt.clone();
            start.resize(BLOCK, 0x36);
            chained(&key, &start, encrypted)
        };
        let verifier = part(
            [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79],
            &self.verifier,
        )?;
        let said = part(
            [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E],
            &self.verifier_hash,
        )?;
        if !said.starts_with(&hash.of(&[&verifier])) {
            return None;
        }
        let mut key = part(
            [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6],
            &self.value,
        )?;
        key.truncate(self.data.key_bytes);
        let mut opened = Vec::with_capacity(content.len());
        for (at, segment) in (0_u32..).zip(content.chunks(SEGMENT)) {
            let mut start = self.data.hash.of(&[&self.data.salt, &at.to_le_bytes()]);
            start.resize(BLOCK, 0x36);
            opened.extend(chained(&key, &start, segment)?);
        }
        Some(opened)
    }
}

impl Cipher {
    fn of(tag: &BytesStart<'_>) -> Option<Cipher> {
        let value = |name: &str| attribute(tag, name);
        let is_usual = value("cipherAlgorithm")? == "AES"
            && value("cipherChaining")? == "ChainingModeCBC"
            && value("blockSize")? == "16";
        let bits: usize = value("keyBits")?.parse().ok()?;
        let is_usual = is_usual && [128, 192, 256].contains(&bits);
        is_usual.then_some(Cipher {
            salt: short_bytes(&value("saltValue")?)?,
            key_bytes: bits / 8,
            hash: Hash::named(&value("hashAlgorithm")?)?,
        })
    }
}

/// What is written in letters, if it is not longer than any salt or hash is: the
/// salt is hashed again and again.
fn short_bytes(letters: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(letters).ok()?;
    (bytes.len() <= LONGEST_HASH).then_some(bytes)
}

/// How Excel 2007 encrypted.
fn standard(info: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    let of = CryptoApi::of(info.get(4..)?)?;
    let mut hashed = Hash::Sha1.of(&[of.salt, &password()]);
    for turn in 0..50_000_u32 {
        hashed = Hash::Sha1.of(&[&turn.to_le_bytes(), &hashed]);
    }
    hashed = Hash::Sha1.of(&[&hashed, &0_u32.to_le_bytes()]);
    let half = |with: u8| {
        let mut padded = [with; 64];
        for (to, from) in padded.iter_mut().zip(&hashed) {
            *to ^= from;
        }
        Hash::Sha1.of(&[&padded])
    };
    let mut key = [half(0x36), half(0x5C)].concat();
    key.truncate(of.key_bytes);
    let each = |encrypted: &[u8]| {
        let blocks = encrypted.chunks_exact(BLOCK);
        let mut opened = encrypted.get(..blocks.len() * BLOCK)?.to_vec();
        decrypt(&key, &mut opened)?;
        Some(opened)
    };
    let verifier = each(of.verifier)?;
    if !each(of.verifier_hash)?.starts_with(&Hash::Sha1.of(&[&verifier])) {
        return None;
    }
    each(content)
}

/// What is said of the key, in packages of 2007 and in old workbooks.
struct CryptoApi<'a> {
    key_bytes: usize,
    salt: &'a [u8],
    verifier: &'a [u8],
    verifier_hash: &'a [u8],
}

impl<'a> CryptoApi<'a> {
    /// Reads it behind the version.
    fn of(info: &'a [u8]) -> Option<Self> {
        let header = 8..8 + usize::try_from(long(info, 4)?).ok()?;
        let bits = long(info.get(header.clone())?, 16)?;
        let rest = info.get(header.end..)?;
        Some(CryptoApi {
            // None said is 40.
            key_bytes: usize::try_from(if bits == 0 { 40 } else { bits }).ok()? / 8,
            salt: rest.get(4..20)?,
            verifier: rest.get(20..36)?,
            verifier_hash: rest.get(40..)?,
        })
    }
}

/// The keys to the segments of an old workbook's stream, of which the body of the
/// record that says that there is a password is given; none if it is somebody's
/// own.
fn old_keys(pass: &[u8]) -> Option<Box<dyn Fn(u32) -> Vec<u8>>> {
    let version = short(pass, 2)?;
    if short(pass, 0)? != 1 {
        return None;
    }
    if version == 1 {
        let (salt, verifier, hash) = (pass.get(6..22)?, pass.get(22..38)?, pass.get(38..54)?);
        let md5 = |parts: &[&[u8]]| {
            let mut hashing = Md5::new();
            parts.iter().for_each(|part| hashing.update(part));
            hashing.finalize().to_vec()
        };
        let mut once = md5(&[&password()]);
        once.truncate(5);
        let mut start = md5(&[[once.as_slice(), salt].concat().repeat(16).as_slice()]);
        start.truncate(5);
        let key = move |segment: u32| md5(&[&start, &segment.to_le_bytes()]);
        let mut both = [verifier, hash].concat();
        mix(&mut both, &stream(&key(0), 32));
        let (verifier, hash) = both.split_at(16);
        return (md5(&[verifier]) == hash).then(|| Box::new(key) as Box<_>);
    }
    let of = CryptoApi::of(pass.get(6..)?)?;
    let start = Hash::Sha1.of(&[of.salt, &password()]);
    let key_bytes = of.key_bytes;
    let key = move |segment: u32| {
        let mut key = Hash::Sha1.of(&[&start, &segment.to_le_bytes()]);
        key.truncate(key_bytes);
        // Of 40 bits the rest is zeros.
        if key_bytes == 5 {
            key.resize(16, 0);
        }
        key
    };
    let mut both = [of.verifier, of.verifier_hash.get(..20)?].concat();
    mix(&mut both, &stream(&key(0), 36));
    let (verifier, hash) = both.split_at(16);
    (Hash::Sha1.of(&[verifier]) == hash).then(|| Box::new(key) as Box<_>)
}

/// The bytes with which an old workbook's stream was mixed, as many as it has;
/// none if the password is somebody's own.
pub(super) fn old_stream(pass: &[u8], length: usize) -> Option<Vec<u8>> {
    let key = old_keys(pass)?;
    let mut bytes = Vec::with_capacity(length + OLD_SEGMENT);
    for segment in 0.. {
        if bytes.len() >= length {
            break;
        }
        bytes.extend(stream(&key(segment), OLD_SEGMENT));
    }
    Some(bytes)
}

/// Mixes bytes with others.
pub(super) fn mix(bytes: &mut [u8], with: &[u8]) {
    for (byte, with) in bytes.iter_mut().zip(with) {
        *byte ^= with;
    }
}

/// So many bytes of the stream cipher RC4.
fn stream(key: &[u8], length: usize) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|at| at.to_le_bytes()[0]);
    let mut j = 0_u8;
    for (i, key) in (0..256).zip(key.iter().cycle()) {
        j = j.wrapping_add(state[i]).wrapping_add(*key);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    let next = || {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        let sum = state[usize::from(i)].wrapping_add(state[usize::from(j)]);
        state[usize::from(sum)]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// Decrypts whole blocks, each of which was mixed with the one before.
fn chained(key: &[u8], start: &[u8], encrypted: &[u8]) -> Option<Vec<u8>> {
    let whole = encrypted.len() / BLOCK * BLOCK;
    let encrypted = encrypted.get(..whole)?;
    let mut opened = encrypted.to_vec();
    decrypt(key, &mut opened)?;
    let before = start.iter().chain(encrypted);
    for (byte, before) in opened.iter_mut().zip(before) {
        *byte ^= before;
    }
    Some(opened)
}

/// Decrypts whole blocks one by one.
fn decrypt(key: &[u8], blocks: &mut [u8]) -> Option<()> {
    fn each<C: BlockCipherDecrypt + KeyInit>(key: &[u8], blocks: &mut [u8]) -> Option<()> {
        let cipher = C::new_from_slice(key).ok()?;
        for block in blocks.chunks_exact_mut(BLOCK) {
            cipher.decrypt_block(block.try_into().ok()?);
        }
        Some(())
    }
    match key.len() {
        16 => each::<Aes128>(key, blocks),
        24 => each::<Aes192>(key, blocks),
        _ => each::<Aes256>(key, blocks),
    }
}

/// How something is hashed.
#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SHA1" | "SHA-1" => Hash::Sha1,
            "SHA256" | "SHA-256" => Hash::Sha256,
            "SHA384" | "SHA-384" => Hash::Sha384,
            "SHA512" | "SHA-512" => Hash::Sha512,
            _ => return None,
        })
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn each<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hashing = D::new();
            parts.iter().for_each(|part| hashing.update(part));
            hashing.finalize().to_vec()
        }
        match self {
            Hash::Sha1 => each::<Sha1>(parts),
            Hash::Sha256 => each::<Sha256>(parts),
            Hash::Sha384 => each::<Sha384>(parts),
            Hash::Sha512 => each::<Sha512>(parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_cipher_as_published() {
        // The test vectors of RFC 6229 begin so for these keys.
        assert_eq!(stream(&[1, 2, 3, 4, 5], 4), [0xB2, 0x39, 0x63, 0x05]);
        let sixteen: Vec<u8> = (1..=16).collect();
        assert_eq!(stream(&sixteen, 4), [0x9A, 0xC7, 0xCC, 0x9A]);
    }

    #[test]
    fn the_block_cipher_as_published() {
        // FIPS 197, appendix C.
        let key: Vec<u8> = (0..16).collect();
        let mut block = [
            0x69, 0xC4, 0xE0, 0xD8, 0x6A, 0x7B, 0x04, 0x30, 0xD8, 0xCD, 0xB7, 0x80, 0x70, 0xB4,
            0xC5, 0x5A,
        ];
        assert_eq!(decrypt(&key, &mut block), Some(()));
        let plain: Vec<u8> = (0..16).map(|at| at * 0x11).collect();
        assert_eq!(block.as_slice(), plain);
        assert_eq!(decrypt(&key[..7], &mut block), None);
    }

    #[test]
    fn no_salt_is_longer_than_a_hash() {
        let of = |length| short_bytes(&STANDARD.encode(vec![7; length]));
        assert_eq!(of(64).map(|bytes| bytes.len()), Some(64));
        assert_eq!(of(65), None);
    }

    #[test]
    fn what_is_cut_off_is_not_opened() {
        let info = [4, 0, 2, 0, 0, 0, 0, 0, 255, 255, 255, 255];
        for length in 0..info.len() {
            assert!(standard(&info[..length], &[0; 64]).is_none());
            assert!(old_stream(&info[..length], 64).is_none());
        }
        assert!(Agile::of(b"<encryption><keyData/></encryption>").is_none());
    }
}
