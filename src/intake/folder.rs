//! The files of the folder 回收, in a fixed order, read whole so that what was
//! hashed is what is read.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::archive::{MOST_BYTES, unpack};
use super::returned_file::{
    Contents, PASSED, ReturnedFile, begins_as_workbook, is_of_system, is_passing, read,
};
use super::settle::{UNFINISHED, settle};
use crate::files;
use crate::sheet::is_archive;

/// The folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("读不出文件夹或文件“{path}”：{source}")]
pub struct FolderError {
    /// Which folder or file.
    pub path: PathBuf,
    /// Why.
    pub source: std::io::Error,
}

/// All files below a folder, sorted by name, no two with one name; the members
/// of a zip archive in its place. A folder below that cannot be listed stands among
/// them. Lock files of Office (`~$…`), hidden and temporary files are left out and
/// counted, unless a workbook seems to be in them.
///
/// # Errors
/// When the folder itself cannot be listed.
pub fn gather(folder: &Path) -> Result<(Vec<ReturnedFile>, usize), FolderError> {
    let mut gathered = Gathered::default();
    gathered.folder(folder, "")?;
    Ok(gathered.read())
}

/// The files that are named, and all below the folders that are named.
///
/// # Errors
/// When a file does not exist, or a folder cannot be listed.
pub fn gather_paths(paths: &[PathBuf]) -> Result<(Vec<ReturnedFile>, usize), FolderError> {
    let mut gathered = Gathered::default();
    for path in paths {
        let meta = fs::metadata(path).map_err(|source| FolderError {
            path: path.clone(),
            source,
        })?;
        if meta.is_dir() {
            let prefix = if paths.len() > 1 {
                format!("{}/", path.to_string_lossy().trim_end_matches('/'))
            } else {
                String::new()
            };
            gathered.folder(path, &prefix)?;
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str());
            let mut name = name.to_string_lossy().into_owned();
            if gathered.found.iter().any(|(_, own)| *own == name) {
                name = path.to_string_lossy().into_owned();
            }
            gathered.file(path, name);
        }
    }
    Ok(gathered.read())
}

/// What was gathered so far.
#[derive(Default)]
struct Gathered {
    /// Where the files are, and their names.
    found: Vec<(PathBuf, String)>,
    /// What is named and not read.
    named: Vec<ReturnedFile>,
    skipped: usize,
    /// So that none is read twice.
    known: BTreeSet<PathBuf>,
}

impl Gathered {
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), FolderError> {
        let mut walked = walk(folder, &|name| is_passing(name)).map_err(|source| FolderError {
            path: folder.to_owned(),
            source,
        })?;
        let name = |path: &Path| {
            let below = path.strip_prefix(folder).unwrap_or(path);
            let parts: Vec<String> = below
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            format!("{prefix}{}", parts.join("/"))
        };
        // Two names may look the same where they cannot be written as text.
        walked.files.sort();
        for path in &walked.files {
            self.file(path, name(path));
        }
        for (path, error) in &walked.closed {
            let why = format!(
                "是文件夹，打不开，里面的文件没有读取：{}；{}，再运行一次",
                files::why(error),
                files::mend(error)
            );
            self.named.push(unread(name(path), why));
        }
        for path in &walked.passing {
            // A folder is named as a whole: what has been deleted may lie in it.
            let why = match is_folder(path) {
                true => match workbooks_below(path) {
                    0 => None,
                    count => Some(format!(
                        "是隐藏的或临时的文件夹，里面有 {count} 个像是工作簿的文件，没有读取；是报表的，移到外面，名称不要以“~”或“.”开头，再运行一次；不是的，删去这个文件夹"
                    )),
                },
                false => seems_workbook(path).then(|| PASSED.to_owned()),
            };
            match why {
                Some(why) => self.named.push(unread(name(path), why)),
                None => self.skipped += 1,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: String) {
        // A link is not what it points to.
        let is_link = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
        let real = match is_link {
            true => path.to_owned(),
            false => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        };
        if self.known.insert(real) {
            self.found.push((path.to_owned(), name));
        }
    }

    /// The files; one that is locked or too large costs itself, not the others.
    fn read(self) -> (Vec<ReturnedFile>, usize) {
        let growing = settle(self.found.iter().map(|(path, _)| path.as_path()));
        let mut skipped = self.skipped;
        let mut room = MOST_BYTES;
        let mut files = self.named;
        for (path, name) in self.found {
            if growing.contains(&path) {
                files.push(unread(name, UNFINISHED.to_owned()));
                continue;
            }
            // Only an archive has to be looked into now; what cannot be read is said
            // when it is its turn.
            match may_be_archive(&path).then(|| read(&path)) {
                Some(Ok(archive)) if is_archive(&archive) => {
                    let (mut members, passed) = unpack(&name, &path, &archive, &mut room);
                    files.append(&mut members);
                    skipped += passed;
                }
                _ => files.push(ReturnedFile {
                    name,
                    contents: Contents::At(path),
                }),
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        tell_apart(&mut files);
        (files, skipped)
    }
}

/// Gives files with one name names of their own, since all that is said of a
/// file is said of its name. They are sorted, and stay so.
fn tell_apart(files: &mut [ReturnedFile]) {
    let mut known: BTreeSet<String> = files.iter().map(|file| file.name.clone()).collect();
    let mut last = None;
    for file in files.iter_mut() {
        if last.as_ref() != Some(&file.name) {
            last = Some(file.name.clone());
            continue;
        }
        let folder = file.name.rfind('/').map_or(0, |at| at + 1);
        let dot = file.name.rfind('.').filter(|dot| *dot > folder);
        let (stem, end) = file.name.split_at(dot.unwrap_or(file.name.len()));
        let names = (2..).map(|count| format!("{stem}（同名{count}）{end}"));
        if let Some(name) = names.into_iter().find(|name| !known.contains(name)) {
            known.insert(name.clone());
            file.name = name;
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
}

/// What is named, and not read.
fn unread(name: String, why: String) -> ReturnedFile {
    let contents = Contents::None(why);
    ReturnedFile { name, contents }
}

/// Whether a file begins as an archive does, and every .xlsx.
fn may_be_archive(path: &Path) -> bool {
    let mut head = [0; 2];
    let is_file = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
    is_file
        && files::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
        && head == *b"PK"
}

/// The same of a file. Windows keeps its thumbnails in a compound file, too.
fn seems_workbook(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut head = Vec::new();
    let mut read = || files::open(path)?.take(8).read_to_end(&mut head);
    !is_of_system(&name) && !is_link(path) && read().is_ok() && begins_as_workbook(&head)
}

/// How many files below a folder seem to be workbooks.
fn workbooks_below(folder: &Path) -> usize {
    let files = walk(folder, &|_| false).map(|walked| walked.files);
    let files = files.unwrap_or_default();
    files.iter().filter(|path| seems_workbook(path)).count()
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink())
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

/// What is below a folder.
#[derive(Default)]
struct Walked {
    /// Also links and devices: they are named, and not followed.
    files: Vec<PathBuf>,
    /// Folders that cannot be listed, or not to their end.
    closed: Vec<(PathBuf, io::Error)>,
    /// Files and folders that are passed over by their names.
    passing: Vec<PathBuf>,
}

/// Looks through a folder; what `is_passing` is not gone into.
fn walk(folder: &Path, is_passing: &dyn Fn(&str) -> bool) -> io::Result<Walked> {
    let mut walked = Walked::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        let mut list = || -> io::Result<()> {
            for entry in fs::read_dir(&inner)? {
                let entry = entry?;
                let path = entry.path();
                if is_passing(&entry.file_name().to_string_lossy()) {
                    walked.passing.push(path);
                } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else {
                    walked.files.push(path);
                }
            }
            Ok(())
        };
        match list() {
            Err(error) if inner == folder => return Err(error),
            Err(error) => walked.closed.push((inner, error)),
            Ok(()) => {}
        }
    }
    Ok(walked)
}
