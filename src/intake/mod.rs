//! From the folder of returned files to submissions: which unit sent what,
//! cell by cell. Every file of the folder is accounted for once.

mod archive;
mod attached;
mod carried;
mod folder;
mod held;
mod homes;
mod opener;
mod outline;
mod packed;
mod read;
mod recognise;
mod returned_file;
mod settle;
mod sheets;
mod submission;
mod whose;

pub use folder::{FolderError, gather, gather_paths};
pub use held::Returned;
pub use opener::{Decoded, Decoder, Here, Opener, serve};
pub use outline::{Age, Line, Outline};
pub use packed::Packed;
pub use read::Intake;
pub use recognise::State;
pub use returned_file::{Contents, ReturnedFile};
pub use submission::{Clock, Entry, Leftover, Placed, Submission, Use};
pub(crate) use whose::unit_in_name;
