//! What was decoded before is not decoded again: each decoded return is kept in
//! a file of its own in the workspace, under a name that follows from the
//! file's contents and name, the policy, the roster and this very program, and with
//! a sum that only this program makes for whoever runs it here. What is damaged or
//! made by anybody else is passed over and made anew.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::opener::{Decoded, Decoder, Opener, basis};
use super::recognise::State;
use crate::diagnostic::Checked;
use crate::files;
use crate::fingerprint::{hex, this_program};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::secret::{SUM, Secret};
use crate::sheet::{FoundWorkbook, OpenError};

/// How an entry begins: what it is, and in which way it is written.
const HEAD: &[u8; 8] = b"kaohe-2\n";
/// A larger entry is not kept: it would take as long to read as its return.
const LARGEST: u64 = 256 << 20;

/// An opener that remembers what it has decoded.
pub struct Remembering<O> {
    opener: O,
    memory: Option<(PathBuf, Secret)>,
    /// Which entries this run has used; others are of no use any more.
    used: Mutex<BTreeSet<String>>,
    may_write: bool,
}

impl<O: Opener> Remembering<O> {
    /// Keeps what is decoded in a folder, which is made when it is needed, as whoever
    /// has the secret. Without both nothing is kept.
    pub fn new(opener: O, memory: Option<(PathBuf, Secret)>, may_write: bool) -> Self {
        Remembering {
            opener,
            memory,
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
        let (Ok(used), Some((folder, _))) = (self.used.lock(), &self.memory) else {
            return;
        };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
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

    fn open_but(&self, bytes: &Arc<[u8]>, but: &[&str]) -> Result<FoundWorkbook, OpenError> {
        self.opener.open_but(bytes, but)
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
        let (Some(by), Some((folder, secret))) = (&self.by, &self.kept.memory) else {
            return self.decoder.decode(name, sha256, bytes);
        };
        let mut key = Sha256::new();
        for part in [by.as_str(), sha256, name] {
            key.update((part.len() as u64).to_le_bytes());
            key.update(part.as_bytes());
        }
        let key: [u8; SUM] = key.finalize().into();
        let entry = hex(&key);
        let path = folder.join(&entry);
        if let Ok(mut used) = self.kept.used.lock() {
            used.insert(entry);
        }
        if let Some(Decoded { value, findings }) = look_up(&path, &key, secret) {
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
        let _ = keep(&path, &key, &decoded, secret);
        Checked {
            value: decoded.value,
            findings: decoded.findings,
        }
    }
}

/// What was kept under a key by whoever has the secret, if it is whole.
fn look_up(path: &Path, key: &[u8; SUM], secret: &Secret) -> Option<Decoded> {
    let bytes = files::read(path, LARGEST).ok()?;
    let rest = bytes.strip_prefix(HEAD)?.strip_prefix(key)?;
    let (sum, content) = rest.split_at_checked(SUM)?;
    if *sum != marked(key, content, secret) {
        return None;
    }
    postcard::from_bytes(content).ok()
}

/// Keeps what was decoded: as a whole or not at all.
fn keep(path: &Path, key: &[u8; SUM], decoded: &Decoded, secret: &Secret) -> std::io::Result<()> {
    let content = postcard::to_stdvec(decoded).map_err(std::io::Error::other)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    for part in [HEAD, &key[..], &marked(key, &content, secret)[..], &content] {
        file.write_all(part)?;
    }
    // A power cut may cost the entry, which its sum would show.
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The sum of an entry: of its content under this key, and no other.
fn marked(key: &[u8; SUM], content: &[u8], secret: &Secret) -> [u8; SUM] {
    secret.sum(&[&key[..], &Sha256::digest(content)[..]].concat())
}
