//! Files that somebody is still copying into the folder: before any is read,
//! all that are young and look unfinished are waited for together, once.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::clock::age;
use crate::files;

/// A file that was written to within this time may still be written to.
const YOUNG: Duration = Duration::from_secs(3);
/// How often a file that is being written is looked at again, and after how
/// long.
pub(super) const LOOKS: u32 = 4;
pub(super) const WAIT: Duration = Duration::from_millis(400);
/// What is said of a file that is still being copied.
pub(super) const UNFINISHED: &str = "文件还没有复制完或保存完；等复制完再运行一次";

/// Length of a file and when it was last written to.
pub(super) type State = (u64, Option<SystemTime>);

/// The state of a file.
pub(super) fn state(meta: &fs::Metadata) -> State {
    (meta.len(), meta.modified().ok())
}

/// Waits for files that are being copied, and gives those that were still
/// growing at the last look. Files that are whole are not waited for, nor those
/// that nobody has written to for some seconds.
pub(super) fn settle<'a>(paths: impl Iterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
    let young = paths.filter_map(|path| {
        let now = now(path)?;
        let age = age(now.1?)?;
        (age < YOUNG && !is_whole(path)).then(|| (path.to_owned(), now))
    });
    let mut growing: Vec<(PathBuf, State)> = young.collect();
    for _ in 0..LOOKS {
        if growing.is_empty() {
            break;
        }
        thread::sleep(WAIT);
        growing.retain_mut(|(path, before)| match now(path) {
            Some(now) if now != *before => {
                *before = now;
                !is_whole(path)
            }
            _ => false,
        });
    }
    growing.into_iter().map(|(path, _)| path).collect()
}

fn now(path: &Path) -> Option<State> {
    let meta = fs::symlink_metadata(path).ok()?;
    meta.is_file().then(|| state(&meta))
}

/// Whether a file is a container with its end. Of other files nobody can tell.
fn is_whole(path: &Path) -> bool {
    let whole = || -> std::io::Result<bool> {
        let mut file = files::open(path)?;
        let mut head = [0; 2];
        file.read_exact(&mut head)?;
        if head != *b"PK" {
            return Ok(false);
        }
        // The end record is 22 bytes and a comment, mostly none.
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(4_096)))?;
        let mut tail = Vec::new();
        file.take(4_096).read_to_end(&mut tail)?;
        let end = tail.windows(4).rposition(|four| four == b"PK\x05\x06");
        let end = end.and_then(|at| tail.get(at..)).unwrap_or_default();
        // Its last two bytes say how long the comment is.
        let comment = end
            .get(20..22)
            .map(|two| u16::from_le_bytes([two[0], two[1]]));
        Ok(comment.is_some_and(|length| end.len() >= 22 + usize::from(length)))
    };
    whole().unwrap_or(false)
}
