//! Returns of each format with bits flipped, cut off, or with zeros at the end:
//! never a crash, and where a sum covers the contents, nothing is ever read as
//! something else.

use std::fs;
use std::path::Path;

use kaohe::sheet::{FoundSheet, open};

/// So many of each kind for each file.
const FLIPS: usize = 900;
const CUTS: usize = 80;
const ZEROS: usize = 80;

/// A generator with a seed: the same numbers in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("small")
    }
}

/// What became of the damaged files.
#[derive(Debug, Default)]
struct Told {
    refused: usize,
    same: usize,
    other: Vec<String>,
}

fn sheets(bytes: &[u8]) -> Option<Vec<FoundSheet>> {
    open(bytes).ok().map(|book| book.sheets)
}

fn damage(path: &Path, seed: u64) -> Told {
    let healthy = fs::read(path).expect("a healthy file");
    let wanted = sheets(&healthy).expect("it is read");
    let mut random = Seeded(seed);
    let mut told = Told::default();
    let mut judge = |what: String, bytes: &[u8]| match sheets(bytes) {
        None => told.refused += 1,
        Some(found) if found == wanted => told.same += 1,
        Some(_) => told.other.push(what),
    };
    for _ in 0..FLIPS {
        let mut bytes = healthy.clone();
        let times = 1 + random.below(3);
        let mut places = Vec::new();
        for _ in 0..times {
            let (at, bit) = (random.below(bytes.len()), random.below(8));
            bytes[at] ^= 1 << bit;
            places.push((at, bit));
        }
        judge(format!("bits {places:?}"), &bytes);
    }
    for _ in 0..CUTS {
        let length = random.below(healthy.len());
        judge(format!("cut at {length}"), &healthy[..length]);
    }
    for _ in 0..ZEROS {
        let length = random.below(healthy.len());
        let mut bytes = healthy.clone();
        bytes[length..].fill(0);
        judge(format!("zeros from {length}"), &bytes);
    }
    println!(
        "{}: {} refused, {} read the same, {} read otherwise",
        path.display(),
        told.refused,
        told.same,
        told.other.len()
    );
    told
}

/// With a sum over every part, nothing may be read otherwise.
fn summed(path: impl AsRef<Path>, seed: u64) {
    let told = damage(path.as_ref(), seed);
    assert!(
        told.other.is_empty(),
        "read as something else: {:#?}",
        told.other
    );
    assert!(told.refused > (FLIPS + CUTS + ZEROS) / 2, "{told:?}");
}

#[test]
fn returns_as_xlsx() {
    let folder = fs::read_dir("samples/anhua-2018/回收").expect("the sample");
    let mut files: Vec<_> = folder.map(|file| file.expect("a file").path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "xlsx"));
    files.sort();
    for (seed, path) in (1..).zip(files.iter().step_by(18)) {
        if sheets(&fs::read(path).expect("read")).is_some() {
            summed(path, seed);
        }
    }
}

#[test]
fn workbooks_as_ods() {
    summed("tests/formats/libreoffice.ods", 11);
}

#[test]
fn workbooks_as_xlsb() {
    summed("tests/formats/sheetjs.xlsb", 12);
}

/// An .xls has no sum: only that nothing crashes, and that most damage to its
/// tables is noticed.
#[test]
fn workbooks_as_xls() {
    for (seed, name) in [
        (21, "libreoffice.xls"),
        (22, "xlwt.xls"),
        (23, "sheetjs-biff5.xls"),
    ] {
        let told = damage(Path::new("tests/formats").join(name).as_path(), seed);
        assert!(told.refused > 0, "{name}: {told:?}");
    }
}
