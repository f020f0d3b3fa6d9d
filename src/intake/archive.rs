//! A .zip of returned files, read as if it had been unpacked into the folder. Only
//! its list is read at first, each member when it is its turn; nothing is written to
//! the disk.

use std::collections::HashSet;
use std::path::Path;

use encoding_rs::GBK;

use super::packed::{Packed, why};
use super::returned_file::{
    Contents, PASSED, ReturnedFile, begins_as_workbook, is_of_system, is_passing,
};
use crate::sheet::limits::FILE;
use crate::sheet::{ArchiveMember, members};

/// Most members that are read; a county has some eighty units.
const MOST_MEMBERS: usize = 2_000;
/// Most bytes that the members of all archives together may take when unpacked.
pub(super) const MOST_BYTES: u64 = 192 << 20;

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
        let contents = match member.why_not(FILE) {
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
fn head(member: &ArchiveMember, archive: &[u8], room: &mut u64) -> Option<Vec<u8>> {
    *room = room.checked_sub(member.length())?;
    let place = member.place();
    let place = usize::try_from(place.start).ok()?..usize::try_from(place.end).ok()?;
    member.unpack(archive.get(place)?, FILE).ok()
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
