//! What was packed before is not packed again: the pieces of a large workbook are
//! kept in one file, each by what it was made from. What is damaged or made by
//! another program is passed over and made anew.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::piece::Piece;
use crate::fingerprint::this_program;

/// How the file begins: what it is, and in which way it is written.
const HEAD: &[u8; 8] = b"kaohe-p1";
/// What the file ends with: the sum of its list, then how long that is.
const TAIL: usize = 32 + 8;

/// A sum of what a piece was made from.
pub(super) type Key = [u8; 32];

/// Pieces of packed rows, those of the last run and those of this.
#[derive(Default)]
pub struct KeptPieces {
    before: Option<Before>,
    now: Option<Mutex<Now>>,
    /// How many pieces of the last run were taken over.
    taken: AtomicUsize,
}

/// Where a piece stands in the file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct At {
    from: u64,
    packed: u32,
    length: u32,
    crc: u32,
    /// Sum of the packed bytes.
    sum: Key,
}

/// The pieces of the last run.
struct Before {
    file: Mutex<File>,
    list: FxHashMap<Key, At>,
}

/// The pieces of this run, in a file that is not finished yet.
struct Now {
    file: NamedTempFile,
    end: u64,
    list: FxHashMap<Key, At>,
    /// Whether all could be written.
    whole: bool,
}

impl KeptPieces {
    /// Pieces that were kept in a file, if there is one, and a new file for those of
    /// this run.
    pub fn new(before: Option<File>, now: NamedTempFile) -> Self {
        let Some(head) = head() else {
            return KeptPieces::default();
        };
        let before = before.and_then(|file| Before::open(file, &head).ok().flatten());
        KeptPieces {
            before,
            now: Now::new(now, &head).ok().map(Mutex::new),
            taken: AtomicUsize::new(0),
        }
    }

    /// How many pieces of the last run were taken over.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Gives back the room that the pieces of this run take on the disk; they are not
    /// kept then.
    pub fn give_up(&mut self) {
        self.now = None;
    }

    /// The piece that is made from something, as it was made before or made now. `key`
    /// is asked for only where it is of use.
    ///
    /// # Errors
    /// Those of making it and of its key.
    pub(super) fn piece<E>(
        &self,
        key: impl FnOnce() -> Result<Key, E>,
        make: impl FnOnce() -> Result<Piece, E>,
    ) -> Result<Piece, E> {
        if self.before.is_none() && self.now.is_none() {
            return make();
        }
        let key = key()?;
        let before = self.before.as_ref().and_then(|before| before.get(&key));
        let (piece, sum) = match before {
            Some((piece, sum)) => {
                // Whatever a piece is made from must be part of its key.
                #[cfg(debug_assertions)]
                debug_assert!(make()? == piece, "a piece is not what its key says");
                self.taken.fetch_add(1, Ordering::Relaxed);
                (piece, Some(sum))
            }
            None => (make()?, None),
        };
        if let Some(now) = &self.now {
            let sum = sum.unwrap_or_else(|| Sha256::digest(&piece.packed).into());
            if let Ok(mut now) = now.lock() {
                now.keep(key, &piece, sum);
            }
        }
        Ok(piece)
    }

    /// Puts the pieces of this run in the place of those of the last. What cannot
    /// be kept is made again next time.
    pub fn save(self, path: &Path) {
        // On Windows a file that is open keeps its place.
        drop(self.before);
        if let Some(now) = self.now.and_then(|now| now.into_inner().ok()) {
            let _ = now.save(path);
        }
    }
}

/// How a file of this program begins; none where it cannot be told from others.
fn head() -> Option<Vec<u8>> {
    let mut head = HEAD.to_vec();
    head.extend(this_program()?.as_bytes());
    Some(head)
}

impl Before {
    /// The pieces in a file, if it is whole and this program's.
    fn open(mut file: File, head: &[u8]) -> io::Result<Option<Self>> {
        let mut found = vec![0; head.len()];
        file.read_exact(&mut found)?;
        let mut tail = [0; TAIL];
        let end = file.seek(SeekFrom::End(0))?;
        let (Some(at), true) = (end.checked_sub(TAIL as u64), found == head) else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut tail)?;
        let (sum, length) = tail.split_at(TAIL - 8);
        let length = length.try_into().map_or(0, u64::from_le_bytes);
        let Some(from) = at.checked_sub(length).filter(|from| *from > 0) else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(from))?;
        let mut list = Vec::new();
        Read::by_ref(&mut file)
            .take(length)
            .read_to_end(&mut list)?;
        if *sum != *Sha256::digest(&list) {
            return Ok(None);
        }
        let list: Option<Vec<(Key, At)>> = postcard::from_bytes(&list).ok();
        Ok(list.map(|list| Before {
            file: Mutex::new(file),
            list: list.into_iter().collect(),
        }))
    }

    /// A piece and its sum, if it is there and whole.
    fn get(&self, key: &Key) -> Option<(Piece, Key)> {
        let At {
            from,
            packed,
            length,
            crc,
            sum,
        } = *self.list.get(key)?;
        let mut bytes = Vec::with_capacity(packed as usize);
        {
            let mut file = self.file.lock().ok()?;
            file.seek(SeekFrom::Start(from)).ok()?;
            let mut piece = Read::by_ref(&mut *file).take(u64::from(packed));
            piece.read_to_end(&mut bytes).ok()?;
        }
        let piece = Piece {
            crc,
            length,
            packed: bytes,
        };
        (sum == *Sha256::digest(&piece.packed)).then_some((piece, sum))
    }
}

impl Now {
    /// No pieces yet.
    fn new(mut file: NamedTempFile, head: &[u8]) -> io::Result<Self> {
        file.write_all(head)?;
        Ok(Now {
            file,
            end: head.len() as u64,
            list: FxHashMap::default(),
            whole: true,
        })
    }

    /// Adds a piece.
    fn keep(&mut self, key: Key, piece: &Piece, sum: Key) {
        let Ok(packed) = u32::try_from(piece.packed.len()) else {
            return;
        };
        if !self.whole || self.list.contains_key(&key) {
            return;
        }
        self.whole = self.file.write_all(&piece.packed).is_ok();
        if !self.whole {
            // Where there is no room it is needed for the workbook.
            let _ = self.file.as_file().set_len(0);
        }
        let at = At {
            from: self.end,
            packed,
            length: piece.length,
            crc: piece.crc,
            sum,
        };
        self.list.insert(key, at);
        self.end += u64::from(packed);
    }

    /// Ends the file and gives it its name.
    fn save(mut self, path: &Path) -> io::Result<()> {
        if !self.whole {
            return Ok(());
        }
        let mut list: Vec<(Key, At)> = self.list.into_iter().collect();
        list.sort_unstable_by_key(|(_, at)| at.from);
        let list = postcard::to_stdvec(&list).map_err(io::Error::other)?;
        self.file.write_all(&list)?;
        self.file.write_all(&Sha256::digest(&list))?;
        self.file.write_all(&(list.len() as u64).to_le_bytes())?;
        // A power cut may cost what is kept, which its sums would show.
        self.file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;

    use super::*;

    type Tested = Result<(), Box<dyn Error>>;

    /// What was kept in a file, with a place for what is kept now.
    fn kept(path: &Path) -> Result<KeptPieces, Box<dyn Error>> {
        let folder = path.parent().ok_or("no folder")?;
        let now = NamedTempFile::new_in(folder)?;
        Ok(KeptPieces::new(File::open(path).ok(), now))
    }

    /// Asks for pieces; gives which of them had to be made.
    fn made(kept: &KeptPieces, texts: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
        let mut made = Vec::new();
        for text in texts {
            let before = kept.taken();
            let make = || -> io::Result<Piece> { Piece::of(text.as_bytes(), 3) };
            let piece = kept.piece(|| Ok(Sha256::digest(text).into()), make)?;
            assert_eq!(piece, Piece::of(text.as_bytes(), 3)?, "{text}");
            if kept.taken() == before {
                made.push((*text).to_owned());
            }
        }
        Ok(made)
    }

    #[test]
    fn only_what_is_new_is_made() -> Tested {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("packed");
        let first = kept(&path)?;
        assert_eq!(made(&first, &["甲", "乙", "甲"])?, ["甲", "乙", "甲"]);
        first.save(&path);
        let second = kept(&path)?;
        assert_eq!(made(&second, &["乙", "丙"])?, ["丙"]);
        second.save(&path);
        // What the last run did not use is gone.
        let third = kept(&path)?;
        assert_eq!(made(&third, &["甲", "乙", "丙"])?, ["甲"]);
        drop(third);
        assert_eq!(made(&KeptPieces::default(), &["乙"])?, ["乙"]);
        let files = fs::read_dir(folder.path())?.count();
        assert_eq!(files, 1, "nothing is left behind");
        Ok(())
    }

    #[test]
    fn what_is_damaged_is_made_anew() -> Tested {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("packed");
        let texts = ["甲甲甲", "乙乙乙", "丙丙丙"];
        let first = kept(&path)?;
        made(&first, &texts)?;
        first.save(&path);
        let whole = fs::read(&path)?;
        assert!(made(&kept(&path)?, &texts)?.is_empty());
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1;
            }
            fs::write(&path, &bytes)?;
            // No piece is ever another: `made` looks at each.
            assert!(!made(&kept(&path)?, &texts)?.is_empty(), "byte {at}");
            fs::write(&path, whole.get(..at).unwrap_or_default())?;
            assert_eq!(made(&kept(&path)?, &texts)?, texts, "cut off at {at}");
        }
        Ok(())
    }
}
