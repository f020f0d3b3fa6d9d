//! What a process that opens files from outside may take. Where the system has
//! no such limits, the time limit and the limits of the reader remain.

use std::time::Duration;

/// Time for one file. The largest that is taken needs some five seconds.
pub(super) const TIME: Duration = Duration::from_secs(15);

/// Memory that a process may ask for beyond what it begins with, in bytes. The
/// largest file that is taken needs some 700 MiB.
#[cfg(unix)]
const MEMORY: u64 = 960 << 20;

/// Limits the memory of this process for good.
#[cfg(unix)]
pub(super) fn memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let most = MEMORY.saturating_add(reserved());
    let most = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    // Where the system refuses, the other limits remain.
    let _ = setrlimit(Resource::As, most);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

/// Room that this process has reserved so far, in bytes, as far as the system tells:
/// the program itself, and a first piece of which the allocator serves what is asked
/// for. Where that piece is large, more may be used than [`MEMORY`].
#[cfg(unix)]
fn reserved() -> u64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = told.split_whitespace().next().and_then(|n| n.parse().ok());
    let size = u64::try_from(rustix::param::page_size()).unwrap_or(0);
    pages.unwrap_or(0_u64).saturating_mul(size)
}

/// Limits the time of the processor up to the end of the next file.
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
}

/// Nothing to limit it by.
#[cfg(not(unix))]
pub(super) fn memory() {}

/// Nothing to limit it by.
#[cfg(not(unix))]
pub(super) fn time() {}
