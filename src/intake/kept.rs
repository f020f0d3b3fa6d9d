//! What was decoded before is not decoded again: each decoded return is kept in
//! a file of its own in the workspace, under a name that follows from the
//! file's contents and name, the policy, the roster and this very program. What
//! is damaged or made by another program is passed over and made anew.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::opener::{Decoded, Decoder, Opener, basis};
use super::recognise::State;
use crate::diagnostic::Checked;
use crate::fingerprint::{hex, this_program};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::sheet::{FoundWorkbook, OpenError};

/// How an entry begins: what it is, and in which way it is written.
const HEAD: &[u8; 8] = b"kaohe-1\n";
/// Bytes of a SHA-256.
const SUM: usize = 32;

/// An opener that remembers what it has decoded.
pub struct Remembering<O> {
    opener: O,
    folder: PathBuf,
    /// Which entries this run has used; others are of no use any more.
    used: Mutex<BTreeSet<String>>,
    may_write: bool,
}

impl<O: Opener> Remembering<O> {
    /// Keeps what is decoded in a folder, which is made when it is needed.
    pub fn new(opener: O, folder: PathBuf, may_write: bool) -> Self {
        Remembering {
            opener,
            folder,
            used: Mutex::default(),
            may_write,
        }
    }

    /// The opener without its memory.
    pub fn forgetful(&self) -> &O {
        &self.opener
    }

    /// Takes away what this run has not used: what was decoded of files that are
    /// gone or were changed, or by another policy or roster.
    pub fn sweep(&self) {
        let Ok(used) = self.used.lock() else { return };
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // Another run may be at work here: what it is just writing has no such
            // name, and what it has written costs it no more than time.
            let is_entry = name.len() == 2 * SUM && name.bytes().all(|b| b.is_ascii_hexdigit());
            if is_entry && !used.contains(&name) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl<O: Opener> Opener for Remembering<O> {
    fn open(&self, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError> {
        self.opener.open(bytes)
    }

    fn decoder<'a>(&'a self, policy: &'a Policy, roster: &'a Roster) -> Box<dyn Decoder + 'a> {
        Box::new(RememberingBy {
            kept: self,
            decoder: self.opener.decoder(policy, roster),
            by: this_program().map(|program| format!("{} {program}", basis(policy, roster).name)),
        })
    }

    fn width(&self) -> usize {
        self.opener.width()
    }

    fn rest(&self) {
        self.opener.rest();
    }
}

struct RememberingBy<'a, O> {
    kept: &'a Remembering<O>,
    decoder: Box<dyn Decoder + 'a>,
    /// What decoding depends on besides the file, if it is known.
    by: Option<String>,
}

impl<O: Opener> Decoder for RememberingBy<'_, O> {
    fn decode(&self, name: &str, sha256: &str, bytes: &Arc<[u8]>) -> Checked<State> {
        let Some(by) = &self.by else {
            return self.decoder.decode(name, sha256, bytes);
        };
        let mut key = Sha256::new();
        for part in [by.as_str(), sha256, name] {
            key.update((part.len() as u64).to_le_bytes());
            key.update(part.as_bytes());
        }
        let key: [u8; SUM] = key.finalize().into();
        let entry = hex(&key);
        let path = self.kept.folder.join(&entry);
        if let Ok(mut used) = self.kept.used.lock() {
            used.insert(entry);
        }
        if let Some(Decoded { value, findings }) = look_up(&path, &key) {
            return Checked { value, findings };
        }
        let decoded = self.decoder.decode(name, sha256, bytes);
        // Why a file could not be read may be a matter of the moment.
        if !self.kept.may_write || matches!(decoded.value, State::Unreadable(_)) {
            return decoded;
        }
        let Checked { value, findings } = decoded;
        let decoded = Decoded { value, findings };
        // What cannot be kept is decoded again next time.
        let _ = keep(&path, &key, &decoded);
        Checked {
            value: decoded.value,
            findings: decoded.findings,
        }
    }
}

/// What is kept under a key, if it is whole.
fn look_up(path: &Path, key: &[u8; SUM]) -> Option<Decoded> {
    let bytes = fs::read(path).ok()?;
    let rest = bytes.strip_prefix(HEAD)?.strip_prefix(key)?;
    let (sum, content) = rest.split_at_checked(SUM)?;
    if *sum != *Sha256::digest(content) {
        return None;
    }
    postcard::from_bytes(content).ok()
}

/// Keeps what was decoded: as a whole or not at all.
fn keep(path: &Path, key: &[u8; SUM], decoded: &Decoded) -> std::io::Result<()> {
    let content = postcard::to_stdvec(decoded).map_err(std::io::Error::other)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    for part in [HEAD, &key[..], &Sha256::digest(&content)[..], &content] {
        file.write_all(part)?;
    }
    // A power cut may cost the entry, which its sum would show.
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
