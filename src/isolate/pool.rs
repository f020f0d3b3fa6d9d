//! The side that asks: processes that serve many files, started again after a
//! failure. All together have one budget of memory: each has its share of it, and
//! a file for which that is not enough is worked on once more, alone, with all of it.
//! So what is taken does not depend on how many there are, nor on what else there is.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;

use super::worker::{self, Question};
use super::{frame, restraint};
use crate::several;

/// Most processes at once. More would have too little memory each, and be faster than
/// what is to be done with their answers.
const MOST: usize = 8;

/// So many bytes of what a process says at its end are looked at.
const LAST_WORDS: u64 = 4 << 10;

/// Name of the hidden command that serves files.
pub const COMMAND: &str = "open-files";

/// Processes that work on files. Each is used by one at a time.
pub struct Workers {
    program: PathBuf,
    idle: Mutex<Vec<Worker>>,
    width: usize,
    /// Held by each that works with its share, and by the one that works alone.
    turns: RwLock<()>,
}

/// What processes need to know beforehand, by a name that no other has.
#[derive(Debug, Clone)]
pub struct SharedBasis {
    /// The name.
    pub name: String,
    /// What it is.
    pub bytes: Arc<[u8]>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// No process could be started.
    NotStarted,
    /// The file took longer than it may.
    TooLong,
    /// The process ended, in two tries.
    Died,
    /// The file takes more memory than there is for one.
    TooMuch,
}

impl Failed {
    /// Memory that there is for one file, in MiB.
    pub const MOST: u64 = restraint::MEMORY >> 20;
}

impl Workers {
    /// Starts the first process.
    ///
    /// # Errors
    /// When this program cannot start itself once more.
    pub fn start() -> io::Result<Self> {
        Workers::of(std::env::current_exe()?, several::width())
    }

    /// The same, with the program named, for so many files at once, or as many as
    /// there may be.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn of(program: PathBuf, width: usize) -> io::Result<Self> {
        let width = width.clamp(1, MOST);
        let workers = Workers {
            program,
            idle: Mutex::default(),
            width,
            turns: RwLock::default(),
        };
        workers.give_back(Worker::start(&workers.program, workers.share())?);
        Ok(workers)
    }

    /// How many files are best worked on at once.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is in a file, by itself, or under its name by a basis.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn ask(
        &self,
        file: &Arc<[u8]>,
        by: Option<(&str, &SharedBasis)>,
    ) -> Result<Vec<u8>, Failed> {
        // What is in a file takes several times as much as the file.
        let least = u64::try_from(file.len())
            .unwrap_or(u64::MAX)
            .saturating_mul(4);
        if least < self.share() {
            let turn = self.turns.read().unwrap_or_else(PoisonError::into_inner);
            let answer = self.in_two_tries(file, by);
            drop(turn);
            if answer != Err(Failed::TooMuch) {
                return answer;
            }
        }
        let _alone = self.turns.write().unwrap_or_else(PoisonError::into_inner);
        self.end_idle();
        let mut worker = self.started(restraint::MEMORY)?;
        // It ends with what it has taken.
        worker.ask(file, by)
    }

    /// The same with a share of the memory.
    fn in_two_tries(
        &self,
        file: &Arc<[u8]>,
        by: Option<(&str, &SharedBasis)>,
    ) -> Result<Vec<u8>, Failed> {
        // What one file left behind in a process, or somebody who ended it, must not
        // cost another: a file fails only if it does so twice, in a new process.
        for _ in 0..2 {
            let mut worker = self.take()?;
            match worker.ask(file, by) {
                Err(Failed::Died) => self.end_idle(),
                Ok(answer) => {
                    self.give_back(worker);
                    return Ok(answer);
                }
                Err(other) => return Err(other),
            }
        }
        Err(Failed::Died)
    }

    /// What each process may take, in bytes.
    fn share(&self) -> u64 {
        restraint::MEMORY / u64::try_from(self.width).unwrap_or(1)
    }

    /// Ends the processes that are free; others are started where they are needed.
    pub fn end_idle(&self) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.clear();
        }
    }

    /// A process that is free, or a new one.
    fn take(&self) -> Result<Worker, Failed> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        idle.map_or_else(|| self.started(self.share()), Ok)
    }

    /// A new process that may take so many bytes.
    fn started(&self, memory: u64) -> Result<Worker, Failed> {
        Worker::start(&self.program, memory).map_err(|_| Failed::NotStarted)
    }

    /// Lets others use the process.
    fn give_back(&self, worker: Worker) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(worker);
        }
    }
}

/// What a process is to be sent: the basis where it has another, and the file.
struct Errand {
    basis: Option<Arc<[u8]>>,
    name: Option<String>,
    file: Arc<[u8]>,
}

/// A process with a thread that speaks with it, so that waiting can end.
struct Worker {
    child: Child,
    errands: Option<SyncSender<Errand>>,
    answers: Receiver<io::Result<Option<Vec<u8>>>>,
    /// Name of the basis that it has.
    basis: Option<String>,
}

impl Worker {
    fn start(program: &Path, memory: u64) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(COMMAND)
            .arg(memory.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
        let mut to = io::BufWriter::new(child.stdin.take().ok_or_else(missing)?);
        let mut from = child.stdout.take().ok_or_else(missing)?;
        let (errands, wanted) = sync_channel::<Errand>(1);
        let (answered, answers) = sync_channel(1);
        let speak = move || {
            for errand in wanted {
                let mut send = || {
                    if let Some(basis) = &errand.basis {
                        worker::ask(&mut to, Question::Basis(basis))?;
                    }
                    let question = match &errand.name {
                        Some(name) => Question::Named(name, &errand.file),
                        None => Question::File(&errand.file),
                    };
                    worker::ask(&mut to, question)
                };
                let sent = send();
                drop(errand);
                let answer = sent.and_then(|()| frame::read(&mut from, restraint::ANSWER));
                let is_over = !matches!(answer, Ok(Some(_)));
                if answered.send(answer).is_err() || is_over {
                    break;
                }
            }
        };
        if let Err(error) = thread::Builder::new().spawn(speak) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(error);
        }
        Ok(Worker {
            child,
            errands: Some(errands),
            answers,
            basis: None,
        })
    }

    /// Has a file worked on. After a failure the process is of no use any more.
    fn ask(
        &mut self,
        file: &Arc<[u8]>,
        by: Option<(&str, &SharedBasis)>,
    ) -> Result<Vec<u8>, Failed> {
        let errands = self.errands.as_ref().ok_or(Failed::Died)?;
        let new = by
            .map(|(_, basis)| basis)
            .filter(|basis| self.basis.as_ref() != Some(&basis.name));
        let errand = Errand {
            basis: new.map(|basis| basis.bytes.clone()),
            name: by.map(|(name, _)| name.to_owned()),
            file: file.clone(),
        };
        if let Some(basis) = new {
            self.basis = Some(basis.name.clone());
        }
        errands.send(errand).map_err(|_| Failed::Died)?;
        match self.answers.recv_timeout(restraint::TIME) {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Err(error)) if error.kind() == io::ErrorKind::FileTooLarge => Err(Failed::TooMuch),
            Err(RecvTimeoutError::Timeout) => Err(Failed::TooLong),
            _ => Err(self.why_it_ended()),
        }
    }

    /// Why the process has ended, or is about to.
    fn why_it_ended(&mut self) -> Failed {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut last = Vec::new();
        if let Some(said) = self.child.stderr.take() {
            let _ = said.take(LAST_WORDS).read_to_end(&mut last);
        }
        if memchr::memmem::find(&last, restraint::REFUSED).is_some() {
            Failed::TooMuch
        } else {
            Failed::Died
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.errands = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
