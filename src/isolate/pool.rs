//! The side that asks: processes that serve many files, started again after a
//! failure.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use super::worker::{self, Question};
use super::{frame, restraint};

/// Name of the hidden command that serves files.
pub const COMMAND: &str = "open-files";

/// Processes that work on files. Each is used by one at a time.
pub struct Workers {
    program: PathBuf,
    idle: Mutex<Vec<Worker>>,
    width: usize,
}

/// What processes need to know beforehand, by a name that no other has.
#[derive(Debug, Clone)]
pub struct Basis {
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
}

impl Workers {
    /// Starts the first process.
    ///
    /// # Errors
    /// When this program cannot start itself once more.
    pub fn start() -> io::Result<Self> {
        let width = thread::available_parallelism().map_or(1, usize::from);
        Workers::of(std::env::current_exe()?, width)
    }

    /// The same, with the program named, for so many files at once.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn of(program: PathBuf, width: usize) -> io::Result<Self> {
        let first = Worker::start(&program)?;
        Ok(Workers {
            program,
            idle: Mutex::new(vec![first]),
            width,
        })
    }

    /// How many files are best worked on at once.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is in a file, by itself, or under its name by a basis.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn ask(&self, file: &Arc<[u8]>, by: Option<(&str, &Basis)>) -> Result<Vec<u8>, Failed> {
        // What one file left behind in a process, or somebody who ended it, must not
        // cost another: a file fails only if it does so twice, in a new process.
        for _ in 0..2 {
            let mut worker = self.take().map_err(|_| Failed::NotStarted)?;
            match worker.ask(file, by) {
                Err(Failed::Died) => {
                    if let Ok(mut idle) = self.idle.lock() {
                        idle.clear();
                    }
                }
                Ok(answer) => {
                    self.give_back(worker);
                    return Ok(answer);
                }
                Err(other) => return Err(other),
            }
        }
        Err(Failed::Died)
    }

    /// Ends the processes that are free; others are started where they are needed.
    pub fn end_idle(&self) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.clear();
        }
    }

    /// A process that is free, or a new one.
    fn take(&self) -> io::Result<Worker> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        idle.map_or_else(|| Worker::start(&self.program), Ok)
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
    fn start(program: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(COMMAND)
            // In pieces that are small beside the limit of its memory.
            .env("MIMALLOC_ARENA_RESERVE", "64MiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
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
                let answer = sent.and_then(|()| frame::read(&mut from));
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
    fn ask(&mut self, file: &Arc<[u8]>, by: Option<(&str, &Basis)>) -> Result<Vec<u8>, Failed> {
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
            Err(RecvTimeoutError::Timeout) => Err(Failed::TooLong),
            _ => Err(Failed::Died),
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
