//! From the folder of returned files to submissions: which unit sent what,
//! cell by cell. Every file of the folder is accounted for once.

mod archive;
mod attached;
mod carried;
mod folder;
mod homes;
mod kept;
mod opener;
mod outline;
mod packing;
mod read;
mod recognise;
mod settle;
mod sheets;
mod submission;
mod whose;

pub use archive::Packed;
pub use folder::{Contents, FolderError, ReturnedFile, gather, gather_paths};
pub use kept::Remembering;
pub use opener::{Decoder, Here, Opener, serve};
pub use outline::{Age, Clock, Line, Outline};
pub use read::{Intake, Returned};
pub use recognise::State;
pub use submission::{Entry, Leftover, Placed, Submission, Use};
pub(crate) use whose::unit_in_name;
