//! A return in a .zip, unpacked when it is its turn.

use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use crate::files;
use crate::sheet::limits::FILE;
use crate::sheet::{ArchiveMember, NotRead, is_archive};

/// Why a file is not read that the system does not give.
pub(super) const IN_USE: &str = "文件读不出，可能正被其他程序打开；关闭后再运行";

/// Why a file of so many bytes is not read.
pub(super) fn too_large(length: u64) -> String {
    let mib = length / (1024 * 1024);
    format!("文件有 {mib} MB，超过 50 MB，没有读取")
}

/// A member of an archive that is read when it is its turn.
#[derive(Debug, Clone)]
pub struct Packed {
    pub(super) archive: PathBuf,
    pub(super) member: ArchiveMember,
}

impl Packed {
    /// Bytes that reading it takes.
    pub(super) fn size(&self) -> u64 {
        let place = self.member.place();
        self.member.length() + (place.end - place.start)
    }

    /// Its contents, or why they were not read.
    pub(super) fn read(&self) -> Result<Vec<u8>, String> {
        let damaged = || why(NotRead::Damaged, &self.member);
        let place = self.member.place();
        let length = place.end - place.start;
        if length > FILE {
            return Err(too_large(length));
        }
        let mut file = files::open(&self.archive).map_err(|_| IN_USE.to_owned())?;
        file.seek(SeekFrom::Start(place.start))
            .map_err(|_| damaged())?;
        let mut packed = Vec::new();
        let read = file.take(length).read_to_end(&mut packed);
        read.map_err(|_| damaged())?;
        let bytes = self.member.unpack(&packed, FILE);
        let bytes = bytes.map_err(|not_read| why(not_read, &self.member))?;
        match is_archive(&bytes) {
            true => Err("压缩包里还有压缩包；请解压后把里面的表格放进来".to_owned()),
            false => Ok(bytes),
        }
    }
}

/// Why a member is not read, in words for the clerk.
pub(super) fn why(not_read: NotRead, member: &ArchiveMember) -> String {
    match not_read {
        NotRead::Locked => "压缩包设了密码；请解压后把里面的表格放进来",
        NotRead::TooLarge => return too_large(member.length()),
        NotRead::TooTight => "压缩得异常紧，没有读取；请解压后检查，再放进来",
        NotRead::Damaged => "压缩包里的这个文件已损坏；请解压后再放进来",
    }
    .to_owned()
}
