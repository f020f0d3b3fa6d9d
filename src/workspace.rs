//! The folder in which a year's assessment is kept: where its parts are, and
//! writing files into it so that a failure never leaves half of one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace in a folder, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Workspace { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The pack that the office may edit.
    pub fn policy_dir(&self) -> PathBuf {
        self.root.join("policy")
    }

    /// The roster.
    pub fn roster(&self) -> PathBuf {
        self.root.join("名册.xlsx")
    }

    /// What the office has decided.
    pub fn rulings(&self) -> PathBuf {
        self.root.join("裁定.xlsx")
    }

    /// What goes out to the units.
    pub fn issued(&self) -> PathBuf {
        self.root.join("下发")
    }

    /// What comes back from them.
    pub fn returned(&self) -> PathBuf {
        self.root.join("回收")
    }

    /// What is returned to the units for correction.
    pub fn sent_back(&self) -> PathBuf {
        self.root.join("退回")
    }

    /// What each run came to, for comparing them.
    pub fn records(&self) -> PathBuf {
        self.report_dir().join("运行记录")
    }

    /// The consolidated workbook.
    pub fn report_dir(&self) -> PathBuf {
        self.root.join("汇总")
    }

    /// What stood in the place of outputs before.
    pub fn kept(&self) -> PathBuf {
        self.root.join("备份")
    }

    /// Writes an output in the place of an earlier one, which is kept. One that is
    /// open in another program is left alone and the new one is saved beside it.
    /// Gives where it was written.
    ///
    /// # Errors
    /// When the folder or file cannot be written; what was there stays as it was.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
        match std::fs::read(path) {
            Ok(old) if old == bytes => return Ok(path.to_owned()),
            Ok(old) => self.keep(path, &old)?,
            Err(_) => {}
        }
        if !is_open(path) {
            match save(path, bytes) {
                Err(error) if is_in_use(&error) && path.is_file() => {}
                done => return done.map(|()| path.to_owned()),
            }
        }
        let beside = (1..).map(|number| beside(path, number));
        // What was saved beside it before is kept as well.
        let free = |path: &PathBuf| !path.exists();
        let path = beside.take(MOST_BESIDE).find(free);
        let path = path.ok_or(io::ErrorKind::ResourceBusy)?;
        save(&path, bytes)?;
        Ok(path)
    }

    /// Keeps what stands in a place, under the next number.
    fn keep(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        let folder = self.kept().join(folder);
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let number = numbers(&folder, &stem).max().unwrap_or(0) + 1;
        save(&folder.join(format!("{stem}-{number:03}.{ending}")), bytes)
    }

    /// Outputs that were saved beside one that was open.
    pub fn besides(&self, path: &Path) -> Vec<PathBuf> {
        let beside = (1..).map(|number| beside(path, number));
        beside
            .take(MOST_BESIDE)
            .filter(|path| path.is_file())
            .collect()
    }

    /// Puts outputs that were saved beside another among what is kept.
    ///
    /// # Errors
    /// When one cannot be moved; those stay where they are.
    pub fn put_away(&self, paths: &[PathBuf]) -> io::Result<()> {
        for path in paths {
            self.keep(path, &std::fs::read(path)?)?;
            std::fs::remove_file(path)?;
        }
        Ok(())
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

/// Whether a program says that it has a file open, by the file that it puts
/// beside it: Excel and WPS, LibreOffice. On Windows a file that is open cannot
/// be replaced anyway, and such a file may be left from a crash.
fn is_open(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let marks = [format!("~${name}"), format!(".~lock.{name}#")];
    !cfg!(windows) && marks.iter().any(|mark| path.with_file_name(mark).exists())
}

/// Whether writing failed because another program holds the file.
fn is_in_use(error: &io::Error) -> bool {
    // Windows: the sharing of a file was violated, or part of it is locked.
    let shared = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    shared
        || matches!(
            error.kind(),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy
        )
}

/// Writes a file as a whole: into a temporary file beside it, which then
/// takes its name. Folders are made where they are missing.
///
/// # Errors
/// When the folder or file cannot be written; what was there stays as it was.
pub fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    sweep(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        // Like any file that a program makes, not only for its owner.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The name as well as the contents are to outlast a power cut.
    #[cfg(unix)]
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = ("~kaohe", ".tmp");

/// Takes away what runs that were ended from outside left behind: temporary
/// files that nobody has written to for an hour.
fn sweep(folder: &Path) {
    let old = std::time::Duration::from_secs(3_600);
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let is_ours = name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1);
        let age = || file.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > old) {
            let _ = std::fs::remove_file(file.path());
        }
    }
}
