//! Files from outside are opened in processes of their own: one that makes the
//! library abort, hang or take all memory costs itself and nothing else.

mod frame;
mod pool;
mod restraint;
mod worker;

pub use pool::{COMMAND, Workers};
pub use worker::serve;

use crate::sheet::{FoundWorkbook, OpenError, open};

/// How files from outside are opened; several may be opened at once.
pub trait Opener: Sync {
    /// Opens a file.
    ///
    /// # Errors
    /// Why there is no workbook to read, in words for whoever sent the file.
    fn open(&self, bytes: &[u8]) -> Result<FoundWorkbook, OpenError>;

    /// How many files are best opened at once.
    fn width(&self) -> usize;
}

/// Opens files in this very process: for files that are known, as in tests.
#[derive(Debug, Clone, Copy)]
pub struct Here;

impl Opener for Here {
    fn open(&self, bytes: &[u8]) -> Result<FoundWorkbook, OpenError> {
        open(bytes)
    }

    fn width(&self) -> usize {
        1
    }
}
