//! Writing files as a whole: whatever happens, a file is there with all that it is to
//! hold, or as it was before.

use std::io::{self, Write};
use std::path::Path;

use tempfile::{NamedTempFile, PersistError};

use crate::files::{holds, is_same, opened};

/// Writes a file as a whole: into a temporary file beside it, which then
/// takes its name. Folders are made where they are missing.
///
/// # Errors
/// When the folder or file cannot be written; what was there stays as it was.
pub fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    std::fs::create_dir_all(folder)?;
    sweep(folder);
    place(path, bytes)?;
    settle(folder);
    Ok(())
}

/// The folder in which a file stands.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes a file as a whole into a folder that is there.
pub(super) fn place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary_in(folder_of(path))?;
    file.write_all(bytes)?;
    named(file, path)
}

/// Gives a temporary file its name in the same folder.
fn named(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// What is to be written as a whole.
pub(super) trait Output {
    /// Whether a file holds it already.
    fn is_at(&self, path: &Path) -> io::Result<bool>;

    /// Writes it into a place.
    fn save(&mut self, path: &Path) -> io::Result<()>;
}

/// Bytes, and how they are written.
pub(super) struct Bytes<'a>(pub &'a [u8], pub fn(&Path, &[u8]) -> io::Result<()>);

impl Output for Bytes<'_> {
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        holds(path, self.0)
    }

    fn save(&mut self, path: &Path) -> io::Result<()> {
        self.1(path, self.0)
    }
}

/// A file that is written already, under a temporary name. It is there until it has
/// its own.
pub(super) struct Finished<'a>(pub &'a mut Option<NamedTempFile>);

impl Output for Finished<'_> {
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let file = self.0.as_ref().ok_or(io::ErrorKind::NotFound)?;
        is_same(path, file.path())
    }

    fn save(&mut self, path: &Path) -> io::Result<()> {
        let file = self.0.take().ok_or(io::ErrorKind::NotFound)?;
        moved(file, path).map_err(|error| {
            *self.0 = Some(error.file);
            error.error
        })?;
        settle(folder_of(path));
        Ok(())
    }
}

/// Gives a temporary file its name, for good.
///
/// # Errors
/// When that fails; what bore the name before stays as it was.
pub fn name_file(file: NamedTempFile, path: &Path) -> io::Result<()> {
    moved(file, path).map_err(|error| error.error)?;
    settle(folder_of(path));
    Ok(())
}

/// Gives a temporary file its name, in whatever folder. Where that lies on another
/// disk the contents are written there first.
fn moved(file: NamedTempFile, path: &Path) -> Result<(), PersistError> {
    if let Err(error) = file.as_file().sync_all() {
        return Err(PersistError { error, file });
    }
    match file.persist(path) {
        Ok(_) => Ok(()),
        Err(PersistError { error, file }) if error.kind() == io::ErrorKind::CrossesDevices => {
            let copied = || {
                let mut copy = temporary_in(folder_of(path))?;
                io::copy(&mut opened(file.path())?, &mut copy)?;
                named(copy, path)
            };
            copied().map_err(|error| PersistError { error, file })
        }
        Err(error) => Err(error),
    }
}

/// The names of files as well as their contents are to outlast a power cut.
pub(super) fn settle(folder: &Path) {
    #[cfg(unix)]
    #[allow(clippy::disallowed_methods, reason = "a folder")]
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// A temporary file in a folder, which goes when it is dropped. What runs that were
/// ended from outside left there goes first.
///
/// # Errors
/// When it cannot be made.
pub fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    std::fs::create_dir_all(folder)?;
    sweep(folder);
    temporary_in(folder)
}

/// A temporary file in a folder that is there.
pub(super) fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        // Like any file that a program makes, not only for its owner.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(folder)
}

/// A temporary folder in another, which goes when it is dropped. What runs that
/// were ended from outside left there goes first.
///
/// # Errors
/// When it cannot be made.
pub fn temporary_folder(folder: &Path) -> io::Result<tempfile::TempDir> {
    std::fs::create_dir_all(folder)?;
    sweep(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    builder.tempdir_in(folder)
}

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = ("~kaohe", ".tmp");

/// Takes away what runs that were ended from outside left behind: temporary
/// files and folders that nobody has written to for an hour.
pub(super) fn sweep(folder: &Path) {
    let old = std::time::Duration::from_secs(3_600);
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let is_ours = name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1);
        let age = || file.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > old) {
            let _ = match file.path().is_dir() {
                true => std::fs::remove_dir_all(file.path()),
                false => std::fs::remove_file(file.path()),
            };
        }
    }
}
