//! From the folder of returned files to submissions: which unit sent what,
//! cell by cell. Every file of the folder is accounted for once.

mod archive;
mod folder;
mod homes;
mod kept;
mod opener;
mod recognise;
mod settle;
mod sheets;
mod submission;
mod whose;

pub use folder::{Contents, FolderError, ReturnedFile, gather, gather_paths};
pub use kept::Remembering;
pub use opener::{Decoder, Here, Opener, serve};
pub use recognise::{Returned, State, intake};
pub use submission::{Entry, Leftover, Placed, Submission, Use};
