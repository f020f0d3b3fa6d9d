//! Whether another program holds a file.

use std::io;
use std::path::Path;

/// Whether a program says that it has a file open, by the file that it puts
/// beside it: Excel and WPS, LibreOffice. On Windows a file that is open cannot
/// be replaced anyway, and such a file may be left from a crash.
pub(super) fn is_open(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let marks = [format!("~${name}"), format!(".~lock.{name}#")];
    !cfg!(windows) && marks.iter().any(|mark| path.with_file_name(mark).exists())
}

/// Whether writing failed because another program holds the file.
pub(super) fn is_in_use(error: &io::Error) -> bool {
    // Windows: the sharing of a file was violated, or part of it is locked.
    let shared = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    shared
        || matches!(
            error.kind(),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy
        )
}
