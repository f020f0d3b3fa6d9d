//! The side that opens files: takes one after another, gives what was found.

use std::io::{self, stdin, stdout};

use super::{frame, restraint};
use crate::sheet::{FoundWorkbook, OpenError, open};

/// What goes back for a file.
pub(super) type Answer = Result<FoundWorkbook, OpenError>;

/// Serves files from the standard input until it ends.
///
/// # Errors
/// When the other side has gone away.
pub fn serve() -> io::Result<()> {
    restraint::memory();
    // A panic is said in the answer; nothing else is to be written anywhere.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut from, mut to) = (stdin().lock(), stdout().lock());
    while let Some(bytes) = frame::read(&mut from)? {
        restraint::time();
        let answer: Answer = open(&bytes);
        drop(bytes);
        let answer = postcard::to_stdvec(&answer).map_err(io::Error::other)?;
        frame::write(&mut to, &answer)?;
    }
    Ok(())
}
