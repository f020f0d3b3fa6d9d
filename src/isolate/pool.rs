//! The side that has files opened: processes that serve many files, started
//! again after a failure.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;

use super::worker::Answer;
use super::{Opener, frame, restraint};
use crate::sheet::{FoundWorkbook, OpenError};

/// Name of the hidden command that serves files.
pub const COMMAND: &str = "open-files";

/// Processes that open files. Each is used by one at a time.
pub struct Workers {
    program: PathBuf,
    idle: Mutex<Vec<Worker>>,
    width: usize,
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

impl Opener for Workers {
    fn open(&self, bytes: &[u8]) -> Result<FoundWorkbook, OpenError> {
        let stopped = |why: &str| OpenError::Stopped(why.to_owned());
        // What one file left behind in a process, or somebody who ended it, must not
        // cost another: a file fails only if it does so twice, in a new process.
        for _ in 0..2 {
            let worker = self.take();
            let mut worker = worker.map_err(|_| stopped("没有能够另起进程"))?;
            match worker.ask(bytes) {
                Ok(answer) => {
                    self.give_back(worker);
                    return answer;
                }
                Err(Failed::TooLong) => return Err(stopped("很久没有读完")),
                Err(Failed::Died) => {
                    if let Ok(mut idle) = self.idle.lock() {
                        idle.clear();
                    }
                }
            }
        }
        Err(stopped("读取中断"))
    }

    fn width(&self) -> usize {
        self.width
    }
}

/// Why there is no answer.
enum Failed {
    TooLong,
    Died,
}

/// A process with a thread that speaks with it, so that waiting can end.
struct Worker {
    child: Child,
    files: Option<SyncSender<Vec<u8>>>,
    answers: Receiver<io::Result<Option<Vec<u8>>>>,
}

impl Worker {
    fn start(program: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
        let mut to = child.stdin.take().ok_or_else(missing)?;
        let mut from = child.stdout.take().ok_or_else(missing)?;
        let (files, wanted) = sync_channel::<Vec<u8>>(1);
        let (answered, answers) = sync_channel(1);
        let speak = move || {
            for bytes in wanted {
                let sent = frame::write(&mut to, &bytes);
                drop(bytes);
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
            files: Some(files),
            answers,
        })
    }

    /// Has a file opened. After a failure the process is of no use any more.
    fn ask(&mut self, bytes: &[u8]) -> Result<Answer, Failed> {
        let files = self.files.as_ref().ok_or(Failed::Died)?;
        files.send(bytes.to_vec()).map_err(|_| Failed::Died)?;
        let answer = self.answers.recv_timeout(restraint::TIME);
        match answer {
            Ok(Ok(Some(answer))) => postcard::from_bytes(&answer).map_err(|_| Failed::Died),
            Err(RecvTimeoutError::Timeout) => Err(Failed::TooLong),
            _ => Err(Failed::Died),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.files = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
