//! The large county: 20,000 returns, ten of each unit, beside 500 returns of
//! the same kind. Once each: it takes minutes.

use std::process::Stdio;

use super::bare;
use super::make::{Size, made};
use super::memory::{Taken, watch};
use super::options::Options;
use super::program::{clear, command};
use super::times::timed;

/// Returns of the small county of the same kind.
const FEW: usize = 500;

/// A county, and what it took.
pub struct Measured {
    pub units: usize,
    pub versions: usize,
    pub files: usize,
    /// Of inflating all parts, for how large the files are.
    pub floor: f64,
    pub taken: Taken,
}

impl Measured {
    /// Milliseconds for each return, if it came to its end.
    pub fn each(&self) -> Option<f64> {
        let each = self.taken.wall * 1e3 / self.files as f64;
        (!self.taken.stopped).then_some(each)
    }

    /// The same for the floor.
    pub fn floor_each(&self) -> f64 {
        self.floor * 1e3 / self.files as f64
    }
}

/// The small county, then the large one.
pub fn large(options: &Options) -> Vec<Measured> {
    let versions = options.large_versions.max(1);
    let sizes = [FEW / versions, options.large_units];
    sizes.map(|units| measured(units, versions, options)).into()
}

fn measured(units: usize, versions: usize, options: &Options) -> Measured {
    let size = Size {
        units,
        versions,
        resaved: 50,
    };
    let made = made(size, options);
    let files = bare::returns(&made.root);
    bare::bytes(&files);
    let floor = timed(|| bare::inflate(&files)).0;
    clear(&made.root);
    let mut assess = command(options, &["assess"], &made.root);
    assess.stdout(Stdio::null()).stderr(Stdio::null());
    let taken = watch(&mut assess, (options.most_memory as u64) << 30);
    eprintln!(
        "  {} returns: {:.1} s, {:.0} MiB at the most",
        files.len(),
        taken.wall,
        taken.peak as f64 / f64::from(1 << 20)
    );
    Measured {
        units,
        versions,
        files: files.len(),
        floor,
        taken,
    }
}
