//! A secret of whoever runs the program on this machine. With it what is kept for
//! the next run is marked: a workspace that came from elsewhere may hold anything
//! there, with sums that are right, and nobody would see what it was taken for.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::files;

/// Bytes of a secret and of a sum.
pub const SUM: usize = 32;

/// The secret. It never leaves the machine, nor stands in a workspace.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; SUM]);

impl Secret {
    /// The one of whoever runs the program; made, the first time, if anything may be
    /// written. Without one nothing is remembered.
    pub fn own(may_write: bool) -> Option<Self> {
        Secret::kept_in(&folder()?, may_write)
    }

    /// A secret that is known, as in tests.
    pub fn of(bytes: [u8; SUM]) -> Self {
        Secret(bytes)
    }

    fn kept_in(folder: &Path, may_write: bool) -> Option<Self> {
        let path = folder.join("key");
        let read = || {
            let bytes = files::read(&path, SUM as u64).ok()?;
            bytes.try_into().ok().map(Secret)
        };
        if let Some(known) = read() {
            return Some(known);
        }
        if !may_write {
            return None;
        }
        let mut bytes = [0; SUM];
        getrandom::fill(&mut bytes).ok()?;
        std::fs::create_dir_all(folder).ok()?;
        // Nobody else may read it. Another run may have made one meanwhile.
        let mut file = tempfile::NamedTempFile::new_in(folder).ok()?;
        file.write_all(&bytes).ok()?;
        match file.persist_noclobber(&path) {
            Ok(_) => Some(Secret(bytes)),
            Err(_) => read(),
        }
    }

    /// The sum of some bytes that nobody else can make.
    pub fn sum(&self, bytes: &[u8]) -> [u8; SUM] {
        let mut sum = Sha256::new_with_prefix(self.0);
        // Of something of one length, so that nothing can be added at its end.
        sum.update(Sha256::digest(bytes));
        sum.finalize().into()
    }
}

/// Where programs of this user keep what is theirs on this machine alone.
fn folder() -> Option<PathBuf> {
    let named = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let folder = match cfg!(windows) {
        true => named("LOCALAPPDATA")?,
        false => named("XDG_STATE_HOME").or_else(|| {
            let home = std::env::home_dir().filter(|home| home.is_absolute())?;
            Some(home.join(".local/state"))
        })?,
    };
    Some(folder.join("kaohe"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("state/kaohe");
        assert!(Secret::kept_in(&folder, false).is_none());
        assert!(!folder.exists(), "nothing was written");
        let made = Secret::kept_in(&folder, true).unwrap();
        let again = Secret::kept_in(&folder, false).unwrap();
        let other = Secret::kept_in(&root.path().join("other"), true).unwrap();
        assert!(made == again && made != other);
        assert_eq!(made.sum(b"1"), again.sum(b"1"));
        assert_ne!(made.sum(b"1"), other.sum(b"1"));
        assert_ne!(made.sum(b"1"), made.sum(b"2"));
        // One that is damaged is none, and nothing is remembered until it is taken away.
        std::fs::write(folder.join("key"), b"short").unwrap();
        assert!(Secret::kept_in(&folder, true).is_none());
    }
}
