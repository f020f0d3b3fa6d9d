//! How much of a file from outside is taken. Beside each limit stands the
//! largest value seen in returns and in public spreadsheets of offices, so
//! that it is known how far off it is.

use std::alloc::{Layout, handle_alloc_error};
use std::io::{self, Read};

/// Bytes of a file. Filled-in returns stay under 1 MiB; the largest public one
/// that was an office's had 21 MiB.
pub const FILE: u64 = 50 << 20;
/// Parts of a container. Seen: 412, in a workbook with many pictures.
pub const PARTS: usize = 2_000;
/// Bytes of one part when unpacked. Seen: 96 MiB, a sheet of a million rows.
pub const PART: u64 = 256 << 20;
/// Bytes of all parts when unpacked. Seen: 118 MiB.
pub const UNPACKED: u64 = 512 << 20;
/// How many times its packed size a part may take, beyond [`RATIO_FROM`].
/// Seen: 92, a sheet of equal formatted rows.
pub const RATIO: u64 = 200;
/// A part of so many bytes may be packed as tightly as it likes.
pub const RATIO_FROM: u64 = 1 << 20;
/// Sheets of a workbook. Seen: 143.
pub const SHEETS: usize = 256;
/// Cells that are not empty, of a workbook. Seen: 860,000.
pub const CELLS: usize = 2_000_000;
/// Bytes of text in cells, each cell counted: a small file can name one long
/// text millions of times. Seen: 31 MiB.
pub const TEXT: usize = 64 << 20;
/// Cells in the rectangles that the filled cells of the sheets span together,
/// for the formats that the library reads as a whole. Seen: 1.3 million.
pub const GRID: u64 = 4_000_000;
/// Rows of a form below its headers in which anything stands, over all sheets
/// that show it. The large county of the tests has so many in all its returns.
pub const ROWS: usize = 5_000;
/// Findings of one return: more are nothing that a person mends, and some fifty
/// such returns would fill a sheet.
pub const FINDINGS: usize = 20_000;
/// Merged cells of a workbook. Seen: 6,100.
pub const MERGES: usize = 65_536;
/// Bytes of a tag with its attributes, or of what stands between two tags. A
/// cell holds 32,767 characters. Seen: 131 KiB.
pub const GAP: usize = 1 << 20;
/// By how much a declared number may be above what is there: some programs
/// count wrongly, and so much costs nothing. Seen: 214.
pub const MISCOUNT: u64 = 10_000;
/// Bytes of a record of a binary workbook. Seen: 32 KiB.
pub const RECORD: usize = 1 << 20;

/// What a decoder of deflate takes; it holds what came out last, and its tables.
const INFLATER: usize = 64 << 10;

/// Ends the process where there is no memory for a decoder of deflate, as [`read_all`]
/// does: the library would panic.
pub fn before_inflating() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(INFLATER)));
}

/// Reads so many bytes at most. Where there is no memory for them the process ends, as
/// it does wherever else there is none: whoever went on without would say something else
/// of a file than a process with more.
///
/// # Errors
/// When it cannot be read.
pub fn read_all(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    read_into(from, most, &mut content)?;
    Ok(content)
}

/// The same, behind what is there.
///
/// # Errors
/// As [`read_all`].
pub fn read_into(from: impl Read, most: u64, content: &mut Vec<u8>) -> io::Result<usize> {
    let read = from.take(most).read_to_end(content);
    if let Err(error) = &read
        && error.kind() == io::ErrorKind::OutOfMemory
    {
        handle_alloc_error(Layout::for_value(content.as_slice()));
    }
    read
}
