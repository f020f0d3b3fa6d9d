//! One part of a healthy workbook replaced: the first byte says which, the rest
//! is its content. So the sums of the container are right, and what is tried is
//! what stands behind them.

#![no_main]

use std::io::{Cursor, Read, Write};
use std::sync::{LazyLock, Once};

use kaohe::sheet::open;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

type Parts = Vec<(String, Vec<u8>)>;

/// A small workbook of each format that is a container.
static BOOKS: LazyLock<Vec<Parts>> = LazyLock::new(|| {
    let books: [&[u8]; 3] = [
        include_bytes!("../../formats/xlsxwriter.xlsx"),
        include_bytes!("../../formats/sheetjs.xlsb"),
        include_bytes!("../../formats/libreoffice.ods"),
    ];
    books.iter().map(|bytes| parts(bytes)).collect()
});
static HOOK: Once = Once::new();

fn parts(bytes: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a container");
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).expect("a part");
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("read");
            (part.name().expect("a name").into_owned(), content)
        })
        .collect()
}

fuzz_target!(|bytes: &[u8]| {
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map_or("", |place| place.file());
            if !place.contains("calamine-") {
                eprintln!("{info}");
                std::process::abort();
            }
        }));
    });
    let Some((which, content)) = bytes.split_first() else {
        return;
    };
    let all: usize = BOOKS.iter().map(Vec::len).sum();
    let mut which = usize::from(*which) % all;
    for book in BOOKS.iter() {
        if which >= book.len() {
            which -= book.len();
            continue;
        }
        let mut made = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (at, (name, healthy)) in book.iter().enumerate() {
            made.start_file(name.as_str(), options).expect("a part");
            let content = if at == which { content } else { healthy };
            made.write_all(content).expect("written");
        }
        let made = made.finish().expect("finished").into_inner();
        let _ = open(&made);
        return;
    }
});
