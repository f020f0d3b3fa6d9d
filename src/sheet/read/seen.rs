//! What is seen of cells beside their values. The library tells none of it, so the
//! files of each format read it from the parts by themselves; here is what they share.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

use super::measured::{may_show_another, unscaled};
use super::room::Room;
use crate::sheet::{Beside, Cell, Found, FoundSheet, How, OpenError, PICTURE, Piece};

/// What the style of a cell says.
#[derive(Debug, Clone, Default)]
pub(super) struct StyleOf {
    pub struck: bool,
    /// A format that may show another number.
    pub format: Option<EcoString>,
}

impl StyleOf {
    /// A style with a font and a number format.
    pub fn new(struck: bool, format: Option<&str>) -> Self {
        let format = format.filter(|format| may_show_another(format));
        StyleOf {
            struck,
            format: format.map(EcoString::from),
        }
    }

    /// Whether it says anything.
    pub fn is_plain(&self) -> bool {
        !self.struck && self.format.is_none()
    }
}

/// A piece of a text as its file has it: how it is written where that is said,
/// and else as the cell's font is.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub text: EcoString,
    pub how: Option<How>,
}

/// What was seen of a cell in the parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub style: StyleOf,
    /// Its pieces of text, if some are not plain; they may be those of very many
    /// cells.
    pub runs: Option<Arc<[Run]>>,
    /// A picture fills it.
    pub is_picture: bool,
}

/// A text in pieces; very many cells may hold it.
#[derive(Clone)]
pub(super) struct Text {
    runs: Arc<[Run]>,
    /// Some of it is not plain, whatever the font of the cell is.
    is_special: bool,
}

impl Text {
    pub fn new(runs: Vec<Run>) -> Self {
        let special = |how| how != How::Plain;
        Text {
            is_special: runs.iter().any(|run| run.how.is_some_and(special)),
            runs: runs.into(),
        }
    }
}

impl Seen {
    /// What is seen of a cell with a style, and a text if it holds one in pieces;
    /// nothing if it is plain.
    pub fn of(style: Option<&StyleOf>, text: Option<&Text>, is_picture: bool) -> Option<Seen> {
        let struck = style.is_some_and(|style| style.struck);
        let text = text.filter(|text| struck || text.is_special);
        let is_plain = !is_picture && text.is_none() && style.is_none_or(StyleOf::is_plain);
        (!is_plain).then(|| Seen {
            style: style.cloned().unwrap_or_default(),
            runs: text.map(|text| Arc::clone(&text.runs)),
            is_picture,
        })
    }
}

/// Puts what was seen of cells to what was found in them.
pub(super) fn add_to(
    found: &mut FoundSheet,
    seen: BTreeMap<Cell, Seen>,
    room: &mut Room,
) -> Result<(), OpenError> {
    for (cell, seen) in seen {
        if seen.is_picture {
            found.formulas.remove(&cell);
            found.cells.insert(cell, Found::Error(PICTURE.into()));
            continue;
        }
        let Some(value) = found.cells.get(&cell) else {
            continue;
        };
        let mut beside = Beside {
            struck: seen.style.struck,
            ..Beside::default()
        };
        match (value, &seen.style.format) {
            // A small file may name one long format or text very many times.
            (Found::Number(number), Some(format)) => {
                room.text(format.len(), &found.name, cell)?;
                beside.format = unscaled(format, *number);
            }
            (Found::Text(_), _) => {
                if let Some(runs) = &seen.runs {
                    let length = runs.iter().map(|run| run.text.len() + 1);
                    room.text(length.sum(), &found.name, cell)?;
                    (beside.struck, beside.pieces) = pieces(runs, seen.style.struck);
                }
            }
            _ => {}
        }
        if !beside.is_nothing() {
            found.beside.insert(cell, beside);
        }
    }
    Ok(())
}

/// Whether a text is struck through as a whole, and its pieces where it is
/// written in more than one way.
fn pieces(runs: &[Run], struck: bool) -> (bool, Vec<Piece>) {
    let by_cell = if struck { How::Struck } else { How::Plain };
    let mut pieces: Vec<Piece> = Vec::new();
    for run in runs {
        let how = run.how.unwrap_or(by_cell);
        match pieces.last_mut() {
            Some(last) if last.how == how => last.text.push_str(&run.text),
            _ => pieces.push(Piece {
                text: run.text.clone(),
                how,
            }),
        }
    }
    let mut shown = pieces.iter().filter(|piece| !piece.text.trim().is_empty());
    let first = shown.next().map(|piece| piece.how);
    let is_one = shown.all(|piece| Some(piece.how) == first);
    match is_one {
        true => (first == Some(How::Struck), Vec::new()),
        false => (false, pieces),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{is_quoted, is_quoted_struck};

    fn run(text: &str, how: Option<How>) -> Run {
        Run {
            text: text.into(),
            how,
        }
    }

    fn quoted(runs: &[Run], struck: bool) -> (bool, String) {
        let (struck, pieces) = pieces(runs, struck);
        let beside = Beside {
            struck,
            pieces,
            format: None,
        };
        (struck, beside.quoted())
    }

    #[test]
    fn pieces_of_a_text_are_quoted_as_they_are_written() {
        let (plain, struck) = (Some(How::Plain), Some(How::Struck));
        let cases = [
            (
                vec![run("5", None), run("1", Some(How::Raised))],
                false,
                "5[上标1]",
            ),
            (vec![run("5", struck), run("3", plain)], false, "[划去5]3"),
            (
                vec![run("H", None), run("2", Some(How::Lowered)), run("O", None)],
                false,
                "H[下标2]O",
            ),
            // What the font of the cell says holds where a piece says nothing.
            (vec![run("5", None), run("3", plain)], true, "[划去5]3"),
            // Of blanks nothing is said.
            (
                vec![
                    run("5", None),
                    run(" ", struck),
                    run("3", Some(How::Raised)),
                ],
                false,
                "5 [上标3]",
            ),
        ];
        for (runs, by_cell, wanted) in cases {
            assert_eq!(quoted(&runs, by_cell), (false, wanted.to_owned()));
            assert!(is_quoted(wanted));
        }
        for (runs, by_cell, all) in [
            (
                vec![run("5", struck), run("0", struck), run(" ", plain)],
                false,
                true,
            ),
            (vec![run("5", None), run("0", None)], true, true),
            (vec![run("5", Some(How::Raised))], false, false),
            (vec![run("5", plain)], true, false),
            (vec![], false, false),
        ] {
            assert_eq!(quoted(&runs, by_cell), (all, String::new()));
        }
        assert!(!is_quoted("50000"));
        assert!(!is_quoted_struck("50000[上标1]"));
    }
}
