//! Work on files from outside in processes of their own: one that makes a
//! library abort, hang or take all memory costs itself and nothing else. What
//! is asked and answered is bytes here; whoever asks knows what they mean.

mod frame;
mod pool;
mod restraint;
mod worker;

pub use pool::{Basis, COMMAND, Failed, Workers};
pub use worker::{Question, serve};
