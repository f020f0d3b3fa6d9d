//! A .zip of returned files, read as if it had been unpacked into the folder. Only
//! its list is read at first, each member when it is its turn; nothing is written to
//! the disk.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use encoding_rs::GBK;

use super::folder::{
    Contents, IN_USE, LARGEST, PASSED, ReturnedFile, begins_as_workbook, is_of_system, is_passing,
    too_large,
};
use crate::files;
use crate::sheet::{Member, NotRead, is_archive, members};

/// Most members that are read; a county has some eighty units.
const MOST_MEMBERS: usize = 2_000;
/// Most bytes that the members of all archives together may take when unpacked.
pub(super) const MOST_BYTES: u64 = 512 << 20;

/// A member of an archive that is read when it is its turn.
#[derive(Debug, Clone)]
pub struct Packed {
    archive: PathBuf,
    member: Member,
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
        if length > LARGEST {
            return Err(too_large(length));
        }
        let mut file = files::open(&self.archive).map_err(|_| IN_USE.to_owned())?;
        file.seek(SeekFrom::Start(place.start))
            .map_err(|_| damaged())?;
        let mut packed = Vec::new();
        let read = file.take(length).read_to_end(&mut packed);
        read.map_err(|_| damaged())?;
        let bytes = self.member.unpack(&packed, LARGEST);
        let bytes = bytes.map_err(|not_read| why(not_read, &self.member))?;
        match is_archive(&bytes) {
            true => Err("压缩包里还有压缩包；请解压后把里面的表格放进来".to_owned()),
            false => Ok(bytes),
        }
    }
}

/// Why a member is not read, in words for the clerk.
fn why(not_read: NotRead, member: &Member) -> String {
    match not_read {
        NotRead::Locked => "压缩包设了密码；请解压后把里面的表格放进来",
        NotRead::TooLarge => return too_large(member.length()),
        NotRead::TooTight => "压缩得异常紧，没有读取；请解压后检查，再放进来",
        NotRead::Damaged => "压缩包里的这个文件已损坏；请解压后再放进来",
    }
    .to_owned()
}

/// The members of a zip archive, each named below the archive, and how many
/// were passed over (hidden, temporary and lock files). `room` is what is left
/// for them and for those of other archives.
pub(super) fn unpack(
    name: &str,
    path: &Path,
    bytes: &[u8],
    room: &mut u64,
) -> (Vec<ReturnedFile>, usize) {
    let file = |name: String, contents: Contents| ReturnedFile { name, contents };
    let alone = |reason: &str| {
        let reason = Contents::None(reason.to_owned());
        (vec![file(name.to_owned(), reason)], 0)
    };
    let Some(members) = members(bytes) else {
        return alone("压缩包已损坏，打不开；请重新压缩，或解压后再放进来");
    };
    if members.len() > MOST_MEMBERS {
        return alone("压缩包里的文件超过2000个，没有读取；请解压后再放进来");
    }
    let mut known = HashSet::new();
    if !members.iter().all(|member| known.insert(member.name())) {
        // Other programs unpack only one of them.
        return alone("压缩包里有重名的文件，没有读取；请解压后再放进来");
    }
    let mut files = Vec::new();
    let mut skipped = 0;
    for member in members.iter().filter(|member| !member.is_folder()) {
        let own = member_name(member.name());
        if own.split('/').any(is_passing) {
            let seems_workbook = !own.split('/').any(is_of_system)
                && head(member, bytes, room).is_some_and(|head| begins_as_workbook(&head));
            match seems_workbook {
                true => {
                    let contents = Contents::None(PASSED.to_owned());
                    files.push(file(format!("{name}/{own}"), contents));
                }
                false => skipped += 1,
            }
            continue;
        }
        let contents = match member.why_not(LARGEST) {
            Some(not_read) => Contents::None(why(not_read, member)),
            None if member.length() > *room => {
                Contents::None("各压缩包里的内容合起来太多，没有读取；请解压后再放进来".to_owned())
            }
            None => {
                *room -= member.length();
                Contents::Packed(Packed {
                    archive: path.to_owned(),
                    member: member.clone(),
                })
            }
        };
        files.push(file(format!("{name}/{own}"), contents));
    }
    if files.is_empty() {
        let (nothing, _) = alone("压缩包里没有文件，或只有隐藏的文件");
        files = nothing;
    }
    (files, skipped)
}

/// What a member holds that is looked at only for how it begins.
fn head(member: &Member, archive: &[u8], room: &mut u64) -> Option<Vec<u8>> {
    *room = room.checked_sub(member.length())?;
    let place = member.place();
    let place = usize::try_from(place.start).ok()?..usize::try_from(place.end).ok()?;
    member.unpack(archive.get(place)?, LARGEST).ok()
}

/// A member's name: in UTF-8, else in GBK as Windows packs it; with plain
/// slashes and nothing that a terminal would obey.
fn member_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GBK.decode(raw).0.into_owned(),
    };
    let name: String = name
        .replace('\\', "/")
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    let parts = name
        .split('/')
        .filter(|part| !["", ".", ".."].contains(part));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_members() {
        assert_eq!(member_name("镇\\表.xlsx".as_bytes()), "镇/表.xlsx");
        assert_eq!(
            member_name(&GBK.encode("冷市镇/表.xlsx").0),
            "冷市镇/表.xlsx"
        );
        assert_eq!(member_name(b"/../a\x1b[31m.xlsx"), "a[31m.xlsx");
    }

    #[test]
    fn archives_share_one_room() -> zip::result::ZipResult<()> {
        use std::io::{Cursor, Write};
        let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
        made.start_file("a.xlsx", zip::write::SimpleFileOptions::default())?;
        made.write_all(b"0123456789")?;
        let bytes = made.finish()?.into_inner();
        let mut room = 15;
        let mut contents = |name: &str| {
            let (mut files, _) = unpack(name, Path::new(name), &bytes, &mut room);
            files.pop().map(|file| file.contents)
        };
        assert!(matches!(contents("1.zip"), Some(Contents::Packed(_))));
        let second = contents("2.zip");
        assert!(
            matches!(&second, Some(Contents::None(why)) if why.contains("合起来太多")),
            "{second:?}"
        );
        Ok(())
    }
}
