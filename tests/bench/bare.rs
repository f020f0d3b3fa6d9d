//! The least that reading takes: inflating every part of every return, and a
//! bare calamine loop over all cells, on one thread and on several.

use std::fs::{File, read};
use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use calamine::{Data, Reader, Xlsx};

/// The returned files of a workspace, in order.
pub fn returns(root: &Path) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root.join("回收")).expect("returns");
    let mut files: Vec<PathBuf> = folder.map(|file| file.expect("a return").path()).collect();
    files.sort();
    files
}

/// Inflates all parts of all files, one after the other; gives their bytes.
pub fn inflate(files: &[PathBuf]) -> u64 {
    let mut sum = 0;
    let mut part = Vec::new();
    for path in files {
        let bytes = read(path).expect("a return is read");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a container");
        for index in 0..archive.len() {
            part.clear();
            let mut file = archive.by_index(index).expect("a part");
            file.read_to_end(&mut part).expect("a part is inflated");
            sum += black_box(&part).len() as u64;
        }
    }
    sum
}

/// Opens all files with calamine and looks at every cell; gives how many hold
/// something.
pub fn cells(files: &[PathBuf], threads: usize) -> u64 {
    let (next, sum) = (AtomicUsize::new(0), AtomicU64::new(0));
    let work = || {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let bytes = read(path).expect("a return is read");
            let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
            for name in book.sheet_names() {
                let range = book.worksheet_range(&name).expect("a sheet");
                let filled = range.rows().flatten().filter(|cell| **cell != Data::Empty);
                sum.fetch_add(black_box(filled.count()) as u64, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    sum.load(Ordering::Relaxed)
}

/// Bytes of all files, also to have them in the system's memory before any
/// time is taken.
pub fn bytes(files: &[PathBuf]) -> u64 {
    let mut sum = 0;
    let mut buffer = Vec::new();
    for path in files {
        buffer.clear();
        let mut file = File::open(path).expect("a return");
        sum += file.read_to_end(&mut buffer).expect("a return is read") as u64;
    }
    sum
}
