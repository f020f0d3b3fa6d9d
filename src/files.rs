//! Where files are opened: nowhere else, so that a pipe, a device or a file without
//! end keeps nobody waiting, wherever its name leads. `.clippy.toml` holds it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::fingerprint::hex;

/// So much of a file is held at a time.
pub const CHUNK: usize = 128 << 10;

/// Why a file is not read that the system would open.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("不是普通文件（是管道或设备）")]
    NotRegular,
    #[error("文件有 {0} MB，太大了，不像是该放在这里的文件")]
    TooLarge(u64),
}

/// Opens a file for reading. What is no file is refused, and not waited for.
///
/// # Errors
/// When it cannot be opened, or is no file; [`why`] says it to the clerk.
#[allow(clippy::disallowed_methods, reason = "the one place")]
pub fn open(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true);
    #[cfg(unix)]
    {
        // A pipe would be waited for until somebody writes into it.
        use std::os::unix::fs::OpenOptionsExt;
        how.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = how.open(path)?;
    // Of what was opened: what bears the name may be another thing by now.
    let meta = file.metadata()?;
    match (meta.is_file(), meta.is_dir()) {
        (true, _) => Ok(file),
        (_, true) => Err(ErrorKind::IsADirectory.into()),
        _ => Err(io::Error::other(Refused::NotRegular)),
    }
}

/// What a file holds, of so many bytes at most.
///
/// # Errors
/// As [`open`], and when it is larger or cannot be read.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let too_large = |length: u64| Err(io::Error::other(Refused::TooLarge(length >> 20)));
    let length = file.metadata()?.len();
    if length > most {
        return too_large(length);
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        length if length > most => too_large(length),
        _ => Ok(bytes),
    }
}

/// Why a file or folder could not be read, in the clerk's words.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "找不到它".to_owned(),
        ErrorKind::PermissionDenied => "没有读取的权限，或正被别的程序占用".to_owned(),
        ErrorKind::IsADirectory => "它是文件夹，不是文件".to_owned(),
        ErrorKind::NotADirectory => "它不是文件夹".to_owned(),
        ErrorKind::InvalidFilename => "名称或路径太长，系统打不开".to_owned(),
        ErrorKind::OutOfMemory => "内存不够".to_owned(),
        _ => match (error.get_ref(), error.raw_os_error()) {
            (Some(own), _) if own.is::<Refused>() => own.to_string(),
            (_, Some(number)) => format!("系统报告错误 {number}"),
            _ => "系统没有说明的错误".to_owned(),
        },
    }
}

/// What to do about it.
pub fn mend(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::IsADirectory | ErrorKind::NotADirectory => "把它移到别处，换成原来的那一个",
        ErrorKind::InvalidFilename => "把名称改短，或移到靠上一层的文件夹",
        _ if error.get_ref().is_some_and(|own| own.is::<Refused>()) => {
            "把它移到别处，换成正常的文件"
        }
        _ => "关闭正在使用它的程序，或检查权限",
    }
}

/// A file, to be read chunk by chunk.
///
/// # Errors
/// As [`open`].
pub fn opened(path: &Path) -> io::Result<BufReader<File>> {
    Ok(BufReader::with_capacity(CHUNK, open(path)?))
}

/// SHA-256 of a file in hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = opened(path)?;
    let mut sum = Sha256::new();
    loop {
        let piece = file.fill_buf()?;
        let length = piece.len();
        if length == 0 {
            return Ok(hex(&sum.finalize()));
        }
        sum.update(piece);
        file.consume(length);
    }
}

/// Whether two files hold the same.
///
/// # Errors
/// When one of them cannot be read.
pub fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (opened(one)?, opened(other)?);
    let length = |file: &BufReader<File>| Ok::<_, io::Error>(file.get_ref().metadata()?.len());
    if length(&one)? != length(&other)? {
        return Ok(false);
    }
    same(&mut one, &mut other)
}

/// Whether a file holds this.
///
/// # Errors
/// When it cannot be read.
pub fn holds(path: &Path, mut bytes: &[u8]) -> io::Result<bool> {
    same(&mut opened(path)?, &mut bytes)
}

fn same(one: &mut impl BufRead, other: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let common = left.len().min(right.len());
        if left.get(..common) != right.get(..common) {
            return Ok(false);
        }
        if common == 0 {
            return Ok(left.len() == right.len());
        }
        one.consume(common);
        other.consume(common);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::sha256_hex;

    #[test]
    fn only_files_of_bounded_size_are_read() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("1");
        std::fs::write(&path, b"123")?;
        assert_eq!(read(&path, 3)?, b"123");
        let said = |path: &Path, most: u64| read(path, most).map_err(|error| why(&error));
        assert!(said(&path, 2).is_err_and(|why| why.contains("太大")));
        assert!(said(folder.path(), 9).is_err_and(|why| !why.is_ascii()));
        assert!(said(&folder.path().join("2"), 9).is_err_and(|why| why.contains("找不到")));
        #[cfg(unix)]
        {
            assert!(said(Path::new("/dev/zero"), 9).is_err_and(|why| why.contains("设备")));
            let long = folder.path().join("长".repeat(300));
            assert!(said(&long, 9).is_err_and(|why| why.contains("太长")));
        }
        Ok(())
    }

    #[test]
    fn files_are_compared_to_their_last_byte() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut bytes: Vec<u8> = (0..CHUNK * 2 + 7).map(|at| (at % 251) as u8).collect();
        let (one, other) = (folder.path().join("1"), folder.path().join("2"));
        std::fs::write(&one, &bytes)?;
        std::fs::write(&other, &bytes)?;
        assert!(is_same(&one, &other)? && holds(&one, &bytes)?);
        assert_eq!(sum_of(&one)?, sha256_hex(&bytes));
        assert!(!holds(&one, &bytes[..CHUNK])?);
        bytes.push(0);
        assert!(!holds(&one, &bytes)?);
        bytes.pop();
        bytes[CHUNK * 2 + 6] ^= 1;
        std::fs::write(&other, &bytes)?;
        assert!(!is_same(&one, &other)? && !holds(&one, &bytes)?);
        Ok(())
    }
}
