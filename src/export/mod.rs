//! The normalised ledger and the results as plain tables for other programs:
//! CSV for a spreadsheet, Parquet for a query engine. Folders are partitioned
//! by workspace and form, so that the exports of many counties in one folder
//! are one data set.

mod csv;
mod entries;
mod frame;
mod parquet;
mod results;

pub use csv::csv;
pub use frame::{DataColumn, DataType, Frame};
pub use parquet::parquet;

use std::path::PathBuf;

use crate::assess::Run;
use crate::flow::Assessment;
use crate::policy::Policy;

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The library for Parquet refused.
    #[error("写不出 Parquet：{0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// The library for CSV refused.
    #[error("写不出 CSV：{0}")]
    Csv(#[from] ::csv::Error),
    /// The bytes could not be put together.
    #[error("写不出 CSV：{0}")]
    Bytes(#[from] std::io::Error),
}

/// All tables of an assessment: the entries of each form, then the results.
pub fn frames(assessment: &Assessment, policy: &Policy, run: &Run) -> Vec<Frame> {
    let mut frames = entries::frames(assessment, policy);
    frames.extend(results::frames(assessment, policy, run));
    frames
}

/// Where a table of a workspace stands, for an ending such as `csv`:
/// `csv/entries/workspace=甲县/form=funds/entries.csv`.
pub fn path(frame: &Frame, workspace: &str, ending: &str) -> PathBuf {
    let mut path = folder(frame.dataset, workspace, ending);
    if let Some((key, value)) = &frame.part {
        path.push(format!("{key}={}", plain(value)));
    }
    path.push(format!("{}.{ending}", frame.dataset));
    path
}

/// The folder of all parts of a data set that belong to a workspace.
pub fn folder(dataset: &str, workspace: &str, ending: &str) -> PathBuf {
    let workspace = format!("workspace={}", plain(workspace));
    [ending, dataset, &workspace].iter().collect()
}

/// A name that is safe in a path on every system and in a query: letters,
/// digits, `-` and `_`; never empty.
pub fn plain(name: &str) -> String {
    let keep = |c: char| {
        if c.is_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    let plain: String = name.chars().map(keep).take(80).collect();
    if plain.is_empty() {
        "_".to_owned()
    } else {
        plain
    }
}
