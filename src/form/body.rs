//! What the rows of a form are on a sheet that came back: entries, prefilled
//! rows that were left alone, typed totals, examples, notes, headers that are repeated.
//! Every cell goes to one of them, or is left over.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::examples::{is_example, is_mark, is_marked, is_text_of};
use super::fields::{Cells, FieldIds, Marks, RawCell, RawRow};
use super::locate::{Header, Located};
use super::merge::{Merges, is_number};
use super::page::Context;
use super::placeholder::NOTHING;
use super::shown::found;
use super::totals::label;
use crate::policy::{Field, Form, Kind, Shape};
use crate::sheet::{Cell, Found, FoundSheet};
use crate::value::{is_blank, squeezed};

/// The rows of a form, each cell in one place only.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Rows in which something was typed.
    pub entries: Vec<Arc<RawRow>>,
    /// Rows that stand as the office prefilled them.
    pub untouched: Vec<RawRow>,
    /// Totals that were typed below or between the entries.
    pub totals: Vec<Vec<Cell>>,
    /// Examples that stand as rows, each with the cell that is marked as one, if any
    /// is: else it is the form's own.
    pub examples: Vec<(Vec<Cell>, Option<Cell>)>,
    /// Sentences that stand among the rows.
    pub notes: Vec<Vec<Cell>>,
    /// Cells outside the columns of the form, by row.
    pub outside: Vec<Cell>,
}

/// Words with which a note or a signature begins, squeezed.
const NOTES: [&str; 19] = [
    "注",
    "备注",
    "说明",
    "附",
    "填表",
    "填报",
    "制表",
    "审核",
    "负责人",
    "单位负责人",
    "经办",
    "联系人",
    "联系电话",
    "单位(",
    "盖章",
    "以上",
    "※",
    "★",
    "(注",
];
/// A note over so many merged columns is one, whatever it says.
const NOTE_COLUMNS: u16 = 3;

/// No running number is longer, with all that stands around it.
const LONGEST_NUMBER: usize = 12;

/// How many rows below the headers hold anything but a running number.
pub fn rows_below(sheet: &FoundSheet, located: &Located) -> usize {
    let below = Cell::new(located.header_row.saturating_add(1), 0);
    let counts = |cell: &Cell, found: &Found| match found {
        Found::Text(text) if is_blank(text) => false,
        found => !is_running_number(located, *cell, found),
    };
    let filled = sheet.cells.range(below..);
    let filled = filled.filter(|(cell, found)| counts(cell, found));
    let formulas = sheet.formulas.range(below..);
    let formulas = formulas.filter(|cell| Some(cell.column) != located.number_column);
    let rows = filled.map(|(cell, _)| cell.row);
    let mut rows: Vec<u32> = rows.chain(formulas.map(|cell| cell.row)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len()
}

/// Whether a cell is a running number of the office.
fn is_running_number(located: &Located, cell: Cell, found: &Found) -> bool {
    Some(cell.column) == located.number_column
        && match found {
            Found::Number(_) => true,
            Found::Text(text) => is_numbering(&squeezed(text)),
            // A formula such as ROW() whose result was not kept.
            Found::Error(_) => true,
            _ => false,
        }
}

/// A cell of a row that is to be sorted.
struct Piece<'a> {
    cell: Cell,
    found: Cow<'a, Found>,
    /// A text without blanks.
    bare: Option<Cow<'a, str>>,
}

impl<'a> Piece<'a> {
    /// What a cell holds, if it is not empty, see [`found`].
    fn of(sheet: &'a FoundSheet, cell: Cell) -> Option<Self> {
        let (found, bare) = match sheet.cells.get(&cell) {
            Some(found @ Found::Text(text)) => (Cow::Borrowed(found), Some(squeezed(text))),
            Some(found) => (Cow::Borrowed(found), None),
            None => (Cow::Owned(found(sheet, cell)?), None),
        };
        let is_empty = bare.as_ref().is_some_and(|bare| bare.is_empty());
        (!is_empty).then_some(Piece { cell, found, bare })
    }
}

/// Sorts the cells of a form's sheet into rows.
pub(super) fn body(
    sheet: &FoundSheet,
    form: &Form,
    located: &Located,
    merges: &Merges,
    ids: &FieldIds,
    context: Context<'_>,
) -> Body {
    if form.shape == Shape::Card {
        return card(sheet, form, located, ids);
    }
    let below = Cell::new(located.header_row + 1, 0);
    let filled = sheet.cells.range(below..).map(|(cell, _)| *cell);
    let formulas = sheet.formulas.range(below..).copied();
    let mut places: Vec<Cell> = filled
        .chain(formulas)
        .filter(|cell| !merges.hides(*cell))
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut body = Body::default();
    let sorter = Sorter {
        sheet,
        form,
        located,
        merges,
        ids,
        context,
        formulas: &sheet.formulas,
        headers: located
            .headers
            .iter()
            .filter_map(|(id, cell)| Some((cell.column, Header::of(form.fields.get(id)?))))
            .collect(),
    };
    for row in places.chunk_by(|one, other| one.row == other.row) {
        let pieces: Vec<Piece<'_>> = row
            .iter()
            .filter_map(|cell| Piece::of(sheet, *cell))
            .collect();
        if let Some(first) = pieces.first() {
            sorter.sort(first.cell.row, pieces, &mut body);
        }
    }
    body
}

/// The one entry of a card.
fn card(sheet: &FoundSheet, form: &Form, located: &Located, ids: &FieldIds) -> Body {
    let mut cells = Cells::new(ids, located.answers.len());
    for (id, cell) in &located.answers {
        if let Some(found) = found(sheet, *cell) {
            let field = form.fields.get(id);
            cells.insert(id, raw_cell(sheet, field, *cell, found));
        }
    }
    Body {
        entries: vec![Arc::new(RawRow {
            row: located.header_row,
            cells,
        })],
        ..Body::default()
    }
}

/// A cell of an entry, with what it carries beside its value. Where not all of a text
/// is written alike, what is read as one figure or name is none: it is quoted with a
/// word about each piece, and so it is held. In other texts m² is m2, and only what
/// is struck out is told apart.
fn raw_cell(sheet: &FoundSheet, field: Option<&Field>, cell: Cell, found: Found) -> RawCell {
    let Some(beside) = sheet.beside.get(&cell) else {
        return RawCell::new(cell, found);
    };
    let is_text = field.is_some_and(|field| field.kind == Kind::Text);
    let quoted = match (&found, is_text) {
        (Found::Text(_), true) => beside.quoted_struck(),
        (Found::Text(_), false) => (!beside.pieces.is_empty()).then(|| beside.quoted()),
        _ => None,
    };
    let found = quoted.map_or(found, |quoted| Found::Text(quoted.into()));
    RawCell::new(cell, found).marked(Marks {
        struck: beside.struck,
        format: beside.format.clone(),
    })
}

/// Says what a row is.
struct Sorter<'a> {
    sheet: &'a FoundSheet,
    form: &'a Form,
    located: &'a Located,
    merges: &'a Merges,
    ids: &'a FieldIds,
    context: Context<'a>,
    /// Cells that hold formulas.
    formulas: &'a BTreeSet<Cell>,
    /// The headers by column.
    headers: Vec<(u16, Header)>,
}

impl Sorter<'_> {
    fn sort(&self, row: u32, pieces: Vec<Piece<'_>>, body: &mut Body) {
        // The office's running number stays the office's.
        let written = || {
            let own = |piece: &&Piece<'_>| !self.is_number(piece);
            pieces.iter().filter(own).map(|piece| piece.cell).collect()
        };
        if self.repeats_header(&pieces) {
            let others: Vec<Cell> = pieces
                .iter()
                .filter(|piece| !self.is_header_again(piece) && !self.is_number(piece))
                .map(|piece| piece.cell)
                .filter(|cell| self.located.field_at(cell.column).is_some())
                .collect();
            if !others.is_empty() {
                body.notes.push(others);
            }
            let outside = pieces.iter().map(|piece| piece.cell).filter(|cell| {
                self.located.field_at(cell.column).is_none()
                    && Some(cell.column) != self.located.number_column
            });
            body.outside.extend(outside);
            return;
        }
        if self.is_total(&pieces) {
            body.totals.push(written());
            return;
        }
        let marked = pieces.iter().find(|piece| self.is_marked(piece));
        if marked.is_some() || self.is_example(row, &pieces) {
            body.examples
                .push((written(), marked.map(|piece| piece.cell)));
            return;
        }
        if self.is_note(&pieces) {
            body.notes.push(written());
            return;
        }
        let mut raw = RawRow {
            row,
            cells: Cells::new(self.ids, pieces.len()),
        };
        for piece in pieces {
            match self.located.field_at(piece.cell.column) {
                Some(id) => {
                    let (cell, found) = (piece.cell, piece.found.into_owned());
                    let field = self.form.fields.get(id);
                    raw.cells
                        .insert(id, raw_cell(self.sheet, field, cell, found));
                }
                None if self.is_number(&piece) => {}
                None => body.outside.push(piece.cell),
            }
        }
        for (id, filled) in self.merges.filled(row, self.form, self.located) {
            if !raw.cells.contains_key(&id) {
                raw.cells.insert(&id, filled);
            }
        }
        if raw.cells.is_empty() {
            return;
        }
        if self.as_prefilled(&raw) {
            body.untouched.push(raw);
        } else {
            body.entries.push(Arc::new(raw));
        }
    }

    /// The headers once more, as on each page of a printed table.
    fn repeats_header(&self, pieces: &[Piece<'_>]) -> bool {
        let least = (self.located.headers.len() / 2 + 1).max(2);
        let texts: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.bare.is_some()).collect();
        let mut count = 0;
        for (at, piece) in texts.iter().enumerate() {
            // Too few are left.
            if count + texts.len() - at < least {
                return false;
            }
            count += usize::from(self.is_header_again(piece));
        }
        count >= least
    }

    /// The header of a column once more.
    fn is_header_again(&self, piece: &Piece<'_>) -> bool {
        let of_column = |(column, _): &&(u16, Header)| *column == piece.cell.column;
        let header = self.headers.iter().find(of_column);
        let again = header.zip(piece.bare.as_ref());
        again.is_some_and(|((_, header), bare)| header.is(bare))
    }

    /// A label such as 合计 beside numbers and nothing else; or sums and nothing
    /// else.
    fn is_total(&self, pieces: &[Piece<'_>]) -> bool {
        let number = |piece: &Piece<'_>| match (&*piece.found, &piece.bare) {
            (Found::Number(_) | Found::Error(_), _) => true,
            (_, Some(bare)) => bare.starts_with(|c: char| c.is_ascii_digit() || "-¥".contains(c)),
            _ => false,
        };
        // Signs in the columns that are not added up.
        let sign = |bare: &str| !bare.contains(char::is_alphanumeric);
        let own = || pieces.iter().filter(|piece| !self.is_number(piece));
        let counted = |piece: &Piece<'_>| number(piece) && !piece.bare.as_deref().is_some_and(sign);
        let numbers = own().any(counted);
        let is_label = |piece: &Piece<'_>| {
            let bare = piece.bare.as_deref();
            bare.is_some_and(|bare| label(bare, numbers).is_some())
        };
        let fits = |piece: &Piece<'_>| {
            let bare = piece.bare.as_deref();
            number(piece) || bare.is_some_and(sign) || is_label(piece)
        };
        // The first word of an entry is enough to know that it is none.
        if !own().all(fits) {
            return false;
        }
        if pieces.iter().any(is_label) {
            return true;
        }
        let sums = |piece: &Piece<'_>| {
            self.field(piece).is_some_and(is_number) && self.formulas.contains(&piece.cell)
        };
        own().next().is_some() && own().all(sums)
    }

    /// A sentence or a line for signatures instead of an entry.
    fn is_note(&self, pieces: &[Piece<'_>]) -> bool {
        let texts: Vec<(Cell, &str)> = pieces
            .iter()
            .filter_map(|piece| Some((piece.cell, piece.bare.as_deref()?)))
            .collect();
        let numbers = pieces.iter().filter(|piece| self.is_number(piece));
        if texts.is_empty() || texts.len() + numbers.count() != pieces.len() {
            return false;
        }
        let in_form = |cell: Cell| self.located.field_at(cell.column).is_some();
        let says_so = |text: &str| {
            NOTES.iter().any(|word| text.starts_with(word))
                || NOTHING.contains(&text.trim_end_matches(['。', '.', '/']))
                || ["/", "-", "—", "——"].contains(&text)
        };
        if texts.iter().all(|(_, text)| says_so(text)) {
            return true;
        }
        match texts.as_slice() {
            [(cell, text)] => {
                self.merges.width(*cell) >= NOTE_COLUMNS
                    || (Some(cell.column) == self.located.number_column
                        && !in_form(*cell)
                        && !is_numbering(text))
            }
            _ => false,
        }
    }

    /// The field of a cell.
    fn field(&self, piece: &Piece<'_>) -> Option<&Field> {
        let id = self.located.field_at(piece.cell.column)?;
        self.form.fields.get(id)
    }

    /// A name that is marked as an example.
    fn is_marked(&self, piece: &Piece<'_>) -> bool {
        let named = self.field(piece).zip(piece.bare.as_deref());
        named.is_some_and(|(field, bare)| {
            is_marked(bare) && self.context.policy.is_naming(self.form, field)
        })
    }

    /// The form's own example.
    fn is_example(&self, row: u32, pieces: &[Piece<'_>]) -> bool {
        let says = |piece: &Piece<'_>| match (self.field(piece), piece.bare.as_deref()) {
            (Some(field), Some(bare)) => is_text_of(field, bare),
            (None, Some(bare)) => is_mark(bare),
            _ => false,
        };
        if !pieces.iter().any(says) {
            return false;
        }
        let mut raw = RawRow {
            row,
            cells: Cells::new(self.ids, pieces.len()),
        };
        let mut marked = false;
        for piece in pieces {
            match self.located.field_at(piece.cell.column) {
                Some(id) => {
                    let cell = RawCell::new(piece.cell, piece.found.clone().into_owned());
                    raw.cells.insert(id, cell);
                }
                None => marked |= piece.bare.as_deref().is_some_and(is_mark),
            }
        }
        is_example(&raw, self.form, &self.context, marked)
    }

    /// A running number.
    fn is_number(&self, piece: &Piece<'_>) -> bool {
        Some(piece.cell.column) == self.located.number_column
            && match &piece.bare {
                Some(bare) => is_numbering(bare),
                None => is_running_number(self.located, piece.cell, &piece.found),
            }
    }

    /// Nothing but what the office had written there, and that is known.
    fn as_prefilled(&self, raw: &RawRow) -> bool {
        let fields = || {
            raw.cells
                .iter()
                .filter_map(|(id, cell)| Some((self.form.fields.get(id)?, cell)))
        };
        let is_known = |(field, cell): (&Field, &RawCell)| match (cell.found(), self.context.names)
        {
            (Found::Text(name), Some(names)) => match field.kind {
                Kind::Member => names.member(name).is_known(),
                Kind::Village => names.village(name).is_known(),
                _ => true,
            },
            _ => true,
        };
        fields().all(|(field, _)| field.prefilled) && fields().all(is_known)
    }
}

/// Whether a squeezed text is a running number: 1, 1., (3), 第4, 十二, ①.
fn is_numbering(text: &str) -> bool {
    if text.chars().nth(LONGEST_NUMBER).is_some() {
        return false;
    }
    // A digit in a circle counts here as what is in it.
    let plain: String = text.nfkc().collect();
    let bare = plain
        .trim_start_matches(['第', '('])
        .trim_end_matches([')', '.', '、', '号', '。']);
    !bare.is_empty()
        && bare.chars().count() <= 6
        && bare
            .chars()
            .all(|c| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_they_are_compared() {
        for word in NOTES.iter().chain(&NOTHING) {
            assert_eq!(squeezed(word), *word);
        }
    }

    #[test]
    fn running_numbers() {
        for yes in [
            "1", "12、", "(3)", "第4号", "十二", "①", "⑴", "⒈", "㈠", "㉑",
        ] {
            assert!(is_numbering(yes), "{yes}");
        }
        for no in ["", "注", "新增", "1a", "⑴甲", "①①①①①①①①①①①①①"] {
            assert!(!is_numbering(no), "{no}");
        }
    }
}
