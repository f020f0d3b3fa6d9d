//! The side that works on files: takes one question after another, and gives
//! an answer to each.

use std::io::{self, stdin, stdout};

use super::{frame, restraint};

/// What a process is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    /// Keep this for the files that follow; it has no answer.
    Basis(&'a [u8]),
    /// What is in this file, by itself?
    File(&'a [u8]),
    /// What is in the file of this name, by the basis?
    Named(&'a str, &'a [u8]),
}

/// Serves the standard input until it ends, with so many bytes of memory.
///
/// # Errors
/// When the other side has gone away.
pub fn serve(memory: u64, mut answer: impl FnMut(Question<'_>) -> Vec<u8>) -> io::Result<()> {
    restraint::memory(memory)?;
    // A panic is said in the answer; nothing else is to be written anywhere.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut from, mut to) = (stdin().lock(), stdout().lock());
    while let Some(head) = frame::read(&mut from, QUESTION)? {
        let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let bytes = frame::read(&mut from, QUESTION)?.ok_or_else(cut_off)?;
        restraint::time();
        match head.split_first() {
            Some((&BASIS, _)) => {
                answer(Question::Basis(&bytes));
            }
            Some((&NAMED, name)) => {
                let name = std::str::from_utf8(name).map_err(io::Error::other)?;
                frame::write(&mut to, &answer(Question::Named(name, &bytes)))?;
            }
            _ => frame::write(&mut to, &answer(Question::File(&bytes)))?,
        }
    }
    Ok(())
}

/// Most bytes of a question. No return is so long; a consolidated workbook of a very
/// large county is longer than any return.
const QUESTION: u64 = 512 << 20;

/// How the frame before the bytes begins.
const BASIS: u8 = b'B';
const FILE: u8 = b'F';
const NAMED: u8 = b'N';

/// Asks the other side.
pub(super) fn ask(to: &mut impl io::Write, question: Question<'_>) -> io::Result<()> {
    let (kind, name, bytes) = match question {
        Question::Basis(bytes) => (BASIS, "", bytes),
        Question::File(bytes) => (FILE, "", bytes),
        Question::Named(name, bytes) => (NAMED, name, bytes),
    };
    let head = [&[kind], name.as_bytes()].concat();
    frame::write(to, &head)?;
    frame::write(to, bytes)
}
