//! What processes that open files from outside may take, of memory and of time, on
//! every system in the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use memory_stats::memory_stats;

/// Time for one file. The largest that is taken needs some five seconds.
pub(super) const TIME: Duration = Duration::from_secs(15);

/// Memory of all these processes together, in bytes. Two million cells, as many as are
/// taken, need some 350 MiB; what is left of a gibibyte is for the program itself.
pub(super) const MEMORY: u64 = 448 << 20;

/// Bytes of an answer. Those about ordinary returns have some 10 KiB.
pub(super) const ANSWER: u64 = 24 << 20;

/// How a process ends that takes more memory than it may.
pub(super) const TOO_MUCH: i32 = 77;

/// How often it is looked how much a process has taken. In this time it gets no more
/// than a few mebibytes from the system.
const EVERY: Duration = Duration::from_millis(2);

/// Watches how much memory this process has, while it is at work.
pub(super) struct Watch {
    is_at_work: Arc<AtomicBool>,
    watcher: Thread,
}

impl Watch {
    /// Ends the process when it has more than so many bytes: at once, without a word.
    ///
    /// # Errors
    /// When nobody can watch.
    pub fn over(most: u64) -> std::io::Result<Self> {
        let is_at_work = Arc::new(AtomicBool::new(false));
        let is_watched = Arc::clone(&is_at_work);
        let watch = move || {
            loop {
                if !is_watched.load(Ordering::Acquire) {
                    thread::park();
                    continue;
                }
                // Where the system does not tell, the limits of the reader remain.
                let now = memory_stats().map_or(0, |now| now.physical_mem);
                if u64::try_from(now).is_ok_and(|now| now > most) {
                    std::process::exit(TOO_MUCH);
                }
                thread::sleep(EVERY);
            }
        };
        let watcher = thread::Builder::new().spawn(watch)?.thread().clone();
        Ok(Watch {
            is_at_work,
            watcher,
        })
    }

    /// The work begins.
    pub fn begin(&self) {
        self.is_at_work.store(true, Ordering::Release);
        self.watcher.unpark();
    }

    /// The work is done.
    pub fn end(&self) {
        self.is_at_work.store(false, Ordering::Release);
    }
}

/// Limits the time of the processor up to the end of the next file, and leaves no image
/// of the memory behind where the process comes to a bad end.
#[cfg(unix)]
pub(super) fn time() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
    let used = u64::try_from(used).unwrap_or(0);
    let most = Rlimit {
        // The clock outside ends it first; this is for when nobody is there.
        current: Some(used + 2 * TIME.as_secs()),
        maximum: getrlimit(Resource::Cpu).maximum,
    };
    let _ = setrlimit(Resource::Cpu, most);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

/// Nothing to limit it by: the clock outside ends it.
#[cfg(not(unix))]
pub(super) fn time() {}
