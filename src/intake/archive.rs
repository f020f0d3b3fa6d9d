//! A .zip of returned files, read as if it had been unpacked into the folder.
//! Nothing is written to the disk.

use std::io::{Cursor, Read};

use encoding_rs::GBK;
use zip::ZipArchive;
use zip::result::ZipError;

use super::folder::{LARGEST, ReturnedFile, is_passing, returned, too_large};
use crate::sheet::{is_archive, listed_members};

/// Most members that are read; a county has some eighty units.
const MOST_MEMBERS: usize = 2_000;
/// Most bytes that all members may take together when unpacked.
const MOST_BYTES: u64 = 512 << 20;

/// The members of a zip archive, each named below the archive, and how many
/// were passed over (hidden, temporary and lock files).
pub(super) fn unpack(name: &str, bytes: &[u8]) -> (Vec<ReturnedFile>, usize) {
    let alone = |reason: &str| vec![returned(name.to_owned(), Err(reason.to_owned()))];
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) => {
            return (
                alone("压缩包已损坏，打不开；请重新压缩，或解压后再放进来"),
                0,
            );
        }
    };
    if archive.len() > MOST_MEMBERS {
        return (
            alone("压缩包里的文件超过2000个，没有读取；请解压后再放进来"),
            0,
        );
    }
    if listed_members(bytes).is_some_and(|listed| listed != archive.len()) {
        // Of two with one name only the last could be read.
        return (alone("压缩包里有重名的文件，没有读取；请解压后再放进来"), 0);
    }
    let mut files = Vec::new();
    let mut skipped = 0;
    let mut room = MOST_BYTES;
    for index in 0..archive.len() {
        let Ok(raw) = archive.by_index_raw(index) else {
            let reason = "压缩包里的这个文件已损坏；请解压后再放进来".to_owned();
            files.push(returned(
                format!("{name}/第{}个文件", index + 1),
                Err(reason),
            ));
            continue;
        };
        if raw.is_dir() {
            continue;
        }
        let member = member_name(raw.name_raw());
        let encrypted = raw.encrypted();
        let size = raw.size();
        drop(raw);
        let inner = format!("{name}/{member}");
        if member.split('/').any(is_passing) {
            skipped += 1;
            continue;
        }
        let content = if encrypted {
            Err("压缩包设了密码；请解压后把里面的表格放进来".to_owned())
        } else if size > LARGEST {
            Err(too_large(size))
        } else {
            member_bytes(&mut archive, index, &mut room)
        };
        let content = content.and_then(|bytes| match is_archive(&bytes) {
            true => Err("压缩包里还有压缩包；请解压后把里面的表格放进来".to_owned()),
            false => Ok(bytes),
        });
        files.push(returned(inner, content));
    }
    if files.is_empty() {
        files = alone("压缩包里没有文件，或只有隐藏的文件");
    }
    (files, skipped)
}

/// A member's contents, or why they were not read.
fn member_bytes(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    room: &mut u64,
) -> Result<Vec<u8>, String> {
    let broken = |_: ZipError| "压缩包里的这个文件已损坏；请解压后再放进来".to_owned();
    let member = archive.by_index(index).map_err(broken)?;
    let limit = LARGEST.min(*room);
    let mut bytes = Vec::new();
    // What a member claims as its size may be less than what comes out.
    let read = member.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| broken(error.into()))?;
    let length = bytes.len() as u64;
    if length > LARGEST {
        return Err(too_large(length));
    }
    if length > *room {
        return Err("压缩包里的内容太多，没有读取；请解压后再放进来".to_owned());
    }
    *room -= length;
    Ok(bytes)
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
}
