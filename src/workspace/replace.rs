//! Outputs take the place of earlier ones, which are kept; what somebody has open, or
//! has saved since it was read, is left alone.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Workspace;
use super::in_use::{is_in_use, is_open};
use super::whole::{Bytes, Finished, Output, name_file, place, save, settle, sweep, temporary_in};
use crate::files::{holds, is_same, opened, sum_of};
use crate::several::at_once;

/// So many files are written at once: most of the time the disk is waited for.
const WRITERS: usize = 8;

impl Workspace {
    /// Writes an output in the place of an earlier one, which is kept. One that is
    /// open in another program is left alone and the new one is saved beside it.
    /// Gives where it was written.
    ///
    /// # Errors
    /// When the folder or file cannot be written; what was there stays as it was.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
        sweep(&self.kept_beside(path));
        self.put_or_beside(path, &mut Bytes(bytes, save), |_| Ok(true))
    }

    /// The same for many outputs of one folder, several at once; what is to be done
    /// for the folder as a whole is done once.
    ///
    /// # Errors
    /// Those of each file, in order, as [`Workspace::replace`]; one for all of them
    /// where there can be no folder.
    pub fn replace_all(
        &self,
        folder: &Path,
        files: &[(PathBuf, &[u8])],
    ) -> Vec<io::Result<PathBuf>> {
        if let Err(error) = std::fs::create_dir_all(folder) {
            return vec![Err(error)];
        }
        sweep(folder);
        if let Some((path, _)) = files.first() {
            sweep(&self.kept_beside(path));
        }
        let written = at_once(files.len(), WRITERS, |at| {
            let (path, bytes) = files.get(at)?;
            Some(self.put_or_beside(path, &mut Bytes(bytes, place), |_| Ok(true)))
        });
        settle(folder);
        written.into_iter().flatten().collect()
    }

    /// The same for an output that was read before, and is written already under a
    /// temporary name: what somebody has saved there since is left alone as well.
    /// `read` is the SHA-256 of what it held; nothing if it was not there.
    ///
    /// # Errors
    /// As [`Workspace::replace`]; then `new` is still there.
    pub fn replace_read(
        &self,
        path: &Path,
        read: Option<&str>,
        new: &mut Option<NamedTempFile>,
    ) -> io::Result<PathBuf> {
        sweep(&self.kept_beside(path));
        let may_go = |old: Option<&Path>| {
            let held = old.map(sum_of).transpose()?;
            Ok(held.as_deref() == read)
        };
        self.put_or_beside(path, &mut Finished(new), may_go)
    }

    /// Writes into the place of an output and keeps what was there. Gives whether it
    /// was done; it is not where another program holds the file, where it cannot
    /// be read, or where it holds something that may not be replaced.
    fn put(
        &self,
        path: &Path,
        new: &mut impl Output,
        may_go: impl Fn(Option<&Path>) -> io::Result<bool>,
    ) -> io::Result<bool> {
        let old = match new.is_at(path) {
            Ok(true) => return Ok(true),
            Ok(false) => Some(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(_) => return Ok(false),
        };
        if !may_go(old).unwrap_or(false) || is_open(path) {
            return Ok(false);
        }
        let kept = old.map(|old| self.keep(old)).transpose()?;
        let Err(error) = new.save(path) else {
            return Ok(true);
        };
        // It was not replaced: a second copy of it would be of no use.
        if let Some((kept, true)) = kept {
            let _ = std::fs::remove_file(kept);
        }
        match is_in_use(&error) && path.is_file() {
            true => Ok(false),
            false => Err(error),
        }
    }

    /// Writes an output into its place, else beside it; gives where.
    fn put_or_beside(
        &self,
        path: &Path,
        new: &mut impl Output,
        may_go: impl Fn(Option<&Path>) -> io::Result<bool>,
    ) -> io::Result<PathBuf> {
        if self.put(path, new, may_go)? {
            return Ok(path.to_owned());
        }
        let beside = (1..).map(|number| beside(path, number));
        // What was saved beside it before is kept as well.
        let free = |path: &PathBuf| !path.exists();
        let path = beside.take(MOST_BESIDE).find(free);
        let path = path.ok_or(io::ErrorKind::ResourceBusy)?;
        new.save(&path)?;
        Ok(path)
    }

    /// Writes a file that the office writes as well, which may bear another name so
    /// far. `old` is that file as it was read. Never writes beside it: two would
    /// leave it unclear which one counts. Gives where the old one is kept.
    ///
    /// # Errors
    /// When it cannot be written; `ResourceBusy` when it is open in another program
    /// or holds something else by now. What was there stays as it was.
    pub fn supersede(
        &self,
        old: Option<(&Path, &[u8])>,
        path: &Path,
        bytes: &[u8],
    ) -> io::Result<Option<PathBuf>> {
        let Some((was, read)) = old else {
            return match path.exists() {
                true => Err(io::ErrorKind::ResourceBusy.into()),
                false => save(path, bytes).map(|()| None),
            };
        };
        if is_open(was) || !holds(was, read)? {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        let (kept, _) = self.keep(was)?;
        if was != path {
            // Under its new name it is as good as before, whenever this is cut short.
            std::fs::rename(was, path)?;
        }
        save(path, bytes)?;
        Ok(Some(kept))
    }

    /// Keeps what stands in a place, under the next number, unless the copy that was
    /// kept last is the same. Gives the copy, and whether it is new.
    fn keep(&self, path: &Path) -> io::Result<(PathBuf, bool)> {
        let folder = self.kept_beside(path);
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let last = numbers(&folder, &stem).max().unwrap_or(0);
        let copy = |number: u32| folder.join(format!("{stem}-{number:03}.{ending}"));
        if is_same(&copy(last), path).unwrap_or(false) {
            return Ok((copy(last), false));
        }
        let next = copy(last.saturating_add(1));
        std::fs::create_dir_all(&folder)?;
        let mut to = temporary_in(&folder)?;
        io::copy(&mut opened(path)?, &mut to)?;
        name_file(to, &next)?;
        Ok((next, true))
    }

    /// The folder in which copies of an output are kept.
    fn kept_beside(&self, path: &Path) -> PathBuf {
        match path.parent() {
            Some(folder) if folder != self.root => {
                self.kept().join(folder.file_name().unwrap_or_default())
            }
            _ => self.kept(),
        }
    }

    /// Outputs that were saved beside one that was open.
    pub fn besides(&self, path: &Path) -> Vec<PathBuf> {
        let beside = (1..).map(|number| beside(path, number));
        beside
            .take(MOST_BESIDE)
            .filter(|path| path.is_file())
            .collect()
    }

    /// Puts an output among what is kept, unless it is open or holds something else
    /// than it did; `read` is the SHA-256 of that. Gives where it is kept; nothing if
    /// it was left.
    ///
    /// # Errors
    /// When it cannot be moved; it stays where it is.
    pub fn put_away(&self, path: &Path, read: &str) -> io::Result<Option<PathBuf>> {
        if is_open(path) || sum_of(path)? != read {
            return Ok(None);
        }
        let (kept, _) = self.keep(path)?;
        std::fs::remove_file(path)?;
        Ok(Some(kept))
    }
}

/// So many outputs are saved beside one that is open.
const MOST_BESIDE: usize = 99;

/// The name of an output beside another.
fn beside(path: &Path, number: u32) -> PathBuf {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}\u{FF08}新{number}\u{FF09}.{ending}"))
}

/// The numbers under which a name is kept in a folder.
fn numbers(folder: &Path, stem: &str) -> impl Iterator<Item = u32> {
    let files = std::fs::read_dir(folder).into_iter().flatten();
    let names =
        files.filter_map(|file| Some(file.ok()?.file_name().to_string_lossy().into_owned()));
    names.filter_map(move |name| {
        let rest = name.strip_prefix(stem)?.strip_prefix('-')?;
        rest.split('.').next()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::super::whole::temporary_file;
    use super::*;
    use crate::fingerprint::sha256_hex;

    fn read(path: &Path) -> Vec<u8> {
        std::fs::read(path).unwrap_or_default()
    }

    /// A file under a temporary name.
    fn finished(folder: &Path, bytes: &[u8]) -> io::Result<Option<NamedTempFile>> {
        let mut file = temporary_file(folder)?;
        io::Write::write_all(&mut file, bytes)?;
        Ok(Some(file))
    }

    fn count(folder: &Path) -> usize {
        std::fs::read_dir(folder).into_iter().flatten().count()
    }

    #[test]
    fn what_was_saved_since_it_was_read_is_left_alone() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let workspace = Workspace::new(root.path());
        let path = workspace.report_dir().join("汇总.xlsx");
        save(&path, b"with a ruling")?;
        let written = workspace.replace_read(
            &path,
            Some(&sha256_hex(b"as it was read")),
            &mut finished(root.path(), b"new")?,
        )?;
        assert_ne!(written, path);
        assert_eq!(
            (read(&path), read(&written)),
            (b"with a ruling".to_vec(), b"new".to_vec())
        );
        // One that came into being meanwhile, too.
        assert_ne!(
            workspace.replace_read(&path, None, &mut finished(root.path(), b"new")?)?,
            path
        );
        let written = workspace.replace_read(
            &path,
            Some(&sha256_hex(b"with a ruling")),
            &mut finished(root.path(), b"new")?,
        )?;
        assert_eq!(written, path);
        // And what stands beside it is put away only as it was read.
        let beside = workspace.besides(&path);
        let [first, second] = beside.as_slice() else {
            return Err(io::ErrorKind::NotFound.into());
        };
        assert_eq!(workspace.put_away(first, &sha256_hex(b"other"))?, None);
        assert!(first.is_file());
        assert!(workspace.put_away(second, &sha256_hex(b"new"))?.is_some());
        assert!(!second.exists());
        Ok(())
    }

    #[test]
    fn many_outputs_are_each_written_as_one_is() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let workspace = Workspace::new(root.path());
        let folder = workspace.issued();
        let [changed, same, open, new] = ["甲", "乙", "丙", "丁"].map(|name| folder.join(name));
        for path in [&changed, &same, &open] {
            save(path, b"old")?;
        }
        save(&folder.join(".~lock.丙#"), b"")?;
        let texts: [&[u8]; 4] = [b"new", b"old", b"new", b"new"];
        let paths = [changed, same, open, new];
        let files: Vec<(PathBuf, &[u8])> = paths.iter().cloned().zip(texts).collect();
        let written = workspace.replace_all(&folder, &files);
        let written = written.into_iter().collect::<io::Result<Vec<_>>>()?;
        for (at, ((path, text), written)) in files.iter().zip(&written).enumerate() {
            assert_eq!(read(written), *text);
            assert_eq!(path == written, at != 2 || cfg!(windows), "{at}");
        }
        let kept = workspace.kept().join("下发");
        assert_eq!(count(&kept), if cfg!(windows) { 2 } else { 1 });
        assert_eq!(read(&kept.join("甲-001.")), b"old");
        // Where there can be no folder, that is said.
        let none = Workspace::new(files.first().map_or(Path::new(""), |(path, _)| path));
        assert!(
            none.replace_all(&none.issued(), &files)
                .iter()
                .any(Result::is_err)
        );
        Ok(())
    }

    #[test]
    fn a_file_that_is_open_is_not_kept_again_and_again() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let workspace = Workspace::new(root.path());
        let path = workspace.report_dir().join("汇总.xlsx");
        save(&path, b"old")?;
        save(&path.with_file_name(".~lock.汇总.xlsx#"), b"")?;
        for text in ["one", "two", "three"] {
            workspace.replace(&path, text.as_bytes())?;
        }
        assert_eq!(count(&workspace.kept().join("汇总")), 0);
        assert_eq!(read(&path), b"old");
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let workspace = Workspace::new(root.path());
        // A folder in its place can be read by nobody.
        let path = workspace.report_dir().join("汇总.xlsx");
        std::fs::create_dir_all(&path)?;
        let written = workspace.replace(&path, b"new")?;
        assert_ne!(written, path);
        assert_eq!(read(&written), b"new");
        Ok(())
    }

    #[test]
    fn rulings_are_never_saved_beside_themselves() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let workspace = Workspace::new(root.path());
        let (path, other) = (workspace.rulings(), root.path().join("裁定.ods"));
        save(&other, b"old")?;
        let busy = workspace.supersede(Some((&other, b"as read")), &path, b"new");
        assert!(busy.is_err_and(|error| error.kind() == io::ErrorKind::ResourceBusy));
        assert!(!path.exists());
        let kept = workspace.supersede(Some((&other, b"old")), &path, b"new")?;
        assert_eq!(kept, Some(workspace.kept().join("裁定-001.ods")));
        assert_eq!((read(&path), other.exists()), (b"new".to_vec(), false));
        save(&root.path().join("~$裁定.xlsx"), b"")?;
        assert_eq!(
            workspace
                .supersede(Some((&path, b"new")), &path, b"newer")
                .is_err(),
            !cfg!(windows)
        );
        Ok(())
    }

    #[test]
    fn old_temporary_files_go_from_where_copies_are_kept() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let workspace = Workspace::new(root.path());
        let path = workspace.report_dir().join("汇总.xlsx");
        let left = workspace.kept().join("汇总").join("~kaohe1.tmp");
        save(&left, b"half")?;
        let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
        std::fs::File::options()
            .write(true)
            .open(&left)?
            .set_modified(long_ago)?;
        workspace.replace(&path, b"new")?;
        assert!(!left.exists());
        Ok(())
    }
}
