//! Members of a zip container that is no document: where each stands, so that it may
//! be read by itself when it is its turn.

use std::ops::Range;

use super::listed::{Listed, listed};
use super::parts::{PartFault, unpacked, why_not};

/// A member of an archive.
#[derive(Debug, Clone)]
pub struct ArchiveMember(Listed);

/// Why a member cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRead {
    /// It has a password.
    Locked,
    /// It is larger than it may be.
    TooLarge,
    /// It is packed more tightly than any document.
    TooTight,
    /// It is damaged.
    Damaged,
}

/// The members that an archive lists; none if the list is broken.
pub fn members(bytes: &[u8]) -> Option<Vec<ArchiveMember>> {
    let listed = listed(bytes)?;
    Some(listed.into_iter().map(ArchiveMember).collect())
}

impl ArchiveMember {
    /// Its name as it stands there.
    pub fn name(&self) -> &[u8] {
        &self.0.raw
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.0.raw.ends_with(b"/") || self.0.raw.ends_with(b"\\")
    }

    /// Its length when unpacked. What comes out must be so long.
    pub fn length(&self) -> u64 {
        self.0.unpacked
    }

    /// Where it stands packed in the archive.
    pub fn place(&self) -> Range<u64> {
        self.0.content..self.0.to
    }

    /// What the list alone says against reading it, if it may be so long.
    pub fn why_not(&self, most: u64) -> Option<NotRead> {
        why_not(&self.0, most).map(NotRead::from)
    }

    /// Its contents, of what stands at its place.
    ///
    /// # Errors
    /// When there is something against it, or it is damaged.
    pub fn unpack(&self, packed: &[u8], most: u64) -> Result<Vec<u8>, NotRead> {
        unpacked(&self.0, packed, most).map_err(NotRead::from)
    }
}

impl From<PartFault> for NotRead {
    fn from(fault: PartFault) -> Self {
        match fault {
            PartFault::Locked => NotRead::Locked,
            PartFault::TooLarge => NotRead::TooLarge,
            PartFault::TooTight => NotRead::TooTight,
            _ => NotRead::Damaged,
        }
    }
}
