//! Who opens and decodes returned files: this very process, or processes of
//! their own, so that a file costs itself at most.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::recognise::{State, recognise, unreadable};
use crate::diagnostic::{Checked, Code, Finding};
use crate::fingerprint::sha256_hex;
use crate::isolate::{self, Failed, Question, SharedBasis, Workers};
use crate::policy::{PackSource, Policy, load};
use crate::roster::Roster;
use crate::sheet::{FoundWorkbook, OpenError, open, open_sheets};

/// How files from outside are opened; several may be opened at once.
pub trait Opener: Sync {
    /// What is in a file.
    ///
    /// # Errors
    /// Why there is no workbook to read, in words for whoever sent the file.
    fn open(&self, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError>;

    /// The same, but only of the sheets of these names: others may be very long.
    ///
    /// # Errors
    /// As [`Opener::open`].
    fn open_only(&self, bytes: &Arc<[u8]>, names: &[String]) -> Result<FoundWorkbook, OpenError>;

    /// What decodes returns by a policy and a roster.
    fn decoder<'a>(&'a self, policy: &'a Policy, roster: &'a Roster) -> Box<dyn Decoder + 'a>;

    /// How many files are best opened at once.
    fn width(&self) -> usize;

    /// Gives back what is held for opening more: none are expected any more.
    fn rest(&self) {}
}

/// Decodes returns.
pub trait Decoder: Sync {
    /// What a file of this name is, and what is wrong with it. `sha256` is that
    /// of its contents.
    fn decode(&self, name: &str, sha256: &str, bytes: &Arc<[u8]>) -> Decoded;
}

/// Opens files in this very process: for files that are known, as in tests.
#[derive(Debug, Clone, Copy)]
pub struct Here;

impl Opener for Here {
    fn open(&self, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError> {
        open(bytes)
    }

    fn open_only(&self, bytes: &Arc<[u8]>, names: &[String]) -> Result<FoundWorkbook, OpenError> {
        open_sheets(bytes, |name| names.iter().any(|one| one == name.trim()))
    }

    fn decoder<'a>(&'a self, policy: &'a Policy, roster: &'a Roster) -> Box<dyn Decoder + 'a> {
        Box::new(HereBy { policy, roster })
    }

    fn width(&self) -> usize {
        1
    }
}

struct HereBy<'a> {
    policy: &'a Policy,
    roster: &'a Roster,
}

impl Decoder for HereBy<'_> {
    fn decode(&self, name: &str, _: &str, bytes: &Arc<[u8]>) -> Decoded {
        recognise(name, open(bytes), self.policy, self.roster).into()
    }
}

impl Opener for Workers {
    fn open(&self, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError> {
        workbook(self.ask(bytes, None))
    }

    fn open_only(&self, bytes: &Arc<[u8]>, names: &[String]) -> Result<FoundWorkbook, OpenError> {
        let basis = to_basis(&None::<(&PackSource, &Roster)>);
        workbook(self.ask(bytes, Some((&names.join(BETWEEN), &basis))))
    }

    fn decoder<'a>(&'a self, policy: &'a Policy, roster: &'a Roster) -> Box<dyn Decoder + 'a> {
        Box::new(WorkersBy {
            workers: self,
            basis: basis(policy, roster),
        })
    }

    fn rest(&self) {
        self.end_idle();
    }

    fn width(&self) -> usize {
        Workers::width(self)
    }
}

/// What no name of a sheet holds.
const BETWEEN: &str = "\n";

/// The workbook of an answer.
fn workbook(answer: Result<Vec<u8>, Failed>) -> Result<FoundWorkbook, OpenError> {
    let answer = answer.map_err(stopped)?;
    postcard::from_bytes(&answer).unwrap_or_else(|_| Err(stopped(Failed::Died)))
}

struct WorkersBy<'a> {
    workers: &'a Workers,
    basis: SharedBasis,
}

impl Decoder for WorkersBy<'_> {
    fn decode(&self, name: &str, _: &str, bytes: &Arc<[u8]>) -> Decoded {
        let answer = self.workers.ask(bytes, Some((name, &self.basis)));
        let decoded = answer.and_then(|answer| Decoded::of(&answer).ok_or(Failed::Died));
        decoded.unwrap_or_else(|failed| {
            Decoded::unread(name, Code::Unreadable, &stopped(failed).to_string())
        })
    }
}

/// Why there is nothing of a file.
fn stopped(failed: Failed) -> OpenError {
    let why = match failed {
        Failed::TooMuch => {
            let most = Failed::MOST;
            return OpenError::TooLarge(format!("读取它要用的内存超过 {most} MB"));
        }
        Failed::NotStarted => "没有能够另起进程",
        Failed::TooLong => "很久没有读完",
        Failed::Died => "读取中断",
    };
    OpenError::Stopped(why.to_owned())
}

/// A decoded file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Decoded {
    /// What it is.
    pub value: State,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// Bytes that this takes; none where it was not counted.
    #[serde(skip)]
    pub weight: u64,
}

impl Decoded {
    /// A file of which nothing was read.
    pub(super) fn unread(name: &str, code: Code, reason: &str) -> Decoded {
        unreadable(name, code, reason).into()
    }

    /// On its way between processes, with what it takes where it arrives.
    fn to_answer(&self) -> Vec<u8> {
        // Only what cannot be written has no bytes, and none of this is such.
        let mut answer = postcard::to_stdvec(self).unwrap_or_default();
        let before = isolate::taken();
        let arrived: Option<Decoded> = postcard::from_bytes(&answer).ok();
        let weight = isolate::taken().saturating_sub(before);
        drop(arrived);
        answer.extend(weight.to_le_bytes());
        answer
    }

    /// What has arrived.
    fn of(answer: &[u8]) -> Option<Decoded> {
        let (decoded, weight) = answer.split_last_chunk()?;
        let decoded = postcard::from_bytes(decoded).ok()?;
        Some(Decoded {
            weight: u64::from_le_bytes(*weight),
            ..decoded
        })
    }
}

impl From<Checked<State>> for Decoded {
    fn from(Checked { value, findings }: Checked<State>) -> Self {
        Decoded {
            value,
            findings,
            weight: 0,
        }
    }
}

/// What decoding depends on besides the file, named by its contents.
pub(super) fn basis(policy: &Policy, roster: &Roster) -> SharedBasis {
    to_basis(&Some((&policy.source, roster)))
}

/// By what named files are decoded; nothing where they are opened, but for the sheets
/// that are named.
fn to_basis(by: &Option<(&PackSource, &Roster)>) -> SharedBasis {
    // Only what cannot be written has no bytes, and none of this is such.
    let bytes = postcard::to_stdvec(by).unwrap_or_default();
    SharedBasis {
        name: sha256_hex(&bytes),
        bytes: bytes.into(),
    }
}

/// Serves other processes of this program that have files opened, with so many bytes
/// of memory.
///
/// # Errors
/// When the other side has gone away.
pub fn serve(memory: u64) -> io::Result<()> {
    let mut by: Option<Option<(Policy, Roster)>> = None;
    isolate::serve(memory, |question| match question {
        Question::Basis(bytes) => {
            let parts: Option<Option<(PackSource, Roster)>> = postcard::from_bytes(bytes).ok();
            by = parts.and_then(|parts| match parts {
                Some((source, roster)) => Some(Some((load(&source).ok()?, roster))),
                None => Some(None),
            });
            Vec::new()
        }
        Question::File(bytes) => postcard::to_stdvec(&open(bytes)).unwrap_or_default(),
        Question::Named(name, bytes) => {
            let (policy, roster) = match &by {
                Some(Some((policy, roster))) => (policy, roster),
                Some(None) => {
                    let wanted = |sheet: &str| name.split(BETWEEN).any(|one| one == sheet.trim());
                    let opened = open_sheets(bytes, wanted);
                    return postcard::to_stdvec(&opened).unwrap_or_default();
                }
                None => return Vec::new(),
            };
            let work = || recognise(name, open(bytes), policy, roster);
            let decoded = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
                let why = OpenError::Stopped("内容无法识别".to_owned());
                unreadable(name, Code::Unreadable, &why.to_string())
            });
            Decoded::from(decoded).to_answer()
        }
    })
}
