//! From arguments to exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    kaohe::cli::run(std::env::args_os())
}
