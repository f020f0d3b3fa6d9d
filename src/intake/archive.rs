//! A .zip of returned files, read as if it had been unpacked into the folder.
//! Nothing is written to the disk.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use encoding_rs::GBK;
use zip::ZipArchive;
use zip::result::ZipError;

use super::folder::{LARGEST, ReturnedFile, is_passing, returned, too_large};
use crate::sheet::{is_archive, is_bomb, listed_members};

/// Most members that are read; a county has some eighty units.
const MOST_MEMBERS: usize = 2_000;
/// Most bytes that the members of all archives together may take when unpacked.
pub(super) const MOST_BYTES: u64 = 512 << 20;

/// The members of a zip archive, each named below the archive, and how many
/// were passed over (hidden, temporary and lock files). `room` is what is left
/// for them and for those of other archives.
pub(super) fn unpack(name: &str, bytes: &[u8], room: &mut u64) -> (Vec<ReturnedFile>, usize) {
    // This is read in the program itself, so the library's panics end here.
    let work = AssertUnwindSafe(|| members(name, bytes, room));
    catch_unwind(work).unwrap_or_else(|_| (alone(name, DAMAGED), 0))
}

/// What is said of an archive that is damaged.
const DAMAGED: &str = "压缩包已损坏，打不开；请重新压缩，或解压后再放进来";

/// An archive of which nothing was read.
fn alone(name: &str, reason: &str) -> Vec<ReturnedFile> {
    vec![returned(name.to_owned(), Err(reason.to_owned()))]
}

fn members(name: &str, bytes: &[u8], room: &mut u64) -> (Vec<ReturnedFile>, usize) {
    let alone = |reason: &str| alone(name, reason);
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) => return (alone(DAMAGED), 0),
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
        let (packed, size) = (raw.compressed_size(), raw.size());
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
        } else if is_bomb(packed, size) {
            Err(TOO_TIGHT.to_owned())
        } else {
            member_bytes(&mut archive, index, room)
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

/// What is said of a member that is packed more tightly than any document.
const TOO_TIGHT: &str = "压缩得异常紧，没有读取；请解压后检查，再放进来";

/// A member's contents, or why they were not read.
fn member_bytes(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    room: &mut u64,
) -> Result<Vec<u8>, String> {
    let broken = |_: ZipError| "压缩包里的这个文件已损坏；请解压后再放进来".to_owned();
    let member = archive.by_index(index).map_err(broken)?;
    let packed = member.compressed_size();
    let limit = LARGEST.min(*room);
    let mut bytes = Vec::new();
    // What a member claims as its size may be less than what comes out.
    let read = member.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| broken(error.into()))?;
    let length = bytes.len() as u64;
    if length > LARGEST {
        return Err(too_large(length));
    }
    if is_bomb(packed, length) {
        return Err(TOO_TIGHT.to_owned());
    }
    if length > *room {
        return Err("各压缩包里的内容合起来太多，没有读取；请解压后再放进来".to_owned());
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

    #[test]
    fn archives_share_one_room() -> zip::result::ZipResult<()> {
        use std::io::Write;
        let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
        made.start_file("a.xlsx", zip::write::SimpleFileOptions::default())?;
        made.write_all(b"0123456789")?;
        let bytes = made.finish()?.into_inner();
        let mut room = 15;
        let mut read = |name: &str| {
            let (files, _) = unpack(name, &bytes, &mut room);
            files.iter().map(ReturnedFile::read).collect::<Vec<_>>()
        };
        assert!(matches!(read("1.zip").as_slice(), [Ok(_)]));
        let second = read("2.zip");
        assert!(
            matches!(second.as_slice(), [Err(why)] if why.contains("合起来太多")),
            "{second:?}"
        );
        Ok(())
    }
}
