//! What processes that open files from outside may take, of memory and of time, on
//! every system in the same way.

use std::io;
use std::time::Duration;

use cap::Cap;
use mimalloc::MiMalloc;

/// Counts what the program has of memory, to the byte: what a file takes is the same on
/// every system, on every run and beside whatever else there is. Tables of a large county
/// are millions of small pieces: with `mimalloc` a run takes a sixth less time than with
/// the allocator of the system. It reserves more room than it uses, see
/// `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

/// Time for one file. The largest that is taken needs some five seconds.
pub(super) const TIME: Duration = Duration::from_secs(15);

/// Memory of all these processes together, in bytes as they are asked for. What they
/// take from the system may be twice as much, when large pieces grow, and then there is
/// still room for the program itself within a gibibyte.
pub(super) const MEMORY: u64 = 384 << 20;

/// Bytes of an answer. Those about ordinary returns have some 10 KiB.
pub(super) const ANSWER: u64 = 24 << 20;

/// What the standard library says last in a process that is refused memory.
pub(super) const REFUSED: &[u8] = b"memory allocation of ";

/// Gives this process no more than so many bytes; where it asks for more, it ends.
///
/// # Errors
/// When it already has more.
pub(super) fn memory(most: u64) -> io::Result<()> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    ALLOCATOR
        .set_limit(most)
        .map_err(|()| io::ErrorKind::OutOfMemory.into())
}

/// Bytes that this process has.
pub fn taken() -> u64 {
    u64::try_from(ALLOCATOR.allocated()).unwrap_or(u64::MAX)
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
