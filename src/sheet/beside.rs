//! What a cell carries beside its value, and what lies over a sheet: struck-out and
//! raised letters, a number format that names a measure, a picture in the cell, notes
//! and boxes with text.

use ecow::EcoString;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::sheet::Cell;
use crate::value::exact;

/// What stands for a picture that fills a cell.
pub const PICTURE: &str = "（单元格里的图片）";

/// What a cell carries beside its value. Nearly no cell carries anything.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// All of it is struck through.
    pub struck: bool,
    /// Its text, if some of that is struck through, raised or lowered.
    pub pieces: Vec<Piece>,
    /// Its number format, if that shows another number than is stored.
    pub format: Option<Unscaled>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The letters.
    pub text: EcoString,
    /// How they are written.
    pub how: How,
}

/// How a piece of a text is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// As any text.
    #[default]
    Plain,
    /// Struck through.
    Struck,
    /// Above the line.
    Raised,
    /// Below the line.
    Lowered,
}

impl How {
    /// The word with which such a piece is quoted.
    fn word(self) -> &'static str {
        match self {
            How::Plain => "",
            How::Struck => "划去",
            How::Raised => "上标",
            How::Lowered => "下标",
        }
    }
}

impl Beside {
    /// The text with a word about each piece that is not plain: `50000[上标1]`.
    pub fn quoted(&self) -> String {
        self.told(|_| true)
    }

    /// The same where only what is struck through matters.
    pub fn quoted_struck(&self) -> Option<String> {
        let is_struck = |how| how == How::Struck;
        let mut hows = self.pieces.iter().map(|piece| piece.how);
        hows.any(is_struck).then(|| self.told(is_struck))
    }

    fn told(&self, matters: impl Fn(How) -> bool) -> String {
        let mut told = String::new();
        for piece in &self.pieces {
            if piece.how == How::Plain || !matters(piece.how) || piece.text.trim().is_empty() {
                told.push_str(&piece.text);
            } else {
                told.push('[');
                told.push_str(piece.how.word());
                told.push_str(&piece.text);
                told.push(']');
            }
        }
        told
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_nothing(&self) -> bool {
        !self.struck && self.pieces.is_empty() && self.format.is_none()
    }
}

/// Whether a text is one that was quoted so because not all of it is plain.
pub fn is_quoted(text: &str) -> bool {
    let mut words = [How::Raised, How::Lowered].into_iter().map(How::word);
    let has = |word: &str| text.contains(&format!("[{word}"));
    is_quoted_struck(text) || words.any(has)
}

/// Whether a text is one that was quoted so because some of it is struck through.
pub fn is_quoted_struck(text: &str) -> bool {
    text.contains("[划去")
}

/// A text that somebody put on a sheet beside the cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// The cell that it is about, or over which it begins.
    pub cell: Cell,
    /// What it is.
    pub kind: AttachedKind,
    /// What it says.
    pub text: EcoString,
}

/// In which way a text is put on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttachedKind {
    /// A note on a cell, or what was said there in turn.
    Note,
    /// A box or a shape that lies over the cells.
    Box,
}

impl AttachedKind {
    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            AttachedKind::Note => "批注",
            AttachedKind::Box => "文本框",
        }
    }
}

/// A number format that names a measure by which it does not scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unscaled {
    /// The format as it stands in the file.
    pub format: EcoString,
    /// By how much what is shown is more than what is stored; below one if it is
    /// less.
    #[serde(with = "exact")]
    pub times: Decimal,
}
