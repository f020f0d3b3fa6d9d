//! From arguments to exit code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Tables of a large county are millions of small pieces: with this allocator a run
/// takes about a seventh less time and memory than with that of the system.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    kaohe::cli::run(std::env::args_os())
}
