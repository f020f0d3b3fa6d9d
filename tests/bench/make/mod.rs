//! A workspace with its returns on the disk, made once: the same parameters
//! find it there again.

mod dice;
mod filled;
mod gifts;
mod returns;
mod roster;
mod rows;
mod rows_known;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kaohe::fingerprint::sha256_hex;
use kaohe::policy::{PackSource, load};
use kaohe::sheet::write;
use kaohe::template::unit_workbook;
use serde::{Deserialize, Serialize};

use crate::TODAY;
use crate::options::Options;
use filled::Maker;
use gifts::gifts;
use returns::returns;
use roster::roster;

/// Raised when other returns come out for the same parameters.
const GENERATOR: u32 = 1;

/// What is to be made.
#[derive(Clone, Copy)]
pub struct Size {
    pub units: usize,
    /// Returns of each unit; none for a workspace from which is only issued.
    pub versions: usize,
    /// Every so many files are saved again by openpyxl.
    pub resaved: usize,
}

/// A workspace, and what is known of it.
pub struct Made {
    /// The workspace.
    pub root: PathBuf,
    pub truth: Written,
}

/// What the returns hold together.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What it was made from.
    stamp: String,
    pub files: usize,
    pub rows: usize,
    pub funds: usize,
    pub fen: i64,
}

impl Size {
    /// The name of its folder: the number of returns, or units and versions.
    pub fn name(self) -> String {
        match self.versions {
            0 => format!("issue{}", self.units),
            1 => self.units.to_string(),
            versions => format!("{}x{versions}", self.units),
        }
    }
}

/// Makes a workspace, or finds it.
pub fn made(size: Size, options: &Options) -> Made {
    let root = options.out.join(size.name());
    let beside = options.out.join(format!("{}.made", size.name()));
    let policy = load(&PackSource::builtin()).expect("the built-in pack loads");
    let (roster_bytes, roster) = roster(&policy, size.units, TODAY);
    let first = roster.units().next().expect("a unit");
    let template = write(&unit_workbook(&policy, &roster, first, TODAY)).expect("a template");
    let stamp = format!(
        "generator {GENERATOR}, seed {}, {} units, {} versions, every {}th saved again, template {}",
        options.seed,
        size.units,
        size.versions,
        size.resaved,
        sha256_hex(&template)
    );
    let written = fs::read(beside.join("written.json")).ok();
    let written = written.and_then(|bytes| serde_json::from_slice::<Written>(&bytes).ok());
    let truth = match written.filter(|written| written.stamp == stamp) {
        Some(written) => written,
        None => {
            let _ = fs::remove_dir_all(&root);
            let _ = fs::remove_dir_all(&beside);
            fs::create_dir_all(&beside).expect("a folder");
            eprintln!("making {} …", root.display());
            empty(&root, options);
            fs::write(root.join("名册.xlsx"), roster_bytes).expect("a roster");
            let maker = Maker {
                policy: &policy,
                roster: &roster,
                villages: roster.villages().map(|v| v.name.as_str()).collect(),
                gifts: gifts(options.seed, &roster),
                seed: options.seed,
                versions: size.versions,
            };
            let truth = returns(&maker, size, &root, &beside, options);
            let written = Written {
                stamp,
                files: size.units * size.versions,
                rows: truth.rows,
                funds: truth.funds,
                fen: truth.fen,
            };
            let json = serde_json::to_vec(&written).expect("JSON");
            fs::write(beside.join("written.json"), json).expect("written");
            written
        }
    };
    Made { root, truth }
}

/// A workspace with nothing in it, made by the program itself.
fn empty(root: &Path, options: &Options) {
    let init = Command::new(&options.program)
        .arg("init")
        .arg(root)
        .output();
    let init = init.expect("the program starts");
    assert!(
        init.status.success(),
        "{}",
        String::from_utf8_lossy(&init.stderr)
    );
}
