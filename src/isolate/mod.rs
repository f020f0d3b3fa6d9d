//! Work on files from outside in processes of their own: one that makes a
//! library abort, hang or take all memory costs itself and nothing else. What
//! is asked and answered is bytes here; whoever asks knows what they mean.
//!
//! A file from outside is opened and decoded by a worker: this program started once
//! more, with 15 seconds for a file and a share of 384 MiB of memory, which is for all
//! workers together, at most eight of them; what comes back is the decoded return, of
//! at most 24 MiB, and no file outlives its decoding; workers serve many files, and one
//! that dies or hangs costs its file a finding. What it takes is counted by its
//! allocator, to the byte, the same on every system; one that asks for more than its
//! share ends, and its file is worked on once more by a new one, alone, with all of the
//! 384 MiB, as a large one is at once. Only if that is not enough is it called too
//! large. So what is taken does not depend on the number of cores nor on what else came
//! in, and with what the system adds to that and what the program itself holds of files
//! at that time (64 MiB, archives unpacked member by member) a run stays below 1 GiB.
//! What all returns together take is bounded, too, at 192 MiB: a worker counts what its answer
//! will take, and files are let in in their order, not as they are done.
//! Within the worker stands a guard before the library: the list of a container is held
//! against what is there (names, sizes, sums, overlaps, ratio), every part that is read
//! is unpacked once with its sum verified (`src/sheet/book.rs` says which these are;
//! what nobody reads is not vetted), its XML looked over (no definitions, no endless
//! tags, no counts beyond what is there, nothing that can be read in two ways), and the
//! library reads a container made anew from that, in which what was oddly written is
//! written in the usual way. Of an .xls only the stream at the root is taken into a new
//! compound file, with its records looked over and its cells moved together, so that a
//! far cell costs no more than a near one. What Excel encrypts with the password that
//! it supplies itself is opened; no other password is tried. `tests/run.sh public
//! FOLDER` reads any folder of workbooks and says of each that is refused, and of each
//! value, what other programs make of it. Limits stand in `src/sheet/limits.rs`, each
//! beside the largest value seen. An .xls carries no sums: what is damaged there
//! without being malformed is read as it stands.
//!
//! The roster, `裁定.xlsx` and the consolidated workbook of an earlier run are opened by
//! a worker, too. Every other file is opened by `src/files.rs` and nowhere else
//! (`.clippy.toml`): regular files of bounded size, pipes and devices never waited for.
//! A folder that cannot be listed is named as an unreadable file is; so is a workbook
//! that is named like a temporary file.

mod frame;
mod pool;
mod restraint;
mod worker;

pub use pool::{COMMAND, Failed, SharedBasis, Workers};
pub use restraint::taken;
pub use worker::{Question, serve};
